-- trueup migration
-- version: 000004
-- name: workflow_state_history
-- engine: postgres
-- parent: a80a53e4dadf97bd26ac7da398ccef2a44888478eea4f80bd3c046d04af6c700
-- state: de43a550d92941fb51d93a364cf52b5ab9b55b42fb928b65f1e0fa9567cf790d
-- verified: PostgreSQL 17.11, scratch database
-- deletes: table public.workflow_state_history

-- drop table public.workflow_state_history [deletes-data: drops the table and its rows]
DROP TABLE public.workflow_state_history;
