create table jobs (id UUID, queue LowCardinality(String), state Enum8('queued' = 1, 'running' = 2, 'done' = 3, 'failed' = 4), attempts UInt8 default 0, payload String codec(ZSTD(9)), enqueued DateTime64(6), finished Nullable(DateTime64(6)), version UInt64, is_deleted UInt8) engine = ReplacingMergeTree(version, is_deleted) order by (queue, id);
create view live_jobs as select * except (version, is_deleted) from jobs final where state != 'done';
create view slow_jobs as select id, dateDiff('second', enqueued, finished) as took from live_jobs where finished is not null and took > 60 order by took desc;
create materialized view job_counts engine = SummingMergeTree order by (queue, state) as select queue, state, count() as n from jobs group by queue, state;
