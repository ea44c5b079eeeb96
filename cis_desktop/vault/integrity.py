"""Is the vault whole? SQLCipher's checks, SQLite's, and the rules of our own history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import sqlcipher3

from cis_desktop.errors import CisError
from cis_desktop.vault.database import connect, migrate
from cis_desktop.vault.progress import Tell, part, stoppable, untold
from cis_desktop.vault.sets import held, is_genuine, sets_since
from cis_desktop.vault.tables import Connection, Tables, read_tables

UNTRACKED = {
    "writing", "devices", "change_sets", "chunks", "made", "edits", "pending", "erased", "waiting", "tracked",
    "counters", "local_notes", "found", "ways_in", "ways_in_generation", "files_outside", "kept_originals",
    "invitations", "sync_files",
}  # fmt: skip
"""The only tables without history: the history itself, and what belongs to this device alone."""

LARGEST_ID = 2**63 - 1
"""SQLite's; ids of ours count up from 1."""
ROOM = 32 * 1024
"""Kilobytes of pages kept while checking: the indexes are looked into once for every row."""
SEALS, PAGES = 0.1, 0.5
"""How far a check is once the seals of the pages are read, and once all that is in them is."""


def damage(path: Path, key: bytes, history: bool = True, tell: Tell = untold, reading: bool = False) -> list[str]:
    """Read all of a vault on a fresh connection; give what is wrong with it in plain words, best case nothing.

    With `reading` nothing is written beside it, as `connect` says. Without `history` the rules of the history are left
    out, which a faithful copy of a sound vault cannot break.
    `tell` hears how far it is; what it raises ends it. Raises CisError `disk_full` or `disk_failing`: a disk that does
    not let a vault be opened says nothing about what is in it.
    """
    try:
        connection = connect(path, key, reading=reading)
    except CisError as error:
        if error.code in ("disk_full", "disk_failing"):
            raise
        return [error.title]
    try:
        # One bad page poisons later checks on the same connection, so each kind stops at its own first failure.
        tell(0, 1)
        connection.execute(f"pragma cache_size = -{ROOM}")
        (free,) = connection.execute("pragma freelist_count").fetchone()
        problems = []
        if history or free:
            # Where no page is free, the next check reads each of them through its seal, and tells of one it does not.
            problems += [f"a page of the file fails its seal: {row[0]}" for row in connection.execute(
                "pragma cipher_integrity_check")]  # fmt: skip
        if problems:
            return problems
        with stoppable(connection, part(tell, SEALS, 1)):
            problems += [
                f"the database is damaged: {row[0]}"
                for row in connection.execute("pragma integrity_check")
                if row[0] != "ok"
            ]
        with stoppable(connection, part(tell, PAGES, 1)):
            problems += [
                f"a record in {row[0]} points at one in {row[2]} that is not there"
                for row in connection.execute("pragma foreign_key_check")
            ]
        return problems or (broken_rules(connection, part(tell, PAGES, 1)) if history else [])
    except sqlcipher3.DatabaseError as error:
        return [f"the file cannot be read: {error}"]
    finally:
        connection.close()


def broken_rules(connection: Connection, tell: Tell = untold) -> list[str]:
    """Check the rules of the history itself."""
    tables = read_tables(connection)
    problems = []
    (mode, pending, triggers_for) = connection.execute(
        "select mode, (select count(*) from pending), triggers_for from writing"
    ).fetchone()
    if mode or pending:
        problems.append("a change was left half recorded")
    for name in tables:
        count = sum(
            connection.execute(f"select count(*) from {name} where id between ? and ?", gap).fetchone()[0]
            for gap in _between(connection, name)
        )
        if count:
            problems.append(f"{count} records in {name} have no history")
    expected: dict[bytes, int] = {}
    total = sum(held(connection).values())
    for done, change_set in enumerate(sets_since(connection, {})):
        tell(done, total)
        expected[change_set.device] = expected.get(change_set.device, 0) + 1
        if change_set.seq != expected[change_set.device]:
            problems.append(f"the history misses change {change_set.device.hex()[:8]}:{expected[change_set.device]}")
        try:
            genuine = is_genuine(change_set)
        except CisError:
            genuine = False
        if not genuine:
            problems.append(f"change {change_set.ref} is not what it was when it was made")
    # One that was cut off while it was brought up to date gets its triggers before anybody writes.
    return problems + (missing_triggers(connection, tables) if triggers_for else [])


def _between(connection: Connection, table: str) -> Iterator[tuple[int, int]]:
    """Yield the ids around each run of ids of a table that no change set made: few, however many rows there are."""
    last = -LARGEST_ID - 2
    runs = connection.execute("select first, last from made where tbl = ? order by first", (table,)).fetchall()
    for first, end in [*runs, (LARGEST_ID + 1, LARGEST_ID + 1)]:
        if first > last + 1:
            yield last + 1, first - 1
        last = max(last, end)


def unlike_ours(connection: Connection) -> list[str]:
    """Compare the tables of a vault that is up to date with those of a new one; give what is missing or not ours.

    Whoever knows a recipient can seal a vault of their own to it, with tables of any kind.
    """
    new = sqlcipher3.connect(":memory:", isolation_level=None)
    try:
        migrate(new)
        ours, found = _parts(new), _parts(connection)
    finally:
        new.close()
    return [" ".join(name) + " is missing" for name in sorted(ours.keys() - found.keys())] + [
        " ".join(name) + " is not one of ours"
        for name in sorted(found.keys() - ours.keys())
        if name[0] in ("view", "trigger")
    ]


def _parts(connection: Connection) -> dict[tuple[str, ...], None]:
    named = connection.execute("select type, name from sqlite_master where type <> 'index'").fetchall()
    columns = {
        name: [column[1] for column in connection.execute("select * from pragma_table_xinfo(?)", (name,))]
        for kind, name in named
        if kind == "table" and not name.startswith("sqlite_")
    }
    parts = [(kind, name) for kind, name in named if kind != "table"]
    return dict.fromkeys([*parts, *((name, column) for name, each in columns.items() for column in each)])


def missing_triggers(connection: Connection, tables: Tables) -> list[str]:
    """Name the tables that could be written without leaving history."""
    triggers = {name for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'")}
    return [
        f"{table.name} can be written without history"
        for table in tables.values()
        if not {
            f"history_{table.name}_{what}"
            for what in ("delete", "identity", *table.fields, *(f"path_{column}" for column in table.path))
        }
        <= triggers
    ]
