"""Find the visits of a list that are in the vault already: a list that has grown brings its old rows again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from cis_desktop.intake.draft import Draft
from cis_desktop.intake.remembering import OURS, numbering_of
from cis_desktop.vault.tables import Connection

NAMED_BY = ("given_name", "family_name", "birth_year", "postcode")
"""By these, all alike, somebody without a number is taken for the one here who had the very same visit."""

PARTS = ("on_date", "at_time", "kind", "adults", "children", "helped", "minutes", "worker", "note")


@dataclass(frozen=True, slots=True)
class Met:
    """The contacts of a draft (by place) that are here word for word; who they are of; how many others are near.

    `people` gives, by place, the id and household of those who are known by such a visit alone. `same_day` counts the
    other contacts that fall on a day on which the same person had one already.
    """

    here: frozenset[int]
    people: dict[int, tuple[int, int | None]]
    same_day: int


NOTHING = Met(frozenset(), {}, 0)


def known_people(
    connection: Connection, numbers: list[Any] | None, numbering: str | None
) -> dict[int, tuple[int, int | None]]:
    """Find people of a draft who are in the vault already, by their own numbers: by place, their id and household."""
    if numbers is None:
        return {}
    rows = connection.execute(
        "select own_number, id, household_id from people"
        " where own_number is not null and numbering is ? and gone = 0 order by id desc",
        (numbering,),
    )
    by_number = {number: (person, household) for number, person, household in rows}
    return {place: by_number[number] for place, number in enumerate(numbers) if number in by_number}


def met(connection: Connection, draft: Draft) -> Met:
    """Compare every contact of a draft with those in the vault on the same days. Writes nothing."""
    days = draft.contacts.get("on_date")
    if not days:
        return NOTHING
    span = (min(days), max(days))
    sql = "select 1 from contacts where gone = 0 and on_date between ? and ? limit 1"
    if connection.execute(sql, span).fetchone() is None:
        return NOTHING
    numbering = numbering_of(connection, draft)
    known = known_people(connection, draft.people.columns.get("reference"), None if numbering == OURS else numbering)
    stored, busy = _stored(connection, span)
    here: set[int] = set()
    people: dict[int, tuple[int, int | None]] = {}
    same_day = 0
    for place, (person, said) in enumerate(_drafted(draft)):
        who = _who(draft, person, known)
        waiting = stored.get((who, said))
        if waiting:
            here.add(place)
            found = waiting.pop()
            if person is not None and person not in known and found[0] is not None:
                people.setdefault(person, (found[0], found[1]))
        elif person in known and (known[person][0], days[place]) in busy:
            same_day += 1
    return Met(frozenset(here), people, same_day)


def without(draft: Draft, here: frozenset[int]) -> Draft:
    """Give a draft without the contacts at these places."""
    kept = [place for place in range(len(draft.contacts.get("on_date", ()))) if place not in here]
    now = {place: at for at, place in enumerate(kept)}
    given = [at for at, contact in enumerate(draft.given.get("contact", ())) if contact in now]
    moved = {name: [values[at] for at in given] for name, values in draft.given.items()}
    if moved:
        moved["contact"] = [now[contact] for contact in moved["contact"]]
    return replace(
        draft,
        accepted=draft.accepted - len(here),
        contacts={name: [values[place] for place in kept] for name, values in draft.contacts.items()},
        given=moved,
        needs=[(now[contact], need) for contact, need in draft.needs if contact in now],
    )


def _who(draft: Draft, person: int | None, known: dict[int, tuple[int, int | None]]) -> object:
    """Give what a person of the draft is compared by; nobody's visit is compared with nobody's."""
    if person is None:
        return None
    if person in known:
        return known[person][0]
    numbers = draft.people.columns.get("reference")
    if numbers is not None and numbers[person] is not None:
        return ("new",)
    said = [draft.people.columns[field][person] if field in draft.people.columns else None for field in NAMED_BY]
    return ("named", *said)


def _drafted(draft: Draft) -> Iterator[tuple[int | None, object]]:
    """Give each contact of a draft as its person's place and all that is said of it."""
    count = len(draft.contacts["on_date"])
    given: dict[int, Counter[object]] = defaultdict(Counter)
    nothing = [None] * len(draft.given.get("contact", ()))
    things = [draft.given.get(name, nothing) for name in ("contact", "item", "quantity", "unit", "pence")]
    for contact, *thing in zip(*things, strict=True):
        given[contact][tuple(thing)] += 1
    needs: dict[int, set[str]] = defaultdict(set)
    for contact, need in draft.needs:
        needs[contact].add(need)
    parts = [draft.contacts.get(name) or [None] * count for name in (*PARTS, "payer")]
    rows = zip(draft.contacts["person"], zip(*parts, strict=True), strict=True)
    for place, (person, said) in enumerate(rows):
        yield person, _said(said, given.get(place), needs.get(place))


def _stored(
    connection: Connection, span: tuple[str, str]
) -> tuple[dict[tuple[object, object], list[tuple[int | None, int | None]]], set[tuple[int | None, str]]]:
    """Give the people and households behind each stored contact of these days, by who and what; and who had any when.

    People who have no number are found by their names too.
    """
    given: dict[int, Counter[object]] = defaultdict(Counter)
    between = "from {} x join contacts c on c.id = x.contact_id where x.gone = 0 and c.gone = 0"
    between += " and c.on_date between ? and ?"
    for contact, *thing in connection.execute(
        f"select x.contact_id, x.item, x.quantity, x.unit, x.pence {between.format('given')}", span
    ):
        given[contact][tuple(thing)] += 1
    needs: dict[int, set[str]] = defaultdict(set)
    for contact, need in connection.execute(f"select x.contact_id, x.need {between.format('needs')}", span):
        needs[contact].add(need)
    stored: dict[tuple[object, object], list[tuple[int | None, int | None]]] = defaultdict(list)
    busy = set()
    rows = connection.execute(
        f"select c.id, c.person_id, p.household_id, p.id is not null and p.own_number is null,"
        f" {', '.join(f'p.{name}' for name in NAMED_BY)}, {', '.join(f'c.{name}' for name in PARTS)}, o.name"
        " from contacts c left join people p on p.id = c.person_id and p.gone = 0"
        " left join organisations o on o.id = c.paid_by where c.gone = 0 and c.on_date between ? and ?"
        " order by c.id desc",
        span,
    )
    for contact, person, household, unnumbered, *rest in rows:
        named, said = rest[: len(NAMED_BY)], rest[len(NAMED_BY) :]
        busy.add((person, said[0]))
        what = _said(tuple(said), given.get(contact), needs.get(contact))
        stored[person, what].append((person, household))
        if unnumbered:
            stored[("named", *named), what].append((person, household))
    return stored, busy


def _said(said: tuple[Any, ...], given: Counter[object] | None, needs: set[str] | None) -> object:
    *parts, payer = said
    return (*parts, payer and payer.casefold(), frozenset((given or {}).items()), frozenset(needs or ()))
