create table feature_values (entity_id String, feature LowCardinality(String), event_ts DateTime64(3), created_ts DateTime64(3) default now64(3), value_f Nullable(Float64), value_s Nullable(String), value_v Array(Float32))
engine = ReplacingMergeTree(created_ts) partition by toYYYYMM(event_ts) order by (feature, entity_id, event_ts);
create table embeddings (id UInt64, vec Array(Float32), model LowCardinality(String)) engine = MergeTree order by id;
create view online as select entity_id, feature, argMax(value_f, event_ts) as value from feature_values final group by entity_id, feature;
