#include "engine/mysql/flavor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/types.hpp"

namespace trueup::mysql {
namespace {
struct Only {
  std::string_view name, server;
};
constexpr std::array<Only, 20> options{{{"system_versioning", "MariaDB"},
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
                                        {"srid", "MySQL"},
                                        {"no_default", "MySQL"}}};
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
    if (c.generated && c.not_null) add("MySQL", "not null");
    if (base_type(c.type.text) == "vector")
      out_.push_back({HazardKind::other, "type vector needs MySQL 9.0 or MariaDB 11.7"});
    if (c.default_value && lexical_form(c.default_value->text).find("next") == 0) add("MariaDB", "default");
    all(c.options);
  }
  void parts(const Catalog& to, const std::vector<IndexPart>& on, const std::string& method = {}) {
    const bool expression = std::any_of(on.begin(), on.end(), [](const auto& p) { return !p.column; });
    if (expression) add("MySQL", "expression");
    const bool lengths = method != "fulltext" && method != "spatial";
    for (const auto& part : on)
      if (const auto* c =
              part.column && lengths && part.prefix == 0 ? to.find<Column>(part.column->to) : nullptr;
          c != nullptr && is_large(base_type(c->type.text)))
        add("MariaDB", base_type(c->type.text) + " without a length");
  }
  void foreign_key(const Catalog& to, const ForeignKey& fk) {
    std::set<ObjectKey> wanted;
    for (const auto& column : fk.ref_columns) wanted.insert(column.to);
    const auto is_key = [&](const ObjectKey& key) {
      const auto* u = to.find<Unique>(key);
      const auto* pk = to.find<PrimaryKey>(key);
      if (u == nullptr && pk == nullptr) return false;
      std::set<ObjectKey> columns;
      for (const auto& part : u != nullptr ? u->on : pk->on)
        if (part.column) columns.insert(part.column->to);
      return columns == wanted;
    };
    const auto all = to.children(fk.ref_table.to);
    if (!wanted.empty() && std::none_of(all.begin(), all.end(), is_key))
      add("MariaDB", "reference to what is no unique key (MySQL 8.4: restrict_fk_on_non_standard_key)");
  }
  /// json_value(... returning ...)
  void query(const Expr& e) {
    const auto all = significant(sql_of(e));
    const auto word = [&](std::string_view text) {
      return std::any_of(all.begin(), all.end(), [&](const Token& t) { return is_word(t, text); });
    };
    if (word("json_value") && word("returning")) add("MySQL", "json_value with returning");
  }
  void result(const Function& f) {
    for (const auto& t : significant(f.returns)) collation(lower(t.text));
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
      notes.parts(to, i->on, i->method);
      const auto parser = i->options.find("parser");
      if (parser != i->options.end() && lower(parser->second) == "ngram") notes.add("MySQL", "parser ngram");
      if (i->method == "vector") notes.add("MariaDB", "method vector");
    }
    if (const auto* u = std::get_if<Unique>(&it->second)) {
      notes.all(u->options);
      notes.parts(to, u->on);
    }
    if (const auto* fk = std::get_if<ForeignKey>(&it->second)) notes.foreign_key(to, *fk);
    if (const auto* v = std::get_if<View>(&it->second)) notes.query(v->query);
    if (const auto* f = std::get_if<Function>(&it->second)) notes.result(*f);
    if (const auto* c = std::get_if<Check>(&it->second); c != nullptr && c->not_enforced)
      notes.add("MySQL", "not_enforced");
    if (key.kind == Kind::sequence)
      out.push_back({HazardKind::other, "MariaDB only: MySQL has no sequences"});
    if (const auto* s = std::get_if<Sequence>(&it->second); s != nullptr && !s->type.empty())
      out.push_back({HazardKind::other, "types of sequences need MariaDB 11.5"});
  }
  return out;
}

std::vector<Hazard> flavor_notes(const RenderContext& context, const std::vector<ObjectKey>& keys) {
  const bool known = !context.from.server.empty() || !context.to.server.empty();
  return known ? std::vector<Hazard>() : flavor_notes(context.to, keys);
}

}  // namespace trueup::mysql
