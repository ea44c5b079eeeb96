"""A believable quarter of a small group, counted from made-up people, as ten linked tables."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from cis_desktop.disclosure.tables import TOTAL, Cell, Dimension, Key, Shape, Table

from .made import dimension, shape

WARDS = [f"ward {n}" for n in range(1, 21)]
AGES = ["0-4", "5-15", "16-24", "25-44", "45-64", "65+", "not known"]
GROUPS = ["Asian", "Black", "Mixed", "White", "Other", "not known"]
NEEDS = ["food", "debt", "housing", "benefits", "company", "health", "work", "school"]
KINDS = ["new", "returning"]
MONTHS = ["2018-01", "2018-02", "2018-03"]


@dataclass(frozen=True, slots=True)
class Contact:
    """One visit of one person."""

    person: int
    household: int
    facts: dict[str, tuple[str, ...]]
    parcels: int
    pence: int


def contacts(people: int, seed: int) -> list[Contact]:
    """Draw a quarter's visits: a few per person, wards and groups of very different size."""
    draw = random.Random(seed)
    found = []
    for person in range(people):
        facts = {
            "ward": (WARDS[min(int(draw.expovariate(0.25)), len(WARDS) - 1)],),
            "age": (draw.choices(AGES, [2, 4, 3, 8, 6, 3, 2])[0],),
            "group": (draw.choices(GROUPS, [5, 6, 2, 10, 1, 3])[0],),
            "kind": (draw.choices(KINDS, [1, 3])[0],),
            "need": tuple(draw.sample(NEEDS, draw.choice([1, 1, 2, 3]))),
        }
        for _ in range(draw.choice([1, 1, 2, 3, 6])):
            month = {"month": (draw.choice(MONTHS),)}
            found.append(Contact(person, person // 2, facts | month, draw.randint(0, 2), draw.randint(0, 4000)))
    return found


def pack(people: int, seed: int) -> list[Table]:
    """Count ten tables: three headline lines, people in several ways, visits, parcels and pounds by month."""
    seen = contacts(people, seed)
    ward, age = dimension("ward", WARDS, kind="area"), dimension("age", AGES)
    group, kind = dimension("group", GROUPS), dimension("kind", KINDS)
    need = dimension("need", NEEDS, adds_up=False)
    month = dimension("month", MONTHS, kind="period")
    months_of_people = dimension("month", MONTHS, kind="period", adds_up=False)
    one: Callable[[Contact], int] = lambda contact: 1  # noqa: E731

    def table(name: str, measure: str, by: Sequence[Dimension], amount: Callable[[Contact], int] | None) -> Table:
        people_table = amount is None
        of = shape(
            by, id=name, title=name.capitalize(), measure=measure, counts_people=people_table,
            accountability=not by, unit="pence" if measure == "pounds" else measure,
        )  # fmt: skip
        return count(of, seen, amount)

    return [
        table("people", "people", [], None),
        table("visits", "visits", [], one),
        table("pounds", "pounds", [], lambda c: c.pence),
        table("people by ward and kind", "people", [ward, kind], None),
        table("people by age and kind", "people", [age, kind], None),
        table("people by group and age", "people", [group, age], None),
        table("people by need and age", "people", [need, age], None),
        table("people by month", "people", [months_of_people, kind], None),
        table("visits by ward and month", "visits", [ward, month], one),
        table("parcels by month and age", "parcels", [month, age], lambda c: c.parcels),
        table("pounds by month and need", "pounds", [month, group], lambda c: c.pence),
    ]


def count(of: Shape, seen: Sequence[Contact], amount: Callable[[Contact], int] | None) -> Table:
    """Count a table: people when `amount` is None, else the sum of amounts; persons and households behind
    each.
    """
    people: dict[Key, set[int]] = {}
    households: dict[Key, set[int]] = {}
    sums: dict[Key, int] = {}
    for contact in seen:
        value = 1 if amount is None else amount(contact)
        options = [(TOTAL, *contact.facts[d.id]) for d in of.dimensions]
        for key in product(*options):
            sums[key] = sums.get(key, 0) + value
            if value:
                people.setdefault(key, set()).add(contact.person)
                households.setdefault(key, set()).add(contact.household)
    cells = {}
    for key in product(*((TOTAL, *(c.key for c in d.categories)) for d in of.dimensions)):
        persons = len(people.get(key, ()))
        cells[key] = Cell(persons if amount is None else sums.get(key, 0), persons, len(households.get(key, ())))
    return Table(of, cells)
