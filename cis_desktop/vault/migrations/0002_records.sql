-- What a group writes down. Every table here has history: an integer key for SQLite, a random (or content-derived)
-- uid for everyone else, and `gone` instead of delete.
begin immediate;

create table settings (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    name text not null,
    value text
);

create table code_lists (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    name text not null,
    version integer not null,
    title text not null,
    source text,
    valid_from text,
    valid_to text
);

create table codes (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    list_id integer references code_lists (id) deferrable initially deferred,
    key text not null,
    label text not null,
    broader text,
    outside_code text,
    position integer not null default 0
);
create index codes_list on codes (list_id, key);

create table organisations (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    name text not null,
    org_id text,
    kind text,
    note text
);

create table areas (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    kind text not null,
    code text not null,
    name text not null,
    vintage text,
    within text
);
create index areas_code on areas (code);

create table households (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    reference text not null,
    label text,
    numbering text,
    adults integer,
    children integer,
    structure text,
    tenure text,
    postcode text,
    ward text,
    ward_vintage text,
    no_fixed_address integer,
    diet text,
    allergies text,
    cooking text,
    delivery text,
    collectors text,
    note text
);
create index households_reference on households (reference);

create table people (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    reference text not null,
    -- The number a list calls this person by, and which lists use that numbering (null: the group's own).
    own_number text,
    numbering text,
    second_number text,
    given_name text,
    family_name text,
    initials text,
    birth_year integer,
    household_id integer references households (id) deferrable initially deferred,
    postcode text,
    ward text,
    ward_vintage text,
    no_fixed_address integer,
    phone text,
    phone_permission integer,
    email text,
    email_permission integer,
    safe_contact text,
    language text,
    interpreter integer,
    parent_or_carer integer,
    unlinked integer,
    note text
);
create index people_reference on people (reference);
create index people_own_number on people (own_number) where own_number is not null;
create index people_household on people (household_id, gone, ward);
-- `gone` is not first: SQLite would take this index for every read of people, by reference too.
create index people_figures on people (ward, gone, birth_year, household_id);

-- Self-described ethnic group, sex, disability and so on, with who said so and when they agreed to it being kept.
create table described_values (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    person_id integer references people (id) deferrable initially deferred,
    trait text not null,
    value text,
    list_version integer,
    status text not null default 'answered',
    source text,
    permission_on text
);
create index described_person on described_values (person_id, trait, gone, status, value);

create table cases (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    reference text not null,
    person_id integer references people (id) deferrable initially deferred,
    household_id integer references households (id) deferrable initially deferred,
    opened text,
    closed text,
    how_came text,
    referred_by integer references organisations (id) deferrable initially deferred,
    priority text,
    status text,
    lawful_basis text,
    review_on text,
    worker text,
    note text
);
create index cases_reference on cases (reference);
create index cases_person on cases (person_id);
create index cases_household on cases (household_id);

create table sessions (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    reference text not null,
    on_date text not null,
    venue text,
    ward text,
    adults integer,
    children integer,
    new_estimate integer,
    returning_estimate integer,
    note text
);
create index sessions_reference on sessions (reference);
create index sessions_figures on sessions (on_date, gone, ward, venue, adults, children);

create table contacts (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    person_id integer references people (id) deferrable initially deferred,
    household_id integer references households (id) deferrable initially deferred,
    case_id integer references cases (id) deferrable initially deferred,
    session_id integer references sessions (id) deferrable initially deferred,
    on_date text not null,
    at_time text,
    kind text,
    adults integer,
    children integer,
    helped integer,
    minutes integer,
    how text,
    worker text,
    paid_by integer references organisations (id) deferrable initially deferred,
    note text
);
create index contacts_figures on contacts (
    on_date, gone, person_id, household_id, kind, case_id, adults, children, helped
);
create index contacts_person on contacts (person_id, on_date, gone);
create index contacts_household on contacts (household_id);
create index contacts_case on contacts (case_id) where case_id is not null;
create index contacts_session on contacts (session_id) where session_id is not null;

-- What was given in a contact: whole numbers in `unit`; money in pence; a parcel with the days it feeds.
create table given (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    contact_id integer references contacts (id) deferrable initially deferred,
    item text not null,
    quantity integer,
    unit text,
    pence integer,
    parcel_days integer
);
create index given_contact on given (contact_id, gone, item, unit, quantity, pence, parcel_days);

-- Needs met in a contact, or behind a case. `main` marks a case's main need.
create table needs (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    contact_id integer references contacts (id) deferrable initially deferred,
    case_id integer references cases (id) deferrable initially deferred,
    need text not null,
    list_version integer,
    main integer not null default 0
);
create index needs_contact on needs (contact_id, gone, need) where contact_id is not null;
create index needs_case on needs (case_id, gone, need) where case_id is not null;

create table observations (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    reference text not null,
    noticed_on text not null,
    place text,
    ward text,
    session_id integer references sessions (id) deferrable initially deferred,
    person_id integer references people (id) deferrable initially deferred,
    words text not null,
    how_known text,
    people_band text,
    direction text,
    confidence text,
    own_reading text,
    original_words text,
    original_language text,
    shareable integer not null default 0,
    checked_by text,
    checked_on text
);
create index observations_reference on observations (reference);
create index observations_figures on observations (noticed_on, gone, ward);
create index observations_person on observations (person_id) where person_id is not null;
create index observations_session on observations (session_id) where session_id is not null;

create table themes (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    key text not null,
    label text not null,
    meaning text,
    broader text
);

create table observation_themes (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    observation_id integer references observations (id) deferrable initially deferred,
    theme_id integer references themes (id) deferrable initially deferred,
    span_start integer,
    span_end integer
);
create index observation_themes_figures on observation_themes (observation_id, gone, theme_id);

-- How columns of a spreadsheet were read, kept under the fingerprint of its header row.
create table import_mappings (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    fingerprint text not null,
    name text not null,
    document text not null
);

create table agreements (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    key text not null,
    title text not null,
    version integer not null,
    hash blob not null,
    document blob not null,
    accepted_by text,
    accepted_on text
);

-- The release ledger: everything that left, and (in `cells`) the exact figures behind it, which never leave.
create table releases (
    id integer primary key autoincrement,
    uid blob not null unique default (randomblob(16)),
    gone integer not null default 0,
    pack text not null,
    agreement_hash blob not null,
    agreement_title text not null,
    period text not null,
    recipient text,
    made_at text not null,
    signed_off_by text not null,
    status text not null default 'made',
    supersedes text,
    sha256 text not null,
    summary text not null,
    cells blob not null
);

insert into tracked (tbl, path) values
    ('settings', ''), ('code_lists', ''), ('codes', ''), ('organisations', ''), ('areas', ''),
    ('households', ''), ('people', ''), ('described_values', 'person_id'),
    ('cases', 'person_id'), ('sessions', ''), ('contacts', 'person_id case_id'), ('given', 'contact_id'),
    ('needs', 'contact_id case_id'), ('observations', 'person_id'), ('themes', ''),
    ('observation_themes', 'observation_id'), ('import_mappings', ''), ('agreements', ''), ('releases', '');

-- Not history: the next reference of each kind on this device, and small local notes.
create table counters (kind text primary key, next integer not null) without rowid;

create table local_notes (name text primary key, value text) without rowid;

pragma user_version = 2;
commit;
