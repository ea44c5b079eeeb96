"""Emails: drafts for the group's own mail program, as nothing is sent from here, and what is attached to saved ones."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import parseaddr
from functools import cache
from itertools import count
from pathlib import Path

ENDING = ".eml"
LARGEST = 1 << 27
"""Bytes of a saved email that is looked at."""
HEAD = 1 << 16
"""Bytes of it in which is looked for who sent it."""
LONGEST = 254
"""Letters of an address (RFC 5321)."""


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


def new_draft(folder: Path, stem: str) -> Path:
    """Give the path of a draft that is not in a folder yet."""
    names = (f"{stem}{f'-{number}' if number else ''}{ENDING}" for number in count())
    return next(path for name in names if not (path := folder / name).exists())


def sender(raw: bytes) -> str:
    """Give the address from which a saved email says it was sent; nothing where it says none. Anybody can say any."""
    address = parseaddr(str(BytesHeaderParser().parsebytes(raw[:HEAD]).get("From", "")))[1]
    return address if len(address) <= LONGEST and address.isprintable() else ""


def attached_in(raw: bytes, *begins: bytes) -> Iterator[bytes]:
    """Yield what is attached to an email and begins as one of these; what was cut short is as it is."""
    for found in _attached(begins).finditer(raw):
        letters = found[0].translate(None, b"\r\n")
        yield base64.b64decode(letters[: len(letters) // 4 * 4])


@cache
def _attached(begins: tuple[bytes, ...]) -> re.Pattern[bytes]:
    # By its lines, not by its structure: one that was forwarded, nested or cut is read as well, and whatever else a
    # hostile one holds is not looked at. Possessive: nothing is kept to go back to, however many lines there are.
    encoded = (base64.b64encode(begin[: len(begin) // 3 * 3]) for begin in begins)
    return re.compile(
        rb"^(?:%s)[A-Za-z0-9+/]*+(?:\r?\n[A-Za-z0-9+/]++)*+={0,2}" % b"|".join(map(re.escape, encoded)), re.MULTILINE
    )
