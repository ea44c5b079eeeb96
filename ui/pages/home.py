"""Home: what is due, whether the record is safe, what to do next, and what was done lately."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from ui.desk import Desk
from ui.jobs import Job
from ui.theme import SPACE
from ui.widgets.beside import Beside
from ui.widgets.checking import Checking
from ui.widgets.differing import DifferingCard
from ui.widgets.flow import Flow
from ui.widgets.kit import KitPart
from ui.widgets.lines import Lines
from ui.widgets.page import Deck, Page, column, scrolled
from ui.widgets.safety import SafetyCard, standing
from ui.widgets.waiting import WaitingCard
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.health import Due, Health, Steps
    from cis_desktop.vault.tables import Connection

LATELY = 5
WIDE = 110
"""Letters from which on the cards stand beside each other."""


class HomePage(Page):
    """The first page of an open record."""

    shows = None

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.back_to: str | None = None
        self.checking = Checking(desk, self.notice, self)
        self.known: tuple[Due, Health, Steps] | None = None
        inside = QWidget()
        lines = column(inside)
        self.title = heading()
        lines.addWidget(self.title)
        lines.addWidget(self.notice)
        self.kit = KitPart(desk)
        self.kit.proven.connect(self._kit_proven)
        self.kit.left.connect(self._cards)
        self.deck = Deck()
        self.cards = self._all_cards()
        self.deck.add(self.cards)
        self.deck.add(self.kit)
        lines.addWidget(self.deck)
        lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside))
        desk.kept_safe.connect(self._look)
        self.waiting.renew()
        self.reload()

    def _all_cards(self) -> QWidget:
        cards = QWidget()
        lines = QVBoxLayout(cards)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2 * SPACE)
        self.example = self._example_card()
        self.steps = self._steps_card()
        self.due = Card(self.tr("What is due"))
        self.due_lines = QWidget()
        self.due.lines.addWidget(self.due_lines)
        self.safety = SafetyCard()
        self.safety.back_up.clicked.connect(self.desk.back_up)
        self.safety.check.clicked.connect(self.check)
        self.safety.kit.clicked.connect(lambda: self.show_kit())
        self.safety.laptops.clicked.connect(lambda: self.desk.go.emit("sharing", None))
        self.safety.all.clicked.connect(lambda: self.desk.go.emit("health", None))
        left = QWidget()
        down = QVBoxLayout(left)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(2 * SPACE)
        down.addWidget(self.due)
        down.addWidget(self._lately_card())
        self.waiting = WaitingCard(self.desk)
        self.differing = DifferingCard(self.desk)
        lines.addLayout(self._acts())
        lines.addWidget(self.waiting)
        lines.addWidget(self.differing)
        lines.addWidget(self.example)
        lines.addWidget(self.steps)
        lines.addWidget(Beside(left, self.safety, WIDE))
        return cards

    def _example_card(self) -> Card:
        card = Card(self.tr("This is the example"))
        card.lines.addWidget(
            plain(
                self.tr(
                    "Nobody in it exists. Try whatever you like. When you are ready, lock it (Ctrl+L) and make a "
                    "record for your own group."
                )
            )
        )
        card.hide()
        return card

    def _steps_card(self) -> Card:
        """Three steps while the group is new."""
        card = Card(self.tr("Three next steps"))
        self.step_words, self.step_buttons = {}, {}
        for step, acts in (
            ("kit", ((self.tr("Make your recovery &kit"), "home", ("kit", None)),)),
            (
                "people",
                (
                    (self.tr("Bring in your old sprea&dsheet"), "intake", None),
                    (self.tr("Add the first pe&rson"), "people", ("new", None)),
                ),
            ),
            ("counts", ((self.tr("Ch&oose what you count"), "reports", ("make", None)),)),
        ):
            said = plain()
            self.step_words[step] = said
            card.lines.addWidget(said)
            made = []
            for text, place, what in acts:
                to = button(text)
                to.clicked.connect(lambda _=False, place=place, what=what: self.desk.go.emit(place, what))
                made.append(to)
            self.step_buttons[step] = made
            card.lines.addLayout(row(*made))
        card.hide()
        return card

    def _acts(self) -> Flow:
        """What people come here to do, in one line where there is room."""
        acts = []
        for text, place, what in (
            (self.tr("Find somebody, or add a &person"), "people", ("find", None)),
            (self.tr("Count a &session"), "sessions", ("new", None)),
            (self.tr("Write down something &noticed"), "noticed", ("new", None)),
            (self.tr("&Bring in a spreadsheet"), "intake", None),
            (self.tr("&Make a report"), "reports", None),
        ):
            made = button(text)
            made.clicked.connect(lambda _=False, place=place, what=what: self.desk.go.emit(place, what))
            acts.append(made)
        return row(*acts)

    def _lately_card(self) -> Card:
        card = Card(self.tr("Changed lately"))
        self.lately = Lines()
        card.lines.addWidget(self.lately)
        every = button(self.tr("See all &changes"))
        every.clicked.connect(lambda: self.desk.go.emit("history", None))
        card.lines.addLayout(row(every))
        return card

    # --- what is shown --------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read what was done lately, what is due, and how safe the record is."""
        self.title.setText(self.desk.workspace.name)
        done = self.desk.workspace.change_sets(limit=LATELY)
        self.lately.tell(
            [f"{words.day(each.at)} · {words.within(each.who)} · {each.words}" for each in done]
            or [self.tr("Nothing yet.")]
        )
        self.waiting.reload()
        self.differing.reload()
        self._look()

    def _look(self) -> None:
        folder, today = self.desk.workspace.folder, date.today()

        def work(connection: Connection, _: Job) -> tuple[Due, Health, Steps, bool, list[str] | None]:
            from cis_desktop import health

            return (
                health.due(connection, today),
                health.health(connection, folder, today),
                health.steps(connection, folder),
                health.is_example(connection),
                standing(connection),
            )

        self.desk.read(self, self.tr("Looking at what is due"), work, self._show, self.trouble)

    def _show(self, found: tuple[Due, Health, Steps, bool, list[str] | None]) -> None:
        due, health, steps, example, others = found
        self.example.setVisible(example)
        self.safety.show_health(health, others)
        self._show_steps(steps, health, example)
        # Buttons are not made anew under somebody's fingers when nothing about them has changed.
        if self.known is None or self.known[0] != due or self.known[2].counts != steps.counts:
            self._show_due(due, steps.counts, health.today)
        self.known = due, health, steps

    def _show_steps(self, steps: Steps, health: Health, example: bool) -> None:
        texts = {
            "kit": self.tr("1. A recovery kit: the way back in if the passphrase is forgotten."),
            "people": self.tr("2. People: bring in the spreadsheet you have, or add somebody."),
            "counts": self.tr("3. What you count: for a council, a funder, or your own report."),
        }
        done = {"kit": steps.kit, "people": steps.people, "counts": steps.counts}
        for step, label in self.step_words.items():
            standing = self.tr("Done.") if done[step] else self.tr("Not done yet.")
            if step == "kit" and health.kit == "unproven":
                standing = self.tr("There is one, but nobody has shown to hold it. Make a new one to be sure.")
            label.setText(f"{texts[step]} {standing}")
            for to in self.step_buttons[step]:
                to.setVisible(not done[step])
        shown = not example and (not steps.people or not steps.counts or health.kit_wanted)
        self.steps.setVisible(shown)
        # One place on this page that asks for the kit is enough.
        for twice in (self.safety.points["kit"], self.safety.kit):
            twice.setVisible(not shown or steps.kit)

    def _show_due(self, due: Due, counts: bool, today: date) -> None:
        old, self.due_lines = self.due_lines, QWidget()
        lines = QVBoxLayout(self.due_lines)
        lines.setContentsMargins(0, 0, 0, 0)
        for report in due.reports:
            lines.addWidget(
                plain(self.tr("%1, %2: not made yet.").replace("%1", report.title).replace("%2", report.period.label))
            )
            name = self.tr("Make the report: %1").replace("%1", f"{report.title}, {report.period.label}")
            make = button(self.tr("Make the report"), name=name)
            make.clicked.connect(
                lambda _=False, report=report: self.desk.go.emit(
                    "reports", ("due", (report.agreement, report.period.key))
                )
            )
            lines.addLayout(row(make))
        for post in due.post:
            came = self.tr("Came in on %1 from %2: %3.").replace("%1", words.day(post.on))
            lines.addWidget(
                plain(came.replace("%2", words.within(post.sender)).replace("%3", words.within(post.title)))
            )
            read = button(self.tr("Read it"), name=self.tr("Read what came in: %1").replace("%1", post.title))
            read.clicked.connect(lambda _=False, post=post.briefing: self.desk.go.emit("post", ("show", post)))
            lines.addLayout(row(read))
        for review in due.reviews:
            late = self.tr("Look at case %1 again: it was due on %2.") if review.on < today else self.tr(
                "Look at case %1 again by %2."
            )  # fmt: skip
            lines.addWidget(plain(late.replace("%1", review.reference).replace("%2", words.day(review.on))))
            show = button(self.tr("Show %1").replace("%1", review.reference))
            show.clicked.connect(lambda _=False, case=review.case_id: self.desk.go.emit("people", ("case_page", case)))
            lines.addLayout(row(show))
        if due.more_reviews:
            lines.addWidget(plain(self.tr("And cases to look at again: %1.").replace("%1", str(due.more_reviews))))
        if not due.reports and not due.reviews and not due.post:
            lines.addWidget(plain(self._nothing_due(counts)))
        self.due.lines.replaceWidget(old, self.due_lines)
        old.hide()
        old.deleteLater()

    def _nothing_due(self, counts: bool) -> str:
        if counts:
            return self.tr("Nothing now. A report shows here when its quarter is over, a case when its review is near.")
        return self.tr(
            "Nothing yet. Once you have chosen what you count, each finished quarter shows here until its report is "
            "made. So do cases that are to be looked at again."
        )

    # --- acts -----------------------------------------------------------------------------------------------

    def open(self, what: object) -> None:
        """Show the recovery kit: ("kit", the place to go back to, or None for this one)."""
        if isinstance(what, tuple) and what[0] == "kit":
            self.show_kit(what[1])

    def show_kit(self, back_to: str | None = None) -> None:
        """Make a recovery kit and show it; afterwards go where it was asked for."""
        self.back_to = back_to
        self.notice.clear()
        self.deck.see(self.kit)
        self.kit.begin()

    def _cards(self) -> None:
        self.deck.see(self.cards)
        if self.back_to is not None:
            self.desk.go.emit(self.back_to, None)

    def _kit_proven(self) -> None:
        works = self.tr("Your recovery kit works")
        self.notice.good(
            works, self.tr("It opens the record and the backups from now on. Keep the paper away from the laptop.")
        )
        self._cards()
        if self.back_to is not None:
            self.desk.said.emit(works)

    def check(self) -> None:
        """Check all of the record, off the window's thread."""
        self.checking.check(self.safety.check)
