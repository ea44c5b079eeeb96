"""Run one act on a disk that is too small for it, with a little more room each time, until it passes.

Started by `test_full_disk.py` in a mount namespace of its own: `python on_small_disk.py FOLDER ACT`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from cis_desktop.errors import CisError
from cis_desktop.workspace import Workspace
from tests.faults.acts import ACTS, KEY, prepare, sets_from_elsewhere, state

WORDS = "correct horse battery staple"
STEP = 24 * 1024


class Ballast:
    """A file that takes all of a disk but some bytes."""

    def __init__(self, disk: Path) -> None:
        self.disk = disk
        self.path = disk / "ballast"

    def leave(self, room: int) -> None:
        """Fill the disk so that `room` bytes are free."""
        self.lift()
        disk = os.statvfs(self.disk)
        with self.path.open("wb") as out:
            out.write(b"\1" * max(0, disk.f_bavail * disk.f_frsize - room))

    def lift(self) -> None:
        """Take the ballast away."""
        self.path.unlink(missing_ok=True)


def main(disk: Path, name: str) -> dict[str, object]:
    """Give the codes of the refusals, one per size of room, and whether all was whole after each."""
    aside = disk.parent / "aside"
    identity = prepare(disk / "group")
    elsewhere = sets_from_elsewhere(aside / "other")
    with Workspace.open_raw(disk / "group", KEY, "Ann") as workspace:
        workspace.back_up(aside / "b.cis-backup")
    ballast = Ballast(disk)
    codes: list[str] = []
    kept: list[str] = []
    for attempt in range(400):
        workspace = Workspace.open_raw(disk / "group", KEY, "Ann")
        before = state(workspace)
        files = sorted(str(path) for path in disk.rglob("*"))
        if name == "open":
            workspace.close()
        ballast.leave(STEP * attempt)
        code = ""
        started = time.perf_counter()
        try:
            if name == "create":
                Workspace.create(disk / "new", "Larder", "Ann", WORDS, passes=1).close()
            elif name == "restore":
                Workspace.restore(aside / "b.cis-backup", disk / "new", identity).close()
            elif name == "receive":
                workspace.vault.receive(elsewhere)
            elif name == "open":
                workspace = Workspace.open_raw(disk / "group", KEY, "Ann")
            else:
                ACTS[name](workspace)
        except CisError as error:
            code = error.code
            print(error.code, error.sentence, repr(error.__cause__), file=sys.stderr)
        # On a full disk everything can still be read.
        if code and name != "open" and state(workspace) != before:
            kept.append(f"attempt {attempt} changed what it refused")
        ballast.lift()
        if time.perf_counter() - started > 20:
            kept.append(f"attempt {attempt} took too long")
        if name == "open" and code:
            workspace = Workspace.open_raw(disk / "group", KEY, "Ann")
        kept += workspace.problems()
        if code and state(workspace) != before:
            kept.append(f"attempt {attempt} changed what it refused, later")
        workspace.close()
        left = {str(path) for path in disk.rglob("*")} - set(files) - {str(disk / "new"), str(disk / "backups")}
        if code and name in ("create", "restore", "back up"):
            kept += [f"left behind: {path}" for path in left if not path.endswith(("/backups", "/vault.lock"))]
        if not code:
            break
        codes.append(code)
    else:
        kept.append("never passed")
    return {"codes": codes, "wrong": kept}


def read(disk: Path) -> dict[str, object]:
    """Open a record as people do, on a disk with no room and with more and more; give the codes of refused changes."""
    identity = prepare(disk / "group")
    with Workspace.open(disk / "group", identity) as workspace:
        before = state(workspace)
    ballast = Ballast(disk)
    codes: list[str] = []
    kept: list[str] = []
    for attempt in range(400):
        ballast.leave(STEP * attempt)
        with Workspace.open(disk / "group", identity) as workspace:
            if state(workspace) != before or workspace.problems():
                kept.append(f"attempt {attempt} did not show what there is")
            if not workspace.vault.reading:
                break
            try:
                ACTS["save"](workspace)
                kept.append(f"attempt {attempt} saved where it could only read")
            except CisError as error:
                codes.append(error.code)
        ballast.lift()
    else:
        kept.append("never passed")
    ballast.lift()
    with Workspace.open(disk / "group", identity) as workspace:
        ACTS["save"](workspace)
        kept += workspace.problems()
    return {"codes": codes, "wrong": kept}


if __name__ == "__main__":
    print(json.dumps(read(Path(sys.argv[1])) if sys.argv[2] == "read" else main(Path(sys.argv[1]), sys.argv[2])))
