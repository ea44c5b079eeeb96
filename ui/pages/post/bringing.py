"""Bringing files in: lists of places and maps to the areas, everything else to the post; all of it or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cis_desktop import words
from cis_desktop.geography import kind_of, postcode_of
from ui.models.briefing import SOME

if TYPE_CHECKING:
    from cis_desktop.briefings.area_files import AreasImport
    from cis_desktop.briefings.incoming import Imported
    from cis_desktop.workspace import Workspace
    from ui.jobs import Job

ENDINGS = "*.csv *.tsv *.xlsx *.xls *.ods *.pdf *.docx *.txt *.eml *.zip *.geojson *.json"
_PEEKED = 65_536
_PEEKED_LINES = 20


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of bringing files in: areas, post, or both."""

    areas: AreasImport | None
    post: Imported | None


def tr(text: str) -> str:
    """Translate the words of what came in."""
    return QCoreApplication.translate("bringing", text)


def bring_in(workspace: Workspace, paths: Sequence[Path], sender: str, new_key: bool, job: Job) -> Brought:
    """Take files in. Raises CisError, with nothing taken in, when any of them cannot be read whole."""
    from cis_desktop.briefings.area_files import import_areas
    from cis_desktop.briefings.incoming import import_briefing

    places, post = [], []
    for at, path in enumerate(paths):
        job.tell(at, len(paths) * 2)
        (places if is_of_places(path) else post).append(path)
    # Areas first, so that the names of wards in the tables find their codes.
    areas = import_areas(workspace, places, cancel=job.stop) if places else None
    if not post:
        return Brought(areas, None)
    try:
        job.tell(len(paths) + len(places), len(paths) * 2)
        return Brought(areas, import_briefing(workspace, post, sender=sender, new_key=new_key, cancel=job.stop))
    except Exception:
        if areas is not None and areas.change_set is not None:
            workspace.undo(areas.change_set)
        raise


def is_of_places(path: Path) -> bool:
    """Say whether a file is a map, or a list of which place lies in which ward, and not something to read."""
    if path.suffix.lower() in (".geojson", ".json"):
        return True
    if path.suffix.lower() not in (".csv", ".tsv"):
        return False
    try:
        with path.open("rb") as file:
            head = file.read(_PEEKED).decode("utf-8", "replace")
    except OSError:
        # Whoever reads it next says why it cannot be read.
        return False
    rows = [re.split(r"[,;\t]", line.replace('"', "")) for line in head.splitlines()[1:_PEEKED_LINES]]
    kinds = {kind_of(cell.strip()) for row in rows for cell in row}
    small = "lsoa" in kinds or any(postcode_of(cell) is not None for row in rows for cell in row)
    return "ward" in kinds and small


def headline(brought: Brought) -> str:
    """Say in a few words what came in."""
    parts = []
    if brought.post is not None:
        parts.append(words.count(brought.post.files, tr("file"), tr("files")))
        if brought.post.figures:
            parts.append(words.count(brought.post.figures, tr("figure by area"), tr("figures by area")))
    for one in brought.areas.files if brought.areas else ():
        for count, named in (
            (one.areas, (tr("area"), tr("areas"))),
            (one.outlines, (tr("boundary"), tr("boundaries"))),
            (one.postcodes, (tr("postcode"), tr("postcodes"))),
        ):
            if count:
                parts.append(words.count(count, *named))
    if not parts:
        return tr("Everything in it was here already")
    return tr("Came in: %1").replace("%1", words.listed(parts, tr("and")))


def remarks(brought: Brought) -> str:
    """Say what is worth knowing of what came in, each in a sentence: areas that match nothing, and notes."""
    said = []
    if brought.post is not None and (names := brought.post.unmatched):
        listed = ", ".join(names[:SOME])
        if len(names) > SOME:
            listed = tr("%1 and %2 more").replace("%2", words.number(len(names) - SOME)).replace("%1", listed)
        said.append(
            tr("%1 no ward that is known here: %2. To see them on a map, bring in the boundaries of the wards.")
            .replace("%1", words.count(len(names), tr("area matches"), tr("areas match")))
            .replace("%2", listed)
        )
    if brought.post is not None:
        said += brought.post.notes
    for one in brought.areas.files if brought.areas else ():
        said += one.notes
    return " ".join(said)


def changes(brought: Brought) -> list[tuple[str, str]]:
    """Give the change sets that were made, with words for each, oldest first."""
    made = [
        (tr("Areas from files"), brought.areas.change_set if brought.areas else None),
        (tr("What the council sent"), brought.post.change_set if brought.post else None),
    ]
    return [(said, change_set) for said, change_set in made if change_set is not None]
