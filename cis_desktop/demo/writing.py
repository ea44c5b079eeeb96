"""Example data: a believable Camden food and advice group, of any size, the same for the same seed and last day.

Nobody in it exists. Ward names and codes are public facts; names, numbers and words are made up in `resources/demo`.
The plan of every household follows from the seed alone, so it can be made twice: once to count who came to which
session, once to write it down, in parts, without holding it all.
"""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from datetime import date
from itertools import islice

from cis_desktop.demo.plan import Plan
from cis_desktop.demo.shape import Household, Member, Noticed, Visit, read_facts
from cis_desktop.geography import add_areas
from cis_desktop.health import EXAMPLE
from cis_desktop.records import organisations
from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.vault.history import Change, derived_uid
from cis_desktop.workspace import Workspace, set_setting

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
        set_setting(change, EXAMPLE, "yes")
        load_code_lists(change)
        camden = read_facts("camden.json")
        wards = [(ward["code"], ward["name"]) for ward in camden["wards"]]
        add_areas(change, "ward", wards, camden["vintage"], camden["authority"])
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
            cases_written += _write_households(change, part, session_ids, payer=funders[-1])
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


def _write_households(change: Change, part: list[Household], sessions: range, payer: int) -> int:
    """Write some households with all that belongs to them, and return how many cases there were."""
    homes = list(
        zip(
            change.insert_many(
                "households",
                ("reference", *Household.columns),
                ((ref, *home.values) for ref, home in zip(_references(change, "H", part), part, strict=True)),
            ),
            part,
            strict=True,
        )
    )
    first_person = _write_people(change, homes)
    case_of = _write_cases(change, homes, first_person)
    visits = sorted(
        (
            (visit, home_id, first_person[home_id] + visit.member, case_of.get(home_id) if visit.of_case else None)
            for home_id, home in homes
            for visit in home.visits
        ),
        key=lambda row: str(row[0].values[0]),
    )
    _write_contacts(change, visits, sessions, payer)
    return len(case_of)


def _write_people(change: Change, homes: list[tuple[int, Household]]) -> dict[int, int]:
    """Write the members of households, and return the id of the first member of each."""
    members = [(home_id, member) for home_id, home in homes for member in home.members]
    ids = change.insert_many(
        "people",
        ("reference", "household_id", *Member.columns),
        (
            (ref, home_id, *member.values)
            for ref, (home_id, member) in zip(_references(change, "P", members), members, strict=True)
        ),
    )
    change.insert_many(
        "described_values",
        ("person_id", "trait", "value", "list_version", "status", "source"),
        ((id_, *said) for id_, (_, member) in zip(ids, members, strict=True) for said in member.described),
    )
    first: dict[int, int] = {}
    for person_id, (home_id, _) in zip(ids, members, strict=True):
        first.setdefault(home_id, person_id)
    return first


def _write_cases(change: Change, homes: list[tuple[int, Household]], first_person: dict[int, int]) -> dict[int, int]:
    """Write the cases of households with their needs, and return the case of each household that has one."""
    working = [(home_id, home.case) for home_id, home in homes if home.case]
    ids = change.insert_many(
        "cases",
        ("reference", "person_id", "household_id", "opened", "closed", "how_came", "status", "worker", "note"),
        (
            (ref, first_person[home_id], home_id, *case.values)
            for ref, (home_id, case) in zip(_references(change, "C", working), working, strict=True)
        ),
    )
    change.insert_many(
        "needs",
        ("case_id", "need", "list_version", "main"),
        (
            (id_, need, 1, int(place == 0))
            for id_, (_, case) in zip(ids, working, strict=True)
            for place, need in enumerate(case.needs)
        ),
    )
    return {home_id: id_ for id_, (home_id, _) in zip(ids, working, strict=True)}


def _write_contacts(
    change: Change, visits: list[tuple[Visit, int, int, int | None]], sessions: range, payer: int
) -> None:
    """Write contacts, each given as (visit, household, person, case), with what was given and the needs met."""
    ids = change.insert_many(
        "contacts",
        (
            "household_id", "person_id", "case_id", "session_id",
            "on_date", "kind", "adults", "children", "minutes", "how", "worker", "paid_by", "note",
        ),
        (
            (
                home_id,
                person_id,
                case_id,
                None if visit.session is None else sessions[visit.session],
                *visit.values,
                payer if visit.paid else None,
                visit.note,
            )
            for visit, home_id, person_id, case_id in visits
        ),
    )  # fmt: skip
    written = [(id_, visit) for id_, (visit, _, _, _) in zip(ids, visits, strict=True)]
    change.insert_many(
        "given",
        ("contact_id", "item", "quantity", "unit", "pence", "parcel_days"),
        ((id_, *thing) for id_, visit in written for thing in visit.given),
    )
    change.insert_many(
        "needs",
        ("contact_id", "need", "list_version"),
        ((id_, need, 1) for id_, visit in written for need in visit.needs),
    )


def _references(change: Change, kind: str, things: Sized) -> list[str]:
    return change.next_references(kind, len(things))


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
