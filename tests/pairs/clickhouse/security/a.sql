create table s (id UInt64, secret String) engine = MergeTree order by id;
create table t (id UInt64) engine = MergeTree order by id;
create view v as select id from s;
create materialized view mv to t definer = CURRENT_USER sql security definer as select id from s;
