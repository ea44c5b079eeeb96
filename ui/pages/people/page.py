"""People: a list that answers while you type, and beside it the person, the case or the form you are at."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from cis_desktop import words as plain_words
from cis_desktop.errors import CisError
from cis_desktop.records import households, people, search
from ui.desk import Desk
from ui.models.found import kind
from ui.models.rows import Rows
from ui.pages.people.case import CaseForm, CaseSheet
from ui.pages.people.household import HouseholdSheet
from ui.pages.people.person import PersonForm
from ui.pages.people.same import SamePart
from ui.pages.people.sheet import PersonSheet
from ui.pages.people.visit import VisitForm
from ui.widgets.fields import Choice, FindField
from ui.widgets.lists import Table
from ui.widgets.page import Deck, Page, column, scrolled
from ui.widgets.words import button, heading, plain, row

PLACES = {"session": "sessions", "observation": "noticed", "briefing": "post"}
"""Where records live that are found here but shown elsewhere."""


class PeoplePage(Page):
    """Find somebody, see them, write down a visit."""

    shows = frozenset({"people", "households", "cases", "contacts", "given", "needs", "sessions", "observations"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rows = Rows(
            [
                (self.tr("Name"), lambda hit: hit.label),
                (self.tr("Reference"), lambda hit: hit.reference),
                (self.tr("What"), self._what),
            ]
        )
        self.table = Table(self.rows, self.tr("People and what else was found"), stretch=2, folds=12)
        self.table.opened.connect(self._chosen)
        self.find = FindField(self.table)
        self.find.textChanged.connect(self._search)
        self.count = plain(quiet=True)
        new = button(self.tr("Ne&w person"))
        new.clicked.connect(lambda: self.open(("new", None)))
        twice = button(self.tr("The same person twice?"))
        twice.clicked.connect(lambda: self.open(("same", None)))
        self.listed = Choice([("people", self.tr("People")), ("households", self.tr("Households"))])
        self.listed.setAccessibleName(self.tr("What is listed"))
        self.listed.currentIndexChanged.connect(lambda: self._search(self.find.text()))
        left = QWidget()
        lines = column(left)
        label = plain(self.tr("Find by name, number, postcode or p&hone"))
        label.setBuddy(self.find)
        self.find.setAccessibleName(self.tr("Find by name, number, postcode or phone"))
        lines.addWidget(label)
        lines.addWidget(self.find)
        lines.addWidget(self.listed)
        lines.addWidget(self.count)
        lines.addWidget(self.table, 1)
        lines.addLayout(row(new, twice))
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(left)
        self.split.addWidget(self._right())
        self.split.setSizes([420, 640])
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.split)
        self._search(self.find.text())

    def _right(self) -> QWidget:
        self.sheet = PersonSheet(self.desk, self.trouble)
        self.case_sheet = CaseSheet(self.desk, self.trouble)
        self.person_form = PersonForm(self.desk, self.notice, self.trouble)
        self.visit_form = VisitForm(self.desk, self.notice, self.trouble)
        self.case_form = CaseForm(self.desk, self.notice, self.trouble)
        self.home_sheet = HouseholdSheet(self.desk, self.notice, self.trouble)
        self.same_part = SamePart(self.desk, self.notice, self.trouble)
        self.blank = QWidget()
        lines = QVBoxLayout(self.blank)
        lines.setContentsMargins(0, 0, 0, 0)
        self.blank_title = heading()
        self.blank_words = plain()
        lines.addWidget(self.blank_title)
        lines.addWidget(self.blank_words)
        lines.addStretch(1)
        self.stack = Deck()
        for part in (
            self.blank, self.sheet, self.case_sheet, self.person_form, self.visit_form, self.case_form,
            self.home_sheet, self.same_part,
        ):  # fmt: skip
            self.stack.add(part)
        self.sheet.add_visit.connect(lambda who: self.open(("visit", who)))
        self.sheet.open_case.connect(lambda who: self.open(("case", who)))
        self.sheet.correct.connect(lambda who: self.open(("correct", who)))
        self.sheet.case_chosen.connect(self.show_case)
        self.sheet.household.connect(lambda who: self.open(("household", who)))
        self.home_sheet.member_chosen.connect(self.show_person)
        self.home_sheet.back.connect(self._back)
        self.case_sheet.back.connect(self.show_person)
        self.case_sheet.add_visit.connect(self.begin_visit)
        self.person_form.saved.connect(self.show_person)
        self.case_form.saved.connect(self.show_case)
        self.visit_form.saved.connect(self._back)
        for form in (self.person_form, self.visit_form, self.case_form):
            form.left.connect(self._back)
        right = QWidget()
        across = column(right)
        across.addWidget(self.notice)
        across.addWidget(self.stack, 1)
        return scrolled(right)

    # --- the list -------------------------------------------------------------------------------------------

    def _search(self, words: str) -> None:
        connection = self.desk.workspace.read
        if self.listed.key() == "households":
            hits = self._homes(connection, words)
        elif words.strip():
            hits = search.search(connection, words, 50)
        else:
            known = people.recently_seen(connection)
            hits = [search.Hit("person", each.id, each.reference, each.label, each.postcode or "") for each in known]
        self.rows.show(hits)
        lately = self.tr("Newest first") if self.listed.key() == "households" else self.tr("Seen or added lately")
        nobody = not hits and not words.strip()
        self.count.setText(
            self.tr("Nothing found. Check the spelling, or add a new person.")
            if words.strip() and not hits
            else (lately if hits and not words.strip() else "")
        )
        self.count.setVisible(bool(self.count.text()))
        self.blank_title.setText(self.tr("Nobody is written down yet") if nobody else self.tr("Choose somebody"))
        self.blank_words.setText(
            self.tr("Press “New person” to add the first one, or bring in a spreadsheet from the File menu.")
            if nobody
            else self.tr("Type a few letters, then press Enter. “New person” adds somebody.")
        )

    def _homes(self, connection: Any, typed: str) -> list[search.Hit]:
        """Give households by their own words, such as a postcode, or by who lives there."""
        homes = households.found(connection, typed, 50) if typed.strip() else households.page(connection)
        made = []
        for each in homes:
            size = (each.adults or 0) + (each.children or 0)
            many = plain_words.count(size, self.tr("person"), self.tr("people")) if size else ""
            detail = " · ".join(part for part in (many, each.postcode) if part)
            made.append(search.Hit("household", each.id, each.reference, households.called(connection, each), detail))
        return made

    def _what(self, hit: search.Hit) -> str:
        # In a list of people, what is not one says so; a list of households has nothing else.
        usual = hit.kind == "person" or self.listed.key() == "households"
        return " · ".join(part for part in ("" if usual else kind(hit.kind), hit.detail) if part)

    def _chosen(self, hit: search.Hit) -> None:
        if hit.kind == "person":
            self.show_person(hit.id)
        elif hit.kind == "case":
            self.show_case(hit.id)
        elif hit.kind == "contact":
            self._guard(lambda: self.show_person(people.find(self.desk.workspace.read, hit.reference).id))
        elif hit.kind == "household":
            self.show_household(hit.id, None)
        elif hit.kind in PLACES:
            self.desk.go.emit(PLACES[hit.kind], ("show", hit.id))

    # --- what is beside it ----------------------------------------------------------------------------------

    def open(self, what: object) -> None:
        """Begin or show: ("new"|"visit"|"case"|"correct"|"household"|"show"|"find", a person's id or None).

        A case, a household: ("case_page"|"home", its id). A new person: ("called", a name). Lists: ("households", None)
        and ("same", None).
        """
        assert isinstance(what, tuple)
        act, who = what
        if act in ("case_page", "home"):
            self.show_case(who) if act == "case_page" else self.show_household(who, None)
            return
        if act == "households":
            self.listed.choose("households")
            self.find.setFocus()
            return
        if act == "same":
            self.notice.clear()
            self.stack.see(self.same_part)
            self.same_part.begin()
            return
        if act == "called":
            self.person_form.begin(None, who)
            self.stack.see(self.person_form)
            return
        person_id = who if isinstance(who, int) else self.sheet.person.id if self.sheet.person else None
        if act == "find" or (act in ("visit", "case") and person_id is None):
            self.find.setFocus()
            self.find.selectAll()
        elif act == "new":
            self.person_form.begin(None, self.find.text() if not self.rows.rowCount() else "")
            self.stack.see(self.person_form)
        elif act == "visit" and person_id is not None:
            self.begin_visit(person_id, None)
        elif act == "case" and person_id is not None:
            self._with_person(person_id, lambda person: self.case_form.begin(person), self.case_form)
        elif act == "correct" and person_id is not None:
            self._with_person(person_id, lambda person: self.person_form.begin(person), self.person_form)
        elif act == "household" and person_id is not None:
            self._guard(lambda: self._home_of(person_id))
        elif person_id is not None:
            self.show_person(person_id)

    def _home_of(self, person_id: int) -> None:
        self.sheet.show_person(person_id)
        assert self.sheet.person is not None
        home = households.of(self.desk.workspace.read, person_id)
        self.show_household(home.id if home else None, person_id)

    def show_household(self, household_id: int | None, person_id: int | None) -> None:
        """Show a household; None: the way into one for a person who is in none."""

        def work() -> None:
            self.home_sheet.show_household(household_id, person_id)
            self.stack.see(self.home_sheet)

        self._guard(work)

    def begin_visit(self, person_id: int, case_id: int | None) -> None:
        """Start on a visit of a person, perhaps in a case."""
        self._with_person(
            person_id,
            lambda person: self.visit_form.begin(person, self.sheet.glance(), case_id),
            self.visit_form,
        )

    def _with_person(self, person_id: int, then: Any, form: QWidget) -> None:
        def work() -> None:
            self.sheet.show_person(person_id)
            self.stack.see(form)
            then(self.sheet.person)

        self._guard(work)

    def show_person(self, person_id: int) -> None:
        """Show a person's page."""

        def work() -> None:
            self.sheet.show_person(person_id)
            self.stack.see(self.sheet)
            self._mark("person", person_id)

        self._guard(work)

    def show_case(self, case_id: int) -> None:
        """Show a case's page."""

        def work() -> None:
            self.case_sheet.show_case(case_id)
            self.stack.see(self.case_sheet)

        self._guard(work)

    def _back(self) -> None:
        if self.sheet.person is not None:
            self.show_person(self.sheet.person.id)
        else:
            self.stack.see(self.blank)
        self.find.setFocus()
        self.find.selectAll()

    def _mark(self, kind: str, record: int) -> None:
        for at in range(self.rows.rowCount()):
            if (self.rows.record(at).kind, self.rows.record(at).id) == (kind, record):
                self.table.selectionModel().setCurrentIndex(
                    self.rows.index(at, 0),
                    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
                )

    def _guard(self, work: Any) -> None:
        self.notice.clear()
        try:
            work()
        except CisError as error:
            self.stack.see(self.blank)
            self.sheet.person = None
            self.trouble(error)

    # --- live, drafts ---------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the list and the sheet that is seen again."""
        self._search(self.find.text())
        self.notice.clear()
        seen = self.stack.seen()
        try:
            if seen is self.sheet and self.sheet.person is not None:
                self.sheet.show_person(self.sheet.person.id)
                self._mark("person", self.sheet.person.id)
            elif seen is self.case_sheet and self.case_sheet.case is not None:
                self.case_sheet.show_case(self.case_sheet.case.id)
            elif seen is self.home_sheet and not self.home_sheet.busy():
                self.home_sheet.show_household(self.home_sheet.household_id, self.home_sheet.person_id)
        except CisError as error:
            if error.code == "not_found":
                self._see_who_is_left(seen)
            else:
                self.trouble(error)

    def _see_who_is_left(self, seen: QWidget) -> None:
        """Go back from a page whose record is gone, as when opening a case is undone: nothing went wrong."""
        self.stack.see(self.blank)
        if seen is self.sheet:
            self.sheet.person = None
            return
        case = self.case_sheet.case
        whose = case.person_id if seen is self.case_sheet and case else self.home_sheet.person_id
        if whose is not None:
            self.show_person(whose)

    def drafts(self) -> dict[str, Any]:
        """Give the forms that are half filled, and whose page is open."""
        found = {
            "person": self.person_form.draft(),
            "visit": self.visit_form.draft(),
            "case": self.case_form.draft(),
            "household": self.home_sheet.draft(),
        }
        found = {name: draft for name, draft in found.items() if draft}
        if found:
            seen = self.stack.seen()
            forms = {
                "person": self.person_form, "visit": self.visit_form, "case": self.case_form,
                "household": self.home_sheet,
            }  # fmt: skip
            found["front"] = next((name for name, form in forms.items() if form is seen), None)  # type: ignore[assignment]
        return found

    def restore(self, drafts: dict[str, Any]) -> None:
        """Put the half-filled forms back, the one that was in front in front."""
        front = drafts.pop("front", None)
        order = sorted(drafts, key=lambda name: name == front)
        for name in order:
            draft = drafts[name]
            if name == "person":
                self.open(("correct" if draft["person"] else "new", draft["person"]))
                self.person_form.restore(draft)
            elif name == "visit":
                self.open(("visit", draft["person"]))
                self.visit_form.restore(draft)
            elif name == "household":
                self._restore_home(draft)
            else:
                self.open(("case", draft["person"]))
                self.case_form.restore(draft)
        if front is None and self.sheet.person is not None:
            self.stack.see(self.sheet)

    def _restore_home(self, draft: dict[str, Any]) -> None:
        def work() -> None:
            self.stack.see(self.home_sheet)
            self.home_sheet.restore(draft)

        self._guard(work)
