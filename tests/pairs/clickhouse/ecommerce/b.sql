create table orders (id UInt64, customer UInt32, placed DateTime, state Enum8('new' = 1, 'paid' = 2, 'shipped' = 3, 'returned' = 4), items Nested(sku LowCardinality(String), qty UInt16, price Decimal(10, 2), discount Decimal(10, 2)), coupon LowCardinality(Nullable(String)), total Decimal(12, 2), v UInt32,
  n_items UInt32 materialized arraySum(items.qty), total_cents Int64 alias toInt64(total * 100))
engine = ReplacingMergeTree(v) order by id settings enable_block_number_column = 1;
create table stock (sku String, warehouse UInt8, delta Int32, at DateTime, reason LowCardinality(String) default '' comment 'why it moved') engine = MergeTree order by (sku, at);
create view stock_now as select sku, warehouse, sum(delta) as qty from stock group by sku, warehouse;
create view stock_total as select sku, sum(qty) as qty from stock_now group by sku;
create view open_orders as with ['new', 'paid'] as open select id, customer, length(items.sku) as lines from orders final where has(open, state);
