-- trueup migration
-- version: 000001
-- name: initial
-- engine: sqlite
-- parent: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- state: 1a43161dfe9837731c770fff3054dfbe825ad23cc3887e3c8c03a87064d5f467
-- verified: SQLite 3.40.1, scratch database

-- create table users
create table users (
  id integer primary key autoincrement,
  name varchar(255) not null,
  email varchar(255) not null unique,
  email_verified_at timestamptz,
  password varchar(255) not null,
  remember_token varchar(100),
  created_at timestamptz,
  updated_at timestamptz
);

-- create table projects
create table projects (
  id integer primary key autoincrement,
  name varchar(255) not null,
  slug varchar(255) not null unique,
  description text,
  repository_url varchar(255),
  local_workspace_path varchar(255),
  default_branch varchar(255) not null default 'main',
  current_branch varchar(255),
  framework_detected varchar(255),
  language_detected varchar(255),
  status varchar(255) not null default 'creating',
  created_by bigint not null references users (id) on delete cascade,
  created_at timestamptz,
  updated_at timestamptz,
  deleted_at timestamptz
);

-- create table agent_runs
create table agent_runs (
  id integer primary key autoincrement,
  project_id bigint not null references projects (id) on delete cascade,
  user_id bigint not null references users (id) on delete cascade,
  title varchar(255) not null,
  prompt longtext not null,
  status varchar(255) not null default 'draft',
  current_step varchar(255),
  selected_agent varchar(255) not null,
  selected_model varchar(255) not null,
  branch_name varchar(255),
  started_at timestamptz,
  completed_at timestamptz,
  failed_reason text,
  metadata_json json,
  created_at timestamptz,
  updated_at timestamptz
);

-- create table project_connections
create table project_connections (
  id integer primary key autoincrement,
  project_id bigint not null references projects (id) on delete cascade,
  kind varchar(255) not null,
  config json not null,
  created_at timestamptz,
  updated_at timestamptz,
  constraint project_connections_project_kind_key unique (project_id, kind)
);

-- create table agent_events
create table agent_events (
  id integer primary key autoincrement,
  run_id bigint not null references agent_runs (id) on delete cascade,
  project_id bigint not null references projects (id) on delete cascade,
  event_type varchar(64) not null,
  title varchar(255) not null,
  message text,
  payload_json json,
  severity varchar(16) not null default 'info',
  created_at timestamptz not null default current_timestamp
);

-- create table workspace_snapshots
create table workspace_snapshots (
  id integer primary key autoincrement,
  project_id bigint not null references projects (id) on delete cascade,
  run_id bigint references agent_runs (id) on delete set null,
  snapshot_type varchar(32) not null,
  git_commit_hash varchar(64),
  archive_path varchar(255),
  description text,
  created_at timestamptz not null default current_timestamp
);

-- create table workspace_files
create table workspace_files (
  id integer primary key autoincrement,
  project_id bigint not null references projects (id) on delete cascade,
  run_id bigint not null references agent_runs (id) on delete cascade,
  path text not null,
  "action" varchar(16) not null,
  before_hash varchar(64),
  after_hash varchar(64),
  diff longtext,
  snapshot_id bigint references workspace_snapshots (id) on delete set null,
  created_at timestamptz not null default current_timestamp
);

-- create index agent_events.agent_events_project_created_idx
create index agent_events_project_created_idx on agent_events (project_id, created_at);

-- create index agent_events.agent_events_run_idx
create index agent_events_run_idx on agent_events (run_id, id);

-- create index agent_events.agent_events_type_idx
create index agent_events_type_idx on agent_events (event_type);

-- create index agent_runs.agent_runs_project_status_idx
create index agent_runs_project_status_idx on agent_runs (project_id, status);

-- create index agent_runs.agent_runs_status_idx
create index agent_runs_status_idx on agent_runs (status);

-- create index agent_runs.agent_runs_user_created_idx
create index agent_runs_user_created_idx on agent_runs (user_id, created_at);

-- create index projects.projects_status_idx
create index projects_status_idx on projects (status);

-- create index workspace_files.workspace_files_project_idx
create index workspace_files_project_idx on workspace_files (project_id);

-- create index workspace_files.workspace_files_run_idx
create index workspace_files_run_idx on workspace_files (run_id);

-- create index workspace_snapshots.workspace_snapshots_project_type_idx
create index workspace_snapshots_project_type_idx on workspace_snapshots (project_id, snapshot_type);

-- create index workspace_snapshots.workspace_snapshots_run_idx
create index workspace_snapshots_run_idx on workspace_snapshots (run_id);
