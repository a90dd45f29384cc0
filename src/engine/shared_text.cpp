#include "engine/shared_text.hpp"

#include "base/text.hpp"
#include "engine/inlined_functions.hpp"

namespace trueup {
namespace {

/// A type without what stands in parentheses: no server shows that of a type that it adds itself.
std::string base_type(const DataType& type) {
  const auto open = type.text.find('('), close = type.text.find(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return type.text;
  return type.text.substr(0, open) + type.text.substr(close + 1);
}
bool same_base(const DataType& a, const DataType& b) {
  return a.user || b.user ? a == b : base_type(a) == base_type(b);
}

class Changes {
 public:
  Changes(const Catalog& from, const Catalog& to, const EngineDialect& dialect)
      : from_(from), to_(to), dialect_(dialect) {
    for (const auto* one : {&from, &to}) {
      const Catalog& other = one == &from ? to : from;
      for (const auto& [key, body] : one->of_kind(Kind::column)) {
        const auto* relation = one->relation(key.ns, key.owner);
        const auto* after = other.find<Column>(key);
        if (relation == nullptr || !other.contains(*relation)) continue;
        if (after == nullptr)
          columns_of_.insert(*relation);
        else if (!same_base(std::get<Column>(body).type, after->type))
          retyped_[*relation].insert(key.name);
      }
    }
    for (const Kind kind : {Kind::function, Kind::view, Kind::materialized_view})
      for (const auto& [key, body] : to.of_kind(kind))
        if (const auto before = from.objects.find(key);
            before != from.objects.end() && says_otherwise(before->second, body))
          other_results_.insert(key);
  }

  struct Found {
    std::set<ObjectKey> anew;    ///< may be spelled otherwise
    std::set<ObjectKey> others;  ///< of these, what reads other columns than before
  };
  Found run() {
    Found out;
    // Views read views: each one found may be what another one waits for.
    for (bool again = found_any(); again;) {
      again = false;
      for (const auto& [key, body] : to_.objects) {
        if (!from_.contains(key)) continue;
        const Effect effect = out.others.contains(key) ? Effect::none : effect_on(key, body);
        if (effect == Effect::none) continue;
        const bool fresh = out.anew.insert(key).second;
        const bool other = effect == Effect::columns && out.others.insert(key).second;
        if (!info(key.kind).relation) continue;
        if (fresh) other_results_.insert(key);
        if (other) columns_of_.insert(key);
        again = again || fresh || other;
      }
    }
    return out;
  }

 private:
  bool found_any() const { return !retyped_.empty() || !columns_of_.empty() || !other_results_.empty(); }

  bool says_otherwise(const ObjectBody& a, const ObjectBody& b) const {
    if (const auto* f = std::get_if<Function>(&a)) return f->returns != std::get<Function>(b).returns;
    if (const auto* v = std::get_if<View>(&a))
      return differ(v->query, std::get<View>(b).query) || v->columns != std::get<View>(b).columns;
    return differ(std::get<MaterializedView>(a).query, std::get<MaterializedView>(b).query);
  }
  bool differ(const Expr& a, const Expr& b) const {
    return a.text != b.text && dialect_.lexical_form(a.comparable()) != dialect_.lexical_form(b.comparable());
  }

  enum class Effect { none, spelling, columns };
  Effect effect_on(const ObjectKey& key, const ObjectBody& body) const {
    std::set<std::string> words;
    bool all_columns = false, any = false;
    for_each_expr(body, [&](const Expr& e) {
      if (e.empty()) return;
      any = true;
      read(e.text, words, all_columns);
    });
    if (!any) return Effect::none;
    Effect out = Effect::none;
    if (key.kind == Kind::column && retyped(key, key.name)) out = Effect::spelling;
    const auto reads = [&](const ObjectKey& k) {
      if (all_columns && columns_of_.contains(k)) return Effect::columns;
      if (other_results_.contains(k)) return Effect::spelling;
      const auto names = retyped_.find(k);
      const bool shown =
          names != retyped_.end() &&
          (all_columns || std::any_of(names->second.begin(), names->second.end(),
                                      [&](const std::string& name) { return words.contains(name); }));
      return shown ? Effect::spelling : Effect::none;
    };
    for (const auto* catalog : {&to_, &from_}) {
      const auto needs = dependencies(*catalog, key);
      for (const auto* some : {&needs.hard, &needs.soft})
        for (const auto& k : *some) {
          const auto* relation = info(k.kind).owned ? catalog->relation(k.ns, k.owner) : nullptr;
          out = std::max({out, reads(k), relation == nullptr ? Effect::none : reads(*relation)});
        }
    }
    return out;
  }
  bool retyped(const ObjectKey& column, const std::string& name) const {
    const auto* relation = to_.relation(column.ns, column.owner);
    const auto names = relation == nullptr ? retyped_.end() : retyped_.find(*relation);
    return names != retyped_.end() && names->second.contains(name);
  }

  /// The names in a text; does it read all columns of something (`*`, or those that two have in common)?
  void read(const std::string& text, std::set<std::string>& words, bool& all_columns) const {
    std::string before;
    for (const auto& token : dialect_.tokens(text)) {
      if (token.type == Token::Type::blank || token.type == Token::Type::comment) continue;
      const bool name = token.type == Token::Type::word || token.type == Token::Type::quoted_identifier;
      if (name) words.insert(token.value());
      const std::string now = token.type == Token::Type::word ? lower(token.text) : std::string(token.text);
      const bool star = now == "*" && (before == "select" || before == "all" || before == "distinct" ||
                                       before == "," || before == "." || before == ")");
      all_columns = all_columns || star || now == "natural";
      before = now;
    }
  }

  const Catalog& from_;
  const Catalog& to_;
  const EngineDialect& dialect_;
  std::map<ObjectKey, std::set<std::string>> retyped_;  ///< columns by relation
  std::set<ObjectKey> columns_of_;                      ///< relations that get or lose columns
  std::set<ObjectKey> other_results_;                   ///< functions and views
};
}  // namespace

std::set<ObjectKey> spelled_anew(const Catalog& from, const Catalog& to, const EngineDialect& dialect) {
  const Capabilities can = dialect.capabilities();
  if (can.inlines_functions) return callers_of_changed_functions(from, to);
  return can.keeps_trees() ? Changes(from, to, dialect).run().anew : std::set<ObjectKey>{};
}

void differ_with_columns(Catalog& from, const Catalog& to, const EngineDialect& dialect) {
  for (const auto& key : Changes(from, to, dialect).run().others) {
    if (!info(key.kind).relation) continue;  // routines are written by their canonical form
    std::vector<const Expr*> wanted;
    for_each_expr(to.objects.at(key), [&](const Expr& e) { wanted.push_back(&e); });
    std::size_t i = 0;
    for_each_expr(from.objects.at(key), [&](Expr& e) {
      const Expr* now = i < wanted.size() ? wanted[i++] : nullptr;
      if (now != nullptr && !e.empty() && e.canonical.empty() && now->canonical.empty() && e == *now)
        e.canonical = "with the former columns: " + e.text;
    });
  }
}

}  // namespace trueup
