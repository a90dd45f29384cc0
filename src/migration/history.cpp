#include "migration/history.hpp"

#include "base/text.hpp"

namespace trueup {
namespace {
constexpr std::array<std::string_view, 16> columns{
    "version",   "name",     "checksum", "state",    "status",      "done", "total",        "done_checksum",
    "in_flight", "in_doubt", "started",  "finished", "duration_ms", "who",  "tool_version", "error"};

std::int64_t number(const Cell& cell) {
  return cell ? std::stoll(*cell) : 0;
}

std::optional<MigrationStatus> status_from(std::string_view text) {
  for (const auto s : {MigrationStatus::running, MigrationStatus::applied, MigrationStatus::failed,
                       MigrationStatus::baselined, MigrationStatus::reverting, MigrationStatus::reverted})
    if (to_string(s) == text) return s;
  return std::nullopt;
}

HistoryEntry entry_from(const ResultRow& row, const std::string& table) {
  HistoryEntry e;
  const auto text = [&](std::size_t i) { return row.at(i).value_or(""); };
  e.version = number(row.at(0));
  e.name = text(1);
  e.checksum = text(2);
  e.state = text(3);
  const auto status = status_from(text(4));
  if (!status)
    throw WorldError(fmt::format("{} holds the status '{}', which this version of trueup does not know",
                                 table, one_line(text(4))),
                     {{}, table, {}, "use the version of trueup that wrote it", {}});
  e.status = *status;
  e.done = number(row.at(5));
  e.total = number(row.at(6));
  e.done_checksum = text(7);
  e.in_flight = number(row.at(8)) != 0;
  e.in_doubt = text(9);
  e.started = text(10);
  e.finished = text(11);
  e.duration_ms = number(row.at(12));
  e.who = text(13);
  e.tool_version = text(14);
  e.error = text(15);
  return e;
}
}  // namespace

std::string_view to_string(MigrationStatus s) {
  switch (s) {
    case MigrationStatus::running:
      return "running";
    case MigrationStatus::applied:
      return "applied";
    case MigrationStatus::failed:
      return "failed";
    case MigrationStatus::baselined:
      return "baselined";
    case MigrationStatus::reverting:
      return "reverting";
    case MigrationStatus::reverted:
      return "reverted";
  }
  return "";
}

const ApplySupport& apply_support(const EngineDialect& dialect) {
  if (const ApplySupport* support = dialect.apply_support()) return *support;
  throw InputError(fmt::format("trueup cannot apply migrations to {} yet", dialect.name()));
}

History::History(Connection& connection, const EngineDialect& dialect, const HistoryTable& table)
    : connection_(connection), dialect_(dialect), support_(apply_support(dialect)), table_(table) {
  if (table_.ns.empty()) table_.ns = support_.default_namespace();
  if (!table_.ns.empty()) sql_name_ = dialect.quote(table_.ns) + ".";
  sql_name_ += dialect.quote(table_.name);
}

bool History::exists() const {
  return support_.table_exists(connection_, table_.ns, table_.name);
}

void History::create() {
  if (exists()) return;
  const std::string ns = table_.ns.empty() ? "" : dialect_.quote(table_.ns);
  for (const auto& sql : support_.create_history(connection_, table_, ns, sql_name_))
    connection_.execute(sql);
}

std::vector<HistoryEntry> History::read() {
  std::vector<HistoryEntry> out;
  known_.clear();
  if (!exists()) return out;
  std::string list;
  for (const auto& c : columns) list += fmt::format("{}{}", list.empty() ? "" : ", ", dialect_.quote(c));
  const auto rows = connection_.query(fmt::format("SELECT {} FROM {}{} ORDER BY {}", list, sql_name_,
                                                  support_.newest_rows(), dialect_.quote("version")));
  for (const auto& row : rows) {
    out.push_back(entry_from(row, sql_name_));
    known_.insert(out.back().version);
  }
  return out;
}

void History::put(const HistoryEntry& e, std::string_view then) {
  const auto text = [&](std::string_view s) { return dialect_.literal(s); };
  const std::array<std::string, columns.size()> values{std::to_string(e.version),
                                                       text(e.name),
                                                       text(e.checksum),
                                                       text(e.state),
                                                       text(to_string(e.status)),
                                                       std::to_string(e.done),
                                                       std::to_string(e.total),
                                                       text(e.done_checksum),
                                                       e.in_flight ? "1" : "0",
                                                       text(e.in_doubt),
                                                       text(e.started),
                                                       text(e.finished),
                                                       std::to_string(e.duration_ms),
                                                       text(e.who),
                                                       text(e.tool_version),
                                                       text(e.error)};
  std::string sql;
  if (known_.contains(e.version) && support_.newest_rows().empty()) {
    for (std::size_t i = 1; i < columns.size(); ++i)
      sql += fmt::format("{}{} = {}", sql.empty() ? "" : ", ", dialect_.quote(columns.at(i)), values.at(i));
    sql = fmt::format("UPDATE {} SET {} WHERE {} = {}", sql_name_, sql, dialect_.quote("version"), e.version);
  } else {
    std::string names, list;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      names += fmt::format("{}{}", i == 0 ? "" : ", ", dialect_.quote(columns.at(i)));
      list += fmt::format("{}{}", i == 0 ? "" : ", ", values.at(i));
    }
    sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", sql_name_, names, list);
  }
  connection_.execute(sql.append(then));
  known_.insert(e.version);
}

}  // namespace trueup
