-- trueup migration
-- version: 000002
-- name: workflows
-- engine: postgres
-- parent: d41be61c052eabef777e8fc1daa963bed2580e9237d127930b2929d7dab2b663
-- state: 32dbc646edd4e29babb7e119b486d2837f1518d538545a106c24a8455d364901
-- verified: PostgreSQL 17.11, scratch database

-- create enum public.workflow_status
CREATE TYPE public.workflow_status AS ENUM ('pending', 'running', 'paused', 'completed', 'failed', 'cancelled');

-- create table public.workflow_states
CREATE TABLE public.workflow_states (
  id uuid NOT NULL DEFAULT uuid_generate_v4(),
  workflow_id uuid NOT NULL,
  status public.workflow_status NOT NULL DEFAULT 'pending',
  version integer NOT NULL DEFAULT 1,
  context jsonb NOT NULL DEFAULT '{}',
  variables jsonb NOT NULL DEFAULT '{}',
  error text,
  started_at timestamp with time zone,
  completed_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT workflow_states_pkey PRIMARY KEY (id),
  CONSTRAINT workflow_states_workflow_id_key UNIQUE (workflow_id),
  CONSTRAINT workflow_states_version_check CHECK (version > 0)
);

-- create table public.coordination_events
CREATE TABLE public.coordination_events (
  id bigint GENERATED ALWAYS AS IDENTITY,
  event_type character varying(100) NOT NULL,
  workflow_id uuid,
  task_id uuid,
  source_agent_id uuid,
  target_agent_id uuid,
  payload jsonb NOT NULL DEFAULT '{}',
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT coordination_events_pkey PRIMARY KEY (id),
  CONSTRAINT coordination_events_source_agent_id_fkey FOREIGN KEY (source_agent_id) REFERENCES public.agents (id) ON DELETE SET NULL,
  CONSTRAINT coordination_events_target_agent_id_fkey FOREIGN KEY (target_agent_id) REFERENCES public.agents (id) ON DELETE SET NULL,
  CONSTRAINT coordination_events_workflow_id_fkey FOREIGN KEY (workflow_id) REFERENCES public.workflow_states (workflow_id) ON DELETE CASCADE
);

-- create table public.task_states
CREATE TABLE public.task_states (
  id uuid NOT NULL DEFAULT uuid_generate_v4(),
  task_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  agent_id uuid,
  status public.workflow_status NOT NULL DEFAULT 'pending',
  dependencies uuid[] NOT NULL DEFAULT '{}',
  result jsonb,
  error text,
  retry_count integer NOT NULL DEFAULT 0,
  started_at timestamp with time zone,
  completed_at timestamp with time zone,
  execution_time_ms double precision GENERATED ALWAYS AS (extract(epoch from completed_at - started_at) * 1000) STORED,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT task_states_pkey PRIMARY KEY (id),
  CONSTRAINT task_states_task_key UNIQUE (workflow_id, task_id),
  CONSTRAINT task_states_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents (id) ON DELETE SET NULL,
  CONSTRAINT task_states_workflow_id_fkey FOREIGN KEY (workflow_id) REFERENCES public.workflow_states (workflow_id) ON DELETE CASCADE
);

-- create index public.coordination_events.coordination_events_payload_idx
CREATE INDEX coordination_events_payload_idx ON public.coordination_events USING gin (payload jsonb_path_ops);

-- create index public.coordination_events.coordination_events_type_idx
CREATE INDEX coordination_events_type_idx ON public.coordination_events (event_type);

-- create index public.coordination_events.coordination_events_workflow_idx
CREATE INDEX coordination_events_workflow_idx ON public.coordination_events (workflow_id, created_at DESC);

-- create index public.task_states.task_states_agent_idx
CREATE INDEX task_states_agent_idx ON public.task_states (agent_id) WHERE agent_id is not null;

-- create index public.task_states.task_states_status_idx
CREATE INDEX task_states_status_idx ON public.task_states (workflow_id, status);

-- create index public.workflow_states.workflow_states_created_idx
CREATE INDEX workflow_states_created_idx ON public.workflow_states (created_at DESC);

-- create index public.workflow_states.workflow_states_status_idx
CREATE INDEX workflow_states_status_idx ON public.workflow_states (status);

-- create trigger public.task_states.task_states_touch [blocks-writes: short lock against writes on the table]
CREATE TRIGGER task_states_touch
  BEFORE UPDATE ON public.task_states
  FOR EACH ROW
  EXECUTE FUNCTION public.touch_updated_at();

-- create trigger public.workflow_states.workflow_states_touch [blocks-writes: short lock against writes on the table]
CREATE TRIGGER workflow_states_touch
  BEFORE UPDATE ON public.workflow_states
  FOR EACH ROW
  EXECUTE FUNCTION public.touch_updated_at();
