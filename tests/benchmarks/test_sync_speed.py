"""Sync by file: many edits beside a library for shared documents, an hour of three laptops, a snapshot.

The library (pycrdt) takes the same edits in memory: it encrypts nothing, writes nothing down, and keeps no history, no
names and no times. One laptop here writes a sealed and signed file; the other opens it, checks every hash, and merges
into its vault.
"""

from __future__ import annotations

import random
import shutil
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from pycrdt import Doc, Map

from cis_desktop.demo import populate
from cis_desktop.records import contacts, people
from cis_desktop.sync import invitations
from cis_desktop.sync.exchange import exchange
from cis_desktop.vault.chunks import UPDATE, Section, seal
from cis_desktop.vault.sets import ChangeSet, set_hash, sets_since
from cis_desktop.workspace import Workspace
from tests.core.sync.group import WORDS, Group

PEOPLE = 10_000
FIELDS = (
    "safe_contact", "language", "ward", "postcode", "phone", "email", "given_name", "family_name", "initials", "note",
)  # fmt: skip
SEED = 1


def edits(in_order: bool) -> list[tuple[int, str, str]]:
    """Give 100,000 edits, each of another field of somebody: person, field, text."""
    places = [(person, field) for person in range(PEOPLE) for field in FIELDS]
    if not in_order:
        random.Random(SEED).shuffle(places)
    return [(person, field, f"text {number}") for number, (person, field) in enumerate(places)]


def written(workspace: Workspace, what: list[tuple[int, str, str]]) -> list[ChangeSet]:
    """Give the change sets that these edits make one by one on this laptop, a few seconds or minutes apart.

    Put together here: to save each with a commit of its own would take half an hour.
    """
    last = list(sets_since(workspace.read, {}))[-1]
    drawn, at = random.Random(SEED), 1_770_000_000
    rows = workspace.read.execute(
        "select p.uid, d.uid, s.seq from people p join made m on m.tbl = 'people' and p.id between m.first and m.last"
        " join change_sets s on s.id = m.set_id join devices d on d.id = s.device order by p.id"
    ).fetchall()
    found = []
    for number, (person, field, text) in enumerate(what, 1):
        at += drawn.choice((2, 3, 5, 8, 13, 40, 300))
        uid, *made_by = rows[person]
        chunks, hashes = seal([Section("people", UPDATE, (field,), [(uid, text, None, [made_by])])])
        draft = replace(
            last, seq=last.seq + number, at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)), who="Ann",
            words="Edited a person", lamport=last.lamport + number, chunks=tuple(chunks),
            vector={**last.vector, last.device: last.seq + number - 1},
        )  # fmt: skip
        found.append(replace(draft, hash=set_hash(draft, hashes)))
    return found


@dataclass(frozen=True)
class Turn:
    """Two laptops and two documents as they were before, made ready untimed."""

    front: Workspace
    back: Workspace
    stick: Path
    doc: Doc[Any]


class Before:
    """What both sides of the comparison begin with, as often as wanted."""

    def __init__(self, folder: Path, what: list[tuple[int, str, str]]) -> None:
        group = Group(folder)
        with group.front.change("Imported people") as change:
            change.insert_many("people", ["reference"], [[f"C-{number:05d}"] for number in range(PEOPLE)])
        back = group.invite("back")
        group.meet(group.front, back, group.front)
        group.front.vault.receive(written(group.front, what), hashed=True)
        self.folder = folder
        self.keys = {"front": group.front.vault.key, "back": back.vault.key}
        group.close()
        self.doc: Doc[Any] = Doc()
        record = self.doc.get("people", type=Map)
        with self.doc.transaction():
            for person in range(PEOPLE):
                record[str(person)] = Map(dict.fromkeys(FIELDS))
        self.known, self.start = self.doc.get_state(), self.doc.get_update()
        for person, field, text in what:
            record[str(person)][field] = text

    def turn(self) -> Turn:
        to = self.folder / "turn"
        shutil.rmtree(to, ignore_errors=True)
        for name in ("front", "back", "stick"):
            shutil.copytree(self.folder / name, to / name)
        doc: Doc[Any] = Doc()
        doc.apply_update(self.start)
        front, back = (Workspace.open_raw(to / name, key, "Ann") for name, key in self.keys.items())
        return Turn(front, back, to / "stick", doc)


@pytest.mark.parametrize("in_order", [False, True], ids=["in any order", "row by row"])
def test_a_hundred_thousand_edits(compare: Any, tmp_path: Path, request: pytest.FixtureRequest, in_order: bool) -> None:
    what = edits(in_order)
    before = Before(tmp_path, what)
    sizes: dict[str, int] = {}

    def ours(turn: Turn) -> None:
        sent = exchange(turn.front, turn.stick)
        assert exchange(turn.back, turn.stick).received >= len(what)
        sizes["ours"] = sum(path.stat().st_size for path in sent.written)
        turn.front.close()
        turn.back.close()

    def reference(turn: Turn) -> None:
        update = before.doc.get_update(before.known)
        turn.doc.apply_update(update)
        sizes["reference"] = len(zlib.compress(update))
        turn.front.close()
        turn.back.close()

    name = f"100,000 edits {request.node.callspec.id}"
    compare(f"{name}, file written and merged", ours, reference, goal=5, rounds=3, prepare=before.turn)
    compare.amount(f"{name}, compressed", **{each: size / 1e3 for each, size in sizes.items()}, unit="kB", goal=1.5)


def test_an_hour_of_three_laptops(compare: Any, tmp_path: Path) -> None:
    group = Group(tmp_path)
    with group.front.change("Imported people") as change:
        change.insert_many("people", ["reference"], [[f"C-{number:05d}"] for number in range(PEOPLE)])
    three = (group.front, group.invite("back"), group.invite("van"))
    group.meet(*three, *three)

    hours = iter(range(100))

    def an_hour() -> None:
        """Let each laptop see a hundred people, take in ten and correct twenty."""
        hour = next(hours)
        for at, laptop in enumerate(three):
            for number in range(130):
                with laptop.change("Saved what was said") as change:
                    if number < 100:
                        contacts.add(change, "2026-09-30", person_id=1 + number * 7, kind="visit", adults=1)
                    elif number < 110:
                        people.add(change, given_name="Amina", family_name="Khan")
                    else:
                        people.edit(change, 1000 * at + number, phone=f"01632 96{hour:02}{number}")

    def ours(_: object) -> None:
        done = group.meet(*three, *three[:2])
        assert sum(each.received for each in done) >= 2 * 3 * 130

    compare("an hour of three laptops, all exchanged", ours, limit=2, rounds=3, prepare=an_hour)
    group.close()


def test_a_snapshot_for_a_new_laptop(compare: Any, tmp_path: Path) -> None:
    group = Group(tmp_path)
    populate(group.front, people=100_000)

    def joining() -> Workspace:
        file = tmp_path / "back.cis-invite"
        code = invitations.invite(group.front, "back", file)
        made = invitations.join(tmp_path / "back", invitations.read(file, code), "back", f"{WORDS} of back", passes=1)
        exchange(made, group.stick)
        return made

    def ours(made: Workspace) -> None:
        group.meet(group.front, made)
        assert made.read.execute("select count(*) from people").fetchone()[0] == 100_000
        made.close()

    compare("whole record for a new laptop, 200x", ours, limit=30, rounds=1, prepare=joining)
    group.close()
