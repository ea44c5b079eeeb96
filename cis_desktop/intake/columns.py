"""Gather the rows of a list into columns of distinct cells, and find its headings."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import islice, zip_longest

from cis_desktop.intake.asking import Answer, Refused, Request, long_cell, too_tall, too_wide

CHUNK = 20_000
LEAD_ROWS = 20


class _Numbering(dict[str, int]):
    """Number cells in the order they are first seen."""

    def __missing__(self, cell: str) -> int:
        number = self[cell] = len(self)
        return number


class Table:
    """Columns gathered from rows, a chunk at a time, so that a long file is never held twice."""

    def __init__(self, rows: Iterable[list[str]], request: Request) -> None:
        rows = iter(rows)
        lead = list(islice(rows, LEAD_ROWS))
        self.skipped = _header_row(lead)
        self.request = request
        self.header = lead[self.skipped] if lead else []
        if not any(cell.strip() for cell in self.header):
            raise Refused("empty_file", "There is nothing in it but blank rows.")
        self.numbers: list[_Numbering] = []
        self.codes: list[array[int]] = []
        self.rows = 0
        self.ragged = False
        self._grow(len(self.header))
        chunk = lead[self.skipped + 1 :]
        while chunk or (chunk := list(islice(rows, CHUNK))):
            self._add(chunk)
            chunk = []

    def answer(self, name: str, sheets: tuple[str, ...], notes: list[str], above: int) -> Answer:
        """Give the columns, without the blank rows at the end and the blank columns that have no heading."""
        self._drop_blank_end()
        longest = max((len(cell) for numbering in self.numbers for cell in numbering), default=0)
        if longest > self.request.cell_characters:
            raise long_cell(self.request)
        if self.skipped:
            row = above + self.skipped + 1
            notes.append(f"Headings were found in row {row}; rows above it were left out.")
        titles = self.header + [""] * (len(self.numbers) - len(self.header))
        kept = [
            place for place, title in enumerate(titles)
            if title.strip() or any(cell.strip() for cell in self.numbers[place])
        ]  # fmt: skip
        return Answer(
            name=name,
            sheets=sheets,
            header=_titles(titles, kept, notes),
            first_row=above + self.skipped + 2,
            rows=self.rows,
            values=tuple(tuple(self.numbers[place]) for place in kept),
            codes=tuple(self.codes[place].tobytes() for place in kept),
            notes=tuple(notes),
        )

    def _add(self, chunk: list[list[str]]) -> None:
        if self.rows + len(chunk) > self.request.rows:
            self._drop_blank_end()
            if self.rows + sum(any(row) for row in chunk) > self.request.rows:
                raise too_tall(self.request)
        width = max(map(len, chunk))
        self.ragged = self.ragged or any(row and len(row) != len(self.header) for row in chunk)
        self._grow(width)
        for place, column in enumerate(zip_longest(*chunk, fillvalue="")):
            self.codes[place].extend(map(self.numbers[place].__getitem__, column))
        for place in range(width, len(self.codes)):
            self.codes[place].extend([self.numbers[place][""]] * len(chunk))
        self.rows += len(chunk)

    def _grow(self, width: int) -> None:
        if width > self.request.columns:
            raise too_wide(width, self.request)
        while len(self.numbers) < width:
            numbering = _Numbering()
            self.numbers.append(numbering)
            self.codes.append(array("I", [numbering[""]] * self.rows if self.rows else []))

    def _drop_blank_end(self) -> None:
        blank = [{code for cell, code in numbering.items() if not cell.strip()} for numbering in self.numbers]
        while self.rows and all(codes[-1] in empty for codes, empty in zip(self.codes, blank, strict=True)):
            for codes in self.codes:
                codes.pop()
            self.rows -= 1


def _header_row(lead: list[list[str]]) -> int:
    """Find the headings: the first row that is not blank, nor a title standing alone over a wider list."""
    filled = [sum(1 for cell in row if cell.strip()) for row in lead]
    for place, count in enumerate(filled):
        if count > 1 or (count == 1 and max(filled[place:]) == 1):
            return place
    return 0


def _titles(header: list[str], kept: list[int], notes: list[str]) -> tuple[str, ...]:
    titles: list[str] = []
    seen: set[str] = set()
    for place in kept:
        plain = " ".join(header[place].split()) or f"Column {place + 1}"
        title, number = plain, 2
        while title.casefold() in seen:
            title, number = f"{plain} ({number})", number + 1
        if title != plain:
            notes.append(f"Two columns are called “{plain}”; the later one is shown as “{title}”.")
        seen.add(title.casefold())
        titles.append(title)
    return tuple(titles)
