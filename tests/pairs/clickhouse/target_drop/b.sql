create table s (id UInt64, k String) engine = MergeTree order by id;
create table t3 (k LowCardinality(String), n UInt64, last DateTime) engine = ReplacingMergeTree(last) order by k;
create materialized view m1 to t3 as select k, count() as n, now() as last from s group by k;
