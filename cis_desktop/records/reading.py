"""How a record is read: the columns of a table are the fields of its dataclass, in that order."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

from cis_desktop.records import checks
from cis_desktop.vault.tables import Connection

Record = TypeVar("Record")

TABLES = {"P": "people", "H": "households", "C": "cases", "S": "sessions", "N": "observations"}
"""The table of each kind of reference, by its first letter."""


def columns(record: type[Any]) -> str:
    """Give the fields of a record's dataclass as the columns of a select."""
    return ", ".join(field.name for field in fields(record))


def one(connection: Connection, record: type[Record], table: str, condition: str, value: int | str) -> Record:
    """Read the one record that meets a condition and is not gone. Raises CisError `not_found`."""
    row = connection.execute(
        f"select {columns(record)} from {table} where {condition} and gone = 0", (value,)
    ).fetchone()
    if row is None:
        raise checks.not_found(str(value), record.__name__.lower())
    return record(*row)
