"""What is asked of the child process that reads a foreign file, and what it answers."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["list", "shapes", "words"]
"""What a file is read for: a list with columns, shapes on a map (GeoJSON), or the words of a document."""

Ring = list[tuple[float, float]]
"""Corners as (longitude, latitude) in degrees; the last is the first again."""


class Request(msgspec.Struct, frozen=True):
    """Which file, which sheet of it, and how much is too much (bytes, seconds, rows, columns, characters).

    `data` is the file itself where it lies in an archive that was unpacked already; `path` is then only its name.
    """

    path: str
    sheet: str | None
    file_bytes: int
    memory_bytes: int
    seconds: int
    rows: int
    columns: int
    cell_characters: int
    unpacked_bytes: int
    kind: Kind = "list"
    data: bytes | None = None


class Place(msgspec.Struct, frozen=True):
    """One thing on a map: what the file says of it, and its polygons, each an outer ring and then its holes."""

    said: dict[str, str]
    polygons: list[list[Ring]]


class Answer(msgspec.Struct, frozen=True):
    """A sheet as columns of distinct cells and their numbers per row; or why there is none, in `refused`.

    For shapes only `places` is filled, for words only `words` (a text per page, or one) and what the file `is_a`.
    """

    refused: tuple[str, str] | None = None
    name: str = ""
    sheets: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    first_row: int = 1
    rows: int = 0
    values: tuple[tuple[str, ...], ...] = ()
    codes: tuple[bytes, ...] = ()
    notes: tuple[str, ...] = ()
    sha256: str = ""
    places: list[Place] = []
    words: tuple[str, ...] = ()
    is_a: str = ""


class Refused(Exception):
    """Say why a file cannot be read: a code for programs, a sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def too_much_memory(limit: int) -> str:
    """Say that reading needs more memory than `limit` bytes."""
    return (
        f"Reading it would need more memory than the {limit >> 20:,} MB allowed. Often a stray cell far to the right "
        "or far below the list is the reason: copy the list to a new sheet, or save it as .csv."
    )


def long_cell(request: Request) -> Refused:
    """Say that a cell holds more characters than a person would type."""
    return Refused(
        "cell_too_long",
        f"A cell holds more than {request.cell_characters:,} characters. Often a quotation mark that is never "
        "closed is the reason: mend that cell and save the file again.",
    )


def too_wide(width: int, request: Request) -> Refused:
    """Say that a list has more columns than can be read."""
    return Refused(
        "too_many_columns",
        f"It has {width:,} columns; the most that can be read is {request.columns:,}.",
    )


def too_tall(request: Request) -> Refused:
    """Say that a list has more rows than can be read."""
    return Refused(
        "too_many_rows",
        f"It has more than {request.rows:,} rows. Split it into smaller files, by year for example.",
    )
