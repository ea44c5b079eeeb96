"""What of a record is on every laptop, and what stays on one: each table, by name."""

from __future__ import annotations

from cis_desktop.sync.snapshot import LOCAL
from cis_desktop.vault.chunks import INSERT, Section, hashes_of, open_chunk, seal, without
from tests.core.sync.group import Group, add

TRAVELS = {
    "agreements": "what was agreed, and who accepted it",
    "areas": "places and their names",
    "boundaries": "their outlines",
    "briefing_figures": "what a council sent: its tables",
    "briefing_files": "what a council sent: the files as they came, of which all laptops answer alike",
    "briefing_indicators": "what a council sent: what its figures mean",
    "briefing_mappings": "how a sender's tables are read",
    "briefing_pages": "what a council sent: its words, to be searched",
    "briefings": "what a council sent",
    "cases": "the record itself",
    "code_lists": "lists to choose from, with their versions",
    "codes": "the entries of those lists",
    "concern_notes": "safeguarding concerns, of which nothing can be read",
    "concern_readers": "to whom concerns are sealed, on whichever laptop one is written",
    "concern_seals": "the words of concerns, sealed to the lead and the deputy",
    "concerns": "safeguarding concerns, of which nothing can be read",
    "contacts": "the record itself",
    "described_values": "the record itself",
    "desk_volunteers": "who writes at the desk, with a slow hash of their PIN",
    "given": "the record itself",
    "households": "the record itself",
    "import_mappings": "how a spreadsheet of a kind is read",
    "laptops": "which laptops share the record, and which were taken away",
    "leaver_ticks": "what of it is done",
    "leavers": "who leaves, and what is to be done",
    "needs": "the record itself",
    "observation_themes": "the record itself",
    "observations": "the record itself",
    "organisations": "the record itself",
    "people": "the record itself",
    "postcodes": "in which places they lie",
    "receipts": "what each laptop says it has done",
    "release_role": "which laptop makes packs",
    "releases": "the ledger: what left, from whichever laptop",
    "sender_keys": "the keys that councils sign with",
    "sessions": "the record itself",
    "settings": "what the group has chosen, not this computer",
    "themes": "what observations are about",
}
"""Tables with a history, whose change sets go to every laptop."""
STAYS = {
    "files_outside": "a path means something on one computer",
    "invitations": "only the laptop that wrote one can answer it",
    "kept_originals": "whole spreadsheets: what was in them is in the record, and an erasure takes them away whole",
    "local_notes": "drafts, private keys, and what was chosen for this computer",
    "sync_files": "which files this laptop has read and written",
    "ways_in": "passphrases and kits: each laptop has its own",
    "ways_in_generation": "which list of them counts",
}
"""Tables of one laptop. A laptop that comes in does not get them either."""
HISTORY = {
    "change_sets": "the history: this is what travels",
    "chunks": "the history: what each change set wrote",
    "devices": "who has written, and how much",
    "edits": "made from the history",
    "erased": "made from the history",
    "found": "made from the record, to search it",
    "made": "made from the history",
    "pending": "empty outside a change",
    "tracked": "which tables have a history",
    "waiting": "change sets that wait for others",
    "writing": "which device this is",
    "counters": "the next number of each kind, of this device alone",
}
"""Tables that each laptop makes for itself."""


def test_of_every_table_it_is_said_whether_it_travels(group: Group) -> None:
    read = group.front.read
    there = {
        name
        for (name,) in read.execute("select name from sqlite_master where type = 'table'")
        if not name.startswith(("sqlite_", "found_"))
    }
    tracked = {name for (name,) in read.execute("select tbl from tracked")}
    assert tracked == set(TRAVELS), "a table with a history travels: say what it is"
    assert set(LOCAL) == set(STAYS), "what is left out of a snapshot: say why"
    assert there == set(TRAVELS) | set(STAYS) | set(HISTORY), "say of the new table whether it travels"


def test_numbers_given_out_apart_are_never_the_same(group: Group) -> None:
    back, third = group.invite("back"), group.invite("third")
    for who in group.open:
        add(who, "One")
        with who.change("Wrote") as change:
            (person,) = change.connection.execute("select max(id) from people").fetchone()
            for kind, table, more in (
                ("C", "cases", {"person_id": person, "opened": "2026-01-01"}),
                ("S", "sessions", {"on_date": "2026-01-01"}),
                ("N", "observations", {"words": "Cold", "noticed_on": "2026-01-01"}),
                ("H", "households", {}),
            ):
                change.insert(table, reference=change.next_reference(kind), **more)
    for _ in range(2):
        group.meet(*group.open)
    for table in ("people", "cases", "sessions", "observations", "households"):
        for who in (group.front, back, third):
            found = [each for (each,) in who.read.execute(f"select reference from {table}")]
            assert len(found) == len(set(found)) == 3, found


def test_what_a_council_sent_travels_whole_though_it_is_large() -> None:
    # As many files at once as are taken in, larger together than one chunk may be.
    files = [[bytes([number]) * 16, bytes(12 << 20)] for number in range(9)]
    bodies, hashes = seal([Section("briefing_files", INSERT, ("body",), files)])
    assert [entry for body in bodies for section in open_chunk(body) for entry in section.entries] == files
    assert len(hashes) == len(files)
    cleaned = without(bodies[0], {files[0][0]})
    assert cleaned is not None
    assert list(hashes_of([cleaned, *bodies[1:]])) == hashes
