// Dependencies of a state that no server has seen, from the tokens of its bodies: rather one too many than
// one too few.
#include "engine/postgres/infer.hpp"

#include <unordered_map>

#include "base/text.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/postgres/extension_words.hpp"
#include "engine/postgres/lexer.hpp"
#include "engine/postgres/types.hpp"
#include "engine/row_uses.hpp"

namespace trueup {
namespace {
using namespace postgres;
using Keys = std::vector<const ObjectKey*>;

bool is_relation(Kind k) {
  return info(k).relation || k == Kind::sequence;
}
bool is_routine(Kind k) {
  return k == Kind::function || k == Kind::procedure || k == Kind::aggregate;
}
bool is_type(Kind k) {
  return k == Kind::enum_type || k == Kind::domain || k == Kind::composite_type;
}
bool is_name(const Token& t) {
  return t.type == Token::Type::word || t.type == Token::Type::quoted_identifier;
}

class Inferrer {
 public:
  explicit Inferrer(Catalog& catalog) : catalog_(catalog), rows_(catalog) {
    catalog.for_each_whole([&](const ObjectKey& key, const ObjectBody&) {
      if (key.kind == Kind::extension) extensions_.push_back(&key);
      if (is_relation(key.kind)) relations_[key.name].push_back(&key);
      if (is_routine(key.kind)) routines_[key.name].push_back(&key);
      if (is_type(key.kind) || key.kind == Kind::table) types_[key.name].push_back(&key);
    });
  }

  void run() {
    for (auto& [key, body] : catalog_.objects) {
      if (catalog_.uses.contains(key)) continue;
      begin(key, body);
      std::visit([&](const auto& b) { look(b); }, body);
      uses_.hard.erase(key);
      uses_.soft.erase(key);
      if (!uses_.hard.empty() || !uses_.soft.empty()) found_.emplace(key, std::move(uses_));
    }
    catalog_.uses.merge(found_);
  }

  /// Adds what routine bodies that are plain strings name; all of it gives way.
  void run_bodies() {
    for (const auto& [key, body] : catalog_.of_kind(Kind::function)) {
      const auto& f = std::get<Function>(body);
      if (!f.sql_body) run_body(key, body, f.body, {f.arguments, f.returns});
    }
    for (const auto& [key, body] : catalog_.of_kind(Kind::procedure)) {
      const auto& p = std::get<Procedure>(body);
      if (!p.sql_body) run_body(key, body, p.body, {p.arguments});
    }
  }

 private:
  enum class Strength { hard, soft };
  struct Seen {
    std::set<const ObjectKey*> relations;
    std::set<std::string> names, constraints;
    bool star = false, grouped = false;
  };

  void run_body(const ObjectKey& key, const ObjectBody& body, const Expr& text,
                const std::vector<std::string>& signature) {
    begin(key, body);
    Seen seen = scan(text.comparable(), Strength::soft);
    for (const auto& types : signature) see_rows(types, seen);
    query_columns(seen, Strength::soft);
    auto& known = catalog_.uses[key];
    for (const auto& k : uses_.soft)
      if (k != key && !known.hard.contains(k)) known.soft.insert(k);
    if (known.hard.empty() && known.soft.empty()) catalog_.uses.erase(key);
  }
  void begin(const ObjectKey& key, const ObjectBody& body) {
    self_ = &key;
    uses_ = {};
    path_ = {key.ns, "public"};
    const auto* f = std::get_if<Function>(&body);
    const auto* p = std::get_if<Procedure>(&body);
    if ((f == nullptr || f->sql_body) && (p == nullptr || p->sql_body)) return;
    for (const auto& setting : f != nullptr ? f->settings : p->settings)
      if (lower(setting).starts_with("search_path=")) path_ = elements(setting.substr(setting.find('=') + 1));
  }
  /// The namespaces of a search path.
  static std::vector<std::string> elements(std::string_view path) {
    std::vector<std::string> out;
    for (const auto& t : significant(path))
      if (is_name(t) || t.type == Token::Type::string)
        out.push_back(t.type == Token::Type::string ? string_value(t.text) : t.value());
    return out;
  }

  void add(const ObjectKey& key, Strength s) { (s == Strength::hard ? uses_.hard : uses_.soft).insert(key); }

  /// Those of `all` that `ns.name` (or a bare name, looked for where the object's text does) can mean.
  Keys meant(const Keys& all, const std::string& ns) const {
    Keys out;
    auto from = [&](const std::string& wanted) {
      for (const auto* k : all)
        if (k->ns == wanted) out.push_back(k);
    };
    if (!ns.empty()) return from(ns), out;
    for (const auto& each : path_)
      if (out.empty()) from(each);
    return out.empty() ? all : out;
  }
  static const Keys* lookup(const std::unordered_map<std::string, Keys>& map, const std::string& name) {
    const auto it = map.find(name);
    return it == map.end() ? nullptr : &it->second;
  }

  /// Names that stand where a relation can stand.
  static bool before_relation(const std::vector<Token>& t, std::size_t i) {
    if (i == 0) return false;
    static const std::set<std::string, std::less<>> words{"from",  "join",  "into",       "update", "only",
                                                          "table", "using", "references", "on"};
    const Token& p = t[i - 1];
    return p.text == "," || p.text == "(" || (p.type == Token::Type::word && words.contains(p.folded));
  }

  Seen scan(std::string_view sql, Strength s) {
    Seen seen;
    const auto t = significant(sql);
    for (std::size_t i = 0; i < t.size(); ++i) {
      if (t[i].type == Token::Type::string) text(t, i, s, seen);
      if (t[i].text == "*") seen.star = true;
      if (!is_name(t[i])) continue;
      std::size_t begin = i;
      std::string ns, name = t[i].value();
      if (i + 2 < t.size() && t[i + 1].text == "." && is_name(t[i + 2]) && is_namespace(name)) {
        seen.names.insert(name);
        ns = std::exchange(name, t[i + 2].value());
        i += 2;
      }
      seen.names.insert(name);
      if (name == "group") seen.grouped = true;
      if (i > 1 && t[i - 1].folded == "constraint" && t[i - 2].folded == "on") seen.constraints.insert(name);
      const bool call = i + 1 < t.size() && t[i + 1].text == "(";
      const bool qualified_column = begin > 0 && t[begin - 1].text == ".";
      if (qualified_column) continue;
      if (call) routine(ns, name, s);
      if (!call || !ns.empty() || before_relation(t, begin)) relation(t, begin, i, ns, name, s, seen);
      if (const auto* types = lookup(types_, name))
        for (const auto* k : meant(*types, ns))
          if (is_type(k->kind) || (begin > 0 && t[begin - 1].text == "::")) add(*k, s);
      extension(name, s);
    }
    named_constraints(seen, s);
    return seen;
  }
  /// `ON CONFLICT ON CONSTRAINT name`
  void named_constraints(const Seen& seen, Strength s) {
    for (const auto& name : seen.constraints)
      for (const auto* relation : seen.relations)
        for (const Kind kind : {Kind::primary_key, Kind::unique, Kind::exclusion})
          if (const ObjectKey key{kind, relation->ns, relation->name, name, {}}; catalog_.contains(key))
            add(key, s);
  }
  bool is_namespace(const std::string& name) const {
    if (name == "public") return true;
    return catalog_.contains(ObjectKey{Kind::name_space, {}, {}, name, {}}) ||
           catalog_.namespaces.contains(name);
  }
  void routine(const std::string& ns, const std::string& name, Strength s) {
    const auto* all = lookup(routines_, name);
    if (all == nullptr) return;
    for (const auto* k : meant(*all, ns)) add(*k, s);
  }
  void relation(const std::vector<Token>& t, std::size_t begin, std::size_t end, const std::string& ns,
                const std::string& name, Strength s, Seen& seen) {
    const auto* all = lookup(relations_, name);
    if (all == nullptr) return;
    const bool whole_row = end + 1 < t.size() && t[end + 1].text == "%";
    if (signature_ || (ns.empty() && !before_relation(t, begin) && !whole_row)) return;
    for (const auto* k : meant(*all, ns)) {
      add(*k, s);
      seen.relations.insert(k);
    }
  }
  /// `nextval('app.s')`, `'app.t'::regclass`, and bodies in dollar quotes.
  void text(const std::vector<Token>& t, std::size_t i, Strength s, Seen& seen) {
    const bool sequence = i >= 2 && t[i - 1].text == "(" && t[i - 2].folded.ends_with("val");
    const bool object = i + 2 < t.size() && t[i + 1].text == "::" && t[i + 2].folded.starts_with("reg");
    if (!sequence && !object) return;
    const auto parts = name_parts(string_value(t[i].text));
    if (parts.empty() || parts.size() > 2) return;
    const std::string ns = parts.size() == 2 ? parts[0] : "";
    if (const auto* all = lookup(relations_, parts.back()))
      for (const auto* k : meant(*all, ns)) {
        add(*k, s);
        seen.relations.insert(k);
      }
    routine(ns, parts.back(), s);
  }
  void extension(const std::string& name, Strength s) {
    for (const auto* k : extensions_)
      if (extension_defines(k->name, name)) add(*k, s);
  }
  /// A type that is neither the engine's nor declared must come from some extension.
  void type(const DataType& type) {
    if (type.user || extensions_.empty()) return;
    const TypeParts parts = parse_type(type.text);
    if (parts.ns.empty() && is_builtin_type(parts.base)) return;
    bool claimed = false;
    for (const auto* k : extensions_)
      if (extension_defines(k->name, parts.base)) add(*k, Strength::hard), claimed = true;
    if (claimed) return;
    for (const auto* k : extensions_)
      if (!is_known_extension(k->name)) add(*k, Strength::hard);
  }
  void scan(const std::optional<Expr>& e) {
    if (e) own_columns(scan(e->comparable(), Strength::hard));
  }
  /// Columns of the object's own table that an expression names.
  void own_columns(const Seen& seen) {
    for (const auto& name : seen.names) {
      const ObjectKey column{Kind::column, self_->ns, self_->owner, name, {}};
      if (catalog_.contains(column)) add(column, Strength::hard);
    }
  }
  /// Columns of the relations that a query reads.
  void query_columns(const Seen& seen, Strength s) {
    for (const auto* r : seen.relations) {
      if (!info(r->kind).relation) continue;
      each_child(Kind::column, *r, [&](const ObjectKey& child, const ObjectBody&) {
        if (seen.star || seen.names.contains(child.name)) add(child, s);
      });
      if (!seen.grouped) continue;
      each_child(Kind::primary_key, *r, [&](const ObjectKey& child, const ObjectBody&) { add(child, s); });
    }
  }
  void query(const Expr& e) { query_columns(scan(e.comparable(), Strength::hard), Strength::hard); }

  // ---- one a kind
  void look(const Namespace&) {}
  void look(const EnumType&) {}
  void look(const Sequence&) {}
  void look(const SequenceOwner&) {}
  void look(const Table&) {}
  void look(const Database&) {}
  void look(const VirtualTable&) {}
  void look(const Extension& e) {
    const ObjectKey ns{Kind::name_space, {}, {}, e.installed_in, {}};
    if (catalog_.contains(ns)) add(ns, Strength::hard);
  }
  void look(const Domain& d) {
    type(d.type);
    if (d.default_value) scan(d.default_value->comparable(), Strength::hard);
    for (const auto& c : d.checks) scan(c.expression.comparable(), Strength::hard);
  }
  void look(const CompositeType& c) {
    for (const auto& a : c.attributes) type(a.type);
  }
  void look(const Column& c) {
    type(c.type);
    if (c.default_value) scan(c.default_value->comparable(), Strength::hard);
    scan(c.generated);
  }
  void look(const Check& c) { scan(std::optional(c.expression)); }
  void look(const Exclusion& x) { scan(std::optional(x.definition)); }
  void look(const Index& index) {
    scan(index.where);
    extension(index.method, Strength::hard);
    for (const auto& part : index.on) {
      scan(part.expression);
      if (!part.opclass.empty()) scan(part.opclass, Strength::hard);
    }
  }
  void look(const PrimaryKey&) {}
  void look(const Unique&) {}
  void look(const Projection&) {}
  void look(const Dictionary&) {}
  void look(const Event&) {}
  void look(const ForeignKey& f) {
    const ObjectKey& table = f.ref_table.to;
    const std::set<ObjectKey> wanted = names(f.ref_columns);
    std::vector<ObjectKey> keys;
    keys_of(table, wanted, [&](const ObjectKey& key) { keys.push_back(key); });
    if (keys.empty())
      each_child(Kind::index, table, [&](const ObjectKey& child, const ObjectBody& body) {
        const auto& i = std::get<Index>(body);
        if (i.unique && !i.where && names(i.on) == wanted) keys.push_back(child);
      });
    // The server picks one; the primary key comes first in key order.
    if (!keys.empty()) add(keys.front(), Strength::hard);
  }
  static std::set<ObjectKey> names(const std::vector<Ref>& refs) {
    std::set<ObjectKey> out;
    for (const auto& r : refs) out.insert(r.to);
    return out;
  }
  static std::set<ObjectKey> names(const std::vector<IndexPart>& parts) {
    std::set<ObjectKey> out;
    for (const auto& p : parts) out.insert(p.column ? p.column->to : ObjectKey{});
    return out;
  }

  /// Arguments or a result. Relations stand there by their row types only: row_types() sees to them.
  void scan_signature(const std::string& signature) {
    signature_ = true;
    scan(signature, Strength::hard);
    signature_ = false;
  }
  template <class R>
  void routine_body(const R& r) {
    scan_signature(r.arguments);
    extension(r.language, Strength::hard);
    const Strength s = r.sql_body ? Strength::hard : Strength::soft;
    Seen seen = scan(r.body.comparable(), s);
    if (!r.sql_body) {
      see_rows(r.arguments, seen);
      if constexpr (requires { r.returns; }) see_rows(r.returns, seen);
    }
    query_columns(seen, s);
  }
  /// Relations whose rows the body gets or gives: it may name their columns without naming them.
  void see_rows(const std::string& signature, Seen& seen) const {
    each_row_type(signature, [&](const ObjectKey& relation) { seen.relations.insert(&relation); });
  }
  void look(const Function& f) {
    routine_body(f);
    row_types(f.returns);
    row_types(f.arguments);
    scan_signature(f.returns);
  }
  void look(const Procedure& p) {
    routine_body(p);
    row_types(p.arguments);
  }
  void look(const Aggregate& a) {
    scan(a.arguments, Strength::hard);
    for (const auto& name : scan(a.definition.comparable(), Strength::hard).names)
      routine("", name, Strength::hard);
  }
  /// Tables whose row type a signature names.
  void row_types(const std::string& signature) {
    each_row_type(signature, [&](const ObjectKey& relation) { add(relation, Strength::hard); });
  }
  template <class F>
  void each_row_type(const std::string& signature, F f) const {
    const auto t = significant(signature);
    for (std::size_t i = 0; i < t.size(); ++i) {
      // Before another name it is that of an argument.
      const bool argument = i + 1 < t.size() && is_name(t[i + 1]) && t[i + 1].folded != "default";
      const auto* all = is_name(t[i]) && !argument ? lookup(relations_, t[i].value()) : nullptr;
      if (all == nullptr) continue;
      const std::string ns = i >= 2 && t[i - 1].text == "." ? t[i - 2].value() : "";
      for (const auto* k : meant(*all, ns))
        if (k->kind != Kind::sequence) f(*k);
    }
  }

  void look(const View& v) { query(v.query); }
  void look(const MaterializedView& v) { query(v.query); }
  void look(const Trigger& t) {
    scan(t.execute, Strength::hard);
    scan(t.when);
  }
  void look(const Policy& p) {
    scan(p.using_rows);
    scan(p.with_check);
    if (p.using_rows) query(*p.using_rows);
    if (p.with_check) query(*p.with_check);
  }
  void look(const Raw& r) { query_columns(scan(r.create.comparable(), Strength::soft), Strength::soft); }
  void look(const Row& row) {
    const auto found = rows_.of(*self_, row);
    for (const auto& k : found.hard) add(k, Strength::hard);
    for (const auto& k : found.soft) add(k, Strength::soft);
  }

  // ---- what a relation has
  /// Calls `f(key, body)` for the relation's children of one kind; rows can be many.
  template <class F>
  void each_child(Kind kind, const ObjectKey& relation, F f) const {
    for (auto it = catalog_.objects.lower_bound({kind, relation.ns, relation.name, {}, {}});
         it != catalog_.objects.end() && it->first.kind == kind && it->first.ns == relation.ns &&
         it->first.owner == relation.name;
         ++it)
      f(it->first, it->second);
  }
  /// Primary key and unique constraints over exactly these columns.
  template <class F>
  void keys_of(const ObjectKey& table, const std::set<ObjectKey>& columns, F f) const {
    each_child(Kind::primary_key, table, [&](const ObjectKey& key, const ObjectBody& body) {
      if (names(std::get<PrimaryKey>(body).on) == columns) f(key);
    });
    each_child(Kind::unique, table, [&](const ObjectKey& key, const ObjectBody& body) {
      if (names(std::get<Unique>(body).on) == columns) f(key);
    });
  }

  Catalog& catalog_;
  std::unordered_map<std::string, Keys> relations_, routines_, types_;
  Keys extensions_;
  RowUses rows_;
  const ObjectKey* self_ = nullptr;
  bool signature_ = false;
  std::vector<std::string> path_;  ///< where bare names of the object's text are looked for
  Catalog::Uses uses_;
  std::map<ObjectKey, Catalog::Uses> found_;
};
}  // namespace

void postgres::infer_body_uses(Catalog& catalog) {
  Inferrer(catalog).run_bodies();
}

void PostgresDialect::infer_uses(Catalog& catalog) const {
  Inferrer(catalog).run();
}

}  // namespace trueup
