// Cuts a script into statements and says which of them cannot run inside a transaction.
#include <array>

#include "base/text.hpp"
#include "engine/postgres/lexer.hpp"
#include "engine/scanner.hpp"

namespace trueup::postgres {
namespace {
using Tokens = std::vector<Token>;

/// Words of a statement, folded; everything else as written. Enough to tell what it is.
std::vector<std::string> words(const Tokens& tokens) {
  std::vector<std::string> out;
  for (const auto& t : tokens) out.push_back(t.type == Token::Type::word ? t.folded : std::string(t.text));
  return out;
}
bool has(const std::vector<std::string>& w, std::string_view word) {
  return std::find(w.begin(), w.end(), word) != w.end();
}

bool is_routine(const std::vector<std::string>& w) {
  for (std::size_t i = 1; i < std::min<std::size_t>(w.size(), 4); ++i)
    if (w[i] == "function" || w[i] == "procedure") return w[0] == "create";
  return false;
}

/// https://www.postgresql.org/docs/current/: each of these says "cannot be executed inside a transaction
/// block".
bool refuses_transaction(const std::vector<std::string>& w) {
  auto at = [&](std::size_t i) { return i < w.size() ? std::string_view(w[i]) : std::string_view(); };
  const auto verb = at(0), object = at(1);
  if (verb == "vacuum") return true;
  if (verb == "alter" && object == "system") return true;
  if (verb == "create" || verb == "drop") {
    if (object == "database" || object == "tablespace" || object == "subscription") return true;
    const std::size_t index = object == "unique" ? 2 : 1;
    return at(index) == "index" && at(index + 1) == "concurrently";
  }
  if (verb == "reindex") {
    const bool whole = has({w.begin(), w.begin() + std::min<std::ptrdiff_t>(6, std::ssize(w))}, "database") ||
                       has({w.begin(), w.begin() + std::min<std::ptrdiff_t>(6, std::ssize(w))}, "system") ||
                       has({w.begin(), w.begin() + std::min<std::ptrdiff_t>(6, std::ssize(w))}, "schema");
    return whole || has(w, "concurrently");
  }
  if (verb == "cluster") return w.size() <= 2 && (object.empty() || object == "verbose");
  if (verb == "alter" && object == "database") return has(w, "tablespace");
  return verb == "alter" && object == "table" && has(w, "detach") && has(w, "concurrently");
}

/// The value that ALTER TYPE ... ADD VALUE adds; empty for other statements.
std::string added_value(const Tokens& tokens, const std::vector<std::string>& w) {
  if (w.size() < 5 || w[0] != "alter" || w[1] != "type") return {};
  for (std::size_t i = 2; i + 2 < w.size(); ++i) {
    if (w[i] != "add" || w[i + 1] != "value") continue;
    for (std::size_t k = i + 2; k < tokens.size(); ++k)
      if (tokens[k].type == Token::Type::string) return string_value(tokens[k].text);
  }
  return {};
}

struct Piece {
  ScriptStatement statement;
  Tokens tokens;  ///< without blanks and comments
};

class Splitter {
 public:
  explicit Splitter(std::string_view script) : script_(script) {}

  std::vector<Piece> run() {
    const Tokens all = lex(script_);
    lexing::refuse_open_end(script_, all, lex);
    std::size_t offset = 0;
    for (const auto& t : all) {
      offset = static_cast<std::size_t>(t.text.data() - script_.data());
      if (t.type == Token::Type::blank) continue;
      if (t.type == Token::Type::comment) {
        if (!start_) start_ = offset;
        continue;
      }
      if (t.text == ";" && depth_ == 0 && atomic_ == 0) {
        close(offset);
        continue;
      }
      if (!start_) start_ = offset;
      nest(t);
      current_.push_back(t);
      end_ = offset + t.text.size();
    }
    close(script_.size());
    return std::move(out_);
  }

 private:
  /// Parentheses of rules, and the bodies of routines in standard SQL, hold semicolons of their own.
  void nest(const Token& t) {
    if (t.text == "(") ++depth_;
    if (t.text == ")" && depth_ > 0) --depth_;
    if (t.type != Token::Type::word) return;
    if (atomic_ == 0) {
      const bool begins = t.folded == "atomic" && !current_.empty() && current_.back().folded == "begin";
      if (begins && is_routine(words(current_))) atomic_ = 1;
    } else if (t.folded == "case" || (t.folded == "begin")) {
      ++atomic_;
    } else if (t.folded == "end") {
      --atomic_;
    }
  }
  void close(std::size_t) {
    if (!current_.empty()) {
      Piece p;
      p.statement.sql = std::string(script_.substr(*start_, end_ - *start_));
      p.statement.line = line_of(*start_);
      p.tokens = std::move(current_);
      out_.push_back(std::move(p));
    }
    current_.clear();
    start_.reset();
    depth_ = 0;
    atomic_ = 0;
  }
  int line_of(std::size_t offset) {
    line_ += static_cast<int>(std::count(script_.begin() + static_cast<std::ptrdiff_t>(counted_),
                                         script_.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
    counted_ = offset;
    return line_;
  }

  std::string_view script_;
  std::vector<Piece> out_;
  Tokens current_;
  std::optional<std::size_t> start_;
  std::size_t end_ = 0, counted_ = 0;
  int line_ = 1, depth_ = 0, atomic_ = 0;
};

/// A value added to an enum can be used only after the transaction: does anything behind it mention the
/// value?
bool used_later(const std::vector<Piece>& pieces, std::size_t i, const std::string& value) {
  for (std::size_t k = i + 1; k < pieces.size(); ++k) {
    const auto w = words(pieces[k].tokens);
    const bool also_adds = !added_value(pieces[k].tokens, w).empty();
    for (const auto& t : pieces[k].tokens) {
      if (t.type != Token::Type::string) continue;
      const bool holds_words = t.text.starts_with('$') || t.text.starts_with("'{");  // a body, an array
      if (!also_adds && (string_value(t.text) == value || (holds_words && t.text.find(value) != t.text.npos)))
        return true;
    }
  }
  return false;
}
}  // namespace

std::vector<ScriptStatement> split_script(std::string_view script) {
  auto pieces = Splitter(script).run();
  std::vector<ScriptStatement> out;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto w = words(pieces[i].tokens);
    const std::string value = added_value(pieces[i].tokens, w);
    if (refuses_transaction(w) || (!value.empty() && used_later(pieces, i, value)))
      pieces[i].statement.tx = TxMode::outside;
    out.push_back(std::move(pieces[i].statement));
  }
  return out;
}

}  // namespace trueup::postgres
