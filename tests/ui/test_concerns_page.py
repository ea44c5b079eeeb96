"""Safeguarding concerns in the window: written by anybody, read by few, and nowhere else to be seen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cis_desktop import concerns, ways_in
from cis_desktop.concern_readers import kits
from cis_desktop.records import people, search
from cis_desktop.words import day
from cis_desktop.workspace import Workspace
from tests.core.concern_group import ANN, BO, CY, make_group
from tests.ui.keys import press, type_in
from ui.pages.concerns.page import ConcernsPage
from ui.pages.concerns.reading import sheet
from ui.widgets.printing import put_on_paper
from ui.window import Window

from .everywhere import until

SECRET = "zebra bruises"
CTRL = Qt.KeyboardModifier.ControlModifier
Settled = Callable[[], None]
Unlock = Callable[[str], ConcernsPage]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a record of Ann's (who leads), Bo's (the deputy) and Cy's, with one person in it."""
    folder = make_group(tmp_path / "group")
    with Workspace.open(folder, ANN) as made, made.change("Added a person") as change:
        people.add(change, given_name="Amina", family_name="Khan")
    return folder


@pytest.fixture
def unlock(qtbot: QtBot, window: Window, folder: Path, settled: Settled) -> Iterator[Unlock]:
    """Give what locks the window and opens it under a passphrase, at the page of concerns."""

    def lock() -> None:
        window.lock()
        until(lambda: not window.jobs.busy() and window.start.isEnabled())

    def opened(secret: str) -> ConcernsPage:
        lock()
        window.opened(Workspace.open(folder, secret))
        settled()
        window.go("concerns")
        settled()
        page = window.pages["concerns"]
        assert isinstance(page, ConcernsPage)
        return page

    yield opened
    lock()


def write(page: ConcernsPage, settled: Settled, words: str = f"She had {SECRET}.", *kept_from: str) -> None:
    """Write one by keyboard."""
    page.open(("new", ""))
    type_in(page.writing.words, words)
    page.writing.keep_from.tick(kept_from)
    press(page, Qt.Key.Key_Return, CTRL)
    settled()


def labels(window: Window) -> str:
    return "\n".join(each.text() for each in window.findChildren(QLabel) if each.isVisible())


def rows(page: ConcernsPage) -> list[str]:
    return [page.reading.rows.record(at).note.words for at in range(page.reading.rows.rowCount())]


def test_it_is_written_by_keyboard_and_cannot_be_read_back(window: Window, unlock: Unlock, settled: Settled) -> None:
    page = unlock(CY)
    assert page.writing.form.isVisible()
    assert "Ring 999" in labels(window)
    assert "the safeguarding lead and the deputy" in page.writing.who.text()
    assert "you cannot read it back" in page.writing.who.text()
    write(page, settled)
    said = labels(window)
    assert "It is saved, as K-" in said
    assert "999" in said
    assert SECRET not in said
    press(page, Qt.Key.Key_Z, CTRL)
    settled()
    page.open(("new", ""))
    assert page.writing.words.toPlainText() == ""
    page.writing.words.undo()
    assert page.writing.words.toPlainText() == ""
    page.read.click()
    settled()
    assert rows(page) == []
    assert "under their own passphrase" in labels(window)
    assert rows(unlock(ANN)) == rows(unlock(BO)) == [f"She had {SECRET}."]


def test_whoever_it_is_kept_from_finds_no_trace_of_it(window: Window, unlock: Unlock, settled: Settled) -> None:
    page = unlock(CY)
    page.writing.keep_from.tick(["Ann"])
    assert "It will be read by the deputy," in page.writing.who.text()
    assert "Ann" not in page.writing.who.text()
    write(page, settled, f"She had {SECRET}.", "Ann")
    assert "It can be read by the deputy." in labels(window)
    assert "Ann" not in page.writing.told.text()
    page = unlock(ANN)
    assert rows(page) == []
    window.go("home")
    settled()
    assert not window.pages["home"].waiting.isVisible()
    for place in ("home", "history"):
        window.go(place)
        settled()
        told = [each.words for each in window.desk.workspace.change_sets()]
        assert not [each for each in told if "safeguarding concern" in each]
    assert rows(unlock(BO)) == [f"She had {SECRET}."]


def test_nobody_left_to_read_it_is_said_before_it_is_saved(window: Window, unlock: Unlock) -> None:
    page = unlock(CY)
    page.writing.keep_from.tick(["Ann", "Bo"])
    assert "Nobody would be left" in page.writing.who.text()
    assert not page.writing.save.isEnabled()


def test_where_nobody_reads_it_says_so_before_anything_is_typed(
    window: Window, tmp_path: Path, settled: Settled
) -> None:
    made = Workspace.create(tmp_path / "new", "Larder", "Ann", ANN, passes=1)
    window.opened(made)
    window.go("concerns", ("new", ""))
    settled()
    page = window.pages["concerns"]
    assert page.writing.nobody.isVisible()
    assert not page.writing.words.isVisible()
    page.writing.named.emit()
    page.naming.name.click()
    settled()
    assert [(each.name, each.role) for each in concerns.readers(made.read)] == [("Ann", "lead")]
    assert page.notice.title.text() == "Ann reads concerns now"
    page.write.click()
    assert page.writing.words.isVisible()
    assert "Waits" not in labels(window)
    window.lock()
    settled()


def test_home_says_that_one_waits_to_those_who_read_it_alone(window: Window, unlock: Unlock, settled: Settled) -> None:
    write(unlock(CY), settled)
    for secret, waits in ((CY, False), (ANN, True)):
        unlock(secret)
        window.go("home")
        settled()
        assert window.pages["home"].waiting.isVisible() is waits
    page = window.pages["concerns"]
    window.go("concerns", ("read", None))
    settled()
    assert page.reading.card.isVisible()
    page.reading.decision.setFocus()
    type_in(page.reading.decision, "Rang the council.")
    press(page, Qt.Key.Key_Return, CTRL)
    settled()
    assert "Rang the council." in page.reading.log.text()
    assert page.reading.decision.toPlainText() == ""
    window.go("home")
    settled()
    assert not window.pages["home"].waiting.isVisible()


def test_what_is_half_written_comes_back_to_its_writer_alone(
    window: Window, unlock: Unlock, settled: Settled, folder: Path
) -> None:
    page = unlock(CY)
    page.open(("new", ""))
    type_in(page.writing.words, f"Half of {SECRET}")
    page.writing.about.setText("P-0001")
    page.writing.keep_from.tick(["Bo"])
    page.writing.words.setFocus()
    window.keep_drafts()
    settled()
    assert SECRET not in json.dumps(window.written())
    assert json.loads(window.kept)["place"] == "home"
    window.lock()
    until(lambda: not window.jobs.busy() and window.start.isEnabled())
    window.opened(Workspace.open(folder, ANN))
    settled()
    assert window.place == "home", "nor where somebody was"
    window.go("concerns", ("new", ""))
    settled()
    assert page is not window.pages["concerns"]
    page = window.pages["concerns"]
    assert (page.writing.words.toPlainText(), page.writing.about.text()) == ("", "")
    assert page.writing.keep_from.ticked() == []
    page.writing.words.setPlainText("Ann’s own half")
    window.lock()
    until(lambda: not window.jobs.busy() and window.start.isEnabled())
    window.opened(Workspace.open(folder, CY))
    until(lambda: window.place == "concerns")
    page = window.pages["concerns"]
    assert page.writing.words.toPlainText() == f"Half of {SECRET}"
    assert page.writing.words.textCursor().position() == len(f"Half of {SECRET}")
    assert page.writing.words.hasFocus()
    assert page.writing.about.text() == "P-0001"
    assert page.writing.keep_from.ticked() == ["Bo"]
    page.writing.save.click()
    settled()
    page = unlock(ANN)
    assert page.writing.words.toPlainText() == "Ann’s own half"
    assert rows(page) == [f"Half of {SECRET}"]


def test_a_half_written_decision_comes_back_with_its_concern(window: Window, unlock: Unlock, settled: Settled) -> None:
    write(unlock(CY), settled)
    page = unlock(ANN)
    page.reading.decision.setPlainText("I shall ring")
    page = unlock(BO)
    assert page.reading.decision.toPlainText() == ""
    page = unlock(ANN)
    assert page.reading.decision.toPlainText() == "I shall ring"


def test_a_person_is_picked_from_their_page_or_by_name(window: Window, unlock: Unlock, settled: Settled) -> None:
    page = unlock(CY)
    type_in_about(page, "Ami")
    assert page.writing._names.stringList() == ["Amina Khan (P-0001)"]
    page.writing.about.clear()
    window.go("people", ("show", 1))
    window.pages["people"].findChild(QLabel)
    sheet_part = next(each for each in window.pages["people"].findChildren(object) if hasattr(each, "_worry"))
    sheet_part._worry()
    settled()
    assert window.place == "concerns"
    assert page.writing.about.text() == "Amina Khan (P-0001)"
    assert page.writing.words.hasFocus()


def type_in_about(page: ConcernsPage, text: str) -> None:
    page.open(("new", ""))
    page.writing.about.setFocus()
    type_in(page.writing.about, text)
    page.writing.about.completer().popup().hide()


def test_only_readers_change_who_reads(window: Window, unlock: Unlock, settled: Settled) -> None:
    page = unlock(CY)
    page.who.click()
    assert not page.naming.acts.isVisible()
    assert [page.naming.rows.record(at).name for at in range(2)] == ["Ann", "Bo"]
    page = unlock(ANN)
    page.who.click()
    page.naming.person.setCurrentIndex(page.naming.person.findText("Cy"))
    page.naming.role.choose("deputy")
    page.naming.name.click()
    settled()
    assert [each.name for each in concerns.readers(window.desk.workspace.read)] == ["Ann", "Bo", "Cy"]
    page.naming.table.selectRow(1)
    page.naming.off.click()
    settled()
    assert [each.name for each in concerns.readers(window.desk.workspace.read)] == ["Ann", "Cy"]


def test_a_kit_that_waits_is_told_to_a_reader_who_lets_it_open_what_they_read(
    window: Window, unlock: Unlock, settled: Settled, folder: Path
) -> None:
    with Workspace.open(folder, CY) as workspace:
        ways_in.add_recovery(workspace)

    def waits(secret: str) -> tuple[str, bool]:
        page = unlock(secret)
        page.who.click()
        return page.naming.kits.text() if page.naming.kits.isVisible() else "", page.naming.agree.isVisible()

    made = f"A recovery kit was made by Cy on {day(date.today())}."
    assert waits(CY) == ("", False)
    assert waits(ANN) == (f"{made} It cannot open concerns yet.", True)
    window.pages["concerns"].naming.agree.click()
    settled()
    assert not window.pages["concerns"].naming.kits.isVisible()
    assert not window.pages["concerns"].naming.agree.isVisible()
    assert waits(BO) == (f"{made} It opens no concern that is kept from Ann.", True)
    (kit,) = kits(window.desk.workspace.read)
    assert kit.agreed == ("Ann",)


def test_words_of_it_are_found_nowhere(window: Window, unlock: Unlock, settled: Settled) -> None:
    write(unlock(CY), settled)
    unlock(ANN)
    read = window.desk.workspace.read
    assert search.search(read, "zebra") == []
    for place in ("home", "people", "history", "settings", "noticed"):
        window.go(place)
        settled()
        assert "zebra" not in labels(window)
    assert "zebra" not in window.windowTitle()


def test_it_goes_on_paper_whole(window: Window, unlock: Unlock, settled: Settled, tmp_path: Path) -> None:
    write(unlock(CY), settled, f"She had {SECRET}.", "Bo")
    page = unlock(ANN)
    page.reading.decision.setPlainText("Rang the council.")
    page.reading.save.click()
    settled()
    # A printer cannot be had here: the same page goes to a PDF, which only this test makes.
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "page.pdf"))
    put_on_paper(printer, sheet(page.reading.concern))
    words = " ".join(PdfReader(tmp_path / "page.pdf").pages[0].extract_text().split())
    for part in (SECRET, "by Cy", "Kept from: Bo", "Rang the council.", "locked away"):
        assert part in words
