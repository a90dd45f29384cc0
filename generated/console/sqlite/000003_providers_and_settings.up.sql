-- trueup migration
-- version: 000003
-- name: providers_and_settings
-- engine: sqlite
-- parent: e6da1b4d0435218806bd595d3d0cf08205248a76c7d441f0483ede2cddb30b1a
-- state: 8366f0327bd189cd843161ed0ad93bbe1af0bb6fcb28427340914e17eba4c998
-- verified: SQLite 3.40.1, scratch database

-- create table agent_providers
create table agent_providers (
  id integer primary key autoincrement,
  "key" varchar(255) not null unique,
  display_name varchar(255) not null,
  capabilities jsonb not null,
  enabled boolean not null default true,
  created_at timestamptz,
  updated_at timestamptz
);

-- create table agent_settings
create table agent_settings (
  id integer primary key autoincrement,
  "key" varchar(255) not null unique,
  value longtext,
  is_secret boolean not null default false,
  category varchar(255) not null default 'general',
  description text,
  created_at timestamptz,
  updated_at timestamptz
);

-- create row agent_providers."[""claude_api""]"
insert into agent_providers (capabilities, display_name, "key") values ('["chat","tools","streaming"]', 'Claude API', 'claude_api')
on conflict ("key") do update set capabilities = excluded.capabilities, display_name = excluded.display_name;

-- create row agent_providers."[""claude_code""]"
insert into agent_providers (capabilities, display_name, "key") values ('["chat","tools","code_exec","streaming"]', 'Claude Code', 'claude_code')
on conflict ("key") do update set capabilities = excluded.capabilities, display_name = excluded.display_name;

-- create row agent_providers."[""local_shell""]"
insert into agent_providers (capabilities, display_name, "key") values ('["code_exec"]', 'Local shell', 'local_shell')
on conflict ("key") do update set capabilities = excluded.capabilities, display_name = excluded.display_name;

-- create row agent_providers."[""openai""]"
insert into agent_providers (capabilities, display_name, "key") values ('["chat","tools","streaming"]', 'OpenAI', 'openai')
on conflict ("key") do update set capabilities = excluded.capabilities, display_name = excluded.display_name;

-- create row agent_settings."[""command_timeout_seconds""]"
insert into agent_settings (category, description, "key", value) values ('limits', 'A command is killed after this time', 'command_timeout_seconds', '120')
on conflict ("key") do update set category = excluded.category, description = excluded.description, value = excluded.value;

-- create row agent_settings."[""default_branch_prefix""]"
insert into agent_settings (category, description, "key", value) values ('git', 'Prefix of branches that runs create', 'default_branch_prefix', 'agent/')
on conflict ("key") do update set category = excluded.category, description = excluded.description, value = excluded.value;

-- create row agent_settings."[""default_provider""]"
insert into agent_settings (category, description, "key", value) values ('general', 'Provider of a new run', 'default_provider', 'claude_api')
on conflict ("key") do update set category = excluded.category, description = excluded.description, value = excluded.value;

-- create row agent_settings."[""max_concurrent_runs""]"
insert into agent_settings (category, description, "key", value) values ('limits', 'Runs of one project at the same time', 'max_concurrent_runs', '3')
on conflict ("key") do update set category = excluded.category, description = excluded.description, value = excluded.value;

-- create row agent_settings."[""rag_top_k""]"
insert into agent_settings (category, description, "key", value) values ('rag', 'Chunks given to the model', 'rag_top_k', '12')
on conflict ("key") do update set category = excluded.category, description = excluded.description, value = excluded.value;
