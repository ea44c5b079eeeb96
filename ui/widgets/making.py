"""The form that makes a group's record, and beside it the example to look round in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.jobs import Jobs
from ui.widgets.fields import FolderField, Form, line
from ui.widgets.page import column
from ui.widgets.passphrase import NewPassphrase
from ui.widgets.words import Card, button, heading, plain, row


class Making(QWidget):
    """Fields and the button that makes the record; what to do instead are buttons of the first page's own."""

    wanted = Signal()
    example = Signal()

    def __init__(self, jobs: Jobs, *instead: QWidget) -> None:
        super().__init__()
        lines = column(self)
        lines.addWidget(heading(self.tr("Make your group’s record")))
        lines.addWidget(
            plain(self.tr("Everything you write is locked with your passphrase and stays on this computer."))
        )
        lines.addWidget(self._example_card())
        form = self.form = Form()
        self.group = line(120)
        form.field(self.tr("The name of your gro&up"), self.group)
        self.person = line(80)
        form.field(self.tr("&Your name"), self.person, self.tr("It is written beside the changes you make."))
        self.new = NewPassphrase(form, jobs, lambda: (self.group.text(), self.person.text()), self)
        self.new.second.field.returnPressed.connect(self.wanted)
        self.folder = FolderField()
        form.field(self.tr("&Where to keep it"), self.folder, self.tr("A new, empty folder on this computer."))
        self.folder.path.returnPressed.connect(self.wanted)
        self.folder.named(self.tr("Where to keep it"))
        lines.addLayout(form)
        self.go = button(self.tr("Make the re&cord"), main=True)
        self.go.clicked.connect(self.wanted)
        lines.addLayout(row(self.go, *instead))

    def missing(self) -> tuple[QWidget, str, str] | None:
        """Give the field that is not filled in well, with a title and a sentence; None where all are."""
        if not self.group.text().strip():
            return (
                self.group,
                self.tr("The group needs a name"),
                self.tr("Nothing was made. Write your group’s name and try again."),
            )
        if self.new.first.text() != self.new.second.text():
            return (
                self.new.second.field,
                self.tr("The two passphrases differ"),
                self.tr("Nothing was made. Type the same passphrase in both fields."),
            )
        if not self.where().is_absolute():
            return (
                self.folder,
                self.tr("It is not clear where to keep it"),
                self.tr("Nothing was made. Give the whole path of a new folder, or press Choose."),
            )
        return None

    def where(self) -> Path:
        """Give the folder to keep it in."""
        return Path(self.folder.path.text().strip()).expanduser()

    def _example_card(self) -> Card:
        card = Card()
        card.lines.addWidget(
            plain(self.tr("Only looking round? There is a made-up food and advice group to try everything out with."))
        )
        self.try_it = button(self.tr("Try it with e&xample data"))
        self.try_it.clicked.connect(self.example)
        card.lines.addLayout(row(self.try_it))
        return card
