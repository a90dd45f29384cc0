#include "migration/generate.hpp"

#include <filesystem>

#include "base/beside.hpp"
#include "base/text.hpp"
#include "kinds/json_codec.hpp"
#include "migration/atomic_files.hpp"
#include "migration/check.hpp"
#include "migration/file.hpp"
#include "migration/nearby.hpp"
#include "source/snapshot.hpp"

namespace trueup {
namespace fs = std::filesystem;
namespace {
std::string name_from_changes(const Plan& plan, std::int64_t version) {
  if (version == 1) return "initial";
  std::vector<std::string> parts;
  std::set<std::string> seen;
  for (const auto& change : plan.changes) {
    const ObjectKey& key = key_of(change);
    const std::string& subject = info(key.kind).owned ? key.owner : key.name;
    if (!seen.insert(subject).second) continue;
    std::string_view verb = "alter";
    if (std::holds_alternative<Renamed>(change)) verb = "rename";
    if (!info(key.kind).owned && std::holds_alternative<Created>(change)) verb = "add";
    if (!info(key.kind).owned && std::holds_alternative<Dropped>(change)) verb = "drop";
    parts.push_back(to_migration_name(fmt::format("{}_{}", verb, subject)));
  }
  if (parts.size() > 2) parts = {parts[0], fmt::format("and_{}_more", parts.size() - 1)};
  const std::string name = to_migration_name(join(parts, "_"));
  return name.empty() ? "change" : name;
}

void name_paths(Generated& g, const Directory& directory) {
  const std::string stem = migration_stem(g.version, g.name);
  g.up_path = (fs::path(directory.generated) / (stem + ".up.sql")).string();
  if (!g.down_sql.empty()) g.down_path = (fs::path(directory.generated) / (stem + ".down.sql")).string();
  g.snapshot_path = (fs::path(directory.snapshots) / (stem + ".json")).string();
}

/// Files lose carriage returns: editors and checkouts change the ends of lines. In a string or a name they
/// count, and the engine has written them as escapes where it can.
void check_line_ends(const std::vector<Statement>& statements, const EngineDialect& dialect) {
  for (const auto& s : statements) {
    if (s.sql.find("\r\n") == std::string::npos) continue;
    for (const auto& t : dialect.tokens(s.sql))
      if ((t.type == Token::Type::string || t.type == Token::Type::quoted_identifier) &&
          t.text.find("\r\n") != std::string_view::npos)
        throw RefusedError({{to_string(s.source),
                             "holds a carriage return before a line end, which a migration file cannot keep",
                             "write it without, or by what makes such a character: char(13)"}});
  }
}

/// Where a migration starts.
struct Start {
  State state;
  Catalog before;    ///< a copy of its catalog that planning leaves alone
  std::string hash;  ///< of the whole: another than the snapshot's when canonical forms have changed since
};

Start read_newest(const Directory& directory, const EngineDialect& dialect) {
  Start out;
  out.state = State{load_state(directory), directory.migrations.empty() ? Origin::nothing : Origin::recorded,
                    directory.snapshots, nullptr};
  prepare(out.state, dialect);
  out.before = out.state.catalog;
  out.hash = state_hash(out.before);
  return out;
}

/// Everything of one target, up to the texts of its files.
class Maker {
 public:
  Maker(GenerateTarget& target, const GenerateOptions& options)
      : target_(target), options_(options), dialect_(*target.dialect) {}
  /// Letting go of a whole state takes time: the caller knows when there is some.
  ~Maker() {
    if (nearby_) target_.desired = nearby_->take();
  }
  Maker(const Maker&) = delete;
  Maker& operator=(const Maker&) = delete;

  Generated run() {
    directory_ = read_directory(options_.folders, dialect_.name());
    out_.engine = dialect_.name();
    if (as_the_newest()) return unchanged();
    Start from = start();
    const Catalog before = std::move(from.before);
    if (target_.compare.namespaces.empty()) target_.compare.namespaces = every_namespace();
    out_.comparison = compare(std::move(from.state), std::move(target_.desired), dialect_, target_.compare);
    Comparison& c = out_.comparison;
    if (c.empty()) return unchanged();
    check_allowed(c.plan, options_.allowed);
    check_line_ends(c.statements, dialect_);
    const std::optional<Slice> part = slice(c.plan, before);
    auto way_back = std::async(beside(), [&] { plan_back(part ? *part : Slice{before, c.plan.to}); });
    if (part)
      check_plan(c.plan, part->from, part->to, dialect_);
    else
      check_plan(c.plan, before, c.plan.to, dialect_);
    out_.changes = describe(c.plan);
    head_and_snapshot(before, from.hash);
    way_back.get();
    if (auto scratch = open_scratch()) try_both(*scratch, part ? *part : Slice{before, c.plan.to});
    write_texts();
    return std::move(out_);
  }

 private:
  Generated unchanged() {
    out_.empty = true;
    out_.version = directory_.newest();
    return std::move(out_);
  }
  /// May the newest snapshot be compared letter by letter? Anything in doubt takes the long way.
  bool plain_start() const {
    return !target_.from && target_.compare.namespaces.empty() && !snapshot_files(directory_).empty();
  }
  bool as_the_newest() {
    if (!plain_start()) return false;
    nearby_.emplace(std::move(target_.desired), dialect_);
    const auto recorded =
        target_.newest.valid() ? target_.newest.get() : SnapshotLines::read(snapshot_files(directory_));
    if (recorded) nearby_->look_at(*recorded);
    if (!nearby_->same()) return false;
    nearby_->check();
    return true;
  }
  Start start() {
    Start out;
    if (target_.from) {
      if (options_.writing == Writing::files) check_from(*target_.from);
      out.state = std::move(*target_.from);
      trueup::prepare(out.state, dialect_);
    } else if (auto near = narrowed()) {
      out.state = State{std::move(near->from), Origin::recorded, directory_.snapshots, nullptr, true, true};
      out.hash = parent_state(out.state.catalog);
      target_.desired = State{std::move(near->to), Origin::authored, {}, nullptr, true, true};
    } else {
      return read_newest(directory_, dialect_);
    }
    out.before = out.state.catalog;
    return out;
  }
  /// A numbered migration runs where the one before it ended: from another state its statements would fail
  /// there, or worse.
  void check_from(const State& from) {
    if (directory_.migrations.empty()) return;
    std::string why;
    try {
      State newest{load_state(directory_), Origin::recorded, directory_.snapshots, nullptr};
      const Comparison c = compare(from, std::move(newest), dialect_, target_.compare);
      if (c.empty()) return;
      why = join(describe(c.plan), "; ");
    } catch (const RefusedError& e) {
      why = one_line(e.what());
    }
    const MigrationFiles& last = directory_.migrations.back();
    throw InputError(
        fmt::format("--from: a migration after {} starts from the state that it leads to, and {} is another "
                    "one ({})",
                    migration_stem(last.version, last.name), from.label, why),
        "leave out --from; what leads from there to the schema is told by --dry-run and by `trueup diff`");
  }
  /// What is left to compare when all that is the same in both states is put aside.
  std::optional<Slice> narrowed() {
    if (!nearby_) return std::nullopt;
    if (auto slice = nearby_->narrow()) return slice;
    target_.desired = nearby_->take();
    nearby_.reset();
    return std::nullopt;
  }
  void plan_back(Slice states) {
    if (options_.way_back == WayBack::leave_out) return;
    try {
      back_ = make_down_plan(out_.comparison.plan, std::move(states), dialect_);
      back_statements_ = render(*back_, dialect_);
      check_line_ends(back_statements_, dialect_);
    } catch (const RefusedError& e) {
      back_.reset();
      out_.no_way_back = e.what();
    }
  }

  /// A null pointer where there is none; `verified` says so then.
  std::unique_ptr<Connection> open_scratch() {
    out_.verified = "no (no scratch database)";
    try {
      return target_.open_scratch ? target_.open_scratch() : nullptr;
    } catch (const WorldError& e) {
      out_.verified = "no (no scratch database: " + one_line(e.what()) + ")";
      return nullptr;
    }
  }
  void try_both(Connection& scratch, const Slice& states) {
    if (out_.comparison.plan.cluster.name.empty()) {
      out_.verified = try_on_scratch(scratch, file_text(out_.comparison.statements), states,
                                     back_ ? file_text(back_statements_) : std::string(), dialect_);
      return;
    }
    Plan there = out_.comparison.plan, back = back_.value_or(Plan{});  // a scratch database is on one server
    there.cluster = back.cluster = {};
    out_.verified = try_on_scratch(scratch, file_text(render(there, dialect_)), states,
                                   back_ ? file_text(render(back, dialect_)) : std::string(), dialect_);
  }
  std::string file_text(const std::vector<Statement>& statements) const {
    return write_migration(up_, to_script(statements, dialect_));
  }

  void head_and_snapshot(const Catalog& before, const std::string& hash_before) {
    const Plan& plan = out_.comparison.plan;
    out_.version = directory_.newest() + 1;
    out_.name = options_.name.empty() ? name_from_changes(plan, out_.version) : options_.name;
    check_migration_name(out_.name);
    up_.version = out_.version;
    up_.name = out_.name;
    up_.engine = out_.engine;
    up_.parent = parent_state(before);
    up_.state = nearby_ ? nearby_->hash(plan.to) : state_hash(plan.to);
    for (const auto& r : plan.renames)
      up_.renames.push_back(fmt::format("{} -> {}", to_string(r.from), to_string(r.to)));
    for (const auto& l : plan.losses) up_.deletes.push_back(to_string(l.key));
    up_.allowed = up_.deletes;  // check_allowed() has been here
    const bool full = out_.version == 1 || hash_before != up_.parent ||
                      (options_.checkpoint_every > 0 && out_.version % options_.checkpoint_every == 0);
    SnapshotHead head{out_.engine, out_.version, out_.name, up_.parent, up_.state, full};
    out_.snapshot =
        write_snapshot(full && nearby_ ? make_snapshot(std::move(head), {}, nearby_->whole(plan.to))
                                       : make_snapshot(std::move(head), before, plan.to));
  }
  void write_texts() {
    up_.verified = out_.verified;
    out_.up_sql = file_text(out_.comparison.statements);
    if (back_) {
      MigrationHeader down = up_;
      std::swap(down.parent, down.state);
      down.renames.clear();
      down.deletes.clear();
      down.allowed.clear();  // nobody was asked about the way back
      for (const auto& l : back_->losses) down.deletes.push_back(to_string(l.key));
      out_.down_sql = write_migration(down, back_statements_.empty()
                                                ? "-- trueup: nothing is to be taken back\nselect 1;\n"
                                                : to_script(back_statements_, dialect_));
    }
    name_paths(out_, directory_);
  }
  /// What the newest snapshot calls its state, which canonical forms that have changed since would hash to
  /// another; a dry run with `--from` may start elsewhere.
  std::string parent_state(const Catalog& before) const {
    const bool elsewhere = target_.from && options_.writing == Writing::nothing;
    if (elsewhere || directory_.migrations.empty() || directory_.migrations.back().snapshot.empty())
      return state_hash(before);
    const std::string& newest = directory_.migrations.back().snapshot;
    return read_snapshot_head(read_file(newest), newest).state;
  }

  GenerateTarget& target_;
  const GenerateOptions& options_;
  const EngineDialect& dialect_;
  Directory directory_;
  std::optional<Nearby> nearby_;  ///< the whole desired state, where only a slice of it is looked at
  MigrationHeader up_;
  std::optional<Plan> back_;
  std::vector<Statement> back_statements_;
  Generated out_;
};

/// Another run may have taken the number since the folder was read.
void check_number_is_free(const Generated& g) {
  const Directory now = read_directory_at(fs::path(g.up_path).parent_path().string(),
                                          fs::path(g.snapshot_path).parent_path().string());
  if (const MigrationFiles* taken = now.find(g.version))
    throw WorldError(
        fmt::format("{} was written meanwhile by another run", migration_stem(taken->version, taken->name)),
        {{}, taken->up, {}, "nothing was written; run the command again", {}});
}

void write_all(const std::vector<Generated>& all) {
  std::vector<std::pair<std::string, std::string>> files;
  std::set<std::string> folders;
  for (const auto& g : all)
    if (!g.empty) folders.insert(fs::path(g.up_path).parent_path().string());
  const FolderLocks locks(folders);
  for (const auto& g : all) {
    if (g.empty) continue;
    check_number_is_free(g);
    files.emplace_back(g.up_path, g.up_sql);
    if (!g.down_path.empty()) files.emplace_back(g.down_path, g.down_sql);
    files.emplace_back(g.snapshot_path, g.snapshot);
  }
  write_files(files);
}
}  // namespace

std::future<std::optional<SnapshotLines>> begin_reading_newest(const EngineDialect& dialect,
                                                               const Folders& folders) {
  return std::async(beside(), [&dialect, folders] {
    return SnapshotLines::read(snapshot_files(read_directory(folders, dialect.name())));
  });
}

std::vector<Generated> generate(std::vector<GenerateTarget>& targets, const GenerateOptions& options,
                                std::optional<Findings> before) {
  if (!options.name.empty()) check_migration_name(options.name);
  std::vector<std::string> engines;
  for (const auto& target : targets) engines.emplace_back(target.dialect->name());
  Findings findings = before ? std::move(*before) : Findings(std::move(engines));
  std::vector<Generated> out;
  for (auto& target : targets)
    findings.collect(target.dialect->name(), [&] { out.push_back(Maker(target, options).run()); });
  findings.raise();
  if (options.writing == Writing::files) write_all(out);
  return out;
}

Generated new_migration(const EngineDialect& dialect, const Folders& folders, const std::string& name,
                        Writing writing) {
  check_migration_name(name);
  const Directory directory = read_directory(folders, dialect.name());
  const Catalog state = load_state(directory);
  Generated out;
  out.engine = dialect.name();
  out.version = directory.newest() + 1;
  out.name = name;
  out.verified = written_by_hand;
  MigrationHeader header;
  header.version = out.version;
  header.name = name;
  header.engine = out.engine;
  header.parent = header.state = state_hash(state);
  header.verified = out.verified;
  out.up_sql = write_migration(
      header,
      "-- trueup: write SQL below. It must leave the schema as it is: what changes the schema "
      "comes from the schema files.\n\n");
  out.down_sql = write_migration(header,
                                 "-- trueup: write SQL below that takes the up file back (`select 1;` where "
                                 "nothing is to be taken back).\n\n");
  SnapshotHead head{out.engine, out.version, name, header.parent, header.state, out.version == 1};
  out.snapshot = write_snapshot(make_snapshot(std::move(head), state, state));
  name_paths(out, directory);
  if (writing == Writing::files) write_all({out});
  return out;
}

}  // namespace trueup
