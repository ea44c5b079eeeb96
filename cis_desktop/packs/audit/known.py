"""What a reader of packs knows: figures with their limits, and the relations between them.

Nothing here knows disclosure control: the audit stands on exported files alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Identity = tuple[str, ...]
"""Group, measure, area, period, then each "column=code" that narrows the figure down, filters included, sorted."""

PLACES = 4
"""So many parts of an identity come before those that narrow it down."""

Figure = tuple[int, Identity]
"""A figure in one version of the truth: packs that contradict each other are kept apart."""

Moves = Literal["seen", "small", "any"]
"""How far a reader takes figures to have moved between versions of the truth: no further than the furthest that is seen
to, where any is; by less than the threshold; or anywhere."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How packs are read together: the sharpest way first, until one fits what all of them say.

    With `apart`, figures may have moved between any two packs, and not only where one replaces another or disagrees
    with it. `alike`: a figure that counts one category only is the one that a breakdown has of that category.
    """

    apart: bool = False
    moves: Moves = "seen"
    alike: bool = True


@dataclass(slots=True)
class Known:
    """What is known of a figure: whole numbers (money in pence), `high` None where nothing limits it."""

    low: int
    high: int | None
    threshold: int
    words: str
    unit: str
    hidden_in: set[str] = field(default_factory=set)
    seen_in: set[str] = field(default_factory=set)
    small_band: tuple[int, int] | None = None
    """The narrowest band that was published of a rounded figure that may be small."""
    openly: int | None = None
    """How near the narrowest of the packs that may say so tells it: it is nought, or not small."""
    left_over: bool = False
    """Whether no pack has it: it is what remains when figures are taken from each other."""

    @property
    def attacked(self) -> bool:
        """Say whether something must not be found out: nothing of a rounded figure that a pack shows as not small."""
        return bool(self.hidden_in or (self.small_band and self.low < self.threshold) or self.left_over)


@dataclass(frozen=True, slots=True)
class Relation:
    """The sum of factor * figure lies in `low..high` (None: no limit on that side)."""

    terms: tuple[tuple[Figure, int], ...]
    low: int | None
    high: int | None


@dataclass(slots=True)
class Published:
    """All figures of all packs of a group, and the relations between them."""

    known: dict[Figure, Known] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    corrected: bool = False
