#include "engine/mysql/partitions.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "engine/mysql/cursor.hpp"
#include "engine/mysql/definition.hpp"

namespace trueup::mysql {
namespace {
std::string option(const Options& options, const char* name) {
  const auto it = options.find(name);
  return it == options.end() ? std::string() : it->second;
}
std::vector<std::string> definitions(const Options& options) {
  const std::string list = option(options, "partitions");
  if (list.empty()) return {};
  const std::string in_parentheses = "(" + list + ")";
  return Cursor(in_parentheses).elements();
}
/// Partitions of history, which MariaDB makes one of at a time where no rule says when the next is begun.
bool unruled_history(const Options& options, const std::string& definition) {
  return option(options, "partition_by") == "system_time" && definition.ends_with(" history");
}
/// `` `p0` `` of a partition's definition.
std::string name_of(const std::string& definition) {
  Cursor c(definition);
  c.accept("partition");
  return c.name();
}
std::string names(const std::vector<std::string>& definitions) {
  std::vector<std::string> out;
  for (const auto& d : definitions) out.push_back(backquoted(name_of(d)));
  return join(out, ", ");
}
bool by_list(const Options& options) {
  return option(options, "partition_by").starts_with("list");
}
bool by_range_or_list(const Options& options) {
  return option(options, "partition_by").starts_with("range") || by_list(options);
}

/// Is all that changes that there are more partitions of history, before that of the present?
bool more_history(const Options& from, const Options& to, const std::vector<std::string>& added) {
  if (option(from, "partition_by") != option(to, "partition_by") || added.empty()) return false;
  auto all = definitions(from);
  if (all.empty() ||
      !std::all_of(added.begin(), added.end(), [&](const auto& d) { return unruled_history(to, d); }))
    return false;
  all.insert(all.end() - 1, added.begin(), added.end());
  return all == definitions(to);
}

struct Difference {
  std::vector<std::string> dropped, added;
  bool simple = false;  ///< only partitions dropped, and added at the end (anywhere for lists)
};
Difference compare(const Options& from, const Options& to) {
  Difference out;
  const auto a = definitions(from), b = definitions(to);
  std::vector<std::string> kept_a, kept_b;
  const auto in = [](const std::vector<std::string>& all, const std::string& x) {
    return std::find(all.begin(), all.end(), x) != all.end();
  };
  for (const auto& d : a) (in(b, d) ? kept_a : out.dropped).push_back(d);
  for (const auto& d : b) (in(a, d) ? kept_b : out.added).push_back(d);
  const bool at_end =
      out.added.size() <= b.size() &&
      std::equal(out.added.begin(), out.added.end(), b.end() - static_cast<std::ptrdiff_t>(out.added.size()));
  // Dropping a range and defining its end again is a reorganisation: its rows belong into another partition.
  const bool loses_range = !out.dropped.empty() && !out.added.empty();
  out.simple = option(from, "partition_by") == option(to, "partition_by") && by_range_or_list(to) &&
               kept_a == kept_b && !kept_a.empty() && at_end && !loses_range;
  return out;
}

/// Is one the default of a list? MariaDB reorganizes none.
bool takes_rest(const std::vector<std::string>& definitions) {
  return std::any_of(definitions.begin(), definitions.end(),
                     [](const std::string& d) { return d.find(" values") == std::string::npos; });
}
/// Do the dropped partitions stand next to each other, the added ones in their place, and is the last range's
/// end kept?
bool contiguous(const Options& from, const Options& to, const Difference& d) {
  const auto all = definitions(from);
  const auto first = std::find(all.begin(), all.end(), d.dropped.front());
  const auto left = static_cast<std::size_t>(all.end() - first);
  if (left < d.dropped.size()) return false;
  if (!std::equal(d.dropped.begin(), d.dropped.end(), first)) return false;
  std::vector<std::string> result(all.begin(), first);
  result.insert(result.end(), d.added.begin(), d.added.end());
  result.insert(result.end(), first + static_cast<std::ptrdiff_t>(d.dropped.size()), all.end());
  if (result != definitions(to)) return false;
  const auto bound = [](const std::string& definition) {
    return definition.substr(definition.find(" values"));
  };
  return by_list(from) || left == d.dropped.size() || bound(d.dropped.back()) == bound(d.added.back());
}
/// New ranges just before one that stays are cut out of it.
std::string split_range(const Options& from, const Options& to, const Difference& d) {
  if (by_list(to) || !d.dropped.empty() || d.added.empty() || definitions(from).empty()) return {};
  const auto all = definitions(to);
  const auto first = std::find(all.begin(), all.end(), d.added.front());
  const auto left = static_cast<std::size_t>(all.end() - first);
  if (left <= d.added.size() || !std::equal(d.added.begin(), d.added.end(), first)) return {};
  const std::string& stays = *(first + static_cast<std::ptrdiff_t>(d.added.size()));
  return "REORGANIZE PARTITION " + backquoted(name_of(stays)) + " INTO (" + join(d.added, ", ") + ", " +
         stays + ")";
}
}  // namespace

std::vector<PartitionChange> partition_changes(const Options& from, const Options& to) {
  if (option(from, "partition_by") == option(to, "partition_by") &&
      option(from, "partitions") == option(to, "partitions"))
    return {};
  const Hazard copies{HazardKind::rewrites_table, "copies the table into the new partitions"};
  const Difference d = compare(from, to);
  if (more_history(from, to, d.added)) return {{"ADD PARTITION (" + join(d.added, ", ") + ")", {}}};
  if (d.simple) {
    if (!d.dropped.empty())
      return {{"DROP PARTITION " + names(d.dropped),
               {{HazardKind::deletes_data, "drops partitions with their rows"}}}};
    return {{"ADD PARTITION (" + join(d.added, ", ") + ")", {}}};
  }
  const bool same_rule = option(from, "partition_by") == option(to, "partition_by") && by_range_or_list(to);
  const bool regrouped = !takes_rest(d.dropped) && !takes_rest(d.added);
  if (same_rule && regrouped && !d.dropped.empty() && !d.added.empty() && contiguous(from, to, d))
    return {{"REORGANIZE PARTITION " + names(d.dropped) + " INTO (" + join(d.added, ", ") + ")",
             {{HazardKind::rewrites_table, "copies the rows of these partitions"}}}};
  if (const std::string split = split_range(from, to, d); same_rule && !split.empty())
    return {{split, {{HazardKind::rewrites_table, "copies the rows of this partition"}}}};
  std::vector<PartitionChange> out{{partition_clause(to), {copies}}};
  if (const auto later = later_partitions(to); !later.empty()) out.push_back({later, {}});
  return out;
}

namespace {
/// Those that one statement can make at first, and those that come after it.
std::pair<std::vector<std::string>, std::vector<std::string>> in_two(const Options& options) {
  std::pair<std::vector<std::string>, std::vector<std::string>> out;
  bool history = false;
  for (const auto& d : definitions(options)) {
    const bool unruled = unruled_history(options, d);
    (unruled && history ? out.second : out.first).push_back(d);
    history = history || unruled;
  }
  return out;
}
}  // namespace

std::string first_partitions(const Options& options) {
  return join(in_two(options).first, ", ");
}
std::string later_partitions(const Options& options) {
  const auto later = in_two(options).second;
  return later.empty() ? std::string() : "ADD PARTITION (" + join(later, ", ") + ")";
}

std::vector<std::string> lost_partitions(const Options& from, const Options& to) {
  std::vector<std::string> out;
  if (!to.contains("partition_by") || !from.contains("partition_by")) return out;
  const Difference d = compare(from, to);
  if (d.simple)
    for (const auto& p : d.dropped) out.push_back(name_of(p));
  return out;
}

namespace {
/// One spelling of a rule or a definition: keywords in lower case, names quoted where they must be, without
/// the engine, which is the table's.
std::string canonical(std::string_view text);

std::string canonical_group(const std::vector<std::string>& elements) {
  std::vector<std::string> out;
  for (const auto& e : elements) {
    const auto all = significant(e);
    const bool inner = !all.empty() && is_word(all[0], "subpartition");
    const bool word = all.size() == 1 && (is_word(all[0], "maxvalue") || is_word(all[0], "null"));
    out.push_back(inner ? canonical(e) : word ? lower(e) : lexical_form(e));
  }
  return "(" + join(out, ", ") + ")";
}

std::string canonical(std::string_view text) {
  Cursor c(text);
  std::vector<std::string> out;
  while (!c.done()) {
    if (c.at("(")) {
      out.push_back(canonical_group(c.elements()));
    } else if (c.at("engine") && c.at("=", 1)) {
      c.take(), c.take(), c.take();
    } else if ((c.at("partition") || c.at("subpartition")) && !c.at("by", 1)) {
      out.push_back(lower(c.take().text));
      if (!c.done()) out.push_back(quote(c.name()));
    } else if (c.accept("comment")) {
      c.accept("=");
      out.push_back("comment = " + literal(c.string()));
    } else {
      const Token& t = c.take();
      out.push_back(t.type == Token::Type::word     ? lower(t.text)
                    : t.type == Token::Type::string ? literal(string_value(t.text))
                                                    : std::string(t.text));
    }
  }
  return join(out, " ");
}
/// What cannot be read stays as it is: the server will say what is wrong with it.
std::string canonical_or_same(const std::string& text) {
  try {
    return canonical(text);
  } catch (const ParseError&) {
    return text;
  }
}

/// `system_time (partition p0 history, ...)`: the list is an option of its own.
void list_out_of_rule(Options& options) {
  std::string& by = options.at("partition_by");
  const auto all = significant(by);
  for (std::size_t i = 0; i + 1 < all.size(); ++i)
    if (is_symbol(all[i], "(") && is_word(all[i + 1], "partition") && is_symbol(all.back(), ")")) {
      const auto open = static_cast<std::size_t>(all[i].text.data() - by.data());
      const auto close = static_cast<std::size_t>(all.back().text.data() - by.data());
      options["partitions"] = by.substr(open + 1, close - open - 1);
      by = std::string(trim(std::string_view(by).substr(0, open)));
      return;
    }
}
}  // namespace

void normalize_partitions(Options& options) {
  const auto by = options.find("partition_by");
  if (by == options.end()) return;
  list_out_of_rule(options);
  by->second = canonical_or_same(by->second);
  std::erase_if(options, [](const auto& o) { return o.first == "partitions" && trim(o.second).empty(); });
  std::vector<std::string> list;
  for (const auto& d : definitions(options)) list.push_back(canonical_or_same(d));
  if (!list.empty()) options["partitions"] = join(list, ", ");
}

}  // namespace trueup::mysql
