"""Periods that may not be told apart: a quarter, and the same quarter without its last day, give that day away.

What two overlapping periods differ by is a figure of its own, which no table shows and so nothing protects. Months,
quarters and years lie within each other or apart, and are compared in disclosure control where the parts fill the
whole; odd days do neither, and a year less three of its quarters gives the fourth away.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from cis_desktop import words
from cis_desktop.disclosure.tables import Policy
from cis_desktop.errors import CisError
from cis_desktop.figures import period as read_period
from cis_desktop.figures.periods import Period
from cis_desktop.ledger import Entry
from cis_desktop.vault.tables import Connection

Days = tuple[date, date]


def check_overlap(asked: Period, out: Iterable[Entry]) -> None:
    """Refuse a period that shares days with one of the packs `out`, unless both are months, quarters or years.

    Raises CisError naming the pack.
    """
    for entry in out:
        earlier = read_period(entry.period)
        apart = asked.last < earlier.first or earlier.last < asked.first
        if apart or earlier.key == asked.key or "range" not in (asked.kind, earlier.kind):
            continue
        raise CisError(
            "periods_overlap",
            "Part of this period has been released already",
            f"Pack {entry.pack} is about {earlier.label}, which shares days with {asked.label} and is not the same. "
            "Whoever holds both could take one from the other and see the few people of the days between. Nothing was "
            "released; choose whole months, quarters or years, or days that no pack covers. If that pack never left "
            "this computer, mark it so in the ledger.",
        )


def check_remainders(connection: Connection, asked: Period, out: Iterable[Entry], policy: Policy) -> None:
    """Refuse a period that, with those of the packs `out`, leaves days that can be worked out and are too few people's.

    Days are left over where a released period holds other released ones that do not fill it. They pass where nobody
    came in them, or where figures are rounded and as many households came as an exact headline needs. Raises CisError
    naming the days to release first.
    """
    periods = {asked.key: asked} | {entry.period: read_period(entry.period) for entry in out}
    for whole in periods.values():
        parts = [p for p in periods.values() if p.key != whole.key and whole.first <= p.first and p.last <= whole.last]
        if not parts or asked.key not in (whole.key, *(part.key for part in parts)):
            continue
        left = uncovered(whole, parts)
        households = households_in(connection, left)
        if households == 0 or (policy.rounding and households >= policy.accountability_households):
            continue
        named = words.listed([f"{words.day(first)} to {words.day(last)}" for first, last in left])
        raise CisError(
            "remainder_shows",
            "What is left over would be seen",
            f"With what has been released, {asked.label} would let anybody take the parts of {whole.label} from the "
            f"whole and read the figures of {named}, which no pack has protected. Nothing was released; release those "
            f"days first, then {asked.label}.",
        )


def uncovered(whole: Period, parts: Iterable[Period]) -> list[Days]:
    """Give the runs of days of a period that none of its parts has."""
    left, next_day = [], whole.first
    for part in sorted(parts, key=lambda part: part.first):
        if part.first > next_day:
            left.append((next_day, part.first - timedelta(days=1)))
        next_day = max(next_day, part.last + timedelta(days=1))
    return [*left, (next_day, whole.last)] if next_day <= whole.last else left


def households_in(connection: Connection, runs: Iterable[Days]) -> int:
    """Count the different households, or people without one, with a contact in these runs of days."""
    found: set[str] = set()
    for first, last in runs:
        found.update(
            who
            for (who,) in connection.execute(
                "select distinct coalesce('h' || household_id, 'p' || person_id, '') from contacts"
                " where on_date between ? and ? and gone = 0",
                (first.isoformat(), last.isoformat()),
            )
        )
    return len(found)
