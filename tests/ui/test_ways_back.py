"""The ways back into a record from the first page: the recovery kit, a backup, and a computer that may by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cis_desktop import backups, health, ways_in
from cis_desktop.errors import CisError
from cis_desktop.kit import PREFIX, groups, suspected
from cis_desktop.records import people
from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace
from tests.ui.keys import press
from ui.widgets.kit_entry import KitEntry
from ui.widgets.qr import modules, picture
from ui.window import Window

Settled = Callable[[], None]
ROOT = Path(__file__).resolve().parents[2]
ANN, NEW = "correct horse battery staple", "velvet otter brisk canal"


@pytest.fixture
def kit(tmp_path: Path) -> str:
    """Make a record that Ann and a kit can open, and one backup of it; give the kit's key."""
    with Workspace.create(tmp_path / "record", "Kilburn Kitchen", "Ann", ANN, passes=1) as made:
        identity = ways_in.add_recovery(made)
        with made.change("Added a person") as change:
            people.add(change, given_name="Amina")
        made.back_up()
    return identity


def opens(folder: Path, secret: str) -> bool:
    try:
        keys.open_with(keys.read_keys(folder), secret)
    except CisError:
        return False
    return True


def mistyped(identity: str, at: int) -> str:
    """Change one letter of a key."""
    at += len(PREFIX)
    return identity[:at] + ("Q" if identity[at] != "Q" else "P") + identity[at + 1 :]


def test_the_kit_leads_back_in_and_is_changed_for_another(
    window: Window, kit: str, settled: Settled, tmp_path: Path
) -> None:
    folder, start = tmp_path / "record", window.start
    start.show_folder(folder)
    before = (folder / "vault.keys").read_bytes()
    start.passphrase.field.setFocus()
    press(window, Qt.Key.Key_I, Qt.KeyboardModifier.AltModifier)
    QTest.qWait(250)
    part = start.recovering
    assert part.entry.fields[0].hasFocus()
    # As it stands on the paper: group by group, in small letters, and the last letter of the third one wrong.
    for letter in mistyped(kit, 11).removeprefix(PREFIX).lower():
        QTest.keyClicks(QApplication.focusWidget(), letter)
    press(window, Qt.Key.Key_Return)
    settled()
    assert part.notice.title.text() == "Look at group 3 once more"
    part.entry.fields[2].setText(groups(kit)[2])
    press(window, Qt.Key.Key_Return)
    settled()
    assert "so far: Ann" in part.who.text()
    part.person.setText("ann")
    for secret in (part.new.first, part.new.second):
        secret.field.setText("kilburn kitchen")
    part.choose()
    settled()
    assert part.notice.title.text() == "That passphrase is too weak"
    for secret in (part.new.first, part.new.second):
        secret.field.setText(NEW)
    part.choose()
    settled()
    shown = [label.text() for label in part.paper.parts]
    part.paper.ask()
    assert (folder / "vault.keys").read_bytes() == before, "nothing is changed before the new kit is held"
    for field, at in zip(part.paper.fields, part.paper.asked, strict=True):
        field.setText(shown[at].lower())
    part.paper.prove()
    settled()
    settled()
    assert window.place == "home"
    workspace = window.desk.workspace
    assert workspace.who == "ann"
    assert health.health(workspace.read, folder).kit == "proven"
    new = PREFIX + "".join(shown)
    assert [opens(folder, secret) for secret in (ANN, kit, NEW, new)] == [False, False, True, True]
    newest = backups.made(folder / "backups")[0]
    window.lock()
    settled()
    Workspace.restore(newest.path, tmp_path / "again", new).close()
    assert part.typed == part.paper.identity == part.new.first.text() == ""


def test_leaving_half_way_changes_nothing_and_forgets_the_key(
    window: Window, kit: str, settled: Settled, tmp_path: Path
) -> None:
    folder, start = tmp_path / "record", window.start
    start.show_folder(folder)
    # A kit typed where the passphrase goes is led to its own steps.
    start.passphrase.field.setText(f" {kit.lower()} ")
    start.unlock()
    settled()
    part = start.recovering
    assert part.naming.isVisible()
    assert start.passphrase.text() == ""
    part.leave()
    assert start.unlocking.isVisible()
    assert part.typed == ""
    assert not any(field.text() for field in part.entry.fields)
    assert opens(folder, ANN)
    assert opens(folder, kit)


def test_a_kit_of_another_record_opens_nothing(window: Window, kit: str, settled: Settled, tmp_path: Path) -> None:
    window.start.show_folder(tmp_path / "record")
    window.start.recover(tmp_path / "record", keys.new_identity())
    settled()
    assert window.start.recovering.notice.title.text() == "That recovery key does not open it"
    assert window.desk is None


def test_the_whole_key_may_be_pasted_and_letters_no_key_has_are_named(window: Window) -> None:
    entry, identity = KitEntry(), keys.new_identity()
    entry.fields[0].beyond.emit(identity.removeprefix(PREFIX)[4:])
    entry.fields[0].setText(groups(identity)[0])
    assert entry.text() == identity
    assert entry.missing() is None
    entry.fields[4].setText("B1QQ")
    assert entry.judged.text() == "Group 5 cannot have B1 in it. Look at the paper once more."
    assert entry.missing() == 5
    # An O on paper is a 0 that somebody wrote roundly.
    entry.fill(identity.lower().replace("0", "o"))
    assert entry.text() == identity
    entry.deleteLater()


def test_one_mistyped_letter_is_placed_wherever_it_is(kit: str) -> None:
    assert [suspected(mistyped(kit, at)) for at in range(58)] == [at // 4 + 1 for at in range(58)]
    assert suspected(mistyped(mistyped(kit, 3), 40)) is None


def test_the_square_is_the_key_in_whole_modules(kit: str) -> None:
    rows, drawn = modules(kit), picture(kit, 3)
    assert drawn.width() == 3 * (len(rows) + 8)
    seen = [
        [drawn.pixelColor(3 * (across + 4) + 1, 3 * (down + 4) + 1).value() == 0 for across in range(len(rows))]
        for down in range(len(rows))
    ]
    assert seen == rows
    # The three corners by which a camera finds it.
    assert all(rows[0][:7])
    assert all(rows[0][-7:])
    assert all(rows[-1][:7])


# --- a backup -----------------------------------------------------------------------------------------------


def test_a_backup_is_restored_from_the_page_of_facts_in_three_clicks(
    window: Window, kit: str, settled: Settled, tmp_path: Path
) -> None:
    folder = tmp_path / "record"
    window.opened(Workspace.open(folder, ANN))
    settled()
    with window.desk.workspace.change("Added another") as change:
        people.add(change, given_name="José")
    window.go("health")
    settled()
    window.pages["health"].restore.click()
    settled()
    settled()
    part = window.start.restoring
    assert part.isVisible()
    assert part.which.count() == 1, "the one of before: it is recent, so locking made no other"
    part.into.path.setText(str(tmp_path / "earlier"))
    part.secret.field.setText("not that one at all")
    part.go.click()
    settled()
    assert part.notice.title.text() == "That passphrase does not open it"
    assert not (tmp_path / "earlier").exists()
    part.secret.field.setText(ANN)
    part.go.click()
    settled()
    assert window.place == "home"
    assert [each.given_name for each in people.page(window.desk.workspace.read)] == ["Amina"]
    assert window.desk.workspace.folder == tmp_path / "earlier"
    assert str(tmp_path / "earlier") in window.toast.words.text()
    with Workspace.open(folder, ANN) as before:
        assert len(people.page(before.read)) == 2


def test_a_damaged_backup_is_refused_in_words_and_leaves_nothing(
    window: Window, kit: str, settled: Settled, tmp_path: Path
) -> None:
    (made,) = backups.made(tmp_path / "record" / "backups")
    raw = bytearray(made.path.read_bytes())
    raw[len(raw) // 2] ^= 1
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "broken.cis-backup").write_bytes(raw)
    window.start.show_folder(None)
    window.start.restore_one()
    part = window.start.restoring
    part.go.click()
    assert part.notice.title.text() == "No backup is chosen"
    part.take(stick / "broken.cis-backup")
    part.into.path.setText(str(tmp_path / "new"))
    part.secret.field.setText(ANN)
    part.go.click()
    settled()
    assert part.notice.title.text() == "That is no backup, or a damaged one"
    assert not (tmp_path / "new").exists()
    part.leave()
    assert window.start.making.isVisible()


def test_a_backup_restored_with_the_kit_asks_for_a_new_passphrase(
    window: Window, kit: str, settled: Settled, tmp_path: Path
) -> None:
    window.start.show_folder(tmp_path / "record")
    window.start.restore_one()
    part = window.start.restoring
    part.into.path.setText(str(tmp_path / "new"))
    part.secret.field.setText(kit)
    part.go.click()
    settled()
    settled()
    assert window.start.recovering.naming.isVisible()
    assert window.start.recovering.folder == tmp_path / "new"


# --- this computer ------------------------------------------------------------------------------------------

SCRIPT = """
import sys
from pathlib import Path
from PySide6.QtTest import QTest
from cis_desktop import this_computer
from cis_desktop.workspace import Workspace
from ui.app import make_application
from ui.preferences import Preferences
from ui.window import Window

app, folder = make_application(), Path(sys.argv[1])

def settled(window):
    for _ in range(3000):
        QTest.qWait(10)
        if not window.jobs.busy():
            return

Workspace.create(folder, "Larder", "Ann", "correct horse battery staple", passes=1).close()
window = Window(Preferences(remember=False), folder)
window.show()
window.start.open_by_itself()
assert window.desk is None and not window.jobs.busy(), "nothing allowed it"
window.start.passphrase.field.setText("correct horse battery staple")
window.start.unlock()
settled(window)
window.go("opening")
settled(window)
page = window.pages["opening"]
assert page.remember.isVisible()
page.remember.click()
page.remembering.mine.field.setText("correct horse battery staple")
page.remembering.go.click()
settled(window)
settled(window)
assert page.ways.rows.index(1, 1).data() == "this computer, by itself"
assert not page.remember.isVisible()
window.lock()
settled(window)
assert window.desk is None and window.start.unlocking.isVisible(), "after locking it asks"
window.close()

window = Window(Preferences(remember=False), folder)
window.show()
window.start.open_by_itself()
settled(window)
assert window.desk.workspace.who == "Ann"
assert window.toast.words.text() == "This computer opened it by itself, for Ann."
window.go("opening")
settled(window)
page = window.pages["opening"]
page.ways.table.selectRow(1)
page.take.click()
page.taking.mine.field.setText("correct horse battery staple")
page.taking.go.click()
settled(window)
settled(window)
window.lock()
settled(window)
assert this_computer.open_remembered(folder) is None
print("done")
"""
UNLOCKED = 'printf "a password" | gnome-keyring-daemon --unlock --components=secrets > /dev/null && exec "$@"'


@pytest.mark.skipif(
    not all(map(shutil.which, ("dbus-run-session", "gnome-keyring-daemon"))),
    reason="needs dbus-run-session and gnome-keyring-daemon",
)
def test_a_computer_opens_it_by_itself_when_the_app_starts_until_that_is_taken_away(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DBUS_", "PYTHON_KEYRING"))}
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"), "XDG_RUNTIME_DIR": str(tmp_path)}
    run = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", UNLOCKED, "sh", sys.executable, "-c", SCRIPT, str(tmp_path / "record")],
        env={**kept, **home, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip
    assert run.stdout.strip().endswith("done"), run.stderr[-3000:]
