create table readings (device_id UInt32, sensor LowCardinality(String), ts DateTime64(3, 'UTC') codec(DoubleDelta, ZSTD(1)), value Float64 codec(Gorilla, LZ4), quality UInt8 default 255, loc Point, battery Nullable(Float32),
  projection by_sensor (select sensor, toStartOfHour(ts), avg(value), count() group by sensor, toStartOfHour(ts)), index q quality type minmax granularity 8)
engine = MergeTree partition by toYYYYMMDD(ts) order by (device_id, sensor, ts)
ttl toDateTime(ts) + interval 2 year delete where quality < 10, toDateTime(ts) + interval 3 year
settings index_granularity = 4096, deduplicate_merge_projection_mode = 'drop';
create table devices (device_id UInt32, name String, site UInt16, tags Map(String, String), active Bool) engine = EmbeddedRocksDB primary key device_id;
create table last_value (device_id UInt32, sensor LowCardinality(String), ts SimpleAggregateFunction(max, DateTime64(3, 'UTC')), value AggregateFunction(argMax, Float32, DateTime64(3, 'UTC')), n SimpleAggregateFunction(sum, UInt64))
engine = AggregatingMergeTree order by (device_id, sensor);
create materialized view last_value_mv to last_value as select device_id, sensor, max(readings.ts) as ts, argMaxState(toFloat32(readings.value), readings.ts) as value, count() as n from readings group by device_id, sensor;
create view latest as select device_id, sensor, max(last_value.ts) as ts, argMaxMerge(value) as value, sum(last_value.n) as n from last_value group by device_id, sensor;
create view site_latest as select site, sensor, avg(value) as value from latest inner join devices using (device_id) group by site, sensor;
