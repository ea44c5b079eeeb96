"""Bringing files in: looked at first, taken in as one act, and said in words what came of it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cis_desktop import words
from ui.models import briefing as said

if TYPE_CHECKING:
    from cis_desktop.briefings.incoming import Imported
    from cis_desktop.briefings.looking import Looked
    from cis_desktop.briefings.tables import TableMapping
    from cis_desktop.workspace import Workspace
    from ui.jobs import Job

ENDINGS = "*.csv *.tsv *.xlsx *.xls *.ods *.pdf *.docx *.txt *.eml *.zip *.geojson *.json"
MOST_NOTES = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person answered before files come in: who sent them, what to call them, and how tables are read."""

    sender: str
    title: str
    mappings: tuple[TableMapping, ...]


def tr(text: str) -> str:
    """Translate the words of what came in."""
    return QCoreApplication.translate("bringing", text)


def look(workspace: Workspace, paths: Sequence[Path], new_key: bool, job: Job) -> Looked:
    """Look at files. Raises CisError when any of them cannot be read whole."""
    from cis_desktop.briefings import looking

    with workspace.reader() as connection:
        return looking.look(connection, paths, new_key=new_key, cancel=job.stop, tell=job.tell)


def look_at_example(workspace: Workspace, job: Job) -> Looked:
    """Look at the example of what a council sends; all of it is invented, so it may lie about for a moment."""
    from cis_desktop.demo import write_briefing

    with tempfile.TemporaryDirectory() as folder:
        return look(workspace, write_briefing(Path(folder)), False, job)


def take_in(workspace: Workspace, looked: Looked, asked: Asked, job: Job) -> Imported:
    """Take in what was looked at, as one change; stopping leaves everything as it was, until the very end."""
    from cis_desktop.briefings import incoming

    with workspace.vault.stoppable(job.stop.is_set):
        return incoming.take_in(
            workspace, looked, sender=asked.sender, title=asked.title, mappings=asked.mappings, tell=job.tell
        )


def headline(done: Imported) -> str:
    """Say in a few words what came in."""
    counts = [
        (done.files, tr("file"), tr("files")),
        (done.figures, tr("figure by area"), tr("figures by area")),
        (sum(one.areas for one in done.areas), tr("area"), tr("areas")),
        (sum(one.outlines for one in done.areas), tr("boundary"), tr("boundaries")),
        (sum(one.postcodes for one in done.areas), tr("postcode"), tr("postcodes")),
    ]
    parts = [words.count(count, one, many) for count, one, many in counts if count]
    if not parts:
        return tr("Everything in it was here already")
    return tr("Came in: %1").replace("%1", words.listed(parts, tr("and")))


def remarks(done: Imported) -> str:
    """Say what is worth knowing of what came in, each in a sentence: areas that match nothing, and notes."""
    told = []
    strange = [name for name in done.unmatched if name not in done.older]
    if strange:
        told.append(
            tr("%1 no ward that is known here: %2. To see them on a map, bring in the boundaries of the wards.")
            .replace("%1", words.count(len(strange), tr("area matches"), tr("areas match")))
            .replace("%2", said.shortened(strange))
        )
    if done.older:
        told.append(
            tr(
                "Known here under another code, so most likely wards of another year: %1. To see them on a map, bring "
                "in the boundaries of that year."
            ).replace("%1", said.shortened(done.older))
        )
    notes = [*done.notes, *(note for one in done.areas for note in one.notes)]
    told += notes[:MOST_NOTES]
    if len(notes) > MOST_NOTES:
        told.append(tr("And %1 more remarks.").replace("%1", words.number(len(notes) - MOST_NOTES)))
    return "\n".join(told)
