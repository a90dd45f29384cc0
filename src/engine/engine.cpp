#include "engine/engine.hpp"

#include "base/text.hpp"

namespace trueup {

std::string_view to_string(HazardKind k) {
  switch (k) {
    case HazardKind::deletes_data:
      return "deletes-data";
    case HazardKind::rewrites_table:
      return "rewrites-table";
    case HazardKind::scans_table:
      return "scans-table";
    case HazardKind::blocks_writes:
      return "blocks-writes";
    case HazardKind::blocks_reads:
      return "blocks-reads";
    case HazardKind::builds_index:
      return "builds-index";
    case HazardKind::cannot_rollback:
      return "cannot-rollback";
    case HazardKind::needs_privilege:
      return "needs-privilege";
    case HazardKind::unsettled:
      return "unsettled";
    case HazardKind::other:
      return "note";
  }
  return "";
}

std::string_view to_string(Verb v) {
  switch (v) {
    case Verb::rename:
      return "rename";
    case Verb::drop:
      return "drop";
    case Verb::alter:
      return "alter";
    case Verb::rebuild:
      return "rebuild";
    case Verb::create:
      return "create";
  }
  return "";
}

bool Altered::has(std::string_view field) const {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

bool Altered::only(std::initializer_list<std::string_view> allowed) const {
  return std::all_of(fields.begin(), fields.end(), [&](const std::string& f) {
    return std::find(allowed.begin(), allowed.end(), f) != allowed.end();
  });
}

SqlWriter& SqlWriter::raw(std::string_view sql) {
  sql_ += sql;
  return *this;
}
SqlWriter& SqlWriter::ident(std::string_view name) {
  sql_ += dialect_.quote(name);
  return *this;
}
SqlWriter& SqlWriter::relation(std::string_view ns, std::string_view name) {
  if (!ns.empty()) ident(ns).raw(".");
  return ident(name);
}
SqlWriter& SqlWriter::name(const ObjectKey& key) {
  return relation(key.ns, key.name);
}
SqlWriter& SqlWriter::literal(std::string_view text) {
  sql_ += dialect_.literal(text);
  return *this;
}
SqlWriter& SqlWriter::idents(const std::vector<Ref>& refs) {
  for (std::size_t i = 0; i < refs.size(); ++i) {
    if (i > 0) raw(", ");
    ident(refs[i].to.name);
  }
  return *this;
}

void SqlWriter::end(TxMode tx, std::vector<Hazard> hazards) {
  if (trim(sql_).empty()) throw std::logic_error("empty statement for " + to_string(step_.key));
  Statement s;
  s.sql = std::move(sql_);
  sql_.clear();
  s.tx = tx;
  s.hazards = std::move(hazards);
  s.source = step_.key;
  s.verb = to_string(step_.verb);
  if (step_.because) s.because = to_string(*step_.because);
  done_.push_back(std::move(s));
}

void SqlWriter::begin_step(const Step& step) {
  if (!sql_.empty()) throw std::logic_error("unfinished statement for " + to_string(step_.key));
  step_ = step;
}

std::vector<Statement> SqlWriter::take() {
  return std::exchange(done_, {});
}

void KindHandler::normalize(const ObjectKey&, ObjectBody&, const Catalog&, std::vector<Diagnostic>&) const {}
void KindHandler::settle(ObjectBody&, const ObjectBody&) const {}
bool KindHandler::left_open(const ObjectKey&, const Catalog&, const Catalog&) const {
  return false;
}
RenameMeans KindHandler::rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const {
  return RenameMeans::in_place;
}
bool KindHandler::needs_rebuild(Verb, const ObjectKey&, const Catalog&, const Catalog&) const {
  return false;
}
bool KindHandler::blocks(const Altered&, const ObjectKey&, const Catalog&, const Catalog&) const {
  return false;
}
bool KindHandler::lets_go(const ObjectKey&, const ObjectKey&, const Catalog&, const Catalog&) const {
  return false;
}
std::vector<ObjectKey> KindHandler::also_alters(const Altered&, const Catalog&, const Catalog&) const {
  return {};
}
std::string KindHandler::loses_data(const Altered&, const Catalog&, const Catalog&) const {
  return {};
}
std::string KindHandler::drop_loses_data(const ObjectKey&, const Catalog&) const {
  return {};
}
bool KindHandler::folds(Verb, const ObjectKey&, const Catalog&) const {
  return false;
}

std::string Token::value() const {
  return folded.empty() ? std::string(text) : folded;
}

std::vector<std::pair<ObjectKey, ObjectKey>> EngineDialect::implied_renames(const Catalog&, const ObjectKey&,
                                                                            const Catalog&,
                                                                            const ObjectKey&) const {
  return {};
}

bool EngineDialect::has_field(Kind kind, std::string_view field) const {
  using Own = std::pair<Kind, std::string_view>;
  static constexpr std::array own{Own{Kind::table, "engine"},
                                  Own{Kind::table, "order_by"},
                                  Own{Kind::table, "partition_by"},
                                  Own{Kind::table, "sample_by"},
                                  Own{Kind::table, "ttl"},
                                  Own{Kind::table, "rebuild"},
                                  Own{Kind::column, "codec"},
                                  Own{Kind::column, "ttl"},
                                  Own{Kind::materialized_view, "to"},
                                  Own{Kind::materialized_view, "storage"},
                                  Own{Kind::materialized_view, "refresh"}};
  return std::find(own.begin(), own.end(), Own{kind, field}) == own.end();
}

std::unique_ptr<ScratchDatabase> EngineDialect::scratch_beside(Connection&) const {
  return nullptr;
}
std::vector<HeldName> EngineDialect::held_names(const ObjectKey& key, const ObjectBody&) const {
  if (!info(key.kind).relation && key.kind != Kind::sequence) return {};
  return {{"relation", key.ns, key.name}};
}
void EngineDialect::complete(Catalog&, Catalog&) const {}
void EngineDialect::precheck(const Catalog&, std::vector<Diagnostic>&) const {}
void EngineDialect::arrange(std::vector<Statement>&) const {}
void EngineDialect::spread(std::vector<Statement>&, const Cluster&) const {}
std::string EngineDialect::script_form(const std::string& sql) const {
  // A line comment at the end of a body must not swallow the separator.
  const auto last_line = sql.rfind('\n');
  const auto tail = std::string_view(sql).substr(last_line == std::string::npos ? 0 : last_line + 1);
  return sql + (tail.find("--") != std::string_view::npos ? "\n;\n" : ";\n");
}
const ApplySupport* EngineDialect::apply_support() const {
  return nullptr;
}

}  // namespace trueup
