"""Each way of undoing a blank that the audit tries, on packs that only that way undoes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cis_desktop.disclosure.tables import (
    TOTAL,
    Category,
    Dimension,
    Policy,
    Release,
    ReleasedCell,
    ReleasedTable,
    Shape,
)
from cis_desktop.packs.audit import Attack, attack_packs, intervals
from cis_desktop.packs.reading import FilePack
from tests.core.packs.examples import POLICY, cells, kinds, packed, released, shape, summed, table

VISITS = {"measure": "contacts", "unit": "contacts", "counts_people": False}


def figure(period: str, value: int | None, **changes: object) -> FilePack:
    """Give a pack of one figure of contacts in a period."""
    made = shape("visits", "Contacts", period=period, **{**VISITS, **changes})
    return packed(released(table(made, lambda _: value)), period)


def test_a_year_less_three_quarters_gives_the_fourth_away_that_no_pack_has() -> None:
    packs = [figure("2018-Q1", 40), figure("2018-Q2", 51), figure("2018-Q3", 30)]
    assert not attack_packs(packs).exposed
    (given,) = attack_packs([*packs, figure("2018", 124)]).exposed
    assert given.left_over
    assert (given.cell, given.lowest, given.highest) == ("Contacts, Camden, 1 Oct 2018 to 31 Dec 2018", 3, 3)
    assert not attack_packs([*packs, figure("2018", 129)]).exposed
    assert not attack_packs([*packs, figure("2018", 121)]).exposed, "that nobody came is not hidden where noughts show"


def test_odd_periods_that_overlap_give_the_days_between_away() -> None:
    quarter, less = figure("2018-Q1", 90), figure("2018-01-01..2018-03-30", 87)
    (given,) = attack_packs([quarter, less]).exposed
    assert (given.cell, given.lowest) == ("Contacts, Camden, 31 Mar 2018", 3)
    middle = figure("2018-02", 88)
    (given,) = attack_packs([quarter, middle]).exposed
    assert given.cell == "Contacts, Camden, 1 Jan 2018 to 31 Jan 2018 and 1 Mar 2018 to 31 Mar 2018"
    assert (given.lowest, given.highest) == (2, 2)


def test_periods_that_overlap_without_one_holding_the_other_narrow_what_both_hold() -> None:
    """January to February and February to March, with January and March known: February is what they share."""
    spans = [figure("2018-01-01..2018-02-28", 50), figure("2018-02-01..2018-03-31", 70)]
    assert not attack_packs(spans).exposed
    found = attack_packs([*spans, figure("2018-01", 47), figure("2018-02", None), figure("2018-03", 67)])
    assert cells(found)["Contacts, Camden, Feb 2018"] == (3, 3)


def test_people_seen_in_the_quarter_and_not_in_january_are_worth_a_look() -> None:
    people = [packed(released(table(shape("p", "People", period=p), lambda _, v=v: v)), p)  # type: ignore[misc]
              for p, v in (("2018-Q1", 62), ("2018-01", 60))]  # fmt: skip
    found = attack_packs(people)
    assert not found.exposed
    assert [(each.kind, "leaves 2," in each.said) for each in found.remarks] == [("difference", True)]


def test_what_is_counted_for_one_need_is_the_same_figure_as_that_row_of_a_breakdown() -> None:
    kind = Dimension("need", "Need", tuple(Category(k, k) for k in ("food", "fuel", "rent")))
    by_need = summed(shape("n", "By need", (kind,)), {("food",): 3, ("fuel",): 40, ("rent",): 20},
                     frozenset({("food",), ("rent",)}))  # fmt: skip
    assert not attack_packs([packed(released(by_need))]).exposed
    only_rent = table(shape("r", "Rent", filters=(("need", "rent"),)), lambda _: 20)
    found = cells(attack_packs([packed(released(by_need, only_rent))]))
    assert found == {"People, food, Jan to Mar 2018": (3, 3), "Rent, Camden, only rent, Jan to Mar 2018": (20, 20)}


def test_what_is_filtered_is_no_more_than_what_is_not() -> None:
    whole = table(shape("p", "People"), lambda _: 4)
    hidden = table(shape("f", "Food", filters=(("need", "food"),)), lambda _: None)
    found = attack_packs([packed(released(whole, hidden))])
    assert cells(found) == {"Food, Camden, only food, Jan to Mar 2018": (1, 4)}


def test_different_people_are_no_more_than_contacts_but_households_may_be_more_than_people() -> None:
    def one(people: int | None, contacts: int) -> Attack:
        counted = table(shape("p", "P", measure="unique_people"), lambda _: people)
        return attack_packs([packed(released(counted, table(shape("c", "C", **VISITS), lambda _: contacts)))])

    assert cells(one(None, 3)) == {"P, Camden, Jan to Mar 2018": (1, 3)}
    assert not one(None, 30).exposed
    few = shape("h", "H", measure="unique_households", unit="households")
    both = released(table(shape("p", "P", measure="unique_people"), lambda _: 4), table(few, lambda _: None))
    assert not attack_packs([packed(both)]).exposed, "help for a whole household names nobody"


def test_wards_give_a_custom_area_away_that_another_council_was_sent() -> None:
    """The borough with all its wards for one, an area of two of them for another: what councils know together."""
    wards = tuple(Category(f"w{n}", f"Ward {n}") for n in range(4))
    borough = Dimension("ward", "Ward", wards, kind="area")
    ours = Dimension("ward", "Ward", wards[:2], kind="area")
    counts = {("w0",): 3, ("w1",): 30, ("w2",): 25, ("w3",): 44}
    first = summed(shape("a", "A", (borough,)), counts, frozenset({("w0",), ("w1",)}))
    inner = {key: value for key, value in counts.items() if key in (("w0",), ("w1",))}
    second = summed(shape("b", "B", (ours,), area="estate", area_label="Estate"), inner, frozenset({("w0",), (TOTAL,)}))
    to_camden, to_brent = packed(released(first)), packed(released(second), day=2, recipient="Brent Council")
    assert not attack_packs([to_camden]).exposed
    assert not attack_packs([to_brent]).exposed
    assert cells(attack_packs([to_camden, to_brent]))["People, Ward 0, Jan to Mar 2018"] == (3, 3)


def line(policy: Policy, shown: dict[str, ReleasedCell], **changes: object) -> Attack:
    made = shape("t", "T", (kinds("a", len(shown)),), **changes)
    values = {(key,): cell for key, cell in shown.items()} | {("a0",): ReleasedCell("hidden", None, 1, None)}
    return attack_packs([packed(released(ReleasedTable(made, values), policy=policy))])


def test_rounding_is_read_back_as_it_was_done_whatever_limits_a_file_prints() -> None:
    """The total is 24 exactly; the one other figure was rounded to 20 or so, and printed with no limits."""
    wide = {"a1": ReleasedCell("rounded", 20, 0, None), TOTAL: ReleasedCell("value", 24, 24, 24)}
    nearest = Policy("n", threshold=9, rounding=5)
    assert cells(line(nearest, wide)) == {"People, a0, Jan to Mar 2018": (2, 6)}
    assert cells(line(replace(nearest, method="controlled"), wide)) == {"People, a0, Jan to Mar 2018": (1, 8)}  # type: ignore[arg-type]
    middle = {"a1": ReleasedCell("rounded", 21, 0, None), TOTAL: ReleasedCell("value", 24, 24, 24)}
    assert cells(line(Policy("m", threshold=9, rounding=6, method="midpoint"), middle)) == {
        "People, a0, Jan to Mar 2018": (1, 5)
    }


def shown_as(value: int, low: int, high: int, method: str, day: int) -> FilePack:
    """Give a pack of one figure of people, rounded to 5, where 1 to 4 are small."""
    policy = replace(Policy("p", threshold=5, rounding=5), method=method)  # type: ignore[arg-type]
    cell = ReleasedCell("rounded", value, low, high)
    return packed(released(ReleasedTable(shape("p", "P"), {(): cell}), policy=policy), day=day)


def test_what_one_pack_may_say_openly_is_not_given_away_beside_a_vaguer_one() -> None:
    vague, nought = shown_as(5, 1, 9, "controlled", 1), shown_as(0, 0, 4, "controlled", 1)
    assert not attack_packs([vague, shown_as(5, 5, 7, "nearest", 2)]).unsafe
    assert not attack_packs([nought, shown_as(0, 0, 0, "nearest", 2)]).unsafe
    assert cells(attack_packs([vague, shown_as(0, 0, 4, "controlled", 2)])) == {"P, Camden, Jan to Mar 2018": (1, 4)}


def test_a_total_that_one_pack_shows_as_not_small_is_not_given_away_by_a_sum_that_says_nothing_of_it() -> None:
    """To the nearest 5 it is 18 to 22, and beside its parts 18 to 20: nothing to keep, whatever another pack says."""
    nearest = Policy("n", threshold=5, rounding=5)
    summed_up = replace(nearest, method="small", totals="summed")
    part, whole = ReleasedCell("rounded", 10, 8, 12), ReleasedCell("rounded", 20, 18, 22)
    near = {("a0",): ReleasedCell("value", 8, 8, 8), ("a1",): part, (TOTAL,): whole}
    far = dict.fromkeys((("a0",), ("a1",)), ReleasedCell("rounded", 10, 6, 14))
    far[TOTAL,] = ReleasedCell("rounded", 20, 0, None)
    made = shape("t", "T", (kinds("a", 2),))
    packs = [
        packed(released(ReleasedTable(made, values), policy=policy), day=day)
        for day, (values, policy) in enumerate(((near, nearest), (far, summed_up)), 1)
    ]
    assert not attack_packs(packs[:1]).unsafe
    assert not attack_packs(packs).unsafe


def test_summed_totals_are_taken_for_sums_and_their_parts_for_rounded() -> None:
    """A summed total prints no limits of its own; a part is what rounds to it, and a total is their sum."""
    policy = Policy("s", threshold=9, rounding=5, totals="summed")
    loose = {"a1": ReleasedCell("rounded", 20, 0, None), "a2": ReleasedCell("rounded", 30, 0, None),
             TOTAL: ReleasedCell("rounded", 50, 0, None)}  # fmt: skip
    assert not line(policy, loose).exposed
    pinned = loose | {TOTAL: ReleasedCell("rounded", 50, 0, 50)}
    assert cells(line(policy, pinned)) == {"People, a0, Jan to Mar 2018": (1, 4)}


def everybody(zeros: bool) -> Release:
    made = shape("t", "T", (kinds("a", 3),))
    nought = ReleasedCell("value", 0, 0, 0) if zeros else ReleasedCell("hidden", None, 0, None)
    full = ReleasedCell("value", 40, 40, 40)
    return released(
        ReleasedTable(made, {("a0",): nought, ("a1",): full, ("a2",): nought, (TOTAL,): full}),
        policy=replace(POLICY, zeros="show" if zeros else "protect"),
    )


def test_everybody_in_one_category_is_said_where_noughts_are_shown_and_given_away_where_not() -> None:
    shown = attack_packs([packed(everybody(zeros=True))])
    assert not shown.exposed
    assert [each.said for each in shown.remarks] == ["Everybody counted in “People, Camden, Jan to Mar 2018” is in a1."]
    hidden = attack_packs([packed(everybody(zeros=False))])
    assert cells(hidden) == {"People, a0, Jan to Mar 2018": (0, 0), "People, a2, Jan to Mar 2018": (0, 0)}


def odd_cycle(pair: int, three: int) -> Release:
    """x+y and y+z are `pair`, x+z+s is `three`; so s is as even as `three` is, which no linear programme sees."""
    groups = ({"g1": "xy", "h1": "zso"}, {"g2": "yz", "h2": "xso"}, {"g3": "xzs", "h3": "yo"})
    shown = {"g1": pair, "g2": pair, "g3": three}

    def grouped(n: int, parts: dict[str, str]) -> ReleasedTable:
        kind = Dimension("k", "K", tuple(
            each for group, members in parts.items()
            for each in (Category(group, group), *(Category(m, m, group) for m in members))
        ))  # fmt: skip
        made: Shape = shape(f"t{n}", f"T{n}", (kind,))
        return table(made, lambda key: shown.get(key[0]))

    return released(*(grouped(n, parts) for n, parts in enumerate(groups)), policy=Policy("lt6", threshold=6))


def test_a_figure_is_safe_only_by_two_tables_of_whole_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """s lies in 1..6 by linear programmes, which would do; but it is even, so 2 to 6."""
    found = attack_packs([packed(odd_cycle(10, 8))])
    assert cells(found)["People, s, Jan to Mar 2018"] == (2, 6)
    assert not found.undecided
    assert "People, s, Jan to Mar 2018" not in cells(attack_packs([packed(odd_cycle(10, 9))]))
    # Where no whole tables are found, it is called neither, and nothing is called safe.
    monkeypatch.setattr(intervals.Component, "_note", lambda *_: None)
    left = attack_packs([packed(odd_cycle(10, 8))])
    assert ("People, s, Jan to Mar 2018", 1, 6) in {(each.cell, each.lowest, each.highest) for each in left.undecided}
    assert len(left.unsafe) == left.attacked


def test_totals_for_two_councils_are_one_figure_since_an_area_leaves_nobody_out() -> None:
    """Camden is sent 63 people with one age band hidden beside the smallest, Brent the band that was hidden beside."""
    everybody = {"everywhere": True, "measure": "unique_people"}
    counts = {("a0",): 3, ("a1",): 40, ("a2",): 20}
    ages = shape("a", "A", (kinds("a", 3),), **everybody)
    other = shape("b", "B", (kinds("a", 3),), area="E09000005", area_label="Brent", **everybody)
    to_camden = packed(released(summed(ages, counts, frozenset({("a0",), ("a2",)}))))
    (total,) = [row for row in to_camden.tables[0].rows if row["a_code"] == TOTAL]
    assert (total["area"], total["area_code"]) == ("Camden", "")
    assert b"Everybody the group sees, wherever they live." in to_camden.members["datapackage.json"]
    to_brent = packed(released(summed(other, counts, frozenset({("a0",), ("a1",), (TOTAL,)}))), day=2)
    assert not attack_packs([to_camden]).exposed
    assert not attack_packs([to_brent]).exposed
    assert cells(attack_packs([to_camden, to_brent]))["Unique people, a0, Jan to Mar 2018"] == (3, 3)


def test_who_returns_in_a_month_may_be_new_in_its_quarter() -> None:
    """So visits by standing tell nothing of longer periods, and nothing contradicts."""
    standing = Dimension("standing", "Standing", (Category("new", "New"), Category("returning", "Returning")))

    def counted(period: str, new: int, returning: int) -> FilePack:
        made = shape("s", "S", (standing,), period=period, **VISITS)
        return packed(released(summed(made, {("new",): new, ("returning",): returning})), period)

    months = [counted(f"2018-0{n}", new, 30) for n, new in enumerate((10, 12, 9), 1)]
    assert not attack_packs([*months, counted("2018-Q1", 81, 40)]).corrected


def test_the_promise_of_an_earlier_pack_outlives_a_later_one_with_a_lower_threshold() -> None:
    """Two blanks of 8 and 9 that add up to 17: enough for a threshold of five, and a promise of twenty is broken."""
    hidden = frozenset({("a0",), ("a1",)})
    line = summed(shape("t", "T", (kinds("a", 3),)), {("a0",): 8, ("a1",): 9, ("a2",): 40}, hidden)
    low, high = (packed(released(line, policy=replace(POLICY, threshold=n)), day=n) for n in (5, 20))
    assert not attack_packs([low]).exposed
    assert {each.cell for each in attack_packs([low, high]).exposed} == {
        "People, a0, Jan to Mar 2018",
        "People, a1, Jan to Mar 2018",
    }
