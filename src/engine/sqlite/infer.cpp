#include "engine/sqlite/infer.hpp"

#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "engine/row_uses.hpp"
#include "engine/sqlite/lexer.hpp"

namespace trueup::sqlite {
namespace {

/// Lower-case names in an SQL text; strings too, because SQLite takes them for names where it must.
std::unordered_set<std::string> words(std::string_view sql) {
  std::unordered_set<std::string> out;
  for (const auto& t : significant(sql)) {
    if (t.type == Token::Type::word || t.type == Token::Type::quoted_identifier) out.insert(lower(t.value()));
  }
  return out;
}

std::unordered_set<std::string> words_of(const ObjectBody& body) {
  std::unordered_set<std::string> out;
  for_each_expr(body, [&](const Expr& e) { out.merge(words(e.text)); });
  return out;
}

/// Lower-case names that stand where a query or statement names a relation, and are none that it declares by
/// WITH.
class RelationNames {
 public:
  std::set<std::string> read(std::string_view sql) {
    const auto all = significant(sql);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Token& t = all[i];
      if (is_symbol(t, "(")) {
        depth_.push_back(false);  // a list of tables or a query where a table may stand, else anything
      } else if (is_symbol(t, ")")) {
        if (depth_.size() > 1) depth_.pop_back();
        expected_ = false;
      } else if (is_symbol(t, ",")) {
        expected_ = depth_.back();
      } else if (t.type == Token::Type::word && opens(t)) {
        expected_ = true;
        depth_.back() = is_word(t, "from") || is_word(t, "join");
      } else if (t.type == Token::Type::word && closes(t)) {
        expected_ = depth_.back() = false;
      } else if (expected_ && is_word(t, "or")) {
        ++i;  // UPDATE OR REPLACE
      } else if (t.type == Token::Type::word || t.type == Token::Type::quoted_identifier) {
        const std::string name = lower(t.value());
        if (i + 2 < all.size() && is_word(all[i + 1], "as") && is_symbol(all[i + 2], "(")) own_.insert(name);
        if (!expected_ || (i + 1 < all.size() && is_symbol(all[i + 1], "."))) continue;
        found_.insert(name);
        expected_ = false;
      }
    }
    for (const auto& name : own_) found_.erase(name);
    return std::move(found_);
  }

 private:
  static bool opens(const Token& t) {
    return is_word(t, "from") || is_word(t, "join") || is_word(t, "into") || is_word(t, "update");
  }
  static bool closes(const Token& t) {
    static constexpr std::string_view words[] = {"select",    "values", "where", "group", "order",
                                                 "having",    "on",     "using", "union", "except",
                                                 "intersect", "limit",  "set",   "window"};
    return std::any_of(std::begin(words), std::end(words), [&](std::string_view w) { return is_word(t, w); });
  }

  std::vector<bool> depth_{false};  ///< in a list of tables, for each open parenthesis
  bool expected_ = false;           ///< may the next word be a relation's name?
  std::set<std::string> found_, own_;
};
std::set<std::string> relations_named(std::string_view sql) {
  return RelationNames().read(sql);
}

using ByName = std::unordered_map<std::string, ObjectKey>;

class Inference {
 public:
  explicit Inference(Catalog& catalog) : catalog_(catalog), rows_(catalog) {
    for (const auto& [key, body] : catalog_.objects) {
      if (info(key.kind).relation) relations_.emplace(lower(key.name), key);
      if (key.kind == Kind::column) columns_[key.owner].emplace(lower(key.name), key);
    }
  }

  void run() {
    for (const auto& [key, body] : catalog_.objects) {
      if (catalog_.uses.contains(key)) continue;
      Catalog::Uses uses;
      if (key.kind == Kind::view || key.kind == Kind::trigger) {
        // SQLite looks at bodies when they run, and at ALTER TABLE: an order to prefer, not a condition. But
        // while a view is dropped to be created again, no ALTER TABLE passes with views that read from it.
        whole(key, words_of(body), uses.soft);
        if (key.kind == Kind::view) views(body, uses.hard);
      } else if (key.kind == Kind::check || key.kind == Kind::index || key.kind == Kind::column) {
        columns(key.owner, words_of(body), uses.hard);
      } else if (const auto* row = std::get_if<Row>(&body)) {
        uses = rows_.of(key, *row);
      }
      uses.hard.erase(key);
      uses.soft.erase(key);
      if (!uses.hard.empty() || !uses.soft.empty()) catalog_.uses.emplace(key, std::move(uses));
    }
  }

 private:
  void columns(const std::string& owner, const std::unordered_set<std::string>& named,
               std::set<ObjectKey>& out) const {
    auto it = columns_.find(owner);
    if (it == columns_.end()) return;
    for (const auto& word : named)
      if (auto c = it->second.find(word); c != it->second.end()) out.insert(c->second);
  }
  void whole(const ObjectKey& key, const std::unordered_set<std::string>& named,
             std::set<ObjectKey>& out) const {
    if (info(key.kind).owned) columns(key.owner, named, out);
    for (const auto& word : named) {
      auto it = relations_.find(word);
      if (it == relations_.end()) continue;
      out.insert(it->second);
      columns(it->second.name, named, out);
    }
  }

  void views(const ObjectBody& body, std::set<ObjectKey>& out) const {
    std::set<std::string> named;
    for_each_expr(body, [&](const Expr& e) { named.merge(relations_named(e.text)); });
    for (const auto& name : named)
      if (const auto it = relations_.find(name); it != relations_.end() && it->second.kind == Kind::view)
        out.insert(it->second);
  }

  Catalog& catalog_;
  RowUses rows_;
  ByName relations_;
  std::unordered_map<std::string, ByName> columns_;
};
}  // namespace

void infer_uses(Catalog& catalog) {
  Inference(catalog).run();
}

bool mentions(std::string_view sql, std::string_view name) {
  return words(sql).contains(lower(name));
}

}  // namespace trueup::sqlite
