"""A process killed while it takes somebody off leaves one vault that opens, with that person in or out, never both."""

from __future__ import annotations

import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from cis_desktop import ways_in
from cis_desktop.errors import CisError
from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace

from .acts import import_people, save, state
from .test_kill import SEED, run_and_kill

ANN, BO = "correct horse battery staple", "purple lantern gravel teapot"

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fork nor kill -9"),
    pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning"),
]


def opens(folder: Path, passphrase: str) -> bool:
    """Say whether a passphrase opens a folder; anything but a plain no is a failure."""
    try:
        Workspace.open(folder, passphrase).close()
    except CisError as error:
        if error.code not in ("wrong_passphrase", "wrong_key"):
            raise
        return False
    return True


def kill_removals(folder: Path, times: int) -> None:
    """Kill the removal of one of two people at many moments of its length."""
    template = folder / "template"
    with Workspace.create(template, "Larder", "Ann", ANN, folder / "kit.txt", passes=1) as workspace:
        bo = ways_in.add_person(workspace, "Bo", BO, passes=1)
        import_people(workspace)
        before = state(workspace)
    # Nothing else is written than that it was done.
    after = before | {"sets": [("Took away the passphrase of Bo, and changed the lock", 0), *before["sets"]]}
    old_keys = (template / keys.FILE_NAME).read_bytes()
    choose = random.Random(f"{SEED} rekey")

    def begin_in(place: Path) -> Callable[[], Callable[[], None]]:
        def begin() -> Callable[[], None]:
            workspace = Workspace.open(place, ANN)
            return lambda: ways_in.remove(workspace, bo.id)

        return begin

    shutil.copytree(template, folder / "whole")
    length = run_and_kill(begin_in(folder / "whole"), None)
    outcomes: Counter[str] = Counter()
    for number in range(times):
        place = folder / str(number)
        shutil.copytree(template, place)
        delay = choose.uniform(0, length * 1.1)
        run_and_kill(begin_in(place), delay)
        with Workspace.open(place, ANN) as again:
            assert again.problems() == [], f"killed after {delay:.4f} s of {length:.4f}"
            listed = {way.name for way in ways_in.listed(again)}
            assert state(again) == (before if "Bo" in listed else after)
        inside = opens(place, BO)
        assert inside == ("Bo" in listed)
        assert sorted(path.name for path in place.glob("vault.*")) == ["vault.db", "vault.keys", "vault.lock"]
        thief = folder / f"thief {number}"
        shutil.copytree(place, thief)
        (thief / keys.FILE_NAME).write_bytes(old_keys)
        assert opens(thief, BO) == inside
        shutil.rmtree(thief)
        with Workspace.open(place, ANN) as again:
            save(again)
            assert again.problems() == []
        shutil.rmtree(place)
        outcomes["in" if inside else "out"] += 1
    print(f"seed {SEED}: taking off takes {length * 1000:.0f} ms, killed {times} times: {dict(outcomes)}")


def test_somebody_whose_removal_was_killed_is_in_or_out(tmp_path: Path) -> None:
    kill_removals(tmp_path, 8)


@pytest.mark.soak
def test_somebody_whose_removal_was_killed_again_and_again_is_in_or_out(tmp_path: Path) -> None:
    kill_removals(tmp_path, 40)
