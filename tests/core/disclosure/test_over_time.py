"""What releases give away between them: odd days, years less their quarters, wards, late records, other councils."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from cis_desktop.disclosure.closed import as_released
from cis_desktop.disclosure.joined import build
from cis_desktop.disclosure.overlaps import left_over
from cis_desktop.disclosure.periods import partitions, pieces
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.relations import NOW
from cis_desktop.disclosure.tables import TOTAL, Category, Cell, Dimension, PastRelease, Refusal, Release, Table

from .made import SECRET, cell, dimension, filled, grid, shape
from .test_earlier_releases import LT5, as_past, month, narrowed, reissues, released

PEOPLE = {"measure": "unique_people", "counts_people": True}


def answer(table: Table, past: Sequence[PastRelease], *unreleased: Table) -> Release | Refusal:
    return protect([table], LT5, past, SECRET, 60, unreleased=unreleased)


def known_difference(whole: Release, part: Release, key: tuple[str, ...]) -> int | None:
    """Give what is left of a figure when another is taken from it, where both are shown."""
    a, b = whole.tables[0].cells[key].value, part.tables[0].cells[key].value
    return None if a is None or b is None else a - b


def test_a_quarter_beside_the_same_quarter_without_its_last_day_does_not_show_the_day() -> None:
    short = month(1, [30, 47, 54], period="2018-01-01..2018-03-30")
    quarter, day = (
        month(1, [33, 47, 60], period="2018-Q1"),
        month(1, [3, 0, 6], period="2018-03-31..2018-03-31"),
    )
    first = released([short])
    past = [as_past("short", first, [short])]
    assert left_over([quarter.shape], map(quarter.shape.identity, quarter.cells), past) == [day.shape.period]
    unprotected = released([quarter], past)
    assert known_difference(unprotected, first, ("k0",)) == 3, "nobody counted the day, so nobody protected it"
    safe = answer(quarter, past, day)
    assert isinstance(safe, Release)
    assert known_difference(safe, first, ("k0",)) is None
    assert known_difference(safe, first, ("k1",)) == 0


def test_a_year_beside_three_of_its_quarters_does_not_show_the_fourth() -> None:
    quarters = [month(1, counts, period=f"2018-Q{n}") for n, counts in ((1, [20, 9]), (2, [16, 30]), (3, [11, 15]))]
    past: list[PastRelease] = []
    for table in quarters:
        past.append(as_past(table.shape.period, released([table], past), [table]))
    year, fourth = month(1, [49, 64], period="2018"), month(1, [2, 10], period="2018-Q4")
    safe = answer(year, past, fourth)
    assert isinstance(safe, Release)
    assert safe.tables[0].cells["k0",].status == "hidden"
    last = answer(fourth, [*past, as_past("year", safe, [year])])
    assert isinstance(last, Release)
    assert last.tables[0].cells["k0",].status == "hidden"


def test_a_running_total_from_the_start_of_the_year_hides_what_its_last_step_would_show() -> None:
    so_far = month(1, [40, 61], period="2018-01-01..2018-05-31")
    past = [as_past("May", released([so_far]), [so_far])]
    next_one, june = month(1, [41, 80], period="2018-01-01..2018-06-30"), month(6, [1, 19])
    safe = answer(next_one, past, june)
    assert isinstance(safe, Release)
    assert safe.tables[0].cells["k0",].status == "hidden"


def test_two_people_who_came_on_the_last_day_only_are_not_shown_by_two_counts_of_people() -> None:
    short = month(1, [48, 30], period="2018-01-01..2018-03-30", **PEOPLE)
    quarter = month(1, [50, 30], period="2018-Q1", **PEOPLE)
    first = released([short])
    safe = answer(quarter, [as_past("short", first, [short])])
    assert isinstance(safe, Release)
    assert known_difference(safe, first, ("k0",)) is None
    assert known_difference(safe, first, ("k1",)) == 0


def test_new_people_add_up_over_quarters_and_people_who_return_do_not() -> None:
    standing = Dimension("standing", "Standing", (Category("new", "New"), Category("returning", "Returning")))

    def people(period: str, new: int, returning: int) -> Table:
        return filled(shape([standing], period=period, **PEOPLE), {("new",): new, ("returning",): returning})

    past = []
    for number, new in enumerate((20, 31, 17), 1):
        table = people(f"2018-Q{number}", new, 40)
        past.append(as_past(str(number), released([table], past), [table]))
    year, fourth = people("2018", 70, 60), people("2018-Q4", 2, 30)
    assert left_over([year.shape], map(year.shape.identity, year.cells), past) == ["2018-Q4"]
    safe = answer(year, past, fourth)
    assert isinstance(safe, Release)
    assert safe.tables[0].cells["new",].status == "hidden"


def wards(agreement: str, counts: Mapping[str, int], **more: object) -> Table:
    """Give a table of people by ward, the last of which is everywhere else."""
    *listed, rest = counts
    categories = (*(Category(ward, ward) for ward in listed), Category(rest, "Elsewhere", rest=True))
    given = {"area": agreement, "everywhere": True, "id": agreement} | more
    return filled(shape([Dimension("ward", "Ward", categories, "area")], **given), {(w,): n for w, n in counts.items()})


def test_a_ward_is_one_figure_in_the_agreements_of_two_councils() -> None:
    camden = wards("Camden", {"E1": 3, "E2": 21, "not E1, E2": 60})
    brent = wards("Brent", {"E1": 3, "E3": 40, "not E1, E3": 41})
    first = released([camden])
    past = [as_past("Camden", first, [camden])]
    assert brent.shape.identity((TOTAL,)) == camden.shape.identity((TOTAL,))
    second = released([brent], past)
    assert second.tables[0].cells["E1",].status == "hidden"
    assert second.tables[0].cells[TOTAL,] == first.tables[0].cells[TOTAL,]
    others = [key for key, cell in second.tables[0].cells.items() if cell.status == "hidden"]
    assert len(others) > 1


def test_what_lies_in_neither_council_is_not_shown_by_what_both_leave_out() -> None:
    camden = wards("Camden", {"E1": 30, "E2": 21, "not E1, E2": 42})
    brent = wards("Brent", {"E1": 30, "E3": 40, "not E1, E3": 23})
    first = released([camden])
    elsewhere = first.tables[0].cells["not E1, E2",].value
    assert elsewhere == 42
    safe = answer(brent, [as_past("Camden", first, [camden])])
    assert isinstance(safe, Release)
    assert safe.tables[0].cells["E3",].status == "hidden", "42 less 40 is two people who live in no listed ward"


def test_a_filtered_table_has_the_figure_of_the_category_it_is_filtered_by() -> None:
    needs = Dimension("need", "Need", (Category("food", "Food"), Category("debt", "Debt")), adds_up=False)
    by_need = Table(shape([needs]), {(TOTAL,): cell(40), ("food",): cell(38), ("debt",): cell(3)})
    by_age = filled(
        shape([dimension("age", ["young", "old"])], filters=(("need", "debt"),), id="age"), {("young",): 2, ("old",): 1}
    )
    ages = filled(shape([dimension("age", ["young", "old"])], id="ages"), {("young",): 25, ("old",): 15})
    assert by_age.shape.identity((TOTAL,)) == by_need.shape.identity(("debt",))
    system = build([by_need, by_age, ages], [], 5)
    young = system.now(ages.shape.identity(("young",)))
    in_debt = system.now(by_age.shape.identity(("young",)))
    assert any(set(row.terms) == {(young, 1), (in_debt, -1)} and row.low == 0 for row in system.rows)


def test_there_are_never_more_people_than_contacts() -> None:
    people, contacts = (
        filled(shape([], measure=measure, id=measure, counts_people=measure == "unique_people"), {(): count})
        for measure, count in (("unique_people", 40), ("contacts", 55))
    )
    system = build([people, contacts], [], 5)
    terms = {(system.now(contacts.shape.identity(())), 1), (system.now(people.shape.identity(())), -1)}
    assert any(set(row.terms) == terms and (row.low, row.high) == (0, None) for row in system.rows)


def test_twenty_reissues_with_late_records_stand_as_they_were_until_a_correction_is_great_enough() -> None:
    tables = reissues(1)
    past: list[PastRelease] = []
    issued = []
    for number, table in enumerate(tables):
        (closed,) = as_released([table], past, LT5.threshold)
        safe = answer(closed, past)
        assert isinstance(safe, Release)
        issued.append((closed, safe))
        past.append(as_past(str(number), safe, [closed]))
    assert {number for number, (_, safe) in enumerate(issued) if safe.tables != issued[0][1].tables} == set()
    assert next(narrowed(issued), None) is None
    corrected = grid(
        [[cell + 9 if r == c == 0 else cell for c, cell in enumerate(row)] for r, row in enumerate(_rows(issued[0][0]))]
    )
    assert as_released([corrected], past, LT5.threshold) == (corrected,)


def _rows(table: Table) -> list[list[int]]:
    return [[table.cells[f"r{r}", f"c{c}"].count for c in range(10)] for r in range(10)]


def test_a_year_stands_on_its_released_quarters_while_late_records_are_few() -> None:
    past = [
        as_past(f"Q{n}", released([table]), [table])
        for n in range(1, 5)
        for table in [month(1, [20 + n, 30], period=f"2018-Q{n}")]
    ]
    year = month(1, [91, 120], period="2018")
    (closed,) = as_released([year], past, LT5.threshold)
    assert [closed.cells[key].count for key in (("k0",), ("k1",), (TOTAL,))] == [90, 120, 210]
    much_later = month(1, [99, 120], period="2018")
    assert as_released([much_later], past, LT5.threshold) == (much_later,)


def test_a_late_record_that_would_show_is_hidden_or_held_back() -> None:
    before, after = grid([[15, 20, 9], [12, 16, 30]]), grid([[16, 20, 9], [12, 16, 30]])
    first = released([before])
    safe = answer(after, [as_past("first", first, [before])])
    if isinstance(safe, Release):
        for key in (("r0", "c0"), ("r0", TOTAL), (TOTAL, "c0"), (TOTAL, TOTAL)):
            shown = safe.tables[0].cells[key]
            assert shown.at_least <= before.cells[key].count
            assert shown.at_most is None or before.cells[key].count <= shown.at_most
    else:
        assert safe.held_by == ("first",)


def test_a_release_that_is_held_back_names_the_earlier_ones_that_stand_in_its_way_and_no_others() -> None:
    quarter, february = month(1, [33, 47, 54], period="2018-Q1"), month(2, [17, 16, 30])
    past = [as_past(t.shape.period, released([t]), [t]) for t in (quarter, month(1, [13, 20, 9]), february)]
    past.append(as_past("February again", released([february]), [february]))
    last = answer(month(3, [3, 11, 15]), past)
    assert isinstance(last, Refusal)
    assert last.held_by == ("2018-Q1", "2018-01", "February again")
    assert last.code == "release_held"
    assert "2018-Q1" in last.sentence
    alone = protect([month(3, [3, 11, 15])], LT5, [], SECRET, 10)
    assert isinstance(alone, Release)


@pytest.mark.parametrize(
    ("first", "second", "total"),
    [
        # The one person who made 6 of the 18 visits can take them from the total of the earlier report; the five
        # people of the second can be told apart by anybody.
        pytest.param(Cell(6, 1, 1), Cell(12, 4, 4), Cell(18, 5, 5), id="to somebody in it"),
        pytest.param(Cell(1, 1, 1), Cell(4, 4, 4), Cell(5, 5, 5), id="to anybody"),
    ],
)
def test_a_release_undone_by_a_total_that_was_shown_before_names_that_one(
    first: Cell, second: Cell, total: Cell
) -> None:
    parts = Table(month(1, [0, 0]).shape, {("k0",): first, ("k1",): second, (TOTAL,): total})
    before = (Table(replace(month(n, [0]).shape, dimensions=()), {(): total}) for n in (2, 1))
    past = [as_past(table.shape.period, released([table]), [table]) for table in before]
    last = answer(parts, past)
    assert isinstance(last, Refusal)
    assert last.held_by == ("2018-01",)
    assert isinstance(answer(parts, past[:1]), Release)


@pytest.mark.parametrize(
    ("periods", "new", "found"),
    [
        (["2018", "2018-Q1", "2018-Q2", "2018-Q3"], ["2018"], ["2018-Q4"]),
        (["2018-Q1", "2018-01-01..2018-03-30"], ["2018-Q1"], ["2018-03-31..2018-03-31"]),
        (["2018-Q1", "2018-03-15..2018-04-15"], ["2018-Q1"],
         ["2018-01-01..2018-03-14", "2018-03-15..2018-03-31", "2018-04-01..2018-04-15"]),
        (["2018", "2018-Q1", "2019-Q1"], ["2019-Q1"], []),
        (["2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4", "2018"], ["2018"], []),
    ],
)  # fmt: skip
def test_the_days_that_periods_leave_over_are_found(periods: list[str], new: list[str], found: list[str]) -> None:
    assert pieces(periods, new) == found


def test_ways_to_fill_ten_years_stay_few() -> None:
    parts = ("", *(f"-Q{q}" for q in range(1, 5)), *(f"-{m:02}" for m in range(1, 13)))
    names = [f"{year}{part}" for year in range(2010, 2020) for part in parts]
    found = partitions([*names, "2010-01-01..2019-12-31"])
    assert len(found) == 2 * 11 + 40


def test_figures_of_long_ago_that_say_nothing_of_this_release_are_left_out_of_its_system() -> None:
    past = []
    for year in range(2010, 2018):
        for number in range(1, 5):
            table = month(1, [20, 9 + number, 31], period=f"{year}-Q{number}")
            past.append(as_past(table.shape.period, released([table]), [table]))
    table = month(1, [20, 9, 31], period="2018-Q1")
    assert {release for release, _ in build([table], past, 5).variables} == {NOW}
