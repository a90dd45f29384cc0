create table audit (at DateTime64(3), tenant UInt32 default 0, actor LowCardinality(String), action LowCardinality(String), object String, diff JSON, ip IPv6) engine = MergeTree partition by toYYYYMM(at) order by (object, at) ttl toDateTime(at) + interval 7 year;
create view recent as select * from audit where at > now() - interval 1 day;
create view by_actor as select actor, count() as n from recent group by actor;
