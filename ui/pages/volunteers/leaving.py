"""When somebody leaves: a list to tick, the same on every laptop, that can be printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from cis_desktop import leavers, words
from cis_desktop.leavers import LAPTOP, Leaver, Step
from ui.desk import Desk
from ui.theme import COLUMN, SPACE
from ui.widgets.fields import Choice, Form, line
from ui.widgets.notice import Notice
from ui.widgets.printing import print_words
from ui.widgets.words import Card, button, plain, row

if TYPE_CHECKING:
    from cis_desktop.vault.history import Change

LONGEST = 24
"""Letters of a laptop's name: what is ticked cannot be wrapped."""


class LeavingCard(Card):
    """A name begins a list; each tick is saved at once, with who made it."""

    began = Signal()
    """A list was begun, and is shown."""

    def __init__(self, desk: Desk, notice: Notice, trouble: Callable[[Exception], None]) -> None:
        super().__init__(self.tr("When somebody leaves"))
        self.desk, self.notice, self.trouble = desk, notice, trouble
        self.leavers: list[Leaver] = []
        self.ticks: dict[str, QCheckBox] = {}
        self.notes: dict[str, QLabel] = {}
        self.lines.addWidget(
            plain(
                self.tr("A volunteer or somebody with a passphrase goes: what to see to, so that nothing is forgotten.")
            )
        )
        form = Form()
        self.name = line(leavers.MOST_NAME)
        self.name.setMaximumWidth(COLUMN)
        self.name.returnPressed.connect(self.begin)
        form.field(self.tr("&Who leaves?"), self.name)
        self.lines.addLayout(form)
        self.start = button(self.tr("&Begin their list"))
        self.start.clicked.connect(self.begin)
        self.lines.addLayout(row(self.start))
        self.part = QWidget()
        inside = QVBoxLayout(self.part)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(SPACE)
        lists = Form()
        self.which = Choice()
        self.which.setMaximumWidth(COLUMN)
        self.which.currentIndexChanged.connect(lambda: self._show())
        lists.field(self.tr("&List of"), self.which)
        inside.addLayout(lists)
        self.standing = plain()
        inside.addWidget(self.standing)
        self.boxes = QVBoxLayout()
        inside.addLayout(self.boxes)
        self.ways = button(self.tr("Wh&o can open it"))
        self.ways.clicked.connect(lambda: desk.go.emit("opening", None))
        self.readers = button(self.tr("Who &reads concerns"))
        self.readers.clicked.connect(lambda: desk.go.emit("concerns", ("who", None)))
        self.on_paper = button(self.tr("Pr&int it…"), name=self.tr("Print this list"))
        self.on_paper.clicked.connect(self.print)
        self.away = button(self.tr("Put the list away"))
        self.away.clicked.connect(self.put_away)
        inside.addLayout(row(self.ways, self.readers, self.on_paper, self.away))
        self.lines.addWidget(self.part)

    # --- what is shown --------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the lists again."""
        self.leavers = leavers.listed(self.desk.workspace.read)
        self.which.offer([(str(each.id), self._called(each)) for each in self.leavers])
        self.part.setVisible(bool(self.leavers))
        self._show()

    def _called(self, leaver: Leaver) -> str:
        left = self.tr("all done") if not leaver.open else self.tr("%1 to do").replace("%1", str(leaver.open))
        return f"{leaver.name}, {words.day(leaver.left_on)}: {left}"

    def _leaver(self) -> Leaver | None:
        return next((each for each in self.leavers if str(each.id) == self.which.key()), None)

    def _show(self) -> None:
        leaver = self._leaver()
        steps = leaver.steps if leaver else ()
        self.standing.setText(self._standing(leaver) if leaver else "")
        self.standing.setVisible(bool(self.standing.text()))
        # Boxes are made anew for another list of laptops only: one that was just ticked keeps the focus.
        if list(self.ticks) != [step.key for step in steps]:
            for part in (*self.ticks.values(), *self.notes.values()):
                self.boxes.removeWidget(part)
                part.hide()
                part.deleteLater()
            self.notes.clear()
            self.ticks = {step.key: self._box(step) for step in steps}
        for step in steps:
            box = self.ticks[step.key]
            box.blockSignals(True)
            box.setChecked(bool(step.done_on))
            box.blockSignals(False)
            box.setText(self._said(step))
            box.setAccessibleName(self._said(step))
            box.setAccessibleDescription(self._done(step))
            self.notes[step.key].setText(self._done(step))
            self.notes[step.key].setVisible(bool(step.done_on))

    def _box(self, step: Step) -> QCheckBox:
        box = QCheckBox()
        box.toggled.connect(lambda done, key=step.key: self.tick(key, done))
        self.boxes.addWidget(box)
        note = self.notes[step.key] = plain(quiet=True)
        note.setIndent(3 * SPACE)
        self.boxes.addWidget(note)
        return box

    def _standing(self, leaver: Leaver) -> str:
        now = leavers.standing(self.desk.workspace.read, leaver.name)
        said = [
            self.tr("has a passphrase") if now.opens else "",
            self.tr("has a PIN at the desk") if now.has_pin else "",
            self.tr("reads safeguarding concerns") if now.reads_concerns else "",
        ]
        can = [each for each in said if each]
        if not can:
            return ""
        told = self.tr("%1 still %2.").replace("%1", leaver.name)
        return told.replace("%2", words.listed(can, self.tr("and")))

    def _said(self, step: Step) -> str:
        if step.key.startswith(LAPTOP):
            about = words.shortened(step.about, LONGEST)
            return self.tr("Laptop %1 is back, or the record is off it").replace("%1", about)
        return {
            "concerns": self.tr("Somebody else reads concerns, if they did"),
            "way_in": self.tr("Their passphrase is taken away"),
            "lock": self.tr("The lock is changed, if they held the kit"),
            "pin": self.tr("Their PIN at the desk is retired"),
            "kit": self.tr("The recovery kit is where it belongs"),
            "backups": self.tr("Sticks and disks with backups are back"),
            "paper": self.tr("Paper is back or shredded"),
        }[step.key]

    def _done(self, step: Step) -> str:
        done = self.tr("Done %1, %2.").replace("%1", words.day(step.done_on)) if step.done_on else ""
        return done.replace("%2", words.within(step.who))

    # --- acts -----------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin a list for the name typed."""
        name = self.name.text()

        def done(leaver_id: int) -> None:
            self.name.clear()
            self.reload()
            self.which.choose(str(leaver_id))
            self._show()
            self.which.setFocus()
            self.began.emit()

        self._write(self.tr("Began a leaver’s list"), lambda change: leavers.begin(change, name, date.today()), done)

    def tick(self, key: str, done: bool) -> None:
        """Note that a step is done, or is not."""
        leaver = self._leaver()
        if leaver is not None:
            self._write(
                self.tr("Ticked a leaver’s list"), lambda change: leavers.tick(change, leaver.id, key, done),
                lambda _: self.reload(),
            )  # fmt: skip

    def put_away(self) -> None:
        """Put the list away; Ctrl+Z brings it back."""
        leaver = self._leaver()
        if leaver is not None:
            self._write(
                self.tr("Put a leaver’s list away"), lambda change: leavers.put_away(change, leaver.id),
                lambda _: self.reload(),
            )  # fmt: skip

    def print(self) -> None:
        """Put the list on paper."""
        leaver = self._leaver()
        if leaver is not None:
            print_words(self, self.notice, self.tr("A page"), self.sheet(leaver))

    def sheet(self, leaver: Leaver) -> str:
        """Write the page that is printed."""
        title = self.tr("%1 leaves: what to see to").replace("%1", leaver.name)
        lines = [f"{'☑' if step.done_on else '☐'}  {self._said(step)}  {self._done(step)}" for step in leaver.steps]
        return "\n\n".join([title, words.day(leaver.left_on), *lines])

    def _write(self, said: str, work: Callable[[Change], Any], done: Callable[[Any], object]) -> None:
        def failed(error: Exception) -> None:
            self.reload()
            self.trouble(error)

        self.desk.write(self, said, work, done, failed)
