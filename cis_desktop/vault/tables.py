"""Which tables carry history, what their fields are, and the triggers that watch them.

Read from the database itself, so that a migration is the only place where a table is described.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Connection: TypeAlias = Any
"""A sqlcipher3 connection in autocommit mode; the library has no type hints."""

CLOSED, RECORDING, APPLYING = 0, 1, 2
"""What `writing.mode` allows: nothing, changes that are recorded, or rows that come from the history itself."""


@dataclass(frozen=True, slots=True)
class TrackedTable:
    """A table with history. `references` maps a column to the table it points at; `path` leads to the person."""

    name: str
    fields: tuple[str, ...]
    references: dict[str, str]
    path: tuple[str, ...]
    uids: dict[str, str] = field(default_factory=dict)
    """For each field, the SQL that gives its value as history keeps it: a reference as the uid it points at."""
    newer: str = ""
    """The SQL that gives all of the rows above an id, as history keeps them."""


Tables: TypeAlias = dict[str, TrackedTable]


def read_tables(connection: Connection) -> Tables:
    """Give the tracked tables, referenced ones before those that point at them."""
    found: Tables = {}
    for name, path in connection.execute("select tbl, path from tracked order by tbl"):
        columns = [row[1] for row in connection.execute(f"pragma table_info({name})")]
        references = {row[3]: row[2] for row in connection.execute(f"pragma foreign_key_list({name})")}
        fields = tuple(column for column in columns if column not in ("id", "uid"))
        uids = {
            f: f"(select uid from {references[f]} where id = t.{f})" if f in references else f"t.{f}" for f in fields
        }
        found[name] = TrackedTable(name, fields, references, tuple(path.split()), uids, newer(name, uids.values()))
    ordered: Tables = {}

    def place(name: str) -> None:
        if name not in ordered:
            for target in found[name].references.values():
                if target != name:
                    place(target)
            ordered[name] = found[name]

    for name in found:
        place(name)
    return ordered


def newer(table: str, values: Iterable[str]) -> str:
    """Give the SQL for the uid and these values of a table's rows above an id, in the order they were written."""
    return f"select {', '.join(['t.uid', *values])} from {table} t where t.id > ? order by t.id"


def drop_triggers(connection: Connection) -> None:
    """Take away the triggers of the history. Call inside a transaction."""
    for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        if name.startswith("history_"):
            connection.execute(f"drop trigger {name}")


def install_triggers(connection: Connection, tables: Tables) -> None:
    """Write the triggers that note what a change overwrites, and refuse what would not be noted.

    Call inside a transaction. New rows need no trigger: they are those above the table's highest id at the start,
    and outside a change nobody is lent a connection that writes. A trigger on each would cost an import a third of its
    time.
    """
    for table in tables.values():
        name = table.name
        connection.execute(
            f"create trigger history_{name}_delete before delete on {name}"
            f" when (select mode from writing) <> {APPLYING}"
            " begin select raise(abort, 'a row is never deleted; set gone'); end"
        )
        connection.execute(
            f"create trigger history_{name}_identity before update of id, uid on {name}"
            " begin select raise(abort, 'a row keeps its id and uid'); end"
        )
        for f in table.path:
            connection.execute(
                f"create trigger history_{name}_path_{f} before update of {f} on {name}"
                f" when old.{f} is not null and new.{f} is not old.{f}"
                f" and (select mode from writing) <> {APPLYING}"
                " begin select raise(abort, 'a row stays with whom it is about; write a new one'); end"
            )
        for f in table.fields:
            connection.execute(
                f"create trigger history_{name}_{f} after update of {f} on {name}"
                f" when old.{f} is not new.{f} and (select mode from writing) <> {APPLYING}"
                f" begin select raise(abort, 'written outside a change')"
                f" where (select mode from writing) = {CLOSED};"
                f" insert or ignore into pending (tbl, row, field, old)"
                f" values ('{name}', old.id, '{f}', old.{f}); end"
            )
