"""Vaults of the real schema, encrypted on disk, under a raw key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cis_desktop.vault.merge import Merged
from cis_desktop.workspace import Workspace

KEY = bytes(range(32))


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[tuple[Workspace, Workspace]]:
    """Open two laptops of one group: each a folder, a vault and a device of its own."""
    with (
        Workspace.open_raw(tmp_path / "front", KEY, "Ann") as front,
        Workspace.open_raw(tmp_path / "back", KEY, "Bo") as back,
    ):
        yield front, back


@pytest.fixture
def give() -> Callable[[Workspace, Workspace], Merged]:
    """Give the act of handing one laptop all that another has and it has not."""

    def hand_over(source: Workspace, target: Workspace) -> Merged:
        return target.vault.receive(list(source.vault.sets_since(target.vault.held())))

    return hand_over


def add_person(workspace: Workspace, name: str = "Zehra") -> int:
    """Add one person and give their row."""
    with workspace.change("Added a person") as change:
        return change.insert("people", reference=change.next_reference("P"), given_name=name)
