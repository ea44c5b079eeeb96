"""What if another figure were hidden? Tried before it is kept, for one report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from cis_desktop import words
from cis_desktop.disclosure.tables import CellId
from cis_desktop.disclosure.wishes import NO_WISHES, Wishes
from ui.desk import Desk
from ui.jobs import Job, Stopped
from ui.models.figures import HEADLINES, Figure, Sheet
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.disclosure.tables import Release, Shape
    from cis_desktop.packs.preview import Preview

MOST_NAMES = 5


class WishCard(Card):
    """What one wish would change, with the choice to keep it; and the wishes that are kept, with a way back."""

    kept = Signal(object)
    """The wishes that the figures are to be counted with from now on."""
    tried = Signal(object)
    """There is an answer to be seen, in this card."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk, self.trouble = desk, trouble
        self.found: Preview | None = None
        self.wishes: Wishes = NO_WISHES
        self.job: Job | None = None
        self.title, self.said = heading(level=2), plain()
        self.lines.addWidget(self.title)
        self.lines.addWidget(self.said)
        self.keep = button(self.tr("&Keep it for this report"))
        self.drop = button(self.tr("Leave &it as it was"))
        self.forget = button(self.tr("Forget &my wishes"))
        self.keep.clicked.connect(lambda: self.kept.emit(self.wishes))
        self.drop.clicked.connect(lambda: self._stand())
        self.forget.clicked.connect(lambda: self.kept.emit(NO_WISHES))
        self.lines.addLayout(row(self.keep, self.drop, self.forget))
        self.hide()

    def show_found(self, found: Preview, sheets: Iterable[Sheet]) -> None:
        """Be about other figures, with the wishes that they were counted with."""
        if self.job is not None:
            self.job.cancel()
        self.found, self.job = found, None
        self.names: dict[CellId, str] = {}
        for sheet in sheets:
            for figure in sheet.figures:
                name = figure.row if sheet.id == HEADLINES else f"{figure.row} ({sheet.title})"
                self.names.setdefault(figure.identity, name)
        self._stand()

    def hides(self, figure: Figure, release: Release) -> bool | None:
        """Tell what could be wished of a figure: True to hide it, False to show it, None when neither may be."""
        cell = next((each.cells[figure.key] for each in release.tables if each.shape.id == figure.table), None)
        if cell is None or cell.withheld or figure.identity in release.primary:
            return None
        if cell.status == "hidden":
            return False
        return True if cell.value and (cell.status == "rounded" or release.policy.rounding == 0) else None

    def what_if(self, figure: Figure, shape: Shape, hide: bool) -> None:
        """Try what would change if a figure were hidden, or shown, and say it."""
        found = self.found
        if found is None:
            return
        if self.job is not None:
            self.job.cancel()
        wishes = found.wishes.and_hide(shape, figure.key) if hide else found.wishes.and_show(shape, figure.key)
        workspace = self.desk.workspace

        def work(job: Job) -> Preview:
            from cis_desktop.packs.preview import preview
            from cis_desktop.packs.watching import Watch

            watch = Watch(stopped=job.stop.is_set)
            asked = found.period.key
            return preview(workspace, found.agreement, asked, watch=watch, wishes=wishes, coarser=found.coarser)

        def done(tried: Preview) -> None:
            if found is self.found:
                self.job, self.wishes = None, wishes
                self._answer(figure, hide, found, tried)

        def failed(error: Exception) -> None:
            self.job = None
            if not isinstance(error, Stopped):
                self.trouble(error)

        self.job = self.desk.jobs.start(self, self.tr("Trying what else would change"), work, done, failed)

    def _answer(self, figure: Figure, hide: bool, found: Preview, tried: Preview) -> None:
        from cis_desktop.disclosure.tables import Release

        before, after = found.answer, tried.answer
        asked = self.tr("If “%1” is hidden") if hide else self.tr("If “%1” is shown")
        self.title.setText(asked.replace("%1", figure.row))
        assert isinstance(before, Release)
        can = isinstance(after, Release) and after.beyond == before.beyond
        if can and isinstance(after, Release):
            one, other = hidden(before), hidden(after)
            can = (figure.identity in other) == hide
            lines = [
                self.tr("Hidden now: %1. Hidden if so: %2.")
                .replace("%1", words.number(len(one)))
                .replace("%2", words.number(len(other)))
            ]
            for said, which in (
                (self.tr("Hidden as well: %1."), other - one),
                (self.tr("Shown again: %1."), one - other),
            ):
                if which:
                    lines.append(said.replace("%1", self._named(which)))
            self.said.setText("\n".join(lines))
        if not can:
            self.said.setText(
                self.tr("That cannot be done: there is no safe way to send the rest as agreed. Nothing was changed.")
            )
        self.keep.setVisible(can)
        self.drop.show()
        self.forget.hide()
        self.show()
        (self.keep if can else self.drop).setFocus()
        self.tried.emit(self)

    def _named(self, which: Set[CellId]) -> str:
        names = [name for identity, name in self.names.items() if identity in which]
        more = len(names) - MOST_NAMES
        if more > 1:
            names = [*names[:MOST_NAMES], self.tr("%1 more").replace("%1", words.number(more))]
        return words.listed(names)

    def _stand(self) -> None:
        """Say what is wished already, if anything is."""
        wishes = self.found.wishes if self.found is not None else NO_WISHES
        self.setVisible(bool(wishes))
        self.title.setText(self.tr("As you wish it for this report"))
        asked = [
            (self.tr("Hidden: %1."), wishes.hide),
            (self.tr("Shown: %1."), wishes.show),
        ]
        exact = self.found.exact if self.found is not None else ()
        said = []
        for text, cells in asked:
            which = {
                table.shape.identity(key)
                for table in exact
                for key in table.cells
                if any(each.are(table.shape, key) for each in cells)
            }
            if which:
                said.append(text.replace("%1", self._named(which)))
        self.said.setText("\n".join(said))
        self.keep.hide()
        self.drop.hide()
        self.forget.show()


def hidden(release: Release) -> set[CellId]:
    """Give the figures that a release hides."""
    return {
        table.shape.identity(key)
        for table in release.tables
        for key, cell in table.cells.items()
        if cell.status == "hidden"
    }
