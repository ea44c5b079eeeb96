"""Areas are kept under their codes, once."""

from __future__ import annotations

from cis_desktop.geography import add_areas
from cis_desktop.vault import Vault
from cis_desktop.workspace import Workspace

CAMDEN = [("E05013652", "Belsize"), ("E05013653", "Bloomsbury")]


def test_an_area_is_written_once_however_often_it_comes(workspace: Workspace) -> None:
    with workspace.change("Added areas") as change:
        assert add_areas(change, "ward", CAMDEN, "2025", "E09000007") == 2
    with workspace.change("Added areas again") as change:
        assert add_areas(change, "ward", [*CAMDEN, ("E05013654", "Camden Square")], "2025", "E09000007") == 1
    rows = workspace.read.execute("select code, name, vintage, within from areas order by code").fetchall()
    assert rows[0] == ("E05013652", "Belsize", "2025", "E09000007")
    assert len(rows) == 3


def test_two_laptops_that_add_the_same_area_have_it_once(workspace: Workspace) -> None:
    other = Vault(":memory:", bytes(32))
    with other.change("Bea", "Added areas") as change:
        add_areas(change, "ward", CAMDEN, "2025", "E09000007")
    with workspace.change("Added areas") as change:
        add_areas(change, "ward", CAMDEN, "2025", "E09000007")
    workspace.vault.receive(other.sets_since(workspace.vault.held()))
    assert workspace.read.execute("select count(*) from areas").fetchone() == (2,)
    other.close()
