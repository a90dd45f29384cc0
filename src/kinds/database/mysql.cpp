#include "base/text.hpp"
#include "engine/mysql/flavor.hpp"
#include "engine/mysql/handlers.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/routines.hpp"

namespace trueup::mysql {
namespace {
class DatabaseHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // see introspect.cpp
  bool left_open(const ObjectKey&, const Catalog&, const Catalog&) const override { return true; }
  void settle(ObjectBody& desired, const ObjectBody& current) const override {
    Options& wanted = std::get<Database>(desired).options;
    const Options& now = std::get<Database>(current).options;
    if (!wanted.contains("charset") && !wanted.contains("collation"))
      for (const char* name : {"charset", "collation"})
        if (const auto it = now.find(name); it != now.end()) wanted.insert(*it);
    const auto encryption = now.find("encryption");
    if (encryption != now.end())
      wanted.insert(*encryption);
    else if (const auto it = wanted.find("encryption"); it != wanted.end() && same_word(it->second, "N"))
      wanted.erase(it);
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }
  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    const auto& database = *context.to.find<Database>(step.key);
    std::string clauses = collation_clause(database.options);
    if (const auto it = database.options.find("encryption"); it != database.options.end())
      clauses += " ENCRYPTION = " + literal(it->second);
    const auto* before = context.from.find<Database>(step.key);
    if (!database.comment.empty() || (before != nullptr && !before->comment.empty()))
      clauses += " COMMENT = " + literal(database.comment);
    w.raw("ALTER DATABASE" + clauses);
    w.end(TxMode::inside, flavor_notes(context, {step.key}));
  }
};
}  // namespace

const KindHandler& database_handler() {
  static const DatabaseHandler handler;
  return handler;
}

}  // namespace trueup::mysql
