"""Taking in what a council sends: every file read first, all of them in one change, or none."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import msgspec

from cis_desktop import words
from cis_desktop.agreements.signers import remember_key
from cis_desktop.briefings import looking
from cis_desktop.briefings.area_files import LONGEST_NAME, AreaFile, Taken, store_area_file
from cis_desktop.briefings.looking import Incoming, Looked, Tell
from cis_desktop.briefings.model import Figure, Said
from cis_desktop.briefings.parts import Part
from cis_desktop.briefings.senders import SOMEBODY, remember_mapping, written
from cis_desktop.briefings.tables import TableMapping, how_read
from cis_desktop.errors import CisError
from cis_desktop.geography import areas
from cis_desktop.vault.history import Change
from cis_desktop.workspace import Workspace

AT_ONCE = 5_000
"""Rows written between two looks at whether to stop."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of taking files in: briefings made, areas, and what there is to say.

    `unmatched` names areas whose code is none that is known, `older` those of them whose name is known under another
    code. `read` says of each table how its columns were taken. `change_set` is None where nothing was new.
    """

    change_set: str | None
    briefings: tuple[int, ...]
    files: int
    figures: int
    indicators: int
    areas: tuple[Taken, ...]
    unmatched: tuple[str, ...]
    older: tuple[str, ...]
    read: tuple[str, ...]
    notes: tuple[str, ...]


def import_briefing(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    sender: str = "",
    title: str = "",
    mappings: Sequence[TableMapping] = (),
    new_key: bool = False,
    cancel: Event | None = None,
) -> Imported:
    """Look at files and take them in. See `look` and `take_in`."""
    with workspace.reader() as connection:
        looked = looking.look(connection, paths, sender=sender, new_key=new_key, cancel=cancel)
    return take_in(workspace, looked, sender=sender, title=title, mappings=mappings)


def take_in(
    workspace: Workspace,
    looked: Looked,
    *,
    sender: str = "",
    title: str = "",
    mappings: Sequence[TableMapping] = (),
    tell: Tell = lambda done, total: None,
) -> Imported:
    """Take in what was looked at, as one change: ordinary files together as one briefing, each native one as its own.

    `sender` is who sent the ordinary files (else the council whose wards they are about); `mappings` say how tables
    of their headings are read. Raises CisError, and whatever `tell` raises, with nothing changed.
    """
    if max(len(sender), len(title)) > LONGEST_NAME:
        raise CisError(
            "name_too_long",
            "That name is too long",
            f"The sender's name and the title may have {LONGEST_NAME} characters. Nothing was imported; shorten it.",
        )
    chosen = {mapping.fingerprint: mapping for mapping in mappings}
    read: dict[str, list[str]] = {}
    for each in (each for part in looked.ordinary for each in part.unread):
        read.setdefault(how_read(chosen.get(each.mapping.fingerprint, each.mapping)), []).append(each.sheet.file)
    parts: list[Part] = []
    for part in looked.ordinary:
        tell(0, 1)
        parts.append(part.with_figures(chosen, looked.by_name))
    briefings = list(looked.natives)
    if parts:
        who = written(sender or looked.council, looked.code)
        briefings.append(Incoming(title or _title(parts, sender or looked.council), who, parts))
    if not briefings and not looked.places:
        raise CisError("imported_already", "This is here already", f"{' '.join(looked.notes)} Nothing was imported.")
    every = [part for one in briefings for part in one.parts]
    progress = _Progress(tell, sum(len(part.figures) + len(part.pages) + 1 for part in every))
    with workspace.change("Took in what a council sent") as change:
        # The wards first: postcodes are kept for those that are known.
        places = [*looked.places, *(found for one in looked.natives for part in one.parts for found in part.areas)]
        taken = tuple(_store_places(change, places, progress))
        ids = tuple(_store(change, one, progress) for one in briefings)
        known = {area.code for kind in ("ward", "lsoa", "authority") for area in areas(change.connection, kind)}
    unmatched = dict.fromkeys(f for part in every for f in part.figures if f.area_code not in known)
    return Imported(
        change_set=change.id,
        briefings=ids,
        files=len(every),
        figures=sum(len(part.figures) for part in every),
        indicators=sum(len(part.indicators) for part in every),
        areas=taken,
        unmatched=_names(unmatched),
        older=_names(f for f in unmatched if f.area_code and f.area_name.casefold() in looked.by_name),
        read=tuple(f"{_shortened(files)}: {how}" for how, files in read.items()),
        notes=(*looked.notes, *dict.fromkeys(f"{part.name}: {note}" for part in every for note in part.notes)),
    )


class _Progress:
    """How much of an import is written; the last part of it is making the history, whose length nobody knows."""

    def __init__(self, tell: Tell, rows: int) -> None:
        self.tell, self.rows, self.done = tell, rows, 0

    def add(self, rows: int) -> None:
        self.done += rows
        self.tell(min(self.done, self.rows), self.rows + self.rows // 4)


def _title(parts: list[Part], sender: str) -> str:
    if len(parts) == 1:
        return Path(parts[0].name).stem.replace("_", " ").strip()[:LONGEST_NAME] or parts[0].name
    return f"{words.number(len(parts))} files from {sender or SOMEBODY}"


def _shortened(files: list[str]) -> str:
    return files[0] if len(files) == 1 else f"{files[0]} and {len(files) - 1} more like it"


def _names(figures: Iterable[Figure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(figure.area_name or figure.area_code for figure in figures))


def _in_pieces(change: Change, table: str, columns: tuple[str, ...], rows: list[Any], progress: _Progress) -> None:
    for at in range(0, len(rows), AT_ONCE):
        piece = rows[at : at + AT_ONCE]
        change.insert_many(table, columns, piece)
        progress.add(len(piece))


def _store_places(change: Change, places: list[AreaFile], progress: _Progress) -> Iterator[Taken]:
    for each in sorted(places, key=lambda each: each.is_a == "postcodes"):
        progress.add(0)
        yield store_area_file(change, each)


def _store(change: Change, one: Incoming, progress: _Progress) -> int:
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
        _store_part(change, briefing, part, one.sender, progress)
    return briefing


def _store_part(change: Change, briefing: int, part: Part, sender: str, progress: _Progress) -> None:
    file = change.insert(
        "briefing_files",
        briefing_id=briefing,
        name=part.name,
        kind=part.kind,
        sha256=hashlib.sha256(part.data).hexdigest(),
        size=len(part.data),
        body=zlib.compress(part.data, 6),
    )
    progress.add(1)
    _in_pieces(
        change,
        "briefing_pages",
        ("briefing_id", "file_id", "page", "words"),
        [(briefing, file, page, text) for page, text in part.pages if text.strip()],
        progress,
    )
    _in_pieces(
        change,
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
        progress,
    )  # fmt: skip
    change.insert_many(
        "briefing_indicators",
        ("briefing_id", "indicator", "description", "source", "period", "geography"),
        [(briefing, i.indicator, i.description, i.source, i.period, i.geography) for i in part.indicators],
    )
    for mapping in part.mappings:
        remember_mapping(change, sender, mapping)
