"""Every hidden cell says why, and what it says is true: shown again alone, it would give away the figure it names."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.rounding import interval, published
from cis_desktop.disclosure.tables import Cell, Cells, Key, Policy, Release, ReleasedCell, ReleasedTable, Table

from .attack import every_table
from .made import SECRET, dimension, filled, grid, shape

LT3 = Policy("test-lt3", threshold=3, min_households=0)
POLICIES = [LT3, replace(LT3, rounding=3), replace(LT3, threshold=4, zeros="protect"), replace(LT3, zeros="few")]
NAMED = re.compile(r"so that (?:whoever is the only person in (?P<only>.+) cannot work out (?P<by_one>.+)|"
                   r"(?P<what>.+?)(?:, which is rounded,)? cannot be (?:worked out|told).*)")  # fmt: skip


def released(table: Table, policy: Policy) -> Release:
    release = protect([table], policy, (), SECRET, 30)
    assert isinstance(release, Release)
    return release


def shown_again(table: Table, release: Release, key: Key) -> Release:
    """Give the release as it would be with one more figure shown, as its policy shows figures."""
    policy, count = release.policy, table.cells[key].count
    value = published(count, policy.rounding, policy.method)
    known = interval(value, policy.rounding, policy.method, policy.threshold)
    cells = dict(release.tables[0].cells)
    cells[key] = ReleasedCell("rounded" if policy.rounding else "value", value, *known)
    return replace(release, tables=(ReleasedTable(table.shape, cells),))


def test_a_figure_that_a_reason_names_would_be_found_out_without_it() -> None:
    draw = random.Random(20180307)
    named = by_one = 0
    for number in range(80):
        policy = POLICIES[number % len(POLICIES)]
        rows, columns = draw.choice([(2, 2), (2, 3), (3, 2)])
        table = grid([[min(int(draw.expovariate(1 / 3)), 6) for _ in range(columns)] for _ in range(rows)])
        release = released(table, policy)
        labels = {table.shape.label(key): key for key in table.cells}
        for key, cell in table.cells.items():
            reason = release.reasons.get(table.shape.identity(key))
            assert (reason is not None) == (release.tables[0].cells[key].status == "hidden")
            found = NAMED.fullmatch(reason.removeprefix("hidden ").replace(" in “People”", "")) if reason else None
            if reason is None or "no hidden figure" in reason:
                continue
            if found is None:
                assert cell.count == 0 if "nought" in reason else 0 < cell.count < policy.threshold, reason
                continue
            alone = found["only"] and labels[found["only"]]
            target = labels[found["by_one"] or found["what"]]
            seen = every_table(
                shown_again(table, release, key), 11, {alone: table.cells[alone].count} if alone else None
            )[target]
            width = policy.threshold - 1
            assert seen.high - seen.low < width or seen.high < policy.threshold, f"{reason}, but it is in {seen}"
            named, by_one = named + 1, by_one + bool(alone)
    assert named > 40, "the draw must give reasons that name a figure"
    assert by_one > 0, "and some that one person could work out"


def test_the_total_that_a_reason_names_is_the_one_that_gives_the_figure_away() -> None:
    table = grid([[2, 20], [30, 40]])
    release = released(table, LT3)
    said = set(release.reasons.values())
    assert "hidden because it is a small number (1 to 2)" in said
    assert said & {
        "hidden so that r0, c0 cannot be worked out from the total for r0",
        "hidden so that r0, c0 cannot be worked out from the total for c0",
        "hidden so that r0, c0 cannot be worked out from all that is shown here",
    }


def test_a_large_figure_says_that_few_people_households_or_one_home_are_behind_it() -> None:
    of = shape([dimension("ward", ["a", "b", "c", "d"])], counts_people=False, unit="pence", measure="pounds")
    cells = {
        ("a",): Cell(900, 2, 2),
        ("b",): Cell(900, 9, 1),
        ("c",): Cell(900, 9, 9, (880, 10)),
        ("d",): Cell(9000, 90, 40, (200, 190)),
    }
    cells[("total",)] = Cell(11700, 110, 52, (880, 200))
    release = released(Table(of, cells), replace(LT3, min_households=2))
    reasons = {key: release.reasons[of.identity(key)] for key in cells if of.identity(key) in release.reasons}
    assert reasons[("a",)] == "hidden because fewer than 3 people are behind it"
    assert reasons[("b",)] == "hidden because fewer than 2 households are behind it"
    assert reasons[("c",)] == "hidden because one household has nearly all of it"


def test_a_cell_that_is_wished_away_looks_like_any_other_and_says_who_wished_it() -> None:
    table = filled(shape([dimension("ward", ["a", "b", "c", "d"])]), {("a",): 2, ("b",): 30, ("c",): 40, ("d",): 50})
    for ward in "bcd":
        release = released(table, replace(LT3, also_hide=(Cells((("ward", ward),)),)))
        hidden = {key: cell for key, cell in release.tables[0].cells.items() if cell.status == "hidden"}
        assert set(hidden) == {("a",), (ward,)}, "it takes the place of the one the engine chose"
        assert hidden[ward,] == hidden["a",]
        assert release.reasons[table.shape.identity((ward,))] == "hidden because you asked for it in this report"
        wanted = replace(LT3, must_publish=(Cells((("ward", ward),)),))
        assert released(table, wanted).tables[0].cells[ward,].value == table.cells[ward,].count


def test_what_is_never_released_and_what_was_hidden_before_say_so() -> None:
    table = grid([[20, 20], [30, 40]])
    policy = replace(LT3, never_publish=(Cells((("row", "r0"), ("column", "c0"))),))
    release = released(table, policy)
    assert release.reasons[table.shape.identity(("r0", "c0"))] == ("never released, by the agreement, whatever it is")
    only = released(table, replace(LT3, headlines_only=True))
    assert set(only.reasons.values()) == {"not released, whatever it is, because only figures for the whole area are"}
