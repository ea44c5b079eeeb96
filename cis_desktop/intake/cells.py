"""Understand the distinct cells of one mapped column: each a value, nothing, or why it cannot be taken."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec import structs

from cis_desktop.intake.mapping import DESCRIBED, NOT_ANSWERED, ColumnMapping, Mapping
from cis_desktop.intake.reading import Column
from cis_desktop.intake.splitting import organisations, pieces
from cis_desktop.intake.values import (
    GRAMS,
    Wrong,
    clock,
    day,
    fold,
    grams,
    part_of_one,
    pence,
    postcode,
    ward,
    whole,
)

EARLIEST_BIRTH = 1900
OLDEST = 120


@dataclass(frozen=True, slots=True)
class Understood:
    """Per distinct cell of a column: its value (or None, or `Wrong`); texts that fit nowhere; times of day.

    `unit` is what the values are in, where that is another than the mapping says.
    """

    values: list[object]
    left_over: dict[int, str] = field(default_factory=dict)
    times: list[str | None] = field(default_factory=list)
    unit: str | None = None

    @property
    def wrong(self) -> dict[int, str]:
        """Give the distinct cells that cannot be taken, and why."""
        return {code: value.why for code, value in enumerate(self.values) if isinstance(value, Wrong)}


def understand(column: Column, meant: ColumnMapping, mapping: Mapping, today: datetime.date) -> Understood:
    """Understand every distinct cell of a column as its mapping says."""
    target = meant.target
    meant = structs.replace(meant, values={fold(word): code for word, code in meant.values.items()})
    if target in ("needs", "items"):
        return _several(column, meant)
    cells = [_meant(cell.strip(), meant) for cell in column.values]
    if target in DESCRIBED:
        return _described(column, cells, meant)
    if target == "payer":
        return _payers(column, cells, meant)
    if target in ("postcode", "ward"):
        area = postcode if target == "postcode" else ward
        found = [area(cell) if cell else None for cell in cells]
        odd = {code: f"{meant.header}: {cell}" for code, cell in enumerate(cells) if cell and not found[code]}
        return Understood(list(found), odd)
    if target == "date":
        latest = mapping.latest or today
        order = mapping.date_order or "iso"
        dates = [
            _iso(day(cell, order, mapping.earliest, latest)) if cell else Wrong("there is no date") for cell in cells
        ]
        return Understood(list(dates), times=[clock(cell) for cell in cells])
    rule, unit = _rule(target, mapping, today), None
    if target.startswith("item:") and meant.unit in GRAMS and any(part_of_one(cell) for cell in cells):
        weighed: str = meant.unit
        rule, unit = lambda cell: grams(cell, mapping.most_given, weighed) or None, "g"
    values = [rule(cell) if cell else None for cell in cells]
    return Understood([_known(value, cell, meant) for value, cell in zip(values, cells, strict=True)], unit=unit)


def _rule(target: str, mapping: Mapping, today: datetime.date) -> Callable[[str], object]:
    """Give the rule by which a filled cell of this target is understood."""
    if target.startswith("item:"):
        return lambda cell: whole(cell, mapping.most_given, "quantities") or None
    if target == "money":
        return lambda cell: pence(cell, mapping.most_pence) or None
    if target in ("adults", "children", "helped"):
        return lambda cell: whole(cell, mapping.most_people, "people")
    if target == "minutes":
        return lambda cell: whole(cell, mapping.most_given, "minutes")
    if target == "birth_year":
        return lambda cell: _birth_year(whole(cell, today.year, "years"))
    if target == "birth_date":
        first = datetime.date(EARLIEST_BIRTH, 1, 1)
        return lambda cell: _year(day(cell, mapping.date_order or "iso", first, today))
    if target == "age":
        # the age reached in the reference year, as figures count it: no more can be known from an age
        year = mapping.reference_date.year if mapping.reference_date else today.year
        return lambda cell: _born(whole(cell, OLDEST, "years"), year)
    if target in ("reference", "second_reference", "household"):
        return lambda cell: cell if cell.strip("0") else None  # a number of 0 is how programs write "none"
    return lambda cell: cell


def _meant(cell: str, meant: ColumnMapping) -> str:
    cell = cell or meant.default
    return meant.values.get(fold(cell), cell) if meant.values and cell else cell


def _known(value: object, cell: str, meant: ColumnMapping) -> object:
    """Hold a column whose words are listed to its list, when the mapping says so."""
    if not meant.values or not cell or cell in meant.values.values() or isinstance(value, Wrong):
        return value
    if meant.otherwise == "reject":
        return Wrong(f"“{cell}” is not in the list of this column")
    return None if meant.otherwise == "leave_out" else value


def _several(column: Column, meant: ColumnMapping) -> Understood:
    """Part each cell; give the codes of its parts as `need:…` or `item:…`, and the cell where a part is unknown."""
    kind = "need:" if meant.target == "needs" else "item:"
    values: list[object] = []
    left_over: dict[int, str] = {}
    for place, cell in enumerate(column.values):
        cell = cell.strip() or meant.default
        codes: list[str] = []
        result: object = None
        for piece in pieces(cell, meant.split):
            code = meant.values.get(piece) or (piece if meant.otherwise == "keep" else None)
            if code is not None:
                codes.append(code if ":" in code else kind + code)
            elif meant.otherwise == "note":
                left_over[place] = f"{meant.header}: {cell}"
            elif meant.otherwise == "reject":
                result = Wrong(f"“{piece}” is not in the list of this column")
        values.append(result or tuple(dict.fromkeys(codes)) or None)
    return Understood(values, left_over)


def _described(column: Column, cells: list[str], meant: ColumnMapping) -> Understood:
    values: list[object] = []
    for cell in cells:
        if not cell:
            values.append(None)
        elif cell in NOT_ANSWERED:
            values.append((None, cell))
        else:
            known = _known(cell, cell, meant)
            values.append((known, "answered") if isinstance(known, str) else known)
    return Understood(values)


def _payers(column: Column, cells: list[str], meant: ColumnMapping) -> Understood:
    """Give the organisation that paid; where a cell names several, or sums, the whole cell is kept as a note."""
    values: list[object] = []
    left_over: dict[int, str] = {}
    for code, cell in enumerate(cells):
        names = organisations(cell)
        values.append(names[0] if len(names) == 1 else None)
        if names and [cell] != names:
            left_over[code] = f"{meant.header}: {cell}"
    return Understood(values, left_over)


def _iso(date: datetime.date | Wrong) -> str | Wrong:
    return date if isinstance(date, Wrong) else date.isoformat()


def _year(date: datetime.date | Wrong) -> int | Wrong:
    return date if isinstance(date, Wrong) else date.year


def _born(age: int | Wrong, year: int) -> int | Wrong:
    return age if isinstance(age, Wrong) else year - age


def _birth_year(year: int | Wrong) -> int | Wrong:
    if isinstance(year, int) and year < EARLIEST_BIRTH:
        return Wrong(f"{year} is before {EARLIEST_BIRTH}, so it is no birth year of anybody helped")
    return year
