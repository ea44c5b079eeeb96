"""Bring the records of a period together once: chosen, joined and coded by SQL in the vault, as columns of numbers.

Only numbers leave the vault's memory: ids, and places in the breakdowns. `who` is a person's id; minus a household's
id where only the household was written down; 0 for nobody by name. All contacts of nobody are taken as one person,
because nothing says that they were more. `home` is a household's id, minus a person's id for a household of one, or 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cis_desktop.agreements import counting
from cis_desktop.figures import clients
from cis_desktop.figures.amounts import AMOUNTS, HELPED, in_wholes
from cis_desktop.figures.categories import Breakdown
from cis_desktop.figures.periods import Period
from cis_desktop.vault.tables import Connection

Numbers: TypeAlias = NDArray[np.int64]

CHUNK = 20_000


@dataclass(slots=True)
class Wanted:
    """What the tables of an agreement need: their breakdowns, each in a slot of its own."""

    period: Period
    slots: list[Breakdown] = field(default_factory=list)
    of_households: set[int] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    amounts: set[str] = field(default_factory=set)

    def slot(self, breakdown: Breakdown, of_households: bool) -> int:
        """Give the slot of a breakdown; tables that break down alike share one."""
        for at, there in enumerate(self.slots):
            if there == breakdown and (at in self.of_households) == of_households:
                return at
        self.slots.append(breakdown)
        if of_households:
            self.of_households.add(len(self.slots) - 1)
        return len(self.slots) - 1

    def of(self, *by: str) -> list[int]:
        """Give the slots broken down by one of these."""
        return [at for at, breakdown in enumerate(self.slots) if breakdown.by in by]


@dataclass(slots=True)
class Records:
    """Who or what stands behind rows: ids in order, their homes, and by slot their places."""

    id: Numbers
    home: Numbers
    places: dict[int, Numbers] = field(default_factory=dict)


@dataclass(slots=True)
class Rows:
    """One row per thing counted. `record` numbers who stands behind it, `unit` is the contact it is of.

    `places` holds, by slot, the place of each row in that breakdown; `values`, by name, what it adds.
    """

    records: Records
    record: Numbers
    unit: Numbers
    places: dict[int, Numbers] = field(default_factory=dict)
    values: dict[str, Numbers] = field(default_factory=dict)

    def place(self, slot: int) -> Numbers:
        """Give the place of each row in a breakdown: its own, or that of who stands behind it."""
        return self.places[slot] if slot in self.places else self.records.places[slot][self.record]


def gather(connection: Connection, wanted: Wanted) -> dict[str, Rows]:
    """Give the rows of each source: clients, contacts, needs, given, sessions, observations, as they are wanted.

    The records behind the first four are people (`who`), those behind the others sessions and observations.
    """
    found = {}
    with _coded(connection, wanted):
        if wanted.sources & {"clients", "contacts", "needs", "given"}:
            found["contacts"], found["clients"] = _contacts(connection, wanted)
        if "needs" in wanted.sources:
            found["needs"] = _needs(connection, wanted, found["contacts"])
        if "given" in wanted.sources:
            found["given"] = _given(connection, wanted, found["contacts"])
        if "sessions" in wanted.sources:
            found["sessions"] = _sessions(connection, wanted)
        if "observations" in wanted.sources:
            found["observations"] = _observations(connection, wanted)
    return found


def columns(connection: Connection, sql: str, parameters: Sequence[str] | dict[str, str], width: int) -> list[Numbers]:
    """Fetch whole numbers as columns, a chunk at a time, so that no long list of rows is ever held."""
    cursor = connection.execute(sql, parameters)
    parts = [np.empty((0, width), np.int64)]
    while chunk := cursor.fetchmany(CHUNK):
        parts.append(np.array(chunk, np.int64))
    return list(np.ascontiguousarray(np.concatenate(parts).T))


@contextmanager
def _coded(connection: Connection, wanted: Wanted) -> Iterator[None]:
    """Hold one unchanging view of the vault, with the texts of the breakdowns in a temporary table.

    A connection for reading refuses temporary tables too, so it is let write while they are there; the vault's own
    tables stay shut all the same, by their triggers. Temporary tables are in memory and never reach the disk.
    """
    own = not connection.in_transaction
    (only_reads,) = connection.execute("pragma query_only").fetchone()
    if own:
        connection.execute("begin")
    try:
        connection.execute("pragma query_only = off")
        connection.execute(
            "create temp table figure_codes (slot int, raw text, code int, primary key (slot, raw)) without rowid"
        )
        connection.execute("create temp table figure_clients (who integer primary key, household int)")
        for slot, breakdown in enumerate(wanted.slots):
            connection.executemany(
                "insert into figure_codes (slot, raw, code) values (?, ?, ?)",
                [(slot, raw, at) for raw, at in breakdown.codes.items()],
            )
        yield
    finally:
        for table in ("figure_codes", "figure_clients"):
            connection.execute(f"drop table if exists temp.{table}")
        connection.execute(f"pragma query_only = {only_reads}")
        if own:
            connection.execute("commit")


def _contacts(connection: Connection, wanted: Wanted) -> tuple[Rows, Rows]:
    """Give one row per contact in the order of their ids, and one per person with all their contacts together.

    Asked month by month, because then SQL need not work out the month of each.
    """
    kinds, months = wanted.of("contact_kind"), wanted.of("month")
    coded = [wanted.slots[slot].place_of(slot, "c.kind") for slot in kinds]
    sql = (
        "select c.id, coalesce(c.person_id, -c.household_id, 0), coalesce(c.household_id, 0),"
        f" {HELPED}, coalesce(c.adults, 0), coalesce(c.children, 0){_more(coded)}"
        " from contacts c indexed by contacts_figures where c.gone = 0 and c.on_date between ? and ?"
    )
    parts = [
        columns(connection, sql, (max(first, f"{month}-01"), min(last, f"{month}-31")), 6 + len(kinds))
        for first, last in [_days(wanted)]
        for month in wanted.period.months()
    ]
    unit, who, household, helped, adults, children, *places = map(np.concatenate, zip(*parts, strict=True))
    month = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
    records = _clients(connection, wanted, who, household)
    record, known = _find(records.id, who)
    # Whoever is gone from the record is not among the clients, and neither are their contacts.
    order = np.flatnonzero(known)
    order = order[np.argsort(unit[order], kind="stable")]
    values = {"helped": helped[order], "adults": adults[order], "children": children[order]}
    of_contacts = dict(zip(kinds, (place[order] for place in places), strict=True))
    of_contacts |= dict.fromkeys(months, month[order])
    contacts = Rows(records, record[order], unit[order], of_contacts, values)
    size = len(records.id)
    sums = {name: np.bincount(contacts.record, value, size).astype(np.int64) for name, value in values.items()}
    sums["contacts"] = np.bincount(contacts.record, minlength=size)
    everyone = np.arange(size)
    return contacts, Rows(records, everyone, everyone, {}, sums)


def _clients(connection: Connection, wanted: Wanted, who: Numbers, household: Numbers) -> Records:
    """Give everyone seen, in the order of `who`: their household, and their places."""
    order = np.lexsort((household, who))
    last = order[np.flatnonzero(np.diff(who[order], append=np.int64(2**62)))]
    connection.executemany(
        "insert into figure_clients (who, household) values (?, ?)",
        zip(who[last].tolist(), household[last].tolist(), strict=True),
    )
    slots = wanted.of(*counting.OF_PEOPLE)
    parameters: dict[str, str] = {}
    coded = [
        clients.place(slot, wanted.slots[slot], wanted.period, slot in wanted.of_households, parameters)
        for slot in slots
    ]
    found, home, *places = columns(connection, clients.SELECT.format(_more(coded)), parameters, 2 + len(slots))
    return Records(found, home, dict(zip(slots, places, strict=True)))


def _needs(connection: Connection, wanted: Wanted, contacts: Rows) -> Rows:
    """A contact's own needs; those of its case where it has none; and a row without a need where that has none."""
    slots = wanted.of("need")
    coded = [wanted.slots[slot].place_of(slot, "n.need") for slot in slots]
    # A cross join keeps this order: from the few contacts of the period to their needs.
    select = (
        f"select c.id{_more(coded)} from contacts c indexed by contacts_figures"
        " cross join needs n on n.{} and n.gone = 0 where c.gone = 0 and c.on_date between ? and ?"
    )
    own, *own_places = columns(connection, select.format("contact_id = c.id"), _days(wanted), 1 + len(slots))
    of_case, *case_places = columns(connection, select.format("case_id = c.case_id"), _days(wanted), 1 + len(slots))
    without = ~np.isin(of_case, own)
    unit = np.concatenate([own, of_case[without]])
    places = [np.concatenate([a, b[without]]) for a, b in zip(own_places, case_places, strict=True)]
    return _of_contacts(contacts, wanted, unit, dict(zip(slots, places, strict=True)), {})


def _given(connection: Connection, wanted: Wanted, contacts: Rows) -> Rows:
    """What was given in each contact, and a row without anything where nothing was."""
    slots, amounts = wanted.of("item"), sorted(wanted.amounts)
    coded = [wanted.slots[slot].place_of(slot, "g.item") for slot in slots]
    coded += [f"coalesce({AMOUNTS[name]}, 0)" for name in amounts]
    unit, *rest = columns(
        connection,
        f"select c.id{_more(coded)} from contacts c indexed by contacts_figures"
        " cross join given g on g.contact_id = c.id and g.gone = 0 where c.gone = 0 and c.on_date between ? and ?",
        _days(wanted),
        1 + len(coded),
    )
    places = dict(zip(slots, rest[: len(slots)], strict=True))
    added = {name: in_wholes(name, rows) for name, rows in zip(amounts, rest[len(slots) :], strict=True)}
    return _of_contacts(contacts, wanted, unit, places, added)


def _of_contacts(
    contacts: Rows, wanted: Wanted, unit: Numbers, places: dict[int, Numbers], values: dict[str, Numbers]
) -> Rows:
    """Put things of contacts beside the contacts, and add a row for each contact that has none of them."""
    contact, there = _find(contacts.unit, unit)
    contact = contact[there]
    none = np.flatnonzero(np.bincount(contact, minlength=len(contacts.unit)) == 0)
    at = np.concatenate([contact, none])
    rows = Rows(contacts.records, contacts.record[at], contacts.unit[at])
    rows.places = {slot: place[at] for slot, place in contacts.places.items()}
    rows.values = {name: value[at] for name, value in contacts.values.items()}
    rows.values["known"] = np.repeat([1, 0], [len(contact), len(none)])
    for slot, place in places.items():
        rows.places[slot] = np.concatenate([place[there], np.full(len(none), wanted.slots[slot].codes[""])])
    for name, added in values.items():
        rows.values[name] = np.concatenate([added[there], np.zeros(len(none), np.int64)])
    return rows


def _find(ids: Numbers, wanted: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    """Find numbers among ids in order: where each is, and whether it is there at all."""
    if not len(ids):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return at, ids[at] == wanted


def _sessions(connection: Connection, wanted: Wanted) -> Rows:
    slots = wanted.of("month", "ward")
    text = {"month": "substr(s.on_date, 1, 7)", "ward": "s.ward"}
    coded = [wanted.slots[slot].place_of(slot, text[wanted.slots[slot].by]) for slot in slots]
    unit, adults, children, *places = columns(
        connection,
        f"select s.id, coalesce(s.adults, 0), coalesce(s.children, 0){_more(coded)}"
        " from sessions s where s.gone = 0 and s.on_date between ? and ?",
        _days(wanted),
        3 + len(slots),
    )
    values = {"adults": adults, "children": children, "helped": adults + children}
    return Rows(Records(unit, unit), np.arange(len(unit)), unit, dict(zip(slots, places, strict=True)), values)


def _observations(connection: Connection, wanted: Wanted) -> Rows:
    """One row per observation and theme; an observation of a whole month counts as of its first day."""
    slots, themes = wanted.of("month", "ward"), wanted.of("theme")
    text = {"month": "substr(o.noticed_on, 1, 7)", "ward": "o.ward", "theme": "t.key"}
    coded = [wanted.slots[slot].place_of(slot, text[wanted.slots[slot].by]) for slot in (*slots, *themes)]
    joined = (
        " left join observation_themes x on x.observation_id = o.id and x.gone = 0"
        " left join themes t on t.id = x.theme_id and t.gone = 0"
    )
    unit, *places = columns(
        connection,
        f"select o.id{_more(coded)} from observations o{joined if themes else ''} where o.gone = 0"
        " and o.noticed_on between substr(?1, 1, 7) and ?2 and substr(o.noticed_on || '-01', 1, 10) >= ?1",
        _days(wanted),
        1 + len(coded),
    )
    ids, record = np.unique(unit, return_inverse=True)
    return Rows(Records(ids, ids), record, unit, dict(zip((*slots, *themes), places, strict=True)))


def _days(wanted: Wanted) -> tuple[str, str]:
    return wanted.period.first.isoformat(), wanted.period.last.isoformat()


def _more(names: list[str]) -> str:
    return "".join(f", {name}" for name in names)
