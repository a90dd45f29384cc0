#include "source/shared_text.hpp"

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

  std::set<ObjectKey> run() {
    std::set<ObjectKey> out;
    // Views read views: each one found may be what another one waits for.
    for (bool again = found_any(); again;) {
      again = false;
      for (const auto& [key, body] : to_.objects) {
        if (out.contains(key) || !from_.contains(key) || !affected(key, body)) continue;
        out.insert(key);
        if (info(key.kind).relation) again = other_results_.insert(key).second || again;
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

  bool affected(const ObjectKey& key, const ObjectBody& body) const {
    std::set<std::string> words;
    bool all_columns = false, any = false;
    for_each_expr(body, [&](const Expr& e) {
      if (e.empty()) return;
      any = true;
      read(e.text, words, all_columns);
    });
    if (!any) return false;
    if (key.kind == Kind::column && retyped(key, key.name)) return true;
    const auto reads = [&](const ObjectKey& k) {
      if (other_results_.contains(k) || (all_columns && columns_of_.contains(k))) return true;
      const auto names = retyped_.find(k);
      return names != retyped_.end() &&
             (all_columns || std::any_of(names->second.begin(), names->second.end(),
                                         [&](const std::string& name) { return words.contains(name); }));
    };
    for (const auto* catalog : {&to_, &from_}) {
      const auto needs = dependencies(*catalog, key);
      for (const auto* some : {&needs.hard, &needs.soft})
        for (const auto& k : *some) {
          if (reads(k)) return true;
          const auto* relation = info(k.kind).owned ? catalog->relation(k.ns, k.owner) : nullptr;
          if (relation != nullptr && reads(*relation)) return true;
        }
    }
    return false;
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
  const bool keeps_trees = can.respells && can.bodies_follow_renames;
  return keeps_trees ? Changes(from, to, dialect).run() : std::set<ObjectKey>{};
}

}  // namespace trueup
