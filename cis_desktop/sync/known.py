"""What this laptop knows of the sync files that it has read or written, and through them of the other laptops."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from cis_desktop.sync.files import Page, Run
from cis_desktop.sync.laptops import here
from cis_desktop.vault.sets import Vector
from cis_desktop.vault.tables import Connection


@dataclass(frozen=True, slots=True)
class Known:
    """A sync file that this laptop has read or written before."""

    device: str
    number: int
    at: str
    has: Vector
    runs: tuple[Run, ...]
    to: frozenset[str]
    erased: int


COLUMNS = "device, number, at, has, runs, sealed_to, erased"


def known_marks(connection: Connection) -> set[bytes]:
    """Give the marks of all files that this laptop has read or written."""
    return {mark for (mark,) in connection.execute("select mark from sync_files")}


def known_files(connection: Connection, marks: Iterable[bytes]) -> dict[bytes, Known]:
    """Give those of these files that this laptop has read or written, by their marks."""
    found = {
        mark: connection.execute(f"select {COLUMNS} from sync_files where mark = ?", (mark,)).fetchone()
        for mark in marks
    }
    return {mark: _known(*row) for mark, row in found.items() if row}


def wrote_any(connection: Connection, device: bytes) -> bool:
    """Say whether any file of this device is known: of one that waits for the record, that it has asked for it."""
    return bool(connection.execute("select 1 from sync_files where device = ?", (device.hex(),)).fetchone())


def last_number(connection: Connection, device: bytes) -> int:
    """Give the highest number of a file of this device; 0 if none is known."""
    (found,) = connection.execute(
        "select coalesce(max(number), 0) from sync_files where device = ?", (device.hex(),)
    ).fetchone()
    return int(found)


def peers(connection: Connection) -> dict[str, Known]:
    """Give the newest file of each other laptop: when it was written, and which sets that laptop held then.

    One numbered 0 is the snapshot that was written for a laptop which has not been heard of yet.
    """
    device = here(connection)[0].hex()
    # SQLite takes the other columns from the row that has the maximum.
    rows = connection.execute(
        f"select {COLUMNS.replace('number', 'max(number)')} from sync_files where device <> ? group by device",
        (device,),
    )
    return {row[0]: _known(*row) for row in rows}


def remember(connection: Connection, mark: bytes, page: Page, erased: int) -> None:
    """Note that this file was read or written when so many rows were erased. Call inside a transaction."""
    connection.execute(
        "insert or replace into sync_files (mark, device, number, at, has, runs, sealed_to, erased)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            mark, page.device.hex(), page.number, page.at, msgspec.msgpack.encode(sorted(page.has.items())),
            msgspec.msgpack.encode(page.runs), msgspec.msgpack.encode(page.to), erased,
        ),
    )  # fmt: skip


def erased_rows(connection: Connection) -> int:
    """Give how many rows were ever erased in this record."""
    (count,) = connection.execute("select count(*) from erased").fetchone()
    return int(count)


def _known(device: str, number: int, at: str, has: bytes, runs: bytes, to: bytes, erased: int) -> Known:
    return Known(
        device, number, at, _vector(has), tuple(map(_run, msgspec.msgpack.decode(runs))),
        frozenset(bytes(each).hex() for each in msgspec.msgpack.decode(to)), erased,
    )  # fmt: skip


def _vector(raw: bytes) -> Vector:
    return {bytes(device): int(seq) for device, seq in msgspec.msgpack.decode(raw)}


def _run(found: list[object]) -> Run:
    device, first, last = found
    return bytes(device), int(first), int(last)  # type: ignore[call-overload]
