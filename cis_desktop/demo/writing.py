"""Example data: a believable Camden food and advice group, of any size, the same for the same seed and last day.

Nobody in it exists. Ward names and codes are public facts; names, numbers and words are made up in `resources/demo`.
The plan of every household follows from the seed alone, so it can be made twice: once to count who came to which
session, once to write it down, in parts, without holding it all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from cis_desktop.demo.plan import Plan
from cis_desktop.demo.shape import Household, Noticed, read_facts
from cis_desktop.records import organisations
from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.vault.history import Change, derived_uid
from cis_desktop.workspace import Workspace

_HOUSEHOLDS_AT_ONCE = 1200
_OBSERVATIONS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Populated:
    """How much was written."""

    people: int
    households: int
    contacts: int
    cases: int
    sessions: int
    observations: int
    change_sets: int


def populate(
    workspace: Workspace,
    people: int = 500,
    seed: int = 1,
    contacts: int | None = None,
    observations: int | None = None,
    until: date | None = None,
) -> Populated:
    """Fill a new workspace with two years of example records up to the day before `until` (default: today).

    Ten contacts a person and two observations for five people, unless told otherwise. Written in several change sets
    of bounded size; memory does not grow with `people`, apart from a few bytes a household.
    """
    plan = Plan(
        people=people,
        contacts=people * 10 if contacts is None else contacts,
        observations=people * 2 // 5 if observations is None else observations,
        seed=seed,
        until=until or date.today(),
    )
    with workspace.change("Set up the lists and organisations of the example") as change:
        load_code_lists(change)
        funders = [
            organisations.add(change, each["name"], kind=each["kind"])
            for each in read_facts("words.json")["organisations"]
        ]
    with workspace.change("Added example sessions") as change:
        session_ids = _write_sessions(change, plan)
    written = 2
    people_written = cases_written = 0
    homes = plan.households()
    while part := list(islice(homes, _HOUSEHOLDS_AT_ONCE)):
        with workspace.change("Added example people and visits") as change:
            cases_written += _write_households(change, part, session_ids, funders)
        people_written += sum(len(home.members) for home in part)
        written += 1
    noticed = plan.observations_made()
    while some := list(islice(noticed, _OBSERVATIONS_AT_ONCE)):
        with workspace.change("Added example observations") as change:
            _write_observations(change, some, session_ids)
        written += 1
    return Populated(
        people_written,
        plan.household_count,
        plan.contacts,
        cases_written,
        len(session_ids),
        plan.observations,
        written,
    )


def _write_sessions(change: Change, plan: Plan) -> range:
    sessions = plan.sessions
    references = change.next_references("S", len(sessions))
    counts = plan.head_counts()
    return change.insert_many(
        "sessions",
        ("reference", "on_date", "venue", "ward", "adults", "children", "new_estimate", "returning_estimate"),
        [
            (reference, session.on.isoformat(), session.venue, session.ward, *count)
            for reference, session, count in zip(references, sessions, counts, strict=True)
        ],
    )


def _write_households(change: Change, part: list[Household], sessions: range, funders: list[int]) -> int:
    home_ids = change.insert_many(
        "households",
        ("reference", *Household.columns),
        (
            (reference, *home.values)
            for reference, home in zip(change.next_references("H", len(part)), part, strict=True)
        ),
    )
    members = [(home_id, member) for home_id, home in zip(home_ids, part, strict=True) for member in home.members]
    person_ids = change.insert_many(
        "people",
        ("reference", "household_id", *members[0][1].columns),
        (
            (reference, home_id, *member.values)
            for reference, (home_id, member) in zip(change.next_references("P", len(members)), members, strict=True)
        ),
    )
    change.insert_many(
        "described_values",
        ("person_id", "trait", "value", "list_version", "status", "source"),
        (
            (person_id, *described)
            for person_id, (_, member) in zip(person_ids, members, strict=True)
            for described in member.described
        ),
    )
    first_person: dict[int, int] = {}
    for person_id, (home_id, _) in zip(person_ids, members, strict=True):
        first_person.setdefault(home_id, person_id)
    with_case = [(home_id, home) for home_id, home in zip(home_ids, part, strict=True) if home.case]
    case_ids = change.insert_many(
        "cases",
        ("reference", "person_id", "household_id", "opened", "closed", "how_came", "status", "worker", "note"),
        (
            (reference, first_person[home_id], home_id, *home.case.values)
            for reference, (home_id, home) in zip(change.next_references("C", len(with_case)), with_case, strict=True)
            if home.case
        ),
    )
    case_of = {home_id: case_id for case_id, (home_id, _) in zip(case_ids, with_case, strict=True)}
    visits = sorted(
        (
            (visit, home_id, first_person[home_id] + visit.member)
            for home_id, home in zip(home_ids, part, strict=True)
            for visit in home.visits
        ),
        key=lambda row: str(row[0].values[0]),
    )
    contact_ids = change.insert_many(
        "contacts",
        (
            "person_id", "household_id", "case_id", "session_id",
            "on_date", "kind", "adults", "children", "minutes", "how", "worker", "paid_by", "note",
        ),
        (
            (
                person_id,
                home_id,
                case_of.get(home_id) if visit.of_case else None,
                None if visit.session is None else sessions[visit.session],
                *visit.values,
                funders[-1] if visit.paid else None,
                visit.note,
            )
            for visit, home_id, person_id in visits
        ),
    )  # fmt: skip
    change.insert_many(
        "given",
        ("contact_id", "item", "quantity", "unit", "pence", "parcel_days"),
        ((id_, *thing) for id_, (visit, _, _) in zip(contact_ids, visits, strict=True) for thing in visit.given),
    )
    needs: Iterator[tuple[Any, ...]] = (
        (id_, None, need, 1, 0) for id_, (visit, _, _) in zip(contact_ids, visits, strict=True) for need in visit.needs
    )
    change.insert_many("needs", ("contact_id", "case_id", "need", "list_version", "main"), needs)
    change.insert_many(
        "needs",
        ("contact_id", "case_id", "need", "list_version", "main"),
        (
            (None, case_of[home_id], need, 1, int(place == 0))
            for home_id, home in with_case
            if home.case
            for place, need in enumerate(home.case.needs)
        ),
    )
    return len(with_case)


def _write_observations(change: Change, some: list[Noticed], sessions: range) -> None:
    themes = dict(change.connection.execute("select uid, id from themes").fetchall())
    ids = change.insert_many(
        "observations",
        (
            "reference", "session_id", "noticed_on", "place", "ward", "words", "how_known", "people_band", "direction",
            "confidence", "own_reading", "original_words", "original_language", "shareable", "checked_by",
        ),
        (
            (reference, None if seen.session is None else sessions[seen.session], *seen.values)
            for reference, seen in zip(change.next_references("N", len(some)), some, strict=True)
        ),
    )  # fmt: skip
    change.insert_many(
        "observation_themes",
        ("observation_id", "theme_id", "span_start", "span_end"),
        (
            (id_, themes[derived_uid("themes", theme)], *span)
            for id_, seen in zip(ids, some, strict=True)
            for theme, span in seen.themes
        ),
    )
