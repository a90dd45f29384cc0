create table clicks (ts DateTime, usr UInt64, pos UInt8) engine = MergeTree order by ts;
create table per_user (usr UInt64, n UInt64) engine = SummingMergeTree order by usr;
create materialized view per_user_mv to per_user as select usr, count() as n from clicks group by usr;
create view clicky as select usr from per_user where n > 10;
