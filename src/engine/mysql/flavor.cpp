#include "engine/mysql/flavor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/mysql/lexer.hpp"
#include "engine/mysql/types.hpp"

namespace trueup::mysql {
namespace {
struct Only {
  std::string_view name, server;
};
constexpr std::array<Only, 19> options{{{"system_versioning", "MariaDB"},
                                        {"page_compressed", "MariaDB"},
                                        {"page_compression_level", "MariaDB"},
                                        {"encrypted", "MariaDB"},
                                        {"encryption_key_id", "MariaDB"},
                                        {"transactional", "MariaDB"},
                                        {"page_checksum", "MariaDB"},
                                        {"ref_system_id", "MariaDB"},
                                        {"ignored", "MariaDB"},
                                        {"m", "MariaDB"},
                                        {"distance", "MariaDB"},
                                        {"compression", "MySQL"},
                                        {"encryption", "MySQL"},
                                        {"tablespace", "MySQL"},
                                        {"autoextend_size", "MySQL"},
                                        {"secondary_engine", "MySQL"},
                                        {"engine_attribute", "MySQL"},
                                        {"secondary_engine_attribute", "MySQL"},
                                        {"srid", "MySQL"}}};
constexpr std::array<Only, 4> types{
    {{"uuid", "MariaDB"}, {"inet4", "MariaDB"}, {"inet6", "MariaDB"}, {"xmltype", "MariaDB"}}};

class Notes {
 public:
  explicit Notes(std::vector<Hazard>& out) : out_(out) {}
  void about(const ObjectKey& key) { key_ = &key; }
  void add(std::string_view server, const std::string& what) {
    out_.push_back({HazardKind::other, fmt::format("{} only: {} of {}", server, what, to_string(*key_))});
  }
  void all(const Options& given) {
    for (const auto& [name, value] : given) {
      for (const auto& only : options)
        if (only.name == name) add(only.server, name);
      if (name == "collation") collation(value);
      // An invisible column is known to both, an invisible index is not.
      if (name == "invisible" && key_->kind != Kind::column) add("MySQL", name);
    }
  }
  void collation(const std::string& name) {
    if (name.find("_0900_") != std::string::npos) add("MySQL", "collation " + name);
    if (name.find("uca1400") != std::string::npos) add("MariaDB", "collation " + name);
  }
  void column(const Column& c) {
    for (const auto& only : types)
      if (base_type(c.type.text) == only.name) add(only.server, "type " + c.type.text);
    collation(c.collation);
    if (c.default_value && lexical_form(c.default_value->text).find("next") == 0) add("MariaDB", "default");
    all(c.options);
  }
  void parts(const std::vector<IndexPart>& on) {
    const bool expression = std::any_of(on.begin(), on.end(), [](const auto& p) { return !p.column; });
    if (expression) add("MySQL", "expression");
  }

 private:
  std::vector<Hazard>& out_;
  const ObjectKey* key_ = nullptr;
};
}  // namespace

std::vector<Hazard> flavor_notes(const Catalog& to, const std::vector<ObjectKey>& keys) {
  std::vector<Hazard> out;
  Notes notes(out);
  for (const auto& key : keys) {
    const auto it = to.objects.find(key);
    if (it == to.objects.end()) continue;
    notes.about(key);
    if (const auto* c = std::get_if<Column>(&it->second)) notes.column(*c);
    if (const auto* d = std::get_if<Database>(&it->second)) {
      notes.all(d->options);
      if (!d->comment.empty()) notes.add("MariaDB", "comment");
    }
    if (const auto* t = std::get_if<Table>(&it->second)) notes.all(t->options);
    if (const auto* i = std::get_if<Index>(&it->second)) {
      notes.all(i->options);
      notes.parts(i->on);
      if (i->method == "vector") notes.add("MariaDB", "method vector");
    }
    if (const auto* u = std::get_if<Unique>(&it->second)) {
      notes.all(u->options);
      notes.parts(u->on);
    }
    if (const auto* c = std::get_if<Check>(&it->second); c != nullptr && c->not_enforced)
      notes.add("MySQL", "not_enforced");
    if (key.kind == Kind::sequence)
      out.push_back({HazardKind::other, "MariaDB only: MySQL has no sequences"});
    if (const auto* s = std::get_if<Sequence>(&it->second); s != nullptr && !s->type.empty())
      out.push_back({HazardKind::other, "types of sequences need MariaDB 11.5"});
  }
  return out;
}

}  // namespace trueup::mysql
