"""What may be written: the gates that entered values pass, each refusing with a sentence that can be acted on."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from cis_desktop.errors import CisError

_POSTCODE = re.compile(r"^(?:GIR 0AA|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})$")
_WARD = re.compile(r"^(?:E05|W05|S13|N08)\d{6}$")
_MONTH = re.compile(r"^\d{4}-\d{2}$")
_EARLIEST = date(1900, 1, 1)
_LARGEST_COUNT = 1_000_000
LONGEST_LINE = 200
"""Letters in a field for one line, such as a name."""


def a_postcode(text: str | None) -> str | None:
    """Return a postcode in capitals with its one space, or None for nothing; refuse what is not a postcode."""
    squeezed = re.sub(r"\s+", "", text or "").upper()
    if not squeezed:
        return None
    spaced = f"{squeezed[:-3]} {squeezed[-3:]}"
    if not _POSTCODE.match(spaced):
        raise CisError(
            "not_a_postcode",
            "That is not a UK postcode",
            f"“{text}” does not have the shape of a postcode such as NW1 8AB, so it was not saved. "
            "Correct it, or leave it empty and choose the ward or “no fixed address”.",
        )
    return spaced


def a_ward(code: str | None) -> str | None:
    """Return the code of a ward (nine characters), or None for nothing; refuse any other text."""
    tidy = (code or "").strip().upper()
    if not tidy:
        return None
    if not _WARD.match(tidy):
        raise CisError(
            "not_a_ward",
            "That is not the code of a ward",
            f"“{code}” is not a ward code such as E05013655, so it was not saved. "
            "Choose the ward from the list, or leave it empty.",
        )
    return tidy


def a_day(text: str | date, what: str = "date") -> str:
    """Return a day as `YYYY-MM-DD`; refuse what is no date, is before 1900 or more than a year ahead."""
    try:
        day = text if isinstance(text, date) else date.fromisoformat(text.strip())
    except ValueError:
        raise CisError(
            "not_a_date",
            f"That {what} is not a date",
            f"“{text}” could not be read as a day, so nothing was saved. Write it like 2026-11-22.",
        ) from None
    if not _EARLIEST <= day <= date.today() + timedelta(days=366):
        raise CisError(
            "date_out_of_range",
            f"That {what} cannot be right",
            f"{day.isoformat()} is before 1900 or more than a year from now, so nothing was saved. "
            "Check the year and try again.",
        )
    return day.isoformat()


def a_day_or_month(text: str | date, what: str = "date") -> str:
    """Return a day as `YYYY-MM-DD` or a month as `YYYY-MM`; refuse as `a_day` does."""
    if isinstance(text, str) and _MONTH.match(text.strip()):
        return a_day(text.strip() + "-01", what)[:7]
    return a_day(text, what)


def a_birth_year(year: int | None) -> int | None:
    """Return a plausible year of birth, or None; refuse years before 1900 and years to come."""
    if year is not None and not _EARLIEST.year <= year <= date.today().year:
        raise CisError(
            "birth_year_out_of_range",
            "That year of birth cannot be right",
            f"{year} is before 1900 or still to come, so nothing was saved. Check it, or leave it empty.",
        )
    return year


def a_count(number: int | None, what: str) -> int | None:
    """Return a whole number from 0 to a million, or None; refuse any other."""
    if number is not None and not 0 <= number <= _LARGEST_COUNT:
        raise CisError(
            "count_out_of_range",
            f"That number of {what} cannot be right",
            f"{number} is below zero or above a million, so nothing was saved. Check it and try again.",
        )
    return number


def one_of(value: str | None, allowed: Collection[str], what: str) -> str | None:
    """Return a value that is on a closed list, or None; refuse any other."""
    if value is not None and value not in allowed:
        raise CisError(
            "not_on_the_list",
            f"That {what} is not on the list",
            f"“{value}” is not one of {', '.join(sorted(allowed))}, so nothing was saved. Choose one of these.",
        )
    return value


def short_enough(written: Mapping[str, Any], short: Mapping[str, str]) -> None:
    """Refuse a text of more than 200 letters in a field for one line; `short` gives what each is called."""
    for name, what in short.items():
        text = written.get(name)
        if isinstance(text, str) and len(text) > LONGEST_LINE:
            raise CisError(
                "too_long",
                f"That {what} is too long",
                f"It has {len(text):,} letters, and the {what} can have {LONGEST_LINE}. Nothing was saved. "
                "Shorten it, and put the rest into the note.",
            )


def some_text(text: str | None, what: str) -> str:
    """Return text without the space around it; refuse an empty one."""
    tidy = (text or "").strip()
    if not tidy:
        raise CisError(
            "nothing_written",
            f"The {what} is empty",
            f"Nothing was saved, because the {what} has no words in it. Write something and try again.",
        )
    return tidy


def text_or_none(text: str | None) -> str | None:
    """Return text without the space around it, or None where nothing is left."""
    return (text or "").strip() or None


def tidied(written: Mapping[str, object]) -> dict[str, Any]:
    """Return fields with the space around their texts taken off and empty texts as None."""
    return {name: text_or_none(value) if isinstance(value, str) else value for name, value in written.items()}


def not_found(reference: str, what: str) -> CisError:
    """Make the refusal for a reference that leads to no record."""
    return CisError(
        "not_found",
        f"There is no such {what}",
        f"No {what} here has the reference “{reference}”. It may have been removed. Nothing was changed. "
        "Search by name instead.",
    )
