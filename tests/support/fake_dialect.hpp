// Two imaginary engines for the laws: one that alters and checks everything at once (as PostgreSQL does), one
// that must rebuild tables and checks references late (as SQLite does).
#pragma once
#include <random>

#include "engine/engine.hpp"

namespace trueup::testing {

class FakeHandler : public KindHandler {
 public:
  FakeHandler(Kind kind, bool rebuilds) : kind_(kind), rebuilds_(rebuilds) {}
  void introspect(Connection&, const Scope&, Catalog&) const override {}
  Means means(const Altered& a, const Catalog&, const Catalog&) const override {
    switch (kind_) {
      case Kind::foreign_key:
      case Kind::primary_key:
      case Kind::unique:
      case Kind::check:
        return rebuilds_ ? Means{Rebuild{}} : Means{Recreate{}};
      case Kind::index:
      case Kind::view:
      case Kind::trigger:
        return Recreate{};
      case Kind::column:
        return rebuilds_ && !a.only({"comment"}) ? Means{Rebuild{}} : Means{InPlace{}};
      case Kind::function:
        return a.has("returns") && !rebuilds_ ? Means{Recreate{}} : Means{InPlace{}};
      default:
        return InPlace{};
    }
  }
  bool needs_rebuild(Verb, const ObjectKey& child, const Catalog&, const Catalog&) const override {
    return rebuilds_ && (child.kind == Kind::foreign_key || child.kind == Kind::check ||
                         child.kind == Kind::unique || child.kind == Kind::primary_key);
  }
  bool blocks(const Altered& a, const ObjectKey& dependent, const Catalog&, const Catalog&) const override {
    return kind_ == Kind::column && a.has("type") && dependent.kind == Kind::view;
  }
  std::vector<ObjectKey> also_alters(const Altered& a, const Catalog& from,
                                     const Catalog& to) const override {
    std::vector<ObjectKey> out;
    if (kind_ != Kind::enum_type) return out;
    for (const auto& [key, body] : from.objects)
      if (const auto* c = std::get_if<Column>(&body);
          c != nullptr && c->type.user && c->type.user->to == a.key)
        if (to.contains(key)) out.push_back(key);
    return out;
  }
  bool folds(Verb verb, const ObjectKey& child, const Catalog&) const override {
    return verb == Verb::drop ||
           (child.kind != Kind::index && child.kind != Kind::trigger && child.kind != Kind::row);
  }
  void render(const Step& s, std::span<const Step> folded, const RenderContext&,
              SqlWriter& w) const override {
    w.raw(to_string(s.verb)).raw(" ").raw(to_string(s.key));
    for (const auto& f : folded) w.raw(" + ").raw(to_string(f.key));
    w.end();
  }

 private:
  Kind kind_;
  bool rebuilds_;
};

class FakeDialect : public EngineDialect {
 public:
  enum class Sort { checked, rebuilding };
  explicit FakeDialect(Sort sort) : sort_(sort) {
    for (std::size_t i = 0; i < kind_count; ++i)
      handlers_.push_back(std::make_unique<FakeHandler>(static_cast<Kind>(i), sort == Sort::rebuilding));
  }
  std::string_view name() const override { return "fake"; }
  Capabilities capabilities() const override {
    Capabilities c;
    c.namespaces = true;
    c.bodies_follow_renames = true;
    c.unchecked_foreign_keys = sort_ == Sort::rebuilding;
    return c;
  }
  std::span<const OptionSpec> options() const override { return {}; }
  const KindHandler* handler(Kind k) const override {
    return handlers_.at(static_cast<std::size_t>(k)).get();
  }
  std::string quote(std::string_view s) const override { return std::string(s); }
  std::string literal(std::string_view s) const override { return "'" + std::string(s) + "'"; }
  std::string value(const RowValue& v, const DataType&) const override { return v.text; }
  std::string type_sql(const DataType& t) const override { return t.text; }
  std::string canonical_type(std::string_view s) const override { return std::string(s); }
  std::vector<Token> tokens(std::string_view sql) const override {
    std::vector<Token> out;
    for (std::size_t i = 0; i < sql.size();) {
      std::size_t n = i;
      auto word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
      while (n < sql.size() && word(sql[n])) ++n;
      const bool is_word = n > i;
      if (!is_word) ++n;
      const auto other = sql[i] == ' ' ? Token::Type::blank : Token::Type::symbol;
      out.push_back({is_word ? Token::Type::word : other, sql.substr(i, n - i), ""});
      i = n;
    }
    return out;
  }
  std::string lexical_form(std::string_view sql) const override { return std::string(sql); }
  std::vector<ScriptStatement> split(std::string_view s) const override { return {{std::string(s), 1, {}}}; }
  Catalog introspect(Connection&, const Scope&) const override { return {}; }
  void normalize(Catalog&, std::vector<Diagnostic>&) const override {}
  void infer_uses(Catalog&) const override {}
  void read_rows(Connection&, const Catalog&, Catalog&) const override {}

 private:
  Sort sort_;
  std::vector<std::unique_ptr<FakeHandler>> handlers_;
};

/// A random small catalog: enums, tables with columns and keys, foreign keys in any direction, checks,
/// indexes, functions that use each other, views on columns and views, triggers and rows.
class RandomCatalog {
 public:
  explicit RandomCatalog(std::mt19937& random) : random_(random) {}
  Catalog make();

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool maybe() { return pick(2) == 0; }
  void types(Catalog& c);
  void table(Catalog& c, const std::string& name);
  void references(Catalog& c);
  void views(Catalog& c);

  std::mt19937& random_;
  std::vector<ObjectKey> enums_, tables_, columns_, views_, functions_;
};

}  // namespace trueup::testing
