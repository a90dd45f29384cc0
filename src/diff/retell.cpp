#include "diff/retell.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.hpp"

namespace trueup {
namespace {
/// Where in a statement a token stands.
enum class Part { other, items, sources, condition };

/// Words that may stand before an expression or end an item of FROM: none of them is an alias.
constexpr std::array keywords{
    "all",     "and",     "any",       "as",        "asc",         "between",      "by",      "case",
    "cross",   "cube",    "desc",      "default",   "distinct",    "do",           "else",    "end",
    "except",  "exists",  "fetch",     "filter",    "for",         "from",         "full",    "group",
    "having",  "ilike",   "in",        "inner",     "intersect",   "into",         "is",      "isnull",
    "join",    "lateral", "left",      "like",      "limit",       "materialized", "natural", "not",
    "notnull", "null",    "nulls",     "offset",    "on",          "only",         "or",      "order",
    "outer",   "over",    "partition", "recursive", "return",      "returning",    "right",   "rollup",
    "select",  "set",     "similar",   "some",      "tablesample", "then",         "union",   "update",
    "using",   "values",  "when",      "where",     "window",      "with"};

bool is_keyword(const std::string& word) {
  return std::find(keywords.begin(), keywords.end(), word) != keywords.end();
}

/// A token that is no blank, with what is known of its place.
struct Piece {
  const Token* token;
  std::string name;   ///< as the engine folds it
  std::string value;  ///< keywords in lower case
  bool word = false;  ///< without quotes
  Part part = Part::other;
  bool source = false;  ///< a relation may be named here
  std::size_t depth = 0;
  bool is_name() const { return word || token->type == Token::Type::quoted_identifier; }
};

class Teller {
 public:
  Teller(const std::string& text, const Renamed& r, const ObjectKey& speaker, const EngineDialect& dialect)
      : r_(r), speaker_(speaker), dialect_(dialect), tokens_(dialect.tokens(text)) {
    for (const auto& token : tokens_) {
      if (token.type == Token::Type::blank || token.type == Token::Type::comment) continue;
      const bool word = token.type == Token::Type::word;
      pieces_.push_back({&token, token.value(), word ? lower(token.text) : token.value(), word});
    }
    place();
    read_sources();
  }

  std::optional<std::string> run() {
    for (std::size_t i = 0; i < pieces_.size() && !doubt_; ++i) look(i);
    if (doubt_) return std::nullopt;
    std::string out;
    for (const auto& token : tokens_) {
      const auto it = said_.find(&token);
      out += it == said_.end() ? std::string(token.text) : it->second;
    }
    return out;
  }

 private:
  const std::string& at(std::size_t i) const {
    static const std::string none;
    return i < pieces_.size() ? pieces_[i].value : none;
  }
  const std::string& called(std::size_t i) const {
    static const std::string none;
    return i < pieces_.size() ? pieces_[i].name : none;
  }
  bool is_word(std::size_t i, std::string_view word) const {
    return i < pieces_.size() && pieces_[i].word && pieces_[i].value == word;
  }
  const std::string& before(std::size_t i) const { return at(i - 1); }
  const std::string& after(std::size_t i) const { return at(i + 1); }

  // ---- the places of all tokens
  void place() {
    std::vector<Part> levels(1, Part::other);
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      Piece& piece = pieces_[i];
      if (piece.value == ")" && levels.size() > 1) levels.pop_back();
      Part& part = levels.back();
      piece.depth = levels.size() - 1;
      const bool free = piece.word && before(i) != "." && (before(i) != "as" || piece.value == "select");
      if (free) enter(piece.value, i, part);
      if (piece.value == "," && part == Part::condition) part = Part::sources;
      piece.part = part;
      piece.source = may_be_source(i, part);
      if (piece.value == "(") levels.push_back(opens_sources(i, part) ? Part::sources : Part::other);
    }
  }
  void enter(const std::string& word, std::size_t i, Part& part) {
    if (word == "select") {
      part = Part::items;
      ++selects_;
    } else if (word == "from") {
      if (part == Part::items && before(i) != "distinct") part = Part::sources;
      if (before(i) == "delete") part = Part::sources;
    } else if (part == Part::sources && word == "on") {
      part = Part::condition;
    } else if (part == Part::condition && word == "join") {
      part = Part::sources;
    } else if (word == "where" || word == "group" || word == "having" || word == "order" || word == "limit" ||
               word == "window" || word == "union" || word == "intersect" || word == "except" ||
               word == "returning" || word == "set") {
      part = Part::other;
    } else if (word == "using" || word == "natural") {
      joins_by_name_ = true;
    }
    if (word == "insert" || word == "update" || word == "delete") ++changes_;
  }
  /// `FROM (a JOIN b ...)`: the parenthesis groups sources.
  bool opens_sources(std::size_t i, Part part) const {
    return part == Part::sources && (before(i) == "from" || before(i) == "join" || before(i) == "," ||
                                     before(i) == "(" || before(i) == "lateral");
  }
  bool may_be_source(std::size_t i, Part part) const {
    if (!pieces_[i].is_name()) return false;
    std::size_t first = i;
    while (first > 0 && at(first - 1) == "(") --first;
    const std::string& word = before(first);
    if (first == i && (word == "into" || word == "update")) return true;
    return part == Part::sources &&
           (word == "from" || word == "join" || word == "," || word == "only" || word == "lateral");
  }

  // ---- the relations that the text reads, and what it calls them
  void read_sources() {
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      if (pieces_[i].part == Part::sources && at(i) == ")") {
        note_alias(i + 1, false);
      } else if (pieces_[i].source) {
        std::size_t name = i;
        std::string ns;
        if (after(i) == "." && i + 2 < pieces_.size()) ns = called(i), name = i + 2;
        const bool ours = called(name) == relation() && (ns.empty() || ns == r_.from.ns);
        ++sources_;
        const bool aliased = note_alias(name + 1, ours);
        if (!aliased) (ours ? own_names_ : other_names_).insert(called(name));
        if (ours && !aliased) plain_ = true;
        if (ours) source_at_.insert(name);
      }
    }
    const ObjectKey& k = speaker_;
    const bool of_relation = (info(k.kind).owned ? k.owner : k.name) == relation() && k.ns == r_.from.ns;
    own_ = of_relation && (info(k.kind).owned || k.kind == Kind::table);
    if (own_) own_names_.insert({relation(), "new", "old", "excluded"});
    for (const auto& name : own_names_) confused_ = confused_ || other_names_.contains(name);
  }
  bool note_alias(std::size_t i, bool ours) {
    if (is_word(i, "as")) ++i;
    if (i >= pieces_.size() || !pieces_[i].is_name() || (pieces_[i].word && is_keyword(at(i)))) return false;
    (ours ? own_names_ : other_names_).insert(called(i));
    alias_at_.insert(i);
    return true;
  }
  /// The relation that is renamed or whose part is.
  const std::string& relation() const { return info(r_.from.kind).owned ? r_.from.owner : r_.from.name; }

  // ---- one token
  void look(std::size_t i) {
    const Piece& piece = pieces_[i];
    if (piece.token->type == Token::Type::string) return string(i);
    if (!piece.is_name() || piece.name != r_.from.name) return;
    if (r_.from.kind == Kind::column) return column(i);
    if (info(r_.from.kind).relation || r_.from.kind == Kind::sequence) return relation_name(i);
    if (r_.from.kind == Kind::name_space) return name_space(i);
    if (is_routine()) {
      if (after(i) == "(" && in_namespace(i)) say(i);
    } else if (info(r_.from.kind).owned) {
      if (before(i) == "constraint") say(i);
    } else if (is_type(i)) {
      say(i);
    }
  }
  bool is_routine() const {
    return r_.from.kind == Kind::function || r_.from.kind == Kind::procedure ||
           r_.from.kind == Kind::aggregate;
  }
  /// Is it without a namespace, or with that of the renamed object?
  bool in_namespace(std::size_t i) const { return before(i) != "." || called(i - 2) == r_.from.ns; }
  bool is_type(std::size_t i) const {
    const std::size_t first = before(i) == "." ? i - 2 : i;
    const bool cast = before(first) == "as" && pieces_[i].part == Part::other && pieces_[i].depth > 0;
    return in_namespace(i) && first > 0 && (before(first) == "::" || cast);
  }

  void column(std::size_t i) {
    if (after(i) == "(" || before(i) == "::" || before(i) == "as" || alias_at_.contains(i) ||
        pieces_[i].source)
      return;
    const bool query = selects_ + changes_ > 0;
    if (before(i) == ".") {
      const std::string& whose = called(i - 2);
      if (!own_names_.contains(whose)) return;
      doubt_ = doubt_ || confused_;
    } else if (!query) {
      if (!own_ || after(i) == ".") return;
    } else {
      const bool alone = selects_ == 1 && changes_ == 0 && sources_ + (own_ ? 1 : 0) == 1;
      if (alone && !own_ && source_at_.empty()) return;  // a column of another relation
      if (after(i) == ".") return;
      doubt_ = doubt_ || !alone || follows_operand(i);
    }
    doubt_ = doubt_ || joins_by_name_;
    say(i);
    if (query) keep_output_name(i);
  }
  /// `x n`: an alias, or a type before a string.
  bool follows_operand(std::size_t i) const {
    if (i == 0) return false;
    const Piece& p = pieces_[i - 1];
    return p.token->type == Token::Type::quoted_identifier || p.token->type == Token::Type::number ||
           p.token->type == Token::Type::string || p.value == ")" || (p.word && !is_keyword(p.value));
  }
  /// Servers that keep queries as trees go on calling the output column as before.
  void keep_output_name(std::size_t i) {
    if (!dialect_.capabilities().keeps_trees() || pieces_[i].part != Part::items) return;
    std::size_t first = i;
    while (first > 1 && at(first - 1) == ".") first -= 2;
    const std::string &left = before(first), &right = after(i);
    const bool item =
        (left == "select" || left == "," || left == "all" || left == "distinct" || left == ")") &&
        (right == "," || right == "from" || right.empty());
    if (!item) return;
    const bool view = speaker_.kind == Kind::view || speaker_.kind == Kind::materialized_view;
    if (pieces_[i].depth > 0 || !view) doubt_ = true;
    said_[pieces_[i].token] += " AS " + std::string(pieces_[i].token->text);
  }

  void relation_name(std::size_t i) {
    if (source_at_.contains(i)) {
      doubt_ = doubt_ || with_same_name();
      return say(i);
    }
    if (alias_at_.contains(i)) return;
    if (is_type(i)) return say(i);
    if (after(i) == "." && (before(i) != "." || called(i - 2) == r_.from.ns)) {
      if (!plain_ && !own_) return;  // an alias of another
      doubt_ = doubt_ || other_names_.contains(r_.from.name);
      return before(i) == "." ? say(i) : say_name(i);
    }
    // A column of that name, or the whole row.
    if (before(i) != "." && plain_ && before(i) != "as") doubt_ = true;
  }
  /// `WITH name AS (`: the text itself calls something so.
  bool with_same_name() const {
    for (std::size_t i = 0; i + 1 < pieces_.size(); ++i)
      if (called(i) == r_.from.name && pieces_[i].is_name() && is_word(i + 1, "as") && at(i + 2) == "(")
        return true;
    return false;
  }
  void name_space(std::size_t i) {
    if (after(i) != "." || before(i) == ".") return;
    doubt_ = doubt_ || other_names_.contains(r_.from.name);
    say(i);
  }

  /// `nextval('app.seq')`, `'t'::regclass`: a string that names a relation.
  void string(std::size_t i) {
    const std::string_view text = pieces_[i].token->text;
    if (text.size() < 3 || !text.starts_with('\'') || info(r_.from.kind).owned) return;
    const bool of_sequence = before(i) == "(" && i > 1 &&
                             (at(i - 2) == "nextval" || at(i - 2) == "currval" || at(i - 2) == "setval");
    if (!of_sequence && !(after(i) == "::" && is_word(i + 2, "regclass"))) return;
    const std::string inner(text.substr(1, text.size() - 2));
    std::vector<std::string> names;
    for (const auto& token : dialect_.tokens(inner))
      if (token.type == Token::Type::word || token.type == Token::Type::quoted_identifier)
        names.push_back(token.value());
    if (names.empty() || names.size() > 2) return;
    const bool space = r_.from.kind == Kind::name_space;
    if (space ? names.size() != 2 || names[0] != r_.from.name
              : names.back() != r_.from.name || (names.size() == 2 && names[0] != r_.from.ns))
      return;
    (space ? names.front() : names.back()) = r_.to.name;
    if (moves() && names.size() == 1) names.insert(names.begin(), r_.to.ns);
    if (moves()) names.front() = r_.to.ns;
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : ".") + dialect_.quote(name);
    said_[pieces_[i].token] = "'" + out + "'";
  }

  /// Into another namespace?
  bool moves() const { return r_.from.ns != r_.to.ns; }
  void say(std::size_t i) {
    say_name(i);
    if (!moves()) return;
    if (before(i) == ".")
      said_[pieces_[i - 2].token] = dialect_.quote(r_.to.ns);
    else
      said_[pieces_[i].token].insert(0, dialect_.quote(r_.to.ns) + ".");
  }
  /// What is stored as it was written keeps its quotes too.
  void say_name(std::size_t i) {
    std::string name = dialect_.quote(r_.to.name);
    if (!pieces_[i].word && name == r_.to.name && !dialect_.capabilities().respells) name = '"' + name + '"';
    said_[pieces_[i].token] = std::move(name);
  }

  const Renamed& r_;
  const ObjectKey& speaker_;
  const EngineDialect& dialect_;
  std::vector<Token> tokens_;
  std::vector<Piece> pieces_;
  std::map<const Token*, std::string> said_;
  std::set<std::string> own_names_, other_names_;  ///< of the relation and of others, as the text calls them
  std::set<std::size_t> source_at_, alias_at_;
  std::size_t selects_ = 0, changes_ = 0, sources_ = 0;
  bool own_ = false;    ///< the text belongs to the relation
  bool plain_ = false;  ///< the relation is read under its own name
  bool confused_ = false, joins_by_name_ = false, doubt_ = false;
};
}  // namespace

std::optional<std::string> retold(const std::string& text, const Renamed& r, const ObjectKey& speaker,
                                  const EngineDialect& dialect) {
  return Teller(text, r, speaker, dialect).run();
}

std::string retold_types(const std::string& text, const Renamed& r, const EngineDialect& dialect) {
  if (text.find(r.from.name) == std::string::npos) return text;
  const auto tokens = dialect.tokens(text);
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (tokens[i].type != Token::Type::blank && tokens[i].type != Token::Type::comment) at.push_back(i);
  const auto is_name = [&](std::size_t i) {
    const auto type = tokens[at[i]].type;
    return type == Token::Type::word || type == Token::Type::quoted_identifier;
  };
  const bool space = r.from.kind == Kind::name_space;
  std::map<std::size_t, std::string> said;
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (!is_name(i) || tokens[at[i]].value() != r.from.name) continue;
    const bool qualified = i > 1 && tokens[at[i - 1]].text == ".";
    const bool qualifies = i + 1 < at.size() && tokens[at[i + 1]].text == ".";
    // Before another name it is that of an argument.
    const bool type = i + 1 == at.size() || !is_name(i + 1) || lower(tokens[at[i + 1]].text) == "default";
    if (!(space ? qualifies && !qualified
                : type && !qualifies && (!qualified || tokens[at[i - 2]].value() == r.from.ns)))
      continue;
    said[at[i]] = dialect.quote(r.to.name);
    if (r.from.ns == r.to.ns) continue;
    if (qualified)
      said[at[i - 2]] = dialect.quote(r.to.ns);
    else
      said[at[i]].insert(0, dialect.quote(r.to.ns) + ".");
  }
  std::string out;
  for (std::size_t i = 0; i < tokens.size(); ++i)
    out += said.contains(i) ? said.at(i) : std::string(tokens[i].text);
  return out;
}

}  // namespace trueup
