"""The first thing seen: unlock a record, make a new one, or try the example."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cis_desktop.errors import CisError
from cis_desktop.paths import EXAMPLE_SIGN, synced
from ui import theme
from ui.jobs import Job, Jobs
from ui.preferences import Preferences
from ui.say import say
from ui.widgets.fields import FolderField, Form, line
from ui.widgets.looks import Looks
from ui.widgets.notice import Notice
from ui.widgets.page import Deck, column, scrolled
from ui.widgets.passphrase import NewPassphrase, Secret
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.workspace import Workspace

FOLDER_REFUSED = ("cloud_folder", "folder_taken", "folder_not_empty", "not_allowed")


class StartPage(QWidget):
    """Two forms of which one is seen: unlock what is there, or make what is not."""

    opened = Signal(object)
    """A workspace is open."""
    helped = Signal(str)
    """Somebody wants the help: a page of it by name, or the one about this page."""

    def __init__(self, jobs: Jobs, folder: Path | None, preferences: Preferences, dress: Callable[[], None]) -> None:
        super().__init__()
        self.jobs = jobs
        self.remembered = preferences.folder
        self.folder = folder
        self.job: Job | None = None
        self.notice = Notice()
        self.forms = Deck()
        self.unlocking, self.making = self._unlock_form(), self._create_form()
        self.forms.add(self.unlocking)
        self.forms.add(self.making)
        middle = QWidget()
        middle.setMaximumWidth(theme.COLUMN + 80)
        lines = self.lines = QVBoxLayout(middle)
        lines.addWidget(self._looks(preferences, dress))
        lines.addWidget(self.forms)
        lines.addStretch(1)
        holder = QWidget()
        across = QHBoxLayout(holder)
        across.addStretch(1)
        across.addWidget(middle, 100)
        across.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.area = scrolled(holder)
        whole.addWidget(self.area)
        self.show_folder(folder)

    def show_folder(self, folder: Path | None) -> None:
        """Ask for the passphrase of the record in `folder`, or offer to make one where there is none."""
        self.folder = folder
        self.notice.clear()
        self._tell_above_all()
        there = folder is not None and is_taken(folder)
        if folder is not None and (there or folder == self.remembered):
            self.where.setText(str(folder))
            self._hint_at_example(folder)
            self.forms.see(self.unlocking)
            self.passphrase.field.setFocus()
            if not there:
                # A stick that is not plugged in must not lead to a second record.
                self.notice.error(
                    self.tr("Your record is not there now"),
                    self.tr(
                        "It was here: %1. If that is a stick or another disk, plug it in, then unlock. If it was "
                        "moved, open it where it is now."
                    ).replace("%1", str(folder)),
                )
        else:
            self.new_folder.path.setText(str(folder or new_place()))
            self.forms.see(self.making)
            self.group.setFocus()

    def _tell_above_all(self) -> None:
        """Put what is to be said above both forms."""
        self.lines.insertWidget(1, self.notice)
        self.area.verticalScrollBar().setValue(0)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the first field, not at the choices above it."""
        super().showEvent(event)
        (self.passphrase.field if self.forms.seen() is self.unlocking else self.group).setFocus()

    def _looks(self, preferences: Preferences, dress: Callable[[], None]) -> QWidget:
        """Language and text size, to be chosen before anything is read."""
        self.looks = Looks(preferences, dress)
        across = QHBoxLayout(self.looks)
        across.setContentsMargins(2 * theme.SPACE, theme.SPACE, 2 * theme.SPACE, 0)
        for text, choice, hint in (
            (self.tr("&Language"), self.looks.language, self.tr("The only one so far.")),
            (self.tr("Text si&ze"), self.looks.text_size, self.tr("Or Ctrl and +.")),
        ):
            form = Form()
            form.field(text, choice, hint)
            across.addLayout(form, 1)
        return self.looks

    def _unlock_form(self) -> QWidget:
        page = QWidget()
        lines = column(page)
        lines.addWidget(heading(self.tr("Unlock your record")))
        self.where = plain(quiet=True)
        lines.addWidget(self.where)
        self.example_hint = plain()
        lines.addWidget(self.example_hint)
        form = self.unlock_fields = Form()
        self.passphrase = Secret(form, self.tr("&Passphrase"))
        self.passphrase.field.returnPressed.connect(self.unlock)
        lines.addLayout(form)
        shown = QCheckBox(self.tr("&Show the passphrase"))
        shown.toggled.connect(self.passphrase.show_it)
        self.unlock_shown = shown
        lines.addWidget(shown)
        self.unlock_button = button(self.tr("&Unlock"), main=True)
        self.unlock_button.clicked.connect(self.unlock)
        forgotten = button(self.tr("I forgot &it…"), name=self.tr("I forgot the passphrase"))
        forgotten.clicked.connect(lambda: self.helped.emit("forgot"))
        lines.addLayout(row(self.unlock_button, forgotten))
        lines.addSpacing(3 * theme.SPACE)
        other = button(self.tr("&Open another record…"))
        other.clicked.connect(self.choose_other)
        new = button(self.tr("Make a &new record…"))
        new.clicked.connect(lambda: self.show_folder(None))
        lines.addLayout(row(other, new, self._help_button()))
        lines.addStretch(1)
        return page

    def _create_form(self) -> QWidget:
        page = QWidget()
        lines = column(page)
        lines.addWidget(heading(self.tr("Make your group’s record")))
        lines.addWidget(
            plain(self.tr("Everything you write is locked with your passphrase and stays on this computer."))
        )
        lines.addWidget(self._example_card())
        form = self.new_fields = Form()
        self.group = line(120)
        form.field(self.tr("The name of your gro&up"), self.group)
        self.person = line(80)
        form.field(self.tr("&Your name"), self.person, self.tr("It is written beside the changes you make."))
        self.new = NewPassphrase(form, self.jobs, self._names, self)
        self.new.offer.clicked.connect(self._show_words)
        self.first, self.second = self.new.first, self.new.second
        self.second.field.returnPressed.connect(self.create)
        self.new_folder = FolderField()
        form.field(self.tr("&Where to keep it"), self.new_folder, self.tr("A new, empty folder on this computer."))
        self.new_folder.named(self.tr("Where to keep it"))
        lines.addLayout(form)
        self.create_button = button(self.tr("Make the re&cord"), main=True)
        self.create_button.clicked.connect(self.create)
        there = button(self.tr("&Open one that is there already…"))
        there.clicked.connect(self.choose_other)
        lines.addLayout(row(self.create_button, there, self._help_button()))
        return page

    def _help_button(self) -> QWidget:
        made = button(self.tr("&Help"), name=self.tr("Help with this page"))
        made.clicked.connect(lambda: self.helped.emit(""))
        return made

    def _show_words(self) -> None:
        """Bring the six words into sight, wherever the keys were when their letter was pressed."""
        self.first.field.setFocus()
        QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(self.first.field))
        QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(self.new.write_down))

    def _example_card(self) -> Card:
        card = Card()
        card.lines.addWidget(
            plain(self.tr("Only looking round? There is a made-up food and advice group to try everything out with."))
        )
        self.example_button = button(self.tr("Try it with e&xample data"))
        self.example_button.clicked.connect(self.try_example)
        card.lines.addLayout(row(self.example_button))
        return card

    def _hint_at_example(self, folder: Path) -> None:
        sign = folder / EXAMPLE_SIGN
        passphrase = sign.read_text(encoding="utf-8").partition("\n")[0] if sign.is_file() else ""
        self.example_hint.setText(
            self.tr("This is the example, in which nobody exists. Its passphrase is: %1").replace("%1", passphrase)
        )
        self.example_hint.setVisible(bool(passphrase))

    def _names(self) -> tuple[str, ...]:
        return self.group.text(), self.person.text()

    def choose_other(self) -> None:
        """Let another record's folder be chosen."""
        dialog = QFileDialog(self, self.tr("The folder of the record"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda chosen: self.open_other(Path(chosen)))
        dialog.open()

    def open_other(self, folder: Path) -> None:
        """Ask for the passphrase of another record, or say that there is none in that folder."""
        from cis_desktop.vault.keys import FILE_NAME

        if (folder / FILE_NAME).is_file():
            self.show_folder(folder)
            return
        self._tell_above_all()
        self.notice.error(
            self.tr("There is no record in that folder"),
            self.tr("The folder of a record has a file called %1 in it. Nothing was changed. Choose another folder.")
            .replace("%1", FILE_NAME),
        )  # fmt: skip

    def unlock(self) -> None:
        """Open the record with the passphrase typed."""
        folder, passphrase = self.folder, self.passphrase.text()
        if folder is None or self.job is not None:
            return

        def work(_: Job) -> Workspace:
            from cis_desktop.workspace import Workspace

            return Workspace.open(folder, passphrase)

        self._begin(self.tr("Unlocking"), work)

    def create(self) -> None:
        """Make the record that the form describes."""
        if self.job is not None:
            return
        if not self.group.text().strip():
            self._refused(
                self.group,
                self.tr("The group needs a name"),
                self.tr("Nothing was made. Write your group’s name and try again."),
            )
            return
        if self.first.text() != self.second.text():
            self._refused(
                self.second.field,
                self.tr("The two passphrases differ"),
                self.tr("Nothing was made. Type the same passphrase in both fields."),
            )
            return
        folder, group = Path(self.new_folder.path.text().strip()).expanduser(), self.group.text()
        if not folder.is_absolute():
            self._refused(
                self.new_folder,
                self.tr("It is not clear where to keep it"),
                self.tr("Nothing was made. Give the whole path of a new folder, or press Choose."),
            )
            return
        person, passphrase = self.person.text().strip() or self.tr("The founder"), self.first.text()

        def work(_: Job) -> Workspace:
            from cis_desktop.records.founding import found

            return found(folder, group, person, passphrase)

        self._begin(self.tr("Making the record"), work)

    def try_example(self) -> None:
        """Open the example, made first where there is none."""
        if self.job is not None:
            return
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)

        def work(job: Job) -> Workspace:
            from cis_desktop.demo.example import example

            place = Path(home) / "community-insights"
            place.mkdir(parents=True, exist_ok=True)
            return example(place, job.tell)

        self._begin(self.tr("Making the example"), work, can_stop=True)

    def _refused(self, field: QWidget, title: str, sentence: str) -> None:
        self._lead_to(field)
        self.notice.error(title, sentence)

    def _lead_to(self, field: QWidget) -> None:
        """Go to a field, with what is wrong just above it, both in sight."""
        form = self.unlock_fields if self.forms.seen() is self.unlocking else self.new_fields
        label = next(each for each in self.findChildren(QLabel) if each.buddy() is field)
        form.insertWidget(form.indexOf(label), self.notice)
        field.setFocus()
        QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(field))
        QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(self.notice))

    def _begin(self, name: str, work: Callable[[Job], Workspace], can_stop: bool = False) -> None:
        self.notice.clear()
        for pressed in self._starters():
            pressed.setEnabled(False)

        def opened(workspace: Workspace) -> None:
            self._end()
            for secret in (self.passphrase, self.new):
                secret.wipe()
            self.unlock_shown.setChecked(False)
            self.folder = workspace.folder
            self.opened.emit(workspace)

        def failed(error: Exception) -> None:
            self._end()
            if self.forms.seen() is self.unlocking:
                self.passphrase.field.selectAll()
                self._lead_to(self.passphrase.field)
            elif isinstance(error, CisError) and error.code == "weak_passphrase":
                self._lead_to(self.first.field)
            elif isinstance(error, CisError) and error.code in FOLDER_REFUSED:
                self._lead_to(self.new_folder)
            else:
                self._tell_above_all()
            say(error, self.notice)

        self.job = self.jobs.start(self, name, work, opened, failed, can_stop=can_stop)

    def _starters(self) -> tuple[QWidget, ...]:
        return self.unlock_button, self.create_button, self.example_button

    def _end(self) -> None:
        self.job = None
        for pressed in self._starters():
            pressed.setEnabled(True)


def is_taken(folder: Path) -> bool:
    """Say whether something is in a folder already; one that cannot be looked into counts."""
    try:
        return folder.is_dir() and any(folder.iterdir())
    except OSError:
        return True


def new_place() -> Path:
    """Give a folder for a new record that is not taken, and that no cloud service copies where that can be told."""
    where = QStandardPaths.StandardLocation
    documents = Path(QStandardPaths.writableLocation(where.DocumentsLocation))
    home = Path(QStandardPaths.writableLocation(where.HomeLocation)) if synced(documents) else documents
    names = ["Community Insights", *(f"Community Insights {number}" for number in range(2, 100))]
    return next((home / name for name in names if not (home / name).exists()), home / names[0])
