"""Everything a person does in the window, one act a step, for the watchdog to watch. See `watchdog.drive`."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cis_desktop.demo import populate
from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace
from ui.window import PLACES, Window

KEY = bytes(range(32))
WORDS = "four words are enough"
CTRL = Qt.KeyboardModifier.ControlModifier
STEPS = ("reasons", "observing", "figures")
SHIFT = Qt.KeyboardModifier.ShiftModifier


def make_record(folder: Path, size: int) -> Path:
    """Make the record of a group of so many invented people, ten visits each, that a passphrase opens."""
    with Workspace.open_raw(folder, KEY, "Ann") as workspace:
        populate(workspace, size)
        keys.write_keys(folder, keys.sealed_list((keys.person_slot("Ann", WORDS, KEY, 3),), KEY))
    return folder


def make_sheet(path: Path, rows: int) -> Path:
    """Write a list of visits as a group would keep it."""
    draw = random.Random(20261123)
    with path.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(["Client no", "First name", "Surname", "Date of visit", "Postcode", "Adults", "Notes"])
        for _ in range(rows):
            number = draw.randrange(rows // 5)
            day = f"{1 + draw.randrange(28):02d}/{1 + draw.randrange(12):02d}/2024"
            said = f"note {number}"
            lines.writerow([f"K{number:05d}", "Amina", f"Khan{number}", day, "NW1 8AB", 1 + number % 4, said])
    return path


def make_table(path: Path, rows: int) -> Path:
    """Write a council's table of figures by ward."""
    draw = random.Random(20261123)
    with path.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(["Ward code", "Ward name", "Indicator", "Period", "Value"])
        for at in range(rows):
            ward = at % 40
            lines.writerow([f"E05{ward:06d}", f"Ward {ward}", f"Measure {at // 40 % 50}", f"{2000 + at // 2000}",
                            draw.randrange(1000)])  # fmt: skip
    return path


def unlocked(window: Window) -> Iterator[str]:
    """Unlock with a passphrase, and wait until the places are ready."""
    yield "the locked window"
    yield "unlocking"
    window.start.passphrase.field.setText(WORDS)
    window.start.unlock()
    while window.desk is None:
        yield "unlocking"
    yield "home"
    while window.ahead.busy():
        yield "making the places ready"


def places(window: Window) -> Iterator[str]:
    """Go everywhere."""
    for place in PLACES:
        yield f"to {place}"
        window.go(place)


def people(window: Window) -> Iterator[str]:
    """Find somebody, look at the one with most visits and their household, add a visit, take it back."""
    assert window.desk is not None
    busiest = "select person_id from contacts where person_id < 1000 group by 1 order by count(*) desc limit 1"
    (who,) = window.desk.workspace.read.execute(busiest).fetchone()
    yield "to people"
    window.go("people")
    page = window.pages["people"]
    for key in "mar s":
        yield f"typing {key!r} to find somebody"
        QTest.keyClick(page.find, key)
    yield "down to the first found"
    QTest.keyClick(page.find, Qt.Key.Key_Down)
    yield "opening the first found"
    QTest.keyClick(page.find, Qt.Key.Key_Return)
    for act in ("show", "household", "visit"):
        yield f"{act} of the one with most visits"
        page.open((act, who))
    yield "saving a visit"
    page.visit_form.note.setPlainText("Came with a neighbour")
    page.visit_form.save.click()
    yield "undoing the visit"
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)


def sessions(window: Window) -> Iterator[str]:
    """Open the desk and take an arrival."""
    yield "to the session desk"
    window.go("sessions", ("desk", None))
    page = window.pages["sessions"]
    yield "beginning the session"
    page.begin_form.start.click()
    for key in "anna":
        yield f"typing {key!r} at the desk"
        QTest.keyClick(page.front_desk.finder.field, key)
    yield "choosing at the desk"
    QTest.keyClick(page.front_desk.finder.field, Qt.Key.Key_Down)
    yield "an arrival"
    QTest.keyClick(page.front_desk.finder.field, Qt.Key.Key_Return)


def counting(window: Window) -> Iterator[str]:
    """See themes over time, and the figures of a report."""
    yield "to the themes over time"
    window.go("noticed", ("themes", None))
    yield "themes of a year"
    window.pages["noticed"].board.period.setCurrentIndex(1)
    yield "to what changed"
    window.go("history")
    yield "to reports"
    window.go("reports")
    guide = window.pages["reports"].guide
    yield "choosing a report"
    guide.choose.choose("food-support-quarterly-return@1", "2025-Q2")
    yield "counting for a report"
    guide.count()
    for step in STEPS:
        yield f"to its step {step}"
        guide.go(step)


def bringing_in(window: Window, sheet: Path) -> Iterator[str]:
    """Bring a large spreadsheet in, undo it, do it again, find it in the history."""
    yield "to the spreadsheet"
    window.go("intake")
    page = window.pages["intake"]
    yield "reading the file"
    page.read_file(sheet)
    yield "trying every row"
    page.try_it.click()
    yield "importing"
    page.bring.click()
    yield "undoing the import"
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    yield "importing again"
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT)
    yield "to what changed, after the import"
    window.go("history")


def post(window: Window, table: Path) -> Iterator[str]:
    """Take in what a council sent."""
    yield "to the council post"
    window.go("post")
    page = window.pages["post"]
    yield "looking at a large table"
    page.look_at([table])
    yield "taking it in"
    page.take_in()
    for at in range(page.reader.tabs.count()):
        yield f"part {at} of the table"
        page.reader.tabs.setCurrentIndex(at)


def ending(window: Window) -> Iterator[str]:
    """Back up, check, lock."""
    yield "backing up"
    window.back_up()
    yield "home again"
    window.go("home")
    yield "checking the record"
    window.pages["home"].check()
    yield "locking"
    window.lock()
    yield "locked"


def whole(window: Window, sheet: Path, table: Path) -> Iterator[str]:
    """Do all of it."""
    yield from unlocked(window)
    yield from places(window)
    yield from people(window)
    yield from sessions(window)
    yield from counting(window)
    yield from bringing_in(window, sheet)
    yield from post(window, table)
    yield from ending(window)
