"""Area files: boundaries (GeoJSON), which LSOA is in which ward, and postcodes (ONSPD, NSPL), told by their content."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Literal

from cis_desktop import words
from cis_desktop.briefings.values import is_numeric
from cis_desktop.errors import CisError
from cis_desktop.geography import (
    Outline,
    add_areas,
    add_outlines,
    add_postcodes,
    kind_of,
    postcode_of,
    schematic_vintage,
)
from cis_desktop.intake.asking import Place
from cis_desktop.intake.reading import Column, Sheet, read, read_places, refusal
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection
from cis_desktop.workspace import Workspace

LONGEST_NAME = 200
MOST_POSTCODES_ANYWHERE = 200_000
_MOSTLY = 0.95
_NUMBERED = re.compile(r"(?i)(f|object|row|obj)?_?id|number|no\.?")
_NAMES = re.compile(r"(?i)name|nmw?$|ward|lsoa|area|authority|district|borough|county|region|country|nation")

Kind = Literal["boundaries", "lookup", "postcodes", "list"]


@dataclass(frozen=True, slots=True)
class AreaFile:
    """What an area file says: areas by kind as (code, name), what each lies in, outlines, and postcode rows."""

    file: str
    is_a: Kind
    vintage: str
    named: dict[str, dict[str, str]] = field(default_factory=dict)
    within: dict[str, str | None] = field(default_factory=dict)
    outlines: tuple[Outline, ...] = ()
    postcodes: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What was new in one file: areas and outlines written, postcodes taken, and what there is to say about it."""

    file: str
    is_a: Kind
    vintage: str
    areas: int
    outlines: int
    postcodes: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreasImport:
    """What came of importing area files; `change_set` is None where nothing in them was new."""

    change_set: str | None
    files: tuple[Taken, ...]


def import_areas(workspace: Workspace, paths: Sequence[Path], *, cancel: Event | None = None) -> AreasImport:
    """Import area files as one change. Raises CisError, with nothing changed, when any of them cannot be read."""
    found = [read_area_file(path, cancel=cancel) for path in paths]
    # Postcodes last: only those of authorities that the other files, or the workspace, know are taken.
    found.sort(key=lambda one: one.is_a == "postcodes")
    with workspace.change("Added areas from files") as change:
        taken = [store_area_file(change, one) for one in found]
    return AreasImport(change.id, tuple(taken))


def read_area_file(path: Path, *, data: bytes | None = None, cancel: Event | None = None) -> AreaFile:
    """Read one area file, whatever it is; `data` where it was taken out of an archive. Raises CisError."""
    if path.suffix.lower() in (".geojson", ".json"):
        return _boundaries(path.name, read_places(path, data=data, cancel=cancel))
    return places_in(read(path, data=data, cancel=cancel))


def store_area_file(change: Change, found: AreaFile) -> Taken:
    """Write what an area file says into the workspace."""
    new = sum(
        add_areas(change, kind, names.items(), found.vintage, found.within) for kind, names in found.named.items()
    )
    drawn = 0
    if found.outlines:
        drawn = add_outlines(change, next(iter(found.named)), found.vintage, found.outlines)
    notes = [] if found.vintage else ["The file does not say of which year its areas are."]
    count = 0
    if found.postcodes:
        rows, note = _needed(change.connection, found)
        notes += note
        count = add_postcodes(change, rows, found.vintage)
    return Taken(found.file, found.is_a, found.vintage, new, drawn, count, tuple(notes))


# ---- boundaries --------------------------------------------------------------------------------------------


def _boundaries(file: str, places: list[Place]) -> AreaFile:
    titles = list(dict.fromkeys(title for place in places for title in place.said))
    codes = {title: [place.said.get(title, "") for place in places] for title in titles}
    best = max(titles, key=lambda title: _codes_in(codes[title]), default="")
    # A map of wards names their council too, and must not become a map of one council for lack of ward codes.
    of_wards = any(re.match(r"(?i)wd\d\d|ward", title) for title in titles)
    coded = _codes_in(codes[best]) if best else 0
    if not coded or (of_wards and "authority" in map(kind_of, codes[best])):
        raise refusal(
            file, "no_codes", "None of its areas has an official code, such as E05013655 for a ward, beside its name."
        )
    kind = next(filter(None, map(kind_of, codes[best])))
    named = _names(titles, best, codes)
    if odd := [named(at) or f"number {at + 1}" for at, code in enumerate(codes[best]) if kind_of(code) != kind]:
        raise refusal(file, "no_codes", f"These of its areas have no code of a {kind}: {some(odd)}.")
    wider = next((t for t in titles if t != best and {kind_of(c) for c in codes[t]} == {"authority"}), None)
    polygons: dict[str, list[tuple[tuple[tuple[float, float], ...], ...]]] = {}
    names: dict[str, str] = {}
    within: dict[str, str | None] = {}
    for at, (code, place) in enumerate(zip(codes[best], places, strict=True)):
        name = _short(file, named(at) or code)
        if names.setdefault(code, name) != name:
            raise refusal(
                file, "same_code", f"Two of its areas, “{names[code][:60]}” and “{name[:60]}”, have the code {code}."
            )
        within[code] = codes[wider][at] if wider else None
        # An area in several parts may come as several features of one code; one that is there twice is drawn once.
        there = polygons.setdefault(code, [])
        there += [polygon for each in place.polygons if (polygon := tuple(map(tuple, each))) not in there]
    drawn = tuple(Outline(code, names[code], tuple(parts)) for code, parts in polygons.items())
    kinds = {kind: names}
    if wider:
        around = _names(titles, wider, codes)
        kinds["authority"] = {code: _short(file, around(at) or code) for at, code in enumerate(codes[wider])}
    year = _year(best, file)
    # A map may say of itself that it is a sketch, and must then not stand for the boundaries of a year.
    sketch = any(title.casefold() == "schematic" for title in titles)
    return AreaFile(file, "boundaries", schematic_vintage(year) if sketch else year, kinds, within, drawn)


def _codes_in(cells: list[str]) -> int:
    """Count the different codes of one kind among cells; the finest division of a map is what it is a map of."""
    kinds = [kind_of(cell) for cell in set(cells)]
    return max((kinds.count(kind) for kind in ("ward", "lsoa", "authority")), default=0)


def _names(titles: Sequence[str], best: str, cells: dict[str, list[str]]) -> Callable[[int], str]:
    """Find the names that stand beside codes, and give the one at a place."""
    pairs = (("CD", "NM"), ("cd", "nm"), ("_code", "_name"), ("code", "name"), ("Code", "Name"))
    wanted = [other.join(best.rsplit(ending, 1)) for ending, other in pairs if ending in best]
    wanted += [title for title in titles if "name" in title.casefold()]
    title = next((title for title in wanted if title in titles), None)
    return cells[title].__getitem__ if title else lambda at: ""


# ---- lists -------------------------------------------------------------------------------------------------


def is_list_of_places(sheet: Sheet) -> bool:
    """Say whether a table is no more than a list of which place lies in which ward, and not figures or words to read.

    Such a list has codes and names alone; one of postcodes has any numbers beside them, as ONSPD has.
    """
    columns = dict(zip(sheet.header, sheet.columns, strict=True))
    ward, lsoa, authority = (_column(columns, kind) for kind in ("ward", "lsoa", "authority"))
    postcode = _best(columns, lambda cell: postcode_of(cell) is not None)
    rest = [title for title in columns if title not in (ward, lsoa, authority, postcode)]
    if not (ward or lsoa) or any(_is_prose(title, columns[title]) for title in rest):
        return False
    if postcode:
        return True
    counted = [title for title in rest if not _NUMBERED.fullmatch(title)]
    return bool(ward and (lsoa or authority)) and not any(is_numeric(columns[title]) for title in counted)


def is_long_list_of_places(path: Path) -> bool:
    """Say whether a text too large to be kept looks like a list of places, by its first lines."""
    try:
        with path.open("rb") as file:
            head = file.read(65_536).decode("utf-8", "replace")
    except OSError:
        # Whoever reads it next says why it cannot be read.
        return False
    cells = [re.split(r"[,;\t]", line.replace('"', "")) for line in head.splitlines()[1:20]]
    kinds = {kind_of(cell.strip()) for row in cells for cell in row}
    small = "lsoa" in kinds or any(postcode_of(cell) is not None for row in cells for cell in row)
    return "ward" in kinds and small


def places_in(sheet: Sheet) -> AreaFile:
    """Read a list of places. Raises CisError when it is none."""
    columns = dict(zip(sheet.header, sheet.columns, strict=True))
    ward, lsoa, authority = (_column(columns, kind) for kind in ("ward", "lsoa", "authority"))
    postcode = _best(columns, lambda cell: postcode_of(cell) is not None)
    if postcode and (ward or lsoa):
        year = _year(sheet.file) or _year(sheet.name) or _year(ward or lsoa or "")
        return AreaFile(sheet.file, "postcodes", year, postcodes=_postcodes(columns, postcode, ward, lsoa, authority))
    if not ward:
        raise refusal(
            sheet.file,
            "no_areas",
            "It is no list of areas: it has no column of ward codes such as E05013655, with names, LSOA codes or "
            "postcodes beside it.",
        )
    cells = {title: column.cells() for title, column in columns.items()}
    named: dict[str, dict[str, str]] = {}
    within: dict[str, str | None] = {}
    for kind, title, wider in (("authority", authority, None), ("ward", ward, authority), ("lsoa", lsoa, ward)):
        if title is None:
            continue
        name = _names(sheet.header, title, cells)
        names = named.setdefault(kind, {})
        for at, code in enumerate(cells[title]):
            if kind_of(code) == kind and code not in names:
                names[code] = _short(sheet.file, name(at) or code)
                within[code] = cells[wider][at] if wider and kind_of(cells[wider][at]) else None
    year = _year(ward, sheet.name, sheet.file)
    return AreaFile(sheet.file, "lookup" if lsoa else "list", year, named, within)


def _is_prose(title: str, column: Column) -> bool:
    """Say whether a column is text to read: words in it, and not the names of places."""
    return not _NAMES.search(title) and any(" " in cell.strip() for cell in column.values)


def _postcodes(
    columns: dict[str, Column], postcode: str, ward: str | None, lsoa: str | None, authority: str | None
) -> tuple[tuple[str, str, str, str], ...]:
    def codes(title: str | None, kind: str) -> Iterable[str]:
        if title is None:
            return [""] * len(columns[postcode].codes)
        column = columns[title]
        known = [cell if kind_of(cell) == kind else "" for cell in column.values]
        return [known[code] for code in column.codes]

    return tuple(
        zip(
            columns[postcode].cells(), codes(ward, "ward"), codes(lsoa, "lsoa"), codes(authority, "authority"),
            strict=True,
        )
    )  # fmt: skip


def _column(columns: dict[str, Column], kind: str) -> str | None:
    return _best(columns, lambda cell: kind_of(cell) == kind)


def _best(columns: dict[str, Column], fits: Callable[[str], bool]) -> str | None:
    """Find the column nearly all of whose cells fit; of several the one of the latest year, then the first."""
    found = []
    for title, column in columns.items():
        cells = [cell for cell in column.values if cell.strip() and not cell.endswith("99999999")]
        if cells and sum(map(fits, cells)) >= _MOSTLY * len(cells):
            found.append(title)
    return max(found, key=_year, default=None)


def _needed(connection: Connection, found: AreaFile) -> tuple[list[tuple[str, str, str, str]], list[str]]:
    """Keep the postcodes of the authorities that the workspace knows; a whole country is of no use to it."""
    known = {
        code
        for (code,) in connection.execute(
            "select within from areas where kind = 'ward' and gone = 0 and within is not null"
            " union select code from areas where kind = 'authority' and gone = 0"
        )
    }
    by_code = [row for row in found.postcodes if row[3] in known]
    if by_code:
        left = len(found.postcodes) - len(by_code)
        return by_code, [f"{words.count(left, 'postcode')} of other councils left out."] if left else []
    if known and any(row[3] for row in found.postcodes):
        raise refusal(
            found.file, "other_authority", "None of its postcodes is in a council whose wards are known here."
        )
    if len(found.postcodes) > MOST_POSTCODES_ANYWHERE:
        raise refusal(
            found.file,
            "too_many_rows",
            f"It has {len(found.postcodes):,} postcodes, and the app does not know yet which council's are needed: "
            "import the ward boundaries of your council first.",
        )
    return list(found.postcodes), []


def _year(*texts: str) -> str:
    """Find a year in a heading (WD25CD, lsoa21_code) or in a file's name; "" where there is none."""
    for text in texts:
        if whole := re.findall(r"(?<!\d)(20\d\d)(?!\d)", text):
            return str(whole[-1])
        if short := re.findall(r"(?<!\d)([0-4]\d)(?!\d)", text):
            return f"20{short[-1]}"
    return ""


def _short(file: str, name: str) -> str:
    if len(name) > LONGEST_NAME:
        raise too_long(file, name)
    return name


def too_long(file: str, name: str) -> CisError:
    """Refuse a name that is longer than any area's, or any figure's."""
    return refusal(
        file,
        "name_too_long",
        f"The name “{name[:40]}…” in it has {len(name):,} characters; the most is {LONGEST_NAME}.",
    )


def some(names: list[str]) -> str:
    """Name up to eight of several things, and count the rest."""
    shown = [f"“{name[:60]}”" for name in names[:8]]
    return ", ".join(shown) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
