"""Which laptop makes the reports, where it is not simply this one: what to do before one is made here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from ui.desk import Desk
from ui.jobs import Job
from ui.widgets.notice import Notice
from ui.widgets.words import Card, button, plain, row

if TYPE_CHECKING:
    from cis_desktop.packs.role import Role


class RoleCard(Card):
    """Shown where reports are made elsewhere, or held since the record was restored; and where others ask for it."""

    def __init__(self, desk: Desk, notice: Notice, trouble: Callable[[Exception], None]) -> None:
        super().__init__(self.tr("Who makes the reports"))
        self.desk, self.notice, self.trouble = desk, notice, trouble
        self.role: Role | None = None
        self.said = plain()
        self.lines.addWidget(self.said)
        self.read = button(self.tr("Read reports &back…"))
        self.none = button(self.tr("There &were none"))
        self.ask = button(self.tr("As&k for it on this laptop"))
        self.lost = button(self.tr("That laptop &is gone"))
        self.hand = button(self.tr("&Hand it over"))
        self.read.clicked.connect(self._choose)
        self.none.clicked.connect(lambda: self.take(()))
        self.ask.clicked.connect(self.ask_for_it)
        self.lost.clicked.connect(self._say_lost)
        self.hand.clicked.connect(self.hand_over)
        self.lines.addLayout(row(self.read, self.none, self.ask, self.lost, self.hand))
        self.believed_lost = False
        # Not read yet: what is shown before it is in a window is a window of its own, and takes the keys away.
        self.hide()

    def reload(self) -> None:
        """Look who makes the reports."""
        from cis_desktop.packs.role import role

        found = self.role = role(self.desk.workspace.read)
        names = ", ".join(f"“{one.laptop}”" for one in found.heads) or self.tr("another computer")
        asked = found.standing == "here" and bool(found.asked)
        lost = found.standing == "elsewhere" and (self.believed_lost or found.away)
        said = {
            "copied": self.tr(
                "This record came from a backup or a copy. Reports that %1 made after that are not in it, and a "
                "new one could give away with them what each keeps. Read them back, or say that there were none."
            ),
            "disputed": self.tr(
                "%1 both make reports, each without knowing of the other's. Read back what the other one made, and "
                "make them on this laptop from now on."
            ),
            "lost": self.tr(
                "%1 made the reports and is gone. Those that it made later and that did not come here are not in this "
                "record, and a new one could give away with them what each keeps. Read them back, or say that there "
                "were none."
            ),
            "elsewhere": self.tr(
                "%1 makes the reports. Two laptops that make them apart can give away together what each keeps, so "
                "one does at a time."
            ),
        }
        if asked:
            text = self.tr("%1 asked to make the reports. Hand it over, and this laptop makes none any more.").replace(
                "%1", f"“{found.asked[-1].laptop}”"
            )
        elif lost:
            text = said["lost"].replace("%1", names)
        else:
            text = said.get(found.standing, "").replace("%1", names)
        self.said.setText(text)
        held = lost or found.standing in ("copied", "disputed")
        elsewhere = found.standing == "elsewhere" and not held
        for pressed, shown in (
            (self.read, held), (self.none, held), (self.ask, elsewhere), (self.lost, elsewhere), (self.hand, asked),
        ):  # fmt: skip
            pressed.setVisible(shown)
        self.setVisible(bool(text))

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Reports that were made meanwhile"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self.tr("Reports (*.cis-pack.zip *.xlsx)"), self.tr("All files (*)")])
        dialog.filesSelected.connect(lambda chosen: self.take([Path(each) for each in chosen]))
        dialog.open()

    def take(self, packs: list[Path] | tuple[()]) -> None:
        """Make the reports here from now on, having read back those in `packs`."""
        workspace = self.desk.workspace
        self.notice.clear()

        def work(_: Job) -> int:
            from cis_desktop.packs.readback import read_back
            from cis_desktop.packs.role import take

            read = read_back(workspace, packs) if packs else ()
            take(workspace)
            return len(read)

        def done(read: int) -> None:
            self._settle()
            said = self.tr("%n report(s) are in “What we sent” again. ", "", read) if packs else ""
            self.notice.good(said + self.tr("This laptop makes the reports now."))

        self.desk.jobs.start(
            self, self.tr("Reading reports back"), work, done, self.trouble, writes=True, can_stop=False
        )

    def ask_for_it(self) -> None:
        """Say in the record that this laptop wants to make the reports."""
        workspace = self.desk.workspace
        self.notice.clear()

        def work(_: Job) -> None:
            from cis_desktop.packs.role import ask

            ask(workspace)

        def done(_: None) -> None:
            self._settle()
            self.notice.good(self.tr("Asked. Bring the changes to the other laptop, and hand it over there."))

        self.desk.jobs.start(self, self.tr("Asking"), work, done, self.trouble, writes=True, can_stop=False)

    def hand_over(self) -> None:
        """Let the laptop that asked last make the reports."""
        if self.role is None or not self.role.asked:
            return
        workspace, to = self.desk.workspace, self.role.asked[-1].device
        self.notice.clear()

        def work(_: Job) -> str:
            from cis_desktop.packs.role import hand_over

            return hand_over(workspace, to).laptop

        def done(laptop: str) -> None:
            self._settle()
            self.notice.good(self.tr("“%1” makes the reports now.").replace("%1", laptop))

        self.desk.jobs.start(self, self.tr("Handing it over"), work, done, self.trouble, writes=True, can_stop=False)

    def _say_lost(self) -> None:
        self.believed_lost = True
        self.reload()
        self.read.setFocus()

    def _settle(self) -> None:
        self.believed_lost = False
        self.reload()
