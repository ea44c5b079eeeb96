-- Safeguarding concerns, and the key for the list of who was erased. Nothing of what a concern says can be read here: it
-- is in `concern_seals`, sealed with age to those who may read it. Who that is, is sealed too; a row does not say whom it
-- leaves out.
begin immediate;

-- Who may read concerns: the recipients of the lead and the deputy, on each of their laptops.
create table concern_readers (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    name text not null,
    role text not null,
    recipient text not null
);

create table concerns (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    reference text not null,
    written_on text not null
);

-- What was written in a concern: the concern itself, and each decision on it.
create table concern_notes (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    concern_id integer references concerns (id) deferrable initially deferred,
    kind text not null
);
create index concern_notes_of on concern_notes (concern_id);

-- The words of a note, sealed; sealed once more when somebody new may read them.
create table concern_seals (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    note_id integer references concern_notes (id) deferrable initially deferred,
    sealed blob not null
);
create index concern_seals_of on concern_seals (note_id);

insert into tracked (tbl, path) values
    ('concern_readers', ''), ('concerns', ''), ('concern_notes', ''), ('concern_seals', '');

-- The key that signs the list of erased people beside the backups; here, so that it is in every backup.
insert or ignore into local_notes (name, value) values ('erasures_key', hex(randomblob(32)));

pragma user_version = 6;
commit;
