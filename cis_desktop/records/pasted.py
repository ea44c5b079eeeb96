"""Lines of text with one visit each, as they come from a phone, a mail or a sheet: read, and matched with people."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cis_desktop.records import arrivals
from cis_desktop.vault.tables import Connection
from cis_desktop.words import same

MOST = 500
"""Lines read at once."""
_HEADS = frozenset({"name", "person", "who", "names", "people", "visitor", "visitors"})
_NUMBER = re.compile(r"^\d{1,6}$")
_TIMES = re.compile(r"^(?:(\d{1,4})\s*[x×]\s*)?(.+?)(?:\s*[x×]\s*(\d{1,4}))?$", re.IGNORECASE)
_PART = r"(\d{1,4})\s*(?:(adults?|grown[- ]?ups?)|(?:child|children|kids?))"
_HELPED = re.compile(_PART, re.IGNORECASE)
_ALL_HELPED = re.compile(rf"{_PART}(?:\s*(?:and|[&+,])?\s*{_PART})?", re.IGNORECASE)
_NAMELESS = re.compile(
    r"\d{1,4}\s*(?:[x×]\s*)?(?:unknown|nameless|anonymous|unnamed|no names?|strangers?|others?|people|persons?|\?+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was read: who, the first two numbers, what was given, and the rest as a note."""

    number: int
    who: str
    adults: int | None
    children: int | None
    items: tuple[tuple[str, int], ...]
    """Key of the code list of items, and how many. Empty: the line names none."""
    note: str

    @property
    def nameless(self) -> bool:
        """Say whether it is about so many people and nobody's name: `3 unknown`."""
        return _NAMELESS.fullmatch(self.who.strip()) is not None


@dataclass(frozen=True, slots=True)
class Matched:
    """A line, and the people it may be about: one is sure, several are namesakes, none is somebody new."""

    line: Line
    exact: tuple[arrivals.Known, ...]
    like: tuple[arrivals.Known, ...]
    """People whose names only begin like it, to be offered."""


def lines_of(text: str, items: Mapping[str, str]) -> list[Line]:
    """Read lines whose parts are set apart by tabs, else semicolons, else commas; `items` gives keys by label.

    The first part is who came; then numbers are adults and children, or say which they are (`2 adults`); words that
    are an item are what was given (`Nappies x 2`), and everything else is the note. Empty lines and a heading are
    left out; at most 500 are read.
    """
    keys = {label.casefold(): key for label, key in items.items()}
    found = []
    for number, raw in enumerate(text.replace("\0", " ").splitlines(), 1):
        apart = next((mark for mark in "\t;," if mark in raw), ",")
        parts = [part.strip() for part in _apart(raw, apart)]
        if not any(parts) or (parts[0].casefold() in _HEADS and not any(map(_NUMBER.match, parts))):
            continue
        found.append(_line(number, parts, keys))
        if len(found) == MOST:
            break
    return found


def _apart(raw: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([raw], delimiter=mark), [])
    except csv.Error:  # a part longer than the reader takes: quotes are then letters like any other
        return raw.split(mark)


def _line(number: int, parts: list[str], keys: Mapping[str, str]) -> Line:
    numbers: list[int] = []
    named: dict[bool, int] = {}
    items: list[tuple[str, int]] = []
    notes: list[str] = []
    for part in parts[1:]:
        counted = _TIMES.match(part)
        key = keys.get(counted[2].casefold()) if counted else None
        if _ALL_HELPED.fullmatch(part):
            for many, grown in _HELPED.findall(part):
                named[bool(grown)] = named.get(bool(grown), 0) + int(many)
        elif _NUMBER.match(part) and len(numbers) < 2:
            numbers.append(int(part))
        elif counted and key:
            items.append((key, int(counted[1] or counted[3] or 1)))
        elif part:
            notes.append(part)
    bare = iter(numbers)
    adults = named[True] if True in named else next(bare, None)
    children = named[False] if False in named else next(bare, None)
    return Line(number, parts[0], adults, children, tuple(items), ", ".join(notes))


def match(connection: Connection, lines: list[Line]) -> list[Matched]:
    """Find who each line is about: by reference, or by the whole name, whatever its case."""
    return [_matched(connection, line) for line in lines]


def _matched(connection: Connection, line: Line) -> Matched:
    found = arrivals.known(connection, line.who, 20) if line.who.strip() else []
    by_reference = tuple(each for each in found if same(each.reference, line.who))
    by_name = tuple(each for each in found if same(each.name, line.who))
    exact = by_reference or by_name
    return Matched(line, exact, tuple(each for each in found if each not in exact))
