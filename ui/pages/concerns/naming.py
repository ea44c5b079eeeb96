"""Who reads concerns: named by anybody at first, and from then on by those who read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import concern_asking, concerns
from cis_desktop.concern_readers import Asking, Kit, Reader, Role, asking, kits
from cis_desktop.words import day, listed, same, within
from ui.desk import Desk
from ui.models.rows import Rows
from ui.theme import SPACE
from ui.widgets.fields import Choice, Form
from ui.widgets.lists import Table
from ui.widgets.words import button, plain, row

ASKED = "asked:"
"""What the key of somebody who asks on another laptop begins with, among the people to choose from."""


class NamingPart(QWidget):
    """The list of readers; below it, for those who may, how to name another and take one off."""

    done = Signal(str)
    """Who reads has changed: a sentence about it."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk, self.trouble = desk, trouble
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE)
        lines.addWidget(
            plain(
                self.tr(
                    "A safeguarding lead and a deputy are best: what is about one of them then goes to the other. "
                    "Everybody sees who they are."
                )
            )
        )
        self.rows = Rows(
            [
                (self.tr("Name"), lambda each: each.name),
                (self.tr("What they are"), self._role),
            ]
        )
        self.table = Table(self.rows, self.tr("Who reads concerns"), stretch=0)
        self.table.selectionModel().currentRowChanged.connect(lambda: self._fit())
        lines.addWidget(self.table)
        self.kits = plain()
        lines.addWidget(self.kits)
        self.agree = button(self.tr("Let it open t&hem"), name=self.tr("Let the recovery kit open concerns"))
        self.agree.clicked.connect(self.let_kits)
        lines.addLayout(row(self.agree))
        self.not_you = plain()
        lines.addWidget(self.not_you)
        self.ask = button(self.tr("&Ask to read them here"))
        self.ask.clicked.connect(self.ask_for_it)
        lines.addLayout(row(self.ask))
        self.acts = QWidget()
        form = Form()
        form.setContentsMargins(0, 0, 0, 0)
        self.acts.setLayout(form)
        self.person = Choice()
        form.field(
            self.tr("&Person"), self.person, self.tr("Only somebody with a passphrase of their own can read them.")
        )
        self.role = Choice([("lead", self.tr("Safeguarding lead")), ("deputy", self.tr("Deputy"))])
        form.field(self.tr("A&s"), self.role)
        self.name = button(self.tr("&Let them read concerns"), main=True)
        self.name.clicked.connect(self.appoint)
        self.off = button(self.tr("Take the &marked one off"))
        self.off.clicked.connect(self.dismiss)
        ways = button(self.tr("Give somebody a passphrase"))
        ways.clicked.connect(lambda: desk.go.emit("opening", None))
        form.addLayout(row(self.name, self.off, ways))
        lines.addWidget(self.acts)

    def showEvent(self, event: Any) -> None:
        """Measure the list again once the style is known."""
        super().showEvent(event)
        self.table.fit_rows(max(1, self.rows.rowCount()))

    def _role(self, reader: Reader) -> str:
        return self.tr("Safeguarding lead") if reader.role == "lead" else self.tr("Deputy")

    def reload(self) -> None:
        """Read who reads them, and who could."""
        from cis_desktop import ways_in

        workspace = self.desk.workspace
        there = concerns.readers(workspace.read)
        self.rows.show(there)
        self.table.fit_rows(max(1, len(there)))
        self.table.setVisible(bool(there))
        allowed = not there or concerns.may_read(workspace)
        self.acts.setVisible(allowed)
        self.not_you.setVisible(not allowed)
        self.not_you.setText(self._why_not(there))
        self.waiting = concerns.kits_to_agree(workspace)
        asked = asking(workspace.read) if there and allowed else []
        first = not there and bool(kits(workspace.read))
        waits = [self._waits(kit) for kit in self.waiting] + [self._asks(each) for each in asked]
        self.kits.setText(self._first_kits() if first else "\n".join(waits))
        self.kits.setVisible(first or bool(waits))
        self.ask.setVisible(not allowed and concern_asking.may_ask(workspace))
        self.agree.setVisible(bool(self.waiting))
        people = [way for way in ways_in.listed(workspace) if way.kind == "person"]
        on = self.tr("%1, who asks on %2")
        self.names = {f"{ASKED}{each.id}": each.name for each in asked} | {way.id: way.name for way in people}
        self.person.offer(
            [(f"{ASKED}{each.id}", on.replace("%2", each.laptop).replace("%1", each.name)) for each in asked]
            + [(way.id, way.name) for way in people]
        )
        if there and len(there) == 1:
            self.role.choose("lead" if there[0].role == "deputy" else "deputy")
        self.name.setEnabled(bool(people or asked))
        self._fit()

    def _why_not(self, there: list[Reader]) -> str:
        if any(same(each.name, self.desk.workspace.who) for each in there):
            return self.tr(
                "The record was not opened with your passphrase. Lock it and type yours, and you can read concerns and "
                "change this list."
            )
        if any(each.recipient == self.desk.workspace.recipient for each in asking(self.desk.workspace.read)):
            return self.tr("You asked to read them here. Exchange; then one of them agrees, on a laptop where they do.")
        return self.tr("Only they can change this list, under their own passphrase.")

    def _asks(self, one: Asking) -> str:
        said = self.tr(
            "%1 asks to read concerns on %2. Ask by telephone whether it is them, then choose them under Person."
        )
        return said.replace("%2", within(one.laptop)).replace("%1", within(one.name))

    def _first_kits(self) -> str:
        return self.tr(
            "If you name yourself, whoever holds a recovery kit that is there can open concerns, too. Anybody else "
            "whom you name is asked about that here, under their own passphrase."
        )

    def _waits(self, kit: Kit) -> str:
        made = self.tr("A recovery kit was made by %1 on %2.").replace("%2", day(kit.made_at))
        cannot = self.tr("It cannot open concerns yet.")
        if kit.agreed:
            names = listed([within(name) for name in kit.agreed], self.tr("and"))
            cannot = self.tr("It opens no concern that is kept from %1.").replace("%1", names)
        return f"{made.replace('%1', within(kit.made_by) or self.tr('somebody'))} {cannot}"

    def let_kits(self) -> None:
        """Let the kits that are shown open what may be read here."""
        workspace, ids = self.desk.workspace, [kit.id for kit in self.waiting]
        said = self.tr("The recovery kit opens the concerns that you may read")
        self._begin(lambda _: concerns.agree_to_kits(workspace, ids), said)

    def _fit(self) -> None:
        self.off.setEnabled(self.table.currentIndex().isValid() and self.rows.rowCount() > 1)

    def appoint(self) -> None:
        """Let the person chosen read concerns, those that were written before as well."""
        workspace, way, role = self.desk.workspace, self.person.key(), self.role.key()
        if way is None or role is None:
            return
        chosen: Role = "lead" if role == "lead" else "deputy"
        said = self.tr("%1 reads concerns now").replace("%1", self.names[way])
        if way.startswith(ASKED):
            row_id = int(way.removeprefix(ASKED))
            self._begin(lambda _: concern_asking.let(workspace, row_id, chosen), said)
        else:
            self._begin(lambda _: concerns.appoint(workspace, way, chosen), said)

    def ask_for_it(self) -> None:
        """Ask to read concerns under the passphrase of whoever is here."""
        workspace = self.desk.workspace
        self._begin(lambda _: concern_asking.ask(workspace), self.tr("Asked. Exchange with their laptop"))

    def dismiss(self) -> None:
        """Let the marked one read none that are written from now on."""
        index = self.table.currentIndex()
        if not index.isValid():
            return
        workspace, reader = self.desk.workspace, self.rows.record(index.row())
        said = self.tr("%1 reads no concern that is written from now on").replace("%1", reader.name)
        self._begin(lambda _: concerns.dismiss(workspace, reader.id), said)

    def _begin(self, work: Callable[[Any], object], said: str) -> None:
        for each in (self.name, self.off, self.agree, self.ask):
            each.setEnabled(False)

        def ended(error: Exception | None) -> None:
            self.agree.setEnabled(True)
            self.ask.setEnabled(True)
            self.reload()
            if error is None:
                self.done.emit(said)
            else:
                self.trouble(error)

        self.desk.jobs.start(self, self.tr("Saving"), work, lambda _: ended(None), ended, writes=True, can_stop=False)
