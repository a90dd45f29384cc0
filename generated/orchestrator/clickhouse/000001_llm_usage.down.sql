-- trueup migration
-- version: 000001
-- name: llm_usage
-- engine: clickhouse
-- parent: ee214ceffbbe5b9f4a6ed86d9ec9e872e32baee365fb5a57c8be395ed33cb4a4
-- state: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- verified: no (no scratch database)
-- deletes: table llm_usage
-- deletes: table llm_usage_daily

-- drop materialized view llm_usage_daily_mv
DROP VIEW llm_usage_daily_mv SYNC;

-- drop table llm_usage [deletes-data: deletes the table]
DROP TABLE llm_usage SYNC;

-- drop table llm_usage_daily [deletes-data: deletes the table]
DROP TABLE llm_usage_daily SYNC;
