"""Run acts on a disk that fails: `LD_PRELOAD=faulty_disk.so python at_every_point.py FOLDER REQUEST`.

REQUEST is JSON: `act`, `how` (letters of `faulty_disk.c`), `points` (shares of the act's length between 0 and 1, or
null for every `step`-th point until the act passes clean), `again` (at how many of its own points the opening after a
kill is killed too). One line of JSON comes back.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from cis_desktop.errors import CisError
from cis_desktop.vault.database import file_trouble
from tests.faults import acts
from tests.faults.places import ACTS, all_of, look, opened, prepare

DISK = ctypes.CDLL(None)
KILLED = {"k", "t"}
MOST = 20_000


def act_in_child(place: Path, name: str, how: str, point: int) -> dict[str, Any]:
    """Do an act in a process of its own, with the fault; give what it says at the end, `killed` if it could not."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        said: dict[str, Any] = {"wrong": ["it ended without a word"]}
        try:
            said = acted(place, name, how, point)
        except BaseException:  # noqa: BLE001
            said = {"wrong": [traceback.format_exc()]}
        finally:
            os.write(writing, json.dumps(said).encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as words:
        heard = words.read()
    os.waitpid(child, 0)
    return json.loads(heard) if heard else {"killed": True, "wrong": []}  # type: ignore[no-any-return]


def acted(place: Path, name: str, how: str, point: int) -> dict[str, Any]:
    """Do an act; give how many changes it made on the disk, whether it came to the fault, and what was refused."""
    act = ACTS[name]
    workspace = act.begin(place)
    before = all_of(workspace) if workspace else ""
    said: dict[str, Any] = {"wrong": [], "refused": ""}
    DISK.disk_fail(str(place).encode(), point, ord(how))
    try:
        act.run(place, workspace)
    except Exception as error:  # noqa: BLE001
        trouble = error if isinstance(error, CisError) else file_trouble(error)
        if trouble is None:
            said["wrong"].append(traceback.format_exc())
        said["refused"] = trouble.code if trouble else type(error).__name__
    said |= {"count": DISK.disk_count(), "failed": bool(DISK.disk_failed())}
    DISK.disk_fail(b"", 0, 0)
    if said["refused"] and workspace is not None and workspace.vault.key:
        # Whoever was refused goes on working in the same window.
        said["wrong"] += workspace.problems()
        said["same"] = all_of(workspace) == before
        workspace.close()
    return said


class Trial:
    """One act, tried at many points of its length."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.template = folder / "template"
        self.number = 0
        self.wrong: list[str] = []
        self.came: Counter[str] = Counter()
        self.before, wrong = look(self.copy(), name)
        whole = self.copy()
        clean = act_in_child(whole, name, "e", 0)
        self.after, more = look(whole, name)
        self.wrong += [*wrong, *clean["wrong"], *more]
        self.length = int(clean["count"])

    def copy(self, of: Path | None = None) -> Path:
        """Give a fresh place, or a copy of one."""
        self.number += 1
        place = self.folder / f"{self.name} {self.number}"
        shutil.copytree(of or self.template, place)
        return place

    def at(self, how: str, point: int, again: int = 0) -> bool:
        """Fail once; say whether the act came to that point."""
        place = self.copy()
        said = act_in_child(place, self.name, how, point)
        reached = bool(said.get("killed") or said.get("failed"))
        wrong = [*said["wrong"]]
        if again and said.get("killed"):
            self.again(place, again)
        wrong += self.check(place, said)
        self.wrong += [f"{self.name}, {how} at {point}: {each}" for each in wrong]
        if reached:
            self.came[how] += 1
        if len(wrong) == 0:
            shutil.rmtree(place)
        return reached

    def again(self, place: Path, most: int) -> None:
        """Kill the opening that comes after a kill as well, on copies, at so many of its own points."""
        trying = self.copy(place)
        length = int(act_in_child(trying, "open", "e", 0).get("count", 0))
        shutil.rmtree(trying)
        for point in sorted({1 + length * each // most for each in range(most)}):
            twice = self.copy(place)
            said = act_in_child(twice, "open", "k", point)
            wrong = [*said["wrong"], *self.check(twice, said)]
            self.wrong += [f"{self.name}, opened again and killed at {point}: {each}" for each in wrong]
            shutil.rmtree(twice)
            self.came["killed again"] += bool(said.get("killed"))

    def check(self, place: Path, said: dict[str, Any]) -> list[str]:
        """Open what is there; give what is wrong with it."""
        try:
            found, wrong = look(place, self.name)
        except Exception:  # noqa: BLE001
            return [traceback.format_exc()]
        for name, what in found.items():
            if what not in (self.before.get(name), self.after.get(name)):
                wrong.append(f"{name} is neither as it was before nor as after")
        if not said.get("killed"):
            done = found == self.after
            wrong += [] if said.get("refused") or done else ["it passed, and was not done"]
            refused = said.get("refused")
            self.came[f"refused: {refused}" if refused else "passed"] += 1
        else:
            self.came["after" if found == self.after else "before"] += 1
        with opened(place) as workspace:
            acts.save(workspace)
            wrong += workspace.problems()
        return wrong


def main(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Try one act; give how many points were reached, what came of it, and what was wrong."""
    template = folder / "template"
    if not template.exists():
        prepare(template)
    trial = Trial(folder, request["act"])
    for how in request["how"]:
        if request["points"] is not None:
            for share in request["points"]:
                trial.at(how, 1 + int(share * trial.length), request["again"])
            continue
        for point in range(1, MOST, request["step"]):
            # Every tenth kill is followed by kills of the opening after it.
            again = request["again"] if how == "k" and point // request["step"] % 10 == 0 else 0
            if not trial.at(how, point, again) and point > trial.length * (1.2 if how == "s" else 0):
                break
        else:
            trial.wrong.append("never passed")
    return {"length": trial.length, "came": dict(trial.came), "wrong": trial.wrong}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), json.loads(sys.argv[2]))))
