-- trueup migration
-- version: 000002
-- name: multi_agent
-- engine: postgres
-- parent: 44cb43ce881bc90335e631941aa208558f8343c176aab0c0a8c28281b4a2d5ad
-- state: 4679f583d8aad88193863e52f61c26458b17cfad573446eb4127edc05e218a38
-- verified: PostgreSQL 17.11, scratch database

-- create table orchestrator.agent_delegations
CREATE TABLE orchestrator.agent_delegations (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  from_agent_id uuid NOT NULL,
  to_agent_id uuid NOT NULL,
  task text NOT NULL,
  status text NOT NULL DEFAULT 'running',
  completed_at timestamp with time zone,
  duration_ms integer,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT agent_delegations_pkey PRIMARY KEY (id),
  CONSTRAINT agent_delegations_self_check CHECK (from_agent_id <> to_agent_id),
  CONSTRAINT agent_delegations_status_check CHECK (status in ('running', 'completed', 'failed')),
  CONSTRAINT agent_delegations_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES orchestrator.conversations (id) ON DELETE CASCADE,
  CONSTRAINT agent_delegations_from_agent_id_fkey FOREIGN KEY (from_agent_id) REFERENCES orchestrator.agents (id) ON DELETE CASCADE,
  CONSTRAINT agent_delegations_to_agent_id_fkey FOREIGN KEY (to_agent_id) REFERENCES orchestrator.agents (id) ON DELETE CASCADE,
  CONSTRAINT agent_delegations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES orchestrator.workspaces (id) ON DELETE CASCADE
);

-- create table orchestrator.agent_messages
CREATE TABLE orchestrator.agent_messages (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  from_agent_id uuid NOT NULL,
  to_agent_id uuid NOT NULL,
  parent_id uuid,
  content text NOT NULL,
  status text NOT NULL DEFAULT 'pending',
  depth smallint NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT agent_messages_pkey PRIMARY KEY (id),
  CONSTRAINT agent_messages_depth_check CHECK (depth between 0 and 8),
  CONSTRAINT agent_messages_from_agent_id_fkey FOREIGN KEY (from_agent_id) REFERENCES orchestrator.agents (id) ON DELETE CASCADE,
  CONSTRAINT agent_messages_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES orchestrator.agent_messages (id) ON DELETE CASCADE,
  CONSTRAINT agent_messages_to_agent_id_fkey FOREIGN KEY (to_agent_id) REFERENCES orchestrator.agents (id) ON DELETE CASCADE,
  CONSTRAINT agent_messages_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES orchestrator.workspaces (id) ON DELETE CASCADE
);

-- create table orchestrator.agent_triggers
CREATE TABLE orchestrator.agent_triggers (
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  kind text NOT NULL,
  schedule text,
  condition jsonb NOT NULL DEFAULT '{}',
  enabled boolean NOT NULL DEFAULT true,
  next_run_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT agent_triggers_pkey PRIMARY KEY (id),
  CONSTRAINT agent_triggers_kind_check CHECK (kind in ('schedule', 'event', 'webhook')),
  CONSTRAINT agent_triggers_schedule_check CHECK (kind <> 'schedule' or schedule is not null),
  CONSTRAINT agent_triggers_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES orchestrator.agents (id) ON DELETE CASCADE
);

-- create table orchestrator.artifacts
CREATE TABLE orchestrator.artifacts (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  conversation_id uuid,
  title text NOT NULL,
  content_type text NOT NULL DEFAULT 'text/markdown',
  current_version integer NOT NULL DEFAULT 1,
  created_by_agent_id uuid,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT artifacts_pkey PRIMARY KEY (id),
  CONSTRAINT artifacts_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES orchestrator.conversations (id) ON DELETE SET NULL,
  CONSTRAINT artifacts_created_by_agent_id_fkey FOREIGN KEY (created_by_agent_id) REFERENCES orchestrator.agents (id) ON DELETE SET NULL,
  CONSTRAINT artifacts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES orchestrator.workspaces (id) ON DELETE CASCADE
);

-- create table orchestrator.memory_triggers
CREATE TABLE orchestrator.memory_triggers (
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  pattern text NOT NULL,
  action text NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT memory_triggers_pkey PRIMARY KEY (id),
  CONSTRAINT memory_triggers_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES orchestrator.agents (id) ON DELETE CASCADE
);

-- create table orchestrator.workflow_definitions
CREATE TABLE orchestrator.workflow_definitions (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  steps jsonb NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT workflow_definitions_pkey PRIMARY KEY (id),
  CONSTRAINT workflow_definitions_name_key UNIQUE (workspace_id, name),
  CONSTRAINT workflow_definitions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES orchestrator.workspaces (id) ON DELETE CASCADE
);

-- create table orchestrator.agent_trigger_executions
CREATE TABLE orchestrator.agent_trigger_executions (
  id uuid NOT NULL,
  trigger_id uuid NOT NULL,
  status text NOT NULL,
  error text,
  started_at timestamp with time zone NOT NULL DEFAULT now(),
  completed_at timestamp with time zone,
  CONSTRAINT agent_trigger_executions_pkey PRIMARY KEY (id),
  CONSTRAINT agent_trigger_executions_trigger_id_fkey FOREIGN KEY (trigger_id) REFERENCES orchestrator.agent_triggers (id) ON DELETE CASCADE
);

-- create table orchestrator.artifact_versions
CREATE TABLE orchestrator.artifact_versions (
  id uuid NOT NULL,
  artifact_id uuid NOT NULL,
  version integer NOT NULL,
  content text NOT NULL,
  agent_id uuid,
  change_summary text NOT NULL DEFAULT '',
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT artifact_versions_pkey PRIMARY KEY (id),
  CONSTRAINT artifact_versions_version_key UNIQUE (artifact_id, version),
  CONSTRAINT artifact_versions_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES orchestrator.agents (id) ON DELETE SET NULL,
  CONSTRAINT artifact_versions_artifact_id_fkey FOREIGN KEY (artifact_id) REFERENCES orchestrator.artifacts (id) ON DELETE CASCADE
);

-- create table orchestrator.workflow_executions
CREATE TABLE orchestrator.workflow_executions (
  id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  conversation_id uuid,
  status text NOT NULL DEFAULT 'pending',
  input jsonb NOT NULL DEFAULT '{}',
  error text,
  started_at timestamp with time zone NOT NULL DEFAULT now(),
  completed_at timestamp with time zone,
  CONSTRAINT workflow_executions_pkey PRIMARY KEY (id),
  CONSTRAINT workflow_executions_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES orchestrator.conversations (id) ON DELETE SET NULL,
  CONSTRAINT workflow_executions_workflow_id_fkey FOREIGN KEY (workflow_id) REFERENCES orchestrator.workflow_definitions (id) ON DELETE CASCADE
);

-- create table orchestrator.workflow_step_executions
CREATE TABLE orchestrator.workflow_step_executions (
  id uuid NOT NULL,
  execution_id uuid NOT NULL,
  step_index integer NOT NULL,
  agent_id uuid,
  status text NOT NULL DEFAULT 'pending',
  output jsonb,
  started_at timestamp with time zone,
  completed_at timestamp with time zone,
  CONSTRAINT workflow_step_executions_pkey PRIMARY KEY (id),
  CONSTRAINT workflow_step_executions_step_key UNIQUE (execution_id, step_index),
  CONSTRAINT workflow_step_executions_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES orchestrator.agents (id) ON DELETE SET NULL,
  CONSTRAINT workflow_step_executions_execution_id_fkey FOREIGN KEY (execution_id) REFERENCES orchestrator.workflow_executions (id) ON DELETE CASCADE
);

-- create table orchestrator.artifact_reviews
CREATE TABLE orchestrator.artifact_reviews (
  id uuid NOT NULL,
  artifact_id uuid NOT NULL,
  version integer NOT NULL,
  reviewer_agent_id uuid NOT NULL,
  outcome text NOT NULL,
  comments text NOT NULL DEFAULT '',
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT artifact_reviews_pkey PRIMARY KEY (id),
  CONSTRAINT artifact_reviews_outcome_check CHECK (outcome in ('approved', 'changes_requested')),
  CONSTRAINT artifact_reviews_reviewer_agent_id_fkey FOREIGN KEY (reviewer_agent_id) REFERENCES orchestrator.agents (id) ON DELETE CASCADE,
  CONSTRAINT artifact_reviews_version_fkey FOREIGN KEY (artifact_id, version) REFERENCES orchestrator.artifact_versions (artifact_id, version) ON DELETE CASCADE
);

-- create index orchestrator.agent_delegations.agent_delegations_conversation_idx
CREATE INDEX agent_delegations_conversation_idx ON orchestrator.agent_delegations (conversation_id, created_at);

-- create index orchestrator.agent_messages.agent_messages_inbox_idx
CREATE INDEX agent_messages_inbox_idx ON orchestrator.agent_messages (to_agent_id, created_at) WHERE status = 'pending';

-- create index orchestrator.agent_trigger_executions.agent_trigger_executions_trigger_idx
CREATE INDEX agent_trigger_executions_trigger_idx ON orchestrator.agent_trigger_executions (trigger_id, started_at DESC);

-- create index orchestrator.agent_triggers.agent_triggers_due_idx
CREATE INDEX agent_triggers_due_idx ON orchestrator.agent_triggers (next_run_at) WHERE enabled;

-- create index orchestrator.artifacts.artifacts_workspace_idx
CREATE INDEX artifacts_workspace_idx ON orchestrator.artifacts (workspace_id, updated_at DESC);

-- create index orchestrator.memory_triggers.memory_triggers_agent_idx
CREATE INDEX memory_triggers_agent_idx ON orchestrator.memory_triggers (agent_id);

-- create index orchestrator.workflow_executions.workflow_executions_open_idx
CREATE INDEX workflow_executions_open_idx ON orchestrator.workflow_executions (status) WHERE status in ('pending', 'running');

-- create index orchestrator.workflow_executions.workflow_executions_workflow_idx
CREATE INDEX workflow_executions_workflow_idx ON orchestrator.workflow_executions (workflow_id, started_at DESC);
