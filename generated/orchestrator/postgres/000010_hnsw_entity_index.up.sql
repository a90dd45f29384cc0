-- trueup migration
-- version: 000010
-- name: hnsw_entity_index
-- engine: postgres
-- parent: 4a5d682a2d641174b4ba38f93ddcd7349da18c1f64cdda094af59fa849529553
-- state: 2a0846683209c5959f5463942f088a6d4e7ae696c847768aab1b11fcc7d0e331
-- verified: PostgreSQL 17.11, scratch database

-- create index orchestrator.memory_entities.memory_entities_embedding_idx [builds-index: builds an index on orchestrator.memory_entities; writes wait until it is done]
CREATE INDEX memory_entities_embedding_idx ON orchestrator.memory_entities USING hnsw (embedding vector_cosine_ops) WITH (m=16, ef_construction=64);
