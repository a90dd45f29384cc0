-- trueup migration
-- version: 000002
-- name: cached_tokens
-- engine: clickhouse
-- parent: bf82e3e19c693f533450128eb29be4d42f71ab96b366728fdddc4d21b946e642
-- state: 04bc954d4eb987476cf592441073057d49caa7f2ea2c4d07b87b3c6a2c4522d1
-- verified: no (no scratch database)

-- create column llm_usage.cached_tokens
ALTER TABLE llm_usage ADD COLUMN IF NOT EXISTS cached_tokens UInt32 AFTER completion_tokens;

-- create column llm_usage_daily.cached_tokens
ALTER TABLE llm_usage_daily ADD COLUMN IF NOT EXISTS cached_tokens UInt64 AFTER completion_tokens;

-- alter materialized view llm_usage_daily_mv [note: rows collected so far stay as they are]
ALTER TABLE llm_usage_daily_mv MODIFY QUERY SELECT toDate(created_at) AS day, user_id, agent_id, provider, model, count() AS calls, countIf(status = 'error') AS errors, sum(llm_usage.prompt_tokens) AS prompt_tokens, sum(llm_usage.completion_tokens) AS completion_tokens, sum(llm_usage.cached_tokens) AS cached_tokens, sum(llm_usage.cost_usd) AS cost_usd FROM llm_usage GROUP BY day, user_id, agent_id, provider, model;
