"""Merge: bring in change sets from elsewhere. What a vault holds is a function of the sets it has, in any order.

Sets wait until those they depend on are here. A set written under an older schema is read through upcasters; one
written under a newer schema is kept unread until the app is updated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
import sqlcipher3
from msgspec.structs import replace

from cis_desktop.decoding import from_msgpack
from cis_desktop.vault.chunks import ERASE, INSERT, UPDATE, Section, Value, pack, scarred, scars_in, unpack
from cis_desktop.vault.edits import Edits, ids_of, storable
from cis_desktop.vault.erasure import Erasure, late_in, rewrite, tombs_in, uid_hash
from cis_desktop.vault.heads import Head, stored_heads
from cis_desktop.vault.removal import counting, removed
from cis_desktop.vault.sets import ChangeSet, Vector, held, is_genuine, store
from cis_desktop.vault.tables import Connection, Tables, TrackedTable
from cis_desktop.vault.upcasters import Upcasters, upcast

NOT_OURS = (
    ValueError, TypeError, LookupError, OverflowError, AttributeError, RecursionError, sqlcipher3.IntegrityError,
    sqlcipher3.InterfaceError, sqlcipher3.ProgrammingError,
)  # fmt: skip
"""What is raised on the way by a change set that holds what no app of ours writes."""


class Unbelievable(ValueError):
    """That a change set (`device`, `seq`) holds what no app of ours writes, so that it cannot be applied."""

    def __init__(self, one: ChangeSet) -> None:
        super().__init__(f"change set {one.ref} holds what no version of the app writes")
        self.device, self.seq = one.device, one.seq


@dataclass(slots=True)
class Merged:
    """What a merge did: sets applied, known already, waiting, and refused for another identity."""

    applied: int = 0
    known: int = 0
    waiting: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)


def merge(
    connection: Connection, tables: Tables, sets: Iterable[ChangeSet], upcasters: Upcasters, hashed: bool = False
) -> Merged:
    """Apply change sets in one transaction that the caller has begun. Repetition and order do not matter.

    `hashed`: the hash of each was just made from what it holds, and need not be made once more.
    """
    done = Merged()
    have = held(connection)
    (schema,) = connection.execute("pragma user_version").fetchone()
    incoming = {(one.device, one.seq): one for one in waiting_sets(connection)}
    for one in sets:
        known = (
            one.seq <= have.get(one.device, 0)
            and connection.execute(
                "select s.hash from change_sets s join devices d on d.id = s.device where d.uid = ? and s.seq = ?",
                (one.device, one.seq),
            ).fetchone()
        )
        rival = incoming.get((one.device, one.seq))
        if not (hashed or is_genuine(one)) or (known and known[0] != one.hash) or (rival and rival.hash != one.hash):
            done.refused.append(one.ref)
        elif known:
            done.known += 1
            done.touched |= adopt_scars(connection, tables, one, schema, upcasters)
        elif rival:
            # Two copies of one set, of which each may have forgotten what the other has not yet.
            incoming[one.device, one.seq] = replace(rival, chunks=scarred(rival.chunks, one.chunks))
        else:
            incoming[one.device, one.seq] = one
    # What arrives may take a laptop away, or take it back in: first as said in what arrives, then as it is found.
    for arriving in (list(incoming.values()), []):
        last = counting(incoming.values(), removed(connection, tables, arriving)) if incoming else {}
        ready = list(applicable(incoming, held(connection), schema, last))
        done.touched |= apply_believable(connection, tables, ready, upcasters)
        done.applied += len(ready)
        for one in ready:
            del incoming[one.device, one.seq]
    connection.execute("delete from waiting")
    connection.executemany(
        "insert into waiting (device, seq, schema, body) values (?, ?, ?, ?)",
        [(one.device, one.seq, one.schema, msgspec.msgpack.encode(one)) for one in incoming.values()],
    )
    done.waiting = sorted(one.ref for one in incoming.values())
    return done


def adopt_scars(
    connection: Connection, tables: Tables, change_set: ChangeSet, schema: int, upcasters: Upcasters
) -> set[str]:
    """Erase what another copy of a set held here has forgotten; give the tables it touched.

    The erasure itself may never come: the laptop that made it can be lost after it passed on what it had cleaned.
    """
    touched: set[str] = set()
    for section in upcast(change_set.chunks, change_set.schema, schema, upcasters):
        scars = {scar.uid_hash for scar in scars_in(section)}
        unknown = {
            digest
            for digest in scars
            if not connection.execute("select 1 from erased where uid_hash = ?", (digest,)).fetchone()
        }
        if unknown and section.table in tables:
            Erasure(connection, tables).run(section.table, unknown)
            touched = set(tables)
    return touched


def waiting_sets(connection: Connection) -> list[ChangeSet]:
    """Give the sets kept for later."""
    rows = connection.execute("select body from waiting order by device, seq").fetchall()
    return [from_msgpack(body, ChangeSet) for (body,) in rows]


def applicable(
    incoming: dict[tuple[bytes, int], ChangeSet], have: Vector, schema: int, last: Vector
) -> Iterator[ChangeSet]:
    """Yield the sets whose dependencies are here, in order; `have` grows on the way. None above `last` counts."""
    for one in sorted(incoming.values(), key=lambda one: (one.lamport, one.device)):
        # A set's Lamport number is above those of all it depends on, so one pass meets them first.
        ready = one.schema <= schema and have.get(one.device, 0) == one.seq - 1
        ready = ready and one.seq <= last.get(one.device, one.seq)
        if ready and all(have.get(device, 0) >= seq for device, seq in one.vector.items()):
            have[one.device] = one.seq
            yield one


def apply_believable(
    connection: Connection, tables: Tables, sets: Sequence[ChangeSet], upcasters: Upcasters
) -> set[str]:
    """Apply sets as `apply` does. Raises `Unbelievable` for the first that cannot be; then nothing may be kept."""
    connection.execute("savepoint believed")
    try:
        touched = apply(connection, tables, sets, upcasters)
    except NOT_OURS:
        # One by one, to find which it is.
        connection.execute("rollback to believed")
        touched = set()
        for one in sets:
            try:
                touched |= apply(connection, tables, [one], upcasters)
            except NOT_OURS as error:
                raise Unbelievable(one) from error
    connection.execute("release believed")
    return touched


def apply(connection: Connection, tables: Tables, sets: Sequence[ChangeSet], upcasters: Upcasters) -> set[str]:
    """Apply sets, each of which comes after all that it depends on; give the tables they touched."""
    if not sets:
        return set()
    (schema,) = connection.execute("pragma user_version").fetchone()
    first = store(connection, sets)
    edits = Edits(connection, tables)
    tombs = tombs_in(connection)
    touched: set[str] = set()

    def erase(table: str, hashes: set[bytes]) -> None:
        # What an erasure reaches may be anywhere, and it asks what was ever written there.
        edits.write()
        Erasure(connection, tables).run(table, hashes)
        tombs.update(tombs_in(connection))
        touched.update(tables)

    order = list(tables)
    for set_id, one in enumerate(sets, first):
        sections = [s for s in upcast(one.chunks, one.schema, schema, upcasters) if s.table in tables]
        for section in sections:
            # They tell of rows that were erased elsewhere before their changes came here.
            if scars := scars_in(section):
                erase(section.table, {scar.uid_hash for scar in scars})
        late = late_in(tables, sections, tombs)
        if late:
            for uid, table in late.items():
                if uid_hash(uid) not in tombs:
                    erase(table, {uid_hash(uid)})
            rewrite(connection, {set_id}, set(late))
            touched.update(tables)
        inserts = [section for section in sections if section.op == INSERT]
        if inserts:
            insert_rows(
                connection, tables, set_id, one, sorted(inserts, key=lambda s: order.index(s.table)), late, edits
            )
        for section in sections:
            touched.add(section.table)
            if section.op == UPDATE:
                for entry in section.entries:
                    if not isinstance(entry, bytes) and entry[0] not in late:
                        uid, value, _, parents = entry
                        edits.add(section.table, section.columns[0], uid, value, parents, set_id, one)
            elif section.op == ERASE:
                erase(section.table, {entry[0] for entry in section.entries})
    edits.write()
    return touched


def insert_rows(
    connection: Connection,
    tables: Tables,
    set_id: int,
    change_set: ChangeSet,
    inserts: list[Section],
    late: Collection[bytes],
    edits: Edits,
) -> None:
    """Write the rows a set made. Ids are given out first, so rows may point at each other in any order."""
    new: dict[str, dict[bytes, int]] = {}
    for section in inserts:
        rows = new.setdefault(section.table, {})
        next_id = max(rows.values(), default=highest(connection, section.table)) + 1
        uids = [entry[0] for entry in section.entries if not isinstance(entry, bytes) and entry[0] not in late]
        here = ids_of(connection, section.table, uids)
        for uid in uids:
            if uid not in rows and uid not in here:
                rows[uid] = next_id
                next_id += 1
    for section in inserts:
        table = tables[section.table]
        rows = new[section.table]
        columns = [column for column in section.columns if column in table.fields]
        places = [section.columns.index(column) + 1 for column in columns]
        written = []
        for entry in section.entries:
            if isinstance(entry, bytes) or entry[0] in late:
                continue
            if entry[0] in rows:
                values = [
                    local_value(connection, table, column, storable(entry[place]), new)
                    for column, place in zip(columns, places, strict=True)
                ]
                written.append((rows[entry[0]], entry[0], *values))
            else:
                said = {column: entry[place] for column, place in zip(columns, places, strict=True)}
                for column in table.fields:
                    value = said.get(column, 0 if column == "gone" else None)
                    edits.add(table.name, column, entry[0], value, (), set_id, change_set)
        connection.executemany(
            f"insert into {table.name} ({', '.join(['id', 'uid', *columns])})"
            f" values ({', '.join('?' * (len(columns) + 2))})",
            written,
        )
    connection.executemany(
        "insert into made (tbl, first, last, set_id) values (?, ?, ?, ?)",
        [(name, min(rows.values()), max(rows.values()), set_id) for name, rows in new.items() if rows],
    )


def local_value(
    connection: Connection, table: TrackedTable, column: str, value: Value, new: dict[str, dict[bytes, int]]
) -> Value:
    """Turn a value as history keeps it into what the row holds: a uid into the id it has here, or None."""
    if column not in table.references or value is None:
        return value
    target = table.references[column]
    here = new.get(target, {}).get(value)
    return here if here is not None else ids_of(connection, target, [value]).get(value)


def highest(connection: Connection, table: str) -> int:
    """Give the highest id a table has ever had."""
    row = connection.execute("select seq from sqlite_sequence where name = ?", (table,)).fetchone()
    return int(row[0]) if row else 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field with several values that nobody has chosen between; `heads[0]` is the one shown."""

    table: str
    row: int
    field: str
    heads: tuple[Head, ...]


def conflicts(connection: Connection, tables: Tables) -> list[Conflict]:
    """List what two devices wrote apart and nobody has settled: fields, and rows deleted here but edited there."""
    found = []
    for name, row, column in connection.execute(
        "select tbl, row, field from edits where superseded = 0 group by tbl, row, field having count(*) > 1"
    ).fetchall():
        several = stored_heads(connection, name, row, column)
        if len({pack(head.value) for head in several}) > 1:
            found.append(Conflict(name, row, column, tuple(several)))
    for name in tables:
        for row, gone_set, edit_set in connection.execute(
            "select g.row, g.set_id, e.set_id from edits g"
            f" join {name} t on t.id = g.row and t.gone = 1"
            " join edits e on e.tbl = g.tbl and e.row = g.row and e.field <> 'gone' and e.superseded = 0"
            " where g.tbl = ? and g.field = 'gone' and g.superseded = 0 and e.set_id <> g.set_id",
            (name,),
        ).fetchall():
            if not knows(connection, gone_set, edit_set) and not knows(connection, edit_set, gone_set):
                found.append(Conflict(name, row, "gone", tuple(stored_heads(connection, name, row, "gone"))))
    return list(dict.fromkeys(found))


def knows(connection: Connection, later: int, earlier: int) -> bool:
    """Tell whether one set was written on a device that held another."""
    vector, device, seq = connection.execute(
        "select a.vector, d.uid, b.seq from change_sets a, change_sets b join devices d on d.id = b.device"
        " where a.id = ? and b.id = ?",
        (later, earlier),
    ).fetchone()
    return bool(dict(unpack(vector)).get(device, 0) >= seq)
