"""What makes it impossible to protect anything: contradictions in the tables or in the policy.

Each is a sentence, and nothing is released. That tables add up, and agree with each other, is seen where they are
joined (`relations.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from cis_desktop.errors import CisError

from .primary import structural
from .relations import check_figures, contradiction, keys
from .tables import TOTAL, Cells, Policy, Shape, Table


def check(tables: Sequence[Table], policy: Policy) -> None:
    """Raise CisError when the tables or the policy cannot be what they say they are."""
    for table in tables:
        _check_hierarchy(table.shape)
        check_figures(table)
        if any(table.cells[key].count for key in structural(table)):
            raise contradiction(table.shape, "it has a figure where there can only be a nought")
        _check_named(table.shape, policy)


def _check_hierarchy(shape: Shape) -> None:
    for dimension in shape.dimensions:
        parents = {category.key: category.parent for category in dimension.categories}
        if len(parents) < len(dimension.categories) or TOTAL in parents:
            raise contradiction(shape, f"two of its rows under “{dimension.label}” have the same name")
        for category in dimension.categories:
            above, seen = category.parent, {category.key}
            while above is not None:
                if above not in parents:
                    raise contradiction(shape, f"“{category.label}” belongs to a broader row that is not there")
                if above in seen:
                    raise contradiction(shape, f"“{category.label}” belongs to itself")
                seen.add(above)
                above = parents[above]


def _check_named(shape: Shape, policy: Policy) -> None:
    for required in policy.must_publish:
        found = [key for key in keys(shape) if required.are(shape, key)]
        if shape.id in required.tables and not found:
            raise _told(f"{_words(required)} must be shown, and “{shape.title}” has no such figure")
        for key in found:
            if any(never.include(shape, key) for never in policy.never_publish):
                raise _told(f"{shape.label(key)} in “{shape.title}” must be shown, and must never be")


def _words(cells: Cells) -> str:
    return ", ".join(f"{name} {category}" for name, category in cells.where) or "the total"


def _told(what: str) -> CisError:
    return CisError(
        "rules_contradict",
        "The agreement contradicts itself",
        f"By its disclosure rules {what}. Nothing was released and nothing was changed; ask the council for a new "
        "version of the agreement, or change your own.",
    )
