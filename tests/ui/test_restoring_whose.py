"""The window asks before it restores a record that this computer does not know, and shows whose it says it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cis_desktop.workspace import Workspace
from tests.core.forging import elsewhere, forged
from ui.window import Window

from .everywhere import until

ANN = "correct horse battery staple"


def test_a_record_that_somebody_put_in_the_place_of_a_backup_is_asked_about_first(
    window: Window, settled: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workspace.create(tmp_path / "group", "Larder", "Ann", ANN, passes=1) as workspace:
        seen = workspace.back_up()
    with monkeypatch.context() as patch:
        elsewhere(patch, tmp_path / "Mallory's")
        false = forged(seen, tmp_path / "forger", "The \u202eLarder")
    window.start.show_folder(None)
    window.start.restore_one()
    part = window.start.restoring

    def restore(backup: Path) -> None:
        part.take(backup)
        part.into.path.setText(str(tmp_path / "new"))
        part.secret.field.setText(ANN)
        part.go.click()
        settled()

    restore(false)
    assert part.notice.title.text() == "Is this the record you mean?"
    shown = part.notice.sentence.text()
    assert "“The Larder”" in shown
    assert "by Mallory" in shown
    assert part.go.hasFocus()
    assert not (tmp_path / "new").exists()
    # The real one is taken at once, though the other was asked about.
    restore(seen)
    assert window.desk is not None
    assert window.desk.workspace.name == "Larder"
    window.lock()
    until(lambda: not window.jobs.busy() and window.start.isEnabled())


def test_on_a_new_computer_the_same_once_more_restores_it(
    window: Window, settled: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workspace.create(tmp_path / "group", "Larder", "Ann", ANN, passes=1) as workspace:
        seen = workspace.back_up()
    elsewhere(monkeypatch, tmp_path / "new computer")
    window.start.show_folder(None)
    window.start.restore_one()
    part = window.start.restoring
    part.take(seen)
    part.into.path.setText(str(tmp_path / "new"))
    part.secret.field.setText(ANN)
    part.go.click()
    settled()
    assert "the record of “Larder”" in part.notice.sentence.text()
    part.go.click()
    settled()
    assert window.desk is not None
    assert window.desk.workspace.folder == tmp_path / "new"
    window.lock()
    until(lambda: not window.jobs.busy() and window.start.isEnabled())
