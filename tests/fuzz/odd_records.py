"""Databases of ours into which somebody wrote, past all of our rules, what should not be there."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from random import Random

import sqlcipher3

from .mutating import ODD


def odd_record(path: Path, key: bytes, chance: Random) -> None:
    """Write into a database under this key, past all of its rules, what should not be there."""
    connection = sqlcipher3.connect(str(path), isolation_level=None)
    connection.execute(f"pragma key = \"x'{key.hex()}'\"")
    connection.execute("pragma foreign_keys = off")
    named = connection.execute("select type, name from sqlite_master where name not like 'found%'").fetchall()
    for name in [name for kind, name in named if kind == "trigger" and chance.random() < 0.9]:
        connection.execute(f'drop trigger "{name}"')
    tables = [name for kind, name in named if kind == "table" and not name.startswith("sqlite")]
    for _ in range(chance.choice((1, 2, 5))):
        with suppress(sqlcipher3.DatabaseError, OverflowError, UnicodeEncodeError):
            _one_change(connection, chance, chance.choice(tables))
    connection.execute("pragma journal_mode = delete")
    connection.close()


def _one_change(connection: sqlcipher3.Connection, chance: Random, table: str) -> None:
    columns = [row[1] for row in connection.execute(f'pragma table_info("{table}")')]
    if not columns:
        # It was dropped a moment ago.
        return
    column, odd = chance.choice(columns), chance.choice(ODD)
    odd = odd if isinstance(odd, str | int | float | None) else b"\xc1\0"
    act = chance.randrange(12)
    if act == 0:
        connection.execute(f"pragma user_version = {chance.choice((0, 1, 3, 5, 7, 8, 9, 999, -1))}")
    elif act == 1:
        connection.execute(f'drop table "{table}"')
    elif act == 2:
        connection.execute(f'delete from "{table}"')
    elif act == 3:
        connection.execute(f'alter table "{table}" rename column "{column}" to odd')
    elif act == 4:
        connection.execute(f'alter table "{table}" add column odd')
    elif act == 5:
        connection.execute("create trigger t after update on writing begin delete from people; end")
    elif act == 6:
        connection.execute("insert into local_notes (name, value) values ('backups_second_place', ?)", (odd,))
    else:
        connection.execute(f'update "{table}" set "{column}" = ?', (odd,))
