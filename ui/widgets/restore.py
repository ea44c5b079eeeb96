"""Getting a record back from a backup: which one, into which new folder, and the passphrase of its day or the kit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from cis_desktop import kit, words
from cis_desktop.errors import CisError
from ui.jobs import Job, Jobs
from ui.new_place import FOLDER_REFUSED
from ui.say import say
from ui.widgets.fields import Choice, FolderField, Form
from ui.widgets.notice import Notice
from ui.widgets.page import column
from ui.widgets.passphrase import Secret
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.vault.tables import Connection
    from cis_desktop.workspace import Workspace


class Restore(QWidget):
    """One form. A backup is never restored over other files, so nothing can be spoilt by trying."""

    opened = Signal(object, str)
    """The restored record is open; what to say about that."""
    with_kit = Signal(object, str)
    """A record was restored with the recovery kit into this folder; the key goes on to a new passphrase."""
    left = Signal()

    def __init__(self, jobs: Jobs, new_place: Callable[[], Path]) -> None:
        super().__init__()
        self.jobs, self._new_place = jobs, new_place
        # The mark of the record of which somebody was asked whether it is the one they mean.
        self._asked = ""
        self.notice = Notice()
        card = Card()
        card.lines.addWidget(
            plain(
                self.tr(
                    "The backup is unpacked into a new folder, checked and opened there. The backup itself, and a "
                    "record that you have, stay as they are."
                )
            )
        )
        form = Form()
        self.which = Choice()
        form.field(self.tr("&Which backup"), self.which)
        self.file = button(self.tr("&Choose a file…"), name=self.tr("Choose the file of a backup"))
        self.file.clicked.connect(self._choose)
        form.addLayout(row(self.file))
        form.addSpacing(10)
        self.into = FolderField()
        form.field(self.tr("In&to which new folder"), self.into)
        self.into.named(self.tr("Into which new folder"))
        self.secret = Secret(
            form,
            self.tr("&Passphrase, or the key of the recovery kit"),
            self.tr("The passphrase that was in use when the backup was made."),
        )
        self.secret.field.returnPressed.connect(self.restore)
        shown = QCheckBox(self.tr("&Show what I type"))
        shown.toggled.connect(self.secret.show_it)
        form.addWidget(shown)
        self.shown = shown
        card.lines.addWidget(self.notice)
        card.lines.addLayout(form)
        self.go = button(self.tr("&Restore it"), main=True)
        self.go.clicked.connect(self.restore)
        back = button(self.tr("Never m&ind"))
        back.clicked.connect(self.leave)
        card.lines.addLayout(row(self.go, back))
        lines = column(self)
        lines.addWidget(heading(self.tr("Restore a backup")))
        lines.addWidget(card)
        lines.addStretch(1)

    def begin(self, folder: Path | None) -> None:
        """Offer the backups of the record in `folder`, newest first."""
        from cis_desktop.backups import FOLDER, made

        self.forget()
        there = made(folder / FOLDER) if folder is not None else []
        offered = [(str(each.path), words.minute(each.at.strftime("%Y-%m-%dT%H:%M:%SZ"))) for each in there]
        self.which.offer(offered or [(None, self.tr("None here: choose the file of one"))])
        self.which.setCurrentIndex(0)
        self.into.path.setText(str(self._new_place()))
        (self.secret.field if there else self.file).setFocus()

    def forget(self) -> None:
        """Forget what was typed."""
        self.notice.clear()
        self.secret.wipe()
        self._asked = ""
        self.shown.setChecked(False)
        self.go.setEnabled(True)

    def leave(self) -> None:
        """Go back."""
        self.forget()
        self.left.emit()

    def take(self, path: Path) -> None:
        """Choose a backup by its file."""
        key = str(path)
        if self.which.findData(key) < 0:
            self.which.insertItem(0, path.name, key)
            nothing = self.which.findData(None)
            if nothing >= 0:
                self.which.removeItem(nothing)
        self.which.choose(key)
        self.secret.field.setFocus()

    def restore(self) -> None:
        """Restore what is chosen."""
        if not self.go.isEnabled():
            return
        key = self.which.key()
        into, secret = Path(self.into.path.text().strip()).expanduser(), self.secret.text()
        if key is None:
            self.file.setFocus()
            self.notice.error(
                self.tr("No backup is chosen"),
                self.tr("Nothing was restored. Choose the file of one: its name ends in .cis-backup."),
            )
            return
        if not into.is_absolute():
            self.into.setFocus()
            self.notice.error(
                self.tr("It is not clear where to put it"),
                self.tr("Nothing was restored. Give the whole path of a new folder, or press Choose."),
            )
            return
        self.notice.clear()
        self.go.setEnabled(False)

        def work(_: Job) -> Workspace:
            from cis_desktop import whose
            from cis_desktop.workspace import Workspace

            def look(connection: Connection) -> None:
                found = whose.whose(connection)
                agreed, self._asked = self._asked, found.mark
                whose.refuse_unknown(found, agreed)

            return Workspace.restore(Path(key), into, secret, look)

        def done(workspace: Workspace) -> None:
            self.forget()
            if kit.looks_like_one(secret):
                workspace.close()
                self.with_kit.emit(into, secret)
            else:
                said = self.tr("The backup is restored, and open. This is the record now: %1")
                self.opened.emit(workspace, said.replace("%1", str(into)))

        self.jobs.start(
            self, self.tr("Restoring the backup"), work, done, self._refused, writes=True, can_stop=False
        )  # fmt: skip

    def _refused(self, error: Exception) -> None:
        self.go.setEnabled(True)
        if isinstance(error, CisError) and error.code in FOLDER_REFUSED:
            self.into.setFocus()
        elif isinstance(error, CisError) and error.code in ("wrong_passphrase", "wrong_recovery_key"):
            self.secret.again()
        elif isinstance(error, CisError) and error.code == "not_known_here":
            self.go.setFocus()
        else:
            self.which.setFocus()
        say(error, self.notice)

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("The backup"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Backups (%1)").replace("%1", "*.cis-backup"), self.tr("All files (*)")])
        dialog.fileSelected.connect(lambda chosen: self.take(Path(chosen)))
        dialog.open()
