#include "report/schema_reference.hpp"

#include "base/text.hpp"
#include "engine/engine.hpp"
#include "kinds/walk.hpp"
#include "report/schema_guide.hpp"

namespace trueup {
namespace {
/// What an author writes for a field of that type.
template <class M>
constexpr std::string_view written() {
  if constexpr (detail::is_optional<M>::value)
    return written<typename M::value_type>();
  else if constexpr (std::is_same_v<M, std::string>)
    return "text";
  else if constexpr (std::is_same_v<M, bool>)
    return "true or false";
  else if constexpr (std::is_same_v<M, std::int64_t>)
    return "number";
  else if constexpr (std::is_same_v<M, Expr>)
    return "SQL";
  else if constexpr (std::is_same_v<M, DataType>)
    return "type";
  else if constexpr (std::is_same_v<M, Ref>)
    return "name";
  else if constexpr (std::is_same_v<M, std::vector<Ref>>)
    return "list of names";
  else if constexpr (std::is_same_v<M, std::vector<std::string>>)
    return "list of text";
  else if constexpr (std::is_same_v<M, std::vector<IndexPart>>)
    return "list of parts";
  else if constexpr (std::is_same_v<M, std::map<std::string, std::string>>)
    return "mapping";
  else if constexpr (std::is_same_v<M, RowValues>)
    return "mapping";
  else if constexpr (std::is_same_v<M, Identity>)
    return "`always`, `by default` or a mapping";
  else if constexpr (std::is_same_v<M, SequenceOptions>)
    return "numbers";
  else
    return "mapping";
}

std::string cell(std::string_view s) {
  return replace_all(std::string(s), "|", "\\|");
}

/// One table of fields. `renamed`: what YAML calls a field otherwise; an empty name leaves it out.
template <class T>
void fields(std::string& out, std::string_view heading, std::string_view place,
            const std::map<std::string_view, std::string_view>& renamed = {}) {
  out += fmt::format("\n## {}\n\n{}\n\n| field | value | meaning |\n| --- | --- | --- |\n", heading, place);
  for_each_field<T>([&](const auto& f) {
    using M = std::remove_cvref_t<decltype(std::declval<T>().*f.member)>;
    std::string_view name = f.name;
    if (auto it = renamed.find(name); it != renamed.end()) name = it->second;
    if (!name.empty()) out += fmt::format("| `{}` | {} | {} |\n", name, written<M>(), cell(f.doc));
  });
}

void tables(std::string& out) {
  fields<Table>(out, "Tables",
                "`tables:` name: mapping. Also `columns`, `include`, `primary_key`, `unique`, `checks`, "
                "`exclusions`, `foreign_keys`, `indexes`, `triggers`, `policies`.");
  fields<Column>(out, "Columns", "`columns:` of a table, name: short string or mapping.");
  fields<PrimaryKey>(out, "Primary keys",
                     "`primary_key:` of a table: a list of parts or a mapping; also `name`.");
  fields<Unique>(out, "Unique constraints", "`unique:` of a table, name: a list of parts or a mapping.");
  fields<Check>(out, "Checks", "`checks:` of a table, name: condition or mapping.");
  fields<Exclusion>(out, "Exclusion constraints", "`exclusions:` of a table, name: definition or mapping.");
  fields<ForeignKey>(out, "Foreign keys", "`foreign_keys:` of a table, name: mapping.",
                     {{"ref_table", "references"}, {"ref_columns", ""}});
  fields<Index>(out, "Indexes",
                "`indexes:` of a table or materialized view, name: a list of parts or a mapping.");
  fields<IndexPart>(out, "Parts of keys", "Items of `on:` in primary keys, unique constraints and indexes.");
  fields<Trigger>(out, "Triggers", "`triggers:` of a table or view, name: mapping.");
  fields<Policy>(out, "Policies", "`policies:` of a table, name: mapping.");
}

void others(std::string& out) {
  fields<Database>(out, "Database",
                   "`database:` mapping, once: the database itself. Left out, it stays as it is.");
  fields<Namespace>(out, "Namespaces", "`namespaces:` name: mapping or nothing; or a list of names.");
  fields<Extension>(out, "Extensions", "`extensions:` name: mapping or nothing; or a list of names.");
  fields<EnumType>(out, "Enums",
                   "`enums:` name: a list of values or a mapping. A value is text or `{name, renamed_from}`.",
                   {{"renamed_values", ""}});
  fields<Domain>(out, "Domains",
                 "`domains:` name: short string or mapping. `checks` is a mapping of names or a list.");
  fields<CompositeType>(out, "Composite types",
                        "`types:` name: mapping. `attributes` maps names to types or mappings.");
  fields<Attribute>(out, "Attributes", "Values of `attributes:` of a composite type.", {{"name", ""}});
  fields<Sequence>(out, "Sequences", "`sequences:` name: mapping or nothing; also `owned_by: table.column`.",
                   {{"options", ""}});
  fields<SequenceOptions>(out, "Numbers of sequences", "In `sequences:` and in `identity:` of a column.");
  fields<View>(out, "Views", "`views:` name: query or mapping. Also `triggers`.");
  fields<MaterializedView>(out, "Materialized views",
                           "`materialized_views:` name: query or mapping. Also `indexes`.");
  fields<Projection>(out, "Projections", "`projections:` of a table, name: query or mapping.");
  fields<Dictionary>(out, "Dictionaries",
                     "`dictionaries:` name: mapping. `columns` maps names to a type with its clauses.");
  fields<VirtualTable>(out, "Virtual tables", "`virtual_tables:` name: definition or mapping.");
  fields<Event>(out, "Events", "`events:` name: mapping.");
  const std::map<std::string_view, std::string_view> args{{"arguments", "args"}};
  fields<Function>(out, "Functions", "`functions:` name or name(argument types): mapping.", args);
  fields<Procedure>(out, "Procedures", "`procedures:` name or name(argument types): mapping.", args);
  fields<Aggregate>(out, "Aggregates", "`aggregates:` name or name(argument types): mapping.", args);
  fields<Raw>(out, "Raw objects", "`raw:` name: mapping.");
  fields<Row>(out, "Reference rows", "`data:` table: mapping, or a list of them. Also `from`.",
              {{"values", "rows"}});
}

void options(std::string& out) {
  for (auto name : dialect_names()) {
    const EngineDialect* engine = dialect(name);
    if (engine == nullptr || engine->options().empty()) continue;
    out +=
        fmt::format("\n## Settings of {}\n\nUnder `options:` (`with:` for indexes) of the kind.\n\n", name);
    out += "| kind | setting | default | meaning |\n| --- | --- | --- | --- |\n";
    for (const OptionSpec& o : engine->options()) {
      const std::string value = o.default_value.empty() ? "" : fmt::format("`{}`", o.default_value);
      out += fmt::format("| {} | `{}` | {} | {} |\n", info(o.on).name, o.name, value, cell(o.doc));
    }
  }
}
}  // namespace

std::string schema_reference() {
  std::string out(schema_guide());
  tables(out);
  others(out);
  options(out);
  return out;
}

}  // namespace trueup
