"""Whoever got the file of a report checks in the window, without a record, whether it is as it was signed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
from PySide6.QtWidgets import QFileDialog

from cis_desktop.packs import PackFiles, build
from tests.core.packs.examples import SIGNER, details, ordinary
from ui.dialogs.unchanged import Unchanged, check
from ui.window import Window


def made(folder: Path) -> PackFiles:
    """Give the files of a report, the workbook written to a folder."""
    files = build(ordinary(), details(), SIGNER)
    (folder / "report.xlsx").write_bytes(files.workbook)
    return files


def told(window: Window, settled: Callable[[], None], path: Path) -> tuple[str, str, str]:
    """Give what the window says of a file: the title, the sentence, and what is under it."""
    check(window, path)
    settled()
    (shown,) = window.findChildren(Unchanged)
    assert shown.isVisible()
    said = shown.notice.title.text(), shown.notice.sentence.text(), shown.more.text()
    shown.close()
    return said


def test_a_file_as_it_was_signed_says_of_whom_it_is(
    window: Window, settled: Callable[[], None], tmp_path: Path
) -> None:
    made(tmp_path)
    title, sentence, more = told(window, settled, tmp_path / "report.xlsx")
    assert title == "It is as it was signed"
    assert "“Small group return, version 1”, Jan to Mar 2018, from Kilburn Pantry. Ada Lovelace signed" in sentence
    assert "fingerprint" in more
    assert window.desk is None


def test_a_changed_file_and_a_file_of_something_else_say_what_is_wrong(
    window: Window, settled: Callable[[], None], tmp_path: Path
) -> None:
    files = made(tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(files.workbook))
    book.worksheets[-1]["A1"] = "Something else"
    book.save(tmp_path / "changed.xlsx")
    title, sentence, more = told(window, settled, tmp_path / "changed.xlsx")
    assert title == "It is not as it was signed"
    assert "ask the group to send it again" in sentence
    assert more
    (tmp_path / "letter.zip").write_bytes(b"Dear council")
    _, sentence, more = told(window, settled, tmp_path / "letter.zip")
    assert "letter.zip" in sentence
    assert not more


def test_the_menu_offers_it_while_no_record_is_open(window: Window) -> None:
    (found,) = [each for each in window.actions() if each.text() == "&Check a report file…"]
    assert found.isEnabled()
    found.trigger()
    (dialog,) = window.findChildren(QFileDialog)
    dialog.close()
