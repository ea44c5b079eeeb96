"""The folder by which the laptops meet: which it is, when it was last looked at, and what came of that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cis_desktop import words
from ui.desk import Desk
from ui.pages.sharing.found import Found
from ui.sharing import Look, Sharing
from ui.widgets.fields import FolderField, Form
from ui.widgets.words import Card, button, plain, row

if TYPE_CHECKING:
    from cis_desktop.sync.exchanged import Exchanged
    from cis_desktop.vault.history import Change


def tr(text: str) -> str:
    """Translate what is said of a meeting."""
    return QCoreApplication.translate("MeetingCard", text)


class MeetingCard(Card):
    """One field, one button, and plain sentences about what is going on there."""

    def __init__(self, desk: Desk, sharing: Sharing, trouble: Callable[[Exception], None]) -> None:
        super().__init__(self.tr("Where they meet"))
        self.desk, self.sharing, self.trouble = desk, sharing, trouble
        self.saved = ""
        self.lines.addWidget(
            plain(
                self.tr(
                    "A stick that is carried from one to the other, or a folder that a cloud service copies to all of "
                    "them. What lies there is sealed: nobody but your laptops can read it."
                )
            )
        )
        form = Form()
        self.folder = FolderField()
        self.folder.path.textChanged.connect(lambda text: self.store() if not self.folder.path.hasFocus() else None)
        self.folder.path.editingFinished.connect(self.store)
        form.field(self.tr("The share&d folder"), self.folder, self.tr("Remembered on this laptop only."))
        self.folder.named(self.tr("The shared folder"))
        self.lines.addLayout(form)
        self.said = plain()
        self.lines.addWidget(self.said)
        self.look = button(self.tr("Look &now"), main=True, name=self.tr("Look now what the other laptops wrote"))
        self.look.clicked.connect(lambda: (self.store(), self.sharing.look(asked=True)))
        self.lines.addLayout(row(self.look))

    def store(self) -> None:
        """Remember the folder, if it is another one."""
        typed = self.folder.path.text().strip()
        if typed == self.saved:
            return
        before, self.saved = self.saved, typed
        record = self.desk.workspace.folder

        def work(change: Change) -> None:
            from cis_desktop.sync.place import choose

            choose(change.connection, Path(typed).expanduser() if typed else None, record)

        def failed(error: Exception) -> None:
            self.saved = before
            self.folder.path.setFocus()
            self.trouble(error)

        self.desk.write(self, self.tr("Chose the shared folder"), work, lambda _: self.sharing.look(asked=True), failed)

    def show_found(self, found: Found, ready: bool) -> None:
        """Show the folder and how things stand there; a folder that is being typed is left alone."""
        if self.folder.path.text().strip() == self.saved:
            self.saved = str(found.folder or "")
            self.folder.path.blockSignals(True)
            self.folder.path.setText(self.saved)
            self.folder.path.blockSignals(False)
        self.look.setEnabled(ready and found.folder is not None)
        self.said.setText("\n".join(self._sentences(found)))

    def _sentences(self, found: Found) -> list[str]:
        if found.folder is None:
            return [self._last(found) or self.tr("None is chosen. Without one, they can meet by email.")]
        look = self.sharing.found
        said = []
        if look.not_there or not found.there:
            said.append(self.tr("It is not there now. Put the stick in: then it is looked at by itself."))
        elif look.error is not None:
            said.append(f"{look.error.title}. {look.error.sentence}")
        said.append(self._last(found) or self.tr("Not looked at yet."))
        return said + (self._of_files(found, look.done) if look.done is not None else [])

    def _last(self, found: Found) -> str:
        if found.last is None:
            return ""
        from cis_desktop.sync.standing import since

        if found.folder is not None:
            last = self.tr("Last looked at %1: %2 came, %3 went.")
        elif found.last.received or found.last.sent:
            last = self.tr("None is chosen, as you meet by email. Last email %1: %2 came, %3 went.")
        else:
            last = self.tr("None is chosen, as you meet by email. Last email %1.")
        last = last.replace("%1", since(found.last.at, datetime.now(UTC)))
        return last.replace("%2", changes(found.last.received)).replace("%3", changes(found.last.sent))

    def _of_files(self, found: Found, done: Exchanged) -> list[str]:
        from cis_desktop.sync.exchanged import hindered

        file, files = self.tr("file there"), self.tr("files there")
        said = hindered(done)
        if done.joined:
            named = words.listed([words.within(each.name) for each in done.joined])
            said.append(self.tr("%1 was taken in. Its copy of the record lies in the folder now.").replace("%1", named))
        if done.half:
            text = self.tr(
                "%1 not whole yet: still being copied, or not downloaded to this computer. Each is looked at again "
                "next time."
            )
            from cis_desktop.sync.standing import waiting_for_files

            said += waiting_for_files(found.laptops, done.half)
            said.append(text.replace("%1", words.count(len(done.half), self.tr("file is"), self.tr("files are"))))
        if done.strange:
            text = self.tr(
                "%1 cannot be read: of another group, or not for this laptop. Each is tried again next time."
            )
            said.append(text.replace("%1", words.count(len(done.strange), file, files)))
        return said + of_any(done)


def of_any(done: Exchanged) -> list[str]:
    """Say what came and was not taken, whichever way it came."""
    said = []
    if done.newer:
        text = tr("%1 came from a newer version of the app and stays as it is. Update the app on this laptop.")
        said.append(text.replace("%1", words.count(len(done.newer), tr("file"), tr("files"))))
    if done.refused:
        text = tr(
            "%1 sent other contents than before, so they were refused: a copy of that laptop’s record was used. Open "
            "the copy once, so that it becomes a laptop of its own."
        )
        said.append(text.replace("%1", words.listed([words.within(each) for each in done.refused])))
    return said


def came_of(look: Look) -> tuple[str, str]:
    """Say what came of a look that somebody asked for: a title and a sentence."""
    done = look.done
    if done is None:
        return "", ""
    if done.asked:
        return tr("This laptop has asked for the record"), tr("Now the other laptop has to look in the shared folder.")
    if not done.sent and not done.received and not done.joined:
        return tr("Nothing new"), tr("Everything that is in the folder is here already.")
    said = tr("%1 came, %2 went.").replace("%1", changes(done.received)).replace("%2", changes(done.sent))
    return tr("Met the other laptops"), said[0].upper() + said[1:]


def changes(many: int) -> str:
    """Say how many changes."""
    return words.count(many, tr("change"), tr("changes")) if many else tr("nothing")
