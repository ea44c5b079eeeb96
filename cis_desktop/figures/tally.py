"""Count gathered rows into the cells of a table: the count, and how many persons and households stand behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cis_desktop.agreements import counting
from cis_desktop.disclosure.tables import TOTAL, Cell, Key, Shape
from cis_desktop.figures.categories import Breakdown
from cis_desktop.figures.gather import Numbers, Records, Rows

Level = Literal["total", "base", "broad"]

MOST_MARKS = 1 << 24
"""Up to so many (person, category) pairs are marked off on a board; beyond, they are sorted."""


@dataclass(slots=True)
class Planned:
    """A table of an agreement, ready to count. `slots` are its dimensions', `filters` are (slot, place)."""

    shape: Shape
    measure: str
    amount: str
    slots: list[int]
    breakdowns: list[Breakdown]
    filters: list[tuple[int, int]] = field(default_factory=list)

    @property
    def source(self) -> str:
        """Where its rows come from."""
        of = {self.breakdowns[slot].by for slot in (*self.slots, *(slot for slot, _ in self.filters))}
        source = counting.MEASURES[self.measure].source
        if source != "contacts":
            return source
        if "need" in of or "item" in of:
            return "needs" if "need" in of else "given"
        return "contacts" if of & set(counting.OF_CONTACTS) else "clients"


@dataclass(slots=True)
class Chosen:
    """The rows a table counts: who stands behind each, its contact, its place by slot, and what it adds.

    `behind` is set where a row stands for several persons. `once`: each contact (or observation) counts once per
    cell, whatever its rows.
    """

    records: Records
    record: Numbers
    unit: Numbers
    places: dict[int, Numbers]
    value: Numbers
    behind: Numbers | None
    once: bool


def cells(table: Planned, gathered: dict[str, Rows]) -> dict[Key, Cell]:
    """Count every cell of a table, totals included: different people of a total are not a sum of its parts."""
    chosen = choose(table, gathered[table.source])
    dimensions = table.shape.dimensions
    keys = product(*((TOTAL, *(category.key for category in dimension.categories)) for dimension in dimensions))
    found = dict.fromkeys(keys, Cell(0, 0, 0))
    for levels in product(*(_levels(table.breakdowns[slot]) for slot in table.slots)):
        found.update(_grouping(table, chosen, levels))
    return found


def records(table: Planned, gathered: dict[str, Rows], key: Key) -> list[int]:
    """Give the records that one cell counts, in order. Raises KeyError when the table has no such cell."""
    levels: list[Level] = []
    wanted = 0
    for slot, category in zip(table.slots, key, strict=True):
        breakdown = table.breakdowns[slot]
        if category == TOTAL:
            levels.append("total")
            continue
        place = breakdown.place(category)
        if place < 0:
            raise KeyError(category)
        levels.append("broad" if place in dict(breakdown.parents()).values() else "base")
        wanted = wanted * len(breakdown.categories) + place
    chosen = choose(table, gathered[table.source])
    keep, cell, _ = _placed(table, chosen, tuple(levels))
    numbers: list[int] = chosen.records.id[np.unique(chosen.record[keep & (cell == wanted)])].tolist()
    return numbers


def choose(table: Planned, rows: Rows) -> Chosen:
    """Choose the rows that a table counts, and say what each adds."""
    measure, own = table.measure, counting.MEASURES[table.measure].source
    keep = np.ones(len(rows.record), bool)
    for slot, place in table.filters:
        at = rows.place(slot)
        keep &= (at == place) | (broader(table.breakdowns[slot])[at] == place)
    if own == "given":
        keep &= rows.values[table.amount] != 0
    elif own == "needs":
        keep &= rows.values["known"] == 1
    elif measure == "unique_people":
        # Only people who are known can be told apart, and only households that are.
        keep &= (rows.records.id > 0)[rows.record]
    elif measure == "unique_households":
        keep &= (rows.records.home != 0)[rows.record]
    names = {"given": table.amount, "sessions": "helped"}
    name = names.get(own, {"people_helped": "helped", "contacts": "contacts"}.get(measure, ""))
    value = rows.values[name] if name in rows.values else np.ones(len(rows.record), np.int64)
    chosen = Chosen(
        records=rows.records,
        record=rows.record[keep],
        unit=rows.unit[keep],
        places={},
        value=value[keep],
        behind=None,
        once=own == "observations" or (own == "contacts" and table.source in ("needs", "given")),
    )
    split = measure in ("people_helped", "head_count")
    for slot in table.slots:
        if not (split and table.breakdowns[slot].by == "adult_child"):
            chosen.places[slot] = rows.place(slot)[keep]
    for slot in table.slots:
        if slot not in chosen.places:
            chosen = _adults_and_children(chosen, slot, *(rows.values[half][keep] for half in ("adults", "children")))
    if own == "sessions":
        chosen.behind = chosen.value
    if measure == "sessions":
        chosen.value = np.ones(len(chosen.record), np.int64)
    return chosen


def broader(breakdown: Breakdown) -> Numbers:
    """Give, for each place, that of the broader row it belongs to, or -1."""
    found = np.full(max(len(breakdown.categories), 1), -1, np.int64)
    for at, parent in breakdown.parents():
        found[at] = parent
    return found


def _levels(breakdown: Breakdown) -> tuple[Level, ...]:
    return ("total", "base", "broad") if breakdown.parents() else ("total", "base")


def _adults_and_children(chosen: Chosen, slot: int, adults: Numbers, children: Numbers) -> Chosen:
    """Tell adults, children and those of whom it is not known apart, as rows of their own (places 0, 1 and 2)."""
    value = np.concatenate([adults, children, chosen.value - adults - children])
    kept = np.flatnonzero(value > 0)
    place, at = np.divmod(kept, max(len(chosen.record), 1))
    places = {other: of[at] for other, of in chosen.places.items()} | {slot: place}
    # A contact's adults and its children are counted once each.
    unit = chosen.unit[at] * 3 + place
    return Chosen(chosen.records, chosen.record[at], unit, places, value[kept], None, chosen.once)


def _grouping(table: Planned, chosen: Chosen, levels: tuple[Level, ...]) -> dict[Key, Cell]:
    """Count the cells in which each dimension is at its level; empty ones are not given."""
    keep, cell, size = _placed(table, chosen, levels)
    record, unit, value, behind = chosen.record, chosen.unit, chosen.value, chosen.behind
    if not keep.all():
        cell, record, unit, value = cell[keep], record[keep], unit[keep], value[keep]
        behind = behind[keep] if behind is not None else None
    if behind is not None:
        persons = homes = np.bincount(cell, behind, size)
    else:
        persons = _different(record, cell, size)
        homes = _different(chosen.records.home[record], cell, size)
    none = (np.zeros(size, np.int64), np.zeros(size, np.int64))
    if table.measure == "unique_people":
        counts = persons
    elif table.measure == "unique_households":
        counts = homes
    else:
        if chosen.once:
            first = np.unique(unit * size + cell, return_index=True)[1]
            cell, value = cell[first], value[first]
        counts = np.bincount(cell, value, size)
    first, second = _two_largest(chosen.records.home[record], cell, value, size) if table.measure == "money" else none
    return {
        _key(table, levels, at): Cell(
            int(counts[at]), int(persons[at]), int(homes[at]), (int(first[at]), int(second[at]))
        )
        for at in np.flatnonzero((counts != 0) | (persons != 0)).tolist()
    }


def _placed(table: Planned, chosen: Chosen, levels: tuple[Level, ...]) -> tuple[NDArray[np.bool_], Numbers, int]:
    """Number the cell of each row: which rows are in any, the numbers, and how many cells there are."""
    cell = np.zeros(len(chosen.record), np.int64)
    keep = np.ones(len(cell), bool)
    size = 1
    for slot, level in zip(table.slots, levels, strict=True):
        if level == "total":
            continue
        breakdown = table.breakdowns[slot]
        place = chosen.places[slot] if level == "base" else broader(breakdown)[chosen.places[slot]]
        # A row that no broader row holds (not known, not asked) is not in the broad level.
        keep &= place >= 0
        cell = cell * len(breakdown.categories) + place
        size *= len(breakdown.categories)
    return keep, cell, size


def _different(number: Numbers, cell: Numbers, size: int) -> Numbers:
    """Count, for each cell, the different numbers in it."""
    if not len(number):
        return np.zeros(size, np.int64)
    low = int(number.min())
    span = int(number.max()) - low + 1
    if span * size <= MOST_MARKS:
        marks = np.zeros(span * size, bool)
        marks[(number - low) * size + cell] = True
        counted: Numbers = marks.reshape(span, size).sum(0)
        return counted
    found: Numbers = np.bincount(np.unique((number - low) * size + cell) % size, minlength=size)
    return found


def _two_largest(home: Numbers, cell: Numbers, value: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """Give, for each cell, the two largest shares that households have of its sum."""
    first, second = np.zeros(size, np.int64), np.zeros(size, np.int64)
    if len(home):
        low, span = int(home.min()), int(home.max() - home.min()) + 1
        pairs, at = np.unique(cell * span + home - low, return_inverse=True)
        shares = np.bincount(at, value).astype(np.int64)
        order = np.lexsort((shares, pairs // span))
        where, shares = pairs[order] // span, shares[order]
        # In order of cell and share, each cell's last is its largest and the one before it, if it is of the same, next.
        last = np.flatnonzero(np.diff(where, append=size))
        first[where[last]] = shares[last]
        before = last[(last > 0) & (where[last - 1] == where[last])]
        second[where[before]] = shares[before - 1]
    return first, second


def _key(table: Planned, levels: tuple[Level, ...], at: int) -> Key:
    """Give the key of the cell with a number: the places it was made of, last dimension first."""
    key = [TOTAL] * len(levels)
    for place in reversed(range(len(levels))):
        if levels[place] != "total":
            categories = table.breakdowns[table.slots[place]].categories
            at, category = divmod(at, len(categories))
            key[place] = categories[category].key
    return tuple(key)
