-- Two pages fewer to seal and write for each change: the chunks without an index of their own, and no second account of
-- how many change sets each device has made, which the list of them says.
begin immediate;

create table packed (
    set_id integer not null references change_sets (id),
    part integer not null,
    body blob not null,
    primary key (set_id, part)
) without rowid;
insert into packed (set_id, part, body) select set_id, part, body from chunks order by set_id, part;
drop table chunks;
alter table packed rename to chunks;

alter table devices drop column seq;

pragma user_version = 10;
commit;
