create table p (id UInt64, user UInt32, ts DateTime, url String, n UInt32,
  projection by_user (select * order by user, ts), projection agg (select user, sum(n), max(ts) group by user))
engine = MergeTree order by id;
create table q (id UInt64, a String, b String, index i1 a type set(0), index i2 (a, b) type ngrambf_v1(3, 256, 2, 0), index i3 length(a) type minmax granularity 3) engine = MergeTree order by id;
