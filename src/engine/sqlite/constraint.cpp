#include "engine/sqlite/constraint.hpp"

#include "engine/finding.hpp"
#include "engine/sqlite/build.hpp"
#include "engine/sqlite/definition.hpp"

namespace trueup::sqlite {
namespace {
std::string without_number(std::string name) {
  while (!name.empty() && name.back() >= '0' && name.back() <= '9') name.pop_back();
  return name;
}

std::string_view label(Kind kind) {
  if (kind == Kind::primary_key) return "_pkey";
  if (kind == Kind::unique) return "_key";
  if (kind == Kind::foreign_key) return "_fkey";
  return "_check";
}
}  // namespace

/// Conventional names are not stored: they follow when the table or a column takes a new name. Any other new
/// name is written in the table's text, which only a rebuild changes.
RenameMeans ConstraintHandler::rename_means(const ObjectKey& old_key, const ObjectKey& new_key,
                                            const Catalog& from) const {
  const std::string conventional =
      without_number(name_when_unnamed(from, table_key(new_key.owner), old_key, {}));
  const bool now = without_number(new_key.name) == conventional;
  const bool before = without_number(old_key.name).ends_with(label(old_key.kind));
  return now && before ? RenameMeans::implied : RenameMeans::unsupported;
}

void ConstraintHandler::render(const Step& step, std::span<const Step>, const RenderContext&,
                               SqlWriter&) const {
  throw std::logic_error("SQLite changes " + to_string(step.key) + " only with its table");
}

void report(const Catalog& catalog, const ObjectKey& key, std::vector<Diagnostic>& found, std::string message,
            std::string remedy) {
  found.push_back(finding(catalog, key, message, std::move(remedy)));
}

}  // namespace trueup::sqlite
