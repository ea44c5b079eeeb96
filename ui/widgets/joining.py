"""Joining another laptop's record: its invitation, the six words, a name and a passphrase of one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cis_desktop.errors import CisError
from ui.jobs import Job, Jobs
from ui.new_place import FOLDER_REFUSED
from ui.say import say
from ui.widgets.fields import FolderField, Form, line
from ui.widgets.notice import Notice
from ui.widgets.page import column
from ui.widgets.passphrase import NewPassphrase
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.workspace import Workspace


class Join(QWidget):
    """One form. What it makes is empty, and waits for the record of the other laptop."""

    opened = Signal(object, str)
    """The place for the record is made and open; what to say about that."""
    left = Signal()

    def __init__(self, jobs: Jobs, new_place: Callable[[], Path]) -> None:
        super().__init__()
        self.jobs, self._new_place = jobs, new_place
        card = Card()
        card.lines.addWidget(
            plain(
                self.tr(
                    "On the other laptop somebody presses “Share with another laptop”, gives you the file and tells "
                    "you six words. The record then comes over by a stick, a shared folder or email."
                )
            )
        )
        self.notice = Notice()
        card.lines.addWidget(self.notice)
        form = Form()
        self.file = FolderField(file=True, there=self.tr("Invitations (%1)").replace("%1", "*.cis-invite *.eml"))
        form.field(
            self.tr("The &invitation"),
            self.file,
            self.tr("The file from the other laptop, or the saved email with it."),
        )
        self.file.named(self.tr("The invitation"))
        self.code = line(200)
        form.field(self.tr("The six &words"), self.code, self.tr("As they were told by telephone."))
        self.person = line(80)
        form.field(self.tr("Your &name"), self.person, self.tr("It is written beside the changes you make."))
        self.new = NewPassphrase(form, jobs, lambda: (self.person.text(),), self)
        self.into = FolderField()
        form.field(self.tr("W&here to keep the record"), self.into, self.tr("A new, empty folder on this computer."))
        self.into.named(self.tr("Where to keep the record"))
        card.lines.addLayout(form)
        self.go = button(self.tr("&Join"), main=True, name=self.tr("Join the other laptop’s record"))
        self.go.clicked.connect(self.join)
        back = button(self.tr("Never min&d"))
        back.clicked.connect(self.leave)
        card.lines.addLayout(row(self.go, back))
        for field in (self.code, self.person, self.new.second.field, self.into.path):
            field.returnPressed.connect(self.join)
        # Where each refusal leads; what is not here is about the file.
        self._about = {
            "wrong_code": self.code, "weak_passphrase": self.new.first.field,
            **dict.fromkeys(FOLDER_REFUSED, self.into),
        }  # fmt: skip
        lines = column(self)
        lines.addWidget(heading(self.tr("Join another laptop’s record")))
        lines.addWidget(card)
        lines.addStretch(1)

    def begin(self) -> None:
        """Ask for everything anew."""
        self.forget()
        self.into.path.setText(str(self._new_place()))
        self.file.setFocus()

    def forget(self) -> None:
        """Forget what was typed."""
        self.notice.clear()
        self.new.wipe()
        for field in (self.code, self.person, self.file.path):
            field.clear()
        self.go.setEnabled(True)

    def leave(self) -> None:
        """Go back."""
        self.forget()
        self.left.emit()

    def join(self) -> None:
        """Make a place for the record, that asks for it."""
        if not self.go.isEnabled():
            return
        file, into = (Path(each.path.text().strip()).expanduser() for each in (self.file, self.into))
        code, passphrase = self.code.text(), self.new.first.text()
        person = self.person.text().strip()
        refused = self._missing(file, into)
        if refused is not None:
            field, title = refused
            field.setFocus()
            self.notice.error(title, self.tr("Nothing was made. Put that right, then press Join again."))
            return
        self.notice.clear()
        self.go.setEnabled(False)

        def work(_: Job) -> Workspace:
            from cis_desktop.sync import invitations

            return invitations.join(into, invitations.read(file, code), person, passphrase)

        def done(workspace: Workspace) -> None:
            self.forget()
            said = self.tr("There is a place for the record now. It comes once both laptops have met.")
            self.opened.emit(workspace, said)

        self.jobs.start(self, self.tr("Joining"), work, done, self._refused, writes=True, can_stop=False)

    def _missing(self, file: Path, into: Path) -> tuple[QWidget, str] | None:
        if not file.is_file():
            return self.file, self.tr("The invitation is not there")
        if not self.code.text().strip():
            return self.code, self.tr("The six words are missing")
        if not self.person.text().strip():
            return self.person, self.tr("Your name is missing")
        if self.new.first.text() != self.new.second.text():
            return self.new.second.field, self.tr("The two passphrases differ")
        if not into.is_absolute():
            return self.into, self.tr("It is not clear where to keep the record")
        return None

    def _refused(self, error: Exception) -> None:
        self.go.setEnabled(True)
        about = self._about.get(error.code, self.file) if isinstance(error, CisError) else self.file
        about.setFocus()
        say(error, self.notice)
