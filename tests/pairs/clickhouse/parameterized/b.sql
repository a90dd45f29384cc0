create table ev (id UInt64, d Date, k String) engine = MergeTree order by id;
create view by_day as select count() as n, uniq(k) as u from ev where d >= {day:Date} and k in {ks:Array(String)};
create view union_v as select id from ev union all select 0 union distinct select 2 intersect select 2;
create view with_v as with recursive r as (select 1 as n union all select n + 1 from r where n < 5) select n, (select max(id) from ev) as m from r qualify row_number() over (order by n) < 3;
create view asof_v as select e.id as id, f.k as k from ev as e asof left join ev as f on e.id = f.id and e.d >= f.d prewhere e.id > 0 order by id limit 1 with ties;
