"""Is the file of a report as it was signed? For whoever got one; it needs no record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from ui.dialogs.sheet import Sheet
from ui.say import report
from ui.widgets.notice import Notice
from ui.widgets.words import button, plain, row

if TYPE_CHECKING:
    from cis_desktop.packs import Verified
    from ui.jobs import Job
    from ui.window import Window


class Unchanged(Sheet):
    """What came of checking a file: who signed it, or what is wrong with it."""

    def __init__(self, above: QWidget) -> None:
        super().__init__(above)
        self.setWindowTitle(_tr("Check a report file"))
        self.notice = Notice()
        self.more = plain()
        self.more.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.lines.addWidget(self.notice)
        self.lines.addWidget(self.more)
        close = button(_tr("C&lose"), main=True)
        close.clicked.connect(self.accept)
        self.lines.addLayout(row(close))
        close.setFocus()

    def show_found(self, found: Verified) -> None:
        """Say whether it is as it was signed. Raises CisError for a period that there is not."""
        from cis_desktop.figures import period

        if found.valid:
            said = _tr("“%1”, %2, from %3. %4 signed it off, and nothing in it was changed since.")
            facts = (found.agreement, period(found.period).label, found.group, found.signed_off_by)
            for at, name in enumerate(facts, 1):
                said = said.replace(f"%{at}", words.within(name))
            self.notice.good(_tr("It is as it was signed"), said)
            key = _tr("The fingerprint of its key: %1. Compare it once with the group, by telephone.")
            self.more.setText(key.replace("%1", found.fingerprint))
        else:
            self.notice.error(
                _tr("It is not as it was signed"), _tr("Do not use it; ask the group to send it again. What is wrong:")
            )
            self.more.setText("\n".join(words.within(each) for each in found.problems))

    def refuse(self, error: CisError) -> None:
        """Say why the file could not be checked."""
        self.notice.error(error.title, error.sentence)
        self.more.hide()


def ask(window: Window) -> None:
    """Let somebody choose the file, then check it."""
    dialog = QFileDialog(window, _tr("The file of a report"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([_tr("Reports (*.xlsx *.zip)"), _tr("All files (*)")])
    dialog.fileSelected.connect(lambda chosen: check(window, Path(chosen)))
    dialog.open()


def check(window: Window, path: Path) -> None:
    """Check a file and show what came of it."""

    def work(_: Job) -> Verified:
        from cis_desktop.packs import verify

        return verify(path)

    def done(found: Verified) -> None:
        shown = Unchanged(window)
        try:
            shown.show_found(found)
        except CisError as error:
            shown.refuse(error)
        shown.open()

    def failed(error: Exception) -> None:
        if not isinstance(error, CisError):
            report(error, window)
            return
        shown = Unchanged(window)
        shown.refuse(error)
        shown.open()

    window.jobs.start(window, _tr("Checking the file"), work, done, failed, can_stop=False)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Unchanged", text)
