"""What was done to protect people in a pack, and what is promised: `disclosure.json` and the same in plain words.

It speaks of the whole pack only. Which cells were hidden for which reason stays in the app, because a reason tells a
small figure from one that was hidden beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cis_desktop.disclosure.tables import Policy, Release

from .texts import HIDDEN, SUM
from .tidy import PackTable


def disclosure(release: Release, tables: tuple[PackTable, ...]) -> dict[str, Any]:
    """Return the content of `disclosure.json`."""
    policy = release.policy
    return {
        "format": "cis-disclosure",
        "version": 1,
        "profile": policy.profile,
        "threshold": policy.threshold,
        "rounding": {"base": policy.rounding, "method": policy.method, "totals": policy.totals},
        "zeros": policy.zeros,
        "minimum_households": policy.min_households,
        "headline_households": policy.accountability_households,
        "rules": rules(release, tables),
        "counts": counts(tables),
        "promised": promised(policy),
        "not_promised": not_promised(release),
        "audit": {
            "result": "nothing exposed that earlier packs had not" if release.spent else "nothing exposed",
            "cells": release.audit.hidden + release.audit.rounded + release.audit.published,
            "attacked": release.audit.hidden,
        },
    }


def counts(tables: tuple[PackTable, ...]) -> dict[str, int]:
    """Count the rows of all tables by status."""
    found = {"cells": 0, "exact": 0, "rounded": 0, "hidden": 0}
    for table in tables:
        at = table.columns.index("status")
        for row in table.rows:
            found["cells"] += 1
            found["exact" if row[at] == "value" else row[at]] += 1
    return found


def rules(release: Release, tables: tuple[PackTable, ...]) -> list[str]:
    """Return the rule that the tables were made by, one sentence each, and where it goes beyond the agreement's."""
    policy = release.policy
    base, top = policy.rounding, policy.threshold - 1
    small = {
        "nearest": f"Figures that rest on 1 to {top} people are hidden and shown as [c].",
        "midpoint": f"Figures of 1 to {top} are not told apart; those that rest on very few people are hidden, as [c].",
    }
    said = [
        small.get(
            policy.method,
            f"Figures below {base} are shown as 0 or {base}, whichever was drawn; those that rest on very few people "
            "all the same are hidden, as [c].",
        ),
        "Some larger figures are hidden as well, so that no hidden one can be worked out from the others.",
    ]
    if policy.sensitive:
        most = max(each.threshold for each in policy.sensitive)
        said.append(f"Figures about more sensitive matters need more people behind them, up to {most}.")
    if policy.min_households > 1:
        said.append(f"A figure that rests on fewer than {policy.min_households} households is hidden too.")
    if policy.dominance and any(source.shape.unit == "pence" for table in tables for source in table.sources):
        said.append("A sum of money that one household has nearly all of is hidden too.")
    if base:
        said.append(_ROUNDED[policy.method].format(base=base))
    if base and policy.totals == "summed":
        said.append(SUMMED)
    exact = any(
        cell.status == "value" and cell.value for table in tables for source in table.sources
        for cell in source.cells.values()
    )  # fmt: skip
    if base and exact:
        said.append(
            "Headline figures for the whole area, without any breakdown, are exact when at least "
            f"{policy.accountability_households} households stand behind them."
        )
    if any(cell.withheld for table in tables for source in table.sources for cell in source.cells.values()):
        said.append("[x] is a figure that is not released, whatever it is.")
    said.append(_nought(policy))
    return [*said, *release.beyond]


SUMMED = (
    f"{SUM} stands beside a total that is only the sum of the rounded figures shown: what is hidden is not in it, and "
    "the true total can be well above or below it. Do not quote it as how many there were."
)
_ROUNDED = {
    "nearest": "Other figures are rounded to the nearest {base}, money to the nearest £{base}.",
    "midpoint": "Other figures are rounded to the middle of a band of {base}, money to the same in pounds.",
    "controlled": "Figures are rounded up or down to a multiple of {base}, money of £{base}, so that tables add up.",
    "small": "Other figures are rounded to the nearest {base}, money to the nearest £{base}.",
}


def _nought(policy: Policy) -> str:
    if policy.method in ("controlled", "small"):
        return f"A nought can be anything up to {policy.rounding - 1}."
    if policy.zeros == "few":
        return "A nought means that nobody was counted; where nearly all are in one category, noughts are hidden."
    return "A nought means that nobody was counted." if policy.zeros == "show" else "Noughts may be hidden."


def promised(policy: Policy) -> list[str]:
    """Return what a reader may rely on, one sentence each."""
    top, base = policy.threshold, policy.rounding
    drawn = (
        f"From the published figures, nobody can tell which of the figures shown as 0 or {base} are below {base} and "
        f"how far: each could be any of at least {top} values.",
    )
    return [
        "All tables of this pack were checked together, and together with the earlier packs this group has made.",
        *(drawn if policy.method in ("controlled", "small") else ()),
        f"From the published figures, each hidden figure could still be {top} or more, and could be any of at least "
        f"{top} values: nobody can prove from them that it is small.",
        "[c] stands for every hidden figure alike, small or not.",
    ]


def not_promised(release: Release) -> list[str]:
    """Return what the checks cannot give, one sentence each."""
    said = [
        "The figures pass these checks; that does not make them anonymous in every situation.",
        "Somebody who already knows about particular people may learn more than others can.",
        "Figures that other organisations publish about the same people were not part of the check.",
        "Which figures were hidden beside the small ones depends on a secret draw; somebody who knew the draw could "
        "narrow a hidden figure further.",
    ]
    if release.spent:
        said.append(
            "Some figures that are hidden here could be worked out from earlier packs of this group already; for them "
            "the promise above does not hold."
        )
    return said


def shorthand_lines(table: PackTable) -> Iterator[str]:
    """Give the sentences that explain a table's shorthand and rounding, the same for all its hidden figures."""
    at = [table.columns.index(name) for name in ("status", "at_least", "at_most")]
    found = {tuple(row[n] for n in at) for row in table.rows}
    if any(cell.withheld for source in table.sources for cell in source.cells.values()):
        yield "[x] is a figure that is not released, whatever it is."
    summed = any(cell.is_sum for source in table.sources for cell in source.cells.values())
    if summed:
        yield SUMMED
    at.append(table.columns.index("value"))
    bounds = {tuple(row[n] for n in at[1:3]) for row in table.rows if row[at[3]] == HIDDEN}
    if bounds:
        said = "[c] is a figure that is hidden so that no small number of people can be worked out"
        if len(bounds) == 1:
            low, high = bounds.pop()
            said += f"; it is at least {low}" if low != "0" else "; it may be nought"
            said += f" and at most {high}" if high else ""
        yield said + "."
    if any(not b.dimension.adds_up for b in table.breakdowns):
        yield "Somebody or something can be counted in several rows, so the rows need not add up to the total."
    elif any(status == "rounded" for status, _, _ in found) and not table.is_headlines and not summed:
        yield "Figures are rounded, so the rows need not add up to the total."
