#include "render/render.hpp"

#include "base/text.hpp"
#include "engine/apply_support.hpp"

namespace trueup {
namespace {
/// Bare names by which the object's SQL text may mean others of its own namespace.
std::set<std::string> neighbours(const Catalog& catalog, const ObjectKey& key) {
  std::set<std::string> out;
  const auto uses = catalog.uses.find(key);
  if (uses == catalog.uses.end()) return out;
  for (const auto* keys : {&uses->second.hard, &uses->second.soft})
    for (const auto& used : *keys)
      if (used.ns == key.ns) out.insert(info(used.kind).owned ? used.owner : used.name);
  return out;
}

/// The name that a string is about in `nextval('numbers')`; empty where it is anything else than a bare name.
std::string named_by_string(std::string_view string, const EngineDialect& dialect) {
  constexpr char quote = '\'';
  if (string.size() < 3 || string.front() != quote || string.back() != quote) return {};
  const auto inside = dialect.tokens(trim(string.substr(1, string.size() - 2)));
  const bool name = inside.size() == 1 &&
                    (inside[0].type == Token::Type::word || inside[0].type == Token::Type::quoted_identifier);
  return name ? inside[0].value() : std::string();
}

/// Does the SQL text of the object name another of its namespace without saying the namespace?
bool relies_on_namespace(const Catalog& catalog, const ObjectKey& key, const EngineDialect& dialect) {
  const auto body = catalog.objects.find(key);
  if (key.ns.empty() || body == catalog.objects.end()) return false;
  const auto names = neighbours(catalog, key);
  if (names.empty()) return false;
  bool found = false;
  for_each_expr(body->second, [&](const Expr& expr) {
    bool qualified = false;
    for (const auto& token : dialect.tokens(expr.text)) {
      if (token.type == Token::Type::blank || token.type == Token::Type::comment) continue;
      const bool name = token.type == Token::Type::word || token.type == Token::Type::quoted_identifier;
      found = found || (name && !qualified && names.contains(token.value())) ||
              (token.type == Token::Type::string && names.contains(named_by_string(token.text, dialect)));
      qualified = token.text == ".";
    }
  });
  return found;
}

/// Sees to it that authors' SQL text finds the objects of its own namespace.
class NamespaceEntrance {
 public:
  NamespaceEntrance(const Plan& plan, const EngineDialect& dialect)
      : plan_(plan), dialect_(dialect), support_(dialect.apply_support()) {
    if (support_ != nullptr) current_ = support_->default_namespace();
  }
  void before(std::span<const Step> steps, SqlWriter& w) {
    if (support_ == nullptr) return;
    const auto relies = [&](const Step& s) {
      return s.verb != Verb::drop && relies_on_namespace(plan_.to, s.key, dialect_);
    };
    const std::string& ns = steps.front().key.ns;
    if (ns == current_ || std::none_of(steps.begin(), steps.end(), relies)) return;
    const std::string sql = support_->enter_namespace(ns);
    if (sql.empty()) return;
    w.begin_step(steps.front());
    w.raw(sql).end();
    current_ = ns;
  }

 private:
  const Plan& plan_;
  const EngineDialect& dialect_;
  const ApplySupport* support_;
  std::string current_;
};

/// Sees to it that what destroys data says so, whatever the engine's handler thought of.
class LossNotes {
 public:
  explicit LossNotes(const Plan& plan) {
    for (const auto& loss : plan.losses) losses_.emplace(loss.key, &loss);
  }
  /// Steps rendered as the statements from `first` to before `end`.
  void note(std::span<const Step> steps, std::size_t first, std::size_t end) {
    for (const auto& s : steps)
      if (const auto it = losses_.find(s.key); it != losses_.end() && s.verb == Verb::drop)
        notes_.push_back({first, end, it->second});
  }
  void write(std::vector<Statement>& statements) const {
    for (const auto& note : notes_) {
      const auto own = std::span(statements).subspan(note.first, note.end - note.first);
      // That a row goes is what the schema says; what else is lost with it is not.
      if (note.loss->key.kind == Kind::row || std::none_of(own.begin(), own.end(), says_so))
        own.front().hazards.push_back({HazardKind::deletes_data, text(*note.loss)});
    }
  }

 private:
  struct Note {
    std::size_t first, end;
    const DataLoss* loss;
  };
  static bool says_so(const Statement& s) {
    return std::any_of(s.hazards.begin(), s.hazards.end(),
                       [](const Hazard& h) { return h.kind == HazardKind::deletes_data; });
  }
  static std::string text(const DataLoss& loss) {
    if (info(loss.key.kind).relation) return "drops the table and its rows";
    if (loss.key.kind == Kind::column) return "drops the column and its values";
    return loss.why;
  }
  std::map<ObjectKey, const DataLoss*> losses_;
  std::vector<Note> notes_;
};
}  // namespace

std::vector<Statement> render(const Plan& plan, const EngineDialect& dialect) {
  SqlWriter w(dialect);
  RenderContext context{plan.from, plan.to, dialect};
  for (const auto& r : plan.renames)
    if (r.means == RenameMeans::rebuild) context.former_names.emplace(r.to, r.from.name);
  NamespaceEntrance entrance(plan, dialect);
  LossNotes losses(plan);
  for (std::size_t i = 0; i < plan.steps.size();) {
    const Step& step = plan.steps[i];
    std::size_t end = i + 1;
    while (end < plan.steps.size() && plan.steps[end].folded) ++end;
    const KindHandler* h = dialect.handler(step.key.kind);
    if (h == nullptr) throw std::logic_error("no handler for " + to_string(step.key));
    entrance.before(std::span(plan.steps).subspan(i, end - i), w);
    const std::size_t before = w.count();
    w.begin_step(step);
    h->render(step, std::span(plan.steps).subspan(i + 1, end - i - 1), context, w);
    if (w.count() == before)
      throw std::logic_error(
          fmt::format("{} {} rendered as nothing", to_string(step.verb), to_string(step.key)));
    losses.note(std::span(plan.steps).subspan(i, end - i), before, w.count());
    i = end;
  }
  auto statements = w.take();
  losses.write(statements);
  dialect.arrange(statements);
  if (!plan.cluster.name.empty()) dialect.spread(statements, plan.cluster);
  return statements;
}

namespace {
void append(std::string& out, const Statement& s, const EngineDialect& dialect) {
  if (!out.empty()) out += '\n';
  out += fmt::format("-- {} {}", s.verb, one_line(to_string(s.source)));
  if (!s.because.empty()) out += fmt::format(" (because of {})", one_line(s.because));
  for (const auto& h : s.hazards) out += fmt::format(" [{}: {}]", to_string(h.kind), one_line(h.message));
  out += '\n';
  out += dialect.script_form(s.sql);
}

/// Consecutive statements that go into one transaction, or one that must stand outside.
using Stretch = std::vector<const Statement*>;

std::vector<Stretch> stretches_of(const std::vector<Statement>& statements) {
  std::vector<Stretch> out;
  const Statement* last = nullptr;
  for (const auto& s : statements) {
    if (s.tx == TxMode::before || s.tx == TxMode::after) continue;
    if (last == nullptr || last->tx == TxMode::outside || s.tx == TxMode::outside) out.emplace_back();
    out.back().push_back(&s);
    last = &s;
  }
  return out;
}

class ClientScript {
 public:
  ClientScript(const std::vector<Statement>& statements, const EngineDialect& dialect,
               const ApplySupport& support)
      : statements_(statements), dialect_(dialect), support_(support), stretches_(stretches_of(statements)) {}

  std::string run() {
    settings(TxMode::before);
    const auto transactions = std::count_if(stretches_.begin(), stretches_.end(),
                                            [](const Stretch& s) { return s[0]->tx == TxMode::inside; });
    chained_ = transactions > 1;
    if (chained_) line(support_.mark_done(0));
    for (const auto& stretch : stretches_) one(stretch);
    settings(TxMode::after);
    return std::move(out_);
  }

 private:
  void line(const std::string& sql) {
    if (!sql.empty()) out_ += fmt::format("{}{};\n", out_.empty() ? "" : "\n", sql);
  }
  /// Each table's own; once is enough.
  void settings(TxMode mode) {
    std::set<std::string_view> said;
    for (const auto& s : statements_)
      if (s.tx == mode && said.insert(s.sql).second) append(out_, s, dialect_);
  }
  void one(const Stretch& stretch) {
    const bool transaction = stretch[0]->tx == TxMode::inside && (chained_ || stretch.size() > 1);
    if (transaction) line(std::string(support_.begin()));
    if (transaction && chained_ && done_ > 0) line(support_.need_done(done_));
    for (const Statement* s : stretch) append(out_, *s, dialect_);
    if (transaction && chained_) line(support_.mark_done(++done_));
    if (transaction) line("COMMIT");
  }

  const std::vector<Statement>& statements_;
  const EngineDialect& dialect_;
  const ApplySupport& support_;
  std::vector<Stretch> stretches_;
  bool chained_ = false;  ///< more than one transaction
  std::size_t done_ = 0;
  std::string out_;
};
}  // namespace

std::string to_script(const std::vector<Statement>& statements, const EngineDialect& dialect) {
  std::string out;
  for (const auto& s : statements) append(out, s, dialect);
  return out;
}

std::string client_script(const std::vector<Statement>& statements, const EngineDialect& dialect) {
  const ApplySupport* support = dialect.apply_support();
  if (support == nullptr || !dialect.capabilities().transactional_ddl) return to_script(statements, dialect);
  return ClientScript(statements, dialect, *support).run();
}

}  // namespace trueup
