create table impressions (ts DateTime codec(Delta, ZSTD), campaign UInt32, creative UInt32, site UInt64, price Float32, won UInt8, ua String, geo Tuple(country FixedString(2), city String)) engine = MergeTree partition by toMonday(ts) order by (campaign, ts);
create table campaigns (id UInt32, name String, advertiser UInt32, budget Decimal(18, 2)) engine = MergeTree order by id;
create dictionary campaign (id UInt64, name String default 'n/a', advertiser UInt32) primary key id source(clickhouse(table 'campaigns')) lifetime(300) layout(flat(max_array_size 1000000));
create dictionary advertiser_of (id UInt64, advertiser UInt32) primary key id source(clickhouse(table 'campaigns' where 'budget > 0')) lifetime(min 0 max 10) layout(hashed_array());
create view spend as select dictGet('campaign', 'name', toUInt64(campaign)) as name, toDate(ts) as day, sum(price) / 1000 as spend from impressions where won = 1 group by name, day order by day desc, spend desc limit 100 by day;
