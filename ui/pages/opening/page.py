"""Who can open the record: people with their passphrases, the recovery kit, and computers by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from ui.desk import Desk, Told
from ui.jobs import Job
from ui.pages.opening.act import Act
from ui.pages.opening.ways import Ways
from ui.theme import SPACE
from ui.widgets.page import Deck, Page, column, scrolled
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.vault.slots import WayIn
    from cis_desktop.workspace import Workspace


class OpeningPage(Page):
    """The list, and below it one thing to do at a time."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.taken: WayIn | None = None
        inside = QWidget()
        lines = column(inside)
        lines.addWidget(heading(self.tr("Who can open it")))
        lines.addWidget(
            plain(
                self.tr(
                    "Each person has a passphrase of their own, and their name is beside what they change. A second "
                    "person with a passphrase is the simplest way back when one is forgotten."
                )
            )
        )
        lines.addWidget(self.notice)
        self.ways = Ways(desk, self.trouble)
        self.ways.marked.connect(self._marked)
        self.ways.shown.connect(self._shown)
        lines.addWidget(self.ways)
        self.deck = Deck()
        self.buttons, self.after = self._buttons(), self._after()
        self.adding, self.changing = self._adding(), self._changing()
        self.taking, self.locking, self.remembering = self._asking()
        for part in (
            self.buttons, self.adding, self.changing, self.taking, self.locking, self.remembering, self.after
        ):  # fmt: skip
            self.deck.add(part)
        lines.addWidget(self.deck)
        lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.area = scrolled(inside)
        whole.addWidget(self.area)
        desk.kept_safe.connect(self.reload)
        self.reload()

    # --- the parts ------------------------------------------------------------------------------------------

    def _buttons(self) -> QWidget:
        part = QWidget()
        lines = QVBoxLayout(part)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE)
        self.add = button(self.tr("A&dd a person…"))
        self.change = button(self.tr("Change my &passphrase…"))
        self.take = button(self.tr("&Take the marked one away…"))
        self.lock = button(self.tr("Change the &lock…"))
        self.kit = button(self.tr("Make a &recovery kit"))
        self.remember = button(self.tr("Let this &computer open it by itself…"))
        for pressed, act in (
            (self.add, self.begin_adding),
            (self.change, self.begin_changing),
            (self.take, self.begin_taking),
            (self.lock, self.begin_locking),
            (self.kit, lambda: self.desk.go.emit("home", ("kit", "opening"))),
            (self.remember, self.begin_remembering),
        ):
            pressed.clicked.connect(act)
        lines.addLayout(row(self.add, self.change, self.take, self.lock, self.kit, self.remember))
        self.computer = plain(quiet=True)
        lines.addWidget(self.computer)
        return part

    def _adding(self) -> Act:
        labels = self.tr("Their &passphrase"), self.tr("Their passphrase once &more")
        act = Act(
            self.tr("A passphrase for somebody"), self.tr("&Let them open it"), self.desk.jobs, self._known,
            name=True, labels=labels,
        )  # fmt: skip
        return self._tied(act, self._add)

    def _changing(self) -> Act:
        labels = self.tr("Your new &passphrase"), self.tr("The new passphrase once &more")
        act = Act(
            self.tr("Your passphrase"), self.tr("&Change my passphrase"), self.desk.jobs, self._known, labels=labels
        )
        return self._tied(act, self._change)

    def _asking(self) -> tuple[Act, Act, Act]:
        taking = Act(self.tr("Take away"), self.tr("&Take it away"), self.desk.jobs, self._known)
        self.other_reader = button(self.tr("Name another who reads co&ncerns"))
        self.other_reader.clicked.connect(lambda: self.desk.go.emit("concerns", ("who", None)))
        taking.lines.addLayout(row(self.other_reader))
        locking = Act(self.tr("Change the lock"), self.tr("Change the &lock"), self.desk.jobs, self._known)
        computer = Act(self.tr("This computer"), self.tr("&Let it open the record"), self.desk.jobs, self._known)
        return (
            self._tied(taking, self._take),
            self._tied(locking, self._lock),
            self._tied(computer, self._remember),
        )

    def _tied(self, act: Act, then: Callable[[], None]) -> Act:
        act.wanted.connect(then)
        act.left.connect(self._back)
        return act

    def _after(self) -> Card:
        card = Card(self.tr("What else to see to"))
        self.after_words = plain()
        card.lines.addWidget(self.after_words)
        done = button(self.tr("That is &done"), main=True)
        done.clicked.connect(self._back)
        new_kit = button(self.tr("Make a new &recovery kit"))
        new_kit.clicked.connect(lambda: self.desk.go.emit("home", ("kit", "opening")))
        steps = button(
            self.tr("The whole l&ist of steps"), name=self.tr("The whole list of steps when somebody leaves")
        )
        steps.clicked.connect(lambda: self.desk.go.emit("volunteers", ("leaving", None)))
        card.lines.addLayout(row(done, new_kit, steps))
        return card

    # --- what is shown --------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the list again."""
        self.ways.reload()

    def _shown(self) -> None:
        safe, here = self.ways.found.safe, bool(self.ways.found.here)
        self.remember.setVisible(safe and not here)
        self.computer.setText(
            self.tr("This computer opens it by itself. After it has locked itself it asks for the passphrase.")
            if here
            else self.tr("This computer cannot open it by itself: its system keeps no secrets encrypted for us.")
        )
        self.computer.setVisible(here or not safe)

    def _marked(self) -> None:
        self.take.setEnabled(self.ways.current() is not None)

    def _known(self) -> tuple[str, ...]:
        return self.desk.workspace.name, self.desk.workspace.who

    # --- what is asked for ----------------------------------------------------------------------------------

    def begin_adding(self) -> None:
        """Ask for a name and a passphrase."""
        self._see(
            self.adding,
            self.tr(
                "They will open the record with this passphrase, under their name, and see all of it. Let them choose "
                "it themselves, or give them the six words on paper: they can change it here."
            ),
        )

    def begin_changing(self) -> None:
        """Ask for the old and the new passphrase."""
        self._see(
            self.changing,
            self.tr("Only yours changes. The recovery kit and everybody else’s passphrase stay as they are."),
        )

    def begin_locking(self) -> None:
        """Say what a change of the lock does."""
        self._see(
            self.locking,
            self.tr(
                "Everybody keeps their passphrase, and the kit stays as it is. The record is put under a new key, so "
                "that an old copy of its file of keys opens it no longer. Do this when a copy of the folder may be in "
                "the wrong hands. A backup is made first."
            ),
        )

    def begin_remembering(self) -> None:
        """Say what it means when a computer opens the record by itself."""
        self._see(
            self.remembering,
            self.tr(
                "When the app starts here, it opens the record without asking, under your name. Whoever can log in to "
                "this computer as you can then read everything. When the record has locked itself it still asks."
            ),
        )

    def begin_taking(self) -> None:
        """Say what taking the marked one away does."""
        way = self.ways.current()
        if way is None:
            return
        if self.ways.is_own(way):
            self.notice.error(
                self.tr("That is your own passphrase"),
                self.tr(
                    "Nothing was changed. Somebody else who can open the record takes it away, when you have left."
                ),
            )
            return
        if way.kind == "computer" and self.ways.is_here(way):
            said = self.tr("This computer asks for the passphrase from now on. Nothing else changes.")
        elif way.kind == "computer":
            said = self.tr("That computer asks for a passphrase again. The lock is changed, and a backup made first.")
        elif way.kind == "recovery":
            said = self.tr(
                "The paper opens the record no longer. The lock is changed, and a backup made first. Old backups stay "
                "open to the paper until you delete them. Make a new kit soon."
            )
        else:
            said = self.tr(
                "%1 cannot open the record any more. The lock is changed, so that an old copy of the keys does not "
                "help, and a backup is made first. Backups made until now stay open to them until you delete those."
            ).replace("%1", words.within(way.name))
        self.taken = way
        self._see(self.taking, said)
        from cis_desktop.ways_in import only_reader

        alone = way.kind == "person" and only_reader(self.desk.workspace, way.id)
        self.other_reader.setVisible(alone)
        if alone:
            self.taking.notice.error(
                self.tr("Nobody else reads safeguarding concerns"),
                self.tr(
                    "Without %1 nobody can read those there are, except with the recovery kit, and no new one can be "
                    "written. So let %1 name another first, under their own passphrase. Are they gone already? Whoever "
                    "holds the kit can do it: unlock with the kit."
                ).replace("%1", words.within(way.name)),
            )

    def _see(self, act: Act, sentence: str) -> None:
        self.notice.clear()
        self.deck.see(act)
        act.begin(sentence)
        QTimer.singleShot(0, act, lambda: self.area.ensureWidgetVisible(act.first))

    def _back(self) -> None:
        for act in (self.adding, self.changing, self.taking, self.locking, self.remembering):
            act.wipe()
        self.deck.see(self.buttons)

    # --- what is done ---------------------------------------------------------------------------------------

    def _start(self, act: Act, name: str, work: Callable[[Workspace], object], done: Callable[[object], None]) -> None:
        workspace, mine = self.desk.workspace, act.mine.text()

        def run(_: Job) -> object:
            from cis_desktop.ways_in import confirm

            confirm(workspace, mine)
            return work(workspace)

        self.desk.jobs.start(self, name, run, done, act.refused, writes=True, can_stop=False)

    def _finish(self, title: str, sentence: str) -> None:
        self._back()
        self.notice.good(title, sentence)
        self.desk.kept_safe.emit()

    def _add(self) -> None:
        assert self.adding.name is not None
        assert self.adding.new is not None
        name, passphrase = self.adding.name.text(), self.adding.new.first.text()

        def work(workspace: Workspace) -> None:
            from cis_desktop.ways_in import add_person

            add_person(workspace, name, passphrase)

        def done(_: object) -> None:
            self._finish(
                self.tr("%1 can open it now").replace("%1", words.within(name)),
                self.tr("With the passphrase you gave them. Backups open with it, too, from the one made now on."),
            )
            self.desk.back_up.emit()

        self._start(self.adding, self.tr("Giving somebody a passphrase"), work, done)

    def _change(self) -> None:
        assert self.changing.new is not None
        old, new = self.changing.mine.text(), self.changing.new.first.text()

        def work(workspace: Workspace) -> None:
            from cis_desktop.ways_in import change_passphrase, own

            way = own(workspace)
            change_passphrase(workspace, way.id if way else workspace.slot, old, new)

        def done(_: object) -> None:
            self._finish(
                self.tr("Your passphrase is changed"),
                self.tr(
                    "Backups made until now still want the old one. If somebody may know that and have a copy of the "
                    "folder, change the lock as well."
                ),
            )

        self._start(self.changing, self.tr("Changing your passphrase"), work, done)

    def _remember(self) -> None:
        def work(workspace: Workspace) -> None:
            from cis_desktop.this_computer import remember

            remember(workspace)

        def done(_: object) -> None:
            self._finish(
                self.tr("This computer opens it by itself"),
                self.tr("From the next start of the app on. Lock the computer itself when you leave it."),
            )

        self._start(self.remembering, self.tr("Letting this computer open it"), work, done)

    def _lock(self) -> None:
        told = Told(
            self.tr("The lock is changed"),
            self.tr("Everybody’s passphrase and the recovery kit open it as before. Old copies of its keys do not."),
        )

        def work(workspace: Workspace) -> Told:
            from cis_desktop import backups, ways_in

            backups.before(workspace, "lock")
            ways_in.change_lock(workspace)
            return told

        name = self.tr("Changing the lock")
        self._start(self.locking, name, lambda _: None, lambda _: self.desk.alone.emit(name, work))

    def _take(self) -> None:
        way = self.taken
        assert way is not None
        if self.ways.is_here(way):

            def forget(workspace: Workspace) -> None:
                from cis_desktop.this_computer import forget

                forget(workspace, way.id)

            def done(_: object) -> None:
                self._finish(self.tr("This computer asks again"), self.tr("For the passphrase, each time."))

            self._start(self.taking, self.tr("Forgetting this computer"), forget, done)
            return
        told = Told(
            self.tr("%1 opens it no longer").replace("%1", words.within(way.name)),
            self.tr("The lock is changed. Everybody else goes on with what they have."),
            way.name if way.kind == "person" else "",
        )

        def work(workspace: Workspace) -> Told:
            from cis_desktop import backups, ways_in

            backups.before(workspace, "lock")
            ways_in.remove(workspace, way.id)
            return told

        name = self.tr("Changing the lock")
        self._start(self.taking, name, lambda _: None, lambda _: self.desk.alone.emit(name, work))

    def open(self, what: object) -> None:
        """Say what came of a change of the key: ("came", what was told or went wrong)."""
        if not (isinstance(what, tuple) and what[0] == "came"):
            return
        came: Any = what[1]
        if not isinstance(came, Told):
            self.trouble(came)
            return
        self.notice.good(came.title, came.sentence)
        if came.gone:
            self.after_words.setText(self._leaver(came.gone))
            self.deck.see(self.after)
        self.desk.back_up.emit()

    def _leaver(self, name: str) -> str:
        rows = self.desk.workspace.read.execute("select distinct name from devices order by name").fetchall()
        laptops = words.listed([words.within(laptop) for (laptop,) in rows])
        return "\n".join(
            part.replace("%1", words.within(name)).replace("%2", laptops)
            for part in (
                self.tr("Laptops: is one with %1? The record is or was on %2. Take the laptop back."),
                self.tr("The recovery kit: if %1 may have seen the paper, make a new one and take the old kit away."),
                self.tr("Computers: change the passwords that %1 knows, of the computers and of the group’s email."),
                self.tr("Paper and sticks: ask %1 for printed lists and for sticks with backups."),
                self.tr("Backups: those made until today open for %1. Delete the ones you can do without."),
            )
        )
