"""Looking at what a council sends before any of it is taken in: every file read, nothing written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from cis_desktop import words
from cis_desktop.agreements.signers import check_key
from cis_desktop.briefings.area_files import AreaFile, is_long_list_of_places, read_area_file
from cis_desktop.briefings.figures import figures
from cis_desktop.briefings.model import Figure, Said
from cis_desktop.briefings.native import ENDING, open_native
from cis_desktop.briefings.parts import LIMITS, LISTS, Part, Reader, Unread
from cis_desktop.briefings.senders import council_of
from cis_desktop.briefings.tables import TableMapping, between
from cis_desktop.errors import CisError
from cis_desktop.geography import areas
from cis_desktop.intake.reading import refusal
from cis_desktop.vault.tables import Connection

MOST_FILES = 500
MOST_TOGETHER = 256 << 20
"""Bytes of all files of one import, which are held at once."""
SAMPLED = 60
"""Rows of a table that are read to show what would come in."""

Tell = Callable[[int, int], object]
"""Called with how much is done of how much; may raise to stop."""


@dataclass(slots=True)
class Incoming:
    """One briefing that is to be made."""

    title: str
    sender: str
    parts: list[Part]
    said: Said | None = None
    answers: tuple[str, ...] = ()
    public_key: str | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """Tables with the same headings, which are read alike; `known` when such a one was read before."""

    mapping: TableMapping
    known: bool
    tables: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What is in some files: briefings made for this, ordinary files, lists and maps of places, remarks.

    `council` and `code` are those of the council whose wards they are about, each "" where it is not known.
    """

    natives: tuple[Incoming, ...]
    ordinary: tuple[Part, ...]
    places: tuple[AreaFile, ...]
    by_name: dict[str, str]
    council: str
    code: str
    notes: tuple[str, ...]

    def shapes(self) -> list[Shape]:
        """Give the tables whose columns can be read in another way, those with the same headings together."""
        found: dict[str, list[Unread]] = {}
        for part in self.ordinary:
            for each in part.unread:
                found.setdefault(each.mapping.fingerprint, []).append(each)
        return [Shape(every[0].mapping, every[0].known, tuple(every)) for every in found.values()]

    def sample(self, shape: Shape, mapping: TableMapping) -> list[Figure]:
        """Give the first figures of the first table of a shape, as they would come in. Raises CisError."""
        if not mapping.has_figures:
            return []
        return figures(between(shape.tables[0].sheet, 0, SAMPLED), mapping, self.by_name).figures


def look(
    connection: Connection,
    paths: Sequence[Path],
    *,
    sender: str = "",
    new_key: bool = False,
    cancel: Event | None = None,
    tell: Tell = lambda done, total: None,
) -> Looked:
    """Read files, and write nothing. Raises CisError when any of them cannot be read whole."""
    if not paths or len(paths) > MOST_FILES:
        raise CisError(
            "too_many_files",
            "Choose between one file and some hundred",
            f"{words.count(len(paths), 'file')} were given; at most {MOST_FILES} are taken in at once. "
            "Nothing was imported.",
        )
    here = _hashes(connection)
    paths = list(dict.fromkeys(paths))
    _check_size(paths)
    natives: list[tuple[Path, bytes]] = []
    ordinary: list[Part] = []
    places: list[AreaFile] = []
    notes: list[str] = []
    for at, path in enumerate(paths):
        tell(at, len(paths))
        if _is_long_list(path):
            places.append(read_area_file(path, cancel=cancel))
            continue
        data = _bytes(path)
        if hashlib.sha256(data).hexdigest() in here:
            notes.append(f"“{path.name}” is here already, and was left as it is.")
        elif path.name.endswith(ENDING):
            natives.append((path, data))
        else:
            part = Reader(connection, sender, cancel).ordinary(path, data)
            places += part.areas
            if not part.is_places:
                ordinary.append(part)
    by_name = _codes_by_name(connection, places)
    briefings = [_native(connection, path, data, by_name, new_key, cancel) for path, data in natives]
    council, code = council_of(connection, _codes(ordinary, by_name), places)
    return Looked(tuple(briefings), tuple(ordinary), tuple(places), by_name, council, code, tuple(notes))


def _native(
    connection: Connection, path: Path, data: bytes, by_name: dict[str, str], new_key: bool, cancel: Event | None
) -> Incoming:
    native = open_native(data, path.name)
    if not new_key:
        check_key(connection, native.file, native.sender, native.public_key)
    parts = Reader(connection, native.sender, cancel).native(native, data, by_name)
    return Incoming(native.title, native.sender, parts, native.said, native.answers, native.public_key)


def _codes(ordinary: Sequence[Part], by_name: dict[str, str]) -> list[str]:
    """Give the codes in the columns of areas, to tell whose they are before any figure is read."""
    found: list[str] = []
    for part in ordinary:
        for each in part.unread:
            columns = dict(zip(each.sheet.header, each.sheet.columns, strict=True))
            for header in each.mapping.headers("area_code"):
                found += map(str.strip, columns[header].values)
            for header in each.mapping.headers("area_name"):
                found += filter(None, (by_name.get(cell.strip().casefold()) for cell in columns[header].values))
    return found


def _is_long_list(path: Path) -> bool:
    """Say whether a file is a list of places that is too large to be kept as it came: postcodes, in the main."""
    try:
        large = path.is_file() and path.stat().st_size > LIMITS.file_bytes
    except OSError:
        return False
    return large and path.suffix.lower() in LISTS and is_long_list_of_places(path)


def _check_size(paths: Sequence[Path]) -> None:
    sizes = [path.stat().st_size for path in paths if path.is_file() and not _is_long_list(path)]
    if sum(sizes) > MOST_TOGETHER and max(sizes) <= LIMITS.file_bytes:
        raise CisError(
            "too_large",
            "That is too much at once",
            f"These files are larger than {MOST_TOGETHER >> 20} MB together. Nothing was imported. Take them in a few "
            "at a time.",
        )


def _bytes(path: Path) -> bytes:
    """Read a file to be kept, within the limit; the child then reads these very bytes."""
    try:
        if not path.is_file():
            raise refusal(path.name, "no_such_file", "There is no file of that name there.")
        if path.stat().st_size > LIMITS.file_bytes:
            raise refusal(path.name, "too_large", f"It is larger than {LIMITS.file_bytes >> 20} MB.")
        data = path.read_bytes()
    except OSError as why:
        raise refusal(path.name, "not_allowed", f"The computer would not open it: {why.strerror}.") from why
    if not data:
        raise refusal(path.name, "empty_file", "The file is empty (0 bytes).")
    return data


def _codes_by_name(connection: Connection, places: Sequence[AreaFile]) -> dict[str, str]:
    """Give the code of each ward by its name in lower case; none for a name that several wards of one year share."""
    known = [(area.name, area.vintage, area.code) for area in areas(connection)]
    for one in places:
        known += [(name, one.vintage, code) for code, name in one.named.get("ward", {}).items()]
    newest: dict[str, tuple[str, set[str]]] = {}
    for name, vintage, code in known:
        before, codes = newest.get(name.casefold(), ("", set()))
        if vintage > before or not codes:
            newest[name.casefold()] = (vintage, {code})
        elif vintage == before:
            codes.add(code)
    return {name: next(iter(codes)) for name, (_, codes) in newest.items() if len(codes) == 1}


def _hashes(connection: Connection) -> set[str]:
    return {
        digest
        for (digest,) in connection.execute(
            "select f.sha256 from briefing_files f join briefings b on b.id = f.briefing_id"
            " where f.gone = 0 and b.gone = 0"
        )
    }
