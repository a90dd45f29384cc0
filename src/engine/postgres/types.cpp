#include "engine/postgres/types.hpp"

#include <array>
#include <charconv>

#include "base/text.hpp"
#include "engine/postgres/lexer.hpp"

namespace trueup::postgres {
namespace {
struct Alias {
  std::string_view written, canonical;
};
constexpr std::array aliases{
    Alias{"bool", "boolean"},
    Alias{"bpchar", "bpchar"},
    Alias{"char", "character"},
    Alias{"dec", "numeric"},
    Alias{"decimal", "numeric"},
    Alias{"float4", "real"},
    Alias{"float8", "double precision"},
    Alias{"int", "integer"},
    Alias{"int2", "smallint"},
    Alias{"int4", "integer"},
    Alias{"int8", "bigint"},
    Alias{"nchar", "character"},
    Alias{"time", "time without time zone"},
    Alias{"timestamp", "timestamp without time zone"},
    Alias{"timestamptz", "timestamp with time zone"},
    Alias{"timetz", "time with time zone"},
    Alias{"varbit", "bit varying"},
    Alias{"varchar", "character varying"},
};
/// Names that are no types of PostgreSQL but mean one: portable names, and those of other engines.
constexpr std::array portable{
    Alias{"binary", "bytea"},
    Alias{"blob", "bytea"},
    Alias{"clob", "text"},
    Alias{"datetime", "timestamp without time zone"},
    Alias{"double", "double precision"},
    Alias{"longblob", "bytea"},
    Alias{"longtext", "text"},
    Alias{"mediumblob", "bytea"},
    Alias{"mediumint", "integer"},
    Alias{"mediumtext", "text"},
    Alias{"string", "text"},
    Alias{"tinyblob", "bytea"},
    Alias{"tinyint", "smallint"},
    Alias{"tinytext", "text"},
    Alias{"varbinary", "bytea"},
};
constexpr std::array serials{
    Alias{"bigserial", "bigint"}, Alias{"serial", "integer"}, Alias{"serial2", "smallint"},
    Alias{"serial4", "integer"},  Alias{"serial8", "bigint"}, Alias{"smallserial", "smallint"},
};
constexpr std::array builtin{"aclitem",
                             "any",
                             "anyarray",
                             "anycompatible",
                             "anycompatiblearray",
                             "anycompatiblemultirange",
                             "anycompatiblenonarray",
                             "anycompatiblerange",
                             "anyelement",
                             "anyenum",
                             "anymultirange",
                             "anynonarray",
                             "anyrange",
                             "bigint",
                             "bit",
                             "bit varying",
                             "boolean",
                             "box",
                             "bpchar",
                             "bytea",
                             "char",
                             "character",
                             "character varying",
                             "cid",
                             "cidr",
                             "circle",
                             "cstring",
                             "date",
                             "datemultirange",
                             "daterange",
                             "double precision",
                             "event_trigger",
                             "fdw_handler",
                             "gtsvector",
                             "index_am_handler",
                             "inet",
                             "int4multirange",
                             "int4range",
                             "int8multirange",
                             "int8range",
                             "integer",
                             "internal",
                             "interval",
                             "json",
                             "jsonb",
                             "jsonpath",
                             "language_handler",
                             "line",
                             "lseg",
                             "macaddr",
                             "macaddr8",
                             "money",
                             "name",
                             "numeric",
                             "nummultirange",
                             "numrange",
                             "oid",
                             "path",
                             "pg_lsn",
                             "pg_snapshot",
                             "point",
                             "polygon",
                             "real",
                             "record",
                             "refcursor",
                             "regclass",
                             "regcollation",
                             "regconfig",
                             "regdictionary",
                             "regnamespace",
                             "regoper",
                             "regoperator",
                             "regproc",
                             "regprocedure",
                             "regrole",
                             "regtype",
                             "smallint",
                             "table_am_handler",
                             "text",
                             "tid",
                             "time with time zone",
                             "time without time zone",
                             "timestamp with time zone",
                             "timestamp without time zone",
                             "trigger",
                             "tsm_handler",
                             "tsmultirange",
                             "tsquery",
                             "tsrange",
                             "tstzmultirange",
                             "tstzrange",
                             "tsvector",
                             "txid_snapshot",
                             "unknown",
                             "uuid",
                             "void",
                             "xid",
                             "xid8",
                             "xml"};

template <std::size_t N>
std::string_view lookup(const std::array<Alias, N>& table, std::string_view word) {
  for (const auto& a : table)
    if (a.written == word) return a.canonical;
  return {};
}

/// Reads a type from tokens.
class TypeParser {
 public:
  explicit TypeParser(std::string_view written) : written_(written), t_(significant(written)) {}

  TypeParts run() {
    if (t_.empty() || (t_[0].type != Token::Type::word && t_[0].type != Token::Type::quoted_identifier))
      return opaque();
    out_.quoted = t_[0].type == Token::Type::quoted_identifier;
    out_.base = t_[0].value();
    ++at_;
    while (is(".") && at_ + 1 < t_.size()) {
      out_.ns = out_.base;
      out_.quoted = t_[at_ + 1].type == Token::Type::quoted_identifier;
      out_.base = t_[at_ + 1].value();
      at_ += 2;
    }
    if (out_.ns == "pg_catalog")
      out_.ns.clear();
    else if (out_.ns.empty() && !out_.quoted)
      words();
    modifiers();
    if (out_.ns.empty() && !out_.quoted) zone(), finish();
    arrays();
    return at_ == t_.size() ? out_ : opaque();
  }

 private:
  TypeParts opaque() const {
    TypeParts p;
    p.base = std::string(trim(written_));
    p.quoted = true;
    p.ns = "\n";  // no name: spelled as it stands
    return p;
  }
  bool is(std::string_view text) const {
    return at_ < t_.size() &&
           (t_[at_].type == Token::Type::word ? t_[at_].folded == text : t_[at_].text == text);
  }
  bool take(std::string_view text) {
    if (!is(text)) return false;
    ++at_;
    return true;
  }

  void words() {
    if (out_.base == "double" && take("precision")) out_.base = "double precision";
    if (out_.base == "national") {
      out_.base = "character";
      if (!take("character")) take("char");
    }
    if ((out_.base == "char" || out_.base == "character" || out_.base == "nchar") && take("varying"))
      out_.base = "character varying";
    if (out_.base == "bit" && take("varying")) out_.base = "bit varying";
    if (out_.base == "interval") interval_fields();
  }
  void interval_fields() {
    while (at_ < t_.size() && t_[at_].type == Token::Type::word && !is("array"))
      out_.base += " " + t_[at_++].folded;
  }
  void modifiers() {
    if (!take("(")) return;
    std::string one;
    int depth = 1;
    for (; at_ < t_.size(); ++at_) {
      if (is("(")) ++depth;
      if (is(")") && --depth == 0) break;
      if (is(",") && depth == 1) {
        out_.modifiers.push_back(one);
        one.clear();
      } else {
        one += t_[at_].text;
      }
    }
    out_.modifiers.push_back(one);
    take(")");
  }
  /// `with time zone` may follow the precision.
  void zone() {
    if (out_.base != "time" && out_.base != "timestamp") return;
    const bool with = is("with");
    if (!with && !is("without")) return;
    at_ += std::min<std::size_t>(3, t_.size() - at_);
    out_.base += with ? " with time zone" : " without time zone";
  }
  void finish() {
    if (auto s = lookup(serials, out_.base); !s.empty()) out_.serial = true, out_.base = s;
    if (auto a = lookup(aliases, out_.base); !a.empty()) {
      if (out_.base == "bpchar" && !out_.modifiers.empty()) a = "character";
      out_.base = a;
    }
    if (out_.base == "float") {
      int digits = 53;
      if (!out_.modifiers.empty())
        std::from_chars(out_.modifiers[0].data(), out_.modifiers[0].data() + out_.modifiers[0].size(),
                        digits);
      out_.base = digits <= 24 ? "real" : "double precision";
      out_.modifiers.clear();
    }
    if ((out_.base == "character" || out_.base == "bit") && out_.modifiers.empty()) out_.modifiers = {"1"};
    if (out_.base == "numeric" && out_.modifiers.size() == 1) out_.modifiers.emplace_back("0");
    if (out_.base.starts_with("interval ") && is("(")) modifiers();
  }
  void arrays() {
    while (at_ < t_.size()) {
      if (take("array")) {
        out_.array = true;
        if (!is("[")) continue;
      }
      if (!take("[")) return;
      while (at_ < t_.size() && !is("]")) ++at_;
      take("]");
      out_.array = true;
    }
  }

  std::string_view written_;
  std::vector<Token> t_;
  std::size_t at_ = 0;
  TypeParts out_;
};

std::optional<ObjectKey> declared(const Catalog& catalog, const std::string& ns, const std::string& name) {
  for (const Kind kind : {Kind::enum_type, Kind::domain, Kind::composite_type, Kind::table})
    if (ObjectKey key{kind, ns, {}, name, {}}; catalog.contains(key)) return key;
  return std::nullopt;
}

/// The only type of that name in any namespace, for authors who leave the namespace out.
std::optional<ObjectKey> only_declared(const Catalog& catalog, const std::string& name) {
  std::optional<ObjectKey> found;
  for (const Kind kind : {Kind::enum_type, Kind::domain, Kind::composite_type})
    for (auto it = catalog.objects.lower_bound(ObjectKey{kind, {}, {}, {}, {}});
         it != catalog.objects.end() && it->first.kind == kind; ++it) {
      if (it->first.name != name) continue;
      if (found) return std::nullopt;
      found = it->first;
    }
  return found;
}
}  // namespace

TypeParts parse_type(std::string_view written) {
  return TypeParser(written).run();
}

bool is_builtin_type(std::string_view base) {
  return base.starts_with("interval ") || std::find(builtin.begin(), builtin.end(), base) != builtin.end();
}

std::string spell_type(const TypeParts& p) {
  if (p.ns == "\n") return p.base;
  const std::string arguments = p.modifiers.empty() ? "" : "(" + join(p.modifiers, ",") + ")";
  std::string out;
  if (p.ns.empty() && !p.quoted && is_builtin_type(p.base)) {
    const auto blank = p.base.find(' ');
    const bool inside = p.base.starts_with("time ") || p.base.starts_with("timestamp ");
    out = inside ? p.base.substr(0, blank) + arguments + p.base.substr(blank) : p.base + arguments;
  } else {
    if (!p.ns.empty() && p.ns != "public") out = quote_identifier(p.ns) + ".";
    out +=
        (p.quoted && p.ns.empty() && is_builtin_type(p.base) && p.base == "char" ? "\"char\""
                                                                                 : quote_identifier(p.base));
    out += arguments;
  }
  return p.array ? out + "[]" : out;
}

void resolve_type(const Catalog& catalog, DataType& type, std::string_view default_ns) {
  if (type.user) {
    if (type.user->to.ns.empty()) type.user->to.ns = default_ns;
    return;
  }
  TypeParts p = parse_type(type.text);
  const bool own_name = !p.ns.empty() || p.quoted || !is_builtin_type(p.base);
  if (own_name && p.ns != "\n") {
    std::optional<ObjectKey> found;
    if (!p.ns.empty()) {
      found = declared(catalog, p.ns, p.base);
    } else {
      found = declared(catalog, std::string(default_ns), p.base);
      if (!found) found = declared(catalog, "public", p.base);
      if (!found) found = only_declared(catalog, p.base);
    }
    if (found) {
      type.user = Ref{*found};
      type.suffix = p.array ? "[]" : "";
      return;
    }
    if (const auto mapped = lookup(portable, p.base); p.ns.empty() && !p.quoted && !mapped.empty()) {
      p.base = mapped;
      if (mapped == "bytea" || mapped == "text" || mapped == "smallint" || mapped == "integer")
        p.modifiers.clear();
    }
  }
  type.text = spell_type(p);
}

std::string postgres_collation(std::string_view written) {
  if (written.empty()) return {};
  // Collation names are seldom plain words (`C`, `de-x-icu`); authors write them bare, so case is kept.
  std::vector<std::string> parts;
  std::string part;
  bool quoted = false;
  for (const char c : written) {
    if (c == '"')
      quoted = !quoted;
    else if (c == '.' && !quoted && !part.empty())
      parts.push_back(std::exchange(part, {}));
    else
      part += c;
  }
  parts.push_back(part);
  // `en_US.utf8`: a dot inside a bare name is no qualifier.
  if (parts.size() > 1 && written.find('"') == std::string_view::npos && parts[0] != "pg_catalog" &&
      parts[0] != "public" && lower(parts[1]).starts_with("utf"))
    return quote_identifier(written);
  if (parts.size() > 1 && (parts[0] == "pg_catalog" || parts[0] == "public")) parts.erase(parts.begin());
  std::string out;
  for (const auto& p : parts) out += (out.empty() ? "" : ".") + quote_identifier(p);
  return out;
}

std::string collation_sql(std::string_view canonical) {
  return std::string(canonical);
}

std::string display_type(const DataType& type) {
  if (!type.user) return type.text;
  const auto& key = type.user->to;
  return (key.ns.empty() ? "" : quote_identifier(key.ns) + ".") + quote_identifier(key.name) + type.suffix;
}

}  // namespace trueup::postgres
