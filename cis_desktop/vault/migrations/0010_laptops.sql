-- The laptops that share this record, and what this one has read from and written to the others.
begin immediate;

-- One row for each device that shares: where its files are sealed to, and what they are signed with. `removed_after` is
-- the last of its change sets that counts, once it was taken away.
create table laptops (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    device text not null,
    name text not null,
    recipient text not null,
    public_key text not null,
    removed_after integer
);

insert into tracked (tbl, path) values ('laptops', '');

-- Not history, and of this laptop only.
-- Invitations it wrote. Of the word that is in one, only the hash.
create table invitations (
    token_hash blob primary key,
    name text not null,
    expires_at text not null,
    used_by text
) without rowid;

-- Sync files it has read or written, by their SHA-256: a stick has another path each time.
create table sync_files (
    mark blob primary key,
    device text not null,
    number integer not null,
    at text not null,
    has blob not null,
    runs blob not null,
    sealed_to blob not null,
    erased integer not null
) without rowid;

pragma user_version = 10;
commit;
