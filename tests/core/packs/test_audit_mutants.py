"""Weaken disclosure control by one rule at a time: the audit must notice each, and nothing while it is whole.

`pytest -s` prints what noticed which, and on how many of the seeds.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from types import ModuleType
from typing import Any

import pytest

from cis_desktop import words
from cis_desktop.disclosure import joined, overlaps
from cis_desktop.disclosure.tables import TOTAL, Key, ReleasedCell, ReleasedTable, Table
from cis_desktop.packs import build
from cis_desktop.packs.audit import Exposed, attack_packs
from cis_desktop.packs.reading import FilePack, read_pack
from tests.core.packs import mutants
from tests.core.packs.examples import SIGNER, details
from tests.core.packs.mutants import LT5, ROUNDED, Lots, Out

SEEDS = range(12)
HOUSEHOLDS = replace(LT5, min_households=2)
NOUGHTS = replace(LT5, zeros="protect")
VISITS = {"measure": "visits", "unit": "visits", "counts_people": False}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule left out, and the releases that it protects."""

    name: str
    scenario: Callable[[int], Lots]
    weaken: Callable[[], AbstractContextManager[Any]] = nullcontext
    remember: bool = True
    apart: bool = False


no_width, no_reach = (partial(mutants.never, name=name) for name in ("width", "reach"))


def no(module: ModuleType, part: str) -> AbstractContextManager[Any]:
    return mutants.changed(module, part, lambda *_: None)


SEEN_IN_FILES = [
    Mutant("no figures hidden beside the small ones", mutants.plain, mutants.no_secondary),
    Mutant("tables protected one by one", mutants.linked, apart=True),
    Mutant("no relations of broader categories", mutants.hierarchy, mutants.no_hierarchy),
    Mutant("rounding taken to tell nothing", partial(mutants.plain, policy=ROUNDED), mutants.rounding_forgotten),
    Mutant("a blank taken to be nought perhaps", mutants.plain, mutants.noughts_forgotten),
    Mutant("intervals may be narrow", mutants.reissues, lambda: mutants.posed(no_width)),
    Mutant("intervals may stay small", partial(mutants.plain, policy=NOUGHTS), lambda: mutants.posed(no_reach)),
    Mutant("no ledger: months and quarter", mutants.months, remember=False),
    Mutant("no ledger: re-issues", mutants.reissues, remember=False),
    Mutant("no relations over time", mutants.months, lambda: no(joined, "tie")),
    Mutant("no relations between releases", mutants.reissues, lambda: no(overlaps, "_releases")),
    Mutant(
        "earlier blanks not attacked again", mutants.months, lambda: mutants.posed(mutants.earlier_blanks_forgotten)
    ),
]
SEEN_IN_THE_TRUTH = [
    Mutant(
        "no rule of households", partial(mutants.plain, policy=HOUSEHOLDS, alike=False, **VISITS),
        lambda: mutants.rule_without("households"),
    ),
    Mutant(
        "no rule of the persons behind", partial(mutants.plain, policy=HOUSEHOLDS, alike=False, **VISITS),
        lambda: mutants.rule_without("persons", "households"),
    ),
    Mutant("no threshold", mutants.plain, lambda: mutants.rule_without("count", "persons")),
]  # fmt: skip


def attacked(outs: list[Out]) -> tuple[Exposed, ...]:
    """Attack releases from what their files say; a reader who is sure of something untrue has learned nothing."""
    if not outs:
        return ()
    found = attack_packs([mutants.read(out, n) for n, out in enumerate(outs)]).unsafe
    return tuple(each for each in found if any(each.lowest <= v <= each.highest for v in true_values(outs, each)))


def true_values(outs: list[Out], found: Exposed) -> list[int]:
    """Give what a figure truly was, in each of the packs that it is hidden in; for what is left over, what is said."""
    if found.left_over:
        return [found.lowest]
    return [
        cell.count
        for n, out in enumerate(outs)
        if f"pack{n}" in found.packs
        for table in out.tables
        for key, cell in table.cells.items()
        if found.cell.partition(", ")[2] == named(table, key)
    ]


def named(table: Table, key: Key) -> str:
    """Name a figure as the audit does, without its measure."""
    where = table.shape.label(key) if set(key) != {TOTAL} else table.shape.area_label
    return f"{where}, {words.period(table.shape.period)}"


def built(outs: list[Out]) -> list[FilePack]:
    """Make the packs of releases and read them from their files."""
    packs: list[FilePack] = []
    for n, out in enumerate(outs):
        about = details(
            period=out.release.tables[0].shape.period, made_at=f"2018-05-{n + 1:02d}T10:00:00Z",
            supersedes=None if out.replaces is None else packs[out.replaces].pack,
        )  # fmt: skip
        made = build(out.release, about, SIGNER)
        packs.append(read_pack(made.archive, made.stem))
    return packs


def tell(name: str, by: str, caught: list[int], example: str) -> None:
    print(f"{name:<44} {by:<22} {len(caught):>2} of {len(SEEDS)} seeds   {example}")


@pytest.mark.parametrize("mutant", SEEN_IN_FILES, ids=lambda m: m.name)
def test_an_engine_without_a_rule_is_caught_by_the_files_alone(mutant: Mutant) -> None:
    caught, example = [], ""
    for seed in SEEDS:
        asked = mutant.scenario(seed)
        with mutant.weaken():
            outs = mutants.release_all(asked, mutant.remember, mutant.apart)
        if found := attacked(outs):
            if not caught:
                example = f"{found[0].cell}: {found[0].lowest} to {found[0].highest}"
                files = attack_packs(built(outs))
                assert {(e.cell, e.lowest, e.highest) for e in files.unsafe} == {
                    (e.cell, e.lowest, e.highest) for e in found
                }, "the real files tell the same"
            caught.append(seed)
    tell(mutant.name, "the files alone", caught, example)
    assert caught, f"nobody noticed: {mutant.name}"


@pytest.mark.parametrize("mutant", SEEN_IN_THE_TRUTH, ids=lambda m: m.name)
def test_an_engine_without_a_rule_about_people_is_caught_by_the_truth(mutant: Mutant) -> None:
    """Who stands behind a figure is in no file, so no reader of files can notice; the truth does."""
    caught, example = [], ""
    for seed in SEEDS:
        asked = mutant.scenario(seed)
        with mutant.weaken():
            outs = mutants.release_all(asked)
        if few := mutants.shown_too_small(outs, asked.policy):
            example = example or f"{few[0].categories}"
            caught.append(seed)
    tell(mutant.name, "the truth", caught, example)
    assert caught, f"nobody noticed: {mutant.name}"


def insiders(outs: list[Out]) -> list[Exposed]:
    """Attack as the one person in each hidden 1 would: with their own figure known."""
    found: list[Exposed] = []
    for out in outs:
        small = {t.shape.identity(k) for t in out.tables for k, c in t.cells.items() if 0 < c.count < 5}
        for n, (released, table) in enumerate(zip(out.release.tables, out.tables, strict=True)):
            for key, cell in released.cells.items():
                if cell.status == "hidden" and table.cells[key].count == 1:
                    cells = released.cells | {key: ReleasedCell("value", 1, 1, 1)}
                    tables = list(out.release.tables)
                    tables[n] = ReleasedTable(released.shape, cells)
                    names = {f"People, {table.shape.label(k)}, Jan to Mar 2018" for k in table.cells if "total" not in k
                             and sum(a == b for a, b in zip(k, key, strict=True)) == 1
                             and table.shape.identity(k) in small}  # fmt: skip
                    told = replace(out, release=replace(out.release, tables=tuple(tables)))
                    known = attack_packs([mutants.read(told, 0)])
                    found += [each for each in known.exposed if each.cell in names]
    return found


def test_an_engine_without_insiders_is_caught_by_the_one_person_in_a_hidden_figure() -> None:
    caught, example = [], ""
    for seed in range(40, 40 + 2 * len(SEEDS)):
        asked = mutants.plain(seed, policy=LT5)
        assert not insiders(mutants.release_all(asked)), (
            f"seed {seed}: an insider gains something from the whole engine"
        )
        with mutants.no_insiders():
            outs = mutants.release_all(asked)
        if found := insiders(outs):
            example = example or f"{found[0].cell}: {found[0].lowest} to {found[0].highest}"
            caught.append(seed)
    tell("no insiders", "the one person in it", caught, example)
    assert caught


WHOLE = {
    "plain": mutants.plain,
    "rounded": partial(mutants.plain, policy=ROUNDED),
    "visits": partial(mutants.plain, policy=HOUSEHOLDS, alike=False, **VISITS),
    "noughts": partial(mutants.plain, policy=NOUGHTS),
    "linked": mutants.linked,
    "hierarchy": mutants.hierarchy,
    "months": mutants.months,
    "reissues": mutants.reissues,
}


@pytest.mark.parametrize("scenario", WHOLE.values(), ids=WHOLE.keys())
def test_the_whole_engine_gives_nothing_away_on_the_same_seeds(scenario: Callable[[int], Lots]) -> None:
    hidden = 0
    for seed in SEEDS:
        asked = scenario(seed)
        outs = mutants.release_all(asked)
        found = attacked(outs)
        assert not found, f"seed {seed}: {found[0]}"
        assert not mutants.shown_too_small(outs, asked.policy), f"seed {seed}"
        hidden += sum(out.release.audit.hidden for out in outs)
    assert hidden > len(SEEDS), "something has to be hidden for this to mean anything"
