-- trueup migration
-- version: 000009
-- name: cascade_delete
-- engine: sqlite
-- parent: 0ff0734365c64dd5b538d0e3d2a2e884cba1aa87b867bd78fa3a5a3612117f30
-- state: 4d62b65a773516b3b0870d815cc08a36703e98e58296a86e73bea088162984c1
-- verified: SQLite 3.40.1, scratch database

-- rebuild table tasks
pragma foreign_keys = off;

-- rebuild table tasks
create table trueup_new_tasks (
  task_id varchar(36) not null primary key,
  session_id varchar(36) not null references sessions (session_id) on delete cascade,
  status text not null default 'created',
  completed_at bigint,
  data text not null,
  created_at bigint not null,
  created_by varchar(36) not null default 'anonymous',
  check (status in ('created', 'running', 'completed', 'failed'))
);

-- rebuild table tasks [rewrites-table: copies every row]
insert into trueup_new_tasks (rowid, task_id, session_id, status, completed_at, data, created_at, created_by)
select rowid, task_id, session_id, status, completed_at, data, created_at, created_by
from tasks;

-- rebuild table tasks
drop table tasks;

-- rebuild table tasks
pragma legacy_alter_table = on;

-- rebuild table tasks
alter table trueup_new_tasks rename to tasks;

-- rebuild table tasks
pragma legacy_alter_table = off;

-- rebuild table tasks
create index tasks_session_idx on tasks (session_id);

-- rebuild table tasks
create index tasks_status_idx on tasks (status);

-- rebuild table tasks
pragma foreign_key_check;

-- rebuild table tasks
pragma foreign_keys = on;

-- rebuild table worktrees
pragma foreign_keys = off;

-- rebuild table worktrees
create table trueup_new_worktrees (
  worktree_id varchar(36) not null primary key,
  repo_id varchar(36) not null references repos (repo_id) on delete cascade,
  board_id varchar(36) references boards (board_id) on delete set null,
  name text not null,
  ref text not null,
  worktree_unique_id integer not null unique,
  updated_at bigint,
  data text not null,
  created_at bigint not null,
  created_by varchar(36) not null default 'anonymous'
);

-- rebuild table worktrees [rewrites-table: copies every row]
insert into trueup_new_worktrees (rowid, worktree_id, repo_id, board_id, name, ref, worktree_unique_id, updated_at, data, created_at, created_by)
select rowid, worktree_id, repo_id, board_id, name, ref, worktree_unique_id, updated_at, data, created_at, created_by
from worktrees;

-- rebuild table worktrees
drop table worktrees;

-- rebuild table worktrees
pragma legacy_alter_table = on;

-- rebuild table worktrees
alter table trueup_new_worktrees rename to worktrees;

-- rebuild table worktrees
pragma legacy_alter_table = off;

-- rebuild table worktrees
create index worktrees_board_idx on worktrees (board_id);

-- rebuild table worktrees
create index worktrees_repo_idx on worktrees (repo_id);

-- rebuild table worktrees
pragma foreign_key_check;

-- rebuild table worktrees
pragma foreign_keys = on;

-- rebuild table sessions
pragma foreign_keys = off;

-- rebuild table sessions
create table trueup_new_sessions (
  session_id varchar(36) not null primary key,
  worktree_id varchar(36) not null references worktrees (worktree_id) on delete cascade,
  board_id varchar(36) references boards (board_id) on delete set null,
  parent_session_id varchar(36) references sessions (session_id) on delete set null,
  status text not null default 'idle',
  agentic_tool text not null,
  updated_at bigint,
  data text not null,
  created_at bigint not null,
  created_by varchar(36) not null default 'anonymous',
  check (status in ('idle', 'running', 'completed', 'failed'))
);

-- rebuild table sessions [rewrites-table: copies every row]
insert into trueup_new_sessions (rowid, session_id, worktree_id, board_id, parent_session_id, status, agentic_tool, updated_at, data, created_at, created_by)
select rowid, session_id, worktree_id, board_id, parent_session_id, status, agentic_tool, updated_at, data, created_at, created_by
from sessions;

-- rebuild table sessions
drop table sessions;

-- rebuild table sessions
pragma legacy_alter_table = on;

-- rebuild table sessions
alter table trueup_new_sessions rename to sessions;

-- rebuild table sessions
pragma legacy_alter_table = off;

-- rebuild table sessions
create index sessions_created_idx on sessions (created_at desc);

-- rebuild table sessions
create index sessions_parent_idx on sessions (parent_session_id) where parent_session_id is not null;

-- rebuild table sessions
create index sessions_status_idx on sessions (status);

-- rebuild table sessions
create index sessions_worktree_idx on sessions (worktree_id);

-- rebuild table sessions
pragma foreign_key_check;

-- rebuild table sessions
pragma foreign_keys = on;

-- rebuild table messages
pragma foreign_keys = off;

-- rebuild table messages
create table trueup_new_messages (
  message_id varchar(36) not null primary key,
  session_id varchar(36) not null references sessions (session_id) on delete cascade,
  task_id varchar(36) references tasks (task_id) on delete set null,
  type text not null,
  role text not null,
  "index" integer not null,
  timestamp bigint not null,
  content_preview text,
  data text not null,
  constraint messages_session_index_key unique (session_id, "index"),
  check (type in ('user', 'assistant', 'system', 'file-history-snapshot', 'permission_request'))
);

-- rebuild table messages [rewrites-table: copies every row]
insert into trueup_new_messages (rowid, message_id, session_id, task_id, type, role, "index", timestamp, content_preview, data)
select rowid, message_id, session_id, task_id, type, role, "index", timestamp, content_preview, data
from messages;

-- rebuild table messages
drop table messages;

-- rebuild table messages
pragma legacy_alter_table = on;

-- rebuild table messages
alter table trueup_new_messages rename to messages;

-- rebuild table messages
pragma legacy_alter_table = off;

-- rebuild table messages
create index messages_task_idx on messages (task_id);

-- rebuild table messages
pragma foreign_key_check;

-- rebuild table messages
pragma foreign_keys = on;
