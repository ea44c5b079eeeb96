"""Own groups of a code list that cut across each other.

Whoever has "White" beside "White and mixed" has "mixed", a figure that no table shows. Bands of ages are taken into
account where figures are made safe (`disclosure.bands`); groups of codes are not, so they have to be the same wherever
everybody is in one of them. Where somebody can be in several (needs, things given), groups do not add up, and taking
one from the other gives nothing.
"""

from __future__ import annotations

from cis_desktop.agreements.counting import LISTED, adds_up
from cis_desktop.agreements.model import Measure, Terms

Counted = tuple[Measure, str]
"""A measure, and what it is broken down by."""


def crossing(*terms: Terms) -> tuple[Counted, ...]:
    """Give what these agreements, or the tables of one, count in groups of which one could be taken from another."""
    ways: dict[Counted, set[frozenset[frozenset[str]]]] = {}
    single: dict[Counted, set[frozenset[str]]] = {}
    for table in (table for each in terms for table in each.tables):
        for measure in (counted.measure for counted in table.measures):
            for dimension in table.dimensions:
                if dimension.by in LISTED and adds_up(measure, dimension.by):
                    groups = frozenset(frozenset(group.includes) for group in dimension.groups)
                    ways.setdefault((measure, dimension.by), set()).add(groups)
            for each in table.filters:
                if each.by in LISTED and adds_up(measure, each.by):
                    single.setdefault((measure, each.by), set()).add(frozenset({each.category}))
    return tuple(
        counted
        for counted, groupings in ways.items()
        # Without own groups, the list's own codes are counted: each is a figure that a filter has too.
        if len(groupings) > 1 or any(own and single.get(counted, set()) - own for own in groupings)
    )
