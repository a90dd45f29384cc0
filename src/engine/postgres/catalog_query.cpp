#include "engine/postgres/catalog_query.hpp"

#include <charconv>

#include "base/text.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/postgres/types.hpp"

namespace trueup::postgres {
namespace {
constexpr std::string_view in_scope = R"sql((
  n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and ($1::text[] is null or n.nspname = any ($1::text[])))
)sql";

// By what extensions are referred to from: an index leads to those few rows, whatever else the database
// holds.
std::string member(std::string_view catalog_class, std::string_view oid) {
  return fmt::format(
      "(({1}) in (select m.objid from pg_depend m where m.refclassid = 'pg_extension'::regclass "
      "and m.classid = '{0}'::regclass and m.deptype = 'e'))",
      catalog_class, oid);
}

// obj_description() is a function in SQL that the server does not inline: ten times as slow.
std::string comment(std::string_view catalog_class, std::string_view oid) {
  return fmt::format(
      "(select remark.description from pg_description remark where remark.objoid = {1} and remark.classoid = "
      "'{0}'::regclass "
      "and remark.objsubid = 0)",
      catalog_class, oid);
}

std::string modelled_table(const Scope& scope) {
  const std::string own =
      scope.ignore_table.empty() ? "true" : "c.relname <> " + postgres_dialect().literal(scope.ignore_table);
  return fmt::format(R"sql((
  c.relkind = 'r' and c.relpersistence <> 't' and not c.relispartition and c.reloftype = 0 and {}
  and c.oid not in (select h.inhrelid from pg_inherits h) and c.oid not in (select h.inhparent from pg_inherits h)
  and not {}))sql",
                     own, member("pg_class", "c.oid"));
}

/// `150000 EXPR else EXPR`
std::string by_version(std::string_view choice, std::int64_t version) {
  const auto blank = choice.find(' '), otherwise = choice.find(" else ");
  const bool has = version >= number(std::string(choice.substr(0, blank)));
  return std::string(has ? choice.substr(blank + 1, otherwise - blank - 1) : choice.substr(otherwise + 6));
}

std::string fill(std::string_view query, const Scope& scope, std::int64_t version) {
  std::string out;
  while (true) {
    const auto open = query.find('{');
    out += query.substr(0, open);
    if (open == std::string_view::npos) return out;
    const auto close = query.find('}', open);
    const std::string name(query.substr(open + 1, close - open - 1));
    if (name == "in_scope") {
      out += in_scope;
    } else if (name == "modelled_table") {
      out += modelled_table(scope);
    } else if (name.starts_with("member ")) {
      const auto words = split(name, ' ');
      out += member(words.at(1), words.at(2));
    } else if (name.starts_with("comment ")) {
      const auto words = split(name, ' ');
      out += comment(words.at(1), words.at(2));
    } else if (name.starts_with("since ")) {
      out += by_version(std::string_view(name).substr(6), version);
    } else {
      throw std::logic_error("unknown placeholder {" + name + "}");
    }
    query.remove_prefix(close + 1);
  }
}

std::string array_literal(const std::set<std::string>& values) {
  std::string out = "{";
  for (const auto& v : values) {
    if (out.size() > 1) out += ',';
    out += '"';
    for (const char c : v) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out + "}";
}
}  // namespace

std::vector<ResultRow> catalog_rows(Connection& connection, const Scope& scope, std::string_view query) {
  const std::string sql = fill(query, scope, connection.version());
  std::vector<Cell> arguments;
  if (sql.find("$1") != std::string::npos)
    arguments.push_back(scope.namespaces.empty() ? Cell{} : Cell{array_literal(scope.namespaces)});
  return connection.query(sql, arguments);
}

std::int64_t number(const Cell& c) {
  std::int64_t out = 0;
  if (c) std::from_chars(c->data(), c->data() + c->size(), out);
  return out;
}

std::vector<Cell> array(const Cell& c) {
  std::vector<Cell> out;
  if (!c || c->size() < 2) return out;
  // A lower bound prefix, `[0:2]={...}`, as int2vector arrays have it.
  std::size_t i = c->find('{') + 1;
  while (i < c->size() && (*c)[i] != '}') {
    std::string element;
    bool quoted = false;
    for (; i < c->size() && (quoted || ((*c)[i] != ',' && (*c)[i] != '}')); ++i) {
      if ((*c)[i] == '\\')
        element += (*c)[++i];
      else if ((*c)[i] == '"')
        quoted = !quoted;
      else
        element += (*c)[i];
    }
    const bool was_quoted = (*c)[i - 1] == '"';
    if (!was_quoted && element == "NULL")
      out.emplace_back();
    else
      out.emplace_back(std::move(element));
    if (i < c->size() && (*c)[i] == ',') ++i;
  }
  return out;
}

std::vector<std::string> strings(const Cell& c) {
  std::vector<std::string> out;
  for (auto& each : array(c)) out.push_back(text(each));
  return out;
}

Options reloptions(const Cell& c, std::string_view prefix) {
  Options out;
  for (const auto& each : strings(c)) {
    const auto equals = each.find('=');
    out.emplace(std::string(prefix) + each.substr(0, equals),
                equals == std::string::npos ? "" : each.substr(equals + 1));
  }
  return out;
}

DataType data_type(const Catalog& catalog, std::string_view formatted) {
  DataType type;
  type.text = formatted;
  resolve_type(catalog, type);
  return type;
}

std::string without_public(std::string_view qualified) {
  constexpr std::string_view prefix = "public.";
  return std::string(qualified.starts_with(prefix) ? qualified.substr(prefix.size()) : qualified);
}

std::vector<Ref> column_refs(const std::string& ns, const std::string& table,
                             const std::vector<std::string>& names) {
  std::vector<Ref> out;
  for (const auto& name : names) out.push_back(Ref{child_key(Kind::column, ns, table, name)});
  return out;
}

namespace {
void write_text(SqlWriter& w, const std::string& comment) {
  w.raw(" IS ");
  if (comment.empty())
    w.raw("NULL");
  else
    w.literal(comment);
  w.end();
}
}  // namespace

void write_comment(SqlWriter& w, std::string_view what, const ObjectKey& name, const std::string& comment) {
  w.raw("COMMENT ON ").raw(what).raw(" ").name(name);
  write_text(w, comment);
}

void write_comment_on(SqlWriter& w, std::string_view what, const ObjectKey& child,
                      const std::string& comment) {
  w.raw("COMMENT ON ").raw(what).raw(" ").ident(child.name).raw(" ON ");
  write_owner(w, child);
  write_text(w, comment);
}

SqlWriter& write_owner(SqlWriter& w, const ObjectKey& child) {
  return w.relation(child.ns, child.owner);
}

}  // namespace trueup::postgres
