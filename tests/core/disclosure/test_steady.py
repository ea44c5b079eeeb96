"""The same data and secret give the same pattern anywhere, and whoever waits can stop the work at any moment."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import Cells, Policy, Refusal, Release

from .made import SECRET, random_table
from .quarter import pack
from .test_earlier_releases import as_past, month, released

LT5 = Policy("lt5", threshold=5, min_households=0)
HERE = Path(__file__).parents[3]
PRINTED = """
from tests.core.disclosure.test_steady import pattern
print(pattern())
"""


def pattern() -> str:
    """Protect a table and a quarter's pack; give all that they say, and why, as text."""
    table = protect([random_table(4, (7, 6, 4), 8)], LT5, (), SECRET, 300)
    quarter = protect(pack(150, 20170), PROFILES["nhs-1to7-round5"], (), SECRET, 300)
    assert isinstance(table, Release)
    assert isinstance(quarter, Release)
    said = [of.cells for each in (table, quarter) for of in each.tables]
    return repr((said, table.reasons, quarter.reasons))


def test_other_processes_find_the_same_pattern_whatever_order_their_sets_have() -> None:
    ours = pattern()
    for seed in ("1", "2"):
        there = subprocess.run(
            [sys.executable, "-c", PRINTED], cwd=HERE, capture_output=True, text=True, check=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(HERE)},
        )  # fmt: skip
        assert there.stdout.strip() == ours


def test_the_check_is_called_at_least_five_times_a_second_of_work_on_a_large_table() -> None:
    table = random_table(5, (34, 34), 25)
    gaps, last = [], time.thread_time()

    def check() -> None:
        nonlocal last
        now = time.thread_time()
        gaps.append(now - last)
        last = now

    assert isinstance(protect([table], LT5, (), SECRET, 600, check=check), Release)
    assert len(gaps) > 100
    assert max(gaps) < 0.2, f"{max(gaps):.2f} seconds without a look"


def test_whatever_work_is_allowed_the_answer_is_the_whole_release_or_a_refusal() -> None:
    tables = [random_table(4, (6, 5, 3), 8)]
    answers = [protect(tables, LT5, (), SECRET, 0.001 * 2**doubled) for doubled in range(14)]
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    released = [answer for answer in answers if isinstance(answer, Release)]
    assert len(refused) > 4, "some of these are too little"
    assert len(released) > 1
    assert answers == [*refused, *released]
    assert {answer.title for answer in refused} == {"There was not enough time to check this release"}
    assert not any(answer.cells for answer in refused)
    assert all(answer.tables == released[0].tables for answer in released)


def test_a_slow_or_busy_computer_releases_and_refuses_the_same() -> None:
    tables = [random_table(4, (5, 4), 8)]
    enough = next(n for n in range(1, 1000) if isinstance(protect(tables, LT5, (), SECRET, 0.002 * n), Release)) * 0.002
    started = time.perf_counter()
    slow = protect(tables, LT5, (), SECRET, enough, check=lambda: time.sleep(0.01))
    assert isinstance(slow, Release)
    assert time.perf_counter() - started > enough, "slower than the work that was allowed"
    assert isinstance(protect(tables, LT5, (), SECRET, enough - 0.002, check=lambda: time.sleep(0.01)), Refusal)


def test_a_later_pack_does_not_give_away_a_blank_that_was_hidden_only_to_protect_others() -> None:
    """Months 2 and 3 show 20 and 20, so a quarter of 64 would show the 24 of month 1."""
    wish = replace(LT5, also_hide=(Cells((("kind", "k3"),)),))
    months = [month(1, [3, 3, 4, 24]), month(2, [20, 20, 20, 20]), month(3, [20, 20, 20, 20])]
    past = []
    for name, table, policy in zip("abc", months, (wish, LT5, LT5), strict=True):
        past.append(as_past(name, released([table], past, policy), [table]))
    hidden = past[0].tables[0].cells["k3",].status == "hidden"
    shown = [release.tables[0].cells["k3",].value for release in past[1:]]
    assert hidden
    assert shown == [20, 20]
    quarter = month(1, [43, 43, 44, 64], period="2018-Q1")
    answer = protect([quarter], LT5, past, SECRET, 60)
    assert isinstance(answer, Refusal) or answer.tables[0].cells["k3",].status == "hidden"
