-- trueup migration
-- version: 000003
-- name: statistics
-- engine: postgres
-- parent: 32dbc646edd4e29babb7e119b486d2837f1518d538545a106c24a8455d364901
-- state: de43a550d92941fb51d93a364cf52b5ab9b55b42fb928b65f1e0fa9567cf790d
-- verified: PostgreSQL 17.11, scratch database

-- create materialized view public.agent_statistics [note: runs its query to fill it]
CREATE MATERIALIZED VIEW public.agent_statistics AS
select a.id as agent_id, a.name, a.category,
       count(u.id) as total_uses,
       count(u.id) filter (where u.status = 'completed') as successes,
       avg(u.response_time_ms) as avg_response_time_ms,
       max(u.started_at) as last_used_at
from agents a
left join agent_usage u on u.agent_id = a.id
group by a.id, a.name, a.category;

-- create materialized view public.agent_statistics
COMMENT ON MATERIALIZED VIEW public.agent_statistics IS 'Refreshed by the coordinator every five minutes';

-- create index public.agent_statistics.agent_statistics_agent_key
CREATE UNIQUE INDEX agent_statistics_agent_key ON public.agent_statistics (agent_id);

-- create index public.agent_statistics.agent_statistics_uses_idx
CREATE INDEX agent_statistics_uses_idx ON public.agent_statistics (total_uses DESC);
