"""Which periods make up a longer one: months a quarter, quarters a year, or any dates that meet end to end.

Periods are written `2018`, `2018-Q1`, `2018-03` or `2018-01-01..2018-03-31`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


def days(period: str) -> tuple[int, int] | None:
    """Give a period's first day and the day after its last, as day numbers; None when it is not a period."""
    try:
        if match := _YEAR.fullmatch(period):
            return _months(int(match[1]), 1, 12)
        if match := _QUARTER.fullmatch(period):
            return _months(int(match[1]), 3 * int(match[2]) - 2, 3)
        if match := _MONTH.fullmatch(period):
            return _months(int(match[1]), int(match[2]), 1)
        if match := _RANGE.fullmatch(period):
            return date.fromisoformat(match[1]).toordinal(), date.fromisoformat(match[2]).toordinal() + 1
    except ValueError:
        return None
    return None


def partitions(periods: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Give every (whole, parts) among the periods where the parts meet end to end and fill the whole."""
    spans = {period: span for period in sorted(set(periods)) if (span := days(period))}
    by_start: dict[int, list[str]] = {}
    for period, (start, _) in spans.items():
        by_start.setdefault(start, []).append(period)
    found = []
    for whole, (start, end) in spans.items():
        chains: list[tuple[int, tuple[str, ...]]] = [(start, ())]
        while chains:
            at, parts = chains.pop()
            if at == end:
                found.append((whole, parts))
                continue
            for part in by_start.get(at, ()):
                if part != whole and spans[part][1] <= end:
                    chains.append((spans[part][1], (*parts, part)))
    return found


def _months(year: int, first: int, count: int) -> tuple[int, int]:
    last = first + count
    after = date(year + (last - 1) // 12, (last - 1) % 12 + 1, 1)
    return date(year, first, 1).toordinal(), after.toordinal()
