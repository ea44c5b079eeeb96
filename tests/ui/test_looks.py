"""How everything looks comes from one place: drawings in the colour of their words, parts that teach, wait and fold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetrics, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cis_desktop.workspace import Workspace
from ui import theme
from ui.models.rows import Rows
from ui.widgets import instead
from ui.widgets.fields import DayField, Number
from ui.widgets.fold import Fold
from ui.widgets.icons import tinted
from ui.widgets.instead import Instead
from ui.widgets.lists import Table, cut
from ui.widgets.words import button, plain
from ui.window import Window

ROOT = Path(__file__).resolve().parents[2]
DRAWN = [path.stem for path in (ROOT / "resources" / "icons").glob("*.svg") if "currentColor" in path.read_text()]


def strongest(image: QImage) -> QColor:
    """Give the colour of the pixel that covers most."""
    spots = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(spots, key=lambda spot: spot.alpha())


def role_of(widget: QWidget) -> QAccessible.Role:
    """Give what a screen reader calls a widget."""
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found.role()


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_has_the_colour_of_its_words(qapp: QApplication, name: str) -> None:
    image = tinted(name, QColor("#ff0000"), 2.0).toImage()
    found = strongest(image)
    assert (found.red(), found.green(), found.blue()) == (255, 0, 0)
    assert image.pixelColor(0, 0).alpha() == 0


@pytest.mark.parametrize("percent", [100, 200])
def test_the_place_we_are_at_is_bold_without_the_rail_growing(
    qapp: QApplication, window: Window, group: Workspace, percent: int
) -> None:
    theme.put_on(qapp, "light", percent)
    window.resize(1280, 720)
    window.opened(group)
    QTest.qWait(50)
    widths = set()
    for place, words in window.rail.places():
        window.rail.show_at(place)
        QTest.qWait(5)
        (shown,) = [each for each in window.rail.findChildren(QWidget) if each.accessibleName() == words]
        widths.add(window.rail.width())
        bold = shown.font()
        bold.setBold(True)
        drawn = shown.iconSize().width()  # type: ignore[attr-defined]
        assert QFontMetrics(bold).horizontalAdvance(words) + drawn + 26 <= shown.width(), words
        assert {
            each.accessibleName(): (strongest(each.icon().pixmap(each.iconSize()).toImage()).name(), role_of(each))
            for each in window.rail.findChildren(QPushButton) if each.accessibleDescription() == "You are here"
        } == {words: (theme.SCHEMES["light"].accent, QAccessible.Role.Button)}  # fmt: skip
    assert len(widths) == 1


@pytest.mark.parametrize("scheme", theme.SCHEMES)
def test_what_has_the_focus_has_an_edge_of_its_own(qtbot: QtBot, qapp: QApplication, scheme: str) -> None:
    theme.put_on(qapp, scheme, 100)
    top = QWidget()
    qtbot.addWidget(top)
    parts = [button("One"), button("Main", main=True), Number(), Table(Rows([("A", str)]), "A list")]
    for at, part in enumerate(parts):
        part.setParent(top)
        part.setGeometry(10, 10 + 90 * at, 200, 80)
    theme.dress(top)
    top.resize(300, 400)
    with qtbot.waitActive(top):
        top.show()
        top.activateWindow()
    for part, other in zip(parts, [*parts[1:], parts[0]], strict=True):
        other.setFocus()
        qtbot.waitUntil(other.hasFocus)
        before = part.grab().toImage()
        part.setFocus()
        qtbot.waitUntil(part.hasFocus)
        assert part.grab().toImage() != before, type(part).__name__


def test_no_page_has_colours_or_sizes_of_its_own() -> None:
    strays = []
    for path in (ROOT / "ui").rglob("*.py"):
        if path.name != "theme.py":
            text = path.read_text(encoding="utf-8")
            strays += [(path.name, found) for found in re.findall(r'"#[0-9a-fA-F]{6}"|\d+pt\b', text)]
            # On paper, black is black.
            strays += [(path.name, name) for name in re.findall(r'QColor\("(\w+)"\)', text) if name != "black"]
            strays += [(path.name, found) for found in re.findall(r"setStyleSheet\(", text)]
    assert not strays


def test_what_is_not_there_yet_teaches_or_waits(qtbot: QtBot) -> None:
    part = Instead("Write the first one")
    qtbot.addWidget(part)
    asked = []
    part.asked.connect(lambda: asked.append(True))
    part.teach("Nothing is here yet.")
    assert part.isVisible()
    assert part.button is not None
    part.button.click()
    assert asked == [True]
    part.wait("Counting…")
    assert not part.isVisible()
    qtbot.waitUntil(part.isVisible, timeout=10 * instead.PATIENCE)
    assert part.sentence.text() == "Counting…"
    assert not part.button.isVisible()
    part.clear()
    part.wait("Counting…")
    part.clear()
    QTest.qWait(instead.PATIENCE + 100)
    assert not part.isVisible()


def test_what_is_folded_says_what_is_in_it(qtbot: QtBot) -> None:
    inside = plain("Inside")
    fold = Fold("More", inside)
    qtbot.addWidget(fold)
    fold.show()
    fold.sum_up("I saw it · 5-9 people")
    assert not inside.isVisible()
    assert fold.summary.isVisible()
    assert fold.line.accessibleDescription() == "Closed. I saw it · 5-9 people"
    assert role_of(fold.line) == QAccessible.Role.Button
    fold.line.click()
    assert fold.line.accessibleDescription().startswith("Open")
    assert inside.isVisible()
    assert not fold.summary.isVisible()


def test_words_of_a_list_end_in_a_mark_only_where_some_are_left_out(qapp: QApplication) -> None:
    measure = QFontMetrics(qapp.font())
    two = 2 * measure.lineSpacing()
    whole = "Nobody has got through on the line"
    assert cut(whole, 10_000, two, measure) == whole
    narrow = measure.horizontalAdvance("Nobody has got through")
    assert cut(whole, narrow, two, measure).split() == whole.split()
    assert cut(whole + " since the summer holidays began", narrow, two, measure).endswith("…")
    assert cut("x" * 5000, 100, two, measure).endswith("…")


def test_the_days_of_the_weekend_are_as_readable_as_the_others(qtbot: QtBot, qapp: QApplication) -> None:
    field = DayField(QDate(2026, 11, 22))
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    calendar = field.calendarWidget()
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        assert calendar.weekdayTextFormat(day) == calendar.weekdayTextFormat(Qt.DayOfWeek.Monday)


def test_a_list_without_room_for_columns_puts_them_under_each_other_and_reads_them_out(
    qtbot: QtBot, qapp: QApplication
) -> None:
    rows = Rows([("Date", lambda r: r[0]), ("Where", lambda r: r[1]), ("Heads", lambda r: r[2])], numbers=(2,))
    rows.show([("21 Nov 2026", "Kilburn church hall", "14"), ("19 Nov 2026", "Somers Town", "")])
    table = Table(rows, "Sessions", stretch=1, folds=12)
    qtbot.addWidget(table)
    letter = table.fontMetrics().averageCharWidth()
    table.resize(letter * 60, 300)
    table.show()
    first = rows.index(0, 0)
    tall = table.rowHeight(0)
    assert not table.folded
    assert first.data(Qt.ItemDataRole.AccessibleTextRole) is None
    table.resize(letter * 30, 300)
    assert table.folded
    assert table.rowHeight(0) > tall * 1.5
    assert [table.isColumnHidden(at) for at in range(3)] == [False, True, True]
    assert first.data(Qt.ItemDataRole.AccessibleTextRole) == "21 Nov 2026 · Kilburn church hall · Heads 14"
    assert rows.beside(1) == "Somers Town"
    image = table.grab().toImage()
    below = range(table.rowHeight(0) // 2, table.rowHeight(0))
    assert any(image.pixelColor(x, y).lightness() < 150 for x in range(10, letter * 20) for y in below)
    table.resize(letter * 60, 300)
    assert not table.folded
    assert not table.isColumnHidden(2)
    assert table.rowHeight(0) == tall
