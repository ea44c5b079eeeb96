"""What can be counted, by what it can be broken down, and how each is counted, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Source = Literal["contacts", "given", "needs", "sessions", "observations"]

TRAITS = ("ethnic_group", "sex", "gender", "disability")
"""What people say of themselves, each with a code list of the same name."""

OF_PEOPLE = ("ward", "age_band", "adult_child", "standing", "tenure", *TRAITS)
OF_CONTACTS = ("month", "contact_kind")
LISTED = ("need", "item", "theme", "contact_kind", "tenure", *TRAITS)
"""Dimensions whose categories come from a code list of the same name, unless the agreement names another."""

OF_HOUSEHOLDS = ("ward", "standing", "tenure")
"""What a household has one of, so that households by it add up."""


@dataclass(frozen=True, slots=True)
class Counting:
    """How a measure is counted: where from, in what unit, by what, and in words."""

    source: Source
    unit: str
    by: tuple[str, ...]
    words: str


MEASURES: dict[str, Counting] = {
    "unique_people": Counting(
        "contacts",
        "people",
        (*OF_PEOPLE, *OF_CONTACTS, "need", "item"),
        "Different people with at least one contact in the period, each counted once. Help written down for a "
        "household, or for nobody by name, counts in other figures and not in this one.",
    ),
    "unique_households": Counting(
        "contacts",
        "households",
        (*OF_PEOPLE, *OF_CONTACTS, "need", "item"),
        "Different households with at least one contact in the period, each counted once. A person who is not written "
        "down with a household counts as a household of one.",
    ),
    "people_helped": Counting(
        "contacts",
        "people",
        (*OF_PEOPLE, *OF_CONTACTS, "need", "item"),
        "Everyone each contact was for, added up over the contacts, so that a person helped three times counts three "
        "times. A contact that does not say how many it was for counts as one person.",
    ),
    "contacts": Counting(
        "contacts",
        "contacts",
        (*OF_PEOPLE, *OF_CONTACTS, "need", "item"),
        "Visits, calls, deliveries and other contacts in the period.",
    ),
    "parcels": Counting(
        "given",
        "parcels",
        (*OF_PEOPLE, *OF_CONTACTS, "item"),
        "Food parcels given: what was written down as a food parcel, or with the days it feeds.",
    ),
    "parcel_days": Counting(
        "given",
        "days",
        (*OF_PEOPLE, *OF_CONTACTS, "item"),
        "Days of food in the parcels given: the days that one parcel feeds, times the parcels.",
    ),
    "items": Counting(
        "given",
        "items",
        (*OF_PEOPLE, *OF_CONTACTS, "item"),
        "Things given, by the number written down; what is weighed, and money, are figures of their own.",
    ),
    "weight": Counting(
        "given",
        "kg",
        (*OF_PEOPLE, *OF_CONTACTS, "item"),
        "What was given by weight, in whole kg or lb; what one entry has over is carried to the next, so none is lost.",
    ),
    "money": Counting(
        "given", "pence", (*OF_PEOPLE, *OF_CONTACTS, "item"), "Money given or paid for people in the period."
    ),
    "needs": Counting(
        "needs",
        "needs",
        (*OF_PEOPLE, *OF_CONTACTS, "need"),
        "Needs that came up, each once per contact: those written down with the contact or, where there are none, "
        "those of its case.",
    ),
    "sessions": Counting("sessions", "sessions", ("ward", "month"), "Sessions held in the period."),
    "head_count": Counting(
        "sessions",
        "people",
        ("ward", "month", "adult_child"),
        "People counted at sessions, added up, so that a person at three sessions counts three times. Nobody is named "
        "in a head-count, so the people behind it are taken to be as many as were counted.",
    ),
    "observations": Counting(
        "observations",
        "observations",
        ("ward", "month", "theme"),
        "Things noticed in the community and written down in the period.",
    ),
}

_BREAKDOWNS = {
    "age_band": "Age is the age a person reaches in the year in which the period ends.",
    "adult_child": "A child is someone who does not reach 18 by the end of the year in which the period ends.",
    "need": "Someone with several needs is in several rows; “not written down” is contacts without a need.",
    "item": "Someone given several things is in several rows; “not written down” is contacts without anything given.",
    "theme": "An observation with several themes is in several rows.",
}


def counted_by(measure: str, by: str) -> str | None:
    """Give the sentence that explains a breakdown of a measure, where it needs one."""
    if by == "adult_child" and measure == "people_helped":
        return "Adults and children are as written down with each contact."
    if by == "adult_child" and measure == "head_count":
        return "Adults and children are as counted at the session."
    if by == "need" and measure == "needs":
        return None
    if by == "item" and MEASURES[measure].source == "given":
        return None
    return _BREAKDOWNS.get(by)


def adds_up(measure: str, by: str) -> bool:
    """Say whether the categories of a breakdown add up to its total: not when one can be in several of them."""
    source = MEASURES[measure].source
    if source != "contacts":
        return by != "theme"
    if by in ("need", "item"):
        return False
    if measure == "unique_households":
        return by in OF_HOUSEHOLDS
    return by in OF_PEOPLE or measure != "unique_people"
