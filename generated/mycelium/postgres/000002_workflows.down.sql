-- trueup migration
-- version: 000002
-- name: workflows
-- engine: postgres
-- parent: 32dbc646edd4e29babb7e119b486d2837f1518d538545a106c24a8455d364901
-- state: d41be61c052eabef777e8fc1daa963bed2580e9237d127930b2929d7dab2b663
-- verified: PostgreSQL 17.11, scratch database
-- deletes: table public.coordination_events
-- deletes: table public.task_states
-- deletes: table public.workflow_states

-- drop table public.coordination_events [deletes-data: drops the table and its rows]
DROP TABLE public.coordination_events;

-- drop table public.task_states [deletes-data: drops the table and its rows]
DROP TABLE public.task_states;

-- drop table public.workflow_states [deletes-data: drops the table and its rows]
DROP TABLE public.workflow_states;

-- drop enum public.workflow_status
DROP TYPE public.workflow_status;
