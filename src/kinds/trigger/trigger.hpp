#pragma once
#include "model/field.hpp"

namespace trueup {

/// A trigger on a table or view.
struct Trigger {
  std::string timing;               ///< `before`, `after` or `instead of`.
  std::vector<std::string> events;  ///< `insert`, `update`, `delete`, `truncate`.
  std::vector<Ref> update_of;       ///< Columns whose update fires it.
  std::string level;                ///< `row` or `statement`.
  std::optional<Expr> when;         ///< Condition.
  std::string old_table;            ///< Name of the transition table of old rows.
  std::string new_table;            ///< Name of the transition table of new rows.
  bool constraint = false;          ///< A constraint trigger.
  std::optional<Ref> from_table;    ///< Referenced table of a constraint trigger.
  bool deferrable = false;          ///< Check may wait for the end of the transaction.
  bool initially_deferred = false;  ///< It waits by default.
  std::string execute;              ///< Function call, `app.touch()`.
  Expr body;                        ///< Body, where the engine keeps it in the trigger.
  std::string enabled;              ///< `disabled`, `replica` or `always`; absent: enabled.
  Options options;                  ///< Engine settings.
  std::string comment;              ///< Comment.
  std::string renamed_from;         ///< Former name; states that this is a rename.
  std::vector<Ref> depends_on;      ///< Objects that must exist first, where the body does not show it.
  static constexpr Kind kind = Kind::trigger;
  static constexpr auto fields() {
    return std::tuple{
        field("timing", &Trigger::timing, "`before`, `after` or `instead of`."),
        field("events", &Trigger::events, "`insert`, `update`, `delete`, `truncate`."),
        field("update_of", &Trigger::update_of, "Columns whose update fires it."),
        field("level", &Trigger::level, "`row` or `statement`."),
        field("when", &Trigger::when, "Condition."),
        field("old_table", &Trigger::old_table, "Name of the transition table of old rows."),
        field("new_table", &Trigger::new_table, "Name of the transition table of new rows."),
        field("constraint", &Trigger::constraint, "A constraint trigger."),
        field("from_table", &Trigger::from_table, "Referenced table of a constraint trigger."),
        field("deferrable", &Trigger::deferrable, "Check may wait for the end of the transaction."),
        field("initially_deferred", &Trigger::initially_deferred, "It waits by default."),
        field("execute", &Trigger::execute, "Function call, `app.touch()`."),
        field("body", &Trigger::body, "Body, where the engine keeps it in the trigger."),
        field("enabled", &Trigger::enabled, "`disabled`, `replica` or `always`; absent: enabled."),
        field("options", &Trigger::options, "Engine settings."),
        field("comment", &Trigger::comment, "Comment."),
        field("renamed_from", &Trigger::renamed_from, "Former name; states that this is a rename.",
              Compare::never),
        field("depends_on", &Trigger::depends_on,
              "Objects that must exist first, where the body does not show it.", Compare::never)};
  }
  bool operator==(const Trigger&) const = default;
};
static_assert(ObjectKind<Trigger>);

}  // namespace trueup
