-- trueup migration
-- version: 000002
-- name: add_mcp_tables
-- engine: postgres
-- parent: ac7c90ad91d46bb50bee065e1869ef3d4d7be77372de480ff93ab52ad7643b6b
-- state: a61aff90f489652436193698a8d6798b84df7793d0da6c9ec2c164c332e728f6
-- verified: PostgreSQL 17.11, scratch database

-- create table public.mcp_servers
CREATE TABLE public.mcp_servers (
  mcp_server_id character varying(36) NOT NULL,
  name text NOT NULL,
  transport text NOT NULL,
  scope text NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  updated_at bigint,
  data jsonb NOT NULL,
  created_at bigint NOT NULL,
  created_by character varying(36) NOT NULL DEFAULT 'anonymous',
  CONSTRAINT mcp_servers_pkey PRIMARY KEY (mcp_server_id),
  CONSTRAINT mcp_servers_name_key UNIQUE (name),
  CONSTRAINT mcp_servers_scope_check CHECK (scope in ('global', 'repo', 'session')),
  CONSTRAINT mcp_servers_transport_check CHECK (transport in ('stdio', 'http', 'sse'))
);

-- create table public.session_mcp_servers
CREATE TABLE public.session_mcp_servers (
  session_id character varying(36) NOT NULL,
  mcp_server_id character varying(36) NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  added_at bigint NOT NULL,
  CONSTRAINT session_mcp_servers_pkey PRIMARY KEY (session_id, mcp_server_id),
  CONSTRAINT session_mcp_servers_mcp_server_id_fkey FOREIGN KEY (mcp_server_id) REFERENCES public.mcp_servers (mcp_server_id) ON DELETE CASCADE,
  CONSTRAINT session_mcp_servers_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions (session_id) ON DELETE CASCADE
);

-- create index public.mcp_servers.mcp_servers_scope_idx
CREATE INDEX mcp_servers_scope_idx ON public.mcp_servers (scope);

-- create index public.session_mcp_servers.session_mcp_servers_enabled_idx
CREATE INDEX session_mcp_servers_enabled_idx ON public.session_mcp_servers (session_id, enabled);
