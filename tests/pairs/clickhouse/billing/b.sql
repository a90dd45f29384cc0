create table invoices (id UUID default generateUUIDv4(), tenant UInt32, currency LowCardinality(FixedString(3)), amount Decimal(38, 2), tax Decimal(18, 4), issued Date, due Date default issued + 14,
  status Enum8('draft' = 1, 'sent' = 2, 'paid' = 3, 'void' = 4), lines Array(Tuple(sku String, qty UInt32, price Decimal(12, 4))), note String default '', updated DateTime64(3) default now64(3),
  total Decimal(38, 4) alias amount + tax, paid_at Nullable(DateTime),
  constraint positive check amount >= 0 and tax >= 0, constraint dates assume due >= issued)
engine = ReplacingMergeTree(updated) partition by toYear(issued) order by (tenant, id);
create table rates (currency LowCardinality(String), day Date, rate Decimal(18, 8), source LowCardinality(String) default 'ecb') engine = ReplacingMergeTree order by (currency, day);
create dictionary rate_of (currency String, day Date, till Date, rate Decimal(18, 8) default 1, source String) primary key currency
  source(clickhouse(query 'select currency, day, day + 1 as till, rate, source from rates')) lifetime(min 60 max 120) layout(complex_key_range_hashed()) range(min day max till) comment 'daily rates';
create table usage_raw (tenant UInt32, metric LowCardinality(String), qty Decimal(38, 9), at DateTime64(6, 'UTC'), region LowCardinality(String)) engine = Null;
create table usage_daily (tenant UInt32, metric LowCardinality(String), day Date, region LowCardinality(String), qty Decimal(38, 9)) engine = SummingMergeTree(qty) primary key (tenant, metric, day) order by (tenant, metric, day, region);
create materialized view usage_daily_mv to usage_daily as select tenant, metric, toDate(at) as day, region, sum(qty) as qty from usage_raw group by tenant, metric, day, region;
