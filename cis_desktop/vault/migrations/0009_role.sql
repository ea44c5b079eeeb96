-- Which laptop may release: a chain of signed statements, of which the last one counts (cis_desktop/packs/role.py).
begin immediate;

-- `device` is the id of a laptop, `public_key` that which it signs packs with. `previous` names the statements that this
-- one follows, by their hashes with blanks between; `signed_by` is the key of the signature, an earlier one where it was
-- at hand.
create table release_role (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    kind text not null,
    device text not null,
    laptop text not null,
    public_key text not null,
    previous text not null,
    at text not null,
    signed_by text not null,
    signature text not null
);

insert into tracked (tbl, path) values ('release_role', '');

-- The key that signs packs belongs to one laptop: a copy of the record has it too, and must not take it for its own.
update local_notes set name = 'pack_signing_key:' || (
    select lower(hex(d.uid)) from writing w join devices d on d.id = w.device
) where name = 'pack_signing_key';

pragma user_version = 9;
commit;
