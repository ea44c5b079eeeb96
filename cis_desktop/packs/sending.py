"""An email draft with the workbook and the report, for the group's own mail program: nothing is sent from here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from .details import Details
from .making import PackFiles
from .signing import sha256

_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
SHEETS = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@dataclass(frozen=True, slots=True)
class Letter:
    """An email as it is drafted: `to` may be empty."""

    to: str
    subject: str
    body: str


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
    """Return the draft (RFC 5322); `X-Unsent` makes mail programs open it for editing. `to` may be empty."""
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    if to:
        message["To"] = to
    message["Subject"] = subject(details)
    message.set_content(words(details, files.counts["hidden"]))
    message.add_attachment(files.workbook, maintype=SHEETS[0], subtype=SHEETS[1], filename=f"{files.stem}.xlsx")
    message.add_attachment(files.report, maintype="application", subtype="pdf", filename=f"{files.stem}.pdf")
    # The library draws the line between the parts at random; the same pack gives the same draft.
    message.set_boundary(f"=_{sha256(files.pack.encode())[:40]}")
    # Folded, a long plain subject comes back with a blank before it; lines may have 998 characters (RFC 5322).
    plain = str(message["Subject"]).isascii()
    return message.as_bytes(policy=SMTP.clone(max_line_length=998) if plain else SMTP)
