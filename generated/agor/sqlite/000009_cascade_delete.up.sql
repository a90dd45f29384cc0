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
  check (status in ('created', 'running', 'completed', 'failed'))
);

-- rebuild table tasks [rewrites-table: copies every row]
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

-- rebuild table worktrees
pragma foreign_keys = off;

-- rebuild table worktrees
savepoint trueup_rebuild;

-- rebuild table worktrees
create temp table trueup_guard (as_known_and_all_copied not null);

-- rebuild table worktrees
pragma legacy_alter_table = on;

-- rebuild table worktrees
alter table worktrees rename to trueup_old_worktrees;

-- rebuild table worktrees
pragma legacy_alter_table = off;

-- rebuild table worktrees
create table worktrees (
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
insert or rollback into worktrees (rowid, worktree_id, repo_id, board_id, name, ref, worktree_unique_id, updated_at, data, created_at, created_by)
select rowid, worktree_id, repo_id, board_id, name, ref, worktree_unique_id, updated_at, data, created_at, created_by
from trueup_old_worktrees;

-- rebuild table worktrees
insert into trueup_guard
select 1 where (select count(*) from worktrees) = (select count(*) from trueup_old_worktrees)
  and (select foreign_keys from pragma_foreign_keys) = 0
  and (select count(*) = 10 and min(lower(name) in ('worktree_id', 'repo_id', 'board_id', 'name', 'ref', 'worktree_unique_id', 'updated_at', 'data', 'created_at', 'created_by')) from pragma_table_xinfo('trueup_old_worktrees'))
  and not exists (select 1 from sqlite_schema where lower(tbl_name) = 'trueup_old_worktrees'
    and sql is not null and lower(name) not in ('trueup_old_worktrees', 'worktrees_board_idx', 'worktrees_repo_idx'));

-- rebuild table worktrees
insert or rollback into trueup_guard
select null where not exists (select 1 from trueup_guard);

-- rebuild table worktrees
drop table temp.trueup_guard;

-- rebuild table worktrees
drop table trueup_old_worktrees;

-- rebuild table worktrees
create index worktrees_board_idx on worktrees (board_id);

-- rebuild table worktrees
create index worktrees_repo_idx on worktrees (repo_id);

-- rebuild table worktrees
release trueup_rebuild;

-- rebuild table worktrees
pragma foreign_key_check(sessions);

-- rebuild table worktrees
pragma foreign_key_check(worktrees);

-- rebuild table worktrees
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
  check (status in ('idle', 'running', 'completed', 'failed'))
);

-- rebuild table sessions [rewrites-table: copies every row]
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

-- rebuild table messages
pragma foreign_keys = off;

-- rebuild table messages
savepoint trueup_rebuild;

-- rebuild table messages
create temp table trueup_guard (as_known_and_all_copied not null);

-- rebuild table messages
pragma legacy_alter_table = on;

-- rebuild table messages
alter table messages rename to trueup_old_messages;

-- rebuild table messages
pragma legacy_alter_table = off;

-- rebuild table messages
create table messages (
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
insert or rollback into messages (rowid, message_id, session_id, task_id, type, role, "index", timestamp, content_preview, data)
select rowid, message_id, session_id, task_id, type, role, trueup_old_messages."index", timestamp, content_preview, data
from trueup_old_messages;

-- rebuild table messages
insert into trueup_guard
select 1 where (select count(*) from messages) = (select count(*) from trueup_old_messages)
  and (select foreign_keys from pragma_foreign_keys) = 0
  and (select count(*) = 9 and min(lower(name) in ('message_id', 'session_id', 'task_id', 'type', 'role', 'index', 'timestamp', 'content_preview', 'data')) from pragma_table_xinfo('trueup_old_messages'))
  and not exists (select 1 from sqlite_schema where lower(tbl_name) = 'trueup_old_messages'
    and sql is not null and lower(name) not in ('trueup_old_messages', 'messages_task_idx'));

-- rebuild table messages
insert or rollback into trueup_guard
select null where not exists (select 1 from trueup_guard);

-- rebuild table messages
drop table temp.trueup_guard;

-- rebuild table messages
drop table trueup_old_messages;

-- rebuild table messages
create index messages_task_idx on messages (task_id);

-- rebuild table messages
release trueup_rebuild;

-- rebuild table messages
pragma foreign_key_check(messages);

-- rebuild table messages
pragma foreign_keys = on;
