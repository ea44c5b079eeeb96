"""The files are made: where they are, and everything that an email needs, ready to copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget

from cis_desktop import words
from ui.desk import Desk
from ui.jobs import Job
from ui.pages.reports.narrow import Narrow
from ui.widgets.fields import Form, line, several_lines
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.ledger import Entry
    from cis_desktop.packs.release import Released


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was made: its pack, the paths of its files, and the email that goes with it."""

    pack: str
    workbook: str
    report: str
    email: str
    archive: str
    to: str
    subject: str
    body: str

    @classmethod
    def of(cls, released: Released) -> Made:
        """Take what a release gives."""
        files = (str(path) for path in (released.workbook, released.report, released.email, released.archive))
        letter = released.letter
        return cls(released.pack, *files, letter.to, letter.subject, letter.body)


class SendPart(Narrow):
    """The last step: nothing is sent from here, so a person has to."""

    again = Signal()
    """Somebody wants to make another report."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk, self.trouble = desk, trouble
        self.made: Made | None = None
        lines = self.lines
        lines.addWidget(heading(self.tr("Send it")))
        lines.addWidget(
            plain(
                self.tr(
                    "The app never goes online, so you send it. Open the draft in your email program. If that does not "
                    "work, begin a new email: copy the parts below into it and attach the first two files."
                )
            )
        )
        lines.addWidget(self._files())
        lines.addWidget(self._letter())
        lines.addWidget(self._after())
        lines.addStretch(1)

    def _files(self) -> Card:
        card = Card(self.tr("The files"))
        self.files = plain()
        card.lines.addWidget(self.files)
        self.open_draft = button(self.tr("&Open the email draft"), main=True)
        self.open_draft.clicked.connect(lambda: self._open(self.made.email if self.made else ""))
        self.open_folder = button(self.tr("Open the fol&der"))
        self.open_folder.clicked.connect(lambda: self._open(str(Path(self.made.email).parent) if self.made else ""))
        card.lines.addLayout(row(self.open_draft, self.open_folder))
        return card

    def _letter(self) -> Card:
        card = Card(self.tr("The email"))
        self.address, self.subject = line(4000), line(4000)
        self.body = several_lines(8)
        for field in (self.address, self.subject, self.body):
            field.setReadOnly(True)
        for field, label, text, name in (
            (self.address, self.tr("To"), self.tr("Cop&y the address"), self.tr("Copy the address")),
            (self.subject, self.tr("Subject"), self.tr("Copy the s&ubject"), self.tr("Copy the subject")),
            (self.body, self.tr("Text"), self.tr("Copy the te&xt"), self.tr("Copy the text")),
        ):
            form = Form()
            form.field(label, field)
            card.lines.addLayout(form)
            copy = button(text, name=name)
            copy.clicked.connect(lambda _=False, field=field, name=name: self._copy(field, name))
            card.lines.addLayout(row(copy))
        self.address.setPlaceholderText(self.tr("No address is known: fill it in when you send it"))
        return card

    def _after(self) -> Card:
        card = Card(self.tr("When it is sent"))
        card.lines.addWidget(
            plain(self.tr("Say so here, so that “What we sent” is right. You can say later there that it arrived."))
        )
        self.sent = button(self.tr("It was &sent"))
        self.sent.clicked.connect(self.mark_sent)
        other = button(self.tr("&Make another report"))
        other.clicked.connect(self.again)
        card.lines.addLayout(row(self.sent, other))
        self.standing = plain()
        card.lines.addWidget(self.standing)
        return card

    def first(self) -> QWidget:
        """Give what is used first."""
        return self.open_draft

    def show_made(self, made: Made) -> None:
        """Show a report that was made, as it stands in the ledger and on the disk."""
        from cis_desktop import ledger

        self.made = made
        said = {
            made.workbook: self.tr("the spreadsheet, to attach to the email"),
            made.report: self.tr("the report to read or print, to attach as well"),
            made.email: self.tr("a draft of the email, with both attached"),
            made.archive: self.tr("everything in one file, to keep"),
        }
        listed = [f"{Path(path).name} ({self._size(Path(path))}): {what}" for path, what in said.items()]
        where = self.tr("They are in %1").replace("%1", str(Path(made.email).parent))
        self.files.setText("\n".join([*listed, where]))
        self.address.setText(made.to)
        self.subject.setText(made.subject)
        self.body.setPlainText(made.body.strip())
        self.stand(ledger.find(self.desk.workspace.read, made.pack))

    def stand(self, entry: Entry) -> None:
        """Say whether it was sent."""
        said = {
            "made": self.tr("It is noted as made, and not as sent."),
            "sent": self.tr("It is noted as sent."),
            "received": self.tr("It is noted as arrived."),
            "never-left": self.tr("It is noted as one that never left this computer."),
        }
        self.standing.setText(said.get(entry.status, ""))
        self.sent.setEnabled(entry.status == "made")

    def mark_sent(self) -> None:
        """Note that it was sent."""
        if self.made is None:
            return
        pack, workspace = self.made.pack, self.desk.workspace

        def work(_: Job) -> Any:
            from cis_desktop import ledger

            return ledger.mark(workspace, pack, "sent")

        self.desk.jobs.start(self, self.tr("Noting it"), work, self.stand, self.trouble, writes=True, can_stop=False)

    def _size(self, path: Path) -> str:
        try:
            return words.file_size(path.stat().st_size)
        except OSError:
            return self.tr("no longer there")

    def _open(self, path: str) -> None:
        if path and not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
            self.desk.said.emit(self.tr("This computer has no program that opens it."))

    def _copy(self, field: Any, name: str) -> None:
        text = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
        QGuiApplication.clipboard().setText(text)
        self.desk.said.emit(self.tr("Done: %1").replace("%1", name))
