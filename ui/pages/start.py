"""The first thing seen: unlock a record, make a new one, or try the example."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cis_desktop.errors import CisError
from cis_desktop.paths import EXAMPLE_SIGN
from ui import theme
from ui.jobs import Job, Jobs
from ui.lock import look_after, may_open_itself
from ui.new_place import FOLDER_REFUSED, is_taken, new_place
from ui.preferences import Preferences
from ui.say import say
from ui.widgets.fields import Form
from ui.widgets.looks import Looks
from ui.widgets.making import Making
from ui.widgets.notice import Notice
from ui.widgets.page import Deck, Middle, column, scrolled
from ui.widgets.passphrase import Secret
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.workspace import Workspace
    from ui.widgets.joining import Join
    from ui.widgets.recover import Recover
    from ui.widgets.restore import Restore


class StartPage(QWidget):
    """Two forms of which one is seen: unlock what is there, or make what is not."""

    opened = Signal(object)
    """A workspace is open."""
    said = Signal(str)
    """A sentence to show once the record is open."""
    recovered = Signal()
    """The record was opened with the recovery kit, which was changed for another: there is no backup that it opens."""
    helped = Signal(str)
    """Somebody wants the help: a page of it by name, or the one about this page."""

    def __init__(self, jobs: Jobs, folder: Path | None, preferences: Preferences, dress: Callable[[], None]) -> None:
        super().__init__()
        self.jobs = jobs
        self.preferences, self.remembered = preferences, preferences.folder
        self.folder = folder
        self.job: Job | None = None
        self.notice = Notice()
        self.forms = Deck()
        self.unlocking, self.making = self._unlock_form(), self._create_form()
        self.forms.add(self.unlocking)
        self.forms.add(self.making)
        middle = Middle(104)
        lines = self.lines = QVBoxLayout(middle)
        self.looks = Looks(preferences, dress)
        self.looks.side_by_side()
        lines.addWidget(self.looks)
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
        for other in ("recovering", "restoring", "joining"):
            if other in self.__dict__:
                getattr(self, other).forget()
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

    @cached_property
    def recovering(self) -> Recover:
        """The way in with the recovery kit. Made when it is first asked for, so that the window opens at once."""
        from ui.widgets.recover import Recover

        made = Recover(self.jobs)
        made.helped.connect(self.helped)
        self._other_way(made)
        # After the record is shown: the backup is of an open one.
        made.opened.connect(lambda _workspace, _words: self.recovered.emit())
        return made

    @cached_property
    def restoring(self) -> Restore:
        """The way back from a backup. Made when it is first asked for."""
        from ui.widgets.restore import Restore

        made = Restore(self.jobs, new_place)
        made.with_kit.connect(self.recover)
        return self._other_way(made)

    @cached_property
    def joining(self) -> Join:
        """The way to another laptop's record. Made when it is first asked for."""
        from ui.widgets.joining import Join

        return self._other_way(Join(self.jobs, new_place))

    def _other_way(self, made: Any) -> Any:
        made.left.connect(lambda: self.show_folder(self.folder))
        made.opened.connect(self._came_in)
        self.forms.add(made)
        return made

    def recover(self, folder: Path, typed: str = "") -> None:
        """Ask for the recovery kit of the record in `folder`."""
        self.folder = folder
        self._see(self.recovering)
        self.recovering.begin(folder, typed)

    def restore_one(self) -> None:
        """Ask which backup is to be restored."""
        self._see(self.restoring)
        self.restoring.begin(self.folder)

    def join_one(self) -> None:
        """Ask for the invitation of another laptop."""
        self._see(self.joining)
        self.joining.begin()

    def _see(self, part: QWidget) -> None:
        self.passphrase.wipe()
        self.notice.clear()
        self.forms.see(part)
        self.area.verticalScrollBar().setValue(0)

    def open_by_itself(self) -> None:
        """Open the record without asking, if this computer was allowed to. Not after it has locked itself."""
        folder = self.folder
        if folder is None or not may_open_itself(folder):
            return

        def work(_: Job) -> Workspace | None:
            from cis_desktop.this_computer import open_remembered

            return open_remembered(folder)

        said = self.tr("This computer opened it by itself, for %1.")
        self._begin(self.tr("Unlocking"), work, lambda found: self.said.emit(said.replace("%1", found.who)))

    def _came_in(self, workspace: Workspace, words: str) -> None:
        self.folder = workspace.folder
        self.opened.emit(workspace)
        self.said.emit(words)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the first field, not at the choices above it."""
        super().showEvent(event)
        first = {self.unlocking: self.passphrase.field, self.making: self.group}.get(self.forms.seen())
        if first is not None:
            first.setFocus()

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
        forgotten.clicked.connect(lambda: self.recover(self.folder) if self.folder else None)
        lines.addLayout(row(self.unlock_button, forgotten))
        lines.addSpacing(3 * theme.SPACE)
        other = button(self.tr("&Open another record…"))
        other.clicked.connect(self.choose_other)
        new = button(self.tr("Make a &new record…"))
        new.clicked.connect(lambda: self.show_folder(None))
        lines.addLayout(row(other, new, self._restore_button(), self._join_button(), self._help_button()))
        lines.addStretch(1)
        return page

    def _create_form(self) -> Making:
        there = button(self.tr("&Open one that is there already…"))
        there.clicked.connect(self.choose_other)
        made = Making(self.jobs, there, self._restore_button(), self._join_button(), self._help_button())
        self.new_fields, self.group, self.person, self.new = made.form, made.group, made.person, made.new
        self.first, self.second, self.new_folder = made.new.first, made.new.second, made.folder
        self.create_button, self.example_button = made.go, made.try_it
        self.new.offer.clicked.connect(self._show_words)
        made.wanted.connect(self.create)
        made.example.connect(self.try_example)
        return made

    def _help_button(self) -> QWidget:
        made = button(self.tr("&Help"), name=self.tr("Help with this page"))
        made.clicked.connect(lambda: self.helped.emit(""))
        return made

    def _join_button(self) -> QWidget:
        made = button(self.tr("&Join another laptop’s record…"))
        made.clicked.connect(self.join_one)
        return made

    def _restore_button(self) -> QWidget:
        made = button(self.tr("Restore a &backup…"))
        made.clicked.connect(self.restore_one)
        return made

    def _show_words(self) -> None:
        """Bring the six words into sight, wherever the keys were when their letter was pressed."""
        self.first.field.setFocus()
        QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(self.first.field))
        QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(self.new.write_down))

    def _hint_at_example(self, folder: Path) -> None:
        sign = folder / EXAMPLE_SIGN
        passphrase = sign.read_text(encoding="utf-8").partition("\n")[0] if sign.is_file() else ""
        self.example_hint.setText(
            self.tr("This is the example, in which nobody exists. Its passphrase is: %1").replace("%1", passphrase)
        )
        self.example_hint.setVisible(bool(passphrase))

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
        if passphrase.lstrip()[:4].upper() == "AGE-":
            # The kit, typed here: it is used up by opening the record, so its own steps are the way.
            self.recover(folder, passphrase)
            return

        def work(_: Job) -> Workspace:
            from cis_desktop.workspace import Workspace

            return Workspace.open(folder, passphrase)

        def then(workspace: Workspace) -> None:
            if self.preferences.remembers and not workspace.vault.reading:
                look_after(self.jobs, self, workspace, passphrase, self.said.emit)

        self._begin(self.tr("Unlocking"), work, then)

    def create(self) -> None:
        """Make the record that the form describes."""
        if self.job is not None:
            return
        missing = self.making.missing()
        if missing is not None:
            field, title, sentence = missing
            self._lead_to(field)
            self.notice.error(title, sentence)
            return
        folder, group = self.making.where(), self.group.text()
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

    def _lead_to(self, field: QWidget) -> None:
        """Go to a field, with what is wrong just above it, both in sight."""
        form = self.unlock_fields if self.forms.seen() is self.unlocking else self.new_fields
        label = next(each for each in self.findChildren(QLabel) if each.buddy() in (field, field.focusProxy() or field))
        form.insertWidget(form.indexOf(label), self.notice)
        field.setFocus()
        QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(field))
        QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(self.notice))

    def _begin(
        self,
        name: str,
        work: Callable[[Job], Workspace | None],
        then: Callable[[Workspace], object] | None = None,
        can_stop: bool = False,
    ) -> None:
        self.notice.clear()
        for pressed in self._starters():
            pressed.setEnabled(False)

        def opened(workspace: Workspace | None) -> None:
            self._end()
            if workspace is None:
                return
            for secret in (self.passphrase, self.new):
                secret.wipe()
            self.unlock_shown.setChecked(False)
            self.folder = workspace.folder
            self.opened.emit(workspace)
            if then is not None:
                then(workspace)

        def failed(error: Exception) -> None:
            self._end()
            if self.forms.seen() is self.unlocking:
                self.passphrase.again()
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
