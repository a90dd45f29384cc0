-- trueup migration
-- version: 000007
-- name: memory_drawer_pipeline
-- engine: postgres
-- parent: 5c869f7221a8f85efae33dd9b0f58fe78d74907481180932b8e69930c00bd7b4
-- state: 72d90613b8ad268b9187a5d6eb252244f57e0cb9543b519913390c9bd0df6994
-- verified: PostgreSQL 17.11, scratch database

-- create column orchestrator.memory_drawers.access_count
ALTER TABLE orchestrator.memory_drawers ADD COLUMN access_count integer NOT NULL DEFAULT 0;

-- create column orchestrator.memory_drawers.added_by_agent
ALTER TABLE orchestrator.memory_drawers ADD COLUMN added_by_agent text NOT NULL DEFAULT '';

-- create column orchestrator.memory_drawers.cluster_id
ALTER TABLE orchestrator.memory_drawers ADD COLUMN cluster_id uuid;

-- create column orchestrator.memory_drawers.last_accessed_at
ALTER TABLE orchestrator.memory_drawers ADD COLUMN last_accessed_at timestamp with time zone;

-- create column orchestrator.memory_drawers.retry_count
ALTER TABLE orchestrator.memory_drawers ADD COLUMN retry_count smallint NOT NULL DEFAULT 0;

-- create column orchestrator.memory_drawers.state
ALTER TABLE orchestrator.memory_drawers ADD COLUMN state text NOT NULL DEFAULT 'processed';

-- create column orchestrator.memory_drawers.summary
ALTER TABLE orchestrator.memory_drawers ADD COLUMN summary text;

-- create column orchestrator.memory_drawers.superseded_by
ALTER TABLE orchestrator.memory_drawers ADD COLUMN superseded_by uuid;

-- create column orchestrator.memory_entities.embedding
ALTER TABLE orchestrator.memory_entities ADD COLUMN embedding vector(768);

-- create check orchestrator.memory_drawers.memory_drawers_state_check [scans-table: checks every row under an exclusive lock; fails when one does not comply]
ALTER TABLE orchestrator.memory_drawers ADD CONSTRAINT memory_drawers_state_check CHECK (state in ('raw', 'classifying', 'processed', 'merged', 'failed'));

-- create foreign key orchestrator.memory_drawers.memory_drawers_superseded_by_fkey [blocks-writes: locks both tables against writes] [scans-table: checks every row; fails when one refers to nothing]
ALTER TABLE orchestrator.memory_drawers ADD CONSTRAINT memory_drawers_superseded_by_fkey FOREIGN KEY (superseded_by) REFERENCES orchestrator.memory_drawers (id) ON DELETE SET NULL;

-- create index orchestrator.memory_drawers.memory_drawers_cluster_idx [builds-index: builds an index on orchestrator.memory_drawers; writes wait until it is done]
CREATE INDEX memory_drawers_cluster_idx ON orchestrator.memory_drawers (workspace_id, cluster_id) WHERE cluster_id is not null;

-- create index orchestrator.memory_drawers.memory_drawers_queue_idx [builds-index: builds an index on orchestrator.memory_drawers; writes wait until it is done]
CREATE INDEX memory_drawers_queue_idx ON orchestrator.memory_drawers (created_at) WHERE state = 'raw';
