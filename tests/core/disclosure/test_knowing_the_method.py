"""Somebody who has this source, and not the secret, asks of every table that fits: would it have come out so?

A table that fits what is shown, and that would have been given other blanks, is not the true one. What is left over all
that are is narrower than the audit's interval, most often because nothing is hidden where nothing is small. With costs
that depend on figures everybody can try; with costs drawn from a secret, a table is ruled out only when no secret would
give these blanks. Here a few secrets and the tables furthest out are tried, so what is counted as narrowed is too much
rather than too little.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import Key, Policy, Release, Table
from cis_desktop.disclosure.weights import Weigh

from .attack import Ints, read, some_tables
from .made import grid

SECRETS = 4
CANDIDATES = 40

Blanks = frozenset[Key]
Made = Callable[[Table, bytes], Blanks]


def by_value(table: Table) -> Weigh:
    """Give the costs that most programs have: hiding a large figure costs more."""
    counts = {table.shape.identity(key): 1.0 + cell.count for key, cell in table.cells.items()}
    return lambda cid, shape, key, past: counts[cid]


def blanks(release: Release) -> Blanks:
    return frozenset(key for key, cell in release.tables[0].cells.items() if cell.status == "hidden")


def method(policy: Policy, *, secret: bool) -> Made:
    """Give the method as a reader would try it on a table of their own."""

    def made(table: Table, key: bytes) -> Blanks:
        answer = protect([table], policy, (), key, 60, weigh=None if secret else by_value(table))
        return blanks(answer) if isinstance(answer, Release) and not answer.beyond else frozenset()

    return made


def left(
    truth: Table, policy: Policy, key: bytes, made: Made, secrets: list[bytes], draw: random.Random
) -> Counter[str]:
    """Count the small figures of a table, and those that the method narrows: to one value, or to less than promised."""
    answer = protect([truth], policy, (), key, 60, weigh=None if len(secrets) > 1 else by_value(truth))
    told: Counter[str] = Counter()
    if not isinstance(answer, Release) or answer.beyond:
        return told
    pattern = blanks(answer)
    held = read(truth.shape, answer.tables[0].cells, policy)
    cap = max(cell.count for cell in truth.cells.values()) + policy.threshold
    fitting = some_tables(held, cap, 4_000)
    order = list(range(len(fitting)))
    draw.shuffle(order)
    small = [key_ for key_ in sorted(pattern) if 0 < truth.cells[key_].count < policy.threshold]
    seen = {key_: {truth.cells[key_].count} for key_ in small}
    tried: dict[bytes, bool] = {}
    size, width, reach = len(held.rows), policy.threshold - 1, policy.threshold
    for key_ in small:
        column = held.keys.index(key_)
        # Those furthest out first: two of them are enough.
        ranked = sorted(order, key=lambda n, c=column: -int(fitting[n, c]))  # type: ignore[misc]
        some = [*ranked[: CANDIDATES // 2], *reversed(ranked[-CANDIDATES // 2 :])]
        for number in some:
            if max(seen[key_]) >= reach and max(seen[key_]) - min(seen[key_]) >= width:
                break
            value = int(fitting[number, column])
            if min(seen[key_]) <= value <= max(seen[key_]):
                continue
            leaves = fitting[number, size:]
            name = leaves.tobytes()
            if name not in tried:
                tried[name] = possible(leaves, held.unknowns, truth, pattern, made, secrets)
            if tried[name]:
                for other in small:
                    seen[other].add(int(fitting[number, held.keys.index(other)]))
        told["small"] += 1
        told["exact"] += len(seen[key_]) == 1
        told["certainly small"] += max(seen[key_]) < policy.threshold
        told["narrower"] += max(seen[key_]) - min(seen[key_]) < width or max(seen[key_]) < reach
    told["tables"] += bool(small)
    return told


def possible(
    leaves: Ints, unknowns: list[Key], truth: Table, pattern: Blanks, made: Made, secrets: list[bytes]
) -> bool:
    """Tell whether a table would have been given these blanks, with one of the secrets."""
    rows, columns = (len(d.categories) for d in truth.shape.dimensions)
    table = grid(np.reshape(leaves, (rows, columns)).tolist())
    return any(made(table, key) == pattern for key in secrets)


def measure(seed: int, tables: int, side: int, threshold: int, *, secret: bool) -> Counter[str]:
    """Attack so many tables of `side` by `side`; give what was narrowed."""
    policy = Policy("test", threshold, min_households=0)
    told: Counter[str] = Counter()
    for turn in range(tables):
        draw = random.Random(f"{seed} {turn}")
        numbers = [[int(draw.expovariate(1 / (2.5 * threshold))) for _ in range(side)] for _ in range(side)]
        key = draw.randbytes(16)
        secrets = [key, *(draw.randbytes(16) for _ in range(SECRETS - 1))] if secret else [key]
        told += left(grid(numbers), policy, key, method(policy, secret=secret), secrets, draw)
    kind = "a secret" if secret else "values"
    print(f"\n{side}x{side}, threshold {threshold}, costs by {kind}, seed {seed}: {dict(told)}")
    return told


def test_costs_that_depend_on_figures_give_small_figures_away_exactly_and_costs_drawn_from_a_secret_do_not() -> None:
    """Both tell that something small is among the blanks; only the first tell how small it is."""
    values, drawn = measure(20180331, 30, 3, 3, secret=False), measure(20180331, 8, 3, 3, secret=True)
    assert values["exact"] > 0
    assert drawn["small"] > 10
    assert drawn["exact"] == 0


@pytest.mark.soak
@pytest.mark.parametrize(("side", "threshold", "tables"), [(3, 3, 600), (4, 3, 150), (3, 5, 300), (4, 5, 100)])
def test_how_much_the_method_gives_away_over_many_tables(side: int, threshold: int, tables: int) -> None:
    seed = int(os.environ.get("CIS_TEST_SEED", "20180331"))
    values, drawn = (measure(seed, tables, side, threshold, secret=secret) for secret in (False, True))
    assert drawn["exact"] / drawn["small"] <= values["exact"] / values["small"]
