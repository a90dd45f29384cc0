-- trueup migration
-- version: 000001
-- name: llm_usage
-- engine: clickhouse
-- parent: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- state: bf82e3e19c693f533450128eb29be4d42f71ab96b366728fdddc4d21b946e642
-- verified: no (no scratch database)

-- create table llm_usage
CREATE TABLE llm_usage (
  id UUID,
  user_id UUID,
  workspace_id UUID,
  agent_id UUID,
  conversation_id Nullable(UUID),
  provider LowCardinality(String),
  model LowCardinality(String),
  region LowCardinality(String) DEFAULT 'global',
  prompt_tokens UInt32,
  completion_tokens UInt32,
  cost_usd Decimal(14, 6),
  latency_ms UInt32 CODEC(T64, ZSTD(1)),
  status Enum8('ok' = 1, 'error' = 2, 'cancelled' = 3),
  created_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  CONSTRAINT llm_usage_cost_check CHECK cost_usd >= 0,
  INDEX llm_usage_conversation_idx conversation_id TYPE bloom_filter GRANULARITY 4
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(created_at)
ORDER BY (user_id, agent_id, created_at)
TTL toDateTime(created_at) + toIntervalMonth(13)
SETTINGS ttl_only_drop_parts = 1
COMMENT 'One row a call';

-- create table llm_usage_daily
CREATE TABLE llm_usage_daily (
  day Date,
  user_id UUID,
  agent_id UUID,
  provider LowCardinality(String),
  model LowCardinality(String),
  calls UInt64,
  errors UInt64,
  prompt_tokens UInt64,
  completion_tokens UInt64,
  cost_usd Decimal(38, 6)
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (user_id, day, agent_id, provider, model)
COMMENT 'Filled by llm_usage_daily_mv';

-- create materialized view llm_usage_daily_mv [note: collects rows from now on; what is there already is not in it]
CREATE MATERIALIZED VIEW llm_usage_daily_mv
TO llm_usage_daily
AS SELECT toDate(created_at) AS day, user_id, agent_id, provider, model, count() AS calls, countIf(status = 'error') AS errors, sum(llm_usage.prompt_tokens) AS prompt_tokens, sum(llm_usage.completion_tokens) AS completion_tokens, sum(llm_usage.cost_usd) AS cost_usd FROM llm_usage GROUP BY day, user_id, agent_id, provider, model;
