"""Read CSV and its relatives: whatever the letters are written in and the columns are separated by."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Literal

from cis_desktop.intake.asking import Answer, Refused, Request, long_cell
from cis_desktop.intake.columns import Table

MARKUP = (b"<!doctype", b"<html", b"<?xml", b"{\\rtf")


def read_text(data: bytes, request: Request) -> Answer:
    """Read comma, tab, semicolon or bar separated text; say in the notes what was taken for granted."""
    if data[:5] == b"%PDF-" or data[:64].lstrip().lower().startswith(MARKUP):
        raise Refused("not_a_spreadsheet", "It is a document or a web page, not a list with columns.")
    encoding, notes = _encoding(data)
    delimiter, word, skip = _delimiter(data, encoding)
    notes.append(f"Columns are separated by {word}.")
    csv.field_size_limit(request.cell_characters)

    def rows(quoting: Literal[0, 3]) -> Iterator[list[str]]:
        text = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
        # strict: a quotation mark that is never closed would otherwise swallow every row after it in silence
        reader = csv.reader(text, delimiter=delimiter, strict=True, quoting=quoting)
        return islice(reader, skip, None)

    try:
        table = Table(rows(csv.QUOTE_MINIMAL), request)
    except csv.Error as why:
        if "field larger" in str(why):
            raise long_cell(request) from why
        try:
            table = Table(rows(csv.QUOTE_NONE), request)
        except csv.Error as again:
            raise long_cell(request) from again
        if table.ragged:
            raise Refused(
                "odd_quotes",
                'A quotation mark (") is opened and never closed, so columns cannot be told apart. Open the file in a '
                "spreadsheet program, mend that cell, and save it again.",
            ) from why
        notes.append('Quotation marks (") were read as ordinary characters, as they do not come in pairs.')
    return table.answer(Path(request.path).name, (), notes, skip)


def _encoding(data: bytes) -> tuple[str, list[str]]:
    if data[:3] == b"\xef\xbb\xbf":
        encoding, note = "utf-8-sig", []
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding, note = "utf-16", ["The text was read as UTF-16."]
    elif b"\0" in data:
        # UTF-16 without its mark: every other byte of plain text is zero
        ends = data[0:400:2].count(0), data[1:400:2].count(0)
        half = len(data[:400]) // 2
        if max(ends) < half * 0.6:
            raise Refused("not_a_spreadsheet", "It is not a text file, and not a workbook this app can read.")
        encoding = "utf-16-be" if ends[0] > ends[1] else "utf-16-le"
        note = ["The text was read as UTF-16."]
    else:
        encoding, note = "utf-8", []
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise Refused("unknown_encoding", _unknown_letters()) from None
        encoding = "cp1252"
        note = ["The text was read as Windows-1252: check letters with accents, and £ signs."]
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            raise Refused("unknown_encoding", _unknown_letters()) from None
    if "\0" in text or sum(text.count(chr(code), 0, 65_536) for code in (*range(1, 9), *range(14, 27))) > 20:
        raise Refused("not_a_spreadsheet", "It is not a text file, and not a workbook this app can read.")
    return encoding, note


def _delimiter(data: bytes, encoding: str) -> tuple[str, str, int]:
    """Find what separates columns: the character, its name, and how many lines first only say so."""
    words = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "upright bars"}
    text = io.TextIOWrapper(io.BytesIO(data[:400_000]), encoding, errors="ignore", newline="")
    head = [line for line in islice(text, 200) if line.strip()]
    if head and head[0].strip().lower().startswith("sep=") and head[0].strip()[4:5] in words:
        return head[0].strip()[4], words[head[0].strip()[4]], 1
    best, best_score = ",", 0.0
    for candidate in words:
        try:
            widths = [len(row) for row in csv.reader(head, delimiter=candidate)]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count, default=1)
        # steadiness first, then the number of columns: prose has commas, but not the same number in each line
        score = widths.count(usual) / len(widths) + usual / 1000 if usual > 1 else 0.0
        if score > best_score:
            best, best_score = candidate, score
    return best, words[best], 0


def _unknown_letters() -> str:
    return "Its letters are in a way of writing this app does not know. Save it again as CSV UTF-8."
