-- trueup migration
-- version: 000007
-- name: require_worktree_unique_id
-- engine: postgres
-- parent: 2a53154ee7e1537c970d6ad3d5829d8fade108f8ec5473839be2a5e536f3d589
-- state: 74491984c40852d630732b3e61bc996a879562b80a8e15fe624d2af206ca2369
-- verified: PostgreSQL 17.11, scratch database

-- alter column public.worktrees.worktree_unique_id [scans-table: reads all of public.worktrees; nobody reads or writes it meanwhile; fails when a value is null]
ALTER TABLE public.worktrees ALTER COLUMN worktree_unique_id SET NOT NULL;

-- create unique public.worktrees.worktrees_worktree_unique_id_key [builds-index: builds an index; fails when rows are equal in the key] [blocks-reads: exclusive lock on the table while the index is built]
ALTER TABLE public.worktrees ADD CONSTRAINT worktrees_worktree_unique_id_key UNIQUE (worktree_unique_id);
