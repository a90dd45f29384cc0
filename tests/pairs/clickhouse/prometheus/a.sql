create table samples (fingerprint UInt64 codec(Delta, LZ4), metric_name LowCardinality(String), labels JSON, ts Int64 codec(DoubleDelta, LZ4), value Float64 codec(Gorilla, LZ4))
engine = MergeTree partition by toDate(ts / 1000) order by (metric_name, fingerprint, ts) ttl toDateTime(ts / 1000) + toIntervalSecond(2592000);
create table series (fingerprint UInt64, labels SimpleAggregateFunction(anyLast, Array(Tuple(String, String))), min_ts SimpleAggregateFunction(min, Int64), max_ts SimpleAggregateFunction(max, Int64)) engine = AggregatingMergeTree order by fingerprint;
create table samples_buffer as samples engine = Buffer(currentDatabase(), samples, 4, 1, 10, 1000, 100000, 100000, 10000000);
