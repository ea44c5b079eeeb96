-- What comes in from a council: areas as they lie on the map, postcodes, and briefings.
begin immediate;

-- Where an area of a vintage lies. `shape` is packed by geography/boundaries.py: rings of whole millionths of a degree.
create table boundaries (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    kind text not null,
    code text not null,
    vintage text not null,
    shape blob not null
);
create index boundaries_code on boundaries (code);

-- The postcodes of one district (M33) in one local authority, packed into one row by geography/postcodes.py.
create table postcodes (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    district text not null,
    authority text not null,
    vintage text not null,
    body blob not null
);
create index postcodes_district on postcodes (district);

-- One thing that a council sent: some ordinary files, or a briefing made for this. `said` is JSON: what it says in
-- words, under headings; `public_key` is that of the signature, where there is one.
create table briefings (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    title text not null,
    sender text not null,
    received_on text not null,
    kind text not null,
    said text,
    answers text,
    public_key text
);

-- The files of a briefing as they came; `body` is deflated.
create table briefing_files (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    briefing_id integer references briefings (id) deferrable initially deferred,
    name text not null,
    kind text not null,
    sha256 text not null,
    size integer not null,
    body blob
);
create index briefing_files_of on briefing_files (briefing_id);
create index briefing_files_hash on briefing_files (sha256);

-- The words in a file, a page at a time: a search says on which page, and no text to be indexed is long.
create table briefing_pages (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    briefing_id integer references briefings (id) deferrable initially deferred,
    file_id integer references briefing_files (id) deferrable initially deferred,
    page integer not null,
    words text not null
);
create index briefing_pages_of on briefing_pages (file_id);

-- Figures as the council wrote them: `value` is a plain decimal number, or null with a status that says why not.
create table briefing_figures (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    briefing_id integer references briefings (id) deferrable initially deferred,
    file_id integer references briefing_files (id) deferrable initially deferred,
    area_code text,
    area_name text,
    indicator text not null,
    period text,
    measure text,
    unit text,
    value text,
    status text not null default 'value'
);
create index briefing_figures_of on briefing_figures (briefing_id, gone, indicator);

-- What an indicator means, from the council's own list of them.
create table briefing_indicators (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    briefing_id integer references briefings (id) deferrable initially deferred,
    indicator text not null,
    description text,
    source text,
    period text,
    geography text
);
create index briefing_indicators_of on briefing_indicators (briefing_id);

-- How the columns of a sender's tables were read, and the first key that each sender signed with.
create table briefing_mappings (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    sender text not null,
    fingerprint text not null,
    document text not null
);
create table sender_keys (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    sender text not null,
    public_key text not null,
    seen_on text not null
);

insert into tracked (tbl, path) values
    ('boundaries', ''), ('postcodes', ''), ('briefings', ''), ('briefing_files', 'briefing_id'),
    ('briefing_pages', 'briefing_id'), ('briefing_figures', 'briefing_id'), ('briefing_indicators', 'briefing_id'), ('briefing_mappings', ''),
    ('sender_keys', '');

-- Ranks -1 and -2: briefings, and the pages of their files. What the group wrote itself is shown first.
create view findable_briefings as
    select id, id - 4294967296 as doc, concat_ws(' ', title, sender) as words from briefings where gone = 0;
create trigger found_briefings_made after insert on briefings begin
    insert into finding (act, doc, words) select null, doc, words from findable_briefings where id = new.id;
end;
create trigger found_briefings_changing before update of gone, title, sender on briefings begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_briefings where id = old.id;
end;
create trigger found_briefings_changed after update of gone, title, sender on briefings begin
    insert into finding (act, doc, words) select null, doc, words from findable_briefings where id = new.id;
end;
create trigger found_briefings_removing before delete on briefings begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_briefings where id = old.id;
end;

create view findable_briefing_pages as
    select id, id - 8589934592 as doc, words from briefing_pages where gone = 0;
create trigger found_briefing_pages_made after insert on briefing_pages begin
    insert into finding (act, doc, words) select null, doc, words from findable_briefing_pages where id = new.id;
end;
create trigger found_briefing_pages_changing before update of gone, words on briefing_pages begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_briefing_pages where id = old.id;
end;
create trigger found_briefing_pages_changed after update of gone, words on briefing_pages begin
    insert into finding (act, doc, words) select null, doc, words from findable_briefing_pages where id = new.id;
end;
create trigger found_briefing_pages_removing before delete on briefing_pages begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_briefing_pages where id = old.id;
end;

pragma user_version = 4;
commit;
