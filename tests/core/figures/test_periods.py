"""Periods and the words for them: one written form whichever way it was asked for, plain refusals."""

from __future__ import annotations

from datetime import date

import pytest

from cis_desktop import words
from cis_desktop.errors import CisError
from cis_desktop.figures import period


@pytest.mark.parametrize(
    ("text", "key", "kind", "first", "last", "label"),
    [
        ("2018", "2018", "year", "2018-01-01", "2018-12-31", "2018"),
        ("2018-Q1", "2018-Q1", "quarter", "2018-01-01", "2018-03-31", "Jan to Mar 2018"),
        (" 2018-q4 ", "2018-Q4", "quarter", "2018-10-01", "2018-12-31", "Oct to Dec 2018"),
        ("2016-02", "2016-02", "month", "2016-02-01", "2016-02-29", "Feb 2016"),
        ("2018-12", "2018-12", "month", "2018-12-01", "2018-12-31", "Dec 2018"),
        ("2018-01-01..2018-03-31", "2018-Q1", "quarter", "2018-01-01", "2018-03-31", "Jan to Mar 2018"),
        ("2018-01-01..2018-12-31", "2018", "year", "2018-01-01", "2018-12-31", "2018"),
        ("2018-04-01..2018-04-30", "2018-04", "month", "2018-04-01", "2018-04-30", "Apr 2018"),
        (
            "2018-02-01..2018-04-30",
            "2018-02-01..2018-04-30",
            "range",
            "2018-02-01",
            "2018-04-30",
            "1 Feb 2018 to 30 Apr 2018",
        ),
        (
            "2018-03-05..2018-03-05",
            "2018-03-05..2018-03-05",
            "range",
            "2018-03-05",
            "2018-03-05",
            "5 Mar 2018",
        ),
    ],
)
def test_a_period_is_read_in_every_form(text: str, key: str, kind: str, first: str, last: str, label: str) -> None:
    found = period(text)
    assert (found.key, found.kind, found.label) == (key, kind, label)
    assert (found.first, found.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2018-Q5", "2018-13", "18", "2018-02-30..2018-03-01", "2018-03-02..2018-03-01", "0000", "2018-1"],
)
def test_what_is_no_period_is_refused_with_the_ways_to_write_one(text: str) -> None:
    with pytest.raises(CisError, match=r"2018-Q1") as caught:
        period(text)
    assert caught.value.code == "not_a_period"


def test_a_period_knows_the_months_it_touches() -> None:
    assert period("2018-11-15..2019-01-02").months() == ("2018-11", "2018-12", "2019-01")


def test_dates_numbers_and_money_are_written_for_people() -> None:
    assert words.day("2026-11-22") == words.day(date(2026, 11, 22)) == "22 Nov 2026"
    assert words.number(79838) == "79,838"
    assert [words.pounds(n) for n in (0, 5, 123450, 100, -250)] == ["£0", "£0.05", "£1,234.50", "£1", "-£2.50"]
    assert words.amount(1050, "pence") == "£10.50"
    assert words.amount(1050, "people") == "1,050"
    assert [words.count(1, "visit"), words.count(1204, "visit"), words.count(2, "person", "people")] == [
        "1 visit",
        "1,204 visits",
        "2 people",
    ]
    assert words.listed(["food", "housing", "debt"]) == "food, housing and debt"
    assert words.listed(("food",)) == "food"
    assert [words.file_size(n) for n in (1, 34_500, 2_400_000)] == ["1 byte", "34 kB", "2.4 MB"]
