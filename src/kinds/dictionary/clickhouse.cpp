#include <algorithm>
#include <array>

#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/handlers.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/types.hpp"

namespace trueup::clickhouse {
namespace {
/// The server keeps the names of types as they were written: `BIGINT default 1` is Int64.
std::string canonical_definition(const std::string& definition) {
  constexpr std::array<std::string_view, 6> clauses{"default",   "expression",   "hierarchical",
                                                    "injective", "is_object_id", "bidirectional"};
  const auto all = significant(definition);
  const auto end = std::find_if(all.begin(), all.end(), [&](const Token& token) {
    return std::any_of(clauses.begin(), clauses.end(), [&](auto word) { return is_word(token, word); });
  });
  if (end == all.begin()) return definition;
  const auto type_end =
      static_cast<std::size_t>(std::prev(end)->text.data() - definition.data()) + std::prev(end)->text.size();
  const std::string type = definition.substr(0, type_end);
  return canonical_type(type) + definition.substr(type_end);
}

class DictionaryHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {
  }  // see engine/clickhouse/introspect.cpp

  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    auto& d = std::get<Dictionary>(body);
    for (auto& column : d.columns)
      for (std::string* text : {&column.definition.text, &column.definition.canonical})
        *text = canonical_definition(*text);
    if (!d.lifetime) return;
    // LIFETIME(300) is MIN 0 MAX 300.
    const auto all = significant(sql_of(*d.lifetime));
    if (all.size() == 1 && all[0].type == Token::Type::number) {
      d.lifetime->text = "MIN 0 MAX " + std::string(all[0].text);
      d.lifetime->canonical.clear();
    }
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::drop) {
      w.raw("DROP DICTIONARY ").ident(step.key.name).end();
    } else if (step.verb == Verb::rename) {
      w.raw("RENAME DICTIONARY ").ident(step.old_key->name).raw(" TO ").ident(step.key.name).end();
    } else {
      const std::string_view verb = step.verb == Verb::alter ? "CREATE OR REPLACE" : "CREATE";
      w.raw(create_dictionary(verb, step.key.name, *context.to.find<Dictionary>(step.key))).end();
    }
  }
};
}  // namespace

const KindHandler& dictionary_handler() {
  static const DictionaryHandler handler;
  return handler;
}

}  // namespace trueup::clickhouse
