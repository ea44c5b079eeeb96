"""What is believed of a laptop of the group, which may be in the wrong hands: nothing that would stop another one.

An app of ours writes none of what is refused here. Some of it could be merged, and nobody could go on after it: a
Lamport number behind which there is none, a moment that is no moment, a schema that takes for ever to count up from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from cis_desktop.vault.sets import ChangeSet

DEVICE = 16
MOST = 1 << 53
"""More of anything than there will ever be."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def is_moment(said: object) -> bool:
    """Tell whether this is a moment as history keeps it: UTC, to the second."""
    try:
        return isinstance(said, str) and bool(MOMENT.fullmatch(said) and datetime.fromisoformat(said))
    except ValueError:
        return False


def is_count(said: object) -> bool:
    """Tell whether this can be a count of anything."""
    return isinstance(said, int) and 0 <= said < MOST


def are_counts(numbers: Iterable[int]) -> bool:
    """Tell whether these can be counts of anything."""
    return all(0 <= each < MOST for each in numbers)


def refuse_unbelievable(sets: Iterable[ChangeSet]) -> None:
    """Raise ValueError for change sets that no app of ours writes."""
    for one in sets:
        others = {device: seq for device, seq in one.vector.items() if device != one.device}
        # Each change adds one to the highest number that was known.
        known = one.seq + sum(others.values())
        whole = one.seq >= 1 and one.lamport >= 1 and one.schema >= 1 and are_counts([*one.vector.values(), one.schema])
        if not (whole and one.lamport <= known < MOST and is_moment(one.at)):
            raise ValueError(f"change set {one.ref} says what cannot be")
        if any(len(device) != DEVICE for device in (one.device, *one.vector)):
            raise ValueError(f"change set {one.ref} names what is no device")
