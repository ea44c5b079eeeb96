"""The first thing seen: unlock a record, or make a new one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui import theme
from ui.jobs import Job, Jobs
from ui.say import say
from ui.widgets.fields import FolderField, Form, line
from ui.widgets.notice import Notice
from ui.widgets.page import Deck, column, scrolled
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.workspace import Workspace


class Secret(QWidget):
    """A passphrase, hidden unless it is asked to be shown."""

    def __init__(self, form: Form, text: str, hint: str = "") -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        # The passphrase must not go to a keyboard's dictionary of learnt words.
        self.field.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        form.field(text, self.field, hint)

    def show_it(self, shown: bool) -> None:
        """Show or hide what is typed."""
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def text(self) -> str:
        """Give what was typed."""
        return self.field.text()

    def wipe(self) -> None:
        """Forget what was typed, and hide the next."""
        self.field.clear()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)


class StartPage(QWidget):
    """Two forms of which one is seen: unlock what is there, or make what is not."""

    opened = Signal(object, object)
    """A workspace is open; and the file of its new recovery kit, or None."""

    def __init__(self, jobs: Jobs, folder: Path | None) -> None:
        super().__init__()
        self.jobs = jobs
        self.folder = folder
        self.job: Job | None = None
        self.notice = Notice()
        self.forms = Deck()
        self.unlocking, self.making = self._unlock_form(), self._create_form()
        self.forms.add(self.unlocking)
        self.forms.add(self.making)
        middle = QWidget()
        middle.setMaximumWidth(theme.COLUMN + 80)
        lines = QVBoxLayout(middle)
        lines.addWidget(self.notice)
        lines.addWidget(self.forms)
        lines.addStretch(1)
        holder = QWidget()
        across = QHBoxLayout(holder)
        across.addStretch(1)
        across.addWidget(middle, 100)
        across.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(holder))
        self.show_folder(folder)

    def show_folder(self, folder: Path | None) -> None:
        """Ask for the passphrase of the record in `folder`, or offer to make one where there is none."""
        self.folder = folder
        there = folder is not None and folder.is_dir() and any(folder.iterdir())
        if there and folder is not None:
            self.where.setText(str(folder))
            self.forms.see(self.unlocking)
            self.passphrase.field.setFocus()
        else:
            home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
            self.new_folder.path.setText(str(folder or Path(home) / "Community Insights"))
            self.kit.path.setText(str(Path(home) / "Recovery kit - print and delete.txt"))
            self.forms.see(self.making)
            self.group.setFocus()

    def _unlock_form(self) -> QWidget:
        page = QWidget()
        lines = column(page)
        lines.addWidget(heading(self.tr("Unlock your record")))
        self.where = plain(quiet=True)
        lines.addWidget(self.where)
        form = Form()
        self.passphrase = Secret(form, self.tr("&Passphrase"))
        self.passphrase.field.returnPressed.connect(self.unlock)
        lines.addLayout(form)
        shown = QCheckBox(self.tr("&Show the passphrase"))
        shown.toggled.connect(self.passphrase.show_it)
        self.unlock_shown = shown
        lines.addWidget(shown)
        self.unlock_button = button(self.tr("&Unlock"), main=True)
        self.unlock_button.clicked.connect(self.unlock)
        lines.addLayout(row(self.unlock_button))
        lines.addSpacing(3 * theme.SPACE)
        other = button(self.tr("&Open another record…"))
        other.clicked.connect(self.choose_other)
        new = button(self.tr("Make a &new record…"))
        new.clicked.connect(lambda: self.show_folder(None))
        lines.addLayout(row(other, new))
        lines.addStretch(1)
        return page

    def _create_form(self) -> QWidget:
        page = QWidget()
        lines = column(page)
        lines.addWidget(heading(self.tr("Make a new record")))
        lines.addWidget(
            plain(self.tr("Everything you write is locked with your passphrase and stays on this computer."))
        )
        form = Form()
        self.group = line(120)
        form.field(self.tr("The name of your gro&up"), self.group)
        self.person = line(80)
        form.field(self.tr("&Your name"), self.person, self.tr("It is written beside the changes you make."))
        self.first = Secret(
            form, self.tr("A &passphrase"), self.tr("At least 8 characters. Four words that do not belong together.")
        )
        self.second = Secret(form, self.tr("The passphrase once &more"))
        shown = QCheckBox(self.tr("&Show both"))
        shown.toggled.connect(self.first.show_it)
        shown.toggled.connect(self.second.show_it)
        self.create_shown = shown
        form.addWidget(shown)
        form.addSpacing(10)
        self.new_folder = FolderField()
        form.field(
            self.tr("&Where to keep it"), self.new_folder, self.tr("A new, empty folder on this computer.")
        )
        self.new_folder.named(self.tr("Where to keep it"))
        self.make_kit = QCheckBox(self.tr("Make a &recovery kit"))
        self.make_kit.setChecked(True)
        form.addWidget(self.make_kit)
        self.kit = FolderField(file=True)
        self.make_kit.toggled.connect(self.kit.setEnabled)
        form.field(
            self.tr("&Kit file"),
            self.kit,
            self.tr(
                "The kit is the only way back in if the passphrase is lost. Print this file, keep the page in a "
                "safe place, then delete the file."
            ),
        )
        self.kit.named(self.tr("Kit file"))
        lines.addLayout(form)
        self.create_button = button(self.tr("Make the re&cord"), main=True)
        self.create_button.clicked.connect(self.create)
        there = button(self.tr("&Open one that is there already…"))
        there.clicked.connect(self.choose_other)
        lines.addLayout(row(self.create_button, there))
        return page

    def choose_other(self) -> None:
        """Let another record's folder be chosen."""
        dialog = QFileDialog(self, self.tr("The folder of the record"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda chosen: self.show_folder(Path(chosen)))
        dialog.open()

    def unlock(self) -> None:
        """Open the record with the passphrase typed."""
        folder, passphrase = self.folder, self.passphrase.text()
        if folder is None or self.job is not None:
            return

        def work(_: Job) -> Workspace:
            from cis_desktop.workspace import Workspace

            return Workspace.open(folder, passphrase)

        self._begin(self.tr("Unlocking"), work, None)

    def create(self) -> None:
        """Make the record that the form describes."""
        if self.job is not None:
            return
        if self.first.text() != self.second.text():
            self.notice.error(
                self.tr("The two passphrases differ"),
                self.tr("Nothing was made. Type the same passphrase in both fields."),
            )
            self.second.field.setFocus()
            return
        folder, group = Path(self.new_folder.path.text()), self.group.text()
        person, passphrase = self.person.text().strip() or self.tr("The founder"), self.first.text()
        kit = Path(self.kit.path.text()) if self.make_kit.isChecked() else None

        def work(_: Job) -> Workspace:
            from cis_desktop.records.founding import found

            return found(folder, group, person, passphrase, kit)

        self._begin(self.tr("Making the record"), work, kit)

    def _begin(self, name: str, work: object, kit: Path | None) -> None:
        self.notice.clear()
        for pressed in (self.unlock_button, self.create_button):
            pressed.setEnabled(False)

        def opened(workspace: Workspace) -> None:
            self._end()
            for secret in (self.passphrase, self.first, self.second):
                secret.wipe()
            for shown in (self.unlock_shown, self.create_shown):
                shown.setChecked(False)
            self.folder = workspace.folder
            self.opened.emit(workspace, kit)

        def failed(error: Exception) -> None:
            self._end()
            say(error, self.notice)
            if self.forms.seen() is self.unlocking:
                self.passphrase.field.selectAll()
                self.passphrase.field.setFocus()

        self.job = self.jobs.start(self, name, work, opened, failed, can_stop=False)  # type: ignore[arg-type]

    def _end(self) -> None:
        self.job = None
        for pressed in (self.unlock_button, self.create_button):
            pressed.setEnabled(True)
