"""Help: a list of pages with a box to search it, and beside it the page that is read. It never goes online."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QEvent, QMarginsF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeySequence,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QShortcut,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QSplitter,
    QTextBrowser,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from cis_desktop import help as texts
from cis_desktop import words
from cis_desktop.errors import CisError
from ui import outside
from ui.models.rows import Rows
from ui.theme import FAMILY, SPACE
from ui.widgets.fields import FindField
from ui.widgets.lists import Table
from ui.widgets.page import Page, column
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.jobs import Job, Jobs
    from ui.window import Window

PARTS = {"VisitForm": "visits", "CaseForm": "cases", "CaseSheet": "cases", "SentPart": "sent"}
"""Parts of a place that have a help page of their own, by their class."""
MEASURE = 66
"""Letters in a line of reading, about."""
PAPER_POINTS = 11
LINE_HEIGHT = 125.0
"""Per cent of the font's own."""


class HelpPage(Page):
    """The pages of the help. It needs no record, so it can be read while one is locked."""

    def __init__(self, desk: Desk | None, jobs: Jobs | None = None) -> None:
        super().__init__(desk)  # type: ignore[arg-type]
        self.jobs = desk.jobs if desk is not None else jobs
        self.page = texts.pages()[0]
        self.go_back: Callable[[], object] = lambda: None
        self.rows = Rows([(self.tr("Page"), lambda each: each.title)])
        self.table = Table(self.rows, self.tr("Pages of the help"))
        self.table.selectionModel().currentRowChanged.connect(self._marked)
        self.table.opened.connect(lambda _: self.reader.setFocus())
        self.find = FindField(self.table)
        self.find.textChanged.connect(self.search)
        self.count = plain(quiet=True)
        self.reader = Reader()
        self.reader.anchorClicked.connect(self._follow)
        left = QWidget()
        lines = column(left)
        lines.addWidget(heading(self.tr("Help")))
        label = plain(self.tr("Find in the hel&p"))
        label.setBuddy(self.find)
        self.find.setAccessibleName(self.tr("Find in the help"))
        lines.addWidget(label)
        lines.addWidget(self.find)
        lines.addWidget(self.count)
        lines.addWidget(self.table, 1)
        self.back = button(self.tr("&Back to what I was doing"))
        self.back.clicked.connect(lambda: self.go_back())
        self.print = button(self.tr("Save this page to p&rint…"))
        self.print.clicked.connect(self._choose_file)
        lines.addLayout(row(self.back, self.print))
        lines.addWidget(self.notice)
        QShortcut(QKeySequence("Escape"), self, lambda: self.go_back()).setContext(
            Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(self.reader)
        split.setSizes([330, 730])
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self.search("")
        self.read(self.page)

    def open(self, what: object) -> None:
        """Show the page about a place, or one by its name: ("about", place) or ("page", name)."""
        assert isinstance(what, tuple)
        found = texts.page(what[1]) if what[0] == "page" else texts.page_for(what[1])
        if found is not None:
            self.find.clear()
            self.read(found)
        self.find.setFocus()
        self.find.selectAll()

    def read(self, page: texts.HelpPage) -> None:
        """Show one page from its top, and mark it in the list."""
        self.page = page
        self.reader.show_page(page, self.find.text())
        for at in range(self.rows.rowCount()):
            if self.rows.record(at).name == page.name and self.table.currentIndex().row() != at:
                self.table.selectRow(at)

    def search(self, asked: str) -> None:
        """List the pages that have every word, else those that have some, best first, and show the best."""
        whole = texts.find(asked)
        found = whole or texts.find_any(asked)
        self.rows.show(found)
        count = words.count(len(found), self.tr("page"), self.tr("pages"))
        if not found:
            count = self.tr("No page has any of these words. Try others, or only the beginning of one.")
        elif not whole:
            count = self.tr("No page has all these words; %1 with some of them.").replace("%1", count)
        self.count.setText(count)
        if asked.strip() and found:
            self.read(found[0])
        elif found:
            self.read(self.page)

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Where to keep the page"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"{self.page.title}.pdf")
        dialog.fileSelected.connect(lambda chosen: self.save_page(Path(chosen)))
        dialog.open()

    def save_page(self, path: Path) -> None:
        """Write the page that is read to a PDF file."""
        page = self.page

        def work(_: Job) -> None:
            from cis_desktop.saving import save

            try:
                save(path, as_pdf(page))
            except OSError as error:
                raise CisError(
                    "cannot_write",
                    self.tr("The page could not be saved"),
                    self.tr("It cannot be written there (%1). Nothing was changed. Choose another folder.").replace(
                        "%1", error.strerror or type(error).__name__
                    ),
                ) from error

        def done(_: None) -> None:
            # While the record is locked there is nowhere to list it, and nothing personal in it.
            if self.desk is not None:
                outside.note(self.desk, self, [path], "help", self.trouble)
            self.notice.good(self.tr("The page is saved"), str(path))

        self.jobs.start(self, self.tr("Saving the page"), work, done, self.trouble, can_stop=False)

    def _marked(self, current: Any, _: Any) -> None:
        if current.isValid() and self.rows.record(current.row()).name != self.page.name:
            self.read(self.rows.record(current.row()))

    def _follow(self, address: QUrl) -> None:
        found = texts.page(address.toString())
        if found is not None:
            self.find.clear()
            self.read(found)


class Reader(QTextBrowser):
    """One page as text. Nothing is fetched: no address is opened and no picture loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self._page: texts.HelpPage | None = None
        self._asked = ""

    def loadResource(self, kind: int, name: QUrl) -> object:
        """Load nothing: the pages have words only."""
        return None

    def show_page(self, page: texts.HelpPage, asked: str) -> None:
        """Show a page, the words that were searched for marked."""
        self._page, self._asked = page, asked
        self.setAccessibleName(self.tr("Help: %1").replace("%1", page.title))
        self.document().setDefaultFont(self.font())
        self.setMarkdown(f"# {page.title}\n\n{page.body}")
        self._dress()
        self._narrow()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._mark()

    def changeEvent(self, event: QEvent) -> None:
        """Lay the page out anew when colours or the text size change: links take theirs when they are read."""
        super().changeEvent(event)
        if self._page and event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.show_page(self._page, self._asked)

    def resizeEvent(self, event: object) -> None:
        """Keep lines short enough to read."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._narrow()

    def _narrow(self) -> None:
        frame = self.document().rootFrame().frameFormat()
        over = self.viewport().width() - self.fontMetrics().averageCharWidth() * MEASURE
        frame.setMargin(2 * SPACE)
        frame.setRightMargin(max(2 * SPACE, over))
        self.document().rootFrame().setFrameFormat(frame)

    def _dress(self) -> None:
        """Give lines room, and links a line under them: colour alone does not mark them."""
        linked = QTextCharFormat()
        linked.setFontUnderline(True)
        block = self.document().begin()
        while block.isValid():
            cursor = QTextCursor(block)
            form = block.blockFormat()
            height = 100.0 if form.headingLevel() else LINE_HEIGHT
            form.setLineHeight(height, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            cursor.setBlockFormat(form)
            parts = [(f.position(), f.length()) for each in block if (f := each.fragment()).charFormat().isAnchor()]
            for begin, length in parts:
                cursor.setPosition(begin)
                cursor.setPosition(begin + length, QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(linked)
            block = block.next()

    def _mark(self) -> None:
        """Mark the words that were searched for, and bring the first of them into sight."""
        marks = []
        for word in self._asked.split():
            found = self.document().find(word, 0)
            while not found.isNull():
                mark = QTextEdit.ExtraSelection()
                mark.cursor = found
                mark.format.setBackground(self.palette().highlight())
                mark.format.setForeground(self.palette().highlightedText())
                marks.append(mark)
                found = self.document().find(word, found)
        self.setExtraSelections(marks)
        if marks:
            first = QTextCursor(self.document())
            first.setPosition(min(mark.cursor.selectionStart() for mark in marks))
            self.setTextCursor(first)
            self.ensureCursorVisible()


def as_pdf(page: texts.HelpPage) -> bytes:
    """Give a page of the help as A4 paper, in the app's own font, black on white whatever the screen has."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    # Qt puts a margin of 2 cm around a document that it breaks into pages itself, and numbers them.
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    writer.setTitle(page.title)
    document = QTextDocument()
    document.setDefaultFont(QFont(FAMILY, PAPER_POINTS))
    document.setMarkdown(f"# {page.title}\n\n{page.body}")
    ink = QTextCharFormat()
    ink.setForeground(QColor("black"))
    whole = QTextCursor(document)
    whole.select(QTextCursor.SelectionType.Document)
    whole.mergeCharFormat(ink)
    document.print_(writer)
    buffer.close()
    return bytes(buffer.data())


def show_help(window: Window, name: str = "") -> None:
    """Show the help about where the window is, or the page of a name; also while the record is locked."""
    locked = window.desk is None
    page = _while_locked(window) if locked else window.page("help")
    assert isinstance(page, HelpPage)
    there = window.stack.currentWidget() is page
    shut = "start" if window.handed.desk is None else "handed"
    about = "help" if there else shut if locked else _place(window)
    if not there:
        before, place = QApplication.focusWidget(), window.place
        page.go_back = lambda: _return(window, place, before)
    # Whoever has only the desk saves nothing on this computer.
    page.print.setVisible(window.handed.desk is None)
    if locked:
        window.stack.setCurrentWidget(page)
        page.open(("page", name) if name else ("about", about))
    else:
        window.go("help", ("page", name) if name else ("about", about))


def _while_locked(window: Window) -> HelpPage:
    """Give the page that is read while nothing is open; the window's other pages go when it locks."""
    for at in range(window.stack.count()):
        page = window.stack.widget(at)
        if isinstance(page, HelpPage):
            return page
    page = HelpPage(None, window.jobs)
    window.stack.addWidget(page)
    return page


def _place(window: Window) -> str:
    """Give the place that is seen, or the part of it that has a help page of its own."""
    seen = window.pages.get(window.place)
    parts = seen.findChildren(QWidget) if seen is not None else []
    named = (PARTS.get(type(each).__name__) for each in parts if each.isVisible())
    return next((name for name in named if name), window.place)


def _return(window: Window, place: str, before: QWidget | None) -> None:
    if window.desk is None:
        window.stack.setCurrentWidget(window.handed.page or window.start)
    else:
        window.go(place or "home")
    if before is not None and isValid(before) and before.isVisible():
        before.setFocus()
