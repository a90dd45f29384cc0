#include "engine/postgres/dialect.hpp"

#include <random>

#include "base/text.hpp"
#include "engine/apply_support.hpp"
#include "engine/postgres/catalog_names.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/lexer.hpp"
#include "engine/postgres/options.hpp"
#include "engine/postgres/types.hpp"

namespace trueup {

const EngineDialect& postgres_dialect() {
  static const PostgresDialect dialect;
  return dialect;
}

Capabilities PostgresDialect::capabilities() const {
  return {.transactional_ddl = true,
          .multi_clause_alter = true,
          .column_order = false,
          .namespaces = true,
          .unchecked_foreign_keys = false,
          .max_identifier = 63,
          .respells = true};
}

const KindHandler* PostgresDialect::handler(Kind kind) const {
  switch (kind) {
    case Kind::name_space:
      return &postgres_name_space_handler();
    case Kind::extension:
      return &postgres_extension_handler();
    case Kind::enum_type:
      return &postgres_enum_type_handler();
    case Kind::domain:
      return &postgres_domain_handler();
    case Kind::composite_type:
      return &postgres_composite_type_handler();
    case Kind::sequence:
      return &postgres_sequence_handler();
    case Kind::function:
      return &postgres_function_handler();
    case Kind::procedure:
      return &postgres_procedure_handler();
    case Kind::aggregate:
      return &postgres_aggregate_handler();
    case Kind::table:
      return &postgres_table_handler();
    case Kind::column:
      return &postgres_column_handler();
    case Kind::primary_key:
      return &postgres_primary_key_handler();
    case Kind::unique:
      return &postgres_unique_handler();
    case Kind::check:
      return &postgres_check_handler();
    case Kind::exclusion:
      return &postgres_exclusion_handler();
    case Kind::foreign_key:
      return &postgres_foreign_key_handler();
    case Kind::sequence_owner:
      return &postgres_sequence_owner_handler();
    case Kind::index:
      return &postgres_index_handler();
    case Kind::view:
      return &postgres_view_handler();
    case Kind::materialized_view:
      return &postgres_materialized_view_handler();
    case Kind::policy:
      return &postgres_policy_handler();
    case Kind::trigger:
      return &postgres_trigger_handler();
    case Kind::raw:
      return &postgres_raw_handler();
    case Kind::row:
      return &postgres_row_handler();
    case Kind::projection:
    case Kind::dictionary:
    case Kind::event:
    case Kind::virtual_table:
      return nullptr;
  }
  return nullptr;
}

std::span<const OptionSpec> PostgresDialect::options() const {
  return postgres::option_table();
}
std::string PostgresDialect::quote(std::string_view identifier) const {
  return postgres::quote_identifier(identifier);
}
std::string PostgresDialect::literal(std::string_view text) const {
  return postgres::quote_literal(text);
}
std::vector<Token> PostgresDialect::tokens(std::string_view sql) const {
  return postgres::lex(sql);
}
std::string PostgresDialect::lexical_form(std::string_view sql) const {
  return postgres::lexical_form(sql);
}
std::vector<ScriptStatement> PostgresDialect::split(std::string_view script) const {
  return postgres::split_script(script);
}
std::string PostgresDialect::type_sql(const DataType& type) const {
  return postgres::display_type(type);
}

std::string PostgresDialect::canonical_type(std::string_view written) const {
  DataType type;
  type.text = written;
  postgres::resolve_type(Catalog{}, type);
  return type.text;
}

void PostgresDialect::read_rows(Connection& c, const Catalog& desired, Catalog& from) const {
  postgres_read_rows(c, desired, from);
}

namespace {
/// A JSON array as an array literal: `{1,"a b",NULL}`.
std::string array_text(const nlohmann::json& json) {
  std::string out = "{";
  for (const auto& element : json) {
    if (out.size() > 1) out += ',';
    if (element.is_null())
      out += "NULL";
    else if (element.is_array())
      out += array_text(element);
    else {
      const std::string text = element.is_string() ? element.get<std::string>() : element.dump();
      out += '"';
      for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
      }
      out += '"';
    }
  }
  return out + "}";
}
}  // namespace

std::string PostgresDialect::value(const RowValue& value, const DataType& type) const {
  if (value.type == "null") return "NULL";
  if (value.type == "sql") return value.text;
  if (value.type == "bool" && type.text == "boolean") return value.text;
  static constexpr std::array<std::string_view, 6> numbers{"smallint", "integer",          "bigint",
                                                           "real",     "double precision", "numeric"};
  const std::string base = postgres::parse_type(type.text).base;
  if (value.type == "number" && !type.user &&
      std::find(numbers.begin(), numbers.end(), base) != numbers.end())
    return value.text;
  const bool is_array = type.user ? type.suffix == "[]" : type.text.ends_with("[]");
  if (value.type == "json" && is_array) {
    const auto json = nlohmann::json::parse(value.text, nullptr, false);
    if (json.is_array()) return literal(array_text(json));
  }
  return literal(value.text);
}

void PostgresDialect::complete(Catalog& from, Catalog& to) const {
  const ObjectKey key{Kind::name_space, {}, {}, "public", {}};
  const auto as_born = [&](const Catalog& c) {
    const auto* found = c.find<Namespace>(key);
    return found == nullptr || found->comment.empty();
  };
  if (as_born(from) && as_born(to)) {
    from.objects.erase(key);
    to.objects.erase(key);
  } else {
    from.objects.try_emplace(key, Namespace{});
    to.objects.try_emplace(key, Namespace{});
  }
}

namespace {
class PostgresScratch final : public ScratchDatabase {
 public:
  explicit PostgresScratch(Connection& beside) : admin_(beside.sibling(beside.url().database)) {
    std::random_device random;
    name_ = fmt::format("trueup_scratch_{:08x}{:08x}", random(), random());
    // The same encoding and locale, or expressions could be spelled or sorted differently.
    const auto row = admin_->query(
        "select pg_encoding_to_char(encoding), datcollate, datctype from pg_database where datname = "
        "current_database()");
    admin_->execute(fmt::format("create database {} template template0 encoding {} lc_collate {} lc_ctype {}",
                                name_, postgres::quote_literal(postgres::text(row.at(0).at(0))),
                                postgres::quote_literal(postgres::text(row.at(0).at(1))),
                                postgres::quote_literal(postgres::text(row.at(0).at(2)))));
    try {
      session_ = admin_->sibling(name_);
    } catch (const WorldError&) {
      drop();
      throw;
    }
  }
  PostgresScratch(const PostgresScratch&) = delete;
  PostgresScratch& operator=(const PostgresScratch&) = delete;
  ~PostgresScratch() override {
    session_.reset();
    drop();
  }
  Connection& connection() override { return *session_; }

 private:
  void drop() {
    try {
      admin_->execute("drop database if exists " + name_ + " with (force)");
    } catch (const WorldError&) {  // nothing more can be done from here; the name tells what it was
    }
  }
  std::unique_ptr<Connection> admin_, session_;
  std::string name_;
};
}  // namespace

std::unique_ptr<ScratchDatabase> PostgresDialect::scratch_beside(Connection& beside) const {
  return std::make_unique<PostgresScratch>(beside);
}

}  // namespace trueup
