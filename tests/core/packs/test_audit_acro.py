"""The same invented visitors through acro and through ours, both attacked by the same audit.

acro (a Python library for research outputs) checks each table by itself and hides what is below a threshold in it. It
is no dependency: what it made of these visitors is in `acro_sample.json`, with how it was made.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import TOTAL, Category, Cell, Dimension, Key, Policy, Release, ReleasedCell, Table
from cis_desktop.disclosure.tables import ReleasedTable as Shown
from cis_desktop.packs.audit import Attack, attack_packs
from tests.core.packs.examples import cells, packed, released, shape

POLICY = Policy("lt10-suppress", threshold=10, zeros="protect", min_households=0)
"""As acro has it: 1 to 9 and noughts are hidden, nothing is rounded."""


@pytest.fixture(scope="module")
def sample() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(__file__).with_name("acro_sample.json").read_text(encoding="utf-8"))
    return found


def dimensions(sample: dict[str, Any]) -> tuple[Dimension, Dimension]:
    wards, ages = sample["people"], next(iter(sample["people"].values()))
    return (
        Dimension("ward", "Ward", tuple(Category(name, name) for name in wards)),
        Dimension("age", "Age", tuple(Category(name, name) for name in ages)),
    )


def by_acro(sample: dict[str, Any]) -> Release:
    """Put acro's three tables into a pack: what it shows as it is, what it suppressed as hidden."""
    ward, age = dimensions(sample)
    two = {(w, a): value for w, row in sample["ward by age"].items() for a, value in row.items()}
    two |= {(w, TOTAL): value for w, value in sample["ward"].items()}
    two |= {(TOTAL, a): value for a, value in sample["age"].items()}
    # It shows no total of all; the one-way tables add up to it.
    two[TOTAL, TOTAL] = sum(sample["ward"].values())
    blank = ReleasedCell("hidden", None, 0, None)
    shown = {key: blank if v is None else ReleasedCell("value", v, v, v) for key, v in two.items()}
    return released(Shown(shape("visitors", "Visitors", (ward, age)), shown), policy=POLICY)


def by_us(sample: dict[str, Any]) -> Release:
    ward, age = dimensions(sample)
    counts: dict[Key, int] = {}
    for w, row in sample["people"].items():
        for a, value in row.items():
            for key in product((w, TOTAL), (a, TOTAL)):
                counts[key] = counts.get(key, 0) + value
    whole = Table(shape("visitors", "Visitors", (ward, age)), {k: Cell(v, v, v) for k, v in counts.items()})
    answer = protect([whole], POLICY, (), b"a secret for tests, 32 bytes long", 60)
    assert isinstance(answer, Release)
    return answer


def blanks(release: Release) -> set[Key]:
    return {key for table in release.tables for key, cell in table.cells.items() if cell.status == "hidden"}


def told(name: str, release: Release, found: Attack) -> None:
    exact = [each for each in found.exposed if each.lowest == each.highest]
    print(f"{name}: {len(blanks(release))} hidden, {len(found.exposed)} given away, {len(exact)} of them exactly")


def test_acros_tables_give_hidden_figures_back_and_ours_of_the_same_people_do_not(sample: dict[str, Any]) -> None:
    theirs, ours = by_acro(sample), by_us(sample)
    given, ours_given = attack_packs([packed(theirs)]), attack_packs([packed(ours)])
    told("acro", theirs, given)
    told("ours", ours, ours_given)
    assert cells(given)["People, Ash, 16-29, Jan to Mar 2018"] == (0, 0)
    for each in given.exposed:
        _, ward, age, _ = each.cell.split(", ")
        assert each.lowest <= sample["people"][ward][age] <= each.highest, "what is worked out is true"
    assert len(given.exposed) >= 5
    assert not ours_given.unsafe
    assert blanks(theirs) <= blanks(ours), "ours hides what acro hides, and more beside it"
