"""Asking another laptop to share the record: a file without records, and six words that are said by telephone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from ui.desk import Desk
from ui.jobs import Job
from ui.new_place import free_place
from ui.pages.sharing.mailing import Drafts
from ui.say import say
from ui.theme import COLUMN
from ui.widgets.fields import FolderField, Form, line
from ui.widgets.notice import Notice
from ui.widgets.page import Deck
from ui.widgets.words import Card, button, heading, plain, row

MOST_NAME = 40
"""Letters of a laptop's name."""


class InvitePart(Deck):
    """First what it is called and where the file goes; then the words, seen until they are put away."""

    left = Signal()
    """Somebody changed their mind, or has told the words."""
    wrote = Signal()
    """An invitation was written: the record is shared from now on."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.first = False
        self.file = Path()
        self.notice = Notice()
        self.asking, self.telling = self._asking(), self._telling()
        self.add(self.asking)
        self.add(self.telling)

    def _asking(self) -> Card:
        card = Card(self.tr("Share with another laptop"))
        card.lines.addWidget(
            plain(
                self.tr(
                    "The other laptop is let in by a small file and six words. There are no records in the file, and "
                    "nobody can use it without the words."
                )
            )
        )
        card.lines.addWidget(self.notice)
        form = Form()
        self.name, self.own = line(MOST_NAME), line(MOST_NAME)
        for field in (self.name, self.own):
            field.setMaximumWidth(COLUMN)
        form.field(
            self.tr("What is the &other laptop called?"), self.name, self.tr("As people call it, such as Front desk.")
        )
        self.name.returnPressed.connect(self.write)
        self.own_part = QWidget()
        inner = Form()
        self.own_part.setLayout(inner)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.field(self.tr("What is &this laptop called?"), self.own, self.tr("So that the others know who is meant."))
        self.own.returnPressed.connect(self.write)
        form.addWidget(self.own_part)
        self.out = FolderField(file=True)
        form.field(
            self.tr("Where to &save the invitation"),
            self.out,
            self.tr("On a stick, or where you attach it to an email."),
        )
        self.out.named(self.tr("Where to save the invitation"))
        self.out.path.returnPressed.connect(self.write)
        card.lines.addLayout(form)
        self.go = button(self.tr("&Write the invitation"), main=True)
        self.go.clicked.connect(self.write)
        away = button(self.tr("Never m&ind"))
        away.clicked.connect(self.leave)
        card.lines.addLayout(row(self.go, away))
        return card

    def _telling(self) -> Card:
        card = Card(self.tr("Tell these six words by telephone"))
        self.code = heading()
        self.where = plain()
        card.lines.addWidget(self.code)
        card.lines.addWidget(
            plain(
                self.tr(
                    "They are shown only now and kept nowhere. Do not send them with the file: whoever has both can "
                    "ask for the record."
                )
            )
        )
        card.lines.addWidget(self.where)
        self.drafts = Drafts(self.desk, main=False)
        card.lines.addWidget(self.drafts)
        self.letter = button(self.tr("&Put the file into an email"))
        self.letter.clicked.connect(self.into_letter)
        self.told = button(self.tr("I have told &them: put the words away"), main=True)
        self.told.clicked.connect(self.leave)
        card.lines.addLayout(row(self.letter, self.told))
        return card

    def begin(self, own: str, first: bool) -> None:
        """Ask for a name; and for this laptop's, offering its `own`, when it shares for the `first` time."""
        from cis_desktop.sync.invitations import ENDING

        self.forget()
        self.first = first
        self.own.setText(own)
        self.own_part.setVisible(first)
        self.out.path.setText(str(free_place("laptop-invitation", ENDING)))
        self.see(self.asking)
        self.name.setFocus()

    def forget(self) -> None:
        """Forget what was typed, and the words."""
        self.notice.clear()
        self.name.clear()
        self.code.clear()
        self.drafts.hide()
        self.letter.show()
        self.go.setEnabled(True)
        self.see(self.asking)

    def leave(self) -> None:
        """Go back."""
        self.forget()
        self.left.emit()

    def write(self) -> None:
        """Write the invitation and show its words."""
        if not self.go.isEnabled():
            return
        name, own, out = self.name.text(), self.own.text(), Path(self.out.path.text().strip()).expanduser()
        workspace, first = self.desk.workspace, self.first
        self.notice.clear()
        if not out.is_absolute():
            self.out.setFocus()
            self.notice.error(
                self.tr("It is not clear where to save it"),
                self.tr("Nothing was written. Give the whole path of a new file, or press Choose."),
            )
            return
        self.go.setEnabled(False)

        def work(_: Job) -> str:
            from cis_desktop.sync import invitations, laptops

            if first and name.strip():
                me = laptops.begin(workspace)
                if own.strip() not in ("", me.name):
                    laptops.rename(workspace, me.device.hex(), own)
            return invitations.invite(workspace, name, out)

        def done(code: str) -> None:
            self.code.setText(code)
            self.file = out
            self.where.setText(self._where(name.strip(), out))
            self.see(self.telling)
            self.told.setFocus()
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.telling, code))
            self.wrote.emit()

        def failed(error: Exception) -> None:
            self.go.setEnabled(True)
            no_name = isinstance(error, CisError) and error.code == "no_name"
            (self.name if no_name else self.out).setFocus()
            say(error, self.notice)

        self.desk.jobs.start(
            self, self.tr("Writing the invitation"), work, done, failed, writes=True, can_stop=False
        )  # fmt: skip

    def into_letter(self) -> None:
        """Write an email draft with the invitation attached, and lead to it."""
        file = self.file
        self.letter.setEnabled(False)

        def work(_: Job) -> Path:
            from cis_desktop.sync.invitations import into_letter

            return into_letter(file)

        def done(path: Path) -> None:
            self.letter.setEnabled(True)
            self.letter.hide()
            self.drafts.show_written([path])

        def failed(error: Exception) -> None:
            self.letter.setEnabled(True)
            self.desk.trouble.emit(error)

        self.desk.jobs.start(self, self.tr("Writing an email"), work, done, failed, writes=True, can_stop=False)

    def _where(self, name: str, out: Path) -> str:
        from cis_desktop.sync.invitations import DAYS

        steps = (
            self.tr("1. Bring this file to %1, by stick or email: %2"),
            self.tr("2. There, start Community Insights and press “Join another laptop’s record”. Say the six words."),
            self.tr(
                "3. Choose the shared folder, there and here: then the record comes over by itself. Or send and take "
                "in emails, there and here, at Laptops."
            ),
            self.tr("The invitation can be used once, within %3."),
        )
        days = words.count(DAYS, self.tr("day"))
        return "\n".join(
            each.replace("%1", words.within(name)).replace("%2", str(out)).replace("%3", days) for each in steps
        )
