create table t (id UInt64, at DateTime, day Date, body String ttl at + interval 1 day, small String) engine = MergeTree partition by day order by id
ttl at + interval 1 week recompress codec(ZSTD(10)), at + interval 1 year delete settings storage_policy = 'default';
