// trueup generate [NAME] and trueup new NAME
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "cli/state.hpp"
#include "migration/generate.hpp"
#include "source/source.hpp"

namespace trueup::cli {
namespace {
struct Flags {
  std::string name, from, engine;
  std::vector<std::string> scratch;
  AllowFlags allow;
  bool dry_run = false, down = true;
};

/// Engines to generate for: --engine, trueup.yaml, the schema's own `engines:`, the target's.
std::vector<std::string> engines(Session& session, const std::string& flag) {
  if (!flag.empty()) return {flag};
  if (!session.config().engines.empty()) return session.config().engines;
  auto declared =
      declared_engines(session.config().schema, need_dialect(std::string(dialect_names().front())));
  if (!declared.empty()) return declared;
  if (const std::string target = engine_of_target(session, {}); !target.empty()) return {target};
  throw InputError("nothing says for which engine to generate",
                   "add `engines: [NAME]` to trueup.yaml or the schema, or --engine NAME");
}

/// The one of the --scratch URLs that is of that engine, else `private` where that is given; empty when there
/// is none.
std::string scratch_of(const std::vector<std::string>& urls, const std::string& engine) {
  std::string out;
  for (const auto& url : urls) {
    if (url == private_scratch)
      out = url;
    else if (parse_url(url).engine == engine)
      return url;
  }
  return out;
}

/// Every --scratch URL must be of use.
void check_scratch(const std::vector<std::string>& urls, const std::vector<std::string>& engines) {
  for (const auto& text : urls) {
    if (text == private_scratch) continue;
    const Url url = parse_url(text);
    if (std::find(engines.begin(), engines.end(), url.engine) == engines.end())
      throw InputError(fmt::format("the scratch database {} is of none of the engines generated for: {}",
                                   url.text(), join(engines, ", ")),
                       "name one of theirs, or none");
  }
}

void print(Session& session, const Generated& each, const Flags& flags) {
  if (each.empty) {
    session.note(
        fmt::format("{}: nothing to do, the schema is as the newest snapshot has it\n", each.engine));
    session.note(notice_lines(each.comparison.plan, session.err_colour()));
    session.note(hint_lines(each.comparison.plan, session.err_colour()));
    return;
  }
  // Of a dry run only the SQL goes to standard output, so that it can be read or piped.
  const auto say = [&](const std::string& text) { flags.dry_run ? session.note(text) : session.out(text); };
  const Colour colour = flags.dry_run ? session.err_colour() : session.out_colour();
  if (flags.dry_run) session.out(each.up_sql);
  for (const std::string* path : {&each.up_path, &each.down_path, &each.snapshot_path})
    if (!path->empty()) say(fmt::format("{} {}\n", flags.dry_run ? "would write" : "wrote", *path));
  for (const auto& change : each.changes) say(fmt::format("  {}\n", one_line(change)));
  say(hazard_lines(each.comparison.statements, colour));
  for (const auto& key : each.comparison.unsettled)
    say(fmt::format("- notice: {} may only be spelled differently; --scratch URL would settle it\n",
                    one_line(to_string(key))));
  say(notice_lines(each.comparison.plan, colour));
  say(hint_lines(each.comparison.plan, colour));
  if (!each.no_way_back.empty()) say(fmt::format("- notice: no down file: {}\n", one_line(each.no_way_back)));
  if (!each.verified.empty()) say(fmt::format("verified: {}\n", one_line(each.verified)));
}

nlohmann::ordered_json to_json(const Generated& each) {
  nlohmann::ordered_json out{
      {"engine", each.engine}, {"empty", each.empty}, {"version", each.version}, {"name", each.name}};
  out["up"] = each.up_path;
  out["down"] = each.down_path;
  out["snapshot"] = each.snapshot_path;
  out["up_sql"] = each.up_sql;
  out["down_sql"] = each.down_sql;
  out["lines"] = each.changes;
  const auto comparison = comparison_json(each.comparison);
  for (const auto& [key, value] : comparison.items()) out[key] = value;
  out["verified"] = each.verified;
  out["no_way_back"] = each.no_way_back;
  return out;
}

/// What is to be generated for one engine. What it opens lives in `open` until the end.
GenerateTarget load_target(Session& session, const Flags& flags, const std::string& engine,
                           std::vector<std::unique_ptr<Connection>>& open) {
  const EngineDialect& dialect = need_dialect(engine);
  GenerateTarget target;
  target.dialect = &dialect;
  if (flags.from.empty()) target.newest = begin_reading_newest(dialect, folders(session));
  target.desired.catalog = load_yaml(session.config().schema, dialect);
  target.desired.origin = Origin::authored;
  target.desired.label = session.config().schema;
  target.compare.namespaces = session.config().namespaces;
  open.push_back(open_scratch(session, scratch_of(flags.scratch, engine), engine));
  Connection* scratch = open.back().get();
  target.compare.scratch = scratch;
  target.compare.cluster = session.config().cluster;
  if (scratch != nullptr)
    target.open_scratch = [scratch, &dialect] { return open_empty_scratch(scratch, dialect); };
  if (!flags.from.empty()) {
    const StateArgument from = classify_state(flags.from);
    (void)engine_of(session, {&from}, engine);  // refuses a state of another engine
    LoadedState loaded = load_state(session, from, dialect, session.config().namespaces);
    target.from = std::move(loaded.state);
    if (loaded.connection) open.push_back(std::move(loaded.connection));
  }
  return target;
}

int run(Session& session, const Flags& flags) {
  if (!flags.name.empty()) check_migration_name(flags.name);
  const auto names = engines(session, flags.engine);
  if (!flags.from.empty() && names.size() != 1)
    throw InputError("--from starts one engine's migrations, but several are declared", "add --engine NAME");
  check_scratch(flags.scratch, names);
  std::vector<std::unique_ptr<Connection>> open;
  struct Work {
    std::vector<GenerateTarget> targets;
    std::vector<Generated> results;
  };
  const auto work = std::make_shared<Work>();
  session.until_exit = work;
  Findings findings(names);
  for (const auto& name : names)
    findings.collect(name, [&] { work->targets.push_back(load_target(session, flags, name, open)); });
  GenerateOptions options;
  options.folders = folders(session);
  options.name = flags.name;
  options.writing = flags.dry_run ? Writing::nothing : Writing::files;
  options.way_back = flags.down ? WayBack::write : WayBack::leave_out;
  options.allowed = allowance(flags.allow);
  const auto& results = work->results = generate(work->targets, options, std::move(findings));
  session.result["dry_run"] = flags.dry_run;
  session.result["generated"] = nlohmann::ordered_json::array();
  for (const auto& each : results) session.result["generated"].push_back(to_json(each));
  if (!session.json)
    for (const auto& each : results) print(session, each, flags);
  return exit_done;
}

struct NewFlags {
  std::string name, engine;
};

int run_new(Session& session, const NewFlags& flags) {
  check_migration_name(flags.name);
  session.result["generated"] = nlohmann::ordered_json::array();
  for (const auto& engine : engines(session, flags.engine)) {
    const Generated made = new_migration(need_dialect(engine), folders(session), flags.name);
    session.result["generated"].push_back(to_json(made));
    for (const std::string* path : {&made.up_path, &made.down_path, &made.snapshot_path})
      if (!path->empty()) session.out(fmt::format("wrote {}\n", *path));
  }
  return exit_done;
}
}  // namespace

void add_generate(CLI::App& app, Session& session) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      add_command(app, "generate", "Write the next migration: the schema against the newest snapshot",
                  "  trueup generate add_memories\n"
                  "  trueup generate --dry-run                 # the SQL, nothing written\n"
                  "  trueup generate drop_legacy --allow-drop legacy,users.nickname\n"
                  "  trueup generate initial --from empty --scratch postgres://me@localhost/postgres");
  command->add_option("NAME", flags->name, "Name in snake_case (default: made from the changes)");
  command->add_option("--from", flags->from, "STATE to start from (default: the newest snapshot)");
  command->add_flag("--dry-run", flags->dry_run, "Print the SQL; write nothing");
  command->add_flag("--down,!--no-down", flags->down, "Also write the way back (on unless --no-down)");
  add_allow_flags(*command, flags->allow);
  command
      ->add_option("--scratch", flags->scratch,
                   "URL of a server where the migration may be tried out, once for each engine; or `private` "
                   "for one from the installed programs (MySQL, MariaDB)")
      ->type_name("URL")
      ->allow_extra_args(false);
  command->add_option("--engine", flags->engine, "Only this engine");
  command->callback([&session, flags] { session.run = [&session, flags] { return run(session, *flags); }; });
}

void add_new(CLI::App& app, Session& session) {
  auto flags = std::make_shared<NewFlags>();
  CLI::App* command = add_command(app, "new", "Write an empty numbered migration for hand-written SQL",
                                  "  trueup new fill_slugs\n"
                                  "  trueup new fill_slugs --engine sqlite");
  command->add_option("NAME", flags->name, "Name in snake_case")->required();
  command->add_option("--engine", flags->engine, "Only this engine");
  command->callback(
      [&session, flags] { session.run = [&session, flags] { return run_new(session, *flags); }; });
}

}  // namespace trueup::cli
