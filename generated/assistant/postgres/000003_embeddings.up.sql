-- trueup migration
-- version: 000003
-- name: embeddings
-- engine: postgres
-- parent: a199848e63e991dd2e94dd0835b11cacba447ddb5e2f9f3910faae8c01f90045
-- state: cb5462946d3c9ce6375cf35a1eaacdcd4d9a67541deee1a655aabc271a41afc7
-- verified: PostgreSQL 17.11, scratch database

-- create extension pgcrypto [needs-privilege: needs the right to create extensions]
CREATE EXTENSION IF NOT EXISTS pgcrypto;

-- create function public.generate_content_hash(text)
CREATE OR REPLACE FUNCTION public.generate_content_hash(content text)
RETURNS character varying
LANGUAGE plpgsql
AS $$BEGIN
    RETURN encode(digest(content, 'sha256'), 'hex');
END;
$$;

-- create function public.update_knowledge_base_timestamp()
CREATE OR REPLACE FUNCTION public.update_knowledge_base_timestamp()
RETURNS trigger
LANGUAGE plpgsql
AS $$BEGIN
    NEW.updated_at = NOW();
    RETURN NEW;
END;
$$;

-- create table public.conversation_embeddings
CREATE TABLE public.conversation_embeddings (
  id uuid NOT NULL DEFAULT uuid_generate_v4(),
  conversation_id uuid NOT NULL,
  message_id uuid,
  content_hash character varying(64) NOT NULL,
  embedding_vector double precision[] NOT NULL,
  chunk_text text NOT NULL,
  chunk_index integer DEFAULT 0,
  created_at timestamp with time zone DEFAULT now(),
  source_type character varying(50) DEFAULT 'message',
  metadata jsonb DEFAULT '{}'::jsonb,
  CONSTRAINT conversation_embeddings_pkey PRIMARY KEY (id),
  CONSTRAINT conversation_embeddings_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations (id) ON DELETE CASCADE,
  CONSTRAINT conversation_embeddings_message_id_fkey FOREIGN KEY (message_id) REFERENCES public.messages (id) ON DELETE CASCADE
);

-- create table public.embedding_models
CREATE TABLE public.embedding_models (
  id uuid NOT NULL DEFAULT uuid_generate_v4(),
  name character varying(255) NOT NULL,
  model_path text,
  dimension integer NOT NULL,
  description text,
  is_active boolean DEFAULT true,
  created_at timestamp with time zone DEFAULT now(),
  CONSTRAINT embedding_models_pkey PRIMARY KEY (id),
  CONSTRAINT embedding_models_name_key UNIQUE (name)
);

-- create table public.knowledge_base
CREATE TABLE public.knowledge_base (
  id uuid NOT NULL DEFAULT uuid_generate_v4(),
  title character varying(500) NOT NULL,
  content text NOT NULL,
  source character varying(500),
  content_type character varying(100) DEFAULT 'text',
  file_hash character varying(64),
  tags text[] DEFAULT array[]::text[],
  embedding_vector double precision[],
  created_at timestamp with time zone DEFAULT now(),
  updated_at timestamp with time zone DEFAULT now(),
  file_size integer,
  file_extension character varying(50),
  language character varying(50),
  CONSTRAINT knowledge_base_pkey PRIMARY KEY (id)
);

-- create table public.knowledge_base
COMMENT ON TABLE public.knowledge_base IS 'Uploaded documents and files';

-- create index public.conversation_embeddings.idx_conversation_embeddings_chunk_fts
CREATE INDEX idx_conversation_embeddings_chunk_fts ON public.conversation_embeddings USING gin ((to_tsvector('english', chunk_text)));

-- create index public.conversation_embeddings.idx_conversation_embeddings_content_hash
CREATE INDEX idx_conversation_embeddings_content_hash ON public.conversation_embeddings (content_hash);

-- create index public.conversation_embeddings.idx_conversation_embeddings_conversation_id
CREATE INDEX idx_conversation_embeddings_conversation_id ON public.conversation_embeddings (conversation_id);

-- create index public.conversation_embeddings.idx_conversation_embeddings_message_id
CREATE INDEX idx_conversation_embeddings_message_id ON public.conversation_embeddings (message_id);

-- create index public.conversation_embeddings.idx_conversation_embeddings_source_type
CREATE INDEX idx_conversation_embeddings_source_type ON public.conversation_embeddings (source_type);

-- create index public.embedding_models.idx_embedding_models_active
CREATE INDEX idx_embedding_models_active ON public.embedding_models (is_active);

-- create index public.knowledge_base.idx_knowledge_base_content_fts
CREATE INDEX idx_knowledge_base_content_fts ON public.knowledge_base USING gin ((to_tsvector('english', content)));

-- create index public.knowledge_base.idx_knowledge_base_content_type
CREATE INDEX idx_knowledge_base_content_type ON public.knowledge_base (content_type);

-- create index public.knowledge_base.idx_knowledge_base_file_hash
CREATE INDEX idx_knowledge_base_file_hash ON public.knowledge_base (file_hash);

-- create index public.knowledge_base.idx_knowledge_base_language
CREATE INDEX idx_knowledge_base_language ON public.knowledge_base (language);

-- create index public.knowledge_base.idx_knowledge_base_tags
CREATE INDEX idx_knowledge_base_tags ON public.knowledge_base USING gin (tags);

-- create trigger public.knowledge_base.trigger_update_knowledge_base_timestamp [blocks-writes: short lock against writes on the table]
CREATE TRIGGER trigger_update_knowledge_base_timestamp
  BEFORE UPDATE ON public.knowledge_base
  FOR EACH ROW
  EXECUTE FUNCTION public.update_knowledge_base_timestamp();

-- create row public.embedding_models."[""all-MiniLM-L6-v2""]"
INSERT INTO public.embedding_models (description, dimension, name)
VALUES ('Default sentence transformer model', 384, 'all-MiniLM-L6-v2')
ON CONFLICT (name) DO UPDATE SET description = EXCLUDED.description, dimension = EXCLUDED.dimension;
