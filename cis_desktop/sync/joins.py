"""People made one on one laptop, while another wrote on them, said they were two, or made one of them somebody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from cis_desktop import words
from cis_desktop.records import joining, people, sameness
from cis_desktop.vault.apart import Apart
from cis_desktop.vault.chunks import unpack
from cis_desktop.vault.heads import stored_heads
from cis_desktop.vault.history import Change, derived_uid
from cis_desktop.vault.merge import Conflict
from cis_desktop.vault.tables import Connection, Tables, TrackedTable
from cis_desktop.vault.undo import undo
from cis_desktop.vault.upcasters import UPCASTERS

ANSWER, STRANDED, TWICE = "answer", "joined", "joined_twice"
FIELDS = frozenset({ANSWER, STRANDED, TWICE})
"""What there is to decide about people who were joined, in place of the field of a record."""


@dataclass(slots=True)
class Since:
    """What was written on a record, or on what belongs to it, where its removal was not known."""

    table: str
    row: int
    fields: dict[str, Any] = field(default_factory=dict)
    rows: list[tuple[str, int]] = field(default_factory=list)
    sets: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class JoinSide:
    """One of the answers: in words, the change set that gave it, and what goes with it."""

    words: str
    set_id: int
    more: str = ""
    since: Since | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A question about a person who was joined into another; `shown` can be opened; `both` is the third answer."""

    row: int
    field: str
    sides: tuple[JoinSide, ...]
    shown: int | None
    both: str = ""


def since(connection: Connection, tables: Tables, table: str, row: int, sets: frozenset[int]) -> Since:
    """Give what these change sets wrote into a row, and into rows that point at it."""
    found = Since(table, row)
    listed = msgspec.json.encode(sorted(sets)).decode()
    for name, set_id, value in connection.execute(
        "select field, set_id, value from edits where tbl = ? and row = ? and field <> 'gone' and superseded = 0"
        " and set_id in (select value from json_each(?)) order by field",
        (table, row, listed),
    ).fetchall():
        found.fields[name] = unpack(value)
        found.sets.add(set_id)
    for child in tables.values():
        for column, target in child.references.items():
            if target != table:
                continue
            for other, set_id in connection.execute(
                f"select c.id, m.set_id from {child.name} c"
                " join made m on m.tbl = ?1 and c.id between m.first and m.last"
                f" where c.{column} = ?2 and c.gone = 0 and m.set_id in (select value from json_each(?3))"
                f" union select c.id, e.set_id from {child.name} c join edits e on e.tbl = ?1 and e.row = c.id"
                f" where c.{column} = ?2 and c.gone = 0 and e.superseded = 0"
                " and e.set_id in (select value from json_each(?3))",
                (child.name, row, listed),
            ):
                found.rows.append((child.name, other))
                found.sets.add(set_id)
    return found


def by_set(connection: Connection, set_id: int) -> list[tuple[int, str]]:
    """Give whom a change set joined into somebody, each with the name of the answer; empty for any other change."""
    answers = [
        name
        for (name,) in connection.execute(
            "select s.name from made m join settings s on s.id between m.first and m.last"
            " where m.set_id = ?1 and m.tbl = 'settings' union"
            " select s.name from edits e join settings s on s.id = e.row where e.set_id = ?1 and e.tbl = 'settings'",
            (set_id,),
        )
        if name.startswith("same_person:")
    ]
    if len(answers) != 1:
        return []
    gone = connection.execute(
        "select row from edits where set_id = ? and tbl = 'people' and field = 'gone'", (set_id,)
    ).fetchall()
    return [(int(row), answers[0]) for (row,) in gone]


def named(connection: Connection, row: int) -> tuple[str | None, list[int]]:
    """Say what a setting is that people decide on, and whom it is about; None for one that the app keeps."""
    (name,) = connection.execute("select name from settings where id = ?", (row,)).fetchone()
    if name == "workspace_name":
        return "the group", []
    about = sameness.asked_about(connection, name)
    return ("", about) if len(about) == 2 else (None, [])


def said(value: object) -> str:
    """Give the answer about two people in words."""
    return "one person" if value == "same" else "two people"


def local(connection: Connection, table: TrackedTable, column: str, value: Any) -> Any:
    """Give a value as the row holds it: a reference as the id that it has here."""
    target = table.references.get(column)
    if target is None or value is None:
        return value
    row = connection.execute(f"select id from {target} where uid = ?", (value,)).fetchone()
    return row[0] if row else None


def found(connection: Connection, tables: Tables, apart: Apart, met: Iterable[Conflict]) -> list[Joined]:
    """List the questions about people who were joined: written on elsewhere, or joined into two."""
    asked = [
        _stranded(connection, tables, apart, row, set_id)
        for set_id in sorted({head.set_id for each in met if each.field == "gone" for head in each.heads})
        for row, _ in by_set(connection, set_id)
    ]
    twice = [
        _twice(connection, int(row))
        for (row,) in connection.execute(
            "select row from edits where tbl = 'people' and field = 'gone' and superseded = 0"
            " group by row having count(*) > 1"
        ).fetchall()
    ]
    return [each for each in (*asked, *twice) if each is not None]


def _stranded(connection: Connection, tables: Tables, apart: Apart, row: int, set_id: int) -> Joined | None:
    stays = sameness.lives_on_in(connection, row)
    written = _since_join(connection, tables, apart, row, set_id)
    if len(stays) != 1 or not written.sets:
        return None
    one = people.get(connection, stays[0])
    return Joined(
        row, STRANDED,
        (
            JoinSide("one person", set_id, f"{one.label} ({one.reference})"),
            JoinSide("two people", max(written.sets), since=written),
        ),
        stays[0],
    )  # fmt: skip


def _since_join(connection: Connection, tables: Tables, apart: Apart, row: int, set_id: int) -> Since:
    """Give what was written on a person, and on what was copied from them, where the joining was not known."""
    written = since(connection, tables, "people", row, apart.of(set_id))
    for name, other in _moved(connection, set_id):
        met = since(connection, tables, name, other, apart.of(set_id))
        if met.sets:
            written.rows += [(name, other)] if met.fields else met.rows
            written.sets |= met.sets
    return written


def _moved(connection: Connection, set_id: int) -> list[tuple[str, int]]:
    """Give the rows that a joining wrote anew for another, and marked as gone."""
    return [
        (name, int(row))
        for name, row in connection.execute(
            "select tbl, row from edits where set_id = ? and field = 'gone' and tbl <> 'people' order by tbl, row",
            (set_id,),
        )
    ]


def _twice(connection: Connection, row: int) -> Joined | None:
    sides = []
    for head in stored_heads(connection, "people", row, "gone"):
        sides += [JoinSide(name, head.set_id) for name, _ in _into(connection, head.set_id, row)]
    if len(sides) < 2 or len(sameness.lives_on_in(connection, row)) < 2:
        return None
    every = words.listed([each.words for each in sides])
    shown = sameness.lives_on_in(connection, row)[0]
    return Joined(row, TWICE, tuple(sides), shown, f"{every} are one person")


def _into(connection: Connection, set_id: int, row: int) -> list[tuple[str, int]]:
    """Give the name and id of whom a change set joined a person into, if they are still there."""
    found = []
    for goes, answer in by_set(connection, set_id):
        for other in sameness.asked_about(connection, answer):
            there = connection.execute(
                "select given_name, family_name, initials, reference from people where id = ? and gone = 0", (other,)
            ).fetchone()
            if goes == row and other != row and there is not None:
                label = people.label(*there)
                found.append((label if label == there[3] else f"{label} ({there[3]})", other))
    return found


# --- settling -----------------------------------------------------------------------------------------------------


def settle(change: Change, tables: Tables, row: int, asked: str, pick: int, values: Mapping[str, Any]) -> None:
    """Do what was chosen: by the place of the answer; one beyond the last is the third."""
    if asked == ANSWER:
        _answer(change, tables, row, str(values["value"]))
    elif asked == STRANDED:
        goes_by = _joinings(change.connection, row)[0]
        if pick == 0:
            _bring_over(change, tables, row, goes_by)
        else:
            _part(change, tables, row, goes_by)
    else:
        _settle_twice(change, tables, row, pick)


def _joinings(connection: Connection, row: int) -> list[int]:
    """Give the joinings of a person who is gone, newest first: also one that a choice came after."""
    sets = connection.execute(
        "select e.set_id from edits e join change_sets s on s.id = e.set_id where e.tbl = 'people' and e.row = ?"
        " and e.field = 'gone' order by e.superseded, s.lamport desc",
        (row,),
    ).fetchall()
    return [set_id for (set_id,) in sets if by_set(connection, set_id)]


def _answer(change: Change, tables: Tables, setting: int, said_: str) -> None:
    connection = change.connection
    _, about = named(connection, setting)
    change.choose("settings", setting, "value", said_)
    gone = [each for each in about if connection.execute("select gone from people where id = ?", (each,)).fetchone()[0]]
    if said_ == "two" and gone:
        for set_id in _joinings(connection, gone[0])[:1]:
            undo(change, set_id, tables, UPCASTERS)
        change.choose("settings", setting, "value", said_)
        change.update("settings", setting, gone=0)


def _bring_over(change: Change, tables: Tables, goes: int, set_id: int) -> None:
    """Put what was written on somebody who was joined with the one who stays."""
    connection = change.connection
    (stays,) = sameness.lives_on_in(connection, goes)
    apart = Apart(connection)
    written = since(connection, tables, "people", goes, apart.of(set_id))
    kept = people.get(connection, stays)
    filled, told = {}, []
    for name, value in written.fields.items():
        value = local(connection, tables["people"], name, value)
        if value is not None and name in joining.FILLED and getattr(kept, name) is None:
            filled[name] = value
        elif value is not None and name in (*joining.TOLD, "note") and getattr(kept, name) != value:
            told.append(str(value))
    if told:
        filled["note"] = "\n".join(part for part in (kept.note, *told) if part)
    change.update("people", stays, **filled)
    (uid,) = connection.execute("select uid from people where id = ?", (stays,)).fetchone()
    for name, row in _moved(connection, set_id):
        edited = since(connection, tables, name, row, apart.of(set_id))
        (old,) = connection.execute(f"select uid from {name} where id = ?", (row,)).fetchone()
        copy = connection.execute(
            f"select id from {name} where uid = ?", (derived_uid("joined", old.hex(), uid.hex()),)
        ).fetchone()
        if copy is not None:
            new = {at: local(connection, tables[name], at, value) for at, value in edited.fields.items()}
            change.update(name, copy[0], **{at: value for at, value in new.items() if at not in tables[name].path})
        if edited.sets:
            change.choose(name, row, "gone", 1)
    joining.carry(change, goes, stays)
    change.choose("people", goes, "gone", 1)


def _part(change: Change, tables: Tables, goes: int, set_id: int) -> None:
    """Make two people of one again."""
    others = [other for _, other in _into(change.connection, set_id, goes)]
    undo(change, set_id, tables, UPCASTERS)
    change.choose("people", goes, "gone", 0)
    for other in others:
        sameness.answer(change, goes, other, "two")


def _settle_twice(change: Change, tables: Tables, row: int, pick: int) -> None:
    connection = change.connection
    joined = [
        (head.set_id, other)
        for head in stored_heads(connection, "people", row, "gone")
        for _, other in _into(connection, head.set_id, row)
    ]
    if pick >= len(joined):
        one = joined[0][1]
        for _, other in joined[1:]:
            one, goes = joining.who_stays(connection, one, other)
            _drop_copies(change, tables, row, goes)
            joining.join(change, one, goes)
        return
    stays = joined[pick][0]
    for set_id, other in joined:
        if set_id == stays:
            continue
        undo(change, set_id, tables, UPCASTERS)
        sameness.answer(change, row, other, "two")
    # What the one joining took away stays so: undoing the other brought it back.
    for name, at in [*_moved(connection, stays), ("people", row)]:
        change.choose(name, at, "gone", 1)


def _drop_copies(change: Change, tables: Tables, origin: int, at: int) -> None:
    """Take away what was copied from one person to another, who has it twice otherwise once they are joined."""
    connection = change.connection
    (uid,) = connection.execute("select uid from people where id = ?", (at,)).fetchone()
    reached: dict[str, set[int]] = {"people": {origin}}
    for name, table in tables.items():
        for column in table.path:
            for target in reached.get(table.references[column], set()):
                for row, old in connection.execute(
                    f"select id, uid from {name} where {column} = ?", (target,)
                ).fetchall():
                    reached.setdefault(name, set()).add(row)
                    copy = connection.execute(
                        f"select id from {name} where uid = ? and gone = 0",
                        (derived_uid("joined", old.hex(), uid.hex()),),
                    ).fetchone()
                    if copy is not None:
                        change.delete(name, copy[0])
