#include "engine/postgres/sequence_options.hpp"

#include <limits>

#include "engine/postgres/lexer.hpp"

namespace trueup::postgres {
namespace {
struct Limits {
  std::int64_t least, greatest;
};
template <class T>
Limits limits_of() {
  return {std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
}
Limits limits(std::string_view type) {
  if (type == "smallint") return limits_of<std::int16_t>();
  if (type == "integer") return limits_of<std::int32_t>();
  return limits_of<std::int64_t>();
}
SequenceOptions defaults(std::int64_t increment, std::string_view type) {
  SequenceOptions d;
  d.increment = 1;
  d.cache = 1;
  d.minimum = increment > 0 ? 1 : limits(type).least;
  d.maximum = increment > 0 ? limits(type).greatest : -1;
  return d;
}
}  // namespace

SequenceOptions complete(SequenceOptions options, std::string_view type) {
  if (!options.increment) options.increment = 1;
  const auto d = defaults(*options.increment, type);
  if (!options.cache) options.cache = d.cache;
  if (!options.minimum) options.minimum = d.minimum;
  if (!options.maximum) options.maximum = d.maximum;
  if (!options.start) options.start = *options.increment > 0 ? options.minimum : options.maximum;
  return options;
}

SequenceOptions canonical(SequenceOptions options, std::string_view type) {
  options = complete(options, type);
  const auto d = defaults(*options.increment, type);
  if (options.start == (*options.increment > 0 ? options.minimum : options.maximum)) options.start.reset();
  if (options.minimum == d.minimum) options.minimum.reset();
  if (options.maximum == d.maximum) options.maximum.reset();
  if (options.increment == d.increment) options.increment.reset();
  if (options.cache == d.cache) options.cache.reset();
  return options;
}

std::string sequence_clauses(const SequenceOptions& o) {
  std::string out;
  if (o.increment) out += fmt::format(" INCREMENT BY {}", *o.increment);
  if (o.minimum) out += fmt::format(" MINVALUE {}", *o.minimum);
  if (o.maximum) out += fmt::format(" MAXVALUE {}", *o.maximum);
  if (o.start) out += fmt::format(" START WITH {}", *o.start);
  if (o.cache) out += fmt::format(" CACHE {}", *o.cache);
  if (o.cycle) out += " CYCLE";
  return out;
}

std::string sequence_changes(const SequenceOptions& from, const SequenceOptions& to, std::string_view type,
                             std::string_view prefix) {
  const auto a = complete(from, type), b = complete(to, type);
  std::string out;
  auto add = [&](bool differs, std::string_view clause, std::int64_t value) {
    if (differs) out += fmt::format(" {}{} {}", prefix, clause, value);
  };
  add(a.increment != b.increment, "INCREMENT BY", *b.increment);
  add(a.minimum != b.minimum, "MINVALUE", *b.minimum);
  add(a.maximum != b.maximum, "MAXVALUE", *b.maximum);
  add(a.start != b.start, "START WITH", *b.start);
  add(a.cache != b.cache, "CACHE", *b.cache);
  if (a.cycle != b.cycle) out += fmt::format(" {}{}", prefix, b.cycle ? "CYCLE" : "NO CYCLE");
  return out;
}

void move_into_bounds(const ObjectKey& sequence, const SequenceForm& from, const SequenceForm& to,
                      SqlWriter& w) {
  const auto a = complete(from.options, from.type), b = complete(to.options, to.type);
  const bool up = *b.increment > 0;
  if (up ? *b.minimum <= *a.minimum : *b.maximum >= *a.maximum) return;
  const std::int64_t bound = up ? *b.minimum : *b.maximum;
  const std::string name = quote_identifier(sequence.ns) + "." + quote_identifier(sequence.name);
  w.raw("SELECT pg_catalog.setval(").literal(name);
  w.raw(fmt::format(", {}, false) FROM {} WHERE last_value {} {}", bound, name, up ? "<" : ">", bound)).end();
}

}  // namespace trueup::postgres
