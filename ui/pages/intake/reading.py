"""What a job does for the page: reading a file, as it was left if it was, and trying its rows."""

from __future__ import annotations

from collections.abc import Mapping as ByNumber
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cis_desktop.intake.draft import Draft
    from cis_desktop.intake.guessing import Guess
    from cis_desktop.intake.mapping import Mapping
    from cis_desktop.intake.met import Met
    from cis_desktop.intake.reading import Sheet
    from cis_desktop.workspace import Workspace
    from ui.jobs import Job


@dataclass(frozen=True, slots=True)
class Found:
    """A list and how to read it; the SHA-256 (hex) of its file, and whether that lies outside.

    `remembered` says that such a list came before, `imported` that it is what was left of an import.
    """

    sheet: Sheet
    guess: Guess
    sha256: str
    outside: bool
    remembered: bool = False
    imported: bool = False


def read(workspace: Workspace, path: Path, name: str | None, again: dict[str, Any] | None, job: Job) -> Found:
    """Read a sheet of a file and guess its columns, or take up what was kept of it (`again`).

    A file that is no longer there is read from its original inside, if that is kept. Raises CisError.
    """
    from cis_desktop.intake import originals, reading
    from cis_desktop.intake.guessing import Guess, guess
    from cis_desktop.intake.mapping import from_json
    from cis_desktop.intake.mending import rest
    from cis_desktop.intake.remembering import again as once_more
    from cis_desktop.intake.remembering import remembered

    data = None
    if again is not None and not path.is_file():
        with workspace.reader() as connection:
            kept = originals.find(connection, again.get("sha256", ""))
            data = originals.body(connection, kept.id) if kept is not None else None
    found = reading.read(path, name, data=data, cancel=job.stop)
    if again is not None:
        numbers = again.get("rest")
        guessed = Guess(from_json(again["mapping"], path.name), (), ())
        list_now = found if numbers is None else rest(found, numbers)
        return Found(list_now, guessed, found.sha256, data is None, imported=numbers is not None)
    guessed = guess(found)
    with workspace.reader() as connection:
        before = remembered(connection, found)
    if before is None:
        return Found(found, guessed, found.sha256, True)
    return Found(found, once_more(before, guessed, found), found.sha256, True, remembered=True)


def tried(
    workspace: Workspace, sheet: Sheet, mapping: Mapping, cells: ByNumber[int, tuple[str, ...]]
) -> tuple[Draft, Met]:
    """Try every row of a list, with these cells mended; nothing is written. Raises CisError."""
    from cis_desktop.intake.draft import draft
    from cis_desktop.intake.mending import mended
    from cis_desktop.intake.met import met

    drafted = draft(mended(sheet, cells), mapping)
    with workspace.reader() as connection:
        return drafted, met(connection, drafted)
