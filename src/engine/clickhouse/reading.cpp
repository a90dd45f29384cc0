#include "engine/clickhouse/reading.hpp"

#include <algorithm>

#include "engine/clickhouse/lexer.hpp"

namespace trueup::clickhouse {
namespace {
using Tokens = std::span<const Token>;

bool is_named(const Token& token, const std::string& name) {
  return is_name(token) && token.value() == name;
}

/// What stands between SELECT and FROM of the outermost query.
Tokens select_list(Tokens all) {
  std::size_t first = all.size();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_symbol(all[i], "(") || is_symbol(all[i], "[")) {
      i = closing(all, i);
    } else if (is_word(all[i], "select") && first == all.size()) {
      first = i + 1;
      if (first < all.size() && is_word(all[first], "distinct")) ++first;
    } else if (is_word(all[i], "from") && first < all.size()) {
      return all.subspan(first, i - first);
    }
  }
  return all.subspan(std::min(first, all.size()));
}

/// Is `name` the alias of one result, whose own expression does not use it?
bool only_a_result(Tokens all, const std::string& name) {
  const auto selects =
      std::count_if(all.begin(), all.end(), [](const Token& token) { return is_word(token, "select"); });
  if (selects != 1) return false;
  for (const auto& one : by_commas(select_list(all))) {
    if (one.size() < 3 || !is_named(one.back(), name) || !is_word(one[one.size() - 2], "as")) continue;
    const Tokens expression = one.first(one.size() - 2);
    return std::none_of(expression.begin(), expression.end(),
                        [&](const Token& token) { return is_named(token, name); });
  }
  return false;
}
}  // namespace

bool mentions(const std::string& query, const std::string& name) {
  const auto all = significant(query);
  return std::any_of(all.begin(), all.end(), [&](const Token& token) { return is_named(token, name); });
}

bool reads_column(const std::string& query, const std::string& name) {
  const auto all = significant(query);
  const bool result = only_a_result(all, name);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!is_named(all[i], name)) continue;
    const bool alias = i > 0 && is_word(all[i - 1], "as");
    const bool qualified = i > 0 && is_symbol(all[i - 1], ".");
    if (!alias && (qualified || !result)) return true;
  }
  return false;
}

std::set<std::string> results_of(const std::string& query, Results which) {
  std::set<std::string> out;
  const auto all = significant(query);
  for (const auto& one : by_commas(select_list(all))) {
    const bool alias = one.size() > 2 && is_word(one[one.size() - 2], "as") && is_name(one.back());
    if (which == Results::bare) {
      const Tokens column = alias ? one.first(one.size() - 2) : one;
      const bool plain = column.size() == 1 || (column.size() == 3 && is_symbol(column[1], "."));
      if (plain && is_name(column.back())) out.insert(column.back().value());
    } else if (alias || (one.size() == 1 && is_name(one[0]))) {
      out.insert(one.back().value());
    }
  }
  return out;
}

}  // namespace trueup::clickhouse
