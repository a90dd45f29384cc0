// An extension that goes to another namespace takes its types along: what is of them in the former state is
// of them there, and no statement of its own.
#include "base/text.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/postgres/extension_words.hpp"
#include "engine/postgres/types.hpp"

namespace trueup::postgres {
namespace {
struct Move {
  std::string extension, before, after;  ///< namespaces
};

/// Unknown extensions may define whatever no known one does.
bool defines(const std::string& extension, std::string_view name, const Catalog& catalog) {
  if (is_known_extension(extension)) return extension_defines(extension, name);
  for (const auto& [key, body] : catalog.of_kind(Kind::extension))
    if (key.name != extension && (!is_known_extension(key.name) || extension_defines(key.name, name)))
      return false;
  return true;
}

bool is_routine(Kind kind) {
  return kind == Kind::function || kind == Kind::procedure || kind == Kind::aggregate;
}

template <class Body, class F>
void each_type(Body& body, F f) {
  if (auto* c = std::get_if<Column>(&body)) f(c->type);
  if (auto* d = std::get_if<Domain>(&body)) f(d->type);
  if (auto* t = std::get_if<CompositeType>(&body))
    for (auto& a : t->attributes) f(a.type);
}

std::string namespace_of(const TypeParts& type) {
  return type.ns.empty() ? "public" : type.ns;
}
bool is_of(const DataType& type, const std::string& extension, const Catalog& catalog) {
  const TypeParts parts = parse_type(type.text);
  return !type.user && parts.ns != "\n" && !(parts.ns.empty() && is_builtin_type(parts.base)) &&
         defines(extension, parts.base, catalog);
}
/// Where the extension must be, as the state writes its types; empty: they do not tell.
std::string told_by_types(const std::string& extension, const Catalog& catalog) {
  std::set<std::string> found;
  for (const auto& [key, body] : catalog.objects)
    each_type(body, [&](const DataType& type) {
      if (is_of(type, extension, catalog)) found.insert(namespace_of(parse_type(type.text)));
    });
  return found.size() == 1 ? *found.begin() : std::string();
}

std::vector<Move> moves(const Catalog& from, Catalog& to) {
  std::vector<Move> out;
  for (auto& [key, body] : to.of_kind(Kind::extension)) {
    auto& wanted = std::get<Extension>(body);
    const auto* now = from.find<Extension>(key);
    if (now == nullptr) continue;
    std::string before = now->installed_in;
    if (before.empty()) before = told_by_types(key.name, from);
    if (before.empty()) before = "public";
    // The way back to a state that left it open: to where its types were. On a server, open is where it is.
    if (wanted.installed_in.empty() && !now->installed_in.empty() && from.inventory.empty())
      wanted.installed_in = told_by_types(key.name, to);
    if (!wanted.installed_in.empty() && wanted.installed_in != before)
      out.push_back({key.name, before, wanted.installed_in});
  }
  return out;
}

class Follower {
 public:
  Follower(Catalog& catalog, const Move& move, bool alone) : catalog_(catalog), move_(move), alone_(alone) {}

  /// Follows everywhere; `said(key)` for objects whose expressions say another namespace now, in casts only:
  /// bare names of operators and functions would mean others.
  void run(const std::function<void(const ObjectKey&)>& said) {
    std::vector<ObjectKey> routines;
    for (auto& [key, body] : catalog_.objects) {
      each_type(body, [&](DataType& type) {
        if (is_of(type, move_.extension, catalog_)) type.text = followed(type.text);
      });
      if (is_routine(key.kind)) routines.push_back(key);
      if (auto* index = std::get_if<Index>(&body))
        for (auto& part : index->on)
          if (!part.opclass.empty()) part.opclass = told_class(part.opclass);
      bool changed = false, same = true;
      if (!is_routine(key.kind) && key.kind != Kind::raw)
        for_each_expr(body, [&](Expr& e) {
          if (e.canonical.empty()) return;
          const Told now = told(e.canonical);
          changed = changed || now.text != e.canonical;
          same = same && now.casts_only;
          e.canonical = now.text;
        });
      if (changed && same) said(key);
    }
    for (const auto& key : routines) routine(key);
  }

 private:
  std::string followed(const std::string& type) const {
    TypeParts parts = parse_type(type);
    if (namespace_of(parts) != move_.before) return type;
    parts.ns = move_.after;
    return spell_type(parts);
  }
  struct Told {
    std::string text;
    bool casts_only = true;
  };
  /// Names of the extension in the expression, in their new namespace.
  Told told(const std::string& text) const {
    const auto tokens = postgres_dialect().tokens(text);
    const auto of_before = [&](std::size_t i) {
      return i + 2 < tokens.size() && tokens[i + 1].text == "." && (i == 0 || tokens[i - 1].text != ".") &&
             tokens[i].value() == move_.before;
    };
    const auto is_operator = [&](std::size_t i) {
      return i > 1 && tokens[i - 1].text == "(" && lower(tokens[i - 2].text) == "operator";
    };
    bool operators = alone_;  // whose they are, what else the text names tells
    for (std::size_t i = 0; i < tokens.size(); ++i)
      operators = operators || (of_before(i) && !is_operator(i) && is_member(tokens[i + 2].value()));
    Told out;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const bool here = of_before(i) && (is_operator(i) ? operators : is_member(tokens[i + 2].value()));
      out.text += here ? postgres_dialect().quote(move_.after) : std::string(tokens[i].text);
      out.casts_only = out.casts_only && (!here || (i > 0 && tokens[i - 1].text == "::"));
    }
    return out;
  }
  /// The operator class of an index, which is bare in `public`.
  std::string told_class(const std::string& opclass) const {
    const bool bare = move_.before == "public" && opclass.find('.') == std::string::npos;
    const std::string text = told(bare ? "public." + opclass : opclass).text;
    return text.starts_with("public.") ? text.substr(7) : text;
  }
  bool is_member(const std::string& name) const {
    return defines(move_.extension, name, catalog_) && catalog_.relation(move_.before, name) == nullptr;
  }

  /// Routines are known by the types of their arguments.
  void routine(const ObjectKey& key) {
    ObjectBody body = catalog_.objects.at(key);
    ObjectKey now = key;
    now.signature = retyped(key.signature);
    std::visit(
        [&](auto& b) {
          if constexpr (requires { b.arguments; }) b.arguments = retyped(b.arguments);
          if constexpr (requires { b.returns; }) b.returns = retyped(b.returns);
        },
        body);
    catalog_.objects.erase(key);
    catalog_.objects.insert_or_assign(now, std::move(body));
    if (now == key) return;
    if (auto uses = catalog_.uses.extract(key)) {
      uses.key() = now;
      catalog_.uses.insert(std::move(uses));
    }
    for (auto& [user, uses] : catalog_.uses)
      for (auto* all : {&uses.hard, &uses.soft})
        if (all->erase(key) > 0) all->insert(now);
  }
  /// The words of a list of arguments, or of a result, that are types of the extension.
  std::string retyped(const std::string& list) const {
    const auto tokens = postgres_dialect().tokens(list);
    std::string out;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const bool qualifies = i + 2 < tokens.size() && tokens[i + 1].text == ".";
      const bool qualified = i > 0 && tokens[i - 1].text == ".";
      const bool whole = i + 1 == tokens.size() || tokens[i + 1].type != Token::Type::blank ||
                         (i + 2 < tokens.size() && lower(tokens[i + 2].text) == "default");
      const std::size_t name = qualifies ? i + 2 : i;
      const bool type =
          (tokens[i].type == Token::Type::word || tokens[i].type == Token::Type::quoted_identifier) &&
          !qualified && (qualifies || whole) &&
          (qualifies ? tokens[i].value() == move_.before : move_.before == "public") &&
          defines(move_.extension, tokens[name].value(), catalog_) && !is_builtin_type(tokens[name].value());
      if (!type) {
        out += tokens[i].text;
        continue;
      }
      if (move_.after != "public") out += postgres_dialect().quote(move_.after) + ".";
      out += tokens[name].text;
      i = name;
    }
    return out;
  }

  Catalog& catalog_;
  const Move& move_;
  bool alone_;  ///< in its namespace
};

/// The author's text says the same in both states; where it was spelled out, it is still.
void keep_spelling(const ObjectBody& before, ObjectBody& after) {
  std::vector<const Expr*> known;
  std::vector<Expr*> wanted;
  for_each_expr(before, [&](const Expr& e) { known.push_back(&e); });
  for_each_expr(after, [&](Expr& e) { wanted.push_back(&e); });
  for (std::size_t i = 0; known.size() == wanted.size() && i < known.size(); ++i)
    if (wanted[i]->canonical.empty() && wanted[i]->text == known[i]->text)
      wanted[i]->canonical = known[i]->canonical;
}
}  // namespace

void follow_moved_extensions(Catalog& from, Catalog& to) {
  for (const auto& move : moves(from, to)) {
    const auto all = from.of_kind(Kind::extension);
    // Which of several extensions in a namespace an operator is of, its name does not tell.
    const bool alone = std::none_of(all.begin(), all.end(), [&](const auto& entry) {
      return entry.first.name != move.extension &&
             std::get<Extension>(entry.second).installed_in == move.before;
    });
    Follower(from, move, alone).run([&](const ObjectKey& key) {
      if (const auto it = to.objects.find(key); it != to.objects.end())
        keep_spelling(from.objects.at(key), it->second);
    });
  }
}

}  // namespace trueup::postgres
