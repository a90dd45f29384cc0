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

-- drop table public.project_connections [deletes-data: drops the table and its rows]
DROP TABLE public.project_connections;

-- drop table public.agent_events [deletes-data: drops the table and its rows]
DROP TABLE public.agent_events;

-- drop table public.workspace_files [deletes-data: drops the table and its rows]
DROP TABLE public.workspace_files;

-- drop table public.workspace_snapshots [deletes-data: drops the table and its rows]
DROP TABLE public.workspace_snapshots;

-- drop table public.agent_runs [deletes-data: drops the table and its rows]
DROP TABLE public.agent_runs;

-- drop table public.projects [deletes-data: drops the table and its rows]
DROP TABLE public.projects;

-- drop table public.users [deletes-data: drops the table and its rows]
DROP TABLE public.users;
