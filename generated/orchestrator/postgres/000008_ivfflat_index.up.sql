-- trueup migration
-- version: 000008
-- name: ivfflat_index
-- engine: postgres
-- parent: 72d90613b8ad268b9187a5d6eb252244f57e0cb9543b519913390c9bd0df6994
-- state: b18b9615e7a517f06cbb92cf767792fac45c635b06862b21ed7d259d4804447e
-- verified: PostgreSQL 17.11, scratch database

-- create index orchestrator.memory_drawers.memory_drawers_embedding_idx [builds-index: builds an index on orchestrator.memory_drawers; writes wait until it is done]
CREATE INDEX memory_drawers_embedding_idx ON orchestrator.memory_drawers USING ivfflat (embedding vector_cosine_ops) WITH (lists=100);
