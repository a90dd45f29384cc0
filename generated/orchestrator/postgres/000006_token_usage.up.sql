-- trueup migration
-- version: 000006
-- name: token_usage
-- engine: postgres
-- parent: 6fe71bedb9eea7f1a026fe6b1fceaa058740e91ed49a107827527b47ba79ba1d
-- state: 5c869f7221a8f85efae33dd9b0f58fe78d74907481180932b8e69930c00bd7b4
-- verified: PostgreSQL 17.11, scratch database

-- create table orchestrator.agent_usage_counters
CREATE TABLE orchestrator.agent_usage_counters (
  agent_id uuid NOT NULL,
  period date NOT NULL,
  tokens_used bigint NOT NULL DEFAULT 0,
  request_count integer NOT NULL DEFAULT 0,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT agent_usage_counters_pkey PRIMARY KEY (agent_id, period),
  CONSTRAINT agent_usage_counters_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES orchestrator.agents (id) ON DELETE CASCADE
);

-- create table orchestrator.model_pricing
CREATE TABLE orchestrator.model_pricing (
  id uuid NOT NULL,
  model text NOT NULL,
  provider text NOT NULL,
  region text NOT NULL DEFAULT 'global',
  input_per_million numeric(12,6) NOT NULL,
  output_per_million numeric(12,6) NOT NULL,
  effective_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT model_pricing_pkey PRIMARY KEY (id),
  CONSTRAINT model_pricing_effective_key UNIQUE (provider, model, region, effective_at)
);

-- create table orchestrator.usage_counters
CREATE TABLE orchestrator.usage_counters (
  user_id uuid NOT NULL,
  period date NOT NULL,
  tokens_used bigint NOT NULL DEFAULT 0,
  cost_usd numeric(14,6) NOT NULL DEFAULT 0,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT usage_counters_pkey PRIMARY KEY (user_id, period),
  CONSTRAINT usage_counters_user_id_fkey FOREIGN KEY (user_id) REFERENCES orchestrator.users (id) ON DELETE CASCADE
);

-- create table orchestrator.usage_plans
CREATE TABLE orchestrator.usage_plans (
  id text NOT NULL,
  name text NOT NULL,
  monthly_token_limit bigint NOT NULL,
  price_cents integer NOT NULL DEFAULT 0,
  sort_order integer NOT NULL DEFAULT 0,
  CONSTRAINT usage_plans_pkey PRIMARY KEY (id),
  CONSTRAINT usage_plans_monthly_token_limit_check CHECK (monthly_token_limit > 0)
);

-- create table orchestrator.usage_quotas
CREATE TABLE orchestrator.usage_quotas (
  user_id uuid NOT NULL,
  plan_id text NOT NULL DEFAULT 'free',
  effective_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT usage_quotas_pkey PRIMARY KEY (user_id),
  CONSTRAINT usage_quotas_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES orchestrator.usage_plans (id),
  CONSTRAINT usage_quotas_user_id_fkey FOREIGN KEY (user_id) REFERENCES orchestrator.users (id) ON DELETE CASCADE
);

-- create index orchestrator.usage_quotas.usage_quotas_plan_idx
CREATE INDEX usage_quotas_plan_idx ON orchestrator.usage_quotas (plan_id);

-- create row orchestrator.usage_plans."[""free""]"
INSERT INTO orchestrator.usage_plans (id, monthly_token_limit, name, price_cents, sort_order)
VALUES ('free', 500000, 'Free', 0, 1)
ON CONFLICT (id) DO UPDATE SET monthly_token_limit = EXCLUDED.monthly_token_limit, name = EXCLUDED.name, price_cents = EXCLUDED.price_cents, sort_order = EXCLUDED.sort_order;

-- create row orchestrator.usage_plans."[""pro""]"
INSERT INTO orchestrator.usage_plans (id, monthly_token_limit, name, price_cents, sort_order)
VALUES ('pro', 10000000, 'Pro', 1900, 2)
ON CONFLICT (id) DO UPDATE SET monthly_token_limit = EXCLUDED.monthly_token_limit, name = EXCLUDED.name, price_cents = EXCLUDED.price_cents, sort_order = EXCLUDED.sort_order;
