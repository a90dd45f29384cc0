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
        // SQLite looks at bodies when they run, and at ALTER TABLE: an order to prefer, not a condition.
        whole(key, words_of(body), uses.soft);
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
