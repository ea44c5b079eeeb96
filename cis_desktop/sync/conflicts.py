"""Conflicts as people meet them: what two laptops wrote apart, side by side, until somebody chooses.

Both values are kept in the history whatever is chosen, and the choice goes to the other laptops like any change.
Undoing it asks again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cis_desktop import words
from cis_desktop.errors import CisError
from cis_desktop.sync import joins, texts
from cis_desktop.sync.worded import FIELDS, GONE, SHORT_TEXTS, TEXTS, TOGETHER, Worded
from cis_desktop.vault.apart import Apart, asked_again, built_on_removed, value_seen
from cis_desktop.vault.chunks import pack
from cis_desktop.vault.heads import Head, stored_heads
from cis_desktop.vault.history import Change
from cis_desktop.vault.merge import Conflict
from cis_desktop.vault.merge import conflicts as unsettled
from cis_desktop.vault.tables import Connection, Tables
from cis_desktop.vault.undo import CHOSE
from cis_desktop.workspace import Workspace

BOTH = "both"
"""The choice beyond the values, where there is one."""
LONG = 80
"""Letters from which on a value is a text, of which it is worth saying what differs."""
Key = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values: in words, who wrote it, when (UTC) and on which laptop.

    `more` says what goes with it: of a long text what only it says; of a record that is kept, what was written in it.
    """

    words: str
    who: str
    at: str
    laptop: str
    values: Mapping[str, Any]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field with several values. `sides[0]` is shown until somebody chooses. `about` names the record.

    `record` is what can be opened to see it (its kind and id); `both` what the third choice would write or mean, or
    nothing where one of the values has to be chosen.
    """

    id: str
    table: str
    row: int
    field: str
    about: str
    what: str
    sides: tuple[Side, ...]
    record: tuple[str, int] | None = None
    both: str = ""


def disagreements(connection: Connection, tables: Tables) -> list[Disagreement]:
    """List what nobody has chosen between, in the order of the records.

    Left out is what nobody should decide: numbers that the app gives, what follows from another field, and all that
    has to do with safeguarding concerns.
    """
    apart = Apart(connection)
    if apart.nobody():
        return []
    met = [
        each
        for each in (*unsettled(connection, tables), *built_on_removed(connection, tables, apart),
                     *asked_again(connection, tables))
        if _is_for_people(connection, each)
    ]  # fmt: skip
    finding = _Finding(connection, tables, apart)
    found = [one for key, conflicts in _grouped(met).items() if (one := finding.met(key, conflicts)) is not None]
    found += [one for each in joins.found(connection, tables, apart, met) if (one := finding.joined(each)) is not None]
    return sorted({each.id: each for each in found}.values(), key=lambda each: (each.table, each.row, each.field))


def fields_of(connection: Connection, table: str, row: int) -> list[str]:
    """Name the fields of one record that have several values, quickly, for a mark where the record is shown."""
    named = FIELDS.get(table, {})
    several = connection.execute(
        "select field from edits where tbl = ? and row = ? and superseded = 0 group by field having count(*) > 1",
        (table, row),
    )
    return [
        named[field]
        for (field,) in several.fetchall()
        if field in named and len({pack(head.value) for head in stored_heads(connection, table, row, field)}) > 1
    ]


def choose(workspace: Workspace, which: str, value: str) -> Disagreement:
    """Settle one by its id, with one of its values: as listed, its number from 1, or `both`. Raises CisError."""
    with workspace.change(CHOSE) as change:
        found = _open(change, workspace.vault.tables, which)
        said = [side.words for side in found.sides]
        if value in said:
            pick = said.index(value)
        elif value.isdecimal() and 0 < int(value) <= len(said):
            pick = int(value) - 1
        elif value == BOTH and found.both:
            pick = len(said)
        else:
            also = [f"“{BOTH}”"] if found.both else []
            raise CisError(
                "no_such_value",
                "That is none of the values",
                f"“{value}” is not one of {words.listed([*(f'“{each}”' for each in said), *also], 'and')}. Nothing "
                "was changed. Choose one of them; another value can be written in the record afterwards.",
            )
        _settle(change, workspace.vault.tables, found, pick)
    return found


def settle(change: Change, tables: Tables, one: Disagreement, pick: int) -> None:
    """Settle one inside an open change called `CHOSE`: by the place of its value, or one beyond the last for both.

    Raises CisError `no_such_conflict` where somebody has chosen already, or its values are others than in `one`.
    """
    _settle(change, tables, _open(change, tables, one.id, one.sides), pick)


def _open(change: Change, tables: Tables, which: str, shown: tuple[Side, ...] | None = None) -> Disagreement:
    found = next((each for each in disagreements(change.connection, tables) if each.id == which), None)
    # A place among other values would mean another value.
    if found is None or (shown is not None and found.sides != shown):
        raise CisError(
            "no_such_conflict",
            "There is no such conflict",
            f"Nothing called “{which}” waits for a choice like this, so nothing was changed. Somebody may have chosen "
            "already, or more has come from another laptop; list them again.",
        )
    return found


def _settle(change: Change, tables: Tables, found: Disagreement, pick: int) -> None:
    connection = change.connection
    if found.field in joins.FIELDS:
        values = found.sides[min(pick, len(found.sides) - 1)].values
        joins.settle(change, tables, found.row, found.field, pick, values)
        return
    values = dict(found.sides[min(pick, len(found.sides) - 1)].values)
    if pick == len(found.sides):
        values[found.field] = found.both
    met = [*unsettled(connection, tables), *asked_again(connection, tables)]
    for field, value in values.items():
        here = joins.local(connection, tables[found.table], field, value)
        heads = [each.heads for each in met if (each.table, each.row, each.field) == (found.table, found.row, field)]
        (now,) = connection.execute(f"select {field} from {found.table} where id = ?", (found.row,)).fetchone()
        if heads or field == "gone":
            standing = {head.set_id for head in stored_heads(connection, found.table, found.row, field)}
            among = [head.ref for head in (heads[0] if heads else ()) if head.set_id not in standing]
            change.choose(found.table, found.row, field, here, among)
        elif now != here:
            change.update(found.table, found.row, **{field: here})


def _is_for_people(connection: Connection, one: Conflict) -> bool:
    if one.table == "settings":
        return joins.named(connection, one.row)[0] is not None
    if one.table not in FIELDS:
        return False
    if one.field == "gone":
        return one.table in GONE
    (gone,) = connection.execute(f"select gone from {one.table} where id = ?", (one.row,)).fetchone()
    # Nobody sees a field of what was removed.
    return not gone and _first(one.table, one.field) in FIELDS[one.table]


def _first(table: str, field: str) -> str:
    return next((each[0] for each in TOGETHER.get(table, ()) if field in each), field)


def _grouped(met: Iterable[Conflict]) -> dict[Key, list[Conflict]]:
    """Give the conflicts of fields that belong together under the first of these."""
    found: dict[Key, list[Conflict]] = {}
    for each in met:
        found.setdefault((each.table, each.row, _first(each.table, each.field)), []).append(each)
    return found


class _Finding:
    """Turns conflicts of the history into what people read."""

    def __init__(self, connection: Connection, tables: Tables, apart: Apart) -> None:
        self._connection, self._tables, self._apart = connection, tables, apart
        self._worded = Worded(connection)

    def met(self, key: Key, conflicts: list[Conflict]) -> Disagreement | None:
        """Give one field, or those that belong together; None where both sides come to the same."""
        table, row, field = key
        if table == "settings":
            return self._setting(key, conflicts[0])
        heads = {head.set_id: head for each in conflicts for head in each.heads}
        if field == "gone":
            if any(joins.by_set(self._connection, set_id) for set_id in heads):
                return None
            sides = self._kept_or_not(key, list(heads.values()))
        else:
            sides = self._sides(key, conflicts, heads)
        if len(sides) < 2:
            return None
        about, record = self._worded.about(table, row)
        return Disagreement(
            self._id(key), table, row, field, about, self._worded.field(table, row, field),
            self._told_apart(field, sides), record, self._both(field, sides),
        )  # fmt: skip

    def joined(self, one: joins.Joined) -> Disagreement | None:
        """Give one question about records that were made one on one laptop."""
        sides = [
            Side(each.words, *self._written(each.set_id), {}, self._since(each.since) if each.since else each.more)
            for each in one.sides
        ]
        about, _ = self._worded.about("people", one.row)
        key = ("people", one.row, one.field)
        record = ("person", one.shown) if one.shown is not None else None
        return Disagreement(self._id(key), *key, about, "one person or two", tuple(sides), record, one.both)

    def _setting(self, key: Key, one: Conflict) -> Disagreement | None:
        title, people = joins.named(self._connection, one.row)
        said: Callable[[Any], str] = joins.said if people else str
        sides = tuple(
            Side(said(head.value), *self._written(head.set_id), {one.field: head.value}) for head in one.heads
        )
        about = words.listed([self._worded.called("people", each) for each in people]) if people else title or ""
        record = next((("person", each) for each in people if self._there(each)), None)
        if people:
            return Disagreement(
                self._id(key), "settings", one.row, joins.ANSWER, about, "one person or two", sides, record
            )
        return Disagreement(self._id(key), "settings", one.row, one.field, about, "name", sides, record)

    def _there(self, person: int) -> bool:
        return bool(self._connection.execute("select gone = 0 from people where id = ?", (person,)).fetchone()[0])

    def _sides(self, key: Key, conflicts: list[Conflict], heads: dict[int, Head]) -> list[Side]:
        table, row, field = key
        fields = next((each for each in TOGETHER.get(table, ()) if field in each), (field,))
        tracked = self._tables[table]
        target = tracked.references.get(field)
        written = {(each.field, head.set_id): head.value for each in conflicts for head in each.heads}
        shown = {
            name: self._connection.execute(
                f"select {tracked.uids[name]} from {table} t where t.id = ?", (row,)
            ).fetchone()[0]
            for name in fields
        }
        found: dict[bytes, Side] = {}
        for set_id in sorted(heads, key=lambda each: heads[each].rank, reverse=True):
            values = {
                name: written[name, set_id]
                if (name, set_id) in written
                else value_seen(self._connection, tracked, row, name, set_id, self._apart)
                for name in fields
            }
            said = self._worded.value(table, row, values, target)
            found.setdefault(pack(list(values.values())), Side(said, *self._written(set_id), values))
        return sorted(found.values(), key=lambda side: side.values != shown)

    def _kept_or_not(self, key: Key, heads: list[Head]) -> list[Side]:
        table, row, _ = key
        sides = [
            Side("removed" if head.value else "kept", *self._written(head.set_id), {"gone": head.value})
            for head in sorted(heads, key=lambda head: head.rank, reverse=True)
        ]
        if {side.values["gone"] for side in sides} == {1}:
            # Removed by one, worked on by another: to keep it is the other choice, which nobody had to write.
            since = joins.since(self._connection, self._tables, table, row, self._apart.of(heads[0].set_id))
            if not since.sets:
                return []
            sides = [sides[0], Side("kept", *self._written(max(since.sets)), {"gone": 0}, self._since(since))]
        return list({side.words: side for side in sides}.values())

    def _since(self, since: joins.Since) -> str:
        """Say what was written on a record that somebody else had removed."""
        found = []
        for field, value in since.fields.items():
            name = FIELDS[since.table].get(field)
            if name:
                target = self._tables[since.table].references.get(field)
                said = self._worded.value(since.table, since.row, self._whole(since, field, value), target)
                found.append(f"{name}: {words.shortened(said)}")
        found += [self._worded.about(table, row)[0] for table, row in since.rows if table in FIELDS]
        return "; ".join(dict.fromkeys(found))

    def _whole(self, since: joins.Since, field: str, value: Any) -> dict[str, Any]:
        """Give a value with those that belong to it."""
        fields = next((each for each in TOGETHER.get(since.table, ()) if field in each), (field,))
        columns = ", ".join(fields)
        row = self._connection.execute(f"select {columns} from {since.table} where id = ?", (since.row,)).fetchone()
        return {**dict(zip(fields, row, strict=True)), field: value}

    def _told_apart(self, field: str, sides: list[Side]) -> tuple[Side, ...]:
        if field == "gone" or max(len(side.words) for side in sides) < LONG:
            return tuple(sides)
        told = []
        for side in sides:
            others = [other.words for other in sides if other is not side]
            told.append(
                Side(side.words, side.who, side.at, side.laptop, side.values, texts.only_in(side.words, others))
            )
        return tuple(told)

    def _both(self, field: str, sides: list[Side]) -> str:
        written = [str(side.values[field]) for side in sides if side.values.get(field)]
        if len(written) < 2 or field not in TEXTS | SHORT_TEXTS:
            return ""
        joined = texts.both(written, "\n" if field in TEXTS else "; ")
        return "" if joined in written else joined

    def _id(self, key: Key) -> str:
        table, row, field = key
        (uid,) = self._connection.execute(f"select uid from {table} where id = ?", (row,)).fetchone()
        return f"{table}:{uid.hex()[:12]}:{field}"

    def _written(self, set_id: int) -> tuple[str, str, str]:
        found: tuple[str, str, str] = self._connection.execute(
            "select s.who, s.at, coalesce(l.name, d.name) from change_sets s join devices d on d.id = s.device"
            " left join laptops l on l.device = lower(hex(d.uid)) and l.gone = 0 where s.id = ?",
            (set_id,),
        ).fetchone()
        return found
