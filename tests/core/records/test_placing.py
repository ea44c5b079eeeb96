"""A postcode that a lookup knows brings its ward, and says which lookup."""

from __future__ import annotations

from pathlib import Path

from cis_desktop.geography import add_postcodes
from cis_desktop.intake.commit import commit
from cis_desktop.intake.draft import draft
from cis_desktop.intake.guessing import guess
from cis_desktop.intake.reading import read
from cis_desktop.records import households, people
from cis_desktop.workspace import Workspace

ROWS = [("M33 7XX", "E05015239", "E01006094", "E08000009"), ("M33 7XY", "E05015240", "E01006095", "E08000009")]


def with_lookup(workspace: Workspace) -> Workspace:
    with workspace.change("Added postcodes") as change:
        add_postcodes(change, ROWS, "2025")
    return workspace


def test_a_postcode_brings_its_ward_and_a_ward_that_was_given_stays(workspace: Workspace) -> None:
    with with_lookup(workspace).change("Added people") as change:
        known = people.add(change, postcode="m33 7xx")
        given = people.add(change, postcode="M33 7XX", ward="E05015240")
        nowhere = people.add(change, postcode="NW1 8AB")
        home = households.add(change, postcode="M33 7XY")
    read_ = workspace.read
    assert (people.get(read_, known).ward, people.get(read_, known).ward_vintage) == ("E05015239", "2025")
    assert (people.get(read_, given).ward, people.get(read_, given).ward_vintage) == ("E05015240", None)
    assert people.get(read_, nowhere).ward is None
    assert households.get(read_, home).ward == "E05015240"
    with workspace.change("Moved") as change:
        people.edit(change, known, postcode="M33 7XY")
    assert people.get(read_, known).ward == "E05015240"


def test_the_postcodes_of_a_list_bring_their_wards(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(
        "Client number,Postcode,Date\n1,M33 7XX,2025-01-14\n2,M33 7XY,2025-01-14\n3,,2025-01-14\n4,NW1 8AB,2025-01-14\n"
    )
    sheet = read(tmp_path / "l.csv")
    commit(with_lookup(workspace), draft(sheet, guess(sheet).mapping))
    rows = workspace.read.execute("select own_number, ward, ward_vintage from people order by own_number").fetchall()
    assert rows == [("1", "E05015239", "2025"), ("2", "E05015240", "2025"), ("3", None, None), ("4", None, None)]
