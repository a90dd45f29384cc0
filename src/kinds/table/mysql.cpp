#include "base/text.hpp"
#include "engine/mysql/alter.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/flavor.hpp"
#include "engine/mysql/handlers.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/partitions.hpp"
#include "engine/mysql/rows.hpp"

namespace trueup::mysql {
namespace {
class TableHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // see introspect.cpp

  /// What the author leaves open is the server's choice. A character set without a collation is not open.
  void settle(ObjectBody& desired, const ObjectBody& current) const override {
    Options& wanted = std::get<Table>(desired).options;
    const Options& now = std::get<Table>(current).options;
    const auto take = [&](const char* name) {
      if (auto it = now.find(name); it != now.end()) wanted.insert(*it);
    };
    const auto engine = wanted.find("engine");
    const auto engine_now = now.find("engine");
    if (engine == wanted.end())
      take("engine");
    else if (engine_now != now.end() && same_word(engine->second, engine_now->second))
      engine->second = engine_now->second;
    if (!wanted.contains("charset") && !wanted.contains("collation")) {
      take("charset");
      take("collation");
    }
    wanted.erase("auto_increment");  // counts while the table is created only
  }

  Means means(const Altered&, const Catalog&, const Catalog&) const override { return Rebuild{}; }

  std::string loses_data(const Altered& a, const Catalog& from, const Catalog& to) const override {
    const auto* x = from.find<Table>(a.key);
    const auto* y = to.find<Table>(a.key);
    if (x == nullptr || y == nullptr || !a.has("options")) return {};
    const auto lost = lost_partitions(x->options, y->options);
    if (!lost.empty()) return "the partitions " + join(lost, ", ") + " are dropped with their rows";
    if (x->options.contains("system_versioning") && !y->options.contains("system_versioning"))
      return "the former rows are dropped";
    return {};
  }

  bool folds(Verb verb, const ObjectKey& child, const Catalog& catalog) const override {
    if (verb == Verb::drop) return true;
    return child.kind == Kind::row ? goes_with_table(catalog, child) : child.kind != Kind::trigger;
  }

  void render(const Step& step, std::span<const Step> folded, const RenderContext& context,
              SqlWriter& w) const override {
    switch (step.verb) {
      case Verb::rename:
        w.raw("RENAME TABLE " + backquoted(step.old_key->name) + " TO " + backquoted(step.key.name)).end();
        return;
      case Verb::create:
        create(step, folded, context, w);
        return;
      case Verb::drop:
        w.raw("DROP TABLE " + backquoted(step.key.name));
        w.end(TxMode::inside, {{HazardKind::deletes_data, "drops the table and its rows"}});
        return;
      case Verb::alter:
      case Verb::rebuild:
        Step alter = step;
        alter.verb = Verb::alter;
        w.begin_step(alter);
        alter_table(step.key, context, w);
        return;
    }
  }

 private:
  static void create(const Step& step, std::span<const Step> folded, const RenderContext& context,
                     SqlWriter& w) {
    std::vector<ObjectKey> parts;
    for (const Kind kind : {Kind::primary_key, Kind::unique, Kind::index, Kind::check, Kind::foreign_key})
      for (const auto& f : folded)
        if (f.key.kind == kind) parts.push_back(f.key);
    std::vector<ObjectKey> all = context.to.columns(step.key);
    all.insert(all.end(), parts.begin(), parts.end());
    all.push_back(step.key);
    w.raw(create_table(context.to, step.key, parts)).end(TxMode::inside, flavor_notes(context, all));
    std::vector<std::string> again;
    for (const auto& column : context.to.columns(step.key))
      if (auto text = column_afterthought(context.to, column); !text.empty())
        again.push_back(std::move(text));
    if (!again.empty()) w.raw(alter_statement(step.key.name, again)).end();
    if (const auto later = later_partitions(context.to.find<Table>(step.key)->options); !later.empty())
      w.raw(alter_statement(step.key.name, {later})).end();
    std::vector<Step> rows;
    std::copy_if(folded.begin(), folded.end(), std::back_inserter(rows),
                 [](const Step& s) { return s.key.kind == Kind::row; });
    insert_rows(rows, context.to, w);
  }
};
}  // namespace

const KindHandler& table_handler() {
  static const TableHandler handler;
  return handler;
}

}  // namespace trueup::mysql
