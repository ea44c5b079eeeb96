"""The window on a full disk: everything is read, and whoever saves is told in words that nothing can be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cis_desktop.records import people
from cis_desktop.vault.database import only_to_read
from cis_desktop.workspace import Workspace
from tests.core.vault.test_no_room_to_open import no_room
from ui.window import Window

from .everywhere import until

ANN = "correct horse battery staple"
Settled = Callable[[], None]


def test_a_record_on_a_full_disk_is_read_in_the_window_and_says_that_nothing_can_be_saved(
    window: Window, settled: Settled, tmp_path: Path
) -> None:
    with Workspace.create(tmp_path / "group", "Larder", "Ann", ANN, passes=1) as made, made.change("Added") as change:
        people.add(change, given_name="Amina")
    told, refused = only_to_read(), []
    with no_room():
        window.opened(Workspace.open(tmp_path / "group", ANN))
        settled()
        assert window.toast.isVisible()
        assert window.toast.words.text() == f"{told.title}. {told.sentence}"
        assert window.toast.property("notice") == "error"
        assert window.standing.saved.text() == "Only to read: the disk is full"
        window.go("people")
        settled()
        assert window.pages["people"].rows.record(0).label == "Amina"
        desk = window.desk
        assert desk is not None
        window.toast.hide()
        window.back_up()
        desk.write(
            window, "Added", lambda change: people.add(change, given_name="José"), lambda _: None, refused.append
        )
        settled()
        assert [error.sentence for error in refused] == [told.sentence]
        assert window.toast.isVisible()
        window.lock()
        until(lambda: not window.jobs.busy() and window.start.isEnabled())
    assert not list(tmp_path.glob("group/backups/*"))
    window.opened(Workspace.open(tmp_path / "group", ANN))
    settled()
    assert window.standing.saved.text() == "Everything is saved"
    window.lock()
    until(lambda: not window.jobs.busy() and window.start.isEnabled())
