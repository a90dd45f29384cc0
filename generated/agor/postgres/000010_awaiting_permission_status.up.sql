-- trueup migration
-- version: 000010
-- name: awaiting_permission_status
-- engine: postgres
-- parent: 86c43d71a6e62fc35b9f66b7b622e6de2ea4736847d2f8f35a09ca37924980a9
-- state: ba2e6acbdb16d2a2eda1c5490f7babaeeaeedd429cf1fa37a457b8dab3a9273b
-- verified: PostgreSQL 17.11, scratch database

-- drop check public.sessions.sessions_status_check [blocks-reads: short exclusive lock on the table]
ALTER TABLE public.sessions DROP CONSTRAINT sessions_status_check;

-- drop check public.tasks.tasks_status_check [blocks-reads: short exclusive lock on the table]
ALTER TABLE public.tasks DROP CONSTRAINT tasks_status_check;

-- create check public.sessions.sessions_status_check [scans-table: checks every row under an exclusive lock; fails when one does not comply]
ALTER TABLE public.sessions ADD CONSTRAINT sessions_status_check CHECK (status in ('idle', 'running', 'awaiting_permission', 'completed', 'failed'));

-- create check public.tasks.tasks_status_check [scans-table: checks every row under an exclusive lock; fails when one does not comply]
ALTER TABLE public.tasks ADD CONSTRAINT tasks_status_check CHECK (status in ('created', 'running', 'awaiting_permission', 'completed', 'failed'));
