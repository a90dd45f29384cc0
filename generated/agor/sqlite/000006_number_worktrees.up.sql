-- trueup migration
-- version: 000006
-- name: number_worktrees
-- engine: sqlite
-- parent: 88ee1c4b5fbadb499f03b457965b73dd638f24b6ee6fab98b126dbe8cdfc1713
-- state: 88ee1c4b5fbadb499f03b457965b73dd638f24b6ee6fab98b126dbe8cdfc1713
-- verified: no (written by hand)

-- trueup: write SQL below. It must leave the schema as it is: what changes the schema comes from the schema files.

-- number the worktrees that are there
UPDATE worktrees SET worktree_unique_id =
  (SELECT count(*) FROM worktrees AS earlier WHERE earlier.worktree_id <= worktrees.worktree_id);
