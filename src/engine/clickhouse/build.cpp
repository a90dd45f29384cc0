#include "engine/clickhouse/build.hpp"

#include "base/text.hpp"
#include "engine/clickhouse/lexer.hpp"

namespace trueup::clickhouse {
namespace {
bool number(std::string_view s) {
  const auto all = significant(s);
  if (all.size() == 1) return all[0].type == Token::Type::number;
  return all.size() == 2 && is_symbol(all[0], "-") && all[1].type == Token::Type::number;
}

std::string comment_clause(const std::string& comment) {
  return comment.empty() ? "" : "\nCOMMENT " + literal(comment);
}

/// `(select ...)`, `(select ...) with settings (...)`
bool in_parentheses(const std::string& text) {
  const auto all = significant(text);
  if (all.empty() || !is_symbol(all.front(), "(")) return false;
  const std::size_t behind = closing(all, 0) + 1;
  return behind == all.size() ||
         (behind + 1 < all.size() && is_word(all[behind], "with") && is_word(all[behind + 1], "settings"));
}

/// `a`, `n.a` as the name that it is, in any spelling; all else as a text.
std::string element_form(std::span<const Token> one) {
  const bool descending = one.size() > 1 && is_word(one.back(), "desc");
  const auto column = descending ? one.first(one.size() - 1) : one;
  std::string name;
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (i % 2 == 0 ? !is_name(column[i]) : !is_symbol(column[i], ".")) return name_form(text_of(one));
    name += column[i].value();
  }
  return quote(name) + (descending ? " DESC" : "");
}
}  // namespace

std::string settings_sql(const Options& options) {
  std::string out;
  for (const auto& [name, value] : options)
    out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", name, number(value) ? value : literal(value));
  return out;
}

Options column_settings(const Column& column) {
  Options out = column.options;
  out.erase("statistics");
  out.erase("ephemeral");
  return out;
}

std::string default_clause(const Column& column) {
  if (column.options.contains("ephemeral"))
    return column.default_value ? " EPHEMERAL " + sql_of(*column.default_value) : " EPHEMERAL";
  if (column.default_value) return " DEFAULT " + sql_of(*column.default_value);
  if (!column.generated) return {};
  return (column.generated_kind == "virtual" ? " ALIAS " : " MATERIALIZED ") + sql_of(*column.generated);
}

std::string column_definition(const std::string& name, const Column& column) {
  std::string out = quote(name) + " " + column.type.text + default_clause(column);
  if (!column.comment.empty()) out += " COMMENT " + literal(column.comment);
  if (column.codec) out += " CODEC(" + sql_of(*column.codec) + ")";
  if (auto it = column.options.find("statistics"); it != column.options.end())
    out += " STATISTICS(" + it->second + ")";
  if (column.ttl) out += " TTL " + sql_of(*column.ttl);
  if (const Options settings = column_settings(column); !settings.empty())
    out += " SETTINGS (" + settings_sql(settings) + ")";
  return out;
}

std::string placed_definition(const std::string& name, const Column& column, const std::string& place) {
  const bool bare = column.options.contains("ephemeral") && !column.default_value && column.comment.empty();
  return column_definition(name, column) + (bare && !place.empty() ? " COMMENT ''" : "") + place;
}

std::string parts_sql(const std::vector<IndexPart>& parts) {
  std::vector<std::string> out;
  for (const auto& part : parts) {
    std::string one = part.column       ? quote(part.column->to.name)
                      : part.expression ? sql_of(*part.expression)
                                        : "";
    if (part.order == "desc") one += " DESC";
    out.push_back(std::move(one));
  }
  return out.size() == 1 ? out.front() : "(" + join(out, ", ") + ")";
}

std::vector<std::string> elements_of(const std::string& key) {
  std::vector<std::string> out;
  const auto all = significant(key);
  std::span<const Token> inner(all);
  while (inner.size() > 1 && is_symbol(inner.front(), "(") && closing(inner, 0) + 1 == inner.size())
    inner = inner.subspan(1, inner.size() - 2);
  if (lexical_form(text_of(inner)) == "tuple()") return out;
  for (const auto& one : by_commas(inner)) out.push_back(element_form(one));
  return out;
}

std::string_view usual_granularity(std::string_view method) {
  const std::string_view name = method.substr(0, method.find('('));
  return name == "text" || name == "full_text" || name == "vector_similarity" ? "100000000" : "1";
}

std::string index_definition(const std::string& name, const Index& index) {
  const auto granularity = index.options.find("granularity");
  return fmt::format("INDEX {} {} TYPE {} GRANULARITY {}", quote(name), parts_sql(index.on),
                     index.method.empty() ? "minmax" : index.method,
                     granularity == index.options.end() ? usual_granularity(index.method)
                                                        : std::string_view(granularity->second));
}

std::string projection_definition(const std::string& name, const Projection& projection) {
  const std::string& text = sql_of(projection.query);
  return fmt::format("PROJECTION {} {}", quote(name), in_parentheses(text) ? text : "(" + text + ")");
}

std::string check_definition(const std::string& name, const Check& check) {
  return fmt::format("CONSTRAINT {} {} {}", quote(name), check.not_enforced ? "ASSUME" : "CHECK",
                     sql_of(check.expression));
}

std::string create_table(const ObjectKey& table, const Catalog& catalog, const std::set<ObjectKey>& with,
                         const std::string& name) {
  const auto& t = *catalog.find<Table>(table);
  std::vector<std::string> lines;
  for (const auto& key : catalog.columns(table))
    if (with.contains(key)) lines.push_back(column_definition(key.name, *catalog.find<Column>(key)));
  const PrimaryKey* primary = nullptr;
  for (const auto& key : catalog.children(table)) {
    if (!with.contains(key)) continue;
    if (const auto* index = catalog.find<Index>(key)) lines.push_back(index_definition(key.name, *index));
    if (const auto* p = catalog.find<Projection>(key)) lines.push_back(projection_definition(key.name, *p));
    if (const auto* check = catalog.find<Check>(key)) lines.push_back(check_definition(key.name, *check));
    if (const auto* p = catalog.find<PrimaryKey>(key)) primary = p;
  }
  std::string out =
      "CREATE TABLE " + quote(name.empty() ? table.name : name) + " (\n  " + join(lines, ",\n  ") + "\n)";
  out += "\nENGINE = " + (t.engine ? sql_of(*t.engine) : std::string("MergeTree"));
  if (t.partition_by) out += "\nPARTITION BY " + sql_of(*t.partition_by);
  if (primary != nullptr) out += "\nPRIMARY KEY " + parts_sql(primary->on);
  if (t.order_by) out += "\nORDER BY " + sql_of(*t.order_by);
  if (t.sample_by) out += "\nSAMPLE BY " + sql_of(*t.sample_by);
  if (t.ttl) out += "\nTTL " + sql_of(*t.ttl);
  if (!t.options.empty()) out += "\nSETTINGS " + settings_sql(t.options);
  return out + comment_clause(t.comment);
}

std::string create_view(const std::string& name, const View& view) {
  std::string out = "CREATE VIEW " + quote(name);
  std::vector<std::string> columns;
  for (const auto& c : view.columns) columns.push_back(quote(c));
  if (!columns.empty()) out += " (" + join(columns, ", ") + ")";
  return out + security_clauses(view.options, "\n") + "\nAS " + sql_of(view.query) +
         comment_clause(view.comment);
}

std::string create_materialized_view(const std::string& name, const MaterializedView& view) {
  std::string out = "CREATE MATERIALIZED VIEW " + quote(name);
  if (view.refresh) out += "\nREFRESH " + sql_of(*view.refresh);
  if (view.to) out += "\nTO " + sql_of(*view.to);
  if (view.storage) out += "\n" + sql_of(*view.storage);
  return out + security_clauses(view.options, "\n") + "\nAS " + sql_of(view.query) +
         comment_clause(view.comment);
}

std::string create_dictionary(std::string_view verb, const std::string& name, const Dictionary& d) {
  std::vector<std::string> lines, keys;
  for (const auto& c : d.columns) lines.push_back(quote(c.name) + " " + sql_of(c.definition));
  for (const auto& k : d.primary_key) keys.push_back(quote(k));
  std::string out = fmt::format("{} DICTIONARY {} (\n  {}\n)\nPRIMARY KEY {}\nSOURCE({})", verb, quote(name),
                                join(lines, ",\n  "), join(keys, ", "), sql_of(d.source));
  if (d.lifetime) out += "\nLIFETIME(" + sql_of(*d.lifetime) + ")";
  out += "\nLAYOUT(" + sql_of(d.layout) + ")";
  if (d.range) out += "\nRANGE(" + sql_of(*d.range) + ")";
  if (!d.options.empty()) out += "\nSETTINGS(" + settings_sql(d.options) + ")";
  return out + comment_clause(d.comment);
}

std::string security_clauses(const Options& options, std::string_view separator) {
  std::string out;
  if (auto it = options.find("definer"); it != options.end())
    out += fmt::format("{}DEFINER = {}", separator, quote(it->second));
  if (auto it = options.find("sql_security"); it != options.end())
    out += fmt::format("{}SQL SECURITY {}", separator, it->second);
  return out;
}

std::string engine_name(const Table& table) {
  if (!table.engine) return "MergeTree";
  const auto all = significant(sql_of(*table.engine));
  return all.empty() ? std::string() : all.front().value();
}

bool is_merge_tree(const Table& table) {
  return engine_name(table).ends_with("MergeTree");
}

bool is_alterable(const Table& table) {
  const std::string engine = engine_name(table);
  constexpr std::array<std::string_view, 5> others{"Memory", "Null", "Distributed", "Buffer", "Merge"};
  return is_merge_tree(table) || std::find(others.begin(), others.end(), engine) != others.end();
}

bool renames_columns(const Table& table) {
  const std::string engine = engine_name(table);
  return is_merge_tree(table) || engine == "Memory" || engine == "Distributed";
}

bool is_stream(const Table& table) {
  constexpr std::array<std::string_view, 6> streams{"Kafka",   "RabbitMQ",   "NATS",
                                                    "S3Queue", "AzureQueue", "FileLog"};
  return std::find(streams.begin(), streams.end(), engine_name(table)) != streams.end();
}

bool holds_nothing(const Table& table) {
  constexpr std::array<std::string_view, 5> ways{"Distributed", "Merge", "Null", "URL", "Buffer"};
  return is_stream(table) || std::find(ways.begin(), ways.end(), engine_name(table)) != ways.end();
}

bool is_replaceable(const Table& table) {
  return holds_nothing(table) && (!is_stream(table) || engine_name(table) == "Kafka");
}

}  // namespace trueup::clickhouse
