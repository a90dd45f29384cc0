-- trueup migration
-- version: 000004
-- name: agent_memories
-- engine: postgres
-- parent: fec240828297dcc8b66bdbffde101fb7c5cb9b5b4ebcfb176d2e72ce46ec409a
-- state: 17fff7a46ed85bcd5300bf319c44e260ad5eebe0e996840c1bb4a84e70839f90
-- verified: PostgreSQL 17.11, scratch database

-- create table orchestrator.agent_memories
CREATE TABLE orchestrator.agent_memories (
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  key text NOT NULL,
  content text NOT NULL,
  category text NOT NULL DEFAULT 'core',
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT agent_memories_pkey PRIMARY KEY (id),
  CONSTRAINT agent_memories_key_key UNIQUE (agent_id, key),
  CONSTRAINT agent_memories_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES orchestrator.agents (id) ON DELETE CASCADE
);

-- create index orchestrator.agent_memories.agent_memories_category_idx
CREATE INDEX agent_memories_category_idx ON orchestrator.agent_memories (agent_id, category);
