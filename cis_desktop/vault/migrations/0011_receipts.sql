-- What each laptop says that it has done, signed with its key, so that all of them know (cis_desktop/sync/receipts.py).
begin immediate;

-- `kind` is `erased` (`about` the change set that erased), `lock` (`about` the laptop that was taken away) or `left`
-- (`about` the last change of one that somebody looked at and did not accept). `device` says so; no row names a person.
create table receipts (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    kind text not null,
    about text not null,
    device text not null,
    at text not null,
    signature text not null
);

insert into tracked (tbl, path) values ('receipts', '');

pragma user_version = 11;
commit;
