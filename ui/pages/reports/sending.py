"""Sign off, make the files, and see what they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout

from cis_desktop import words
from ui.desk import Desk
from ui.jobs import Job
from ui.widgets.fields import FolderField, Form, line
from ui.widgets.words import Card, button, plain, row

if TYPE_CHECKING:
    from cis_desktop.packs.release import Released


class SendingPart(Card):
    """The last step: a name, a folder, and the files."""

    made = Signal(object)

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.trouble = trouble
        self.agreement_key = self.period = ""
        self.folder: Path | None = None
        lines: QVBoxLayout = self.lines
        self.lead = plain(
            self.tr(
                "Look at the figures above first. When you sign off, the files are made and written into “What we "
                "sent”. Sending them is up to you: the app never goes online."
            )
        )
        lines.addWidget(self.lead)
        self.to_know = plain()
        self.to_know.hide()
        lines.addWidget(self.to_know)
        form = Form()
        self.name = line(80)
        form.field(self.tr("Signed &off by"), self.name)
        self.out = FolderField()
        form.field(self.tr("Folder for the fi&les"), self.out)
        self.out.named(self.tr("Folder for the files"))
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.out.path.setText(str(Path(documents) / "Community Insights reports"))
        lines.addLayout(form)
        self.sign = button(self.tr("&Sign off and make the files"), main=True)
        self.sign.clicked.connect(self.release)
        lines.addLayout(row(self.sign))
        self.files = plain()
        self.files.hide()
        lines.addWidget(self.files)
        self.show_folder = button(self.tr("Open the fol&der"))
        self.show_folder.clicked.connect(self._open)
        self.show_folder.hide()
        lines.addLayout(row(self.show_folder))

    def ready(self, agreement_key: str, period: str, to_know: Sequence[str]) -> None:
        """Prepare for one report; `to_know` is what its figures need said before anybody signs them off."""
        self.to_know.setText("\n".join(to_know))
        self.to_know.setVisible(bool(to_know))
        self.agreement_key, self.period = agreement_key, period
        self.name.setText(self.name.text() or self.desk.workspace.who)
        self.files.hide()
        self.show_folder.hide()

    def release(self) -> None:
        """Make the files."""
        out, name, workspace = Path(self.out.path.text()), self.name.text(), self.desk.workspace
        agreement_key, period = self.agreement_key, self.period
        self.sign.setEnabled(False)

        def work(_: Job) -> Released:
            from cis_desktop.packs.release import release

            return release(workspace, agreement_key, period, out, name)

        def done(released: Released) -> None:
            self.sign.setEnabled(True)
            self.folder = released.archive.parent
            said = {
                released.workbook: self.tr("the spreadsheet, to attach to an email"),
                released.report: self.tr("the report to read or print, to attach as well"),
                released.email: self.tr("a draft of the email, with both attached"),
                released.archive: self.tr("everything in one file, to keep"),
            }
            sizes = {path: words.file_size(path.stat().st_size) for path in said}
            self.files.setText("\n".join(f"{path.name} ({sizes[path]}): {what}" for path, what in said.items()))
            self.files.show()
            self.show_folder.show()
            self.show_folder.setFocus()
            self.made.emit(released)

        def failed(error: Exception) -> None:
            self.sign.setEnabled(True)
            self.trouble(error)

        self.desk.jobs.start(self, self.tr("Making the files"), work, done, failed, can_stop=False)

    def _open(self) -> None:
        if self.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.folder)))
