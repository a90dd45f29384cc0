create table invoices (id UUID default generateUUIDv4(), tenant UInt32, currency LowCardinality(FixedString(3)), amount Decimal(18, 2), tax Decimal32(4), issued Date, due Date default issued + 30,
  status Enum8('draft' = 1, 'sent' = 2, 'paid' = 3), lines Array(Tuple(sku String, qty UInt32, price Decimal(12, 4))), note Nullable(String), updated DateTime64(3) default now64(),
  constraint positive check amount >= 0, constraint dates assume due >= issued)
engine = ReplacingMergeTree(updated) partition by toYear(issued) order by (tenant, id);
create table rates (currency LowCardinality(String), day Date, rate Decimal(18, 8)) engine = ReplacingMergeTree order by (currency, day);
create dictionary rate_of (currency String, day Date, till Date, rate Decimal(18, 8) default 1) primary key currency
  source(clickhouse(query 'select currency, day, day + 1 as till, rate from rates')) lifetime(min 300 max 360) layout(complex_key_range_hashed()) range(min day max till);
create table usage_raw (tenant UInt32, metric LowCardinality(String), qty Decimal(38, 9), at DateTime64(6, 'UTC')) engine = Null;
create table usage_daily (tenant UInt32, metric LowCardinality(String), day Date, qty Decimal(38, 9)) engine = SummingMergeTree(qty) order by (tenant, metric, day);
create materialized view usage_daily_mv to usage_daily as select tenant, metric, toDate(at) as day, sum(qty) as qty from usage_raw group by tenant, metric, day;
