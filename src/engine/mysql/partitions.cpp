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
  if (d.simple) {
    if (!d.dropped.empty())
      return {{"DROP PARTITION " + names(d.dropped),
               {{HazardKind::deletes_data, "drops partitions with their rows"}}}};
    return {{"ADD PARTITION (" + join(d.added, ", ") + ")", {}}};
  }
  const bool same_rule = option(from, "partition_by") == option(to, "partition_by") && by_range_or_list(to);
  if (same_rule && !d.dropped.empty() && !d.added.empty() && contiguous(from, to, d))
    return {{"REORGANIZE PARTITION " + names(d.dropped) + " INTO (" + join(d.added, ", ") + ")",
             {{HazardKind::rewrites_table, "copies the rows of these partitions"}}}};
  if (const std::string split = split_range(from, to, d); same_rule && !split.empty())
    return {{split, {{HazardKind::rewrites_table, "copies the rows of this partition"}}}};
  return {{partition_clause(to), {copies}}};
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
}  // namespace

void normalize_partitions(Options& options) {
  const auto by = options.find("partition_by");
  if (by == options.end()) return;
  by->second = canonical_or_same(by->second);
  std::erase_if(options, [](const auto& o) { return o.first == "partitions" && trim(o.second).empty(); });
  std::vector<std::string> list;
  for (const auto& d : definitions(options)) list.push_back(canonical_or_same(d));
  if (!list.empty()) options["partitions"] = join(list, ", ");
}

}  // namespace trueup::mysql
