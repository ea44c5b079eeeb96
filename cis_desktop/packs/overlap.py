"""Periods that may not be told apart: a quarter, and the same quarter without its last day, give that day away.

What two overlapping periods differ by is a figure of its own, which no table shows and so nothing protects. Months,
quarters and years lie within each other or apart, and are compared in disclosure control; odd days do neither.
"""

from __future__ import annotations

from collections.abc import Iterable

from cis_desktop.errors import CisError
from cis_desktop.figures import period as read_period
from cis_desktop.figures.periods import Period
from cis_desktop.ledger import Entry


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
