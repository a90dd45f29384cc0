-- trueup migration
-- version: 000002
-- name: add_mcp_tables
-- engine: sqlite
-- parent: fd6614756874d87df35e80169127dba23bf760bac96a2e122c56a795d1887dc5
-- state: 498ba756ebce8d731d91890b2693b65dcb8bb00e28a4890f510d330a94f98f12
-- verified: SQLite 3.40.1, scratch database

-- create table mcp_servers
create table mcp_servers (
  mcp_server_id varchar(36) not null primary key,
  name text not null unique,
  transport text not null,
  scope text not null,
  enabled boolean not null default true,
  updated_at bigint,
  data text not null,
  created_at bigint not null,
  created_by varchar(36) not null default 'anonymous',
  check (scope in ('global', 'repo', 'session')),
  check (transport in ('stdio', 'http', 'sse'))
);

-- create table session_mcp_servers
create table session_mcp_servers (
  session_id varchar(36) not null references sessions (session_id) on delete cascade,
  mcp_server_id varchar(36) not null references mcp_servers (mcp_server_id) on delete cascade,
  enabled boolean not null default true,
  added_at bigint not null,
  primary key (session_id, mcp_server_id)
);

-- create index mcp_servers.mcp_servers_scope_idx
create index mcp_servers_scope_idx on mcp_servers (scope);

-- create index session_mcp_servers.session_mcp_servers_enabled_idx
create index session_mcp_servers_enabled_idx on session_mcp_servers (session_id, enabled);
