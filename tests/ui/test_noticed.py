"""What was noticed: words first, themes after, on spans; the codebook; the board; the charts beside their tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cis_desktop.charts import screen_svg
from cis_desktop.records import observations, themes
from cis_desktop.workspace import Workspace
from tests.ui.keys import press, type_in
from ui import theme
from ui.widgets.drawing import DrawingView, painted
from ui.widgets.marked import Mark, MarkedWords
from ui.window import Window

KEY = bytes(range(32))
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
Settled = Callable[[], None]


@pytest.fixture
def noticed(workspace: Workspace) -> Workspace:
    """Give a workspace with two themes and three observations of this month, one of them with a face in it."""
    today = date.today().isoformat()
    with workspace.change("Made an example") as change:
        food = observations.add_theme(change, "Food running out", meaning="Meals missed, or smaller")
        observations.add_theme(change, "Fuel and heating")
        observations.add(change, "Bus was late", today)
        one = observations.add(change, "Nothing to eat", today, place="Hall")
        observations.apply_theme(change, one, food)
        observations.add(change, "😢 no heat upstairs", today, place="Hall")
    return workspace


def shown(window: Window, words: str) -> Any:
    """Open the observation that says this, and give the page."""
    assert window.desk is not None
    (found,) = [each for each in observations.page(window.desk.workspace.read) if words in each.words]
    window.go("noticed", ("show", found.id))
    return window.pages["noticed"]


def marks_of(page: Any) -> list[tuple[str, str]]:
    """Give the marks of what is shown as (theme, words), as the record has them."""
    connection = page.desk.workspace.read
    seen = observations.get(connection, page.form.observation.id)
    return [
        (each.label, seen.words[each.span_start : each.span_end] if each.span_start is not None else "")
        for each in observations.themes_of(connection, seen.id)
    ]


def test_words_alone_are_enough_and_themes_come_after(window: Window, noticed: Workspace, settled: Settled) -> None:
    window.opened(noticed)
    QTest.keyClick(window, Qt.Key.Key_N, CONTROL | SHIFT)
    page = window.pages["noticed"]
    assert not page.form.themes.isVisible()
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
    assert not fields.further.isChecked()
    shown(window, "Bus was late")
    assert fields.values() == written
    assert fields.further.isChecked()


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


def board_of(window: Window, settled: Settled) -> Any:
    """Show the board and wait until it is drawn."""
    window.go("noticed", ("themes", None))
    settled()
    QTest.qWait(100)
    settled()
    return window.pages["noticed"].board


def cells(board: Any) -> dict[str, list[str]]:
    """Give the board's table as text: each theme and its numbers, all months first."""
    rows = board.table.rows
    return {
        rows.data(rows.index(at, 0)): [rows.data(rows.index(at, n)) for n in range(1, rows.columnCount())]
        for at in range(rows.rowCount())
    }


def test_the_board_counts_by_theme_and_month_and_its_numbers_open(
    window: Window, noticed: Workspace, settled: Settled
) -> None:
    window.opened(noticed)
    board = board_of(window, settled)
    found = cells(board)
    nought = ["0"] * 11
    assert found == {
        "Food running out": ["1", *nought, "1"],
        "Fuel and heating": ["0", *nought, "0"],
        "No theme yet": ["2", *nought, "2"],
        "Every observation": ["3", *nought, "3"],
    }
    assert board.finding.text().startswith("Noticed most: “Food running out”, in 1 of 3 observations")
    board.table.setFocus()
    board.table.setCurrentIndex(board.table.rows.index(2, 13))
    press(window, Qt.Key.Key_Return)
    settled()
    assert board.behind_title.text().endswith("2 observations")
    assert board.behind_table.hasFocus()
    press(window, Qt.Key.Key_Return)
    page = window.pages["noticed"]
    assert page.tabs.currentIndex() == 0
    assert page.words.toPlainText() == "😢 no heat upstairs"


def test_the_board_is_cut_by_place_and_year_and_follows_what_is_written(
    window: Window, noticed: Workspace, settled: Settled
) -> None:
    window.opened(noticed)
    board = board_of(window, settled)
    board.place.choose("Hall")
    settled()
    assert cells(board)["Every observation"][0] == "2"
    board.period.choose(str(date.today().year))
    settled()
    assert cells(board)["Every observation"][date.today().month] == "2"
    with noticed.change("Wrote down") as change:
        observations.add(change, "Cold hall", date.today(), place="Hall")
    QTest.qWait(20)
    settled()
    assert cells(board)["Every observation"][0] == "3"
    assert board.place.key() == "Hall"


def test_an_empty_board_says_so_and_leads_to_the_form(window: Window, lists: Workspace, settled: Settled) -> None:
    window.opened(lists)
    board = board_of(window, settled)
    assert board.blank.isVisible()
    assert not board.table.isVisible()
    board.first.click()
    page = window.pages["noticed"]
    assert page.tabs.currentIndex() == 0
    assert page.words.hasFocus()


def test_a_chart_is_a_picture_that_says_its_finding_with_its_table_beside(
    window: Window, noticed: Workspace, settled: Settled
) -> None:
    window.opened(noticed)
    board = board_of(window, settled)
    picture = QAccessible.queryAccessibleInterface(board.drawing.widget())
    assert picture.role() == QAccessible.Role.Graphic
    said = picture.text(QAccessible.Text.Name)
    assert "Food running out: 1" in said
    assert "No theme yet: 2" in said
    assert board.table.isVisible()
    assert not board.drawing.picture().isNull()


def test_a_chart_grows_with_the_text_and_takes_the_colours_of_the_dark(
    qapp: QApplication, window: Window, noticed: Workspace, settled: Settled
) -> None:
    window.opened(noticed)
    board = board_of(window, settled)
    small = board.drawing.widget().height()
    accents = []
    for scheme, percent in (("light", 200), ("dark", 200)):
        theme.put_on(qapp, scheme, percent)
        QTest.qWait(120)
        settled()
        image = board.drawing.picture().toImage()
        colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, 60, 3)}
        accents.append(theme.SCHEMES[scheme].accent in colours)
    assert accents == [True, True]
    assert board.drawing.widget().height() > small * 1.3


def test_any_drawing_fits_its_room_or_scrolls_rather_than_being_unreadable(qtbot: QtBot, qapp: QApplication) -> None:
    from reportlab.graphics.shapes import Drawing, Rect

    drawing = Drawing(500, 100)
    drawing.add(Rect(0, 0, 500, 100))
    svg = screen_svg(drawing, {}, theme.FAMILY)
    assert painted(svg, 1.0, 800, 1.0)[1].toTuple() == (500, 100)
    assert painted(svg, 1.0, 400, 1.0)[1].toTuple() == (400, 80)
    image, size = painted(svg, 1.0, 100, 2.0)
    assert (size.toTuple(), image.size().toTuple()) == ((375, 75), (750, 150))


def test_the_figures_of_a_report_are_drawn_as_they_would_be_seen(
    window: Window, group: Workspace, settled: Settled
) -> None:
    window.opened(group)
    window.go("reports", ("make", None))
    page = window.pages["reports"]
    page.year.setValue(2026)
    page.part.choose("-Q2")
    page.accept_button.click()
    settled()
    page.show_figures()
    settled()
    part = page.figures
    tables = {table.shape.id: table for table in part.exact}
    hidden = 0
    for name, table in tables.items():
        part.which.choose(name)
        part._show_table()
        QTest.qWait(20)
        settled()
        flat = len(table.shape.dimensions) == 1
        assert part.drawing.isHidden() != flat
        if not flat:
            continue
        assert isinstance(part.drawing, DrawingView)
        rows = part.table.rows
        for at in range(rows.rowCount()):
            figure = rows.record(at)
            if figure.labels != ("All",):
                assert f"{figure.labels[0]}: {figure.seen}" in part.drawing.finding()
                hidden += figure.seen == "hidden"
    assert hidden


def test_labels_of_themes_are_shown_as_they_are(window: Window, noticed: Workspace, settled: Settled) -> None:
    with noticed.change("Renamed") as change:
        themes.correct_theme(change, observations.codebook(noticed.read)[0].id, "<b>Food</b> & drink", None)
    window.opened(noticed)
    page = shown(window, "Nothing to eat")
    assert page.form.marks.item(0).text() == "<b>Food</b> & drink: the whole"
    board = board_of(window, settled)
    assert "<b>Food</b> & drink" in board.drawing.finding()
