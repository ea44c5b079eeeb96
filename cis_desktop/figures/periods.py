"""The period that figures are about: a year, a quarter, a month, or any first and last day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from cis_desktop import words
from cis_desktop.errors import CisError

Kind = Literal["month", "quarter", "year", "range"]

_LENGTHS: dict[int, Kind] = {1: "month", 3: "quarter", 12: "year"}


@dataclass(frozen=True, slots=True)
class Period:
    """A run of days, first and last included. `key` is its one written form, whatever way it was asked for."""

    first: date
    last: date
    kind: Kind
    key: str

    @property
    def label(self) -> str:
        """Write the period for people: `Jan to Mar 2018`, `Mar 2018`, `2018`."""
        return words.period(self.key)

    def months(self) -> tuple[str, ...]:
        """Give the months that the period touches, as `2018-03`, in order."""
        start = self.first.year * 12 + self.first.month - 1
        end = self.last.year * 12 + self.last.month - 1
        return tuple(f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(start, end + 1))


def period(text: str) -> Period:
    """Read a period: `2018`, `2018-Q1`, `2018-03` or `2018-01-01..2018-03-31`.

    Dates that are exactly a month, a quarter or a year become that. Raises CisError for anything else.
    """
    plain = text.strip().upper()
    try:
        if match := re.fullmatch(r"(\d{4})", plain):
            return _whole(int(match[1]), 1, 12)
        if match := re.fullmatch(r"(\d{4})-Q([1-4])", plain):
            return _whole(int(match[1]), 3 * int(match[2]) - 2, 3)
        if match := re.fullmatch(r"(\d{4})-(\d{2})", plain):
            return _whole(int(match[1]), int(match[2]), 1)
        if match := re.fullmatch(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", plain):
            return _between(date.fromisoformat(match[1]), date.fromisoformat(match[2]))
    except ValueError:
        raise _not_a_period(text, "there is no such date") from None
    raise _not_a_period(text, "it is not written in a way the app knows")


def part_of(whole: Period, month: str) -> Period:
    """Give the days of a month (`2018-03`) that a period has: a month cut short is another figure than the month."""
    all_of = period(month)
    return _between(max(whole.first, all_of.first), min(whole.last, all_of.last))


def _whole(year: int, month: int, length: int) -> Period:
    first = date(year, month, 1)
    last = _next_month(first, length) - timedelta(days=1)
    key = {1: f"{year:04d}-{month:02d}", 3: f"{year:04d}-Q{(month + 2) // 3}", 12: f"{year:04d}"}[length]
    return Period(first, last, _LENGTHS[length], key)


def _between(first: date, last: date) -> Period:
    if last < first:
        raise _not_a_period(f"{first}..{last}", "its last day is before its first")
    for length in _LENGTHS:
        starts_well = first.day == 1 and (first.month - 1) % length == 0
        if starts_well and first.year < 9999 and _next_month(first, length) - timedelta(days=1) == last:
            return _whole(first.year, first.month, length)
    return Period(first, last, "range", f"{first.isoformat()}..{last.isoformat()}")


def _next_month(first: date, length: int) -> date:
    after = first.month - 1 + length
    return date(first.year + after // 12, after % 12 + 1, 1)


def _not_a_period(text: str, why: str) -> CisError:
    return CisError(
        "not_a_period",
        "That period is not understood",
        f"“{text}” cannot be used as a period: {why}. Nothing was changed. Write a year (2018), a quarter (2018-Q1), "
        "a month (2018-03), or a first and last day (2018-01-01..2018-03-31).",
    )
