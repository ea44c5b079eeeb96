"""One thing that came, to read: what it says, its figures, ours beside them, its documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from ui.desk import Desk
from ui.jobs import Job
from ui.models import briefing as said
from ui.pages.post.beside import BesidePart
from ui.pages.post.documents import DocumentsPart
from ui.pages.post.figures import FiguresPart
from ui.say import say
from ui.widgets.notice import Notice
from ui.widgets.page import column, scrolled
from ui.widgets.words import Card, heading, plain

if TYPE_CHECKING:
    from cis_desktop.briefings.model import Briefing, Series
    from cis_desktop.geography import Outline
    from cis_desktop.vault.tables import Connection

LONGEST_SAID = 5_000
MOST_FILES = 8


@dataclass(frozen=True, slots=True)
class Read:
    """What one job reads for the whole page."""

    briefing: Briefing
    outlines: list[Outline]
    told: list[said.Told]
    bases: list[Series]
    answers: tuple[str, ...]


class Reader(QWidget):
    """The right-hand side of Council post."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.notice = Notice()
        self.asked: int | None = None
        self.read: Read | None = None
        lines = QVBoxLayout(self)
        lines.setContentsMargins(8, 8, 8, 8)
        self.title = heading()
        self.came = plain(quiet=True)
        self.signed = plain(quiet=True)
        for label in (self.title, self.came, self.signed):
            lines.addWidget(label)
        self.figures = FiguresPart(desk, self._trouble)
        self.beside = BesidePart(desk, self._trouble)
        self.figures.chosen.connect(self.beside.show_series)
        self.documents = DocumentsPart(desk, self._trouble)
        self.spoken = QWidget()
        self.spoken_lines = column(self.spoken)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName(self.tr("What came, part by part"))
        self.said_area = scrolled(self.spoken)
        self.parts = [
            (self.said_area, self.tr("What they say")),
            (scrolled(self.figures), self.tr("Figures")),
            (scrolled(self.beside), self.tr("Beside ours")),
            (scrolled(self.documents), self.tr("Documents")),
        ]
        for part, name in self.parts:
            self.tabs.addTab(part, name)
        lines.addWidget(self.notice)
        lines.addWidget(self.tabs, 1)
        self.hide()

    def show_briefing(self, briefing_id: int) -> None:
        """Read one thing that came, and show it."""
        self.asked = briefing_id
        self.notice.clear()

        def work(connection: Connection, job: Job) -> Read:
            from cis_desktop.briefings import reading
            from cis_desktop.briefings.beside import bases
            from cis_desktop.geography import areas, outlines

            found = reading.briefing(connection, briefing_id)
            job.check()
            known = frozenset(area.code for kind in ("ward", "lsoa", "authority") for area in areas(connection, kind))
            codes = {each.area_code for series in found.series for each in series.figures}
            told = []
            for series in found.series:
                job.check()
                told.append(said.told(series, known))
            answers = tuple(_answered(connection, found))
            return Read(found, outlines(connection, codes), told, bases(found.series), answers)

        def done(read: Read) -> None:
            if self.asked == briefing_id:
                self._show(read)

        self.desk.read(self, self.tr("Reading what came"), work, done, self._trouble)

    def clear(self) -> None:
        """Show nothing: what was here was taken back."""
        self.asked = self.read = None
        self.hide()

    def _show(self, read: Read) -> None:
        first = self.read is None or self.read.briefing.summary.id != read.briefing.summary.id
        self.read = read
        briefing = read.briefing
        self.title.setText(briefing.summary.title)
        self.came.setText(said.came(briefing.summary))
        self.signed.setText(said.signature(briefing))
        spoken = self._speak(read)
        self.documents.show_files(briefing.files)
        self.beside.take(read.bases, read.outlines)
        self.figures.show_figures(read.told, read.outlines)
        for at, there in enumerate((spoken, bool(briefing.series), bool(briefing.series), bool(briefing.files))):
            self.tabs.setTabVisible(at, there)
        self.tabs.setVisible(any(self.tabs.isTabVisible(at) for at in range(self.tabs.count())))
        if first:
            self.tabs.setCurrentIndex(next((at for at in range(4) if self.tabs.isTabVisible(at)), 0))
        self.show()

    def _speak(self, read: Read) -> bool:
        while (item := self.spoken_lines.takeAt(0)) is not None:
            if item.widget():
                item.widget().deleteLater()
        texts = said.said(read.briefing)
        if read.answers:
            about = self.tr("This answers: %1.").replace("%1", words.listed(read.answers, self.tr("and")))
            self.spoken_lines.addWidget(plain(about))
        for title, text in texts:
            card = Card(title)
            cut = len(text) > LONGEST_SAID
            card.lines.addWidget(plain(text[:LONGEST_SAID] + "…" if cut else text))
            if cut:
                card.lines.addWidget(plain(self.tr("The whole of it is under Documents."), quiet=True))
            self.spoken_lines.addWidget(card)
        if read.briefing.indicators and not read.briefing.series:
            card = Card(self.tr("What their indicators mean"))
            for each in read.briefing.indicators:
                card.lines.addWidget(plain(f"{each.indicator}: {each.description}"))
            self.spoken_lines.addWidget(card)
            texts = texts or [("", "")]
        self.spoken_lines.addStretch(1)
        return bool(texts)

    def _trouble(self, error: Exception) -> None:
        say(error, self.notice)
        self.show()


def _answered(connection: Connection, briefing: Briefing) -> list[str]:
    """Say which of our reports something answers."""
    from cis_desktop import ledger

    found = []
    for pack in briefing.summary.answers:
        try:
            entry = ledger.find(connection, pack)
            found.append(f"{entry.agreement_title}, {entry.period}")
        except CisError:
            found.append(said.tr("a report that was not made here"))
    return list(dict.fromkeys(found))
