-- trueup migration
-- version: 000006
-- name: number_worktrees
-- engine: postgres
-- parent: 2a53154ee7e1537c970d6ad3d5829d8fade108f8ec5473839be2a5e536f3d589
-- state: 2a53154ee7e1537c970d6ad3d5829d8fade108f8ec5473839be2a5e536f3d589
-- verified: no (written by hand)

-- trueup: write SQL below. It must leave the schema as it is: what changes the schema comes from the schema files.

-- number the worktrees that are there
UPDATE worktrees SET worktree_unique_id =
  (SELECT count(*) FROM worktrees AS earlier WHERE earlier.worktree_id <= worktrees.worktree_id);
