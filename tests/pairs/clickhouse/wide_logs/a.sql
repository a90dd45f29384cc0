create table logs (ts UInt64 codec(DoubleDelta, LZ4), id String, level LowCardinality(String), severity UInt8, body String codec(ZSTD(2)), keys_s Array(String), values_s Array(String), index body_idx body type tokenbf_v1(10240, 3, 0) granularity 4) engine = MergeTree partition by toDate(ts / 1000000000) order by (ts, id) ttl toDateTime(ts / 1000000000) + interval 15 day delete;
create table keys (name String, datatype String) engine = ReplacingMergeTree order by (name, datatype);
create materialized view keys_mv to keys as select distinct arrayJoin(keys_s) as name, 'string' as datatype from logs;
create table usage (tenant String, at DateTime, bytes UInt64) engine = SummingMergeTree(bytes) partition by toYYYYMM(at) order by (tenant, at);
