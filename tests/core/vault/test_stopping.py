"""Whoever asks that their own writing ends is heard, whoever else writes."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlcipher3

from cis_desktop.workspace import Workspace

TWO_AT_ONCE = """
import sys, threading, time
from pathlib import Path
from cis_desktop.records import people
from cis_desktop.workspace import Workspace

workspace = Workspace.open_raw(Path(sys.argv[1]), bytes(32), "Ann")
writing, done = threading.Event(), threading.Event()

def write():
    with workspace.vault.stoppable(lambda: False), workspace.change("Added") as change:
        writing.set()
        for n in range(200):
            people.add(change, given_name=f"Given{n}", note="words " * 20)
    done.set()

thread = threading.Thread(target=write)
thread.start()
writing.wait()
times = 0
while not done.is_set():
    with workspace.vault.stoppable(lambda: False):
        times += 1
thread.join()
print(times)
workspace.close()
"""


def add_many(workspace: Workspace) -> None:
    with workspace.change("Added many people") as change:
        change.insert_many("people", ("reference",), [(f"P-{number}",) for number in range(20_000)])


def people(workspace: Workspace) -> int:
    (count,) = workspace.read.execute("select count(*) from people").fetchone()
    return int(count)


def test_another_who_could_be_stopped_and_came_and_went_changes_nothing(laptops: tuple[Workspace, Workspace]) -> None:
    workspace, _ = laptops

    def come_and_go() -> None:
        with workspace.vault.stoppable(lambda: False):
            pass

    with workspace.vault.stoppable(lambda: True):
        other = threading.Thread(target=come_and_go)
        other.start()
        other.join()
        with pytest.raises(sqlcipher3.OperationalError, match="interrupted"):
            add_many(workspace)
    assert people(workspace) == 0
    add_many(workspace)
    assert people(workspace) == 20_000


def test_one_thread_may_begin_to_be_stoppable_while_another_writes(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TWO_AT_ONCE, str(tmp_path / "w")]
    # In a process of its own: where they wait for each other, Python itself stands still.
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert int(ended.stdout) > 10
