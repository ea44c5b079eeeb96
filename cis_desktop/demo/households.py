"""One household of the example: who lives there, what is known of them, and every contact with them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from heapq import nlargest
from random import Random
from typing import Any

from cis_desktop.demo.shape import (
    DAYS,
    CaseWork,
    Chances,
    Frame,
    Household,
    Member,
    Thing,
    Visit,
    is_closed,
    read_facts,
    season,
)  # fmt: skip

_TENURES = Chances(
    ("rents_council", 34), ("rents_housing_association", 20), ("rents_private", 18), ("temporary", 12),
    ("sofa_surfing", 3), ("owns_with_mortgage", 3), ("owns_outright", 3), (None, 7),
)  # fmt: skip
_NEEDS = Chances(
    ("food", 40), ("utilities", 14), ("universal_credit", 12), ("benefits", 12), ("housing", 11), ("debt", 10),
    ("mental_health", 7), ("isolation", 7), ("health", 6), ("employment", 5), ("immigration", 4), ("family", 4),
    ("digital", 4), ("education", 3), ("homelessness", 3), ("legal", 2), ("violence", 1), ("bereavement", 1),
)  # fmt: skip
_EXTRAS = Chances(
    ("hygiene", 30), ("hot_meal", 25), ("nappies", 12), ("clothing", 10), ("baby", 8), ("school", 5)
)  # fmt: skip
_HOW_CAME = Chances(
    ("self", 40), ("family_or_friend", 15), ("council", 10), ("school", 9), ("health", 8), ("advice", 8),
    ("jobcentre", 4), ("charity", 3), ("faith", 3),
)  # fmt: skip
_DISABILITIES = Chances(
    ("none", 55), ("limited_a_little", 20), ("limited_a_lot", 15), ("condition_not_limiting", 10)
)  # fmt: skip
_OTHER_KINDS = Chances(("delivery", 35), ("advice", 35), ("call", 20), ("home_visit", 5), ("message", 5))
_MORE_CHILDREN = Chances((0, 52), (1, 20), (2, 17), (3, 8), (4, 3))
_ALONE_OR_NOT = Chances((1, 66), (2, 28), (3, 6))
_NAMING = Chances(("full", 88), ("given", 4), ("initials", 6), ("none", 2))
_ANSWERS = {
    "ethnic_group": Chances(("answered", 70), ("prefer_not", 8), ("not_asked", 10), (None, 12)),
    "sex": Chances(("answered", 86), ("prefer_not", 2), ("not_asked", 5), (None, 7)),
    "disability": Chances(("answered", 52), ("prefer_not", 9), ("not_asked", 15), (None, 24)),
}
"""For each trait: answered, prefer not to say, written down as not asked, or nothing at all."""

_INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"

Place = tuple[str | None, str | None, bool]
"""Ward, postcode, and whether there is no fixed address."""


def make_household(frame: Frame, number: int, recorded: int, contacts: int) -> Household:
    """Make household `number` with `recorded` people written down and `contacts` contacts; the same every time."""
    rng = Random(f"{frame.seed} household {number}")
    words = read_facts("words.json")
    culture = _cultures().pick(rng)
    family = rng.choice(culture["families"])
    adults = 2 if recorded > 1 else _ALONE_OR_NOT.pick(rng)
    children = max(0, recorded - adults) + _MORE_CHILDREN.pick(rng)
    place = _place(rng)
    ward, postcode, roofless = place
    asked = rng.random() > 0.1
    values = (
        f"{family} household" if rng.random() < 0.9 else None,
        adults if asked else None,
        children if asked else None,
        _structure(adults, children) if asked else None,
        "no_fixed_address" if roofless else _TENURES.pick(rng),
        postcode,
        ward,
        "2025" if ward else None,
        int(roofless) if asked else None,
        rng.choice(words["diet"]) if rng.random() < 0.4 else None,
        rng.choice(words["allergies"]) if rng.random() < 0.09 else None,
        rng.choice(words["cooking"]) if rng.random() < 0.5 else None,
        rng.choice(words["delivery"]) if rng.random() < 0.1 else None,
    )
    members = tuple(
        _member(rng, words, culture, family, frame.until.year, place, is_child=at >= adults, is_parent=children > 0)
        for at in range(recorded)
    )
    days = _days(frame, rng, contacts)
    troubles = tuple(dict.fromkeys(_NEEDS.pick(rng) for _ in range(rng.randint(1, 4))))
    case = _case(rng, words, frame.until, days[0][0], troubles) if days and rng.random() < 0.28 else None
    size = (adults, children) if asked else (None, None)
    # Children are written down with the household; its grown members come.
    comers = min(recorded, adults)
    visits = tuple(
        _visit(rng, words, on, session, size, rng.randrange(comers), troubles, case is not None) for on, session in days
    )
    return Household(values, members, case, visits)


@cache
def _cultures() -> Chances:
    return Chances(*((culture, culture["weight"]) for culture in read_facts("names.json")))


@cache
def _wards() -> Chances:
    return Chances(*((ward, ward["weight"]) for ward in read_facts("camden.json")["wards"]))


def _structure(adults: int, children: int) -> str:
    if children:
        return "lone_parent" if adults == 1 else "couple_with_children"
    return "one_person" if adults == 1 else "adults_only"


def _place(rng: Random) -> Place:
    if rng.random() < 0.04:
        return None, None, True
    ward = _wards().pick(rng)
    inward = f"{rng.randint(1, 9)}{rng.choice(_INWARD_LETTERS)}{rng.choice(_INWARD_LETTERS)}"
    written = rng.random()
    return (
        ward["code"] if written < 0.92 else None,
        f"{rng.choice(ward['districts'])} {inward}" if written < 0.8 or written > 0.96 else None,
        False,
    )


def _member(
    rng: Random,
    words: Any,
    culture: Any,
    family: str,
    this_year: int,
    place: Place,
    is_child: bool,
    is_parent: bool,
) -> Member:
    sex = "female" if rng.random() < (0.5 if is_child else 0.62) else "male"
    given = rng.choice(culture["women" if sex == "female" else "men"])
    naming = _NAMING.pick(rng)
    age = rng.randint(0, 17) if is_child else min(92, 18 + int(rng.gammavariate(4.2, 6.4)))
    ward, postcode, roofless = place
    phone = f"07700 900{rng.randint(0, 999):03d}" if not is_child and rng.random() < 0.6 else None
    email = None if is_child or rng.random() > 0.15 else f"person{rng.randint(1, 99999)}@example.org"
    language = rng.choice(culture["languages"]) if rng.random() < 0.6 else None
    return Member(
        (
            given if naming in ("full", "given") else None,
            family if naming == "full" else None,
            f"{given[0]}.{family[0]}." if naming == "initials" else None,
            this_year - age if rng.random() < 0.86 else None,
            postcode,
            ward,
            "2025" if ward else None,
            int(roofless),
            phone,
            None if phone is None else int(rng.random() < 0.8),
            email,
            None if email is None else int(rng.random() < 0.7),
            rng.choice(words["safe_contact"]) if phone and rng.random() < 0.04 else None,
            language,
            None if language is None else int(language != "English" and rng.random() < 0.2),
            None if is_child else int(is_parent),
        ),
        tuple(_described(rng, {"ethnic_group": culture["ethnic_group"], "sex": sex})),
    )


def _described(rng: Random, truth: dict[str, str]) -> list[tuple[str, str | None, int | None, str, str | None]]:
    found: list[tuple[str, str | None, int | None, str, str | None]] = []
    for trait, answers in _ANSWERS.items():
        status = answers.pick(rng)
        if status == "answered":
            source = "referrer" if rng.random() < 0.1 else "self"
            found.append((trait, truth.get(trait) or _DISABILITIES.pick(rng), 1, status, source))
        elif status is not None:
            found.append((trait, None, None, status, None))
    return found


def _days(frame: Frame, rng: Random, contacts: int) -> list[tuple[date, int | None]]:
    """Choose the days of a household's contacts, each with its session or with none.

    They fall in one stretch of the two years, as long as the visits need: some people come once, some for months.
    """
    if not contacts:
        return []
    length = min(DAYS, 20 + round(contacts * rng.uniform(9, 30)))
    # A stretch may have begun before the two years or go on after them.
    start = round(rng.uniform(-0.6 * length, DAYS - 0.3 * length))
    begun = frame.until - timedelta(days=DAYS)
    first = max(begun, begun + timedelta(days=start))
    last = min(frame.until, begun + timedelta(days=start + length))
    room = frame.rooms[rng.randrange(len(frame.rooms))]
    within = [number for number in room if first <= frame.sessions[number].on < last]
    wanted = min(len(within), sum(rng.random() < 0.85 for _ in range(contacts)))
    # Drawing without replacement, busier days first: the keys of Efraimidis and Spirakis (2006).
    chosen = nlargest(wanted, within, key=lambda number: rng.random() ** (1 / frame.sessions[number].busy))
    days: list[tuple[date, int | None]] = [(frame.sessions[number].on, number) for number in chosen]
    while len(days) < contacts:
        on = first + timedelta(days=rng.randrange((last - first).days))
        if on.weekday() < 6 and not is_closed(on) and rng.random() < season(on) / 1.5:
            days.append((on, None))
    return sorted(days, key=lambda day: day[0])


def _case(rng: Random, words: Any, until: date, first: date, troubles: tuple[str, ...]) -> CaseWork:
    closed = first + timedelta(days=round(rng.gammavariate(2, 50)))
    ended = closed < until
    return CaseWork(
        (
            first.isoformat(),
            closed.isoformat() if ended else None,
            _HOW_CAME.pick(rng),
            "closed" if ended else "open",
            rng.choice(words["workers"]),
            rng.choice(words["case_notes"]) if rng.random() < 0.4 else None,
        ),
        troubles,
    )


def _visit(
    rng: Random,
    words: Any,
    on: date,
    session: int | None,
    size: tuple[int | None, int | None],
    member: int,
    troubles: tuple[str, ...],
    has_case: bool,
) -> Visit:
    kind = "visit" if session is not None else _OTHER_KINDS.pick(rng)
    advice = kind in ("advice", "call", "home_visit", "message")
    given: list[Thing] = []
    if not advice:
        days = 7 if rng.random() < 0.25 else 3
        given.append(("food_parcel", 2 if (size[0] or 0) + (size[1] or 0) > 4 else 1, "parcel", None, days))
        if rng.random() < 0.3:
            given.append((_EXTRAS.pick(rng), rng.randint(1, 3), None, None, None))
    paid = rng.random() < 0.05
    if paid:
        given.append((rng.choice(("voucher", "utilities")), 1, None, rng.choice((2000, 2800, 4000, 4900)), None))
    minutes = 5 * rng.randint(1, 12) if advice else None
    if rng.random() < 0.1:
        needs: tuple[str, ...] = ()
    elif advice:
        needs = (rng.choice(troubles),)
    else:
        needs = ("food", rng.choice(troubles)) if rng.random() < 0.2 else ("food",)
    return Visit(
        (
            on.isoformat(),
            kind,
            *size,
            minutes,
            "delivery" if kind == "delivery" else "collection" if kind == "visit" else None,
            rng.choice(words["workers"]),
        ),
        member,
        session,
        tuple(given),
        tuple(dict.fromkeys(needs)),
        has_case and advice,
        paid,
        rng.choice(words["contact_notes"]) if rng.random() < (0.3 if advice else 0.03) else None,
    )
