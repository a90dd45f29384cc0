#include "engine/postgres/column_change.hpp"

#include <array>

#include "base/text.hpp"
#include "engine/conventional_name.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/lexer.hpp"
#include "engine/postgres/sequence_options.hpp"
#include "engine/postgres/types.hpp"

namespace trueup::postgres {
/// The type below domains.
DataType base_type(DataType type, const Catalog& catalog) {
  for (int depth = 0; type.user && depth < 16; ++depth) {
    const auto* domain = catalog.find<Domain>(type.user->to);
    if (domain == nullptr) break;
    const std::string suffix = type.suffix;
    type = domain->type;
    if (suffix.empty()) continue;
    if (type.user)
      type.suffix = suffix;
    else
      type.text += suffix;
  }
  return type;
}

namespace {
/// ALTER TABLE cannot turn a stored value into a computed one, nor change how it is computed on every
/// version: the column is dropped and added. Only for columns whose values come from elsewhere.
bool readded(const Column& a, const Column& b) {
  if (b.generated && !a.generated) return true;
  if (a.generated && b.generated)
    return !(*a.generated == *b.generated) || a.generated_kind != b.generated_kind || !(a.type == b.type) ||
           a.collation != b.collation;
  return a.generated && a.generated_kind == "virtual";
}
bool type_changes(const Column& a, const Column& b) {
  return !(a.type == b.type) || a.collation != b.collation;
}

/// Only the size changes: `varchar(20)` to `varchar(40)`.
bool only_size_changes(const DataType& a, const DataType& b) {
  if (a.user || b.user) return false;
  const TypeParts x = parse_type(a.text), y = parse_type(b.text);
  return x.base == y.base && x.ns == y.ns && x.array == y.array;
}

bool hard_uses(const Catalog& catalog, const ObjectKey& who, const ObjectKey& what) {
  const auto it = catalog.uses.find(who);
  return it != catalog.uses.end() && it->second.hard.contains(what);
}

bool retype_blocks(const ObjectKey& column, const ObjectKey& dependent, const Catalog& from, bool size_only) {
  switch (dependent.kind) {
    case Kind::view:
    case Kind::materialized_view:
    case Kind::function:
    case Kind::procedure:
    case Kind::aggregate:
      return true;
    case Kind::trigger:
    case Kind::policy:
      return true;  // UPDATE OF, WHEN; USING
    case Kind::column:
      return true;  // generated from it
    case Kind::check:
    case Kind::exclusion:
    case Kind::foreign_key:
      return !size_only;
    case Kind::index: {
      if (size_only) return false;
      const auto* index = from.find<Index>(dependent);
      const bool computed = index != nullptr && hard_uses(from, dependent, column);
      const bool special =
          index != nullptr && std::any_of(index->on.begin(), index->on.end(), [&](const IndexPart& p) {
            return !p.opclass.empty() || p.expression.has_value();
          });
      return computed || special || (index != nullptr && index->where.has_value());
    }
    default:
      return false;
  }
}
}  // namespace

Means column_means(const Altered& a, const Catalog& from, const Catalog& to) {
  const auto *before = from.find<Column>(a.key), *after = to.find<Column>(a.key);
  const ObjectKey* table = from.relation(a.key.ns, a.key.owner);
  if (before == nullptr || after == nullptr || table == nullptr || !type_changes(*before, *after))
    return InPlace{};
  for (const auto& [key, body] : from.objects) {
    const auto* column = std::get_if<Column>(&body);
    if (column == nullptr || !column->type.user || column->type.user->to != *table || !to.contains(key))
      continue;
    return Unsupported{
        fmt::format("cannot change its type: {} holds whole rows of the table", to_string(key)),
        "drop that column first, or make it jsonb"};
  }
  return InPlace{};
}

bool column_blocks(const Altered& a, const ObjectKey& dependent, const Catalog& from, const Catalog& to) {
  const auto* before = from.find<Column>(a.key);
  const auto* after = to.find<Column>(a.key);
  if (before == nullptr || after == nullptr || dependent.kind == Kind::row) return false;
  if (readded(*before, *after)) return true;
  if (!a.has("type") && !a.has("collation")) return false;
  // Equal types: the type itself is replaced by one of the same name.
  const bool size_only = !(before->type == after->type) && only_size_changes(before->type, after->type);
  return retype_blocks(a.key, dependent, from, size_only);
}

std::string column_loses(const Altered& a, const Catalog& from, const Catalog& to) {
  const auto* before = from.find<Column>(a.key);
  const auto* after = to.find<Column>(a.key);
  if (before == nullptr || after == nullptr) return {};
  if (after->generated && !before->generated) return "stored values are replaced by computed ones";
  if (before->generated && before->generated_kind == "virtual" && !after->generated)
    return "its values are computed and stored nowhere, and PostgreSQL has no way to store them";
  if (before->generated || before->type == after->type || after->convert) return {};
  const auto change = type_change(base_type(before->type, from), base_type(after->type, to));
  if (change.loses.empty()) return {};
  const std::string old_name = display_type(before->type), new_name = display_type(after->type);
  if (old_name == new_name && before->type.user && after->type.user)  // of another kind
    return fmt::format("{} to {}: {}", to_string(before->type.user->to), to_string(after->type.user->to),
                       change.loses);
  return fmt::format("{} to {}: {}", old_name, new_name, change.loses);
}

std::string identity_sequence(const std::string& table, const std::string& column, const Options& options) {
  const auto it = options.find("sequence");
  return it != options.end() ? it->second : conventional_name(table, {column}, "seq");
}

namespace {
std::optional<std::string> written_sequence(const Column& c) {
  const auto it = c.options.find("sequence");
  return it == c.options.end() ? std::nullopt : std::optional(it->second);
}

void write_identity_options(SqlWriter& w, const ObjectKey& key, const Column& c,
                            const std::optional<std::string>& sequence) {
  const std::string options(trim(sequence_clauses(c.identity->options)));
  if (!sequence && options.empty()) return;
  w.raw(" (");
  if (sequence) w.raw("SEQUENCE NAME ").relation(key.ns, *sequence).raw(options.empty() ? "" : " ");
  w.raw(options).raw(")");
}
}  // namespace

std::string default_clause(const Expr& e) {
  const std::string& text = sql_of(e);
  constexpr std::array<std::string_view, 14> words{"at",      "and",    "or",      "not",     "in",
                                                   "is",      "like",   "ilike",   "between", "similar",
                                                   "collate", "isnull", "notnull", "overlaps"};
  const auto tokens = significant(text);
  const bool open = std::any_of(tokens.begin(), tokens.end(), [&](const Token& t) {
    return t.type == Token::Type::word && std::find(words.begin(), words.end(), t.folded) != words.end();
  });
  return " DEFAULT " + (open ? parenthesised(text) : text);
}

void write_column_definition(SqlWriter& w, const ObjectKey& key, const Column& c,
                             const RenderContext& context) {
  w.ident(key.name).raw(" ").raw(context.dialect.type_sql(c.type));
  if (const auto it = c.options.find("compression"); it != c.options.end())
    w.raw(" COMPRESSION ").raw(it->second);
  if (!c.collation.empty()) w.raw(" COLLATE ").raw(collation_sql(c.collation));
  if (c.identity) {
    w.raw(" GENERATED ")
        .raw(c.identity->generation == "always" ? "ALWAYS" : "BY DEFAULT")
        .raw(" AS IDENTITY");
    write_identity_options(w, key, c, written_sequence(c));
  } else if (c.not_null) {
    w.raw(" NOT NULL");
  }
  if (c.default_value) w.raw(default_clause(*c.default_value));
  if (c.generated)
    w.raw(" GENERATED ALWAYS AS ")
        .raw(parenthesised(sql_of(*c.generated)))
        .raw(c.generated_kind == "virtual" ? " VIRTUAL" : " STORED");
}

namespace {
SqlWriter& alter(SqlWriter& w, const ObjectKey& key) {
  w.raw("ALTER TABLE ");
  return write_owner(w, key).raw(" ALTER COLUMN ").ident(key.name);
}

Options attribute_options(const Options& options) {
  Options out = options;
  for (const char* name : {"storage", "compression", "statistics", "sequence", "sequence_comment"})
    out.erase(name);
  return out;
}

/// The storage that the type itself has; SET STORAGE DEFAULT only came with 16.
std::string_view default_storage(const DataType& type) {
  const TypeParts p = parse_type(type.text);
  constexpr std::array<std::string_view, 3> main{"numeric", "inet", "cidr"};
  const bool is_main = !type.user && !p.array && std::find(main.begin(), main.end(), p.base) != main.end();
  return is_main ? "main" : "extended";
}

void write_options(SqlWriter& w, const ObjectKey& key, const DataType& type, const Options& a,
                   const Options& b) {
  auto changed = [&](const char* name) -> std::optional<std::string> {
    const auto x = a.find(name), y = b.find(name);
    const std::string have = x == a.end() ? "" : x->second, want = y == b.end() ? "" : y->second;
    return have == want ? std::nullopt : std::optional(want);
  };
  if (const auto v = changed("storage"))
    alter(w, key).raw(" SET STORAGE ").raw(v->empty() ? default_storage(type) : *v).end();
  if (const auto v = changed("compression"))
    alter(w, key).raw(" SET COMPRESSION ").raw(v->empty() ? "DEFAULT" : *v).end();
  if (const auto v = changed("statistics"))
    alter(w, key).raw(" SET STATISTICS ").raw(v->empty() ? "-1" : *v).end();
  const Options x = attribute_options(a), y = attribute_options(b);
  Options set;
  std::string reset;
  for (const auto& [name, value] : y)
    if (const auto it = x.find(name); it == x.end() || it->second != value) set.emplace(name, value);
  for (const auto& [name, value] : x)
    if (!y.contains(name)) reset += (reset.empty() ? "" : ", ") + name;
  if (!set.empty()) alter(w, key).raw(" SET (").raw(parameter_list(set)).raw(")").end();
  if (!reset.empty()) alter(w, key).raw(" RESET (").raw(reset).raw(")").end();
}

void write_column_comment(SqlWriter& w, const ObjectKey& key, const std::string& comment) {
  w.raw("COMMENT ON COLUMN ");
  write_owner(w, key).raw(".").ident(key.name).raw(" IS ");
  if (comment.empty())
    w.raw("NULL").end();
  else
    w.literal(comment).end();
}

/// Comment on the sequence of an identity column, which is another one than `before`'s or had another.
void write_sequence_comment(SqlWriter& w, const ObjectKey& key, const Column* before, const Column& c,
                            const std::string& sequence) {
  const auto comment = [](const Column& of) {
    const auto it = of.options.find("sequence_comment");
    return it == of.options.end() || !of.identity ? std::string() : it->second;
  };
  const std::string now = comment(c);
  if (now == (before == nullptr ? "" : comment(*before)) || !c.identity) return;
  write_comment(w, "SEQUENCE", {Kind::sequence, key.ns, {}, sequence, {}}, now);
}
}  // namespace

void write_column_extras(SqlWriter& w, const ObjectKey& key, const Column& c) {
  Options rest = c.options;
  rest.erase("compression");  // part of the definition
  write_options(w, key, c.type, {}, rest);
  write_sequence_comment(w, key, nullptr, c, identity_sequence(key.owner, key.name, c.options));
  if (!c.comment.empty()) write_column_comment(w, key, c.comment);
}

namespace {
/// Constants and stable functions are stored once; anything else is computed for every row.
bool fills_rows(const Column& c) {
  if (c.identity || (c.generated && c.generated_kind == "stored")) return true;
  if (!c.default_value) return false;
  const auto tokens = significant(sql_of(*c.default_value));
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i)
    if (tokens[i].type == Token::Type::word && tokens[i + 1].text == "(" && tokens[i].folded != "now")
      return true;
  return false;
}

/// It was there, and others stay behind which it stands from now on.
bool moves_to_end(const ObjectKey& key, const RenderContext& context) {
  const ObjectKey* table = context.from.relation(key.ns, key.owner);
  if (table == nullptr || !context.from.contains(key)) return false;
  const auto columns = context.from.columns(*table);
  return std::find(columns.begin(), columns.end(), key) + 1 != columns.end();
}
}  // namespace

void add_column(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
  const auto& c = *context.to.find<Column>(key);
  w.raw("ALTER TABLE ");
  write_owner(w, key).raw(" ADD COLUMN ");
  write_column_definition(w, key, c, context);
  std::vector<Hazard> hazards;
  if (on_existing_relation(key, context)) {
    if (fills_rows(c)) hazards.push_back(rewrites(key));
    if (moves_to_end(key, context))
      hazards.push_back({HazardKind::other, "the column moves to the end of the table"});
    if (c.not_null && !c.default_value && !c.identity && !c.generated)
      hazards.push_back(
          {HazardKind::other, "fails when the table has rows: the new column is NOT NULL without default"});
  }
  w.end(TxMode::inside, std::move(hazards));
  write_column_extras(w, key, c);
}

namespace {
/// One column's way from `a` to `b` by ALTER COLUMN, in an order that the server accepts.
class ColumnAlter {
 public:
  ColumnAlter(const ObjectKey& key, const RenderContext& context, SqlWriter& w)
      : key_(key),
        context_(context),
        w_(w),
        a_(*context.from.find<Column>(key)),
        b_(*context.to.find<Column>(key)) {}

  void run() {
    if (readded(a_, b_)) {
      w_.raw("ALTER TABLE ");
      write_owner(w_, key_).raw(" DROP COLUMN ").ident(key_.name).end();
      add_column(key_, context_, w_);
      return;
    }
    if (a_.generated && !b_.generated) alter(w_, key_).raw(" DROP EXPRESSION").end();
    if (a_.identity && !b_.identity && !successor_of_identity(key_, context_))
      alter(w_, key_).raw(" DROP IDENTITY").end();
    drop_default();
    retype();
    nullability();
    set_default();
    identity();
    write_options(w_, key_, b_.type, a_.options, b_.options);
    if (a_.comment != b_.comment) write_column_comment(w_, key_, b_.comment);
  }

 private:
  static bool same(const std::optional<Expr>& x, const std::optional<Expr>& y) { return x == y; }

  /// The server converts a default with the type, but spells it its own way or not at all.
  bool default_steps_aside() const {
    return a_.default_value && !(a_.type == b_.type) && !only_size_changes(a_.type, b_.type);
  }
  void drop_default() {
    if (a_.default_value && (default_steps_aside() || !b_.default_value))
      alter(w_, key_).raw(" DROP DEFAULT").end();
  }
  void set_default() {
    if (!b_.default_value || (same(a_.default_value, b_.default_value) && !default_steps_aside())) return;
    alter(w_, key_).raw(" SET DEFAULT ").raw(sql_of(*b_.default_value)).end();
  }

  void retype() {
    if (!type_changes(a_, b_)) return;
    const DataType from = base_type(a_.type, context_.from), to = base_type(b_.type, context_.to);
    const TypeChange change = type_change(from, to);
    const std::string type = context_.dialect.type_sql(b_.type);
    alter(w_, key_).raw(" TYPE ").raw(type);
    if (!b_.collation.empty()) w_.raw(" COLLATE ").raw(collation_sql(b_.collation));
    if (b_.convert)
      w_.raw(" USING ").raw(sql_of(*b_.convert));
    else if (!change.assignable && !a_.generated)
      w_.raw(" USING ").ident(key_.name).raw(explicit_cast(from, to) ? "" : "::text").raw("::").raw(type);
    std::vector<Hazard> hazards;
    if (change.rewrites || b_.convert) hazards.push_back(rewrites(key_));
    if (!change.assignable && !b_.convert)
      hazards.push_back({HazardKind::other, "fails when a value cannot be converted"});
    w_.end(TxMode::inside, std::move(hazards));
  }

  void nullability() {
    if (a_.not_null == b_.not_null) return;
    if (b_.not_null) {
      alter(w_, key_).raw(" SET NOT NULL");
      Hazard fails = scans(key_);
      fails.message += "; fails when a value is null";
      w_.end(TxMode::inside, {fails});
    } else {
      alter(w_, key_).raw(" DROP NOT NULL").end();
    }
  }

  void identity() {
    if (!b_.identity) return;
    if (!a_.identity) {
      alter(w_, key_).raw(" ADD GENERATED ").raw(generation()).raw(" AS IDENTITY");
      const auto interim = interim_sequence(key_, context_);
      write_identity_options(w_, key_, b_, interim ? interim : written_sequence(b_));
      w_.end();
      write_sequence_comment(w_, key_, nullptr, b_,
                             interim.value_or(identity_sequence(key_.owner, key_.name, b_.options)));
      if (b_.identity->options.increment.value_or(1) < 0) return;
      continue_counting(b_.identity->options.minimum.value_or(1));
      return;
    }
    const std::string have = identity_sequence(key_.owner, key_.name, a_.options);
    const std::string want = identity_sequence(key_.owner, key_.name, b_.options);
    if (have != want) w_.raw("ALTER SEQUENCE ").relation(key_.ns, have).raw(" RENAME TO ").ident(want).end();
    if (a_.identity->generation != b_.identity->generation)
      alter(w_, key_).raw(" SET GENERATED ").raw(generation()).end();
    move_into_bounds({Kind::sequence, key_.ns, {}, want, {}}, {a_.identity->options, a_.type.text},
                     {b_.identity->options, b_.type.text}, w_);
    const auto changes = sequence_changes(a_.identity->options, b_.identity->options, b_.type.text, "SET ");
    if (!changes.empty()) alter(w_, key_).raw(changes).end();
    write_sequence_comment(w_, key_, &a_, b_, want);
  }
  std::string_view generation() const {
    return b_.identity->generation == "always" ? "ALWAYS" : "BY DEFAULT";
  }

  std::string table() const {
    return (key_.ns.empty() ? "" : quote_identifier(key_.ns) + ".") + quote_identifier(key_.owner);
  }
  /// The new sequence starts behind the values that are there, and behind those that the sequence of the
  /// former default has given out.
  void continue_counting(std::int64_t least) {
    std::string last = fmt::format("max({})", quote_identifier(key_.name));
    const auto uses = context_.from.uses.find(key_);
    if (a_.default_value && uses != context_.from.uses.end())
      for (const auto& used : uses->second.hard)
        if (used.kind == Kind::sequence)
          last = fmt::format("greatest({}, (SELECT last_value FROM {}.{} WHERE is_called))", last,
                             quote_identifier(used.ns), quote_identifier(used.name));
    w_.raw("SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence(").literal(table()).raw(", ");
    w_.literal(key_.name).raw(fmt::format("), {0}) FROM {1} HAVING {0} >= {2}", last, table(), least)).end();
  }

  const ObjectKey& key_;
  const RenderContext& context_;
  SqlWriter& w_;
  const Column& a_;
  const Column& b_;
};
}  // namespace

std::string sequence_of_identity(const ObjectKey& column, const RenderContext& context) {
  return identity_sequence(column.owner, column.name, context.from.find<Column>(column)->options);
}

std::optional<ObjectKey> successor_of_identity(const ObjectKey& column, const RenderContext& context) {
  const auto* before = context.from.find<Column>(column);
  const auto* after = context.to.find<Column>(column);
  if (before == nullptr || after == nullptr || !before->identity || after->identity) return std::nullopt;
  const auto uses = context.to.uses.find(column);
  if (uses == context.to.uses.end()) return std::nullopt;
  for (const auto& sequence : uses->second.hard) {
    if (sequence.kind != Kind::sequence || context.from.contains(sequence)) continue;
    const auto* tie =
        context.to.find<SequenceOwner>({Kind::sequence_owner, sequence.ns, {}, sequence.name, {}});
    if (tie != nullptr && tie->column.to == column) return sequence;
  }
  return std::nullopt;
}

std::optional<std::string> interim_sequence(const ObjectKey& column, const RenderContext& context) {
  const auto* before = context.from.find<Column>(column);
  const auto* after = context.to.find<Column>(column);
  if (before == nullptr || after == nullptr || before->identity || !after->identity) return std::nullopt;
  const ObjectKey former{
      Kind::sequence, column.ns, {}, identity_sequence(column.owner, column.name, after->options), {}};
  if (!hard_uses(context.from, column, former) || context.to.contains(former)) return std::nullopt;
  return conventional_name(column.owner, {column.name}, "trueup_seq");
}

void alter_column(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
  ColumnAlter(key, context, w).run();
}

}  // namespace trueup::postgres
