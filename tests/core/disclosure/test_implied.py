"""Relations that are left out because others say them: none is lost."""

from __future__ import annotations

import random

import highspy
import numpy as np

from cis_desktop.disclosure.implied import essential
from cis_desktop.disclosure.programme import Clock, run, solver
from cis_desktop.disclosure.relations import Row, line

TABLES, VARIABLES = 60, 10


def drawn(draw: random.Random) -> list[Row]:
    """Draw totals and parts, some of which add up; any of them may be parts of one another."""
    rows: dict[Row, None] = {}
    for _ in range(draw.choice((4, 8, 14))):
        total, *parts = draw.sample(range(VARIABLES), draw.choice((2, 2, 3, 4)))
        rows |= dict.fromkeys(line(total, tuple(parts), draw.random() < 0.3))
    return list(rows)


def least(rows: list[Row], below_nought: set[int], of: tuple[tuple[int, int], ...]) -> float:
    """Give the least that a sum of variables can be under relations, down to -100."""
    highs = solver({})
    for at in range(VARIABLES):
        highs.addVar(-100.0 if at in below_nought else 0.0, 100.0)
    for row in rows:
        low, high = (
            (-highspy.kHighsInf if row.low is None else row.low),
            (highspy.kHighsInf if row.high is None else row.high),
        )
        at, by = zip(*row.terms, strict=True)
        highs.addRow(low, high, len(at), np.array(at, dtype=np.int32), np.array(by, dtype=np.float64))
    for at, by in of:
        highs.changeColCost(at, by)
    assert run(highs, Clock.start(60))
    return float(highs.getInfo().objective_function_value)


def test_what_is_left_out_follows_from_what_stays() -> None:
    draw, left_out = random.Random(20), 0
    for _ in range(TABLES):
        rows = drawn(draw)
        below_nought = set(draw.sample(range(VARIABLES), draw.choice((0, 0, 2))))
        kept = essential(rows, below_nought)
        for row in set(rows) - set(kept):
            for sign, bound in ((1, row.low), (-1, row.high)):
                if bound is not None:
                    found = least(kept, below_nought, tuple((at, sign * by) for at, by in row.terms))
                    assert found >= sign * bound - 1e-6, (rows, below_nought, row)
            left_out += 1
    assert left_out > TABLES


def test_of_a_month_a_quarter_and_a_year_two_relations_stay() -> None:
    month, quarter, year = 0, 1, 2
    of = {
        (a, b): Row(tuple(sorted(((a, 1), (b, -1)))), 0, None)
        for a, b in ((year, month), (year, quarter), (quarter, month))
    }
    assert essential(list(of.values()), ()) == [of[year, quarter], of[quarter, month]]
