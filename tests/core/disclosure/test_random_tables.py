"""Random small tables, attacked by trying every whole-number table: nothing may be exposed."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from dataclasses import replace
from itertools import product

import pytest

from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import (
    TOTAL,
    Category,
    Cell,
    Cells,
    Dimension,
    Key,
    Policy,
    Refusal,
    Release,
    ReleasedCell,
    ReleasedTable,
    Sensitive,
    Shape,
    Table,
)

from .attack import exposed, innermost, threshold_of, too_small
from .made import grid, shape

SIZES = [(2, 2), (2, 3), (3, 3), (4, 2), (3, 4), (2, 2, 2), (3, 2, 2)]
LARGE = [*SIZES, (2, 2, 2, 2), (4, 4)]
"""Drawn for the lower thresholds alone: the higher, the longer it takes to try all tables."""
BUDGET = 600
"""Seconds for one table: a busy machine must not decide what is refused."""
POLICIES = [
    Policy("lt3", 3), Policy("lt4", 4), Policy("lt5", 5), Policy("lt4 nearest 3", 4, 3), Policy("lt5 nearest 5", 5, 5),
    Policy("lt3 summed", 3, 3, totals="summed"), Policy("lt3 controlled", 3, 3, method="controlled"),
    Policy("lt3 small", 3, 3, method="small", totals="summed"), *PROFILES.values(),
]  # fmt: skip


def drawn_shape(draw: random.Random, sizes: list[tuple[int, ...]]) -> Shape:
    """Draw two to four dimensions: flat, with broader groups, or such that one person can be in several categories."""
    dimensions = []
    for axis, size in enumerate(draw.choice(sizes)):
        keys = [f"{'abcd'[axis]}{n}" for n in range(size)]
        grouped = size > 2 and draw.random() < 0.4
        above = {
            key: "AB"[n > 1] + str(axis) if grouped and (n < 2 or size > 3) else None for n, key in enumerate(keys)
        }
        broader = sorted({key for key in above.values() if key})
        rows = [*(Category(key, key) for key in broader), *(Category(key, key, above[key]) for key in keys)]
        several = not grouped and axis == 0 and draw.random() < 0.2
        dimensions.append(Dimension("abcd"[axis], "abcd"[axis], tuple(rows), adds_up=not several))
    people = draw.random() < 0.7 or any(not d.adds_up for d in dimensions)
    return shape(dimensions, counts_people=people, measure="people" if people else "visits")


def drawn_table(draw: random.Random, of: Shape, threshold: int) -> Table:
    """Draw counts, sparse or dense; persons and households behind them are fewer where they can be."""
    mean, empty = draw.choice([0.4, 0.8, 2]) * threshold, draw.choice([0, 0.1, 0.4, 0.7])
    leaves: dict[Key, Cell] = {}
    sides = [[c.key for c in d.categories if innermost(d, c.key) == [c.key]] for d in of.dimensions]
    for leaf in product(*sides):
        count = 0 if draw.random() < empty else int(draw.expovariate(1 / mean))
        persons = count if of.counts_people or not count else draw.randint(1, count)
        homes = draw.randint(max(1, persons // 2), persons) if persons else 0
        leaves[leaf] = Cell(count, persons, homes)
    several = [not d.adds_up for d in of.dimensions]
    if any(several):
        axis = several.index(True)
        for rest in {(*leaf[:axis], TOTAL, *leaf[axis + 1 :]) for leaf in leaves}:
            parts = [leaves[(*rest[:axis], part, *rest[axis + 1 :])].count for part in sides[axis]]
            total = draw.randint(max(parts), sum(parts))
            leaves[rest] = Cell(total, total, total - total // 4)
    cells = {}
    for key in product(*((TOTAL, *(c.key for c in d.categories)) for d in of.dimensions)):
        inside = product(*(innermost(d, part) for d, part in zip(of.dimensions, key, strict=True)))
        behind = [leaves[leaf] for leaf in inside]
        cells[key] = Cell(*(sum(getattr(c, name) for c in behind) for name in ("count", "persons", "households")))
    return Table(of, cells)


def where(of: Shape, key: Key) -> Cells:
    return Cells(tuple((d.id, part) for d, part in zip(of.dimensions, key, strict=True) if part != TOTAL))


def drawn(draw: random.Random) -> tuple[list[Table], Policy]:
    """Draw a table, sometimes beside one of its own faces, and a policy with its exceptions."""
    policy = replace(draw.choice(POLICIES), zeros=draw.choice(["show", "show", "few", "protect"]))
    policy = replace(policy, min_households=draw.choice([0, 2]), few=draw.choice([1, 2]))
    table = drawn_table(draw, drawn_shape(draw, LARGE if policy.threshold < 5 else SIZES), policy.threshold)
    of = table.shape
    leaves = [key for key in table.cells if TOTAL not in key]
    noughts = [leaf for leaf in leaves if not table.cells[leaf].count]
    if noughts and draw.random() < 0.1:
        of = replace(of, structural=frozenset([draw.choice(noughts)]))
    if draw.random() < 0.15:
        by = draw.choice(of.dimensions)
        policy = replace(policy, sensitive=(Sensitive(where(of, _one(draw, of, by)), policy.threshold + 3),))
    never = draw.choice(leaves) if draw.random() < 0.15 else None
    if never:
        policy = replace(policy, never_publish=(where(of, never),))
    if draw.random() < 0.15:
        enough = [
            k
            for k in table.cells
            if k != never and not too_small(table.cells[k], of, threshold_of(of, k, policy), policy)
        ]
        policy = replace(policy, must_publish=(where(of, draw.choice(enough or [()])),)) if enough else policy
    table = Table(of, table.cells)
    tables = [table]
    if len(of.dimensions) > 2 and draw.random() < 0.5 and not of.structural:
        face = {key[1:]: cell for key, cell in table.cells.items() if key[0] == TOTAL}
        tables.insert(0, Table(replace(of, id="face", dimensions=of.dimensions[1:]), face))
    return tables, policy


def _one(draw: random.Random, of: Shape, by: Dimension) -> Key:
    return tuple(draw.choice(d.categories).key if d is by else TOTAL for d in of.dimensions)


def attack_some(seed: int, number: int) -> Counter[str]:
    """Attack so many tables; give what they were."""
    told: Counter[str] = Counter()
    engine = attacker = 0.0
    for turn in range(number):
        draw = random.Random(f"{seed} {turn}")
        tables, policy = drawn(draw)
        start = time.process_time()
        release = protect(tables, policy, (), draw.randbytes(16), BUDGET)
        engine += time.process_time() - start
        if isinstance(release, Refusal):
            told["refused"] += 1
            if not policy.must_publish and not policy.sensitive:
                told["refused without more being asked"] += 1
                print(f"seed {seed}, table {turn}, {policy.profile}: {release.sentence}", flush=True)
            continue
        start = time.process_time()
        found = exposed(tables[-1], release, len(tables) - 1)
        attacker += time.process_time() - start
        assert not found, f"seed {seed}, table {turn}, {policy}: {found}"
        assert agrees(release.tables), f"seed {seed}, table {turn}"
        told["released"] += 1
        told["released by a later rung"] += bool(release.beyond)
        told["blanks"] += release.audit.hidden
        told["cells"] += len(tables[-1].cells)
        told[f"{len(tables[-1].shape.dimensions)} dimensions"] += 1
    print(f"\nseed {seed}: {dict(told)}; CPU: engine {engine:.0f} s, attacker {attacker:.0f} s")
    return told


def agrees(tables: tuple[ReleasedTable, ...]) -> bool:
    """Tell whether a face of a table says what the table says."""
    return len(tables) == 1 or all(tables[1].cells[TOTAL, *key] == cell for key, cell in tables[0].cells.items())


def test_no_cell_of_200_random_tables_is_exposed_to_an_attacker_who_tries_every_table() -> None:
    seed = int(os.environ.get("CIS_TEST_SEED", "20180131"))
    told = attack_some(seed, 200)
    assert told["blanks"] > told["released"], "the draw must give tables where something is hidden"
    assert not told["refused without more being asked"], "there is always a way where no figure must be shown"


def test_the_attacker_works_out_blanks_that_nothing_else_is_hidden_beside() -> None:
    """Whether it notices: of tables where only the small figures themselves are hidden, most are given away."""
    draw, found = random.Random(20180401), 0
    policy = Policy("lt4", 4, min_households=0)
    for _ in range(20):
        table = grid([[int(draw.expovariate(1 / 6)) for _ in range(3)] for _ in range(3)])
        release = protect([table], policy, (), draw.randbytes(16), 30)
        assert isinstance(release, Release)
        bare = {
            key: ReleasedCell("hidden", None, 1, None)
            if 0 < cell.count < 4
            else ReleasedCell("value", cell.count, cell.count, cell.count)
            for key, cell in table.cells.items()
        }
        found += bool(exposed(table, replace(release, tables=(ReleasedTable(table.shape, bare),))))
    assert found > 10


@pytest.mark.soak
@pytest.mark.parametrize("part", range(3))
def test_no_cell_of_10000_random_tables_is_exposed_to_an_attacker_who_tries_every_table(part: int) -> None:
    seed = int(os.environ.get("CIS_TEST_SEED", str(random.SystemRandom().randrange(10**9)))) + part
    told = attack_some(seed, 3_500)
    assert told["released"] + told["refused"] == 3_500
