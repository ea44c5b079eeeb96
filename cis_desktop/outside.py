"""Plain files outside the record: the app wrote them because a person asked for it, or a person brought them in.

They are listed inside the record, on this laptop alone: what is known of a path says something about its owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

from cis_desktop.errors import CisError
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection

Kind = Literal["import", "post", "rejects", "original", "copy", "help", "kit", "report"]
"""What a file is: a list or council post that was brought in; rows sent back; an original or a council's document that
was saved out again; a page of the help; a recovery kit; a report, which is meant to leave."""


@dataclass(frozen=True, slots=True)
class Outside:
    """A file that was written or read: where, what it is, when (ISO, local time), by whom; whether it is there now."""

    path: Path
    kind: Kind
    at: str
    who: str
    there: bool


def note(change: Change, path: Path, kind: Kind) -> None:
    """List a file that was just written, or is being brought in; one that is listed already is listed anew."""
    change.connection.execute(
        "insert into files_outside (path, kind, at, who) values (?, ?, ?, ?) on conflict (path) do update"
        " set kind = excluded.kind, at = excluded.at, who = excluded.who",
        (str(path.absolute()), kind, datetime.now().isoformat(timespec="seconds"), change.who),
    )


def listed(connection: Connection) -> list[Outside]:
    """Give every file that is listed, newest first. Looks on the disk: call it from a job."""
    rows = connection.execute("select path, kind, at, who from files_outside order by at desc, path").fetchall()
    return [
        Outside(Path(path), kind if kind in get_args(Kind) else "copy", at, who, _is_there(Path(path)))
        for path, kind, at, who in rows
    ]


def delete(path: Path) -> bool:
    """Delete a file for good, into no bin; say whether it was still there. Raises CisError `not_deleted`.

    It is not written over first: a solid-state disk writes elsewhere, so that would promise what it does not keep.
    """
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as why:
        raise CisError(
            "not_deleted",
            "The file was not deleted",
            f"“{path.name}” is as it was: {why.strerror}. Close the program that has it open, or delete it in your "
            "file manager and empty the bin.",
        ) from why
    return True


def forget(change: Change, path: Path) -> None:
    """Take a file off the list."""
    change.connection.execute("delete from files_outside where path = ?", (str(path.absolute()),))


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False
