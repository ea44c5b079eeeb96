"""The files that imports came from, kept inside the record, so that none of them need lie outside."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cis_desktop import outside, saving
from cis_desktop.errors import CisError
from cis_desktop.intake.commit import ImportResult
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection
from cis_desktop.vault.undo import find_set
from cis_desktop.words import file_size
from cis_desktop.workspace import Workspace

MOST = 50 << 20
"""Bytes of one file: a record that is backed up every day should not grow by more at once."""


@dataclass(frozen=True, slots=True)
class Original:
    """A file that is kept: its name, SHA-256 (hex), size in bytes, when (ISO, local time) and by whom."""

    id: int
    name: str
    sha256: str
    size: int
    kept_at: str
    kept_by: str


def keep(workspace: Workspace, path: Path, sha256: str, result: ImportResult | None = None) -> Original:
    """Keep a file that was brought in, as it was when it was read; kept already, it is not kept twice.

    `result` is what came of its import. The copy is read back and compared. Raises CisError `changed_file`, `too_large`
    or `no_such_file`.
    """
    data = _read(path)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise CisError(
            "changed_file",
            "The file has changed",
            f"“{path.name}” is no longer what was brought in, so it was not kept. Nothing else changed.",
        )
    packed = zlib.compress(data)
    with workspace.change("Kept an original") as change:
        set_id = find_set(change.connection, result.change_set) if result and result.change_set else None
        met = result is None or bool(result.already or result.known)
        change.connection.execute(
            "insert into kept_originals (name, sha256, size, kept_at, kept_by, set_id, met, body)"
            " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (sha256) do update"
            # A file that came in twice belongs to both imports; one set cannot say so.
            " set met = 1, set_id = excluded.set_id",
            (path.name, sha256, len(data), _now(), change.who, set_id, int(met), packed),
        )
    with workspace.reader() as connection:
        kept = next(one for one in listed(connection) if one.sha256 == sha256)
        body(connection, kept.id)
    return kept


def listed(connection: Connection) -> list[Original]:
    """Give every original that is kept, newest first."""
    rows = connection.execute(
        "select id, name, sha256, size, kept_at, kept_by from kept_originals order by kept_at desc, id desc"
    )
    return [Original(*row) for row in rows]


def find(connection: Connection, sha256: str) -> Original | None:
    """Give the kept original with this SHA-256 (hex), if there is one."""
    return next((one for one in listed(connection) if one.sha256 == sha256), None)


def body(connection: Connection, original: int) -> bytes:
    """Give a kept original as it was. Raises CisError `not_found`, or `damaged_original` where it is not that."""
    row = connection.execute("select name, sha256, body from kept_originals where id = ?", (original,)).fetchone()
    if row is None:
        raise CisError("not_found", "It is no longer here", "This original is not kept any more. Nothing was changed.")
    name, sha256, packed = row
    try:
        data = zlib.decompress(packed)
    except zlib.error as why:
        raise _damaged(name) from why
    if hashlib.sha256(data).hexdigest() != sha256:
        raise _damaged(name)
    return data


def save_out(workspace: Workspace, original: int, path: Path) -> None:
    """Write a kept original to `path`, whole or not at all, and list it as a file outside."""
    with workspace.reader() as connection:
        data = body(connection, original)
    try:
        saving.save(path, data)
    except OSError as why:
        raise CisError(
            "not_saved",
            "The original was not saved",
            f"“{path.name}” could not be written: {why.strerror}. It is still kept inside the record.",
        ) from why
    with workspace.change("Saved an original outside") as change:
        outside.note(change, path, "original")


def remove(change: Change, original: int) -> None:
    """Keep an original no longer."""
    change.connection.execute("delete from kept_originals where id = ?", (original,))


def delete_outside(workspace: Workspace, path: Path, sha256: str) -> bool:
    """Delete the file that a kept original was made of, once both are compared; say whether it was still there.

    What a briefing brought is kept with the briefing. Raises CisError `not_kept`, `changed_file` or `not_deleted`.
    """
    with workspace.reader() as connection:
        kept = find(connection, sha256)
        if kept is not None:
            body(connection, kept.id)
        elif not _came_with_post(connection, sha256):
            raise CisError(
                "not_kept",
                "Keep the original first",
                f"Nothing inside the record is the same as “{path.name}”, so it was not deleted.",
            )
    if path.is_file() and hashlib.sha256(_read(path)).hexdigest() != sha256:
        raise CisError(
            "changed_file",
            "The file has changed",
            f"“{path.name}” is no longer what is kept inside the record, so it was not deleted.",
        )
    return outside.delete(path)


def inside(connection: Connection, paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Give those of these files that came in as council post just as they are, each with its SHA-256 (hex)."""
    found = []
    for path in paths:
        try:
            sha256 = hashlib.sha256(_read(path)).hexdigest()
        except CisError:
            # Gone, or too large to compare: then nothing is offered.
            continue
        if _came_with_post(connection, sha256):
            found.append((path, sha256))
    return found


def _came_with_post(connection: Connection, sha256: str) -> bool:
    row = connection.execute(
        "select body from briefing_files where sha256 = ? and gone = 0 and body is not null limit 1", (sha256,)
    ).fetchone()
    return row is not None and hashlib.sha256(zlib.decompress(row[0])).hexdigest() == sha256


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST:
            raise CisError(
                "too_large",
                "This file is too large to keep",
                f"“{path.name}” is larger than {file_size(MOST)}, so it was not kept. It is where it was: move it to a "
                "disk that is locked away, or delete it once you do not need it.",
            )
        return path.read_bytes()
    except OSError as why:
        raise CisError(
            "no_such_file",
            "The file could not be read",
            f"“{path.name}” was not kept: {why.strerror}. The import itself is not touched by this.",
        ) from why


def _damaged(name: str) -> CisError:
    return CisError(
        "damaged_original",
        "The kept original is damaged",
        f"“{name}” inside the record is not as it was kept. If the file is still outside, leave it there and keep it "
        "again; a backup may have it too.",
    )


def _now() -> str:
    return datetime.now().isoformat(timespec="seconds")
