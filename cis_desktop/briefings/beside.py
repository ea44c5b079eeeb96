"""Their figures beside ours, ward by ward, with rates.

Two functions, so that what is for the group's own eyes cannot be sent by mistake: `for_own_eyes` takes exact tables;
`for_leaving` takes released ones only, and knows nothing that was not published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypeVar

from cis_desktop.briefings.model import Figure, Series
from cis_desktop.disclosure.rates import rate
from cis_desktop.disclosure.tables import TOTAL, Cell, Key, ReleasedCell, ReleasedTable, Shape, Table
from cis_desktop.errors import CisError

OursStatus = Literal["value", "rounded", "hidden", "absent"]

AnyCell = TypeVar("AnyCell", Cell, ReleasedCell)

PER = 1_000

_EVERYBODY = re.compile(
    r"(?:(?:total|all|usual|resident|ward|mid-year|estimated) )*(?:population|residents|people|persons|inhabitants)"
    r"(?: estimates?)?(?:,? 20\d\d)?(?:,? (?:mid|all ages|total).*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LeavingRow:
    """A ward, what the council says of it, what we released of it, and our released figure for each 1,000 there.

    `ours_status` is "absent" where we count nothing there; `rate` is None where there is none that may be shown.
    """

    code: str
    name: str
    theirs: Decimal | None
    theirs_status: str
    ours: int | None
    ours_status: OursStatus
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class OwnRow:
    """The same with our exact figure and its rate: for the group's own screen, and never for a file that leaves."""

    leaving: LeavingRow
    exact: int | None
    exact_rate: Decimal | None


def for_leaving(
    theirs: Sequence[Figure], released: ReleasedTable, base: Sequence[Figure] | None = None
) -> tuple[LeavingRow, ...]:
    """Set figures of a council beside released ones, by ward, in their order; then the wards that only we have.

    `base` is what rates are for each 1,000 of (else the figures themselves, where they are counts). A rate is made
    from released values alone, and never over a hidden cell. Raises CisError `no_wards` for a table not by ward.
    """
    ours = _by_ward(released.shape, released.cells)
    over = {figure.area_code: figure for figure in _one_each(theirs if base is None else base)}
    named = [(one.area_code, one.area_name, one) for one in _one_each(theirs)]
    seen = {figure.area_code for figure in theirs}
    rest = [(code, name, None) for code, name in _wards(released.shape) if code not in seen]
    return tuple(_row(code, name, one, ours.get(code), over.get(code)) for code, name, one in (*named, *rest))


def for_own_eyes(
    theirs: Sequence[Figure], released: ReleasedTable, exact: Table, base: Sequence[Figure] | None = None
) -> tuple[OwnRow, ...]:
    """Set figures of a council beside our released and our exact ones. Never for anything that leaves."""
    truth = _by_ward(exact.shape, exact.cells)
    over = {figure.area_code: figure for figure in _one_each(theirs if base is None else base)}
    rows = []
    for row in for_leaving(theirs, released, base):
        count = truth[row.code].count if row.code in truth else None
        rows.append(OwnRow(row, count, _rate(count, over.get(row.code))))
    return tuple(rows)


def bases(every: Sequence[Series]) -> list[Series]:
    """Give what rates can be made over: counts by ward, the newest of each indicator, all residents first."""
    newest: dict[str, Series] = {}
    for series in every:
        if not _once_each(figure.area_code for figure in series.figures):
            continue
        known = [figure for figure in series.figures if figure.value is not None]
        if known and all(map(is_base, known)):
            before = newest.get(series.indicator)
            if before is None or series.period > before.period:
                newest[series.indicator] = series
    return sorted(newest.values(), key=lambda series: not is_of_everybody(series))


def _once_each(codes: Iterable[str]) -> bool:
    """Say whether no area comes twice; a long table of many figures an area is put aside at its second row or so."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            return False
        seen.add(code)
    return True


def is_of_everybody(series: Series) -> bool:
    """Say whether a series counts all who live in a ward, going by what it is called."""
    return bool(_EVERYBODY.fullmatch(series.indicator.strip()))


def _by_ward(shape: Shape, cells: dict[Key, AnyCell]) -> dict[str, AnyCell]:
    at = _ward_at(shape)
    if at is None:
        raise CisError(
            "no_wards",
            "This table is not by ward",
            f"“{shape.title}” is not broken down by ward, so it cannot stand beside figures by ward. Nothing was "
            "changed. Choose a table that is.",
        )
    return {
        key[at]: cell
        for key, cell in cells.items()
        if key[at] != TOTAL and all(part == TOTAL for place, part in enumerate(key) if place != at)
    }


def _ward_at(shape: Shape) -> int | None:
    return next((at for at, dimension in enumerate(shape.dimensions) if dimension.kind == "area"), None)


def _wards(shape: Shape) -> list[tuple[str, str]]:
    at = _ward_at(shape)
    return [] if at is None else [(c.key, c.label) for c in shape.dimensions[at].categories]


def _one_each(theirs: Sequence[Figure]) -> list[Figure]:
    """Keep one figure for each ward; two would make two rows of it, and a rate over neither."""
    codes = [figure.area_code for figure in theirs]
    if len(set(codes)) < len(codes):
        raise CisError(
            "several_figures",
            "There are several figures for one ward",
            "These figures are of several periods or kinds, so a ward would stand there twice. Nothing was changed. "
            "Choose one indicator of one period.",
        )
    return list(theirs)


def _row(code: str, name: str, figure: Figure | None, ours: ReleasedCell | None, over: Figure | None) -> LeavingRow:
    status: OursStatus = "absent"
    value = None
    if ours is not None:
        status, value = ours.status, ours.value if ours.status != "hidden" else None
    return LeavingRow(
        code=code,
        name=name,
        theirs=figure.value if figure else None,
        theirs_status=figure.status if figure else "not_available",
        ours=value,
        ours_status=status,
        rate=rate(ours, over.value, PER) if ours and over and over.value and is_base(over) else None,
    )


def _rate(ours: int | None, figure: Figure | None) -> Decimal | None:
    """Give ours for each 1,000 of theirs, to a tenth; only over a count, since a share has no thousands."""
    if ours is None or figure is None or figure.value is None or not is_base(figure):
        return None
    return (PER * Decimal(ours) / figure.value).quantize(Decimal("0.1"), ROUND_HALF_UP)


def is_base(figure: Figure) -> bool:
    """Say whether rates can be made over a figure: a count above zero, and not a share, a ratio or an average."""
    counts = not figure.measure or figure.measure.casefold() in ("count", "number", "total", "frequency")
    whole = figure.value is not None and figure.value > 0 and figure.value == figure.value.to_integral_value()
    return counts and whole
