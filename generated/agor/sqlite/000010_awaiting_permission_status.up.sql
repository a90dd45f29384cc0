-- trueup migration
-- version: 000010
-- name: awaiting_permission_status
-- engine: sqlite
-- parent: 4d62b65a773516b3b0870d815cc08a36703e98e58296a86e73bea088162984c1
-- state: 05e92a15de1cbdbf0f230b6d248b651b38dedee493a877fc4c2223e16cf21a5e
-- verified: SQLite 3.40.1, scratch database

-- rebuild table tasks
pragma foreign_keys = off;

-- rebuild table tasks
savepoint trueup_rebuild;

-- rebuild table tasks
create temp table trueup_guard (as_known_and_all_copied not null);

-- rebuild table tasks
pragma legacy_alter_table = on;

-- rebuild table tasks
alter table tasks rename to trueup_old_tasks;

-- rebuild table tasks
pragma legacy_alter_table = off;

-- rebuild table tasks
create table tasks (
  task_id varchar(36) not null primary key,
  session_id varchar(36) not null references sessions (session_id) on delete cascade,
  status text not null default 'created',
  completed_at bigint,
  data text not null,
  created_at bigint not null,
  created_by varchar(36) not null default 'anonymous',
  check (status in ('created', 'running', 'awaiting_permission', 'completed', 'failed'))
);

-- rebuild table tasks [rewrites-table: copies every row] [note: fails when rows violate the check tasks_status_check]
insert or rollback into tasks (rowid, task_id, session_id, status, completed_at, data, created_at, created_by)
select rowid, task_id, session_id, status, completed_at, data, created_at, created_by
from trueup_old_tasks;

-- rebuild table tasks
insert into trueup_guard
select 1 where (select count(*) from tasks) = (select count(*) from trueup_old_tasks)
  and (select foreign_keys from pragma_foreign_keys) = 0
  and (select count(*) = 7 and min(lower(name) in ('task_id', 'session_id', 'status', 'completed_at', 'data', 'created_at', 'created_by')) from pragma_table_xinfo('trueup_old_tasks'))
  and not exists (select 1 from sqlite_schema where lower(tbl_name) = 'trueup_old_tasks'
    and sql is not null and lower(name) not in ('trueup_old_tasks', 'tasks_session_idx', 'tasks_status_idx'));

-- rebuild table tasks
insert or rollback into trueup_guard
select null where not exists (select 1 from trueup_guard);

-- rebuild table tasks
drop table temp.trueup_guard;

-- rebuild table tasks
drop table trueup_old_tasks;

-- rebuild table tasks
create index tasks_session_idx on tasks (session_id);

-- rebuild table tasks
create index tasks_status_idx on tasks (status);

-- rebuild table tasks
release trueup_rebuild;

-- rebuild table tasks
pragma foreign_key_check(messages);

-- rebuild table tasks
pragma foreign_key_check(tasks);

-- rebuild table tasks
pragma foreign_keys = on;

-- rebuild table sessions
pragma foreign_keys = off;

-- rebuild table sessions
savepoint trueup_rebuild;

-- rebuild table sessions
create temp table trueup_guard (as_known_and_all_copied not null);

-- rebuild table sessions
pragma legacy_alter_table = on;

-- rebuild table sessions
alter table sessions rename to trueup_old_sessions;

-- rebuild table sessions
pragma legacy_alter_table = off;

-- rebuild table sessions
create table sessions (
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
  check (status in ('idle', 'running', 'awaiting_permission', 'completed', 'failed'))
);

-- rebuild table sessions [rewrites-table: copies every row] [note: fails when rows violate the check sessions_status_check]
insert or rollback into sessions (rowid, session_id, worktree_id, board_id, parent_session_id, status, agentic_tool, updated_at, data, created_at, created_by)
select rowid, session_id, worktree_id, board_id, parent_session_id, status, agentic_tool, updated_at, data, created_at, created_by
from trueup_old_sessions;

-- rebuild table sessions
insert into trueup_guard
select 1 where (select count(*) from sessions) = (select count(*) from trueup_old_sessions)
  and (select foreign_keys from pragma_foreign_keys) = 0
  and (select count(*) = 10 and min(lower(name) in ('session_id', 'worktree_id', 'board_id', 'parent_session_id', 'status', 'agentic_tool', 'updated_at', 'data', 'created_at', 'created_by')) from pragma_table_xinfo('trueup_old_sessions'))
  and not exists (select 1 from sqlite_schema where lower(tbl_name) = 'trueup_old_sessions'
    and sql is not null and lower(name) not in ('trueup_old_sessions', 'sessions_created_idx', 'sessions_parent_idx', 'sessions_status_idx', 'sessions_worktree_idx'));

-- rebuild table sessions
insert or rollback into trueup_guard
select null where not exists (select 1 from trueup_guard);

-- rebuild table sessions
drop table temp.trueup_guard;

-- rebuild table sessions
drop table trueup_old_sessions;

-- rebuild table sessions
create index sessions_created_idx on sessions (created_at desc);

-- rebuild table sessions
create index sessions_parent_idx on sessions (parent_session_id) where parent_session_id is not null;

-- rebuild table sessions
create index sessions_status_idx on sessions (status);

-- rebuild table sessions
create index sessions_worktree_idx on sessions (worktree_id);

-- rebuild table sessions
release trueup_rebuild;

-- rebuild table sessions
pragma foreign_key_check(messages);

-- rebuild table sessions
pragma foreign_key_check(session_mcp_servers);

-- rebuild table sessions
pragma foreign_key_check(sessions);

-- rebuild table sessions
pragma foreign_key_check(tasks);

-- rebuild table sessions
pragma foreign_keys = on;
