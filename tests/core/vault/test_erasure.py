"""Erasing a person leaves nothing to read here, in the history or elsewhere, and the history is still whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cis_desktop.local_notes import note
from cis_desktop.vault.merge import Merged
from cis_desktop.vault.sets import is_genuine
from cis_desktop.workspace import Workspace

from .conftest import KEY, add_person
from .plain import in_clear, leftovers

Give = Callable[[Workspace, Workspace], Merged]
Two = tuple[Workspace, Workspace]

# Each begins with letters of its own, since the search index writes shared beginnings once.
CANARIES = [
    b"Aqwlarder", b"Bzxcobalt", b"Cvbrhubarb", b"Dnmthistle", b"Ejklpewter", b"Fghquince", b"Gyucinnabar",
    b"Hopmarjoram", b"Irtverdigris",
]  # fmt: skip
KEPT = b"Zplsaffron"
HALF = b"Jqktamarind"


@dataclass(frozen=True)
class Planted:
    person: int
    other: int


def plant(workspace: Workspace) -> Planted:
    """Write a canary into everything a person reaches, overwrite some, and a neighbour who stays."""
    words = [canary.decode() for canary in CANARIES]
    with workspace.change("Imported people.csv") as change:
        other = change.insert("people", reference="P-0001", given_name=KEPT.decode())
        person = change.insert("people", reference="P-0002", given_name=words[0], note=words[1])
        case = change.insert("cases", reference="C-0001", person_id=person, note=words[2])
        visit = change.insert("contacts", person_id=person, case_id=case, on_date="2018-01-02", note=words[3])
        change.insert("given", contact_id=visit, item=words[4])
        change.insert("described_values", person_id=person, trait="ethnic_group", value=words[5])
        seen = change.insert("observations", reference="N-0001", noticed_on="2018-01-02", person_id=person,
                             words=words[6])  # fmt: skip
        change.insert("observation_themes", observation_id=seen)
        change.insert("contacts", person_id=other, on_date="2018-01-02", note=KEPT.decode())
        change.insert("needs", case_id=case, need=words[7])
    with workspace.change("Mended") as change:
        change.update("people", person, given_name=words[8], note=None)
        change.update("people", other, given_name=KEPT.decode() + "e")
    return Planted(person, other)


def half_written(workspace: Workspace) -> None:
    """Leave half a visit in the window, as locking does."""
    with workspace.change("Kept drafts") as change:
        note(change.connection, "drafts", f"Half a visit of {HALF.decode()}")
    assert leftovers(workspace, KEY, [HALF]) == {HALF}


def rows_left(workspace: Workspace) -> dict[str, int]:
    return {
        name: count
        for name in workspace.vault.tables
        if (count := workspace.read.execute(f"select count(*) from {name}").fetchone()[0])
    }


def chunk_ends(workspace: Workspace) -> list[bytes]:
    """Give the last bytes of every chunk, which an erasure changes even where its beginning stays."""
    return [body[-20:] for (body,) in workspace.read.execute("select body from chunks")]


def test_nothing_planted_can_be_read_without_the_key(workspace: Workspace) -> None:
    plant(workspace)
    assert workspace.folder.joinpath("vault.db-wal").stat().st_size > 0
    assert in_clear(workspace.folder, [*CANARIES, KEPT, b"imported people", b"create table"]) == set()
    # The look itself is good: with the key everything is found.
    assert leftovers(workspace, KEY, [*CANARIES, KEPT]) == {*CANARIES, KEPT}


def test_an_erased_person_can_be_read_nowhere_even_with_the_key(workspace: Workspace) -> None:
    planted = plant(workspace)
    half_written(workspace)
    ends = chunk_ends(workspace)
    assert leftovers(workspace, KEY, ends) == set(ends)
    done = workspace.erase("Erased a person", [("people", planted.person)])
    assert done.erased_rows == {
        "people": 1, "cases": 1, "contacts": 1, "given": 1, "described_values": 1, "observations": 1,
        "observation_themes": 1, "needs": 1,
    }  # fmt: skip
    assert leftovers(workspace, KEY, [*CANARIES, HALF, *ends]) == set()
    assert leftovers(workspace, KEY, [KEPT]) == {KEPT}
    assert rows_left(workspace) == {"people": 1, "contacts": 1}
    for canary in CANARIES:
        assert workspace.read.execute(
            "select count(*) from found where found match ?", (canary.decode(),)
        ).fetchone() == (0,)
    assert workspace.read.execute("select count(*) from found where found match ?", (f"{KEPT.decode()}*",)) \
        .fetchone() == (2,)  # fmt: skip


def test_the_history_stays_whole_and_the_neighbour_keeps_theirs(workspace: Workspace) -> None:
    planted = plant(workspace)
    hashes = [one.hash for one in workspace.vault.sets_since({})]
    workspace.erase("Erased a person", [("people", planted.person)])
    sets = list(workspace.vault.sets_since({}))
    assert [one.hash for one in sets[:-1]] == hashes
    assert all(is_genuine(one) for one in sets)
    assert workspace.problems() == []
    assert [one.words for one in workspace.change_sets(("people", planted.other))] == ["Mended", "Imported people.csv"]
    workspace.undo(workspace.change_sets(("people", planted.other))[0].id)
    assert workspace.read.execute("select given_name from people").fetchall() == [(KEPT.decode(),)]
    assert workspace.problems() == []


def test_it_is_forgotten_as_soon_as_nobody_reads_the_old_log_any_more(workspace: Workspace) -> None:
    planted = plant(workspace)
    with workspace.reader() as reader:
        reader.execute("begin")
        reader.execute("select count(*) from people").fetchone()
        workspace.erase("Erased a person", [("people", planted.person)])
        assert workspace.vault._unforgotten
        reader.execute("commit")
    with workspace.change("The next one") as change:
        change.insert("people", reference="P-9")
    assert leftovers(workspace, KEY, CANARIES) == set()


def test_an_erasure_travels_and_nothing_is_left_there_either(laptops: Two, give: Give) -> None:
    front, back = laptops
    planted = plant(front)
    give(front, back)
    assert leftovers(back, KEY, CANARIES[3:]) == set(CANARIES[3:])
    told: list[frozenset[str]] = []
    back.subscribe(told.append)
    half_written(back)
    front.erase("Erased a person", [("people", planted.person)])
    give(front, back)
    assert leftovers(back, KEY, [*CANARIES, HALF]) == set()
    assert rows_left(back) == {"people": 1, "contacts": 1}
    assert "contacts" in told[-1]
    assert back.problems() == []


@pytest.mark.parametrize("first_the_erasure", [True, False])
def test_what_reaches_an_erased_person_is_erased_on_arrival(laptops: Two, give: Give, first_the_erasure: bool) -> None:
    front, back = laptops
    person = add_person(front)
    give(front, back)
    (there,) = back.read.execute("select id from people").fetchone()
    with back.change("Added a visit") as change:
        visit = change.insert("contacts", person_id=there, on_date="2018-01-02", note=CANARIES[3].decode())
        change.insert("given", contact_id=visit, item=CANARIES[4].decode())
        change.insert("sessions", reference="S-0001", on_date="2018-01-02", note=KEPT.decode())
    with back.change("Noted more") as change:
        change.update("contacts", visit, note=CANARIES[5].decode())
        change.update("people", there, note=CANARIES[1].decode())
    front.erase("Erased a person", [("people", person)])
    for source, target in ((front, back), (back, front)) if first_the_erasure else ((back, front), (front, back)):
        give(source, target)
    give(front, back)
    for workspace in (front, back):
        assert leftovers(workspace, KEY, CANARIES) == set()
        assert rows_left(workspace) == {"sessions": 1}
        assert workspace.problems() == []
    assert {one.hash for one in front.vault.sets_since({})} == {one.hash for one in back.vault.sets_since({})}


def test_a_lost_laptop_takes_its_erasure_with_it_but_not_what_it_had_cleaned(
    tmp_path: Path, laptops: Two, give: Give
) -> None:
    front, back = laptops
    planted = plant(front)
    give(front, back)
    front.erase("Erased a person", [("people", planted.person)])
    cleaned = list(front.vault.sets_since({}))[:-1]
    with Workspace.open_raw(tmp_path / "third", KEY, "Cy") as third:
        third.vault.receive(cleaned)
        assert rows_left(third) == {"people": 1, "contacts": 1}
        # The erasure itself never arrives anywhere; the two must agree all the same.
        assert back.vault.receive(list(third.vault.sets_since({}))).known == 2
        assert rows_left(back) == rows_left(third)
        assert leftovers(back, KEY, CANARIES) == leftovers(third, KEY, CANARIES) == set()
        assert back.problems() == third.problems() == []


def test_of_two_waiting_copies_of_a_set_the_forgotten_one_wins(laptops: Two, give: Give) -> None:
    front, back = laptops
    planted = plant(front)
    first, whole = front.vault.sets_since({})
    front.erase("Erased a person", [("people", planted.person)])
    _, cleaned, _ = front.vault.sets_since({})
    assert whole.chunks != cleaned.chunks
    for sets in ([cleaned], [whole]):
        assert back.vault.receive(sets).waiting == [whole.ref]
    back.vault.receive([first])
    assert leftovers(back, KEY, CANARIES) == set()


def test_an_erased_visit_leaves_the_person(workspace: Workspace) -> None:
    planted = plant(workspace)
    (visit,) = workspace.read.execute("select id from contacts where person_id = ?", (planted.person,)).fetchone()
    workspace.erase("Erased a visit", [("contacts", visit)])
    assert leftovers(workspace, KEY, [CANARIES[3], CANARIES[4]]) == set()
    assert workspace.read.execute("select count(*) from people").fetchone() == (2,)
    assert workspace.problems() == []
