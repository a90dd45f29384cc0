-- trueup migration
-- version: 000002
-- name: cached_tokens
-- engine: clickhouse
-- parent: ee214ceffbbe5b9f4a6ed86d9ec9e872e32baee365fb5a57c8be395ed33cb4a4
-- state: 1fb47c0a28e9b8cf90d179291fe9e2709f23b191bf7e096a278d21c4636d9c92
-- verified: no (no scratch database)

-- create column llm_usage.cached_tokens
ALTER TABLE llm_usage ADD COLUMN IF NOT EXISTS cached_tokens UInt32 AFTER completion_tokens;

-- create column llm_usage_daily.cached_tokens
ALTER TABLE llm_usage_daily ADD COLUMN IF NOT EXISTS cached_tokens UInt64 AFTER completion_tokens;

-- alter materialized view llm_usage_daily_mv [note: rows collected so far stay as they are] [unsettled: perhaps only spelled differently]
ALTER TABLE llm_usage_daily_mv MODIFY QUERY SELECT toDate(created_at) AS day, user_id, agent_id, provider, model, count() AS calls, countIf(status = 'error') AS errors, sum(llm_usage.prompt_tokens) AS prompt_tokens, sum(llm_usage.completion_tokens) AS completion_tokens, sum(llm_usage.cached_tokens) AS cached_tokens, sum(llm_usage.cost_usd) AS cost_usd FROM llm_usage GROUP BY day, user_id, agent_id, provider, model;
