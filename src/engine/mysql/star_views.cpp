#include "engine/mysql/star_views.hpp"

#include <unordered_map>

#include "base/text.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/lexer.hpp"

namespace trueup::mysql {
namespace {
/// Has a query a `*` other than that of `count(*)` and of a product?
bool reads_all(const std::vector<Token>& all) {
  static constexpr std::string_view before[] = {"select", "distinct", "distinctrow", "all"};
  for (std::size_t i = 1; i < all.size(); ++i) {
    const Token& t = all[i - 1];
    if (is_symbol(all[i], "*") && (is_symbol(t, ".") || std::any_of(std::begin(before), std::end(before),
                                                                    [&](auto w) { return is_word(t, w); })))
      return true;
  }
  return false;
}

class Columns {
 public:
  explicit Columns(const Catalog& catalog) : catalog_(catalog) {
    for (const auto& [key, body] : catalog.objects)
      if (key.kind == Kind::table || key.kind == Kind::view) relations_.emplace(lower(key.name), &key);
  }

  /// The columns of all that a view with a `*` reads; empty for others.
  std::string read_by(const View& view) {
    const std::string text = sql_of(view.query);
    if (text.find('*') == std::string::npos) return {};
    const auto all = significant(text);
    if (!reads_all(all)) return {};
    std::set<std::string> names;
    for (const auto& t : all)
      if (t.type == Token::Type::word || t.type == Token::Type::quoted_identifier)
        names.insert(lower(t.value()));
    std::string out;
    for (const auto& name : names)
      if (const auto it = relations_.find(name); it != relations_.end())
        out += " " + name + "(" + of(*it->second) + ")";
    return out;
  }

 private:
  std::string of(const ObjectKey& relation) {
    const auto [known, fresh] = known_.try_emplace(relation);
    if (!fresh) return known->second;
    std::string out;
    if (const auto* view = catalog_.find<View>(relation)) {
      out = view->columns.empty() ? read_by(*view) : join(view->columns, ", ");
      if (out.empty()) out = lexical_form(sql_of(view->query));
    } else {
      std::vector<std::string> names;
      for (const auto& key : catalog_.columns(relation))
        if (!catalog_.find<Column>(key)->options.contains("invisible")) names.push_back(backquoted(key.name));
      out = join(names, ", ");
    }
    return known_[relation] = out;
  }

  const Catalog& catalog_;
  std::unordered_map<std::string, const ObjectKey*> relations_;
  std::map<ObjectKey, std::string> known_;
};
}  // namespace

void compare_star_views(Catalog& from, Catalog& to) {
  Columns before(from), after(to);
  std::vector<std::pair<ObjectKey, std::string>> changed;
  for (const auto& [key, body] : to.of_kind(Kind::view)) {
    const auto* now = from.find<View>(key);
    if (now == nullptr) continue;
    const std::string was = before.read_by(*now), is = after.read_by(std::get<View>(body));
    if (!was.empty() && !is.empty() && was != is) changed.emplace_back(key, was);
  }
  for (const auto& [key, was] : changed) {
    Expr& now = std::get<View>(from.objects.at(key)).query;
    now.canonical = now.comparable() + " /*" + was + " */";
    Expr& desired = std::get<View>(to.objects.at(key)).query;
    if (!desired.text.empty()) desired.canonical.clear();
  }
}

}  // namespace trueup::mysql
