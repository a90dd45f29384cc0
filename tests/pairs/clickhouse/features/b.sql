create table feature_values (entity_id String, feature LowCardinality(String), event_ts DateTime64(3), created_ts DateTime64(3) default now64(3), value_f Nullable(Float64), value_s LowCardinality(Nullable(String)), value_v Array(Float32), value_j JSON,
  index e entity_id type bloom_filter)
engine = ReplacingMergeTree(created_ts) partition by toYYYYMM(event_ts) order by (feature, entity_id, event_ts) settings min_bytes_for_wide_part = 0;
create table embeddings (id UInt64, vec Array(Float32), model LowCardinality(String), norm Float32 materialized L2Norm(vec), constraint dims check length(vec) = 384,
  index ann vec type vector_similarity('hnsw', 'cosineDistance', 384) granularity 100000000) engine = MergeTree order by id;
create view online as select entity_id, feature, argMax(value_f, event_ts) as value, max(event_ts) as as_of from feature_values final group by entity_id, feature;
create view online_recent as select * from online where as_of > now() - interval 1 day;
