create table sends (id UUID, campaign UInt32, rcpt String, sent DateTime, opened Nullable(DateTime), clicked Nullable(DateTime), bounced UInt8) engine = ReplacingMergeTree order by (campaign, id);
create table stats (campaign UInt32, sent UInt64, opened UInt64) engine = SummingMergeTree order by campaign;
create materialized view stats_mv to stats as select campaign, count() as sent, countIf(isNotNull(sends.opened)) as opened from sends group by campaign;
create view rates as select campaign, opened / sent as open_rate from (select campaign, sum(sent) as sent, sum(opened) as opened from stats group by campaign);
