#include "engine/postgres/constraint.hpp"

#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/key_constraint.hpp"

namespace trueup::postgres {
namespace {
std::string list(const std::vector<std::string>& quoted) {
  return "(" + join(quoted, ", ") + ")";
}

std::string names(const std::vector<Ref>& refs, const EngineDialect& d) {
  std::vector<std::string> out;
  for (const auto& r : refs) out.push_back(d.quote(r.to.name));
  return list(out);
}
std::string names(const std::vector<IndexPart>& parts, const EngineDialect& d) {
  std::vector<std::string> out;
  for (const auto& p : parts) out.push_back(p.column ? d.quote(p.column->to.name) : p.expression->text);
  return list(out);
}
std::string timing(bool deferrable, bool initially_deferred) {
  if (!deferrable && !initially_deferred) return {};
  return initially_deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}
std::string actions(const ForeignKey& f, const EngineDialect& d) {
  std::string out;
  auto upper = [](std::string s) {
    for (char& c : s)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return s;
  };
  if (!f.match.empty()) out += " MATCH " + upper(f.match);
  if (!f.on_update.empty()) out += " ON UPDATE " + upper(f.on_update);
  if (!f.on_delete.empty()) {
    out += " ON DELETE " + upper(f.on_delete);
    if (!f.on_delete_columns.empty()) out += " " + names(f.on_delete_columns, d);
  }
  return out;
}

struct Clause {
  const EngineDialect& d;
  std::string operator()(const PrimaryKey& k) const {
    std::string out = "PRIMARY KEY " + names(k.on, d);
    if (!k.include.empty()) out += " INCLUDE " + names(k.include, d);
    return out + index_options(k.options, d) + timing(k.deferrable, k.initially_deferred);
  }
  std::string operator()(const Unique& k) const {
    std::string out = k.nulls_not_distinct ? "UNIQUE NULLS NOT DISTINCT " : "UNIQUE ";
    out += names(k.on, d);
    if (!k.include.empty()) out += " INCLUDE " + names(k.include, d);
    return out + index_options(k.options, d) + timing(k.deferrable, k.initially_deferred);
  }
  std::string operator()(const Check& c) const {
    std::string out = "CHECK (" + c.expression.text + ")";
    if (c.no_inherit) out += " NO INHERIT";
    if (c.not_enforced) return out + " NOT ENFORCED";
    return out + (c.not_valid ? " NOT VALID" : "");
  }
  std::string operator()(const Exclusion& e) const { return e.definition.text; }
  std::string operator()(const ForeignKey& f) const {
    std::string out = "FOREIGN KEY " + names(f.columns, d) + " REFERENCES ";
    if (!f.ref_table.to.ns.empty()) out += d.quote(f.ref_table.to.ns) + ".";
    out += d.quote(f.ref_table.to.name);
    if (!f.ref_columns.empty()) out += " " + names(f.ref_columns, d);
    out += actions(f, d) + timing(f.deferrable, f.initially_deferred);
    if (f.not_enforced) return out + " NOT ENFORCED";
    return out + (f.not_valid ? " NOT VALID" : "");
  }
  template <class T>
  std::string operator()(const T&) const {
    throw std::logic_error("not a table constraint");
  }
};
}  // namespace

std::string index_options(const Options& options, const EngineDialect& dialect) {
  const std::string with = parameter_list(storage_parameters(options));
  std::string out = with.empty() ? "" : " WITH (" + with + ")";
  if (auto it = options.find("tablespace"); it != options.end())
    out += " USING INDEX TABLESPACE " + dialect.quote(it->second);
  return out;
}

void write_constraint_extras(SqlWriter& w, const ObjectKey& key, const ObjectBody& body) {
  const Options* options = nullptr;
  if (const auto* p = std::get_if<PrimaryKey>(&body)) options = &p->options;
  if (const auto* u = std::get_if<Unique>(&body)) options = &u->options;
  if (options != nullptr) write_index_roles(w, key, {}, *options);
  if (const auto comment = constraint_comment(body); !comment.empty())
    write_comment_on(w, "CONSTRAINT", key, comment);
}

std::string constraint_clause(const ObjectKey& key, const ObjectBody& body, const EngineDialect& dialect) {
  return "CONSTRAINT " + dialect.quote(key.name) + " " + std::visit(Clause{dialect}, body);
}

std::string constraint_comment(const ObjectBody& body) {
  return std::visit(
      [](const auto& b) -> std::string {
        if constexpr (requires { b.comment; })
          return b.comment;
        else
          return {};
      },
      body);
}

void add_constraint(const ObjectKey& key, const ObjectBody& body, const EngineDialect& dialect, SqlWriter& w,
                    std::vector<Hazard> hazards) {
  w.raw("ALTER TABLE ");
  write_owner(w, key).raw(" ADD ").raw(constraint_clause(key, body, dialect));
  w.end(TxMode::inside, std::move(hazards));
  write_constraint_extras(w, key, body);
}

void drop_constraint(const ObjectKey& key, SqlWriter& w, std::vector<Hazard> hazards) {
  w.raw("ALTER TABLE ");
  write_owner(w, key).raw(" DROP CONSTRAINT ").ident(key.name);
  w.end(TxMode::inside, std::move(hazards));
}

void rename_constraint(const Step& step, SqlWriter& w) {
  w.raw("ALTER TABLE ");
  write_owner(w, step.key)
      .raw(" RENAME CONSTRAINT ")
      .ident(step.old_key->name)
      .raw(" TO ")
      .ident(step.key.name)
      .end();
}

void add_domain_check(const ObjectKey& domain, const DomainCheck& c, SqlWriter& w) {
  w.raw("ALTER DOMAIN ").name(domain).raw(" ADD CONSTRAINT ").ident(c.name);
  w.raw(" CHECK (").raw(sql_of(c.expression)).raw(")");
  if (c.not_valid)
    w.raw(" NOT VALID").end();
  else
    w.end(TxMode::inside, {{HazardKind::scans_table, "checks every table that uses the domain"}});
  if (!c.comment.empty()) comment_on_domain_check(domain, c, w);
}

void comment_on_domain_check(const ObjectKey& domain, const DomainCheck& c, SqlWriter& w) {
  w.raw("COMMENT ON CONSTRAINT ").ident(c.name).raw(" ON DOMAIN ").name(domain).raw(" IS ");
  if (c.comment.empty())
    w.raw("NULL").end();
  else
    w.literal(c.comment).end();
}

bool ConstraintHandler::alterable(const Altered& a, const ObjectBody&, const ObjectBody&) const {
  return a.only({"comment"});
}
void ConstraintHandler::alter(const ObjectKey&, const ObjectBody&, const ObjectBody&, SqlWriter&) const {}

Means ConstraintHandler::means(const Altered& a, const Catalog& from, const Catalog& to) const {
  if (alterable(a, from.objects.at(a.key), to.objects.at(a.key))) return InPlace{};
  return Recreate{};
}

void ConstraintHandler::render(const Step& step, std::span<const Step>, const RenderContext& context,
                               SqlWriter& w) const {
  switch (step.verb) {
    case Verb::rename:
      return rename_constraint(step, w);
    case Verb::drop:
      return drop_constraint(step.key, w, {{HazardKind::blocks_reads, "short exclusive lock on the table"}});
    case Verb::create: {
      const auto& body = context.to.objects.at(step.key);
      return add_constraint(step.key, body, context.dialect, w, add_hazards(body));
    }
    case Verb::alter: {
      const auto& a = context.from.objects.at(step.key);
      const auto& b = context.to.objects.at(step.key);
      alter(step.key, a, b, w);
      if (constraint_comment(a) != constraint_comment(b))
        write_comment_on(w, "CONSTRAINT", step.key, constraint_comment(b));
      return;
    }
    case Verb::rebuild:
      break;
  }
  throw std::logic_error("a constraint is never rebuilt");
}

}  // namespace trueup::postgres
