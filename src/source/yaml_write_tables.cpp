// Tables as schema YAML: short strings wherever they say everything, which is proved by reading them back.
#include "base/text.hpp"
#include "engine/conventional_name.hpp"
#include "source/yaml_column.hpp"
#include "source/yaml_write_fields.hpp"

namespace trueup {
namespace {
constexpr std::size_t longest_inline = 100;

bool one_line_text(const std::string& s) {
  return s.find('\n') == std::string::npos;
}

/// A collation's name without the quotes that its canonical form may have.
std::string bare_collation(const std::string& written, const EngineDialect& dialect) {
  try {
    return parse_sql_column("x collate " + written, dialect).column.collation;
  } catch (const SqlTextError&) {
    return written;
  }
}

bool same_reference(const ForeignKey& body, const SqlReference& read) {
  if (read.table.back().written != body.ref_table.to.name) return false;
  if (read.table.size() == 2 && read.table.front().written != body.ref_table.to.ns) return false;
  if (read.columns.size() != body.ref_columns.size() ||
      read.on_delete_columns.size() != body.on_delete_columns.size())
    return false;
  for (std::size_t i = 0; i < read.columns.size(); ++i)
    if (read.columns[i].written != body.ref_columns[i].to.name) return false;
  for (std::size_t i = 0; i < read.on_delete_columns.size(); ++i)
    if (read.on_delete_columns[i].written != body.on_delete_columns[i].to.name) return false;
  const ForeignKey& k = read.clauses;
  return k.on_delete == body.on_delete && k.on_update == body.on_update && k.match == body.match &&
         k.deferrable == body.deferrable && k.initially_deferred == body.initially_deferred &&
         k.not_valid == body.not_valid && k.not_enforced == body.not_enforced;
}

bool bare(const auto& body) {
  if constexpr (requires { body.include; })
    if (!body.include.empty()) return false;
  if constexpr (requires { body.nulls_not_distinct; })
    if (body.nulls_not_distinct) return false;
  if constexpr (requires { body.on; })
    if (body.deferrable || body.initially_deferred) return false;
  if constexpr (requires { body.options; })
    if (!body.options.empty()) return false;
  return body.comment.empty() && body.renamed_from.empty();
}
}  // namespace

YamlOut YamlWriter::table(const ObjectKey& key) {
  const auto& table = body<Table>(key);
  YamlOut out = YamlOut::map();
  fields(out, key, table);
  std::set<ObjectKey> said;
  YamlOut columns = YamlOut::map();
  std::int64_t position = 0;
  for (const auto& child : catalog_.columns(key)) columns.add(child.name, column(child, ++position, said));
  if (!columns.empty()) out.add("columns", std::move(columns.block()));
  for (const auto& child : catalog_.children(key, Kind::primary_key))
    if (!said.contains(child)) out.add("primary_key", primary_key(child));
  parts(out, "unique", Kind::unique, key, said, &YamlWriter::unique);
  parts(out, "checks", Kind::check, key, said, &YamlWriter::check);
  parts(out, "exclusions", Kind::exclusion, key, said, &YamlWriter::exclusion);
  parts(out, "foreign_keys", Kind::foreign_key, key, said, &YamlWriter::foreign_key);
  parts(out, "indexes", Kind::index, key, said, &YamlWriter::index);
  parts(out, "projections", Kind::projection, key, said, &YamlWriter::projection);
  parts(out, "triggers", Kind::trigger, key, said, &YamlWriter::trigger);
  parts(out, "policies", Kind::policy, key, said, &YamlWriter::policy);
  if (!out.empty()) out.block();
  return out;
}

void YamlWriter::parts(YamlOut& out, std::string_view name, Kind kind, const ObjectKey& owner,
                       const std::set<ObjectKey>& said, Writer writer) {
  YamlOut all = YamlOut::map();
  for (auto it = catalog_.objects.lower_bound(ObjectKey{kind, owner.ns, owner.name, "", ""});
       it != catalog_.objects.end() && it->first.kind == kind && it->first.ns == owner.ns &&
       it->first.owner == owner.name;
       ++it)
    if (!said.contains(it->first)) all.add(it->first.name, (this->*writer)(it->first));
  if (!all.empty()) out.add(std::string(name), std::move(all.block()));
}

YamlOut YamlWriter::column(const ObjectKey& key, std::int64_t position, std::set<ObjectKey>& said) {
  const auto& column = body<Column>(key);
  const std::string text = column_text(key, column, position, said);
  if (!text.empty()) return YamlOut::loose(text);
  const bool typeless = column.type.text.empty() && !column.type.user && column == [&] {
    Column plain;
    plain.position = position;
    return plain;
  }();
  return typeless ? YamlOut::text("") : column_map(key, column, position);
}

YamlOut YamlWriter::column_map(const ObjectKey& key, const Column& column, std::int64_t position) {
  YamlOut out = YamlOut::map();
  fields(out, key, column, {"position"});
  if (column.identity) out.add("identity", identity(*column.identity));
  if (column.position != position) out.add("position", YamlOut::word(std::to_string(column.position)));
  return out;
}

/// Type, null, default, generation and collation in SQL's words.
std::string YamlWriter::column_clauses(const ObjectKey& key, const Column& column) const {
  std::string out;
  if (column.identity) {
    out += column.identity->generation == "always" ? " generated always as identity" : " identity";
    const SequenceOptions& o = column.identity->options;
    std::string inner;
    auto number = [&](std::string_view word, const std::optional<std::int64_t>& value) {
      if (value) inner += fmt::format("{}{} {}", inner.empty() ? "" : " ", word, *value);
    };
    number("start", o.start);
    number("increment", o.increment);
    number("minvalue", o.minimum);
    number("maxvalue", o.maximum);
    number("cache", o.cache);
    if (o.cycle) inner += inner.empty() ? "cycle" : " cycle";
    if (!inner.empty()) out += " (" + inner + ")";
  }
  if (column.not_null) out += " not null";
  if (column.default_value) out += " default " + column.default_value->comparable();
  if (column.generated) {
    out += " generated always as (" + column.generated->comparable() + ")";
    if (!column.generated_kind.empty()) out += " " + column.generated_kind;
  }
  if (!column.collation.empty()) {
    const bool word = column.collation.find_first_of(" \t\n") == std::string::npos;
    out += " collate " + (word ? column.collation : dialect_.quote(column.collation));
  }
  auto automatic = column.options.find("autoincrement");
  if (automatic != column.options.end() && automatic->second == "true") out += " autoincrement";
  static_cast<void>(key);
  return out;
}

/// How the loader reads a short string; null when it cannot. Few texts make up most columns.
const SqlColumn* YamlWriter::read_column(const std::string& text) {
  const auto [it, is_new] = read_.try_emplace(text);
  if (is_new) {
    try {
      it->second = std::make_unique<SqlColumn>(parse_sql_column(text, dialect_));
    } catch (const SqlTextError&) {  // null says so
    }
  }
  return it->second.get();
}

/// Column names of a table by position; valid until the next call.
const std::vector<std::string>& YamlWriter::column_names(const ObjectKey& table) const {
  if (names_of_ != table) {
    names_of_ = table;
    names_.clear();
    for (auto& each : catalog_.columns(table)) names_.push_back(std::move(each.name));
  }
  return names_;
}

std::string YamlWriter::column_text(const ObjectKey& key, const Column& column, std::int64_t position,
                                    std::set<ObjectKey>& said) {
  Options rest = column.options;
  rest.erase("autoincrement");
  if (!column.comment.empty() || !column.renamed_from.empty() || column.convert || column.codec ||
      column.ttl || column.position != position || !rest.empty() ||
      (!column.options.empty() && column.options.begin()->second != "true"))
    return {};
  const std::string base = type_text(column.type, key.ns) + column_clauses(key, column);
  if (!one_line_text(base) || base.size() > longest_inline) return {};
  auto reads_back = [&](const std::string& text, const std::vector<ObjectKey>& constraints) {
    const SqlColumn* parsed = read_column(text);
    if (parsed == nullptr) return false;
    const SqlColumn& read = *parsed;
    Column want = column;
    want.type = DataType{type_text(column.type, key.ns), {}, {}};
    want.collation = column.collation.empty() ? "" : bare_collation(column.collation, dialect_);
    Column got = read.column;
    got.position = position;
    if (read.autoincrement) got.options["autoincrement"] = "true";
    if (!(got == want)) return false;
    std::size_t found = 0;
    for (const auto& k : constraints) {
      if (k.kind == Kind::primary_key) found += read.primary_key ? 1U : 0U;
      if (k.kind == Kind::unique) found += read.unique ? 1U : 0U;
      if (k.kind == Kind::check)
        for (const auto& c : read.checks)
          found += c.expression == body<Check>(k).expression.comparable() ? 1U : 0U;
      if (k.kind == Kind::foreign_key)
        for (const auto& c : read.references)
          found += same_reference(body<ForeignKey>(k), *c.reference) ? 1U : 0U;
    }
    const std::size_t read_back =
        (read.primary_key ? 1U : 0U) + (read.unique ? 1U : 0U) + read.checks.size() + read.references.size();
    return found == constraints.size() && read_back == found;
  };
  if (!reads_back(base, {})) return {};
  std::string out = base;
  std::vector<ObjectKey> held;
  for (const auto& constraint : inline_constraints(key)) {
    std::vector<ObjectKey> more = held;
    more.push_back(constraint);
    const std::string longer = out + inline_clause(constraint);
    if (!one_line_text(longer) || longer.size() > longest_inline || !reads_back(longer, more)) continue;
    out = longer;
    held = std::move(more);
  }
  said.insert(held.begin(), held.end());
  return out;
}

bool YamlWriter::only_column(const std::vector<IndexPart>& on, const ObjectKey& column) const {
  IndexPart part;
  part.column = Ref{column};
  return on.size() == 1 && on.front() == part;
}

/// Would the loader give the object this very name if it had none?
bool YamlWriter::own_name(const ObjectKey& key, const std::vector<std::string>& columns,
                          std::string_view label) const {
  if (key.name != conventional_name(key.owner, columns, label)) return false;
  auto it = relation_names_.find({key.ns, key.name});
  return key.kind == Kind::check || key.kind == Kind::foreign_key ||
         (it != relation_names_.end() && it->second == 1);
}

std::vector<ObjectKey> YamlWriter::inline_constraints(const ObjectKey& column) const {
  const ObjectKey owner{Kind::table, column.ns, "", column.owner, ""};
  std::vector<ObjectKey> out;
  auto first = [&](Kind kind, const std::vector<std::string>& columns,
                   std::string_view label) -> const ObjectKey* {
    auto it = catalog_.objects.find(
        {kind, column.ns, column.owner, conventional_name(column.owner, columns, label), ""});
    return it != catalog_.objects.end() && own_name(it->first, columns, label) ? &it->first : nullptr;
  };
  if (const ObjectKey* k = first(Kind::primary_key, {}, "pkey"))
    if (const auto& b = body<PrimaryKey>(*k); bare(b) && only_column(b.on, column)) out.push_back(*k);
  if (const ObjectKey* k = first(Kind::unique, {column.name}, "key"))
    if (const auto& b = body<Unique>(*k); bare(b) && only_column(b.on, column)) out.push_back(*k);
  if (const ObjectKey* k = first(Kind::check, {column.name}, "check")) {
    const auto& b = body<Check>(*k);
    const std::vector<std::string> own{column.name};
    if (bare(b) && !b.not_valid && !b.not_enforced && !b.no_inherit &&
        check_name_columns(b.expression.comparable(), column_names(owner), dialect_) == own)
      out.push_back(*k);
  }
  if (const ObjectKey* k = first(Kind::foreign_key, {column.name}, "fkey")) {
    const auto& b = body<ForeignKey>(*k);
    if (bare(b) && b.columns == std::vector{Ref{column}} && catalog_.contains(b.ref_table.to))
      out.push_back(*k);
  }
  return out;
}

namespace {
/// ` on delete ...` and the like.
std::string reference_clauses(const ForeignKey& k) {
  std::string out;
  if (!k.match.empty()) out += " match " + k.match;
  if (!k.on_delete.empty()) out += " on delete " + k.on_delete;
  if (!k.on_update.empty()) out += " on update " + k.on_update;
  if (k.deferrable) out += " deferrable";
  if (k.initially_deferred) out += " initially deferred";
  if (k.not_valid) out += " not valid";
  if (k.not_enforced) out += " not enforced";
  return out;
}
}  // namespace

std::string YamlWriter::inline_clause(const ObjectKey& key) const {
  if (key.kind == Kind::primary_key) return " primary key";
  if (key.kind == Kind::unique) return " unique";
  if (key.kind == Kind::check) return " check (" + body<Check>(key).expression.comparable() + ")";
  const auto& k = body<ForeignKey>(key);
  std::vector<std::string> columns;
  for (const auto& ref : k.ref_columns) columns.push_back(sql_name(ref.to.name));
  return " references " + relation_name(k.ref_table.to, key.ns) +
         (columns.empty() ? std::string() : "(" + join(columns, ", ") + ")") + reference_clauses(k);
}

YamlOut YamlWriter::column_list(const std::vector<Ref>& refs) {
  YamlOut out = YamlOut::list();
  for (const auto& ref : refs) out.push(YamlOut::text(ref.to.name));
  return out;
}

template <class T>
void YamlWriter::key_fields(YamlOut& out, const ObjectKey& key, const T& body) {
  YamlOut on = YamlOut::list();
  const ObjectKey* owner = catalog_.relation(key.ns, key.owner);
  for (const auto& part : body.on) on.push(index_part(owner == nullptr ? key : *owner, part));
  out.add("on", std::move(on));
  if (!body.include.empty()) out.add("include", column_list(body.include));
  fields(out, key, body, {"using", "with", "options"});
}

YamlOut YamlWriter::primary_key(const ObjectKey& key) {
  const auto& k = body<PrimaryKey>(key);
  YamlOut out = YamlOut::map();
  if (!own_name(key, {}, "pkey")) out.add("name", YamlOut::text(key.name));
  key_fields(out, key, k);
  if (!k.options.empty()) out.add("options", options(k.options));
  return out.size() == 1 ? *out.find("on") : out;
}

YamlOut YamlWriter::unique(const ObjectKey& key) {
  const auto& k = body<Unique>(key);
  YamlOut out = YamlOut::map();
  key_fields(out, key, k);
  if (!k.options.empty()) out.add("options", options(k.options));
  return out.size() == 1 ? *out.find("on") : out;
}

YamlOut YamlWriter::check(const ObjectKey& key) {
  YamlOut out = YamlOut::map();
  fields(out, key, body<Check>(key));
  return out.size() == 1 ? *out.find("expression") : out;
}

YamlOut YamlWriter::exclusion(const ObjectKey& key) {
  YamlOut out = YamlOut::map();
  fields(out, key, body<Exclusion>(key));
  return out.size() == 1 ? *out.find("definition") : out;
}

YamlOut YamlWriter::projection(const ObjectKey& key) {
  YamlOut out = YamlOut::map();
  fields(out, key, body<Projection>(key));
  return out.size() == 1 ? *out.find("query") : out;
}

YamlOut YamlWriter::index(const ObjectKey& key) {
  const auto& k = body<Index>(key);
  YamlOut out = YamlOut::map();
  key_fields(out, key, k);
  if (!k.method.empty()) out.add("using", YamlOut::text(k.method));
  if (!k.options.empty()) {
    const bool clash =
        std::any_of(k.options.begin(), k.options.end(), [&](const auto& o) { return is_engine(o.first); });
    YamlOut with = YamlOut::map();
    for (const auto& [name, value] : k.options) with.add(name, YamlOut::loose(value));
    out.add("with", clash ? options(k.options) : std::move(with));
  }
  return out.size() == 1 ? *out.find("on") : out;
}

YamlOut YamlWriter::index_part(const ObjectKey& owner, const IndexPart& part) const {
  static const std::vector<std::string> none;
  const auto* view = owner.kind == Kind::table ? nullptr : catalog_.find<MaterializedView>(owner);
  const std::vector<std::string>& columns = owner.kind == Kind::table ? column_names(owner)
                                            : view != nullptr         ? view->columns
                                                                      : none;
  std::string text;
  if (part.column)
    text = sql_name(part.column->to.name);
  else if (part.expression)
    text = part.expression->comparable();
  IndexPart plain;
  plain.column = part.column;
  const bool lone =
      part == plain && std::find(columns.begin(), columns.end(), part.column->to.name) != columns.end();
  if (lone) return YamlOut::text(part.column->to.name);
  auto clauses = [&](std::string out) {
    if (!part.collation.empty()) out += " collate " + part.collation;
    if (!part.opclass.empty()) out += " " + part.opclass;
    if (!part.order.empty()) out += " " + part.order;
    if (!part.nulls.empty()) out += " nulls " + part.nulls;
    return out;
  };
  auto reads_back = [&](const std::string& written) {
    if (std::find(columns.begin(), columns.end(), written) != columns.end()) return false;
    try {
      SqlPart read = parse_sql_part(written, dialect_);
      if (read.column.has_value() != part.column.has_value()) return false;
      if (read.column) {
        const std::string& name = columns.empty() ? read.column->folded : read.column->written;
        if (name != part.column->to.name) return false;
        read.part.column = part.column;
      }
      IndexPart want = part;
      if (read.part.expression && read.part.expression->text == "(" + text + ")")
        read.part.expression->canonical = text;  // the parentheses are no part of the meaning
      if (!part.collation.empty()) want.collation = bare_collation(part.collation, dialect_);
      return read.part == want;
    } catch (const SqlTextError&) {
      return false;
    }
  };
  // Parentheses that somebody wrote stay where the server keeps the words of an index.
  const std::string* words = part.expression ? &part.expression->text : nullptr;
  const bool enclosed =
      words != nullptr && words->starts_with('(') && words->ends_with(')') && !text.starts_with('(');
  std::vector<std::string> heads{text, "(" + text + ")"};
  if (enclosed) std::swap(heads[0], heads[1]);
  for (const auto& head : heads)
    if (const std::string written = clauses(head); one_line_text(written) && reads_back(written))
      return YamlOut::text(written);
  YamlOut out = YamlOut::map();
  if (part.column) out.add("column", YamlOut::text(part.column->to.name));
  if (part.expression) out.add("expression", YamlOut::loose(part.expression->comparable()));
  auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) out.add(name, YamlOut::text(value));
  };
  add("order", part.order);
  add("nulls", part.nulls);
  add("collation", part.collation);
  add("opclass", part.opclass);
  if (part.prefix != 0) out.add("prefix", YamlOut::word(std::to_string(part.prefix)));
  return out;
}

YamlOut YamlWriter::reference(const ObjectKey& from, const ForeignKey& k) const {
  std::vector<std::string> names;
  for (const auto& ref : k.ref_columns) names.push_back(sql_name(ref.to.name));
  const std::string text = relation_name(k.ref_table.to, from.ns) +
                           (names.empty() ? std::string() : "(" + join(names, ", ") + ")");
  const bool missing = !catalog_.contains(k.ref_table.to);
  try {
    ForeignKey bare_key;
    bare_key.ref_table = k.ref_table;
    bare_key.ref_columns = k.ref_columns;
    if (!missing && same_reference(bare_key, parse_sql_reference(text, dialect_))) return YamlOut::text(text);
  } catch (const SqlTextError&) {
    // then the mapping says it
  }
  YamlOut out = YamlOut::map();
  const ObjectKey& table = k.ref_table.to;
  auto part = [](const std::string& s) {
    return s.find_first_of(".\"(") == std::string::npos ? s : '"' + replace_all(s, "\"", "\"\"") + '"';
  };
  out.add("table", YamlOut::text((table.ns == from.ns || table.ns.empty() ? "" : part(table.ns) + ".") +
                                 part(table.name)));
  if (!k.ref_columns.empty()) out.add("columns", column_list(k.ref_columns));
  if (missing) out.add("missing", YamlOut::word("true"));
  return out;
}

YamlOut YamlWriter::foreign_key(const ObjectKey& key) {
  const auto& k = body<ForeignKey>(key);
  YamlOut out = YamlOut::map();
  out.add("columns", column_list(k.columns));
  out.add("references", reference(key, k));
  if (!k.on_delete_columns.empty()) out.add("on_delete_columns", column_list(k.on_delete_columns));
  fields(out, key, k);
  return out;
}

YamlOut YamlWriter::trigger(const ObjectKey& key) {
  const auto& trigger = body<Trigger>(key);
  YamlOut out = YamlOut::map();
  if (!trigger.timing.empty()) out.add("timing", YamlOut::text(trigger.timing));
  YamlOut events = YamlOut::list();
  for (const auto& event : trigger.events) events.push(YamlOut::text(event));
  out.add("events", std::move(events));
  if (!trigger.update_of.empty()) out.add("update_of", column_list(trigger.update_of));
  if (trigger.from_table) {
    const ObjectKey& table = trigger.from_table->to;
    auto part = [](const std::string& s) {
      return s.find_first_of(".\"(") == std::string::npos ? s : '"' + replace_all(s, "\"", "\"\"") + '"';
    };
    const std::string ns = table.ns == key.ns || table.ns.empty() ? "" : part(table.ns) + ".";
    out.add("from_table", YamlOut::text(ns + part(table.name)));
  }
  fields(out, key, trigger, {"timing", "events"});
  return out;
}

YamlOut YamlWriter::policy(const ObjectKey& key) {
  YamlOut out = YamlOut::map();
  fields(out, key, body<Policy>(key));
  return out;
}

}  // namespace trueup
