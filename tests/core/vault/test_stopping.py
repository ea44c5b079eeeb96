"""Whoever asks that their own writing ends is heard, whoever else writes."""

from __future__ import annotations

import threading

import pytest
import sqlcipher3

from cis_desktop.workspace import Workspace


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
