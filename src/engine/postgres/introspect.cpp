// Reading a live database: which kinds, in which order, on which session.
#include <thread>

#include "engine/postgres/catalog_names.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/lexer.hpp"
#include "engine/postgres/types.hpp"

namespace trueup {
namespace {
/// pg_catalog only, so that the server qualifies every name it spells, and nothing compiled for queries that
/// run once; the session's own settings come back at the end.
class CatalogSearchPath {
 public:
  explicit CatalogSearchPath(Connection& c) : c_(c) {
    const auto row = c.query("select current_setting('search_path'), current_setting('jit')").at(0);
    before_ = postgres::text(row.at(0));
    jit_ = postgres::text(row.at(1));
    c.execute("set search_path = pg_catalog; set jit = off");
  }
  CatalogSearchPath(const CatalogSearchPath&) = delete;
  CatalogSearchPath& operator=(const CatalogSearchPath&) = delete;
  ~CatalogSearchPath() {
    try {
      c_.execute("select pg_catalog.set_config('search_path', " + postgres::quote_literal(before_) +
                 ", false), pg_catalog.set_config('jit', " + postgres::quote_literal(jit_) + ", false)");
    } catch (const WorldError&) {  // the session or its transaction is broken: whoever uses it next will hear
                                   // of it
    }
  }

 private:
  Connection& c_;
  std::string before_, jit_;
};

/// Types that were read before the types they stand on.
void resolve_late(Catalog& catalog) {
  for (auto& [key, body] : catalog.objects) {
    if (auto* domain = std::get_if<Domain>(&body)) postgres::resolve_type(catalog, domain->type);
    if (auto* composite = std::get_if<CompositeType>(&body))
      for (auto& attribute : composite->attributes) postgres::resolve_type(catalog, attribute.type);
  }
}

// Types before what has a type; tables before columns, whose type may be a row type.
constexpr std::array in_order{Kind::name_space, Kind::extension, Kind::enum_type,   Kind::composite_type,
                              Kind::domain,     Kind::table,     Kind::column,      Kind::primary_key,
                              Kind::unique,     Kind::index,     Kind::foreign_key, Kind::raw,
                              Kind::row};
// What neither needs the types nor the columns read before it, nor the numbers of CatalogNames.
constexpr std::array by_themselves{Kind::check,     Kind::exclusion, Kind::sequence,  Kind::sequence_owner,
                                   Kind::view,      Kind::function,  Kind::procedure, Kind::materialized_view,
                                   Kind::aggregate, Kind::trigger,   Kind::policy};

/// From this many relations on, reading with two sessions is worth opening the second.
constexpr std::size_t many_relations = 200;

/// One snapshot for all queries of the reading, unless the session is in a transaction of somebody's.
class ReadOnlySnapshot {
 public:
  explicit ReadOnlySnapshot(Connection& c) : c_(c) {
    // In a transaction block, now() is when it began.
    if (c.query("select pg_catalog.now() = pg_catalog.statement_timestamp()").at(0).at(0) != "t") return;
    c_.execute("begin isolation level repeatable read, read only");
    begun_ = true;
  }
  ReadOnlySnapshot(const ReadOnlySnapshot&) = delete;
  ReadOnlySnapshot& operator=(const ReadOnlySnapshot&) = delete;
  ~ReadOnlySnapshot() {
    if (!begun_) return;
    try {
      c_.execute("rollback");
    } catch (const WorldError&) {  // the session is broken: whoever uses it next will hear of it
    }
  }
  bool begun() const { return begun_; }

 private:
  Connection& c_;
  bool begun_ = false;
};

/// A second session that sees what the first one sees; null when it cannot be had (a standby, a pooler, no
/// connection left): then one session reads all.
std::unique_ptr<Connection> beside(Connection& first) {
  try {
    const auto name = postgres::text(first.query("select pg_export_snapshot()").at(0).at(0));
    auto second = first.sibling(first.url().database);
    second->execute("set search_path = pg_catalog; set jit = off");
    second->execute("begin isolation level repeatable read, read only");
    second->execute("set transaction snapshot " + postgres::quote_literal(name));
    return second;
  } catch (const WorldError&) {
    return nullptr;
  }
}

void read_by_themselves(Connection& c, const Scope& scope, Catalog& out) {
  for (const Kind kind : by_themselves) postgres_dialect().handler(kind)->introspect(c, scope, out);
  postgres_introspect_inventory(c, scope, out);
}

/// Reads into a catalog of its own while the first session reads the rest.
class SecondReader {
 public:
  SecondReader(std::unique_ptr<Connection> session, const Scope& scope)
      : session_(std::move(session)), thread_([this, scope] {
          try {
            read_by_themselves(*session_, scope, part_);
          } catch (...) {
            error_ = std::current_exception();
          }
        }) {}
  SecondReader(const SecondReader&) = delete;
  SecondReader& operator=(const SecondReader&) = delete;
  ~SecondReader() {
    if (thread_.joinable()) thread_.join();
  }
  Catalog result() {
    thread_.join();
    if (error_) std::rethrow_exception(error_);
    return std::move(part_);
  }

 private:
  std::unique_ptr<Connection> session_;
  Catalog part_;
  std::exception_ptr error_;
  std::thread thread_;  ///< last: it uses all the others
};
}  // namespace

Catalog PostgresDialect::introspect(Connection& c, const Scope& wanted) const {
  const CatalogSearchPath path(c);
  const ReadOnlySnapshot snapshot(c);
  postgres::CatalogNames names(c, wanted);
  Scope scope = wanted;
  scope.context = &names;
  Catalog out;
  out.namespaces = scope.namespaces;

  std::unique_ptr<Connection> session;
  if (snapshot.begun() && names.relations().size() >= many_relations) session = beside(c);
  std::optional<SecondReader> second;
  if (session) second.emplace(std::move(session), wanted);
  for (const Kind kind : in_order) handler(kind)->introspect(c, scope, out);
  if (!second) read_by_themselves(c, scope, out);
  if (second) {
    Catalog part = second->result();
    out.objects.merge(part.objects);
    out.unmodelled.merge(part.unmodelled);
    out.outsiders.merge(part.outsiders);
    out.inventory = std::move(part.inventory);
  }
  resolve_late(out);
  if (scope.uses == WithUses::yes) postgres_introspect_uses(c, scope, out);
  postgres_list_managed(out);
  return out;
}

}  // namespace trueup
