"""The window closed in the middle of anything: gone at once, and what was under way is done whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cis_desktop import health
from cis_desktop.packs import verify
from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace
from tests.ui.reporting import at, opened
from tests.ui.tour import make_sheet, make_table
from ui.leaving import Leaving
from ui.window import Window

KEY = bytes(range(32))
ROWS = 1500
MOMENTS = (0.0, 0.15)
"""Seconds into the work at which the window is closed."""


@pytest.fixture
def at_work(
    window: Window, group: Workspace, settled: Callable[[], None], tmp_path: Path, act: str
) -> Callable[[], None]:
    """Open a record in the window, bring it to just before an act, and give what begins the act."""
    kit, _ = keys.recovery_slot(KEY)
    keys.write_keys(group.folder, keys.sealed_list((kit,), KEY))
    with group.change("Proved the recovery kit") as change:
        health.kit_proven(change, kit.id)
    if act in ("preview", "release"):
        guide = opened(window, group).guide
        guide.choose.accept_button.click()
        settled()
        guide.signing.out.path.setText(str(tmp_path / "out"))
        if act == "preview":
            return guide.count
        guide.count()
        settled()
        return at(guide, "signing", settled).signing.release
    window.opened(group)
    if act == "post":
        window.go("post")
        window.pages["post"].look_at([make_table(tmp_path / "table.csv", 2 * ROWS)])
        settled()
        return window.pages["post"].take_in
    if act == "backup":
        return window.back_up
    window.go("intake")
    intake = window.pages["intake"]
    intake.read_file(make_sheet(tmp_path / "visits.csv", ROWS))
    settled()
    intake.try_it.click()
    settled()
    if act == "import":
        return intake.bring.click
    intake.bring.click()
    settled()
    return lambda: QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("act", ["import", "undo", "post", "backup", "preview", "release"])
def test_closing_in_the_middle_leaves_nothing_half_done(
    qtbot: QtBot, window: Window, group: Workspace, at_work: Callable[[], None], tmp_path: Path, act: str, moment: float
) -> None:
    ended: list[bool] = []
    window.left.connect(lambda: ended.append(True))
    before = [each.id for each in group.change_sets()]
    (visits,) = group.read.execute("select count(*) from contacts where gone = 0").fetchone()
    window.go("noticed", ("new", None))
    window.pages["noticed"].words.setPlainText("Half a thought")
    at_work()
    assert window.jobs.busy()
    QTest.qWait(int(moment * 1000))
    began = time.thread_time()
    window.close()
    assert not window.isVisible()
    assert time.thread_time() - began < 2
    qtbot.waitUntil(lambda: bool(ended), timeout=60_000)

    assert (group.folder / "vault.lock").read_bytes() == b""
    left = [path.name for path in (*group.folder.rglob("*"), *tmp_path.glob("out/*"))]
    assert not [name for name in left if name.startswith(".") or name.endswith((".new", ".part", ".tmp"))], left
    with Workspace.open_raw(group.folder, KEY, "Ann") as again:
        assert again.problems() == []
        after = [each.id for each in again.change_sets()]
        assert after[-len(before) :] == before
        assert len(after) - len(before) <= 1
        came = {
            table: again.read.execute(f"select count(*) from {table} where gone = 0").fetchone()[0]
            for table in ("contacts", "releases")
        }
        from ui import drafts

        assert drafts.read(again.read)["drafts"]["noticed"]["values"]["words"] == "Half a thought"
    done = len(after) > len(before)
    if act == "import":
        assert came["contacts"] == visits + (ROWS if done else 0)
    elif act == "undo":
        assert came["contacts"] == visits - (ROWS if done else 0)
    elif act == "release":
        # What the history says was made is there to be sent.
        packs = [path for path in tmp_path.glob("out/*") if path.suffix not in (".xlsx", ".pdf", ".html", ".eml")]
        assert (came["releases"], len(packs)) in ((0, 0), (1, 1))
        assert all(verify(path).valid for path in packs)
    elif act == "backup":
        assert len(list(group.folder.glob("backups/*"))) <= 1


@pytest.mark.parametrize("act", ["undo"])
def test_undoing_an_import_can_be_stopped_and_undone_after_all(
    window: Window, group: Workspace, at_work: Callable[[], None], settled: Callable[[], None], act: str
) -> None:
    def visits() -> int:
        return int(group.read.execute("select count(*) from contacts where gone = 0").fetchone()[0])

    before = visits(), len(group.change_sets())
    at_work()
    (job,) = window.jobs._running
    assert job.can_stop
    job.cancel()
    settled()
    assert (visits(), len(group.change_sets())) == before
    assert window.toast.words.text() == "Stopped, as you asked. Nothing was changed."
    at_work()
    settled()
    assert visits() == before[0] - ROWS


@pytest.mark.parametrize("act", ["import"])
def test_the_end_of_a_session_waits_until_the_record_is_closed(
    window: Window, group: Workspace, at_work: Callable[[], None], act: str
) -> None:
    leaving = Leaving(window)
    window.go("noticed", ("new", None))
    window.pages["noticed"].words.setPlainText("Half a thought")
    at_work()
    leaving.session_ends()
    leaving.let_go()
    assert not window.jobs.busy()
    assert window.desk is None
    with Workspace.open_raw(group.folder, KEY, "Ann") as again:
        from ui import drafts

        assert again.problems() == []
        assert drafts.read(again.read)["drafts"]["noticed"]["values"]["words"] == "Half a thought"
