"""Volunteers at the desk: names and PINs that every laptop knows, and a list for whoever leaves."""

from __future__ import annotations

from datetime import date

import pytest

from cis_desktop import leavers, volunteers
from cis_desktop.errors import CisError
from cis_desktop.workspace import Workspace

PIN = "4071"


def added(workspace: Workspace, name: str = "Bo", pin: str = PIN) -> int:
    with workspace.change("Added a volunteer") as change:
        return volunteers.add(change, name, pin)


def test_a_pin_opens_for_its_own_volunteer_alone(workspace: Workspace) -> None:
    bo, cy = added(workspace), added(workspace, "Cy", "99340218")
    assert [each.name for each in volunteers.listed(workspace.read)] == ["Bo", "Cy"]
    assert volunteers.right(workspace.read, bo, PIN)
    assert volunteers.right(workspace.read, cy, "99340218")
    for volunteer, pin in ((bo, "99340218"), (cy, PIN), (bo, "4072"), (bo, ""), (bo, "40710"), (999, PIN)):
        assert not volunteers.right(workspace.read, volunteer, pin)


def test_a_pin_is_nowhere_in_the_record_as_it_was_typed(workspace: Workspace) -> None:
    bo = added(workspace, pin="80417263")
    (kept,) = workspace.read.execute("select pin from desk_volunteers where id = ?", (bo,)).fetchone()
    assert "80417263" not in kept
    for (chunk,) in workspace.read.execute("select body from chunks"):
        assert b"80417263" not in bytes(chunk)
    with workspace.change("Another") as change:
        volunteers.add(change, "Cy", "80417263")
    hashes = {each for (each,) in workspace.read.execute("select pin from desk_volunteers")}
    assert len(hashes) == 2, "the same PIN has another salt"


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "４０７１", "1234", "98765", "0000", "8901"])
def test_what_is_no_pin_or_the_first_to_be_tried_is_refused(workspace: Workspace, pin: str) -> None:
    bo = added(workspace)
    for act in (
        lambda change: volunteers.add(change, "Cy", pin),
        lambda change: volunteers.new_pin(change, bo, pin),
    ):
        with pytest.raises(CisError) as refused, workspace.change("Tried") as change:
            act(change)
        assert refused.value.code == "weak_pin"
    assert volunteers.right(workspace.read, bo, PIN)


def test_a_name_is_needed_and_is_there_once(workspace: Workspace) -> None:
    bo = added(workspace)
    for name, code in (("  ", "no_name"), ("x" * 81, "no_name"), (" bo ", "name_taken")):
        with pytest.raises(CisError) as refused:
            added(workspace, name)
        assert refused.value.code == code
    with workspace.change("Retired") as change:
        volunteers.retire(change, bo)
    assert added(workspace) != bo


def test_a_new_pin_takes_the_place_of_the_old_and_who_is_retired_has_none(workspace: Workspace) -> None:
    bo = added(workspace)
    with workspace.change("Gave a new PIN") as change:
        volunteers.new_pin(change, bo, "5802")
    assert not volunteers.right(workspace.read, bo, PIN)
    assert volunteers.right(workspace.read, bo, "5802")
    with workspace.change("Retired") as change:
        volunteers.retire(change, bo)
    assert not volunteers.right(workspace.read, bo, "5802")
    assert volunteers.listed(workspace.read) == []
    assert workspace.read.execute("select pin from desk_volunteers").fetchone() == ("",)


def test_each_wrong_pin_waits_longer_and_the_right_one_of_another_does_not_help() -> None:
    tries = volunteers.Tries()
    waits = []
    for _ in range(4):
        waits.append(tries.was_wrong(1))
        tries.was_right(2)
    assert waits == [2, 4, 8, 16]
    assert not tries.used_up
    tries.was_wrong(1)
    assert tries.used_up
    tries.was_right(1)
    assert not tries.used_up


def test_the_list_of_a_leaver_names_every_laptop_and_keeps_who_ticked_what(workspace: Workspace) -> None:
    workspace.vault.new_incarnation("The old laptop")
    with workspace.change("Began a leaver’s list") as change:
        bo = leavers.begin(change, " Bo  Khan", date(2026, 11, 22))
    (leaver,) = leavers.listed(workspace.read)
    assert (leaver.name, leaver.left_on) == ("Bo Khan", "2026-11-22")
    assert "The old laptop" in [step.about for step in leaver.steps]
    assert {step.key for step in leaver.steps if not step.about} == set(leavers.STEPS)
    laptop = next(step.key for step in leaver.steps if step.about == "The old laptop")
    for step in ("pin", laptop):
        with workspace.change("Ticked a step") as change:
            leavers.tick(change, bo, step)
    (leaver,) = leavers.listed(workspace.read)
    done = {step.key: (step.done_on, step.who) for step in leaver.steps if step.done_on}
    assert done == dict.fromkeys(("pin", laptop), (date.today().isoformat(), "Ann"))
    assert leaver.open == len(leaver.steps) - 2
    with workspace.change("Took a tick off") as change:
        leavers.tick(change, bo, "pin", done=False)
    assert leavers.listed(workspace.read)[0].open == len(leaver.steps) - 1
    with workspace.change("Ticked a step") as change:
        leavers.tick(change, bo, "pin")
    assert workspace.read.execute("select count(*) from leaver_ticks").fetchone() == (2,)


def test_erasing_a_leaver_takes_the_list_with_them(workspace: Workspace) -> None:
    with workspace.change("Began a leaver’s list") as change:
        bo = leavers.begin(change, "Bo", date(2026, 11, 22))
        leavers.tick(change, bo, "kit")
    workspace.erase("Erased somebody", [("leavers", bo)])
    assert leavers.listed(workspace.read) == []
    assert workspace.read.execute("select count(*) from leaver_ticks").fetchone() == (0,)


def test_what_a_leaver_can_still_do_is_known(workspace: Workspace) -> None:
    assert leavers.standing(workspace.read, "bo") == leavers.Standing(False, False, False)
    added(workspace)
    with workspace.change("Named") as change:
        change.insert("concern_readers", name="Bo", role="lead", recipient="age1")
    assert leavers.standing(workspace.read, " bo") == leavers.Standing(False, True, True)
