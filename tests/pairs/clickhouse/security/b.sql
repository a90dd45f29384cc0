create table s (id UInt64, secret String) engine = MergeTree order by id;
create table t (id UInt64) engine = MergeTree order by id;
create view v definer = CURRENT_USER sql security definer as select id from s where id > 0;
create materialized view mv to t definer = CURRENT_USER sql security definer as select id from s where id > 0;
