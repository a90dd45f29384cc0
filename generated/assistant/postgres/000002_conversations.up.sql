-- trueup migration
-- version: 000002
-- name: conversations
-- engine: postgres
-- parent: ee4c850e83e3e5a29c2e409a7c87cc12ad4e7f18a8a26cbe79d36b30df49b399
-- state: a199848e63e991dd2e94dd0835b11cacba447ddb5e2f9f3910faae8c01f90045
-- verified: PostgreSQL 17.11, scratch database

-- create table public.conversations
CREATE TABLE public.conversations (
  id uuid NOT NULL DEFAULT uuid_generate_v4(),
  user_id uuid NOT NULL,
  title character varying(500),
  agent_type character varying(100) DEFAULT 'chat',
  context_length integer DEFAULT 0,
  is_active boolean DEFAULT true,
  created_at timestamp with time zone DEFAULT now(),
  updated_at timestamp with time zone DEFAULT now(),
  metadata jsonb DEFAULT '{}'::jsonb,
  CONSTRAINT conversations_pkey PRIMARY KEY (id),
  CONSTRAINT conversations_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE
);

-- create function public.update_conversation_timestamp()
CREATE OR REPLACE FUNCTION public.update_conversation_timestamp()
RETURNS trigger
LANGUAGE plpgsql
AS $$BEGIN
    UPDATE conversations
    SET updated_at = NOW()
    WHERE id = NEW.conversation_id;
    RETURN NEW;
END;
$$;

-- create table public.conversation_stats
CREATE TABLE public.conversation_stats (
  id uuid NOT NULL DEFAULT uuid_generate_v4(),
  conversation_id uuid NOT NULL,
  total_messages integer DEFAULT 0,
  total_tokens integer DEFAULT 0,
  avg_response_time double precision,
  created_at timestamp with time zone DEFAULT now(),
  updated_at timestamp with time zone DEFAULT now(),
  CONSTRAINT conversation_stats_pkey PRIMARY KEY (id),
  CONSTRAINT conversation_stats_conversation_id_key UNIQUE (conversation_id),
  CONSTRAINT conversation_stats_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations (id) ON DELETE CASCADE
);

-- create table public.messages
CREATE TABLE public.messages (
  id uuid NOT NULL DEFAULT uuid_generate_v4(),
  conversation_id uuid NOT NULL,
  role character varying(50) NOT NULL,
  content text NOT NULL,
  token_count integer,
  "timestamp" timestamp with time zone DEFAULT now(),
  model_name character varying(255),
  generation_time double precision,
  temperature double precision,
  generation_config jsonb DEFAULT '{}'::jsonb,
  CONSTRAINT messages_pkey PRIMARY KEY (id),
  CONSTRAINT messages_role_check CHECK (role in ('user', 'assistant', 'system')),
  CONSTRAINT messages_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations (id) ON DELETE CASCADE
);

-- create function public.update_conversation_stats()
CREATE OR REPLACE FUNCTION public.update_conversation_stats()
RETURNS trigger
LANGUAGE plpgsql
AS $$BEGIN
    INSERT INTO conversation_stats (conversation_id, total_messages, total_tokens)
    SELECT
        NEW.conversation_id,
        COUNT(*),
        SUM(COALESCE(token_count, 0))
    FROM messages
    WHERE conversation_id = NEW.conversation_id
    ON CONFLICT (conversation_id) DO UPDATE SET
        total_messages = EXCLUDED.total_messages,
        total_tokens = EXCLUDED.total_tokens,
        updated_at = NOW();

    RETURN NEW;
END;
$$;

-- create index public.conversation_stats.idx_conversation_stats_conversation_id
CREATE INDEX idx_conversation_stats_conversation_id ON public.conversation_stats (conversation_id);

-- create index public.conversations.idx_conversations_agent_type
CREATE INDEX idx_conversations_agent_type ON public.conversations (agent_type);

-- create index public.conversations.idx_conversations_created_at
CREATE INDEX idx_conversations_created_at ON public.conversations (created_at DESC);

-- create index public.conversations.idx_conversations_updated_at
CREATE INDEX idx_conversations_updated_at ON public.conversations (updated_at DESC);

-- create index public.conversations.idx_conversations_user_id
CREATE INDEX idx_conversations_user_id ON public.conversations (user_id);

-- create index public.messages.idx_messages_conversation_id
CREATE INDEX idx_messages_conversation_id ON public.messages (conversation_id);

-- create index public.messages.idx_messages_model_name
CREATE INDEX idx_messages_model_name ON public.messages (model_name);

-- create index public.messages.idx_messages_role
CREATE INDEX idx_messages_role ON public.messages (role);

-- create index public.messages.idx_messages_timestamp
CREATE INDEX idx_messages_timestamp ON public.messages ("timestamp" DESC);

-- create trigger public.messages.trigger_update_conversation_stats [blocks-writes: short lock against writes on the table]
CREATE TRIGGER trigger_update_conversation_stats
  AFTER INSERT OR UPDATE ON public.messages
  FOR EACH ROW
  EXECUTE FUNCTION public.update_conversation_stats();

-- create trigger public.messages.trigger_update_conversation_timestamp [blocks-writes: short lock against writes on the table]
CREATE TRIGGER trigger_update_conversation_timestamp
  AFTER INSERT ON public.messages
  FOR EACH ROW
  EXECUTE FUNCTION public.update_conversation_timestamp();
