// Argument lists of routines: taken apart, spelled as the server spells them, compared.
#include "base/text.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/postgres/routine.hpp"
#include "engine/postgres/types.hpp"

namespace trueup::postgres {
namespace {
struct Argument {
  std::string mode;  ///< `OUT`, `INOUT`, `VARIADIC`; empty for IN
  std::string name;  ///< as SQL; empty for none
  std::string type;
  std::string fallback;  ///< the default expression; empty for none
};

bool is_word(const Token& t, std::string_view word) {
  return t.type == Token::Type::word && lower(t.text) == word;
}

/// Pieces between top-level commas.
std::vector<std::vector<Token>> pieces(std::string_view list) {
  std::vector<std::vector<Token>> out;
  int depth = 0;
  std::vector<Token> piece;
  for (const auto& t : postgres_dialect().tokens(list)) {
    if (t.text == "(" || t.text == "[") ++depth;
    if (t.text == ")" || t.text == "]") --depth;
    if (t.text == "," && depth == 0) {
      out.push_back(std::exchange(piece, {}));
    } else if (t.type != Token::Type::comment) {
      piece.push_back(t);
    }
  }
  if (!trim(list).empty()) out.push_back(std::move(piece));
  return out;
}

std::string text_of(std::span<const Token> tokens) {
  std::string out;
  for (const auto& t : tokens) out += t.text;
  return std::string(trim(out));
}

Argument parse(std::vector<Token> tokens) {
  std::erase_if(tokens, [first = true](const Token& t) mutable {
    const bool leading = first && t.type == Token::Type::blank;
    if (t.type != Token::Type::blank) first = false;
    return leading;
  });
  Argument a;
  std::size_t i = 0;
  auto skip_blanks = [&] {
    while (i < tokens.size() && tokens[i].type == Token::Type::blank) ++i;
  };
  if (i < tokens.size() && tokens.size() > 1) {
    for (const std::string_view mode : {"in", "out", "inout", "variadic"})
      if (is_word(tokens[i], mode)) {
        if (mode == "out") a.mode = "OUT";
        if (mode == "inout") a.mode = "INOUT";
        if (mode == "variadic") a.mode = "VARIADIC";
        ++i;
        break;
      }
  }
  skip_blanks();
  std::size_t end = i;
  for (int depth = 0; end < tokens.size(); ++end) {
    if (tokens[end].text == "(") ++depth;
    if (tokens[end].text == ")") --depth;
    if (depth == 0 &&
        (is_word(tokens[end], "default") || tokens[end].text == "=" || tokens[end].text == ":="))
      break;
  }
  if (end < tokens.size()) a.fallback = text_of(std::span(tokens).subspan(end + 1));
  const auto rest = std::span(tokens).subspan(i, end - i);
  const std::string whole = text_of(rest);
  // One word, or words that are a type together, have no name before them.
  const auto blank =
      std::find_if(rest.begin(), rest.end(), [](const Token& t) { return t.type == Token::Type::blank; });
  const auto after = static_cast<std::size_t>(blank - rest.begin());
  const bool named = blank != rest.end() && !text_of(rest.subspan(after)).empty() &&
                     text_of(rest.subspan(after)) != "[]" && !is_builtin_type(parse_type(whole).base);
  if (named) {
    a.name = postgres_dialect().quote(rest[0].value());
    a.type = text_of(rest.subspan(after));
  } else {
    a.type = whole;
  }
  return a;
}

std::string canonical_type(const Catalog& catalog, std::string_view ns, std::string_view written) {
  TypeParts parts = parse_type(written);
  parts.modifiers.clear();  // a routine's arguments and results carry none
  DataType type;
  type.text = spell_type(parts);
  resolve_type(catalog, type, ns);
  return display_type(type);
}

std::string spell(const Argument& a, bool with_default) {
  std::string out = a.mode;
  auto add = [&](const std::string& s) {
    if (s.empty()) return;
    if (!out.empty()) out += ' ';
    out += s;
  };
  add(a.name);
  add(a.type);
  if (with_default && !a.fallback.empty()) add("DEFAULT " + a.fallback);
  return out;
}

/// The two lists of an ordered-set aggregate, `double precision ORDER BY anyelement`; one list of any other.
std::pair<std::string_view, std::optional<std::string_view>> at_order_by(std::string_view written) {
  const auto tokens = postgres_dialect().tokens(written);
  const Token* before = nullptr;
  int depth = 0;
  for (const auto& t : tokens) {
    if (t.type == Token::Type::blank || t.type == Token::Type::comment) continue;
    if (t.text == "(") ++depth;
    if (t.text == ")") --depth;
    if (depth == 0 && before != nullptr && is_word(*before, "order") && is_word(t, "by")) {
      const auto begin = static_cast<std::size_t>(before->text.data() - written.data());
      const auto end = static_cast<std::size_t>(t.text.data() - written.data()) + t.text.size();
      return {trim(written.substr(0, begin)), trim(written.substr(end))};
    }
    before = &t;
  }
  return {written, std::nullopt};
}
}  // namespace

std::string canonical_arguments(const Catalog& catalog, std::string_view ns, std::string_view written) {
  std::vector<std::string> out;
  if (const auto parts = at_order_by(written); parts.second) {
    const std::string direct = canonical_arguments(catalog, ns, parts.first);
    return direct + (direct.empty() ? "" : " ") + "ORDER BY " +
           canonical_arguments(catalog, ns, *parts.second);
  }
  for (auto& piece : pieces(written)) {
    Argument a = parse(std::move(piece));
    a.type = canonical_type(catalog, ns, a.type);
    out.push_back(spell(a, true));
  }
  return join(out, ", ");
}

std::string canonical_result(const Catalog& catalog, std::string_view ns, std::string_view written) {
  const auto trimmed = trim(written);
  if (starts_with_nocase(trimmed, "setof "))
    return "SETOF " + canonical_type(catalog, ns, trim(trimmed.substr(6)));
  if (starts_with_nocase(trimmed, "table") && trimmed.ends_with(")") &&
      trim(trimmed.substr(5)).starts_with("(")) {
    const auto inner = trim(trimmed.substr(5));
    return "TABLE(" + canonical_arguments(catalog, ns, inner.substr(1, inner.size() - 2)) + ")";
  }
  return trimmed.empty() ? std::string() : canonical_type(catalog, ns, trimmed);
}

std::string signature_of(std::string_view arguments) {
  std::vector<std::string> out;
  if (const auto parts = at_order_by(arguments); parts.second) {
    const std::string direct = signature_of(parts.first), ordered = signature_of(*parts.second);
    const auto list = pieces(parts.first);
    const bool repeated = !list.empty() && parse(list.back()).mode == "VARIADIC";  // one argument, said twice
    return repeated || ordered.empty() ? direct : direct + (direct.empty() ? "" : ", ") + ordered;
  }
  for (auto& piece : pieces(arguments)) {
    const Argument a = parse(std::move(piece));
    if (a.mode != "OUT") out.push_back(a.type);
  }
  return join(out, ", ");
}

void normalize_routine(const Catalog& catalog, std::string_view ns, Function& f) {
  f.arguments = canonical_arguments(catalog, ns, f.arguments);
  f.returns = canonical_result(catalog, ns, f.returns);
  f.language = lower(f.language);
  f.volatility = lower(f.volatility);
  if (f.volatility == "volatile") f.volatility.clear();
  f.parallel = lower(f.parallel);
  if (f.parallel == "unsafe") f.parallel.clear();
  const bool native = f.language == "c" || f.language == "internal";
  if (f.cost == (native ? "1" : "100")) f.cost.clear();
  if (f.rows == "1000") f.rows.clear();
}

bool replaceable(const Function& from, const Function& to) {
  if (from.returns != to.returns || from.window != to.window) return false;
  const auto a = pieces(from.arguments), b = pieces(to.arguments);
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Argument x = parse(a[i]), y = parse(b[i]);
    if (x.mode != y.mode || x.type != y.type || (!x.fallback.empty() && y.fallback.empty())) return false;
    if (x.name != y.name && !x.name.empty()) return false;  // a name may be given, not changed
  }
  return true;
}

}  // namespace trueup::postgres
