create table raw_events (ts DateTime, user_id UInt64, kind LowCardinality(String), amount Decimal(38, 4), country LowCardinality(String) default 'XX') engine = MergeTree partition by toYYYYMM(ts) order by (user_id, ts);
create table by_hour (hour DateTime, kind LowCardinality(String), country LowCardinality(String), n UInt64, amount Decimal(38, 4), users AggregateFunction(uniq, UInt64)) engine = SummingMergeTree primary key (hour, kind) order by (hour, kind, country);
create materialized view to_hour to by_hour as select toStartOfHour(ts) as hour, kind, country, count() as n, sum(amount) as amount, uniqState(user_id) as users from raw_events group by hour, kind, country;
create table by_day (day Date, kind LowCardinality(String), n UInt64, users AggregateFunction(uniq, UInt64)) engine = SummingMergeTree order by (day, kind);
create materialized view to_day to by_day as select toDate(hour) as day, kind, sum(n) as n, uniqMergeState(users) as users from by_hour group by day, kind;
create table by_country (country LowCardinality(String), n UInt64) engine = SummingMergeTree order by country;
create materialized view to_country to by_country as select country, sum(n) as n from by_hour group by country;
