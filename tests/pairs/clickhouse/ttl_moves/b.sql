create table t (id UInt64, at DateTime, day Date, body String, small String codec(ZSTD(9)) ttl at + interval 2 day) engine = MergeTree partition by day order by id
ttl at + interval 1 week to volume 'default', at + interval 2 week to disk 'default', at + interval 3 week recompress codec(LZ4HC(10)), at + interval 1 year delete where small = '' settings storage_policy = 'default';
