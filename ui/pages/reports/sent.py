"""What we sent: every report that was ever made, what became of it, and each figure that is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from ui.desk import Desk
from ui.jobs import Job
from ui.models.rows import Rows
from ui.pages.reports import paper
from ui.say import say
from ui.widgets.beside import Beside
from ui.widgets.fields import Form, line
from ui.widgets.lists import Table
from ui.widgets.notice import Notice
from ui.widgets.page import column, scrolled
from ui.widgets.words import button, plain, row

if TYPE_CHECKING:
    from cis_desktop.ledger import Entry
    from cis_desktop.packs.audit import Attack
    from cis_desktop.packs.wording import Section
    from cis_desktop.vault.tables import Connection

GROUPS = 4
"""Groups of four letters of a file's fingerprint that are shown: enough to tell files apart by eye or telephone."""
MOST_SAID = 8
"""Lines of what was found that are shown; the command `audit` lists all."""


class SentPart(QWidget):
    """The list of reports made, with a box to find some; beside it the one that is chosen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.entries: list[Entry] = []
        self.newest = ""
        """The newest report when the list was read last: one that is newer is chosen."""
        self.notice = Notice()
        inside = QWidget()
        lines = column(inside)
        lines.addWidget(self.notice)
        self.blank = plain(self.tr("Nothing has been sent from here yet. Each report that you sign off is noted here."))
        lines.addWidget(self.blank, 0, Qt.AlignmentFlag.AlignTop)
        self.some = Beside(self._list(), self._detail(), letters=110, tall=True)
        lines.addWidget(self.some, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside))

    def _list(self) -> QWidget:
        part = QWidget()
        lines = QVBoxLayout(part)
        lines.setContentsMargins(0, 0, 0, 0)
        form = Form()
        self.find = line()
        self.find.textChanged.connect(lambda _: self._list_again())
        form.field(self.tr("Find a repor&t"), self.find)
        lines.addLayout(form)
        self.count = plain(quiet=True)
        lines.addWidget(self.count)
        self.rows = Rows(
            [
                (self.tr("Made"), lambda each: words.day(each.made_at)),
                (self.tr("What we count"), lambda each: each.agreement_title),
                (self.tr("Period"), lambda each: self._period(each)),
                (self.tr("Standing"), lambda each: self._standing(each.status)),
            ]
        )
        self.table = Table(self.rows, self.tr("What we sent"), stretch=1, folds=16)
        self.table.setMinimumHeight(200)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._chosen())
        self.table.opened.connect(lambda _: self._chosen())
        lines.addWidget(self.table)
        self.marks = [
            (button(self.tr("It was &sent")), "sent"),
            (button(self.tr("It arr&ived")), "received"),
            (button(self.tr("It &never left this computer")), "never-left"),
        ]
        for made, status in self.marks:
            made.clicked.connect(lambda _=False, status=status: self.mark(status))
        lines.addLayout(row(*(made for made, _ in self.marks)))
        self.test_all = button(self.tr("Test the&m all together"))
        self.test_all.clicked.connect(self.attack)
        lines.addLayout(row(self.test_all))
        return part

    def _detail(self) -> QWidget:
        self.page = paper.Paper(self.tr("The chosen report"), lines=20)
        return self.page

    def reload(self) -> None:
        """Read the list again, newest first."""
        from cis_desktop import ledger

        self.entries = ledger.releases(self.desk.workspace.read)[::-1]
        self.blank.setVisible(not self.entries)
        self.some.setVisible(bool(self.entries))
        self._list_again()

    def _list_again(self) -> None:
        """List what has all the words that are looked for, keeping the chosen one."""
        chosen = self.entry() if self.entries and self.entries[0].pack == self.newest else None
        self.newest = self.entries[0].pack if self.entries else ""
        asked = self.find.text().casefold().split()
        found = [each for each in self.entries if all(word in self._words(each) for word in asked)]
        self.rows.show(found)
        self.count.setText(
            words.count(len(found), self.tr("report"), self.tr("reports"))
            if found
            else self.tr("No report has all these words.")
        )
        at = next((n for n, each in enumerate(found) if chosen is not None and each.pack == chosen.pack), 0)
        if found:
            self.table.selectRow(at)
        self._chosen()

    def _words(self, entry: Entry) -> str:
        said = (
            entry.agreement_title, self._period(entry), entry.period, entry.recipient, entry.signed_off_by, entry.pack,
            words.day(entry.made_at), self._standing(entry.status),
        )  # fmt: skip
        return " ".join(said).casefold()

    def _period(self, entry: Entry) -> str:
        return words.period(entry.period)

    def _standing(self, status: str) -> str:
        return {
            "made": self.tr("Made"),
            "sent": self.tr("Sent"),
            "received": self.tr("Arrived"),
            "never-left": self.tr("Never left"),
        }.get(status, status)

    def entry(self) -> Entry | None:
        """Give the report that is chosen."""
        current = self.table.currentIndex()
        return self.rows.record(current.row()) if current.isValid() else None

    def _chosen(self) -> None:
        entry = self.entry()
        for made, status in self.marks:
            made.setEnabled(entry is not None and entry.status != status)
        if entry is None:
            self.page.read("")
            return

        def work(connection: Connection, _: Job) -> tuple[Section, ...]:
            from cis_desktop import ledger
            from cis_desktop.packs.leaving import as_released

            return as_released(ledger.past(connection, entry.pack))

        def done(sections: tuple[Section, ...]) -> None:
            if entry == self.entry():
                self.page.read(paper.released(entry, self._facts(entry), sections))

        self.desk.read(self, self.tr("Reading a report"), work, done, self.trouble)

    def _facts(self, entry: Entry) -> tuple[tuple[str, str], ...]:
        """Say what is noted of a report, as name and text."""
        by = {each.supersedes: each for each in self.entries if each.supersedes}
        later = by.get(entry.pack)
        older = next((each for each in self.entries if each.pack == entry.supersedes), None)
        short = " ".join(entry.sha256[at : at + 4] for at in range(0, 4 * GROUPS, 4))
        facts = (
            (self.tr("Standing"), self._standing(entry.status)),
            (self.tr("Period"), self._period(entry)),
            (self.tr("For"), entry.recipient or self.tr("ourselves")),
            (self.tr("Made"), words.day(entry.made_at)),
            (self.tr("Signed off by"), entry.signed_off_by),
            (self.tr("Replaces"), self._named(older)),
            (self.tr("Replaced by"), self._named(later)),
            (self.tr("Figures"), self._counts(entry)),
            (self.tr("Report number"), entry.pack),
            (self.tr("Fingerprint of the file with everything"), short),
        )
        return tuple((name, text) for name, text in facts if text)

    def _named(self, entry: Entry | None) -> str:
        return self.tr("the one of %1").replace("%1", words.day(entry.made_at)) if entry is not None else ""

    def _counts(self, entry: Entry) -> str:
        said = self.tr("%1 exact, %2 rounded, %3 hidden")
        for at, name in enumerate(("exact", "rounded", "hidden"), 1):
            said = said.replace(f"%{at}", words.number(entry.counts.get(name, 0)))
        return said

    def mark(self, status: str) -> None:
        """Note what became of the chosen report."""
        entry, workspace = self.entry(), self.desk.workspace
        if entry is None:
            return
        self.notice.clear()

        def work(_: Job) -> Entry:
            from cis_desktop import ledger

            return ledger.mark(workspace, entry.pack, status)

        self.desk.jobs.start(
            self, self.tr("Noting it"), work, lambda _: self.reload(), self.trouble, writes=True, can_stop=False
        )

    def attack(self) -> None:
        """Attack everything that may have left, as somebody who has all of it would, and say what that gives away."""
        self.notice.clear()

        def work(connection: Connection, _: Job) -> Attack:
            from cis_desktop.packs.remembered import attack_released

            return attack_released(connection)

        self.desk.read(self, self.tr("Testing what we sent"), work, self._attacked, self.trouble)

    def _attacked(self, found: Attack) -> None:
        from cis_desktop.packs.audit.account import listed

        tried = self.tr("Tried on %1 in %2, with nothing but what readers of all of them know.")
        tried = tried.replace("%1", words.count(found.attacked, self.tr("hidden figure"), self.tr("hidden figures")))
        tried = tried.replace("%2", words.count(len(found.packs), self.tr("report"), self.tr("reports")))
        lines = [*listed(found.unsafe), *(f"- {each.said}" for each in found.remarks)]
        more = self.tr("- and %1 more").replace("%1", words.number(len(lines) - MOST_SAID))
        said = "\n".join([tried, *lines[:MOST_SAID], *([more] if len(lines) > MOST_SAID else [])])
        if found.unsafe:
            title = words.count(len(found.unsafe), self.tr("hidden figure"), self.tr("hidden figures"))
            self.notice.error(self.tr("%1 can be worked out").replace("%1", title), said)
        elif found.remarks:
            self.notice.good(self.tr("Nothing is given away, but this is worth a look"), said)
        else:
            self.notice.good(self.tr("Nothing is given away"), said)

    def trouble(self, error: Exception) -> None:
        """Say what went wrong, above the list."""
        say(error, self.notice)
