#include "engine/sqlite/normalize.hpp"

#include <fmt/format.h>

#include <unordered_map>

#include "base/text.hpp"
#include "engine/finding.hpp"
#include "engine/one_namespace.hpp"
#include "engine/options.hpp"
#include "engine/row_forms.hpp"
#include "engine/sqlite/dialect.hpp"
#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/options.hpp"

namespace trueup::sqlite {
namespace {

std::string as_listed(const OptionSpec& spec, const std::string& value) {
  const bool word = spec.name == "conflict" || spec.default_value == "false" || spec.default_value == "abort";
  return word ? lower(value) : value;
}

class Normalizer {
 public:
  Normalizer(Catalog& catalog, std::vector<Diagnostic>& found) : c_(catalog), found_(found) {}

  void run() {
    one_namespace();
    index_names();
    settle_references();
    for (auto& [key, body] : c_.objects) {
      check_options(key, body, c_, sqlite_dialect(), "SQLite", as_listed, found_);
      if (const KindHandler* h = sqlite_dialect().handler(key.kind)) h->normalize(key, body, c_, found_);
      canonical(key, body);
    }
    rename_rows(c_, found_);
    c_.namespaces.clear();
  }

 private:
  void canonical(const ObjectKey& key, ObjectBody& body) {
    const auto* column = std::get_if<Column>(&body);
    const bool of_columns = key.kind == Kind::check || key.kind == Kind::index || column != nullptr;
    for_each_expr(body, [&](Expr& e) {
      if (e.text.empty()) return;
      // In a DEFAULT a quoted word is text whatever it says; `using` is no part of the table.
      const bool generated = column != nullptr && column->generated && &*column->generated == &e;
      if (e.text.find('"') == std::string::npos)
        e.canonical = lexical_form(e.text);
      else if (of_columns && (column == nullptr || generated))
        e.canonical = lexical_form(e.text, columns_of(key.owner));
      else if (key.kind == Kind::view || key.kind == Kind::trigger)
        e.canonical = lexical_form(e.text, names_in(e.text, key.owner));
      else
        e.canonical = lexical_form(e.text);
    });
  }
  /// Names that the text can mean, in lower case: of the relations that it mentions, and of their columns. A
  /// rename makes SQLite write them in quotes.
  std::set<std::string> names_in(std::string_view text, const std::string& owner) {
    if (relations_.empty())
      for (const auto& [key, body] : c_.objects)
        if (info(key.kind).relation) relations_.emplace(lower(key.name), key.name);
    std::set<std::string> out;
    const auto add = [&](const std::string& name) {
      const auto found = relations_.find(lower(name));
      if (found == relations_.end()) return;
      out.insert(found->first);
      out.merge(columns_of(found->second));
    };
    add(owner);
    for (const auto& t : significant(text))
      if (t.type == Token::Type::word || t.type == Token::Type::quoted_identifier) add(t.value());
    return out;
  }
  std::set<std::string> columns_of(const std::string& owner) const {
    std::set<std::string> out;
    for (const auto& key : c_.columns({Kind::table, "", "", owner, ""})) out.insert(lower(key.name));
    return out;
  }

  void report(const ObjectKey& key, const std::string& why, std::string remedy) {
    found_.push_back(finding(c_, key, why, std::move(remedy)));
  }

  /// SQLite has no namespaces: what a schema for several engines says about them is left out.
  void one_namespace() {
    for (const auto& key : drop_namespaces(c_))
      report(key, "another namespace holds an object of this name",
             "SQLite has no namespaces: rename one of the two");
  }

  static std::string spot(const ObjectKey& key) {
    // Tables, views and indexes share one set of names, triggers have their own, columns one a table.
    if (key.kind == Kind::trigger) return "trigger " + lower(key.name);
    if (key.kind == Kind::column) return "column " + lower(key.owner) + "." + lower(key.name);
    return "relation " + lower(key.name);
  }
  void index_names() {
    for (const auto& [key, body] : c_.objects) {
      if (!info(key.kind).relation && key.kind != Kind::index && key.kind != Kind::trigger &&
          key.kind != Kind::column)
        continue;
      auto [it, fresh] = names_.emplace(spot(key), key);
      if (!fresh)
        report(key,
               fmt::format("SQLite cannot tell it from {}: names differ by more than case",
                           to_string(it->second)),
               "rename one of the two");
    }
  }

  /// References take the spelling of the declaration.
  void settle_references() {
    for (auto& [key, body] : c_.objects)
      for_each_ref(body, [&](Ref& r) {
        if (c_.contains(r.to)) return;
        if (info(r.to.kind).relation) {
          auto it = names_.find("relation " + lower(r.to.name));
          if (it != names_.end() && it->second.kind == r.to.kind) r.to = it->second;
        } else if (r.to.kind == Kind::column) {
          auto it = names_.find(spot(r.to));
          if (it != names_.end()) r.to = it->second;
        }
      });
  }

  Catalog& c_;
  std::vector<Diagnostic>& found_;
  std::unordered_map<std::string, ObjectKey> names_;
  std::unordered_map<std::string, std::string> relations_;  ///< in lower case, and as they are called
};

/// What stands in the way of an object that SQLite would only notice when data meets it.
void check_foreign_key(const Catalog& to, const ObjectKey& key, const ForeignKey& fk,
                       std::vector<Diagnostic>& found) {
  if (fk.ref_columns.empty() || fk.ref_columns.size() == fk.columns.size()) return;
  found.push_back(finding(to, key, "as many columns must refer as are referred to", ""));
}
}  // namespace

void normalize(Catalog& catalog, std::vector<Diagnostic>& found) {
  Normalizer(catalog, found).run();
}

void precheck(const Catalog& to, std::vector<Diagnostic>& found) {
  for (const auto& [key, body] : to.objects) {
    if (const auto* fk = std::get_if<ForeignKey>(&body)) check_foreign_key(to, key, *fk, found);
    if (key.kind == Kind::table) refuse_without_columns(to, key, found);
  }
}

}  // namespace trueup::sqlite
