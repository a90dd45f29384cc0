#include "engine/clickhouse/ttl.hpp"

#include <array>
#include <charconv>
#include <optional>

#include "base/text.hpp"
#include "engine/clickhouse/lexer.hpp"

namespace trueup::clickhouse {
namespace {
using Tokens = std::span<const Token>;

/// One rule of a TTL: what it does with rows once their moment, `base` and `count` units later, has passed.
struct Rule {
  std::string base;
  std::string unit;  ///< empty: no interval was understood, `base` is all of it
  std::int64_t count = 0;
  std::string groups;     ///< GROUP BY ... SET ...; empty: rows are deleted
  std::string condition;  ///< of the rows it is about
};

/// Seconds that a unit may have: a month has 28 days or 31.
struct Unit {
  std::string_view name;
  std::int64_t least, most;
};
constexpr std::int64_t day = 86'400;
constexpr std::array<Unit, 8> units{{{"second", 1, 1},
                                     {"minute", 60, 60},
                                     {"hour", 3'600, 3'600},
                                     {"day", day, day},
                                     {"week", 7 * day, 7 * day},
                                     {"month", 28 * day, 31 * day},
                                     {"quarter", 89 * day, 92 * day},
                                     {"year", 365 * day, 366 * day}}};

const Unit* unit_named(std::string_view name) {
  std::string wanted = lower(name);
  for (const bool plural : {false, true}) {
    if (plural && wanted.ends_with('s')) wanted.pop_back();
    for (const auto& u : units)
      if (u.name == wanted) return &u;
  }
  return nullptr;
}

std::optional<std::int64_t> number(const Token& token) {
  std::string_view text = token.text;
  if (text.size() > 2 && text.front() == '\'') text = text.substr(1, text.size() - 2);
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

/// `base + INTERVAL 3 MONTH`, `base + toIntervalMonth(3)`; anything else is a base alone.
void read_moment(Tokens all, Rule& rule) {
  constexpr std::string_view function = "tointerval";
  const auto take = [&](std::size_t plus, const Token& count, std::string_view unit) {
    const auto n = number(count);
    if (!n || !is_symbol(all[plus], "+") || unit_named(unit) == nullptr) return false;
    rule.base = name_form(text_of(all.first(plus)));
    rule.unit = unit_named(unit)->name;
    rule.count = *n;
    return true;
  };
  const std::size_t n = all.size();
  if (n > 4 && is_word(all[n - 3], "interval") && take(n - 4, all[n - 2], all[n - 1].text)) return;
  if (n > 5 && is_symbol(all[n - 3], "(") && is_symbol(all[n - 1], ")") &&
      lower(all[n - 4].text).starts_with(function) &&
      take(n - 5, all[n - 2], all[n - 4].text.substr(function.size())))
    return;
  rule.base = n == 0 ? std::string() : name_form(text_of(all));
}

/// Index of the first token outside of brackets, from `i` on, of which `is` holds; size() when there is none.
template <class Is>
std::size_t first(Tokens all, std::size_t i, Is is) {
  for (; i < all.size(); ++i) {
    if (is(i)) return i;
    if (is_symbol(all[i], "(") || is_symbol(all[i], "[")) i = closing(all, i);
  }
  return all.size();
}

bool any_word(const Token& token, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return is_word(token, word); });
}

/// Where the rule that begins at `start` ends: at a comma that belongs neither to its keys nor to what it
/// sets.
std::size_t end_of_rule(Tokens all, std::size_t start) {
  bool keys = false, sets = false;
  return first(all, start, [&](std::size_t i) {
    if (is_word(all[i], "group")) keys = true;
    if (any_word(all[i], {"set", "where"})) keys = false;
    if (is_word(all[i], "set")) sets = true;
    if (is_word(all[i], "where")) sets = false;
    const bool assigns = sets && i + 2 < all.size() && is_name(all[i + 1]) && is_symbol(all[i + 2], "=");
    return is_symbol(all[i], ",") && !keys && !assigns;
  });
}

/// The rules under which rows or values go; those that move or compress them are left out.
std::vector<Rule> taking(Tokens all) {
  std::vector<Rule> out;
  for (std::size_t start = 0; start < all.size();) {
    const std::size_t end = end_of_rule(all, start);
    const Tokens rule = all.subspan(start, end - start);
    start = end + 1;
    const std::size_t verb = first(rule, 0, [&](std::size_t i) {
      return any_word(rule[i], {"delete", "to", "recompress", "group", "where"});
    });
    const std::size_t where = first(rule, verb, [&](std::size_t i) { return is_word(rule[i], "where"); });
    if (verb < rule.size() && any_word(rule[verb], {"to", "recompress"})) continue;
    Rule one;
    read_moment(rule.first(verb), one);
    if (verb < rule.size() && is_word(rule[verb], "group"))
      one.groups = name_form(text_of(rule.subspan(verb, where - verb)));
    if (where < rule.size()) one.condition = name_form(text_of(rule.subspan(where)));
    out.push_back(std::move(one));
  }
  return out;
}

/// Has every row that `after` takes already gone, or is it about to go, under `before`?
bool covered(const Rule& after, const Rule& before) {
  if (!before.groups.empty() && before.groups != after.groups) return false;
  if (!before.condition.empty() && before.condition != after.condition) return false;
  if (before.base != after.base || before.unit.empty() != after.unit.empty()) return false;
  if (before.unit == after.unit) return after.count >= before.count;
  return after.count >= 0 && before.count >= 0 &&
         after.count * unit_named(after.unit)->least >= before.count * unit_named(before.unit)->most;
}
}  // namespace

bool ttl_takes_more(std::string_view before, std::string_view after) {
  const auto old_tokens = significant(before), new_tokens = significant(after);
  const auto had = taking(old_tokens);
  for (const Rule& rule : taking(new_tokens))
    if (std::none_of(had.begin(), had.end(), [&](const Rule& old) { return covered(rule, old); }))
      return true;
  return false;
}

}  // namespace trueup::clickhouse
