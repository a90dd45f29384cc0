// What the servers spell in different ways, or keep on one of them only, is no difference.
#include "base/text.hpp"
#include "engine/finding.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/normalize.hpp"
#include "engine/mysql/online.hpp"
#include "engine/mysql/partitions.hpp"
#include "engine/mysql/routines.hpp"
#include "engine/mysql/show_create.hpp"
#include "engine/mysql/star_views.hpp"
#include "engine/mysql/types.hpp"
#include "engine/own_definers.hpp"
#include "kinds/former_name.hpp"

namespace trueup::mysql {
namespace {
std::string action_class(const std::string& action, const std::string& server) {
  if (action == "no action" && !server.starts_with("MariaDB")) return {};
  if (action == "restrict" && !server.starts_with("MySQL")) return {};
  return action;
}

/// The collation that a character set stands for on that server.
std::string default_collation(const std::string& charset, const std::string& server) {
  if (const auto known = common_default_collation(charset); !known.empty()) return std::string(known);
  const bool mariadb = server.starts_with("MariaDB");
  constexpr std::string_view vendor = "MariaDB ";
  constexpr int uca_by_default = 110600;
  const bool uca =
      mariadb && std::atoi(server.substr(std::min(vendor.size(), server.size())).c_str()) >= uca_by_default;
  if (uca) return charset + "_uca1400_ai_ci";
  return charset + (charset == "utf8mb4" && !mariadb ? "_0900_ai_ci" : "_general_ci");
}

/// What the object was in `from`, where it or its table may have had another name; null when it was not
/// there.
const std::pair<const ObjectKey, ObjectBody>* former(const Catalog& from, const Catalog& to,
                                                     const ObjectKey& key) {
  const auto called = [&](const ObjectKey& k, const ObjectKey& now) {
    const auto body = to.objects.find(now);
    const std::string hint = body == to.objects.end() ? std::string() : rename_hint(body->second);
    return hint.empty() || from.contains(k) ? k.name : former_key(k, hint, from).name;
  };
  ObjectKey before = key;
  if (info(key.kind).owned) before.owner = called(table_key(key.owner), table_key(key.owner));
  before.name = called(before, key);
  const auto it = from.objects.find(before);
  return it == from.objects.end() ? nullptr : &*it;
}
struct Sides {
  const Catalog& from;
  const Catalog& to;
  std::string server;

  static std::string entry(const Options& options, const char* name) {
    const auto it = options.find(name);
    return it == options.end() ? std::string() : it->second;
  }
  std::string own(const Options& options) const { return own(options, entry(options, "collation")); }
  /// Empty: left open, or the table's.
  std::string own(const Options& options, const std::string& collation) const {
    if (!collation.empty()) return collation;
    const std::string charset = entry(options, "charset");
    return charset.empty() ? std::string() : default_collation(charset, server);
  }
  /// Empty: left open, also by the database.
  std::string of_database(const Catalog& catalog, const Options& options = {}) const {
    const std::string mine = own(options);
    const auto* database = catalog.find<Database>(database_key());
    return mine.empty() && database != nullptr ? own(database->options) : mine;
  }
  std::string of_table(const Catalog& catalog, const std::string& name) const {
    const auto* t = catalog.find<Table>(table_key(name));
    if (t == nullptr) return {};
    const std::string mine = own(t->options);
    const auto* before = mine.empty() && &catalog == &to ? former(from, to, table_key(name)) : nullptr;
    return before == nullptr ? mine : own(std::get<Table>(before->second).options);
  }
  std::string of_column(const Catalog& catalog, const ObjectKey& key, const Column& c) const {
    const std::string mine = own(c.options, c.collation);
    return mine.empty() ? of_table(catalog, key.owner) : mine;
  }
};

void take(Options& options, const Options& now, const char* name) {
  options.erase(name);
  if (const auto it = now.find(name); it != now.end()) options.insert(*it);
}

void same_collation(const Sides& sides, Options& options, const Options& now) {
  const std::string wanted = sides.own(options);
  if (wanted.empty() || wanted != sides.own(now)) return;
  take(options, now, "charset");
  take(options, now, "collation");
}
/// Programs remember the collation that the database had when they were made. They stay where that is what
/// they would be made under now, and where the desired state leaves it open.
void same_program_collations(const Sides& sides, Catalog& from) {
  constexpr const char* name = "database_collation";
  const std::string before = sides.of_database(from), after = sides.of_database(sides.to);
  for (auto& [key, body] : from.objects) {
    Options* now = program_options(body);
    const auto other = now == nullptr ? sides.to.objects.end() : sides.to.objects.find(key);
    const Options* desired = other == sides.to.objects.end() ? nullptr : program_options(other->second);
    if (desired == nullptr) continue;
    const std::string wanted = Sides::entry(*desired, name);
    const std::string mine = now->contains(name) ? now->at(name) : before;
    now->erase(name);
    if (after.empty()) continue;
    if (mine == (wanted.empty() ? after : wanted)) {
      if (!wanted.empty()) (*now)[name] = wanted;
    } else if (wanted.empty()) {
      (*now)[name] = mine;
    }
  }
}
/// MySQL remembers that a column names what its table has anyway.
void same_collation(const Sides& sides, const ObjectKey& key, Column& c, const ObjectKey& before,
                    const Column& now) {
  const bool remembers =
      sides.server.starts_with("MySQL") &&
      sides.own(c.options, c.collation).empty() != sides.own(now.options, now.collation).empty();
  const std::string wanted = sides.of_column(sides.to, key, c);
  if (remembers || wanted != sides.of_column(sides.from, before, now)) return;
  Column same = c;
  same.collation = now.collation;
  take(same.options, now.options, "charset");
  // What follows the table would change with it.
  if (sides.of_column(sides.to, key, same) == wanted) c = same;
}
/// The servers write what a function gives in full: `varchar(20)` with the character set of then.
struct Result {
  std::string type;
  Options options;
};
Result result_of(const std::string& written, const std::string& server) {
  Result out;
  const auto all = significant(written);
  std::size_t i = 0;
  const auto ends = [&](const Token& t) {
    return is_word(t, "charset") || is_word(t, "character") || is_word(t, "collate");
  };
  while (i < all.size() && !ends(all[i])) ++i;
  out.type = i == 0 ? written
                    : canonical_type(written.substr(
                          0, static_cast<std::size_t>(all[i - 1].text.data() - written.data()) +
                                 all[i - 1].text.size()));
  for (; i + 1 < all.size(); ++i) {
    const bool set = is_word(all[i], "character") && is_word(all[i + 1], "set");
    const char* name = is_word(all[i], "collate") ? "collation" : "charset";
    if (!ends(all[i]) || (set && ++i + 1 == all.size())) continue;
    out.options[name] = canonical_charset(all[++i].value());
  }
  if (out.type == "json" && server.starts_with("MariaDB")) out = {"longtext", {{"collation", "utf8mb4_bin"}}};
  out.type = without_width(out.type);
  return out;
}
void same_result(const Sides& sides, Function& f, const Function& now) {
  const Result a = result_of(now.returns, sides.server), b = result_of(f.returns, sides.server);
  const std::string before = sides.of_database(sides.from, a.options),
                    after = sides.of_database(sides.to, b.options);
  const bool open = before.empty() || after.empty() || !has_charset(base_type(a.type));
  if (a.type == b.type && (open || before == after)) f.returns = now.returns;
}
/// The servers remember that a key says `using btree`, which most are anyway.
void same_methods(const Catalog& from, Catalog& to) {
  const auto same = [](const std::string& a, const std::string& b) {
    return (a.empty() || a == "btree") && (b.empty() || b == "btree");
  };
  for (auto& [key, body] : to.objects) {
    const auto* other = former(from, to, key);
    if (other == nullptr) continue;
    if (auto* i = std::get_if<Index>(&body)) {
      const std::string& now = std::get<Index>(other->second).method;
      if (same(i->method, now)) i->method = now;
    }
    Options* options = nullptr;
    const Options* now = nullptr;
    if (auto* p = std::get_if<PrimaryKey>(&body))
      options = &p->options, now = &std::get<PrimaryKey>(other->second).options;
    if (auto* u = std::get_if<Unique>(&body))
      options = &u->options, now = &std::get<Unique>(other->second).options;
    if (options == nullptr) continue;
    const std::string wanted = Sides::entry(*options, "using"), has = Sides::entry(*now, "using");
    const auto* unique = std::get_if<Unique>(&body);
    const bool hashed = unique != nullptr && wanted.empty() && has == "hash" && is_long(to, *unique);
    if (same(wanted, has) || hashed) take(*options, *now, "using");
  }
}
/// MariaDB says a column's new name in the rule by which its table is partitioned. (MySQL renames no such
/// column.)
void rules_follow_renames(Catalog& from, const Catalog& to) {
  if (!from.server.starts_with("MariaDB")) return;
  for (const auto& [key, body] : to.of_kind(Kind::column)) {
    const std::string& former = std::get<Column>(body).renamed_from;
    const auto* table = to.find<Table>(table_key(key.owner));
    if (former.empty() || table == nullptr || from.contains(key)) continue;
    const std::string owner = table->renamed_from.empty() ? key.owner : table->renamed_from;
    const auto before = from.objects.find(table_key(owner));
    if (before == from.objects.end() || !from.contains(child_key(Kind::column, owner, former))) continue;
    Options& options = std::get<Table>(before->second).options;
    const auto rule = options.find("partition_by");
    if (rule == options.end()) continue;
    std::string text;
    for (const Token& t : tokens(rule->second)) {
      const bool name = t.type == Token::Type::word || t.type == Token::Type::quoted_identifier;
      text += name && same_word(t.value(), former) ? quote(key.name) : std::string(t.text);
    }
    rule->second = text;
    normalize_partitions(options);
  }
}
/// A server that stores names in lower case would have none of the tables that a file writes otherwise.
void refuse_folded_names(const Catalog& from, const Catalog& to) {
  if (!from.server.ends_with(folding_server)) return;
  std::vector<Diagnostic> found;
  for (const auto& [key, body] : to.objects) {
    if (!info(key.kind).relation || key.name == lower(key.name)) continue;
    found.push_back(finding(to, key, std::string(folds_names), "write '" + lower(key.name) + "'"));
  }
  if (!found.empty()) throw InputError(std::move(found));
}
void name_own_definers(Catalog& live, Catalog& other) {
  const auto at = live.server.find(connected_as);
  if (at == std::string::npos) return;
  std::string user = live.server.substr(at + connected_as.size());
  if (user.ends_with(folding_server)) user.resize(user.size() - folding_server.size());
  const auto options = [](ObjectBody& body) {
    auto* view = std::get_if<View>(&body);
    return view != nullptr ? &view->options : program_options(body);
  };
  trueup::name_own_definers(live, other, user, options, {"definer"});
}
/// MariaDB shows no emoji in literals as defaults, MySQL none in expressions of tables: nobody can tell what
/// is there, so that a change would be taken for done.
void refuse_hidden_characters(const Catalog& to, const std::string& server) {
  const bool mariadb = server.starts_with("MariaDB");
  const std::string why = mariadb ? "MariaDB shows a ? for each emoji or the like in its default"
                                  : "MySQL does not show emoji and the like in its expression";
  const std::string remedy = mariadb
                                 ? "write the default as an expression: concat('...')"
                                 : "leave them out, or write their bytes: convert(0xF09F8E88 using utf8mb4)";
  std::vector<Diagnostic> found;
  const auto look = [&](const ObjectKey& key, const Expr& e) {
    const auto all = significant(sql_of(e));
    const bool literal = all.size() == 1 && all[0].type == Token::Type::string;
    if (literal == mariadb && beyond_three_bytes(sql_of(e))) found.push_back(finding(to, key, why, remedy));
  };
  for (const auto& [key, body] : to.objects) {
    const auto* c = std::get_if<Column>(&body);
    if (c != nullptr && c->default_value) look(key, *c->default_value);
    if (c != nullptr && c->generated) look(key, *c->generated);
    const ObjectKey& k = key;  // clang 14: no structured bindings in lambdas
    if (key.kind == Kind::check || key.kind == Kind::index || key.kind == Kind::unique)
      for_each_expr(body, [&](const Expr& e) { look(k, e); });
  }
  if (!found.empty()) throw InputError(std::move(found));
}
}  // namespace

void complete(Catalog& from, Catalog& to) {
  refuse_folded_names(from, to);
  name_own_definers(from, to);
  name_own_definers(to, from);
  for (auto* catalog : {&from, &to}) stand_on_each_other(*catalog);  // older snapshots do not say it
  rules_follow_renames(from, to);
  same_methods(from, to);
  compare_star_views(from, to);
  const Sides sides{from, to, from.server.empty() ? to.server : from.server};
  same_program_collations(sides, from);
  for (auto& [key, body] : to.objects)
    if (auto* f = std::get_if<Function>(&body))
      if (const auto* now = from.find<Function>(key)) same_result(sides, *f, *now);
  if (sides.server.empty()) return;
  refuse_hidden_characters(to, sides.server);
  const bool mysql = sides.server.starts_with("MySQL");
  // Columns first: their tables' character sets must still be what was written.
  for (auto& [key, body] : to.objects) {
    auto* c = std::get_if<Column>(&body);
    if (c != nullptr && !mysql) c->options.erase("no_default");  // null is its default there
    const auto* other = c == nullptr ? nullptr : former(from, to, key);
    if (other == nullptr) continue;
    const auto& now = std::get<Column>(other->second);
    same_collation(sides, key, *c, other->first, now);
    if (mysql && without_width(c->type.text) == without_width(now.type.text)) c->type.text = now.type.text;
  }
  for (auto& [key, body] : to.objects) {
    const auto* other = former(from, to, key);
    if (other == nullptr) continue;
    if (auto* d = std::get_if<Database>(&body))
      same_collation(sides, d->options, std::get<Database>(other->second).options);
    if (auto* t = std::get_if<Table>(&body))
      same_collation(sides, t->options, std::get<Table>(other->second).options);
    if (auto* fk = std::get_if<ForeignKey>(&body)) {
      const auto& now = std::get<ForeignKey>(other->second);
      if (action_class(fk->on_delete, sides.server) == action_class(now.on_delete, sides.server))
        fk->on_delete = now.on_delete;
      if (action_class(fk->on_update, sides.server) == action_class(now.on_update, sides.server))
        fk->on_update = now.on_update;
    }
    if (auto* t = std::get_if<Trigger>(&body))
      take(t->options, std::get<Trigger>(other->second).options, "header");
  }
}

}  // namespace trueup::mysql
