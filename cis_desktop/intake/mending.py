"""Rows that were sent back, with their cells put right: a list again, to be tried and brought in like any other."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cis_desktop.intake.reading import Column, Sheet


def mended(sheet: Sheet, cells: Mapping[int, Sequence[str]]) -> Sheet:
    """Give a list with other cells in some of its rows; `cells` are by the number of the row in the file."""
    places = {sheet.number(place): place for place in range(sheet.rows)} if cells else {}
    put = {places[number]: row for number, row in cells.items() if number in places}
    if not put:
        return sheet
    columns = []
    for at, column in enumerate(sheet.columns):
        # In this order: a cell that stands elsewhere in the column too stays one with it.
        values = dict.fromkeys((*column.values, *(row[at] for row in put.values())))
        known = {cell: code for code, cell in enumerate(values)}
        codes = array("I", column.codes)
        for place, row in put.items():
            codes[place] = known[row[at]]
        columns.append(Column(tuple(values), codes))
    return replace(sheet, columns=tuple(columns))


def rest(sheet: Sheet, numbers: Iterable[int]) -> Sheet:
    """Give the list of only these rows of a list, by their numbers in the file. It is a list of its own."""
    wanted = frozenset(numbers)
    places = [place for place in range(sheet.rows) if sheet.number(place) in wanted]
    columns = tuple(_column([column.values[column.codes[place]] for place in places]) for column in sheet.columns)
    mark = hashlib.sha256(sheet.sha256.encode())
    for place in places:
        mark.update("\x1f".join((str(sheet.number(place)), *sheet.row(place), "\n")).encode())
    return replace(
        sheet,
        columns=columns,
        rows=len(places),
        numbers=tuple(sheet.number(place) for place in places),
        sha256=mark.hexdigest(),
    )


def _column(cells: Sequence[str]) -> Column:
    known = {cell: code for code, cell in enumerate(dict.fromkeys(cells))}
    return Column(tuple(known), array("I", [known[cell] for cell in cells]))
