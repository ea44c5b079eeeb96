"""The SQL of one grouping of one table: one row per record and category, before they are added up.

A row has `record` (a person as `who`, a session or an observation), `home`, `v` (what it adds to the count), `behind`
(how many persons it stands for) and `d0`, `d1`, ... (its place in each dimension that is not at its total).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from cis_desktop.agreements import counting
from cis_desktop.disclosure.tables import Shape
from cis_desktop.figures.categories import Breakdown
from cis_desktop.figures.periods import Period

Level = Literal["total", "base", "broad"]

OF_FACTS = ("month", "contact_kind", "need", "item")


@dataclass(slots=True)
class Planned:
    """A table of an agreement, ready to count. `slots` are its dimensions', `filters` are (slot, place)."""

    shape: Shape
    measure: str
    amount: str
    slots: list[int]
    breakdowns: dict[int, Breakdown]
    filters: list[tuple[int, int]] = field(default_factory=list)

    @property
    def source(self) -> counting.Source:
        """Where its records come from."""
        return counting.MEASURES[self.measure].source

    def by(self, slot: int) -> str:
        """Give what a slot is broken down by."""
        return self.breakdowns[slot].by

    def of_facts(self, slot: int) -> bool:
        """Say whether one person can be in several categories of a slot, contact by contact."""
        return self.by(slot) in OF_FACTS


@dataclass(frozen=True, slots=True)
class Column:
    """A dimension that is not at its total: its name in the SQL, its slot, and at which level it is."""

    name: str
    slot: int
    level: Level

    def of(self, place: str) -> str:
        """Write the SQL of its place, given the SQL of the place at base level."""
        return place if self.level == "base" else _broader(self.slot, place)


def grouped(table: Planned, levels: tuple[Level, ...], period: Period) -> tuple[str, tuple[str, ...]]:
    """Give the SQL that adds a table's rows up: places, count, persons and households behind; and its parameters."""
    inner, parameters = rows(table, levels, period)
    places = "".join(f"d{at}, " for at, level in enumerate(levels) if level != "total")
    counted = "count(distinct home)" if table.measure == "unique_households" else "coalesce(sum(v), 0)"
    named = table.source not in ("sessions", "observations")
    homes = "count(distinct home)" if named else "coalesce(sum(behind), 0)"
    by = f" group by {places.removesuffix(', ')}" if places else ""
    return f"select {places}{counted}, coalesce(sum(behind), 0), {homes} from ({inner}){by}", parameters


def rows(table: Planned, levels: tuple[Level, ...], period: Period) -> tuple[str, tuple[str, ...]]:
    """Give the SQL of a table's rows with each dimension at its level, and its parameters."""
    leveled = enumerate(zip(table.slots, levels, strict=True))
    columns = [Column(f"d{at}", slot, level) for at, (slot, level) in leveled if level != "total"]
    # A row that no broader row holds (not known, not asked) is not in the broad level.
    broad = _where(f"{column.name} is not null" for column in columns if column.level == "broad")
    if table.source == "sessions":
        sql = _sessions(table, columns)
    elif table.source == "observations":
        sql = _observations(table, columns)
    else:
        return f"select * from ({_clients(table, columns)}){broad}", ()
    return f"select * from ({sql}){broad}", (period.first.isoformat(), period.last.isoformat())


def _clients(table: Planned, columns: list[Column]) -> str:
    """What was counted of each person, joined with the categories that the person is in."""
    split = [c for c in columns if table.by(c.slot) == "adult_child" and table.measure == "people_helped"]
    facts = [c for c in columns if table.of_facts(c.slot)]
    of_people = [c for c in columns if c not in facts and c not in split]
    inner = _facts(table, facts)
    if split:
        inner = _adults_and_children(inner, facts, split[0])
    outer = [f"i.{c.name}" for c in (*facts, *split)] + [f"{c.of(f'c.k{c.slot}')} {c.name}" for c in of_people]
    conditions = [_is(f"c.k{slot}", slot, place) for slot, place in table.filters if not table.of_facts(slot)]
    # Only people who are known can be told apart, and only households that are.
    known = {"unique_people": ["c.who > 0"], "unique_households": ["c.home <> 0"]}.get(table.measure, [])
    where = _where([*known, *conditions])
    return (
        f"select i.who record, c.home home, i.v v, 1 behind{_more(outer)}"
        f" from ({inner}) i join figure_clients c on c.who = i.who{where}"
    )


def _facts(table: Planned, facts: list[Column]) -> str:
    """One row per person and category, with what it adds."""
    filters = [(slot, place) for slot, place in table.filters if table.of_facts(slot)]
    by = {table.by(slot) for slot in (*(c.slot for c in facts), *(slot for slot, _ in filters))}
    if table.source == "contacts" and not by:
        value = {"contacts": "f.contacts", "people_helped": "f.helped"}.get(table.measure, "1")
        return f"select f.who, {value} v, f.helped, f.adults, f.children from figure_clients f"
    fact = {"given": "figure_given", "needs": "figure_needs"}.get(table.source)
    fact = fact or ("figure_needs" if "need" in by else "figure_given" if "item" in by else "figure_seen")
    # Month and kind are of the contact; need and item are of the fact, which may be the contact itself.
    alone = fact == "figure_seen" or not by & {"month", "contact_kind"}
    source = f"{fact} f" if alone else f"{fact} f join figure_seen s on s.contact = f.contact"
    places = {
        slot: f"{'s' if table.by(slot) in ('month', 'contact_kind') and not alone else 'f'}.k{slot}"
        for slot in (*(c.slot for c in facts), *(slot for slot, _ in filters))
    }
    named = _more(f"{c.of(places[c.slot])} {c.name}" for c in facts)
    names = _more(c.name for c in facts)
    conditions = [_is(places[slot], slot, place) for slot, place in filters]
    if table.source == "given":
        where = _where([*conditions, f"f.{table.amount} <> 0"])
        return f"select f.who, sum(f.{table.amount}) v{named} from {source}{where} group by f.who{names}"
    if table.source == "needs":
        where = _where([*conditions, "f.known = 1"])
        return f"select f.who, count(*) v{named} from {source}{where} group by f.who{names}"
    if table.measure in ("unique_people", "unique_households"):
        return f"select distinct f.who, 1 v{named} from {source}{_where(conditions)}"
    once = "distinct " if fact != "figure_seen" else ""  # there a contact is one row
    once = f"select {once}f.contact, f.who{named} from {source}{_where(conditions)}"
    if table.measure == "contacts":
        return f"select who, count(*) v{names} from ({once}) group by who{names}"
    return (
        f"select o.who, sum(t.helped) v, sum(t.helped) helped, sum(t.adults) adults, sum(t.children) children{names}"
        f" from ({once}) o join figure_seen t on t.contact = o.contact group by o.who{names}"
    )


def _adults_and_children(inner: str, facts: list[Column], split: Column) -> str:
    """Tell adults, children and those of whom it is not known apart, as rows of their own (places 0, 1 and 2)."""
    names = _more(c.name for c in facts)
    parts = ("adults", "children", "helped - adults - children")
    return " union all ".join(
        f"select who, {part} v{names}, {at} {split.name} from ({inner}) where {part} > 0"
        for at, part in enumerate(parts)
    )


def _sessions(table: Planned, columns: list[Column]) -> str:
    """Sessions, or the people counted at them; adults and children are rows of their own (places 0 and 1)."""
    adults, children = "coalesce(s.adults, 0)", "coalesce(s.children, 0)"
    split = [c for c in columns if table.by(c.slot) == "adult_child"]
    named = [f"{c.of(_written(table, c.slot, 's'))} {c.name}" for c in columns if c not in split]
    where = _where(["s.gone = 0", "s.on_date between ?1 and ?2", *_written_filters(table, "s")])
    return " union all ".join(
        f"select s.id record, s.id home, {'1' if table.measure == 'sessions' else heads} v, {heads} behind"
        f"{_more([*named, *(f'{at} {c.name}' for c in split)])} from sessions s{where}"
        for at, heads in enumerate((adults, children) if split else (f"{adults} + {children}",))
    )


def _observations(table: Planned, columns: list[Column]) -> str:
    """Observations, each once per category; one of a whole month counts as of its first day."""
    by = {table.by(c.slot) for c in columns} | {table.by(slot) for slot, _ in table.filters}
    themes = (
        " left join observation_themes x on x.observation_id = o.id and x.gone = 0"
        " left join themes t on t.id = x.theme_id and t.gone = 0"
    )
    named = [f"{c.of(_written(table, c.slot, 'o'))} {c.name}" for c in columns]
    within = "o.noticed_on between substr(?1, 1, 7) and ?2 and substr(o.noticed_on || '-01', 1, 10) >= ?1"
    where = _where(["o.gone = 0", within, *_written_filters(table, "o")])
    return (
        f"select distinct o.id record, o.id home, 1 v, 1 behind{_more(named)}"
        f" from observations o{themes if 'theme' in by else ''}{where}"
    )


def _written(table: Planned, slot: int, of: str) -> str:
    """Write the SQL of a session's or an observation's place in a slot."""
    text = {"month": f"substr({of}.{'on_date' if of == 's' else 'noticed_on'}, 1, 7)", "theme": "t.key"}
    return table.breakdowns[slot].place_of(slot, text.get(table.by(slot), f"{of}.ward"))


def _written_filters(table: Planned, of: str) -> list[str]:
    return [_is(_written(table, slot, of), slot, place) for slot, place in table.filters]


def _is(sql: str, slot: int, place: int) -> str:
    return f"({sql} = {place} or {_broader(slot, sql)} = {place})"


def _broader(slot: int, place: str) -> str:
    return f"(select r.parent from figure_parents r where r.slot = {slot} and r.code = {place})"


def _where(conditions: Iterable[str]) -> str:
    joined = " and ".join(conditions)
    return f" where {joined}" if joined else ""


def _more(columns: Iterable[str]) -> str:
    return "".join(f", {column}" for column in columns)
