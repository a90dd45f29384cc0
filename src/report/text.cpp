#include <fmt/format.h>

#include <map>

#include "plan/suspicions.hpp"
#include "report/report.hpp"

namespace trueup {
namespace {
template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

/// The relation that owns the object, if it is created (dropped) in the same plan.
using Owners = std::map<std::pair<std::string, std::string>, std::map<Kind, std::size_t>>;

Owners relations_of(const Plan& plan, bool created) {
  Owners out;
  for (const auto& change : plan.changes) {
    const bool matches =
        created ? std::holds_alternative<Created>(change) : std::holds_alternative<Dropped>(change);
    const ObjectKey& key = key_of(change);
    if (matches && info(key.kind).relation) out[{key.ns, key.name}];
  }
  for (const auto& change : plan.changes) {
    const bool matches =
        created ? std::holds_alternative<Created>(change) : std::holds_alternative<Dropped>(change);
    const ObjectKey& key = key_of(change);
    if (!matches || !info(key.kind).owned) continue;
    if (auto it = out.find({key.ns, key.owner}); it != out.end()) ++it->second[key.kind];
  }
  return out;
}

std::string members(const std::map<Kind, std::size_t>& counts) {
  std::vector<std::string> parts;
  for (const auto& [kind, count] : counts) {
    const std::string name(info(kind).name);
    std::string plural = name + "s";
    if (name.ends_with("x") || name.ends_with("s"))
      plural = name + "es";
    else if (name.ends_with("y"))
      plural = name.substr(0, name.size() - 1) + "ies";
    parts.push_back(fmt::format("{} {}", count, count == 1 ? name : plural));
  }
  return parts.empty() ? std::string{} : fmt::format(" ({})", join(parts, ", "));
}

std::string line(const ObjectKey& key, char sign, Tone tone, const Owners& owners, Colour colour) {
  if (info(key.kind).owned && owners.contains({key.ns, key.owner})) return {};
  std::string text = fmt::format("{} {}", sign, one_line(to_string(key)));
  if (info(key.kind).relation)
    if (auto it = owners.find({key.ns, key.name}); it != owners.end()) text += members(it->second);
  return paint(text, tone, colour) + "\n";
}
}  // namespace

std::string paint(std::string_view text, Tone tone, Colour colour) {
  if (colour == Colour::off || tone == Tone::plain) return std::string(text);
  std::string_view code;
  switch (tone) {
    case Tone::plain:
      break;
    case Tone::good:
      code = "32";
      break;
    case Tone::warning:
      code = "33";
      break;
    case Tone::bad:
      code = "31";
      break;
    case Tone::faint:
      code = "36";
      break;
    case Tone::strong:
      code = "1";
      break;
  }
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

Summary summarize(const Plan& plan) {
  Summary out;
  for (const auto& change : plan.changes) {
    std::visit(Overloaded{[&](const Created&) { ++out.created; }, [&](const Dropped&) { ++out.dropped; },
                          [&](const Altered&) { ++out.altered; }, [&](const Renamed&) {}},
               change);
  }
  out.renamed = plan.renames.size();
  return out;
}

std::string to_string(const Summary& summary) {
  std::string out =
      fmt::format("{} created, {} altered, {} dropped", summary.created, summary.altered, summary.dropped);
  if (summary.renamed > 0) out += fmt::format(", {} renamed", summary.renamed);
  return out;
}

std::string change_lines(const Plan& plan, Colour colour) {
  const Owners created = relations_of(plan, true);
  const Owners dropped = relations_of(plan, false);
  std::string out;
  for (const auto& renamed : plan.renames)
    out += paint(fmt::format("> {} -> {}", one_line(to_string(renamed.from)),
                             one_line(display_name(renamed.to))),
                 Tone::warning, colour) +
           "\n";
  for (const auto& change : plan.changes) {
    std::visit(
        Overloaded{[&](const Created& c) { out += line(c.key, '+', Tone::good, created, colour); },
                   [&](const Dropped& c) { out += line(c.key, '-', Tone::bad, dropped, colour); },
                   [&](const Altered& c) {
                     out += paint(fmt::format("~ {}: {}", one_line(to_string(c.key)), join(c.fields, ", ")),
                                  Tone::warning, colour) +
                            "\n";
                   },
                   [&](const Renamed&) {}},
        change);
  }
  return out;
}

std::string hazard_lines(const std::vector<Statement>& statements, Colour colour) {
  std::string out;
  for (const auto& statement : statements) {
    for (const auto& hazard : statement.hazards) {
      const Tone tone = hazard.kind == HazardKind::deletes_data ? Tone::bad : Tone::warning;
      out += fmt::format("{} {}: {}\n", paint(fmt::format("! {}", to_string(hazard.kind)), tone, colour),
                         one_line(to_string(statement.source)), one_line(hazard.message));
    }
  }
  return out;
}

std::string notice_lines(const Plan& plan, Colour colour) {
  std::string out;
  for (const auto& [dropped, created] : suspicions_by_dropped(plan)) {
    out += fmt::format(
        "{} {} is dropped and {} created alike; if it is a rename, add `renamed_from: {}` to the new one\n",
        paint("? rename:", Tone::warning, colour), one_line(to_string(dropped)), one_line(some_of(created)),
        one_line(dropped.name));
  }
  for (const auto& notice : plan.notices)
    out += fmt::format("{} {}\n", paint("- notice:", Tone::faint, colour), one_line(notice));
  return out;
}

std::string hint_lines(const Plan& plan, Colour colour) {
  std::string out;
  for (const auto& key : plan.satisfied_hints) {
    const auto place = plan.to.places.find(key);
    const std::string where = place == plan.to.places.end() || place->second.file.empty()
                                  ? std::string{}
                                  : fmt::format(" ({}:{})", place->second.file, place->second.line);
    out += fmt::format("{} `renamed_from:` of {} is done; the line can go{}\n",
                       paint("- notice:", Tone::faint, colour), one_line(to_string(key)), where);
  }
  return out;
}

std::string error_text(const std::exception& error, Colour colour) {
  std::string out = fmt::format("{} {}", paint("error:", Tone::bad, colour), error.what());
  if (const auto* world = dynamic_cast<const WorldError*>(&error)) {
    const auto& facts = world->facts();
    const std::string_view shown = error.what();
    const auto add = [&](std::string_view name, const std::string& value) {
      if (!value.empty() && shown.find(value) == std::string_view::npos)
        out += fmt::format("\n  {}: {}", name, value);
    };
    if (!facts.place.file.empty()) add("at", fmt::format("{}:{}", facts.place.file, facts.place.line));
    add("object", facts.object);
    add("code", facts.code);
    if (shown.find(facts.statement) == std::string_view::npos) {
      constexpr std::size_t limit = 2000;
      std::string sql = facts.statement.substr(0, limit);
      if (facts.statement.size() > limit) sql += " ...";
      out += "\n  statement: " + replace_all(sql, "\n", "\n    ");
    }
    if (!facts.remedy.empty() && shown.find(facts.remedy) == std::string_view::npos)
      out += "\n  " + facts.remedy;
  }
  return out + "\n";
}

std::string inventory_summary(const std::vector<InventoryItem>& inventory) {
  std::map<Standing, std::size_t> counts;
  for (const auto& item : inventory) ++counts[item.standing];
  return fmt::format("{} managed, {} of extensions, {} ignored, {} unmodelled", counts[Standing::managed],
                     counts[Standing::extension_member], counts[Standing::ignored],
                     counts[Standing::unmodelled]);
}

}  // namespace trueup
