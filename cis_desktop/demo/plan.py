"""The plan of the example: how many households, contacts and sessions, and when; the rest follows from the seed."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from cis_desktop.demo.households import make_household
from cis_desktop.demo.noticed import make_observation
from cis_desktop.demo.shape import DAYS, Frame, Household, Noticed, SessionDay, is_closed, read_facts, season

_VISITS_A_SESSION = 20


class Plan:
    """The whole example, decided by its sizes, seed and last day; holds a few bytes for each household."""

    def __init__(self, people: int, contacts: int, observations: int, seed: int, until: date) -> None:
        self.people = people
        self.contacts = contacts
        self.observations = observations
        self.seed = seed
        dated = sorted(session_days(contacts, until), key=lambda pair: pair[1].on)
        rooms: dict[int, list[int]] = {}
        for number, (room, _) in enumerate(dated):
            rooms.setdefault(room, []).append(number)
        self.sessions = tuple(session for _, session in dated)
        self.frame = Frame(seed, until, self.sessions, tuple(tuple(rooms[room]) for room in sorted(rooms)))
        self._sizes, self._visits = self._shares()

    @property
    def household_count(self) -> int:
        """Return how many households there are."""
        return len(self._sizes)

    def households(self) -> Iterator[Household]:
        """Give every household with all that belongs to it, one at a time; the same each time it is called."""
        for number, (size, visits) in enumerate(zip(self._sizes, self._visits, strict=True)):
            yield make_household(self.frame, number, size, visits)

    def head_counts(self) -> list[tuple[int | None, int | None, int | None, int | None]]:
        """Give adults, children, new and returning estimates of every session: the known visitors and some more."""
        adults = [0] * len(self.sessions)
        children = [0] * len(self.sessions)
        for home in self.households():
            for visit in home.visits:
                if visit.session is not None:
                    adults[visit.session] += 1
                    children[visit.session] += bool(visit.values[3]) and visit.member == 0
        rng = Random(f"{self.seed} head-counts")
        counts: list[tuple[int | None, int | None, int | None, int | None]] = []
        for came, young in zip(adults, children, strict=True):
            if rng.random() < 0.03:
                counts.append((None, None, None, None))
                continue
            grown = came + rng.randint(0, 3 + came // 3)
            new = min(grown, round(grown * rng.uniform(0.02, 0.12)))
            estimated = rng.random() < 0.6
            counts.append(
                (grown, young // 2 + rng.randint(0, 4), new if estimated else None, grown - new if estimated else None)
            )
        return counts

    def observations_made(self) -> Iterator[Noticed]:
        """Give every observation in the order it was written."""
        for number in range(self.observations):
            yield make_observation(self.frame, number)

    def _shares(self) -> tuple[array[int], array[int]]:
        """Decide how many people are written down in each household, and how many contacts it has.

        Most households have one name in the records; visits are very unequal, as they are in life.
        """
        rng = Random(f"{self.seed} shares")
        sizes = array("B")
        left = self.people
        while left > 0:
            size = min(left, rng.choices((1, 2, 3, 4, 5), (62, 20, 8, 6, 4))[0])
            sizes.append(size)
            left -= size
        weights = [rng.lognormvariate(0, 0.75) * (1 + 0.15 * size) for size in sizes]
        scale = self.contacts / (sum(weights) or 1)
        visits = array("L")
        done = 0
        for share in accumulate(weights):
            upto = round(share * scale)
            visits.append(upto - done)
            done = upto
        return sizes, visits


def session_days(contacts: int, until: date) -> Iterator[tuple[int, SessionDay]]:
    """Give every session of the two years before `until` with the number of its weekly gathering.

    As many gatherings a week as the contacts need, at three venues and then in further rooms of theirs.
    """
    venues = read_facts("camden.json")["venues"]
    first = until - timedelta(days=DAYS)
    monday = first - timedelta(days=first.weekday())
    for room in range(max(len(venues), round(contacts * 0.8 / _VISITS_A_SESSION / (DAYS / 7)))):
        venue = venues[room % len(venues)]
        name = venue["name"] if room < len(venues) else f"{venue['name']}, room {room // len(venues) + 1}"
        for week in range(DAYS // 7 + 1):
            on = monday + timedelta(weeks=week, days=venue["weekday"])
            if first <= on < until and not is_closed(on):
                yield room, SessionDay(on, name, venue["ward"], season(on) * (1 + 0.3 * week / (DAYS / 7)))
