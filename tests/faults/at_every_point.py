"""Run acts on a disk that fails: `LD_PRELOAD=faulty_disk.so python at_every_point.py FOLDER REQUEST`.

REQUEST is JSON: `act`, `how` (letters of `faulty_disk.c`; two, as in `ek`: a fault and soon after it a kill), `points`
(shares of the act's length between 0 and 1) or null: then `how` says for each at how many points, which are evenly
spaced from a first one of `seed`, or every one of a shorter act, and on until the act passes clean. `again`: at how
many of its own points what comes after a kill is killed, fails and finds the disk full too. One line of JSON is said.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from cis_desktop.errors import CisError
from cis_desktop.vault.database import file_trouble
from tests.faults.files_out import HALF
from tests.faults.places import ACTS, all_of, look

DISK = ctypes.CDLL(None)
LONGEST = 20_000
POWER = ("p", "q")


def act_in_child(place: Path, name: str, how: str, point: int, states: tuple[str | None, ...] = ()) -> dict[str, Any]:
    """Do an act in a process of its own, with the fault; give what it says at the end, `killed` if it could not.

    `states` are those that whoever is refused may find in the window that is still open.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        said: dict[str, Any] = {"wrong": ["it ended without a word"]}
        try:
            said = acted(place, name, how, point, states)
        except BaseException:  # noqa: BLE001
            said = {"wrong": [traceback.format_exc()]}
        finally:
            os.write(writing, json.dumps(said).encode())
            if how in POWER:
                # It came to its end and said so: then that must be there.
                DISK.disk_lose()
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as words:
        heard = words.read()
    os.waitpid(child, 0)
    return json.loads(heard) if heard else {"killed": True, "wrong": []}  # type: ignore[no-any-return]


def acted(place: Path, name: str, how: str, point: int, states: tuple[str | None, ...]) -> dict[str, Any]:
    """Do an act; give how many changes it made on the disk, whether it came to the fault, and what was refused."""
    act = ACTS[name]
    workspace = act.begin(place)
    said: dict[str, Any] = {"wrong": [], "refused": ""}
    soon = 1 + point % 7 if how[1:] else 0
    DISK.disk_fail(str(place / act.disk).encode(), point, ord(how[0]), soon)
    try:
        act.run(place, workspace)
    except Exception as error:  # noqa: BLE001
        trouble = error if isinstance(error, CisError) else file_trouble(error)
        if trouble is None:
            said["wrong"].append(traceback.format_exc())
        said["refused"] = trouble.code if trouble else type(error).__name__
    said |= {"count": DISK.disk_count(), "failed": bool(DISK.disk_failed())}
    if how not in POWER:
        DISK.disk_fail(b"", 0, 0, 0)
    if said["refused"] and soon:
        # Refused before it came to the kill: then that comes before anybody can close anything.
        os.kill(os.getpid(), signal.SIGKILL)
    if said["refused"] and workspace is not None and workspace.vault.key:
        # Whoever was refused goes on working in the same window.
        said["wrong"] += workspace.problems()
        if states and all_of(workspace) not in states:
            said["wrong"].append("the open window shows what is neither as before nor as after")
        workspace.close()
    return said


class Trial:
    """One act, tried at many points of its length."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.folder = Path(tempfile.mkdtemp(prefix=f"{name} ", dir=folder))
        self.template = self.folder / "template"
        self.number = 0
        self.wrong: list[str] = []
        self.came: Counter[str] = Counter()
        shutil.copytree(folder / "template", self.template)
        ACTS[name].lay(self.template)
        self.before, wrong = look(self.copy(), name)
        whole = self.copy()
        clean = act_in_child(whole, name, "e", 0)
        self.after, more = look(whole, name)
        self.wrong += [*wrong, *clean["wrong"], *more]
        self.allowed = [self.before, self.after]
        for midway in ACTS[name].midway:
            part = self.copy()
            midway(part)
            self.allowed.append(look(part, name)[0])
        self.length = int(clean["count"])
        where = ACTS[name].where
        self.states = tuple(each.get(where) for each in self.allowed)

    def copy(self, of: Path | None = None) -> Path:
        """Give a fresh place, or a copy of one."""
        self.number += 1
        place = self.folder / str(self.number)
        shutil.copytree(of or self.template, place)
        return place

    def at(self, how: str, point: int, again: int = 0) -> bool:
        """Fail once; say whether the act came to that point."""
        place = self.copy()
        said = act_in_child(place, self.name, how, point, self.states)
        reached = bool(said.get("killed") or said.get("failed"))
        wrong = [*said["wrong"]]
        if again and said.get("killed") and ACTS[self.name].then:
            self.again(place, again)
        # What the loss of power took lies there.
        disk = place / ACTS[self.name].disk
        shutil.rmtree(disk.with_name(f"{disk.name}.lost"), ignore_errors=True)
        wrong += self.check(place, said, how)
        self.wrong += [f"{self.name}, {how} at {point}: {each}" for each in wrong]
        if reached:
            self.came[how] += 1
        if len(wrong) == 0:
            shutil.rmtree(place)
        return reached

    def again(self, place: Path, most: int) -> None:
        """Let what comes after a kill fail as well, on copies, at so many of its own points."""
        then = ACTS[self.name].then
        trying = self.copy(place)
        length = int(act_in_child(trying, then, "e", 0).get("count", 0))
        shutil.rmtree(trying)
        for how in "kef":
            for point in sorted({1 + length * each // most for each in range(most)}):
                twice = self.copy(place)
                said = act_in_child(twice, then, how, point)
                # Whatever it was told: nobody can say whether the act that was killed was done.
                wrong = [*said["wrong"], *self.check(twice, said, how, again=True)]
                self.wrong += [f"{self.name}, then {then} and {how} at {point}: {each}" for each in wrong]
                shutil.rmtree(twice)
                self.came[f"again {how}"] += bool(said.get("killed") or said.get("failed"))

    def check(self, place: Path, said: dict[str, Any], how: str, again: bool = False) -> list[str]:
        """Open what is there; give what is wrong with it."""
        cut_off = bool(said.get("killed")) or how == "d" or again
        if said.get("refused") == "wrong_key":
            # It advises to restore a backup, and nothing is wrong with the record.
            return ["a disk that failed was called the wrong key"]
        try:
            found, wrong = look(place, self.name)
        except Exception:  # noqa: BLE001
            return [traceback.format_exc()]
        for name, what in found.items():
            # A release that cannot give its files their names says that it is noted and incomplete.
            half = what == HALF and (cut_off or said.get("refused") == "not_put_in_place")
            if what not in [each.get(name) for each in self.allowed] and not half:
                wrong.append(f"{name} is neither as it was before nor as after")
        if not cut_off:
            wrong += [f"left behind: {path.name}" for path in place.rglob("*") if path.suffix in (".new", ".part")]
        if said.get("killed"):
            self.came["after" if found == self.after else "before"] += 1
        elif not again:
            refused = said.get("refused")
            wrong += [] if refused or found == self.after else ["it passed, and was not done"]
            self.came[f"refused: {refused}" if refused else "passed"] += 1
        return wrong


def main(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Try one act; give how many points were reached, what came of it, and what was wrong."""
    trial = Trial(folder, request["act"])
    for how in request["how"]:
        if request["points"] is not None:
            for share in request["points"]:
                trial.at(how, 1 + int(share * trial.length), request["again"] if how == "k" else 0)
            continue
        stride = max(1.0, trial.length / request["how"][how])
        first = random.Random(f"{request['seed']} {trial.name} {how}").uniform(1, stride)
        for number in range(LONGEST):
            point = int(first + number * stride)
            # Every fifteenth kill is followed by failures of what comes after it.
            again = request["again"] if how == "k" and number % 15 == 7 else 0
            if not trial.at(how, point, again) and point > trial.length * (1.2 if how == "s" else 0):
                break
        else:
            trial.wrong.append("never passed")
    if not trial.wrong:
        shutil.rmtree(trial.folder)
    return {"length": trial.length, "came": dict(trial.came), "wrong": trial.wrong}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), json.loads(sys.argv[2]))))
