"""An agreement's ladders climbed down: the same figures in fewer, wider categories, or not broken down at all.

A rung of a dimension is taken in every table that has the dimension, so that a report has one set of bands. To leave a
breakdown out is the last rung of every ladder, whether the agreement says so or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import msgspec

from cis_desktop import words
from cis_desktop.agreements import Agreement
from cis_desktop.agreements import rules as disclosure_rules
from cis_desktop.agreements.model import Cells, Counted, Dimension, Parameters, Step, Table, Terms
from cis_desktop.agreements.naming import listed
from cis_desktop.errors import CisError
from cis_desktop.figures.categories import LABELS

Coarser = tuple[tuple[str, int], ...]
"""Which rung is taken of which dimension, counted from 1, in the order of the dimensions' names; empty: as agreed."""

AS_AGREED: Coarser = ()
LEFT_OUT = "Not broken down"


def ladders(agreement: Agreement) -> dict[str, tuple[str, ...]]:
    """Give the labels of the rungs of each dimension, from the finest to none at all, by the dimension's name."""
    found: dict[str, tuple[str, ...]] = {}
    for table in agreement.tables:
        for dimension in table.dimensions:
            labels = tuple(step.label for step in _rungs(dimension))
            # Tables may differ in their ladders: the longest is offered, and shorter ones stay on their last rung.
            if len(labels) > len(found.get(dimension.by, ())):
                found[dimension.by] = labels
    return dict(sorted(found.items()))


def read_coarser(agreement: Agreement, asked: Iterable[str]) -> Coarser:
    """Read `ward=Not broken down` or `age_band=1`: a dimension, and a rung by its label or number. Raises CisError."""
    offered = ladders(agreement)
    found: dict[str, int] = {}
    for text in asked:
        by, _, step = (part.strip() for part in text.partition("="))
        labels = offered.get(by, ())
        named = [at for at, label in enumerate(labels, 1) if step.casefold() in (label.casefold(), str(at))]
        if not named:
            each = [f"{name}={label}" for name, several in offered.items() for label in several]
            known = f"It has {words.listed(each)}." if each else "Nothing in it is broken down."
            raise CisError(
                "no_such_step",
                "The agreement has no such step",
                f"“{text}” names no coarser version of a breakdown of “{agreement.title}”. {known} Nothing was "
                "changed.",
            )
        found[by] = named[0]
    return tuple(sorted(found.items()))


def coarsened(agreement: Agreement, coarser: Coarser) -> Agreement:
    """Give the agreement with its breakdowns as coarse as that; it keeps its hash, being the same agreement.

    Of a table that is left without any breakdown those figures go that are in another table anyway: no pack has a
    figure twice. Raises CisError when the agreement's disclosure rules need a breakdown that would be gone.
    """
    if not coarser:
        return agreement
    taken = dict(coarser)
    tables = [_coarsened(table, taken) for table in agreement.tables]
    for before, table in zip(agreement.tables, list(tables), strict=True):
        if before.dimensions and not table.dimensions:
            at = tables.index(table)
            left = _in_no_other(table, [*tables[:at], *tables[at + 1 :]])
            tables[at : at + 1] = [msgspec.structs.replace(table, measures=left)] if left else []
    terms = msgspec.structs.replace(agreement.terms, tables=tuple(tables))
    found = replace(agreement, terms=_with_rules_that_fit(terms))
    known = agreement.would_be_refused()
    for problem in (each for each in found.would_be_refused() if each not in known):
        raise CisError(
            "rules_need_breakdown",
            "The agreement needs this breakdown",
            f"“{agreement.title}” cannot be made as coarse as that: {problem}. Nothing was changed; choose another "
            "step.",
        )
    return found


def said(agreement: Agreement, coarser: Coarser) -> tuple[str, ...]:
    """Say what is coarser than agreed, one sentence for each dimension, for everybody who reads the figures."""
    found = []
    for by, rung in coarser:
        ladder = [d for table in agreement.tables for d in table.dimensions if d.by == by]
        dimension = max(ladder, key=lambda each: len(_rungs(each)))
        step = _rungs(dimension)[rung - 1]
        label = dimension.label or LABELS[by]
        if not step.drop:
            wide, fine = words.count(_size(_stepped(dimension, rung)), "group"), _size(dimension)
            found.append(f"{label} is given in {wide} and not in {fine}, as the agreement allows.")
        elif any(each.drop for each in dimension.ladder):
            found.append(f"Figures are not broken down by {label.lower()}, as the agreement allows.")
        else:
            found.append(f"Figures are not broken down by {label.lower()}, which the agreement asks for.")
    return tuple(found)


def _rungs(dimension: Dimension) -> tuple[Step, ...]:
    steps = dimension.ladder
    return steps if any(step.drop for step in steps) else (*steps, Step(label=LEFT_OUT, drop=True))


def _stepped(dimension: Dimension, rung: int) -> Dimension | None:
    """Give a dimension on a rung of its ladder, None where that is to leave it out."""
    rungs = _rungs(dimension)
    step = rungs[min(rung, len(rungs)) - 1]
    if step.drop:
        return None
    return msgspec.structs.replace(dimension, groups=step.groups, broad=step.broad, ladder=rungs[rung:])


def _coarsened(table: Table, taken: Mapping[str, int]) -> Table:
    stepped = (_stepped(each, taken[each.by]) if each.by in taken else each for each in table.dimensions)
    return msgspec.structs.replace(table, dimensions=tuple(each for each in stepped if each is not None))


def _in_no_other(table: Table, others: list[Table]) -> tuple[Counted, ...]:
    """Give the measures of a table whose totals are in no other table."""
    return tuple(
        counted
        for counted in table.measures
        if not any(
            set(other.filters) == set(table.filters)
            and other.period in ("any", table.period)
            and any(each.measure == counted.measure and each.unit == counted.unit for each in other.measures)
            for other in others
        )
    )


def _with_rules_that_fit(terms: Terms) -> Terms:
    """Leave out the rules about figures that are no more; what must be published stays, and then does not fit."""
    given = terms.disclosure.parameters
    parameters: Parameters = msgspec.structs.replace(
        given,
        sensitive=tuple(each for each in given.sensitive if _there(each, terms)),
        never_publish=tuple(each for each in given.never_publish if _there(each, terms)),
    )
    return msgspec.structs.replace(terms, disclosure=msgspec.structs.replace(terms.disclosure, parameters=parameters))


def _there(cells: Cells, terms: Terms) -> bool:
    return any(disclosure_rules.there(cells, table) for table in terms.tables)


def _size(dimension: Dimension | None) -> int:
    """Count the groups of a dimension, as they are agreed: without those for what is in none."""
    if dimension is None:
        return 0
    if dimension.groups:
        return len(dimension.groups)
    codes = listed(dimension)
    if codes is None:
        return 0
    broad = {code.broader for code in codes.codes if code.broader}
    if dimension.broad:
        return sum(code.broader is None for code in codes.codes)
    return sum(code.key not in broad for code in codes.codes)
