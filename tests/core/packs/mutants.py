"""Ways to weaken disclosure control by one rule, in tests only, and the seeded releases that need that rule."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from itertools import product
from typing import Any
from unittest.mock import patch

import numpy as np

from cis_desktop.disclosure import joined, primary, problem, protect, relations
from cis_desktop.disclosure.proofs import Proofs
from cis_desktop.disclosure.repair import Repairer
from cis_desktop.disclosure.tables import (
    TOTAL,
    Category,
    Cell,
    CellId,
    Dimension,
    Key,
    PastCell,
    PastRelease,
    Policy,
    Release,
    Shape,
    Table,
)  # fmt: skip
from cis_desktop.packs import tidy
from cis_desktop.packs.datapackage import adds_over_periods, breakdown
from cis_desktop.packs.reading import FilePack, FileTable
from cis_desktop.packs.statement import disclosure
from tests.core.packs.examples import details, kinds, shape

SECRET = b"a secret for tests, 32 bytes long"
LT5 = Policy("lt5-suppress", threshold=5, min_households=0)
ROUNDED = Policy("nhs-1to7-round5", threshold=8, rounding=5, min_households=0)


@dataclass(frozen=True, slots=True)
class Lots:
    """Tables that are released one lot after another, under one policy."""

    lots: tuple[tuple[Table, ...], ...]
    policy: Policy
    replacing: bool = False
    """Whether each lot corrects the one before it."""


@dataclass(frozen=True, slots=True)
class Out:
    """A release with the truth behind it."""

    release: Release
    tables: tuple[Table, ...]
    replaces: int | None = None
    """Which of the releases before it this one corrects."""


def filled(of: Shape, leaves: dict[Key, Cell]) -> Table:
    """Add leaves up to a table, hierarchies included; people and households behind a total are taken to differ."""
    above = [{c.key: c.parent for c in d.categories} for d in of.dimensions]
    keys = product(*((TOTAL, *(c.key for c in d.categories)) for d in of.dimensions))
    cells = dict.fromkeys(keys, Cell(0, 0, 0))
    for leaf, cell in leaves.items():
        ups = [[key, *([parent] if (parent := parents[key]) else []), TOTAL]
               for key, parents in zip(leaf, above, strict=True)]  # fmt: skip
        for key in product(*ups):
            was = cells[key]
            cells[key] = Cell(*(getattr(was, n) + getattr(cell, n) for n in ("count", "persons", "households")))
    return Table(of, cells)


def counted(draw: random.Random, of: Shape, mean: float = 11, alike: bool = True) -> Table:
    """Draw a table of skewed counts; unless `alike`, few people or one household may stand behind a count."""
    parents = [{c.parent for c in d.categories} for d in of.dimensions]
    axes = [[c.key for c in d.categories if c.key not in p] for d, p in zip(of.dimensions, parents, strict=True)]
    leaves = {}
    for key in product(*axes):
        count = 0 if draw.random() < 0.08 else int(draw.expovariate(1 / mean))
        persons = count if alike or draw.random() < 0.8 else min(count, draw.choice([1, 2, 3]))
        households = persons if alike or draw.random() < 0.8 else min(persons, 1)
        leaves[key] = Cell(count, persons, households)
    return filled(of, leaves)


def plain(seed: int, policy: Policy = LT5, alike: bool = True, mean: float = 11, **changes: object) -> Lots:
    """One two-way table."""
    of = shape("t", "T", (kinds("a", 5), kinds("b", 4)), **changes)
    return Lots(((counted(random.Random(seed), of, mean, alike),),), policy)


def linked(seed: int) -> Lots:
    """Two tables of the same people by the same categories, each put together to other broad ones."""
    draw = random.Random(seed)
    names = [f"k{n}" for n in range(9)]
    people = {name: int(draw.expovariate(1 / 9)) for name in names}
    tables = []
    for at, order in (("first", names), ("second", draw.sample(names, len(names)))):
        groups = {f"{at}{n}": order[3 * n : 3 * n + 3] for n in range(3)}
        kind = Dimension("k", "K", tuple(
            each for broad, parts in groups.items()
            for each in (Category(broad, broad), *(Category(part, part, broad) for part in parts))
        ))  # fmt: skip
        tables.append(filled(shape(at, at.capitalize(), (kind,)), {(n,): Cell(v, v, v) for n, v in people.items()}))
    return Lots((tuple(tables),), LT5)


def hierarchy(seed: int) -> Lots:
    """A table by a breakdown with broader categories."""
    broad = Dimension("h", "H", tuple(
        each for n in range(3)
        for each in (Category(f"h{n}", f"H{n}"), *(Category(f"h{n}{m}", f"H{n}{m}", f"h{n}") for m in range(3)))
    ))  # fmt: skip
    return Lots(((counted(random.Random(seed), shape("t", "T", (broad, kinds("b", 3)))),),), LT5)


def months(seed: int) -> Lots:
    """Three months and then their quarter, of visits."""
    draw = random.Random(seed)
    of = shape("t", "T", (kinds("a", 6),), measure="visits", unit="visits", counts_people=False)
    each = [counted(draw, replace(of, period=f"2018-0{n}")) for n in (1, 2, 3)]
    cells = {
        key: Cell(*(sum(getattr(t.cells[key], n) for t in each) for n in ("count", "persons", "households")))
        for key in each[0].cells
    }
    return Lots((*((t,) for t in each), (Table(of, cells),)), LT5)


def reissues(seed: int) -> Lots:
    """A table, and the same with two late records that bring it over the threshold in other places."""
    draw = random.Random(seed)
    first = counted(draw, shape("t", "T", (kinds("a", 5), kinds("b", 4))))
    leaves = {key: cell for key, cell in first.cells.items() if TOTAL not in key}
    for key in draw.sample(sorted(leaves), 3):
        more = leaves[key].count + draw.choice([1, 2, 30])
        leaves[key] = Cell(more, more, more)
    return Lots(((first,), (filled(first.shape, leaves),)), LT5, replacing=True)


def release_all(asked: Lots, remember: bool = True, apart: bool = False) -> list[Out]:
    """Release lot after lot; what is refused is left out. `apart`: each table as if there were no other."""
    done: list[Out] = []
    past: list[PastRelease] = []
    for n, lot in enumerate(asked.lots):
        parts = [(table,) for table in lot] if apart else [lot]
        answers = [protect.protect(part, asked.policy, past if remember else (), SECRET, 60) for part in parts]
        made = [answer for answer in answers if isinstance(answer, Release)]
        if len(made) < len(parts):
            continue
        whole = replace(made[0], tables=tuple(t for each in made for t in each.tables))
        cells: dict[CellId, PastCell] = {}
        for released, table in zip(whole.tables, lot, strict=True):
            cells |= {table.shape.identity(k): PastCell(table.cells[k].count, c) for k, c in released.cells.items()}
        past.append(PastRelease(str(n), whole.tables, cells))
        done.append(Out(whole, lot, len(done) - 1 if asked.replacing and done else None))
    return done


def read(out: Out, n: int) -> FilePack:
    """Give a release as its reader has it, without the pages and sheets that take long to write."""
    release = out.release
    about = details(period=release.tables[0].shape.period, made_at=f"2018-{5 + n // 28:02d}-{n % 28 + 1:02d}T10:00:00Z")
    made = tidy.tables(release, about)
    tables = (
        FileTable(t.id, t.csv(), tuple(dict(zip(t.columns, row, strict=True)) for row in t.rows),
                  tuple(breakdown(b) for b in t.breakdowns), frozenset(adds_over_periods(t)))
        for t in made
    )  # fmt: skip
    replaced = None if out.replaces is None else f"pack{out.replaces}"
    said = {"pack": f"pack{n}", "group": about.group, "made_at": about.made_at, "supersedes": replaced}
    return FilePack(f"pack{n}", "ledger", said, {}, {}, tuple(tables), disclosure(release, made))


def changed(target: Any, name: str, new: Any) -> AbstractContextManager[Any]:
    """Put something else in the place of a part of the engine for a while."""
    return patch.object(target, name, new)


@contextmanager
def posed(change: Callable[[problem.Problem], None]) -> Iterator[None]:
    """Change every problem that is posed."""
    pose = protect.pose

    def other(*given: Any, **named: Any) -> problem.Problem:
        made = pose(*given, **named)
        change(made)
        return made

    with changed(protect, "pose", other):
        yield


@contextmanager
def no_secondary() -> Iterator[None]:
    """Hide the small ones and nothing besides."""

    def bare(repairer: Repairer, start: problem.Mask) -> list[Any]:
        repairer.proofs.hide(np.flatnonzero(start))
        return []

    with (
        changed(Repairer, "protect", bare),
        changed(protect, "_hopeless", lambda *_: []),
        changed(Proofs, "unmet", lambda _: []),
        changed(protect, "all_proven", lambda *_: iter(())),
    ):
        yield


@contextmanager
def no_hierarchy() -> Iterator[None]:
    """Forget that narrower categories make up broader ones."""
    margins = relations.margins

    def flat(of: Shape) -> Iterator[tuple[Key, tuple[Key, ...], bool]]:
        for whole, parts, adds_up in margins(of):
            if parts and sum(a == TOTAL for a in whole) > sum(a == TOTAL for a in parts[0]):
                yield whole, parts, adds_up

    with changed(joined, "margins", flat):
        yield


def rounding_forgotten() -> AbstractContextManager[Any]:
    """Take a rounded figure to tell far less than it does."""
    return changed(problem.Figure, "known", lambda figure, value, policy: (0, 2 * value + 100))


def noughts_forgotten() -> AbstractContextManager[Any]:
    """Take it that a blank may be nought, although every nought is shown."""
    return changed(problem, "blank_from", lambda policy: 0)


def rule_without(*reasons: str) -> AbstractContextManager[Any]:
    """Leave reasons out of the rule by which figures are hidden for themselves."""
    sensitive = primary.sensitive
    return changed(problem, "sensitive", lambda *given: None if (why := sensitive(*given)) in reasons else why)


def no_insiders() -> AbstractContextManager[Any]:
    """Forget the one person in a hidden figure."""
    return changed(problem, "_insiders", lambda *_: [])


def never(posed_problem: problem.Problem, name: str) -> None:
    """Ask nothing of the width, or of the reach, of intervals."""
    setattr(posed_problem, name, np.zeros_like(getattr(posed_problem, name)))


def earlier_blanks_forgotten(posed_problem: problem.Problem) -> None:
    """Do not attack the blanks of earlier releases again."""
    for at, (name, _) in enumerate(posed_problem.system.variables):
        if name != relations.NOW:
            posed_problem.always[at] = False


def shown_too_small(outs: Sequence[Out], policy: Policy) -> list[CellId]:
    """Give the figures that are shown although too few people or households stand behind them: no file tells.

    What a release says it drew up or down is not shown: it is one of two multiples, and the files are asked for it.
    """
    found = []
    for out in outs:
        drawn = out.release.policy.method in ("controlled", "small")
        for released, table in zip(out.release.tables, out.tables, strict=True):
            for key, cell in released.cells.items():
                behind = table.cells[key]
                few = 0 < behind.persons < policy.threshold or 0 < behind.households < policy.min_households
                shown = cell.status == "value" or (cell.status == "rounded" and not drawn)
                if shown and behind.count and few:
                    found.append(table.shape.identity(key))
    return found
