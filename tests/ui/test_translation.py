"""Every word of the app goes through Qt's translation: with a made-up language nothing plain is left on a page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QTableView, QTabWidget, QWidget

from cis_desktop import concerns
from cis_desktop.passphrases import word_list
from cis_desktop.workspace import Workspace
from ui.window import Window

from .everywhere import PLACES

OPEN, CLOSE = "⟦", "⟧"
LICENCE = re.compile(r"\((?:BSD|MIT|Apache|LGPL|MPL|HPND|OFL|SIL|public domain)[^)]*\)")
"""A line of other people's work and its licence: names, in no language."""
ROOT = Path(__file__).resolve().parents[2]


class Elsewhere(QTranslator):
    """A language that puts every text in brackets."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"{OPEN}{text}{CLOSE}" if context and not context.startswith("Q") else ""

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def elsewhere(qapp: QApplication) -> Iterator[None]:
    translator = Elsewhere()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def texts(widget: QWidget) -> Iterator[str]:
    """Yield the words of the app itself that a widget shows: labels, buttons, tabs, headings, hints."""
    for label in widget.findChildren(QLabel):
        yield label.text()
    for button in widget.findChildren(QAbstractButton):
        # The month of a calendar is named by Qt, in the computer's own language.
        if not button.objectName().startswith("qt_calendar_"):
            yield button.text()
    for line in widget.findChildren(QLineEdit):
        yield line.placeholderText()
    for tabs in widget.findChildren(QTabWidget):
        yield from (tabs.tabText(at) for at in range(tabs.count()))
    for table in widget.findChildren(QTableView):
        model = table.model()
        for column in range(model.columnCount() if model else 0):
            yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")


@pytest.mark.parametrize("place", [*PLACES])
def test_no_words_of_a_page_are_left_out_of_translation(
    elsewhere: None, window: Window, group: Workspace, place: str
) -> None:
    window.opened(group)
    PLACES[place](window, group)
    QTest.qWait(20)
    left = {line for text in texts(window) for line in text.splitlines() if OPEN not in line}
    assert {line for line in left if is_word(line) and not theirs(line, group)} == set()


def is_word(line: str) -> bool:
    """Tell words from numbers, dates and single letters."""
    return sum(c.isalpha() for c in line) > 1 and not any(c.isdigit() for c in line)


def theirs(line: str, group: Workspace) -> bool:
    """Tell whether a line is what people wrote, or what the core says of it: not the page's own words."""
    if line.strip() == group.name or LICENCE.search(line) or any(said.fullmatch(line) for said in core_sentences()):
        return True
    if len(line.split()) == 6 and set(line.split()) <= set(word_list()):
        # Six words that were drawn to be told by telephone.
        return True
    return all(part.strip(" .") in written(group) for part in line.split(". "))


@cache
def core_sentences() -> list[re.Pattern[str]]:
    """Give the core's sentences that have something filled in, as patterns."""
    found = []
    for path in (ROOT / "cis_desktop").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
                if sum(len(str(part).split()) for part in parts if part) > 3:
                    pattern = "".join(".*" if part is None else re.escape(str(part)) for part in parts)
                    found.append(re.compile(pattern, re.DOTALL))
    return found


def written(group: Workspace) -> str:
    """Give everything in the record and in the shipped lists and agreements, and the core's own sentences."""
    cells = [
        value.decode(errors="ignore") if isinstance(value, bytes) else str(value)
        for table in ("people", "settings", "codes", "themes", "sessions", "observations", "agreements", "cases")
        for row in group.read.execute(f"select * from {table}")
        for value in row
    ]
    sealed = [note.words for each in concerns.listed(group) for note in (each.note, *each.decisions)]
    return " ".join([*cells, *sealed, core_words()])


@cache
def core_words() -> str:
    """Give the text of the core's modules and of its resources."""
    places = [*(ROOT / "cis_desktop").rglob("*.py"), *(ROOT / "resources" / "agreements").iterdir()]
    help_pages = (ROOT / "resources" / "help").glob("*.md")
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*places, *help_pages])
    return re.sub(r'"\s*\n\s*f?"', "", text)  # a sentence over several lines of source is one sentence
