"""Invented people who come and come again, counted for any agreement and period, as the app would count them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from itertools import product

from cis_desktop.disclosure.closed import as_released
from cis_desktop.disclosure.overlaps import left_over
from cis_desktop.disclosure.periods import days
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import (
    TOTAL,
    Category,
    Cell,
    Dimension,
    Key,
    PastCell,
    PastRelease,
    Policy,
    Refusal,
    Release,
    Shape,
    Table,
)  # fmt: skip
from tests.core.packs.examples import shape
from tests.core.packs.mutants import LT5, ROUNDED, SECRET, Out

BY = {
    "age": Dimension("age", "Age", tuple(Category(k, k) for k in ("0-15", "16-64", "65+"))),
    "need": Dimension("need", "Need", tuple(Category(k, k) for k in ("food", "debt", "fuel", "rent"))),
    "ward": Dimension("ward", "Ward", tuple(Category(k, k) for k in ("w1", "w2", "w3", "other")), "area"),
}
COUNTED = {
    "unique_people": {"measure": "unique_people"},
    "unique_households": {"measure": "unique_households", "unit": "households"},
    "contacts": {"measure": "contacts", "unit": "contacts", "counts_people": False},
}
PERIODS = (
    *(f"2018-{n:02}" for n in range(1, 7)), "2018-Q1", "2018-Q2", "2018-Q3", "2018", "2018-01-01..2018-03-30",
    "2018-01-15..2018-04-15", "2018-01-01..2018-06-30",
)  # fmt: skip

Contact = tuple[int, int]
"""A day and a person."""


@dataclass(slots=True)
class Group:
    """People, each with an age, a need, a ward and a household, and the contacts they had."""

    draw: random.Random
    people: list[dict[str, str]] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)

    def comes(self, often: int) -> None:
        """Let contacts be written down, on any days: of people who came before, or of somebody new."""
        first, after = days("2018") or (0, 0)
        for _ in range(often):
            if not self.people or self.draw.random() < 0.3:
                at = self.draw.choices
                who = {"age": at(("0-15", "16-64", "65+"), (3, 5, 1))[0], "ward": at(("w1", "w2", "w3", "other"))[0],
                       "need": at(("food", "debt", "fuel", "rent"), (8, 3, 1, 2))[0],
                       "household": str(self.draw.randrange(max(1, len(self.people))))}  # fmt: skip
                self.people.append(who)
            self.contacts.append((self.draw.randrange(first, after), self.draw.randrange(len(self.people))))

    def table(self, of: Shape) -> Table:
        """Count a table."""
        first, after = days(of.period) or (0, 0)
        within = [at for at in self.contacts if first <= at[0] < after]
        within = [at for at in within if all(self.people[at[1]][name] == value for name, value in of.filters)]
        cells: dict[Key, Cell] = {}
        for key in product(*((TOTAL, *(c.key for c in d.categories)) for d in of.dimensions)):
            asked = [(d.id, part) for d, part in zip(of.dimensions, key, strict=True) if part != TOTAL]
            there = [who for _, who in within if all(self.people[who][name] == part for name, part in asked)]
            people, homes = len(set(there)), len({self.people[who]["household"] for who in there})
            count = {"contacts": len(there), "unique_people": people}.get(of.measure, homes)
            cells[key] = Cell(count, people, homes)
        return Table(of, cells)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is asked for, and the rule by which figures are hidden."""

    shapes: tuple[Shape, ...]
    policy: Policy

    def tables(self, group: Group, period: str) -> tuple[Table, ...]:
        """Count everything that is asked for of a period."""
        return tuple(group.table(replace(of, period=period)) for of in self.shapes)


def agreement(draw: random.Random, area: str) -> Agreement:
    """Draw an agreement: a headline or two, and a few tables by one or two breakdowns, some filtered."""
    policy = draw.choice((LT5, ROUNDED, replace(LT5, rounding=5), replace(LT5, method="controlled", rounding=5)))
    given = {"area": area, "area_label": area.capitalize(), "everywhere": True}
    shapes = [shape(m, m.replace("_", " ").capitalize(), (), **{**COUNTED[m], **given})
              for m in draw.sample(sorted(COUNTED), 2)]  # fmt: skip
    for n in range(draw.choice((1, 2, 3))):
        by = draw.sample(sorted(BY), draw.choice((1, 1, 2)))
        left = [name for name in ("age", "need") if name not in by]
        name = draw.choice(left) if left and draw.random() < 0.4 else ""
        filters = ((name, draw.choice(BY[name].categories).key),) if name else ()
        measure = draw.choice(("contacts", "unique_people"))
        shapes.append(shape(f"t{n}", f"T{n}", tuple(BY[each] for each in by), filters=filters,
                            **{**COUNTED[measure], **given}))  # fmt: skip
    return Agreement(tuple(shapes), policy)


def release(
    group: Group, asked: Agreement, period: str, past: list[PastRelease], replaces: int | None = None
) -> Out | Refusal:
    """Release a period as the app does, and note it in `past`: figures that stand, days left over, protection."""
    exact = as_released(asked.tables(group, period), past, asked.policy.threshold)
    cells = [table.shape.identity(key) for table in exact for key in table.cells]
    between = [t for p in left_over([t.shape for t in exact], cells, past) for t in asked.tables(group, p)]
    answer = protect(exact, asked.policy, past, SECRET, 60, unreleased=between)
    if not isinstance(answer, Release):
        return answer
    noted = {
        table.shape.identity(key): PastCell(table.cells[key].count, cell)
        for released, table in zip(answer.tables, exact, strict=True)
        for key, cell in released.cells.items()
    }
    past.append(PastRelease(str(len(past)), answer.tables, noted, answer.policy))
    return Out(answer, exact, replaces)
