#include "base/text.hpp"
#include "engine/finding.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/handlers.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/routines.hpp"

namespace trueup::mysql {
namespace {
void report(const ObjectKey& key, const Catalog& catalog, const std::string& message, std::string remedy,
            std::vector<Diagnostic>& found) {
  found.push_back(finding(catalog, key, message, std::move(remedy)));
}

/// `2030-01-01 00:00:00` of `'2030-01-01'`, with or without quotes; empty when it is no fixed time.
std::string fixed_time(std::string_view written) {
  std::string text(trim(written));
  const auto all = significant(text);
  if (all.size() == 1 && all[0].type == Token::Type::string) text = string_value(all[0].text);
  constexpr std::string_view date = "2000-01-01", time = "2000-01-01 00:00:00";
  if (text.size() == date.size()) text += " 00:00:00";
  if (text.size() < time.size() || text.find_first_not_of("0123456789-: .") != std::string::npos) return {};
  return text;
}

/// `every 1 day`, `every '1:30' hour_minute`, `at '2030-01-01 00:00:00'`; empty when it is none of these.
std::string canonical_schedule(const std::string& written) {
  const auto all = significant(written);
  if (all.size() == 3 && is_word(all[0], "every")) {
    std::string value(all[1].text);
    if (all[1].type == Token::Type::string) value = string_value(value);
    const std::string unit = lower(all[2].text);
    const bool compound = unit.find('_') != std::string::npos;
    if (!compound && value.find_first_not_of("0123456789") != std::string::npos) return {};
    return "every " + (compound ? literal(value) : value) + " " + unit;
  }
  if (all.size() == 2 && is_word(all[0], "at"))
    if (const std::string time = fixed_time(all[1].text); !time.empty()) return "at " + literal(time);
  return {};
}

std::string clauses(const Event& e, std::string_view comment_clause) {
  std::string out = "\n    ON SCHEDULE " + e.schedule;
  if (!e.starts.empty()) out += " STARTS " + literal(e.starts);
  if (!e.ends.empty()) out += " ENDS " + literal(e.ends);
  out += e.preserve ? "\n    ON COMPLETION PRESERVE" : "\n    ON COMPLETION NOT PRESERVE";
  out += e.enabled.empty() ? " ENABLE" : e.enabled == "disabled" ? " DISABLE" : " DISABLE ON SLAVE";
  out += comment_clause;
  return out + "\n    DO " + sql_of(e.body);
}

bool repeats(const Event& e) {
  return e.schedule.starts_with("every");
}

class EventHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // see introspect.cpp
  /// MariaDB's ALTER EVENT keeps an end that it is not told anew.
  Means means(const Altered& altered, const Catalog& from, const Catalog& to) const override {
    const auto& a = *from.find<Event>(altered.key);
    const auto& b = *to.find<Event>(altered.key);
    if ((!a.ends.empty() && b.ends.empty()) || repeats(a) != repeats(b)) return Recreate{};
    return InPlace{};
  }

  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    auto& e = std::get<Event>(body);
    const std::string schedule = canonical_schedule(e.schedule);
    if (schedule.empty())
      report(key, catalog, "its schedule is neither `every NUMBER UNIT` nor `at 'YYYY-MM-DD hh:mm:ss'`",
             "write a fixed interval or time", found);
    else
      e.schedule = schedule;
    for (auto* time : {&e.starts, &e.ends}) {
      if (time->empty()) continue;
      const std::string fixed = fixed_time(*time);
      if (fixed.empty())
        report(key, catalog, "'" + *time + "' is no fixed time", "write YYYY-MM-DD hh:mm:ss", found);
      else
        *time = fixed;
    }
    if (e.enabled != "" && e.enabled != "disabled" && e.enabled != "disabled on replica")
      report(key, catalog, "'enabled' is '" + e.enabled + "'", "write disabled or disabled on replica",
             found);
    normalize_routine_options(e.options);
  }
  /// The server fills in the time of creation.
  void settle(ObjectBody& desired, const ObjectBody& current) const override {
    auto& wanted = std::get<Event>(desired);
    if (wanted.starts.empty() && repeats(wanted)) wanted.starts = std::get<Event>(current).starts;
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    const std::string name = backquoted(step.key.name);
    if (step.verb == Verb::drop) {
      w.raw("DROP EVENT " + name).end();
      return;
    }
    if (step.verb == Verb::rename) {
      w.raw("ALTER EVENT " + backquoted(step.old_key->name) + " RENAME TO " + name).end();
      return;
    }
    const Event& e = *context.to.find<Event>(step.key);
    std::string comment;
    const bool alter = step.verb == Verb::alter;
    if (!e.comment.empty() || (alter && !context.from.find<Event>(step.key)->comment.empty()))
      comment = "\n    COMMENT " + literal(e.comment);
    const ProgramSession session(context.to, e.options, w, ProgramSession::Zone::matters);
    w.raw((alter ? "ALTER" : "CREATE") + definer_clause(e.options) + " EVENT " + name + clauses(e, comment));
    w.end();
  }
};
}  // namespace

const KindHandler& event_handler() {
  static const EventHandler handler;
  return handler;
}

}  // namespace trueup::mysql
