"""Bring the contacts of a period together once, so that every table of an agreement is a small grouped query.

Temporary tables (in memory, of this connection only; they never reach the disk):

- `figure_seen`: one row per contact of the period, in the order of their ids;
- `figure_clients`: one row per person seen, with their household and the categories they are in;
- `figure_needs`, `figure_given`: one row per need or thing given, when a table asks for them.

`who` is a person's id; minus a household's id where only the household was written down; 0 for nobody by name.
All contacts of nobody are taken as one person, because nothing says that they were more. `home` is a household's
id, minus a person's id for a household of one, or 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from cis_desktop.agreements import counting
from cis_desktop.figures.categories import NOT_ASKED, PREFER_NOT, UNKNOWN, Breakdown
from cis_desktop.figures.periods import Period
from cis_desktop.vault.tables import Connection

TABLES = ("figure_seen", "figure_clients", "figure_needs", "figure_given", "figure_codes", "figure_parents")

GRAMS = {"kg": 1000.0, "lb": 453.59237, "g": 1.0}
"""Grams in each unit (the international pound, exactly)."""

WEIGHED = "('kg', 'lb', 'g')"
PARCELS = (
    "case when g.parcel_days is not null or g.item = 'food_parcel' then"
    f" case when g.unit in {WEIGHED} then 1 else coalesce(g.quantity, 1) end end"
)


def _weight(unit: str) -> str:
    """Write the SQL of a weight in one unit: as written where it is in that unit, else turned into whole numbers."""
    others = "".join(
        f" when '{other}' then cast(round(g.quantity * {grams / GRAMS[unit]!r}) as integer)"
        for other, grams in GRAMS.items()
        if other != unit
    )
    return f"case g.unit when '{unit}' then g.quantity{others} end"


AMOUNTS = {
    "items": f"case when g.unit is null or g.unit not in {WEIGHED} then g.quantity end",
    "weight_kg": _weight("kg"),
    "weight_lb": _weight("lb"),
    "money": "g.pence",
    "parcels": PARCELS,
    "parcel_days": f"({PARCELS}) * g.parcel_days",
}
"""What a row of `given` adds to each measure: no value where it adds nothing."""

HELPED = (
    "max(coalesce(c.helped, 0), coalesce(c.adults, 0) + coalesce(c.children, 0),"
    " c.helped is null and c.adults is null and c.children is null)"
)


@dataclass(slots=True)
class Wanted:
    """What the tables of an agreement need: their breakdowns, each in a slot of its own."""

    period: Period
    slots: list[Breakdown] = field(default_factory=list)
    of_households: set[int] = field(default_factory=set)
    amounts: set[str] = field(default_factory=set)
    needs: bool = False
    given: bool = False

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


@contextmanager
def gathered(connection: Connection, wanted: Wanted) -> Iterator[None]:
    """Hold the temporary tables of a period while figures are counted, in one unchanging view of the vault.

    A connection for reading refuses temporary tables too, so it is let write while they are made; the vault's own
    tables stay shut all the same, by their triggers.
    """
    own = not connection.in_transaction
    (only_reads,) = connection.execute("pragma query_only").fetchone()
    if own:
        connection.execute("begin")
    try:
        connection.execute("pragma query_only = off")
        _drop(connection)
        _codes(connection, wanted)
        _seen(connection, wanted)
        _clients(connection, wanted)
        if wanted.needs:
            _needs(connection, wanted)
        if wanted.given:
            _given(connection, wanted)
        yield
    finally:
        _drop(connection)
        connection.execute(f"pragma query_only = {only_reads}")
        if own:
            connection.execute("commit")


def code(slot: int, text: str) -> str:
    """Write the SQL that turns written text into its place in a slot."""
    return f"(select m.code from figure_codes m where m.slot = {slot} and m.raw = {text})"


def _drop(connection: Connection) -> None:
    for table in TABLES:
        connection.execute(f"drop table if exists temp.{table}")


def _codes(connection: Connection, wanted: Wanted) -> None:
    connection.execute(
        "create temp table figure_codes (slot int, raw text, code int, primary key (slot, raw)) without rowid"
    )
    connection.execute(
        "create temp table figure_parents (slot int, code int, parent int, primary key (slot, code)) without rowid"
    )
    for slot, breakdown in enumerate(wanted.slots):
        connection.executemany(
            "insert into figure_codes (slot, raw, code) values (?, ?, ?)",
            [(slot, raw, at) for raw, at in breakdown.codes.items()],
        )
        connection.executemany(
            "insert into figure_parents (slot, code, parent) values (?, ?, ?)",
            [(slot, at, parent) for at, parent in breakdown.parents()],
        )


def _seen(connection: Connection, wanted: Wanted) -> None:
    kinds, months = wanted.of("contact_kind"), wanted.of("month")
    columns = [f"k{slot}" for slot in (*kinds, *months)]
    values = [
        *(wanted.slots[slot].place_of(slot, "c.kind") for slot in kinds),
        *(code(slot, "substr(c.on_date, 1, 7)") for slot in months),
    ]
    connection.execute(
        "create temp table figure_seen (contact integer primary key, who int, household int, case_id int, helped int,"
        f" adults int, children int{''.join(f', {column} int' for column in columns)})"
    )
    connection.execute(
        f"insert into figure_seen (contact, who, household, case_id, helped, adults, children{_more(columns)})"
        " select c.id, coalesce(c.person_id, -c.household_id, 0), c.household_id, c.case_id,"
        f" {HELPED}, coalesce(c.adults, 0), coalesce(c.children, 0){_more(values)}"
        " from contacts c indexed by contacts_figures where c.gone = 0 and c.on_date between ? and ?",
        (wanted.period.first.isoformat(), wanted.period.last.isoformat()),
    )


def _clients(connection: Connection, wanted: Wanted) -> None:
    slots = wanted.of(*counting.OF_PEOPLE)
    columns = [f"k{slot}" for slot in slots]
    parameters: dict[str, str | int] = {}
    values = [_category(slot, wanted, parameters) for slot in slots]
    connection.execute(
        "create temp table figure_clients (who integer primary key, home int, contacts int, helped int, adults int,"
        f" children int{''.join(f', {column} int' for column in columns)})"
    )
    connection.execute(
        f"insert into figure_clients (who, home, contacts, helped, adults, children{_more(columns)})"
        " select s.who, coalesce(h.id, case when s.who > 0 then -s.who else 0 end), s.contacts, s.helped, s.adults,"
        f" s.children{_more(values)}"
        " from (select who, max(household) household, count(*) contacts, sum(helped) helped, sum(adults) adults,"
        " sum(children) children from figure_seen group by who) s"
        " left join people p on p.id = s.who and s.who > 0"
        " left join households h on h.id = coalesce(p.household_id, s.household) and h.gone = 0"
        " where case when s.who > 0 then p.gone = 0 when s.who < 0 then h.id is not null else 1 end",
        parameters,
    )


def _category(slot: int, wanted: Wanted, parameters: dict[str, str | int]) -> str:
    """Write the SQL of the place that a person (or their household) has in a breakdown."""
    breakdown = wanted.slots[slot]
    if breakdown.by in counting.TRAITS:
        return _trait(slot, breakdown)
    if breakdown.by == "standing":
        return _standing(slot, wanted, parameters)
    if breakdown.by == "tenure":
        return breakdown.place_of(slot, "h.tenure")
    if breakdown.by == "ward":
        if slot in wanted.of_households:
            # The alphabetically first ward of its members stands for a household that has none of its own.
            members = (
                "select min(m.ward) from people m indexed by people_household"
                " where m.household_id = h.id and m.gone = 0"
            )
            return breakdown.place_of(slot, f"coalesce(h.ward, ({members}), p.ward)")
        return breakdown.place_of(slot, "coalesce(p.ward, h.ward)")
    ages = " ".join(f"when p.birth_year between {low} and {high} then {at}" for low, high, at in breakdown.bands)
    return f"case {ages} else {breakdown.otherwise} end"


def _trait(slot: int, breakdown: Breakdown) -> str:
    """Where a person has several answers of one kind, an answer goes before a refusal: `status` in this order."""
    value = breakdown.place_of(slot, "d.value", blank=False)
    place = (
        f"case d.status when 'answered' then {value} when 'prefer_not' then {breakdown.place(PREFER_NOT)}"
        f" when 'not_asked' then {breakdown.place(NOT_ASKED)} else {breakdown.place(UNKNOWN)} end"
    )
    return (
        f"coalesce((select {place} from described_values d where d.person_id = p.id and d.trait = '{breakdown.by}'"
        f" and d.gone = 0 order by d.status, d.value limit 1), {breakdown.place(NOT_ASKED)})"
    )


def _standing(slot: int, wanted: Wanted, parameters: dict[str, str | int]) -> str:
    """New is 0, returning is 1: whether anyone there was helped before the period, or within so many months of it."""
    breakdown, first = wanted.slots[slot], wanted.period.first
    parameters[f"first{slot}"] = first.isoformat()
    parameters[f"since{slot}"] = _months_before(first, breakdown.new_after_months).isoformat()
    before = f"c.gone = 0 and c.on_date >= :since{slot} and c.on_date < :first{slot}"
    # Without being told, SQLite looks through every contact before the period, once per person.
    same_person = f"exists (select 1 from contacts c indexed by contacts_person where c.person_id = p.id and {before})"
    household = (
        f"exists (select 1 from contacts c indexed by contacts_household where c.household_id = h.id and {before})"
    )
    member = (
        "exists (select 1 from people m indexed by people_household"
        " cross join contacts c indexed by contacts_person on c.person_id = m.id"
        f" where m.household_id = h.id and m.gone = 0 and {before})"
    )
    whole = f"({household} or {member})"
    person = f"{same_person} or (h.id is not null and {whole})" if slot in wanted.of_households else same_person
    return (
        f"case when s.who > 0 then {person} when s.who < 0 then"
        f" {whole if slot in wanted.of_households else household} else {breakdown.otherwise} end"
    )


def _months_before(first: date, months: int | None) -> date:
    if months is None:
        return date.min
    at = first.year * 12 + first.month - 1 - months
    # Counted in whole months; a 31st becomes the last day that every month has.
    return date(max(at // 12, 1), at % 12 + 1, min(first.day, 28))


def _needs(connection: Connection, wanted: Wanted) -> None:
    """A contact's own needs; those of its case where it has none; and a row without a need where that has none."""
    slots = wanted.of("need")
    columns = [f"k{slot}" for slot in slots]
    own = [wanted.slots[slot].place_of(slot, "n.need") for slot in slots]
    connection.execute(
        f"create temp table figure_needs (contact int, who int, known int{''.join(f', {c} int' for c in columns)})"
    )
    into = f"insert into figure_needs (contact, who, known{_more(columns)})"
    connection.execute(
        # A cross join keeps this order: from the few contacts of the period to their needs.
        f"{into} select s.contact, s.who, 1{_more(own)} from figure_seen s"
        " cross join needs n on n.contact_id = s.contact and n.gone = 0"
    )
    without = "not exists (select 1 from needs n where n.contact_id = s.contact and n.gone = 0)"
    of_case = "select 1 from needs n where n.case_id = s.case_id and n.gone = 0"
    connection.execute(
        f"{into} select s.contact, s.who, 1{_more(own)} from figure_seen s"
        f" cross join needs n on n.case_id = s.case_id and n.gone = 0 where s.case_id is not null and {without}"
    )
    none = [code(slot, "''") for slot in slots]
    connection.execute(
        f"{into} select s.contact, s.who, 0{_more(none)} from figure_seen s"
        f" where {without} and not (s.case_id is not null and exists ({of_case}))"
    )


def _given(connection: Connection, wanted: Wanted) -> None:
    slots, amounts = wanted.of("item"), sorted(wanted.amounts)
    columns = [*(f"k{slot}" for slot in slots), *amounts]
    values = [*(wanted.slots[slot].place_of(slot, "g.item") for slot in slots), *(AMOUNTS[name] for name in amounts)]
    connection.execute(
        f"create temp table figure_given (contact int, who int{''.join(f', {column} int' for column in columns)})"
    )
    connection.execute(
        f"insert into figure_given (contact, who{_more(columns)}) select s.contact, s.who{_more(values)}"
        " from figure_seen s left join given g on g.contact_id = s.contact and g.gone = 0"
    )


def _more(columns: list[str]) -> str:
    return "".join(f", {column}" for column in columns)
