create table ev (id UInt64, d Date, k String) engine = MergeTree order by id;
create view by_day as select count() as n from ev where d = {day:Date} and k in {ks:Array(String)};
create view union_v as select id from ev union all select 0 union distinct select 1;
create view with_v as with x as (select id from ev), y as (select id from x where id > 1) select y.id as id, e.k as k from y left join ev e on e.id = y.id array join [1, 2] as n;
