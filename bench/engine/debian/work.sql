-- A table filled, indexed, joined and grouped, in memory.
create table item(id integer primary key, kind integer, name text, price real);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 12000)
insert into item select i, i * 7919 % 101, 'item ' || (i * 31 % 997), i * 0.25 from n;
create index by_kind on item(kind, price);
select kind, count(*), round(sum(price), 2), min(name) from item group by kind order by 3 desc limit 5;
select count(*) from item a join item b on a.kind = b.kind and b.id = a.id % 1000 + 1;
update item set price = price * 1.5 where name like '%7%';
select round(sum(price), 2) from item;
