"""One file of a briefing as it was read, before anything is written: its words, figures and areas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from threading import Event

from cis_desktop.briefings import tables
from cis_desktop.briefings.area_files import AreaFile, is_list_of_places, places_in, read_area_file
from cis_desktop.briefings.figures import figures
from cis_desktop.briefings.model import Figure, Indicator
from cis_desktop.briefings.native import Native
from cis_desktop.briefings.senders import remembered_mapping
from cis_desktop.briefings.tables import TableMapping
from cis_desktop.errors import CisError
from cis_desktop.intake.reading import Limits, Sheet, read, read_document, refusal
from cis_desktop.records.search import UNSPACED
from cis_desktop.vault.tables import Connection

LIMITS = Limits(file_bytes=64 << 20, columns=200)
LISTS = {".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
MAPS = {".geojson", ".json"}
MOST_SHEETS = 40
PIECE = 4_000
SHORT_PIECE = 500
"""Characters that are indexed at once, at most: fewer in scripts without spaces, as `0003_search.sql` takes time that
grows with the square of them there."""

_KINDS = {"tables": "table", "boundaries": "boundaries", "areas": "areas", "agreements": "agreement", "pages": "text"}


@dataclass(frozen=True, slots=True)
class Unread:
    """A sheet with figures by area, whose figures are read once it is settled what its columns are."""

    sheet: Sheet
    mapping: TableMapping
    known: bool


@dataclass(slots=True)
class Part:
    """What was read in one file; `kind` is what it was read as."""

    name: str
    kind: str
    data: bytes
    pages: list[tuple[int, str]] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    mappings: list[TableMapping] = field(default_factory=list)
    areas: list[AreaFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_places(self) -> bool:
        """Whether it says where places lie, and nothing else."""
        return bool(self.areas) and not (self.unread or self.figures or self.indicators)

    def with_figures(self, chosen: Mapping[str, TableMapping], by_name: Mapping[str, str]) -> Part:
        """Give it with the figures of its sheets, read as `chosen` says by fingerprint, or as was proposed.

        Raises CisError, and is as it was.
        """
        read = replace(self, unread=[], figures=[], mappings=[], notes=list(self.notes))
        for each in self.unread:
            use = chosen.get(each.mapping.fingerprint, each.mapping)
            if use.has_figures:
                found = figures(each.sheet, use, by_name)
                read.figures += found.figures
                read.notes += found.notes
            if use.has_figures or each.mapping.fingerprint in chosen:
                read.mappings.append(use)
        if self.kind == "table" and not (read.figures or self.indicators or self.areas):
            read.notes.append("No figures by area were found in it; it is kept, and can be searched.")
        return read


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the files of one sender."""

    connection: Connection
    sender: str
    cancel: Event | None = None

    def ordinary(self, path: Path, data: bytes) -> Part:
        """Read an ordinary file by the ending of its name: a table, a map, or else a document."""
        ending = path.suffix.lower()
        if ending in LISTS:
            return self.table(path, data)
        if ending in MAPS:
            return Part(path.name, "boundaries", data, areas=[read_area_file(path, data=data, cancel=self.cancel)])
        document = read_document(path, data=data, limits=LIMITS, cancel=self.cancel)
        return Part(path.name, document.is_a, data, pages(document.words), notes=list(document.notes))

    def table(self, path: Path, data: bytes) -> Part:
        """Read every sheet of a table: figures by area, a list of indicators or of places, or its words alone."""
        part = Part(path.name, "table", data)
        sheets = self._sheets(path, data)
        part.pages = pages([tables.words_of(sheet) for sheet in sheets])
        for sheet in map(tables.headed, sheets):
            if described := tables.indicators(sheet):
                part.indicators += described
            elif is_list_of_places(sheet):
                part.areas.append(places_in(sheet))
            else:
                known = remembered_mapping(self.connection, self.sender, sheet)
                use = known or tables.guess(sheet)
                if sheet.rows and (use.has_figures or known):
                    part.unread.append(Unread(sheet, use, known is not None))
        return part

    def native(self, found: Native, data: bytes, by_name: Mapping[str, str]) -> list[Part]:
        """Read every file of a native briefing; the first part is the briefing itself, with all it says."""
        said = found.said
        spoken = [text for text in (said.heard, said.decided, said.not_done, said.questions) if text]
        parts = [Part(found.file, "briefing", data, pages(spoken))]
        for folder, kind in _KINDS.items():
            parts += [
                self._member(found, PurePosixPath(name), kind, body, by_name) for name, body in found.inside(folder)
            ]
        return parts

    def _sheets(self, path: Path, data: bytes) -> list[Sheet]:
        first = read(path, data=data, limits=LIMITS, cancel=self.cancel)
        if len(first.sheets) > MOST_SHEETS:
            raise refusal(path.name, "too_many_sheets", f"It has more than {MOST_SHEETS} sheets.")
        sheets = [first]
        for name in first.sheets:
            if name != first.name:
                try:
                    sheets.append(read(path, name, data=data, limits=LIMITS, cancel=self.cancel))
                except CisError as why:
                    if why.code != "empty_file":
                        raise
        return sheets

    def _member(self, found: Native, path: PurePosixPath, kind: str, body: bytes, by_name: Mapping[str, str]) -> Part:
        file = Path(path.name)
        part = Part(path.name, kind, body)
        if kind == "table":
            part = self.table(file, body).with_figures({}, by_name)
            if not part.figures and not part.indicators:
                raise refusal(found.file, "no_figures", f"The table {path.name[:60]} in it has no figures by area.")
        elif kind in ("boundaries", "areas"):
            part.areas = [read_area_file(file, data=body, cancel=self.cancel)]
        elif kind == "text":
            part.pages = pages(read_document(file, data=body, limits=LIMITS, cancel=self.cancel).words)
        elif kind == "agreement":
            part.notes.append("A new version of what is counted came with it. It counts once you accept it.")
        return part


def pages(texts: Sequence[str]) -> list[tuple[int, str]]:
    """Give texts in pieces that are short enough to be indexed, each with the number of the text it is from."""
    return [(number, piece) for number, text in enumerate(texts, 1) for piece in _pieces(text)]


def _pieces(text: str) -> Iterator[str]:
    most = SHORT_PIECE if UNSPACED.search(text) else PIECE
    at = 0
    while at < len(text):
        end = at + most
        if end < len(text):
            # Between two words, where there is such a place in the second half.
            between = (place for place in range(end, at + most // 2, -1) if not text[place - 1].isalnum())
            end = next(between, end)
        yield text[at:end]
        at = end
