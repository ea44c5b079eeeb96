"""What ties packs of other agreements, measures and times to this one, and what they promised goes on holding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cis_desktop.disclosure.joined import build
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.relations import NOW, System
from cis_desktop.disclosure.tables import CellId, PastRelease, Policy, Release, Table

from .made import SECRET, cell, shape
from .test_earlier_releases import LT5, as_past, month, released
from .test_over_time import PEOPLE

EIGHT = Policy("lt8", threshold=8, min_households=0)
CONTACTS = {"measure": "contacts", "unit": "contacts", "counts_people": False}


def relates(system: System, more: tuple[str, CellId], less: tuple[str, CellId]) -> bool:
    """Tell whether the second figure is said to be never greater than the first."""
    terms = {(system.index[more], 1), (system.index[less], -1)}
    return any(set(row.terms) == terms and row.low == 0 for row in system.rows)


def past_of(tables: Sequence[Table]) -> list[PastRelease]:
    """Release tables one after another, each beside those before it."""
    past: list[PastRelease] = []
    for at, table in enumerate(tables):
        past.append(as_past(str(at), released([table], past), [table]))
    return past


def test_a_later_pack_with_a_lower_threshold_keeps_the_promise_of_the_earlier_one() -> None:
    """Of 4 people nobody is to know that they are fewer than eight; five contacts would tell."""
    people, contacts = month(1, [4, 9, 40], **PEOPLE), month(1, [5, 30, 80], **CONTACTS)
    first = protect([people], EIGHT, [], SECRET, 60)
    assert isinstance(first, Release)
    assert first.tables[0].cells["k0",].status == "hidden"
    forgotten = as_past("first", first, [people])
    shown = {}
    for past in (forgotten, replace(forgotten, policy=EIGHT)):
        answer = protect([contacts], LT5, [past], SECRET, 60)
        assert isinstance(answer, Release)
        shown[past.policy] = answer.tables[0].cells["k0",].status
    assert shown == {None: "value", EIGHT: "hidden"}


def test_nobody_of_a_month_is_missing_in_its_year() -> None:
    tables = [month(1, counts, period=p, **PEOPLE) for p, counts in (("2018-03", [9, 12]), ("2018", [30, 41]))]
    system = build([tables[1]], past_of(tables[:1]), 5)
    year, march = (table.shape.identity(("k0",)) for table in reversed(tables))
    assert relates(system, (NOW, year), ("0", march))


def test_there_are_never_more_households_than_contacts_but_only_on_the_whole() -> None:
    homes, contacts = (month(1, counts, **kind) for counts, kind in (
        ([20, 30], {"measure": "unique_households", "unit": "households"}), ([25, 36], CONTACTS)
    ))  # fmt: skip
    system = build([contacts], past_of([homes]), 5)
    pairs = [((NOW, contacts.shape.identity((key,))), ("0", homes.shape.identity((key,)))) for key in ("total", "k0")]
    assert relates(system, *pairs[0])
    assert all(of not in system.index for of in pairs[1][1:]) or not relates(system, *pairs[1])


def test_what_another_agreement_filters_is_no_more_than_what_this_one_does_not() -> None:
    rent = Table(shape([], id="rent", filters=(("need", "rent"),)), {(): cell(12)})
    whole = Table(shape([], id="all"), {(): cell(40)})
    system = build([rent], past_of([whole]), 5)
    assert relates(system, ("0", whole.shape.identity(())), (NOW, rent.shape.identity(())))


def test_a_year_goes_on_being_the_sum_of_its_quarters_as_they_were_when_one_is_corrected() -> None:
    quarters = [month(1, [20 + n, 30], period=f"2018-Q{n}") for n in range(1, 5)]
    year, corrected = month(1, [90, 120], period="2018"), month(1, [41, 30], period="2018-Q1")
    system = build([corrected], past_of([*quarters, year]), 5)
    at = system.index["4", year.shape.identity(("k0",))]
    parts = {system.index[str(n), table.shape.identity(("k0",))] for n, table in enumerate(quarters)}
    assert any(dict(row.terms) == {at: 1, **dict.fromkeys(parts, -1)} and row.low == row.high == 0
               for row in system.rows)  # fmt: skip
