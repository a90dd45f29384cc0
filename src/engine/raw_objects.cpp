#include "engine/raw_objects.hpp"

#include "base/text.hpp"

namespace trueup {

Means RawObjects::means(const Altered& a, const Catalog& from, const Catalog&) const {
  if (a.only({"drop", "exists"})) return InPlace{};
  if (from.find<Raw>(a.key)->drop.empty())
    return Unsupported{"its SQL changed, and nothing says how to drop what is there",
                       "add `drop:` to the raw object first, or write the change by hand with `trueup new`"};
  return Recreate{};
}

void RawObjects::render(const Step& step, std::span<const Step>, const RenderContext& context,
                        SqlWriter& w) const {
  if (step.verb == Verb::alter) {
    w.raw(nothing_).end(TxMode::inside,
                        {{HazardKind::other, "only how to drop or find it is told differently"}});
    return;
  }
  const bool drop = step.verb == Verb::drop;
  const Raw& raw = *(drop ? context.from : context.to).find<Raw>(step.key);
  const auto parts = dialect_.split(drop ? raw.drop : raw.create.text);
  if (parts.empty())
    throw RefusedError(
        {{to_string(step.key), drop ? "nothing says how to drop it" : "nothing says how to create it",
          drop ? "add `drop:` to the raw object first" : "add `create:` to the raw object"}});
  for (const auto& s : parts)
    w.raw(s.sql).end(s.tx, {{HazardKind::other, "raw SQL: trueup does not know what it does"}});
}

std::string bad_question(const Raw& raw, const EngineDialect& dialect) {
  if (raw.exists.empty()) return {};
  const auto parts = dialect.split(raw.exists);
  if (parts.size() != 1) return "`exists:` must be one SELECT";
  for (const Token& t : dialect.tokens(parts.front().sql)) {
    if (t.type == Token::Type::blank || t.type == Token::Type::comment) continue;
    return lower(t.text) == "select" ? "" : "`exists:` must be a SELECT";
  }
  return "`exists:` must be a SELECT";
}

void see_raw_objects(Connection& connection, const Catalog& declared, Catalog& live,
                     const EngineDialect& dialect, std::vector<std::string>& notices) {
  for (const auto& [key, body] : declared.of_kind(Kind::raw)) {
    const auto& raw = std::get<Raw>(body);
    if (raw.exists.empty() || live.contains(key)) continue;
    if (const std::string why = bad_question(raw, dialect); !why.empty())
      throw InputError(to_string(key) + ": " + why, "give a query that changes nothing", {});
    try {
      if (connection.query(dialect.split(raw.exists).front().sql).empty()) continue;
    } catch (const WorldError& e) {  // what the query names may be missing itself
      notices.push_back(fmt::format("{} is taken for missing: {}", to_string(key), e.what()));
      continue;
    }
    live.objects.emplace(key, body);
    if (const auto uses = declared.uses.find(key); uses != declared.uses.end()) live.uses.insert(*uses);
    notices.push_back(to_string(key) + " is there by its `exists:`; its definition is not compared");
  }
}

}  // namespace trueup
