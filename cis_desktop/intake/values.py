"""Understand single cells: dates in a stated order, whole numbers, money, postcodes. One rule each, no guessing.

Every function gives the value, or a `Wrong` that says in a sentence why there is none.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

DateOrder = Literal["us", "uk", "iso"]

ORDER_WORDS = {"us": "month first (US)", "uk": "day first (UK)", "iso": "year first (ISO)"}

ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)? ?(?:[ap]m)?)Z?)?",
    re.I,
)
SHORT = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:,? +(\d{1,2}:\d{2}(?::\d{2})? ?(?:[ap]m)?))?", re.I)
DAY_NAMED = re.compile(r"(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4}|\d{2})", re.I)
MONTH_NAMED = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.I)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?")
POSTCODE = re.compile(r"GIR 0AA|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}")
WARD = re.compile(r"(?:E05|W05|S13|N08)\d{6}")


GRAMS = {"kg": Decimal(1000), "lb": Decimal("453.59237"), "g": Decimal(1)}


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a cell has no value."""

    why: str


def day(cell: str, order: DateOrder, earliest: datetime.date, latest: datetime.date) -> datetime.date | Wrong:
    """Read a date: ISO or with the month's name in any file, all numbers in the stated `order`."""
    found = _parts(cell, order, latest)
    if isinstance(found, Wrong):
        return found
    try:
        date = datetime.date(*found)
    except ValueError:
        return Wrong(f"“{cell}” is not a date with the {ORDER_WORDS[order]}")
    if date < earliest:
        return Wrong(f"{date.isoformat()} is before {earliest.isoformat()}, the earliest date taken as plausible")
    if date > latest:
        return Wrong(f"{date.isoformat()} is after {latest.isoformat()}, the latest date taken as plausible")
    return date


def clock(cell: str) -> str | None:
    """Find the time of day in a cell that holds a date and a time: `HH:MM`, or nothing (midnight is no time)."""
    match = ISO.fullmatch(cell) or SHORT.fullmatch(cell)
    if match is None or match[4] is None:
        return None
    hours, minutes = int(match[4].split(":")[0]), match[4].split(":")[1][:2]
    half = match[4].lower()[-2:]
    if half == "pm" and hours < 12:
        hours += 12
    elif half == "am" and hours == 12:
        hours = 0
    return f"{hours:02d}:{minutes}" if hours < 24 and int(minutes) < 60 and (hours or int(minutes)) else None


def positions(cell: str) -> tuple[int, int] | None:
    """Give the first two numbers of an all-number date that does not start with its year."""
    match = SHORT.fullmatch(cell)
    return (int(match[1]), int(match[2])) if match else None


def whole(cell: str, most: int, what: str) -> int | Wrong:
    """Read a whole number from 0 to `most`; `what` names it in the reason ("Part quantities are not kept")."""
    number = _number(cell)
    if number is None:
        return Wrong(f"“{cell}” is not a number")
    digits, part = number
    if part.strip("0"):
        return Wrong(f"“{cell}” has a part after the point. Part {what} are not kept; enter a whole number")
    if digits < 0:
        return Wrong(f"{digits:,} is less than nothing")
    if digits > most:
        return Wrong(f"{digits:,} is more than {most:,}, the most taken as plausible")
    return digits


def part_of_one(cell: str) -> bool:
    """Say whether a cell is a number with something after the point."""
    number = _number(cell)
    return number is not None and bool(number[1].strip("0"))


def grams(cell: str, most: int, unit: str) -> int | Wrong:
    """Read a weight in kg, lb or g, with or without a part after the point, in whole grams; `most` is in `unit`."""
    number = _number(cell)
    if number is None:
        return Wrong(f"“{cell}” is not a number")
    amount = Decimal(f"{number[0]}.{number[1] or 0}")
    if cell.strip().startswith("-") and amount:
        return Wrong(f"“{cell}” is less than nothing")
    if amount > most:
        return Wrong(f"{amount:,} is more than {most:,}, the most taken as plausible")
    return int((amount * GRAMS[unit]).to_integral_value(ROUND_HALF_UP))


def pence(cell: str, most: int) -> int | Wrong:
    """Read an amount of money, with or without its sign, in hundredths of the unit (pence, cents)."""
    number = _number(cell)
    if number is None:
        return Wrong(f"“{cell}” is not an amount of money")
    units, part = number
    if part[2:].strip("0"):
        return Wrong(f"“{cell}” has parts of a penny")
    if cell.strip().startswith("-") or units < 0:
        return Wrong(f"“{cell}” is less than nothing")
    amount = units * 100 + int(part[:2].ljust(2, "0"))
    if amount > most:
        return Wrong(f"{amount / 100:,.2f} is more than {most / 100:,.2f}, the most taken as plausible")
    return amount


def postcode(cell: str) -> str | None:
    """Write a UK postcode in capitals with its space, or nothing when it is none."""
    plain = re.sub(r"[^A-Z0-9]", "", cell.upper())
    spaced = f"{plain[:-3]} {plain[-3:]}"
    return spaced if POSTCODE.fullmatch(spaced) else None


def ward(cell: str) -> str | None:
    """Give a ward's code (GSS) in capitals, or nothing when it is none."""
    plain = cell.strip().upper()
    return plain if WARD.fullmatch(plain) else None


def fold(cell: str) -> str:
    """Write a cell so that case, spaces and a stray full stop make no difference."""
    return " ".join(cell.casefold().split()).strip(" .,;:")


def _parts(cell: str, order: DateOrder, latest: datetime.date) -> tuple[int, int, int] | Wrong:
    if match := ISO.fullmatch(cell):
        return int(match[1]), int(match[2]), int(match[3])
    if match := SHORT.fullmatch(cell):
        if order == "iso":
            return Wrong(f"“{cell}” does not say which is the day and which the month")
        first, second = int(match[1]), int(match[2])
        month, date = (first, second) if order == "us" else (second, first)
        return _year(match[3], latest), month, date
    if (match := DAY_NAMED.fullmatch(cell)) and match[2][:3].lower() in MONTHS:
        return _year(match[3], latest), MONTHS.index(match[2][:3].lower()) + 1, int(match[1])
    if (match := MONTH_NAMED.fullmatch(cell)) and match[1][:3].lower() in MONTHS:
        return int(match[3]), MONTHS.index(match[1][:3].lower()) + 1, int(match[2])
    return Wrong(f"“{cell}” is not a date")


def _year(digits: str, latest: datetime.date) -> int:
    if len(digits) == 4:
        return int(digits)
    # two digits: the last such year that is not after the latest date
    year = latest.year // 100 * 100 + int(digits)
    return year if year <= latest.year else year - 100


def _number(cell: str) -> tuple[int, str] | None:
    """Split a number into its whole part and the digits after the point."""
    plain = cell.strip().replace("£", "").replace("$", "").replace("€", "").strip()
    if not plain or len(plain) > 25 or not NUMBER.fullmatch(plain) or not any(c.isdigit() for c in plain):
        return None
    units, _, part = plain.replace(",", "").partition(".")
    return int(units) if units not in ("", "-") else 0, part
