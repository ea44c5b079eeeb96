"""An agreement and a period in, exact tables out. The counting is done by the vault; nothing here leaves the laptop."""

from __future__ import annotations

from dataclasses import replace

from cis_desktop import words
from cis_desktop.agreements import Agreement, counting
from cis_desktop.agreements.model import Counted, Dimension
from cis_desktop.agreements.model import Table as Asked
from cis_desktop.agreements.naming import NOT_ASKED, PREFER_NOT, UNKNOWN
from cis_desktop.disclosure.bands import impossible
from cis_desktop.disclosure.tables import TOTAL, Shape, Table
from cis_desktop.errors import CisError
from cis_desktop.figures.categories import LABELS, breakdown, fold
from cis_desktop.figures.gather import Wanted, gather
from cis_desktop.figures.periods import Period
from cis_desktop.figures.tally import Planned, cells
from cis_desktop.vault.tables import Connection


def tables(connection: Connection, agreement: Agreement, period: Period) -> tuple[Table, ...]:
    """Count the tables of an agreement over a period.

    Each measure of each table of the agreement gives one table, with a cell for every key: the exact count in whole
    units (money in pence), and how many persons and households stand behind it. Tables that the agreement asks for
    in another kind of period are left out. Raises CisError when that leaves none.
    """
    wanted, planned = plan(connection, agreement, period)
    gathered = gather(connection, wanted)
    return tuple(Table(each.shape, cells(each, gathered)) for each in planned)


def is_empty(found: tuple[Table, ...]) -> bool:
    """Say whether nothing at all was written down for these tables: every cell is nought, with nobody behind it."""
    return not any(cell.count or cell.persons for table in found for cell in table.cells.values())


def filled(found: tuple[Table, ...]) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """Part the tables that say something from those nobody wrote anything down for; give the titles of the latter.

    A nought for parcels from a group that keeps no count of parcels would be untrue, and a table whose people are all
    in "not asked" says nothing. They are left out of what is released, by name.
    """
    kept = tuple(table for table in found if _says_something(table))
    return kept, tuple(table.shape.title for table in found if table not in kept)


def _says_something(table: Table) -> bool:
    silent = {UNKNOWN, PREFER_NOT, NOT_ASKED}
    return any(
        cell.count and not silent.intersection(key) and (not key or set(key) != {TOTAL})
        for key, cell in table.cells.items()
    )


def plan(connection: Connection, agreement: Agreement, period: Period) -> tuple[Wanted, list[Planned]]:
    """Work out what to gather and count. Raises CisError when no table is asked for in such a period."""
    asked = [each for each in agreement.tables if each.period in ("any", period.kind)]
    if not asked:
        kinds = words.listed(sorted({f"a {each.period}" for each in agreement.tables}), "or")
        raise CisError(
            "wrong_period",
            "This agreement asks for other periods",
            f"“{agreement.title}” asks for figures for {kinds}, and {period.label} is not one. Nothing was changed. "
            "Choose such a period.",
        )
    wanted = Wanted(period)
    return wanted, [
        _planned(connection, agreement, each, counted, wanted) for each in asked for counted in each.measures
    ]


def _planned(connection: Connection, agreement: Agreement, asked: Asked, counted: Counted, wanted: Wanted) -> Planned:
    measure, period, area = counted.measure, wanted.period, agreement.area
    counting_of = counting.MEASURES[measure]
    unit = (counted.unit or counting_of.unit) if measure == "weight" else counting_of.unit
    amount = f"weight_{unit}" if measure == "weight" else measure
    slots = []
    for dimension in asked.dimensions:
        found = breakdown(connection, dimension, measure, area, period)
        slots.append(wanted.slot(found, measure == "unique_households" and found.by in counting.OF_HOUSEHOLDS))
    filters = []
    for each in asked.filters:
        found = breakdown(connection, Dimension(by=each.by), measure, area, period)
        slot = wanted.slot(found, measure == "unique_households" and found.by in counting.OF_HOUSEHOLDS)
        place = found.place(each.category)
        filters.append((slot, place if place >= 0 else found.codes.get(fold(each.category), -1)))
    if counting_of.source == "given":
        wanted.amounts.add(amount)
    one = len(asked.measures) == 1
    shape = Shape(
        id=asked.table_of(measure),
        title=asked.title if one else f"{asked.title}: {MEASURE_LABELS[measure].lower()}",
        measure=amount,
        unit=unit,
        how_counted=_how_counted(asked, counted),
        dimensions=tuple(wanted.slots[slot].dimension(measure) for slot in slots),
        area=area.code,
        area_label=area.label,
        period=period.key,
        filters=tuple(sorted((each.by, each.category) for each in asked.filters)),
        accountability=asked.accountability,
        counts_people=measure in ("unique_people", "unique_households", "head_count"),
        everywhere=True,
    )
    shape = replace(shape, structural=impossible(shape))
    planned = Planned(shape, measure, amount, slots, wanted.slots, filters)
    wanted.sources.add(planned.source)
    return planned


MEASURE_LABELS = {
    "unique_people": "Different people",
    "unique_households": "Households",
    "people_helped": "People helped",
    "contacts": "Contacts",
    "parcels": "Food parcels",
    "parcel_days": "Days of food",
    "items": "Things given",
    "weight": "Weight given",
    "money": "Money",
    "needs": "Needs",
    "sessions": "Sessions",
    "head_count": "People counted",
    "observations": "Observations",
}


def _how_counted(asked: Asked, counted: Counted) -> str:
    by = [dimension.by for dimension in asked.dimensions]
    sentences = [counted.how_counted, counting.MEASURES[counted.measure].words]
    sentences += [counting.counted_by(counted.measure, each) or "" for each in by]
    for dimension in asked.dimensions:
        if dimension.by == "standing":
            months = dimension.new_after_months
            since = f"in the {words.count(months, 'month')} before the period" if months else "before the period"
            sentences.append(f"New means no contact {since}.")
    for each in asked.filters:
        sentences.append(f"Only where {LABELS[each.by].lower()} is “{each.category}”.")
    return " ".join(sentence for sentence in sentences if sentence)
