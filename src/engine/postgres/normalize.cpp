// Engine-wide canonical form of a state: namespaces, types, serial columns, options; then each handler's own.
#include "base/text.hpp"
#include "engine/conventional_name.hpp"
#include "engine/finding.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/postgres/lexer.hpp"
#include "engine/postgres/options.hpp"
#include "engine/postgres/routine.hpp"
#include "engine/postgres/types.hpp"
#include "engine/row_forms.hpp"

namespace trueup {
namespace {
using namespace postgres;

bool has_namespace(Kind kind) {
  return kind != Kind::name_space && kind != Kind::extension && kind != Kind::raw;
}

void fill(ObjectKey& key) {
  if (key.ns.empty() && has_namespace(key.kind)) key.ns = "public";
}
template <class Map>
void fill_keys(Map& map) {
  bool any = false;
  for (std::size_t i = 0; i < kind_count && !any; ++i) {
    const auto first = detail::from_kind(map, static_cast<Kind>(i));
    any = first != map.end() && first->first.ns.empty() && has_namespace(first->first.kind);
  }
  if (!any) return;
  Map out;
  while (!map.empty()) {
    auto node = map.extract(map.begin());
    fill(node.key());
    out.insert(out.end(), std::move(node));
  }
  map = std::move(out);
}

class Normalizer {
 public:
  Normalizer(Catalog& catalog, const EngineDialect& dialect, std::vector<Diagnostic>& found)
      : catalog_(catalog), dialect_(dialect), found_(found) {}

  void run() {
    namespaces();
    serials();
    identities();
    routines();
    types();
    for (const auto& [key, body] : catalog_.of_kind(Kind::primary_key)) not_null(std::get<PrimaryKey>(body));
    for (auto& [key, body] : catalog_.objects) {
      normalize_options(key, body, catalog_, found_);
      if (const KindHandler* h = dialect_.handler(key.kind))
        h->normalize(key, body, catalog_, found_);
      else
        report(key, fmt::format("PostgreSQL has no {}", info(key.kind).name),
               "limit the object to other engines with `engines:`");
    }
    rename_rows(catalog_, found_);
  }

 private:
  void report(const ObjectKey& key, const std::string& why, std::string remedy) {
    found_.push_back(finding(catalog_, key, why, std::move(remedy)));
  }

  void namespaces() {
    fill_keys(catalog_.objects);
    fill_keys(catalog_.uses);
    fill_keys(catalog_.places);
    for (auto& [key, body] : catalog_.objects) for_each_ref(body, [](Ref& r) { fill(r.to); });
    for (auto& [key, uses] : catalog_.uses)
      for (auto* set : {&uses.hard, &uses.soft}) {
        std::set<ObjectKey> out;
        for (ObjectKey k : *set) fill(k), out.insert(std::move(k));
        *set = std::move(out);
      }
    if (catalog_.namespaces.erase("") > 0) catalog_.namespaces.insert("public");
    std::set<std::string> used;
    catalog_.for_each_whole([&](const ObjectKey& key, const ObjectBody&) {
      if (has_namespace(key.kind) && key.ns != "public") used.insert(key.ns);
    });
    for (const auto& ns : used)
      catalog_.objects.try_emplace(ObjectKey{Kind::name_space, {}, {}, ns, {}}, Namespace{});
  }

  /// A routine's key holds the types of its arguments as the server spells them, whatever the author called
  /// them.
  void routines() {
    std::map<ObjectKey, ObjectKey> renamed;
    const auto spell = [&](const ObjectKey& key, const std::string& arguments) {
      ObjectKey spelled = key;
      spelled.signature = signature_of(canonical_arguments(catalog_, key.ns, arguments));
      if (spelled != key && !catalog_.contains(spelled)) renamed.emplace(key, std::move(spelled));
    };
    for (const auto& [key, body] : catalog_.of_kind(Kind::function))
      spell(key, std::get<Function>(body).arguments);
    for (const auto& [key, body] : catalog_.of_kind(Kind::procedure))
      spell(key, std::get<Procedure>(body).arguments);
    for (const auto& [key, body] : catalog_.of_kind(Kind::aggregate))
      spell(key, std::get<Aggregate>(body).arguments);
    if (!renamed.empty()) rename_keys(renamed);
  }
  void rename_keys(const std::map<ObjectKey, ObjectKey>& renamed) {
    auto move_keys = [&](auto& map) {
      for (const auto& [key, spelled] : renamed) {
        auto node = map.extract(key);
        if (node.empty()) continue;
        node.key() = spelled;
        map.insert(std::move(node));
      }
    };
    auto move_members = [&](std::set<ObjectKey>& set) {
      for (const auto& [key, spelled] : renamed)
        if (set.erase(key) > 0) set.insert(spelled);
    };
    move_keys(catalog_.objects);
    move_keys(catalog_.uses);
    move_keys(catalog_.places);
    for (auto& [key, body] : catalog_.objects)
      for_each_ref(body, [&](Ref& r) {
        if (const auto it = renamed.find(r.to); it != renamed.end()) r.to = it->second;
      });
    for (auto& [key, uses] : catalog_.uses) move_members(uses.hard), move_members(uses.soft);
    for (auto& [name, outsider] : catalog_.outsiders)
      move_members(outsider.needs), move_members(outsider.within);
  }

  /// What a sequence may not be called.
  std::set<std::string> taken_names() const {
    std::set<std::string> taken;
    catalog_.for_each_whole([&](const ObjectKey& key, const ObjectBody&) {
      if (key.kind == Kind::sequence || info(key.kind).relation) taken.insert(key.ns + "." + key.name);
    });
    return taken;
  }

  /// serial: an integer column, a sequence, a default, and the tie between them.
  void serials() {
    std::vector<std::pair<ObjectKey, Column*>> found;
    for (auto& [key, body] : catalog_.of_kind(Kind::column)) {
      auto& column = std::get<Column>(body);
      if (!column.type.user && lower(column.type.text).find("serial") != std::string::npos)
        found.emplace_back(key, &column);
    }
    if (found.empty()) return;
    std::set<std::string> taken = taken_names();
    std::vector<std::pair<ObjectKey, ObjectBody>> extra;
    for (const auto& [key, column] : found) {
      const TypeParts type = parse_type(column->type.text);
      if (!type.serial) continue;
      column->type.text = type.base;
      column->not_null = true;
      std::string name = conventional_name(key.owner, {key.name}, "seq");
      for (int n = 1; taken.contains(key.ns + "." + name); ++n)
        name = conventional_name(key.owner, {key.name}, fmt::format("seq{}", n));
      taken.insert(key.ns + "." + name);
      const std::string qualified = quote_identifier(key.ns) + "." + quote_identifier(name);
      const std::string text = fmt::format("nextval({}::regclass)", quote_literal(qualified));
      column->default_value = Expr{text, text};
      const ObjectKey sequence{Kind::sequence, key.ns, {}, name, {}};
      Sequence s;
      s.type = type.base;
      extra.emplace_back(sequence, std::move(s));
      extra.emplace_back(ObjectKey{Kind::sequence_owner, key.ns, {}, name, {}},
                         SequenceOwner{Ref{sequence}, Ref{key}});
      if (const auto it = catalog_.places.find(key); it != catalog_.places.end()) {
        const Place place = it->second;
        catalog_.places.try_emplace(sequence, place);
      }
    }
    for (auto& [key, body] : extra) catalog_.objects.try_emplace(key, std::move(body));
  }
  /// An identity column's sequence, too, takes the next free name.
  void identities() {
    std::vector<std::pair<ObjectKey, Column*>> found;
    for (auto& [key, body] : catalog_.of_kind(Kind::column))
      if (auto& column = std::get<Column>(body); column.identity) found.emplace_back(key, &column);
    if (found.empty()) return;
    std::set<std::string> taken = taken_names();
    for (const auto& [key, column] : found)
      if (const auto it = column->options.find("sequence"); it != column->options.end())
        taken.insert(key.ns + "." + it->second);
    for (const auto& [key, column] : found) {
      if (column->options.contains("sequence")) continue;
      std::string name = conventional_name(key.owner, {key.name}, "seq");
      if (taken.insert(key.ns + "." + name).second) continue;
      for (int n = 1; !taken.insert(key.ns + "." + name).second; ++n)
        name = conventional_name(key.owner, {key.name}, fmt::format("seq{}", n));
      column->options["sequence"] = name;
    }
  }

  void types() {
    for (auto& [key, body] : catalog_.of_kind(Kind::column))
      resolve_type(catalog_, std::get<Column>(body).type, key.ns);
    for (auto& [key, body] : catalog_.of_kind(Kind::domain))
      resolve_type(catalog_, std::get<Domain>(body).type, key.ns);
    for (auto& [key, body] : catalog_.of_kind(Kind::composite_type))
      for (auto& attribute : std::get<CompositeType>(body).attributes)
        resolve_type(catalog_, attribute.type, key.ns);
  }

  /// The columns of a primary key refuse null without saying so.
  void not_null(const PrimaryKey& pk) {
    for (const auto& part : pk.on) {
      if (!part.column) continue;
      const auto it = catalog_.objects.find(part.column->to);
      if (it != catalog_.objects.end()) std::get<Column>(it->second).not_null = true;
    }
  }

  Catalog& catalog_;
  const EngineDialect& dialect_;
  std::vector<Diagnostic>& found_;
};
}  // namespace

void PostgresDialect::normalize(Catalog& catalog, std::vector<Diagnostic>& found) const {
  Normalizer(catalog, *this, found).run();
}

}  // namespace trueup
