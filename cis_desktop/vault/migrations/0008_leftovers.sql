-- What lies outside the record because a person asked for it, and the originals of imports that are kept inside.
-- Neither is part of the history: a path means something on one laptop only, and a file is not merged with another.
begin immediate;

-- `kind` says what it is (see `cis_desktop/outside.py`). Whether the file is still there is looked up, not written down.
create table files_outside (
    path text primary key,
    kind text not null,
    at text not null,
    who text not null
) without rowid;

-- `body` is deflated, `sha256` that of the file as it was. `set_id` is the change set of its import; `met` is 1 where the
-- list may name people who were here before it. When somebody is erased, every original that may name them goes too.
create table kept_originals (
    id integer primary key,
    name text not null,
    sha256 text not null unique,
    size integer not null,
    kept_at text not null,
    kept_by text not null,
    set_id integer,
    met integer not null default 1,
    body blob not null
);

-- A row of people is deleted by an erasure alone.
create trigger kept_originals_erased before delete on people begin
    delete from kept_originals where met = 1 or set_id = (
        select set_id from made where tbl = 'people' and first <= old.id order by first desc limit 1
    );
end;

pragma user_version = 8;
commit;
