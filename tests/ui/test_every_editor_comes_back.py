"""Locked in the middle of a word, in every editor there is: the same page, text, cursor and focus come back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit

from cis_desktop.records import observations, people, sessions
from cis_desktop.workspace import Workspace
from tests.ui.test_intake_page import a_list
from tests.ui.test_post import homes  # noqa: F401 - a fixture
from ui.window import Window

KEY = bytes(range(32))
WORDS, AT, FROM = "half a wor", 8, 5
"""What is typed, where the cursor is in it, and where its selection began."""
Editor = QLineEdit | QPlainTextEdit | QTextEdit
Find = Callable[[Window], Editor]
Settled = Callable[[], None]


def person(window: Window) -> int:
    """Give somebody."""
    return people.page(window.desk.workspace.read)[0].id


def visit(window: Window) -> None:
    window.go("people", ("visit", person(window)))


def case(window: Window) -> None:
    window.go("people", ("case", person(window)))


def correct(window: Window) -> None:
    window.go("people", ("correct", person(window)))


def new_person(window: Window) -> None:
    window.go("people", ("new", None))


def household(window: Window) -> None:
    who = person(window)
    with window.desk.workspace.change("Made a household") as change:
        home = change.insert("households", reference=change.next_reference("H"))
        change.update("people", who, household_id=home)
    window.go("people", ("show", who))
    window.pages["people"].home_sheet.show_household(home, who)
    window.pages["people"].stack.see(window.pages["people"].home_sheet)


def noticed(window: Window) -> None:
    window.go("noticed", ("new", None))


def noticed_before(window: Window) -> None:
    window.go("noticed", ("show", observations.page(window.desk.workspace.read)[0].id))


def session(window: Window) -> None:
    window.go("sessions", ("new", None))


def settings(window: Window) -> None:
    window.go("settings")


def add_person(window: Window) -> None:
    window.go("noticed")
    window.quick_add()
    window.adding.begin("new")


def add_visit(window: Window) -> None:
    window.go("people")
    window.quick_add()
    window.adding.begin("visit")


def find_anything(window: Window) -> None:
    window.go("reports")
    window.find_anything()


EDITORS: dict[str, tuple[Callable[[Window], None], Find]] = {
    "visit": (visit, lambda window: window.pages["people"].visit_form.note),
    "case": (case, lambda window: window.pages["people"].case_form.note),
    "person, a line": (correct, lambda window: window.pages["people"].person_form.fields["given_name"]),
    "person, a note": (correct, lambda window: window.pages["people"].person_form.note),
    "new person": (new_person, lambda window: window.pages["people"].person_form.fields["family_name"]),
    "household, a note": (household, lambda window: window.pages["people"].home_sheet.note),
    "noticed": (noticed, lambda window: window.pages["noticed"].words),
    "noticed, where": (noticed, lambda window: window.pages["noticed"].form.fields.place),
    "noticed before": (noticed_before, lambda window: window.pages["noticed"].words),
    "session, where": (session, lambda window: window.pages["sessions"].venue),
    "session, a note": (session, lambda window: window.pages["sessions"].note),
    "adding a person": (add_person, lambda window: window.adding.field),
    "adding a visit": (add_visit, lambda window: window.adding.field),
    "finding anything": (find_anything, lambda window: window.anywhere.field),
    "settings, name": (settings, lambda window: window.pages["settings"].name),
    "settings, an own word": (settings, lambda window: window.pages["settings"].lists.name),
}


def type_half(editor: Editor) -> None:
    """Type half a word, mark a part of it, and stay there."""
    editor.setFocus()
    if not isinstance(editor, QLineEdit):
        editor.setPlainText(WORDS)
        cursor = editor.textCursor()
        cursor.setPosition(FROM)
        cursor.setPosition(AT, QTextCursor.MoveMode.KeepAnchor)
        editor.setTextCursor(cursor)
    else:
        editor.setText(WORDS)
        editor.setSelection(FROM, AT - FROM)


def where(editor: Editor) -> tuple[str, int, str]:
    """Give the words, the place of the cursor, and the marked part."""
    if not isinstance(editor, QLineEdit):
        return editor.toPlainText(), editor.textCursor().position(), editor.textCursor().selectedText()
    return editor.text(), editor.cursorPosition(), editor.selectedText()


def again(window: Window, group: Workspace, settled: Settled) -> None:
    """Lock, and unlock."""
    window.lock()
    settled()
    assert window.pages == {}
    window.opened(Workspace.open_raw(group.folder, KEY, "Ann"))
    settled()


@pytest.mark.parametrize("name", EDITORS)
def test_words_cursor_marks_and_page_come_back(window: Window, group: Workspace, settled: Settled, name: str) -> None:
    show, find = EDITORS[name]
    window.opened(group)
    show(window)
    settled()
    place = window.place
    type_half(find(window))
    assert where(find(window)) == (WORDS, AT, WORDS[FROM:AT])
    again(window, group, settled)
    assert window.place == place
    editor = find(window)
    assert editor.isVisible()
    assert where(editor) == (WORDS, AT, WORDS[FROM:AT])
    assert editor.hasFocus()


def test_a_name_typed_to_add_somebody_goes_on_to_the_form_after_unlocking(
    window: Window, group: Workspace, settled: Settled
) -> None:
    window.opened(group)
    add_person(window)
    type_half(window.adding.field)
    again(window, group, settled)
    assert window.adding.label.text() == "The name of the new person"
    QTest.keyClick(window.adding.field, Qt.Key.Key_Return)
    assert window.pages["people"].person_form.fields["given_name"].text() == "half"
    settled()
    again(window, group, settled)
    assert not window.adding.isVisible()


def test_the_desk_of_a_session_comes_back(window: Window, group: Workspace, settled: Settled) -> None:
    window.opened(group)
    window.go("sessions", ("new", None))
    page = window.pages["sessions"]
    with group.change("Made a session") as change:
        made = sessions.add(change, "2026-05-06", venue="Hall")
    page.front_desk.begin(made, ())
    page._see(page.front_desk)
    type_half(page.front_desk.noticed)
    again(window, group, settled)
    page = window.pages["sessions"]
    assert where(page.front_desk.noticed) == (WORDS, AT, WORDS[FROM:AT])
    assert page.front_desk.noticed.hasFocus()


def test_pasted_lines_come_back(window: Window, group: Workspace, settled: Settled) -> None:
    window.opened(group)
    window.go("sessions", ("new", None))
    page = window.pages["sessions"]
    with group.change("Made a session") as change:
        made = sessions.add(change, "2026-05-06", venue="Hall")
    page.paper.begin(made, ())
    page._see(page.paper)
    page._paste()
    type_half(page.paste_form.text)
    again(window, group, settled)
    field = window.pages["sessions"].paste_form.text
    assert where(field) == (WORDS, AT, WORDS[FROM:AT])
    assert field.hasFocus()


def test_what_was_said_about_council_post_comes_back(
    window: Window,
    group: Workspace,
    settled: Settled,
    homes: Path,  # noqa: F811
) -> None:
    window.opened(group)
    window.go("post")
    page = window.pages["post"]
    page.look_at([homes])
    settled()
    page.checking._set(unit="Houses")
    type_half(page.checking.sender)
    again(window, group, settled)
    page = window.pages["post"]
    assert page.checking._mapping().unit == "Houses"
    assert where(page.checking.sender) == (WORDS, AT, WORDS[FROM:AT])
    assert page.checking.sender.hasFocus()


def test_an_import_that_was_tried_is_tried_again(
    window: Window, lists: Workspace, settled: Settled, tmp_path: Path
) -> None:
    window.opened(lists)
    window.go("intake")
    page = window.pages["intake"]
    page.read_file(a_list(tmp_path / "list.csv", ["1/13/2018", "1/14/2018", "someday"]))
    settled()
    page.try_it.click()
    settled()
    page.bring.setFocus()
    again(window, lists, settled)
    page = window.pages["intake"]
    assert page.trial_part.title.text() == "2 rows can come in, 1 cannot"
    assert page.bring.hasFocus()


def test_nobody_is_moved_who_has_begun_to_type(
    window: Window, lists: Workspace, settled: Settled, tmp_path: Path
) -> None:
    window.opened(lists)
    window.go("intake")
    window.pages["intake"].read_file(a_list(tmp_path / "list.csv", ["1/13/2018"]))
    settled()
    window.pages["intake"].try_it.setFocus()
    window.lock()
    settled()
    window.opened(Workspace.open_raw(lists.folder, KEY, "Ann"))
    # While the file is read again.
    assert window.jobs.busy()
    window.go("people")
    find = window.pages["people"].find
    find.setFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    settled()
    assert find.hasFocus(), window.focusWidget()
    assert window.place == "people"
