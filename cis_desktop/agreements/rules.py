"""The disclosure rules of an agreement: whether they make sense, and the policy that they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cis_desktop import words
from cis_desktop.agreements.model import Cells, Disclosure, Parameters, Table, Terms
from cis_desktop.agreements.naming import can_be
from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.tables import EVERY, Policy
from cis_desktop.disclosure.tables import Cells as Meant
from cis_desktop.disclosure.tables import Sensitive as MoreSensitive
from cis_desktop.errors import CisError

NUMBERS = ("threshold", "min_households", "accountability_households", "few", "dominance")
ZEROS = ("show", "few", "protect")
"""How noughts are treated, from the mildest to the strictest."""


def policy(terms: Terms) -> Policy:
    """Give the policy of the agreement's profile with its own rules, where those are stricter.

    Raises CisError where the profile is not known.
    """
    own, given = PROFILES.get(terms.disclosure.profile), terms.disclosure.parameters
    if own is None:
        raise CisError(
            "no_such_profile",
            "The rule of this agreement is not known here",
            f"“{terms.title}” protects people by “{terms.disclosure.profile}”, which this version of the app does not "
            "know. No figures were made, and the records are unchanged. Update the app.",
        )
    changes = {name: max(value, getattr(own, name)) for name in NUMBERS if (value := getattr(given, name)) is not None}
    return replace(
        own,
        **changes,
        zeros=max(given.zeros or own.zeros, own.zeros, key=ZEROS.index),
        sensitive=tuple(MoreSensitive(_meant(each, terms), each.threshold) for each in given.sensitive),
        must_publish=tuple(_meant(each, terms) for each in given.must_publish),
        never_publish=tuple(_meant(each, terms) for each in given.never_publish),
    )


def problems(terms: Terms) -> Iterator[str]:
    """Give every fault of an agreement's disclosure rules."""
    for problem in _of(terms.disclosure, terms):
        yield f"in disclosure, {problem}"


def _of(disclosure: Disclosure, terms: Terms) -> Iterator[str]:
    profile, given = PROFILES.get(disclosure.profile), disclosure.parameters
    if profile is None:
        known = words.listed(tuple(PROFILES), "or")
        yield f"the profile “{disclosure.profile}” is not known; it can be {known}"
        return
    for name in NUMBERS:
        wanted, own = getattr(given, name), getattr(profile, name)
        if wanted is not None and wanted < own:
            yield f"{name} is lower than the profile’s own {own}; it can only be raised"
    if given.zeros and ZEROS.index(given.zeros) < ZEROS.index(profile.zeros):
        yield "zeros cannot be shown, because the profile protects them"
    if given.few and (given.zeros or profile.zeros) != "few":
        yield "few says something only where zeros is “few”"
    yield from _named(given, terms)
    least = max(given.threshold or 0, profile.threshold)
    if any(each.threshold <= least for each in given.sensitive):
        yield f"a sensitive threshold is not higher than that of all figures, {least}"
    for required in given.must_publish:
        if not required.table:
            yield "must_publish does not say of which table"
        if any(_within(required, never, terms) for never in given.never_publish):
            yield f"{_words(required)} must be published and must never be"


def unnamed(terms: Terms) -> Iterator[str]:
    """Give the rules that name a category which no table has: a slip of the pen there would protect nobody."""
    for name, cells in _rules(terms.disclosure.parameters):
        if not any(there(cells, table) for table in terms.tables):
            yield f"in disclosure, {name} means {_words(cells)}, and no table of the agreement has that"


def _named(given: Parameters, terms: Terms) -> Iterator[str]:
    for name, cells in _rules(given):
        if not (cells.table or cells.measure or cells.by or cells.categories):
            yield f"{name} does not say which figures it means"
        elif not any(_broken_down(cells, table) for table in terms.tables):
            yield f"{name} means {_words(cells)}, and no table of the agreement has that"


def _rules(given: Parameters) -> Iterator[tuple[str, Cells]]:
    for name in ("sensitive", "must_publish", "never_publish"):
        yield from ((name, cells) for cells in getattr(given, name))


def there(cells: Cells, table: Table) -> bool:
    """Tell whether a table has figures of these."""
    named = cells.categories.items()
    possible = {(each.by, each.category) for each in table.filters}
    for dimension in table.dimensions:
        possible.update(one for one in named if one[0] == dimension.by and can_be(dimension, one[1]))
    return _broken_down(cells, table) and possible.issuperset(named)


def _broken_down(cells: Cells, table: Table) -> bool:
    """Tell whether a table is broken down, or filtered, as figures are that a rule names."""
    by = {dimension.by for dimension in table.dimensions} | {each.by for each in table.filters}
    measures = {counted.measure for counted in table.measures}
    return (
        cells.table in (None, table.id)
        and (cells.measure is None or cells.measure in measures)
        and by.issuperset((*cells.by, *cells.categories))
    )


def _within(required: Cells, never: Cells, terms: Terms) -> bool:
    """Tell whether all that must be published is among what must never be."""
    mine, theirs = _meant(required, terms), _meant(never, terms)
    tables = not theirs.tables or set(mine.tables) <= set(theirs.tables)
    by = dict(mine.where)
    return tables and all(name in by and part in (EVERY, by[name]) for name, part in theirs.where)


def _meant(cells: Cells, terms: Terms) -> Meant:
    every = dict.fromkeys(cells.by, EVERY) | cells.categories
    tables = [
        table.table_of(counted.measure)
        for table in terms.tables
        for counted in table.measures
        if cells.table in (None, table.id) and cells.measure in (None, counted.measure)
    ]
    return Meant(tuple(every.items()), tuple(tables) if cells.table or cells.measure else ())


def _words(cells: Cells) -> str:
    parts = [cells.measure or "", *(f"“{name}”" for name in cells.by)]
    parts += [f"“{category}” of “{name}”" for name, category in cells.categories.items()]
    said = words.listed([part for part in parts if part]) or "its total"
    return f"{said} in “{cells.table}”" if cells.table else said
