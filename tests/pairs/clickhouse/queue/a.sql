create table jobs (id UUID, queue LowCardinality(String), state Enum8('queued' = 1, 'running' = 2, 'done' = 3), payload String, enqueued DateTime64(6), version UInt64, is_deleted UInt8) engine = ReplacingMergeTree(version, is_deleted) order by (queue, id);
create view live_jobs as select * except (version, is_deleted) from jobs final;
create materialized view job_counts engine = SummingMergeTree order by (queue, state) as select queue, state, count() as n from jobs group by queue, state;
