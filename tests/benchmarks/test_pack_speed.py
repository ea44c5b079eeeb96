"""A pack from exact figures to checked files, and the audit of two years of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from cis_desktop import agreements
from cis_desktop.demo import populate
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import (
    TOTAL,
    Audit,
    Category,
    Cell,
    Dimension,
    PastCell,
    PastRelease,
    Policy,
    Release,
    ReleasedCell,
    ReleasedTable,
    Table,
)
from cis_desktop.packs import PackFiles, build
from cis_desktop.packs.audit import attack, attack_packs
from cis_desktop.packs.release import release
from cis_desktop.packs.verifying import verify_bytes
from cis_desktop.workspace import Workspace
from tests.benchmarks.conftest import Compare
from tests.core.packs.examples import SIGNER, details, shape
from tests.core.packs.mutants import read

POLICY = Policy("nhs-1to7-round5", threshold=8, rounding=5)
QUARTERS = [f"{year}-Q{n}" for year in (2017, 2018) for n in (1, 2, 3, 4)]


def busy_tables(period: str, seed: int) -> list[Table]:
    """Make ten tables of about thirty cells: people by age and ward, and eight counts of visits by need."""
    draw = random.Random(f"{seed} {period}")
    ages = Dimension("age_band", "Age", tuple(Category(f"a{n}", f"Band {n}") for n in range(5)))
    places = Dimension("ward", "Ward", tuple(Category(f"w{n}", f"Ward {n}") for n in range(4)), kind="area")
    kinds = Dimension("kind", "Kind of visit", tuple(Category(f"k{n}", f"Kind {n}") for n in range(29)))
    made = [crossed("people", (ages, places), period, draw), crossed("households", (ages, places), period, draw)]
    return made + [crossed(f"visits{n}", (kinds,), period, draw, counts_people=False) for n in range(8)]


def crossed(
    measure: str, dimensions: tuple[Dimension, ...], period: str, draw: random.Random, counts_people: bool = True
) -> Table:
    parts = [[category.key for category in dimension.categories] for dimension in dimensions]
    leaves = {key: int(draw.expovariate(1 / 45)) for key in product(*parts)}
    cells = {}
    for key in product(*([TOTAL, *part] for part in parts)):
        fits = [v for leaf, v in leaves.items() if all(k in (TOTAL, part) for k, part in zip(key, leaf, strict=True))]
        cells[key] = Cell(sum(fits), sum(fits), sum(fits))
    made = shape(measure, measure, dimensions, measure=measure, period=period, counts_people=counts_people)
    return Table(made, cells)


def safe(tables: list[Table], past: list[PastRelease]) -> Release:
    answer = protect(tables, POLICY, past, bytes(32), 60)
    assert isinstance(answer, Release)
    return answer


def test_a_pack_of_ten_tables_from_exact_figures_to_checked_files(compare: Compare) -> None:
    tables = busy_tables("2018-Q1", 1)
    assert 250 <= sum(len(table.cells) for table in tables) <= 350

    def make() -> PackFiles:
        made = build(safe(tables, []), details(), SIGNER)
        assert verify_bytes(made.archive, "pack").valid
        return made

    make()
    compare("pack: protect, build and verify, 10 tables, 300 cells", make, limit=3.0, rounds=3)


def test_a_release_of_a_group_with_ten_thousand_people(
    compare: Compare, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with Workspace.open_raw(tmp_path / "workspace", bytes(range(32)), "Ann") as workspace:
        populate(workspace, people=10_000, contacts=100_000)
        agreements.accept(workspace, "food-support-quarterly-return", "Ann")
        periods = iter(latest_quarters(workspace))

        def run(period: str) -> None:
            release(workspace, "food-support-quarterly-return", period, tmp_path / "out", "Ann")

        run(next(periods))
        what = "release of a quarter, 10,000 people, all of it"
        compare(what, run, prepare=lambda: next(periods), limit=3.0, rounds=3)


def latest_quarters(workspace: Workspace) -> list[str]:
    (last,) = workspace.read.execute("select max(on_date) from contacts where gone = 0").fetchone()
    place = int(last[:4]) * 4 + (int(last[5:7]) - 1) // 3
    return [f"{(place - n) // 4}-Q{(place - n) % 4 + 1}" for n in range(1, 6)]


def test_the_audit_of_two_years_of_quarters(compare: Compare, tmp_path: Path) -> None:
    past: list[PastRelease] = []
    for n, period in enumerate(QUARTERS):
        tables = busy_tables(period, 2)
        made = safe(tables, past)
        pack = build(made, details(period=period, made_at=f"2019-01-{n + 1:02d}T10:00:00Z"), SIGNER)
        (tmp_path / f"{pack.stem}.cis-pack.zip").write_bytes(pack.archive)
        exact = {t.shape.identity(key): cell.count for t in tables for key, cell in t.cells.items()}
        cells = {t.shape.identity(key): cell for t in made.tables for key, cell in t.cells.items()}
        past.append(PastRelease(pack.pack, made.tables, {c: PastCell(exact[c], cells[c]) for c in cells}))

    def run() -> None:
        assert not attack([tmp_path]).exposed

    compare("audit of 8 packs of 300 cells, from their files", run, limit=60.0, rounds=1)


def test_the_audit_of_nine_years_of_quarters_and_their_years(compare: Compare) -> None:
    """36 quarters and the 9 years they make up, 12 tables each: all that the files tie together, over time too.

    The packs are read already. Few of their figures are safe, which takes the audit longest: a third is blank at
    random, whether that protects anything or not.
    """
    draw = random.Random(9)
    packs = []
    for year in range(2010, 2019):
        quarters = [[*busy_tables(f"{year}-Q{n}", 3), *busy_tables(f"{year}-Q{n}", 4)[:2]] for n in (1, 2, 3, 4)]
        whole = [together(parts, str(year)) for parts in zip(*quarters, strict=True)]
        for tables in (*quarters, whole):
            packs.append(read(blanked(tables, draw), len(packs)))
    assert len(packs) == 45

    def run() -> None:
        found = attack_packs(packs)
        assert len(found.packs) == 45
        assert not found.undecided

    compare("audit of 45 packs of 12 tables, tied together over time", run, limit=120.0, rounds=1)


def together(parts: Sequence[Table], period: str) -> Table:
    """Add the tables of quarters up to their year's."""
    keys = parts[0].cells
    behind = ("count", "persons", "households")
    cells = {key: Cell(*(sum(getattr(t.cells[key], n) for t in parts) for n in behind)) for key in keys}
    return Table(replace(parts[0].shape, period=period), cells)


def blanked(tables: Sequence[Table], draw: random.Random) -> Release:
    """Release tables with the small figures blank, and a third of the others."""
    blank, made = ReleasedCell("hidden", None, 1, None), []
    for n, table in enumerate(tables):
        shape = replace(table.shape, id=f"t{n}", measure=f"m{n}")
        cells = {
            key: blank
            if cell.count and (cell.count < 5 or draw.random() < 0.33)
            else ReleasedCell("value", *[cell.count] * 3)
            for key, cell in table.cells.items()
        }
        made.append(ReleasedTable(shape, cells))
    return Release(tuple(made), Policy("lt5-suppress", threshold=5), Audit(0, 0, 0, 0, None, 0.0))
