-- What people can search, kept true by triggers so that merging, undoing and erasing keep it true as well.
begin immediate;

-- Words that people search. No text is kept here, only the index: the document number is
-- `record id + rank * 4294967296`, so that the highest documents are the ones to show first.
-- Ranks: 7 people, 6 households, 5 organisations, 4 cases, 3 sessions, 2 observations, 1 notes on people, 0 contacts.
create virtual table found using fts5 (
    words, content = '', columnsize = 0, prefix = '1 2 3 4 5',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co'"
);
-- What is taken out stays readable in the index's pages until they are merged, so an erasure merges them all
-- (FTS5's own `secure-delete` does so word by word, at a hundred times the cost of undoing an import).

-- The one way in: `act` is null to add a document's words, 'delete' to take the very same words out again.
-- Arabic loses its vowel signs and the spellings people mix; scripts written without spaces are also indexed
-- two letters at a time, so that any part of a name is found. `records/search.py` does the same to what is typed.
create view finding as select null as act, 0 as doc, '' as words where 0;
create trigger finding_words instead of insert on finding begin
    insert into found (found, rowid, words)
    select new.act, new.doc, plain || case
        when plain glob '*[฀-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿]*' then coalesce((
            with recursive place (n) as (select 1 union all select n + 1 from place where n < length(plain))
            select ' ' || group_concat(substr(plain, n, 2), ' ') from place
            where substr(plain, n, 1) glob '[฀-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿]'
        ), '') else '' end
    from (
        select case when new.words glob '*[آأإىةـً-ْ]*' then
            replace(replace(replace(replace(replace(replace(replace(
            replace(replace(replace(replace(replace(replace(replace(new.words,
            'آ', 'ا'), 'أ', 'ا'), 'إ', 'ا'), 'ى', 'ي'), 'ة', 'ه'), 'ـ', ''), 'ً', ''),
            'ٌ', ''), 'ٍ', ''), 'َ', ''), 'ُ', ''), 'ِ', ''), 'ّ', ''), 'ْ', '')
            else new.words end as plain
    );
end;

-- What can be found of each kind of record, and the triggers that keep the index true to it, whoever writes.
create view findable_people as select id, id + 7 * 4294967296 as doc, concat_ws(
    ' ', reference, replace(reference, '-', ''), own_number, second_number,
    given_name, family_name, replace(replace(family_name, '''', ''), '’', ''), initials, replace(initials, '.', ''),
    case when family_name glob '[぀-ヿ㐀-䶿一-鿿가-힣豈-﫿]*' then family_name || given_name end,
    postcode, replace(postcode, ' ', ''), email, phone,
    replace(replace(replace(replace(replace(phone, '+44', '0'), ' ', ''), '-', ''), '(', ''), ')', '')
) as words from people where gone = 0;
create trigger found_people_made after insert on people begin
    insert into finding (act, doc, words) select null, doc, words from findable_people where id = new.id;
end;
create trigger found_people_changing before update of
    gone, reference, own_number, second_number, given_name, family_name, initials, postcode, phone, email
    on people begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_people where id = old.id;
end;
create trigger found_people_changed after update of
    gone, reference, own_number, second_number, given_name, family_name, initials, postcode, phone, email
    on people begin
    insert into finding (act, doc, words) select null, doc, words from findable_people where id = new.id;
end;
create trigger found_people_removing before delete on people begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_people where id = old.id;
end;

create view findable_people_notes as
    select id, id + 1 * 4294967296 as doc, note as words
    from people where gone = 0 and note is not null;
create trigger found_people_notes_made after insert on people when new.note is not null begin
    insert into finding (act, doc, words) select null, doc, words from findable_people_notes where id = new.id;
end;
create trigger found_people_notes_changing before update of gone, note
    on people when old.note is not null begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_people_notes where id = old.id;
end;
create trigger found_people_notes_changed after update of gone, note on people when new.note is not null begin
    insert into finding (act, doc, words) select null, doc, words from findable_people_notes where id = new.id;
end;
create trigger found_people_notes_removing before delete on people when old.note is not null begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_people_notes where id = old.id;
end;

create view findable_households as select id, id + 6 * 4294967296 as doc, concat_ws(
    ' ', reference, replace(reference, '-', ''), label, postcode, replace(postcode, ' ', ''), collectors, note
) as words from households where gone = 0;
create trigger found_households_made after insert on households begin
    insert into finding (act, doc, words) select null, doc, words from findable_households where id = new.id;
end;
create trigger found_households_changing before update of gone, reference, label, postcode, collectors, note
    on households begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_households where id = old.id;
end;
create trigger found_households_changed after update of gone, reference, label, postcode, collectors, note
    on households begin
    insert into finding (act, doc, words) select null, doc, words from findable_households where id = new.id;
end;
create trigger found_households_removing before delete on households begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_households where id = old.id;
end;

create view findable_organisations as
    select id, id + 5 * 4294967296 as doc, concat_ws(' ', name, org_id, note) as words
    from organisations where gone = 0;
create trigger found_organisations_made after insert on organisations begin
    insert into finding (act, doc, words) select null, doc, words from findable_organisations where id = new.id;
end;
create trigger found_organisations_changing before update of gone, name, org_id, note on organisations begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_organisations where id = old.id;
end;
create trigger found_organisations_changed after update of gone, name, org_id, note on organisations begin
    insert into finding (act, doc, words) select null, doc, words from findable_organisations where id = new.id;
end;
create trigger found_organisations_removing before delete on organisations begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_organisations where id = old.id;
end;

create view findable_cases as
    select id, id + 4 * 4294967296 as doc, concat_ws(' ', reference, replace(reference, '-', ''), note) as words
    from cases where gone = 0;
create trigger found_cases_made after insert on cases begin
    insert into finding (act, doc, words) select null, doc, words from findable_cases where id = new.id;
end;
create trigger found_cases_changing before update of gone, reference, note on cases begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_cases where id = old.id;
end;
create trigger found_cases_changed after update of gone, reference, note on cases begin
    insert into finding (act, doc, words) select null, doc, words from findable_cases where id = new.id;
end;
create trigger found_cases_removing before delete on cases begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_cases where id = old.id;
end;

create view findable_sessions as
    select id, id + 3 * 4294967296 as doc, concat_ws(' ', reference, replace(reference, '-', ''), venue, note) as words
    from sessions where gone = 0;
create trigger found_sessions_made after insert on sessions begin
    insert into finding (act, doc, words) select null, doc, words from findable_sessions where id = new.id;
end;
create trigger found_sessions_changing before update of gone, reference, venue, note on sessions begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_sessions where id = old.id;
end;
create trigger found_sessions_changed after update of gone, reference, venue, note on sessions begin
    insert into finding (act, doc, words) select null, doc, words from findable_sessions where id = new.id;
end;
create trigger found_sessions_removing before delete on sessions begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_sessions where id = old.id;
end;

create view findable_observations as select id, id + 2 * 4294967296 as doc, concat_ws(
    ' ', reference, replace(reference, '-', ''), place, words, own_reading, original_words
) as words from observations where gone = 0;
create trigger found_observations_made after insert on observations begin
    insert into finding (act, doc, words) select null, doc, words from findable_observations where id = new.id;
end;
create trigger found_observations_changing before update of
    gone, reference, place, words, own_reading, original_words
    on observations begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_observations where id = old.id;
end;
create trigger found_observations_changed after update of
    gone, reference, place, words, own_reading, original_words
    on observations begin
    insert into finding (act, doc, words) select null, doc, words from findable_observations where id = new.id;
end;
create trigger found_observations_removing before delete on observations begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_observations where id = old.id;
end;

create view findable_contact_notes as
    select id, id as doc, note as words
    from contacts where gone = 0 and note is not null;
create trigger found_contact_notes_made after insert on contacts when new.note is not null begin
    insert into finding (act, doc, words) select null, doc, words from findable_contact_notes where id = new.id;
end;
create trigger found_contact_notes_changing before update of gone, note
    on contacts when old.note is not null begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_contact_notes where id = old.id;
end;
create trigger found_contact_notes_changed after update of gone, note
    on contacts when new.note is not null begin
    insert into finding (act, doc, words) select null, doc, words from findable_contact_notes where id = new.id;
end;
create trigger found_contact_notes_removing before delete on contacts when old.note is not null begin
    insert into finding (act, doc, words) select 'delete', doc, words from findable_contact_notes where id = old.id;
end;

pragma user_version = 3;
commit;
