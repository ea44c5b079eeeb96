"""Released tables as tidy rows: one figure a row, the same text in the CSV file, the workbook and the checks.

Every outlet draws from these rows, so what is made harmless here is harmless everywhere.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from cis_desktop.disclosure.tables import TOTAL, Category, Dimension, Key, Release, ReleasedCell, ReleasedTable, Shape

from .details import Details
from .texts import HIDDEN, NOT_AVAILABLE, SUM, inert, slug, unit_name, written

HEADLINES = "headlines"
EVERYBODY = "Everybody the group sees, wherever they live"
"""An agreement's area says who asks and leaves nobody out, so totals for two areas are one figure."""
AFTER = ("filters", "measure", "measure_code", "unit", "value", "status", "at_least", "at_most")
BEFORE = ("group", "agreement", "period", "area", "area_code")
FIGURES = ("value", "at_least", "at_most")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A dimension as files carry it: the name of its column, and everything a reader needs to add it up."""

    column: str
    dimension: Dimension


@dataclass(frozen=True, slots=True)
class PackTable:
    """One table of a pack. `rows` are the CSV's texts; `sources` the released tables they came from."""

    id: str
    title: str
    how_counted: str
    unit: str
    breakdowns: tuple[Breakdown, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[ReleasedTable, ...]

    @property
    def source(self) -> ReleasedTable:
        """Give the released table that this one is (or the first of the headlines)."""
        return self.sources[0]

    @property
    def is_headlines(self) -> bool:
        """Say whether this table holds the headline figures, one measure a row."""
        return not self.breakdowns

    def csv(self) -> bytes:
        """Return the table as a CSV file: UTF-8, LF, minimal quotes (RFC 4180)."""
        return as_csv(self.columns, self.rows)


def as_csv(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> bytes:
    """Return rows of texts as a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode()


def tables(release: Release, details: Details) -> tuple[PackTable, ...]:
    """Return the pack's tables: all headline figures as one table first, then each table in its order."""
    headlines = tuple(t for t in release.tables if not t.shape.dimensions)
    names = measure_names(release)
    made = [_headlines(headlines, details)] if headlines else []
    taken = {HEADLINES}
    for table in release.tables:
        if table.shape.dimensions:
            made.append(_table(table, details, names, _unused(slug(table.shape.id, 60), taken)))
    return tuple(made)


def measure_names(release: Release) -> dict[str, str]:
    """Give each measure's name for people: its headline's title, else its code in words."""
    names = {t.shape.measure: inert(t.shape.measure.replace("_", " ").capitalize()) for t in release.tables}
    headlines = tuple(t for t in release.tables if not t.shape.dimensions)
    for table, name in zip(headlines, headline_names(headlines), strict=True):
        if not table.shape.filters:
            names[table.shape.measure] = name
    return names


def headline_names(parts: tuple[ReleasedTable, ...]) -> tuple[str, ...]:
    """Name headline figures: "Different people" of "Headline figures: different people" where that is enough."""
    whole = [inert(part.shape.title) for part in parts]
    short = [text.rpartition(": ")[2] for text in whole]
    chosen = short if len(set(short)) == len(short) else whole
    return tuple(text[:1].upper() + text[1:] for text in chosen)


def keys(shape: Shape) -> Iterator[Key]:
    """Give the keys of a table in reading order: categories as listed, broader ones first, each total last."""
    lines: list[Key] = [()]
    for dimension in shape.dimensions:
        ordered = [category.key for category in in_order(dimension)]
        lines = [(*line, key) for line in lines for key in (*ordered, TOTAL)]
    return iter(lines)


def in_order(dimension: Dimension) -> list[Category]:
    """Give a dimension's categories with each broader one just before its narrower ones."""
    below: dict[str | None, list[Category]] = {}
    known = {category.key for category in dimension.categories}
    for category in dimension.categories:
        below.setdefault(category.parent if category.parent in known else None, []).append(category)
    ordered: list[Category] = []
    stack = list(reversed(below.get(None, [])))
    while stack:
        category = stack.pop()
        ordered.append(category)
        stack.extend(reversed(below.get(category.key, [])))
    return ordered


def _headlines(parts: tuple[ReleasedTable, ...], details: Details) -> PackTable:
    names = headline_names(parts)
    units = {part.shape.unit for part in parts}
    whole = EVERYBODY if all(part.shape.everywhere for part in parts) else "Whole area"
    return PackTable(
        id=HEADLINES,
        title="Headline figures",
        how_counted=f"{whole}, whole period, no breakdown.",
        unit=units.pop() if len(units) == 1 else "",
        breakdowns=(),
        columns=(*BEFORE, *AFTER),
        rows=tuple(row for part, name in zip(parts, names, strict=True) for row in _rows(part, details, name)),
        sources=parts,
    )


def _table(table: ReleasedTable, details: Details, names: dict[str, str], name: str) -> PackTable:
    shape = table.shape
    taken = {*BEFORE, *AFTER}
    breakdowns = tuple(
        Breakdown(_unused(slug(dimension.id).replace("-", "_"), taken, "_code"), dimension)
        for dimension in shape.dimensions
    )
    return PackTable(
        id=name,
        title=inert(shape.title),
        how_counted=inert(shape.how_counted) + (f" {EVERYBODY}." if shape.everywhere else ""),
        unit=shape.unit,
        breakdowns=breakdowns,
        columns=(*BEFORE, *(c for b in breakdowns for c in (b.column, f"{b.column}_code")), *AFTER),
        rows=tuple(_rows(table, details, names[shape.measure])),
        sources=(table,),
    )


def _rows(table: ReleasedTable, details: Details, measure: str) -> Iterator[tuple[str, ...]]:
    shape = table.shape
    labels = [{c.key: inert(c.label) for c in d.categories} | {TOTAL: "Total"} for d in shape.dimensions]
    places = next((n for n, d in enumerate(shape.dimensions) if d.kind == "area"), None)
    filters = inert("; ".join(f"{name}={value}" for name, value in shape.filters))
    for key in keys(shape):
        cell = table.cells.get(key)
        if cell is None:
            continue
        identity = shape.identity(key)
        area = labels[places][key[places]] if places is not None and key[places] != TOTAL else inert(shape.area_label)
        # A council that copies one row out must not take a sum of what is shown for how many there were.
        note = f" {SUM}" if cell.is_sum else ""
        value = blank(cell) if cell.status == "hidden" or cell.value is None else written(cell.value, shape.unit)
        yield (
            details.group,
            details.agreement_line,
            inert(identity.period),
            area,
            inert(identity.area),
            *(t for n, code in enumerate(key) for t in (labels[n][code] + note * (code == TOTAL), inert(code))),
            filters,
            measure + note,
            inert(shape.measure),
            unit_name(shape.unit),
            value,
            cell.status,
            written(cell.at_least, shape.unit),
            "" if cell.at_most is None else written(cell.at_most, shape.unit),
        )


def blank(cell: ReleasedCell) -> str:
    """Return the symbol that stands in place of a hidden figure."""
    return NOT_AVAILABLE if cell.withheld else HIDDEN


def _unused(name: str, taken: set[str], also: str = "") -> str:
    """Return `name`, numbered when it (or it with `also` behind) is taken, and take it."""
    tried, n = name, 1
    while tried in taken or (also and tried + also in taken):
        n += 1
        tried = f"{name}_{n}"
    taken.update({tried, tried + also})
    return tried
