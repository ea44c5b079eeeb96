"""Which module each place of the window is. Only this one knows all the pages; they know none of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cis_desktop.concern_drafts import DeskDrafts
    from ui.desk import Desk
    from ui.pages.sessions.handed import HandedPage
    from ui.widgets.page import Page
    from ui.window import Window

PLACES = (
    "home", "people", "sessions", "noticed", "intake", "reports", "post", "history", "differing", "concerns",
    "volunteers", "health", "opening", "sharing", "settings", "help",
)  # fmt: skip


def make_handed(desk: Desk, drafts: DeskDrafts) -> HandedPage:
    """Make what is seen while volunteers have the desk: no place, as nobody can go from it to another."""
    from ui.pages.sessions.handed import HandedPage

    return HandedPage(desk, drafts)


def make(place: str, window: Window) -> Page:
    """Make the page of a place. Each is loaded when it is first seen, so that the window opens at once."""
    desk = window.desk
    assert desk is not None
    if place == "home":
        from ui.pages.home import HomePage

        return HomePage(desk)
    if place == "people":
        from ui.pages.people.page import PeoplePage

        return PeoplePage(desk)
    if place == "sessions":
        from ui.pages.sessions.page import SessionsPage

        return SessionsPage(desk)
    if place == "noticed":
        from ui.pages.noticed.page import NoticedPage

        return NoticedPage(desk)
    if place == "intake":
        from ui.pages.intake.page import IntakePage

        return IntakePage(desk)
    if place == "reports":
        from ui.pages.reports.page import ReportsPage

        return ReportsPage(desk)
    if place == "post":
        from ui.pages.post.page import PostPage

        return PostPage(desk)
    if place == "help":
        from ui.pages.help import HelpPage

        return HelpPage(desk)
    if place == "concerns":
        from ui.pages.concerns.page import ConcernsPage

        return ConcernsPage(desk)
    if place == "volunteers":
        from ui.pages.volunteers.page import VolunteersPage

        return VolunteersPage(desk)
    if place == "health":
        from ui.pages.health import HealthPage

        return HealthPage(desk)
    if place == "opening":
        from ui.pages.opening.page import OpeningPage

        return OpeningPage(desk)
    if place == "differing":
        from ui.pages.differing import DifferingPage

        return DifferingPage(desk)
    if place == "sharing":
        from ui.pages.sharing.page import SharingPage

        return SharingPage(desk, window.sharing)
    if place == "history":
        from ui.pages.history import HistoryPage

        return HistoryPage(desk)
    from ui.pages.settings import SettingsPage

    return SettingsPage(desk, window.preferences, window.dress, window.wait_to_lock)
