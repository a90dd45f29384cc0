-- trueup migration
-- version: 000011
-- name: cached_token_prices
-- engine: postgres
-- parent: 2a0846683209c5959f5463942f088a6d4e7ae696c847768aab1b11fcc7d0e331
-- state: 6486d9e9689026b4ca387f8e7d4cc85c8bb50134a7ae05157041fe3ba899b433
-- verified: PostgreSQL 17.11, scratch database

-- alter column orchestrator.agent_usage_counters.request_count
ALTER TABLE orchestrator.agent_usage_counters ALTER COLUMN request_count DROP DEFAULT;

-- alter column orchestrator.agent_usage_counters.request_count [rewrites-table: rewrites orchestrator.agent_usage_counters and its indexes; nobody reads or writes it meanwhile]
ALTER TABLE orchestrator.agent_usage_counters ALTER COLUMN request_count TYPE bigint;

-- alter column orchestrator.agent_usage_counters.request_count
ALTER TABLE orchestrator.agent_usage_counters ALTER COLUMN request_count SET DEFAULT 0;

-- alter row orchestrator.models."[""llama-3.3-70b""]"
UPDATE orchestrator.models SET sort_order = 4 WHERE id = 'llama-3.3-70b';

-- create column orchestrator.model_pricing.cached_input_per_million
ALTER TABLE orchestrator.model_pricing ADD COLUMN cached_input_per_million numeric(12,6);

-- create row orchestrator.models."[""gemini-2.5-flash""]"
INSERT INTO orchestrator.models (context_window, id, max_output_tokens, name, provider, sort_order, supports_vision)
VALUES (1048576, 'gemini-2.5-flash', 65536, 'Gemini 2.5 Flash', 'google', 3, true)
ON CONFLICT (id) DO UPDATE SET context_window = EXCLUDED.context_window, max_output_tokens = EXCLUDED.max_output_tokens, name = EXCLUDED.name, provider = EXCLUDED.provider, sort_order = EXCLUDED.sort_order, supports_vision = EXCLUDED.supports_vision;
