"""Observations: words first, themes after, on the whole or on a span."""

from __future__ import annotations

import pytest

from cis_desktop.errors import CisError
from cis_desktop.records import observations
from cis_desktop.workspace import Workspace


def test_an_observation_needs_only_words_and_a_day_or_a_month(workspace: Workspace) -> None:
    with workspace.change("Added an observation") as change:
        observations.add(change, " No heating on the third floor ", "2026-11")
        observations.add(change, "Fewer people today", "2026-11-19", how_known="saw_it", people_band="10+")
    first = observations.find(workspace.read, "n-0001")
    assert (first.words, first.noticed_on, first.shareable) == ("No heating on the third floor", "2026-11", 0)
    assert [o.reference for o in observations.page(workspace.read)] == ["N-0002", "N-0001"]


@pytest.mark.parametrize(
    ("words", "when", "details"),
    [
        ("  ", "2026-11-19", {}),
        ("Cold", "last week", {}),
        ("Cold", "2026-13", {}),
        ("Cold", "2026-11-19", {"how_known": "rumour"}),
        ("Cold", "2026-11-19", {"people_band": "3"}),
    ],
)
def test_no_words_no_day_or_an_unknown_choice_is_refused(
    workspace: Workspace, words: str, when: str, details: observations.ObservationFields
) -> None:
    with pytest.raises(CisError, match="othing was saved"), workspace.change("Added") as change:
        observations.add(change, words, when, **details)
    assert observations.page(workspace.read) == []


def test_themes_lie_on_the_whole_or_on_a_span_and_the_same_mark_twice_is_one(workspace: Workspace) -> None:
    words = "The lift is broken and older people go without food"
    with workspace.change("Added an observation") as change:
        seen = observations.add(change, words, "2026-11-19")
        housing = observations.add_theme(change, "Housing and repairs")
        food = observations.add_theme(change, "Food running out")
        assert observations.add_theme(change, "housing  and repairs") == housing
        whole = observations.apply_theme(change, seen, housing)
        span = observations.apply_theme(change, seen, food, (words.index("go"), len(words)))
        assert observations.apply_theme(change, seen, housing) == whole
    marks = observations.themes_of(workspace.read, seen)
    assert [(m.label, m.span_start, m.span_end) for m in marks] == [
        ("Housing and repairs", None, None),
        ("Food running out", 36, 51),
    ]
    assert [t.key for t in observations.codebook(workspace.read)] == ["food_running_out", "housing_and_repairs"]
    with workspace.change("Took a theme off") as change:
        observations.unapply_theme(change, span)
    assert [m.id for m in observations.themes_of(workspace.read, seen)] == [whole]


@pytest.mark.parametrize("span", [(0, 5), (3, 3), (-1, 2)])
def test_a_span_outside_the_words_is_refused(workspace: Workspace, span: tuple[int, int]) -> None:
    with workspace.change("Added an observation") as change:
        seen = observations.add(change, "Cold", "2026-11-19")
        fuel = observations.add_theme(change, "Fuel")
    with pytest.raises(CisError, match="Mark the words again"), workspace.change("Added a theme") as change:
        observations.apply_theme(change, seen, fuel, span)


def test_an_observation_is_corrected_and_deleted(workspace: Workspace) -> None:
    with workspace.change("Added an observation") as change:
        seen = observations.add(change, "Cold", "2026-11-19")
    with workspace.change("Corrected an observation") as change:
        observations.edit(change, seen, words="Very cold", direction="worse", checked_on="2026-11-20")
    kept = observations.get(workspace.read, seen)
    assert (kept.words, kept.direction, kept.checked_on) == ("Very cold", "worse", "2026-11-20")
    with workspace.change("Deleted an observation") as change:
        observations.remove(change, seen)
    with pytest.raises(CisError, match="No observation here"):
        observations.get(workspace.read, seen)
