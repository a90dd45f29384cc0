-- trueup migration
-- version: 000005
-- name: add_worktree_unique_id
-- engine: postgres
-- parent: 9f76d384cad0a91b54f921acf4f9fea6d77cf6866920a9b5aeabd35e59e1cd2c
-- state: 2a53154ee7e1537c970d6ad3d5829d8fade108f8ec5473839be2a5e536f3d589
-- verified: PostgreSQL 17.11, scratch database

-- create column public.worktrees.worktree_unique_id
ALTER TABLE public.worktrees ADD COLUMN worktree_unique_id integer;
