"""The window: the rail, the places it leads to, the strips at its foot; locking and unlocking."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from cis_desktop.errors import CisError
from ui import carets, drafts, theme
from ui.actions import allow, fill, tr
from ui.ahead import Ahead
from ui.aside import Aside
from ui.backing import Backing
from ui.desk import Desk
from ui.deskmode import DeskMode
from ui.idle import Idle
from ui.jobs import Jobs
from ui.live import Live
from ui.locking import blank
from ui.pages.start import StartPage
from ui.places import PLACES as PLACES
from ui.places import make
from ui.preferences import SIZES, Preferences
from ui.say import report, report_every_bug
from ui.sharing import Sharing
from ui.widgets.dropping import Dropping
from ui.widgets.hint import Hint
from ui.widgets.page import Page
from ui.widgets.rail import Rail
from ui.widgets.strip import Standing, Toast, UnderWay
from ui.widgets.undoing import Undoing

if TYPE_CHECKING:
    from cis_desktop.workspace import Workspace
    from ui.anywhere import Anywhere
    from ui.quick import QuickAdd

KEEP_EVERY = 5000
"""Milliseconds between keeping what is half written."""


class Window(QMainWindow):
    """The one window of the application."""

    left = Signal()
    """The window is closed, and the record with it."""

    def __init__(self, preferences: Preferences, folder: Path | None) -> None:
        super().__init__()
        self.preferences = preferences
        self.desk: Desk | None = None
        self.pages: dict[str, Page] = {}
        self.place = self.kept = ""
        self.leaving = False
        self.jobs = Jobs(self)
        self.live = Live(self)
        self.live.touched.connect(self._touched)
        self.backing = Backing(self.jobs, self)
        self.backing.said.connect(lambda words: self.toast.say(words, False))
        self.backing.failed.connect(self.trouble)
        self.sharing = Sharing(self)
        self.setWindowTitle(self.tr("Community Insights"))
        self.resize(1180, 720)
        self._lay_out(folder)
        Dropping(self).dropped.connect(lambda path: self.go("intake", ("file", path)))
        theme.dress(self)
        fill(self)
        self.handed = DeskMode(self)
        self._keeper = QTimer(self, interval=KEEP_EVERY)
        self._keeper.timeout.connect(self.keep_drafts)
        self.ahead = Ahead(self, make)
        self.idle = Idle(preferences.idle, self)
        self.idle.past.connect(self.lock)
        self.tell_standing()
        allow(self, False)
        report_every_bug(self)

    def _lay_out(self, folder: Path | None) -> None:
        self.rail = Rail(
            {
                "home": self.tr("Home"),
                "people": self.tr("People"),
                "sessions": self.tr("Sessions"),
                "noticed": self.tr("Noticed"),
                "reports": self.tr("Reports"),
                "post": self.tr("Council post"),
                "settings": self.tr("Settings"),
                "help": self.tr("Help"),
            }
        )
        self.rail.chosen.connect(self.go)
        self.rail.hide()
        self.start = StartPage(self.jobs, folder, self.preferences, self.dress)
        self.start.opened.connect(self.opened)
        self.start.helped.connect(self.show_help)
        self.start.said.connect(lambda words: self.toast.say(words, False))
        self.start.recovered.connect(self.back_up)
        self.stack = QStackedWidget()
        self.aside = Aside(self)
        self.stack.addWidget(self.start)
        self.stack.addWidget(self.aside)
        self.hint = Hint(self.preferences)
        self.undoing = Undoing(self)
        self.toast = Toast()
        self.toast.undo.connect(self.undo)
        self.under_way = UnderWay(self.jobs)
        self.standing = Standing()
        self.setStatusBar(self.standing)
        self.jobs.changed.connect(self.tell_standing)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.hint)
        right.addWidget(self.stack, 1)
        right.addWidget(self.under_way)
        right.addWidget(self.toast)
        self.middle = QWidget()
        whole = QHBoxLayout(self.middle)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.rail)
        whole.addLayout(right, 1)
        self.setCentralWidget(self.middle)

    @cached_property
    def anywhere(self) -> Anywhere:
        """The box that finds anything. Made when it is first asked for, so that the window opens at once."""
        from ui.anywhere import Anywhere

        return self._over(Anywhere(self.middle))

    @cached_property
    def adding(self) -> QuickAdd:
        """The bar that adds things. Made when it is first asked for."""
        from ui.quick import QuickAdd

        return self._over(QuickAdd(self.middle))

    def _over(self, made: Any) -> Any:
        made.chosen.connect(self.go)
        made.chosen.connect(lambda _place, _what: made.leave_to(self.stack.currentWidget()))
        return made

    def find_anything(self) -> None:
        """Show the box that finds anything."""
        if self.desk is not None:
            self.anywhere.ask(self.desk.workspace.read)

    def quick_add(self) -> None:
        """Show the bar that adds things."""
        if self.desk is not None:
            self.adding.ask(self.desk.workspace.read)

    def to_message(self) -> None:
        """Go to the message at the foot, to undo what was just saved or to put it away."""
        if self.toast.isVisible():
            self.toast.undo_button.setFocus()

    # --- unlocking and locking ------------------------------------------------------------------------------

    def opened(self, workspace: Workspace) -> None:
        """Show a record that has just been opened, where and as it was left."""
        self.preferences.folder = workspace.folder
        self.live.follow(workspace)
        self.take_up(workspace)

    def take_up(self, workspace: Workspace, place: str = "") -> None:
        """Make the pages of an open record, with what was half written on them; go to `place`, or where we were."""
        self.desk = Desk(workspace, self.jobs, self)
        self.desk.changed.connect(self.undoing.did)
        self.desk.said.connect(lambda words: self.toast.say(words, False))
        self.desk.trouble.connect(self.trouble)
        self.desk.go.connect(self.go)
        self.desk.back_up.connect(self.back_up)
        self.desk.alone.connect(self.aside.change)
        self.desk.hand_over.connect(self.handed.begin)
        self.desk.restore.connect(self.restore)
        self.rail.show()
        allow(self, True)
        kept = drafts.read(workspace.read)
        for at, draft in kept.get("drafts", {}).items():
            self.page(at).restore(draft)
        self.go(place or (kept.get("place", "home") if kept.get("drafts") or kept.get("over") else "home"))
        self.kept = drafts.as_kept(self.written())
        self._keeper.start()
        self.idle.begin()
        carets.put_back(self, kept)
        self.ahead.begin()
        if self.preferences.remembers:
            self.backing.unlocked(self.desk)
        self.sharing.begin(self.desk)
        self.tell_standing()

    def written(self) -> dict[str, Any]:
        """Give what is half written on every page, and where we are."""
        found = {place: draft for place, page in self.pages.items() if (draft := page.drafts())}
        at = {place: carets.of(self.pages[place]) for place in found}
        place = "home" if self.place in self.pages and self.pages[self.place].private else self.place
        return {"place": place, "drafts": found, "at": at, "over": carets.over(self)}

    def keep_drafts(self) -> None:
        """Keep what is half written, if it differs from what is kept."""
        now = drafts.as_kept(self.written())
        if self.desk is not None and now != self.kept:
            self.kept = now
            self.desk.write(self, tr("Kept drafts"), lambda change: drafts.keep(change, now), _nothing, self.trouble)

    def lock(self) -> None:
        """Hide everything now, keep what is half written, let writes finish, and close the record."""
        if self.desk is None and self.handed.desk is None:
            return
        desk = (self if self.desk else self.handed).let_go(self.start)
        self.start.show_folder(desk.workspace.folder)
        self.start.setEnabled(False)
        self.backing.locking(desk)
        self.jobs.when_idle(lambda: self._locked(desk))

    def let_go(self, instead: QWidget) -> Desk:
        """Take every page away, keeping what is half written, and show `instead`."""
        desk = self.desk
        assert desk is not None
        self.keep_drafts()
        self._keeper.stop()
        self.sharing.end()
        self.idle.end()
        self.ahead.end()
        self.stack.setCurrentWidget(instead)
        blank(self)
        for page in self.pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        self.pages.clear()
        self.place = ""
        self.rail.hide()
        self.toast.hide()
        self.hint.hide()
        self.undoing.forget()
        for over in carets.BOXES:
            if over in self.__dict__:
                getattr(self, over).forget()
        allow(self, False)
        self.desk = None
        self.jobs.cancel_all()
        return desk

    def restore(self) -> None:
        """Lock the record, then ask which backup is to be restored."""
        if self.desk is not None:
            self.lock()
            self.jobs.when_idle(self.start.restore_one)

    def put_aside(self) -> None:
        """Let go of the record without closing it: somebody else goes on with it."""
        self._keeper.stop()
        self.sharing.end()
        self.idle.end()
        self.ahead.end()
        self.desk = None

    def _locked(self, desk: Desk) -> None:
        desk.workspace.close()
        desk.deleteLater()
        self.start.setEnabled(True)
        self.start.show_folder(desk.workspace.folder)
        self.tell_standing()
        if self.leaving:
            # Later: where nothing had to be waited for, this is still within the first `close`.
            QTimer.singleShot(0, self, self.close)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Lock first: nothing half written is lost by closing the window."""
        is_open = self.desk is not None or self.handed.desk is not None
        if not is_open and not self.jobs.busy():
            event.accept()
            self.left.emit()
            return
        self.leaving = True
        event.ignore()
        self.hide()
        if is_open:
            self.lock()
        else:
            self.jobs.when_idle(self.close)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Start the wait before locking anew at every key and every movement."""
        self.ahead.saw(event)
        return self.idle.saw(event)

    def showEvent(self, event: Any) -> None:
        """Watch the system's own window, where every key and movement comes in once."""
        super().showEvent(event)
        self.windowHandle().installEventFilter(self)
        if self.desk is None:
            self.ahead.warm()

    # --- places ---------------------------------------------------------------------------------------------

    def page(self, place: str) -> Page:
        """Give the page of a place, made when it is first asked for."""
        if place not in self.pages:
            assert self.desk is not None
            self.pages[place] = make(place, self)
        # One that was made ahead is not on the stack yet.
        if self.stack.indexOf(self.pages[place]) < 0:
            self.stack.addWidget(self.pages[place])
        return self.pages[place]

    def go(self, place: str, what: object = None) -> None:
        """Show a place; `what` is a record there, or something to begin."""
        if self.desk is None:
            return
        if place == "help" and not isinstance(what, tuple):
            self.show_help(str(what or ""))
            return
        try:
            page = self.page(place)
            self.place = place
            self.rail.show_at(place)
            self.hint.about(place)
            self.stack.setCurrentWidget(page)
            if what is not None:
                page.open(what)
        except Exception as error:  # noqa: BLE001 - shown: a page that cannot be made must not end the window
            self.trouble(error)

    def show_help(self, name: str = "") -> None:
        """Show the help about where we are, or one page of it; also while the record is locked."""
        from ui.pages.help import show_help

        show_help(self, name)

    def _touched(self, tables: frozenset[str]) -> None:
        for page in self.pages.values():
            page.touched(tables)

    # --- undo -----------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Undo the last change made in this window."""
        if self.desk is not None:
            self.undoing.undo(self.desk)

    def redo(self) -> None:
        """Do again what was undone last."""
        if self.desk is not None:
            self.undoing.redo(self.desk)

    # --- the rest -------------------------------------------------------------------------------------------

    def resize_text(self, by: int) -> None:
        """Take the next larger or smaller size of text."""
        at = SIZES.index(self.preferences.percent) + by
        self.preferences.percent = SIZES[max(0, min(at, len(SIZES) - 1))]
        self.dress()

    def dress(self) -> None:
        """Put on the colours and the text size that were chosen."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme.put_on(application, self.preferences.scheme, self.preferences.percent)

    def wait_to_lock(self) -> None:
        """Take the minutes without use that were chosen."""
        self.idle.minutes = self.preferences.idle
        self.tell_standing()

    def back_up(self) -> None:
        """Write a backup and check it, beside the record."""
        if self.desk is not None:
            self.backing.now(self.desk)

    def tell_standing(self) -> None:
        """Say how things stand, at the foot."""
        desk = self.desk or self.handed.desk
        if desk is None:
            self.standing.tell("", self.tr("Locked"), "")
            return
        self.standing.tell(
            desk.how_saved(),
            self.tr("Locks itself after %1 minutes without use").replace("%1", str(self.preferences.idle)),
            self.backing.words(desk),
            self.sharing.words(),
        )

    def trouble(self, error: Exception) -> None:
        """Say at the foot what went wrong, or open the report of a bug."""
        if isinstance(error, CisError):
            self.toast.trouble(f"{error.title}. {error.sentence}")
        else:
            report(error, self)


def _nothing(_: object) -> None:
    """Keeping a draft is not news."""
