"""The first step of a report: what is counted and when; accepting it; and what a council would see of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QSpinBox, QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from ui.desk import Desk
from ui.jobs import Job
from ui.pages.reports import paper
from ui.pages.reports.narrow import Narrow
from ui.pages.reports.redesigning import RedesignCard
from ui.pages.reports.role import RoleCard
from ui.widgets.beside import Beside
from ui.widgets.fields import Choice, Form, inset, line
from ui.widgets.notice import Notice
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.agreements import Agreement, Held
    from cis_desktop.figures import Period
    from cis_desktop.ledger import Entry
    from cis_desktop.packs.wording import Account

QUARTERS = {"-Q1": (0, 2), "-Q2": (3, 5), "-Q3": (6, 8), "-Q4": (9, 11)}
EARLIEST = 1990


class ChoosePart(QWidget):
    """What we count, the year and its part; the terms to accept; an example from invented figures."""

    changed = Signal()
    """Something else was chosen, so figures that were counted are of something else."""
    touched = Signal()
    """Somebody chose something, by hand."""

    def __init__(self, desk: Desk, notice: Notice, trouble: Any) -> None:
        super().__init__()
        self.desk, self.notice, self.trouble = desk, notice, trouble
        self.held: dict[str, Held] = {}
        self.starters: dict[str, Agreement] = {}
        self.sent: list[Entry] = []
        self.shown: tuple[str, str] | None = None
        self.chosen_by_hand = False
        left = Narrow()
        lines = left.lines
        self.role = RoleCard(desk, notice, trouble)
        lines.addWidget(self.role)
        lines.addWidget(heading(self.tr("What is the report about, and which months?")))
        lines.addLayout(self._form())
        self.standing = plain()
        lines.addWidget(self.standing)
        self.add = button(self.tr("Add one fro&m a file…"))
        self.add.clicked.connect(self._choose_file)
        self.show_example = button(self.tr("Show an e&xample of what is seen"))
        self.show_example.clicked.connect(self.toggle_example)
        self.refused = Path()
        self.theirs = button(self.tr("It is theirs: add &it"))
        self.theirs.clicked.connect(lambda: self.add_file(self.refused, new_key=True))
        self.theirs.hide()
        lines.addLayout(row(self.add, self.theirs, self.show_example))
        self.terms = self._terms()
        lines.addWidget(self.terms)
        self.redesign = RedesignCard(desk, trouble)
        self.redesign.hide()
        lines.addWidget(self.redesign)
        lines.addStretch(1)
        self.example = self._example()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Beside(left, self.example, letters=110))
        whole.addStretch(1)

    def _form(self) -> Form:
        form = Form()
        self.which = Choice()
        self.which.currentIndexChanged.connect(self._other)
        self.which.activated.connect(lambda _: self.touched.emit())
        form.field(self.tr("What we &count"), self.which)
        self.year = QSpinBox()
        self.year.setRange(EARLIEST, date.today().year + 1)
        inset(self.year)
        form.field(self.tr("&Year"), self.year)
        self.part = Choice(self._parts())
        form.field(self.tr("Par&t of the year"), self.part)
        self.year.valueChanged.connect(self._when_changed)
        self.part.currentIndexChanged.connect(self._when_changed)
        return form

    def _terms(self) -> Card:
        card = Card(self.tr("Accept it first"))
        self.terms_words = plain()
        card.lines.addWidget(self.terms_words)
        form = Form()
        self.by = line(80)
        form.field(self.tr("You&r name"), self.by)
        card.lines.addLayout(form)
        self.accept_button = button(self.tr("We acce&pt this"))
        self.accept_button.clicked.connect(self.accept)
        card.lines.addLayout(row(self.accept_button))
        return card

    def _example(self) -> Card:
        card = Card(self.tr("What the council will see"))
        self.banner = heading(self.tr("Example: invented figures"), 2)
        card.lines.addWidget(self.banner)
        card.lines.addWidget(
            plain(
                self.tr(
                    "Nobody in it exists. It is what you see here once your own visits and sessions are written down. "
                    "[c] stands for a figure that is hidden."
                )
            )
        )
        self.example_page = paper.Paper(self.tr("Example of a report, with invented figures"), lines=16)
        card.lines.addWidget(self.example_page, 1)
        card.hide()
        return card

    def _parts(self) -> list[tuple[str | None, str]]:
        quarters = [
            (key, self.tr("%1 to %2").replace("%1", words.MONTHS[first]).replace("%2", words.MONTHS[last]))
            for key, (first, last) in QUARTERS.items()
        ]
        months = [(f"-{at:02d}", name) for at, name in enumerate(words.MONTHS, 1)]
        return [*quarters, ("", self.tr("The whole year")), *months]

    def first(self) -> QWidget:
        """Give what is used first."""
        return self.which

    # --- what is chosen -------------------------------------------------------------------------------------

    def agreement(self) -> Agreement | None:
        """Give what is counted, None where there is nothing to choose from."""
        key = self.which.key() or ""
        held = self.held.get(key)
        return held.agreement if held is not None else self.starters.get(key)

    def accepted(self) -> bool:
        """Say whether the group has accepted what is chosen."""
        held = self.held.get(self.which.key() or "")
        return held is not None and held.accepted_on is not None

    def period(self) -> Period:
        """Give the period that is chosen."""
        from cis_desktop.figures import period

        return period(f"{self.year.value()}{self.part.key() or ''}")

    def choose(self, key: str, period: str) -> None:
        """Choose what is counted, and when: `food@1`, and `2018`, `2018-Q1` or `2018-03`."""
        self.which.choose(key)
        self._choose_period(period)
        self._other()

    def _choose_period(self, key: str) -> None:
        year, dash, part = key.partition("-")
        if year.isdigit() and self.part.findData(f"{dash}{part}") >= 0:
            self.year.setValue(int(year))
            self.part.choose(f"{dash}{part}")

    def reload(self) -> None:
        """Read what can be counted and what was sent, keeping what is chosen."""
        from cis_desktop import ledger
        from cis_desktop.agreements import agreements, library

        self.role.reload()
        connection, before = self.desk.workspace.read, (self.which.key(), self.accepted())
        self.held = {f"{each.agreement.key}@{each.agreement.version}": each for each in agreements(connection)}
        self.starters = {key: each for each in library() if (key := f"{each.key}@{each.version}") not in self.held}
        self.sent = ledger.releases(connection)
        offered = [(key, each.agreement.title) for key, each in self.held.items()]
        self.which.offer([*offered, *((key, each.title) for key, each in self.starters.items())])
        if before != (self.which.key(), self.accepted()):
            self._other()
        else:
            self._stand()
        anything = "select " + " or ".join(
            f"exists (select 1 from {table} where gone = 0)" for table in ("contacts", "sessions", "observations")
        )
        if not connection.execute(anything).fetchone()[0] and not self.example.isVisibleTo(self):
            self.make_example()

    def _other(self) -> None:
        """Show the terms of what is chosen, and the period that is due unless somebody has chosen one."""
        from cis_desktop.health import last_asked

        agreement = self.agreement()
        self.redesign.hide()
        self.terms.setVisible(agreement is not None and not self.accepted())
        if agreement is not None:
            terms = agreement.terms
            self.terms_words.setText(
                "\n\n".join(
                    p for p in (terms.proposal, terms.question, terms.use, terms.sharing.purpose, self._signed()) if p
                )
            )
            self.by.setText(self.by.text() or self.desk.workspace.who)
            if not self.chosen_by_hand:
                self._quietly(lambda: self._choose_period(last_asked(agreement, date.today()).key))
        self._stand()
        self.changed.emit()
        if self.example.isVisibleTo(self):
            self.make_example()

    def _signed(self) -> str:
        """Say who signed what came as a file, or that nobody did; nothing of what comes with the app or is our own."""
        held = self.held.get(self.which.key() or "")
        if held is None or held.agreement.terms.proposal:
            return ""
        signature = held.agreement.terms.signature
        if signature is None:
            return self.tr("Nobody signed this file. Ask whoever it is from, by telephone, whether they wrote it.")
        return (
            self.tr(
                "Signed in the name of %1. Anybody can write a name, so ask them once, by telephone, whether this key "
                "is theirs: %2."
            )
            .replace("%2", words.fingerprint(signature.public_key))
            .replace("%1", signature.by)
        )

    def _quietly(self, act: Any) -> None:
        """Do something to the period that nobody did by hand."""
        self.year.blockSignals(True)
        self.part.blockSignals(True)
        act()
        self.year.blockSignals(False)
        self.part.blockSignals(False)

    def _when_changed(self) -> None:
        self.chosen_by_hand = True
        self.redesign.hide()
        self._stand()
        self.changed.emit()
        self.touched.emit()

    def _stand(self) -> None:
        """Say whether the period is over, whether a report was made for it, and what is doubtful in what was agreed."""
        from cis_desktop.agreements import apart

        agreement, period = self.agreement(), self.period()
        said = []
        if period.last >= date.today():
            said.append(
                self.tr("%1 is not over yet: its last day is %2. What is written down after today will not be in it.")
                .replace("%1", period.label)
                .replace("%2", words.day(period.last))
            )
        said += [
            self.tr(
                "This would not be taken in today: %1. It is used as it was agreed. Ask whoever wrote it for a version "
                "that is mended."
            ).replace("%1", each)
            for each in (agreement.would_be_refused() if agreement is not None else ())
        ]
        others = apart(tuple(self.held.values()), agreement) if agreement is not None else []
        if others:
            said.append(
                self.tr(
                    "%1: other groups of the same. Whoever has both reports could take one group from the other, so "
                    "for the same days only one of them can be made, unless the other leaves out that breakdown."
                ).replace("%1", words.listed([f"“{each.agreement.title}”" for each in others]))
            )
        asked = (agreement.hash, period.key) if agreement is not None else None
        for entry in self.sent[::-1]:
            if (entry.agreement_hash, entry.period) == asked and entry.status != "never-left":
                said.append(
                    self.tr("A report for %1 was made on %2. A new one has to replace it.")
                    .replace("%1", period.label)
                    .replace("%2", words.day(entry.made_at))
                )
                break
        self.standing.setText("\n".join(said))
        self.standing.setVisible(bool(said))

    # --- what can be done -----------------------------------------------------------------------------------

    def accept(self) -> None:
        """Accept what is chosen for the group."""
        key, by, workspace = self.which.key() or "", self.by.text(), self.desk.workspace
        self.notice.clear()

        def work(_: Job) -> Any:
            from cis_desktop.agreements import accept

            return accept(workspace, key, by)

        def done(_: Any) -> None:
            self.reload()
            if (agreement := self.agreement()) is not None:
                self.redesign.ask_first(agreement, self.period())
            self.touched.emit()
            self.which.setFocus()
            self.notice.good(self.tr("Accepted. Now choose the time, and press Next."))

        self.desk.jobs.start(self, self.tr("Accepting"), work, done, self.trouble, writes=True, can_stop=False)

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.tr("What a council asks you to count"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Agreements (*.cis-agreement)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(lambda chosen: self.add_file(Path(chosen)))
        dialog.open()

    def add_file(self, path: Path, new_key: bool = False) -> None:
        """Bring in what a council asks to be counted; with `new_key`, although it is not signed as before."""
        workspace = self.desk.workspace
        self.notice.clear()
        self.theirs.hide()

        def work(_: Job) -> Held:
            from cis_desktop.agreements import import_agreement

            return import_agreement(workspace, path, new_key=new_key)

        def done(held: Held) -> None:
            self.reload()
            self.which.choose(f"{held.agreement.key}@{held.agreement.version}")

        def failed(error: Exception) -> None:
            self.refused = path
            self.theirs.setVisible(isinstance(error, CisError) and error.code == "other_key")
            self.trouble(error)
            self.add.setFocus()

        self.desk.jobs.start(self, self.tr("Reading the file"), work, done, failed, writes=True, can_stop=False)

    def toggle_example(self) -> None:
        """Show the example, or put it away."""
        if self.example.isVisibleTo(self):
            self.example.hide()
        else:
            self.make_example()

    def make_example(self) -> None:
        """Show what a council would see of what is chosen, from invented figures."""
        agreement, kind = self.agreement(), self.period().kind
        if agreement is None or self.shown == (key := (self.which.key() or "", kind)):
            self.example.setVisible(agreement is not None)
            return
        self.shown = key

        def work(job: Job) -> Account:
            from cis_desktop.demo.invented import invented
            from cis_desktop.packs.watching import Watch

            return invented(agreement, kind, date.today(), Watch(stopped=job.stop.is_set))

        def done(found: Account) -> None:
            if self.shown == key:
                self.example_page.read(paper.example(found))
                self.example.show()

        def failed(error: Exception) -> None:
            self.shown = None
            self.trouble(error)

        self.desk.jobs.start(self, self.tr("Making an example"), work, done, failed)
