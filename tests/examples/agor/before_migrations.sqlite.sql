-- A database from before there were migrations: what createInitialSchema() of the program had made by hand, with rows.
CREATE TABLE IF NOT EXISTS users (
  user_id VARCHAR(36) NOT NULL PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  password TEXT NOT NULL,
  name TEXT,
  emoji TEXT,
  role TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
  created_at BIGINT NOT NULL,
  updated_at BIGINT,
  data TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS boards (
  board_id VARCHAR(36) NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  slug TEXT UNIQUE,
  updated_at BIGINT,
  data TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by VARCHAR(36) NOT NULL DEFAULT 'anonymous'
);
CREATE INDEX IF NOT EXISTS boards_name_idx ON boards (name);
CREATE TABLE IF NOT EXISTS repos (
  repo_id VARCHAR(36) NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  updated_at BIGINT,
  data TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS worktrees (
  worktree_id VARCHAR(36) NOT NULL PRIMARY KEY,
  repo_id VARCHAR(36) NOT NULL REFERENCES repos (repo_id),
  board_id VARCHAR(36) REFERENCES boards (board_id),
  name TEXT NOT NULL,
  ref TEXT NOT NULL,
  updated_at BIGINT,
  data TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by VARCHAR(36) NOT NULL DEFAULT 'anonymous'
);
CREATE INDEX IF NOT EXISTS worktrees_repo_idx ON worktrees (repo_id);
CREATE INDEX IF NOT EXISTS worktrees_board_idx ON worktrees (board_id);
CREATE TABLE IF NOT EXISTS sessions (
  session_id VARCHAR(36) NOT NULL PRIMARY KEY,
  worktree_id VARCHAR(36) NOT NULL REFERENCES worktrees (worktree_id),
  board_id VARCHAR(36) REFERENCES boards (board_id),
  parent_session_id VARCHAR(36) REFERENCES sessions (session_id),
  status TEXT NOT NULL DEFAULT 'idle' CHECK (status IN ('idle', 'running', 'completed', 'failed')),
  agent TEXT NOT NULL,
  updated_at BIGINT,
  data TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by VARCHAR(36) NOT NULL DEFAULT 'anonymous'
);
CREATE INDEX IF NOT EXISTS sessions_status_idx ON sessions (status);
CREATE INDEX IF NOT EXISTS sessions_worktree_idx ON sessions (worktree_id);
CREATE INDEX IF NOT EXISTS sessions_created_idx ON sessions (created_at DESC);
CREATE INDEX IF NOT EXISTS sessions_parent_idx ON sessions (parent_session_id) WHERE parent_session_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS tasks (
  task_id VARCHAR(36) NOT NULL PRIMARY KEY,
  session_id VARCHAR(36) NOT NULL REFERENCES sessions (session_id),
  status TEXT NOT NULL DEFAULT 'created' CHECK (status IN ('created', 'running', 'completed', 'failed')),
  completed_at BIGINT,
  data TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by VARCHAR(36) NOT NULL DEFAULT 'anonymous'
);
CREATE INDEX IF NOT EXISTS tasks_session_idx ON tasks (session_id);
CREATE INDEX IF NOT EXISTS tasks_status_idx ON tasks (status);
CREATE TABLE IF NOT EXISTS messages (
  message_id VARCHAR(36) NOT NULL PRIMARY KEY,
  session_id VARCHAR(36) NOT NULL REFERENCES sessions (session_id),
  task_id VARCHAR(36) REFERENCES tasks (task_id),
  type TEXT NOT NULL CHECK (type IN ('user', 'assistant', 'system', 'file-history-snapshot')),
  role TEXT NOT NULL,
  "index" INTEGER NOT NULL,
  "timestamp" BIGINT NOT NULL,
  content_preview TEXT,
  data TEXT NOT NULL,
  CONSTRAINT messages_session_index_key UNIQUE (session_id, "index")
);
CREATE INDEX IF NOT EXISTS messages_task_idx ON messages (task_id);

INSERT INTO users (user_id, email, password, created_at, data) VALUES ('u1', 'ann@example.org', 'x', 1, '{}');
INSERT INTO boards (board_id, name, slug, created_at, data)
VALUES ('00000000-0000-7000-8000-000000000001', 'Main Board', 'main', 0, '{"objects": {}}');
INSERT INTO repos (repo_id, slug, created_at, data) VALUES ('r1', 'agor', 1, '{}');
INSERT INTO worktrees (worktree_id, repo_id, name, ref, data, created_at)
VALUES ('w1', 'r1', 'main', 'main', '{}', 1), ('w2', 'r1', 'fix', 'fix', '{}', 2);
INSERT INTO sessions (session_id, worktree_id, agent, data, created_at) VALUES ('s1', 'w1', 'claude-code', '{}', 1);
INSERT INTO sessions (session_id, worktree_id, parent_session_id, agent, data, created_at)
VALUES ('s2', 'w2', 's1', 'codex', '{}', 2);
INSERT INTO tasks (task_id, session_id, data, created_at) VALUES ('t1', 's1', '{}', 1);
INSERT INTO messages (message_id, session_id, task_id, type, role, "index", "timestamp", data)
VALUES ('m1', 's1', 't1', 'user', 'user', 0, 1, '{}'), ('m2', 's1', 't1', 'assistant', 'assistant', 1, 2, '{}'),
       ('m3', 's2', NULL, 'user', 'user', 0, 3, '{}');
