-- trueup migration
-- version: 000007
-- name: require_worktree_unique_id
-- engine: sqlite
-- parent: 88ee1c4b5fbadb499f03b457965b73dd638f24b6ee6fab98b126dbe8cdfc1713
-- state: cbe0d6a3175abf4c43e0b4957fdf4c0e6abe58f5eb9e0f08a8c622f91af62c2c
-- verified: SQLite 3.40.1, scratch database

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
  repo_id varchar(36) not null references repos (repo_id),
  board_id varchar(36) references boards (board_id),
  name text not null,
  ref text not null,
  worktree_unique_id integer not null unique,
  updated_at bigint,
  data text not null,
  created_at bigint not null,
  created_by varchar(36) not null default 'anonymous'
);

-- rebuild table worktrees [rewrites-table: copies every row] [note: fails when worktree_unique_id holds nulls] [note: fails when rows are equal in the key worktrees_worktree_unique_id_key]
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
