"""Write the rows that were sent back as a CSV file, each with its reason, to be mended and tried again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from cis_desktop.errors import CisError
from cis_desktop.intake.draft import Draft
from cis_desktop.saving import save

ACTIVE = tuple("=+-@\t\r\n＝＋－＠")
"""A spreadsheet program takes a cell that begins with one of these for a formula."""


def rejects_csv(draft: Draft) -> str:
    """Give the rejected rows as CSV: their row number in the file, the reason, and their cells as they were.

    A cell that a spreadsheet program would run as a formula gets an apostrophe before it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(_inert, ("Row", "Reason", *draft.header)))
    for reject in draft.rejects:
        writer.writerow([reject.row, *map(_inert, (reject.reason, *reject.cells))])
    return text.getvalue()


def save_rejects(draft: Draft, path: Path) -> None:
    """Write the rejected rows to `path`, whole or not at all: plain text outside the vault, so only when asked."""
    try:
        save(path, rejects_csv(draft).encode("utf-8-sig"))
    except OSError as why:
        raise CisError(
            "not_saved",
            "The rejected rows were not saved",
            f"“{path.name}” could not be written: {why.strerror}. The import itself is not touched by this; choose "
            "another folder, or make room on the disk.",
        ) from why


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(ACTIVE) else cell
