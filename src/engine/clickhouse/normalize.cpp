#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/catalog.hpp"
#include "engine/clickhouse/dialect.hpp"
#include "engine/clickhouse/followers.hpp"
#include "engine/clickhouse/former_columns.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/types.hpp"
#include "engine/finding.hpp"
#include "engine/inlined_functions.hpp"
#include "engine/own_definers.hpp"
#include "engine/row_forms.hpp"
#include "engine/row_uses.hpp"

namespace trueup::clickhouse {
namespace {
class Normalizer {
 public:
  Normalizer(Catalog& catalog, std::vector<Diagnostic>& found) : c_(catalog), found_(found) {}

  void run() {
    std::erase_if(c_.objects, [](const auto& e) { return e.first.kind == Kind::name_space; });
    flatten_nested();
    for (auto& [key, body] : c_.objects) {
      if (!key.ns.empty())
        report(key, "ClickHouse has no namespaces below the database",
               "leave the namespace out, or use `engines:`");
      if (auto* column = std::get_if<Column>(&body)) normalize_column(key, *column);
      if (auto* table = std::get_if<Table>(&body)) normalize_options(table->options);
      if (const KindHandler* h = clickhouse_dialect().handler(key.kind)) h->normalize(key, body, c_, found_);
    }
    rename_rows(c_, found_);
    sorting_keys();
    c_.namespaces.clear();
  }

 private:
  void report(const ObjectKey& key, const std::string& why, std::string remedy) {
    found_.push_back(finding(c_, key, why, std::move(remedy)));
  }

  /// `n Nested(a A, b B)` is stored as columns `n.a Array(A)` and `n.b Array(B)`.
  void flatten_nested() {
    std::vector<ObjectKey> nested;
    for (auto& [key, body] : c_.objects)
      if (auto* column = std::get_if<Column>(&body);
          column != nullptr && canonical_type(column->type.text).starts_with("Nested("))
        nested.push_back(key);
    for (const auto& key : nested) {
      const Column column = std::get<Column>(c_.objects.extract(key).mapped());
      const std::string type = canonical_type(column.type.text);
      const auto all = significant(type);
      const std::span<const Token> inner(all.data() + 2, all.size() - 3);
      std::int64_t shift = 0;
      for (const auto& element : by_commas(inner)) {
        Column flat = column;
        flat.position = column.position + shift++;
        flat.type.text = "Array(" + text_of(element.subspan(1)) + ")";
        c_.objects.emplace(child_key(Kind::column, key.owner, key.name + "." + element[0].value()),
                           std::move(flat));
      }
      shift_positions(key.owner, column.position, shift - 1, key.name + ".");
    }
  }
  void shift_positions(const std::string& table, std::int64_t after, std::int64_t by,
                       const std::string& except) {
    for (const auto& key : c_.columns(table_key(table)))
      if (auto& column = std::get<Column>(c_.objects.at(key));
          column.position > after && !key.name.starts_with(except))
        column.position += by;
  }

  void normalize_column(const ObjectKey& key, Column& column) {
    column.type.text = canonical_type(column.type.text);
    clauses_in_type(key, column.type.text);
    if (const auto name = doubtful_type(column.type.text); !name.empty())
      report(key, "ClickHouse has no type of that name", name);
    if (column.type.user) report(key, "ClickHouse has no declared types", "write the type out by engine");
    if (column.type.text.empty())
      report(key, "a column needs a type", "write it, also where a default could tell it");
    if (column.not_null && is_nullable(column.type.text))
      report(key, "it is `not null` and Nullable", "leave one of the two out");
    column.not_null = false;  // what is not Nullable refuses null by itself
    if (column.identity) report(key, "ClickHouse has no identity columns", "fill it from the application");
    if (!column.collation.empty())
      report(key, "columns of ClickHouse have no collation", "sort with COLLATE instead");
    if (column.generated && column.generated_kind.empty()) column.generated_kind = "stored";
    if (column.default_value && lower(trim(sql_of(*column.default_value))) == "null") {
      if (!is_nullable(column.type.text))
        report(key, "its default is null and its type is not Nullable",
               "write `Nullable(" + column.type.text + ")`");
      column.default_value.reset();
    }
    normalize_options(column.options);
    if (auto it = column.options.find("statistics"); it != column.options.end())
      it->second = joined_list(it->second);
    const std::string nothing = "defaultValueOfTypeName(" + literal(column.type.text) + ")";
    if (column.options.contains("ephemeral") && column.default_value &&
        lexical_form(sql_of(*column.default_value)) == lexical_form(nothing))
      column.default_value.reset();  // as the server shows EPHEMERAL without an expression after a change
  }

  /// `String codec(ZSTD(3))`: clauses have fields of their own.
  void clauses_in_type(const ObjectKey& key, const std::string& type) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> clauses{
        {{"materialized", "`generated:`"},
         {"alias", "`generated:` with `generated_kind: virtual`"},
         {"default", "`default:`"},
         {"ephemeral", "`options: { clickhouse: { ephemeral: true } }`"},
         {"codec", "`codec:`"},
         {"ttl", "`ttl:`"},
         {"comment", "`comment:`"},
         {"settings", "`options:`"},
         {"statistics", "`options: { clickhouse: { statistics: ... } }`"}}};
    const auto all = significant(type);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (is_symbol(all[i], "(")) i = closing(all, i);
      for (const auto& [word, field] : clauses)
        if (i > 0 && i < all.size() && is_word(all[i], word))
          return report(key, fmt::format("`{}` is no part of its type", all[i].text),
                        fmt::format("write it beside the type, with {}", field));
    }
  }

  static void normalize_options(Options& options) {
    for (auto& [name, value] : options) {
      if (value == "true") value = "1";
      if (value == "false") value = "0";
    }
  }

  static bool takes_primary_key(const Table& table) {
    const std::string engine = engine_name(table);
    return is_merge_tree(table) || engine == "EmbeddedRocksDB" || engine == "KeeperMap" || engine == "Redis";
  }

  /// One way to say that rows are sorted: a primary key that says the same as the sorting key says nothing.
  void sorting_keys() {
    std::vector<ObjectKey> needless;
    for (auto& [key, body] : c_.objects) {
      auto* table = std::get_if<Table>(&body);
      if (table == nullptr) continue;
      if (!table->engine) table->engine = Expr{"MergeTree", "MergeTree"};
      for (const auto& child : c_.children(key)) {
        const auto* primary = c_.find<PrimaryKey>(child);
        if (primary == nullptr) continue;
        const std::string parts = parts_sql(primary->on);
        if (!table->order_by && is_merge_tree(*table)) table->order_by = Expr{parts, ""};
        const bool same = table->order_by && elements_of(sql_of(*table->order_by)) == elements_of(parts);
        if (same || !takes_primary_key(*table)) needless.push_back(child);
      }
      if (!table->order_by && is_merge_tree(*table)) table->order_by = Expr{"tuple()", "tuple()"};
      if (is_merge_tree(*table) && table->options.contains("index_granularity") &&
          table->options.at("index_granularity") == "8192")
        table->options.erase("index_granularity");
    }
    for (const auto& key : needless) c_.objects.erase(key);
  }

  Catalog& c_;
  std::vector<Diagnostic>& found_;
};
}  // namespace

void normalize(Catalog& catalog, std::vector<Diagnostic>& found) {
  Normalizer(catalog, found).run();
}

namespace {
/// The server takes a sample only by what is in the primary key.
void check_sample(const ObjectKey& key, const Table& table, const Catalog& to,
                  std::vector<Diagnostic>& found) {
  if (!table.sample_by || !is_merge_tree(table)) return;
  std::string primary = table.order_by ? sql_of(*table.order_by) : "";
  for (const auto& child : to.children(key))
    if (const auto* own = to.find<PrimaryKey>(child)) primary = parts_sql(own->on);
  const auto sample = elements_of(sql_of(*table.sample_by));
  for (const auto& element : elements_of(primary))
    if (sample.size() == 1 && element == sample[0]) return;
  found.push_back(finding(to, key,
                          fmt::format("`sample_by: {}` is not in its primary key", sql_of(*table.sample_by)),
                          "add it to `primary_key`, or to `order_by` where that is the primary key"));
}

/// The server would put the column's default there, and never find the row equal to what is declared.
void check_nulls(const ObjectKey& key, const Row& row, const Catalog& to, std::vector<Diagnostic>& found) {
  for (const auto& [name, value] : row.values) {
    const auto* column = to.find<Column>(child_key(Kind::column, key.owner, name));
    if (value.type != "null" || column == nullptr) continue;
    const std::string& type = column->type.text;
    if (is_nullable(type) || type.starts_with("Variant(") || base_of(type) == "Dynamic") continue;
    found.push_back(finding(to, key, fmt::format("{} is null, and its type {} takes none", name, type),
                            fmt::format("give a value, or make the column Nullable({})", type)));
  }
}
}  // namespace

void precheck(const Catalog& to, std::vector<Diagnostic>& found) {
  for (const auto& [key, body] : to.objects) {
    if (const auto* table = std::get_if<Table>(&body)) {
      check_sample(key, *table, to, found);
      if (is_merge_tree(*table)) refuse_without_columns(to, key, found);
    }
    if (const auto* row = std::get_if<Row>(&body)) check_nulls(key, *row, to, found);
    const auto* view = std::get_if<MaterializedView>(&body);
    if (view == nullptr) continue;
    if (view->to && view->storage)
      found.push_back(finding(to, key, "it has both `to` and `storage`", "keep one of them"));
    if (view->to) {
      const auto target = significant(sql_of(*view->to));
      const std::string name = target.size() == 1 ? target[0].value() : "";
      if (!name.empty() && to.relation("", name) == nullptr &&
          !to.unmodelled.contains(to_string(table_key(name))))
        found.push_back(finding(to, key, "there is no table " + name + " for it to write to",
                                "declare the table, or drop the view with it"));
    }
    if (!view->to && !view->storage)
      found.push_back(finding(to, key, "it needs a table for its rows",
                              "name one with `to:`, or give the engine of its own with `storage:`"));
  }
}

void normalize_security(Options& options) {
  const auto it = options.find("sql_security");
  if (it != options.end()) it->second = upper(it->second);
  if (it == options.end() && options.contains("definer")) options["sql_security"] = "DEFINER";
}

namespace {
/// Options of a view that runs with the rights of its definer; null for others.
Options* options_of_definer(ObjectBody& body) {
  Options* out = nullptr;
  bool refreshes = false;
  if (auto* view = std::get_if<View>(&body)) out = &view->options;
  if (auto* view = std::get_if<MaterializedView>(&body))
    out = &view->options, refreshes = view->refresh.has_value();
  if (out == nullptr) return nullptr;
  const auto it = out->find("sql_security");
  return (it == out->end() ? refreshes : it->second == "DEFINER") ? out : nullptr;
}

void name_own_definers(Catalog& live, Catalog& other) {
  if (!live.server.starts_with(connected_as)) return;
  const std::string user = live.server.substr(connected_as.size());
  trueup::name_own_definers(live, other, user, options_of_definer, {"definer", "sql_security"});
}
}  // namespace

void complete(Catalog& from, Catalog& to) {
  name_own_definers(from, to);
  name_own_definers(to, from);
  differ_with_functions(from, to);
  differ_with_columns(from);
  for (const auto& [key, body] : to.objects) {
    const auto* wanted = std::get_if<PrimaryKey>(&body);
    const auto* before = wanted == nullptr ? nullptr : from.find<Table>(table_key(key.owner));
    if (before == nullptr || !before->order_by || !is_merge_tree(*before)) continue;
    const auto children = from.children(table_key(key.owner));
    const bool says_one = std::any_of(children.begin(), children.end(),
                                      [](const ObjectKey& child) { return child.kind == Kind::primary_key; });
    if (!says_one && elements_of(parts_sql(wanted->on)) == elements_of(sql_of(*before->order_by)))
      from.objects.emplace(key, *wanted);
  }
}

const Table* owner_of(const Catalog& catalog, const ObjectKey& child) {
  return catalog.find<Table>(table_key(child.owner));
}

std::set<std::string> key_words(const Catalog& catalog, const ObjectKey& table) {
  std::set<std::string> out;
  const auto* t = catalog.find<Table>(table);
  if (t == nullptr) return out;
  std::string text;
  for (const auto* e : {&t->engine, &t->order_by, &t->partition_by, &t->sample_by})
    if (*e) text += sql_of(**e) + " , ";
  for (const auto& child : catalog.children(table))
    if (const auto* primary = catalog.find<PrimaryKey>(child)) text += parts_sql(primary->on) + " , ";
  for (const auto& token : significant(text))
    if (is_name(token)) out.insert(token.value());
  return out;
}

namespace {
struct Words {
  std::set<std::string> names, strings;
  bool all = false;  ///< `SELECT *`
};
Words words_of(const ObjectBody& body) {
  Words out;
  for_each_expr(body, [&](const Expr& e) {
    const auto all = significant(sql_of(e));
    out.all = out.all || reads_all(sql_of(e));
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (is_name(all[i])) {
        out.names.insert(all[i].value());
        if (i + 2 < all.size() && is_symbol(all[i + 1], ".") && is_name(all[i + 2]))
          out.names.insert(all[i].value() + "." + all[i + 2].value());  // a flat column of Nested
      }
      if (all[i].type == Token::Type::string) out.strings.insert(unquoted(all[i].text));
    }
  });
  return out;
}

void own_columns(const Catalog& c, const std::string& table, const Words& words, std::set<ObjectKey>& out) {
  for (const auto& name : words.names)
    if (const ObjectKey key = child_key(Kind::column, table, name); c.contains(key)) out.insert(key);
}

/// Tables that are read through views, down to the last.
class Below {
 public:
  explicit Below(const Catalog& catalog) : c_(catalog) {}
  std::set<ObjectKey> tables(const ObjectKey& relation) {
    std::set<ObjectKey> seen{relation}, out;
    for (std::vector<ObjectKey> todo{relation}; !todo.empty();) {
      const ObjectKey key = todo.back();
      todo.pop_back();
      if (key.kind == Kind::table) out.insert(key);
      for (const auto& next : named_by(key))
        if (seen.insert(next).second) todo.push_back(next);
    }
    return out;
  }

 private:
  const std::set<ObjectKey>& named_by(const ObjectKey& key) {
    const auto [it, fresh] = named_.try_emplace(key);
    if (fresh && key.kind != Kind::table)
      for (const auto& name : words_of(c_.objects.at(key)).names)
        if (const ObjectKey* relation = c_.relation("", name)) it->second.insert(*relation);
    return it->second;
  }

  const Catalog& c_;
  std::map<ObjectKey, std::set<ObjectKey>> named_;
};

/// Views ask for the relations that they name; their columns, also those of tables below views that they
/// read, only set an order to prefer.
void relations(const Catalog& c, Below& below, const Words& words, Catalog::Uses& uses) {
  for (const auto& name : words.names)
    if (const ObjectKey* relation = c.relation("", name)) {
      uses.hard.insert(*relation);
      for (const auto& table : below.tables(*relation)) {
        own_columns(c, table.name, words, uses.soft);
        if (words.all)
          for (const auto& column : c.columns(table)) uses.soft.insert(column);
      }
    }
  for (const auto& name : words.strings)
    if (const ObjectKey* relation = c.relation("", name)) uses.soft.insert(*relation);
}

/// A dictionary reads columns of its own columns' names; a query is a string in its source.
void source_columns(const Catalog& c, const Dictionary& dictionary, Catalog::Uses& uses) {
  std::set<std::string> sources;
  for (const auto& token : significant(sql_of(dictionary.source))) {
    if (token.type != Token::Type::string) continue;
    const std::string text = unquoted(token.text);
    for (const auto& inner : significant(text))
      if (is_name(inner) && c.relation("", inner.value()) != nullptr) sources.insert(inner.value());
    if (c.relation("", text) != nullptr) sources.insert(text);
    for (const auto& inner : significant(text))
      for (const auto& source : sources)
        if (const ObjectKey column = child_key(Kind::column, source, inner.value()); c.contains(column))
          uses.soft.insert(column);
  }
  for (const auto& source : sources) {
    uses.soft.insert(*c.relation("", source));
    for (const auto& column : dictionary.columns)
      if (const ObjectKey key = child_key(Kind::column, source, column.name); c.contains(key))
        uses.soft.insert(key);
  }
}
}  // namespace

void infer_uses(Catalog& catalog) {
  Below below(catalog);
  RowUses rows(catalog);
  for (const auto& [key, body] : catalog.objects) {
    if (catalog.uses.contains(key) || key.kind == Kind::raw) continue;
    if (const auto* row = std::get_if<Row>(&body)) {
      catalog.uses.emplace(key, rows.of(key, *row));
      continue;
    }
    const Words words = words_of(body);
    Catalog::Uses uses;
    for (const auto& name : words.names)
      if (const ObjectKey used{Kind::function, "", "", name, ""}; catalog.contains(used))
        uses.soft.insert(used);
    if (info(key.kind).owned || key.kind == Kind::table)
      for (const auto& name :
           words.strings)  // dictGet('d', ...): the server asks for it when it makes a column
        if (const ObjectKey* used = catalog.relation("", name);
            used != nullptr && used->kind == Kind::dictionary)
          uses.soft.insert(*used);
    if (key.kind == Kind::function) {
      // a lambda: what it is given is not in it
    } else if (info(key.kind).owned) {
      own_columns(catalog, key.owner, words, uses.hard);
    } else if (key.kind == Kind::table) {
      own_columns(catalog, key.name, words, uses.soft);
      const auto& table = std::get<Table>(body);
      Catalog::Uses others;
      Table engine_only;
      engine_only.engine = table.engine;
      // Buffer, Distributed, Merge: the tables that the engine's arguments name.
      if (table.engine && !is_merge_tree(table)) relations(catalog, below, words_of(engine_only), others);
      others.hard.merge(others.soft);
      for (const auto& k : others.hard)
        if (k.kind != Kind::column) uses.soft.insert(k);
    } else {
      relations(catalog, below, words, uses);
      if (const auto* dictionary = std::get_if<Dictionary>(&body)) source_columns(catalog, *dictionary, uses);
    }
    uses.hard.erase(key);
    uses.soft.erase(key);
    for (const auto& k : uses.hard) uses.soft.erase(k);
    if (!uses.hard.empty() || !uses.soft.empty()) catalog.uses.emplace(key, std::move(uses));
  }
}

}  // namespace trueup::clickhouse
