"""The ledger remembers exactly what left, and forgets nothing but what never did."""

from __future__ import annotations

import zlib
from dataclasses import replace

import msgspec
import pytest

from cis_desktop import ledger
from cis_desktop.disclosure.tables import TOTAL, Cell, Table
from cis_desktop.errors import CisError
from cis_desktop.ledger import Entry
from cis_desktop.workspace import Workspace
from tests.core.packs.examples import POLICY, ordinary

PACK = "0123456789abcdef"


def write(workspace: Workspace, pack: str = PACK, made_at: str = "2018-04-03T10:00:00Z") -> str:
    released = ordinary().tables
    exact = [
        Table(t.shape, {k: Cell(3 if c.value is None else c.value, 1, 1) for k, c in t.cells.items()}) for t in released
    ]
    entry = Entry(
        pack, "Kilburn Pantry", "Small group return", bytes(32), "2018-Q1", "Camden Council", made_at, "Ada", "ab" * 32,
        {"cells": 40, "hidden": 3},
    )  # fmt: skip
    with workspace.change("Released figures") as change:
        ledger.record(change, entry, POLICY, released, exact)
    return str(change.id)


def test_what_was_released_comes_back_exactly_with_the_figures_behind_it(workspace: Workspace) -> None:
    write(workspace)
    (past,) = ledger.kept(workspace.read)
    assert past.policy == POLICY
    assert past.release.tables == ordinary().tables
    ages = past.release.tables[2].shape
    hidden = past.release.cells[ages.identity(("0-15",))]
    assert (hidden.exact, hidden.released.status) == (3, "hidden")
    assert past.release.cells[ages.identity(("16-64",))].exact == 101
    assert past.release.id == past.entry.pack == PACK
    assert ledger.kept(workspace.read) == [past]


def test_a_line_written_before_everybody_was_one_area_is_compared_with_those_written_since(
    workspace: Workspace,
) -> None:
    write(workspace)
    (now,) = ledger.kept(workspace.read)
    exact = [
        (
            {"measure": cid.measure, "filters": [["sex", "female"]], "area": cid.area, "period": cid.period,
             "categories": cid.categories},
            cell.exact,
            cell.released,
        )
        for cid, cell in now.release.cells.items()
    ]  # fmt: skip
    tables = [
        (replace(table.shape, filters=(("sex", "female"),)), list(table.cells.items())) for table in now.release.tables
    ]
    blob = zlib.compress(msgspec.msgpack.encode([now.policy, tables, exact]))
    with workspace.change("Wrote it as it was written once") as change:
        (row,) = change.connection.execute("select id from releases").fetchone()
        change.update("releases", row, cells=blob, gone=0)
    (past,) = ledger.kept(workspace.read)
    for table in past.release.tables:
        assert table.shape.everywhere
        for key, cell in table.cells.items():
            cid = table.shape.identity(key)
            assert past.release.cells[cid].released == cell
            assert cid.area == "" or key != (TOTAL,) * len(key)
            assert ("sex", "female") in cid.categories


def test_a_pack_that_never_left_stops_counting_until_it_is_marked_otherwise(workspace: Workspace) -> None:
    write(workspace)
    assert ledger.mark(workspace, PACK[:8], "never-left").status == "never-left"
    assert not ledger.kept(workspace.read)
    assert [entry.pack for entry in ledger.releases(workspace.read)] == [PACK]
    ledger.mark(workspace, PACK, "sent")
    assert len(ledger.kept(workspace.read)) == 1


def test_a_pack_made_again_to_the_second_is_marked_by_its_newest_line(workspace: Workspace) -> None:
    write(workspace)
    ledger.mark(workspace, PACK, "never-left")
    write(workspace)
    ledger.mark(workspace, PACK, "sent")
    assert [entry.status for entry in ledger.releases(workspace.read)] == ["never-left", "sent"]


def test_undoing_the_change_does_not_bring_a_pack_back(workspace: Workspace) -> None:
    change = write(workspace)
    workspace.undo(change)
    assert len(ledger.kept(workspace.read)) == 1
    assert [entry.status for entry in ledger.releases(workspace.read)] == ["made"]


def test_a_received_pack_did_leave(workspace: Workspace) -> None:
    write(workspace)
    ledger.mark(workspace, PACK, "received")
    with pytest.raises(CisError) as refused:
        ledger.mark(workspace, PACK, "never-left")
    assert refused.value.code == "pack_was_received"


@pytest.mark.parametrize(("pack", "status", "code"), [
    ("feedfeedfeedfeed", "sent", "no_such_pack"), ("0123", "sent", "no_such_pack"), (PACK, "lost", "unknown_status"),
])  # fmt: skip
def test_a_mark_needs_one_pack_and_a_known_word(workspace: Workspace, pack: str, status: str, code: str) -> None:
    write(workspace)
    with pytest.raises(CisError) as refused:
        ledger.mark(workspace, pack, status)
    assert refused.value.code == code


def test_releases_are_listed_oldest_first_whatever_order_they_came_in(workspace: Workspace) -> None:
    write(workspace, "b" * 16, "2018-07-01T00:00:00Z")
    write(workspace, "a" * 16, "2018-04-01T00:00:00Z")
    assert [entry.pack[0] for entry in ledger.releases(workspace.read)] == ["a", "b"]


def test_figures_that_cannot_be_read_stop_the_next_release(workspace: Workspace) -> None:
    write(workspace)
    with workspace.change("Damage") as change:
        change.connection.execute("update releases set cells = ?", (b"\x00garbage",))
    with pytest.raises(CisError) as refused:
        ledger.kept(workspace.read)
    assert refused.value.code == "ledger_unreadable"
