"""Council post: the list of what came in, bringing files in, and beside it the one that is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QSplitter, QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from ui import outside
from ui.desk import Desk
from ui.jobs import Job
from ui.models import briefing as said
from ui.models.rows import Rows
from ui.pages.post import bringing
from ui.pages.post.bringing import Asked
from ui.pages.post.checking import CheckingPart
from ui.pages.post.reader import Reader
from ui.widgets.leftover import Left, Leftover
from ui.widgets.lists import Table
from ui.widgets.page import Page, column, scrolled
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.briefings.incoming import Imported
    from cis_desktop.briefings.looking import Looked
    from cis_desktop.briefings.model import Summary
    from cis_desktop.vault.tables import Connection


class PostPage(Page):
    """What a council sent."""

    shows = frozenset({"briefings", "briefing_files", "areas", "boundaries", "releases"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setAcceptDrops(True)
        self.refused: tuple[Path, ...] = ()
        self.given: tuple[Path, ...] = ()
        self.reader = Reader(desk)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(scrolled(self._list()))
        split.addWidget(self._right())
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
        self.try_example = button(self.tr("Try &with the example"))
        self.try_example.clicked.connect(lambda: self.look_at(()))
        self.new_key = button(self.tr("The key is theirs: loo&k at it"))
        self.new_key.clicked.connect(lambda: self.look_at(self.refused, new_key=True))
        self.new_key.hide()
        lines.addLayout(row(self.bring, self.try_example, self.new_key))
        lines.addWidget(self.notice)
        self.leftover = Leftover(self.desk, self.trouble)
        lines.addWidget(self.leftover)
        self.rows = Rows([(self.tr("What came in"), said.line_of)])
        self.table = Table(self.rows, self.tr("What came in"), lines=3)
        self.table.opened.connect(self._opened)
        self.table.setMinimumHeight(self.table.fontMetrics().lineSpacing() * 5)
        lines.addWidget(self.table, 1)
        self.places = plain(quiet=True)
        lines.addWidget(self.places)
        lines.addStretch(0)
        return left

    def _right(self) -> QWidget:
        self.checking = CheckingPart()
        self.checking.accepted.connect(self.take_in)
        self.checking.left.connect(self.leave)
        self.checking_area = scrolled(self.checking)
        self.checking_area.hide()
        right = QWidget()
        lines = QVBoxLayout(right)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.checking_area)
        lines.addWidget(self.reader)
        return right

    # --- the list -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the list again, and what is being read beside it."""
        from cis_desktop.briefings import reading
        from cis_desktop.geography import held

        connection = self.desk.workspace.read
        found = reading.briefings(connection)
        self.rows.show(found)
        self.blank.setVisible(not found)
        self.try_example.setVisible(not found)
        self.table.setVisible(bool(found))
        self._say_places([one for one in held(connection) if one.kind == "ward"])
        if self.checking.looked is not None:
            # What is being looked at stays; the rest is read when that is done.
            return
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
        known = [said.wards_of(one) for one in wards]
        self.places.setText(self.tr("Known here: %1.").replace("%1", words.listed(known, self.tr("and"))))

    def open(self, what: object) -> None:
        """Show one thing that came, or begin bringing in: ("show", its id) or ("new", None)."""
        if isinstance(what, tuple) and what[0] == "show":
            self._let_go()
            self.reader.asked = what[1]
            self.reload()
        else:
            self.bring.setFocus()

    def drafts(self) -> dict[str, Any]:
        """Give which files were being looked at, and who sent them; the files are read again."""
        if self.checking.looked is None:
            return {}
        return {"files": [str(path) for path in self.given], **self.checking.draft()}

    def restore(self, drafts: dict[str, Any]) -> None:
        """Look at the same files again."""
        self.look_at([Path(path) for path in drafts["files"]], sender=drafts["sender"], answered=drafts)

    def _opened(self, each: Summary) -> None:
        self.leave()
        self.reader.show_briefing(each.id)

    # --- bringing in ----------------------------------------------------------------------------------------

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("What the council sent"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [self.tr("Tables, letters and maps (%1)").replace("%1", bringing.ENDINGS), self.tr("All files (*)")]
        )
        dialog.filesSelected.connect(lambda chosen: self.look_at([Path(each) for each in chosen]))
        dialog.open()

    def look_at(
        self, paths: Sequence[Path], new_key: bool = False, sender: str = "", answered: dict[str, Any] | None = None
    ) -> None:
        """Look at files (without any, at the example), and show what would come in.

        `answered` is what was said about them before the record was locked.
        """
        workspace, given = self.desk.workspace, tuple(paths)
        self._begin()
        self.new_key.hide()
        self.leftover.hide()

        def work(job: Job) -> Looked:
            if not given:
                return bringing.look_at_example(workspace, job)
            return bringing.look(workspace, given, new_key, job)

        def done(looked: Looked) -> None:
            self._end()
            self.given = given
            self.checking.sender.setText(sender)
            self.checking.show_looked(looked)
            self.checking.restore(answered or {})
            self.reader.hide()
            self.checking_area.show()
            self.checking_area.verticalScrollBar().setValue(0)
            self.checking.accept.setFocus()

        def failed(error: Exception) -> None:
            self._end()
            self.refused = given
            self.new_key.setVisible(isinstance(error, CisError) and error.code == "other_key")
            self.trouble(error)
            self.bring.setFocus()

        self.desk.jobs.start(self, self.tr("Looking at the files"), work, done, failed)

    def take_in(self) -> None:
        """Take in what was looked at, all of it or nothing."""
        looked, workspace, given = self.checking.looked, self.desk.workspace, self.given
        if looked is None or not self.bring.isEnabled():
            return
        title = "" if self.given else self.tr("Example of what a council sends")
        asked = Asked(self.checking.answers()[0], title, self.checking.answers()[1])
        self._begin()

        def work(job: Job) -> Imported:
            return bringing.take_in(workspace, looked, asked, job)

        def done(came: Imported) -> None:
            self._end()
            self._let_go()
            if came.change_set is not None:
                self.desk.changed.emit(self.tr("What the council sent"), came.change_set)
            self.notice.good(bringing.headline(came), bringing.remarks(came))
            self._offer(given)
            if came.briefings:
                self.reader.asked = came.briefings[0]
            self.reload()
            (self.table if came.briefings else self.bring).setFocus()

        def failed(error: Exception) -> None:
            self._end()
            self.trouble(error)
            self.checking.accept.setFocus()

        self.desk.jobs.start(self, self.tr("Bringing in files"), work, done, failed, writes=True)

    def _offer(self, files: Sequence[Path]) -> None:
        """List the files as outside, and offer to delete those that are kept inside as they came."""
        if not files:
            return
        outside.note(self.desk, self, files, "post", self.trouble)

        def work(connection: Connection, _: Job) -> list[Left]:
            from cis_desktop.intake import originals

            return [Left(path, sha256) for path, sha256 in originals.inside(connection, files)]

        def done(left: list[Left]) -> None:
            self.leftover.offer(left, kept=True)

        self.desk.read(self, self.tr("Comparing the files"), work, done, self.trouble)

    def leave(self) -> None:
        """Let go of what was looked at, and show what is here."""
        if self.checking.looked is not None:
            self._let_go()
            self.reload()
            self.bring.setFocus()

    def _let_go(self) -> None:
        self.checking.looked = None
        self.checking.sender.clear()
        self.checking_area.hide()

    def _begin(self) -> None:
        self.notice.clear()
        for part in (self.bring, self.try_example, self.checking.accept):
            part.setEnabled(False)

    def _end(self) -> None:
        for part in (self.bring, self.try_example, self.checking.accept):
            part.setEnabled(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that are dragged here."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Bring in files that are dropped here."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths and self.bring.isEnabled():
            self.look_at(paths)
