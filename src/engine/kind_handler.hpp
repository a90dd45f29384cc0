// What the shared core asks an engine of one kind of object: the means of a change, and its statements.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "driver/connection.hpp"
#include "engine/scope.hpp"
#include "engine/statement.hpp"
#include "kinds/catalog.hpp"

namespace trueup {

class EngineDialect;

// ---- facts and means
/// A fact: an object that both states hold and whose compared fields differ.
struct Altered {
  ObjectKey key;
  std::vector<std::string> fields;
  bool has(std::string_view field) const;
  /// True when every changed field is among `allowed`.
  bool only(std::initializer_list<std::string_view> allowed) const;
};

/// How a new name comes about.
enum class RenameMeans {
  in_place,  ///< ALTER ... RENAME
  implied,   ///< by itself, when the owner is renamed (a name the engine does not store)
  rebuild,  ///< only when the owning table is copied: means() is asked for the new key, with the field `name`
  unsupported,  ///< not at all: an automatic rename is left as drop and create, a hint is refused
};

struct InPlace {};   ///< ALTER ...
struct Recreate {};  ///< DROP, then CREATE
struct Rebuild {
};  ///< the owning table is copied into a new one and swapped; absorbs every change to that table
struct Unsupported {
  std::string why;  ///< refuse, with a reason; never silence
  std::string remedy;
};
using Means = std::variant<InPlace, Recreate, Rebuild, Unsupported>;

// ---- steps
enum class Verb : std::uint8_t { rename, drop, alter, rebuild, create };
std::string_view to_string(Verb v);

struct Step {
  Verb verb{};
  ObjectKey key;                     ///< for rename: the new key
  std::optional<ObjectKey> old_key;  ///< rename only
  std::optional<ObjectKey>
      because;          ///< set when this step exists only because another object must be recreated
  bool folded = false;  ///< rendered inside the step of its owner just before it
};

/// What a render function may look at. `from` already carries new names (renames are applied first).
struct RenderContext {
  const Catalog& from;
  const Catalog& to;
  const EngineDialect& dialect;
  std::map<ObjectKey, std::string> former_names{};  ///< of what gets its new name in a rebuild
};

/// Collects statements. Owns quoting and the bookkeeping of what each statement is about.
class SqlWriter {
 public:
  explicit SqlWriter(const EngineDialect& dialect) : dialect_(dialect) {}
  SqlWriter& raw(std::string_view sql);
  SqlWriter& ident(std::string_view name);  ///< quoted where the engine needs it
  SqlWriter& name(const ObjectKey& key);    ///< qualified by namespace; not by owner
  SqlWriter& relation(std::string_view ns, std::string_view name);
  SqlWriter& literal(std::string_view text);        ///< string literal
  SqlWriter& idents(const std::vector<Ref>& refs);  ///< `a, b` of the referenced names
  bool empty() const { return sql_.empty(); }
  /// Closes one statement. Empty text is a bug and throws std::logic_error: no change may render as nothing.
  void end(TxMode tx = TxMode::inside, std::vector<Hazard> hazards = {});
  /// Set by the renderer before each step.
  void begin_step(const Step& step);
  std::vector<Statement> take();
  /// Number of statements closed so far.
  std::size_t count() const { return done_.size(); }

 private:
  const EngineDialect& dialect_;
  std::string sql_;
  Step step_;
  std::vector<Statement> done_;
};

// ---- one object kind on one engine: src/kinds/<kind>/<engine>.cpp
class KindHandler {
 public:
  virtual ~KindHandler() = default;
  /// Reads every object of this kind in scope into `out`, with uses where the server records them. One
  /// set-based query a kind, never one an object.
  virtual void introspect(Connection&, const Scope&, Catalog& out) const = 0;
  /// Brings an object to the engine's canonical form: defaults dropped, types and names spelled as the engine
  /// spells them. Idempotent. Problems (a type the engine lacks) are appended to `found`.
  virtual void normalize(const ObjectKey&, ObjectBody&, const Catalog&, std::vector<Diagnostic>& found) const;
  /// Fields that the desired state leaves open (an extension's version) take the current state's value.
  virtual void settle(ObjectBody& desired, const ObjectBody& current) const;
  /// Is an object that the desired state does not name left as it is, because that leaves it open?
  virtual bool left_open(const ObjectKey&, const Catalog& from, const Catalog& to) const;
  virtual RenameMeans rename_means(const ObjectKey& old_key, const ObjectKey& new_key,
                                   const Catalog& from) const;
  /// Asked of the child's handler for created and dropped children of a relation that both states hold: can
  /// only a rebuild of the owner bring it about?
  virtual bool needs_rebuild(Verb verb, const ObjectKey& child, const Catalog& from, const Catalog& to) const;
  virtual Means means(const Altered&, const Catalog& from, const Catalog& to) const = 0;
  /// Must `dependent` be gone while the change happens in place? (PostgreSQL: a view over a retyped column.)
  virtual bool blocks(const Altered&, const ObjectKey& dependent, const Catalog& from,
                      const Catalog& to) const;
  /// Does dropping and creating the object again, as this handler renders it, let go of that dependent and
  /// take it back? (PostgreSQL: a column's default is taken off while the function that it calls is away.)
  virtual bool lets_go(const ObjectKey&, const ObjectKey& dependent, const Catalog& from,
                       const Catalog& to) const;
  /// Other objects that an in-place change alters with it (columns of a replaced enum); their dependents are
  /// asked through blocks() of their own kind with the field `type` changed.
  virtual std::vector<ObjectKey> also_alters(const Altered&, const Catalog& from, const Catalog& to) const;
  /// Why an in-place change can lose data (`varchar(50) to varchar(10) can cut values`); empty when it
  /// cannot.
  virtual std::string loses_data(const Altered&, const Catalog& from, const Catalog& to) const;
  /// What dropping the object destroys, where its kind alone does not tell; empty when nothing.
  virtual std::string drop_loses_data(const ObjectKey&, const Catalog& from) const;
  /// May this child's create (drop) be rendered inside the CREATE (DROP) of its owner?
  virtual bool folds(Verb verb, const ObjectKey& child, const Catalog& catalog) const;
  /// Renders one step and the children folded into it, at least one statement; for rebuild: `folded` is empty
  /// and the handler rebuilds everything whose owner is the table from `context.to`.
  virtual void render(const Step&, std::span<const Step> folded, const RenderContext& context,
                      SqlWriter&) const = 0;
};

}  // namespace trueup
