"""The board of themes over time and place, and the charts beside their tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cis_desktop.charts import screen_svg
from cis_desktop.records import observations, themes
from cis_desktop.workspace import Workspace
from tests.ui.keys import press
from tests.ui.noticing import board_of, cells, shown
from tests.ui.reporting import opened
from ui import theme
from ui.widgets.drawing import painted
from ui.window import Window

Settled = Callable[[], None]


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
    assert board.instead.sentence.text().startswith("Nothing was noticed in these months")
    assert not board.table.isVisible()
    board.instead.button.click()
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


def test_a_chart_is_laid_out_anew_for_the_room_it_has(window: Window, noticed: Workspace, settled: Settled) -> None:
    window.opened(noticed)
    board = board_of(window, settled)
    drawing = board.drawing
    heights = []
    for width in (1280, 1000):
        window.resize(width, 720)
        QTest.qWait(100)
        settled()
        assert 0 <= drawing.viewport().width() - drawing.widget().width() <= 2
        heights.append(drawing.widget().height())
    # Narrower, not smaller: what is written in it stays as large as the words around it.
    assert heights[0] == heights[1]


def test_any_drawing_fits_its_room_or_scrolls_rather_than_being_unreadable(qtbot: QtBot, qapp: QApplication) -> None:
    from reportlab.graphics.shapes import Drawing, Rect

    drawing = Drawing(500, 100)
    drawing.add(Rect(0, 0, 500, 100))
    svg = screen_svg(drawing, {}, theme.FAMILY)
    assert painted(svg, 1.0, 800, 1.0)[1].toTuple() == (500, 100)
    assert painted(svg, 1.0, 400, 1.0)[1].toTuple() == (400, 80)
    image, size = painted(svg, 1.0, 100, 2.0)
    assert (size.toTuple(), image.size().toTuple()) == ((400, 80), (800, 160))


def test_the_figures_of_a_report_are_drawn_as_they_would_be_seen(
    window: Window, group: Workspace, settled: Settled
) -> None:
    guide = opened(window, group).guide
    guide.choose.accept_button.click()
    settled()
    guide.go("figures")
    settled()
    part = guide.figures
    hidden = 0
    for at, sheet in enumerate(part.sheets):
        part.list.selectRow(at)
        QTest.qWait(20)
        settled()
        flat = len(sheet.tables) == 1 and len(sheet.tables[0].shape.dimensions) == 1
        assert part.drawing.isHidden() != flat
        for figure in sheet.figures if flat else ():
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
