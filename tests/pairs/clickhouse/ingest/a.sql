create table visits_raw (ts DateTime64(3), tenant UInt32, payload String, ip String) engine = MergeTree partition by (tenant % 16, toYYYYMM(ts)) order by (tenant, ts) ttl toDateTime(ts) + interval 7 day;
create table visits (ts DateTime64(3), tenant UInt32, url String, ip IPv6) engine = MergeTree partition by toYYYYMM(ts) order by (tenant, ts);
create materialized view parse_visits to visits as select ts, tenant, JSONExtractString(payload, 'url') as url, toIPv6(ip) as ip from visits_raw;
create view tenants as select distinct tenant from visits_raw union all select distinct tenant from visits;
