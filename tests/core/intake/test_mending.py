"""Rows that were sent back are mended and come in like any others, each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from cis_desktop.errors import CisError
from cis_desktop.intake.commit import commit
from cis_desktop.intake.draft import draft
from cis_desktop.intake.guessing import guess
from cis_desktop.intake.mending import mended, rest
from cis_desktop.intake.reading import Sheet, read
from cis_desktop.workspace import Workspace

LINES = ["Date,Client ID,First name,Adults", "1/13/2018,1,Mei,2", "someday,2,Tom,1", "2/14/2018,1,Mei,lots", ""]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """Give a list of three rows, of which two cannot come in."""
    (tmp_path / "list.csv").write_text("\n".join(LINES))
    return read(tmp_path / "list.csv")


def test_a_mended_row_comes_in_with_the_others_as_one_change(workspace: Workspace, sheet: Sheet) -> None:
    mapping = guess(sheet).mapping
    first = draft(sheet, mapping)
    assert [(each.row, each.cells[0], each.cells[3]) for each in first.rejects] == [
        (3, "someday", "1"),
        (4, "2/14/2018", "lots"),
    ]
    better = mended(sheet, {3: ("1/20/2018", "2", "Tom", "1"), 4: ("2/14/2018", "1", "Mei", "3")})
    again = draft(better, mapping)
    assert (again.accepted, again.rejects) == (3, ())
    result = commit(workspace, again)
    assert result.imported == 3
    assert len(workspace.change_sets()) == 1
    days = workspace.read.execute("select on_date, adults from contacts where gone = 0 order by on_date").fetchall()
    assert days == [("2018-01-13", 2), ("2018-01-20", 1), ("2018-02-14", 3)]
    # The list as it was read is not touched.
    assert draft(sheet, mapping).rejects == first.rejects


def test_what_is_left_after_an_import_is_mended_and_joins_the_people_who_came_in(
    workspace: Workspace, sheet: Sheet
) -> None:
    mapping = guess(sheet).mapping
    commit(workspace, draft(sheet, mapping))
    left = rest(sheet, [3, 4])
    assert [each.row for each in draft(left, mapping).rejects] == [3, 4]
    better = mended(left, {4: ("2/14/2018", "1", "Mei", "3")})
    again = draft(better, mapping)
    assert (again.accepted, [each.row for each in again.rejects]) == (1, [3])
    assert commit(workspace, again).known == 1
    assert workspace.read.execute("select count(*) from people where gone = 0").fetchone() == (1,)
    assert workspace.read.execute("select count(*) from contacts where gone = 0").fetchone() == (2,)


def test_the_same_mended_rows_do_not_come_in_twice(workspace: Workspace, sheet: Sheet) -> None:
    mapping = guess(sheet).mapping
    commit(workspace, draft(sheet, mapping))
    better = mended(rest(sheet, [4]), {4: ("2/14/2018", "1", "Mei", "3")})
    commit(workspace, draft(better, mapping))
    with pytest.raises(CisError) as told:
        commit(workspace, draft(better, mapping))
    assert told.value.code == "imported_already"
