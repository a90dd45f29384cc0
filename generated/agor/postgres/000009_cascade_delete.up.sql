-- trueup migration
-- version: 000009
-- name: cascade_delete
-- engine: postgres
-- parent: e1f30be4fd79529202ebeffc2c9418675c4e915cb06ed33cfdab61cda6dbf3d5
-- state: 86c43d71a6e62fc35b9f66b7b622e6de2ea4736847d2f8f35a09ca37924980a9
-- verified: PostgreSQL 17.11, scratch database

-- drop foreign key public.messages.messages_session_id_fkey [blocks-reads: short exclusive lock on the table]
ALTER TABLE public.messages DROP CONSTRAINT messages_session_id_fkey;

-- drop foreign key public.messages.messages_task_id_fkey [blocks-reads: short exclusive lock on the table]
ALTER TABLE public.messages DROP CONSTRAINT messages_task_id_fkey;

-- drop foreign key public.sessions.sessions_board_id_fkey [blocks-reads: short exclusive lock on the table]
ALTER TABLE public.sessions DROP CONSTRAINT sessions_board_id_fkey;

-- drop foreign key public.sessions.sessions_parent_session_id_fkey [blocks-reads: short exclusive lock on the table]
ALTER TABLE public.sessions DROP CONSTRAINT sessions_parent_session_id_fkey;

-- drop foreign key public.sessions.sessions_worktree_id_fkey [blocks-reads: short exclusive lock on the table]
ALTER TABLE public.sessions DROP CONSTRAINT sessions_worktree_id_fkey;

-- drop foreign key public.tasks.tasks_session_id_fkey [blocks-reads: short exclusive lock on the table]
ALTER TABLE public.tasks DROP CONSTRAINT tasks_session_id_fkey;

-- drop foreign key public.worktrees.worktrees_board_id_fkey [blocks-reads: short exclusive lock on the table]
ALTER TABLE public.worktrees DROP CONSTRAINT worktrees_board_id_fkey;

-- drop foreign key public.worktrees.worktrees_repo_id_fkey [blocks-reads: short exclusive lock on the table]
ALTER TABLE public.worktrees DROP CONSTRAINT worktrees_repo_id_fkey;

-- create foreign key public.messages.messages_session_id_fkey [blocks-writes: locks both tables against writes] [scans-table: checks every row; fails when one refers to nothing]
ALTER TABLE public.messages ADD CONSTRAINT messages_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions (session_id) ON DELETE CASCADE;

-- create foreign key public.messages.messages_task_id_fkey [blocks-writes: locks both tables against writes] [scans-table: checks every row; fails when one refers to nothing]
ALTER TABLE public.messages ADD CONSTRAINT messages_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.tasks (task_id) ON DELETE SET NULL;

-- create foreign key public.sessions.sessions_board_id_fkey [blocks-writes: locks both tables against writes] [scans-table: checks every row; fails when one refers to nothing]
ALTER TABLE public.sessions ADD CONSTRAINT sessions_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards (board_id) ON DELETE SET NULL;

-- create foreign key public.sessions.sessions_parent_session_id_fkey [blocks-writes: locks both tables against writes] [scans-table: checks every row; fails when one refers to nothing]
ALTER TABLE public.sessions ADD CONSTRAINT sessions_parent_session_id_fkey FOREIGN KEY (parent_session_id) REFERENCES public.sessions (session_id) ON DELETE SET NULL;

-- create foreign key public.sessions.sessions_worktree_id_fkey [blocks-writes: locks both tables against writes] [scans-table: checks every row; fails when one refers to nothing]
ALTER TABLE public.sessions ADD CONSTRAINT sessions_worktree_id_fkey FOREIGN KEY (worktree_id) REFERENCES public.worktrees (worktree_id) ON DELETE CASCADE;

-- create foreign key public.tasks.tasks_session_id_fkey [blocks-writes: locks both tables against writes] [scans-table: checks every row; fails when one refers to nothing]
ALTER TABLE public.tasks ADD CONSTRAINT tasks_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions (session_id) ON DELETE CASCADE;

-- create foreign key public.worktrees.worktrees_board_id_fkey [blocks-writes: locks both tables against writes] [scans-table: checks every row; fails when one refers to nothing]
ALTER TABLE public.worktrees ADD CONSTRAINT worktrees_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards (board_id) ON DELETE SET NULL;

-- create foreign key public.worktrees.worktrees_repo_id_fkey [blocks-writes: locks both tables against writes] [scans-table: checks every row; fails when one refers to nothing]
ALTER TABLE public.worktrees ADD CONSTRAINT worktrees_repo_id_fkey FOREIGN KEY (repo_id) REFERENCES public.repos (repo_id) ON DELETE CASCADE;
