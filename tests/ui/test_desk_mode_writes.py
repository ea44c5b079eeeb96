# ruff: noqa: F811 - fixtures that are imported
"""What volunteers write at the desk besides visits: a head-count, something noticed, a concern nobody else reads."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cis_desktop import concern_drafts, concerns, volunteers
from cis_desktop.records import observations, sessions
from cis_desktop.vault import slots
from cis_desktop.workspace import Workspace
from tests.ui.keys import press, type_in
from ui.window import Window

from .everywhere import until
from .test_desk_mode import ANN, CY, PIN, SECRETS, Settled, folder, hand_over, opened, seen, write_as  # noqa: F401


def take_back(window: Window, settled: Settled, passphrase: str = ANN) -> None:
    page = window.handed.page
    page.take.click()
    type_in(page.secret.field, passphrase)
    press(page, Qt.Key.Key_Return)
    until(lambda: window.desk is not None)
    settled()


def tab_to(window: Window, wanted: object) -> None:
    """Press Tab until something has the keys."""
    for _ in range(60):
        if QApplication.focusWidget() is wanted:
            return
        press(window, Qt.Key.Key_Tab)
    raise AssertionError("Tab does not lead there")


def test_heads_are_counted_in_two_fields_and_something_noticed_by_keys_alone(
    window: Window, opened: Workspace, settled: Settled
) -> None:
    page = hand_over(window, settled)
    write_as(page, settled)
    tab_to(window, page.writing.all_adults)
    QTest.keyClicks(QApplication.focusWidget(), "31")
    press(window, Qt.Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), "12")
    press(window, Qt.Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), "The queue was outside in the rain")
    press(window, Qt.Key.Key_Return)
    settled()
    (session,) = sessions.on_day(opened.read, date.today())
    assert (session.adults, session.children) == (31, 12)
    (noticed,) = observations.page(opened.read)
    assert (noticed.words, noticed.session_id) == ("The queue was outside in the rain", session.id)
    assert page.writing.said.text() == "Written down."
    who = {each.words: each.who for each in opened.change_sets()}
    assert (who["Counted a session"], who["Noticed something"]) == ("Bo (desk)", "Bo (desk)")


def test_what_one_volunteer_counted_and_noted_is_saved_under_their_name_before_the_next(
    window: Window, opened: Workspace, settled: Settled
) -> None:
    page = hand_over(window, settled)
    write_as(page, settled)
    page.writing.all_adults.set_number(9)
    page.writing.noticed.setText("Two came from the new flats")
    page.other.click()
    write_as(page, settled, "Di", "5802")
    assert page.writing.noticed.text() == ""
    assert {each.who for each in opened.change_sets()[:2]} == {"Bo (desk)"}
    (session,) = sessions.on_day(opened.read, date.today())
    assert session.adults == 9
    assert [each.words for each in observations.page(opened.read)] == ["Two came from the new flats"]


def test_a_half_noted_line_and_a_count_come_back_after_locking(
    window: Window, opened: Workspace, settled: Settled
) -> None:
    page = hand_over(window, settled)
    write_as(page, settled)
    page.writing.all_adults.set_number(9)
    page.writing.noticed.setText("Two came from the new")
    window.lock()
    until(lambda: not window.jobs.busy() and window.start.isEnabled())
    again = Workspace.open(opened.folder, ANN)
    window.opened(again)
    settled()
    desk = window.pages["sessions"].front_desk
    assert desk.noticed.text() == "Two came from the new"
    until(lambda: sessions.on_day(again.read, date.today())[0].adults == 9)


def test_a_volunteer_writes_a_concern_that_only_the_lead_reads(
    window: Window, opened: Workspace, settled: Settled
) -> None:
    page = hand_over(window, settled)
    write_as(page, settled)
    page.concern.setFocus()
    press(window, Qt.Key.Key_Space)
    assert QApplication.focusWidget() is page.form.words
    assert "the safeguarding lead, and not by you" in page.form.who.text()
    QTest.keyClicks(page.form.words, "Bruises on both arms")
    tab_to(window, page.form.about)
    QTest.keyClicks(page.form.about, "Ami")
    assert page.form._names.stringList() == ["Amina Khan (P-0001)"]
    page.form.about.setText("peanuts")
    page.form._offer("peanuts")
    assert page.form._names.stringList() == []
    tab_to(window, page.form.save)
    press(window, Qt.Key.Key_Space)
    settled()
    words = seen(page)
    assert "It is saved, as K-" in words
    assert "Bruises" not in words
    assert not [secret for secret in SECRETS if secret in words]
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_Space)
    assert page.deck.seen() is page.writing
    assert concerns.listed(opened) == []
    assert not [each for each in opened.change_sets() if "concern" in each.words and "reads" not in each.words]
    take_back(window, settled)
    (found,) = concerns.listed(opened)
    assert (found.note.words, found.note.by) == ("Bruises on both arms", "Bo (desk)")


def test_a_half_written_concern_is_seen_by_whoever_writes_it_and_nobody_else(
    window: Window, opened: Workspace, settled: Settled
) -> None:
    page = hand_over(window, settled)
    write_as(page, settled)
    page.concern.click()
    QTest.keyClicks(page.form.words, "Bruises on")
    page.form.about.insert("zzz")
    page.away.click()
    page.other.click()
    write_as(page, settled, "Di", "5802")
    page.concern.click()
    assert (page.form.words.toPlainText(), page.form.about.text()) == ("", "")
    for field in (page.form.words, page.form.about):
        field.undo()
    assert (page.form.words.toPlainText(), page.form.about.text()) == ("", "")
    page.away.click()
    page.other.click()
    write_as(page, settled, "Bo", PIN)
    page.concern.click()
    assert (page.form.words.toPlainText(), page.form.about.text()) == ("Bruises on", "zzz")
    take = page.take
    assert not take.isVisible()
    page.away.click()
    take_back(window, settled)
    assert "Bruises" not in str(window.written())
    assert concerns.listed(opened) == []


def half_write(window: Window, settled: Settled) -> None:
    """Write half a concern about Ann as Bo, with the cursor after its second word."""
    page = hand_over(window, settled)
    write_as(page, settled)
    page.concern.click()
    QTest.keyClicks(page.form.words, "Bruises on both")
    for _ in range(5):
        QTest.keyClick(page.form.words, Qt.Key.Key_Left)
    page.form.about.insert("zzz")
    page.form.keep_from.tick(["Ann"])


def lock(window: Window) -> None:
    window.lock()
    until(lambda: not window.jobs.busy() and window.start.isEnabled())


def sealed_in(workspace: Workspace) -> str:
    """Give all notes of this device, with what whoever has the record open can open of a draft."""
    notes = workspace.read.execute("select name, value from local_notes").fetchall()
    return f"{notes} {[concern_drafts.open_draft(workspace, value or '') for _, value in notes]}"


@pytest.mark.parametrize("between", ["locked", "taken back", "locked twice"])
def test_a_half_written_concern_comes_back_after_its_volunteers_pin_and_is_not_seen_before(
    window: Window, opened: Workspace, settled: Settled, between: str
) -> None:
    with opened.change("Named a deputy") as change:
        cy = next(slot for slot in slots.current(opened.read) if slot.name == "Cy")
        change.insert("concern_readers", name="Cy", role="deputy", recipient=cy.recipient)
    half_write(window, settled)
    if between == "taken back":
        # From the visits, where the button for it is.
        window.handed.page.away.click()
        take_back(window, settled)
    for _ in range(("taken back", "locked", "locked twice").index(between)):
        if window.handed.page is None:
            # Somebody else has the desk before it locks once more.
            write_as(hand_over(window, settled), settled, "Di", "5802")
        lock(window)
        window.opened(Workspace.open(opened.folder, ANN))
        settled()
    workspace = window.desk.workspace
    assert "Bruises" not in f"{window.written()} {window.kept} {sealed_in(workspace)}"
    page = hand_over(window, settled)
    write_as(page, settled, "Di", "5802")
    page.concern.click()
    assert (page.form.words.toPlainText(), page.form.about.text()) == ("", "")
    page.away.click()
    page.other.click()
    assert "Bruises" not in seen(page)
    write_as(page, settled)
    assert page.deck.seen() is page.writing
    page.concern.click()
    assert (page.form.words.toPlainText(), page.form.about.text()) == ("Bruises on both", "zzz")
    assert page.form.words.textCursor().position() == len("Bruises on")
    # Still kept from whom it is about.
    assert page.form.keep_from.ticked() == ["Ann"]
    page.form.save.click()
    settled()
    page.form.home.emit()
    take_back(window, settled)
    assert concerns.listed(workspace) == []
    lock(window)
    with Workspace.open(opened.folder, CY) as deputy:
        assert [each.note.words for each in concerns.listed(deputy)] == ["Bruises on both"]


def test_a_new_pin_does_not_bring_back_what_was_half_written_under_the_old_one(
    window: Window, opened: Workspace, settled: Settled
) -> None:
    half_write(window, settled)
    lock(window)
    window.opened(Workspace.open(opened.folder, ANN))
    settled()
    with window.desk.workspace.change("Gave Bo another PIN") as change:
        volunteers.new_pin(change, next(each.id for each in volunteers.listed(change.connection)), "9305")
    page = hand_over(window, settled)
    write_as(page, settled, pin="9305")
    page.concern.click()
    assert (page.form.words.toPlainText(), page.form.about.text()) == ("", "")


def test_where_nobody_reads_concerns_a_volunteer_is_told_whom_to_tell(
    window: Window, opened: Workspace, settled: Settled
) -> None:
    with opened.change("Nobody reads") as change:
        for each in concerns.readers(opened.read):
            change.delete("concern_readers", each.id)
    page = hand_over(window, settled)
    write_as(page, settled)
    page.concern.click()
    words = seen(page)
    assert "Nobody reads concerns here yet" in words
    assert "Tell whoever handed over the desk" in words
