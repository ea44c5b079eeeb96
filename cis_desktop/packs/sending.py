"""An email draft with the workbook and the report, for the group's own mail program: nothing is sent from here."""

from __future__ import annotations

import re

from cis_desktop import letters
from cis_desktop.letters import Attached, Letter

from .details import Details
from .making import PackFiles

_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def letter(details: Details, hidden: int, to: str) -> Letter:
    """Write the email that goes with a pack of which so many figures are hidden."""
    return Letter(to, subject(details), words(details, hidden))


def address(contact: str) -> str:
    """Give the first email address in `contact`, or "" when there is none."""
    found = _ADDRESS.search(contact)
    return found[0] if found else ""


def subject(details: Details) -> str:
    """Give the subject of the email."""
    return f"{details.agreement}, {details.period_label}: figures from {details.group}"


def words(details: Details, hidden: int) -> str:
    """Give the covering text of the email."""
    replaces = f"They replace the figures of pack {details.supersedes}.\n\n" if details.supersedes else ""
    asked = (
        f"About requests under the Freedom of Information Act, the agreement says: {details.foi}"
        if details.foi
        else "If somebody asks for these figures under the Freedom of Information Act, please ask us first."
    )
    explained = (
        "Figures shown as [c] are hidden, so that nobody can be worked out from them; the Notes sheet explains. "
    )
    return (
        f"Dear colleagues,\n\nAttached are our figures for {details.period_label} under the agreement "
        f"“{details.agreement_line}”: the workbook for working with, and the report for reading.\n\n{replaces}"
        f"{explained if hidden else ''}"
        "The workbook is signed; its Signature sheet lets you check that nothing was changed on the way.\n\n"
        f"{asked}\n\n{details.signed_off_by}\n{details.group}\n"
    )


def draft(details: Details, files: PackFiles, to: str) -> bytes:
    """Return the draft (RFC 5322). `to` may be empty."""
    workbook = Attached(f"{files.stem}.xlsx", SHEETS, files.workbook)
    report = Attached(f"{files.stem}.pdf", "application/pdf", files.report)
    return letters.draft(letter(details, files.counts["hidden"], to), [workbook, report])
