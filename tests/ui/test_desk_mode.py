"""Volunteers have the desk: they find people and write visits, and nothing else of the record can be reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from cis_desktop import concerns, volunteers, ways_in
from cis_desktop.records import contacts, households, people, sessions
from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.workspace import Workspace
from tests.ui.keys import press, type_in
from ui import theme
from ui.pages.help import HelpPage
from ui.pages.sessions.handed import HandedPage
from ui.window import Window

from .everywhere import until
from .test_everyone import controls
from .test_translation import OPEN, elsewhere, is_word, texts, theirs  # noqa: F401 - a fixture

ANN, CY = "correct horse battery staple", "seven quiet otters knitting"
PIN = "4071"
SECRETS = ("07700 900123", "shouted at us", "knock twice", "Her brother", "1962", "NW1 8AB", "Debt letter")
Settled = Callable[[], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a record of Ann's (who leads) and Cy's, with two volunteers, two people and a case."""
    folder = tmp_path / "group"
    with Workspace.create(folder, "Larder", "Ann", ANN, passes=1) as made:
        ways_in.add_person(made, "Cy", CY, passes=1)
        concerns.appoint(made, made.slot, "lead")
        with made.change("Made an example") as change:
            load_code_lists(change)
            volunteers.add(change, "Bo", PIN)
            volunteers.add(change, "Di", "5802")
            home = households.add(
                change, label="Khan", diet="Halal", allergies="Peanuts", delivery="Back door", note="knock twice",
                collectors="Her brother",
            )  # fmt: skip
            amina = people.add(
                change, given_name="Amina", family_name="Khan", birth_year=1962, postcode="NW1 8AB",
                phone="07700 900123", note="shouted at us", household_id=home,
            )  # fmt: skip
            people.add(change, given_name="José", family_name="García")
            contacts.add(change, "2026-05-04", [], [], person_id=amina, kind="visit", note="Debt letter")
    return folder


@pytest.fixture
def opened(qtbot: QtBot, window: Window, folder: Path, settled: Settled) -> Iterator[Workspace]:
    """Give the record, open in the window under Ann's passphrase."""
    workspace = Workspace.open(folder, ANN)
    window.opened(workspace)
    settled()
    yield workspace
    window.lock()
    settled()


def handed(window: Window) -> HandedPage:
    page = window.handed.page
    assert page is not None
    assert window.stack.currentWidget() is page
    return page


def hand_over(window: Window, settled: Settled) -> HandedPage:
    """Hand the desk over for today's session, by the menu and, for the first time today, the form."""
    window.go("sessions", ("hand", None))
    if window.handed.page is None:
        page = window.pages["sessions"]
        page.begin_form.venue.setText("Hall")
        page.begin_form.start.click()
    until(lambda: window.handed.page is not None)
    settled()
    return handed(window)


def write_as(page: HandedPage, settled: Settled, name: str = "Bo", pin: str = PIN) -> None:
    """Choose a name and type a PIN, by keyboard."""
    at = next(at for at in range(page.rows.rowCount()) if page.rows.record(at).name == name)
    page.names.selectRow(at)
    page.pin.setFocus()
    type_in(page.pin, pin)
    press(page, Qt.Key.Key_Return)
    settled()


def arrive(page: HandedPage, name: str, settled: Settled) -> None:
    type_in(page.writing.finder.field, name)
    press(page, Qt.Key.Key_Return)
    settled()


def seen(page: QWidget) -> str:
    """Give all the words that are seen, those in lists as well."""
    said = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    writing = page.writing
    for rows in (writing.finder.rows, writing.written.rows):
        said += [
            str(rows.data(rows.index(at, column)))
            for at in range(rows.rowCount())
            for column in range(rows.columnCount())
        ]
    return "\n".join(said)


def test_a_volunteer_finds_gives_and_saves_under_their_own_name(
    window: Window, opened: Workspace, settled: Settled
) -> None:
    page = hand_over(window, settled)
    write_as(page, settled)
    type_in(page.writing.finder.field, "Ami")
    QTest.qWait(20)
    words = seen(page)
    for shown in ("Amina Khan", "Peanuts", "Halal", "Back door", "visit in six months"):
        assert shown in words
    assert not [secret for secret in SECRETS if secret in words]
    press(page, Qt.Key.Key_Return)
    settled()
    (visit,) = sessions.on_day(opened.read, date.today())
    assert [each.person_id for each in contacts.at_session(opened.read, visit.id)] == [1]
    added = [each for each in opened.change_sets() if each.words == "Added a visit"]
    assert [each.who for each in added] == ["Bo (desk)"]


def test_nobody_is_found_by_what_is_not_shown_of_them(window: Window, opened: Workspace, settled: Settled) -> None:
    page = hand_over(window, settled)
    write_as(page, settled)
    finder = page.writing.finder
    finder.field.setText("Amina")
    assert finder.rows.rowCount() == 1
    for words in ("NW1 8AB", "NW1", "07700", "am 07700", "shouted", "knock", "brother"):
        finder.field.setText(words)
        assert finder.rows.rowCount() == 0, words


def test_nothing_is_seen_before_a_pin_is_typed(window: Window, opened: Workspace, settled: Settled) -> None:
    page = hand_over(window, settled)
    assert not page.writing.isVisible()
    assert not window.rail.isVisible()
    assert window.pages == {}
    assert opened.identity == ""
    assert opened.who == ""


def test_a_wrong_pin_waits_longer_each_time_and_five_need_a_passphrase(
    qtbot: QtBot, window: Window, opened: Workspace, settled: Settled
) -> None:
    page = hand_over(window, settled)
    for wait in (2, 4, 8, 16):
        write_as(page, settled, pin="9999")
        assert not page.writing.isVisible()
        assert not page.pin.isEnabled()
        assert f"in {wait} s" in page.said.text()
        if wait == 2:
            qtbot.waitUntil(page.pin.isEnabled, timeout=5000)
        else:
            page._tick(count=wait)
        # A right PIN of somebody else gives nobody more tries.
        write_as(page, settled, "Di", "5802")
        assert page.writing.isVisible()
        page.other.click()
    write_as(page, settled, pin="9999")
    assert "Too many" in page.said.text()
    page._tick(count=60)
    for at in range(page.rows.rowCount()):
        page.names.selectRow(at)
        assert not page.pin.isEnabled()
    page.take.click()
    type_in(page.secret.field, ANN)
    press(page, Qt.Key.Key_Return)
    until(lambda: window.desk is not None)
    assert concerns.may_read(opened)


def test_no_action_and_no_keys_lead_anywhere_else(window: Window, opened: Workspace, settled: Settled) -> None:
    window.go("home")
    settled()
    page = hand_over(window, settled)
    write_as(page, settled)
    arrive(page, "Amina", settled)
    before = opened.change_sets()

    def still_at_the_desk(tried: str) -> None:
        settled()
        shown = window.stack.currentWidget()
        if isinstance(shown, HelpPage):
            assert not shown.print.isVisible()
            press(window, Qt.Key.Key_Escape)
            shown = window.stack.currentWidget()
        assert shown is page, tried
        assert window.desk is None, tried
        assert window.pages == {}, tried
        assert not window.rail.isVisible(), tried
        assert not window.toast.isVisible(), tried
        over = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each is not window]
        assert not [each for each in over if each.metaObject().className() != "QTipLabel"], tried
        for box in ("anywhere", "adding"):
            assert box not in window.__dict__ or not window.__dict__[box].isVisible(), tried

    allowed = {"Lock", "Quit", "Larger text", "Smaller text", "Help with this place", "When things go wrong"}
    actions = window.actions()
    assert {each.text().replace("&", "") for each in actions if each.isEnabled()} == allowed
    keys = {each.shortcut() for each in actions if not each.shortcut().isEmpty()}
    assert len(keys) > 25
    for action in actions:
        if action.text().replace("&", "") not in ("Lock", "Quit"):
            action.trigger()
            still_at_the_desk(action.text())
    for key in sorted(keys, key=QKeySequence.toString):
        if key.toString() not in ("Ctrl+L", "Ctrl+Q"):
            QTest.keySequence(window, key)
            still_at_the_desk(key.toString())
    own = [each for each in window.findChildren(QShortcut) if page.isAncestorOf(each.parent()) or each.parent() is page]
    others = [each for each in window.findChildren(QShortcut) if each not in own and each.parent() is not None]
    assert not [each.key().toString() for each in others if each.parent().isVisible() and each.isEnabled()]
    for place in ("home", "people", "sessions", "history", "settings", "opening", "concerns", "help"):
        window.go(place)
        still_at_the_desk(place)
    for act in (window.find_anything, window.quick_add, window.undo, window.redo, window.back_up, window.keep_drafts):
        act()
        still_at_the_desk(act.__name__)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(opened.folder / "vault.keys"))])
    QApplication.sendEvent(
        window, QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.NoModifier)
    )
    still_at_the_desk("a file dropped")
    assert opened.change_sets() == before
    # Every button that is left, but those that take the desk back.
    names = {name for _, name, _ in controls(page)}
    assert not [name for name in names if "session" in name.lower() or "Change the place" in name]


def test_only_what_was_written_under_this_pin_can_be_taken_back(
    window: Window, opened: Workspace, settled: Settled
) -> None:
    page = hand_over(window, settled)
    write_as(page, settled)
    arrive(page, "Amina", settled)
    page.other.click()
    write_as(page, settled, "Di", "5802")
    (session,) = sessions.on_day(opened.read, date.today())
    page.writing.finder.field.setFocus()
    press(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    page.writing.written.take_marked()
    settled()
    assert "Somebody else wrote that" in page.writing.said.text()
    assert len(contacts.at_session(opened.read, session.id)) == 1
    arrive(page, "Jos", settled)
    assert len(contacts.at_session(opened.read, session.id)) == 2
    press(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert len(contacts.at_session(opened.read, session.id)) == 1
    assert opened.change_sets()[0].who == "Di (desk)"


def test_it_is_taken_back_by_any_passphrase_and_under_that_persons_own_name(
    window: Window, opened: Workspace, settled: Settled
) -> None:
    page = hand_over(window, settled)
    page.take.click()
    for wrong in ("", PIN, "not the passphrase"):
        page.secret.field.setText(wrong)
        page.give.click()
        settled()
        assert page.notice.isVisible()
        assert window.desk is None
    page.secret.field.selectAll()
    type_in(page.secret.field, CY)
    press(page, Qt.Key.Key_Return)
    until(lambda: window.desk is not None)
    settled()
    assert window.handed.page is None
    assert window.rail.isVisible()
    # Cy has it back and not Ann, who unlocked: what only Ann may read stays closed.
    assert opened.who == "Cy"
    assert opened.recipient == ways_in.slot_of(opened, opened.slot).recipient
    assert not concerns.may_read(opened)
    window.go("people")
    assert window.stack.currentWidget() is window.pages["people"]


@pytest.mark.parametrize("way", ["lock", "idle", "close"])
def test_locking_locks_wholly_and_loses_nothing_half_written(
    window: Window, opened: Workspace, folder: Path, settled: Settled, way: str
) -> None:
    window.go("noticed", ("new", None))
    window.pages["noticed"].words.setPlainText("Half a thought of Ann’s")
    page = hand_over(window, settled)
    write_as(page, settled)
    type_in(page.writing.finder.field, "Jos")
    page.writing.form.note.setText("needs nappies")
    {"lock": window.lock, "idle": window.idle.past.emit, "close": window.close}[way]()
    until(lambda: not window.jobs.busy() and window.start.isEnabled())
    assert window.handed.desk is None
    assert window.handed.page is None
    assert window.stack.currentWidget() is window.start
    if way == "close":
        QTest.qWait(50)
        assert not window.isVisible()
        window.leaving = False
        window.show()
    again = Workspace.open(folder, CY)
    window.opened(again)
    settled()
    assert window.place == "sessions"
    desk = window.pages["sessions"].front_desk
    assert desk.isVisible()
    assert desk.finder.field.text() == "Jos"
    assert desk.form.note.text() == "needs nappies"
    assert window.pages["noticed"].words.toPlainText() == "Half a thought of Ann’s"


def test_without_volunteers_it_is_not_handed_over_and_they_can_be_added(
    window: Window, opened: Workspace, settled: Settled
) -> None:
    with opened.change("Retired") as change:
        for each in volunteers.listed(opened.read):
            volunteers.retire(change, each.id)
    settled()
    window.go("sessions", ("hand", None))
    window.pages["sessions"].begin_form.start.click()
    until(lambda: window.place == "volunteers")
    page = window.pages["volunteers"]
    assert page.notice.title.text() == "Nobody has a PIN yet"
    type_in(page.pins.name, "Eve")
    press(window, Qt.Key.Key_Return)
    type_in(page.pins.pin, "8164")
    press(window, Qt.Key.Key_Return)
    settled()
    (eve,) = volunteers.listed(opened.read)
    assert volunteers.right(opened.read, eve.id, "8164")
    assert page.pins.pin.text() == ""
    assert "8164" not in str(window.written())


PARTS: dict[str, Callable[[HandedPage, Settled], object]] = {
    "choosing": lambda page, settled: page.names.selectRow(0),
    "wrong": lambda page, settled: write_as(page, settled, pin="9999"),
    "writing": lambda page, settled: (write_as(page, settled), type_in(page.writing.finder.field, "Ami")),
    "newcomer": lambda page, settled: (write_as(page, settled), page.writing.somebody_new("Yara")),
    "concern": lambda page, settled: (write_as(page, settled), page.concern.click()),
    "concern saved": lambda page, settled: (
        write_as(page, settled),
        page.concern.click(),
        page.form.words.setPlainText("Bruises"),
        page.form.save.click(),
        settled(),
    ),
    "leaving": lambda page, settled: page.take.click(),
}


@pytest.mark.parametrize("part", PARTS)
def test_everyone_can_use_it(
    qapp: QApplication, window: Window, opened: Workspace, settled: Settled, part: str
) -> None:
    """Names for a screen reader, letters that do not clash, and no word cut at twice the size."""
    theme.put_on(qapp, "dark", 200)
    page = hand_over(window, settled)
    PARTS[part](page, settled)
    QTest.qWait(50)
    found = [(role, name) for role, name, _ in controls(window)]
    assert not [each for each in found if not each[1].strip()]
    assert len(set(found)) == len(found), sorted(each for each in found if found.count(each) > 1)
    letters = [
        QKeySequence.mnemonic(each.text()).toString()
        for each in window.findChildren(QWidget)
        if each.isVisible() and (hasattr(each, "isCheckable") or (isinstance(each, QLabel) and each.buddy()))
    ]
    letters += [QKeySequence.mnemonic(each.text()).toString() for each in window.menuBar().actions()]
    assert not {each for each in letters if each and letters.count(each) > 1}
    assert window.width() <= 1280
    assert window.height() <= 720
    for label in page.findChildren(QLabel):
        if label.isVisible() and label.text():
            assert label.width() >= label.minimumSizeHint().width(), label.text()
            assert label.height() >= label.heightForWidth(label.width()), label.text()


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("part", PARTS)
def test_every_word_goes_through_translation(window: Window, opened: Workspace, settled: Settled, part: str) -> None:
    page = hand_over(window, settled)
    PARTS[part](page, settled)
    QTest.qWait(20)
    left = {line for text in texts(page) for line in text.splitlines() if OPEN not in line}
    assert {line for line in left if is_word(line) and not theirs(line, opened)} <= {"Amina Khan"}
