// Plans, findings and errors as text for people and as JSON for programs. Nothing here prints.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "plan/pipeline.hpp"

namespace trueup {

enum class Colour { off, on };
enum class Tone { plain, good, warning, bad, faint, strong };
/// The text between the terminal's codes for the tone; unchanged without colour.
std::string paint(std::string_view text, Tone tone, Colour colour);

/// How many objects a plan creates, alters, drops and renames.
struct Summary {
  std::size_t created = 0, altered = 0, dropped = 0, renamed = 0;
};
Summary summarize(const Plan& plan);
/// `1 created, 2 altered, 0 dropped`, with `, 1 renamed` where there is one.
std::string to_string(const Summary& summary);

/// One line an object: `+ table app.users (3 columns)`, `~ column app.users.email: type`, `- ...`, `> old ->
/// new`. What belongs to a created or dropped relation is counted in its line.
std::string change_lines(const Plan& plan, Colour colour);
/// One line a hazard of the statements: `deletes-data  column app.users.email: why`.
std::string hazard_lines(const std::vector<Statement>& statements, Colour colour);
/// Suspected renames and the plan's notices, one a line.
std::string notice_lines(const Plan& plan, Colour colour);
/// Rename hints that the from-state has followed already, one a line. For commands whose from-state is the
/// author's own: another database may still need them.
std::string hint_lines(const Plan& plan, Colour colour);

/// A unified diff (three lines of context) of two texts; empty when they are equal.
std::string unified_diff(const std::string& before, const std::string& after, std::string_view before_label,
                         std::string_view after_label, Colour colour);
/// The unified diff of a plan's two states as schema YAML, expressions in canonical form on both sides.
std::string state_diff(const Plan& plan, const EngineDialect& dialect, std::string_view before_label,
                       std::string_view after_label, Colour colour);

/// `changes`, `summary`, `statements`, `losses`, `rename_suspicions`, `satisfied_hints`, `notices`,
/// `unsettled`.
nlohmann::ordered_json comparison_json(const Comparison& comparison);
nlohmann::ordered_json statements_json(const std::vector<Statement>& statements);
nlohmann::ordered_json inventory_json(const std::vector<InventoryItem>& inventory);
/// {"sort": "input|refused|world|internal", "message", and what the error knows}.
nlohmann::ordered_json error_json(const std::exception& error);
/// The whole error for a terminal, remedy included.
std::string error_text(const std::exception& error, Colour colour);

/// `14 managed, 2 of extensions, 1 ignored, 0 unmodelled`.
std::string inventory_summary(const std::vector<InventoryItem>& inventory);

}  // namespace trueup
