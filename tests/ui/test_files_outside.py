"""Every plain file the app wrote or read is listed in Settings, and can be deleted there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cis_desktop import outside
from cis_desktop.intake import originals
from cis_desktop.workspace import Workspace
from tests.ui.test_post import bring, homes  # noqa: F401 - a fixture
from ui.widgets.files_outside import FilesOutside
from ui.window import Window

Settled = Callable[[], None]


@pytest.fixture
def lying(lists: Workspace, tmp_path: Path) -> dict[str, Path]:
    """Give three files that are listed: a list that came in, rejected rows that are gone, a report."""
    kinds: dict[str, outside.Kind] = {"list.csv": "import", "rejected.csv": "rejects", "report.pdf": "report"}
    files = {name: tmp_path / "Downloads" / name for name in kinds}
    (tmp_path / "Downloads").mkdir()
    for name, path in files.items():
        if name != "rejected.csv":
            path.write_text("something")
        with lists.change("Listed a file outside") as change:
            outside.note(change, path, kinds[name])
    return files


@pytest.fixture
def part(window: Window, lists: Workspace, lying: dict[str, Path], settled: Settled) -> FilesOutside:
    """Give the part of Settings with these files in it."""
    window.opened(lists)
    window.go("settings")
    settled()
    return window.pages["settings"].outside


def names(part: FilesOutside) -> dict[str, str]:
    """Give what each listed file is said to be now."""
    rows = part.files.rows
    return {rows.record(at).path.name: rows.index(at, 1).data() for at in range(rows.rowCount())}


def mark(part: FilesOutside, name: str) -> None:
    """Mark a file in the list."""
    rows = part.files.rows
    part.files.table.selectRow(next(at for at in range(rows.rowCount()) if rows.record(at).path.name == name))


def test_files_are_listed_with_whether_they_are_there_and_reports_apart(part: FilesOutside) -> None:
    assert names(part) == {"list.csv": "still there", "rejected.csv": "gone"}
    assert part.reports.rows.rowCount() == 1
    assert part.reports.isVisible()
    assert not part.kept.isVisible()
    assert part.files.rows.index(0, 3).data() == "Downloads"


def test_a_file_is_deleted_only_after_a_second_yes(
    part: FilesOutside, lying: dict[str, Path], settled: Settled, window: Window
) -> None:
    mark(part, "list.csv")
    part.files.delete.click()
    settled()
    assert lying["list.csv"].exists()
    # No is where Enter would press.
    assert part.files.no.hasFocus()
    part.files.no.click()
    assert not part.files.yes.isVisible()
    part.files.delete.click()
    part.files.yes.setFocus()
    QTest.keyClick(part.files.yes, Qt.Key.Key_Space)
    settled()
    assert not lying["list.csv"].exists()
    assert names(part) == {"rejected.csv": "gone"}
    assert window.toast.words.text() == "The file is deleted."


def test_what_is_gone_is_taken_off_the_list_and_what_is_there_is_not(
    part: FilesOutside, lying: dict[str, Path], settled: Settled
) -> None:
    mark(part, "list.csv")
    assert not part.files.forget.isEnabled()
    mark(part, "rejected.csv")
    assert not part.files.delete.isEnabled()
    part.files.forget.click()
    settled()
    assert names(part) == {"list.csv": "still there"}


def test_a_question_about_one_file_is_not_answered_for_another(part: FilesOutside, lying: dict[str, Path]) -> None:
    mark(part, "list.csv")
    part.files.delete.click()
    mark(part, "rejected.csv")
    assert not part.files.yes.isVisible()


def test_a_kept_original_is_saved_out_and_listed_and_taken_out(
    window: Window, lists: Workspace, part: FilesOutside, settled: Settled, tmp_path: Path
) -> None:
    path = tmp_path / "visits.csv"
    path.write_bytes(b"Date,Client ID\n")
    import hashlib

    originals.keep(lists, path, hashlib.sha256(path.read_bytes()).hexdigest())
    window.go("home")
    window.go("settings")
    settled()
    assert part.kept.isVisible()
    part.kept.save_out(tmp_path / "out.csv")
    settled()
    assert (tmp_path / "out.csv").read_bytes() == path.read_bytes()
    assert names(part)["out.csv"] == "still there"
    part.kept.remove.click()
    part.kept.yes.click()
    settled()
    assert originals.listed(lists.read) == []
    assert not part.kept.isVisible()


def test_council_post_that_is_kept_as_it_came_can_be_deleted_outside(
    window: Window,
    group: Workspace,
    settled: Settled,
    homes: Path,  # noqa: F811
) -> None:
    window.opened(group)
    window.go("post")
    page = window.pages["post"]
    bring(page, settled, [homes])
    settled()
    assert [(each.path, each.kind) for each in outside.listed(group.read)] == [(homes, "post")]
    assert page.leftover.isVisible()
    assert not page.leftover.keep.isVisible()
    page.leftover.delete.click()
    settled()
    assert not homes.exists()
    assert outside.listed(group.read) == []
