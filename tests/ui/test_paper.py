"""What was written on paper comes in row after row, or as pasted lines that are shown before they are saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cis_desktop.records import arrivals, contacts, households, people, sessions
from cis_desktop.records.contacts import Given
from cis_desktop.records.pasted import lines_of
from cis_desktop.workspace import Workspace
from tests.ui.keys import press, type_in
from ui.pages.sessions.paper import PaperView
from ui.window import Window

KEY = bytes(range(32))
CONTROL = Qt.KeyboardModifier.ControlModifier
Settled = Callable[[], None]
PARCEL = Given("food_parcel", 1, "item", parcel_days=3)


@pytest.fixture
def shelf(lists: Workspace) -> Workspace:
    """Give a workspace with a few people, two of whom share a name."""
    with lists.change("Made an example") as change:
        for name in ("Amina Khan", "Bea Jones", "Zoe Twin", "Zoe Twin"):
            given, family = name.split()
            home = households.add(change, adults=2, children=1)
            people.add(change, given_name=given, family_name=family, household_id=home)
    return lists


@pytest.fixture
def paper(qtbot: QtBot, window: Window, shelf: Workspace, settled: Settled) -> PaperView:
    """Give the paper of a day in May at a hall, opened by keys."""
    qtbot.waitUntil(window.isActiveWindow)
    window.opened(shelf)
    window.go("sessions", ("paper", None))
    page = window.pages["sessions"]
    page.begin_form.day.setDate(date(2026, 5, 4))
    type_in(page.begin_form.venue, "Hall")
    press(window, Qt.Key.Key_Return)
    settled()
    return page.paper


def written(paper: PaperView, workspace: Workspace) -> list[arrivals.Arrival]:
    """Give the visits of the session that is open."""
    assert paper.session is not None
    return arrivals.at(workspace.read, paper.session.id)


def test_rows_follow_each_other_by_enter_alone(
    window: Window, paper: PaperView, shelf: Workspace, settled: Settled
) -> None:
    for name, adults, children, note in (("amina", "3", "0", "late"), ("bea", "", "", "")):
        type_in(paper.finder.field, name)
        press(window, Qt.Key.Key_Return)
        for field, text in ((paper.form.adults, adults), (paper.form.young, children), (paper.form.note, note)):
            type_in(field, text)
            press(window, Qt.Key.Key_Return)
    settled()
    assert paper.finder.field.hasFocus()
    assert paper.count.text().startswith("2 visits")
    bea, amina = written(paper, shelf)
    assert (amina.name, amina.contact.adults, amina.contact.children) == ("Amina Khan", 3, 0)
    assert (amina.contact.note, amina.contact.on_date, amina.contact.at_time) == ("late", "2026-05-04", None)
    assert (bea.name, bea.contact.adults, bea.contact.children) == ("Bea Jones", 2, 1)
    assert bea.contact.given == (PARCEL,)
    assert bea.contact.session_id == amina.contact.session_id
    paper.written.undo.click()
    settled()
    assert [each.name for each in written(paper, shelf)] == ["Amina Khan"]


def test_a_row_of_somebody_new_makes_them(window: Window, paper: PaperView, shelf: Workspace, settled: Settled) -> None:
    type_in(paper.finder.field, "A.K.")
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    (row,) = written(paper, shelf)
    assert people.get(shelf.read, row.contact.person_id or 0).initials == "A.K."


def test_pasted_lines_are_shown_first_and_no_namesake_is_guessed(
    window: Window, paper: PaperView, shelf: Workspace, settled: Settled
) -> None:
    form = window.pages["sessions"].paste_form
    paper.paste.emit()
    amina = next(each for each in people.page(shelf.read) if each.given_name == "Amina")
    form.text.setPlainText(
        "Name, adults, children\n"
        f"{amina.reference}, 4, 0, Nappies x 2, came late\n"
        "bea  JONES\t1\n"
        "Zoe Twin, 1\n"
        "\n"
        "Somebody Else, 2, 2\n"
        "Amina Khan\n"
    )
    form.read.click()
    settled()
    assert not written(paper, shelf), "nothing is saved before it is seen"
    assert [form.rows.record(at).matched.line.number for at in range(form.rows.rowCount())] == [2, 3, 4, 6, 7]
    becomes = [form._becomes(form.rows.record(at)) for at in range(5)]
    assert becomes[0] == f"Amina Khan ({amina.reference})"
    assert "Choose who" in becomes[2]
    assert becomes[3] == "Somebody new"
    assert "line above" in becomes[4]
    assert form.table.currentIndex().row() == 2, "the first that needs a decision is marked"
    assert form.who.count() == 4
    form.who.setCurrentIndex(1)
    chosen = int(form.who.key() or 0)
    assert "4 visits will be saved, 1 for somebody new; 1 line left out" in form.found.text()
    form.save.click()
    settled()
    rows = {each.name: each.contact for each in written(paper, shelf)}
    assert rows.keys() == {"Amina Khan", "Bea Jones", "Zoe Twin", "Somebody Else"}
    assert rows["Zoe Twin"].person_id == chosen
    assert rows["Amina Khan"].given == (Given("nappies", 2, "item"),)
    assert (rows["Amina Khan"].adults, rows["Amina Khan"].note) == (4, "came late")
    assert (rows["Bea Jones"].adults, rows["Bea Jones"].children, rows["Bea Jones"].given) == (1, 1, (PARCEL,))
    assert paper.isVisible()


def test_a_pasted_row_of_somebody_new_is_taken_back_with_the_person(
    window: Window, paper: PaperView, shelf: Workspace, settled: Settled
) -> None:
    form = window.pages["sessions"].paste_form
    paper.paste.emit()
    form.text.setPlainText("Wanda Brand, 2, 2")
    form.read.click()
    settled()
    form.save.click()
    settled()
    assert arrivals.known(shelf.read, "Wanda")
    paper.written.undo.click()
    settled()
    assert not written(paper, shelf)
    assert not arrivals.known(shelf.read, "Wanda")


def test_a_line_that_only_says_how_many_makes_no_person_of_that_name(
    window: Window, paper: PaperView, shelf: Workspace, settled: Settled
) -> None:
    form = window.pages["sessions"].paste_form
    paper.paste.emit()
    form.text.setPlainText("3 unknown\nWanda Brand, 2 adults")
    form.read.click()
    settled()
    assert "head-count" in form._becomes(form.rows.record(0))
    form.save.click()
    settled()
    assert arrivals.known(shelf.read, "Wanda")
    assert not arrivals.known(shelf.read, "unknown")


def test_a_line_about_somebody_who_is_here_already_is_left_out(
    window: Window, paper: PaperView, shelf: Workspace, settled: Settled
) -> None:
    bea = next(each for each in people.page(shelf.read) if each.given_name == "Bea")
    with shelf.change("A visit") as change:
        contacts.add(change, "2026-05-04", person_id=bea.id, kind="visit")
    form = window.pages["sessions"].paste_form
    paper.paste.emit()
    form.text.setPlainText("Bea Jones")
    form.read.click()
    settled()
    assert "already here" in form._becomes(form.rows.record(0))
    assert not form.save.isEnabled()


def test_the_day_and_place_of_a_pile_are_there_after_locking(
    window: Window, paper: PaperView, shelf: Workspace, settled: Settled
) -> None:
    paper.again.emit()
    form = window.pages["sessions"].begin_form
    form.day.setDate(date(2026, 4, 7))
    form.venue.setText("Chap")
    form.rows[1].put("nappies", 2, 0, 3)
    window.lock()
    settled()
    window.opened(Workspace.open_raw(shelf.folder, KEY, "Ann"))
    page = window.pages["sessions"]
    assert page.begin_form.isVisible()
    assert page.begin_form.venue.text() == "Chap"
    page.begin_form.start.click()
    settled()
    assert page.paper.isVisible()
    assert (page.paper.session.on_date, page.paper.usual) == ("2026-04-07", (PARCEL, Given("nappies", 2, "item")))


def test_pasted_text_is_there_after_locking(
    window: Window, paper: PaperView, shelf: Workspace, settled: Settled
) -> None:
    paper.paste.emit()
    window.pages["sessions"].paste_form.text.setPlainText("Bea Jones, 2")
    window.lock()
    settled()
    window.opened(Workspace.open_raw(shelf.folder, KEY, "Ann"))
    form = window.pages["sessions"].paste_form
    assert form.isVisible()
    assert form.text.toPlainText() == "Bea Jones, 2"
    form.read.click()
    settled()
    form.save.click()
    settled()
    again = window.desk.workspace
    (session,) = sessions.page(again.read)
    assert [each.name for each in arrivals.at(again.read, session.id)] == ["Bea Jones"]


@pytest.mark.parametrize(
    ("text", "who", "adults", "children", "items", "note"),
    [
        ("Amina\t2\t1", "Amina", 2, 1, (), ""),
        ('"Khan, Amina",2', "Khan, Amina", 2, None, (), ""),
        ("Amina;3 x nappies;urgent", "Amina", None, None, (("nappies", 3),), "urgent"),
        ("Amina, NAPPIES, Food", "Amina", None, None, (("nappies", 1), ("food", 1)), ""),
        ("Amina, 2, 1, 7, flat 4", "Amina", 2, 1, (), "7, flat 4"),
        ("Amina, 12345678", "Amina", None, None, (), "12345678"),
        ('"Amina, 2', "Amina, 2", None, None, (), ""),
        ("Zoe Fox, 2 adults, 1 child", "Zoe Fox", 2, 1, (), ""),
        ("Zoe Fox, 3 kids, nappies", "Zoe Fox", None, 3, (("nappies", 1),), ""),
        ("Zoe Fox; 1 grown-up and 2 children; 3 boxes", "Zoe Fox", 1, 2, (), "3 boxes"),
        ("أحمد, ٣", "أحمد", 3, None, (), ""),
        ("=cmd|' /C calc'!A0, 1", "=cmd|' /C calc'!A0", 1, None, (), ""),
    ],
)
def test_a_line_is_read(
    text: str, who: str, adults: int | None, children: int | None, items: tuple[tuple[str, int], ...], note: str
) -> None:
    (line,) = lines_of(text, {"Nappies": "nappies", "Food": "food"})
    assert (line.who, line.adults, line.children, line.items, line.note) == (who, adults, children, items, note)


def test_text_of_any_kind_is_read_without_trouble_and_a_flood_is_cut() -> None:
    assert lines_of("\0\n , \n\t\t\nName\n", {}) == []
    assert len(lines_of("Amina\n" * 2_000, {})) == 500
    assert lines_of("x" * 200_000 + ", 1", {})[0].adults == 1
