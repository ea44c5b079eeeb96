"""The shape of the example: its households, contacts and observations before they are written down."""

from __future__ import annotations

import json
from bisect import bisect
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any, ClassVar

from cis_desktop.paths import resources

FOLDER = resources() / "demo"
DAYS = 730

Thing = tuple[str, int | None, str | None, int | None, int | None]
"""Something given: item, quantity, unit, pence, parcel days."""

Span = tuple[int | None, int | None]
"""Where in the words a theme lies; both None for the whole."""


@dataclass(frozen=True, slots=True)
class SessionDay:
    """One session to come to; `busy` is how many come, with 1.0 an ordinary day at the start of the two years."""

    on: date
    venue: str
    ward: str
    busy: float


@dataclass(frozen=True, slots=True)
class Visit:
    """One contact: day, kind, adults, children, minutes, how and worker; which member; at which session, if any."""

    values: tuple[Any, ...]
    member: int
    session: int | None
    given: tuple[Thing, ...]
    needs: tuple[str, ...]
    of_case: bool
    paid: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """One person: the values of `columns`, and what is known of ethnic group, sex and disability."""

    columns: ClassVar[tuple[str, ...]] = (
        "given_name", "family_name", "initials", "birth_year", "postcode", "ward", "ward_vintage",
        "no_fixed_address", "phone", "phone_permission", "email", "email_permission", "safe_contact", "language",
        "interpreter", "parent_or_carer",
    )  # fmt: skip
    values: tuple[Any, ...]
    described: tuple[tuple[str, str | None, int | None, str, str | None], ...]


@dataclass(frozen=True, slots=True)
class CaseWork:
    """A piece of work with the household: opened, closed, how it came, status, worker, note; needs, main first."""

    values: tuple[Any, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Household:
    """One household: the values of `columns`, its recorded members, its case, and every contact with it."""

    columns: ClassVar[tuple[str, ...]] = (
        "label", "adults", "children", "structure", "tenure", "postcode", "ward", "ward_vintage",
        "no_fixed_address", "diet", "allergies", "cooking", "delivery",
    )  # fmt: skip
    values: tuple[Any, ...]
    members: tuple[Member, ...]
    case: CaseWork | None
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class Noticed:
    """One observation: its values, the session it was noticed at, and its themes, each on the whole or a span."""

    session: int | None
    values: tuple[Any, ...]
    themes: tuple[tuple[str, Span], ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What every household is planned within; `rooms` lists, for each weekly gathering, its sessions by date."""

    seed: int
    until: date
    sessions: tuple[SessionDay, ...]
    rooms: tuple[tuple[int, ...], ...]


@cache
def read_facts(name: str) -> Any:
    """Read one file of `resources/demo`."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def is_closed(day: date) -> bool:
    """Say whether the group rests: from Christmas to New Year."""
    return (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 1)


def season(day: date) -> float:
    """Give how busy a day is beside an ordinary one: winter and the school holidays are busier."""
    return {11: 1.25, 12: 1.45, 1: 1.4, 2: 1.25, 7: 1.05, 8: 1.2, 4: 0.9, 5: 0.85, 6: 0.85}.get(day.month, 1.0)


class Chances:
    """Things with how likely each is."""

    __slots__ = ("_cumulative", "_things")

    def __init__(self, *pairs: tuple[Any, int]) -> None:
        self._things = tuple(thing for thing, _ in pairs)
        self._cumulative = tuple(accumulate(weight for _, weight in pairs))

    def pick(self, rng: Random) -> Any:
        """Draw one of them."""
        return self._things[bisect(self._cumulative, rng.random() * self._cumulative[-1])]
