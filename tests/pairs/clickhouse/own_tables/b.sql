create table s (id UInt64, k String, at DateTime, extra UInt8) engine = MergeTree order by id;
create materialized view own engine = AggregatingMergeTree partition by toYYYYMM(day) order by (k, day) as select k, toDate(at) as day, uniqState(id) as ids from s where extra = 0 group by k, day;
create materialized view own2 (k String, n UInt64) engine = SummingMergeTree order by k as select k, count() as n from s group by k;
create view readers as select k, day, uniqMerge(ids) as n from own group by k, day;
