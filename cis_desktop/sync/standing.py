"""How each laptop of the group stands, in words: what it has, and what is waited for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cis_desktop import words
from cis_desktop.sync.held import held_back
from cis_desktop.sync.known import peers
from cis_desktop.sync.laptops import here, laptops
from cis_desktop.vault.merge import waiting_sets
from cis_desktop.vault.sets import ChangeSet, Vector, held
from cis_desktop.vault.tables import Connection

_NUMBER = re.compile(r"[0-9]{6,12}")
"""How the name of a file in the folder begins."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One laptop as this one knows it. `lacks` counts change sets here that it had not when it last wrote.

    `heard` is when that was (UTC); empty where it never wrote. `held` counts its sets that wait for a person.
    """

    device: str
    name: str
    here: bool
    removed: bool
    heard: str
    lacks: int
    held: int


def standing(connection: Connection) -> list[Standing]:
    """Give how each laptop stands, those that were taken away last."""
    heard, have = peers(connection), held(connection)
    own = here(connection)[0].hex()
    found = []
    for each in laptops(connection):
        known = heard.get(each.device)
        lacks = sum(max(0, seq - (known.has.get(device, 0) if known else 0)) for device, seq in have.items())
        found.append(
            Standing(
                each.device,
                each.name,
                each.device == own,
                each.removed,
                known.at if known and known.number else "",
                0 if each.device == own or each.removed else lacks,
                len(held_back(connection, each)),
            )
        )
    return sorted(found, key=lambda each: each.removed)


def in_words(one: Standing, now: datetime | None = None) -> str:
    """Say how a laptop stands in one sentence."""
    return f"{one.name}: {state(one, now)}."


def state(one: Standing, now: datetime | None = None) -> str:
    """Say how a laptop stands, without its name."""
    if one.here:
        return "this laptop"
    if one.removed:
        many = words.count(one.held, "later change of it waits", "later changes of it wait")
        return f"taken away. {many} to be judged" if one.held else "taken away"
    if not one.heard:
        return "not heard of yet"
    ago = since(one.heard, now or datetime.now(UTC))
    if not one.lacks:
        return f"up to date, {ago}"
    return f"{words.count(one.lacks, 'change', 'changes')} behind when it last wrote, {ago}"


def others(connection: Connection, now: datetime | None = None) -> list[str]:
    """Say how the other laptops that take part stand, and what is waited for, a sentence each."""
    there = [each for each in standing(connection) if not each.here and not each.removed]
    return [in_words(each, now) for each in there] + waiting_for(connection)


def since(at: str, now: datetime) -> str:
    """Say how long ago something was. Clocks differ: what lies ahead was just now."""
    minutes = int((now - datetime.fromisoformat(at)).total_seconds() // 60)
    if minutes < 2:
        return "just now"
    for size, one, many in ((1440, "day", "days"), (60, "hour", "hours"), (1, "minute", "minutes")):
        if minutes >= size:
            return f"{words.count(minutes // size, one, many)} ago"
    return "just now"


def waiting_for(connection: Connection) -> list[str]:
    """Say, laptop by laptop, which changes are waited for, or that the app is to be updated first."""
    waiting = waiting_sets(connection)
    (schema,) = connection.execute("pragma user_version").fetchone()
    last = {bytes.fromhex(each.device): each.removed_after for each in laptops(connection) if each.removed}
    have = held(connection)
    names = {bytes.fromhex(each.device): each.name for each in laptops(connection)}
    names |= {one.device: one.device_name for one in waiting if one.device not in names}
    said = []
    newer = sum(one.schema > schema for one in waiting)
    if newer:
        said.append(
            f"{words.count(newer, 'change was', 'changes were')} made by a newer version of the app, and kept unread. "
            "Update the app on this laptop."
        )
    for device, (first, to) in sorted(_missing(waiting, have, last).items()):
        number = f"change {first}" if first == to else f"changes {first} to {to}"
        said.append(f"Waiting for {number} from {names.get(device, 'a laptop that is not known here')}.")
    return said


def waiting_for_files(there: Iterable[Standing], half: Iterable[Path]) -> list[str]:
    """Say which files of these laptops are there and not whole yet, where their places and names tell that."""
    names = {each.device[:16]: each.name for each in there}
    found = {(names[path.parent.name], _NUMBER.match(path.name)) for path in half if path.parent.name in names}
    numbered = sorted({(name, int(number[0])) for name, number in found if number is not None})
    return [f"Waiting for file {number} from {name}." for name, number in numbered]


def _missing(waiting: Iterable[ChangeSet], have: Vector, last: dict[bytes, int | None]) -> dict[bytes, tuple[int, int]]:
    """Give, for each device, the first and the last set that something waits for and that is not here."""
    there: dict[bytes, set[int]] = {}
    for one in waiting:
        there.setdefault(one.device, set()).add(one.seq)
    needed: Vector = {}
    for device, seq, vector in ((one.device, one.seq, one.vector) for one in waiting):
        if seq <= (last.get(device, seq) or 0):
            for of, up_to in {**vector, device: seq - 1}.items():
                needed[of] = max(needed.get(of, 0), up_to)
    found = {}
    for device, up_to in needed.items():
        # However many they may be.
        first, known = have.get(device, 0) + 1, there.get(device, set())
        while first in known:
            first += 1
        while up_to in known:
            up_to -= 1
        if first <= up_to:
            found[device] = (first, up_to)
    return found
