"""The figures of a report as they are shown to the group: its own exact numbers, what would be seen, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cis_desktop import words
from cis_desktop.disclosure.tables import TOTAL, CellId, Key

if TYPE_CHECKING:
    from cis_desktop.disclosure.seen import Span
    from cis_desktop.disclosure.tables import Release, ReleasedCell, Shape, Table

HEADLINES = "headlines"


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: the words of its rows, the exact figure, what would be seen, and why it is not the same.

    `value` is what would be seen as a number, None where that is hidden or nothing is said of it. `plain` is what
    would be seen if nothing were rounded.
    """

    table: str
    title: str
    key: Key
    identity: CellId
    labels: tuple[str, ...]
    exact: str
    seen: str
    value: int | None
    why: str
    plain: str = ""
    unit: str = ""

    @property
    def row(self) -> str:
        """Give the words of its row in one."""
        return ", ".join(self.labels)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is shown at once: one table, or all figures that are broken down by nothing. `heads` name its labels."""

    id: str
    title: str
    heads: tuple[str, ...]
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...]

    @property
    def hidden(self) -> int:
        """Say how many of its figures are hidden."""
        return sum(bool(each.why) for each in self.figures)


def tr(text: str) -> str:
    """Translate the words of a figure."""
    return QCoreApplication.translate("figures", text)


def sheets(exact: Iterable[Table], release: Release | None) -> list[Sheet]:
    """Give what is shown one at a time: the headline figures together first, then each table."""
    every = tuple(exact)
    alone = tuple(each for each in every if not each.shape.dimensions)
    found = []
    if alone:
        rows = tuple(figure for each in alone for figure in figures(each, release))
        found.append(Sheet(HEADLINES, tr("Headline figures"), (tr("Figure"),), alone, rows))
    for each in every:
        if each.shape.dimensions:
            heads = tuple(dimension.label for dimension in each.shape.dimensions)
            found.append(Sheet(each.shape.id, each.shape.title, heads, (each,), tuple(figures(each, release))))
    return found


def hidden(found: Iterable[Sheet]) -> list[Figure]:
    """List the hidden figures, one that is in several tables once."""
    every = [figure for sheet in found for figure in sheet.figures if figure.why]
    return list({figure.identity: figure for figure in reversed(every)}.values())[::-1]


def figures(table: Table, release: Release | None) -> list[Figure]:
    """List the cells of a table in its own order, totals last; without a release nothing is said of what is seen."""
    shape = table.shape
    seen = next((each for each in release.tables if each.shape.id == shape.id), None) if release else None
    found = []
    for key in keys(shape):
        cell = table.cells.get(key)
        if cell is None:
            continue
        shown = seen.cells.get(key) if seen else None
        identity = shape.identity(key)
        why = release.reasons.get(identity, "") if release else ""
        found.append(
            Figure(
                shape.id, shape.title, key, identity,
                labels(shape, key) or (_short(shape.title),),
                words.amount(cell.count, shape.unit),
                said(shown, shape.unit),
                shown.value if shown is not None and shown.status != "hidden" else None,
                why[:1].upper() + why[1:],
                said(shown, shape.unit) if why else words.amount(cell.count, shape.unit),
                shape.unit,
            )
        )  # fmt: skip
    return found


def keys(shape: Shape) -> list[Key]:
    """Give the keys of a table in the order of its rows."""
    parts = [[*(category.key for category in each.categories), TOTAL] for each in shape.dimensions]
    return [tuple(key) for key in product(*parts)]


def labels(shape: Shape, key: Key) -> tuple[str, ...]:
    """Give the words of a key, one for each dimension."""
    return tuple(
        tr("All") if part == TOTAL else next((c.label for c in each.categories if c.key == part), part)
        for each, part in zip(shape.dimensions, key, strict=True)
    )


def said(cell: ReleasedCell | None, unit: str) -> str:
    """Say what would be seen of a cell."""
    if cell is None:
        return ""
    if cell.withheld:
        return tr("not released")
    if cell.status == "hidden" or cell.value is None:
        return tr("hidden")
    amount = words.amount(cell.value, unit)
    if cell.is_sum:
        return tr("%1 (sum of what is shown)").replace("%1", amount)
    return tr("%1 (rounded)").replace("%1", amount) if cell.status == "rounded" else amount


def how(figure: Figure, tables: Iterable[Table], release: Release) -> str:
    """Say how a figure came to be hidden, and what a reader could still take it for. For the group's own eyes."""
    table = next(each for each in tables if each.shape.id == figure.table)
    cell, unit = table.cells[figure.key], table.shape.unit
    behind = (
        tr("Behind it: %1 in %2.")
        .replace("%1", words.count(cell.persons, tr("person"), tr("people")))
        .replace("%2", words.count(cell.households, tr("household"), tr("households")))
    )
    lines = [behind]
    if pair := release.witnesses.get(figure.identity):
        low, high = (words.amount(each[figure.identity], unit) for each in pair)
        lines.append(
            tr("Proof: to whoever has everything that is shown, it could be %1 and it could be %2. Both fit.")
            .replace("%1", low)
            .replace("%2", high)
        )
    return " ".join(lines)


def could_be(figure: Figure, spans: Mapping[CellId, Span]) -> str:
    """Say what a reader could work out of a figure: itself, or between which two numbers it must be."""
    span = spans.get(figure.identity)
    if span is None:
        return "…"
    least = words.amount(span.least, figure.unit)
    if span.most is None:
        return tr("%1 or more").replace("%1", least)
    if span.most == span.least:
        return least
    return tr("%1 to %2").replace("%1", least).replace("%2", words.amount(span.most, figure.unit))


def _short(title: str) -> str:
    """Name a headline figure: "Different people" of "Headline figures: different people"."""
    short = title.rpartition(": ")[2]
    return short[:1].upper() + short[1:]
