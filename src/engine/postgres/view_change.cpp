#include "engine/postgres/view_change.hpp"

#include "engine/postgres/lexer.hpp"

namespace trueup::postgres {
namespace {
using Words = std::vector<std::string>;

/// A query cut at its clauses.
struct Query {
  std::vector<Words> items;  ///< of the select list
  Words sources;             ///< FROM and what follows it, up to the next clause
  bool simple = false;       ///< one SELECT, no WITH in front and no UNION after it
};

bool ends_sources(const std::string& word) {
  constexpr std::array clauses{"where", "group",  "having", "window", "order",
                               "limit", "offset", "fetch",  "for"};
  return std::find(clauses.begin(), clauses.end(), word) != clauses.end();
}
bool combines(const std::string& word) {
  return word == "union" || word == "intersect" || word == "except" || word == "into";
}

Query parse(std::string_view sql) {
  Query out;
  enum class Part { start, items, sources, rest } part = Part::start;
  int depth = 0;
  std::string before;
  for (const Token& token : significant(sql)) {
    const std::string word = token.value();
    // None of these words is a quoted name or a label after AS.
    const bool keyword = token.type == Token::Type::word && depth == 0 && before != "as";
    before = word;
    if (part == Part::start) {
      if (!keyword || word != "select") return out;
      out.items.emplace_back();
      part = Part::items;
      continue;
    }
    if (token.text == "(" || token.text == "[") ++depth;
    if (token.text == ")" || token.text == "]") --depth;
    if (keyword && combines(word)) return out;
    if (keyword && part == Part::items && word == "from") part = Part::sources;
    if (keyword && part != Part::rest && ends_sources(word)) part = Part::rest;
    if (part == Part::items && depth == 0 && token.text == ",")
      out.items.emplace_back();
    else if (part == Part::items)
      out.items.back().push_back(word);
    else if (part == Part::sources)
      out.sources.push_back(word);
  }
  out.simple = part != Part::start && depth == 0;
  return out;
}

bool is_read(const ObjectKey& view, const Catalog& catalog) {
  return std::any_of(catalog.uses.begin(), catalog.uses.end(),
                     [&](const auto& entry) { return entry.second.hard.contains(view); });
}
}  // namespace

bool replaceable(const ObjectKey& view, const Catalog& from, const Catalog& to) {
  const auto &before = from.find<View>(view)->query, &after = to.find<View>(view)->query;
  const bool spelled = !before.canonical.empty() && !after.canonical.empty();
  const Query a = parse(spelled ? before.canonical : before.text);
  const Query b = parse(spelled ? after.canonical : after.text);
  if (!a.simple || !b.simple || a.sources != b.sources || a.items.size() > b.items.size()) return false;
  if (!std::equal(a.items.begin(), a.items.end(), b.items.begin())) return false;
  return a.items.size() == b.items.size() || (!is_read(view, from) && !is_read(view, to));
}

}  // namespace trueup::postgres
