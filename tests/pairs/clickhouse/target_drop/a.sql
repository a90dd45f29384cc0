create table s (id UInt64, k String) engine = MergeTree order by id;
create table t1 (k String, n UInt64) engine = SummingMergeTree order by k;
create table t2 (k String, n UInt64) engine = SummingMergeTree order by k;
create materialized view m1 to t1 as select k, count() as n from s group by k;
create materialized view m2 to t2 as select k, sum(n) as n from t1 group by k;
