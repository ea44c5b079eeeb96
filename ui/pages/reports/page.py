"""Reports: choose what we count and a period, see the figures and why some are hidden, sign off; what we sent."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QSpinBox, QTabWidget, QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from ui.desk import Desk
from ui.jobs import Job
from ui.pages.reports.figures import FiguresPart
from ui.pages.reports.sending import SendingPart
from ui.pages.reports.sent import SentPart
from ui.widgets.fields import Choice, Form, line
from ui.widgets.page import Page, bring_up, column, scrolled
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.agreements import Agreement, Held
    from cis_desktop.packs.preview import Preview
    from cis_desktop.packs.release import Released

QUARTERS = {"-Q1": (0, 2), "-Q2": (3, 5), "-Q3": (6, 8), "-Q4": (9, 11)}


class ReportsPage(Page):
    """The way from the records to a file that may be sent."""

    shows = frozenset({"agreements", "releases"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.held: dict[str, Held] = {}
        self.starters: dict[str, Agreement] = {}
        self.sent = SentPart(desk, self.trouble)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("Reports"))
        self.area = scrolled(self._making())
        self.tabs.addTab(self.area, self.tr("Make a report"))
        self.tabs.addTab(self.sent, self.tr("What we sent"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.tabs)
        self.reload()

    def _making(self) -> QWidget:
        inside = QWidget()
        lines = column(inside)
        lines.addWidget(heading(self.tr("Make a report")))
        form = Form()
        self.which = Choice()
        self.which.currentIndexChanged.connect(self._other)
        form.field(self.tr("What we &count"), self.which)
        self.year = QSpinBox()
        self.year.setRange(1990, date.today().year + 1)
        self.year.setValue(date.today().year)
        self.year.valueChanged.connect(self._stale)
        form.field(self.tr("&Year"), self.year)
        self.part = Choice(self._parts())
        self.part.choose(f"-Q{(date.today().month - 1) // 3 + 1}")
        self.part.currentIndexChanged.connect(self._stale)
        form.field(self.tr("Par&t of the year"), self.part)
        lines.addLayout(form)
        self.show_button = button(self.tr("Show the fig&ures"), main=True)
        self.show_button.clicked.connect(self.show_figures)
        other = button(self.tr("Add one fro&m a file…"))
        other.clicked.connect(self._choose_file)
        lines.addLayout(row(self.show_button, other))
        lines.addWidget(self.notice)
        self.terms = self._terms()
        self.figures = FiguresPart(self.desk, self.trouble)
        self.figures.behind_chosen.connect(self._go_behind)
        self.sending = SendingPart(self.desk, self.trouble)
        self.sending.made.connect(self._made)
        for part in (self.terms, self.figures, self.sending):
            lines.addWidget(part)
            part.hide()
        lines.addStretch(1)
        return inside

    def _terms(self) -> Card:
        card = Card()
        self.terms_words = plain()
        card.lines.addWidget(heading(self.tr("Accept it first"), 2))
        card.lines.addWidget(self.terms_words)
        form = Form()
        self.by = line(80)
        form.field(self.tr("Your &name"), self.by)
        card.lines.addLayout(form)
        self.accept_button = button(self.tr("We acce&pt this"))
        self.accept_button.clicked.connect(self.accept)
        card.lines.addLayout(row(self.accept_button))
        return card

    def _parts(self) -> list[tuple[str | None, str]]:
        quarters = [
            (key, self.tr("%1 to %2").replace("%1", words.MONTHS[first]).replace("%2", words.MONTHS[last]))
            for key, (first, last) in QUARTERS.items()
        ]
        months = [(f"-{at:02d}", name) for at, name in enumerate(words.MONTHS, 1)]
        return [*quarters, ("", self.tr("The whole year")), *months]

    # --- choosing -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read what can be counted, and what was sent."""
        from cis_desktop.agreements import agreements, library

        before = self.which.key(), self._accepted()
        held = agreements(self.desk.workspace.read)
        self.held = {f"{each.agreement.key}@{each.agreement.version}": each for each in held}
        self.starters = {key: each for each in library() if (key := f"{each.key}@{each.version}") not in self.held}
        self.which.offer(
            [
                *((key, each.agreement.title) for key, each in self.held.items()),
                *((key, each.title) for key, each in self.starters.items()),
            ]
        )
        if before != (self.which.key(), self._accepted()):
            self._other()
        self.sent.reload()

    def open(self, what: object) -> None:
        """Show what was sent, the figures of the last report, or one hidden there: ("sent"|"latest"|"hidden", None).

        Or the figures of a report that is due: ("due", (the agreement's key, the period)).
        """
        act = what[0] if isinstance(what, tuple) else ""
        self.tabs.setCurrentIndex(1 if act == "sent" else 0)
        if act == "latest":
            self._take_up_latest()
            self.show_figures()
        elif act == "due":
            self._take_up(*what[1])
            self.show_figures()
        elif act == "hidden":
            self.figures.show_hidden()
            bring_up(self.area, self.figures)

    def _take_up_latest(self) -> None:
        """Choose what the last report was about."""
        if not self.sent.rows.rowCount():
            return
        entry = self.sent.rows.record(0)
        for key, held in self.held.items():
            if held.agreement.hash == entry.agreement_hash:
                self.which.choose(key)
        self._choose_period(entry.period)

    def _take_up(self, agreement: str, period: str) -> None:
        """Choose the newest accepted version of an agreement, and a period."""
        accepted = [key for key, held in self.held.items() if held.accepted_on and held.agreement.key == agreement]
        if accepted:
            self.which.choose(accepted[0])
        self._choose_period(period)

    def _choose_period(self, period: str) -> None:
        if period[:4].isdigit() and self.part.findData(period[4:]) >= 0:
            self.year.setValue(int(period[:4]))
            self.part.choose(period[4:])

    def _agreement(self) -> Agreement | None:
        key = self.which.key() or ""
        return self.held[key].agreement if key in self.held else self.starters.get(key)

    def _accepted(self) -> bool:
        held = self.held.get(self.which.key() or "")
        return held is not None and held.accepted_on is not None

    def _other(self) -> None:
        self._stale()
        agreement = self._agreement()
        self.terms.setVisible(agreement is not None and not self._accepted())
        if agreement is not None:
            terms = agreement.terms
            self.terms_words.setText(
                "\n\n".join(part for part in (terms.question, terms.use, terms.sharing.purpose) if part)
            )
            self.by.setText(self.by.text() or self.desk.workspace.who)

    def _stale(self) -> None:
        """Hide figures that are of another choice."""
        self.figures.hide()
        self.sending.hide()

    def _period(self) -> str:
        return f"{self.year.value()}{self.part.key() or ''}"

    def accept(self) -> None:
        """Accept what is chosen for the group."""
        key, by, workspace = self.which.key() or "", self.by.text(), self.desk.workspace
        self.notice.clear()

        def work(_: Job) -> Any:
            from cis_desktop.agreements import accept

            return accept(workspace, key, by)

        def done(_: Any) -> None:
            self.reload()
            self.show_button.setFocus()

        self.desk.jobs.start(self, self.tr("Accepting"), work, done, self.trouble, writes=True, can_stop=False)

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.tr("What a council asks you to count"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Agreements (*.cis-agreement)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(lambda chosen: self.add_file(Path(chosen)))
        dialog.open()

    def add_file(self, path: Path) -> None:
        """Bring in what a council asks to be counted."""
        workspace = self.desk.workspace
        self.notice.clear()

        def work(_: Job) -> Held:
            from cis_desktop.agreements import import_agreement

            return import_agreement(workspace, path)

        def done(held: Held) -> None:
            self.reload()
            self.which.choose(f"{held.agreement.key}@{held.agreement.version}")
            self._other()

        self.desk.jobs.start(self, self.tr("Reading the file"), work, done, self.trouble, writes=True, can_stop=False)

    # --- figures and files ----------------------------------------------------------------------------------

    def show_figures(self) -> None:
        """Count, and work out what may be seen."""
        agreement, asked, workspace = self._agreement(), self._period(), self.desk.workspace
        if agreement is None:
            return
        self.notice.clear()
        self._stale()
        self.show_button.setEnabled(False)

        def work(_: Job) -> Preview:
            from cis_desktop.packs.preview import preview

            return preview(workspace, agreement, asked)

        def done(found: Preview) -> None:
            from cis_desktop.disclosure.tables import Refusal

            self.show_button.setEnabled(True)
            answer = None if isinstance(found.answer, Refusal) else found.answer
            if isinstance(found.answer, Refusal):
                self.notice.error(found.answer.title, found.answer.sentence)
            self.figures.show_figures(agreement, found.period, found.exact, answer)
            self.figures.show()
            self.sending.setVisible(answer is not None and self._accepted())
            self.sending.ready(self.which.key() or "", found.period.key, found.to_know)
            self.figures.which.setFocus()
            bring_up(self.area, self.figures)

        def failed(error: Exception) -> None:
            self.show_button.setEnabled(True)
            self.trouble(error)

        named = self.tr("Counting, and hiding small figures")
        self.desk.jobs.start(self, named, work, done, failed, can_stop=False)

    def _made(self, released: Released) -> None:
        hidden = released.counts.get("hidden", 0)
        self.notice.good(
            self.tr("The report is made"),
            self.tr("%1, %2. The files are listed at the end of this page.")
            .replace("%1", words.count(released.tables, self.tr("table")))
            .replace("%2", words.count(hidden, self.tr("hidden figure"))),
        )
        bring_up(self.area, self.sending)

    def _go_behind(self, kind: str, reference: str) -> None:
        from cis_desktop.records import households, observations, people, sessions

        connection = self.desk.workspace.read
        try:
            if kind == "person":
                self.desk.go.emit("people", ("show", people.find(connection, reference).id))
            elif kind == "household":
                members = people.in_household(connection, households.find(connection, reference).id)
                if members:
                    self.desk.go.emit("people", ("show", members[0].id))
            elif kind == "session":
                self.desk.go.emit("sessions", ("show", sessions.find(connection, reference).id))
            elif kind == "observation":
                self.desk.go.emit("noticed", ("show", observations.find(connection, reference).id))
        except CisError as error:
            self.trouble(error)
