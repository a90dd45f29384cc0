-- trueup migration
-- version: 000005
-- name: memory_palace
-- engine: postgres
-- parent: 17fff7a46ed85bcd5300bf319c44e260ad5eebe0e996840c1bb4a84e70839f90
-- state: 6fe71bedb9eea7f1a026fe6b1fceaa058740e91ed49a107827527b47ba79ba1d
-- verified: PostgreSQL 17.11, scratch database

-- create table orchestrator.memory_drawers
CREATE TABLE orchestrator.memory_drawers (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  wing text NOT NULL,
  room text NOT NULL,
  hall text NOT NULL DEFAULT '',
  content text NOT NULL,
  importance real NOT NULL DEFAULT 3,
  embedding vector(768),
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT memory_drawers_pkey PRIMARY KEY (id),
  CONSTRAINT memory_drawers_importance_check CHECK (importance between 0 and 5),
  CONSTRAINT memory_drawers_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES orchestrator.workspaces (id) ON DELETE CASCADE
);

-- create table orchestrator.memory_entities
CREATE TABLE orchestrator.memory_entities (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  name text NOT NULL,
  type text NOT NULL DEFAULT 'unknown',
  properties jsonb NOT NULL DEFAULT '{}',
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT memory_entities_pkey PRIMARY KEY (id),
  CONSTRAINT memory_entities_name_key UNIQUE (workspace_id, name),
  CONSTRAINT memory_entities_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES orchestrator.workspaces (id) ON DELETE CASCADE
);

-- create table orchestrator.memory_identities
CREATE TABLE orchestrator.memory_identities (
  workspace_id uuid NOT NULL,
  content text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT memory_identities_pkey PRIMARY KEY (workspace_id),
  CONSTRAINT memory_identities_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES orchestrator.workspaces (id) ON DELETE CASCADE
);

-- create table orchestrator.memory_triples
CREATE TABLE orchestrator.memory_triples (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  predicate text NOT NULL,
  object_id uuid NOT NULL,
  valid_from timestamp with time zone,
  valid_to timestamp with time zone,
  confidence real NOT NULL DEFAULT 1,
  source_drawer_id uuid,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT memory_triples_pkey PRIMARY KEY (id),
  CONSTRAINT memory_triples_period_check CHECK (valid_to is null or valid_from is null or valid_from <= valid_to),
  CONSTRAINT memory_triples_object_id_fkey FOREIGN KEY (object_id) REFERENCES orchestrator.memory_entities (id) ON DELETE CASCADE,
  CONSTRAINT memory_triples_source_drawer_id_fkey FOREIGN KEY (source_drawer_id) REFERENCES orchestrator.memory_drawers (id) ON DELETE SET NULL,
  CONSTRAINT memory_triples_subject_id_fkey FOREIGN KEY (subject_id) REFERENCES orchestrator.memory_entities (id) ON DELETE CASCADE,
  CONSTRAINT memory_triples_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES orchestrator.workspaces (id) ON DELETE CASCADE
);

-- create index orchestrator.memory_drawers.memory_drawers_room_idx
CREATE INDEX memory_drawers_room_idx ON orchestrator.memory_drawers (workspace_id, wing, room);

-- create index orchestrator.memory_drawers.memory_drawers_text_idx
CREATE INDEX memory_drawers_text_idx ON orchestrator.memory_drawers USING gin ((to_tsvector('simple', content)));

-- create index orchestrator.memory_triples.memory_triples_current_idx
CREATE INDEX memory_triples_current_idx ON orchestrator.memory_triples (workspace_id, subject_id) WHERE valid_to is null;

-- create index orchestrator.memory_triples.memory_triples_object_idx
CREATE INDEX memory_triples_object_idx ON orchestrator.memory_triples (object_id);

-- create index orchestrator.memory_triples.memory_triples_subject_idx
CREATE INDEX memory_triples_subject_idx ON orchestrator.memory_triples (subject_id, predicate);
