create table t (id UInt64, a String, b String, c String, d String, e UInt8 default 1) engine = MergeTree order by id;
create table u (x UInt8, y UInt8, z UInt8) engine = MergeTree order by x;
create table m (x UInt8, y UInt8, z UInt8) engine = Memory;
