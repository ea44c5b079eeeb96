"""A whole day in the real window, in its own process: `python whole_day.py HOME`, with every field full of canaries.

Every line and box of text that can be written in gets words of its own. At the end the window is locked, and what the
process has open, shows and remembers is told in one line of JSON; it ends when its standard input does.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from cis_desktop import agreements, concerns, health, ways_in
from cis_desktop.crashes import keep_no_dumps
from cis_desktop.packs.release import release
from cis_desktop.records import contacts, people
from tests.journeys import more_of_the_day as more
from ui.app import make_application
from ui.dialogs.bug import BugReport
from ui.preferences import Preferences
from ui.window import Window

SAVE = (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
AGREEMENT = "small-group-return"
PICKY = ("postcode", "phone", "date", "year", "search", "find")
"""Parts of the names of fields that take no words of any kind, or choose something."""


class Day:
    """The window, and what was written into it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.number = 0
        self.planted: dict[str, str] = {}
        self.secrets: dict[str, str] = {}
        """What is to be found nowhere and cannot be a canary: a PIN, the key of a kit."""
        self.titles: set[str] = set()
        """Every title that a window had, at any time of the day."""
        self.window = Window(Preferences(), None)
        self.window.resize(1280, 720)
        self.window.show()
        self.settle()

    def settle(self) -> None:
        """Wait until everything that was asked for is done."""
        for _ in range(6000):
            QTest.qWait(10)
            if not self.window.jobs.busy():
                break
        QTest.qWait(30)
        self.titles |= {each.windowTitle() for each in QApplication.topLevelWidgets()}
        bugs = [each.findChild(QPlainTextEdit).toPlainText() for each in self.window.findChildren(BugReport)]
        assert not bugs, bugs

    def said(self, inside: QWidget) -> list[str]:
        """Give what a part of the window says."""
        return [each.text() for each in inside.findChildren(QLabel) if each.isVisible()]

    def canary(self, where: str) -> str:
        """Give words that are nowhere else."""
        self.number += 1
        word = f"Zq{self.number:03d}canary{self.number * 7919 % 99991:05d}x"
        self.planted[word] = where
        return word

    def fill(self, inside: QWidget, where: str) -> int:
        """Write into every field that can be seen and takes free text; give how many those were."""
        count = 0
        for field in [*inside.findChildren(QLineEdit), *inside.findChildren(QPlainTextEdit)]:
            if not field.isVisible() or not field.isEnabled() or field.isReadOnly():
                continue
            name = field.accessibleName()
            if isinstance(field.parent(), QAbstractSpinBox) or any(each in name.lower() for each in PICKY):
                continue
            word = self.canary(f"{where}, {name}")
            if isinstance(field, QLineEdit):
                QTest.keyClicks(field, f"{word}@example.org" if "mail" in name.lower() else word)
                kept = field.text()
            else:
                field.setPlainText(word)
                kept = field.toPlainText()
            if word in kept:
                count += 1
            else:
                # A number, a date, a choice: it takes no such words, and is left as it was.
                del self.planted[word]
                field.clear()
        return count

    def form(self, place: str, what: object, where: str, inside: Callable[[Any], QWidget]) -> None:
        """Go to a form, fill it, and save it."""
        self.window.go(place, what)
        self.settle()
        form = inside(self.window.pages[place])
        assert self.fill(form, where) > 0, where
        form.setFocus()
        QTest.keyClick(form, *SAVE)
        self.settle()


def create(day: Day) -> str:
    """Make the record; the passphrase, which is given back, is a canary too."""
    start, folder = day.window.start, day.home / "record"
    secret = f"{day.canary('passphrase')} purple lantern gravel"
    start.group.setText(day.canary("name of the group"))
    start.person.setText(day.canary("name of whoever made it"))
    start.first.field.setText(secret)
    start.second.field.setText(secret)
    start.new_folder.path.setText(str(folder))
    start.create_button.click()
    day.settle()
    assert day.window.desk is not None, start.notice.title.text()
    return secret


def write_down(day: Day) -> None:
    """Fill every form once."""
    workspace = day.window.desk.workspace
    day.form("people", ("new", None), "person", lambda page: page.person_form)
    person = people.page(workspace.read)[0].id
    day.form("people", ("visit", person), "visit", lambda page: page.visit_form)
    day.form("people", ("case", person), "case", lambda page: page.case_form)
    day.form("sessions", ("new", None), "session", lambda page: page)
    day.form("noticed", ("new", None), "something noticed", lambda page: page)
    ways_in.add_recovery(workspace)
    kit = next(way.id for way in ways_in.listed(workspace) if way.kind == "recovery")
    with workspace.change("Proved the kit") as change:
        health.kit_proven(change, kit)
    concerns.appoint(workspace, workspace.slot, "lead")
    concerns.write(workspace, day.canary("concern"), day.canary("whom a concern is about"))


def bring_in(day: Day) -> None:
    """Bring a spreadsheet in. The file itself is the group's own, and lies where it lay."""
    sheet = day.home / "given" / f"{day.canary('name of a file')}.csv"
    sheet.parent.mkdir()
    with sheet.open("w", newline="", encoding="utf-8") as out:
        lines = csv.writer(out)
        lines.writerow(["Client no", "First name", "Surname", "Date", "Notes"])
        for at in range(40):
            what = "spreadsheet" if at > 1 else "row that cannot come in" if at else "row to be mended"
            name, note = day.canary(what), day.canary(what if at else "cell that is mended")
            lines.writerow([100 + at, name, "Chen", f"{1 + at % 28}/01/2018" if at > 1 else "someday", note])
    page = day.window.go("intake") or day.window.pages["intake"]
    page.read_file(sheet)
    day.settle()
    page.try_it.click()
    day.settle()
    more.mend(day, page)
    page.bring.click()
    day.settle()
    assert "came in" in page.notice.title.text(), day.said(page)


def report(day: Day) -> None:
    """Release a quarter into a folder that was asked for."""
    workspace = day.window.desk.workspace
    with workspace.change("Wrote down more") as change:
        for n in range(30):
            person = people.add(change, given_name=day.canary("person of a report"), birth_year=1950 + n)
            contacts.add(change, "2018-02-03", person_id=person, kind="visit", note=day.canary("visit of a report"))
    agreements.accept(workspace, AGREEMENT, "Ann")
    release(workspace, AGREEMENT, "2018-Q1", day.home / "asked for", "Ann", budget=1e9)
    day.window.go("reports")
    day.settle()
    day.window.go("history")
    day.settle()


def drafts(day: Day) -> None:
    """Leave forms half written, and look for somebody."""
    day.window.go("noticed", ("new", None))
    assert day.fill(day.window.pages["noticed"], "draft of something noticed") > 0
    person = people.page(day.window.desk.workspace.read)[0]
    day.window.go("people", ("find", None))
    QTest.keyClicks(day.window.pages["people"].find, day.canary("search"))
    day.window.go("people", ("visit", person.id))
    day.window.pages["people"].visit_form.note.setPlainText(day.canary("draft of a visit"))


def lock(day: Day) -> None:
    """Lock it in the middle of all that."""
    day.window.lock()
    day.settle()
    assert day.window.desk is None


def unlock(day: Day, secret: str) -> None:
    """Unlock it: what was half written is there again."""
    assert day.window.pages == {}
    day.window.start.passphrase.field.setText(secret)
    day.window.start.unlock()
    day.settle()
    assert day.window.desk is not None
    said = day.window.pages["people"].visit_form.note.toPlainText()
    assert day.planted[said] == "draft of a visit"


def seen_from_outside(day: Day, secret: str) -> dict[str, Any]:
    """Give what somebody without the passphrase can find out from the process and its window."""
    parts = [part for kind in (QPushButton, QLabel, QLineEdit) for part in day.window.findChildren(kind)]
    shown = [each.text() for each in parts if each.isVisible()]
    board = QGuiApplication.clipboard()
    linked = []
    for each in Path("/proc/self/fd").iterdir():
        try:
            linked.append(str(each.readlink()))
        except OSError:
            continue
    maps = Path("/proc/self/maps").read_text(encoding="utf-8")
    return {
        "titles": sorted(day.titles),
        "secrets": day.secrets,
        "shown": shown,
        "clipboard": [board.text(), board.text(board.Mode.Selection)],
        "open": linked,
        "mapped": sorted({line.split(maxsplit=5)[5] for line in maps.splitlines() if len(line.split(maxsplit=5)) > 5}),
        "core": Path("/proc/self/limits").read_text(encoding="utf-8"),
        "filter": Path("/proc/self/coredump_filter").read_text(encoding="utf-8"),
        "planted": day.planted,
        "secret": secret,
    }


def main(home: Path) -> None:
    """Live the day."""
    written: list[str] = []
    writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def note_writing(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str) and (arguments[2] or 0) & writes:
            written.append(arguments[0])

    sys.addaudithook(note_writing)
    keep_no_dumps()
    make_application()
    day = Day(home)
    secret = create(day)
    write_down(day)
    more.at_home(day)
    more.own_words(day)
    bring_in(day)
    report(day)
    more.council_answers(day)
    more.kit(day, secret)
    more.volunteers_at_the_desk(day, secret)
    more.concern_read(day)
    more.from_anywhere(day)
    drafts(day)
    lock(day)
    written += more.commands(day, secret)
    unlock(day, secret)
    lock(day)
    found = seen_from_outside(day, secret)
    print(json.dumps({**found, "written": sorted(set(written))}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
