#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "base/text.hpp"
#include "migration/lineage.hpp"
#include "support/server.hpp"
#include "trueup.hpp"

using namespace trueup;
using namespace trueup::test;
using std::chrono::milliseconds;

namespace {
const EngineDialect& sqlite() {
  return *dialect("sqlite");
}

/// A schema, its migrations and a database, in one folder.
struct Project {
  TestFolder folder;
  Folders folders{folder / "generated", folder / "snapshots"};
  std::unique_ptr<Connection> connection = open();

  std::unique_ptr<Connection> open(const std::string& name = "app.db") const {
    return connect(parse_url("sqlite:" + (folder / name)));
  }
  Directory directory() const { return read_directory(folders, "sqlite"); }
  std::string generated(const std::string& name) const { return folder / ("generated/sqlite/" + name); }

  std::vector<Generated> make(const std::string& yaml, GenerateOptions options = {}) const {
    GenerateTarget target;
    target.dialect = &sqlite();
    target.desired =
        State{load_yaml_text(yaml, "schema.yaml", sqlite()), Origin::authored, "schema.yaml", nullptr};
    target.open_scratch = [] { return connect(parse_url("sqlite::memory:")); };
    options.folders = folders;
    std::vector<GenerateTarget> targets;
    targets.push_back(std::move(target));
    return generate(targets, options);
  }
  ApplyResult run(const ApplyOptions& options = {}) const {
    return apply(*connection, directory(), sqlite(), options);
  }
  std::string error(const ApplyOptions& options = {}) const {
    try {
      run(options);
      return "";
    } catch (const std::runtime_error& e) {
      return e.what();
    }
  }
  std::string one(const std::string& sql) const {
    const auto rows = connection->query(sql);
    return rows.empty() ? "none" : rows[0][0].value_or("null");
  }
  bool matches() const { return verify(*connection, directory(), sqlite(), {}).matches(); }
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const std::string first = R"(
tables:
  projects:
    columns:
      id: integer primary key
      name: text not null
  tasks:
    columns:
      id: integer primary key
      project_id: integer not null references projects(id) on delete cascade
      title: text not null default 'x'
    indexes:
      tasks_title_idx: [title]
)";
const std::string second = R"(
tables:
  projects:
    columns:
      id: integer primary key
      name: text not null
  tasks:
    columns:
      id: integer primary key
      project_id: integer not null references projects(id) on delete cascade
      title: text not null default 'y'
      done: integer not null default 0
    indexes:
      tasks_title_idx: [title]
views:
  open_tasks: { query: select id from tasks where done = 0 }
)";
}  // namespace

TEST_CASE("sqlite: generate, apply, edit, generate, apply, verify, roll back") {
  Project p;
  auto made = p.make(first);
  REQUIRE(made.size() == 1);
  CHECK(made[0].name == "initial");
  CHECK(contains(made[0].verified, "SQLite 3."));
  CHECK(made[0].changes == std::vector<std::string>{"create table projects", "create table tasks"});
  CHECK(p.run().migrations.size() == 1);
  CHECK(p.matches());
  CHECK(p.make(first)[0].empty);
  p.connection->execute("insert into projects values (1, 'a'); insert into tasks values (1, 1, 't')");

  made = p.make(second);
  CHECK(made[0].version == 2);
  CHECK(contains(made[0].verified, "SQLite 3."));
  CHECK(made[0].down_path != "");
  CHECK(p.run().migrations.size() == 1);
  CHECK(p.matches());
  CHECK(p.one("select count(*) from tasks") == "1");  // the rebuild keeps child rows
  CHECK(p.make(second)[0].empty);
  CHECK(check_lineage(p.directory(), sqlite()).empty());
  CHECK(p.run().migrations.empty());

  RollbackOptions back;
  back.allowed.destructive = true;
  back.to = 1;
  CHECK(rollback(*p.connection, p.directory(), sqlite(), back).migrations.size() == 1);
  CHECK(p.matches());
  CHECK(p.one("select count(*) from tasks") == "1");
  back.to = 0;
  rollback(*p.connection, p.directory(), sqlite(), back);
  CHECK(p.one("select group_concat(name) from sqlite_master where name not like 'sqlite_%'") ==
        "trueup_history");
  CHECK(p.run().migrations.size() == 2);
  CHECK(p.matches());
}

TEST_CASE("sqlite: drift is found and named") {
  Project p;
  p.make(first);
  p.run();
  p.connection->execute("alter table tasks add column extra text; drop index tasks_title_idx");
  const auto v = verify(*p.connection, p.directory(), sqlite(), {});
  CHECK(v.version == 1);
  CHECK(v.differences ==
        std::vector<std::string>{"unexpected: column tasks.extra", "missing: index tasks.tasks_title_idx"});
}

TEST_CASE("sqlite: generate refuses losses and what looks like a rename, and writes nothing") {
  Project p;
  p.make(first);
  const std::string without =
      "tables: { projects: { columns: { id: integer primary key, name: text not null } } }\n";
  CHECK_THROWS_WITH_AS(p.make(without), doctest::Contains("--allow-drop tasks"), RefusedError);
  const std::string renamed = replace_all(first, "title", "label");
  CHECK_THROWS_WITH_AS(p.make(renamed), doctest::Contains("renamed_from: title"), RefusedError);
  CHECK(p.directory().newest() == 1);
  GenerateOptions options;
  options.allowed.objects = {"tasks"};
  options.name = "drop_tasks";
  CHECK(contains(p.make(without, options)[0].up_sql, "-- deletes: table tasks\n-- allowed: table tasks\n"));
  ApplyOptions to_first;
  to_first.to = 1;
  p.run(to_first);
  CHECK(p.error() == "");  // generate recorded what its author allowed
  CHECK(p.matches());
  RollbackOptions back;  // nobody was asked about the way back
  CHECK_THROWS_WITH_AS(rollback(*p.connection, p.directory(), sqlite(), back),
                       doctest::Contains("--allow-drop projects"), RefusedError);
  back.allowed.objects = {"projects", "tasks"};
  CHECK(rollback(*p.connection, p.directory(), sqlite(), back).migrations.size() == 2);
}

TEST_CASE("sqlite: a dry run of generate and of apply changes nothing") {
  Project p;
  GenerateOptions options;
  options.writing = Writing::nothing;
  CHECK(contains(lower(p.make(first, options)[0].up_sql), "create table"));
  CHECK(p.directory().migrations.empty());
  p.make(first);
  ApplyOptions dry;
  dry.dry_run = true;
  CHECK(contains(lower(p.run(dry).migrations.at(0).sql), "create table"));
  CHECK(p.one("select count(*) from sqlite_master") == "0");
}

TEST_CASE("sqlite: a failed migration is rolled back as a whole and foreign keys are on again") {
  Project p;
  p.make(first);
  p.run();
  p.make(second);
  std::string sql = read_text(p.generated("000002_alter_tasks_add_open_tasks.up.sql"));
  p.folder.write("generated/sqlite/000002_alter_tasks_add_open_tasks.up.sql",
                 sql + "\nINSERT INTO nope VALUES (1);\n");
  const std::string before = p.one("pragma foreign_keys");
  CHECK(contains(p.error(), "no such table"));
  CHECK(p.one("select count(*) from pragma_table_info('tasks')") == "3");
  CHECK(p.one("pragma foreign_keys") == before);
  p.folder.write("generated/sqlite/000002_alter_tasks_add_open_tasks.up.sql", sql);
  CHECK(p.error() == "");
  CHECK(p.matches());
}

TEST_CASE("sqlite: a migration that switches foreign keys off must not break any") {
  Project p;
  p.make(first);
  p.run();
  p.connection->execute("insert into projects values (1, 'a'); insert into tasks values (1, 1, 't')");
  new_migration(sqlite(), p.folders, "clean_up");
  p.folder.write("generated/sqlite/000002_clean_up.up.sql",
                 "PRAGMA foreign_keys = OFF;\nDELETE FROM projects;\nPRAGMA foreign_keys = ON;\n");
  CHECK(contains(p.error(), "projects"));  // a file written by hand that deletes is asked about
  ApplyOptions meant;
  meant.allowed.destructive = true;
  CHECK(contains(p.error(meant), "1 foreign key(s) would be broken: tasks"));
  CHECK(p.one("select count(*) from projects") == "1");
}

TEST_CASE("sqlite: an empty migration by hand keeps the state") {
  Project p;
  p.make(first);
  const Generated g = new_migration(sqlite(), p.folders, "fill");
  CHECK(g.version == 2);
  p.folder.write("generated/sqlite/000002_fill.up.sql",
                 read_text(g.up_path) + "INSERT INTO projects VALUES (1, 'seed');\n");
  p.run();
  CHECK(p.one("select name from projects") == "seed");
  CHECK(p.matches());
  CHECK(p.make(first)[0].empty);
  CHECK(p.make(second)[0].version == 3);
  CHECK(check_lineage(p.directory(), sqlite()).empty());
  CHECK_THROWS_AS(new_migration(sqlite(), p.folders, "../evil"), InputError);
}

TEST_CASE("sqlite: a database that was there before is adopted, if it is what the snapshot says") {
  Project p;
  p.make(first);
  p.make(second);
  p.connection->execute(
      "create table projects (id integer primary key, name text not null);"
      "create table tasks (id integer primary key, project_id integer not null references projects(id) on "
      "delete cascade,"
      " title text not null default 'x')");
  BaselineOptions options;
  options.to = 1;
  CHECK_THROWS_WITH_AS(baseline(*p.connection, p.directory(), sqlite(), options),
                       doctest::Contains("missing: index tasks.tasks_title_idx"), RefusedError);
  CHECK(status(*p.connection, p.directory(), sqlite(), {}).pending == 2);
  p.connection->execute("create index tasks_title_idx on tasks (title)");
  CHECK(baseline(*p.connection, p.directory(), sqlite(), options) == std::vector<std::int64_t>{1});
  CHECK(baseline(*p.connection, p.directory(), sqlite(), options).empty());
  CHECK(p.run().migrations.size() == 1);
  CHECK(p.matches());
  RollbackOptions back;
  CHECK_THROWS_WITH_AS(rollback(*p.connection, p.directory(), sqlite(), back), doctest::Contains("baseline"),
                       InputError);
}

TEST_CASE("sqlite: programs that start at once apply everything exactly once") {
  Project p;
  p.make(first);
  p.make(second);
  p.connection.reset();
  std::vector<pid_t> children;
  for (int i = 0; i < 12; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      int code = 1;
      try {
        const auto own = p.open();
        code = migrate(*own, p.folder / "generated").migrations.size() % 2 == 0 ? 0 : 2;
      } catch (...) {
      }
      ::_exit(code);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int code = 0;
    ::waitpid(child, &code, 0);
    CHECK(code == 0);
  }
  p.connection = p.open();
  CHECK(p.one("select count(*) from trueup_history where status = 'applied'") == "2");
  CHECK(p.matches());
  CHECK(!std::filesystem::exists(p.folder / "app.db-trueup-lock"));
}

TEST_CASE("sqlite: the lock dies with its process, and a waiter says who holds it") {
  Project p;
  p.make(first);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto own = p.open();
    const auto lock = sqlite().apply_support()->try_lock(*own, {});
    ::pause();
    ::_exit(lock ? 0 : 1);
  }
  while (!std::filesystem::exists(p.folder / "app.db-trueup-lock"))
    std::this_thread::sleep_for(milliseconds{5});
  std::this_thread::sleep_for(milliseconds{50});
  ApplyOptions options;
  options.lock_wait = milliseconds{150};
  CHECK(contains(p.error(options), fmt::format("pid {} on ", child)));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(p.error(options) == "");
}

TEST_CASE("sqlite: renames go there and back without loss") {
  Project p;
  p.make(first);
  p.run();
  p.connection->execute("insert into projects values (1, 'a'); insert into tasks values (1, 1, 't')");
  p.make(replace_all(
      replace_all(first, "      title: text not null default 'x'",
                  "      label: { type: text, not_null: true, default: \"'x'\", renamed_from: title }"),
      "[title]", "[label]"));
  CHECK(p.error() == "");
  CHECK(p.one("select label from tasks") == "t");
  CHECK(p.matches());
  RollbackOptions back;
  back.allowed.destructive = true;
  back.to = 1;
  rollback(*p.connection, p.directory(), sqlite(), back);
  CHECK(p.one("select title from tasks") == "t");
  CHECK(p.matches());
}

TEST_CASE("sqlite: snapshots become full at checkpoints and the chain still adds up") {
  Project p;
  GenerateOptions options;
  options.checkpoint_every = 3;
  std::string yaml = first;
  for (int i = 1; i <= 7; ++i) {
    p.make(yaml, options);
    yaml += fmt::format("  extra{}: {{ columns: {{ id: integer primary key }} }}\n", i);
  }
  const Directory d = p.directory();
  REQUIRE(d.newest() == 7);
  for (const auto& m : d.migrations)
    CHECK(read_snapshot_head(read_file(m.snapshot), m.snapshot).full ==
          (m.version == 1 || m.version % 3 == 0));
  p.run();
  CHECK(p.matches());
  ::unlink(d.migrations[0].snapshot.c_str());
  CHECK_NOTHROW(load_state(d, 7));
}
