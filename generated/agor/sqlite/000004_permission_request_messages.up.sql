-- trueup migration
-- version: 000004
-- name: permission_request_messages
-- engine: sqlite
-- parent: 9cdd1bad312e6e26633875281dfff3d72f450d1fba15fb95420f4aee22fdcba2
-- state: e58a21e782ce99e61dd594bd0c17f1415c5ab695b5584f36f5806229186d0ad8
-- verified: SQLite 3.40.1, scratch database

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
  session_id varchar(36) not null references sessions (session_id),
  task_id varchar(36) references tasks (task_id),
  type text not null,
  role text not null,
  "index" integer not null,
  timestamp bigint not null,
  content_preview text,
  data text not null,
  constraint messages_session_index_key unique (session_id, "index"),
  check (type in ('user', 'assistant', 'system', 'file-history-snapshot', 'permission_request'))
);

-- rebuild table messages [rewrites-table: copies every row] [note: fails when rows violate the check messages_type_check]
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
