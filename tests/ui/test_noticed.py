"""What was noticed: words first, themes after, on spans; checking; the codebook; what is half written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cis_desktop.records import observations
from cis_desktop.workspace import Workspace
from tests.ui.keys import press, type_in
from tests.ui.noticing import marks_of, shown
from ui import theme
from ui.widgets.marked import Mark, MarkedWords
from ui.window import Window

KEY = bytes(range(32))
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
Settled = Callable[[], None]


def test_words_alone_are_enough_and_themes_come_after(window: Window, noticed: Workspace, settled: Settled) -> None:
    window.opened(noticed)
    QTest.keyClick(window, Qt.Key.Key_N, CONTROL | SHIFT)
    page = window.pages["noticed"]
    assert not page.form.themes.isVisible()
    assert not page.form.fields.direction.isVisible()
    type_in(page.words, "Two families share one room")
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert page.words.toPlainText() == ""
    assert page.words.hasFocus()
    page.after.click()
    assert page.words.toPlainText() == "Two families share one room"
    assert page.form.themes.isVisible()
    kept = page.form.observation
    assert (kept.shareable, kept.checked_by, kept.noticed_on) == (0, None, date.today().isoformat())


def test_from_writing_to_a_theme_by_keyboard_alone(window: Window, noticed: Workspace, settled: Settled) -> None:
    window.opened(noticed)
    press(window, Qt.Key.Key_4, CONTROL)
    page = window.pages["noticed"]
    type_in(page.words, "The boiler is broken again")
    press(window, Qt.Key.Key_Tab)
    type_in(page.form.fields.place, "Hall")
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert page.words.hasFocus()
    press(window, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    QTest.qWait(150)
    assert page.form.observation.words == "The boiler is broken again"
    assert page.table.currentIndex().isValid()
    press(window, Qt.Key.Key_T, CONTROL)
    QTest.keyClicks(page.themes, "fuel")
    press(window, Qt.Key.Key_Return)
    settled()
    assert marks_of(page) == [("Fuel and heating", "")]
    kept = observations.get(noticed.read, page.form.observation.id)
    assert (kept.place, kept.noticed_on) == ("Hall", date.today().isoformat())
    press(window, Qt.Key.Key_N, CONTROL | SHIFT)
    type_in(page.words, "Next")
    assert page.form.observation is None


def test_a_span_is_marked_by_keyboard_alone_and_undone_from_the_strip(
    window: Window, noticed: Workspace, settled: Settled
) -> None:
    window.opened(noticed)
    page = shown(window, "no heat")
    page.words.setFocus()
    # The face is one character to us and two to Qt.
    for _ in range(2):
        press(window, Qt.Key.Key_Right, CONTROL)
    press(window, Qt.Key.Key_Right, CONTROL | SHIFT)
    assert page.words.textCursor().selectedText() == "heat "
    press(window, Qt.Key.Key_T, CONTROL)
    assert page.themes.hasFocus()
    QTest.keyClicks(page.themes, "fuel")
    assert page.form.where.text() == "“Fuel and heating” goes on “heat”"
    press(window, Qt.Key.Key_Return)
    settled()
    assert marks_of(page) == [("Fuel and heating", "heat")]
    assert page.form.marks.item(0).text() == "Fuel and heating: “heat”"
    assert "Fuel and heating: “heat”" in page.words.accessibleDescription()
    (look,) = page.words.extraSelections()
    assert look.cursor.selectedText() == "heat"
    assert look.format.fontUnderline()
    assert window.toast.undo_button.isVisible()
    window.toast.undo_button.click()
    settled()
    assert marks_of(page) == []
    assert page.words.extraSelections() == []
    assert page.form.none.isVisible()


def test_without_marked_words_a_theme_goes_on_the_whole_and_delete_takes_it_off(
    window: Window, noticed: Workspace, settled: Settled
) -> None:
    window.opened(noticed)
    page = shown(window, "Bus was late")
    page.words.setFocus()
    press(window, Qt.Key.Key_T, CONTROL)
    assert page.form.put.text() == "Put on the whole"
    press(window, Qt.Key.Key_Space)
    settled()
    assert marks_of(page) == [("Food running out", "")]
    page.form.marks.setFocus()
    page.form.marks.setCurrentRow(0)
    press(window, Qt.Key.Key_Delete)
    settled()
    assert marks_of(page) == []
    press(window, Qt.Key.Key_Z, CONTROL)
    settled()
    assert marks_of(page) == [("Food running out", "")]


def test_words_are_marked_by_mouse(window: Window, noticed: Workspace, settled: Settled) -> None:
    window.opened(noticed)
    page = shown(window, "no heat")
    view = page.words.viewport()
    start = page.words.cursorRect(cursor_at(page.words, 3)).center()
    end = page.words.cursorRect(cursor_at(page.words, 10)).center()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view, start + QPoint(12, 0))
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)
    assert page.words.textCursor().selectedText() == "no heat"
    page.themes.setCurrentRow(1)
    page.form.put.click()
    settled()
    assert marks_of(page) == [("Fuel and heating", "no heat")]


def cursor_at(words: MarkedWords, units: int) -> Any:
    """Give a cursor at a place."""
    cursor = words.textCursor()
    cursor.setPosition(units)
    return cursor


def test_marking_words_that_are_not_saved_yet_saves_them_with_the_mark_and_leaves_the_rest(
    window: Window, noticed: Workspace, settled: Settled
) -> None:
    window.opened(noticed)
    page = shown(window, "Bus was late")
    page.form.fields.place.setText("Kilburn")
    text = "  The bus was late, and cold "
    page.words.setPlainText(text)
    page.words.choose(text.index("cold"), text.index("cold") + 4)
    page.themes.setCurrentRow(1)
    page.form.put_on()
    settled()
    assert marks_of(page) == [("Fuel and heating", "cold")]
    kept = observations.get(noticed.read, page.form.observation.id)
    assert (kept.words, kept.place) == ("The bus was late, and cold", None)
    assert page.form.fields.place.text() == "Kilburn"
    assert page.drafts()["values"]["place"] == "Kilburn"
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert observations.get(noticed.read, kept.id).place == "Kilburn"
    assert marks_of(page) == [("Fuel and heating", "cold")]


def test_marks_move_with_the_words_while_they_are_corrected(
    window: Window, noticed: Workspace, settled: Settled
) -> None:
    window.opened(noticed)
    page = shown(window, "no heat")
    page.words.choose(5, 9)
    page.themes.setCurrentRow(1)
    page.form.put_on()
    settled()
    page.words.setFocus()
    page.words.put_cursor(0)
    type_in(page.words, "Again ")
    (look,) = page.words.extraSelections()
    assert look.cursor.selectedText() == "heat"
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert page.form.observation.words == "Again 😢 no heat upstairs"
    assert marks_of(page) == [("Fuel and heating", "heat")]


def test_the_theme_of_a_mark_is_written_under_its_words(qtbot: QtBot, qapp: QApplication) -> None:
    theme.put_on(qapp, "light", 100)
    words = MarkedWords()
    qtbot.addWidget(words)
    words.resize(500, 140)
    words.put("No heat upstairs")
    words.show()
    qtbot.waitExposed(words)
    bare = words.viewport().grab().toImage()
    words.mark([Mark(3, 7, "Fuel and heating")])
    marked = words.viewport().grab().toImage()
    under = range(words.fontMetrics().height() + 6, words.fontMetrics().height() + 20)
    assert not dark_spots(bare, under)
    assert dark_spots(marked, under)


def dark_spots(image: Any, rows: range) -> int:
    """Count dark pixels in some rows of an image."""
    return sum(image.pixelColor(x, y).lightness() < 100 for y in rows for x in range(image.width()))


def test_checking_is_stated_plainly_and_ends_when_the_words_change(
    window: Window, noticed: Workspace, settled: Settled
) -> None:
    window.opened(noticed)
    page = shown(window, "Bus was late")
    assert page.form.checked.text().startswith("Nobody has checked yet")
    assert "not to be shared" in page.form.checked.text()
    page.form.check.click()
    settled()
    assert page.form.checked.text().startswith(f"Checked by {noticed.who}, ")
    assert not page.form.check.isVisible()
    page.form.fields.share.choose("1")
    page.words.setPlainText("Bus was early")
    page.save.click()
    settled()
    kept = observations.get(noticed.read, page.form.observation.id)
    assert (kept.shareable, kept.checked_by, kept.checked_on) == (1, None, None)
    assert page.form.checked.text().startswith("Nobody has checked yet")
    assert "may be shared" in page.form.checked.text()


def test_everything_the_record_holds_is_written_and_read_again(
    window: Window, noticed: Workspace, settled: Settled
) -> None:
    window.opened(noticed)
    page = shown(window, "Bus was late")
    fields = page.form.fields
    fields.month.setChecked(True)
    fields.how.choose("partner")
    fields.people.choose("5-9")
    fields.direction.choose("worse")
    fields.sure.choose("low")
    fields.reading.setText("It is the drivers")
    fields.original.setPlainText("الحافلة متأخرة")
    fields.language.setText("Arabic")
    written = fields.values()
    page.save.click()
    settled()
    kept = page.form.observation
    assert (kept.noticed_on, kept.how_known, kept.people_band) == (date.today().isoformat()[:7], "partner", "5-9")
    assert (kept.direction, kept.confidence, kept.own_reading) == ("worse", "low", "It is the drivers")
    assert (kept.original_words, kept.original_language) == ("الحافلة متأخرة", "Arabic")
    shown(window, "Nothing to eat")
    assert fields.fold.summary.text() == ""
    shown(window, "Bus was late")
    assert fields.values() == written
    said = "Another organisation told us · 5-9 people · It is getting worse · Not very sure"
    assert fields.fold.summary.text() == said
    assert fields.fold.summary.isVisible()
    fields.fold.open()
    assert not fields.fold.summary.isVisible()
    assert fields.direction.isVisible()


def test_saving_writes_only_what_was_changed_here(window: Window, noticed: Workspace, settled: Settled) -> None:
    window.opened(noticed)
    page = shown(window, "Bus was late")
    page.form.fields.direction.choose("worse")
    with noticed.change("Corrected elsewhere") as change:
        observations.edit(change, page.form.observation.id, place="Kilburn", words="The bus was late")
    QTest.qWait(20)
    page.save.click()
    settled()
    kept = observations.get(noticed.read, page.form.observation.id)
    assert (kept.words, kept.place, kept.direction) == ("The bus was late", "Kilburn", "worse")
    assert page.words.toPlainText() == "The bus was late"
    before = len(noticed.change_sets())
    page.save.click()
    settled()
    assert len(noticed.change_sets()) == before


def test_a_theme_is_added_renamed_put_together_and_taken_out(
    window: Window, noticed: Workspace, settled: Settled
) -> None:
    window.opened(noticed)
    page = shown(window, "Nothing to eat")
    book = page.form.codebook
    book.themes.setCurrentRow(0)
    assert book.meaning.text() == "Meals missed, or smaller"
    book.add.click()
    type_in(book.label, "Hunger")
    press(window, Qt.Key.Key_Tab)
    type_in(book.means, "Nothing in the cupboard")
    press(window, Qt.Key.Key_Return)
    settled()
    assert book.label_of(book.themes.current()) == "Hunger"
    assert book.meaning.text() == "Nothing in the cupboard"
    assert not book.card.isVisible()
    book.correct.click()
    book.label.setText("Going hungry")
    book.keep.click()
    settled()
    assert book.label_of(book.themes.current()) == "Going hungry"
    book.themes.choose(next(each.id for each in book.held.values() if each.label == "Food running out"))
    book.correct.click()
    book.into.choose(next(str(each.id) for each in book.held.values() if each.label == "Going hungry"))
    book.merge.click()
    settled()
    assert marks_of(page) == [("Going hungry", "")]
    assert sorted(each.label for each in book.held.values()) == ["Fuel and heating", "Going hungry"]
    book.correct.click()
    book.remove.click()
    settled()
    assert marks_of(page) == []
    window.undo()
    settled()
    assert marks_of(page) == [("Going hungry", "")]


def test_what_is_half_written_comes_back_after_locking_with_its_selection(
    window: Window, noticed: Workspace, settled: Settled
) -> None:
    window.opened(noticed)
    page = shown(window, "no heat")
    page.words.choose(5, 9)
    page.themes.setCurrentRow(1)
    page.form.put_on()
    settled()
    page.form.fields.direction.choose("worse")
    page.words.setFocus()
    page.words.put_cursor(0)
    type_in(page.words, "Still ")
    page.words.choose(11, 15)
    page.form.codebook.begin(None)
    type_in(page.form.codebook.label, "Dam")
    window.lock()
    assert window.pages == {}
    settled()
    window.opened(Workspace.open_raw(noticed.folder, KEY, "Ann"))
    assert window.place == "noticed"
    page = window.pages["noticed"]
    assert page.words.toPlainText() == "Still 😢 no heat upstairs"
    assert page.words.textCursor().selectedText() == "heat"
    assert page.form.fields.direction.key() == "worse"
    (look,) = page.words.extraSelections()
    assert look.cursor.selectedText() == "heat"
    assert page.form.codebook.label.hasFocus()
    type_in(page.form.codebook.label, "p")
    press(window, Qt.Key.Key_Return)
    settled()
    assert "Damp" in [each.label for each in page.form.codebook.held.values()]
    page.save.click()
    settled()
    assert page.form.observation.words == "Still 😢 no heat upstairs"
    assert marks_of(page) == [("Fuel and heating", "heat")]
    assert page.drafts() == {}


def test_what_was_undone_elsewhere_does_not_take_words_being_written_with_it(
    window: Window, lists: Workspace, settled: Settled
) -> None:
    window.opened(lists)
    window.go("noticed", ("new", None))
    page = window.pages["noticed"]
    type_in(page.words, "Bins are full")
    page.save.click()
    settled()
    page.after.click()
    page.words.setPlainText("Bins are full again")
    window.undo()
    settled()
    assert page.notice.isVisible()
    assert page.words.toPlainText() == "Bins are full again"
    page.save.click()
    settled()
    assert [each.words for each in observations.page(lists.read)] == ["Bins are full again"]
