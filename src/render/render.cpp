#include "render/render.hpp"

#include "base/text.hpp"

namespace trueup {

std::vector<Statement> render(const Plan& plan, const EngineDialect& dialect) {
  SqlWriter w(dialect);
  const RenderContext context{plan.from, plan.to, dialect};
  for (std::size_t i = 0; i < plan.steps.size();) {
    const Step& step = plan.steps[i];
    std::size_t end = i + 1;
    while (end < plan.steps.size() && plan.steps[end].folded) ++end;
    const KindHandler* h = dialect.handler(step.key.kind);
    if (h == nullptr) throw std::logic_error("no handler for " + to_string(step.key));
    const std::size_t before = w.count();
    w.begin_step(step);
    h->render(step, std::span(plan.steps).subspan(i + 1, end - i - 1), context, w);
    if (w.count() == before)
      throw std::logic_error(fmt::format("{} {} rendered as nothing", to_string(step.verb), to_string(step.key)));
    i = end;
  }
  return w.take();
}

std::string to_script(const std::vector<Statement>& statements, const EngineDialect&) {
  std::string out;
  for (const auto& s : statements) {
    if (!out.empty()) out += '\n';
    out += fmt::format("-- {} {}", s.verb, one_line(to_string(s.source)));
    if (!s.because.empty()) out += fmt::format(" (because of {})", one_line(s.because));
    for (const auto& h : s.hazards) out += fmt::format(" [{}: {}]", to_string(h.kind), one_line(h.message));
    out += '\n';
    out += s.sql;
    // A line comment at the end of a body must not swallow the separator.
    const auto last_line = s.sql.rfind('\n');
    const auto tail = std::string_view(s.sql).substr(last_line == std::string::npos ? 0 : last_line + 1);
    out += tail.find("--") != std::string_view::npos ? "\n;\n" : ";\n";
  }
  return out;
}

}  // namespace trueup
