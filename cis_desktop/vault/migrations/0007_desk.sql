-- Volunteers who write at the desk without a passphrase, and what is to be done when somebody leaves.
begin immediate;

-- `pin` is a slow hash with its salt (see `cis_desktop/volunteers.py`), and empty once somebody is retired.
create table desk_volunteers (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    name text not null,
    pin text not null
);

-- Somebody who leaves or has left, whose list of things to do is worked through.
create table leavers (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    name text not null,
    left_on text not null
);

-- A step that is done, by whom and on which day. `step` is its key: `way_in`, or `laptop:` and the id of a device.
create table leaver_ticks (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    leaver_id integer references leavers (id) deferrable initially deferred,
    step text not null,
    who text not null,
    on_date text not null
);
create index leaver_ticks_of on leaver_ticks (leaver_id);

insert into tracked (tbl, path) values ('desk_volunteers', ''), ('leavers', ''), ('leaver_ticks', 'leaver_id');

pragma user_version = 7;
commit;
