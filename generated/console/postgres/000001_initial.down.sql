-- trueup migration
-- version: 000001
-- name: initial
-- engine: postgres
-- parent: 6a64918a34654ef86ae9725d319b6bd6a8acf694eee39b8f5969f4ed6faf22f8
-- state: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- verified: PostgreSQL 17.11, scratch database
-- deletes: table public.agent_events
-- deletes: table public.agent_runs
-- deletes: table public.project_connections
-- deletes: table public.projects
-- deletes: table public.users
-- deletes: table public.workspace_files
-- deletes: table public.workspace_snapshots

-- drop extension vector
DROP EXTENSION vector;

-- drop table public.project_connections
DROP TABLE public.project_connections;

-- drop table public.agent_events
DROP TABLE public.agent_events;

-- drop table public.workspace_files
DROP TABLE public.workspace_files;

-- drop table public.workspace_snapshots
DROP TABLE public.workspace_snapshots;

-- drop table public.agent_runs
DROP TABLE public.agent_runs;

-- drop table public.projects
DROP TABLE public.projects;

-- drop table public.users
DROP TABLE public.users;
