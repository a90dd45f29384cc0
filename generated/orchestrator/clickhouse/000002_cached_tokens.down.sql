-- trueup migration
-- version: 000002
-- name: cached_tokens
-- engine: clickhouse
-- parent: 04bc954d4eb987476cf592441073057d49caa7f2ea2c4d07b87b3c6a2c4522d1
-- state: bf82e3e19c693f533450128eb29be4d42f71ab96b366728fdddc4d21b946e642
-- verified: no (no scratch database)
-- deletes: column llm_usage.cached_tokens
-- deletes: column llm_usage_daily.cached_tokens

-- alter materialized view llm_usage_daily_mv [note: rows collected so far stay as they are]
ALTER TABLE llm_usage_daily_mv MODIFY QUERY SELECT toDate(created_at) AS day, user_id, agent_id, provider, model, count() AS calls, countIf(status = 'error') AS errors, sum(llm_usage.prompt_tokens) AS prompt_tokens, sum(llm_usage.completion_tokens) AS completion_tokens, sum(llm_usage.cost_usd) AS cost_usd FROM llm_usage GROUP BY day, user_id, agent_id, provider, model;

-- drop column llm_usage.cached_tokens [deletes-data: deletes the column]
ALTER TABLE llm_usage DROP COLUMN cached_tokens;

-- drop column llm_usage_daily.cached_tokens [deletes-data: deletes the column]
ALTER TABLE llm_usage_daily DROP COLUMN cached_tokens;
