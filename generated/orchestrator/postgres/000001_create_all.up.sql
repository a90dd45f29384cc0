-- trueup migration
-- version: 000001
-- name: create_all
-- engine: postgres
-- parent: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- state: 44cb43ce881bc90335e631941aa208558f8343c176aab0c0a8c28281b4a2d5ad
-- verified: PostgreSQL 17.11, scratch database

-- create namespace orchestrator
CREATE SCHEMA orchestrator;

-- create extension vector [needs-privilege: needs the right to create extensions]
CREATE EXTENSION IF NOT EXISTS vector;

-- create table orchestrator.tools
CREATE TABLE orchestrator.tools (
  name text NOT NULL,
  display_name text NOT NULL,
  description text NOT NULL,
  category text NOT NULL,
  icon text,
  parameters jsonb NOT NULL DEFAULT '{}',
  sort_order integer NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT tools_pkey PRIMARY KEY (name)
);

-- create table orchestrator.users
CREATE TABLE orchestrator.users (
  id uuid NOT NULL,
  subject text NOT NULL,
  email text NOT NULL,
  nickname text NOT NULL,
  name text NOT NULL DEFAULT '',
  avatar_url text,
  country_code character varying(2),
  is_banned boolean NOT NULL DEFAULT false,
  has_agreed_with_terms boolean NOT NULL DEFAULT false,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_nickname_key UNIQUE (nickname),
  CONSTRAINT users_subject_key UNIQUE (subject)
);

-- create table orchestrator.integration_connections
CREATE TABLE orchestrator.integration_connections (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  provider text NOT NULL,
  access_token bytea NOT NULL,
  refresh_token bytea,
  scopes text[] NOT NULL DEFAULT '{}',
  expires_at timestamp with time zone,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT integration_connections_pkey PRIMARY KEY (id),
  CONSTRAINT integration_connections_user_provider_key UNIQUE (user_id, provider),
  CONSTRAINT integration_connections_user_id_fkey FOREIGN KEY (user_id) REFERENCES orchestrator.users (id) ON DELETE CASCADE
);

-- create table orchestrator.preferences
CREATE TABLE orchestrator.preferences (
  user_id uuid NOT NULL,
  theme text NOT NULL DEFAULT 'system',
  language character varying(8) NOT NULL DEFAULT 'en',
  currency character varying(3),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT preferences_pkey PRIMARY KEY (user_id),
  CONSTRAINT preferences_theme_check CHECK (theme in ('light', 'dark', 'system')),
  CONSTRAINT preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES orchestrator.users (id) ON DELETE CASCADE
);

-- create table orchestrator.push_tokens
CREATE TABLE orchestrator.push_tokens (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  token text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT push_tokens_pkey PRIMARY KEY (id),
  CONSTRAINT push_tokens_token_key UNIQUE (token),
  CONSTRAINT push_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES orchestrator.users (id) ON DELETE CASCADE
);

-- create table orchestrator.workspaces
CREATE TABLE orchestrator.workspaces (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT workspaces_pkey PRIMARY KEY (id),
  CONSTRAINT workspaces_user_name_key UNIQUE (user_id, name),
  CONSTRAINT workspaces_user_id_fkey FOREIGN KEY (user_id) REFERENCES orchestrator.users (id) ON DELETE CASCADE
);

-- create table orchestrator.agents
CREATE TABLE orchestrator.agents (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  slug text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  system_prompt text NOT NULL DEFAULT '',
  sort_order integer NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT agents_pkey PRIMARY KEY (id),
  CONSTRAINT agents_workspace_slug_key UNIQUE (workspace_id, slug),
  CONSTRAINT agents_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES orchestrator.workspaces (id) ON DELETE CASCADE
);

-- create table orchestrator.mcp_audit_logs
CREATE TABLE orchestrator.mcp_audit_logs (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  session_id text NOT NULL DEFAULT '',
  tool_name text NOT NULL,
  input jsonb NOT NULL DEFAULT '{}',
  output jsonb,
  success boolean NOT NULL,
  error text,
  duration_ms integer NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT mcp_audit_logs_pkey PRIMARY KEY (id),
  CONSTRAINT mcp_audit_logs_user_id_fkey FOREIGN KEY (user_id) REFERENCES orchestrator.users (id) ON DELETE CASCADE,
  CONSTRAINT mcp_audit_logs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES orchestrator.workspaces (id) ON DELETE CASCADE
);

-- create table orchestrator.agent_prompts
CREATE TABLE orchestrator.agent_prompts (
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  name text NOT NULL,
  content text NOT NULL,
  sort_order integer NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT agent_prompts_pkey PRIMARY KEY (id),
  CONSTRAINT agent_prompts_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES orchestrator.agents (id) ON DELETE CASCADE
);

-- create table orchestrator.agent_settings
CREATE TABLE orchestrator.agent_settings (
  agent_id uuid NOT NULL,
  model text NOT NULL,
  response_length text NOT NULL DEFAULT 'auto',
  allowed_tools jsonb NOT NULL DEFAULT '[]',
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT agent_settings_pkey PRIMARY KEY (agent_id),
  CONSTRAINT agent_settings_length_check CHECK (response_length in ('auto', 'short', 'long')),
  CONSTRAINT agent_settings_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES orchestrator.agents (id) ON DELETE CASCADE
);

-- create table orchestrator.conversations
CREATE TABLE orchestrator.conversations (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  agent_id uuid,
  type text NOT NULL DEFAULT 'swarm',
  title text NOT NULL DEFAULT '',
  unread_count integer NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT conversations_pkey PRIMARY KEY (id),
  CONSTRAINT conversations_type_check CHECK (type in ('swarm', 'agent')),
  CONSTRAINT conversations_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES orchestrator.agents (id) ON DELETE SET NULL,
  CONSTRAINT conversations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES orchestrator.workspaces (id) ON DELETE CASCADE
);

-- create table orchestrator.agent_history
CREATE TABLE orchestrator.agent_history (
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  conversation_id uuid,
  title text NOT NULL,
  subtitle text NOT NULL DEFAULT '',
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT agent_history_pkey PRIMARY KEY (id),
  CONSTRAINT agent_history_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES orchestrator.agents (id) ON DELETE CASCADE,
  CONSTRAINT agent_history_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES orchestrator.conversations (id) ON DELETE SET NULL
);

-- create table orchestrator.messages
CREATE TABLE orchestrator.messages (
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  agent_id uuid,
  role text NOT NULL,
  content jsonb NOT NULL,
  status text NOT NULL DEFAULT 'sent',
  attachments jsonb NOT NULL DEFAULT '[]',
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT messages_pkey PRIMARY KEY (id),
  CONSTRAINT messages_role_check CHECK (role in ('user', 'agent', 'system', 'tool')),
  CONSTRAINT messages_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES orchestrator.agents (id) ON DELETE SET NULL,
  CONSTRAINT messages_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES orchestrator.conversations (id) ON DELETE CASCADE
);

-- create index orchestrator.agent_history.agent_history_agent_idx
CREATE INDEX agent_history_agent_idx ON orchestrator.agent_history (agent_id, created_at DESC);

-- create index orchestrator.agent_prompts.agent_prompts_agent_idx
CREATE INDEX agent_prompts_agent_idx ON orchestrator.agent_prompts (agent_id, sort_order);

-- create index orchestrator.conversations.conversations_workspace_idx
CREATE INDEX conversations_workspace_idx ON orchestrator.conversations (workspace_id, updated_at DESC);

-- create index orchestrator.mcp_audit_logs.mcp_audit_logs_tool_idx
CREATE INDEX mcp_audit_logs_tool_idx ON orchestrator.mcp_audit_logs (tool_name, created_at DESC);

-- create index orchestrator.mcp_audit_logs.mcp_audit_logs_user_idx
CREATE INDEX mcp_audit_logs_user_idx ON orchestrator.mcp_audit_logs (user_id, created_at DESC);

-- create index orchestrator.messages.messages_conversation_idx
CREATE INDEX messages_conversation_idx ON orchestrator.messages (conversation_id, created_at DESC, id DESC);

-- create index orchestrator.messages.messages_pending_idx
CREATE INDEX messages_pending_idx ON orchestrator.messages (created_at) WHERE status = 'pending';

-- create index orchestrator.push_tokens.push_tokens_user_idx
CREATE INDEX push_tokens_user_idx ON orchestrator.push_tokens (user_id);

-- create index orchestrator.users.users_email_key
CREATE UNIQUE INDEX users_email_key ON orchestrator.users ((lower(email))) WHERE deleted_at is null;
