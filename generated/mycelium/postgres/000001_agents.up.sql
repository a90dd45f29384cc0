-- trueup migration
-- version: 000001
-- name: agents
-- engine: postgres
-- parent: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- state: d41be61c052eabef777e8fc1daa963bed2580e9237d127930b2929d7dab2b663
-- verified: PostgreSQL 17.11, scratch database

-- create extension "uuid-ossp" [needs-privilege: needs the right to create extensions]
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";

-- create extension vector [needs-privilege: needs the right to create extensions]
CREATE EXTENSION IF NOT EXISTS vector;

-- create function public.touch_updated_at()
CREATE OR REPLACE FUNCTION public.touch_updated_at()
RETURNS trigger
LANGUAGE plpgsql
AS $$begin
  new.updated_at := now();
  return new;
end;
$$;

-- create table public.agents
CREATE TABLE public.agents (
  id uuid NOT NULL DEFAULT uuid_generate_v4(),
  agent_id character varying(100) NOT NULL,
  agent_type character varying(100) NOT NULL,
  name character varying(255) NOT NULL,
  display_name character varying(255) NOT NULL,
  category character varying(100) NOT NULL,
  description text NOT NULL,
  tools text[] NOT NULL DEFAULT '{}',
  keywords text[] NOT NULL DEFAULT '{}',
  file_path text NOT NULL,
  embedding vector(384),
  avg_response_time_ms double precision NOT NULL DEFAULT 0,
  success_rate double precision NOT NULL DEFAULT 1,
  usage_count integer NOT NULL DEFAULT 0,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT agents_pkey PRIMARY KEY (id),
  CONSTRAINT agents_agent_id_key UNIQUE (agent_id),
  CONSTRAINT agents_file_path_key UNIQUE (file_path),
  CONSTRAINT agents_success_rate_check CHECK (success_rate >= 0 and success_rate <= 1),
  CONSTRAINT agents_usage_count_check CHECK (usage_count >= 0)
);

-- create table public.agents
COMMENT ON TABLE public.agents IS 'Main agent registry';

-- create table public.agent_dependencies
CREATE TABLE public.agent_dependencies (
  id uuid NOT NULL DEFAULT uuid_generate_v4(),
  agent_id uuid NOT NULL,
  depends_on_agent_id uuid NOT NULL,
  dependency_type character varying(50) NOT NULL DEFAULT 'required',
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT agent_dependencies_pkey PRIMARY KEY (id),
  CONSTRAINT agent_dependencies_pair_key UNIQUE (agent_id, depends_on_agent_id, dependency_type),
  CONSTRAINT agent_dependencies_self_check CHECK (agent_id <> depends_on_agent_id),
  CONSTRAINT agent_dependencies_type_check CHECK (dependency_type in ('required', 'optional', 'conflicts')),
  CONSTRAINT agent_dependencies_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents (id) ON DELETE CASCADE,
  CONSTRAINT agent_dependencies_depends_on_agent_id_fkey FOREIGN KEY (depends_on_agent_id) REFERENCES public.agents (id) ON DELETE CASCADE
);

-- create table public.agent_dependencies
COMMENT ON TABLE public.agent_dependencies IS 'Agents that an agent needs';

-- create table public.agent_usage
CREATE TABLE public.agent_usage (
  id uuid NOT NULL DEFAULT uuid_generate_v4(),
  agent_id uuid NOT NULL,
  workflow_id uuid,
  session_id character varying(255),
  started_at timestamp with time zone NOT NULL DEFAULT now(),
  completed_at timestamp with time zone,
  response_time_ms integer,
  status character varying(50) NOT NULL DEFAULT 'started',
  error_message text,
  metadata jsonb NOT NULL DEFAULT '{}',
  CONSTRAINT agent_usage_pkey PRIMARY KEY (id),
  CONSTRAINT agent_usage_status_check CHECK (status in ('started', 'completed', 'failed', 'timeout')),
  CONSTRAINT agent_usage_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents (id) ON DELETE CASCADE
);

-- create table public.agent_usage
COMMENT ON TABLE public.agent_usage IS 'One row a use, for metrics';

-- create index public.agent_dependencies.agent_dependencies_target_idx
CREATE INDEX agent_dependencies_target_idx ON public.agent_dependencies (depends_on_agent_id);

-- create index public.agent_usage.agent_usage_agent_idx
CREATE INDEX agent_usage_agent_idx ON public.agent_usage (agent_id, started_at DESC);

-- create index public.agent_usage.agent_usage_workflow_idx
CREATE INDEX agent_usage_workflow_idx ON public.agent_usage (workflow_id) WHERE workflow_id is not null;

-- create index public.agents.agents_category_idx
CREATE INDEX agents_category_idx ON public.agents (category);

-- create index public.agents.agents_embedding_idx
CREATE INDEX agents_embedding_idx ON public.agents USING hnsw (embedding vector_cosine_ops) WITH (m=16, ef_construction=64);

-- create index public.agents.agents_keywords_idx
CREATE INDEX agents_keywords_idx ON public.agents USING gin (keywords);

-- create index public.agents.agents_type_idx
CREATE INDEX agents_type_idx ON public.agents (agent_type);

-- create trigger public.agents.agents_touch [blocks-writes: short lock against writes on the table]
CREATE TRIGGER agents_touch
  BEFORE UPDATE ON public.agents
  FOR EACH ROW
  EXECUTE FUNCTION public.touch_updated_at();
