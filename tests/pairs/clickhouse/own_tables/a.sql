create table s (id UInt64, k String, at DateTime) engine = MergeTree order by id;
create materialized view own engine = AggregatingMergeTree partition by toYYYYMM(day) order by (k, day) populate as select k, toDate(at) as day, uniqState(id) as ids from s group by k, day;
create materialized view own2 (k String, n UInt64) engine = SummingMergeTree order by k as select k, count() as n from s group by k;
create view readers as select k, uniqMerge(ids) as n from own group by k;
