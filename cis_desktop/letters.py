"""An email as it is drafted for the group's own mail program: nothing is sent from here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

ENDING = ".eml"


@dataclass(frozen=True, slots=True)
class Letter:
    """An email as it is drafted: `to` may be empty."""

    to: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with an email: its name, its media type (`application/pdf`) and what is in it."""

    name: str
    kind: str
    data: bytes


def draft(letter: Letter, attached: Sequence[Attached]) -> bytes:
    """Return the draft (RFC 5322); `X-Unsent` makes mail programs open it for editing."""
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    if letter.to:
        message["To"] = letter.to
    message["Subject"] = letter.subject
    message.set_content(letter.body)
    digest = hashlib.sha256()
    for each in attached:
        maintype, _, subtype = each.kind.partition("/")
        message.add_attachment(each.data, maintype=maintype, subtype=subtype, filename=each.name)
        digest.update(each.data)
    # The library draws the line between the parts at random; the same files give the same draft.
    message.set_boundary(f"=_{digest.hexdigest()[:40]}")
    # Folded, a long plain subject comes back with a blank before it; lines may have 998 characters (RFC 5322).
    return message.as_bytes(policy=SMTP.clone(max_line_length=998) if letter.subject.isascii() else SMTP)
