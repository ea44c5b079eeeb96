"""Taking in what a council sends: every file read first, all of them in one change, or none."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event

import msgspec

from cis_desktop import words
from cis_desktop.briefings import tables
from cis_desktop.briefings.area_files import LONGEST_NAME, store_area_file
from cis_desktop.briefings.model import Said
from cis_desktop.briefings.native import ENDING, open_native
from cis_desktop.briefings.parts import LIMITS, Part, Reader
from cis_desktop.briefings.senders import first_seen, remember_key, remember_mapping, remembered_mapping, sender_of
from cis_desktop.briefings.tables import TableMapping
from cis_desktop.errors import CisError
from cis_desktop.geography import areas
from cis_desktop.intake.reading import Sheet, read, refusal
from cis_desktop.packs.archive import read_file
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection
from cis_desktop.workspace import Workspace

MOST_FILES = 500


@dataclass(slots=True)
class _Incoming:
    title: str
    sender: str
    parts: list[Part]
    said: Said | None = None
    answers: tuple[str, ...] = ()
    public_key: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of taking files in: briefings made, and what there is to say. `unmatched` names areas without code."""

    change_set: str | None
    briefings: tuple[int, ...]
    files: int
    figures: int
    indicators: int
    unmatched: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a table would be read, for people to look at and change; `known` when it was read so before."""

    sheet: Sheet
    mapping: TableMapping
    known: bool


def propose(connection: Connection, path: Path, sender: str = "", sheet: str | None = None) -> Proposal:
    """Read a table and say how its columns would be taken. Raises CisError when it cannot be read."""
    found = read(path, sheet, limits=LIMITS)
    known = remembered_mapping(connection, sender, found)
    return Proposal(found, known or tables.guess(found), known is not None)


def import_briefing(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    sender: str = "",
    title: str = "",
    mappings: Mapping[str, TableMapping] | None = None,
    new_key: bool = False,
    cancel: Event | None = None,
) -> Imported:
    """Take in files as one change: ordinary ones together as one briefing, each native one as a briefing of its own.

    `sender` is who sent the ordinary files (else the council whose wards they are about); `mappings` says how tables
    are read, by file name; `new_key` accepts a sender who signs with another key than before. Raises CisError, with
    nothing changed, when any file cannot be read whole.
    """
    _check_request(paths, sender, title)
    notes: list[str] = []
    with workspace.reader() as connection:
        here = _hashes(connection)
        by_name = _codes_by_name(connection)
        briefings: list[_Incoming] = []
        ordinary: list[Part] = []
        for path in dict.fromkeys(paths):
            data = read_file(path) if path.name.endswith(ENDING) else _bytes(path)
            if hashlib.sha256(data).hexdigest() in here:
                notes.append(f"“{path.name}” is here already, and was left as it is.")
            elif path.name.endswith(ENDING):
                native = open_native(data, path.name)
                first_seen(connection, native, new_key)
                parts = Reader(connection, native.sender, by_name, cancel).native(native, data)
                briefings.append(
                    _Incoming(native.title, native.sender, parts, native.said, native.answers, native.public_key)
                )
            else:
                reader = Reader(connection, sender, by_name, cancel)
                ordinary.append(reader.ordinary(path, data, (mappings or {}).get(path.name)))
        if ordinary:
            from_whom = sender or sender_of(connection, [f.area_code for part in ordinary for f in part.figures])
            briefings.append(_Incoming(title or _title(ordinary, from_whom), from_whom, ordinary))
        known_codes = {area.code for area in areas(connection)}
    if not briefings:
        raise CisError(
            "imported_already",
            "This is here already",
            f"{' '.join(notes)} Nothing was imported.",
        )
    with workspace.change("Took in what a council sent") as change:
        ids = tuple(_store(change, one) for one in briefings)
    parts = [part for one in briefings for part in one.parts]
    known_codes |= {c for part in parts if part.areas for names in part.areas.named.values() for c in names}
    return Imported(
        change_set=change.id,
        briefings=ids,
        files=len(parts),
        figures=sum(len(part.figures) for part in parts),
        indicators=sum(len(part.indicators) for part in parts),
        unmatched=_unmatched(parts, known_codes),
        notes=(*notes, *(f"{part.name}: {note}" for part in parts for note in part.notes)),
    )


# ---- reading -----------------------------------------------------------------------------------------------


def _check_request(paths: Sequence[Path], sender: str, title: str) -> None:
    if not paths or len(paths) > MOST_FILES:
        raise CisError(
            "too_many_files",
            "Choose between one file and some hundred",
            f"{words.count(len(paths), 'file')} were given; at most {MOST_FILES} are taken in at once. "
            "Nothing was imported.",
        )
    if max(len(sender), len(title)) > LONGEST_NAME:
        raise CisError(
            "name_too_long",
            "That name is too long",
            f"The sender's name and the title may have {LONGEST_NAME} characters. Nothing was imported; shorten it.",
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


def _title(parts: list[Part], sender: str) -> str:
    if len(parts) == 1:
        return Path(parts[0].name).stem.replace("_", " ").strip()[:LONGEST_NAME] or parts[0].name
    return f"{words.number(len(parts))} files from {sender}"


# ---- writing -----------------------------------------------------------------------------------------------


def _store(change: Change, one: _Incoming) -> int:
    said = one.said or Said()
    briefing = change.insert(
        "briefings",
        title=one.title,
        sender=one.sender,
        received_on=date.today().isoformat(),
        kind="native" if one.public_key else "ordinary",
        said=msgspec.json.encode(said).decode() if one.said else None,
        answers=msgspec.json.encode(one.answers).decode() if one.answers else None,
        public_key=one.public_key,
    )
    if one.public_key:
        remember_key(change, one.sender, one.public_key)
    for part in one.parts:
        _store_part(change, briefing, part, one.sender)
    # Their own files came with the briefing: postcodes need the wards first.
    found = [part.areas for part in one.parts if part.areas]
    for area_file in sorted(found, key=lambda each: each.is_a == "postcodes"):
        store_area_file(change, area_file)
    return briefing


def _store_part(change: Change, briefing: int, part: Part, sender: str) -> None:
    file = change.insert(
        "briefing_files",
        briefing_id=briefing,
        name=part.name,
        kind=part.kind,
        sha256=hashlib.sha256(part.data).hexdigest(),
        size=len(part.data),
        body=zlib.compress(part.data, 6),
    )
    change.insert_many(
        "briefing_pages",
        ("briefing_id", "file_id", "page", "words"),
        [(briefing, file, page, text) for page, text in part.pages if text.strip()],
    )
    change.insert_many(
        "briefing_figures",
        (
            "briefing_id", "file_id", "area_code", "area_name", "indicator", "period", "measure", "unit", "value",
            "status",
        ),
        [
            (
                briefing, file, f.area_code or None, f.area_name or None, f.indicator, f.period or None,
                f.measure or None, f.unit or None, None if f.value is None else f"{f.value:f}", f.status,
            )
            for f in part.figures
        ],
    )  # fmt: skip
    change.insert_many(
        "briefing_indicators",
        ("briefing_id", "indicator", "description", "source", "period", "geography"),
        [(briefing, i.indicator, i.description, i.source, i.period, i.geography) for i in part.indicators],
    )
    for mapping in part.mappings:
        remember_mapping(change, sender, mapping)


def _codes_by_name(connection: Connection) -> dict[str, str]:
    """Give the code of each ward by its name in lower case; none for a name that several wards of one year share."""
    newest: dict[str, tuple[str, list[str]]] = {}
    for area in areas(connection):
        name = area.name.casefold()
        vintage, codes = newest.get(name, ("", []))
        if area.vintage > vintage or not codes:
            newest[name] = (area.vintage, [area.code])
        elif area.vintage == vintage:
            codes.append(area.code)
    return {name: codes[0] for name, (_, codes) in newest.items() if len(codes) == 1}


def _hashes(connection: Connection) -> set[str]:
    return {
        digest
        for (digest,) in connection.execute(
            "select f.sha256 from briefing_files f join briefings b on b.id = f.briefing_id"
            " where f.gone = 0 and b.gone = 0"
        )
    }


def _unmatched(parts: list[Part], known: set[str]) -> tuple[str, ...]:
    """Name the areas of figures whose code the workspace does not know (all of them, where it knows none)."""
    every = (figure for part in parts for figure in part.figures)
    return tuple(dict.fromkeys(f.area_name or f.area_code for f in every if f.area_code not in known))
