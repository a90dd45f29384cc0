-- trueup migration
-- version: 000001
-- name: agents
-- engine: postgres
-- parent: d41be61c052eabef777e8fc1daa963bed2580e9237d127930b2929d7dab2b663
-- state: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- verified: PostgreSQL 17.11, scratch database
-- deletes: table public.agent_dependencies
-- deletes: table public.agent_usage
-- deletes: table public.agents

-- drop table public.agent_dependencies [deletes-data: drops the table and its rows]
DROP TABLE public.agent_dependencies;

-- drop table public.agent_usage [deletes-data: drops the table and its rows]
DROP TABLE public.agent_usage;

-- drop table public.agents [deletes-data: drops the table and its rows]
DROP TABLE public.agents;

-- drop extension "uuid-ossp"
DROP EXTENSION "uuid-ossp";

-- drop extension vector
DROP EXTENSION vector;

-- drop function public.touch_updated_at()
DROP FUNCTION public.touch_updated_at();
