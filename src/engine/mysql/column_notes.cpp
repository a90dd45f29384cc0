#include "engine/mysql/column_notes.hpp"

#include "engine/mysql/show_create.hpp"
#include "engine/mysql/type_change.hpp"
#include "engine/mysql/types.hpp"

namespace trueup::mysql {
namespace {
std::string option(const Options& options, const char* name) {
  const auto it = options.find(name);
  return it == options.end() ? std::string() : it->second;
}
/// The column's, its table's, or what most databases have.
std::string charset(const Catalog& catalog, const ObjectKey& key, const Column& column) {
  const auto said = [](const Options& options, const std::string& collation) {
    return collation.empty() ? option(options, "charset") : charset_of(collation);
  };
  const Options& table = catalog.find<Table>(table_key(key.owner))->options;
  std::string out = said(column.options, column.collation);
  if (out.empty()) out = said(table, option(table, "collation"));
  return out.empty() ? "utf8mb4" : out;
}
/// Can there be values that have no form in the column's new character set?
bool unwritable(const RenderContext& c, const ObjectKey& key) {
  const auto &a = *c.from.find<Column>(key), &b = *c.to.find<Column>(key);
  if (!has_charset(base_type(b.type.text))) return false;
  if (bytes_to_text(a.type.text, b.type.text)) return true;
  const std::string now = charset(c.to, key, b);
  return has_charset(base_type(a.type.text)) && now != charset(c.from, key, a) && !now.starts_with("utf8mb4");
}
}  // namespace

std::vector<Hazard> drop_column_notes(const RenderContext& c, const ObjectKey& key) {
  if (c.from.find<Column>(key)->generated) return {};
  return {{HazardKind::deletes_data, c.to.contains(key)
                                         ? "replaces the values of " + key.name + " by computed ones"
                                         : "drops the column " + key.name + " and its values"}};
}

std::vector<Hazard> add_column_notes(const Catalog& to, const ObjectKey& key) {
  const Column& c = *to.find<Column>(key);
  const std::string base = base_type(c.type.text);
  const bool day = base == "date" || base == "datetime" || base == "timestamp";
  if (!day || !c.not_null || c.default_value || c.generated) return {};
  return {{HazardKind::other,
           "rows get the date 0 in " + key.name + ", and it fails where sql_mode has NO_ZERO_DATE"}};
}

std::vector<Hazard> modify_column_notes(const RenderContext& c, const ObjectKey& key) {
  const auto &a = *c.from.find<Column>(key), &b = *c.to.find<Column>(key);
  std::vector<Hazard> out;
  if (b.not_null && !a.not_null)
    out.push_back({HazardKind::other, "fails when a value of " + key.name + " is null"});
  if (unwritable(c, key))
    out.push_back({HazardKind::other, "fails when its character set cannot write a value of " + key.name});
  const bool kept = b.generated || a.type == b.type;
  const std::string loss = kept ? std::string() : type_loss(a.type.text, b.type.text);
  if (!loss.empty()) out.push_back({HazardKind::deletes_data, key.name + ": " + loss});
  return out;
}

}  // namespace trueup::mysql
