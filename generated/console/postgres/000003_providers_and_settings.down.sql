-- trueup migration
-- version: 000003
-- name: providers_and_settings
-- engine: postgres
-- parent: 4e341159cb243e320cd66dbdfabbf2ce52e0a63944c8a8a2729c378834aef74b
-- state: 7e14b975372d8e38fc7a3cad33de61726e29e204531d3146285eb7acf0789bf4
-- verified: PostgreSQL 17.11, scratch database
-- deletes: table public.agent_providers
-- deletes: table public.agent_settings

-- drop row public.agent_providers."[""claude_api""]" [deletes-data: deletes one reference row]
DELETE FROM public.agent_providers WHERE key = 'claude_api';

-- drop row public.agent_providers."[""claude_code""]" [deletes-data: deletes one reference row]
DELETE FROM public.agent_providers WHERE key = 'claude_code';

-- drop row public.agent_providers."[""local_shell""]" [deletes-data: deletes one reference row]
DELETE FROM public.agent_providers WHERE key = 'local_shell';

-- drop row public.agent_providers."[""openai""]" [deletes-data: deletes one reference row]
DELETE FROM public.agent_providers WHERE key = 'openai';

-- drop table public.agent_providers [deletes-data: drops the table and its rows]
DROP TABLE public.agent_providers;

-- drop row public.agent_settings."[""command_timeout_seconds""]" [deletes-data: deletes one reference row]
DELETE FROM public.agent_settings WHERE key = 'command_timeout_seconds';

-- drop row public.agent_settings."[""default_branch_prefix""]" [deletes-data: deletes one reference row]
DELETE FROM public.agent_settings WHERE key = 'default_branch_prefix';

-- drop row public.agent_settings."[""default_provider""]" [deletes-data: deletes one reference row]
DELETE FROM public.agent_settings WHERE key = 'default_provider';

-- drop row public.agent_settings."[""max_concurrent_runs""]" [deletes-data: deletes one reference row]
DELETE FROM public.agent_settings WHERE key = 'max_concurrent_runs';

-- drop row public.agent_settings."[""rag_top_k""]" [deletes-data: deletes one reference row]
DELETE FROM public.agent_settings WHERE key = 'rag_top_k';

-- drop table public.agent_settings [deletes-data: drops the table and its rows]
DROP TABLE public.agent_settings;
