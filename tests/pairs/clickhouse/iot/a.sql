create table readings (device_id UInt32, sensor LowCardinality(String), ts DateTime64(3, 'UTC') codec(DoubleDelta, LZ4), value Float32 codec(Gorilla), quality UInt8 default 255, loc Point, firmware String)
engine = MergeTree partition by toYYYYMMDD(ts) order by (device_id, sensor, ts)
ttl toDateTime(ts) + interval 1 month group by device_id, sensor set value = avg(value), quality = min(quality), toDateTime(ts) + interval 1 year delete
settings index_granularity = 4096;
create table devices (device_id UInt32, name String, site UInt16, tags Map(String, String), active Bool) engine = EmbeddedRocksDB primary key device_id;
create table last_value (device_id UInt32, sensor LowCardinality(String), ts SimpleAggregateFunction(max, DateTime64(3, 'UTC')), value AggregateFunction(argMax, Float32, DateTime64(3, 'UTC')))
engine = AggregatingMergeTree order by (device_id, sensor);
create materialized view last_value_mv to last_value as select device_id, sensor, max(readings.ts) as ts, argMaxState(value, readings.ts) as value from readings group by device_id, sensor;
create view latest as select device_id, sensor, max(last_value.ts) as ts, argMaxMerge(value) as value from last_value group by device_id, sensor;
