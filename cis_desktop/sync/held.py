"""What a laptop wrote after it was taken away: kept apart, shown in words, and accepted or left by a person.

Nothing of it is in the record until somebody accepts it, and their choice goes to every laptop. The safeguarding
concerns in it are not told apart from other things that have no words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import msgspec
import sqlcipher3

from cis_desktop import words
from cis_desktop.errors import CisError
from cis_desktop.records import people
from cis_desktop.sync.files import Read
from cis_desktop.sync.laptops import Laptop, begin, find, laptops, uid_of
from cis_desktop.sync.receipts import LEFT, give, receipts
from cis_desktop.sync.worded import THINGS, field_name
from cis_desktop.vault.chunks import INSERT, UPDATE, Section
from cis_desktop.vault.database import file_trouble
from cis_desktop.vault.log import UNSEEN
from cis_desktop.vault.merge import NOT_OURS, applicable, apply, waiting_sets
from cis_desktop.vault.removal import said_in
from cis_desktop.vault.sets import ChangeSet, held
from cis_desktop.vault.tables import APPLYING, Connection, read_tables
from cis_desktop.vault.upcasters import UPCASTERS, upcast
from cis_desktop.workspace import Workspace

MOST = 5_000
"""Change sets of one laptop that are kept for a person: whoever stole it could write without end."""
MOST_LINES = 20
"""Lines that say what is in one of them."""
MOST_DIGITS = 12
"""Digits of the number of a change set, and more."""
NO_WORDS = "Saved something that is not shown"


@dataclass(frozen=True, slots=True)
class HeldBack:
    """One change set that waits for a person: its number, who wrote it and when (UTC), and what is in it.

    `readable` is False where a newer version of the app wrote it. `packs` counts the packs that were made in it.
    """

    number: int
    who: str
    at: str
    words: str
    lines: tuple[str, ...]
    readable: bool
    packs: int


class _Tried(Exception):
    """Ends a trial, so that nothing of it stays."""


def keep(workspace: Workspace, read: Read, sets: Sequence[ChangeSet]) -> bool:
    """Keep apart what a laptop that was taken away wrote later; says whether the file is of such a one.

    Only what it wrote itself: it vouches for nobody any more.
    """
    with workspace.reader() as connection:
        laptop = next((each for each in laptops(connection) if each.device == read.page.device.hex()), None)
        if laptop is None or laptop.removed_after is None or laptop.public_key != read.signer.hex():
            return False
        there = {one.seq for one in waiting_sets(connection) if one.device.hex() == laptop.device}
    room = max(0, MOST - len(there))
    new = [one for one in sets if one.device.hex() == laptop.device and one.seq > laptop.removed_after]
    new = [one for one in new if one.seq not in there and _whole(one)][:room]
    if new:
        with workspace.vault.transaction(APPLYING) as connection:
            connection.executemany(
                "insert or ignore into waiting (device, seq, schema, body) values (?, ?, ?, ?)",
                [(one.device, one.seq, one.schema, msgspec.msgpack.encode(one)) for one in new],
            )
    return True


def held_back(connection: Connection, laptop: Laptop) -> list[HeldBack]:
    """List what waits for a person to judge it, in the order it was written; nothing that somebody has left."""
    if laptop.removed_after is None:
        return []
    (schema,) = connection.execute("pragma user_version").fetchone()
    after = max(laptop.removed_after, _left(connection, laptop))
    shown = read_tables(connection).keys() - set(UNSEEN)
    return [
        _told(connection, one, schema, shown)
        for one in waiting_sets(connection)
        if one.device.hex() == laptop.device and one.seq > after
    ]


def accept(workspace: Workspace, which: str, up_to: int | None = None) -> int:
    """Let what a laptop wrote after it was taken away count, up to this number or all of it; give how many sets.

    It stays taken away. Raises CisError `which_laptop`, `nothing_held`, or `held_not_whole` with nothing changed.
    """
    laptop, found = _judged(workspace, which, up_to)
    last = found[-1].number
    applied = _try(workspace, laptop, last)
    with workspace.change("Accepted what a laptop wrote after it was taken away") as change:
        (row,) = change.connection.execute("select id from laptops where uid = ?", (uid_of(laptop.device),)).fetchone()
        change.choose("laptops", row, "removed_after", last)
    workspace.vault.receive([])
    return applied


def leave(workspace: Workspace, which: str, up_to: int | None = None) -> int:
    """Leave what a laptop wrote after it was taken away out of the record, on every laptop; give how many sets.

    They are kept, and count if it is taken back in. Raises CisError `which_laptop` or `nothing_held`.
    """
    me = begin(workspace)
    laptop, found = _judged(workspace, which, up_to)
    with workspace.change("Left what a laptop wrote after it was taken away") as change:
        give(change, me, LEFT, f"{laptop.device}:{found[-1].number}")
    return len(found)


def _judged(workspace: Workspace, which: str, up_to: int | None) -> tuple[Laptop, list[HeldBack]]:
    with workspace.reader() as connection:
        laptop = find(connection, which, removed=True)
        found = [each for each in held_back(connection, laptop) if up_to is None or each.number <= up_to]
    if not found:
        raise CisError(
            "nothing_held",
            "Nothing of it waits to be judged",
            f"{laptop.name} wrote nothing that is here and that nobody has judged yet, so nothing was changed.",
        )
    return laptop, found


def _try(workspace: Workspace, laptop: Laptop, last: int) -> int:
    """Apply them and take that back: what cannot be applied must not get in the way of every later exchange."""
    vault = workspace.vault
    ready: list[ChangeSet] = []
    try:
        with vault.transaction(APPLYING) as connection:
            (schema,) = connection.execute("pragma user_version").fetchone()
            device = bytes.fromhex(laptop.device)
            incoming = {(one.device, one.seq): one for one in waiting_sets(connection) if one.device == device}
            ready = list(applicable(incoming, held(connection), schema, {device: last}))
            apply(connection, vault.tables, ready, vault.upcasters)
            raise _Tried
    except _Tried:
        return len(ready)
    except (*NOT_OURS, sqlcipher3.Error, CisError) as error:
        if file_trouble(error) or (isinstance(error, CisError) and error.code != "damaged_history"):
            raise
        raise CisError(
            "held_not_whole",
            "What it wrote is not whole",
            f"Something that {laptop.name} wrote cannot be taken into the record, so nothing was changed. Leave it, or "
            "accept only what comes before it.",
        ) from error


def _whole(one: ChangeSet) -> bool:
    try:
        list(said_in([one]))
        msgspec.msgpack.encode(one)
    except (*NOT_OURS, CisError):
        return False
    return True


def _left(connection: Connection, laptop: Laptop) -> int:
    """Give the last number that somebody has looked at and left."""
    # Any laptop can sign any receipt.
    about = [each.about.partition(":") for each in receipts(connection, LEFT) if isinstance(each.about, str)]
    left = [seq for device, _, seq in about if device == laptop.device and len(seq) < MOST_DIGITS and seq.isdecimal()]
    return max(map(int, left), default=0)


def _told(connection: Connection, one: ChangeSet, schema: int, shown: Collection[str]) -> HeldBack:
    if one.schema > schema:
        return HeldBack(one.seq, one.who, one.at, one.words, (), False, 0)
    try:
        sections = [each for each in upcast(one.chunks, one.schema, schema, UPCASTERS) if each.table in shown]
        lines = [line for section in sections for line in _lines(connection, section)]
    except (*NOT_OURS, sqlcipher3.Error, CisError) as error:
        if file_trouble(error):
            raise
        lines = []
    if not lines:
        # A change of keys looks the same: nobody is to see that there is a concern.
        return HeldBack(one.seq, "", one.at, NO_WORDS, (), True, 0)
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"and {words.number(len(lines) - MOST_LINES)} more"]
    packs = sum(len(each.entries) for each in sections if each.table == "releases" and each.op == INSERT)
    return HeldBack(one.seq, one.who, one.at, one.words, tuple(lines), True, packs)


def _lines(connection: Connection, section: Section) -> Iterator[str]:
    thing = THINGS.get(section.table, section.table.replace("_", " "))
    for entry in section.entries:
        if isinstance(entry, bytes):
            continue
        if section.op == INSERT:
            yield f"new {thing}: {_values(section, entry)}"
        elif section.op == UPDATE:
            (field,) = section.columns
            about = f"{thing} {_label(connection, section.table, entry[0])}".strip()
            if field == "gone":
                yield f"{about}: {'removed' if entry[1] else 'brought back'}"
            else:
                yield f"{about}: {field_name(section.table, field)}: {_value(entry[1])}"
        else:
            yield f"erased: {thing}"


def _values(section: Section, entry: Sequence[object]) -> str:
    said = [
        f"{field_name(section.table, column)} {_value(value)}"
        for column, value in zip(section.columns, entry[1:], strict=False)
        if column != "gone" and value is not None and not isinstance(value, bytes)
    ]
    return ", ".join(said) or "nothing more"


def _value(value: object) -> str:
    if isinstance(value, bytes):
        return "another record"
    return "nothing" if value in (None, "") else words.shortened(str(value))


def _label(connection: Connection, table: str, uid: bytes) -> str:
    columns = {name for _, name, *_ in connection.execute(f"pragma table_info({table})")}
    if table == "people":
        row = connection.execute(
            "select given_name, family_name, initials, reference from people where uid = ?", (uid,)
        ).fetchone()
        return people.label(*row) if row else ""
    column = next((each for each in ("reference", "name", "title") if each in columns), None)
    row = column and connection.execute(f"select {column} from {table} where uid = ?", (uid,)).fetchone()
    return str(row[0]) if row and row[0] else ""
