-- trueup migration
-- version: 000004
-- name: operations_and_reviews
-- engine: sqlite
-- parent: 8366f0327bd189cd843161ed0ad93bbe1af0bb6fcb28427340914e17eba4c998
-- state: 156df0665723355b62230f1ee9a6bd5ddd2cb1c6d93b7f08d3da151d17d9b813
-- verified: SQLite 3.40.1, scratch database

-- create table command_executions
create table command_executions (
  id integer primary key autoincrement,
  project_id bigint not null references projects (id) on delete cascade,
  run_id bigint not null references agent_runs (id) on delete cascade,
  command text not null,
  args_json json,
  working_dir varchar(255),
  timeout_seconds integer not null default 120,
  started_at timestamptz,
  finished_at timestamptz,
  exit_code integer,
  stdout_path varchar(255),
  stderr_path varchar(255),
  was_killed boolean not null default false,
  was_blocked boolean not null default false,
  block_reason varchar(255)
);

-- create table documentation_updates
create table documentation_updates (
  id integer primary key autoincrement,
  project_id bigint not null references projects (id) on delete cascade,
  run_id bigint references agent_runs (id) on delete set null,
  doc_path varchar(255) not null,
  change_summary text not null,
  diff longtext,
  created_at timestamptz not null default current_timestamp
);

-- create table git_operations
create table git_operations (
  id integer primary key autoincrement,
  project_id bigint not null references projects (id) on delete cascade,
  run_id bigint references agent_runs (id) on delete set null,
  operation varchar(32) not null,
  args_json json,
  result_json json,
  stdout longtext,
  stderr longtext,
  exit_code integer,
  created_at timestamptz not null default current_timestamp
);

-- create table run_reviews
create table run_reviews (
  id integer primary key autoincrement,
  run_id bigint not null references agent_runs (id) on delete cascade,
  reviewer_user_id bigint not null references users (id) on delete cascade,
  decision varchar(16) not null,
  notes text,
  created_at timestamptz not null default current_timestamp
);

-- create index command_executions.command_executions_run_started_idx
create index command_executions_run_started_idx on command_executions (run_id, started_at);

-- create index documentation_updates.documentation_updates_project_path_idx
create index documentation_updates_project_path_idx on documentation_updates (project_id, doc_path);

-- create index git_operations.git_operations_project_operation_idx
create index git_operations_project_operation_idx on git_operations (project_id, operation);
