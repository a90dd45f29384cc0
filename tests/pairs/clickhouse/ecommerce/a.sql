create table orders (id UInt64, customer UInt32, placed DateTime, state Enum8('new' = 1, 'paid' = 2, 'shipped' = 3), items Nested(sku String, qty UInt16, price Decimal(10, 2)), coupon Nullable(String), total Decimal(12, 2), v UInt32)
engine = ReplacingMergeTree(v) order by id;
create table stock (sku String, warehouse UInt8, delta Int32, at DateTime) engine = MergeTree order by (sku, at) ttl at + interval 90 day;
create view stock_now as select sku, sum(delta) as qty from stock group by sku;
create view open_orders as select id, customer from orders final where state in ('new', 'paid');
