create table raw_events (ts DateTime, user_id UInt64, kind LowCardinality(String), amount Decimal(18, 2), legacy String) engine = MergeTree partition by toYYYYMM(ts) order by (user_id, ts);
create table by_hour (hour DateTime, kind LowCardinality(String), n UInt64, amount Decimal(38, 2)) engine = SummingMergeTree order by (hour, kind);
create materialized view to_hour to by_hour as select toStartOfHour(ts) as hour, kind, count() as n, sum(amount) as amount from raw_events group by hour, kind;
create table by_day (day Date, kind LowCardinality(String), n UInt64) engine = SummingMergeTree order by (day, kind);
create materialized view to_day to by_day as select toDate(hour) as day, kind, sum(n) as n from by_hour group by day, kind;
create table by_month (month Date, n UInt64) engine = SummingMergeTree order by month;
create materialized view to_month to by_month as select toStartOfMonth(day) as month, sum(n) as n from by_day group by month;
