"""Periods that share days: what one figure less another leaves over is a figure too, although no pack has it.

Where a measure adds up over time, each period is the sum of the stretches of days between all days on which any period
begins or ends. So months in quarters, a year less three of its quarters, and odd ranges are all one kind of relation.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from cis_desktop.words import period as spoken

from .between import at_most, line
from .known import Figure, Known, Published, Reading, Relation

Span = tuple[int, int]
"""The first day of a period and the day after its last, as day numbers."""

STANDING = "standing="
"""The breakdown of a file by who is new (`new`) or returns."""
MOST_TAKEN = 60
"""So many periods at the most are taken from a longer one singly; besides, all of them together are."""
MOST_CHAINS = 64
"""So many ways at the most of filling a period with shorter ones are looked at."""


@dataclass(frozen=True, slots=True)
class _Family:
    """One kind of figure over time: its periods, and in which versions each was published."""

    periods: dict[str, list[Figure]]
    spans: dict[str, Span]
    reading: Reading

    def figure(self, period: str, version: int) -> Figure:
        """Give a period's figure in a version of the truth, or in the newest of the others."""
        return min(self.periods[period], key=lambda f: (f[0] != version, -f[0]))

    def slack(self, found: Published, whole: Figure, part: Figure) -> int:
        """Give by how much one of two figures may have moved before the other was published."""
        once = not self.reading.apart and all(len(self.periods.get(f[1][3], (f,))) == 1 for f in (whole, part))
        return 0 if once or whole[0] == part[0] else found.known[part].threshold - 1


def over_time(found: Published, additive: set[str], reading: Reading) -> list[Relation]:
    """Relate periods that share days, whichever packs they came in; what is left over becomes a figure of its own."""
    grouped: dict[tuple[str, ...], dict[str, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    for figure in found.known:
        group, measure, area, period = figure[1][:4]
        grouped[(group, measure, area, *figure[1][4:])][period].append(figure)
    relations: list[Relation] = []
    for name, periods in grouped.items():
        if len(periods) < 2:
            continue
        standing = {part.rpartition(" ")[2] for part in name if part.rpartition(" ")[2].startswith(STANDING)}
        if standing and (name[1] in additive or standing != {f"{STANDING}new"}):
            # Who is new is told for each period anew: who returns in a month may be new in its quarter.
            continue
        for family in _sharing_days(periods, reading):
            if name[1] in additive:
                relations += _added_up(found, family)
            else:
                relations += _overlapping(found, family)
    return relations


def _sharing_days(periods: dict[str, list[Figure]], reading: Reading) -> Iterator[_Family]:
    """Part periods into those that share days with each other, in one step or several."""
    spans = sorted((span, period) for period in periods if (span := span_of(period)))
    cluster: dict[str, Span] = {}
    reached = -1
    for span, period in spans:
        if cluster and span[0] >= reached:
            if len(cluster) > 1:
                yield _Family({p: periods[p] for p in cluster}, cluster, reading)
            cluster = {}
        cluster[period] = span
        reached = max(reached, span[1])
    if len(cluster) > 1:
        yield _Family({p: periods[p] for p in cluster}, cluster, reading)


def _added_up(found: Published, family: _Family) -> Iterator[Relation]:
    """Write each period as the sum of its stretches of days; those that no pack has are new figures."""
    days = sorted({day for span in family.spans.values() for day in span})
    stretches = list(pairwise(days))
    named = {span: period for period, span in sorted(family.spans.items(), reverse=True)}
    covered = [s for s in stretches if any(a <= s[0] and s[1] <= b for a, b in family.spans.values())]
    for version in sorted({figure[0] for figures in family.periods.values() for figure in figures}):
        terms: dict[Span, Figure] = {}
        for stretch in covered:
            if stretch in named:
                terms[stretch] = family.figure(named[stretch], version)
            else:
                over = [p for p, (a, b) in family.spans.items() if a <= stretch[0] and stretch[1] <= b]
                terms[stretch] = _left_over(found, family.figure(over[0], version), version, [stretch])
        for period, span in family.spans.items():
            whole = family.figure(period, version)
            inside = [s for s in covered if span[0] <= s[0] and s[1] <= span[1]]
            if whole[0] != version or [terms[s] for s in inside] == [whole]:
                continue
            slack = sum(family.slack(found, whole, terms[s]) for s in inside)
            if slack and family.reading.moves == "any":
                continue
            yield from line(whole, [terms[s] for s in inside], True, True, slack)
            yield from _rests(found, family, version, whole, span, {s: terms[s] for s in inside})


def _rests(
    found: Published, family: _Family, version: int, whole: Figure, span: Span, inside: dict[Span, Figure]
) -> Iterator[Relation]:
    """Make figures of what is left of a period when others are taken from it, where that is several stretches."""
    held = [s for s in family.spans.values() if s != span and span[0] <= s[0] and s[1] <= span[1]]
    gone = [[part] for part in held[:MOST_TAKEN]] + [held]
    made = set()
    for parts in gone:
        left = tuple(s for s in inside if not any(a <= s[0] and s[1] <= b for a, b in parts))
        unknown = [s for s in left if found.known[inside[s]].left_over]
        if len(left) > 1 and unknown and left not in made:
            made.add(left)
            rest = _left_over(found, whole, version, list(left))
            yield Relation(((rest, 1), *((inside[s], -1) for s in left)), 0, 0)


def _left_over(found: Published, like: Figure, version: int, stretches: list[Span]) -> Figure:
    """Note a figure that no pack has: what `like` counts, in these days only."""
    runs: list[Span] = []
    for start, end in stretches:
        runs = [*runs[:-1], (runs[-1][0], end)] if runs and runs[-1][1] == start else [*runs, (start, end)]
    days = "+".join(f"{date.fromordinal(a)}..{date.fromordinal(b - 1)}" for a, b in runs)
    figure = (version, (*like[1][:3], days, *like[1][4:]))
    if figure not in found.known:
        known = found.known[like]
        words = known.words.removesuffix(spoken(like[1][3])) + " and ".join(map(spoken, days.split("+")))
        found.known[figure] = Known(0, None, known.threshold, words, known.unit, left_over=True)
    return figure


def _overlapping(found: Published, family: _Family) -> Iterator[Relation]:
    """Relate periods in which the same person may come again: a part is no more than the whole, nor all parts less."""
    chained = chains(family.periods)
    for whole, span in family.spans.items():
        parts = [p for p, s in family.spans.items() if p != whole and span[0] <= s[0] and s[1] <= span[1]]
        for total in family.periods[whole]:
            for part in parts:
                figure = family.figure(part, total[0])
                slack = family.slack(found, total, figure)
                if not (slack and family.reading.moves == "any"):
                    yield at_most(figure, total, slack)
            for each, path in chained:
                below = [family.figure(p, total[0]) for p in path]
                slack = sum(family.slack(found, total, figure) for figure in below)
                if each == whole and not (slack and family.reading.moves == "any"):
                    yield Relation(((total, 1), *((figure, -1) for figure in below)), None, slack)


def chains(periods: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Give every (period, shorter periods) where the shorter ones follow each other and fill the longer."""
    spans = sorted((span, period) for period in periods if (span := span_of(period)))
    starting: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for (start, end), period in spans:
        starting[start].append((end, period))
    found = []
    for (start, end), whole in spans:
        paths: list[tuple[int, tuple[str, ...]]] = [(start, ())]
        ways = 0
        while paths and ways < MOST_CHAINS:
            reached, path = paths.pop()
            if reached == end:
                ways += 1
                found.append((whole, path))
            else:
                paths += [(e, (*path, p)) for e, p in starting[reached] if p != whole and e <= end]
    return found


def span_of(period: str) -> Span | None:
    """Give a period's first day and the day after its last, as day numbers; None when it is no period."""
    first, _, last = period.partition("..")
    try:
        if last:
            start, end = date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal() + 1
            return (start, end) if start < end else None
        if re.fullmatch(r"\d{4}", first):
            return date(int(first), 1, 1).toordinal(), date(int(first) + 1, 1, 1).toordinal()
        if match := re.fullmatch(r"(\d{4})-(Q[1-4]|\d{2})", first):
            year, quarter = int(match[1]), match[2][0] == "Q"
            month = 3 * int(match[2][1]) - 2 if quarter else int(match[2])
            after = year * 12 + month - 1 + (3 if quarter else 1)
            return date(year, month, 1).toordinal(), date(after // 12, after % 12 + 1, 1).toordinal()
    except ValueError:
        return None
    return None
