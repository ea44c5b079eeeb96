"""Names of any length and script: kept whole or refused in words, never cut, and never wider than the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from cis_desktop import words
from cis_desktop.records import cases, contacts, households, people
from cis_desktop.workspace import Workspace
from tests.ui.keys import press
from ui import theme
from ui.window import Window

CONTROL = Qt.KeyboardModifier.ControlModifier
NAMES = {
    "long": "A" * 5000,
    "long words": "Wolfeschlegelsteinhausenbergerdorff " * 130,
    "right to left": "عمر بن الخطاب",
    "overridden": "Ann\u202egnp.exe",
    "unclosed": "Ann\u2067\u2068 Lee",
    "emoji": "👩‍👩‍👧‍👦 Zoë 🏳️‍🌈",
    "combining": "Z" + "\u0301\u0300\u0308" * 200,
    "Bengali": "আয়েশা আহমেদ",
    "markup": "<img src=x onerror=1><b>Bo</b>",
    "quotes": "O’Neill \"or\" 1=1; -- %1 %2 &amp; &Co",
    "zero width": "A\u200b\u200b\ufeffnn",
}  # fmt: skip


@pytest.fixture(params=NAMES)
def hostile(request: pytest.FixtureRequest, qtbot: QtBot, window: Window, lists: Workspace) -> tuple[Window, str, int]:
    """Give the window on a record with one such person, written as a list brought in could write them."""
    name = NAMES[request.param]
    with lists.change("Brought in a list") as change:
        home = households.add(change, adults=1)
        who = people.add(change, given_name="x", birth_year=1980, household_id=home)
        change.update("people", who, given_name=name, note=name)
        change.update("households", home, label=name)
        cases.open_case(change, "debt", person_id=who, note=name)
        contacts.add(change, "2026-05-04", person_id=who, kind="visit", note=name)
    qtbot.waitUntil(window.isActiveWindow)
    window.opened(lists)
    return window, name, who


@pytest.mark.parametrize("percent", [100, 200])
def test_no_name_makes_a_page_wider_than_the_window(
    qapp: QApplication, hostile: tuple[Window, str, int], settled: Callable[[], None], percent: int
) -> None:
    window, _, who = hostile
    theme.put_on(qapp, "light", percent)
    window.resize(1280, 720)
    page = window.page("people")
    case = cases.of_person(window.desk.workspace.read, who)[0].id
    for what in (
        ("show", who),
        ("visit", who),
        ("case", who),
        ("correct", who),
        ("household", who),
        ("case_page", case),
    ):
        window.go("people", what)
        QTest.qWait(20)
        assert window.width() == 1280, what
        for area in page.findChildren(QScrollArea):
            if area.isVisible():
                assert area.horizontalScrollBar().maximum() == 0, (what, widest(area))
    window.go("people", ("households", None))
    window.find_anything()
    QTest.qWait(20)
    assert window.width() == 1280
    settled()


def widest(area: QScrollArea) -> str:
    """Give the label that asks for the most room."""
    label = max(area.findChildren(QLabel), key=lambda each: each.minimumSizeHint().width() * each.isVisible())
    return f"{label.minimumSizeHint().width()} {label.text()[:60]!r}"


def test_every_name_is_found_by_its_beginning(hostile: tuple[Window, str, int]) -> None:
    window, name, who = hostile
    begins = name.split()[0][:40]
    window.find_anything()
    window.anywhere.field.setText(begins)
    found = [(hit.kind, hit.id) for hit in map(window.anywhere.rows.record, range(window.anywhere.rows.rowCount()))]
    if any(letter.isalnum() for letter in begins) and "\u202e" not in begins:
        assert ("person", who) in found


def test_a_name_that_is_too_long_is_refused_in_words_and_kept_in_the_form(
    window: Window, lists: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(lists)
    window.go("people", ("new", None))
    page = window.pages["people"]
    QApplication.clipboard().setText("B" * 5000)
    page.person_form.fields["given_name"].paste()
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert page.notice.title.text() == "That first name is too long"
    assert "5,000 letters" in page.notice.sentence.text()
    assert page.person_form.fields["given_name"].text() == "B" * 5000
    assert not people.page(lists.read)


@pytest.mark.parametrize("name", [NAMES[each] for each in ("right to left", "emoji", "Bengali", "quotes")])
def test_a_name_in_any_script_is_kept_as_it_was_typed(
    window: Window, lists: Workspace, settled: Callable[[], None], name: str
) -> None:
    window.opened(lists)
    window.go("people", ("new", None))
    window.pages["people"].person_form.fields["given_name"].insert(name)
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert people.page(lists.read)[0].given_name == name
    assert window.pages["people"].sheet.title.text() == name


def test_a_right_to_left_name_leaves_the_numbers_of_a_sentence_in_place(
    window: Window, lists: Workspace, settled: Callable[[], None]
) -> None:
    with lists.change("Added a case") as change:
        who = people.add(change, given_name="عمر")
        case = cases.open_case(change, "debt", person_id=who)
    window.opened(lists)
    window.go("people", ("case_page", case))
    assert window.pages["people"].case_sheet.title.text() == "Case C-0001: \u2068عمر\u2069"
    window.go("people", ("visit", who))
    assert window.pages["people"].visit_form.title.text() == "A visit by \u2068عمر\u2069"


def test_marks_that_steer_the_direction_cannot_leave_their_name() -> None:
    assert words.within("Ann Lee") == "Ann Lee"
    assert words.within("Ann\u202egnp.exe") == "\u2068Anngnp.exe\u2069"
    assert words.within("a\u2069\u2069b") == "\u2068ab\u2069"
    assert words.within("א" * 18) == "\u2068" + "א" * 16 + "\u200b" + "א" * 2 + "\u2069"


def test_a_shortened_name_parts_no_accent_from_its_letter() -> None:
    assert words.shortened("e\u0301" * 50, 11) == "e\u0301" * 5 + "…"
    assert words.shortened("Ann  \n Lee", 80) == "Ann Lee"
    assert len(words.shortened("A" * 5000)) == 80
