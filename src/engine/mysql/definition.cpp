#include "engine/mysql/definition.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/partitions.hpp"
#include "engine/mysql/show_create.hpp"
#include "engine/mysql/types.hpp"

namespace trueup::mysql {
namespace {
std::string option(const Options& options, const char* name) {
  const auto it = options.find(name);
  return it == options.end() ? std::string() : it->second;
}

/// Literals and the time stand bare; anything else must be in parentheses on MySQL, and may be on MariaDB.
std::string default_clause(const Expr& e, const std::string& type) {
  const std::string text = strip_parentheses(sql_of(e));
  const std::string form = lexical_form(text);
  if (is_literal(e) && needs_expression(type)) return "(" + text + ")";
  if (is_literal(e) || is_time(e)) return text;
  if (form.starts_with("next value for") || form.starts_with("nextval(")) return text;
  return "(" + text + ")";
}

std::string key_part(const IndexPart& part) {
  std::string out = part.column ? backquoted(part.column->to.name)
                                : "(" + strip_parentheses(sql_of(*part.expression)) + ")";
  if (part.prefix > 0) out += fmt::format("({})", part.prefix);
  if (part.order == "desc") out += " DESC";
  return out;
}
std::string key_parts(const std::vector<IndexPart>& on) {
  std::vector<std::string> out;
  for (const auto& part : on) out.push_back(key_part(part));
  return "(" + join(out, ",") + ")";
}
std::string key_options(const Options& options, const std::string& comment) {
  std::string out;
  for (const auto& [name, value] : options) {
    if (name == "using")
      out += " USING " + value;
    else if (name == "key_block_size")
      out += " KEY_BLOCK_SIZE=" + value;
    else if (name == "parser")
      out += " WITH PARSER " + backquoted(value);
    else if (name == "m")
      out += " M=" + value;
    else if (name == "distance")
      out += " DISTANCE=" + value;
  }
  if (!comment.empty()) out += " COMMENT " + literal(comment);
  if (option(options, "invisible") == "true") out += " INVISIBLE";
  if (option(options, "ignored") == "true") out += " IGNORED";
  return out;
}
std::string names(const std::vector<Ref>& refs) {
  std::vector<std::string> out;
  for (const auto& r : refs) out.push_back(backquoted(r.to.name));
  return "(" + join(out, ",") + ")";
}
std::string upper(std::string s) {
  for (char& c : s)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return s;
}

std::string index_definition(const std::string& name, const Index& index) {
  Options options = index.options;
  std::string out = index.unique ? "UNIQUE " : "";
  if (index.method == "fulltext" || index.method == "spatial" || index.method == "vector")
    out += upper(index.method) + " ";
  else if (!index.method.empty())
    options["using"] = index.method;
  return out + "KEY " + backquoted(name) + " " + key_parts(index.on) + key_options(options, index.comment);
}

std::string foreign_key_definition(const std::string& name, const ForeignKey& fk) {
  std::string out = "CONSTRAINT " + backquoted(name) + " FOREIGN KEY " + names(fk.columns) + " REFERENCES " +
                    backquoted(fk.ref_table.to.name) + " " + names(fk.ref_columns);
  if (!fk.match.empty()) out += " MATCH " + upper(fk.match);
  if (!fk.on_delete.empty()) out += " ON DELETE " + upper(fk.on_delete);
  if (!fk.on_update.empty()) out += " ON UPDATE " + upper(fk.on_update);
  return out;
}

/// Values of these options are strings.
bool quotes_value(const std::string& name) {
  constexpr std::array<std::string_view, 11> all{
      "connection",       "compression",      "encryption",       "data_directory",
      "index_directory",  "password",         "engine_attribute", "secondary_engine_attribute",
      "page_compressed_", "secondary_engine", "encrypted"};
  return std::find(all.begin(), all.end(), name) != all.end();
}
}  // namespace

const std::string& sql_of(const Expr& e) {
  return e.text.empty() ? e.canonical : e.text;
}
bool is_literal(const Expr& e) {
  const std::string text = strip_parentheses(sql_of(e));
  const auto all = significant(text);
  const auto literal = [](const Token& t) {
    return t.type == Token::Type::string || t.type == Token::Type::number || is_word(t, "null") ||
           is_word(t, "true") || is_word(t, "false");
  };
  return (all.size() == 1 && literal(all[0])) ||
         (all.size() == 2 && (is_symbol(all[0], "-") || is_symbol(all[0], "+")) &&
          all[1].type == Token::Type::number);
}
bool is_time(const Expr& e) {
  const std::string form = lexical_form(strip_parentheses(sql_of(e)));
  return form.starts_with("current_timestamp(") && form.find(')') + 1 == form.size();
}
bool needs_expression(std::string_view base) {
  return is_large(base) || base == "json" || is_spatial(base);
}
bool in_column(const Check& check) {
  return option(check.options, "in_column") == "true";
}

std::string column_definition(const Catalog& catalog, const ObjectKey& key) {
  const Column& c = *catalog.find<Column>(key);
  std::string out = backquoted(key.name) + " " + c.type.text;
  if (const auto charset = option(c.options, "charset"); !charset.empty()) out += " CHARACTER SET " + charset;
  if (!c.collation.empty()) out += " COLLATE " + c.collation;
  if (const auto id = option(c.options, "ref_system_id"); !id.empty()) out += " REF_SYSTEM_ID=" + id;
  if (c.generated) {
    out += " GENERATED ALWAYS AS (" + strip_parentheses(sql_of(*c.generated)) + ") " +
           upper(c.generated_kind.empty() ? "virtual" : c.generated_kind);
    if (c.not_null) out += " NOT NULL";
  } else {
    out += c.not_null ? " NOT NULL" : base_type(c.type.text) == "timestamp" ? " NULL" : "";
    if (c.default_value) out += " DEFAULT " + default_clause(*c.default_value, base_type(c.type.text));
  }
  if (const auto update = option(c.options, "on_update"); !update.empty()) out += " ON UPDATE " + update;
  // In the other order NULL would count for nothing.
  if (c.identity) out += c.not_null ? " AUTO_INCREMENT" : " AUTO_INCREMENT NULL";
  if (option(c.options, "invisible") == "true") out += " INVISIBLE";
  if (const auto format = option(c.options, "column_format"); !format.empty())
    out += " COLUMN_FORMAT " + upper(format);
  if (const auto storage = option(c.options, "storage"); !storage.empty())
    out += " STORAGE " + upper(storage);
  if (!c.comment.empty()) out += " COMMENT " + literal(c.comment);
  if (const auto srid = option(c.options, "srid"); !srid.empty()) out += " SRID " + srid;
  if (option(c.options, "system_versioning") == "without") out += " WITHOUT SYSTEM VERSIONING";
  const auto* check = catalog.find<Check>(child_key(Kind::check, key.owner, key.name));
  if (check != nullptr && in_column(*check))
    out += " CHECK (" + strip_parentheses(sql_of(check->expression)) + ")";
  return out;
}

std::string column_afterthought(const Catalog& catalog, const ObjectKey& key) {
  const bool none = option(catalog.find<Column>(key)->options, "no_default") == "true";
  return none ? "ALTER COLUMN " + backquoted(key.name) + " DROP DEFAULT" : "";
}

const std::vector<IndexPart>* unique_parts(const ObjectBody& body) {
  if (const auto* pk = std::get_if<PrimaryKey>(&body)) return &pk->on;
  if (const auto* unique = std::get_if<Unique>(&body)) return &unique->on;
  return nullptr;
}

std::string part_definition(const Catalog& catalog, const ObjectKey& key) {
  const ObjectBody& body = catalog.objects.at(key);
  if (const auto* pk = std::get_if<PrimaryKey>(&body))
    return "PRIMARY KEY " + key_parts(pk->on) + key_options(pk->options, pk->comment);
  if (const auto* unique = std::get_if<Unique>(&body))
    return "UNIQUE KEY " + backquoted(key.name) + " " + key_parts(unique->on) +
           key_options(unique->options, unique->comment);
  if (const auto* index = std::get_if<Index>(&body)) return index_definition(key.name, *index);
  if (const auto* fk = std::get_if<ForeignKey>(&body)) return foreign_key_definition(key.name, *fk);
  if (const auto* check = std::get_if<Check>(&body)) {
    if (in_column(*check)) return {};
    return "CONSTRAINT " + backquoted(key.name) + " CHECK (" + strip_parentheses(sql_of(check->expression)) +
           ")" + (check->not_enforced ? " NOT ENFORCED" : "");
  }
  throw std::logic_error(to_string(key) + " is no part of a table's definition");
}

std::string table_options(const Options& options, const std::string& comment) {
  std::string out;
  for (const auto& [name, value] : options) {
    if (name == "partition_by" || name == "partitions") continue;
    if (name == "engine")
      out = " ENGINE=" + value + out;
    else if (name == "charset")
      out += " DEFAULT CHARSET=" + value;
    else if (name == "collation")
      out += " DEFAULT COLLATE=" + value;
    else if (name == "row_format")
      out += " ROW_FORMAT=" + upper(value);
    else if (name == "system_versioning")
      out += " WITH SYSTEM VERSIONING";
    else if (name == "tablespace")
      out += " TABLESPACE " + backquoted(value);
    else
      out += " " + upper(name.ends_with("_directory") ? replace_all(name, "_", " ") : name) + "=" +
             (quotes_value(name) ? literal(value) : value);
  }
  if (!comment.empty()) out += " COMMENT=" + literal(comment);
  return out;
}

std::string reset_option(const std::string& name) {
  if (name == "partition_by" || name == "partitions" || name == "charset" || name == "collation" ||
      name == "auto_increment" || name == "system_versioning")
    return {};
  if (name == "row_format") return " ROW_FORMAT=DEFAULT";
  if (name.starts_with("stats_") || name == "pack_keys" || name == "page_checksum" || name == "transactional")
    return " " + name + "=DEFAULT";
  if (name == "compression") return " COMPRESSION=''";
  if (name == "encryption") return " ENCRYPTION='N'";
  if (name == "encrypted") return " ENCRYPTED=DEFAULT";
  if (name == "connection") return " CONNECTION=''";
  if (name == "page_compression_level") return " PAGE_COMPRESSION_LEVEL=DEFAULT";
  return " " + name + "=0";
}

std::string partition_clause(const Options& options) {
  const std::string by = option(options, "partition_by"), list = first_partitions(options);
  if (by.empty()) return {};
  return "PARTITION BY " + by + (list.empty() ? "" : "\n(" + list + ")");
}

std::string create_table(const Catalog& catalog, const ObjectKey& table,
                         const std::vector<ObjectKey>& parts) {
  std::vector<std::string> lines;
  for (const auto& column : catalog.columns(table))
    lines.push_back("  " + column_definition(catalog, column));
  for (const auto& part : parts)
    if (const std::string text = part_definition(catalog, part); !text.empty()) lines.push_back("  " + text);
  const Table& body = *catalog.find<Table>(table);
  const std::string partitions = partition_clause(body.options);
  return "CREATE TABLE " + backquoted(table.name) + " (\n" + join(lines, ",\n") + "\n)" +
         table_options(body.options, body.comment) + (partitions.empty() ? "" : "\n" + partitions);
}

}  // namespace trueup::mysql
