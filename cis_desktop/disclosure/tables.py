"""The tables that go into disclosure control, and what comes out of it.

Exact tables hold true counts and never leave the laptop. Released tables hold only what may be published. Every cell
has an identity of its own (`CellId`), so that the same figure in two tables, or in two releases, is recognised.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

TOTAL = "total"
EVERY = "*"
"""Stands for any category of a dimension, where cells are named."""

Key = tuple[str, ...]
"""One category key per dimension of the table, in the table's order, or `TOTAL`."""


@dataclass(frozen=True, slots=True)
class Category:
    """One row label of a dimension. `parent` names a broader category of the same dimension, if any."""

    key: str
    label: str
    parent: str | None = None
    rest: bool = False
    """Whether it is whatever of the whole is in none of the other categories (wards that nobody listed)."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way a table is broken down.

    `kind` tells what a category replaces in a cell's identity: a ward replaces the table's area, a month replaces
    its period, anything else is added to the identity. `adds_up` is false where one person can be in several
    categories (needs; unique people by month): then the categories do not sum to the total, and all that is known is
    `max(categories) <= total <= sum(categories)`.
    """

    id: str
    label: str
    categories: tuple[Category, ...]
    kind: Literal["category", "area", "period"] = "category"
    adds_up: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """An exact figure: the count itself, and how many persons and households stand behind it.

    `count` is a whole number in the table's unit (money in pence). `largest` are the two largest shares of it that one
    household has each, for sums of money; noughts where nobody looked.
    """

    count: int
    persons: int
    households: int
    largest: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class CellId:
    """What a figure is about, whichever table shows it."""

    measure: str
    area: str
    period: str
    categories: tuple[tuple[str, str], ...]
    """Sorted (dimension id, category key) of the dimensions that are not at their total, and of the filters."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything about a table that is public: its labels, not its figures."""

    id: str
    title: str
    measure: str
    unit: str
    how_counted: str
    dimensions: tuple[Dimension, ...]
    area: str
    area_label: str
    period: str
    filters: tuple[tuple[str, str], ...] = ()
    accountability: bool = False
    """Whole area, no breakdown: may be exact when enough households stand behind it."""
    counts_people: bool = True
    """Whether the count is itself a count of persons or households (and not of visits, items or money)."""
    adds_over_periods: bool | None = None
    """Whether months add up to their quarter; None: true of visits, items and money, false of people, who come back."""
    structural: frozenset[Key] = frozenset()
    """Cells that cannot be anything but nought, as everybody knows: children of 65 and over."""
    everywhere: bool = False
    """Whether all are counted, wherever they live, and the area only says who asks: then it is in no identity."""

    def identity(self, key: Key) -> CellId:
        """Give the identity of the cell at `key`. What a table is filtered by is one more category of all its cells."""
        area, period = "" if self.everywhere else self.area, self.period
        categories = list(self.filters)
        for dimension, category in zip(self.dimensions, key, strict=True):
            if category == TOTAL:
                continue
            if dimension.kind == "area":
                area = category
            elif dimension.kind == "period":
                period = category
            else:
                categories.append((dimension.id, category))
        return CellId(self.measure, area, period, tuple(sorted(set(categories))))

    def label(self, key: Key) -> str:
        """Give a cell's label for people, such as "Kilburn, 0-15"; "the total" when nothing is broken down."""
        parts = []
        for dimension, category in zip(self.dimensions, key, strict=True):
            if category != TOTAL:
                parts.append(next((c.label for c in dimension.categories if c.key == category), category))
        return ", ".join(parts) or "the total"


@dataclass(frozen=True, slots=True)
class Table:
    """An exact table: its shape, and a cell for every key (totals included)."""

    shape: Shape
    cells: dict[Key, Cell]


Method = Literal["nearest", "midpoint", "controlled", "small"]


@dataclass(frozen=True, slots=True)
class Cells:
    """Some cells of a release, by what they are broken down by, in all tables or in those named by their ids.

    `where` holds (dimension id, category key), or `EVERY` for any category of the dimension.
    """

    where: tuple[tuple[str, str], ...] = ()
    tables: tuple[str, ...] = ()

    def are(self, shape: Shape, key: Key) -> bool:
        """Tell whether a cell is broken down exactly so: every other dimension is at its total."""
        return self.include(shape, key) and sum(part != TOTAL for part in key) == len(self.where)

    def include(self, shape: Shape, key: Key) -> bool:
        """Tell whether a cell is broken down (or filtered) at least so."""
        if self.tables and shape.id not in self.tables:
            return False
        by = dict(shape.filters) | {d.id: part for d, part in zip(shape.dimensions, key, strict=True) if part != TOTAL}
        return all(name in by and part in (EVERY, by[name]) for name, part in self.where)


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Cells that need more people behind them than others: safeguarding, immigration, ethnic groups by ward."""

    cells: Cells
    threshold: int


@dataclass(frozen=True, slots=True)
class Policy:
    """A disclosure profile and its parameters.

    A count is small when it is in `1..threshold-1`; the threshold of a `sensitive` cell is the greatest that fits it.
    `rounding` is the base that published figures are rounded to (0: not rounded). `min_households` is how many
    households must stand behind a published figure. `accountability_households` is how many must stand behind an exact
    headline line. `method` is how figures are rounded, and `totals` whether a total is rounded for itself ("own") or is
    the sum of the released cells below it ("summed").

    `zeros`: noughts are shown; or hidden on lines where no more than `few` categories are filled, because such a line
    tells of everybody in it ("few"; 1 means only lines where all are in one category); or all hidden ("protect").
    Structural noughts are always shown. `dominance` is the p of the p% rule for sums of money (0: no such rule).
    `must_publish` cells are shown or the release is refused; `never_publish` cells never are; `also_hide` cells are
    hidden as small ones are, and look like them. With `headlines_only` nothing is released but figures for the whole
    area and cells that must be published.
    """

    profile: str
    threshold: int
    rounding: int = 0
    zeros: Literal["show", "few", "protect"] = "show"
    min_households: int = 2
    accountability_households: int = 10
    method: Method = "nearest"
    totals: Literal["own", "summed"] = "own"
    few: int = 1
    dominance: int = 10
    sensitive: tuple[Sensitive, ...] = ()
    must_publish: tuple[Cells, ...] = ()
    never_publish: tuple[Cells, ...] = ()
    also_hide: tuple[Cells, ...] = ()
    headlines_only: bool = False


Status = Literal["value", "rounded", "hidden"]


@dataclass(frozen=True, slots=True)
class ReleasedCell:
    """What may be published of one cell.

    `at_least` and `at_most` are the bounds that the policy gives every reader (the same for every hidden cell of a
    table, so that they do not tell primary from secondary; `at_most` is None where there is none). A hidden cell that
    is `withheld` is not released whatever it is, which says nothing about it.
    """

    status: Status
    value: int | None
    at_least: int
    at_most: int | None
    withheld: bool = False

    @property
    def is_sum(self) -> bool:
        """Tell whether it is only the sum of what is shown, which does not say how far off the true total is."""
        return self.status == "rounded" and self.at_most is None


@dataclass(frozen=True, slots=True)
class ReleasedTable:
    """A table as published: nothing in it is secret."""

    shape: Shape
    cells: dict[Key, ReleasedCell]


@dataclass(frozen=True, slots=True)
class PastCell:
    """A cell of an earlier release: its exact value then, and what was published of it."""

    exact: int
    released: ReleasedCell


@dataclass(frozen=True, slots=True)
class PastRelease:
    """An earlier release that anyone may still hold. `cells` is the exact vector, kept only in the vault.

    `policy` is what it promised, and must go on keeping (None: what the release being made promises).
    """

    id: str
    tables: tuple[ReleasedTable, ...]
    cells: dict[CellId, PastCell]
    policy: Policy | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """What the audit did: attacks tried, cells checked, and the narrowest interval left to an attacker."""

    hidden: int
    rounded: int
    published: int
    attacked: int
    narrowest: int | None
    seconds: float
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """Safe tables, why each cell is hidden (for the app only), the audit, and the witnesses (never exported).

    `policy` is what was done, which can be stricter than what was asked for; `beyond` then says so, one sentence each,
    for everybody who reads the tables. `spent` counts figures that stay hidden, or are hidden here, although earlier
    releases gave them away: for them no promise holds.
    """

    tables: tuple[ReleasedTable, ...]
    policy: Policy
    audit: Audit
    beyond: tuple[str, ...] = ()
    spent: int = 0
    reasons: dict[CellId, str] = field(default_factory=dict)
    primary: frozenset[CellId] = frozenset()
    witnesses: dict[CellId, tuple[dict[CellId, int], dict[CellId, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing may be released: why, and which cells could not be protected."""

    title: str
    sentence: str
    cells: tuple[tuple[CellId, str], ...] = ()
    held_by: tuple[str, ...] = ()
    """The earlier releases (by id) that stand in the way: without any one of them these cells would be safe."""

    @property
    def code(self) -> str:
        """Tell programs whether the release is refused for itself or held back by earlier ones."""
        return "release_held" if self.held_by else "release_refused"
