"""The way back with the recovery kit: the key from the paper, who is there, a new passphrase, and a new kit.

Nothing is changed until the new kit was shown to be on paper; then all of it is, at once.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from ui.jobs import Done, Job, Jobs
from ui.say import say
from ui.widgets.fields import Form, line
from ui.widgets.kit import KitPaper
from ui.widgets.kit_entry import KitEntry
from ui.widgets.notice import Notice
from ui.widgets.page import Deck, column
from ui.widgets.passphrase import NewPassphrase
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Opened:
    """What a kit opens: the group's name, and who has a passphrase."""

    group: str
    people: tuple[str, ...]


class Recover(QWidget):
    """Three steps of which one is seen."""

    opened = Signal(object, str)
    """The record is open, under the new passphrase; what to say about that."""
    left = Signal()
    helped = Signal(str)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.jobs = jobs
        self.folder = Path()
        self.typed = ""
        self.found = Opened("", ())
        self.notice = Notice()
        self.deck = Deck()
        self.entering, self.naming = self._entering(), self._naming()
        self.paper = KitPaper(lambda: self.found.group)
        self.paper.held.connect(self._recover)
        self.paper.left.connect(self.leave)
        for part in (self.entering, self.naming, self.paper):
            self.deck.add(part)
        lines = column(self)
        lines.addWidget(heading(self.tr("Back in with the recovery kit")))
        lines.addWidget(self.notice)
        lines.addWidget(self.deck)
        lines.addStretch(1)

    def begin(self, folder: Path, typed: str = "") -> None:
        """Ask for the key; what was `typed` of it already is in its place."""
        self.forget()
        self.folder = folder
        self.deck.see(self.entering)
        self.entry.fill(typed)
        if typed and self.entry.missing() is None:
            self.enter()

    def forget(self) -> None:
        """Forget every key and passphrase."""
        self.notice.clear()
        self.typed = ""
        self.found = Opened("", ())
        self.entry.fill("")
        self.person.clear()
        self.new.wipe()
        self.paper.forget()
        self._wait(False)

    def leave(self) -> None:
        """Go back with everything as it was."""
        self.forget()
        self.left.emit()

    def _entering(self) -> Card:
        card = Card(self.tr("1. The key from your paper"))
        card.lines.addWidget(
            plain(self.tr("Type the groups one after another. Capitals and small letters are the same."))
        )
        self.entry = KitEntry()
        self.entry.entered.connect(self.enter)
        card.lines.addWidget(self.entry)
        self.go_on = button(self.tr("Go &on"), main=True, name=self.tr("Go on with this key"))
        self.go_on.clicked.connect(self.enter)
        back = button(self.tr("Never m&ind"))
        back.clicked.connect(self.leave)
        lost = button(self.tr("I have no &kit…"))
        lost.clicked.connect(lambda: self.helped.emit("forgot"))
        card.lines.addLayout(row(self.go_on, back, lost))
        return card

    def _naming(self) -> Card:
        card = Card(self.tr("2. You, and a new passphrase"))
        self.who = plain()
        card.lines.addWidget(self.who)
        form = Form()
        self.person = line(80)
        form.field(self.tr("&Your name"), self.person, self.tr("As it stands beside the changes you make."))
        self.new = NewPassphrase(form, self.jobs, self._known, self)
        card.lines.addLayout(form)
        self.new.second.field.returnPressed.connect(self.choose)
        self.choose_button = button(self.tr("Go &on"), main=True, name=self.tr("Go on with this passphrase"))
        self.choose_button.clicked.connect(self.choose)
        back = button(self.tr("Never m&ind"), name=self.tr("Never mind: leave all as it is"))
        back.clicked.connect(self.leave)
        card.lines.addLayout(row(self.choose_button, back))
        return card

    # --- the steps ------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """See whether the key opens the record."""
        if not self.go_on.isEnabled():
            return
        missing = self.entry.missing()
        if missing is not None:
            self.notice.error(
                self.tr("Group %1 is not right yet").replace("%1", str(missing)),
                self.tr("Each has four letters or digits, the last has two. Nothing was changed."),
            )
            self.entry.go_to(missing)
            return
        folder, typed = self.folder, self.entry.text()

        def work(_: Job) -> Opened | int | None:
            from cis_desktop import kit, ways_in
            from cis_desktop.workspace import Workspace

            if not kit.is_whole(typed):
                return kit.suspected(typed)
            with Workspace.open(folder, typed) as workspace:
                people = [way.name for way in ways_in.listed(workspace) if way.kind == "person"]
                return Opened(workspace.name, tuple(people))

        def done(found: Opened | int | None) -> None:
            self._wait(False)
            if not isinstance(found, Opened):
                self._mistyped(found)
                return
            self.typed, self.found = typed, found
            self.entry.fill("")
            self.who.setText(
                self.tr(
                    "The key is right. With a passphrase so far: %1. If you write one of these names, its old "
                    "passphrase opens the record no longer."
                ).replace("%1", words.listed([words.within(name) for name in found.people]))
            )
            self.deck.see(self.naming)
            self.person.setFocus()

        self._start(self.tr("Trying the key"), work, done)

    def _mistyped(self, group: int | None) -> None:
        if group is None:
            self.notice.error(
                self.tr("The key does not pass its check"),
                self.tr("Two letters or more differ from the paper. Compare all groups. Nothing was changed."),
            )
            self.entry.go_to(1)
            return
        self.notice.error(
            self.tr("Look at group %1 once more").replace("%1", str(group)),
            self.tr("One letter there seems to differ from the paper. Nothing was changed."),
        )
        self.entry.go_to(group)

    def choose(self) -> None:
        """Take the name and the passphrase if they will do, and show a new kit."""
        if not self.choose_button.isEnabled():
            return
        if not self.person.text().strip():
            self.person.setFocus()
            self.notice.error(
                self.tr("Your name is needed"),
                self.tr("It is written beside the changes you make. Nothing was changed."),
            )
            return
        if self.new.first.text() != self.new.second.text():
            self.new.second.field.setFocus()
            self.notice.error(
                self.tr("The two passphrases differ"),
                self.tr("Nothing was changed. Type the same passphrase in both fields."),
            )
            return
        passphrase, known = self.new.first.text(), self._known()

        def work(_: Job) -> None:
            from cis_desktop.passphrases import refuse_weak

            refuse_weak(passphrase, known)

        def done(_: object) -> None:
            self._wait(False)
            self.deck.see(self.paper)
            self.paper.begin()

        self._start(self.tr("Judging the passphrase"), work, done)

    def _recover(self, kit: str) -> None:
        folder, typed, name, passphrase = self.folder, self.typed, self.person.text(), self.new.first.text()

        def work(_: Job) -> Workspace:
            from cis_desktop import ways_in
            from cis_desktop.health import kit_proven
            from cis_desktop.vault import keys
            from cis_desktop.workspace import Workspace

            workspace = Workspace.open(folder, typed)
            try:
                ways_in.recover(workspace, name, passphrase, kit)
            except BaseException:
                workspace.close()
                raise
            slot = keys.open_with_recovery(keys.read_keys(folder), kit).slot.id
            # Without this note Home asks for another kit; that must not keep anybody out of the record now.
            with suppress(CisError), workspace.change("Proved the recovery kit") as change:
                kit_proven(change, slot)
            return workspace

        def done(workspace: Workspace) -> None:
            self.forget()
            self.opened.emit(
                workspace, self.tr("Your new passphrase and your new kit open it from now on. Destroy the old paper.")
            )

        self.jobs.start(
            self, self.tr("Changing the lock and the kit"), work, done, self.paper.refused, writes=True, can_stop=False
        )

    def _start(self, name: str, work: Callable[[Job], Any], done: Done) -> None:
        self.notice.clear()
        self._wait(True)

        def failed(error: Exception) -> None:
            self._wait(False)
            say(error, self.notice)

        self.jobs.start(self, name, work, done, failed, can_stop=False)

    def _wait(self, on: bool) -> None:
        for pressed in (self.go_on, self.choose_button):
            pressed.setEnabled(not on)

    def _known(self) -> tuple[str, ...]:
        return self.found.group, self.person.text()
