create table base (id UInt64, at DateTime, n UInt64) engine = MergeTree order by id;
create table top (id UInt64, n UInt64, last DateTime) engine = MergeTree order by id;
create materialized view refresh_top refresh every 30 minute to top as select id, sum(n) as n, max(at) as last from base group by id order by n desc limit 50;
create materialized view nightly refresh every 1 day offset 2 hour engine = MergeTree order by id as select id, max(at) as last from base group by id;
create materialized view follow refresh every 1 hour depends on refresh_top append to top as select id, n, now() as last from top where n > 5;
