"""What an exchange did, and what hindered it in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cis_desktop import words
from cis_desktop.sync.folder import Lying
from cis_desktop.sync.laptops import Laptop


@dataclass(slots=True)
class Exchanged:
    """What an exchange did. `sent` and `received` count change sets.

    `waiting` names sets that wait for others; `strange` are files that are not for this laptop or of no laptop of this
    group, `empty` those with no sync file in them, `half` those that are not whole (yet), `newer` those of a later
    version of the app; `missing` says in words which parts of a file that came in several have not come. `joined` are
    laptops that were taken in, `too_large` those for which the record is too large on this way, `not_given` those for
    which it could not be written. `asked`: this laptop waits for the group's record; `whole` are the files that may be
    it, where they were to be left alone. `unreadable` are files that the folder or stick did not let be read, each with
    the reason, and `staying` those it did not let be taken away.
    """

    sent: int = 0
    received: int = 0
    written: list[Path] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    strange: list[Path] = field(default_factory=list)
    empty: list[Path] = field(default_factory=list)
    half: list[Path] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    newer: list[Path] = field(default_factory=list)
    joined: list[Laptop] = field(default_factory=list)
    too_large: list[Laptop] = field(default_factory=list)
    not_given: list[Laptop] = field(default_factory=list)
    asked: bool = False
    whole: list[Path] = field(default_factory=list)
    unreadable: list[Lying] = field(default_factory=list)
    staying: list[Path] = field(default_factory=list)


def hindered(done: Exchanged) -> list[str]:
    """Say which files the folder or stick refused, and what that means."""
    said = [
        f"{_named(one.path)} could not be read ({one.trouble}): what is in it has not come from there. The rest was "
        "done, and it is tried again next time."
        for one in done.unreadable[:3]
    ]
    if len(done.unreadable) > 3:
        said.append(f"Nor could {words.count(len(done.unreadable) - 3, 'more file')} be read.")
    if done.staying:
        said.append(
            f"{words.listed([_named(path) for path in done.staying[:3]])} could not be taken away from the folder. "
            "What is in it stays sealed, and it is tried again next time."
        )
    return said


def _named(path: Path) -> str:
    """Give the name of a file, which somebody else may have chosen."""
    return f"“{words.harmless(path.name)}”"
