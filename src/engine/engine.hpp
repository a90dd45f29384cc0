// The seam between the shared core and an engine.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/kind_handler.hpp"

namespace trueup {

class ApplySupport;

struct Capabilities {
  bool transactional_ddl = false;
  bool multi_clause_alter = false;  ///< consecutive ALTER TABLEs of one table may be merged
  bool column_order = false;        ///< Column::position is compared
  bool namespaces = false;
  /// A foreign key may name a table that does not exist yet, and lives in its table's CREATE only: such
  /// references order what can be ordered and give way in a cycle.
  bool unchecked_foreign_keys = false;
  std::size_t max_identifier = 0;  ///< bytes; 0: no limit
  /// The server stores expressions and bodies in a spelling of its own, so that only it can tell the
  /// canonical form.
  bool respells = false;
  /// Views, triggers and dictionaries go on meaning a table or column that is renamed; elsewhere the names in
  /// their text stay as they were.
  bool bodies_follow_renames = false;
  /// Are texts kept as trees, which are spelled from what they name and how that is called now?
  bool keeps_trees() const { return respells && bodies_follow_renames; }
  /// The server writes the bodies of functions into what calls them: that changes with the function.
  bool inlines_functions = false;
  /// The server keeps definitions as they were written: what is the default anyway (ascending order, the key
  /// that a reference means) stays written or left out.
  bool keeps_text = false;
};

/// One entry of an engine's option table.
struct OptionSpec {
  std::string_view name;
  Kind on{};
  std::string_view default_value;  ///< canonical; an option that equals it is dropped by normalize
  bool alterable = true;
  std::string_view doc;
};

/// A statement cut out of a script, with the line it starts on.
struct ScriptStatement {
  std::string sql;  ///< without the separator and surrounding blanks, leading comments kept
  int line = 1;
  TxMode tx = TxMode::inside;
};

/// Token of SQL text. Comments and blanks are tokens too, so that text can be put together again unchanged.
struct Token {
  enum class Type { word, quoted_identifier, string, number, symbol, blank, comment, parameter } type{};
  std::string_view text;      ///< as written
  std::string value() const;  ///< identifier without quotes, folded as the engine folds; else the text
  std::string folded;         ///< what value() returns for words and quoted identifiers
};

/// A throw-away, empty database; gone with the object.
class ScratchDatabase {
 public:
  virtual ~ScratchDatabase() = default;
  virtual Connection& connection() = 0;
};

/// A name that an object has to itself while it is there: no other object holds the same one.
struct HeldName {
  std::string_view space;  ///< of which names: `relation`, `type`
  std::string within;      ///< the namespace, or what else the name is unique in
  std::string name;
  auto operator<=>(const HeldName&) const = default;
};

class EngineDialect {
 public:
  virtual ~EngineDialect() = default;
  virtual std::string_view name() const = 0;
  virtual Capabilities capabilities() const = 0;
  virtual std::span<const OptionSpec> options() const = 0;
  virtual const KindHandler* handler(Kind) const = 0;  ///< null: this engine has no such kind
  /// Does the kind have that field here? By default all but those that a single engine brings along.
  virtual bool has_field(Kind, std::string_view field) const;

  virtual std::string quote(std::string_view identifier) const = 0;
  virtual std::string literal(std::string_view text) const = 0;
  /// Value of a reference row as SQL for a column of that type.
  virtual std::string value(const RowValue& value, const DataType& type) const = 0;
  /// Full SQL spelling of a type.
  virtual std::string type_sql(const DataType& type) const = 0;
  /// Canonical spelling of a type an author wrote (`int4` -> `integer`, portable names mapped). Unknown names
  /// pass.
  virtual std::string canonical_type(std::string_view written) const = 0;

  /// Tokens in order; never throws, unclosed quotes run to the end. Views point into `sql`.
  virtual std::vector<Token> tokens(std::string_view sql) const = 0;
  /// Whitespace, comments, keyword case and redundant outer parentheses removed. Sound, not complete;
  /// idempotent.
  virtual std::string lexical_form(std::string_view sql) const = 0;
  /// Cuts a script into statements; knows strings, dollar quotes, trigger bodies.
  virtual std::vector<ScriptStatement> split(std::string_view script) const = 0;

  /// Reads a live database: every handler, then uses and inventory. Throws WorldError.
  virtual Catalog introspect(Connection&, const Scope&) const = 0;
  /// Engine-wide normalisation and resolution of a desired catalog: types to Refs, implied objects (serial
  /// sequences), namespaces filled in, option tables checked, then every handler's normalize. Idempotent.
  virtual void normalize(Catalog&, std::vector<Diagnostic>& found) const = 0;
  /// What every database of the engine has by itself and only one of two states mentions is added to the
  /// other as the engine makes it, so that it is altered, never created or dropped.
  virtual void complete(Catalog& from, Catalog& to) const;
  /// Fills Catalog::uses for objects that have none, from the tokens of their bodies: sound
  /// over-approximation.
  virtual void infer_uses(Catalog&) const = 0;
  /// Names that objects take by themselves when a rename turned `before` into `after`: key in `after`, new
  /// key.
  virtual std::vector<std::pair<ObjectKey, ObjectKey>> implied_renames(const Catalog& before,
                                                                       const ObjectKey& old_key,
                                                                       const Catalog& after,
                                                                       const ObjectKey& new_key) const;
  /// Every name that the object holds beside its own kind. By default relations and sequences share theirs.
  virtual std::vector<HeldName> held_names(const ObjectKey&, const ObjectBody&) const;
  /// An empty database on the same server as `beside`. Null where the engine has none; WorldError when the
  /// server does not let us.
  virtual std::unique_ptr<ScratchDatabase> scratch_beside(Connection& beside) const;
  /// Reads the reference rows of the tables for which `desired` declares data into `from`: all rows whose key
  /// is declared, and for tables with `on_removed: delete` all others too; values spelled so that equal data
  /// compares equal with the desired rows.
  virtual void read_rows(Connection&, const Catalog& desired, Catalog& from) const = 0;
  /// What no server would accept, found before any server is asked (a vector(3072) under ivfflat).
  virtual void precheck(const Catalog& to, std::vector<Diagnostic>& found) const;
  /// Brings the statements of a plan into the order, and together into the number, that the engine needs.
  virtual void arrange(std::vector<Statement>&) const;
  /// Statements for one server made into statements for a cluster, where the engine has such.
  virtual void spread(std::vector<Statement>&, const Cluster&) const;
  /// A statement as the engine's own client reads it from a script, separator and newline included.
  virtual std::string script_form(const std::string& sql) const;
  /// How migrations are applied; null: this engine cannot.
  virtual const ApplySupport* apply_support() const;
};

/// The written list of dialects. Null when the name is unknown.
const EngineDialect* dialect(std::string_view name);
std::vector<std::string_view> dialect_names();

}  // namespace trueup
