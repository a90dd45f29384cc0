-- trueup migration
-- version: 000003
-- name: seed_catalogs
-- engine: postgres
-- parent: 4679f583d8aad88193863e52f61c26458b17cfad573446eb4127edc05e218a38
-- state: fec240828297dcc8b66bdbffde101fb7c5cb9b5b4ebcfb176d2e72ce46ec409a
-- verified: PostgreSQL 17.11, scratch database

-- create table orchestrator.integration_categories
CREATE TABLE orchestrator.integration_categories (
  id text NOT NULL,
  name text NOT NULL,
  sort_order integer NOT NULL DEFAULT 0,
  CONSTRAINT integration_categories_pkey PRIMARY KEY (id)
);

-- create table orchestrator.models
CREATE TABLE orchestrator.models (
  id text NOT NULL,
  name text NOT NULL,
  provider text NOT NULL,
  context_window integer NOT NULL,
  max_output_tokens integer NOT NULL,
  supports_vision boolean NOT NULL DEFAULT false,
  is_default boolean NOT NULL DEFAULT false,
  sort_order integer NOT NULL DEFAULT 0,
  CONSTRAINT models_pkey PRIMARY KEY (id)
);

-- create table orchestrator.tool_categories
CREATE TABLE orchestrator.tool_categories (
  id text NOT NULL,
  name text NOT NULL,
  sort_order integer NOT NULL DEFAULT 0,
  CONSTRAINT tool_categories_pkey PRIMARY KEY (id)
);

-- create index orchestrator.models.models_default_key
CREATE UNIQUE INDEX models_default_key ON orchestrator.models (is_default) WHERE is_default;

-- create row orchestrator.integration_categories."[""communication""]"
INSERT INTO orchestrator.integration_categories (id, name, sort_order)
VALUES ('communication', 'Communication', 2)
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, sort_order = EXCLUDED.sort_order;

-- create row orchestrator.integration_categories."[""productivity""]"
INSERT INTO orchestrator.integration_categories (id, name, sort_order)
VALUES ('productivity', 'Productivity', 1)
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, sort_order = EXCLUDED.sort_order;

-- create table orchestrator.integration_providers
CREATE TABLE orchestrator.integration_providers (
  id text NOT NULL,
  category_id text NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  icon_url text,
  is_enabled boolean NOT NULL DEFAULT false,
  CONSTRAINT integration_providers_pkey PRIMARY KEY (id),
  CONSTRAINT integration_providers_category_id_fkey FOREIGN KEY (category_id) REFERENCES orchestrator.integration_categories (id)
);

-- create index orchestrator.integration_providers.integration_providers_category_idx
CREATE INDEX integration_providers_category_idx ON orchestrator.integration_providers (category_id);

-- create row orchestrator.integration_providers."[""gmail""]"
INSERT INTO orchestrator.integration_providers (category_id, id, is_enabled, name)
VALUES ('communication', 'gmail', true, 'Gmail')
ON CONFLICT (id) DO UPDATE SET category_id = EXCLUDED.category_id, is_enabled = EXCLUDED.is_enabled, name = EXCLUDED.name;

-- create row orchestrator.integration_providers."[""google_calendar""]"
INSERT INTO orchestrator.integration_providers (category_id, id, is_enabled, name)
VALUES ('productivity', 'google_calendar', true, 'Google Calendar')
ON CONFLICT (id) DO UPDATE SET category_id = EXCLUDED.category_id, is_enabled = EXCLUDED.is_enabled, name = EXCLUDED.name;

-- create row orchestrator.integration_providers."[""slack""]"
INSERT INTO orchestrator.integration_providers (category_id, id, name)
VALUES ('communication', 'slack', 'Slack')
ON CONFLICT (id) DO UPDATE SET category_id = EXCLUDED.category_id, name = EXCLUDED.name;

-- create row orchestrator.models."[""claude-sonnet-4-5""]"
INSERT INTO orchestrator.models (context_window, id, max_output_tokens, name, provider, sort_order, supports_vision)
VALUES (200000, 'claude-sonnet-4-5', 64000, 'Claude Sonnet 4.5', 'anthropic', 2, true)
ON CONFLICT (id) DO UPDATE SET context_window = EXCLUDED.context_window, max_output_tokens = EXCLUDED.max_output_tokens, name = EXCLUDED.name, provider = EXCLUDED.provider, sort_order = EXCLUDED.sort_order, supports_vision = EXCLUDED.supports_vision;

-- create row orchestrator.models."[""gpt-5-mini""]"
INSERT INTO orchestrator.models (context_window, id, is_default, max_output_tokens, name, provider, sort_order, supports_vision)
VALUES (400000, 'gpt-5-mini', true, 128000, 'GPT-5 mini', 'openai', 1, true)
ON CONFLICT (id) DO UPDATE SET context_window = EXCLUDED.context_window, is_default = EXCLUDED.is_default, max_output_tokens = EXCLUDED.max_output_tokens, name = EXCLUDED.name, provider = EXCLUDED.provider, sort_order = EXCLUDED.sort_order, supports_vision = EXCLUDED.supports_vision;

-- create row orchestrator.models."[""llama-3.3-70b""]"
INSERT INTO orchestrator.models (context_window, id, max_output_tokens, name, provider, sort_order)
VALUES (131072, 'llama-3.3-70b', 32768, 'Llama 3.3 70B', 'groq', 3)
ON CONFLICT (id) DO UPDATE SET context_window = EXCLUDED.context_window, max_output_tokens = EXCLUDED.max_output_tokens, name = EXCLUDED.name, provider = EXCLUDED.provider, sort_order = EXCLUDED.sort_order;

-- create row orchestrator.tool_categories."[""communication""]"
INSERT INTO orchestrator.tool_categories (id, name, sort_order)
VALUES ('communication', 'Communication', 4)
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, sort_order = EXCLUDED.sort_order;

-- create row orchestrator.tool_categories."[""files""]"
INSERT INTO orchestrator.tool_categories (id, name, sort_order)
VALUES ('files', 'Files', 2)
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, sort_order = EXCLUDED.sort_order;

-- create row orchestrator.tool_categories."[""memory""]"
INSERT INTO orchestrator.tool_categories (id, name, sort_order)
VALUES ('memory', 'Memory', 3)
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, sort_order = EXCLUDED.sort_order;

-- create row orchestrator.tool_categories."[""search""]"
INSERT INTO orchestrator.tool_categories (id, name, sort_order)
VALUES ('search', 'Search', 1)
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, sort_order = EXCLUDED.sort_order;

-- create row orchestrator.tools."[""file_read""]"
INSERT INTO orchestrator.tools (category, description, display_name, name, parameters, sort_order)
VALUES ('files', 'Reads a file of the workspace', 'Read a file', 'file_read', '{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]}', 3)
ON CONFLICT (name) DO UPDATE SET category = EXCLUDED.category, description = EXCLUDED.description, display_name = EXCLUDED.display_name, parameters = EXCLUDED.parameters, sort_order = EXCLUDED.sort_order;

-- create row orchestrator.tools."[""file_write""]"
INSERT INTO orchestrator.tools (category, description, display_name, name, parameters, sort_order)
VALUES ('files', 'Writes a file of the workspace; the user''s old version is kept', 'Write a file', 'file_write', '{"type":"object","properties":{"path":{"type":"string"},"content":{"type":"string"}},"required":["path","content"]}', 4)
ON CONFLICT (name) DO UPDATE SET category = EXCLUDED.category, description = EXCLUDED.description, display_name = EXCLUDED.display_name, parameters = EXCLUDED.parameters, sort_order = EXCLUDED.sort_order;

-- create row orchestrator.tools."[""memory_recall""]"
INSERT INTO orchestrator.tools (category, description, display_name, name, parameters, sort_order)
VALUES ('memory', 'Finds what was remembered about a subject', 'Recall', 'memory_recall', '{"type":"object","properties":{"query":{"type":"string"},"limit":{"type":"integer","default":5}}}', 5)
ON CONFLICT (name) DO UPDATE SET category = EXCLUDED.category, description = EXCLUDED.description, display_name = EXCLUDED.display_name, parameters = EXCLUDED.parameters, sort_order = EXCLUDED.sort_order;

-- create row orchestrator.tools."[""send_push""]"
INSERT INTO orchestrator.tools (category, description, display_name, icon, name, sort_order)
VALUES ('communication', 'Sends a notification to the user''s devices', 'Notify', 'bell', 'send_push', 6)
ON CONFLICT (name) DO UPDATE SET category = EXCLUDED.category, description = EXCLUDED.description, display_name = EXCLUDED.display_name, icon = EXCLUDED.icon, sort_order = EXCLUDED.sort_order;

-- create row orchestrator.tools."[""web_fetch""]"
INSERT INTO orchestrator.tools (category, description, display_name, name, parameters, sort_order)
VALUES ('search', 'Fetches a page and returns its text', 'Read a page', 'web_fetch', '{"type":"object","properties":{"url":{"type":"string"}},"required":["url"]}', 2)
ON CONFLICT (name) DO UPDATE SET category = EXCLUDED.category, description = EXCLUDED.description, display_name = EXCLUDED.display_name, parameters = EXCLUDED.parameters, sort_order = EXCLUDED.sort_order;

-- create row orchestrator.tools."[""web_search""]"
INSERT INTO orchestrator.tools (category, description, display_name, name, parameters, sort_order)
VALUES ('search', 'Searches the web and returns the best results', 'Web search', 'web_search', '{"type":"object","properties":{"query":{"type":"string"}},"required":["query"]}', 1)
ON CONFLICT (name) DO UPDATE SET category = EXCLUDED.category, description = EXCLUDED.description, display_name = EXCLUDED.display_name, parameters = EXCLUDED.parameters, sort_order = EXCLUDED.sort_order;
