"""What ties releases, periods and areas together, and the figures that nobody releases and anybody could work out.

The same figure in two releases is two variables whose difference is bounded, because late records and erasures move
the truth. A year less three of its quarters, the people of a quarter who did not come in its first two months, the
wards that one agreement lists and another does not, and how far a figure has moved since it was released are figures of
their own: variables that no release shows, and that must stay as unknown as a hidden figure where they are small.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from .bands import tie_ages
from .periods import days, partitions, pieces, spoken
from .relations import NOW, UNRELEASED, Row, System, Unreleased, activity, add, difference, holds, keys, line, loosened
from .tables import TOTAL, Cell, CellId, Key, PastRelease, Shape

PEOPLE, HOUSEHOLDS, CONTACTS = "unique_people", "unique_households", "contacts"

STANDING, NEW = "standing", "new"
"""The breakdown by who is new or returns, and its category of those who never came before."""

Shapes = Mapping[str, Sequence[Shape]]
"""The shapes of the tables of each release."""

Terms = tuple[tuple[int, int], ...]
"""Variables, each with its factor."""

ByPeriod = Mapping[str, Mapping[str, int]]
"""The variables of a family, by period and release."""

Named = tuple[Shape, Key]
"""Where a figure is shown: a table and a key."""

Family = tuple[str, str, tuple[tuple[str, str], ...]]
"""Measure, area and categories: what figures of several periods share."""


def tie(system: System, rows: dict[Row, None], shapes: Shapes, threshold: int) -> None:
    """Add to `rows` what ties the releases of a system together, and to the system what they may give away."""
    earlier = [release for release in shapes if release not in (NOW, UNRELEASED)]
    _releases(system, rows, earlier, threshold)
    newest_first = [NOW, *reversed(earlier), UNRELEASED]
    named = {}
    for shape in reversed(shapes[NOW]):
        for key in keys(shape):
            cid = shape.identity(key)
            named[cid.measure, cid.area, cid.categories] = (shape, key)
    additive = over_time(shape for of in shapes.values() for shape in of)
    changes: list[Terms] = []
    for family, by_period in _families(system).items():
        if not any(NOW in of for of in by_period.values()):
            continue
        changes += _moved(system, by_period, newest_first)
        if len(by_period) > 1:
            adds = adds_over_time(family, additive)
            if adds is None:
                continue
            changes += _periods(system, rows, by_period, newest_first, adds)
            if not adds:
                _within(system, rows, by_period, newest_first, named[family], threshold)
    _compare(system, rows, shapes, newest_first)
    _areas(system, rows, shapes, newest_first)
    tie_ages(system, rows, shapes)
    moved = {terms: abs(activity(system, Row(terms, 0, 0))) for terms in changes}

    def place(terms: Terms) -> CellId:
        return replace(system.variables[terms[0][0]][1], measure="")

    # A late record of one visit may bring fifty pounds: where anything moved a little, nothing may be seen to move.
    little = {place(terms) for terms, by in moved.items() if 0 < by < threshold}
    for terms, by in moved.items():
        if by and place(terms) in little:
            cid = system.variables[terms[0][0]][1]
            _unseen(system, rows, terms, named[cid.measure, cid.area, cid.categories])


def over_time(shapes: Iterable[Shape]) -> set[str]:
    """Give the measures whose months add up to their quarter."""
    found = set()
    for shape in shapes:
        adds = not shape.counts_people if shape.adds_over_periods is None else shape.adds_over_periods
        if adds or any(d.kind == "period" and d.adds_up for d in shape.dimensions):
            found.add(shape.measure)
    return found


def adds_over_time(family: Family, additive: set[str]) -> bool | None:
    """Tell whether the figures of a family add up over periods; None where those of several periods do not compare.

    A person is new once, so new people add up, as others do not. Who is new, or returns, is told for each period anew:
    the visits of who was new in a year are not those of who was new in its quarters.
    """
    standing = [category for name, category in family[2] if name == STANDING]
    if not standing:
        return family[0] in additive
    return True if standing == [NEW] and family[0] not in additive else None


def left_over(shapes: Iterable[Shape], cells: Iterable[CellId], past: Sequence[PastRelease]) -> list[str]:
    """Give the periods that a release would let readers work out beside earlier ones, and that no table is about.

    `shapes` and `cells` are those of the release being made. Whoever can count those periods gives `protect` their
    tables, so that nothing small in them is given away.
    """
    additive = over_time([*shapes, *(table.shape for release in past for table in release.tables)])
    now: dict[Family, set[str]] = {}
    for cid in cells:
        if adds_over_time((cid.measure, cid.area, cid.categories), additive):
            now.setdefault((cid.measure, cid.area, cid.categories), set()).add(cid.period)
    periods = {family: set(new) for family, new in now.items()}
    for release in past:
        for cid in release.cells:
            if (family := (cid.measure, cid.area, cid.categories)) in periods:
                periods[family].add(cid.period)
    different = {(frozenset(periods[family]), frozenset(new)) for family, new in now.items()}
    return sorted({piece for every, new in different for piece in pieces(every, new)})


def _families(system: System) -> dict[Family, dict[str, dict[str, int]]]:
    """Give the variables by family, period and release."""
    families: dict[Family, dict[str, dict[str, int]]] = {}
    for at, (release, cid) in enumerate(system.variables):
        family = families.setdefault((cid.measure, cid.area, cid.categories), {})
        family.setdefault(cid.period, {})[release] = at
    return families


def _releases(system: System, rows: dict[Row, None], earlier: list[str], threshold: int) -> None:
    """Bound how far a figure moved between two releases.

    The attacker is given that no figure moved by `threshold` or more, except those that did, by no more than
    they did; and nothing moved at all where nothing did.
    """
    held: dict[str, dict[CellId, int]] = {release: {} for release in (*earlier, NOW, UNRELEASED)}
    for at, (release, cid) in enumerate(system.variables):
        held[release][cid] = at
    pairs = [(a, NOW) for a in earlier] + list(pairwise(earlier)) + [(a, UNRELEASED) for a in (*earlier, NOW)]
    for before, after in pairs:
        shared = [cid for cid in held[after] if cid in held[before]]
        moves = {cid: system.truth[held[after][cid]] - system.truth[held[before][cid]] for cid in shared}
        common = min(max((abs(move) for move in moves.values()), default=0), threshold - 1)
        for cid, move in moves.items():
            bound = max(abs(move), common)
            rows[Row(difference(held[after][cid], (held[before][cid],)), -bound, bound)] = None


def _periods(
    system: System, rows: dict[Row, None], by_period: ByPeriod, newest_first: list[str], adds: bool
) -> Iterator[Terms]:
    """Relate each period to the shorter ones that fill it; give what this release moved of those that add up."""
    for whole, parts in _partitions(frozenset(by_period)):
        for release, order in ((r, o) for r in by_period[whole] for o in _orders(r, newest_first)):
            total = by_period[whole][release]
            from_release = [_newest(by_period[part], order) for part in parts]
            below = tuple(by_period[part][of] for part, of in zip(parts, from_release, strict=True))
            for row in line(total, below, adds):
                rows[loosened(system, row)] = None
            if adds and NOW in (release, *from_release) and UNRELEASED not in (release, *from_release):
                yield difference(total, below)


@cache
def _partitions(periods: frozenset[str]) -> list[tuple[str, tuple[str, ...]]]:
    return partitions(periods)


def _orders(release: str, newest_first: list[str]) -> list[list[str]]:
    """Give the orders in which releases are asked for the parts of a whole: the newest, and those of its own time."""
    at = newest_first.index(release)
    return [[release, *newest_first], [release, *newest_first[at:-1], *reversed(newest_first[:at]), newest_first[-1]]]


def _newest(of: Mapping[str, int], newest_first: Iterable[str]) -> str:
    return next(release for release in newest_first if release in of)


def _compare(system: System, rows: dict[Row, None], shapes: Shapes, newest_first: list[str]) -> None:
    """Say which figures are never greater than others, although they share no line of a table.

    Nobody is counted who had no contact. A household is counted where it is and its contacts where the person is, so
    only the whole of a table compares. What is filtered is never more than what is not.
    """
    filtered = {part for of in shapes.values() for shape in of for part in shape.filters}
    wholes = {shape.identity((TOTAL,) * len(shape.dimensions)) for of in shapes.values() for shape in of}
    for at, (release, cid) in [*enumerate(system.variables)]:
        contacts = replace(cid, measure=CONTACTS)
        more = [contacts] if cid.measure == PEOPLE or (cid.measure == HOUSEHOLDS and {cid, contacts} <= wholes) else []
        for part in filtered.intersection(cid.categories):
            more.append(replace(cid, categories=tuple(other for other in cid.categories if other != part)))
        for than in more:
            if (held := next((r for r in (release, *newest_first) if (r, than) in system.index), None)) is not None:
                row = Row(difference(system.index[held, than], (at,)), 0, None)
                if holds(system, row):
                    rows[row] = None


def _moved(system: System, by_period: ByPeriod, newest_first: list[str]) -> Iterator[Terms]:
    """Give how far each figure of this release has moved since it was released, for each value it was released with."""
    for of in by_period.values():
        if NOW in of:
            before = {
                system.truth[of[release]]: of[release] for release in reversed(newest_first[1:-1]) if release in of
            }
            yield from (difference(of[NOW], (then,)) for then in before.values())


def _unseen(system: System, rows: dict[Row, None], terms: Terms, named: Named) -> None:
    """Add how far figures moved, less than nought, so that readers must not be able to tell that it is not nought."""
    moved = activity(system, Row(terms, 0, 0))
    cid = system.variables[terms[0][0]][1]
    name = replace(cid, period=f"change {len(system.variables)} of {cid.period}")
    at = add(system, UNRELEASED, name, -abs(moved), None)
    sign = 1 if moved > 0 else -1
    rows[Row((*((v, sign * factor) for v, factor in terms), (at, 1)), 0, 0)] = None
    shape, key = named
    words = f"a late record in {shape.label(key)} of “{shape.title}” for {spoken(cid.period)}"
    system.unreleased[at] = Unreleased(shape, key, Cell(-abs(moved), 0, 0), words, change=True)


def _within(
    system: System, rows: dict[Row, None], by_period: ByPeriod, newest_first: list[str], named: Named, threshold: int
) -> None:
    """Say that whoever came in a shorter period came in one around it; add those who did not, where they are few."""
    spans = {period: span for period in by_period if (span := days(period))}
    for whole, (start, end) in spans.items():
        for part, (first, after) in spans.items():
            if part == whole or first < start or after > end:
                continue
            release = _newest(by_period[whole], newest_first)
            total, inside = (
                by_period[whole][release],
                by_period[part][_newest(by_period[part], [release, *newest_first])],
            )
            only = system.truth[total] - system.truth[inside]
            rows[Row(difference(total, (inside,)), min(only, 0), None)] = None
            if 0 < only < threshold:
                cid = system.variables[total][1]
                at = add(system, UNRELEASED, replace(cid, period=f"{whole} less {part}"), only, None)
                rows[Row((*difference(total, (inside,)), (at, -1)), 0, 0)] = None
                shape, key = named
                words = f"those of {shape.label(key)} in “{shape.title}” who came in {spoken(whole)}"
                words += f" and not in {spoken(part)}"
                system.unreleased[at] = Unreleased(shape, key, Cell(only, only, only), words)


def _areas(system: System, rows: dict[Row, None], shapes: Shapes, newest_first: list[str]) -> None:
    """Add what lies in no area that any agreement lists: what is elsewhere for one, less what others list of it."""
    listed: dict[Family, set[str]] = {}
    rests: list[tuple[str, Shape, Key, set[str]]] = []
    for release, of in shapes.items():
        for shape in of:
            for dimension in shape.dimensions:
                if dimension.kind != "area" or not dimension.adds_up:
                    continue
                named = {category.key for category in dimension.categories if not category.rest}
                rest = {category.key for category in dimension.categories if category.rest}
                for key in keys(shape):
                    cid = shape.identity(key)
                    listed.setdefault((cid.measure, cid.period, cid.categories), set()).update(named)
                    if cid.area in rest:
                        rests.append((release, shape, key, named))
    for release, shape, key, named in rests:
        cid = shape.identity(key)
        order = [release, *newest_first]
        others = []
        for area in sorted(listed[cid.measure, cid.period, cid.categories] - named):
            held = [r for r in order if (r, replace(cid, area=area)) in system.index]
            others += [system.index[held[0], replace(cid, area=area)]] if held else []
        terms = difference(system.index[release, cid], tuple(others))
        if others and (nowhere := activity(system, Row(terms, 0, 0))) >= 0:
            name = replace(cid, area=f"{cid.area} less {len(others)} of {release}")
            at = add(system, UNRELEASED, name, nowhere, None)
            rows[Row((*terms, (at, -1)), 0, 0)] = None
            words = f"what “{shape.title}” has for {spoken(cid.period)} in areas that no agreement lists"
            system.unreleased.setdefault(at, Unreleased(shape, key, Cell(nowhere, 0, 0), words))
