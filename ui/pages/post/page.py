"""Council post: the list of what came in, bringing files in, and beside it the one that is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QSplitter, QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from ui.desk import Desk
from ui.jobs import Job
from ui.models import briefing as said
from ui.models.rows import Rows
from ui.pages.post import bringing
from ui.pages.post.bringing import Brought
from ui.pages.post.reader import Reader
from ui.widgets.fields import Form, line
from ui.widgets.lists import Table
from ui.widgets.page import Page, column, scrolled
from ui.widgets.words import button, heading, plain, row


class Inbox(Table):
    """The list of what came: two lines for each, because a narrow column of titles tells nothing."""

    def resizeEvent(self, event: object) -> None:
        """Leave the day its whole width, also in large text."""
        super().resizeEvent(event)
        self.horizontalHeader().setMaximumSectionSize(max(90, self.viewport().width() * 11 // 20))

    def _fit(self) -> None:
        super()._fit()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() * 2 + 12)


class PostPage(Page):
    """What a council sent."""

    shows = frozenset({"briefings", "briefing_files", "areas", "boundaries", "releases"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setAcceptDrops(True)
        self.refused: tuple[Path, ...] = ()
        self.reader = Reader(desk)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(scrolled(self._list()))
        split.addWidget(self.reader)
        split.setSizes([420, 760])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self.reload()

    def _list(self) -> QWidget:
        left = QWidget()
        lines = column(left)
        lines.addWidget(heading(self.tr("Council post")))
        self.blank = plain(
            self.tr(
                "Nothing has come in yet: bring in what the council sent you, be it tables, letters or maps of wards."
            )
        )
        lines.addWidget(self.blank)
        self.bring = button(self.tr("&Bring in files…"), main=True)
        self.bring.clicked.connect(self._choose)
        self.new_key = button(self.tr("The key is theirs: ta&ke it in"))
        self.new_key.clicked.connect(lambda: self.bring_in(self.refused, new_key=True))
        self.new_key.hide()
        lines.addLayout(row(self.bring, self.new_key))
        lines.addWidget(self.notice)
        form = Form()
        self.sender = line(200)
        form.field(self.tr("W&ho sent them, if you like"), self.sender)
        lines.addLayout(form)
        self.rows = Rows(
            [
                (self.tr("What, from whom"), lambda each: f"{each.title}\n{each.sender}"),
                (self.tr("When, kind"), lambda each: f"{words.day(each.received_on)}\n{said.kind_words(each)}"),
            ]
        )
        self.table = Inbox(self.rows, self.tr("What came in"))
        self.table.opened.connect(lambda each: self.reader.show_briefing(each.id))
        self.table.setMinimumHeight(self.table.fontMetrics().lineSpacing() * 5)
        lines.addWidget(self.table, 1)
        self.places = plain(quiet=True)
        lines.addWidget(self.places)
        lines.addStretch(0)
        return left

    # --- the list -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the list again, and what is being read beside it."""
        from cis_desktop.briefings import reading
        from cis_desktop.geography import held

        connection = self.desk.workspace.read
        found = reading.briefings(connection)
        self.rows.show(found)
        self.blank.setVisible(not found)
        self.table.setVisible(bool(found))
        self._say_places([one for one in held(connection) if one.kind == "ward"])
        ids = [each.id for each in found]
        if self.reader.asked in ids:
            self.reader.show_briefing(self.reader.asked)
            self.table.selectRow(ids.index(self.reader.asked))
        elif found:
            self.reader.show_briefing(ids[0])
            self.table.selectRow(0)
        else:
            self.reader.clear()

    def _say_places(self, wards: Sequence[Any]) -> None:
        if not wards:
            self.places.setText(self.tr("No wards are known here yet. A file of their boundaries makes maps possible."))
            return
        known = [
            self.tr("%1 (%2 with a boundary)")
            .replace("%2", words.number(one.mapped))
            .replace("%1", words.count(one.count, self.tr("ward"), self.tr("wards")) + f" {one.vintage}".rstrip())
            for one in wards
        ]
        self.places.setText(self.tr("Known here: %1.").replace("%1", words.listed(known, self.tr("and"))))

    def open(self, what: object) -> None:
        """Show one thing that came, or begin bringing in: ("show", its id) or ("new", None)."""
        if isinstance(what, tuple) and what[0] == "show":
            self.reader.asked = what[1]
            self.reload()
        else:
            self.bring.setFocus()

    def drafts(self) -> dict[str, Any]:
        """Give the sender that is typed but not used yet."""
        return {"sender": self.sender.text()} if self.sender.text() else {}

    def restore(self, drafts: dict[str, Any]) -> None:
        """Put the sender back."""
        self.sender.setText(drafts["sender"])

    # --- bringing in ----------------------------------------------------------------------------------------

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("What the council sent"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [self.tr("Tables, letters and maps (%1)").replace("%1", bringing.ENDINGS), self.tr("All files (*)")]
        )
        dialog.filesSelected.connect(lambda chosen: self.bring_in([Path(each) for each in chosen]))
        dialog.open()

    def bring_in(self, paths: Sequence[Path], new_key: bool = False) -> None:
        """Take files in, all of them or none."""
        workspace, sender, given = self.desk.workspace, self.sender.text().strip(), tuple(paths)
        self.notice.clear()
        self.new_key.hide()
        self.bring.setEnabled(False)

        def work(job: Job) -> Brought:
            return bringing.bring_in(workspace, given, sender, new_key, job)

        def done(brought: Brought) -> None:
            self.bring.setEnabled(True)
            self.sender.clear()
            for what, change_set in bringing.changes(brought):
                self.desk.changed.emit(what, change_set)
            self.notice.good(bringing.headline(brought), bringing.remarks(brought))
            if brought.post is not None:
                self.reader.asked = brought.post.briefings[0]
            self.reload()
            self.table.setFocus()

        def failed(error: Exception) -> None:
            self.bring.setEnabled(True)
            self.refused = given
            self.new_key.setVisible(isinstance(error, CisError) and error.code == "other_key")
            self.trouble(error)
            self.bring.setFocus()

        self.desk.jobs.start(self, self.tr("Bringing in files"), work, done, failed, writes=True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that are dragged here."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Bring in files that are dropped here."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths and self.bring.isEnabled():
            self.bring_in(paths)
