"""Meeting by email: drafts for the group's own mail program, and what came back, by files that somebody saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from ui.desk import Desk
from ui.jobs import Job, Stopped
from ui.new_place import free_place
from ui.pages.sharing.meeting import changes, of_any
from ui.say import say
from ui.sharing import Sharing
from ui.theme import SPACE
from ui.widgets.fields import FolderField, Form
from ui.widgets.notice import Notice
from ui.widgets.words import Card, button, plain, row

if TYPE_CHECKING:
    from cis_desktop.sync.exchanged import Exchanged
    from cis_desktop.workspace import Workspace

MOST_NAMED = 6
"""Files that are named where they could not be taken in."""


def tr(text: str) -> str:
    """Translate what is said of emails."""
    return QCoreApplication.translate("MailCard", text)


class Drafts(QWidget):
    """Leads to drafts that were just written: to the one, and to the folder they are in."""

    def __init__(self, desk: Desk, main: bool = True) -> None:
        super().__init__()
        self.desk = desk
        self.written: Sequence[Path] = ()
        self.one = button(self.tr("O&pen the email"), main=main)
        self.one.clicked.connect(lambda: self._open(self.written[0]))
        self.folder = button(self.tr("Open the folder"), name=self.tr("Open the folder with the emails"))
        self.folder.clicked.connect(lambda: self._open(self.written[0].parent))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addLayout(row(self.one, self.folder))
        self.hide()

    def show_written(self, written: Sequence[Path]) -> None:
        """Lead to these, if any, and go on there."""
        self.written = written
        self.setVisible(bool(written))
        self.one.setVisible(len(written) == 1)
        if written:
            (self.one if len(written) == 1 else self.folder).setFocus()

    def _open(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.desk.said.emit(self.tr("This computer has no program that opens it."))


class MailCard(Card):
    """Two buttons, and in words what came of pressing them."""

    def __init__(self, desk: Desk, sharing: Sharing, bring_up: Callable[[QWidget], None]) -> None:
        super().__init__(self.tr("By email"))
        self.desk, self.sharing, self._bring_up = desk, sharing, bring_up
        self.waits = self.ready = self.busy = False
        self.others = 0
        self.lines.addWidget(
            plain(
                self.tr(
                    "Where no stick and no folder reaches all of them. The app writes the emails, and you send them "
                    "with your own mail program. What is attached is sealed: nobody but your laptops can read it."
                )
            )
        )
        self.notice = Notice()
        self.lines.addWidget(self.notice)
        self.drafts = Drafts(desk)
        self.lines.addWidget(self.drafts)
        self.send = button(self.tr("Send b&y email…"), name=self.tr("Send by email what the other laptops lack"))
        self.send.clicked.connect(self.begin)
        self.take = button(self.tr("Take &in files…"), name=self.tr("Take in files that came by email"))
        self.take.clicked.connect(self.choose)
        self.lines.addLayout(row(self.send, self.take))
        self.lines.addWidget(
            plain(self.tr("Saved emails and their attachments can be dropped on this page, too."), quiet=True)
        )
        self.asking = self._asking()
        self.lines.addWidget(self.asking)

    def _asking(self) -> QWidget:
        part = QWidget()
        lines = QVBoxLayout(part)
        lines.setContentsMargins(0, SPACE, 0, 0)
        form = Form()
        self.out = FolderField()
        form.field(
            self.tr("Where to &put the emails"), self.out, self.tr("A folder. They can be deleted once they are sent.")
        )
        self.out.named(self.tr("Where to put the emails"))
        self.out.path.returnPressed.connect(self.write)
        lines.addLayout(form)
        self.go = button(self.tr("&Write the emails"), main=True)
        self.go.clicked.connect(self.write)
        away = button(self.tr("Never mind"), name=self.tr("Never mind: write no emails"))
        away.clicked.connect(lambda: (part.hide(), self.send.setFocus()))
        lines.addLayout(row(self.go, away))
        part.hide()
        return part

    def stand(self, waits: bool, others: int, ready: bool) -> None:
        """Take how things stand: whether the record is waited for, how many others there are, and what may be done."""
        self.waits, self.others, self.ready = waits, others, ready
        self._allow(self.busy)

    def _allow(self, busy: bool) -> None:
        self.busy = busy
        for each in (self.send, self.take, self.go):
            each.setEnabled(self.ready and not busy)

    # --- sending --------------------------------------------------------------------------------------------

    def begin(self, folder: str = "") -> None:
        """Ask where the emails are to be put."""
        named = self.tr("Emails for our laptops, %1").replace("%1", date.today().isoformat())
        self.out.path.setText(folder or str(free_place(named)))
        self._say_nothing()
        self.asking.show()
        self.out.setFocus()
        self._show(self.asking)

    def write(self) -> None:
        """Write the emails."""
        out = Path(self.out.path.text().strip()).expanduser()
        if not self.go.isEnabled():
            return
        if not out.is_absolute():
            self.out.setFocus()
            self._tell(
                False,
                self.tr("It is not clear where to put them"),
                self.tr("Nothing was written. Give the whole path of a folder, or press Choose."),
            )
            return
        self._say_nothing()
        self._allow(True)

        def work(workspace: Workspace, job: Job) -> Exchanged:
            from cis_desktop.sync.attachments import write_drafts

            return write_drafts(workspace, out, job.tell)

        def done(came: Exchanged) -> None:
            self._allow(False)
            self.asking.hide()
            self._tell(bool(came.written), *written(came, self.others))
            self.drafts.show_written(came.written)
            if not came.written:
                self.send.setFocus()

        def failed(error: Exception) -> None:
            self._allow(False)
            self.out.setFocus()
            self._failed(error, self.tr("No email was written."))

        self.sharing.by_email(self, self.tr("Writing emails for the other laptops"), work, done, failed)

    # --- taking in ------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask which files came."""
        dialog = QFileDialog(self, self.tr("Emails and attachments from the other laptops"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [
                self.tr("Emails and attachments (%1)").replace("%1", "*.eml *.cis-sync *.cis-sync.*"),
                self.tr("All files (%1)").replace("%1", "*"),
            ]
        )
        dialog.filesSelected.connect(lambda chosen: self.take_in([Path(each) for each in chosen]))
        dialog.open()

    def take_in(self, files: Sequence[Path]) -> None:
        """Take in what these files hold; the record itself with every page put aside, as it takes the place of ours."""
        self._say_nothing()
        self.asking.hide()

        def work(workspace: Workspace, job: Job) -> Exchanged:
            from cis_desktop.sync.attachments import take

            return take(workspace, files, job.tell)

        def whole(workspace: Workspace) -> Exchanged:
            from cis_desktop.sync.attachments import take

            came = take(workspace, files)
            if came.asked:
                raise not_among(came)
            return came

        def done(came: Exchanged) -> None:
            self._allow(False)
            self._tell(bool(came.received or came.joined) or not refused(came), *took(came))
            self.take.setFocus()

        def failed(error: Exception) -> None:
            self._allow(False)
            self._failed(error, self.tr("What had come in by then is kept."))

        if self.waits:
            self.sharing.take_whole(self.desk, whole)
        else:
            self._allow(True)
            self.sharing.by_email(self, self.tr("Taking in what came by email"), work, done, failed)

    # --- what is said ---------------------------------------------------------------------------------------

    def _failed(self, error: Exception, stopped: str) -> None:
        if isinstance(error, Stopped):
            self._tell(True, self.tr("Stopped, as you asked"), stopped)
            return
        say(error, self.notice)
        self._show(self.notice)

    def _say_nothing(self) -> None:
        self.notice.clear()
        self.drafts.hide()

    def _tell(self, good: bool, title: str, sentence: str) -> None:
        (self.notice.good if good else self.notice.error)(title, sentence)
        self._show(self.notice)

    def _show(self, part: QWidget) -> None:
        # Once it has its place.
        QTimer.singleShot(0, part, lambda: self._bring_up(part))


def written(done: Exchanged, others: int) -> tuple[str, str]:
    """Say what was written, and what to do with it: a title and sentences."""
    from cis_desktop.sync.folder import WHOLE

    said = [
        tr("%1 cannot get the record by email: it is too large. Bring it on a stick once.").replace(
            "%1", words.within(each.name)
        )
        for each in done.too_large
    ]
    many = len(done.written)
    if not many:
        return tr("There is nothing to send"), "\n".join(said or [tr("No other laptop has come in yet.")])
    title = tr("%1 ready to send").replace("%1", words.count(many, tr("email is"), tr("emails are")))
    if done.asked:
        to = tr("It asks for the record. Open it in your mail program and send it to the laptop that invited this one.")
    else:
        how = tr("Open it in your mail program") if many == 1 else tr("Open each in your mail program")
        to = tr("%1 and send it to all the other laptops.") if others > 1 else tr("%1 and send it to the other laptop.")
        to = to.replace("%1", how)
    whole = sum(WHOLE in path.name for path in done.written)
    if whole:
        for_new = tr("%1 for our new laptop, as the subject says: all of the record is in there.")
        said.insert(0, for_new.replace("%1", words.count(whole, tr("email is"), tr("emails are"))))
    elif not done.sent and not done.asked:
        said.insert(0, tr("There is nothing new in it: it says what has arrived here."))
    if any("-of-" in path.name for path in done.written):
        said.append(tr("A large file goes in several emails. Whoever gets them takes all of them in at once."))
    said.append(tr("Should one be lost, send again: nothing is lost by that."))
    return title, "\n".join([to, *said])


def took(done: Exchanged) -> tuple[str, str]:
    """Say what came in, what did not and why: a title and sentences."""
    said = []
    if done.joined:
        named = words.listed([words.within(each.name) for each in done.joined])
        text = tr("%1 may share the record now. Press “Send by email…” to send it there.")
        said.append(text.replace("%1", named))
    elif done.received:
        said.append(tr("Send an email back when you can. Until then, the others send the same again."))
    said += refused(done)
    if done.received or done.joined:
        came = changes(done.received) if done.received else words.count(len(done.joined), tr("laptop"), tr("laptops"))
        return tr("Came in: %1").replace("%1", came), "\n".join(said)
    if said:
        return tr("Nothing was taken in"), "\n".join(said)
    return tr("Nothing new"), tr("Everything in these files is here already.")


def refused(done: Exchanged) -> list[str]:
    """Say what was not taken in, and why."""
    why = (
        (done.half, tr("Not whole, as if cut short on its way: %1. Save it once more, or have it sent again.")),
        (done.empty, tr("Nothing from a laptop is in it: %1. Save the whole message, or the file attached to it.")),
        (done.strange, tr("Not for this laptop, of another group, or changed on its way: %1.")),
    )
    missing = [words.breakable(each) for each in done.missing]
    return [*missing, *(text.replace("%1", _named(paths)) for paths, text in why if paths), *of_any(done)]


def not_among(done: Exchanged) -> CisError:
    """Say that the record, which this laptop waits for, was not in these files."""
    why = refused(done) or [tr("The other laptop sends it once it was asked. This one still waits for it.")]
    said = "\n".join([*why, tr("Nothing was changed.")])
    return CisError("record_not_among", tr("The record is not in these files"), said)


def _named(paths: Sequence[Path]) -> str:
    names = [f"“{words.within(each.name)}”" for each in paths[:MOST_NAMED]]
    more = len(paths) - MOST_NAMED
    return words.listed([*names, tr("%1 more").replace("%1", words.number(more))] if more > 0 else names, tr("and"))
