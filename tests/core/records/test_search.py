"""Whatever is typed, search answers with the records that begin so, and never with one that is gone."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cis_desktop.records import cases, contacts, households, observations, organisations, people, sessions
from cis_desktop.records.search import Hit, search
from cis_desktop.vault.store import Vault
from cis_desktop.vault.tables import CLOSED, Connection
from cis_desktop.workspace import Workspace


def labels(workspace: Workspace, words: str) -> list[str]:
    return [hit.label for hit in search(workspace.read, words)]


@pytest.fixture
def found_here(workspace: Workspace) -> Workspace:
    with workspace.change("Added people to look for") as change:
        people.add(change, given_name="Zoë", family_name="O'Brien", postcode="nw18ab", phone="+44 7700 900123")
        people.add(change, given_name="小明", family_name="王")
        people.add(change, given_name="مُحَمَّد", family_name="أحمد")
        people.add(change, given_name="ফাতেমা", family_name="বেগম")
        people.add(change, given_name="Xaawo", family_name="Cabdi")
        people.add(change, initials="T.K.", own_number="774")
        people.add(change, given_name="นารี", family_name="ใจดี")
    return workspace


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("zoe", "Zoë O'Brien"),
        ("ZOË", "Zoë O'Brien"),
        ("obrien", "Zoë O'Brien"),
        ("o'b", "Zoë O'Brien"),
        ("brien zo", "Zoë O'Brien"),
        ("nw1 8ab", "Zoë O'Brien"),
        ("nw18ab", "Zoë O'Brien"),
        ("NW1 8", "Zoë O'Brien"),
        ("07700900123", "Zoë O'Brien"),
        ("07700 900 1", "Zoë O'Brien"),
        ("(07700) 900-123", "Zoë O'Brien"),
        ("+44 7700 900123", "Zoë O'Brien"),
        ("p-0001", "Zoë O'Brien"),
        ("P1", "Zoë O'Brien"),
        ("王", "王小明"),
        ("明", "王小明"),
        ("小明", "王小明"),
        ("王小明", "王小明"),
        ("محمد", "مُحَمَّد أحمد"),
        ("احمد", "مُحَمَّد أحمد"),
        ("ফাতে", "ফাতেমা বেগম"),
        ("বেগম", "ফাতেমা বেগম"),
        ("xaaw", "Xaawo Cabdi"),
        ("tk", "T.K."),
        ("t.k.", "T.K."),
        ("774", "T.K."),
        ("จดี", "นารี ใจดี"),
    ],
)
def test_a_person_is_found_by_name_number_postcode_or_phone_in_any_script(
    found_here: Workspace, typed: str, label: str
) -> None:
    assert label in labels(found_here, typed)


def test_an_exact_reference_comes_first_and_names_come_before_what_was_written_about_people(
    workspace: Workspace,
) -> None:
    with workspace.change("Added records") as change:
        first = people.add(change, given_name="Rose", note="knows Ivy")
        people.add(change, given_name="Roseanne", family_name="P-0001")
        contacts.add(change, "2026-11-01", person_id=first, note="rose bushes for the garden")
        observations.add(change, "The rose garden is open again", "2026-11-02")
        people.add(change, given_name="Ivy")
    assert search(workspace.read, "P-0001")[0].label == "Rose"
    assert [(hit.kind, hit.label) for hit in search(workspace.read, "rose")][:2] == [
        ("person", "Rose"),
        ("person", "Roseanne P-0001"),
    ]
    assert {hit.kind for hit in search(workspace.read, "rose")} == {"person", "observation", "contact"}
    assert labels(workspace, "ivy") == ["Ivy", "Rose"]


def test_every_kind_of_record_is_found_and_says_what_it_is(workspace: Workspace) -> None:
    with workspace.change("Added records") as change:
        home = households.add(change, label="Kestrel household", adults=2, postcode="NW5 2AA")
        person = people.add(change, given_name="Ada", household_id=home)
        organisations.add(change, "Kestrel Advice", kind="advice")
        cases.open_case(change, "debt", person_id=person, opened="2026-10-01", note="kestrel arrears letter")
        sessions.add(change, "2026-11-05", venue="Kestrel hall")
        observations.add(change, "Kestrel flats have no lift", "2026-11")
        contacts.add(change, "2026-11-01", person_id=person, note="Asked after the kestrel")
    assert search(workspace.read, "kestrel") == [
        Hit("household", home, "H-0001", "Kestrel household", "2 people · NW5 2AA"),
        Hit("organisation", 1, "", "Kestrel Advice", "advice"),
        Hit("case", 1, "C-0001", "Ada", "opened 1 Oct 2026 · open"),
        Hit("session", 1, "S-0001", "Kestrel hall", "5 Nov 2026"),
        Hit("observation", 1, "N-0001", "Kestrel flats have no lift", "Nov 2026"),
        Hit("contact", 1, "P-0001", "Ada", "1 Nov 2026 · Asked after the kestrel"),
    ]


def test_a_corrected_name_is_found_and_the_old_one_is_not(found_here: Workspace) -> None:
    with found_here.change("Corrected a name") as change:
        people.edit(change, 1, given_name="Zara")
    assert labels(found_here, "zara") == ["Zara O'Brien"]
    assert labels(found_here, "zoe") == []


def test_a_deleted_person_is_not_found_nor_their_notes_and_is_again_once_brought_back(
    found_here: Workspace,
) -> None:
    with found_here.change("Added a visit") as change:
        contacts.add(change, "2026-11-01", person_id=1, note="left an umbrella")
    with found_here.change("Deleted a person") as change:
        people.remove(change, 1)
    assert labels(found_here, "zoe") == labels(found_here, "p-0001") == labels(found_here, "umbrella") == []
    with found_here.change("Brought a person back") as change:
        change.update("people", 1, gone=0)
    assert labels(found_here, "zoe") == labels(found_here, "umbrella") == ["Zoë O'Brien"]


def test_records_that_arrive_by_merge_are_found(found_here: Workspace) -> None:
    other = Vault(":memory:", bytes(32), "The other laptop")
    other.receive(found_here.vault.sets_since({}))
    assert [hit.label for hit in search(other.read, "brien")] == ["Zoë O'Brien"]
    with other.change("Bea", "Corrected a name") as change:
        people.edit(change, 1, family_name="Quill")
    found_here.vault.receive(other.sets_since(found_here.vault.held()))
    assert labels(found_here, "quill") == ["Zoë Quill"]
    assert labels(found_here, "brien") == []


def test_the_words_of_an_erased_person_are_nowhere_in_the_index(found_here: Workspace) -> None:
    def index() -> bytes:
        return b"".join(block for (block,) in found_here.read.execute("select block from found_data"))

    with found_here.change("Added a visit") as change:
        contacts.add(change, "2026-11-01", person_id=1, note="zanzibarian stamp collection")
    assert b"brien" in index()
    assert b"zanzibarian" in index()
    found_here.erase("Erased a person", [("people", 1)])
    assert labels(found_here, "brien") == []
    for word in (b"brien", b"zoe", b"nw18ab", b"900123", b"zanzibarian", b"stamp"):
        assert word not in index()
    assert b"xaawo" in index()


def test_an_erasure_takes_earlier_words_of_a_person_out_of_the_index_too(found_here: Workspace) -> None:
    with found_here.change("Corrected a name") as change:
        people.edit(change, 1, family_name="Quill")
    with found_here.change("Deleted a person") as change:
        people.remove(change, 5)
    assert labels(found_here, "brien") == []
    found_here.erase("Erased two people", [("people", 1), ("people", 5)])
    index = b"".join(block for (block,) in found_here.read.execute("select block from found_data"))
    for word in (b"quill", b"brien", b"xaawo"):
        assert word not in index


def test_after_any_changes_the_index_is_what_it_would_be_if_built_anew(workspace: Workspace) -> None:
    draw = random.Random(7)
    words = ["Ali", "Begum", "O'Neil", "王小明", "أحمد", "Zoë", "P.", "", None, "บุญ", "nw1 8ab"]
    with workspace.change("Added people") as change:
        for _ in range(60):
            people.add(change, given_name=draw.choice(words), family_name=draw.choice(words), note=draw.choice(words))
    for _ in range(15):
        with workspace.change("Changed people") as change:
            for person in draw.sample(range(1, 61), 6):
                field = draw.choice(["given_name", "family_name", "initials", "note", "phone"])
                change.update("people", person, **{field: draw.choice(words), "gone": int(draw.random() < 0.3)})
    with workspace.vault.transaction(CLOSED) as connection:
        kept = terms(connection)
        connection.execute("insert into found (found) values ('delete-all')")
        for view in ("people", "people_notes"):
            connection.execute(f"insert into finding (act, doc, words) select null, doc, words from findable_{view}")
        assert kept
        assert kept == terms(connection)


def terms(connection: Connection) -> list[tuple[object, ...]]:
    connection.execute("create virtual table if not exists temp.seen using fts5vocab (main, found, instance)")
    return sorted(connection.execute("select term, doc, offset from temp.seen").fetchall())


@pytest.fixture(scope="module")
def growing() -> Vault:
    return Vault(":memory:", bytes(32), "Test")


@given(typed=st.text(st.characters(exclude_categories=())))
@example(typed="P" + "9" * 5000)
@example(typed="\ud800")
def test_anything_may_be_typed(growing: Vault, typed: str) -> None:
    search(growing.read, typed)
    search(growing.read, f'"{typed}" OR {typed}* NOT words:{typed}')


NAMES = st.text(
    st.characters(categories=("Lu", "Ll", "Lt", "Lo", "Mn", "Mc"), max_codepoint=0x1FFFF), min_size=2, max_size=12
).filter(lambda name: all(unicodedata.ucd_3_2_0.category(c)[0] in "LM" for c in name) and name[0].isalpha())


@given(name=NAMES, cut=st.integers(1, 12))
def test_a_beginning_of_any_name_finds_its_person(growing: Vault, name: str, cut: int) -> None:
    with growing.change("Ann", "Added a person") as change:
        person = people.add(change, given_name=name, family_name=name)
    try:
        typed = name[:cut]
        assert person in [hit.id for hit in search(growing.read, typed, limit=100_000)]
    finally:
        with growing.change("Ann", "Deleted a person") as change:
            people.remove(change, person)


@given(
    name=st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=8),
    cut=st.tuples(st.integers(0, 7), st.integers(1, 8)),
)
def test_any_part_of_a_name_written_without_spaces_finds_its_person(
    growing: Vault, name: str, cut: tuple[int, int]
) -> None:
    start = cut[0] % len(name)
    with growing.change("Ann", "Added a person") as change:
        person = people.add(change, given_name=name)
    try:
        assert person in [hit.id for hit in search(growing.read, name[start : start + cut[1]], limit=100_000)]
    finally:
        with growing.change("Ann", "Deleted a person") as change:
            people.remove(change, person)
