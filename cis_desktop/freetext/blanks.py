"""Numbers in a text that fill in what the figures beside it hide or round."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cis_desktop.disclosure.tables import TOTAL, ReleasedTable, Table

from .findings import Finding, finding, sentences
from .numbers import numbers_in

FEWEST_ROUNDED = 10
"""Smaller numbers stand in too many sentences about something else."""
ANYTHING = frozenset({"none", "other", "others", "all others", "total", "not known", "not asked", "not written down"})
"""Labels that are words of any sentence."""
_SHARE = re.compile(
    r"\b(?:half|a third|a quarter|two thirds|three quarters|most|all|none|nobody|everybody|everyone)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Blanks:
    """The true values behind hidden figures, those behind rounded ones, and the names of categories with a blank."""

    hidden: frozenset[int] = frozenset()
    rounded: dict[int, int] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    threshold: int = 8


NO_BLANKS = Blanks()


def blanks(exact: Iterable[Table], released: Iterable[ReleasedTable], threshold: int) -> Blanks:
    """Give what released tables hide of exact ones; fewer people than `threshold` are few."""
    published = {t.shape.identity(key): cell for t in released for key, cell in t.cells.items()}
    hidden, rounded, labels, shown = set(), {}, set(), set()
    for table in exact:
        together = 0
        for key, cell in table.cells.items():
            seen = published.get(table.shape.identity(key))
            if seen is None:
                continue
            if seen.status == "hidden":
                hidden.add(cell.count)
                together += cell.count if TOTAL not in key else 0
                labels |= {
                    c.label
                    for d, part in zip(table.shape.dimensions, key, strict=True)
                    for c in d.categories
                    if c.key == part and c.label.casefold() not in ANYTHING
                }
            elif seen.value is not None:
                shown.add(seen.value)
                if seen.value != cell.count and cell.count >= FEWEST_ROUNDED:
                    rounded[cell.count] = seen.value
        hidden.add(together)
    for_good = {n: value for n, value in rounded.items() if n not in shown}
    return Blanks(frozenset(hidden - {0}), for_good, tuple(sorted(labels - {""})), threshold)


def numbers_beside(text: str, blanks: Blanks) -> Iterator[Finding]:
    """Find numbers that say, or narrow down, what the figures keep back."""
    forms = [(label, re.compile(rf"(?<!\w){re.escape(label)}(?!\w)", re.IGNORECASE)) for label in blanks.labels]
    numbers = list(numbers_in(text))
    for start, end in sentences(text):
        here = [n for n in numbers if start <= n.start < end]
        near = [label for label, form in forms if form.search(text, start, end)]
        told: set[int] = set()
        for number in here:
            if near and not number.of_something_else:
                why = f"There is a number beside “{near[0]}”, where the figures have a blank."
            # Smaller numbers of people are asked about in any case.
            elif number.value in blanks.hidden and number.value >= blanks.threshold and not number.of_something_else:
                why = "A figure that is hidden has this very value."
            elif number.value in blanks.rounded and not number.of_something_else:
                said = blanks.rounded[number.value]
                why = f"The figures say {said:,} where the exact number is this. Insert the figure instead."
                yield finding("rounded", text, number.start, number.end, why)
                continue
            else:
                continue
            told.add(number.start)
            yield finding("hidden", text, number.start, number.end, why)
        if near and not told and (share := _SHARE.search(text, start, end)):
            why = f"This is a share of “{near[0]}”, where the figures have a blank."
            yield finding("hidden", text, share.start(), share.end(), why)
