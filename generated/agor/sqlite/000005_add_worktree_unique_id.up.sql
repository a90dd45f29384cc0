-- trueup migration
-- version: 000005
-- name: add_worktree_unique_id
-- engine: sqlite
-- parent: e58a21e782ce99e61dd594bd0c17f1415c5ab695b5584f36f5806229186d0ad8
-- state: 88ee1c4b5fbadb499f03b457965b73dd638f24b6ee6fab98b126dbe8cdfc1713
-- verified: SQLite 3.40.1, scratch database

-- create column worktrees.worktree_unique_id
alter table worktrees add column worktree_unique_id integer;
