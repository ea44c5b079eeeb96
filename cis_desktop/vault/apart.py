"""What was written apart, beyond one field: on a row that another laptop had removed; and a choice taken back."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

import msgspec

from cis_desktop.vault.chunks import INSERT, UPDATE, Value, pack, unpack
from cis_desktop.vault.edits import ids_of
from cis_desktop.vault.heads import Head, identities
from cis_desktop.vault.merge import Conflict
from cis_desktop.vault.tables import Connection, Tables, TrackedTable
from cis_desktop.vault.undo import TOOK_BACK
from cis_desktop.vault.upcasters import UPCASTERS, sections_of


class Apart:
    """Which change sets were written without knowing of each other."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._devices = connection.execute("select id, uid, seq from devices where seq > 0").fetchall()
        self._found: dict[int, frozenset[int]] = {}

    def nobody(self) -> bool:
        """Say whether only one device ever wrote, so that nothing can have been written apart."""
        return len(self._devices) < 2

    def of(self, set_id: int) -> frozenset[int]:
        """Give the sets that neither know this one nor are known by it."""
        if set_id not in self._found:
            self._found[set_id] = frozenset(self._look(set_id))
        return self._found[set_id]

    def _look(self, set_id: int) -> list[int]:
        vector, device, number = self._connection.execute(
            "select s.vector, d.uid, s.seq from change_sets s join devices d on d.id = s.device where s.id = ?",
            (set_id,),
        ).fetchone()
        known = dict(unpack(vector))
        found: list[int] = []
        for other, uid, last in self._devices:
            first = known.get(uid, 0) + 1
            if uid == device or first > last:
                continue

            def knows(seq: int, other: int = other) -> int:
                (held,) = self._connection.execute(
                    "select vector from change_sets where device = ? and seq = ?", (other, seq)
                ).fetchone()
                return int(dict(unpack(held)).get(device, 0))

            # A device only learns: from the first set on that knows this one, all do.
            numbers = range(first, last + 1)
            end = first + bisect_left(numbers, number, key=knows)
            found += [
                row
                for (row,) in self._connection.execute(
                    "select id from change_sets where device = ? and seq >= ? and seq < ?", (other, first, end)
                )
            ]
        return found


def built_on_removed(connection: Connection, tables: Tables, apart: Apart) -> list[Conflict]:
    """List rows that one device removed while another, not knowing, wrote or changed something that points at them."""
    found = []
    for name in tables:
        pointing = [
            (child, column)
            for child in tables.values()
            for column, target in child.references.items()
            if target == name
        ]
        if not pointing:
            continue
        removed: dict[int, set[int]] = defaultdict(set)
        for row, set_id in connection.execute(
            f"select g.row, g.set_id from edits g join {name} t on t.id = g.row and t.gone = 1"
            " where g.tbl = ? and g.field = 'gone' and g.superseded = 0",
            (name,),
        ):
            removed[set_id].add(int(row))
        for set_id, rows in removed.items():
            others = apart.of(set_id)
            if others:
                for child, column in pointing:
                    met = rows & _pointed_at(connection, child, column, others)
                    found += [Conflict(name, row, "gone", _heads(connection, [(set_id, 1)])) for row in sorted(met)]
    return found


def _pointed_at(connection: Connection, child: TrackedTable, column: str, sets: frozenset[int]) -> set[int]:
    """Give the rows that what these sets wrote into a table points at."""
    listed = msgspec.json.encode(sorted(sets)).decode()
    return {
        int(row)
        for (row,) in connection.execute(
            f"select c.{column} from made m join {child.name} c on c.id between m.first and m.last"
            " where m.set_id in (select value from json_each(?1)) and m.tbl = ?2 and c.gone = 0"
            f" union select c.{column} from edits e join {child.name} c on c.id = e.row"
            " where e.set_id in (select value from json_each(?1)) and e.tbl = ?2 and e.superseded = 0 and c.gone = 0",
            (listed, child.name),
        )
        if row is not None
    }


def asked_again(connection: Connection, tables: Tables) -> list[Conflict]:
    """List the choices that were taken back, and on which nothing was written since."""
    found = []
    for (set_id,) in connection.execute("select id from change_sets where words = ?", (TOOK_BACK,)).fetchall():
        for section in sections_of(connection, set_id, UPCASTERS):
            if section.op != UPDATE or section.table not in tables:
                continue
            (field,) = section.columns
            for entry in section.entries:
                if isinstance(entry, bytes) or len(entry[3]) < 2:
                    continue
                row = ids_of(connection, section.table, [entry[0]]).get(entry[0])
                standing = connection.execute(
                    "select count(*), max(set_id) from edits"
                    " where tbl = ? and row = ? and field = ? and superseded = 0",
                    (section.table, row, field),
                ).fetchone()
                if row is not None and standing == (1, set_id):
                    # The first parent is the choice; the others are what there was to choose from.
                    sides: dict[bytes, tuple[int, Value]] = {}
                    for number in _numbers(connection, entry[3][1:]):
                        value = value_in(connection, number, section.table, entry[0], field)
                        sides.setdefault(pack(value), (number, value))
                    shown = sorted(_heads(connection, list(sides.values())), key=lambda head: head.value != entry[1])
                    found.append(Conflict(section.table, row, field, tuple(shown)))
    return found


def value_in(connection: Connection, set_id: int, table: str, uid: bytes, field: str) -> Value:
    """Give what a change set wrote into a field, as history keeps it; None if it wrote nothing there."""
    for section in sections_of(connection, set_id, UPCASTERS):
        if section.table == table and section.op in (INSERT, UPDATE) and field in section.columns:
            for entry in section.entries:
                if not isinstance(entry, bytes) and entry[0] == uid:
                    return entry[section.columns.index(field) + 1]
    return None


def value_seen(connection: Connection, table: TrackedTable, row: int, field: str, set_id: int, apart: Apart) -> Value:
    """Give the value of a field as it was where a change set was written, as history keeps it."""
    unknown = apart.of(set_id)
    (uid,) = connection.execute(f"select uid from {table.name} where id = ?", (row,)).fetchone()
    written = [
        number
        for (number,) in connection.execute(
            "select e.set_id from edits e join change_sets s on s.id = e.set_id"
            " where e.tbl = ? and e.row = ? and e.field = ? and s.lamport <="
            " (select lamport from change_sets where id = ?) order by s.lamport desc",
            (table.name, row, field, set_id),
        )
        if number not in unknown
    ]
    if written:
        return value_in(connection, written[0], table.name, uid, field)
    edited = connection.execute(
        "select 1 from edits where tbl = ? and row = ? and field = ?", (table.name, row, field)
    ).fetchone()
    if edited is None:
        (value,) = connection.execute(
            f"select {table.uids[field]} from {table.name} t where t.id = ?", (row,)
        ).fetchone()
        return value
    (maker,) = connection.execute(
        "select set_id from made where tbl = ? and first <= ? order by first desc limit 1", (table.name, row)
    ).fetchone()
    return value_in(connection, maker, table.name, uid, field)


def _numbers(connection: Connection, refs: Sequence[tuple[bytes, int]]) -> list[int]:
    """Give the local numbers of change sets that are named by device and sequence."""
    return [
        int(row[0])
        for device, seq in refs
        if (
            row := connection.execute(
                "select s.id from change_sets s join devices d on d.id = s.device where d.uid = ? and s.seq = ?",
                (device, seq),
            ).fetchone()
        )
    ]


def _heads(connection: Connection, sides: list[tuple[int, Value]]) -> tuple[Head, ...]:
    named = identities(connection, [number for number, _ in sides])
    return tuple(
        Head(number, (named[number][0], named[number][1]), (named[number][1], named[number][2]), value)
        for number, value in sides
    )
