"""Sharing one record by the window: inviting, joining, meeting, taking away; two laptops in one test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cis_desktop import health, ways_in
from cis_desktop.sync import invitations, laptops, place
from cis_desktop.sync.exchange import exchange
from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace
from tests.core.sync.group import WORDS, Group, add, names
from tests.ui.everywhere import until
from tests.ui.keys import press, type_in
from ui.sharing import AT_MOST
from ui.window import Window

Settled = Callable[[], None]


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    """Give a group with one laptop, whose kit somebody holds, and a stick."""
    made = Group(tmp_path)
    with_kit(made.front)
    yield made
    made.close()


def with_kit(workspace: Workspace) -> None:
    """Let somebody hold the recovery kit of a laptop."""
    identity = ways_in.add_recovery(workspace)
    slot = keys.open_with_recovery(keys.read_keys(workspace.folder), identity).slot.id
    with workspace.change("Proved the recovery kit") as change:
        health.kit_proven(change, slot)


def meets(workspace: Workspace, folder: Path) -> None:
    """Choose the shared folder of a laptop."""
    with workspace.change("Chose the shared folder") as change:
        place.choose(change.connection, folder, workspace.folder)


def laptops_page(window: Window, workspace: Workspace, settled: Settled):
    """Open a record and give its page of laptops."""
    window.opened(workspace)
    window.go("sharing")
    settled()
    return window.pages["sharing"]


def test_from_nothing_to_one_record_on_two_laptops_by_keyboard(
    window: Window, group: Group, settled: Settled, tmp_path: Path
) -> None:
    add(group.front, "Amina")
    page = laptops_page(window, group.front, settled)
    assert page.deck.seen() is page.first
    page.share.setFocus()
    press(window, Qt.Key.Key_Space)
    type_in(page.inviting.name, "Front desk")
    press(window, Qt.Key.Key_Tab)
    QTest.keySequence(QApplication.focusWidget(), "Ctrl+A")
    type_in(page.inviting.own, "Office")
    file = tmp_path / "for the desk.cis-invite"
    page.inviting.out.path.setText(str(file))
    press(window, Qt.Key.Key_Return)
    settled()
    code = page.inviting.code.text()
    assert len(code.split()) == 6
    assert file.is_file()
    press(window, Qt.Key.Key_Space)
    settled()
    assert page.inviting.code.text() == ""
    assert page.laptops.rows.record(0).name == "Office"
    assert "Front desk" in page.laptops.invited.text()
    meets(group.front, group.stick)
    window.lock()
    until(lambda: window.desk is None and not window.jobs.busy())

    start = window.start
    start.show_folder(None)
    start.join_one()
    type_in(start.joining.file, str(file))
    for field, text in (
        (start.joining.code, code.upper()), (start.joining.person, "Ben"),
        (start.joining.new.first.field, f"{WORDS} of Ben"), (start.joining.new.second.field, f"{WORDS} of Ben"),
    ):  # fmt: skip
        field.setFocus()
        type_in(field, text)
    start.joining.into.path.setText(str(tmp_path / "desk"))
    press(window, Qt.Key.Key_Return)
    until(lambda: window.desk is not None)
    settled()
    assert window.place == "sharing"
    page = window.pages["sharing"]
    assert page.waiting.isVisible()
    assert "choose the shared folder" in page.next.text()
    window.go("home")
    settled()
    assert "waits for the record" in window.pages["home"].safety.points["others"].text()
    window.go("sharing")
    page.meeting.folder.path.setFocus()
    type_in(page.meeting.folder, str(group.stick))
    press(window, Qt.Key.Key_Return)
    settled()
    assert "press “Look now” there" in page.next.text()
    joined = window.desk.workspace
    exchange(group_front := Workspace.open(group.folder / "front", WORDS), group.stick)
    page.meeting.look.click()
    until(lambda: window.pages.get("sharing") not in (None, page) and not window.jobs.busy())
    settled()
    assert window.pages["sharing"].notice.title.text() == "The record is here"
    assert names(joined) == ["Amina"]
    group_front.close()


def pair(group: Group) -> Workspace:
    """Give a second laptop that has the record; the first knows where they meet."""
    desk = group.invite("Front desk")
    with_kit(desk)
    group.meet(group.front, desk, group.front)
    meets(group.front, group.stick)
    return desk


def test_what_another_laptop_wrote_shows_at_once_and_nothing_half_written_is_lost(
    window: Window, group: Group, settled: Settled
) -> None:
    desk = pair(group)
    window.opened(group.front)
    window.go("people", ("new", None))
    settled()
    page = window.pages["people"]
    form = page.person_form
    type_in(form.fields["given_name"], "Half a na")
    add(desk, "Amina")
    group.meet(desk)
    window.sharing.look()
    settled()
    assert page.rows.record(0).label == "Amina"
    assert form.fields["given_name"].text() == "Half a na"
    assert window.standing.laptops.text() == "Laptops met just now"
    window.go("home")
    settled()
    assert "Front desk: " in window.pages["home"].safety.points["others"].text()


def test_a_stick_that_is_not_there_is_a_word_at_the_foot_and_an_answer_only_to_whoever_asks(
    window: Window, group: Group, settled: Settled
) -> None:
    pair(group)
    page = laptops_page(window, group.front, settled)
    away = group.stick.rename(group.folder / "pocket")
    window.sharing.look()
    settled()
    assert window.standing.laptops.text() == "The shared folder is not there"
    assert not page.notice.isVisible()
    assert not window.toast.isVisible()
    page.meeting.look.click()
    settled()
    assert page.notice.title.text() == "The shared folder is not there"
    away.rename(group.stick)
    page.meeting.look.click()
    settled()
    assert page.notice.title.text() == "Nothing new"


def test_it_looks_when_the_window_is_gone_to_but_not_twice_a_minute_nor_once_it_is_locked(
    window: Window, group: Group, settled: Settled
) -> None:
    desk = pair(group)
    window.opened(group.front)
    state = QApplication.instance().applicationStateChanged
    for name, found in (("Amina", ["Amina"]), ("José", ["Amina"])):
        add(desk, name)
        group.meet(desk)
        state.emit(Qt.ApplicationState.ApplicationActive)
        settled()
        assert names(group.front) == found
    window.sharing._at -= AT_MOST
    state.emit(Qt.ApplicationState.ApplicationActive)
    settled()
    assert names(group.front) == ["Amina", "José"]
    window.lock()
    until(lambda: not window.jobs.busy())
    window.sharing._at -= AT_MOST
    state.emit(Qt.ApplicationState.ApplicationActive)
    assert not window.jobs.busy()
    assert window.standing.laptops.text() == ""


def test_nothing_goes_or_comes_before_somebody_holds_a_kit(window: Window, settled: Settled, tmp_path: Path) -> None:
    bare = Group(tmp_path)
    desk = bare.invite("Front desk")
    meets(bare.front, bare.stick)
    before = bare.files()
    add(bare.front, "Amina")
    page = laptops_page(window, bare.front, settled)
    assert page.kit.isVisible()
    assert not page.laptops.invite.isEnabled()
    assert not page.meeting.look.isEnabled()
    window.sharing.look(asked=True)
    settled()
    assert bare.files() == before
    assert window.standing.laptops.text() == "Laptops: recovery kit first"
    with_kit(bare.front)
    window.desk.kept_safe.emit()
    settled()
    page.meeting.look.click()
    settled()
    bare.meet(desk)
    assert names(desk) == ["Amina"]
    window.lock()
    until(lambda: not window.jobs.busy())
    bare.close()


def test_each_laptop_has_a_kit_of_its_own(group: Group) -> None:
    desk = pair(group)
    for _ in range(2):
        group.meet(desk, group.front)
    for each in (desk, group.front):
        assert not health.kit_first(each.read, each.folder)


def test_a_laptop_taken_away_comes_back_by_undo_and_so_does_what_it_wrote(
    window: Window, group: Group, settled: Settled
) -> None:
    desk, third = pair(group), group.invite("Outreach")
    group.meet(group.front, desk, third, group.front)
    page = laptops_page(window, group.front, settled)
    page.laptops.table.setFocus()
    press(window, Qt.Key.Key_Down)
    assert page.laptops.take.isEnabled()
    page.laptops.take.click()
    settled()
    assert page.laptops.done.text().startswith("Front desk is taken away.")
    assert "nobody can delete that from here" in page.laptops.done.text()
    add(desk, "Late")
    group.front.vault.receive(list(desk.vault.sets_since(group.front.vault.held())))
    page.reload()
    settled()
    page.laptops.table.selectRow(2)
    assert "Added a person" in page.laptops.later.text()
    assert names(group.front) == []
    assert QApplication.focusWidget() is page.laptops.undo
    press(window, Qt.Key.Key_Space)
    settled()
    assert page.notice.title.text() == "Front desk takes part again"
    assert names(group.front) == ["Late"]


def test_what_a_laptop_wrote_after_it_was_taken_away_is_shown_and_counts_if_somebody_says_so(
    window: Window, group: Group, settled: Settled
) -> None:
    desk = pair(group)
    laptops.remove(group.front, "Front desk")
    add(desk, "Late")
    group.meet(desk)
    page = laptops_page(window, group.front, settled)
    page.meeting.look.click()
    settled()
    page.laptops.table.selectRow(1)
    assert "first name Late" in page.laptops.later.text()
    assert names(group.front) == []
    page.laptops.accept.click()
    settled()
    assert names(group.front) == ["Late"]
    assert not page.laptops.accept.isVisible()


def test_only_what_was_shown_is_judged_and_the_name_goes_to_the_laptop_it_was_begun_for(
    window: Window, group: Group, settled: Settled
) -> None:
    desk = pair(group)
    page = laptops_page(window, group.front, settled)
    card = page.laptops
    card.table.selectRow(1)
    card.begin_naming()
    card.name.setText("Hall")
    card.table.selectRow(0)
    kept = page.drafts()
    card.naming.hide()
    page.restore(kept)
    card.give_name()
    settled()
    assert [each.name for each in laptops.laptops(group.front.read) if each.device == kept["device"]] == ["Hall"]
    laptops.remove(group.front, "Hall")
    add(desk, "Seen")
    group.front.vault.receive(list(desk.vault.sets_since(group.front.vault.held())))
    page.reload()
    settled()
    card.table.selectRow(1)
    assert "first name Seen" in card.later.text()
    add(desk, "Unseen")
    group.front.vault.receive(list(desk.vault.sets_since(group.front.vault.held())))
    card.accept.click()
    settled()
    assert names(group.front) == ["Seen"]


def test_an_exchange_that_is_stopped_leaves_the_rest_for_the_next_one(
    window: Window, group: Group, settled: Settled
) -> None:
    desk = pair(group)
    for name in ("Amina", "José", "Mei"):
        add(desk, name)
        group.meet(desk)
    window.opened(group.front)
    window.sharing.look()
    window.sharing.job.cancel()
    settled()
    assert window.toast.words.text().startswith("Stopped, as you asked.")
    window.sharing.look()
    settled()
    assert names(group.front) == ["Amina", "José", "Mei"]


def test_wrong_words_and_a_folder_of_the_record_are_refused_in_words_where_they_were_given(
    window: Window, group: Group, settled: Settled
) -> None:
    file = group.folder / "desk.cis-invite"
    invitations.invite(group.front, "Front desk", file)
    joining = window.start.joining
    window.start.join_one()
    joining.file.path.setText(str(file))
    joining.code.setText("six words that were never told")
    joining.person.setText("Ben")
    for field in (joining.new.first.field, joining.new.second.field):
        field.setText(f"{WORDS} of Ben")
    joining.go.click()
    settled()
    assert joining.notice.title.text() == "These words do not open the invitation"
    assert QApplication.focusWidget() is joining.code
    page = laptops_page(window, group.front, settled)
    page.meeting.folder.path.setFocus()
    type_in(page.meeting.folder, str(group.front.folder / "backups"))
    press(window, Qt.Key.Key_Return)
    settled()
    assert page.notice.title.text() == "That is the folder of the record itself"
    assert place.chosen(group.front.read) is None


def test_laptops_are_found_by_any_of_their_words(window: Window, group: Group, settled: Settled) -> None:
    window.opened(group.front)
    window.find_anything()
    type_in(window.anywhere.field, "lapt")
    press(window, Qt.Key.Key_Return)
    settled()
    assert window.place == "sharing"
