"""The engine on larger tables: every blank is proven, the same every time, and the work can be stopped."""

from __future__ import annotations

import numpy as np
import pytest

from cis_desktop.disclosure.attacker import Attacker
from cis_desktop.disclosure.boxes import Boxes
from cis_desktop.disclosure.joined import build
from cis_desktop.disclosure.problem import Problem, pose
from cis_desktop.disclosure.programme import Clock, matrix_of
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.repair import Repairer
from cis_desktop.disclosure.tables import Policy, Refusal, Release
from cis_desktop.disclosure.weights import public_weights

from .made import SECRET, random_table

LT5 = Policy("lt5", threshold=5, min_households=0)


class Stopped(Exception):
    """The person asked to stop."""


def posed(sizes: tuple[int, ...], mean: float, seed: int = 3) -> Problem:
    table = random_table(seed, sizes, mean)
    return pose(build([table], (), LT5.threshold), [table], (), LT5, public_weights(SECRET))


def protected(problem: Problem) -> Repairer:
    repairer = Repairer(problem, matrix_of(problem), Clock.start(300))
    assert repairer.protect(problem.must_hide) == []
    return repairer


@pytest.mark.parametrize(("sizes", "mean"), [((14, 14), 8), ((6, 5, 4), 5)])
def test_what_is_proven_by_short_moves_is_also_wide_enough_by_linear_programmes(
    sizes: tuple[int, ...], mean: float
) -> None:
    problem = posed(sizes, mean)
    repairer = protected(problem)
    repairer.prune()
    hidden = repairer.proofs.hidden
    assert not repairer.proofs.open
    assert (hidden & ~problem.must_hide).any(), "the draw must need figures hidden besides the small ones"
    attacker = Attacker(problem, Clock.start(300))
    attacker.hide(hidden)
    assert attacker.exposed(hidden) == []


def test_every_figure_left_hidden_after_pruning_is_needed() -> None:
    problem = posed((8, 8), 6)
    repairer = protected(problem)
    repairer.prune()
    attacker = Attacker(problem, Clock.start(300))
    for figure in np.flatnonzero(repairer.proofs.hidden & ~problem.must_hide):
        without = repairer.proofs.hidden.copy()
        without[figure] = False
        attacker.hide(without)
        assert attacker.exposed(without), "it could be shown"


def test_going_back_after_showing_a_figure_leaves_every_proof_as_it_was() -> None:
    problem = posed((8, 8), 6)
    repairer = protected(problem)
    proofs = repairer.proofs
    before = repairer.witnesses()
    for figure in np.flatnonzero(proofs.hidden & ~problem.must_hide):
        proofs.show(int(figure))
        proofs.go_back()
    assert not proofs.open
    assert repairer.witnesses() == before


def test_every_witness_table_keeps_every_relation() -> None:
    problem = posed((6, 5, 4), 5)
    points, pairs = protected(problem).witnesses()
    assert len(points) > 2
    for low, high in pairs.values():
        assert low != high
    for point in points:
        for row in problem.system.rows:
            assert sum(factor * point[variable] for variable, factor in row.terms) == 0


def test_a_box_holds_the_figure_its_totals_and_only_so_many_categories() -> None:
    problem = posed((14, 14), 8)
    columns = matrix_of(problem).columns
    boxes = Boxes(problem, columns)
    hidden = problem.must_hide[columns]
    for column in (0, len(columns) // 2, len(columns) - 1):
        box = boxes.around(column, hidden, 3)
        assert column in box
        for row in range(2):
            codes = set(boxes.codes[row, box])
            assert boxes.codes[row, column] in codes
            assert len(codes - {0}) <= 5
    assert len(boxes.around(0, hidden, 100)) == len(columns)


def test_a_table_of_more_than_a_thousand_figures_is_protected_the_same_way_twice() -> None:
    table = random_table(5, (34, 34), 25)
    first, second = (protect([table], LT5, (), SECRET, 600) for _ in range(2))
    assert isinstance(first, Release)
    assert isinstance(second, Release)
    assert first.tables == second.tables
    assert first.witnesses == second.witnesses
    other = protect([table], LT5, (), b"another secret, also 32 bytes or so", 600)
    assert isinstance(other, Release)
    assert other.tables != first.tables


def test_the_work_stops_where_the_check_says_so_and_out_of_time_is_a_refusal() -> None:
    table = random_table(3, (14, 14), 8)
    calls = 0

    def stop_later() -> None:
        nonlocal calls
        calls += 1
        if calls == 40:
            raise Stopped

    with pytest.raises(Stopped):
        protect([table], LT5, (), SECRET, 300, check=stop_later)
    assert isinstance(protect([table], LT5, (), SECRET, 0.0), Refusal)
