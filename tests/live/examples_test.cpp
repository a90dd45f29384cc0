// The worked examples on real servers: their committed migrations, with the built binary.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "driver/connection.hpp"
#include "support/server.hpp"
#include "trueup.hpp"

using namespace trueup::test;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {
const std::string source = TRUEUP_SOURCE_DIR;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// One example with its committed files, or a copy of them that may be changed.
struct Example {
  std::string name;
  std::string root = source;
  Run run(const std::string& arguments) const {
    return run_trueup("--config '" + root + "/tests/examples/" + name + "/trueup.yaml' " + arguments, root,
                      "TRUEUP_SCRATCH_POSTGRES=");
  }
  std::string schema() const { return root + "/schema/" + name; }
  /// Runs it and wants that exit status.
  Run expect(int status, const std::string& arguments) const {
    Run out = run(arguments);
    INFO(name << ": trueup " << arguments << "\n" << out.out << out.err);
    CHECK(out.status == status);
    return out;
  }
};

Example copy_of(const std::string& name, const TestFolder& folder) {
  for (const auto* part : {"schema", "generated", "snapshots", "tests/examples"})
    fs::create_directories(folder / part);
  for (const auto& part :
       {"schema/" + name, "generated/" + name, "snapshots/" + name, "tests/examples/" + name})
    fs::copy(source + "/" + part, folder / part, fs::copy_options::recursive);
  return {name, folder.path()};
}

void append(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::app) << text;
}

std::string ask(trueup::Connection& connection, const std::string& sql) {
  std::string out;
  for (const auto& row : connection.query(sql)) {
    if (!out.empty()) out += "\n";
    for (std::size_t i = 0; i < row.size(); ++i) out += (i == 0 ? "" : "|") + row[i].value_or("null");
  }
  return out;
}
std::string ask(const std::string& url, const std::string& sql) {
  return ask(*trueup::connect(trueup::parse_url(url)), sql);
}

void nothing_to_do(const Example& example, const std::string& url) {
  example.expect(0, "status " + url + " --exit-code");
  example.expect(0, "verify " + url);
  const Run diff = example.expect(0, "diff " + url + " " + example.schema() + " --exit-code");
  CHECK(diff.out.empty());
  const Json again = Json::parse(example.expect(0, "apply " + url + " --json").out);
  REQUIRE(again.contains("migrations"));
  CHECK(again["migrations"].empty());
}

/// From nothing to the newest version.
void all_of_it(const Example& example, const std::string& url, std::size_t migrations) {
  const Json applied = Json::parse(example.expect(0, "apply " + url + " --json").out);
  REQUIRE(applied.contains("migrations"));
  CHECK(applied["migrations"].size() == migrations);
  nothing_to_do(example, url);
}

/// Down to nothing and up again.
void and_back(const Example& example, const std::string& url, std::size_t migrations) {
  example.expect(0, "rollback " + url + " --to 0 --allow-destructive");
  const Run empty = example.expect(0, "diff " + url + " empty --namespaces '*' --exit-code");
  CHECK(empty.out.empty());
  all_of_it(example, url, migrations);
}

/// Every migration undone and made again one by one; each state is what its snapshot says.
void step_by_step(const Example& example, const std::string& url, int newest) {
  for (int version = newest - 1; version >= 0; --version) {
    example.expect(0, "rollback " + url + " --allow-destructive --to " + std::to_string(version));
    if (version > 0) example.expect(0, "verify " + url);
  }
  for (int version = 1; version <= newest; ++version) {
    example.expect(0, "apply " + url + " --to " + std::to_string(version));
    example.expect(0, "verify " + url);
  }
}

/// Rows of a person, made before the newest migrations, are there after all of them.
void adopts_an_old_database(const std::string& engine, const std::string& url) {
  const Example agor{"agor"};
  trueup::connect(trueup::parse_url(url))
      ->execute(read_text(source + "/tests/examples/agor/before_migrations." + engine + ".sql"));
  agor.expect(2, "apply " + url);  // the first migration would make what is there
  const Run refused = agor.expect(2, "baseline " + url);
  CHECK(has(refused.err, "missing: table"));
  CHECK(has(refused.err, "mcp_servers"));
  CHECK(has(agor.expect(0, "baseline " + url + " --to 1").out, "recorded 000001_initial"));
  const Json status = Json::parse(agor.expect(1, "status " + url + " --exit-code --json").out);
  CHECK(status["version"] == 1);
  CHECK(status["pending"] == 9);
  CHECK(status["migrations"][0]["stage"] == "baselined");
  all_of_it(agor, url, 9);
  CHECK(
      ask(url, "select session_id, worktree_id, parent_session_id, agentic_tool from sessions order by 1") ==
      "s1|w1|null|claude-code\ns2|w2|s1|codex");
  CHECK(ask(url, "select worktree_id, worktree_unique_id from worktrees order by 1") == "w1|1\nw2|2");
  CHECK(ask(url, "select message_id, task_id from messages order by 1") == "m1|t1\nm2|t1\nm3|null");
  CHECK(ask(url, "select name from boards") == "Main Board");
}
}  // namespace

TEST_CASE("examples/agor: SQLite, from nothing and again") {
  const TestFolder folder;
  const std::string url = "sqlite:" + (folder / "agor.db");
  all_of_it({"agor"}, url, 10);
  CHECK(ask(url, "select name from boards") == "Main Board");
}

TEST_CASE("examples/agor: SQLite, a database from before there were migrations keeps its rows") {
  const TestFolder folder;
  const std::string url = "sqlite:" + (folder / "agor.db");
  adopts_an_old_database("sqlite", url);
  const auto connection = trueup::connect(trueup::parse_url(url));
  connection->execute("pragma foreign_keys = on");
  CHECK(ask(*connection, "pragma foreign_key_check").empty());
  connection->execute("delete from repos");
  CHECK(ask(*connection, "select count(*) from messages") == "0");  // cascade_delete
}

TEST_CASE("examples/agor: a program brings its database up to date when it starts, every time") {
  const TestFolder folder;
  const auto connection = trueup::connect(trueup::parse_url("sqlite:" + (folder / "agor.db")));
  const std::string migrations = source + "/generated/agor";
  CHECK(trueup::migrate(*connection, migrations).migrations.size() == 10);
  const trueup::ApplyResult again = trueup::migrate(*connection, migrations);
  CHECK(again.migrations.empty());
  CHECK(again.version_after == 10);
  CHECK(trueup::migration_status(*connection, migrations).pending == 0);
  CHECK(ask(*connection, "select count(*) from trueup_history") == "10");
}

TEST_CASE("examples/agor: PostgreSQL, from nothing; an old database keeps its rows") {
  const auto server = test_server("TRUEUP_TEST_POSTGRES");
  if (!server) return;
  const TestDatabase fresh(*server), old(*server);
  all_of_it({"agor"}, fresh.url(), 10);
  adopts_an_old_database("postgres", old.url());
}

TEST_CASE("examples/assistant: PostgreSQL, its triggers and functions do what they are for") {
  const auto server = test_server("TRUEUP_TEST_POSTGRES");
  if (!server) return;
  const TestDatabase database(*server);
  all_of_it({"assistant"}, database.url(), 3);
  const auto connection = database.open();
  CHECK(ask(*connection, "select key, value from system_settings order by key") ==
        "app_version|\"1.0.0\"\ndefault_temperature|0.7\nenable_embeddings|true\nmax_context_length|4096");
  connection->execute(
      "insert into conversations (user_id, title) select id, 'first' from users where username = 'admin'");
  connection->execute(
      "insert into messages (conversation_id, role, content, token_count) select id, 'user', 'hello', 7 "
      "from conversations");
  connection->execute(
      "insert into messages (conversation_id, role, content, token_count) select id, 'assistant', 'hi', 5 "
      "from conversations");
  CHECK(ask(*connection, "select total_messages, total_tokens from conversation_stats") == "2|12");
  CHECK(ask(*connection, "select length(generate_content_hash('x'))") == "64");
  nothing_to_do({"assistant"}, database.url());
}

TEST_CASE("examples/assistant: reference rows are written again without doubling") {
  const auto server = test_server("TRUEUP_TEST_POSTGRES");
  if (!server) return;
  const TestDatabase database(*server);
  const Example assistant{"assistant"};
  assistant.expect(0, "apply " + database.url());
  const auto connection = database.open();
  const std::string script = read_text(source + "/generated/assistant/postgres/000001_initial.up.sql");
  const auto rows = script.find("-- create row");
  REQUIRE(rows != std::string::npos);
  connection->execute(script.substr(rows));
  connection->execute(script.substr(rows));
  CHECK(ask(*connection, "select count(*) from users") == "1");
  CHECK(ask(*connection, "select count(*) from system_settings") == "4");
}

TEST_CASE("examples/orchestrator: twelve migrations, seeds from JSON, vector indexes") {
  const auto server = test_server("TRUEUP_TEST_PGVECTOR");
  if (!server) return;
  const TestDatabase database(*server);
  const Example orchestrator{"orchestrator"};
  orchestrator.expect(0, "apply " + database.url() + " --to 4");
  CHECK(ask(database.url(), "select to_regclass('orchestrator.agent_memories')") ==
        "orchestrator.agent_memories");
  // The table is there with what it holds: its end was allowed by name when it was generated.
  CHECK(has(read_text(source + "/generated/orchestrator/postgres/000012_drop_agent_memories.up.sql"),
            "-- allowed: table orchestrator.agent_memories\n"));
  all_of_it(orchestrator, database.url(), 8);
  const auto connection = database.open();
  CHECK(ask(*connection, "select to_regclass('orchestrator.agent_memories')") == "null");
  CHECK(ask(*connection, "select count(*) from orchestrator.tools") == "6");
  CHECK(ask(*connection, "select id, sort_order from orchestrator.models order by sort_order") ==
        "gpt-5-mini|1\nclaude-sonnet-4-5|2\ngemini-2.5-flash|3\nllama-3.3-70b|4");
  CHECK(ask(*connection, "select id, monthly_token_limit from orchestrator.usage_plans order by 2") ==
        "free|500000\npro|10000000");
  CHECK(ask(*connection,
            "select am.amname from pg_class c join pg_am am on am.oid = c.relam where c.relname in "
            "('memory_drawers_embedding_idx', 'memory_entities_embedding_idx') order by 1") ==
        "hnsw\nivfflat");
}

TEST_CASE("examples/orchestrator: no id has a default, every time is a timestamptz") {
  const auto server = test_server("TRUEUP_TEST_PGVECTOR");
  if (!server) return;
  const TestDatabase database(*server);
  Example{"orchestrator"}.expect(0, "apply " + database.url());
  CHECK(ask(database.url(),
            "select count(*) from information_schema.columns where table_schema = 'orchestrator' and "
            "(column_name = 'id' and column_default is not null or data_type = 'timestamp without time "
            "zone')") == "0");
}

TEST_CASE("examples/orchestrator: both engines from one folder, edited, applied, verified, and taken back") {
  const auto vector = test_server("TRUEUP_TEST_PGVECTOR"), columns = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!vector || !columns) return;
  const TestFolder folder;
  const Example orchestrator = copy_of("orchestrator", folder);
  const TestDatabase postgres(*vector), clickhouse(*columns);
  orchestrator.expect(0, "apply " + postgres.url());
  orchestrator.expect(0, "apply " + clickhouse.url());
  for (const auto& url : {postgres.url(), clickhouse.url()}) orchestrator.expect(0, "verify " + url);
  clickhouse.open()->execute(
      "insert into llm_usage (id, user_id, prompt_tokens, cost_usd, status, created_at) select "
      "generateUUIDv4(), "
      "toUUID('00000000-0000-0000-0000-000000000001'), 10, 0.5, 'ok', now64() from numbers(20)");

  // One edit for both engines, and one run that writes a migration and its way back for each.
  const std::string usage = orchestrator.schema() + "/usage.yaml",
                    calls = orchestrator.schema() + "/llm_usage.yaml";
  const auto edit = [](const std::string& file, const std::string& before, const std::string& added) {
    std::string text = read_text(file);
    const auto at = text.find(before);
    REQUIRE(at != std::string::npos);
    text.insert(at, added);
    std::ofstream(file) << text;
  };
  edit(usage, "      sort_order:", "      monthly_image_limit: bigint not null default 0\n");
  edit(calls, "      latency_ms:", "      images: { type: UInt16, default: 1 }\n");
  orchestrator.expect(0, "generate images --down");
  const std::string made = orchestrator.root + "/generated/orchestrator/";
  CHECK(has(read_text(made + "postgres/000013_images.up.sql"), "monthly_image_limit"));
  CHECK(has(read_text(made + "clickhouse/000003_images.up.sql"), "images UInt16 DEFAULT 1"));
  orchestrator.expect(0, "apply " + postgres.url());
  orchestrator.expect(0, "apply " + clickhouse.url());
  for (const auto& url : {postgres.url(), clickhouse.url()})
    nothing_to_do({"orchestrator", folder.path()}, url);
  CHECK(ask(clickhouse.url(), "select sum(images) from llm_usage") == "20");

  // The way back loses a column: refused by name until that is allowed. Everything else stays.
  for (const auto& [url, to, lost] :
       {std::array<std::string, 3>{postgres.url(), "12", "usage_plans.monthly_image_limit"},
        std::array<std::string, 3>{clickhouse.url(), "2", "llm_usage.images"}}) {
    const Run refused = orchestrator.expect(2, "rollback " + url + " --to " + to);
    CHECK(has(refused.err, lost));
    CHECK(has(refused.err, "--allow-drop"));
    orchestrator.expect(0, "rollback " + url + " --to " + to + " --allow-drop " + lost);
    orchestrator.expect(0, "verify " + url);
  }
  CHECK(ask(clickhouse.url(), "select count() from llm_usage") == "20");
  CHECK(ask(clickhouse.url(), "select sum(calls) from llm_usage_daily") == "20");

  // What ClickHouse cannot do is refused with its reason, and nothing is written for either engine.
  edit(usage, "      sort_order:", "      further: text\n");
  edit(calls, "    partition_by: toYYYYMM(created_at)\n", "    sample_by: user_id\n");
  std::string text = read_text(calls);
  const std::string sorted = "order_by: (user_id, agent_id, created_at)";
  REQUIRE(has(text, sorted));
  std::ofstream(calls) << text.replace(text.find(sorted), sorted.size(), "order_by: (created_at, user_id)");
  const Run refused = orchestrator.expect(2, "generate other_order");
  CHECK(has(refused.err, "table llm_usage: a sorting key cannot change in place"));
  CHECK(has(refused.err, "rebuild: true"));
  CHECK(!fs::exists(made + "postgres/000014_other_order.up.sql"));
}

TEST_CASE("examples/console: down to nothing and up again, step by step") {
  const auto server = test_server("TRUEUP_TEST_PGVECTOR");
  if (!server) return;
  const TestDatabase database(*server);
  const Example console{"console"};
  all_of_it(console, database.url(), 4);
  CHECK(ask(database.url(), "select key from agent_providers order by key") ==
        "claude_api\nclaude_code\nlocal_shell\nopenai");
  CHECK(ask(database.url(), "select count(*) from agent_settings") == "5");
  and_back(console, database.url(), 4);
  step_by_step(console, database.url(), 4);
}

TEST_CASE("examples/console: the same schema on SQLite") {
  const TestFolder folder;
  const std::string url = "sqlite:" + (folder / "console.db");
  const Example console{"console"};
  all_of_it(console, url, 4);
  CHECK(ask(url, "select key from agent_providers order by key") ==
        "claude_api\nclaude_code\nlocal_shell\nopenai");
  CHECK(ask(url, "select count(*) from agent_settings") == "5");
  console.expect(2, "rollback " + url + " --to 3");  // the way back deletes tables, and nobody allowed that
  and_back(console, url, 4);
  step_by_step(console, url, 4);
  const Example changed = copy_of("console", folder);
  append(changed.root + "/generated/console/sqlite/000002_rag_chunks.up.sql", "-- edited\n");
  CHECK(has(changed.expect(2, "apply " + url).err, "was changed after it was applied"));
  CHECK(has(changed.expect(2, "rollback " + url + " --to 1 --allow-destructive").err,
            "is not the file that was applied"));
}

TEST_CASE("examples/console: the same schema on MySQL and MariaDB") {
  for (const auto* variable : {"TRUEUP_TEST_MYSQL", "TRUEUP_TEST_MARIADB", "TRUEUP_TEST_MARIADB_118"}) {
    const auto server = test_server(variable);
    if (!server) continue;
    INFO(variable);
    const TestDatabase database(*server);
    const Example console{"console"};
    all_of_it(console, database.url(), 4);
    CHECK(ask(database.url(), "select `key` from agent_providers order by `key`") ==
          "claude_api\nclaude_code\nlocal_shell\nopenai");
    CHECK(ask(database.url(), "select count(*) from agent_settings") == "5");
    // The other database has the order of columns that the file has, and the types that only MySQL knows.
    CHECK(ask(database.url(),
              "select group_concat(concat(column_name, ' ', column_type) order by ordinal_position) from "
              "information_schema.columns where table_schema = database() and table_name = 'rag_chunks' and "
              "column_name in ('id', 'token_count', 'chunk_text')")
              .starts_with("id bigint"));
    and_back(console, database.url(), 4);
    step_by_step(console, database.url(), 4);
    const TestFolder folder;
    const Example changed = copy_of("console", folder);
    append(changed.root + "/generated/console/mysql/000002_rag_chunks.up.sql", "-- edited\n");
    CHECK(has(changed.expect(2, "apply " + database.url()).err, "was changed after it was applied"));
  }
}

TEST_CASE("examples/console: too many dimensions for an index are refused before any server is asked") {
  const TestFolder folder;
  folder.write("schema/refused.yaml", read_text(source + "/tests/examples/console/refused.yaml"));
  const Run refused = run_trueup("generate too_many", folder.path());
  CHECK(refused.status == 2);
  CHECK(has(refused.err, "refused.yaml:14:7"));
  CHECK(has(refused.err, "rag_chunks_embedding_idx: ivfflat indexes vector of at most 2000 dimensions"));
  CHECK(has(refused.err, "use halfvec for up to 4,000 dimensions, or fewer dimensions"));
  CHECK_FALSE(fs::exists(folder / "generated"));
}

TEST_CASE("examples/mycelium: down to nothing and up again, step by step; statistics refresh") {
  const auto server = test_server("TRUEUP_TEST_PGVECTOR");
  if (!server) return;
  const TestDatabase database(*server);
  const Example mycelium{"mycelium"};
  all_of_it(mycelium, database.url(), 4);
  and_back(mycelium, database.url(), 4);
  step_by_step(mycelium, database.url(), 4);
  const auto connection = database.open();
  connection->execute(
      "insert into agents (agent_id, agent_type, name, display_name, category, description, file_path) "
      "values "
      "('a', 't', 'n', 'N', 'c', 'd', 'f')");
  connection->execute("insert into agent_usage (agent_id, status) select id, 'completed' from agents");
  connection->execute("refresh materialized view concurrently agent_statistics");
  CHECK(ask(*connection, "select name, total_uses, successes from agent_statistics") == "n|1|1");
}

TEST_CASE("examples: a migration that was edited after it was applied is refused") {
  const TestFolder folder;
  const Example agor = copy_of("agor", folder);
  const std::string url = "sqlite:" + (folder / "agor.db");
  agor.expect(0, "apply " + url + " --to 3");
  append(folder / "generated/agor/sqlite/000002_add_mcp_tables.up.sql", "\n-- better\n");
  const Run refused = agor.expect(2, "apply " + url);
  CHECK(has(refused.err, "000002_add_mcp_tables"));
  CHECK(has(agor.expect(1, "status " + url + " --exit-code").out, "edited"));
}

// docs/from-alembic.md gives these commands.
TEST_CASE("examples/mycelium: every alembic command it uses has its trueup command") {
  const auto server = test_server("TRUEUP_TEST_PGVECTOR");
  if (!server) return;
  const TestDatabase database(*server);
  const TestFolder folder;
  const Example mycelium = copy_of("mycelium", folder);
  const std::string& url = database.url();
  const Run sql = mycelium.expect(0, "apply " + url + " --dry-run");  // upgrade head --sql
  CHECK(has(sql.out, "CREATE TABLE public.agents"));
  CHECK(ask(url, "select to_regclass('public.agents')") == "null");
  mycelium.expect(0, "apply " + url);                                        // upgrade head
  CHECK(has(mycelium.expect(0, "status " + url).out, "at version 000004"));  // current, history
  mycelium.expect(0,
                  "rollback " + url + " --to 3 --allow-destructive");  // downgrade -1, downgrade <revision>
  CHECK(has(mycelium.expect(0, "status " + url).out, "at version 000003, 1 pending"));
  mycelium.expect(0, "apply " + url + " --to 4");                         // upgrade +1, upgrade <revision>
  mycelium.expect(0, "rollback " + url + " --to 0 --allow-destructive");  // downgrade base
  mycelium.expect(0, "apply " + url);
  append(folder / "schema/mycelium/history.yaml",
         "    indexes:\n      history_created_idx: [created_at desc]\n");
  CHECK(has(mycelium.expect(0, "generate index_history").out,
            "000005_index_history.up.sql"));                                                 // --autogenerate
  CHECK(has(mycelium.expect(0, "new fill_something").out, "000006_fill_something.up.sql"));  // revision -m
  database.open()->execute("create index history_created_idx on workflow_state_history (created_at desc)");
  CHECK(has(mycelium.expect(0, "baseline " + url).out, "recorded 000005_index_history"));  // stamp head
  mycelium.expect(0, "status " + url + " --exit-code");
  mycelium.expect(0, "verify " + url);
}
