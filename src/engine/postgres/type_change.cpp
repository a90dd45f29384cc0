// What ALTER COLUMN ... TYPE does to the values that are there.
#include <array>
#include <charconv>

#include "engine/postgres/types.hpp"

namespace trueup::postgres {
namespace {
enum class Family { string, number, time, span, bits, json, net, boolean, enumeration, other };

Family family(const DataType& type, const TypeParts& p) {
  if (type.user) return type.user->to.kind == Kind::enum_type ? Family::enumeration : Family::other;
  const std::string_view b = p.base;
  if (!p.ns.empty()) return Family::other;
  if (b == "text" || b == "character varying" || b == "character" || b == "bpchar" || b == "citext" ||
      b == "name")
    return Family::string;
  if (b == "smallint" || b == "integer" || b == "bigint" || b == "numeric" || b == "real" ||
      b == "double precision")
    return Family::number;
  if (b == "date" || b.starts_with("timestamp ") || b.starts_with("time ")) return Family::time;
  if (b.starts_with("interval")) return Family::span;
  if (b == "bit" || b == "bit varying") return Family::bits;
  if (b == "json" || b == "jsonb") return Family::json;
  if (b == "inet" || b == "cidr") return Family::net;
  if (b == "boolean") return Family::boolean;
  return Family::other;
}

/// The modifier at `index`; -1 when absent.
std::int64_t modifier(const TypeParts& p, std::size_t index) {
  if (index >= p.modifiers.size()) return -1;
  std::int64_t out = -1;
  const auto& m = p.modifiers[index];
  std::from_chars(m.data(), m.data() + m.size(), out);
  return out;
}
/// Absent limits are the widest.
bool narrower(std::int64_t from, std::int64_t to) {
  return to >= 0 && (from < 0 || to < from);
}

int rank(std::string_view number) {
  constexpr std::array<std::string_view, 6> order{"smallint", "integer",          "bigint",
                                                  "real",     "double precision", "numeric"};
  return static_cast<int>(std::find(order.begin(), order.end(), number) - order.begin());
}

TypeChange strings(const TypeParts& a, const TypeParts& b) {
  const auto from = modifier(a, 0), to = modifier(b, 0);
  TypeChange out{true, true, {}};
  const bool padded = a.base == "character" || b.base == "character";
  out.rewrites = padded || a.base == "citext" || b.base == "citext" || narrower(from, to);
  if (narrower(from, to)) out.loses = "longer values do not fit";
  return out;
}

TypeChange numbers(const TypeParts& a, const TypeParts& b) {
  TypeChange out{true, true, {}};
  if (a.base == "numeric" && b.base == "numeric") {
    const auto p1 = modifier(a, 0), s1 = modifier(a, 1), p2 = modifier(b, 0), s2 = modifier(b, 1);
    const bool same_scale = p2 < 0 || (p1 >= 0 && s1 == s2);
    out.rewrites = narrower(p1, p2) || !same_scale;
    if (p2 >= 0 && (p1 < 0 || p2 - s2 < p1 - s1))
      out.loses = "larger values do not fit";
    else if (p2 >= 0 && s2 < s1)
      out.loses = "digits after the point are rounded away";
    return out;
  }
  const bool to_integer = rank(b.base) <= 2;
  if (rank(a.base) > 2 && to_integer)
    out.loses = "fractions are rounded away and larger values do not fit";
  else if (rank(b.base) < rank(a.base) && !(a.base == "numeric"))
    out.loses = "larger values do not fit";
  else if (a.base == "numeric" || (a.base == "bigint" && !to_integer && b.base != "numeric"))
    out.loses = "digits are rounded away";
  else if (b.base == "numeric" && modifier(b, 0) >= 0)
    out.loses = "larger values do not fit";
  else if (a.base == "integer" && b.base == "real")
    out.loses = "digits are rounded away";
  return out;
}

bool zoned(const TypeParts& p) {
  return p.base.ends_with(" with time zone");
}
/// Has the server a cast between the two at all? Not from a time of day to a day, nor the other way.
bool time_cast(const TypeParts& a, const TypeParts& b) {
  if (a.base == b.base) return true;
  const bool day_a = !a.base.starts_with("time "), day_b = !b.base.starts_with("time ");
  if (!day_a) return !day_b;
  if (a.base == "date") return day_b;
  return day_b || zoned(a) || !zoned(b);
}

TypeChange times(const TypeParts& a, const TypeParts& b) {
  TypeChange out{true, true, {}};
  if (a.base == b.base) {
    out.rewrites = narrower(modifier(a, 0), modifier(b, 0));
    if (out.rewrites) out.loses = "fractions of seconds are rounded away";
    return out;
  }
  const auto first = [](const TypeParts& p) { return std::string_view(p.base).substr(0, p.base.find(' ')); };
  if (first(a) != first(b)) {
    out.assignable = time_cast(a, b);
    if (first(a) == "timestamp")
      out.loses = first(b) == "date" ? "the time of day is lost" : "the date is lost";
    if (first(a) == "date" && first(b) == "time") out.loses = "the date is lost";
  } else if (zoned(a)) {
    out.loses = "values are read in the session's time zone, which is then forgotten";
  } else {
    out.loses = "values are read as being in the session's time zone";
  }
  if (narrower(modifier(a, 0), modifier(b, 0)) && out.loses.empty())
    out.loses = "fractions of seconds are rounded away";
  return out;
}

TypeChange same_family(Family f, const TypeParts& a, const TypeParts& b) {
  switch (f) {
    case Family::string:
      return strings(a, b);
    case Family::number:
      return numbers(a, b);
    case Family::time:
      return times(a, b);
    case Family::span: {
      TypeChange out{true, true, {}};
      out.rewrites = a.base != b.base || narrower(modifier(a, 0), modifier(b, 0));
      if (out.rewrites && b.base + std::to_string(modifier(b, 0)) != "interval-1")
        out.loses = "parts of the interval are cut";
      return out;
    }
    case Family::bits: {
      TypeChange out{b.base != "bit", true, {}};  // only an explicit cast brings bits to another length
      out.rewrites = a.base != b.base || b.base == "bit" || narrower(modifier(a, 0), modifier(b, 0));
      if (narrower(modifier(a, 0), modifier(b, 0)))
        out.loses = b.base == "bit" ? "longer values are cut" : "longer values do not fit";
      else if (b.base == "bit")
        out.loses = "shorter values are filled up with zeros";
      return out;
    }
    case Family::json: {
      TypeChange out{true, true, {}};
      if (b.base == "jsonb") out.loses = "duplicate keys, key order and blanks are lost";
      return out;
    }
    case Family::net:
      return {true, b.base == "cidr", b.base == "cidr" ? "host bits do not fit" : ""};
    case Family::boolean:
      return {true, false, {}};
    case Family::enumeration:
      return {false, true, "values that the new type lacks do not fit"};
    case Family::other:
      return {false, true, "values that the new type lacks do not fit"};
  }
  return {};
}
}  // namespace

bool explicit_cast(const DataType& from, const DataType& to) {
  const TypeParts a = from.user ? TypeParts{} : parse_type(from.text),
                  b = to.user ? TypeParts{} : parse_type(to.text);
  const bool array_a = from.user ? !from.suffix.empty() : a.array,
             array_b = to.user ? !to.suffix.empty() : b.array;
  if (array_a != array_b) return false;
  const Family fa = family(from, a), fb = family(to, b);
  if (fa == Family::string || fb == Family::string) return true;
  if (fa == fb && fa == Family::time) return time_cast(a, b);
  if (fa == fb) return fa != Family::enumeration && fa != Family::other;
  auto pair = [&](Family x, Family y) { return fa == x && fb == y; };
  if (pair(Family::boolean, Family::number)) return b.base == "integer";
  if (pair(Family::number, Family::boolean)) return a.base == "integer";
  if (pair(Family::json, Family::number) || pair(Family::json, Family::boolean)) return a.base == "jsonb";
  if (pair(Family::number, Family::bits) || pair(Family::bits, Family::number))
    return (a.base == "bit" || b.base == "bit") &&
           (a.base == "integer" || a.base == "bigint" || b.base == "integer" || b.base == "bigint");
  return pair(Family::time, Family::span)
             ? a.base == "time without time zone"
             : pair(Family::span, Family::time) && b.base == "time without time zone";
}

TypeChange type_change(const DataType& from, const DataType& to) {
  if (from == to) return {true, false, {}};
  const TypeParts a = from.user ? TypeParts{} : parse_type(from.text),
                  b = to.user ? TypeParts{} : parse_type(to.text);
  const bool array_a = from.user ? !from.suffix.empty() : a.array,
             array_b = to.user ? !to.suffix.empty() : b.array;
  const Family fa = family(from, a), fb = family(to, b);
  if (array_a != array_b) {
    TypeChange out{!array_b && fb == Family::string, true, {}};
    if (!out.assignable) out.loses = "not every value can be converted";
    return out;
  }
  if (fa == fb && fa != Family::other && fa != Family::enumeration) {
    TypeChange out = same_family(fa, a, b);
    if (array_a && !out.loses.empty()) out.rewrites = true;
    return out;
  }
  if (a.base == b.base && a.ns == b.ns && !from.user && !to.user)  // modifiers of an extension type
    return {true, true, "values of another size do not fit"};
  if (fb == Family::string) {
    TypeChange out{!array_b, true, {}};
    if (modifier(b, 0) >= 0) out.loses = "longer values do not fit";
    return out;
  }
  return {false, true, "not every value can be converted"};
}

}  // namespace trueup::postgres
