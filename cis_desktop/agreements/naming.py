"""What the categories of a dimension can be called in a pack, as far as an agreement itself decides that."""

from __future__ import annotations

from cis_desktop.agreements.counting import LISTED
from cis_desktop.agreements.model import Dimension, Group
from cis_desktop.records.code_lists import CodeList, shipped

UNKNOWN, PREFER_NOT, NOT_ASKED, OTHERS, OTHER_AGES = "unknown", "prefer_not", "not_asked", "all_others", "other_ages"
UNSPECIFIED = "unspecified"
"""What is in a broad group, and nobody said in which of its codes."""


def listed(dimension: Dimension) -> CodeList | None:
    """Give the code list of a dimension; None when it has none, or one that the app does not hold."""
    if dimension.by not in LISTED:
        return None
    return shipped().get((dimension.code_list or dimension.by, dimension.list_version or 1))


def band(group: Group) -> str:
    """Give the code of an age band: `0-15`, `65+`."""
    low = group.from_age or 0
    return f"{low}+" if group.to_age is None else f"{low}-{group.to_age}"


def standings(dimension: Dimension) -> tuple[str, str]:
    """Give the codes of who is new and who returns: to be new within a year is not to be new."""
    suffix = f"_{dimension.new_after_months}_months" if dimension.new_after_months else ""
    return f"new{suffix}", f"returning{suffix}"


def can_be(dimension: Dimension, category: str) -> bool:
    """Tell whether a category of a dimension, or of a coarser version of it, can have this code.

    Wards can be as people write them, and months are those of the period: of these any code can be.
    """
    if dimension.by in ("ward", "month") or category in (UNKNOWN, PREFER_NOT, NOT_ASKED):
        return True
    groups = [*dimension.groups, *(group for step in dimension.ladder for group in step.groups)]
    if dimension.by == "age_band":
        return category in map(band, groups) or category.startswith(OTHER_AGES)
    if dimension.by == "adult_child":
        return category in ("adult", "child")
    if dimension.by == "standing":
        return category in standings(dimension)
    codes = listed(dimension)
    known = {code.key for code in codes.codes} if codes else set[str]()
    return (
        category in known
        or category.startswith(OTHERS)
        or category.removesuffix(f"_{UNSPECIFIED}") in known
        # What several codes are put together to goes by its own key and a digest of them.
        or any(category.rpartition("_")[0] == group.key for group in groups)
    )
