create table t (n3 UInt8, id UInt64, c String, n2 UInt8 default n1 + 1, n1 UInt8, a String, z2 UInt8 default z1, d String, b String, z1 UInt8, e UInt8 default 2) engine = MergeTree order by id;
create table u (z UInt16, y UInt8, x UInt8, w UInt8) engine = MergeTree order by x;
create table m (z UInt8, x UInt8, y UInt8) engine = Memory;
