"""Read the words of a document that a council sends: PDF, Word, email or plain text."""

from __future__ import annotations

import email
import email.policy
import io
import re
import unicodedata
import zipfile
import zlib
from pathlib import Path

from cis_desktop.intake.asking import Answer, Refused, Request

MOST_PAGES = 2_000
MOST_CHARACTERS = 2_000_000
MOST_MEMBERS = 10_000

_NO_WORDS = (
    "No words were found in it, so it cannot be searched: its pages are pictures. The file itself is kept."
)  # fmt: skip
_LOCKED = "It is locked with a password. Ask for it without one, or save a copy without it and choose that."
_DAMAGED = Refused("damaged_file", "The file is damaged, or made to trouble programs that read it.")


def read_document(data: bytes, request: Request) -> Answer:
    """Read the words of a document by what it is, whatever its name says; raise `Refused` with why."""
    if data[:1024].lstrip()[:5] == b"%PDF-":
        is_a, words = "pdf", _pdf(data)
    elif data[:4] == b"PK\x03\x04":
        is_a, words = "docx", [_docx(data, request)]
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Refused("old_document", "It is an old Word file. Open it and save it as .docx or PDF.")
    elif Path(request.path).suffix.lower() == ".eml":
        is_a, words = "email", [_email(data)]
    else:
        is_a, words = "text", [_text(data)]
    words = [_clean(page) for page in words]
    if sum(map(len, words)) > MOST_CHARACTERS:
        raise Refused("too_large", f"It has more than {MOST_CHARACTERS:,} characters of text.")
    notes = () if any(page.strip() for page in words) else (_NO_WORDS,)
    return Answer(words=tuple(words), is_a=is_a, notes=notes)


def _pdf(data: bytes) -> list[str]:
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("locked_file", _LOCKED)
        if len(reader.pages) > MOST_PAGES:
            raise Refused("too_large", f"It has more than {MOST_PAGES:,} pages.")
        words: list[str] = []
        for page in reader.pages:
            words.append(page.extract_text())
            if sum(map(len, words)) > MOST_CHARACTERS:
                break
        return words
    except (
        PyPdfError, zlib.error, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError,
        NotImplementedError, OverflowError, AssertionError, ArithmeticError,
    ) as why:  # fmt: skip
        raise _DAMAGED from why


def _docx(data: bytes, request: Request) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as why:
        raise Refused("damaged_file", "The file is damaged: it cannot be unpacked.") from why
    if sum(member.file_size for member in members) > request.unpacked_bytes or len(members) > MOST_MEMBERS:
        raise Refused("too_large", f"Unpacked it would be larger than {request.unpacked_bytes >> 20:,} MB.")
    if "word/document.xml" not in {member.filename for member in members}:
        raise Refused("not_a_document", "It is a packed file (zip or workbook), but not a document.")

    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table
    from lxml.etree import LxmlError

    try:
        parts = []
        for block in docx.Document(io.BytesIO(data)).iter_inner_content():
            if isinstance(block, Table):
                parts += ["\t".join(cell.text for cell in row.cells) for row in block.rows]
            else:
                parts.append(block.text)
        return "\n".join(parts)
    except (
        OpcError, LxmlError, zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, TypeError, AttributeError,
        IndexError, RecursionError, NotImplementedError, AssertionError, EOFError, RuntimeError,
    ) as why:  # fmt: skip
        raise _DAMAGED from why


def _email(data: bytes) -> str:
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts = [f"{name}: {message[name]}" for name in ("From", "To", "Date", "Subject") if message[name]]
        body = message.get_body(("plain", "html"))
        if body is not None:
            text = str(body.get_content())
            parts.append(re.sub(r"<[^<>]*>", " ", text) if body.get_content_subtype() == "html" else text)
        parts += [f"Attached: {part.get_filename() or 'a file'}" for part in message.iter_attachments()]
        return "\n".join(parts)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, LookupError, RecursionError) as why:
        raise _DAMAGED from why


def _text(data: bytes) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused("not_a_document", "It is not a document, a list or a map that this app can read.")


def _clean(text: str) -> str:
    """Drop half characters and control characters, which no document shows."""
    whole = text.encode("utf-8", "ignore").decode()
    return "".join(c for c in whole if c in "\n\t" or unicodedata.category(c) != "Cc")
