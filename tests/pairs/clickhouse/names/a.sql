create table `Order Items` (`group` UInt64, `select` String, `a-b` UInt8, `Ünïcode` String, `with``tick` String, `key` UInt32) engine = MergeTree order by (`group`, `key`);
create view `my view` as select `group`, `a-b` as `total sum` from `Order Items`;
create table `date` (`date` Date, `timestamp` DateTime, `interval` UInt8, `index` UInt8, `table` String) engine = MergeTree partition by toYYYYMM(`date`) order by `date`;
