"""Emails with sync files as a stranger, or a stolen laptop, can make them: parts, headers, base64, nesting, bombs."""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from collections.abc import Callable
from email.message import EmailMessage
from random import Random

from cis_desktop.letters import Attached, Letter, draft
from cis_desktop.sync.attachments import PART
from cis_desktop.sync.files import SEALED

from .mutating import bytes_changed

BOUNDARY = b"Content-Type: multipart/mixed; boundary=x%d\n\n--x%d\n"
WORDS = Letter("", "For our other laptops", "The attached file is for the other laptops of our group.\n")


def mail(*files: bytes) -> bytes:
    """Give a saved email to which these are attached."""
    return draft(WORDS, [Attached(f"a{n}.cis-sync", "application/octet-stream", each) for n, each in enumerate(files)])


def in_parts(whole: bytes, chance: Random) -> list[bytes]:
    """Give the parts of a file, some of which lie about what they are, are missing, doubled or in another order."""
    of = chance.choice((2, 3, 5))
    size, digest = -(-len(whole) // of), hashlib.sha256(whole).digest()
    parts = [(digest, n + 1, of, whole[n * size : (n + 1) * size]) for n in range(of)]
    for _ in range(chance.choice((0, 0, 1, 2))):
        at = chance.randrange(len(parts))
        said, number, many, data = parts[at]
        parts[at] = chance.choice((
            (chance.randbytes(32), number, many, data),
            (said, chance.choice((0, 1, 9, 65_535)), many, data),
            (said, number, chance.choice((0, 1, 2, 1000, 65_535)), data),
            (said, number, many, bytes_changed(data, chance)),
        ))  # fmt: skip
        parts.insert(0, chance.choice(parts))
    chance.shuffle(parts)
    return [PART + struct.pack(">32sHH", said, number, many) + data for said, number, many, data in parts]


def hostile_mail(file: Callable[[], bytes], chance: Random) -> bytes:
    """Give an email that holds some hostile files, and is itself changed."""
    files: list[bytes] = []
    for _ in range(chance.choice((1, 1, 2, 4))):
        one = file()
        files += in_parts(one, chance) if chance.random() < 0.4 else [one]
    raw = mail(*files)
    for _ in range(chance.choice((0, 1, 1, 2))):
        raw = chance.choice(WAYS)(raw, chance)
    return raw


def other_lines(raw: bytes, chance: Random) -> bytes:
    """Break the lines of what is attached elsewhere: all in one, one letter each, with blanks, after a quotation."""
    act = chance.randrange(4)
    if act == 0:
        return re.sub(rb"(?<=[A-Za-z0-9+/]{60})\r\n(?=[A-Za-z0-9+/=])", b"", raw)
    if act == 1:
        at = raw.rfind(b"\r\n\r\n")
        return raw[: at + 120] + b"\n".join(raw[at + 120 :][place : place + 1] for place in range(5000))
    if act == 2:
        return raw.replace(b"\r\n", chance.choice((b"\r", b"\n", b"\n\n", b" \r\n", b"=\r\n")))
    return raw.replace(b"\n", b"\n> ")


def other_headers(raw: bytes, chance: Random) -> bytes:
    """Say something else of how it is written."""
    names = re.findall(rb"^[\w-]+: ", raw, re.MULTILINE)
    odd = chance.choice((b"quoted-printable", b"x-uuencode", b"=?utf-8?b?/w==?=", b"a" * 99_000, b"\0", b"multipart/x"))
    return raw.replace(b"\n" + chance.choice(names), b"\n" + chance.choice(names) + odd, chance.choice((1, 9)))


def nested(raw: bytes, chance: Random) -> bytes:
    """Put it into other emails, some of them, or into multiparts without end."""
    if chance.random() < 0.5:
        depth = chance.choice((3, 3000, 90_000))
        return b"".join(BOUNDARY % (n, n) for n in range(depth)) + raw
    for _ in range(chance.choice((1, 6))):
        outer = EmailMessage()
        outer.set_content("See below.")
        outer.add_attachment(raw, maintype="application", subtype=chance.choice(("octet-stream", "zip")))
        raw = bytes(outer)
        if chance.random() < 0.5:
            break
    return raw


def swollen(raw: bytes, chance: Random) -> bytes:
    """Add what grows: very many files, a very long one, blanks without end, a part of very many."""
    begin = base64.b64encode(SEALED)[:28]
    part = base64.b64encode(PART + struct.pack(">32sHH", bytes(32), 1, 65_535) + b"x" * 20)
    return raw + chance.choice((
        b"\n" + (begin + b"A" * 44 + b"\n\n") * 20_000,
        b"\n" + begin + b"A" * 2**25,
        b"\n" + begin + b"\nA" * 2**20,
        b"\n" + begin + b"\r\n" * 2**22,
        b"\n" + (part + b"\n\n") * 500,
        b"\0" * 2**24,
    ))  # fmt: skip


WAYS: tuple[Callable[[bytes, Random], bytes], ...] = (
    bytes_changed, bytes_changed, bytes_changed, other_lines, other_headers, nested, swollen,
)  # fmt: skip
