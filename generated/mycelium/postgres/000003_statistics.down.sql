-- trueup migration
-- version: 000003
-- name: statistics
-- engine: postgres
-- parent: de43a550d92941fb51d93a364cf52b5ab9b55b42fb928b65f1e0fa9567cf790d
-- state: 32dbc646edd4e29babb7e119b486d2837f1518d538545a106c24a8455d364901
-- verified: PostgreSQL 17.11, scratch database

-- drop materialized view public.agent_statistics
DROP MATERIALIZED VIEW public.agent_statistics;
