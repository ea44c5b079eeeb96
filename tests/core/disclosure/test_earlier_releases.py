"""A release beside everything released before: re-issues, months and quarters, other agreements."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import highspy
import pytest

from cis_desktop.disclosure.periods import partitions
from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import (
    TOTAL,
    CellId,
    Cells,
    Key,
    PastCell,
    PastRelease,
    Policy,
    Refusal,
    Release,
    ReleasedCell,
    Table,
)

from .made import SECRET, dimension, filled, grid, shape

LT5 = PROFILES["lt5-suppress"]


def as_past(name: str, release: Release, tables: Sequence[Table]) -> PastRelease:
    cells = {
        table.shape.identity(key): PastCell(exact.cells[key].count, cell)
        for table, exact in zip(release.tables, tables, strict=True)
        for key, cell in table.cells.items()
    }
    return PastRelease(name, release.tables, cells)


def released(tables: Sequence[Table], past: Sequence[PastRelease] = (), policy: Policy = LT5) -> Release:
    release = protect(tables, policy, past, SECRET, 30)
    assert isinstance(release, Release), release
    return release


def month(number: int, counts: Sequence[int], **more: object) -> Table:
    kinds = [f"k{at}" for at in range(len(counts))]
    given = {"period": f"2018-{number:02}", "measure": "visits", "counts_people": False} | more
    return filled(shape([dimension("kind", kinds)], **given), {(k,): n for k, n in zip(kinds, counts, strict=True)})


def joint_attack(
    releases: Sequence[tuple[Table, Release]], moved: int
) -> tuple[highspy.Highs, dict[tuple[int, Key], int]]:
    """State two-way releases of the same cells together, each figure moving at most `moved` between
    neighbours.
    """
    highs = highspy.Highs()
    for option, value in {"output_flag": False, "threads": 1, "presolve": "off", "simplex_strategy": 4}.items():
        highs.setOptionValue(option, value)
    place: dict[tuple[int, Key], int] = {}
    for number, (_, release) in enumerate(releases):
        for key, cell in release.tables[0].cells.items():
            place[number, key] = len(place)
            hidden = cell.status == "hidden"
            highs.addVar(1 if hidden else cell.value, highspy.kHighsInf if hidden else cell.value)
    rows, columns = ([c.key for c in d.categories] for d in releases[0][0].shape.dimensions)
    for number in range(len(releases)):
        lines = [((r, TOTAL), [(r, c) for c in columns]) for r in (*rows, TOTAL)]
        lines += [((TOTAL, c), [(r, c) for r in rows]) for c in (*columns, TOTAL)]
        for whole, parts in lines:
            at = [place[number, whole], *(place[number, part] for part in parts)]
            highs.addRow(0, 0, len(at), at, [1.0, *(-1.0 for _ in parts)])
    for (number, key), at in place.items():
        if number:
            highs.addRow(-moved, moved, 2, [at, place[number - 1, key]], [1.0, -1.0])
    return highs, place


def interval(highs: highspy.Highs, column: int) -> tuple[float, float]:
    """Give the least and greatest value of a column; no bound above is 10^6."""
    ends = []
    for sign in (1.0, -1.0):
        highs.changeColCost(column, sign)
        highs.run()
        if highs.getModelStatus() == highspy.HighsModelStatus.kUnbounded:
            ends.append(1e6)
        else:
            assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
            ends.append(highs.getSolution().col_value[column])
        highs.changeColCost(column, 0.0)
    return ends[0], ends[1]


def reissues(seed: int) -> list[Table]:
    """A ten by ten table, and nineteen later states of it with a few late records each."""
    draw = random.Random(seed)
    numbers = [[int(draw.expovariate(1 / 12)) for _ in range(10)] for _ in range(10)]
    tables = []
    for _ in range(20):
        tables.append(grid(numbers))
        for _ in range(2):
            numbers[draw.randrange(10)][draw.randrange(10)] += 1
    return tables


def narrowed(issued: Sequence[tuple[Table, Release]]) -> Iterator[tuple[int, Key]]:
    """Give the small cells that all releases together narrow, one after another."""
    pairs = list(pairwise(issued))
    moved = max(abs(b.cells[key].count - a.cells[key].count) for (a, _), (b, _) in pairs for key in a.cells)
    highs, place = joint_attack(issued, moved)
    for number, (table, release) in enumerate(issued):
        for key, cell in release.tables[0].cells.items():
            if cell.status == "hidden" and 0 < table.cells[key].count < 5:
                low, high = interval(highs, place[number, key])
                if high - low < 3.999 or high < 4.999:
                    yield number, key


def reissued(tables: Sequence[Table]) -> list[tuple[Table, Release]]:
    """Release one after another, each beside those before it; leave out what is refused."""
    issued: list[tuple[Table, Release]] = []
    past: list[PastRelease] = []
    for number, table in enumerate(tables):
        answer = protect([table], LT5, past, SECRET, 900)
        if isinstance(answer, Refusal):
            assert answer.held_by
            continue
        issued.append((table, answer))
        past.append(as_past(str(number), answer, [table]))
        print(f"{number + 1}: {answer.audit.hidden} hidden", flush=True)
    return issued


def nothing_moved_by_a_few(issued: Sequence[tuple[Table, Release]]) -> bool:
    """Tell whether none of them shows that a few more came since an earlier one."""
    return not any(
        abs((cell.value or 0) - (before.value or 0)) in range(1, 5)
        for at, (_, release) in enumerate(issued)
        for _, earlier in issued[:at]
        for key, cell in release.tables[0].cells.items()
        if (cell.status, (before := earlier.tables[0].cells[key]).status) == ("value", "value")
    )


def test_reissues_that_are_safe_alone_leak_together_and_ours_do_not() -> None:
    tables = reissues(1)
    alone = [(table, released([table])) for table in tables]
    assert next(narrowed(alone), None), "without the ledger something is given away"
    assert not nothing_moved_by_a_few(alone)
    issued = reissued(tables[:4])
    assert len(issued) > 2
    assert next(narrowed(issued), None) is None
    assert nothing_moved_by_a_few(issued)


@pytest.mark.soak
def test_twenty_reissues_that_show_every_late_record_give_nothing_away_together() -> None:
    issued = reissued(reissues(1))
    assert len(issued) > 10
    assert next(narrowed(issued), None) is None
    assert nothing_moved_by_a_few(issued)


def test_a_reissue_with_nothing_changed_is_the_same_release() -> None:
    table = grid([[3, 20, 9, 0], [12, 16, 30, 22], [18, 11, 15, 40]])
    first = released([table])
    past = [as_past("first", first, [table])]
    again = protect([table], LT5, past, SECRET, 10, weigh=lambda cid, shape, key, past: 9 if past == "hidden" else 1)
    assert isinstance(again, Release)
    assert again.tables == first.tables


def test_a_figure_that_did_not_change_keeps_its_value_and_its_blank_in_a_corrected_reissue() -> None:
    before = grid([[3, 20, 9, 31], [12, 16, 30, 22], [18, 11, 15, 40]])
    after = grid([[3, 20, 9, 31], [12, 16, 30, 22], [18, 11, 15, 90]])
    first = released([before])
    past = [as_past("first", first, [before])]
    again = protect([after], LT5, past, SECRET, 10, weigh=lambda cid, shape, key, past: 9 if past == "hidden" else 1)
    assert isinstance(again, Release)
    for key, cell in first.tables[0].cells.items():
        if before.cells[key] == after.cells[key]:
            assert again.tables[0].cells[key] == cell


def test_a_figure_that_was_shown_and_fell_below_the_threshold_by_one_is_not_reissued() -> None:
    before = grid([[5, 20, 9], [12, 16, 30], [18, 11, 15]])
    after = grid([[4, 20, 9], [12, 16, 30], [18, 11, 15]])
    answer = protect([after], LT5, [as_past("first", released([before]), [before])], SECRET, 10)
    assert isinstance(answer, Refusal)
    assert after.shape.identity(("r0", "c0")) in {cid for cid, _ in answer.cells}
    assert "r0, c0" in answer.sentence


def test_months_released_earlier_and_their_quarter_now_do_not_give_a_month_back() -> None:
    months = [month(1, [3, 20, 9]), month(2, [12, 16, 30]), month(3, [18, 11, 15])]
    past = [as_past(t.shape.period, released([t]), [t]) for t in months]
    quarter = month(1, [33, 47, 54], period="2018-Q1")
    assert all(c.status == "value" for c in released([quarter]).tables[0].cells.values())
    answer = released([quarter], past)
    blank = {key for key, c in answer.tables[0].cells.items() if c.status == "hidden"}
    assert ("k0",) in blank, "the quarter less two shown months would be the hidden month"


def test_a_quarter_released_earlier_and_its_last_month_now_do_not_give_the_month_back() -> None:
    quarter = month(1, [33, 47, 54], period="2018-Q1")
    months = [month(1, [13, 20, 9]), month(2, [17, 16, 30])]
    past = [as_past("quarter", released([quarter]), [quarter])]
    past += [as_past(t.shape.period, released([t]), [t]) for t in months]
    last = month(3, [3, 11, 15])
    answer = protect([last], LT5, past, SECRET, 10)
    assert isinstance(answer, Refusal)
    assert last.shape.identity(("k0",)) in {cid for cid, _ in answer.cells}


def test_a_refusal_names_the_earlier_figure_that_would_be_given_away_by_its_labels() -> None:
    months, strict = [month(n, [20, 50, 60]) for n in (1, 2, 3)], replace(LT5, threshold=30)
    past = [
        as_past(t.shape.period, released([t], policy=p), [t]) for t, p in zip(months, (strict, LT5, LT5), strict=True)
    ]
    past[0] = replace(past[0], policy=strict)
    required = replace(LT5, must_publish=tuple(Cells((("kind", kind),)) for kind in ("k0", "k1", "k2")))
    answer = protect([month(1, [60, 150, 180], period="2018-Q1")], required, past, SECRET, 10)
    assert isinstance(answer, Refusal)
    assert "k0 in “People” for Jan 2018, in an earlier report" in answer.sentence


def test_quarters_of_a_year_and_then_the_year_itself_can_all_be_released() -> None:
    draw = random.Random(4)
    quarters, past = [], []
    for number in range(4):
        counts = [int(draw.expovariate(1 / 15)) for _ in range(8)]
        quarters.append(counts)
        table = month(1, counts, period=f"2018-Q{number + 1}")
        past.append(as_past(f"Q{number + 1}", released([table], past), [table]))
    year = month(1, [sum(column) for column in zip(*quarters, strict=True)], period="2018")
    hidden_before: set[CellId] = {
        cid for release in past for cid, cell in release.cells.items() if cell.released.status == "hidden"
    }
    assert hidden_before
    answer = released([year], past)
    assert answer.audit.narrowest is not None
    assert answer.audit.narrowest >= 4


def test_a_stricter_agreement_after_a_looser_one_hides_what_is_out_and_says_so() -> None:
    table = grid([[6, 20, 9], [12, 16, 30], [18, 11, 15]])
    first = released([table])
    assert first.tables[0].cells["r0", "c0"].value == 6
    again = released([table], [as_past("first", first, [table])], PROFILES["nhs-1to7-round5"])
    assert again.tables[0].cells["r0", "c0"].status == "hidden"
    assert any("earlier releases" in statement for statement in again.audit.statements)
    assert again.spent > 0


@pytest.mark.parametrize(
    ("periods", "found"),
    [
        (["2018-01", "2018-02", "2018-03", "2018-Q1"], [("2018-Q1", ("2018-01", "2018-02", "2018-03"))]),
        (["2018", "2018-Q1", "2018-04-01..2018-12-31"], [("2018", ("2018-Q1", "2018-04-01..2018-12-31"))]),
        (["2018-Q1", "2018-01", "2018-03"], []),
        (["2018-Q4", "2019-Q1", "2018-10-01..2019-03-31"], [("2018-10-01..2019-03-31", ("2018-Q4", "2019-Q1"))]),
        (["not a period", "2018-13", "2018"], []),
    ],
)
def test_periods_that_meet_end_to_end_make_up_the_longer_one(
    periods: list[str], found: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert partitions(periods) == found


def test_a_hidden_figure_that_became_nought_is_not_given_away_by_the_nought() -> None:
    before = grid([[2, 20, 9], [12, 16, 30], [18, 11, 15]])
    after = grid([[0, 20, 9], [12, 16, 30], [18, 11, 15]])
    first = as_past("first", released([before]), [before])
    answer = protect([after], LT5, [first], SECRET, 10)
    assert isinstance(answer, Release)
    became = answer.tables[0].cells["r0", "c0"]
    assert (became.value, became.at_most) == (0, 4), "a nought that may be up to 4 says nothing of the 2 before"
    assert answer.beyond


def test_a_badly_made_earlier_release_does_not_stop_every_later_one() -> None:
    table = grid([[3, 20, 9], [12, 16, 30], [18, 11, 15]])
    bare = protect([table], PROFILES["lt5-suppress"], (), SECRET, 10)
    assert isinstance(bare, Release)
    cells = {
        table.shape.identity(key): PastCell(exact.count, ReleasedCell("value", exact.count, exact.count, exact.count))
        for key, exact in table.cells.items()
    }
    given_away = table.shape.identity(("r0", "c0"))
    cells[given_away] = PastCell(3, ReleasedCell("hidden", None, 1, None))
    answer = released([table], [PastRelease("bare", bare.tables, cells)])
    assert any("earlier releases" in statement for statement in answer.audit.statements)
