-- Who can open the vault on this device, and who ever could. The file `vault.keys` has the same slots without names;
-- where the two differ, the later generation counts. No part of the history: keys are not shared between laptops.
begin immediate;

create table ways_in (
    id text primary key,
    kind text not null,
    name text not null,
    slot blob not null,
    added_at text not null,
    added_by text not null,
    gone_at text,
    gone_by text
);

create table ways_in_generation (
    one integer primary key check (one = 1),
    generation integer not null
);
insert into ways_in_generation (one, generation) values (1, 0);

pragma user_version = 5;
commit;
