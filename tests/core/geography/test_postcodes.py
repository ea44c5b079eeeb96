"""Which ward a postcode is in: kept small, shared by all laptops, taken back with the change that brought it."""

from __future__ import annotations

from cis_desktop.geography import Placed, add_areas, add_postcodes, ward_of
from cis_desktop.vault import Vault
from cis_desktop.workspace import Workspace

ROWS = [
    ("M33 7XX", "E05015239", "E01006094", "E08000009"),
    ("m337xy", "E05015240", "E01006095", "E08000009"),
    ("M33 7XZ", "", "E01006095", "E08000009"),
    ("no postcode", "E05015240", "E01006095", "E08000009"),
]


def keep(workspace: Workspace, rows: list[tuple[str, str, str, str]] = ROWS, vintage: str = "2025") -> str:
    with workspace.change("Added postcodes") as change:
        add_postcodes(change, rows, vintage)
    assert change.id
    return change.id


def test_a_postcode_is_found_however_it_is_typed_and_with_its_vintage(workspace: Workspace) -> None:
    keep(workspace)
    found = Placed("E05015239", "E01006094", "E08000009", "2025")
    assert ward_of(workspace.read, "M33 7XX") == ward_of(workspace.read, " m337xx ") == found
    assert ward_of(workspace.read, "M33 9ZZ") is None
    assert ward_of(workspace.read, "not a postcode") is None


def test_a_postcode_without_a_ward_is_in_the_ward_of_its_lsoa(workspace: Workspace) -> None:
    keep(workspace)
    found = ward_of(workspace.read, "M33 7XZ")
    assert found is not None
    assert found.ward is None
    with workspace.change("Added a lookup") as change:
        add_areas(change, "lsoa", [("E01006095", "Trafford 001A")], "2024", {"E01006095": "E05015250"})
    found = ward_of(workspace.read, "M33 7XZ")
    assert found is not None
    assert found.ward == "E05015250"


def test_the_newest_lookup_that_has_a_postcode_is_asked(workspace: Workspace) -> None:
    keep(workspace, [("M33 7XX", "E05000001", "", "E08000009"), ("M33 1AA", "E05000002", "", "E08000009")], "2021")
    keep(workspace)
    newer, older = ward_of(workspace.read, "M33 7XX"), ward_of(workspace.read, "M33 1AA")
    assert newer is not None
    assert older is not None
    assert (newer.ward, newer.vintage, older.ward, older.vintage) == ("E05015239", "2025", "E05000002", "2021")


def test_postcodes_are_undone_and_come_back(workspace: Workspace) -> None:
    workspace.undo(keep(workspace))
    assert ward_of(workspace.read, "M33 7XX") is None
    keep(workspace)
    assert ward_of(workspace.read, "M33 7XX") is not None
    assert workspace.problems() == []


def test_two_laptops_that_take_in_the_same_postcodes_have_them_once(workspace: Workspace) -> None:
    other = Vault(":memory:", bytes(32))
    with other.change("Bea", "Added postcodes") as change:
        add_postcodes(change, ROWS, "2025")
    keep(workspace)
    workspace.vault.receive(other.sets_since(workspace.vault.held()))
    assert workspace.read.execute("select count(*) from postcodes").fetchone() == (1,)
    other.close()
