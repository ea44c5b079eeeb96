"""Witness pairs: what is accepted as proof that a cell cannot be worked out."""

from __future__ import annotations

import pytest

from cis_desktop.disclosure.joined import build
from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import Release
from cis_desktop.disclosure.witness import all_proven, differ_enough, possible

from .made import SECRET, grid

TABLE = grid([[3, 20, 9, 0], [12, 16, 30, 22], [18, 11, 15, 40]])
SYSTEM = build([TABLE], (), 5)
KNOWN = [(0, None)] * len(SYSTEM.truth)


def test_the_truth_is_possible_and_a_table_that_does_not_add_up_is_not() -> None:
    assert possible(SYSTEM, KNOWN, [SYSTEM.truth, [SYSTEM.truth[0] + 1, *SYSTEM.truth[1:]]]) == [True, False]


def test_a_table_outside_what_is_published_is_not_possible() -> None:
    assert possible(SYSTEM, [(0, SYSTEM.truth[0] - 1), *KNOWN[1:]], [SYSTEM.truth]) == [False]
    assert possible(SYSTEM, [(SYSTEM.truth[0] + 1, None), *KNOWN[1:]], [SYSTEM.truth]) == [False]


@pytest.mark.parametrize(("low", "high", "enough"), [(1, 5, True), (2, 5, False), (0, 4, False), (3, 9, True)])
def test_a_pair_must_be_wide_enough_and_reach_the_threshold(low: int, high: int, enough: bool) -> None:
    assert differ_enough(low, high, width=4, at_least=5) is enough


def test_a_cell_without_a_pair_or_with_an_impossible_one_is_not_proven() -> None:
    impossible = [SYSTEM.truth[0] + 9, *SYSTEM.truth[1:]]
    needs = {0: (4, 5)}
    assert list(all_proven(SYSTEM, KNOWN, [], {}, needs)) == [0]
    assert list(all_proven(SYSTEM, KNOWN, [SYSTEM.truth], {0: (0, 0)}, needs)) == [0]
    assert list(all_proven(SYSTEM, KNOWN, [SYSTEM.truth, impossible], {0: (0, 1)}, needs)) == [0]


def test_every_blank_of_a_release_comes_with_two_tables_that_agree_with_everything_shown() -> None:
    release = protect([TABLE], PROFILES["lt5-suppress"], (), SECRET, 10)
    assert isinstance(release, Release)
    shown = {TABLE.shape.identity(key): c for key, c in release.tables[0].cells.items() if c.status == "value"}
    blanks = {TABLE.shape.identity(key) for key, c in release.tables[0].cells.items() if c.status == "hidden"}
    assert set(release.witnesses) == blanks
    for cid, (low, high) in release.witnesses.items():
        assert high[cid] - low[cid] >= 4
        assert high[cid] >= 5
        for table in (low, high):
            assert all(table[other] == cell.value for other, cell in shown.items())
            assert possible(SYSTEM, KNOWN, [[table[variable] for _, variable in SYSTEM.variables]]) == [True]
