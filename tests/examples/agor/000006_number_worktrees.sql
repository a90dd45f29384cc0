-- number the worktrees that are there
UPDATE worktrees SET worktree_unique_id =
  (SELECT count(*) FROM worktrees AS earlier WHERE earlier.worktree_id <= worktrees.worktree_id);
