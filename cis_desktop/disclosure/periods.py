"""Which periods make up a longer one: months a quarter, quarters a year, or any dates that meet end to end.

Periods are written `2018`, `2018-Q1`, `2018-03` or `2018-01-01..2018-03-31`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def spoken(period: str) -> str:
    """Write a period for people: `2018`, `Jan to Mar 2018`, `Mar 2018`, or its first day and its last."""
    if match := _QUARTER.fullmatch(period):
        last = 3 * int(match[2])
        return f"{_NAMES[last - 3]} to {_NAMES[last - 1]} {match[1]}"
    if days(period) and (match := _MONTH.fullmatch(period)):
        return f"{_NAMES[int(match[2]) - 1]} {match[1]}"
    if days(period) and (match := _RANGE.fullmatch(period)):
        ends = (date.fromisoformat(day) for day in match.groups())
        return " to ".join(f"{end.day} {_NAMES[end.month - 1]} {end.year}" for end in ends)
    return period


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
    """Give (whole, parts) where parts among the periods meet end to end and fill the whole.

    Of the many ways to fill a whole two are given, that of the fewest parts and that of the most: the other ones follow
    from these and from those of the parts.
    """
    spans = {period: span for period in sorted(set(periods)) if (span := days(period))}
    ordered = sorted(spans.items(), key=lambda item: (item[1][1], item[1][0]))
    found = []
    for whole, (start, end) in spans.items():
        inside = [(p, span) for p, span in ordered if p != whole and start <= span[0] and span[1] <= end]
        fewest: dict[int, tuple[str, ...]] = {start: ()}
        most = dict(fewest)
        for part, (first, after) in inside:
            if first in fewest:
                ways = fewest.get(after), (*fewest[first], part)
                fewest[after] = min((way for way in ways if way), key=len)
                most[after] = max(most.get(after, ()), (*most[first], part), key=len)
        if end in fewest and start < end:
            found += [(whole, parts) for parts in dict.fromkeys((fewest[end], most[end]))]
    return found


def pieces(periods: Iterable[str], new: Iterable[str]) -> list[str]:
    """Give the runs of days that `periods` cut each other into and that are none of them themselves.

    Only those count that share days with a `new` period, directly or over others between: what older periods leave over
    among themselves is not told by a new one.
    """
    spans = {period: span for period in set(periods) if (span := days(period))}
    whole = {spans[period] for period in new if period in spans}
    while True:
        more = {s for s in spans.values() if any(s[0] < end and start < s[1] for start, end in whole)} | whole
        if more == whole:
            break
        whole = more
    cuts = sorted({day for span in whole for day in span})
    between = [
        (first, after)
        for first, after in pairwise(cuts)
        if any(start <= first and after <= end for start, end in whole)
    ]
    return [_written(first, after) for first, after in between if (first, after) not in whole]


def _written(first: int, after: int) -> str:
    """Write a run of days: as a month, a quarter or a year where it is one."""
    start, last = date.fromordinal(first), date.fromordinal(after - 1)
    names = [f"{start.year:04d}", f"{start.year:04d}-Q{(start.month + 2) // 3}", f"{start.year:04d}-{start.month:02d}"]
    named = [name for name in names if days(name) == (first, after)]
    return named[0] if named else f"{start.isoformat()}..{last.isoformat()}"


def _months(year: int, first: int, count: int) -> tuple[int, int]:
    last = first + count
    after = date(year + (last - 1) // 12, (last - 1) % 12 + 1, 1)
    return date(year, first, 1).toordinal(), after.toordinal()
