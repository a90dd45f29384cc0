-- trueup migration
create table t (id int);
create function f() returns trigger language plpgsql as $$ begin new.a := 'x;y'; return new; end; $$;
create function g() returns int begin atomic select 1; select case when true then 2 else 3 end; end;
create index concurrently i on t (id);
/* a ; b */ insert into t values (1); -- tail ;
select 'a;b', "c;d", E'\';', $q$;$q$
