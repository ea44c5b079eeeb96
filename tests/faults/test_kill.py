"""A process killed at any moment leaves the record as it was before, or as it was meant to be."""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from cis_desktop.errors import CisError
from cis_desktop.workspace import Workspace

from .acts import ACTS, KEY, prepare, sets_from_elsewhere, state, state_of

SEED = 20261123
WORDS = "correct horse battery staple"

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fork nor kill -9"),
    pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning"),
]


def run_and_kill(begin: Callable[[], Callable[[], None]], delay: float | None) -> float:
    """Begin in a child process, then act, and kill it `delay` seconds into the act; give how long it lasted."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            act = begin()
            os.write(writing, b"g")
            act()
            os.write(writing, b"d")
        finally:
            # Not through the test runner's own ending.
            os._exit(0)
    os.close(writing)
    assert heard(reading) == b"g"
    started = time.perf_counter()
    if delay is None:
        assert heard(reading) == b"d"
    else:
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    lasted = time.perf_counter() - started
    os.waitpid(child, 0)
    os.close(reading)
    return lasted


def heard(reading: int) -> bytes:
    """Wait for the child's next word, but not for ever."""
    ready, _, _ = select.select([reading], [], [], 120)
    return os.read(reading, 1) if ready else b""


def kill_often(name: str, folder: Path, times: int) -> None:
    """Kill one act at many moments of its length."""
    identity = prepare(folder / "template")
    elsewhere = sets_from_elsewhere(folder / "other")
    choose = random.Random(f"{SEED} {name}")

    def begin_in(place: Path) -> Callable[[], Callable[[], None]]:
        def begin() -> Callable[[], None]:
            workspace = Workspace.open_raw(place, KEY, "Ann")
            if name == "receive":
                return lambda: workspace.vault.receive(elsewhere) and None
            return lambda: ACTS[name](workspace)

        return begin

    before = state_of(folder / "template")
    shutil.copytree(folder / "template", folder / "whole")
    length = run_and_kill(begin_in(folder / "whole"), None)
    after = state_of(folder / "whole")
    assert (before == after) == (name == "back up")
    outcomes: Counter[str] = Counter()
    for number in range(times):
        place = folder / str(number)
        shutil.copytree(folder / "template", place)
        delay = choose.uniform(0, length * 1.3)
        run_and_kill(begin_in(place), delay)
        found = state_of(place)
        assert found in (before, after), f"{name}, killed after {delay:.4f} s of {length:.4f}"
        outcomes["after" if found == after else "before"] += 1
        backup = place / "backups" / "b.cis-backup"
        if backup.exists():
            outcomes["backups"] += 1
            with Workspace.restore(backup, folder / f"restored {number}", identity) as restored:
                assert (restored.problems(), state(restored)) == ([], before)
        with Workspace.open_raw(place, KEY, "Ann") as again:
            ACTS["save"](again)
            assert again.problems() == []
        shutil.rmtree(place)
    print(f"seed {SEED}: {name} takes {length * 1000:.0f} ms, killed {times} times: {dict(outcomes)}")


@pytest.mark.parametrize("name", [*ACTS, "receive"])
def test_a_killed_act_is_done_or_not_done(tmp_path: Path, name: str) -> None:
    kill_often(name, tmp_path, 8)


@pytest.mark.soak
@pytest.mark.parametrize("name", [*ACTS, "receive"])
def test_an_act_killed_again_and_again_is_done_or_not_done(tmp_path: Path, name: str) -> None:
    kill_often(name, tmp_path, 40)


def kill_whole_folders(folder: Path, times: int) -> None:
    """Kill the making and the restoring of a workspace at many moments."""
    choose = random.Random(SEED)
    identity = prepare(folder / "template")
    backup = folder / "b.cis-backup"
    with Workspace.open_raw(folder / "template", KEY, "Ann") as workspace:
        workspace.back_up(backup)
        before = state(workspace)
    raw = backup.read_bytes()

    def create(place: Path) -> Callable[[], None]:
        return lambda: Workspace.create(place, "Larder", "Ann", WORDS, passes=1) and None

    def restore(place: Path) -> Callable[[], None]:
        return lambda: Workspace.restore(backup, place, identity) and None

    for act, secret in ((create, WORDS), (restore, identity)):
        whole = act(folder / f"{act.__name__} whole")
        length = run_and_kill(lambda whole=whole: whole, None)
        opened = 0
        for number in range(times):
            place = folder / f"{act.__name__} {number}"
            run_and_kill(lambda act=act, place=place: act(place), choose.uniform(0, length * 1.3))
            refused = None
            try:
                with Workspace.open(place, secret) as workspace:
                    opened += 1
                    assert workspace.problems() == []
                    assert workspace.name == ("Larder" if act is create else "Workspace")
                    if act is restore:
                        assert state(workspace) == before
            except CisError as error:
                refused = error.code
            # Without its keys the folder is no workspace yet.
            assert refused in (None, "no_workspace")
            assert backup.read_bytes() == raw
        print(f"seed {SEED}: {act.__name__} takes {length * 1000:.0f} ms, opened {opened} of {times}")


def test_a_workspace_whose_making_or_restoring_was_killed_is_whole_or_not_there(tmp_path: Path) -> None:
    kill_whole_folders(tmp_path, 8)


@pytest.mark.soak
def test_making_and_restoring_killed_again_and_again(tmp_path: Path) -> None:
    kill_whole_folders(tmp_path, 40)
