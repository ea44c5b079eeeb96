-- A small schema for histories: the shapes of the real one, few enough columns to run thousands.
begin immediate;
create table local_notes (name text primary key, value text) without rowid;
create table households (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    label text
);
create table people (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    name text,
    phone text,
    household_id integer references households (id) deferrable initially deferred
);
create table contacts (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    person_id integer references people (id) deferrable initially deferred,
    note text
);
create table given (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    contact_id integer references contacts (id) deferrable initially deferred,
    item text
);
insert into tracked (tbl, path) values
    ('households', ''), ('people', ''), ('contacts', 'person_id'), ('given', 'contact_id');
create table counters (kind text primary key, next integer not null) without rowid;
pragma user_version = 2;
commit;
