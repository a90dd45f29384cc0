-- trueup migration
-- version: 000008
-- name: agent_to_agentic_tool
-- engine: postgres
-- parent: 74491984c40852d630732b3e61bc996a879562b80a8e15fe624d2af206ca2369
-- state: e1f30be4fd79529202ebeffc2c9418675c4e915cb06ed33cfdab61cda6dbf3d5
-- verified: PostgreSQL 17.11, scratch database
-- renames: column public.sessions.agent -> column public.sessions.agentic_tool

-- rename column public.sessions.agentic_tool
ALTER TABLE public.sessions RENAME COLUMN agent TO agentic_tool;
