-- trueup migration
-- version: 000001
-- name: initial
-- engine: postgres
-- parent: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- state: ac7c90ad91d46bb50bee065e1869ef3d4d7be77372de480ff93ab52ad7643b6b
-- verified: PostgreSQL 17.11, scratch database

-- create table public.boards
CREATE TABLE public.boards (
  board_id character varying(36) NOT NULL,
  name text NOT NULL,
  slug text,
  updated_at bigint,
  data jsonb NOT NULL,
  created_at bigint NOT NULL,
  created_by character varying(36) NOT NULL DEFAULT 'anonymous',
  CONSTRAINT boards_pkey PRIMARY KEY (board_id),
  CONSTRAINT boards_slug_key UNIQUE (slug)
);

-- create table public.repos
CREATE TABLE public.repos (
  repo_id character varying(36) NOT NULL,
  slug text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint,
  data jsonb NOT NULL,
  CONSTRAINT repos_pkey PRIMARY KEY (repo_id),
  CONSTRAINT repos_slug_key UNIQUE (slug)
);

-- create table public.users
CREATE TABLE public.users (
  user_id character varying(36) NOT NULL,
  email text NOT NULL,
  password text NOT NULL,
  name text,
  emoji text,
  role text NOT NULL DEFAULT 'member',
  created_at bigint NOT NULL,
  updated_at bigint,
  data jsonb NOT NULL,
  CONSTRAINT users_pkey PRIMARY KEY (user_id),
  CONSTRAINT users_email_key UNIQUE (email),
  CONSTRAINT users_role_check CHECK (role in ('owner', 'admin', 'member', 'viewer'))
);

-- create table public.worktrees
CREATE TABLE public.worktrees (
  worktree_id character varying(36) NOT NULL,
  repo_id character varying(36) NOT NULL,
  board_id character varying(36),
  name text NOT NULL,
  ref text NOT NULL,
  updated_at bigint,
  data jsonb NOT NULL,
  created_at bigint NOT NULL,
  created_by character varying(36) NOT NULL DEFAULT 'anonymous',
  CONSTRAINT worktrees_pkey PRIMARY KEY (worktree_id),
  CONSTRAINT worktrees_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards (board_id),
  CONSTRAINT worktrees_repo_id_fkey FOREIGN KEY (repo_id) REFERENCES public.repos (repo_id)
);

-- create table public.sessions
CREATE TABLE public.sessions (
  session_id character varying(36) NOT NULL,
  worktree_id character varying(36) NOT NULL,
  board_id character varying(36),
  parent_session_id character varying(36),
  status text NOT NULL DEFAULT 'idle',
  agent text NOT NULL,
  updated_at bigint,
  data jsonb NOT NULL,
  created_at bigint NOT NULL,
  created_by character varying(36) NOT NULL DEFAULT 'anonymous',
  CONSTRAINT sessions_pkey PRIMARY KEY (session_id),
  CONSTRAINT sessions_status_check CHECK (status in ('idle', 'running', 'completed', 'failed')),
  CONSTRAINT sessions_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards (board_id),
  CONSTRAINT sessions_parent_session_id_fkey FOREIGN KEY (parent_session_id) REFERENCES public.sessions (session_id),
  CONSTRAINT sessions_worktree_id_fkey FOREIGN KEY (worktree_id) REFERENCES public.worktrees (worktree_id)
);

-- create table public.tasks
CREATE TABLE public.tasks (
  task_id character varying(36) NOT NULL,
  session_id character varying(36) NOT NULL,
  status text NOT NULL DEFAULT 'created',
  completed_at bigint,
  data jsonb NOT NULL,
  created_at bigint NOT NULL,
  created_by character varying(36) NOT NULL DEFAULT 'anonymous',
  CONSTRAINT tasks_pkey PRIMARY KEY (task_id),
  CONSTRAINT tasks_status_check CHECK (status in ('created', 'running', 'completed', 'failed')),
  CONSTRAINT tasks_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions (session_id)
);

-- create table public.messages
CREATE TABLE public.messages (
  message_id character varying(36) NOT NULL,
  session_id character varying(36) NOT NULL,
  task_id character varying(36),
  type text NOT NULL,
  role text NOT NULL,
  index integer NOT NULL,
  "timestamp" bigint NOT NULL,
  content_preview text,
  data jsonb NOT NULL,
  CONSTRAINT messages_pkey PRIMARY KEY (message_id),
  CONSTRAINT messages_session_index_key UNIQUE (session_id, index),
  CONSTRAINT messages_type_check CHECK (type in ('user', 'assistant', 'system', 'file-history-snapshot')),
  CONSTRAINT messages_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions (session_id),
  CONSTRAINT messages_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.tasks (task_id)
);

-- create index public.boards.boards_name_idx
CREATE INDEX boards_name_idx ON public.boards (name);

-- create index public.messages.messages_task_idx
CREATE INDEX messages_task_idx ON public.messages (task_id);

-- create index public.sessions.sessions_created_idx
CREATE INDEX sessions_created_idx ON public.sessions (created_at DESC);

-- create index public.sessions.sessions_parent_idx
CREATE INDEX sessions_parent_idx ON public.sessions (parent_session_id) WHERE parent_session_id is not null;

-- create index public.sessions.sessions_status_idx
CREATE INDEX sessions_status_idx ON public.sessions (status);

-- create index public.sessions.sessions_worktree_idx
CREATE INDEX sessions_worktree_idx ON public.sessions (worktree_id);

-- create index public.tasks.tasks_session_idx
CREATE INDEX tasks_session_idx ON public.tasks (session_id);

-- create index public.tasks.tasks_status_idx
CREATE INDEX tasks_status_idx ON public.tasks (status);

-- create index public.worktrees.worktrees_board_idx
CREATE INDEX worktrees_board_idx ON public.worktrees (board_id);

-- create index public.worktrees.worktrees_repo_idx
CREATE INDEX worktrees_repo_idx ON public.worktrees (repo_id);

-- create row public.boards."[""00000000-0000-7000-8000-000000000001""]"
INSERT INTO public.boards (board_id, created_at, data, name, slug)
VALUES ('00000000-0000-7000-8000-000000000001', 0, '{"objects": {}}', 'Main Board', 'main')
ON CONFLICT (board_id) DO UPDATE SET created_at = EXCLUDED.created_at, data = EXCLUDED.data, name = EXCLUDED.name, slug = EXCLUDED.slug;
