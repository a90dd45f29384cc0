-- trueup migration
-- version: 000001
-- name: initial
-- engine: postgres
-- parent: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- state: ee4c850e83e3e5a29c2e409a7c87cc12ad4e7f18a8a26cbe79d36b30df49b399
-- verified: PostgreSQL 17.11, scratch database

-- create extension "uuid-ossp" [needs-privilege: needs the right to create extensions]
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";

-- create table public.model_configs
CREATE TABLE public.model_configs (
  id uuid NOT NULL DEFAULT uuid_generate_v4(),
  name character varying(255) NOT NULL,
  model_path text NOT NULL,
  config jsonb NOT NULL,
  is_default boolean DEFAULT false,
  created_at timestamp with time zone DEFAULT now(),
  CONSTRAINT model_configs_pkey PRIMARY KEY (id)
);

-- create table public.system_settings
CREATE TABLE public.system_settings (
  key character varying(255) NOT NULL,
  value jsonb NOT NULL,
  description text,
  updated_at timestamp with time zone DEFAULT now(),
  CONSTRAINT system_settings_pkey PRIMARY KEY (key)
);

-- create table public.users
CREATE TABLE public.users (
  id uuid NOT NULL DEFAULT uuid_generate_v4(),
  username character varying(255) NOT NULL,
  email character varying(255),
  created_at timestamp with time zone DEFAULT now(),
  updated_at timestamp with time zone DEFAULT now(),
  is_active boolean DEFAULT true,
  preferences jsonb DEFAULT '{}'::jsonb,
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_username_key UNIQUE (username)
);

-- create table public.users
COMMENT ON TABLE public.users IS 'Basic user management';

-- create index public.model_configs.idx_model_configs_default
CREATE INDEX idx_model_configs_default ON public.model_configs (is_default);

-- create index public.users.idx_users_active
CREATE INDEX idx_users_active ON public.users (is_active);

-- create index public.users.idx_users_username
CREATE INDEX idx_users_username ON public.users (username);

-- create row public.system_settings."[""app_version""]"
INSERT INTO public.system_settings (description, key, value)
VALUES ('Application version', 'app_version', '"1.0.0"')
ON CONFLICT (key) DO UPDATE SET description = EXCLUDED.description, value = EXCLUDED.value;

-- create row public.system_settings."[""default_temperature""]"
INSERT INTO public.system_settings (description, key, value)
VALUES ('Default model temperature', 'default_temperature', '0.7')
ON CONFLICT (key) DO UPDATE SET description = EXCLUDED.description, value = EXCLUDED.value;

-- create row public.system_settings."[""enable_embeddings""]"
INSERT INTO public.system_settings (description, key, value)
VALUES ('Enable embeddings system', 'enable_embeddings', 'true')
ON CONFLICT (key) DO UPDATE SET description = EXCLUDED.description, value = EXCLUDED.value;

-- create row public.system_settings."[""max_context_length""]"
INSERT INTO public.system_settings (description, key, value)
VALUES ('Maximum context length', 'max_context_length', '4096')
ON CONFLICT (key) DO UPDATE SET description = EXCLUDED.description, value = EXCLUDED.value;

-- create row public.users."[""admin""]"
INSERT INTO public.users (email, username)
VALUES ('admin@localhost', 'admin')
ON CONFLICT (username) DO UPDATE SET email = EXCLUDED.email;
