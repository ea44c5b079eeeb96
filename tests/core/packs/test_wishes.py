"""What a group wishes shown or hidden in one release is honoured, leaves with it, and is in its ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from cis_desktop import agreements, ledger
from cis_desktop.cli.releasing import in_words, released_facts, table_facts
from cis_desktop.disclosure.tables import Release
from cis_desktop.disclosure.wishes import NO_WISHES, cell
from cis_desktop.packs import verify
from cis_desktop.packs.preview import could_know, preview
from cis_desktop.packs.release import release
from cis_desktop.records import contacts, people
from cis_desktop.workspace import Workspace

RETURN = "small-group-return"
AGES = (*[2015] * 3, *[1990] * 30, *[1970] * 25, *[1950] * 20)


@pytest.fixture
def group(workspace: Workspace) -> Workspace:
    """Three children and seventy-five grown-ups, seen once in the first quarter of 2018."""
    with workspace.change("Wrote down a quarter") as change:
        for n, born in enumerate(AGES):
            person = people.add(change, given_name=f"Zebedee{n}", birth_year=born)
            contacts.add(change, f"2018-01-{1 + n % 27:02d}", person_id=person, kind="visit")
    agreements.accept(workspace, RETURN, "Ann")
    return workspace


def test_a_wish_leaves_with_the_release_and_stays_in_its_ledger(group: Workspace, tmp_path: Path) -> None:
    agreement = agreements.find(group.read, RETURN).agreement
    plain = preview(group, agreement, "2018-Q1")
    assert isinstance(plain.answer, Release)
    table, key = next(
        (table, key)
        for table in plain.answer.tables
        for key, one in table.cells.items()
        if one.status == "rounded" and "total" not in key
    )
    wishes = NO_WISHES.and_hide(table.shape, key)
    wished = preview(group, agreement, "2018-Q1", wishes=wishes)
    assert isinstance(wished.answer, Release)
    identity = table.shape.identity(key)
    assert wished.answer.reasons[identity] == "hidden because you asked for it in this report"
    assert any(said.startswith("By your own wish hidden here: ") for said in wished.to_know)
    done = release(group, RETURN, "2018-Q1", tmp_path, "Ann", seen=wished)
    assert verify(done.archive).valid
    past = ledger.past(group.read, done.pack)
    assert past.policy.also_hide == (cell(table.shape, key),)
    hidden = past.release.cells[identity].released
    assert (hidden.status, hidden.withheld) == ("hidden", False), "it looks like any other hidden figure"


def test_a_wish_is_taken_back_by_its_opposite(group: Workspace) -> None:
    shown = preview(group, agreements.find(group.read, RETURN).agreement, "2018-Q1")
    shape = shown.exact[-1].shape
    key = next(iter(shown.exact[-1].cells))
    assert NO_WISHES.and_hide(shape, key).and_show(shape, key) == NO_WISHES
    assert NO_WISHES.and_show(shape, key).and_hide(shape, key) == NO_WISHES


def test_what_could_be_known_holds_every_true_figure(group: Workspace) -> None:
    shown = preview(group, agreements.find(group.read, RETURN).agreement, "2018-Q1")
    found = could_know(shown)
    assert isinstance(shown.answer, Release)
    assert set(shown.answer.reasons) <= set(found)
    for table in shown.exact:
        for key, exact in table.cells.items():
            span = found[table.shape.identity(key)]
            assert span.least <= exact.count
            assert span.most is None or exact.count <= span.most


def test_the_command_says_what_a_reader_could_work_out(group: Workspace) -> None:
    shown = preview(group, agreements.find(group.read, RETURN).agreement, "2018-Q1")
    assert isinstance(shown.answer, Release)
    found = could_know(shown)
    table, key = next(
        (table, key) for table in shown.answer.tables for key, one in table.cells.items() if one.status == "rounded"
    )
    span = found[table.shape.identity(key)]
    facts = released_facts(table.cells[key], None, span)
    assert span.most is not None
    assert f"{span.least} to {span.most}" in in_words([table_facts(table.shape, {key: facts})])
    assert "worked_out" not in released_facts(table.cells[key], None)
