"""Who sees only names finds people by names: nothing that is not shown can be learnt by trying letters."""

from __future__ import annotations

import pytest

from cis_desktop.records import people
from cis_desktop.records.search import by_name, search
from cis_desktop.workspace import Workspace


@pytest.fixture
def here(workspace: Workspace) -> Workspace:
    with workspace.change("Added people to look for") as change:
        people.add(
            change, given_name="Zoë", family_name="O'Brien", postcode="nw18ab", phone="+44 7700 900123",
            email="mariner@example.org", own_number="774",
        )  # fmt: skip
        people.add(change, given_name="小明", family_name="王")
        people.add(change, given_name="مُحَمَّد", family_name="أحمد")
        people.add(change, given_name="ফাতেমা", family_name="বেগম")
        people.add(change, initials="T.K.")
        people.add(change, given_name="นารี", family_name="ใจดี")
        people.add(change, given_name="김", family_name="민수")
    return workspace


@pytest.mark.parametrize(
    "typed",
    [
        "zoe", "ZOË", "obrien", "o'b", "brien zo", "p-0001", "P1", "王", "明", "小明", "王小明", "محمد", "احمد", "ফাতে",
        "বেগম", "tk", "t.k.", "นารี", "รี", "민수",
    ],
)  # fmt: skip
def test_whoever_is_found_by_a_name_is_found_by_name(here: Workspace, typed: str) -> None:
    assert [hit.label for hit in by_name(here.read, typed)] == [hit.label for hit in search(here.read, typed)] != []


@pytest.mark.parametrize("typed", ["07700", "0770", "nw1", "NW1 8AB", "nw18", "mariner", "mari", "774", "zoe nw1"])
def test_what_is_not_shown_finds_nobody(here: Workspace, typed: str) -> None:
    assert search(here.read, typed)
    assert by_name(here.read, typed) == []


def test_those_who_match_by_what_is_not_shown_do_not_crowd_out_a_name(here: Workspace) -> None:
    with here.change("Added people") as change:
        people.add(change, given_name="Marigold")
        for _ in range(40):
            people.add(change, given_name="Xan", email="mari@example.org")
    assert [hit.label for hit in by_name(here.read, "mari", 5)] == ["Marigold"]
