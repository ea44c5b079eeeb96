"""Random small tables, attacked by trying every whole-number table: nothing may be exposed."""

from __future__ import annotations

import os
import random

import pytest

from cis_desktop.disclosure import Policy, protect
from cis_desktop.disclosure.tables import Release

from .attack import exposed
from .made import grid

POLICIES = [
    Policy("test-lt3", threshold=3, min_households=0),
    Policy("test-lt4-zeros", threshold=4, min_households=0, zeros="protect"),
    Policy("test-lt3-round3", threshold=3, rounding=3, min_households=0),
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


def test_no_cell_of_300_random_tables_is_exposed_to_an_attacker_who_tries_every_table() -> None:
    seed = int(os.environ.get("CIS_TEST_SEED", "20180131"))
    print(f"seed {seed}")
    attack_some(seed, 300)


@pytest.mark.soak
def test_no_cell_of_10000_random_tables_is_exposed_to_an_attacker_who_tries_every_table() -> None:
    seed = int(os.environ.get("CIS_TEST_SEED", str(random.SystemRandom().randrange(10**9))))
    print(f"seed {seed}")
    attack_some(seed, 10_000)
