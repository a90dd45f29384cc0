create table audit (at DateTime64(3), actor String, action LowCardinality(String), object String, before String, after String, ip IPv6) engine = MergeTree partition by toYYYYMM(at) order by (object, at) ttl toDateTime(at) + interval 5 year;
create view recent as select * from audit where at > now() - interval 1 day;
create view by_actor as select actor, count() as n from recent group by actor;
create table action_counts (day Date, action LowCardinality(String), n UInt64) engine = SummingMergeTree order by (day, action);
create materialized view actions to action_counts as select toDate(at) as day, action, count() as n from audit group by day, action;
