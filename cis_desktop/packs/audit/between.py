"""How figures of different tables, measures and packs limit each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from .known import PLACES, Figure, Identity, Moves, Published, Relation

PEOPLE, HOUSEHOLDS, CONTACTS = "unique_people", "unique_households", "contacts"
"""Measures by their codes in a file. Nobody is counted who had no contact. That households are no more than people
is not so: help for a whole household names nobody, and counts a household."""


def line(whole: Figure, parts: list[Figure], equal: bool, apart: bool, slack: int = 0) -> Iterator[Relation]:
    """Relate a total to its parts: `equal` when they make it up, `apart` when nobody is in two of them."""
    if not parts:
        return
    terms = ((whole, 1), *((part, -1) for part in parts))
    if equal:
        yield Relation(terms, -slack, slack)
    elif apart:
        yield Relation(terms, -slack, None)
    else:
        yield Relation(terms, None, slack)
        for part in parts:
            yield at_most(part, whole, slack)


def at_most(part: Figure, whole: Figure, slack: int = 0) -> Relation:
    """Say that one figure is no greater than another, or by no more than `slack`."""
    return Relation(((whole, 1), (part, -1)), -slack, None)


def of_measures(found: Published, wholes: set[Figure]) -> Iterator[Relation]:
    """Say that different people are no more than contacts, and households neither where nothing is broken down.

    Broken down, a household counts where the household is, and its contacts where the person is.
    """
    for version, identity in found.known:
        group, measure, *rest = identity
        if measure == PEOPLE or (measure == HOUSEHOLDS and (version, identity) in wholes):
            contacts = (version, (group, CONTACTS, *rest))
            if contacts in found.known and (measure == PEOPLE or contacts in wholes):
                yield at_most((version, identity), contacts)


def holding(found: Published) -> Iterator[Relation]:
    """Say that a figure that is narrowed down is no greater than one that is narrowed down less."""
    for version, identity in found.known:
        places, parts = identity[:PLACES], identity[PLACES:]
        for at in range(len(parts)):
            wider = (version, (*places, *parts[:at], *parts[at + 1 :]))
            if wider in found.known:
                yield at_most((version, identity), wider)


def corrections(found: Published, moves: Moves) -> Iterator[Relation]:
    """Tie the versions of a figure: none moved further than readers take them to, or than it is seen to itself.

    Where none is seen to have moved, as with a pack that replaces another, each may have by less than the threshold.
    """
    versions: dict[Identity, list[Figure]] = defaultdict(list)
    for figure in found.known:
        versions[figure[1]].append(figure)
    pairs = [pair for figures in versions.values() for pair in pairwise(sorted(figures))]
    seen: dict[tuple[int, int], int] = defaultdict(int)
    for earlier, later in pairs:
        between = (earlier[0], later[0])
        seen[between] = max(seen[between], _moved(found, earlier, later))
    for earlier, later in pairs:
        small, furthest = found.known[earlier].threshold - 1, seen[earlier[0], later[0]]
        usual = min(furthest, small) if furthest and moves == "seen" else small
        most = max(_moved(found, earlier, later), usual)
        yield Relation(((later, 1), (earlier, -1)), -most, most)


def _moved(found: Published, earlier: Figure, later: Figure) -> int:
    """Give how far a figure moved at the least, by what was published of it."""
    a, b = found.known[earlier], found.known[later]
    up = b.low - a.high if a.high is not None else 0
    down = a.low - b.high if b.high is not None else 0
    return max(up, down, 0)
