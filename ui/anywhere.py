"""Find anything from any place: one box over people, cases, sessions, what was noticed, post, reports and help."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from ui.models.found import kind
from ui.models.rows import Rows
from ui.widgets.fields import FindField
from ui.widgets.lists import Table
from ui.widgets.popover import Popover
from ui.widgets.words import plain

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cis_desktop.records.search import Hit
    from cis_desktop.vault.tables import Connection

MOST = 20
FEW = 4
"""So many reports, and so many pages of the help, at most."""
ROWS = 10


class Anywhere(Popover):
    """Type a few letters; arrows and Enter lead to what was found."""

    chosen = Signal(str, object)
    """A place, and what to show there."""

    def __init__(self, below: QWidget) -> None:
        super().__init__(below)
        self._read: Connection | None = None
        self.setAccessibleName(self.tr("Find anything"))
        self.rows = Rows(
            [(self.tr("Found"), lambda hit: hit.label), (self.tr("What it is"), self._what)],
        )
        self.table = Table(self.rows, self.tr("Everything that was found"), stretch=0, folds=12)
        self.table.opened.connect(self._choose)
        self.field = FindField(self.table)
        label = plain(self.tr("Find anything: a name, a number, a postcode, a word"))
        label.setBuddy(self.field)
        self.field.setAccessibleName(self.tr("Find anything"))
        self.field.textChanged.connect(self.look)
        self.said = plain(quiet=True)
        for part in (label, self.field, self.said, self.table):
            self.lines.addWidget(part)

    def ask(self, read: Connection) -> None:
        """Come up, ready for words; `read` is the open record."""
        self._read = read
        self.field.clear()
        self.look("")
        self.give_room(self.table, ROWS)
        self.come_up(self.field)

    def draft(self) -> dict[str, Any]:
        """Give what is being looked for: it may be half a name that somebody was about to need again."""
        return {"words": self.field.text()} if self.isVisible() and self.field.text() else {}

    def restore(self, read: Connection, draft: dict[str, Any]) -> None:
        """Come up as it was."""
        self.ask(read)
        self.field.setText(draft["words"])

    def forget(self) -> None:
        """Hold nothing of a record that is being locked."""
        self.hide()
        self._read = None
        self.field.clear()
        self.rows.show([])

    def look(self, words: str) -> None:
        """Find what the words typed so far begin."""
        if self._read is None:
            return
        hits = found(self._read, words) if words.strip() else lately(self._read)
        if words.strip():
            hits += self._places(words) + self._reports(words) + self._help(words)
        self.rows.show(hits)
        self.said.setText(
            self.tr("Nothing found. Try fewer letters.")
            if words.strip() and not hits
            else self.tr("Arrows and Enter lead there. Escape goes back.")
        )

    def _reports(self, words: str) -> list[Hit]:
        from cis_desktop import ledger
        from cis_desktop import words as plain_words
        from cis_desktop.figures.periods import period
        from cis_desktop.records.search import Hit

        assert self._read is not None
        made = []
        for at, entry in enumerate(reversed(ledger.releases(self._read))):
            label = f"{entry.agreement_title}, {period(entry.period).label}"
            if all_begin(words, (label, entry.period, entry.recipient or "")):
                made.append(Hit("report", at, entry.pack, label, plain_words.day(entry.made_at)))
        return made[:FEW]

    def _places(self, words: str) -> list[Hit]:
        """Find the places that are not on the rail; each goes by its name and by what people call it."""
        from cis_desktop.records.search import Hit

        named = (
            ("sharing", self.tr("Laptops"), self.tr("share sync stick")),
            ("health", self.tr("Is your record safe?"), self.tr("backup restore check")),
            ("opening", self.tr("Who can open it"), self.tr("passphrase lock")),
            ("volunteers", self.tr("Volunteers"), self.tr("PIN leaves")),
            ("history", self.tr("What changed"), self.tr("undo history")),
            ("intake", self.tr("Bring in a spreadsheet"), self.tr("import list Excel CSV")),
            ("concerns", self.tr("Safeguarding concerns"), self.tr("lead deputy abuse")),
            ("differing", self.tr("Written differently"), self.tr("conflicts laptops")),
        )
        return [Hit("place", 0, place, name, "") for place, name, also in named if all_begin(words, (name, also))]

    def _help(self, words: str) -> list[Hit]:
        return [hit for hit, text in self._pages if all_begin(words, text)][:FEW]

    @cached_property
    def _pages(self) -> list[tuple[Hit, tuple[str, ...]]]:
        from cis_desktop import help as texts
        from cis_desktop.records.search import Hit

        return [(Hit("help", 0, page.name, page.title, ""), (page.title, *page.covers)) for page in texts.pages()]

    def _what(self, hit: Hit) -> str:
        return " · ".join(part for part in (kind(hit.kind), hit.detail) if part)

    def _choose(self, hit: Hit) -> None:
        self.hide()
        self.chosen.emit(*where(self._read, hit))


def found(read: Connection, words: str) -> list[Hit]:
    """Find records that can be gone to: an organisation has no page of its own."""
    from cis_desktop.records.search import search

    return [hit for hit in search(read, words, MOST) if hit.kind != "organisation"]


def lately(read: Connection) -> list[Hit]:
    """Give the people seen lately, as what somebody most likely wants."""
    from cis_desktop.records import people
    from cis_desktop.records.search import Hit

    seen = people.recently_seen(read, ROWS)
    return [Hit("person", each.id, each.reference, each.label, each.postcode or "") for each in seen]


def where(read: Connection, hit: Hit) -> tuple[str, object]:
    """Give the place of something found, and what to open there."""
    if hit.kind == "contact":
        return _visit(read, hit.id)
    places: dict[str, tuple[str, object]] = {
        "person": ("people", ("show", hit.id)),
        "household": ("people", ("home", hit.id)),
        "case": ("people", ("case_page", hit.id)),
        "session": ("sessions", ("show", hit.id)),
        "observation": ("noticed", ("show", hit.id)),
        "briefing": ("post", ("show", hit.id)),
        "report": ("reports", ("sent", None)),
        "help": ("help", hit.reference),
        "place": (hit.reference, None),
    }
    return places[hit.kind]


def _visit(read: Connection, contact_id: int) -> tuple[str, object]:
    """A visit is seen where it belongs: on a person's page, else a case's, a household's or a session's."""
    from cis_desktop.records import contacts

    visit = contacts.get(read, contact_id)
    if visit.person_id is not None:
        return "people", ("show", visit.person_id)
    if visit.case_id is not None:
        return "people", ("case_page", visit.case_id)
    if visit.household_id is not None:
        return "people", ("home", visit.household_id)
    return "sessions", ("show", visit.session_id)


def all_begin(words: str, among: tuple[str, ...]) -> bool:
    """Say whether each word typed begins a word among these texts."""
    there = " ".join(among).casefold().replace(",", " ").split()
    return all(any(each.startswith(word) for each in there) for word in words.casefold().split())
