-- The vault's own tables: who writes here, what was written, and what must stay forgotten.
-- None of these carries history: they are the history.
begin immediate;

-- One row: this folder as a place that writes. `mode` is 0 (nobody may write), 1 (recording), 2 (applying).
create table writing (
    one integer primary key check (one = 1),
    mode integer not null default 0,
    device integer,
    lamport integer not null default 0,
    triggers_for integer not null default 0
);
insert into writing (one) values (1);

-- Device incarnations: a restored backup or a copied folder is a new one.
create table devices (
    id integer primary key,
    uid blob not null unique,
    name text not null,
    tag text not null,
    seq integer not null default 0
);

create table change_sets (
    id integer primary key,
    device integer not null references devices (id),
    seq integer not null,
    who text not null,
    at text not null,
    words text not null,
    lamport integer not null,
    schema integer not null,
    vector blob not null,
    hash blob not null,
    unique (device, seq)
);

create table chunks (
    set_id integer not null references change_sets (id),
    part integer not null,
    body blob not null,
    primary key (set_id, part)
);

-- Rows a change set created: ids never come back, so each set owns one run of them per table.
create table made (
    tbl text not null,
    first integer not null,
    last integer not null,
    set_id integer not null references change_sets (id),
    primary key (tbl, first)
) without rowid;
create index made_set on made (set_id);

-- Fields written after their row was made. The heads of a field are its edits that nothing supersedes;
-- a field without edits has one head, the set that made the row.
create table edits (
    tbl text not null,
    row integer not null,
    field text not null,
    set_id integer not null references change_sets (id),
    superseded integer not null default 0,
    value blob,
    primary key (tbl, row, field, set_id)
) without rowid;
create index edits_set on edits (set_id);

-- What the open change has overwritten so far. Empty outside a transaction.
create table pending (
    tbl text not null,
    row integer not null,
    field text not null,
    old,
    primary key (tbl, row, field)
) without rowid;

-- Hashes of the uids of erased rows: whatever reaches one of them is erased on arrival.
create table erased (
    uid_hash blob primary key,
    tbl text not null
) without rowid;

-- Change sets that wait for others, or for a newer version of the app.
create table waiting (
    device blob not null,
    seq integer not null,
    schema integer not null,
    body blob not null,
    primary key (device, seq)
) without rowid;

-- Tables with history. `path` lists the columns that lead to the person a row is about, separated by
-- spaces; once such a column leads somewhere it stays: moving a row is a new row.
create table tracked (
    tbl text primary key,
    path text not null default ''
) without rowid;

pragma user_version = 1;
commit;
