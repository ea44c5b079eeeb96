"""Desk mode: volunteers have the desk, and nothing else of the record can be reached until somebody takes it back.

It is a barrier on the screen, not a lock: the record is open all the time. The window has no `desk` meanwhile, so that
whatever needs one (places, searching, adding, undoing, what is dropped on it) does nothing, as when it is locked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui import drafts
from ui.actions import allow
from ui.locking import blank
from ui.places import make_handed

if TYPE_CHECKING:
    from cis_desktop.concern_drafts import DeskDrafts
    from cis_desktop.vault.history import Change
    from cis_desktop.vault.keys import Opened
    from cis_desktop.workspace import Workspace
    from ui.desk import Desk
    from ui.window import Window


class DeskMode(QObject):
    """Hands the desk over and takes it back. Lives as long as the window; `desk` and `page` are there meanwhile."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.desk: Desk | None = None
        self.page: Any = None
        self._drafts: DeskDrafts | None = None

    def begin(self, session_id: int, usual: Any) -> None:
        """Hand the desk over for a session; whoever unlocked is nobody here from now on."""
        window = self._window
        desk = window.desk
        if desk is None:
            return
        # Inside, here and below: a window that opens needs neither.
        from cis_desktop.volunteers import listed

        if not listed(desk.workspace.read):
            window.go("volunteers", ("nobody", None))
            return
        from cis_desktop.concern_drafts import DeskDrafts

        self._drafts = self._drafts or DeskDrafts()
        page = make_handed(desk, self._drafts)
        page.begin(session_id, usual)
        page.back.connect(self.take_back)
        window.stack.addWidget(page)
        self.desk, self.page = window.let_go(page), page
        # What volunteers save is not for the next one to undo.
        self.desk.changed.disconnect()
        workspace = self.desk.workspace
        workspace.slot = workspace.identity = ""
        page.ask_who()
        allow(window, False, at_desk=True)
        window.idle.begin()
        window.tell_standing()

    def take_back(self, passphrase: str) -> None:
        """Show the whole record again to whoever has a passphrase, who is who writes from then on."""
        desk, page = self.desk, self.page
        assert desk is not None
        assert page is not None
        workspace = desk.workspace

        def work(_: object) -> Opened:
            return opened_again(workspace, passphrase)

        def done(opened: Opened) -> None:
            from cis_desktop.vault.slots import name_of

            if self.desk is not desk:
                return
            page.setEnabled(False)
            self._keep()
            workspace.slot, workspace.identity = opened.slot.id, opened.identity
            workspace.who = name_of(workspace.read, opened.slot.id) or "Somebody"
            self._window.jobs.when_idle(lambda: self._taken(desk))

        desk.jobs.start(page, self.tr("Unlocking"), work, done, page.refused)

    def _taken(self, desk: Desk) -> None:
        if self.desk is desk:
            self._put_away(self._window.aside)
            desk.deleteLater()
            self._window.take_up(desk.workspace)

    def let_go(self, instead: QWidget) -> Desk:
        """Lock in desk mode: take the page away, keeping what is half written, and show `instead`."""
        assert self.desk is not None
        self._keep()
        self._window.jobs.cancel_all()
        return self._put_away(instead)

    def _put_away(self, instead: QWidget) -> Desk:
        desk, page = self.desk, self.page
        assert desk is not None
        assert page is not None
        window = self._window
        window.idle.end()
        window.stack.setCurrentWidget(instead)
        blank(window)
        window.stack.removeWidget(page)
        page.deleteLater()
        self.desk = self.page = None
        allow(window, False)
        return desk

    def _keep(self) -> None:
        """Keep what is half typed: of a visit for whoever unlocks, of a concern for the volunteer who wrote it."""
        assert self.desk is not None
        assert self.page is not None
        assert self._drafts is not None
        import json

        concerns, text, own = self.page.half_concerns(), "", self._drafts
        if self.page.writing.half_written():
            kept = json.loads(self._window.kept)
            kept["drafts"].setdefault("sessions", {})["desk"] = self.page.writing.draft()
            text = drafts.as_kept({**kept, "place": "sessions"})

        def work(change: Change) -> None:
            if text:
                drafts.keep(change, text)
            own.keep(change, concerns)

        if text or concerns:
            self.desk.write(self._window, self.tr("Kept drafts"), work, lambda _: None, self._window.trouble)


def opened_again(workspace: Workspace, passphrase: str) -> Opened:
    """Open the slot of this passphrase in the list of the record that is open.

    Raises CisError `wrong_passphrase`, and `damaged_keys` for a list that somebody else put in its place.
    """
    from cis_desktop.vault import keys

    file = keys.read_keys(workspace.folder)
    keys.check_list(file, workspace.vault.key)
    opened = keys.open_with_passphrase(file, passphrase)
    if opened.key != workspace.vault.key:
        raise keys.damaged()
    return opened
