"""The codebook and the board: themes counted by month, spans that follow the words, themes put together."""

from __future__ import annotations

import pytest

from cis_desktop.errors import CisError
from cis_desktop.geography import add_areas
from cis_desktop.records import observations, themes
from cis_desktop.records.themes import NONE, Within
from cis_desktop.workspace import Workspace

YEAR = Within("2026-01", "2026-12")


@pytest.fixture
def noticed(workspace: Workspace) -> Workspace:
    """Give four observations of two wards, with themes on the whole, twice on spans, and none."""
    with workspace.change("Wrote down what was noticed") as change:
        add_areas(change, "ward", [("E05013655", "Camden Town")], "2025", None)
        food = observations.add_theme(change, "Food running out")
        cold = observations.add_theme(change, "Fuel and heating")
        one = observations.add(change, "No food, and again no food", "2026-03", ward="E05013655", place="Hall")
        observations.apply_theme(change, one, food, (3, 7))
        observations.apply_theme(change, one, food, (22, 26))
        two = observations.add(change, "Cold and hungry", "2026-03-31", ward="E05013655")
        observations.apply_theme(change, two, food)
        observations.apply_theme(change, two, cold)
        three = observations.add(change, "Cold", "2026-05-01", place="Hall")
        observations.apply_theme(change, three, cold)
        observations.add(change, "The bus goes once an hour", "2026-12-31", ward="E05013656")
        observations.add(change, "Last year", "2025-12-31")
    return workspace


def test_the_board_counts_each_observation_once_per_theme_and_month(noticed: Workspace) -> None:
    board = themes.themes_by_month(noticed.read, YEAR)
    assert board.months[0] == "2026-01"
    assert len(board.months) == 12
    counts = {line.key: {m: n for m, n in zip(board.months, line.counts, strict=True) if n} for line in board.lines}
    assert counts == {
        "food_running_out": {"2026-03": 2},
        "fuel_and_heating": {"2026-03": 1, "2026-05": 1},
        NONE: {"2026-12": 1},
    }
    assert sum(board.every) == 4
    assert board.lines[-1].key == NONE


def test_the_board_is_cut_by_ward_place_and_period(noticed: Workspace) -> None:
    def totals(within: Within) -> dict[str, int]:
        return {line.key: line.total for line in themes.themes_by_month(noticed.read, within).lines if line.total}

    assert totals(Within("2026-01", "2026-12", ward="E05013655")) == {"food_running_out": 2, "fuel_and_heating": 1}
    assert totals(Within("2026-01", "2026-12", place="Hall")) == {"food_running_out": 1, "fuel_and_heating": 1}
    assert totals(Within("2026-04", "2026-05")) == {"fuel_and_heating": 1}
    assert totals(Within("2025-12", "2025-12")) == {NONE: 1}


def test_every_number_of_the_board_opens_the_observations_it_counts(noticed: Workspace) -> None:
    board = themes.themes_by_month(noticed.read, YEAR)
    for line in board.lines:
        for month, number in zip(board.months, line.counts, strict=True):
            assert len(themes.behind(noticed.read, Within(month, month), line.key)) == number
        assert len(themes.behind(noticed.read, YEAR, line.key)) == line.total
    everything = themes.behind(noticed.read, YEAR, None)
    assert [each.noticed_on for each in everything] == ["2026-12-31", "2026-05-01", "2026-03-31", "2026-03"]


def test_the_board_reads_indexes_and_no_words(noticed: Workspace) -> None:
    asked: list[str] = []
    noticed.read.set_trace_callback(asked.append)
    themes.themes_by_month(noticed.read, Within("2026-01", "2026-12", ward="E05013655"))
    noticed.read.set_trace_callback(None)
    grouped = [query for query in asked if "group by" in query]
    assert len(grouped) == 3
    for query in grouped:
        steps = [step for *_, step in noticed.read.execute(f"explain query plan {query}")]
        assert "SEARCH o USING COVERING INDEX observations_figures (noticed_on>? AND noticed_on<?)" in steps
        marks = [step for step in steps if " x " in step]
        assert bool(marks) == ("observation_themes" in query)
        assert not [step for step in marks if "COVERING INDEX observation_themes_figures" not in step]


def test_places_are_listed_with_the_names_of_wards(noticed: Workspace) -> None:
    places = themes.where_noticed(noticed.read)
    assert places.wards == (("E05013655", "Camden Town"), ("E05013656", "E05013656"))
    assert places.places == ("Hall",)
    assert (places.first, places.last) == ("2025-12", "2026-12")


def test_a_renamed_theme_is_counted_as_before(noticed: Workspace) -> None:
    food = observations.codebook(noticed.read)[0]
    with noticed.change("Renamed a theme") as change:
        themes.correct_theme(change, food.id, " Hunger ", "Meals missed, or smaller")
    (hunger,) = [each for each in observations.codebook(noticed.read) if each.id == food.id]
    assert (hunger.key, hunger.label, hunger.meaning) == ("food_running_out", "Hunger", "Meals missed, or smaller")
    lines = themes.themes_by_month(noticed.read, YEAR).lines
    assert next(line.total for line in lines if line.label == "Hunger") == 2
    with pytest.raises(CisError, match="Nothing was saved"), noticed.change("Renamed") as change:
        themes.correct_theme(change, food.id, " ", None)


def test_themes_put_together_keep_every_mark_once_and_come_apart_again(noticed: Workspace) -> None:
    food, cold = observations.codebook(noticed.read)
    with noticed.change("Put themes together") as change:
        damp = observations.add_theme(change, "Damp", broader=cold.key)
        themes.merge_themes(change, cold.id, food.id)
    assert [each.label for each in observations.codebook(noticed.read)] == ["Damp", "Food running out"]
    assert next(each.broader for each in observations.codebook(noticed.read) if each.id == damp) == food.key
    lines = {line.key: line.total for line in themes.themes_by_month(noticed.read, YEAR).lines}
    assert lines == {"food_running_out": 3, "damp": 0, NONE: 1}
    both = themes.behind(noticed.read, Within("2026-03", "2026-03"), food.key)[0]
    assert len(observations.themes_of(noticed.read, both.id)) == 1
    assert change.id is not None
    noticed.undo(change.id)
    lines = {line.key: line.total for line in themes.themes_by_month(noticed.read, YEAR).lines}
    assert (lines["food_running_out"], lines["fuel_and_heating"]) == (2, 2)
    with pytest.raises(CisError, match="Nothing was changed"), noticed.change("Put together") as change:
        themes.merge_themes(change, food.id, food.id)


def test_a_theme_taken_out_takes_its_marks_and_undo_brings_both_back(noticed: Workspace) -> None:
    food = observations.codebook(noticed.read)[0]
    with noticed.change("Took a theme out") as change:
        themes.remove_theme(change, food.id)
    assert {line.key: line.total for line in themes.themes_by_month(noticed.read, YEAR).lines} == {
        "fuel_and_heating": 2,
        NONE: 2,
    }
    assert change.id is not None
    noticed.undo(change.id)
    assert themes.themes_by_month(noticed.read, YEAR).lines[0].total == 2


@pytest.mark.parametrize(
    ("before", "after", "held", "now"),
    [
        ("no heat upstairs", "They say no heat upstairs", "heat", "heat"),
        ("no heat upstairs", "no heat upstairs again", "heat upstairs", "heat upstairs"),
        ("no heat at all upstairs", "no heat upstairs", "heat at all", "heat"),
        ("no haet upstairs", "no heat upstairs", "haet", "heat"),
        ("no heat upstairs", "no upstairs", "heat", None),
        ("cold 🥶 rooms here", "very cold 🥶 rooms here", "🥶 rooms", "🥶 rooms"),
        ("a b a b", "a b c a b", "a b", "a b"),
    ],
)
def test_a_span_follows_its_words(before: str, after: str, held: str, now: str | None) -> None:
    start = before.index(held)
    span = observations.moved_span(before, after, (start, start + len(held)))
    assert (after[slice(*span)] if span else None) == now


def test_words_corrected_keep_their_marks_and_are_no_longer_checked(workspace: Workspace) -> None:
    with workspace.change("Wrote down") as change:
        cold = observations.add_theme(change, "Fuel and heating")
        seen = observations.add(
            change, "No heat upstairs", "2026-11-19", checked_by="Ann", checked_on="2026-11-20", shareable=1
        )
        observations.apply_theme(change, seen, cold, (3, 7))
    with workspace.change("Corrected") as change:
        observations.edit(change, seen, words="No heat upstairs", place="Hall")
    assert observations.get(workspace.read, seen).checked_by == "Ann"
    with workspace.change("Corrected") as change:
        observations.edit(change, seen, words="There is no heat upstairs")
    now = observations.get(workspace.read, seen)
    (mark,) = observations.themes_of(workspace.read, seen)
    assert now.words[mark.span_start : mark.span_end] == "heat"
    assert (now.checked_by, now.checked_on, now.shareable) == (None, None, 1)
    with workspace.change("Corrected") as change:
        observations.edit(change, seen, words="There is no warmth upstairs", checked_by="Ben")
    assert observations.get(workspace.read, seen).checked_by == "Ben"
