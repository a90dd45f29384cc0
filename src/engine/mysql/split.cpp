#include "engine/mysql/split.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/mysql/lexer.hpp"

namespace trueup::mysql {
namespace {
bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// Blocks of routine bodies, each closed by an END of its own.
class Blocks {
 public:
  /// The next significant token: a word in lower case, a symbol, or `'` for any string.
  void token(std::string_view t) {
    if (ended_) {
      ended_ = false;
      if (close(t)) {
        previous_ = t;
        return;
      }
      close("");
    }
    if (first_.size() < 12) first_.emplace_back(t);
    if (t == "end" && previous_ != "." && !open_.empty())
      ended_ = true;
    else if (opens(t))
      open_.emplace_back(t);
    previous_ = t;
  }
  /// At a separator: an END just before it closes its block.
  bool inside() {
    if (ended_) close("");
    ended_ = false;
    if (!open_.empty()) previous_ = ";";
    return !open_.empty();
  }

 private:
  bool routine() const {
    constexpr std::array<std::string_view, 4> kinds{"function", "procedure", "trigger", "event"};
    return !first_.empty() && first_[0] == "create" &&
           std::any_of(first_.begin(), first_.end(),
                       [&](const std::string& w) { return is_one_of(w, kinds); });
  }
  bool opens(std::string_view t) const {
    if (previous_ == "." || !routine()) return false;
    if (t == "begin") return true;
    if (t == "case") return !open_.empty() || at_start();
    constexpr std::array<std::string_view, 5> statements{"if", "loop", "repeat", "while", "for"};
    return is_one_of(t, statements) && at_start();
  }
  /// May a statement of the body begin here? IF and REPEAT are also functions.
  bool at_start() const {
    constexpr std::array<std::string_view, 8> always{";",  "begin", "then",   "else",
                                                     "do", "loop",  "repeat", ":"};
    constexpr std::array<std::string_view, 8> header{"row",  ")",       "deterministic", "sql",
                                                     "data", "invoker", "definer",       "'"};
    return is_one_of(previous_, always) || (open_.empty() && is_one_of(previous_, header));
  }
  /// What follows END. True when the word belongs to it.
  bool close(std::string_view t) {
    constexpr std::array<std::string_view, 6> named{"if", "loop", "repeat", "while", "for", "case"};
    if (is_one_of(t, named)) {
      if (!open_.empty() && open_.back() == t) open_.pop_back();
      return true;
    }
    if (t.empty() && !open_.empty() && (open_.back() == "begin" || open_.back() == "case")) open_.pop_back();
    return false;
  }

  std::vector<std::string> first_;  ///< the statement's first tokens
  std::vector<std::string> open_;
  std::string previous_;
  bool ended_ = false;
};

/// Statements under which apply could no longer keep its own record: the history would be in another
/// database, behind table locks, or in a transaction that nobody commits.
void refuse_session_changes(std::string_view sql, std::string_view first, int line) {
  constexpr std::array<std::string_view, 5> suspects{"use", "xa", "lock", "unlock", "set"};
  if (!is_one_of(first, suspects)) return;
  const auto all = significant(sql);
  const std::string second = all.size() > 1 ? lower(all[1].text) : "";
  const auto refuse = [&](std::string_view what, std::string remedy) {
    const auto begin = static_cast<std::ptrdiff_t>(all[0].text.data() - sql.data());
    line += static_cast<int>(std::count(sql.begin(), sql.begin() + begin, '\n'));
    throw InputError(fmt::format("{} in a migration: apply keeps its history in this session", what),
                     std::move(remedy), Place{{}, line, 0});
  };
  if (first == "use") refuse("USE", "remove the statement; name the database before the names (`db.t`)");
  if (first == "xa") refuse("XA", "remove the statement");
  if ((first == "lock" || first == "unlock") && (second == "tables" || second == "table"))
    refuse(fmt::format("{} TABLES", upper(first)), "remove the statement");
  for (std::size_t i = 1; first == "set" && i + 1 < all.size(); ++i) {
    const std::string name = lower(all[i].text);
    const bool sets = all[i + 1].text == "=" || all[i + 1].text == ":=";
    if (sets && (name == "autocommit" || name == "@@autocommit" || name.ends_with(".autocommit")))
      refuse("SET autocommit", "remove the statement");
  }
}

class Splitter {
 public:
  explicit Splitter(std::string_view script) : script_(script) {}

  std::vector<ScriptStatement> run() {
    while (at_ < script_.size()) {
      if (!content_ && client_command()) continue;
      if (blank(script_[at_])) {
        ++at_;
      } else if (at_delimiter()) {
        if (delimiter_ == ";" && blocks_.inside())
          take(1);
        else
          close(delimiter_.size());
      } else if (!comment()) {
        code();
      }
    }
    if (versioned_ > 0) lexing::refuse_open_token(script_, versioned_at_);
    close(0);
    return std::move(out_);
  }

 private:
  bool here(std::string_view text) const { return script_.substr(at_).starts_with(text); }
  bool at_delimiter() const { return versioned_ == 0 && here(delimiter_); }
  void begin() {
    if (!start_) start_ = at_;
  }
  void take(std::size_t n) {
    begin();
    at_ = std::min(at_ + n, script_.size());
    end_ = at_;
  }

  /// `DELIMITER x` on a line of its own is the client's, not the server's.
  bool client_command() {
    constexpr std::string_view word = "delimiter";
    const std::string_view rest = script_.substr(at_);
    if (!starts_with_nocase(rest, word) || rest.size() == word.size() || !blank(rest[word.size()]))
      return false;
    const std::size_t stop = std::min(rest.find('\n'), rest.size());
    const auto value = trim(rest.substr(word.size(), stop - word.size()));
    delimiter_ = value.empty() ? ";" : std::string(value.substr(0, value.find_first_of(" \t")));
    at_ += stop;
    start_.reset();  // comments before it belong to nothing
    return true;
  }

  bool comment() {
    const bool dashes = here("--") && (at_ + 2 >= script_.size() || blank(script_[at_ + 2]));
    if (script_[at_] == '#' || dashes) {
      begin();
      at_ = std::min(script_.find('\n', at_), script_.size());
      return true;
    }
    if (versioned_ > 0 && here("*/")) {
      --versioned_;
      take(2);
      return true;
    }
    if (!here("/*")) return false;
    if (here("/*!") || here("/*M!")) {  // code, for servers from that version on
      if (versioned_++ == 0) versioned_at_ = at_;
      content_ = true;
      take(here("/*!") ? 3 : 4);
      while (at_ < script_.size() && script_[at_] >= '0' && script_[at_] <= '9') take(1);
      return true;
    }
    begin();
    const auto stop = script_.find("*/", at_ + 2);
    if (stop == std::string_view::npos) lexing::refuse_open_token(script_, at_);
    at_ = stop + 2;
    return true;
  }

  void code() {
    content_ = true;
    const char c = script_[at_];
    if (c == '\'' || c == '"' || c == '`') {
      quoted(c);
    } else if (word_char(c)) {
      const std::size_t from = at_;
      while (at_ < script_.size() && word_char(script_[at_]) && !at_delimiter()) take(1);
      const std::string word = lower(script_.substr(from, at_ - from));
      if (words_.size() < 4) words_.push_back(word);
      blocks_.token(word);
    } else {
      blocks_.token(script_.substr(at_, 1));
      take(1);
    }
  }
  void quoted(char quote) {
    const bool escapes = quote == '\'' ? !no_backslash_ : quote == '"' && !no_backslash_ && !ansi_quotes_;
    const bool string = quote == '\'' || (quote == '"' && !ansi_quotes_);
    std::size_t end = at_ + 1;
    while (end < script_.size() && script_[end] != quote) end += script_[end] == '\\' && escapes ? 2u : 1u;
    if (end >= script_.size()) lexing::refuse_open_token(script_, at_);
    take(end + 1 - at_);
    blocks_.token(string ? "'" : "`");
  }

  void close(std::size_t separator) {
    if (content_) {
      ScriptStatement s;
      s.sql = std::string(script_.substr(*start_, end_ - *start_));
      s.line = line_of(*start_);
      if (!words_.empty()) refuse_session_changes(s.sql, words_[0], s.line);
      s.tx = commits() ? TxMode::outside : TxMode::inside;
      note_mode(s.sql);
      out_.push_back(std::move(s));
    }
    at_ = std::min(at_ + std::max<std::size_t>(separator, separator == 0 ? 0 : 1), script_.size());
    content_ = false;
    start_.reset();
    versioned_ = 0;
    words_.clear();
    blocks_ = {};
  }
  /// https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html: all but these may.
  bool commits() const {
    constexpr std::array<std::string_view, 9> harmless{"insert", "update", "delete", "replace", "select",
                                                       "with",   "values", "do",     "set"};
    if (words_.empty() || !is_one_of(words_[0], harmless)) return true;
    return words_[0] == "set" && std::any_of(words_.begin(), words_.end(), [](const std::string& w) {
             return w == "password" || w == "autocommit" || w == "role" || w == "transaction";
           });
  }
  void note_mode(std::string_view sql) {
    const std::string text = lower(sql);
    if (words_.empty() || words_[0] != "set" || text.find("sql_mode") == std::string::npos) return;
    no_backslash_ = text.find("no_backslash_escapes") != std::string::npos;
    ansi_quotes_ = text.find("ansi") != std::string::npos;
  }
  int line_of(std::size_t offset) {
    line_ += static_cast<int>(std::count(script_.begin() + static_cast<std::ptrdiff_t>(counted_),
                                         script_.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
    counted_ = offset;
    return line_;
  }

  std::string_view script_;
  std::vector<ScriptStatement> out_;
  std::string delimiter_ = ";";
  std::optional<std::size_t> start_;
  std::size_t at_ = 0, end_ = 0, counted_ = 0, versioned_at_ = 0;
  int line_ = 1, versioned_ = 0;
  bool content_ = false, no_backslash_ = false, ansi_quotes_ = false;
  std::vector<std::string> words_;  ///< the statement's first words
  Blocks blocks_;
};
}  // namespace

std::vector<ScriptStatement> split_script(std::string_view script) {
  return Splitter(script).run();
}

}  // namespace trueup::mysql
