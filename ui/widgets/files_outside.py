"""The files that lie outside the record, those that were made to leave, and the originals that are kept inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from cis_desktop import words
from ui.desk import Desk
from ui.jobs import Job
from ui.models.rows import Rows
from ui.theme import SPACE
from ui.widgets.lists import Table
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.intake.originals import Original
    from cis_desktop.outside import Outside
    from cis_desktop.vault.history import Change
    from cis_desktop.vault.tables import Connection

SEEN = 6
"""Lines of a list seen at once."""
Trouble = Callable[[Exception], None]


def tr(text: str) -> str:
    """Translate what is said of a file."""
    return QCoreApplication.translate("files_outside", text)


class FilesOutside(QWidget):
    """Three lists, each seen when there is something in it."""

    def __init__(self, desk: Desk, trouble: Trouble) -> None:
        super().__init__()
        self.desk, self.trouble = desk, trouble
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE)
        lines.addWidget(
            plain(
                tr(
                    "Nothing outside the record is locked. These are the files on this computer that came in or were "
                    "saved, because somebody asked for it. Delete what you no longer need."
                )
            )
        )
        self.blank = plain(tr("There is no such file."), quiet=True)
        lines.addWidget(self.blank)
        self.files = Listed(desk, trouble, tr("Files that came in, or were saved"), "")
        self.reports = Listed(desk, trouble, tr("Reports, which are made to be sent"), tr("the report"))
        self.kept = Kept(desk, trouble)
        for part in (self.files, self.reports, self.kept):
            part.changed = self.reload
            lines.addWidget(part)

    def showEvent(self, event: object) -> None:
        """Look again whenever the page is seen: files come and go without anybody telling."""
        super().showEvent(event)  # type: ignore[arg-type]
        self.reload()

    def reload(self) -> None:
        """Look again at what there is, and whether it is still there."""

        def work(connection: Connection, _: Job) -> tuple[list[Outside], list[Original]]:
            from cis_desktop import outside
            from cis_desktop.intake import originals

            return outside.listed(connection), originals.listed(connection)

        def done(found: tuple[list[Outside], list[Original]]) -> None:
            files, originals = found
            self.files.show_files([each for each in files if each.kind != "report"])
            self.reports.show_files([each for each in files if each.kind == "report"])
            self.kept.show_originals(originals)
            self.blank.setVisible(not files)

        self.desk.read(self, tr("Looking for files outside"), work, done, self.trouble)


class Marked(QWidget):
    """A list with buttons for the marked line; what cannot be undone is asked once more, in its place."""

    def __init__(self, desk: Desk, trouble: Trouble, title: str, columns: Sequence[Any], stretch: int) -> None:
        super().__init__()
        self.desk, self.trouble = desk, trouble
        self.changed: Callable[[], object] = lambda: None
        self._then: Callable[[], object] = lambda: None
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, SPACE, 0, 0)
        lines.setSpacing(SPACE)
        lines.addWidget(heading(title, 2))
        self.rows = Rows(columns)
        self.table = Table(self.rows, title, stretch=stretch)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._marked())
        lines.addWidget(self.table)
        self.where = plain(quiet=True)
        lines.addWidget(self.where)
        self.question = plain()
        self.yes = button(tr("Yes, do it"))
        self.yes.clicked.connect(lambda: (self.asking(False), self._then()))
        self.no = button(tr("No"))
        self.no.clicked.connect(lambda: (self.asking(False), self.table.setFocus()))
        lines.addWidget(self.question)
        lines.addLayout(row(self.yes, self.no))
        self.hide()

    def show_rows(self, records: Sequence[Any]) -> None:
        """Show these, the first one marked."""
        self.rows.show(records)
        self.table.fit_rows(min(SEEN, max(1, len(records))), sideways=True)
        if records:
            self.table.selectRow(0)
        self.asking(False)
        self._marked()
        self.setVisible(bool(records))

    def current(self) -> Any:
        """Give the marked record, or None."""
        index = self.table.currentIndex()
        return self.rows.record(index.row()) if index.isValid() and index.row() < self.rows.rowCount() else None

    def ask(self, question: str, yes: str, then: Callable[[], object]) -> None:
        """Ask once more before something that cannot be undone."""
        self._then = then
        self.question.setText(question)
        self.yes.setText(yes)
        self.yes.setAccessibleName(yes)
        self.asking(True)
        self.no.setFocus()

    def asking(self, on: bool) -> None:
        """Show the question, or put it away."""
        for part in (self.question, self.yes, self.no):
            part.setVisible(on)

    def _marked(self) -> None:
        self.asking(False)

    def write(self, words: str, work: Callable[[Change], object], said: str) -> None:
        """Do something on the thread that writes, then look again."""

        def done(_: object) -> None:
            self.desk.said.emit(said)
            self.changed()
            self.table.setFocus()

        self.desk.write(self, words, work, done, self.trouble)


class Listed(Marked):
    """Files outside, each with what it is and whether it is still there."""

    def __init__(self, desk: Desk, trouble: Trouble, title: str, what: str) -> None:
        said = kinds()
        super().__init__(
            desk,
            trouble,
            title,
            [
                (tr("File"), lambda each: each.path.name),
                (tr("Now"), lambda each: tr("still there") if each.there else tr("gone")),
                (tr("What it is"), lambda each: said.get(each.kind, each.kind)),
                (tr("Folder"), lambda each: each.path.parent.name),
                (tr("When"), lambda each: words.day(each.at)),
            ],
            0,
        )
        name = what or tr("the marked file")
        self.delete = button(tr("Delete it…"), name=tr("Delete: %1").replace("%1", name))
        self.delete.clicked.connect(self._ask)
        self.forget = button(tr("Take it off the list"), name=tr("Take off the list: %1").replace("%1", name))
        self.forget.clicked.connect(self._forget)
        self.layout().addLayout(row(self.delete, self.forget))

    def show_files(self, files: Sequence[Outside]) -> None:
        """Show these files."""
        self.show_rows(files)

    def _marked(self) -> None:
        super()._marked()
        each = self.current()
        if not hasattr(self, "delete"):
            return
        self.where.setText(str(each.path) if each is not None else "")
        self.delete.setEnabled(each is not None and each.there)
        self.forget.setEnabled(each is not None and not each.there)

    def _ask(self) -> None:
        each = self.current()
        self.ask(
            tr("Delete “%1” for good? It goes into no bin, and cannot be brought back.").replace("%1", each.path.name),
            tr("Yes, delete the file"),
            lambda: self._delete(each.path),
        )

    def _delete(self, path: Path) -> None:
        def work(change: Change) -> None:
            from cis_desktop import outside

            outside.delete(path)
            outside.forget(change, path)

        self.write(tr("Deleted a file outside"), work, tr("The file is deleted."))

    def _forget(self) -> None:
        path = self.current().path

        def work(change: Change) -> None:
            from cis_desktop import outside

            outside.forget(change, path)

        self.write(tr("Took a file off the list"), work, tr("It is off the list."))


class Kept(Marked):
    """Originals of imports, kept inside the record."""

    def __init__(self, desk: Desk, trouble: Trouble) -> None:
        super().__init__(
            desk,
            trouble,
            tr("Originals kept inside"),
            [
                (tr("File"), lambda each: each.name),
                (tr("Size"), lambda each: words.file_size(each.size)),
                (tr("Kept"), lambda each: words.day(each.kept_at)),
                (tr("By"), lambda each: each.kept_by),
            ],
            0,
        )
        self.where.setText(tr("They are on this laptop and in its backups. A copy saved outside is not locked."))
        self.save = button(tr("Save it outside…"), name=tr("Save the marked original outside"))
        self.save.clicked.connect(self._where)
        self.remove = button(tr("Keep it no longer…"), name=tr("Keep the marked original no longer"))
        self.remove.clicked.connect(self._ask)
        self.layout().addLayout(row(self.save, self.remove))

    def show_originals(self, kept: Sequence[Original]) -> None:
        """Show these originals."""
        self.show_rows(kept)

    def _where(self) -> None:
        dialog = QFileDialog(self, tr("Where to save the original"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(self.current().name)
        dialog.fileSelected.connect(lambda chosen: self.save_out(Path(chosen)))
        dialog.open()

    def save_out(self, path: Path) -> None:
        """Save the marked original outside, where it is listed."""
        original, workspace = self.current().id, self.desk.workspace

        def work(_: Job) -> None:
            from cis_desktop.intake import originals

            originals.save_out(workspace, original, path)

        def done(_: None) -> None:
            self.desk.said.emit(tr("The original is saved. Anybody who finds that file can read it."))
            self.changed()

        name = tr("Saving the original")
        self.desk.jobs.start(self, name, work, done, self.trouble, writes=True, can_stop=False)

    def _ask(self) -> None:
        each = self.current()

        def work(change: Change) -> None:
            from cis_desktop.intake import originals

            originals.remove(change, each.id)

        self.ask(
            tr("Take “%1” out of the record? What was imported from it stays.").replace("%1", each.name),
            tr("Yes, take it out"),
            lambda: self.write(tr("Removed an original"), work, tr("It is kept no longer.")),
        )


def kinds() -> dict[str, str]:
    """Give what each kind of file is, in words."""
    return {
        "import": tr("a list that you brought in"),
        "post": tr("council post that you brought in"),
        "rejects": tr("rejected rows"),
        "original": tr("an original, saved out again"),
        "copy": tr("a copy of council post"),
        "help": tr("a page of the help"),
        "kit": tr("a recovery kit: print it, then delete it"),
        "report": tr("a report"),
    }
