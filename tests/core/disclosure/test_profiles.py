"""Each profile is what its source says, number by number."""

from __future__ import annotations

import pytest

from cis_desktop.disclosure.profiles import DEFAULT, PROFILES, SOURCES
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import TOTAL, Release, Table

from .made import SECRET, cell, dimension, filled, shape

COUNTS = (0, 1, 4, 5, 7, 8, 9, 10, 12, 13, 22, 23)
"""Each in a table of its own, where nothing else need be hidden beside it."""

HIDDEN = None
SHOWN: dict[str, tuple[int | None, ...]] = {
    "nhs-1to7-round5": (0, *[HIDDEN] * 4, 10, 10, 10, 10, 15, 20, 25),
    "opensafely-7-round5": (0, *[HIDDEN] * 4, 10, 10, 10, 10, 15, 20, 25),
    "midpoint-6": (0, 3, 3, 3, 9, 9, 9, 9, 9, 15, 21, 21),
    "lt5-suppress": (0, HIDDEN, HIDDEN, 5, 7, 8, 9, 10, 12, 13, 22, 23),
    "lt5-round5": (0, HIDDEN, HIDDEN, 5, 5, 10, 10, 10, 10, 15, 20, 25),
    "ons-10-5": (0, *[HIDDEN] * 6, 10, 10, 15, 20, 25),
}


def alone(count: int) -> Table:
    return Table(shape([]), {(): cell(count)})


def test_every_profile_says_where_it_comes_from() -> None:
    assert set(SOURCES) == set(PROFILES) == {*SHOWN, "controlled-round5"}
    assert DEFAULT in PROFILES


@pytest.mark.parametrize("profile", SHOWN)
def test_a_figure_is_shown_as_the_source_of_the_profile_says(profile: str) -> None:
    shown = []
    for count in COUNTS:
        release = protect([alone(count)], PROFILES[profile], (), SECRET, 10)
        assert isinstance(release, Release)
        shown.append(release.tables[0].cells[()].value)
    assert tuple(shown) == SHOWN[profile]


@pytest.mark.parametrize("count", COUNTS)
def test_a_control_rounded_figure_is_one_of_the_two_multiples_next_to_it_and_either_can_be(count: int) -> None:
    shown = set()
    for number in range(40):
        release = protect([alone(count)], PROFILES["controlled-round5"], (), bytes([number]) * 8, 10)
        assert isinstance(release, Release)
        shown.add(release.tables[0].cells[()].value)
    assert shown == {count // 5 * 5, -(-count // 5) * 5}


def test_the_worked_example_of_opensafely_comes_out_as_printed() -> None:
    """Heart disease and population by age band: [REDACTED], 10, 15, 25 make 50, and 20, 25, 30, 45 make 120."""
    ages = ["21-30", "31-40", "41-50", "51+"]
    for counts, printed in (([3, 8, 16, 23], [None, 10, 15, 25, 50]), ([18, 23, 31, 44], [20, 25, 30, 45, 120])):
        table = filled(shape([dimension("age", ages)]), {(age,): n for age, n in zip(ages, counts, strict=True)})
        release = protect([table], PROFILES["opensafely-7-round5"], (), SECRET, 10)
        assert isinstance(release, Release)
        assert [release.tables[0].cells[key,].value for key in (*ages, TOTAL)] == printed


def test_the_total_that_gives_one_person_away_in_opensafelys_example_does_not() -> None:
    """51 less 10, 15 and 25 leaves 1: with the sum of what is released there is nothing left to take away."""
    ages = ["21-30", "31-40", "41-50", "51+"]
    table = filled(shape([dimension("age", ages)]), dict(zip([(a,) for a in ages], (1, 10, 15, 25), strict=True)))
    release = protect([table], PROFILES["opensafely-7-round5"], (), SECRET, 10)
    assert isinstance(release, Release)
    cells = release.tables[0].cells
    assert [cells[key,].value for key in (*ages, TOTAL)] == [None, 10, 15, 25, 50]


def test_totals_of_midpoints_are_sums_of_midpoints() -> None:
    table = filled(shape([dimension("age", ["a", "b", "c"])]), {("a",): 2, ("b",): 8, ("c",): 14})
    release = protect([table], PROFILES["midpoint-6"], (), SECRET, 10)
    assert isinstance(release, Release)
    assert [release.tables[0].cells[key,].value for key in ("a", "b", "c", TOTAL)] == [3, 9, 15, 27]
