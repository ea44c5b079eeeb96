"""The laptops that share the record, how each stands, and what can be done about the marked one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cis_desktop import words
from ui.desk import Desk
from ui.jobs import Job
from ui.models.rows import Rows
from ui.pages.sharing.found import Found
from ui.pages.sharing.inviting import MOST_NAME
from ui.theme import COLUMN
from ui.widgets.fields import Form, line
from ui.widgets.lists import Table
from ui.widgets.notice import Notice
from ui.widgets.words import Card, button, plain, row

if TYPE_CHECKING:
    from cis_desktop.sync.standing import Standing
    from cis_desktop.vault.history import Change

MOST_SEEN = 8
MOST_HELD = 10
"""Changes of a laptop that was taken away that are shown at once."""


class LaptopsCard(Card):
    """The list, with who is invited below it; a removal is done at once and can be undone."""

    share = Signal()
    """Another laptop is to be invited."""

    def __init__(self, desk: Desk, notice: Notice, trouble: Callable[[Exception], None]) -> None:
        super().__init__(self.tr("Laptops that share this record"))
        self.desk, self.notice, self.trouble = desk, notice, trouble
        self.found: Found | None = None
        self.gone = self.being_named = ""
        self.rows = Rows([(self.tr("Laptop"), lambda each: each.name), (self.tr("How it stands"), _state)])
        self.table = Table(self.rows, self.tr("Laptops"), stretch=1, folds=24)
        self.table.selectionModel().currentRowChanged.connect(lambda: self._marked())
        self.lines.addWidget(self.table)
        self.waits, self.invited, self.later = plain(), plain(quiet=True), plain()
        for part in (self.waits, self.later, self.invited):
            part.hide()
            self.lines.addWidget(part)
        self.invite = button(self.tr("S&hare with another laptop"))
        self.invite.clicked.connect(self.share)
        self.rename = button(self.tr("&Rename…"), name=self.tr("Rename the marked laptop"))
        self.rename.clicked.connect(self.begin_naming)
        self.take = button(self.tr("&Take it away"), name=self.tr("Take the marked laptop away"))
        self.take.clicked.connect(self.take_away)
        self.back = button(self.tr("Take it &back in"), name=self.tr("Take the marked laptop back in"))
        self.back.clicked.connect(lambda: self.take_back(self._current()))
        self.withdraw = button(self.tr("Call the invitations ba&ck"))
        self.withdraw.clicked.connect(self.call_back)
        self.accept = button(self.tr("&Let it count"), name=self.tr("Let what the marked laptop wrote later count"))
        self.accept.clicked.connect(lambda: self.judge(True))
        self.leave = button(self.tr("Leave it &out"), name=self.tr("Leave out what the marked laptop wrote later"))
        self.leave.clicked.connect(lambda: self.judge(False))
        self.lines.addLayout(
            row(self.invite, self.rename, self.take, self.back, self.accept, self.leave, self.withdraw)
        )
        self.naming = self._naming()
        self.lines.addWidget(self.naming)
        self.after = self._after()
        self.lines.addWidget(self.after)

    def _naming(self) -> QWidget:
        part = QWidget()
        form = Form()
        part.setLayout(form)
        form.setContentsMargins(0, 0, 0, 0)
        self.name = line(MOST_NAME)
        self.name.setMaximumWidth(COLUMN)
        self.name.returnPressed.connect(self.give_name)
        form.field(self.tr("Na&me of the laptop"), self.name, self.tr("All laptops show it under this name."))
        self.named = button(self.tr("&Save this name"))
        self.named.clicked.connect(self.give_name)
        away = button(self.tr("Never mind"), name=self.tr("Never mind: keep the name"))
        away.clicked.connect(lambda: (part.hide(), self.table.setFocus()))
        form.addLayout(row(self.named, away))
        part.hide()
        return part

    def _after(self) -> QWidget:
        part = Card()
        self.done = plain()
        part.lines.addWidget(self.done)
        self.undo = button(self.tr("&Undo: take it back in"), name=self.tr("Undo: take the laptop back in"))
        self.undo.clicked.connect(self._undo)
        lock = button(self.tr("Change the &lock"))
        lock.clicked.connect(lambda: self.desk.go.emit("opening", None))
        leaving = button(self.tr("When somebody leaves"))
        leaving.clicked.connect(lambda: self.desk.go.emit("volunteers", ("leaving", None)))
        part.lines.addLayout(row(self.undo, lock, leaving))
        part.hide()
        return part

    # --- what is shown --------------------------------------------------------------------------------------

    def show_found(self, found: Found) -> None:
        """Show the laptops; the one that was marked stays so."""
        marked = self._current()
        self.found = found
        self.rows.show(found.laptops)
        self._fit()
        at = next((at for at, each in enumerate(found.laptops) if marked and each.device == marked.device), 0)
        self.table.selectRow(at)
        said = self.tr("Invited: %1, until %2. Nobody has used the invitation yet.")
        self.invited.setText(
            "\n".join(
                said.replace("%1", words.within(each.name)).replace("%2", words.day(each.expires_at))
                for each in found.invited
            )
        )
        self.invited.setVisible(bool(found.invited))
        self.withdraw.setVisible(bool(found.invited))
        self.waits.setText("\n".join(found.waiting))
        self.waits.setVisible(bool(found.waiting))
        self._marked()

    def _fit(self) -> None:
        self.table.fit_rows(min(MOST_SEEN, max(2, self.rows.rowCount())))

    def showEvent(self, event: Any) -> None:
        """Measure the list again once the style is known."""
        super().showEvent(event)
        self._fit()

    def _current(self) -> Standing | None:
        index = self.table.currentIndex()
        return self.rows.record(index.row()) if index.isValid() and index.row() < self.rows.rowCount() else None

    def _marked(self) -> None:
        marked = self._current()
        self.rename.setEnabled(marked is not None and not marked.removed)
        self.take.setVisible(marked is None or not marked.removed)
        self.take.setEnabled(marked is not None and not marked.here)
        self.back.setVisible(marked is not None and marked.removed)
        self.later.setText("\n".join(self._later(marked)) if marked is not None else "")
        self.later.setVisible(bool(self.later.text()))
        waits = self.found is not None and marked is not None and bool(self.found.held.get(marked.device))
        for each in (self.accept, self.leave):
            each.setVisible(waits)

    def _later(self, marked: Standing) -> list[str]:
        """Say what is due since a laptop was taken away, and what it wrote later, change by change."""
        assert self.found is not None
        if not marked.removed:
            return []
        said = [self.found.locks.get(marked.device, "")]
        held = self.found.held.get(marked.device, [])
        if held:
            told = self.tr("%1 wrote this after it was taken away. None of it counts yet:")
            said.append(told.replace("%1", words.within(marked.name)))
        for each in held[:MOST_HELD]:
            who, done = (words.within(words.shortened(text)) for text in (each.who, each.words))
            said.append(" · ".join(part for part in (words.when(each.at), who, done) if part))
            said += [f"    {line}" for line in each.lines]
            if not each.readable:
                said.append(self.tr("    A newer version of the app wrote it: update the app to see it."))
        if len(held) > MOST_HELD:
            said.append(self.tr("And %1 more.").replace("%1", words.number(len(held) - MOST_HELD)))
        return [each for each in said if each]

    # --- acts -----------------------------------------------------------------------------------------------

    def begin_naming(self) -> None:
        """Ask for another name of the marked one."""
        marked = self._current()
        if marked is not None:
            self.go_on_naming(marked.device, marked.name)
            self.name.selectAll()
            self.name.setFocus()

    def go_on_naming(self, device: str, name: str) -> None:
        """Show the field with a name for one laptop."""
        self.being_named = device
        self.name.setText(name)
        self.naming.show()

    def give_name(self) -> None:
        """Name the one that was marked when this was begun."""
        device, name = self.being_named, self.name.text()

        def work(change: Change) -> None:
            from cis_desktop.sync.laptops import give_name

            give_name(change, device, name)

        def done(_: object) -> None:
            self.naming.hide()
            self.table.setFocus()

        def failed(error: Exception) -> None:
            self.name.setFocus()
            self.trouble(error)

        self.notice.clear()
        self.desk.write(self, self.tr("Named a laptop"), work, done, failed)

    def take_away(self) -> None:
        """Take the marked one away, and say what that does and does not do."""
        marked = self._current()
        if marked is None or marked.here or marked.removed:
            return
        workspace, device, name = self.desk.workspace, marked.device, marked.name

        def work(_: Job) -> None:
            from cis_desktop.sync.laptops import remove

            remove(workspace, device)

        self._start(self.tr("Taking a laptop away"), work, lambda _: self.show_gone(device, name))

    def show_gone(self, device: str, name: str) -> None:
        """Say what it does and does not do that a laptop was taken away, and offer to undo it."""
        self.gone = device
        self.done.setText(
            self.tr(
                "%1 is taken away. From now on nothing new can be read there, and what it writes waits until somebody "
                "takes it back in. It keeps what it has: nobody can delete that from here. If it was lost or stolen, "
                "change the lock, and the passphrases that were used on it."
            ).replace("%1", words.within(name))
        )
        self.after.show()
        self.undo.setFocus()

    def take_back(self, which: Standing | None) -> None:
        """Let one take part again."""
        if which is not None:
            self._take_back(which.device, which.name)

    def _undo(self) -> None:
        name = next((each.name for each in self._all() if each.device == self.gone), "")
        self._take_back(self.gone, name)

    def _all(self) -> list[Standing]:
        return [self.rows.record(at) for at in range(self.rows.rowCount())]

    def _take_back(self, device: str, name: str) -> None:
        workspace = self.desk.workspace

        def work(_: Job) -> None:
            from cis_desktop.sync.laptops import take_back

            take_back(workspace, device)

        def done(_: object) -> None:
            self.after.hide()
            self.table.setFocus()
            self.notice.good(
                self.tr("%1 takes part again").replace("%1", words.within(name)),
                self.tr("All that it wrote meanwhile counts, as it comes in."),
            )

        self._start(self.tr("Taking a laptop back in"), work, done)

    def judge(self, counts: bool) -> None:
        """Let what the marked one wrote later count, or leave it out."""
        marked = self._current()
        if marked is None or self.found is None or not self.found.held.get(marked.device):
            return
        workspace, device = self.desk.workspace, marked.device
        # What comes in meanwhile nobody has seen.
        last = self.found.held[device][-1].number

        def work(_: Job) -> None:
            from cis_desktop.sync.held import accept, leave

            (accept if counts else leave)(workspace, device, last)

        def done(_: object) -> None:
            self.table.setFocus()
            self.notice.good(
                self.tr("It counts now") if counts else self.tr("It stays out of the record"),
                self.tr("The other laptops hear of it at the next exchange."),
            )

        self._start(self.tr("Judging what a laptop wrote"), work, done)

    def call_back(self) -> None:
        """Let no invitation that is still open be used."""

        def work(change: Change) -> None:
            from cis_desktop.sync.invitations import still_open, withdraw

            for each in still_open(change.connection):
                withdraw(change, each)

        def done(_: object) -> None:
            self.notice.good(self.tr("No invitation can be used now"), self.tr("Write a new one when you need it."))
            self.invited.hide()
            self.withdraw.hide()
            self.invite.setFocus()

        self.desk.write(self, self.tr("Called invitations back"), work, done, self.trouble)

    def _start(self, name: str, work: Callable[[Job], None], done: Callable[[object], None]) -> None:
        self.notice.clear()
        self.desk.jobs.start(self, name, work, done, self.trouble, writes=True, can_stop=False)


def _state(one: Standing) -> str:
    from cis_desktop.sync.standing import state

    said = state(one)
    return said[0].upper() + said[1:]
