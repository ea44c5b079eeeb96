"""Ages in other bands: what the bands of one table leave of those of another is a figure that no report shows.

Ages 0 to 15 for one council and 0 to 17 for another: the second less the first are those of 16 and 17. All bands of a
period cut each other into pieces, each band is the sum of its pieces, and a small piece is protected like any blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from .relations import UNRELEASED, Row, System, keys, line, loosened
from .tables import TOTAL, CellId, Key, Shape

AGE, GROWN = "age_band", "adult_child"
"""The breakdowns by age: by bands, and by who is 18."""
OLDEST = 1000
WRITTEN_DOWN = ("people_helped", "head_count")
"""Measures whose adults and children are as somebody wrote them down, and not by an age."""
_BAND = re.compile(r"(\d+)(?:-(\d+)|\+)")

Span = tuple[int, int]
"""The first age, and the one after the last."""
Named = tuple[str, str]
"""A breakdown and one of its categories."""


def left_over(shape: Shape, others: Iterable[Shape]) -> tuple[Span, ...]:
    """Give the pieces into which all bands of its period cut those of a table; none where they are its own bands."""
    own = _ages(shape)
    edges = _edges(own)
    for other in others:
        if (other.measure, other.period) == (shape.measure, shape.period):
            edges |= _edges(_ages(other))
    pieces = tuple(pairwise(sorted(edges)))
    return pieces if own and not {span for spans in own.values() for span in spans}.issuperset(pieces) else ()


def impossible(shape: Shape) -> frozenset[Key]:
    """Give the keys of a table at which nobody can be: children of 65 and over, adults of no known age."""
    ages = _ages(shape)
    by = {AGE, GROWN}.intersection(part[0] for part in ages)
    if len(by) < 2:
        return frozenset()
    found = set()
    for key in keys(shape):
        parts = {d.id: part for d, part in zip(shape.dimensions, key, strict=True) if d.id in by}
        if TOTAL not in parts.values():
            one, other = (ages.get(part) for part in parts.items())
            known = one is not None and other is not None
            if (one is None) != (other is None) or (known and not _both(one or (), other or ())):
                found.add(key)
    return frozenset(found)


def tie_ages(system: System, rows: dict[Row, None], shapes: Mapping[str, Sequence[Shape]]) -> None:
    """Say that bands are made up of their pieces, where those were counted."""
    ages: dict[str, dict[Named, tuple[Span, ...]]] = {}
    adds: dict[str, bool] = {}
    for shape in (shape for of in shapes.values() for shape in of):
        ages.setdefault(shape.measure, {}).update(_ages(shape))
        adds |= [(shape.measure, d.adds_up) for d in shape.dimensions if d.id in (AGE, GROWN)]
    pieces: dict[CellId, dict[Span, int]] = {}
    for at, (release, cid) in enumerate(system.variables):
        rest, spans = _parted(cid, ages.get(cid.measure, {}))
        if release == UNRELEASED and len(spans) == 1:
            pieces.setdefault(rest, {})[spans[0]] = at
    for at, (release, cid) in enumerate(system.variables):
        rest, spans = _parted(cid, ages.get(cid.measure, {}))
        parts = {
            piece: part
            for piece, part in pieces.get(rest, {}).items()
            if any(first <= piece[0] and piece[1] <= after for first, after in spans)
        }
        whole = parts and sum(after - first for first, after in parts) == sum(after - first for first, after in spans)
        if whole and release != UNRELEASED:
            for row in line(at, tuple(parts.values()), adds[cid.measure]):
                rows[loosened(system, row)] = None


def _ages(shape: Shape) -> dict[Named, tuple[Span, ...]]:
    """Give the ages in each category of a table's breakdowns by age."""
    found: dict[Named, tuple[Span, ...]] = {}
    for dimension in shape.dimensions:
        if dimension.id == GROWN and shape.measure not in WRITTEN_DOWN:
            found |= {(GROWN, "child"): ((0, 18),), (GROWN, "adult"): ((18, OLDEST),)}
        elif dimension.id == AGE:
            bands = {c.key: match for c in dimension.categories if (match := _BAND.fullmatch(c.key))}
            spans = {k: (int(m[1]), int(m[2]) + 1 if m[2] else OLDEST) for k, m in bands.items()}
            found |= {(AGE, key): (span,) for key, span in spans.items()}
            edges = sorted({0, OLDEST, *(end for span in spans.values() for end in span)})
            inside = set(spans.values())
            others = tuple(piece for piece in pairwise(edges) if piece not in inside)
            found |= {(AGE, c.key): others for c in dimension.categories if c.key.startswith("other_ages")}
    return found


def _edges(ages: Mapping[Named, tuple[Span, ...]]) -> set[int]:
    return {end for spans in ages.values() for span in spans for end in span}


def _both(one: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Span, ...]:
    """Give the ages that are in both."""
    both = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return tuple((first, after) for first, after in both if first < after)


def _parted(cid: CellId, ages: Mapping[Named, tuple[Span, ...]]) -> tuple[CellId, tuple[Span, ...]]:
    """Part a figure's ages from what else it is about; no ages where it is about all of them."""
    of = [ages[part] for part in cid.categories if part in ages]
    spans = of[0] if of else ()
    for other in of[1:]:
        spans = _both(spans, other)
    return replace(cid, categories=tuple(part for part in cid.categories if part not in ages)), spans
