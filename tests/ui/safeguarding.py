"""The places that have to do with safeguarding and volunteers, shown with something in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtTest import QTest

from cis_desktop import concerns, leavers, volunteers
from cis_desktop.vault.keys import new_identity
from cis_desktop.workspace import Workspace
from ui.window import Window

Show = Callable[[Window, Workspace], None]


def settle(window: Window) -> None:
    """Wait until nothing is under way."""
    for _ in range(2000):
        QTest.qWait(10)
        if not window.jobs.busy():
            return
    raise AssertionError("it never came to an end")


def with_reader(part: str) -> Show:
    """Give what shows a part of the page of concerns to the safeguarding lead, with one concern in it."""

    def show(window: Window, group: Workspace) -> None:
        if not group.identity:
            group.identity = new_identity()
            with group.change("Named a reader") as change:
                change.insert("concern_readers", name="Ann", role="lead", recipient=group.recipient)
            concerns.write(group, "Came with a bruise. " * 20, "José García (P-0002)")
            concerns.decide(group, concerns.listed(group)[0].id, "Rang the council’s safeguarding team.")
        window.go("concerns", (part, ""))
        settle(window)

    return show


def saved_concern(window: Window, group: Workspace) -> None:
    """Show what is said once a concern is written."""
    with_reader("new")(window, group)
    window.pages["concerns"].writing.words.setPlainText("Something")
    window.pages["concerns"].writing.save.click()
    settle(window)


def with_volunteers(window: Window, group: Workspace) -> None:
    """Show a volunteer with a PIN, and the list of one who leaves."""
    with group.change("Made an example") as change:
        if not volunteers.listed(group.read):
            volunteers.add(change, "Bo", "4071")
        leavers.tick(change, leavers.begin(change, "Bo", date(2026, 11, 22)), "kit")
    window.go("volunteers")
    settle(window)
