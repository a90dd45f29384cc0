// Statements for stored programs: triggers, functions and procedures.
#pragma once
#include "engine/engine.hpp"
#include "engine/mysql/cursor.hpp"

namespace trueup::mysql {

/// The trigger of the same table, time and event that it is to run right after, where the catalog has it.
std::optional<ObjectKey> followed_trigger(const Catalog&, const ObjectKey& trigger);
/// Triggers of a table in the order in which they run, those of several moments mixed: each behind the one
/// that it follows, else by name.
std::vector<ObjectKey> triggers_in_order(const Catalog&, const ObjectKey& table);
/// Gives every trigger but the first of its moment the one before it as `follows`, as the servers have it:
/// there, too, two cannot follow the same one.
void chain_triggers(Catalog&);
/// A trigger goes and comes with the one that it follows. The servers put a new one last, or right behind
/// another: so what is behind it in the chain is made again after it, and nothing stands where it was by
/// luck.
void stand_on_each_other(Catalog&);
void create_trigger(const Catalog&, const ObjectKey& trigger, SqlWriter&);
/// What stands between the definer and the body, but for the clause that gives the order.
std::string trigger_header(const ObjectKey&, const Trigger&);
/// Do both say the same, but for blanks, quotes and the case of keywords?
bool same_header(const std::string& a, const std::string& b);
void drop_trigger(const ObjectKey& trigger, SqlWriter&);

/// Body of a program out of the server's CREATE statement, as it was written. ParseError where none is found.
std::string trigger_body(const std::string& create);
std::string event_body(const std::string& create);
/// Moves over what stands between a routine's arguments (and result) and its body.
void skip_characteristics(Cursor&);

/// ` DEFINER=...`, or nothing.
std::string definer_clause(const Options&);
/// `CREATE FUNCTION ...`, `CREATE PROCEDURE ...`.
std::string create_routine(const ObjectKey&, const Function&);
std::string create_routine(const ObjectKey&, const Procedure&);
/// Has a string in it a collation of another character set than that of our sessions, which refuse it?
bool collates_otherwise(const std::string& sql);
std::string create_view(const ObjectKey&, const View&);
/// The options of a stored program; null for other objects.
Options* program_options(ObjectBody&);
const Options* program_options(const ObjectBody&);
/// ` CHARACTER SET = ...` or ` COLLATE = ...`; empty where the options leave both open.
std::string collation_clause(const Options&);
/// Puts the session into the modes and the time zone that the program is to remember, and the database into
/// the collation, and back when it ends: statements around the one written in between.
class ProgramSession {
 public:
  enum class Zone { irrelevant, matters };
  ProgramSession(const Catalog& to, const Options&, SqlWriter&, Zone zone = Zone::irrelevant);
  ~ProgramSession() noexcept(false);
  ProgramSession(const ProgramSession&) = delete;
  ProgramSession& operator=(const ProgramSession&) = delete;

 private:
  SqlWriter& w_;
  bool mode_ = false, zone_ = false;
  std::string collation_;  ///< of the database, to be set again
};
/// What of a stored program's sql_mode changes its meaning and is not as in a migration's own session,
/// sorted; `LOOSE` where it is not strict. Nullopt when the text cannot be read as we read SQL.
std::optional<std::string> meaningful_mode(std::string_view sql_mode, std::string_view text);

/// Settings of a routine as options; defaults dropped.
void normalize_routine_options(Options&);

}  // namespace trueup::mysql
