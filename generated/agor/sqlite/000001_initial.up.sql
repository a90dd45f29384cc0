-- trueup migration
-- version: 000001
-- name: initial
-- engine: sqlite
-- parent: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- state: fd6614756874d87df35e80169127dba23bf760bac96a2e122c56a795d1887dc5
-- verified: SQLite 3.40.1, scratch database

-- create table boards
create table boards (
  board_id varchar(36) not null primary key,
  name text not null,
  slug text unique,
  updated_at bigint,
  data text not null,
  created_at bigint not null,
  created_by varchar(36) not null default 'anonymous'
);

-- create table repos
create table repos (
  repo_id varchar(36) not null primary key,
  slug text not null unique,
  created_at bigint not null,
  updated_at bigint,
  data text not null
);

-- create table users
create table users (
  user_id varchar(36) not null primary key,
  email text not null unique,
  password text not null,
  name text,
  emoji text,
  role text not null default 'member',
  created_at bigint not null,
  updated_at bigint,
  data text not null,
  check (role in ('owner', 'admin', 'member', 'viewer'))
);

-- create table worktrees
create table worktrees (
  worktree_id varchar(36) not null primary key,
  repo_id varchar(36) not null references repos (repo_id),
  board_id varchar(36) references boards (board_id),
  name text not null,
  ref text not null,
  updated_at bigint,
  data text not null,
  created_at bigint not null,
  created_by varchar(36) not null default 'anonymous'
);

-- create table sessions
create table sessions (
  session_id varchar(36) not null primary key,
  worktree_id varchar(36) not null references worktrees (worktree_id),
  board_id varchar(36) references boards (board_id),
  parent_session_id varchar(36) references sessions (session_id),
  status text not null default 'idle',
  agent text not null,
  updated_at bigint,
  data text not null,
  created_at bigint not null,
  created_by varchar(36) not null default 'anonymous',
  check (status in ('idle', 'running', 'completed', 'failed'))
);

-- create table tasks
create table tasks (
  task_id varchar(36) not null primary key,
  session_id varchar(36) not null references sessions (session_id),
  status text not null default 'created',
  completed_at bigint,
  data text not null,
  created_at bigint not null,
  created_by varchar(36) not null default 'anonymous',
  check (status in ('created', 'running', 'completed', 'failed'))
);

-- create table messages
create table messages (
  message_id varchar(36) not null primary key,
  session_id varchar(36) not null references sessions (session_id),
  task_id varchar(36) references tasks (task_id),
  type text not null,
  role text not null,
  "index" integer not null,
  timestamp bigint not null,
  content_preview text,
  data text not null,
  constraint messages_session_index_key unique (session_id, "index"),
  check (type in ('user', 'assistant', 'system', 'file-history-snapshot'))
);

-- create index boards.boards_name_idx
create index boards_name_idx on boards (name);

-- create index messages.messages_task_idx
create index messages_task_idx on messages (task_id);

-- create index sessions.sessions_created_idx
create index sessions_created_idx on sessions (created_at desc);

-- create index sessions.sessions_parent_idx
create index sessions_parent_idx on sessions (parent_session_id) where parent_session_id is not null;

-- create index sessions.sessions_status_idx
create index sessions_status_idx on sessions (status);

-- create index sessions.sessions_worktree_idx
create index sessions_worktree_idx on sessions (worktree_id);

-- create index tasks.tasks_session_idx
create index tasks_session_idx on tasks (session_id);

-- create index tasks.tasks_status_idx
create index tasks_status_idx on tasks (status);

-- create index worktrees.worktrees_board_idx
create index worktrees_board_idx on worktrees (board_id);

-- create index worktrees.worktrees_repo_idx
create index worktrees_repo_idx on worktrees (repo_id);

-- create row boards."[""00000000-0000-7000-8000-000000000001""]"
insert into boards (board_id, created_at, data, name, slug) values ('00000000-0000-7000-8000-000000000001', 0, '{"objects": {}}', 'Main Board', 'main')
on conflict (board_id) do update set created_at = excluded.created_at, data = excluded.data, name = excluded.name, slug = excluded.slug;
