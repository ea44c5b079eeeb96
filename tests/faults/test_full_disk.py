"""A disk that is full at any moment: a plain sentence, the record whole, and all of it saved once there is room."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from .acts import ACTS, prepare, state_of

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = Path(__file__).with_name("on_small_disk.py")
MOUNT = 'mount -t tmpfs -o size=4m tmpfs "$1" && exec "$2" "$3" "$1" "$4"'


@pytest.fixture(scope="session")
def own_mounts() -> list[str]:
    """Give the command that runs another where it may mount a disk of its own."""
    command = ["unshare", "--user", "--map-root-user", "--mount"]
    if sys.platform != "linux" or subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a small disk")
    return command


@pytest.mark.parametrize("act", [*ACTS, "receive", "create", "restore", "open", "read"])
def test_an_act_on_a_full_disk_is_refused_in_words_until_there_is_room(
    own_mounts: list[str], tmp_path: Path, act: str
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(
        [*own_mounts, "sh", "-c", MOUNT, "sh", str(disk), sys.executable, str(SCRIPT), act],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    print(act, Counter(found["codes"]))
    assert found["wrong"] == []
    # SQLite calls it an I/O error where not even its shared memory has room.
    assert set(found["codes"]) <= {"disk_full", "disk_failing", "little_room"}
    assert found["codes"]


LIMITED = """
import json, resource, sys
from pathlib import Path
from cis_desktop.errors import CisError
from cis_desktop.workspace import Workspace
from tests.faults.acts import KEY, import_people
workspace = Workspace.open_raw(Path(sys.argv[1]), KEY, "Ann")
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
try:
    import_people(workspace)
except CisError as error:
    print(error.code, error.sentence)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_write_the_disk_refuses_half_way_is_told_in_words_and_leaves_the_record_whole(tmp_path: Path) -> None:
    prepare(tmp_path / "group")
    before = state_of(tmp_path / "group")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "group")],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("disk_f"), done.stdout
    assert done.stdout.strip().endswith(".")
    assert state_of(tmp_path / "group") == before
