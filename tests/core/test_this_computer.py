"""A computer that opens the record by itself: only with a key store that keeps secrets encrypted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("dbus-run-session", "gnome-keyring-daemon")
UNLOCKED = 'printf "a password" | gnome-keyring-daemon --unlock --components=secrets > /dev/null && exec "$@"'

SCRIPT = """
import sys
from pathlib import Path
from cis_desktop import this_computer, ways_in
from cis_desktop.errors import CisError
from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace

folder = Path(sys.argv[1])
workspace = Workspace.create(folder, "Larder", "Ann", "correct horse battery staple", passes=1)
ways_in.add_person(workspace, "Bo", "purple lantern gravel teapot", passes=1)
try:
    way = this_computer.remember(workspace)
except CisError as error:
    print(error.code, len(keys.read_keys(folder).slots))
    raise SystemExit
"""

JOURNEY = """
assert [each.name for each in ways_in.listed(workspace)] == ["Ann", "Bo", "Ann"]
workspace.close()
with this_computer.open_remembered(folder) as workspace:
    assert workspace.who == "Ann"
    ways_in.change_lock(workspace)
with this_computer.open_remembered(folder) as workspace:
    this_computer.forget(workspace, way.id)
assert this_computer.open_remembered(folder) is None
with Workspace.open(folder, "purple lantern gravel teapot") as workspace:
    way = this_computer.remember(workspace)
with Workspace.open(folder, "correct horse battery staple") as workspace:
    bo = next(each for each in ways_in.listed(workspace) if each.name == "Bo" and each.kind == "person")
    ways_in.remove(workspace, bo.id)
    assert [each.name for each in ways_in.listed(workspace)] == ["Ann"]
assert this_computer.open_remembered(folder) is None
print("done")
"""


def run(command: list[str], **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command that knows no key store but the one it is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DBUS_", "PYTHON_KEYRING"))}
    return subprocess.run(
        command, env={**kept, "PYTHONPATH": str(ROOT), **more}, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's")
@pytest.mark.skipif(any(shutil.which(each) is None for each in NEEDED), reason=f"needs {' and '.join(NEEDED)}")
def test_it_opens_by_itself_until_it_is_forgotten_or_its_person_is_taken_off(tmp_path: Path) -> None:
    python = [sys.executable, "-c", SCRIPT + JOURNEY, str(tmp_path / "group")]
    done = run(
        ["dbus-run-session", "--", "sh", "-c", UNLOCKED, "sh", *python],
        HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path / "data"),
    )  # fmt: skip
    assert done.stdout == "done\n", done.stderr
    # What the key store keeps is not readable on the disk, and is not the key of the vault.
    kept = [path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert kept
    assert not any(b"AGE-SECRET-KEY" in raw for raw in kept)


@pytest.mark.parametrize("store", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring"])
def test_a_store_that_keeps_nothing_safe_is_refused_and_nothing_is_changed(tmp_path: Path, store: str) -> None:
    done = run([sys.executable, "-c", SCRIPT, str(tmp_path / "group")], PYTHON_KEYRING_BACKEND=store)
    assert done.stdout == "no_key_store 2\n", done.stderr
