"""Making a report, one question at a time: seven steps that can be gone back to, and nothing is lost by it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QTableView, QVBoxLayout, QWidget

from cis_desktop.decoding import from_builtins
from cis_desktop.disclosure.wishes import NO_WISHES, Wishes
from cis_desktop.errors import CisError
from ui.desk import Desk
from ui.jobs import Job, Stopped
from ui.models import figures as shown
from ui.pages.reports.choose import ChoosePart
from ui.pages.reports.figures import FiguresPart
from ui.pages.reports.leaving import LeavingPart
from ui.pages.reports.observing import ObservingPart
from ui.pages.reports.reasons import ReasonsPart
from ui.pages.reports.send import Made, SendPart
from ui.pages.reports.signing import SigningPart
from ui.pages.reports.steps import Steps
from ui.theme import SPACE
from ui.widgets.notice import Notice
from ui.widgets.page import Deck, column, scrolled
from ui.widgets.words import button

if TYPE_CHECKING:
    from cis_desktop.disclosure.tables import Release
    from cis_desktop.packs.preview import Preview
    from cis_desktop.packs.redesign import Option
    from cis_desktop.packs.release import Released


STEPS = ("choose", "figures", "reasons", "observing", "leaving", "signing", "send")
"""The steps in their order; the part of each has its name."""


class Guide(QWidget):
    """The steps, the part of the one that is seen, and Back and Next."""

    behind_chosen = Signal(str, str)

    def __init__(self, desk: Desk, notice: Notice, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk, self.notice, self.trouble = desk, notice, trouble
        self.found: Preview | None = None
        self.job: Job | None = None
        self.step = "choose"
        self.wanted = ""
        """A step that is waited for while figures are counted."""
        self.old = False
        """Whether something was written down since the figures were counted."""
        self.touched = False
        """Whether somebody did something here: only then there is something to keep."""
        self.wishes = NO_WISHES
        self.sheets: list[shown.Sheet] = []
        self.coarser: tuple[tuple[str, int], ...] = ()
        self.filled: set[str] = set()
        """The steps that show the figures that were counted last."""
        self.steps = Steps()
        self._lay_out()
        self._show("choose")

    # Each part is made when its step is first seen: all at once they would take the window too long.

    @cached_property
    def choose(self) -> ChoosePart:
        part = ChoosePart(self.desk, self.notice, self.trouble)
        part.changed.connect(self._stale)
        part.redesign.adopted.connect(self._adopt)
        part.touched.connect(self._touch)
        self.deck.add(part)
        return part

    @cached_property
    def figures(self) -> FiguresPart:
        part = FiguresPart(self.desk, self.trouble)
        part.redesign.adopted.connect(self._adopt)
        part.behind_chosen.connect(self.behind_chosen)
        part.wished.connect(self._wished)
        part.looked_up.connect(lambda where: QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(where)))
        self.deck.add(part)
        return part

    @cached_property
    def reasons(self) -> ReasonsPart:
        part = ReasonsPart()
        part.wanted.connect(self._find)
        self.deck.add(part)
        return part

    @cached_property
    def observing(self) -> ObservingPart:
        part = ObservingPart(self.desk, self.trouble)
        part.wanted.connect(self._find)
        part.speaking.changed.connect(self._stand)
        part.speaking.touched.connect(self._touch)
        part.speaking.ready.connect(lambda: self.begin_here() if self.next.hasFocus() else None)
        self.deck.add(part)
        return part

    @cached_property
    def leaving(self) -> LeavingPart:
        part = LeavingPart(self.desk, self.trouble)
        self.deck.add(part)
        return part

    @cached_property
    def signing(self) -> SigningPart:
        part = SigningPart(self.desk)
        part.touched.connect(self._touch)
        part.made.connect(self._made)
        part.refused.connect(self._refused)
        self.deck.add(part)
        return part

    @cached_property
    def send(self) -> SendPart:
        part = SendPart(self.desk, self.trouble)
        part.again.connect(self.begin)
        self.deck.add(part)
        return part

    def part(self, step: str) -> Any:
        """Give the part of a step."""
        return getattr(self, step)

    def _lay_out(self) -> None:
        self.deck = Deck()
        inside = QWidget()
        lines = column(inside)
        lines.addWidget(self.notice)
        lines.addWidget(self.deck, 1)
        self.area = scrolled(inside)
        self.back, self.next = button(self.tr("&Back")), button(self.tr("&Next"), main=True)
        bar = QHBoxLayout()
        bar.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        bar.addWidget(self.back)
        bar.addStretch(1)
        bar.addWidget(self.next)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.steps)
        whole.addWidget(self.area, 1)
        whole.addLayout(bar)
        self.steps.chosen.connect(self.go)
        self.back.clicked.connect(lambda: self._move(-1))
        self.next.clicked.connect(lambda: self._move(1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button it is on; in a field of choices it goes on. Signing off is never pressed by it."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        focus = QApplication.focusWidget()
        if isinstance(focus, QAbstractButton):
            focus.click()
        elif self.next.isVisible() and self.next.isEnabled() and not isinstance(focus, QTableView):
            self.next.click()

    # --- where we are ---------------------------------------------------------------------------------------

    def release(self) -> Release | None:
        """Give what may leave of the figures that were counted, None where nothing may."""
        from cis_desktop.disclosure.tables import Release

        answer = self.found.answer if self.found is not None else None
        return answer if isinstance(answer, Release) else None

    def open_steps(self) -> list[str]:
        """Name the steps that can be gone to now."""
        names = list(STEPS)
        if self.choose.agreement() is None:
            return names[:1]
        can = names[:6] if self.release() is not None else names[:2]
        can = can[:4] if "observing" in self.__dict__ and self.observing.speaking.left() else can
        return [*can, "send"] if self._report() is not None else can

    def _report(self) -> Made | None:
        """Give the report that was made, if one was."""
        return self.send.made if "send" in self.__dict__ else None

    def go(self, step: str) -> None:
        """Go to a step, counting first where that is needed."""
        self._touch()
        if step in ("choose", "send") or self.found is not None:
            self.notice.clear()
            self._show(step)
        else:
            self.count(step)

    def _move(self, by: int) -> None:
        self.go(STEPS[STEPS.index(self.step) + by])

    def _show(self, step: str) -> None:
        """Show a step's part, and begin where it is used first."""
        self.step = step
        self._fill(step)
        self.deck.see(self.part(step))
        self._stand()
        self.area.verticalScrollBar().setValue(0)
        if self.isVisible():
            self.begin_here()
            said = QAccessibleAnnouncementEvent(self, self.steps.name(step))
            QAccessible.updateAccessibility(said)

    def _fill(self, step: str) -> None:
        """Put the figures that were counted into the part of a step, once."""
        found, release = self.found, self.release()
        if found is None:
            return
        if step == "signing":
            self.signing.prepare(
                self.choose.which.key() or "", found, self.choose.accepted(), *self.observing.speaking.of(found)
            )
        elif step == "leaving":
            signed = self.signing.name.text() if "signing" in self.__dict__ else ""
            self.leaving.show_leaving(found, signed or self.desk.workspace.who, *self.observing.speaking.of(found))
        elif step == "figures" and step not in self.filled:
            self.figures.show_found(found, self.sheets, release)
            self.figures.redesign.ask_after(found, release)
        elif step == "reasons" and step not in self.filled and release is not None:
            self.reasons.show_hidden(shown.hidden(self.sheets), found.exact, release)
        elif step == "observing" and step not in self.filled:
            self.observing.show_themes(found.agreement, found.period, self.sheets)
            self.observing.speaking.show_words(found)
        self.filled.add(step)

    def begin_here(self) -> None:
        """Put the focus where the step is used first; where there is only something to read, on what leads on."""
        if self.isVisible():
            (self.part(self.step).first() or self.next).setFocus()

    def _stand(self) -> None:
        """Say where we are, and let go only where there is something to see."""
        can, names = self.open_steps(), list(STEPS)
        self.steps.show_at(self.step, can)
        after = names[names.index(self.step) + 1 : names.index(self.step) + 2]
        self.back.setVisible(self.step not in ("choose", "send"))
        # From the sixth step on, only signing off leads further.
        self.next.setVisible(self.step not in ("signing", "send"))
        self.next.setEnabled(self.job is None and bool(after) and after[0] in can)

    def _touch(self) -> None:
        self.touched = True

    # --- figures --------------------------------------------------------------------------------------------

    def _stale(self) -> None:
        """Forget figures that are of another choice."""
        if self.job is not None:
            self.job.cancel()
            self.job = None
        self.found, self.wanted, self.wishes, self.coarser = None, "", NO_WISHES, ()
        if self._report() is not None:
            self.send.made = None
        self._show("choose") if self.step != "choose" else self._stand()

    def count(self, then: str = "figures") -> None:
        """Count, and work out what may be seen; then go to a step."""
        agreement, asked, workspace = self.choose.agreement(), self.choose.period().key, self.desk.workspace
        if agreement is None:
            return
        if self.job is not None:
            self.job.cancel()
        self.notice.clear()
        self.wanted, self.old, wishes, coarser = then, False, self.wishes, self.coarser

        def work(job: Job) -> Preview:
            from cis_desktop.packs.preview import BUDGET, preview
            from cis_desktop.packs.watching import Watch

            return preview(workspace, agreement, asked, BUDGET, Watch(stopped=job.stop.is_set), wishes, coarser)

        named = self.tr("Counting, and hiding small figures")
        self.job = job = self.desk.jobs.start(
            self, named, work, lambda found: self._counted(job, found), lambda error: self._not_counted(job, error)
        )
        self._stand()

    def _adopt(self, option: Option | None) -> None:
        """Count in another way for this report; None: as it was agreed."""
        if option is not None:
            self.choose.choose(self.choose.which.key() or "", option.period.key)
        self.coarser, self.wishes = option.coarser if option else (), NO_WISHES
        self.count()

    def count_again(self) -> None:
        """Count anew, at the step that is seen, where records have changed since."""
        if self.old and self.found is not None and self.job is None and not self._signing():
            self.count(self.step)

    def _signing(self) -> bool:
        """Say whether the files are being made."""
        return "signing" in self.__dict__ and self.signing.job is not None

    def _counted(self, job: Job, found: Preview) -> None:
        if job is not self.job:
            return
        from cis_desktop.disclosure.tables import Refusal

        self.job, self.found = None, found
        self.sheets = shown.sheets(found.exact, self.release())
        self.filled.clear()
        then, self.wanted = self.wanted, ""
        if isinstance(found.answer, Refusal):
            self.notice.error(found.answer.title, found.answer.sentence)
            then = "figures"
        self._show(then)

    def _not_counted(self, job: Job, error: Exception) -> None:
        if job is not self.job:
            return
        self.job, self.wanted = None, ""
        self._show("choose")
        self.trouble(error)

    def _wished(self, wishes: Wishes) -> None:
        self.wishes = wishes
        self.count()

    def _find(self, figure: shown.Figure) -> None:
        self.go("figures")
        self.figures.find(figure)

    # --- files ----------------------------------------------------------------------------------------------

    def _made(self, released: Released) -> None:
        # What has left now counts for the next report, so these figures are no longer what could leave.
        self.found = None
        self.send.show_made(Made.of(released))
        self.notice.good(
            self.tr("The report is made"),
            self.tr("It is signed, checked and noted in “What we sent”. The files are listed below."),
        )
        self._show("send")

    def _refused(self, error: Exception) -> None:
        self.trouble(error)
        if isinstance(error, CisError) and error.code == "figures_changed":
            self.found = None
            self.count()
            self.trouble(error)
        elif isinstance(error, Stopped):
            self.notice.good(
                self.tr("Stopped, as you asked"), self.tr("No file was made, and nothing is noted as sent.")
            )

    def begin(self) -> None:
        """Begin another report."""
        self._stale()
        self.touched = False
        self.notice.clear()
        self._show("choose")

    # --- drafts ---------------------------------------------------------------------------------------------

    def drafts(self) -> dict[str, Any]:
        """Give the choices and the step, as JSON can hold it; empty where nobody chose anything."""
        if not self.touched:
            return {}
        made = self._report()
        kept = {
            "step": self.wanted or self.step,
            "which": self.choose.which.key(),
            "period": self.choose.period().key,
            "wishes": msgspec.to_builtins(self.wishes),
            "made": dataclasses.asdict(made) if made is not None else None,
            "words": self.observing.speaking.drafts() if "observing" in self.__dict__ else {},
            "coarser": self.coarser,
        }
        if "signing" in self.__dict__:
            kept |= self.signing.drafts()
        return kept

    def restore(self, draft: dict[str, Any]) -> None:
        """Put back what `drafts` gave before the record was locked; figures are counted again."""
        self.choose.choose(str(draft.get("which")), str(draft.get("period")))
        self.wishes = from_builtins(draft.get("wishes") or {}, Wishes)
        self.signing.restore(draft)
        self.touched = True
        if draft.get("words"):
            self.observing.speaking.restore(draft["words"])
        self.coarser = tuple((by, rung) for by, rung in draft.get("coarser") or ())
        if draft.get("made"):
            self.send.show_made(Made(**draft["made"]))
        step = str(draft.get("step"))
        if step == "send" and self._report() is not None:
            self._show("send")
        elif step not in ("choose", "send") and step in STEPS:
            self.count(step)
