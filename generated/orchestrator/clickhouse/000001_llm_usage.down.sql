-- trueup migration
-- version: 000001
-- name: llm_usage
-- engine: clickhouse
-- parent: bf82e3e19c693f533450128eb29be4d42f71ab96b366728fdddc4d21b946e642
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
