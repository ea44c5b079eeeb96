"""The categories that a person or their household is in, as SQL over `figure_clients s`, `people p`, `households h`."""

from __future__ import annotations

from datetime import date

from cis_desktop.agreements import counting
from cis_desktop.agreements.naming import NOT_ASKED, PREFER_NOT, UNKNOWN
from cis_desktop.figures.categories import Breakdown
from cis_desktop.figures.periods import Period

SELECT = (
    "select s.who, coalesce(h.id, case when s.who > 0 then -s.who else 0 end){} from figure_clients s"
    " left join people p on p.id = s.who and s.who > 0"
    " left join households h on h.id = coalesce(p.household_id, s.household) and h.gone = 0"
    " where case when s.who > 0 then p.gone = 0 when s.who < 0 then h.id is not null else 1 end order by s.who"
)


def place(slot: int, breakdown: Breakdown, period: Period, of_households: bool, parameters: dict[str, str]) -> str:
    """Write the SQL of the place that a person (or their household) has in a breakdown.

    What the SQL needs is put into `parameters`.
    """
    if breakdown.by in counting.TRAITS:
        return _trait(slot, breakdown)
    if breakdown.by == "standing":
        return _standing(slot, breakdown, period, of_households, parameters)
    if breakdown.by == "tenure":
        return breakdown.place_of(slot, "h.tenure")
    if breakdown.by == "ward":
        if not of_households:
            return breakdown.place_of(slot, "coalesce(p.ward, h.ward)")
        # The alphabetically first ward of its members stands for a household that has none of its own.
        members = (
            "select min(m.ward) from people m indexed by people_household where m.household_id = h.id and m.gone = 0"
        )
        return breakdown.place_of(slot, f"case when h.id is null then p.ward else coalesce(h.ward, ({members})) end")
    ages = " ".join(f"when p.birth_year between {low} and {high} then {at}" for low, high, at in breakdown.bands)
    return f"case {ages} else {breakdown.otherwise} end"


def _trait(slot: int, breakdown: Breakdown) -> str:
    """Where a person has several answers of one kind, an answer goes before a refusal: `status` in this order."""
    value = breakdown.place_of(slot, "d.value", blank=False)
    answer = (
        f"case d.status when 'answered' then {value} when 'prefer_not' then {breakdown.place(PREFER_NOT)}"
        f" when 'not_asked' then {breakdown.place(NOT_ASKED)} else {breakdown.place(UNKNOWN)} end"
    )
    return (
        f"coalesce((select {answer} from described_values d where d.person_id = p.id and d.trait = '{breakdown.by}'"
        f" and d.gone = 0 order by d.status, d.value limit 1), {breakdown.place(NOT_ASKED)})"
    )


def _standing(slot: int, breakdown: Breakdown, period: Period, of_households: bool, parameters: dict[str, str]) -> str:
    """New is 0, returning is 1: whether anyone there was helped before the period, or within so many months of it."""
    parameters[f"first{slot}"] = period.first.isoformat()
    parameters[f"since{slot}"] = _months_before(period.first, breakdown.new_after_months).isoformat()
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
    if of_households:
        # Everyone of a household gets its one place.
        alone = f"when s.who > 0 then {same_person} else {breakdown.otherwise}"
        return f"case when h.id is not null then {whole} {alone} end"
    return f"case when s.who > 0 then {same_person} when s.who < 0 then {household} else {breakdown.otherwise} end"


def _months_before(first: date, months: int | None) -> date:
    if months is None:
        return date.min
    at = first.year * 12 + first.month - 1 - months
    # Counted in whole months; a 31st becomes the last day that every month has.
    return date(max(at // 12, 1), at % 12 + 1, min(first.day, 28))
