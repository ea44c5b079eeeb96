"""More of a whole day: a home, a council's answer, the group's own words, volunteers, a kit, concerns, mended rows,
what is added and found from anywhere, and commands beside the window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from cis_desktop import concerns
from cis_desktop.records import households, people, sessions
from cis_desktop.records.code_lists import load_code_lists
from tests.core.briefings import made
from ui.widgets.own_lists import OwnLists

if TYPE_CHECKING:
    from tests.journeys.whole_day import Day

RETURN = Qt.Key.Key_Return
SAVE = (RETURN, Qt.KeyboardModifier.ControlModifier)
PIN = "73920461"
"""Digits that stand nowhere by chance."""

LISTENED = """
import json, os, sys
written, writes = [], os.O_WRONLY | os.O_RDWR | os.O_CREAT
def note(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and (arguments[2] or 0) & writes:
        written.append(arguments[0])
sys.addaudithook(note)
from ui.__main__ import main
code = main(sys.argv[1:])
print("\\n" + json.dumps([code, sorted(set(written))]))
"""


def at_home(day: Day) -> None:
    """Correct a household on its page."""
    workspace = day.window.desk.workspace
    with workspace.change("Wrote down a home") as change:
        home = households.add(change, label=day.canary("household, label"))
        person = people.add(change, given_name=day.canary("person at home"), household_id=home)
    day.form("people", ("household", person), "household", lambda page: page.home_sheet)


def own_words(day: Day) -> None:
    """Put words of the group's own on a list."""
    with day.window.desk.workspace.change("Brought the lists") as change:
        load_code_lists(change)
    day.window.go("settings")
    day.settle()
    (lists,) = day.window.pages["settings"].findChildren(OwnLists)
    QTest.keyClicks(lists.name, day.canary("word of a list"))
    lists.add()
    day.settle()


def council_answers(day: Day) -> None:
    """Take in what a council sends: words and figures inside it are theirs, and nobody else's to read."""
    says = {name: day.canary(f"briefing, {name}") for name in ("title", "heard", "decided", "not_done", "questions")}
    table = made.TABLE.replace("Homes without heating", day.canary("briefing, a figure"))
    files = {"tables/t.csv": table.encode(), "pages/p.md": day.canary("briefing, a page").encode()}
    signed = {"name": day.canary("briefing, sender"), "public_key": made.COUNCIL.public}
    path = made.briefing(day.home / "given" / "answer.cis-briefing.zip", files, sender=signed, **says)
    letter = day.home / "given" / f"{day.canary('name of a letter')}.txt"
    letter.write_text(f"Dear all, {day.canary('letter')}\n", encoding="utf-8")
    page = day.window.go("post") or day.window.pages["post"]
    for each in (path, letter):
        page.look_at([each])
        day.settle()
        if page.checking.isVisible():
            page.checking.accept.click()
            day.settle()
    found = day.window.desk.workspace.read.execute("select count(*) from briefings where gone = 0").fetchone()
    assert found == (2,), day.said(page)


def kit(day: Day, secret: str) -> None:
    """Make a recovery kit and prove it by two of its groups."""
    day.window.go("home", ("kit", None))
    day.settle()
    part = day.window.pages["home"].kit
    if not part.identity:
        part.mine.field.setText(secret)
        part.confirm()
        day.settle()
    day.secrets["the key of a kit"] = part.identity.removeprefix("AGE-SECRET-KEY-1")[:24]
    groups = [label.text() for label in part.parts]
    part.ask()
    for at, field in zip(part.asked, part.fields, strict=True):
        QTest.keyClicks(field, groups[at])
    part.prove()
    day.settle()


def concern_read(day: Day) -> None:
    """Read a concern as the lead does, decide on it, and leave another one half written."""
    day.window.go("concerns", ("read", None))
    day.settle()
    page = day.window.pages["concerns"]
    page.reading.table.selectRow(0)
    day.settle()
    assert "canary" in page.reading.words.text()
    page.reading.decision.setPlainText(day.canary("decision on a concern"))
    page.reading.decide()
    day.settle()
    assert concerns.listed(day.window.desk.workspace)[0].decisions
    page.open(("new", ""))
    page.writing.words.setPlainText(day.canary("draft of a concern"))
    day.window.keep_drafts()
    day.settle()


def volunteers_at_the_desk(day: Day, secret: str) -> None:
    """Give a volunteer a PIN, hand the desk over, write as they do, and take it back."""
    window = day.window
    window.go("volunteers")
    day.settle()
    pins = window.pages["volunteers"].findChild(type_of_pins())
    name = day.canary("volunteer")
    QTest.keyClicks(pins.name, name)
    QTest.keyClicks(pins.pin, PIN)
    day.secrets["a PIN"] = PIN
    pins.add_one()
    day.settle()
    window.go("sessions", ("hand", None))
    form = window.pages["sessions"].begin_form
    form.venue.setText(day.canary("place of a session"))
    form.start.click()
    day.settle()
    page = window.handed.page
    page.names.selectRow(0)
    QTest.keyClicks(page.pin, PIN)
    QTest.keyClick(page.pin, RETURN)
    day.settle()
    assert page.writing.isVisible(), day.said(page)
    QTest.keyClicks(page.writing.noticed, day.canary("something noticed at the desk"))
    QTest.keyClick(page.writing.noticed, RETURN)
    page.write_concern()
    page.form.words.setPlainText(day.canary("concern of a volunteer"))
    page.form.store()
    day.settle()
    page.ask_back()
    page.secret.field.setText(secret)
    page.give_back()
    day.settle()
    assert window.desk is not None, day.said(page)
    assert sessions.page(window.desk.workspace.read)


def type_of_pins() -> Any:
    """Give the card of volunteers, which is loaded with its page."""
    from ui.pages.volunteers.pins import PinsCard

    return PinsCard


def mend(day: Day, page: Any) -> None:
    """Put right a row that could not come in, in its place."""
    table = page.mending.table
    titles = [str(page.rejects.headerData(at, Qt.Orientation.Horizontal)) for at in range(page.rejects.columnCount())]
    word = day.canary("mended cell")
    for title, text in (("Notes", word), ("Date", "11/01/2018")):
        table.setFocus()
        table.setCurrentIndex(page.rejects.index(0, titles.index(title)))
        QTest.keyClick(table, Qt.Key.Key_F2)
        field = table.viewport().findChild(QLineEdit)
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, RETURN)
        QTest.qWait(20)
    page.mending.try_again.click()
    day.settle()


def from_anywhere(day: Day) -> None:
    """Look for somebody who is not there with Ctrl+K, and add somebody with Ctrl+N."""
    window = day.window
    window.find_anything()
    QTest.keyClicks(window.anywhere.field, day.canary("search everywhere"))
    QTest.keyClick(window.anywhere.field, Qt.Key.Key_Escape)
    window.quick_add()
    window.adding.begin("new")
    # A word with digits in it would be taken for a number, and not for a name.
    name = "Zqaddedcanaryquickly"
    day.planted[name] = "quick add"
    QTest.keyClicks(window.adding.field, name)
    QTest.keyClick(window.adding.field, RETURN)
    day.settle()
    form = window.pages["people"].person_form
    form.setFocus()
    QTest.keyClick(form, *SAVE)
    day.settle()


def commands(day: Day, secret: str) -> list[str]:
    """While the window is locked, do by commands what can be done by them; give the files they wrote to."""
    given = day.home / "given"
    (given / "passphrase.txt").write_text(secret, encoding="utf-8")
    sheet = given / f"{day.canary('name of a spreadsheet')}.csv"
    rows = [f"{n + 500},{day.canary('spreadsheet of a command')},{1 + n % 28}/05/2018" for n in range(30)]
    sheet.write_text("\n".join(["Client no,First name,Date", *rows, ""]), encoding="utf-8")
    record, out = str(day.home / "record"), str(day.home / "asked for" / "by command")
    (pack,) = (day.home / "asked for").glob("*.cis-pack.zip")
    written: list[str] = []
    for code, arguments in (
        (0, ["import", record, str(sheet), "--dates", "uk"]),
        (0, ["verify", str(pack)]),
        (0, ["release", record, "--agreement", "small-group-return", "--period", "2018-Q2", "--out", out,
             "--sign-off", "Ann"]),
        (0, ["person", record, "add", "--field", f"given_name={day.canary('person of a command')}"]),
        (0, ["search", record, "Zq"]),
        (0, ["check", record]),
        (1, ["import", record, str(given / "passphrase.txt")]),
    ):  # fmt: skip
        opens = [] if arguments[0] == "verify" else ["--passphrase-file", str(given / "passphrase.txt")]
        done = subprocess.run(
            [sys.executable, "-c", LISTENED, *arguments, *opens], env=dict(os.environ), capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        came, files = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else (None, [])
        if came != code:
            print(f"{arguments[0]} gave {came}: {done.stdout} {done.stderr}", file=sys.stderr)
            raise AssertionError(arguments[0])
        written += files
    return written
