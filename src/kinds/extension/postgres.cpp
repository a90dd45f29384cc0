#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/handlers.hpp"

namespace trueup {
namespace {
using namespace postgres;

/// Every extension brings a comment of its own: only another one counts. plpgsql is there from the start.
constexpr std::string_view extensions = R"sql(
select e.extname, e.extversion, n.nspname, nullif({comment pg_extension e.oid}, a.comment)
from pg_extension e
join pg_namespace n on n.oid = e.extnamespace
left join pg_available_extensions a on a.name = e.extname
where e.extname <> 'plpgsql'
)sql";

/// Is version `a` below `b`? Only where both are plain numbers with dots, as nearly all are.
bool older(const std::string& a, const std::string& b) {
  const auto x = split(a, '.'), y = split(b, '.');
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    const auto plain = [](const std::string& s) {
      return !s.empty() && s.size() < 10 && s.find_first_not_of("0123456789") == std::string::npos;
    };
    if (!plain(x[i]) || !plain(y[i])) return false;
    if (std::stol(x[i]) != std::stol(y[i])) return std::stol(x[i]) < std::stol(y[i]);
  }
  return x.size() < y.size();
}

class Handler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (const auto& r : catalog_rows(connection, scope, extensions)) {
      Extension e;
      e.version = text(r[1]);
      e.installed_in = text(r[2]);
      e.comment = text(r[3]);
      out.objects.emplace(ObjectKey{Kind::extension, "", "", text(r[0]), ""}, std::move(e));
    }
  }
  void settle(ObjectBody& desired, const ObjectBody& current) const override {
    auto& a = std::get<Extension>(desired);
    const auto& b = std::get<Extension>(current);
    if (a.version.empty()) a.version = b.version;
    if (a.installed_in.empty()) a.installed_in = b.installed_in;
  }
  Means means(const Altered& a, const Catalog& from, const Catalog& to) const override {
    const auto& x = std::get<Extension>(from.objects.at(a.key)).version;
    const auto& y = std::get<Extension>(to.objects.at(a.key)).version;
    if (a.has("version") && older(y, x))
      return Unsupported{
          fmt::format("version {} is older than {}, which is installed and cannot be taken back", y, x),
          "drop it and create it again by hand, or leave its version open"};
    return InPlace{};
  }
  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    switch (step.verb) {
      case Verb::create:
        return create(step.key, std::get<Extension>(context.to.objects.at(step.key)), w);
      case Verb::alter:
        return alter(step.key, std::get<Extension>(context.from.objects.at(step.key)),
                     std::get<Extension>(context.to.objects.at(step.key)), w);
      case Verb::drop:
        w.raw("DROP EXTENSION ").ident(step.key.name).end();
        return;
      case Verb::rename:
      case Verb::rebuild:
        break;
    }
    throw std::logic_error("an extension is never renamed or rebuilt");
  }
  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }

 private:
  static void create(const ObjectKey& key, const Extension& e, SqlWriter& w) {
    w.raw("CREATE EXTENSION IF NOT EXISTS ").ident(key.name);
    if (!e.installed_in.empty()) w.raw(" SCHEMA ").ident(e.installed_in);
    if (!e.version.empty()) w.raw(" VERSION ").literal(e.version);
    w.end(TxMode::inside, {{HazardKind::needs_privilege, "needs the right to create extensions"}});
    if (!e.comment.empty()) write_comment(w, "EXTENSION", key, e.comment);
  }
  static void alter(const ObjectKey& key, const Extension& a, const Extension& b, SqlWriter& w) {
    if (a.installed_in != b.installed_in)
      w.raw("ALTER EXTENSION ").ident(key.name).raw(" SET SCHEMA ").ident(b.installed_in).end();
    if (a.version != b.version) {
      w.raw("ALTER EXTENSION ").ident(key.name).raw(" UPDATE TO ").literal(b.version);
      w.end(TxMode::inside, {{HazardKind::cannot_rollback, "an older version may not be available again"}});
    }
    if (a.comment != b.comment) write_comment(w, "EXTENSION", key, b.comment);
  }
};
}  // namespace

const KindHandler& postgres_extension_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
