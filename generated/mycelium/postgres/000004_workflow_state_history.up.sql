-- trueup migration
-- version: 000004
-- name: workflow_state_history
-- engine: postgres
-- parent: de43a550d92941fb51d93a364cf52b5ab9b55b42fb928b65f1e0fa9567cf790d
-- state: a80a53e4dadf97bd26ac7da398ccef2a44888478eea4f80bd3c046d04af6c700
-- verified: PostgreSQL 17.11, scratch database

-- create table public.workflow_state_history
CREATE TABLE public.workflow_state_history (
  id bigint GENERATED ALWAYS AS IDENTITY,
  workflow_id uuid NOT NULL,
  version integer NOT NULL,
  status public.workflow_status NOT NULL,
  state jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by character varying(255),
  CONSTRAINT workflow_state_history_pkey PRIMARY KEY (id),
  CONSTRAINT workflow_state_history_version_key UNIQUE (workflow_id, version),
  CONSTRAINT workflow_state_history_workflow_id_fkey FOREIGN KEY (workflow_id) REFERENCES public.workflow_states (workflow_id) ON DELETE CASCADE
);
