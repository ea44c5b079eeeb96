"""The files that came: the words of letters and reports, with a search in them, and a copy of any outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget

from cis_desktop import words
from ui import outside
from ui.desk import Desk
from ui.jobs import Job
from ui.say import say
from ui.widgets.fields import Choice, Form, line
from ui.widgets.notice import Notice
from ui.widgets.page import column
from ui.widgets.words import button, plain, row

if TYPE_CHECKING:
    from cis_desktop.briefings.model import Kept
    from cis_desktop.vault.tables import Connection

WITHOUT_WORDS = frozenset({"table", "boundaries", "areas", "agreement"})
"""Kinds of files that are not there to be read; copies of them can be saved all the same."""
ROWS = 16


class DocumentsPart(QWidget):
    """One document at a time, as text that cannot be changed."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.trouble = trouble
        self.unread: set[str] = set()
        lines = column(self)
        form = Form()
        self.which = Choice()
        self.which.currentIndexChanged.connect(self._read)
        form.field(self.tr("Do&cument"), self.which)
        self.sought = line(200)
        self.sought.returnPressed.connect(self.find_next)
        self.sought.textChanged.connect(lambda: self.found.hide())
        form.field(self.tr("Search &in it"), self.sought)
        lines.addLayout(form)
        self.next = button(self.tr("Find ne&xt"))
        self.next.clicked.connect(self.find_next)
        self.save = button(self.tr("Sa&ve a copy…"))
        self.save.clicked.connect(self._where)
        lines.addLayout(row(self.next, self.save))
        self.notice = Notice()
        lines.addWidget(self.notice)
        self.found = plain()
        self.found.hide()
        lines.addWidget(self.found)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("The words of the document"))
        self.text.setMinimumHeight(self.text.fontMetrics().lineSpacing() * ROWS)
        lines.addWidget(self.text, 1)

    def show_files(self, files: Sequence[Kept]) -> bool:
        """Offer the files, those that can be read first; say whether one of them can."""
        readable = [each for each in files if each.kind not in WITHOUT_WORDS]
        self.unread = {str(each.id) for each in files} - {str(each.id) for each in readable}
        before = self.which.key()
        others = (each for each in files if each.kind in WITHOUT_WORDS)
        self.which.offer((str(each.id), each.name) for each in (*readable, *others))
        if before != self.which.key():
            self._read()
        return bool(readable)

    def _read(self) -> None:
        file = self.which.key()
        if file is None:
            return
        self.text.clear()
        self.notice.clear()
        self.found.hide()
        if file in self.unread:
            self.text.setPlainText(self.tr("This file is no text to read. A copy of it can be saved as it came."))
            return

        def work(connection: Connection, _: Job) -> list[tuple[int, str]]:
            from cis_desktop.briefings import reading

            return reading.pages(connection, int(file))

        def done(pages: list[tuple[int, str]]) -> None:
            if file == self.which.key():
                title = self.tr("Page %1") + "\n\n" if len(pages) > 1 else ""
                text = "\n\n".join(title.replace("%1", str(at)) + page.strip() for at, page in pages)
                self.text.setPlainText(text or self.tr("No words were found in this file. It may be a picture."))

        self.desk.read(self, self.tr("Reading a document"), work, done, self.trouble)

    def _where(self) -> None:
        dialog = QFileDialog(self, self.tr("Where to save a copy"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(self.which.currentText())
        dialog.fileSelected.connect(lambda chosen: self.save_copy(Path(chosen)))
        dialog.open()

    def save_copy(self, path: Path) -> None:
        """Write the file as it came to a place outside the record, which somebody asked for."""
        file = self.which.key()
        if file is None:
            return

        def work(connection: Connection, _: Job) -> None:
            from cis_desktop.briefings import reading
            from cis_desktop.saving import save

            save(path, reading.file_body(connection, int(file))[1])

        def done(_: None) -> None:
            outside.note(self.desk, self, [path], "copy", self._failed)
            self.notice.good(
                self.tr("A copy is saved"),
                self.tr("Anybody who finds that file can read it. Delete it when you no longer need it."),
            )

        self.desk.read(self, self.tr("Saving a copy"), work, done, self._failed)

    def _failed(self, error: Exception) -> None:
        say(error, self.notice)

    def find_next(self) -> None:
        """Go to the next place of the words that are looked for, from the beginning again after the last."""
        sought = self.sought.text().strip()
        if not sought:
            return
        times = self.text.toPlainText().casefold().count(sought.casefold())
        if not self.text.find(sought):
            self.text.moveCursor(QTextCursor.MoveOperation.Start)
            self.text.find(sought)
        self.found.setText(
            self.tr("“%1” is not in this document.").replace("%1", sought)
            if not times
            else self.tr("Found %1.").replace("%1", words.count(times, self.tr("time"), self.tr("times")))
        )
        self.found.show()
