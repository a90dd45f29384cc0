#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/sqlite/build.hpp"
#include "engine/sqlite/constraint.hpp"
#include "engine/sqlite/definition.hpp"
#include "engine/sqlite/handlers.hpp"
#include "engine/sqlite/inventory.hpp"
#include "engine/sqlite/lexer.hpp"

namespace trueup::sqlite {
namespace {

/// The statements between BEGIN and END, the last one closed by its semicolon.
std::string statements(std::string_view written) {
  const auto all = significant(written);
  std::string_view text = trim(written);
  const bool wrapped = all.size() > 2 && is_word(all.front(), "begin") && is_word(all.back(), "end");
  if (wrapped) {
    const char* begin = all.front().text.data() + all.front().text.size();
    text = trim(std::string_view(begin, static_cast<std::size_t>(all.back().text.data() - begin)));
  }
  const bool closed = !all.empty() && is_symbol(wrapped ? all[all.size() - 2] : all.back(), ";");
  return std::string(text) + (closed || all.empty() ? "" : ";");
}

class TriggerHandler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (const auto& row : schema_rows(connection, "trigger", scope)) {
      const ObjectKey key = child_key(Kind::trigger, row.table, row.name);
      try {
        const ParsedTrigger parsed = parse_trigger(row.sql);
        if (out.unmodelled.contains(to_string(table_key(row.table))))
          throw ParseError("its table is not modelled");
        if (find_relation(out, row.table) == nullptr) continue;  // of a table that is ignored, and so is this
        add_trigger(parsed, out);
        add_item(out, key, Standing::managed);
      } catch (const ParseError& e) {
        add_unmodelled(out, key, row.sql, e.what());
      }
    }
  }

  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    auto& t = std::get<Trigger>(body);
    t.comment.clear();  // nowhere to keep it
    auto refuse = [&](std::string message, std::string remedy) {
      report(catalog, key, found, std::move(message), std::move(remedy));
    };
    t.timing = lower(t.timing);
    if (!t.level.empty() && t.level != "row")
      refuse("SQLite has triggers for each row only", "write level: row");
    if (t.events.size() != 1) refuse("a trigger of SQLite has one event", "write one trigger for each event");
    if (!t.execute.empty() || t.body.empty())
      refuse("a trigger of SQLite holds its statements",
             "give it a `body:`, or limit it to other engines with `engines:`");
    if (t.constraint || t.deferrable || t.initially_deferred || !t.old_table.empty() ||
        !t.new_table.empty() || t.from_table)
      refuse("SQLite has no constraint triggers and no transition tables",
             "limit it to other engines with `engines:`");
    if (!t.enabled.empty()) refuse("SQLite cannot disable a trigger", "drop `enabled:` for this engine");
    t.body.text = statements(t.body.text);
  }

  void settle(ObjectBody& desired, const ObjectBody& current) const override {
    auto& d = std::get<Trigger>(desired);
    const auto& c = std::get<Trigger>(current);
    d.level = c.level;  // FOR EACH ROW is the only level, written or not
    auto timing = [](const Trigger& t) { return t.timing.empty() ? "before" : t.timing; };
    if (timing(d) == timing(c)) d.timing = c.timing;
  }

  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return Recreate{}; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::drop)
      w.raw("drop trigger ").ident(step.key.name).end();
    else
      w.raw(trigger_definition(step.key, *context.to.find<Trigger>(step.key))).end();
  }
};
}  // namespace

const KindHandler& trigger_handler() {
  static const TriggerHandler handler;
  return handler;
}

}  // namespace trueup::sqlite
