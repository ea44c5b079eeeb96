"""A table as people read it: one grid of headings and figures, the same in the page and in the report."""

from __future__ import annotations

from dataclasses import dataclass

from cis_desktop.disclosure.tables import TOTAL, Dimension, Key, ReleasedCell, ReleasedTable
from cis_desktop.words import amount

from .texts import HIDDEN, SUM, inert
from .tidy import PackTable, blank, headline_names, in_order

WIDEST = 7
"""The most categories that are set side by side; more are set one below another."""
WEIGHTS = ("kg", "lb")


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its headings, its figures, whether it is a total, and how deep its category lies in a hierarchy."""

    heads: tuple[str, ...]
    figures: tuple[str, ...]
    total: bool = False
    level: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """Column headings (those of the row headings first) and lines."""

    row_heads: tuple[str, ...]
    column_heads: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: `value` is None where the figure is hidden."""

    label: str
    value: int | None
    text: str


def figure(cell: ReleasedCell | None, unit: str) -> str:
    """Return a cell as people read it: the figure, [c] where it is hidden, or [x] where it never is released.

    What is only the sum of the figures shown says so beside it.
    """
    if cell is None:
        return HIDDEN
    if cell.status == "hidden" or cell.value is None:
        return blank(cell)
    return amount(cell.value, unit) + (f" {unit}" if unit in WEIGHTS else "") + (f" {SUM}" if cell.is_sum else "")


def grid(table: PackTable) -> Grid:
    """Lay a table out: categories below one another, and side by side where there are few of a second kind."""
    if table.is_headlines:
        return Grid(
            ("Measure",),
            ("Figure",),
            tuple(
                Line((name,), (figure(source.cells.get(()), source.shape.unit),))
                for name, source in zip(headline_names(table.sources), table.sources, strict=True)
            ),
        )
    source = table.source
    dimensions = source.shape.dimensions
    across = _across(dimensions)
    if across is None:
        return _long(source)
    beside = dimensions[across]
    down = [d for d in dimensions if d is not beside]
    columns = [(c.key, inert(c.label)) for c in in_order(beside)] + [(TOTAL, "Total")]
    lines = []
    for heads, key, total, level in _walk(down):
        full = [(*key[:across], column, *key[across:]) for column, _ in columns]
        lines.append(Line(heads, tuple(figure(source.cells.get(k), source.shape.unit) for k in full), total, level))
    return Grid(tuple(inert(d.label) for d in down), tuple(label for _, label in columns), tuple(lines))


def bars(table: PackTable, most: int = 25) -> tuple[Bar, ...]:
    """Return the bars of a table with one breakdown: its broadest categories, not their total.

    Nothing for other tables, and where there is no bar to draw.
    """
    source = table.source
    if len(source.shape.dimensions) != 1:
        return ()
    dimension = source.shape.dimensions[0]
    known = {c.key for c in dimension.categories}
    shown = [c for c in dimension.categories if c.parent not in known]
    if not 2 <= len(shown) <= most:
        return ()
    made = []
    for category in shown:
        cell = source.cells.get((category.key,))
        value = cell.value if cell and cell.status != "hidden" else None
        made.append(Bar(inert(category.label), value, figure(cell, source.shape.unit)))
    return tuple(made) if any(bar.value for bar in made) else ()


def _across(dimensions: tuple[Dimension, ...]) -> int | None:
    """Give which of several dimensions is set side by side: the one with fewest categories, if few enough."""
    if len(dimensions) < 2:
        return None
    fewest = min(range(len(dimensions)), key=lambda n: (len(dimensions[n].categories), -n))
    return fewest if len(dimensions[fewest].categories) <= WIDEST else None


def _long(source: ReleasedTable) -> Grid:
    dimensions = list(source.shape.dimensions)
    unit = source.shape.unit
    lines = tuple(
        Line(heads, (figure(source.cells.get(key), unit),), total, level)
        for heads, key, total, level in _walk(dimensions)
    )
    return Grid(tuple(inert(d.label) for d in dimensions), ("Figure",), lines)


def _walk(dimensions: list[Dimension]) -> list[tuple[tuple[str, ...], Key, bool, int]]:
    """Give every line of these dimensions: headings, key, whether any is a total, level of the last category."""
    lines: list[tuple[tuple[str, ...], Key, bool, int]] = [((), (), False, 0)]
    for dimension in dimensions:
        parents = {c.key: c.parent for c in dimension.categories}
        steps = []
        for category in in_order(dimension):
            level, above = 0, category.parent
            while above in parents:
                level, above = level + 1, parents[above]
            steps.append((inert(category.label), category.key, False, level))
        steps.append(("Total", TOTAL, True, 0))
        lines = [
            ((*heads, label), (*key, code), total or is_total, level)
            for heads, key, total, _ in lines
            for label, code, is_total, level in steps
        ]
    return lines
