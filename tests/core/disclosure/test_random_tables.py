"""Random small tables, attacked by trying every whole-number table: nothing may be exposed."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pytest

from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import TOTAL, Key, Policy, Release, ReleasedCell

from .attack import exposed
from .made import dimension, filled, grid, shape

POLICIES = [
    Policy("test-lt3", threshold=3, min_households=0),
    Policy("test-lt4-zeros", threshold=4, min_households=0, zeros="protect"),
    Policy("test-lt3-round3", threshold=3, rounding=3, min_households=0),
    Policy("test-lt3-few", threshold=3, min_households=0, zeros="few"),
]


def attack_some(seed: int, tables: int) -> None:
    draw = random.Random(seed)
    hidden = refused = 0
    for number in range(tables):
        policy = POLICIES[number % len(POLICIES)]
        rows, columns = draw.choice([(2, 2), (2, 3), (3, 2), (4, 2), (3, 3)])
        mean = draw.choice([1.5, 3, 5])
        numbers = [[min(int(draw.expovariate(1 / mean)), 5) for _ in range(columns)] for _ in range(rows)]
        table = grid(numbers)
        release = protect([table], policy, (), draw.randbytes(16), 30)
        if not isinstance(release, Release):
            refused += 1
            continue
        hidden += release.audit.hidden
        greatest = max(max(row) for row in numbers)
        for cap in (greatest + 1, greatest + policy.threshold, 3 * greatest):
            found = exposed(table, release, cap)
            if not found:  # trying fewer tables makes the attacker surer, so it is enough that one is not sure
                break
        assert not found, f"seed {seed}, table {number}, {policy.profile}: {numbers}: {found}"
    assert hidden > tables, "the draw must give tables where something is hidden"
    assert refused == 0, "without earlier releases or exact lines there is always a way"


def test_no_cell_of_three_way_tables_shown_beside_their_two_way_tables_is_exposed() -> None:
    """Three ways at once: programmes whose corners need not be whole numbers. Every table of 8 cells is tried."""
    draw = random.Random(20180228)
    policy = Policy("test-lt3", threshold=3, min_households=0)
    axes = [dimension(f"d{axis}", ["a", "b"]) for axis in range(3)]
    leaves = list(product("ab", repeat=3))
    for number in range(15):
        counts = {leaf: min(int(draw.expovariate(1 / 2.5)), 4) for leaf in leaves}
        cube = filled(shape(axes, id="cube"), counts)
        faces = [
            filled(
                shape([axes[a], axes[b]], id=f"face{a}{b}"),
                {(x, y): cube.cells[tuple({a: x, b: y}.get(axis, TOTAL) for axis in range(3))].count
                 for x, y in product("ab", repeat=2)},
            )
            for a, b in ((0, 1), (0, 2), (1, 2))
        ]  # fmt: skip
        release = protect([*faces, cube], policy, (), draw.randbytes(16), 30)
        assert isinstance(release, Release)
        shown = release.tables[3].cells
        for cap in (5, 6, 7):
            found = narrow_of_eight(shown, counts, cap)
            if not found:  # as above: trying fewer tables makes the attacker surer
                break
        assert not found, f"table {number}: {counts}: {found}"


def narrow_of_eight(shown: Mapping[Key, ReleasedCell], counts: Mapping[Key, int], cap: int) -> list[Key]:
    """Try every table of eight innermost cells up to `cap`; give the hidden cells that are not 2 wide and up to 3."""
    leaves = list(counts)
    ranges = [range(1, cap + 1) if shown[leaf].status == "hidden" else (counts[leaf],) for leaf in leaves]
    tried = np.stack([axis.ravel() for axis in np.meshgrid(*(np.array(r, np.int8) for r in ranges))], axis=1)
    for key, cell in shown.items():
        total = tried[:, within(key, leaves)].sum(axis=1)
        tried = tried[total >= 1 if cell.status == "hidden" else total == cell.value]
    found = []
    for key, cell in shown.items():
        values = tried[:, within(key, leaves)].sum(axis=1)
        if cell.status == "hidden" and (values.max() - values.min() < 2 or values.max() < 3):
            found.append(key)
    return found


def within(key: Key, leaves: Sequence[Key]) -> list[bool]:
    """Mark the innermost cells that a cell counts."""
    return [all(k in (TOTAL, c) for k, c in zip(key, leaf, strict=True)) for leaf in leaves]


def test_no_cell_of_300_random_tables_is_exposed_to_an_attacker_who_tries_every_table() -> None:
    seed = int(os.environ.get("CIS_TEST_SEED", "20180131"))
    print(f"seed {seed}")
    attack_some(seed, 300)


@pytest.mark.soak
def test_no_cell_of_10000_random_tables_is_exposed_to_an_attacker_who_tries_every_table() -> None:
    seed = int(os.environ.get("CIS_TEST_SEED", str(random.SystemRandom().randrange(10**9))))
    print(f"seed {seed}")
    attack_some(seed, 10_000)
