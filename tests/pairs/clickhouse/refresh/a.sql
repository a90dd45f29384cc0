create table base (id UInt64, at DateTime, n UInt64) engine = MergeTree order by id;
create table top (id UInt64, n UInt64) engine = MergeTree order by id;
create materialized view refresh_top refresh every 1 hour to top as select id, sum(n) as n from base group by id order by n desc limit 100;
create materialized view nightly refresh every 1 day offset 2 hour engine = MergeTree order by id as select id, max(at) as last from base group by id;
