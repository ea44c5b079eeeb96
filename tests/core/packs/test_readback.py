"""After a restore, packs that were made meanwhile come back into the ledger from their files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cis_desktop import ledger
from cis_desktop.agreements import accept, find, import_agreement
from cis_desktop.disclosure.joined import build as join
from cis_desktop.disclosure.recalled import nearest
from cis_desktop.disclosure.tables import ReleasedCell, ReleasedTable
from cis_desktop.errors import CisError
from cis_desktop.packs import build, role
from cis_desktop.packs.audit import attack
from cis_desktop.packs.preview import preview
from cis_desktop.packs.readback import read_back
from cis_desktop.packs.signing import Signer
from cis_desktop.records import contacts, people
from cis_desktop.vault.tables import APPLYING
from cis_desktop.workspace import Workspace, setting
from tests.core.disclosure.made import grid
from tests.core.packs.examples import details, ordinary
from tests.core.packs.test_release import FOOD, SMALL, group, made

__all__ = ["group"]


@pytest.fixture
def restored(group: Workspace, tmp_path: Path) -> Workspace:
    """The record as a backup has it, after the group wrote more and released two packs of it."""
    made(group, tmp_path / "before", "2018-Q1")
    kept = group.read.execute("select max(id) from contacts").fetchone()[0]
    with group.change("More came") as change:
        for n in range(12):
            person = people.add(change, given_name=f"Later{n}", birth_year=1990)
            contacts.add(change, "2018-05-02", person_id=person, needs=["food"], needs_version=1, kind="visit")
    made(group, tmp_path / "after", "2018-Q2")
    made(group, tmp_path / "after", "2018", SMALL)
    # What a restore gives back: the record as it was, and another device.
    with group.change("Lost") as change:
        change.connection.execute("update contacts set gone = 1 where id > ?", (kept,))
    with group.vault.transaction(APPLYING) as connection:
        connection.execute("delete from releases where id > (select min(id) from releases)")
    group.vault.new_copy("Spare laptop")
    return group


def test_what_was_released_meanwhile_counts_again(restored: Workspace, tmp_path: Path) -> None:
    assert len(ledger.releases(restored.read)) == 1
    read = read_back(restored, [tmp_path / "after"])
    assert sorted(e.period for e in read) == ["2018", "2018-Q2"]
    assert read_back(restored, [tmp_path / "after"]) == ()
    role.take(restored)
    for past in ledger.kept(restored.read):
        # Figures that could have been the true ones: they add up, and fit what was published.
        assert join((), [past.release], 8) is not None
        for held in past.release.cells.values():
            at_most = held.released.at_most
            assert held.exact >= held.released.at_least
            assert at_most is None or held.exact <= at_most
    with pytest.raises(CisError) as refused:
        made(restored, tmp_path / "again", "2018-Q2")
    assert refused.value.code == "released_already"
    made(restored, tmp_path / "after", "2018-Q3")
    assert not attack([tmp_path / "before", tmp_path / "after"]).exposed


def test_without_them_the_next_pack_could_be_made_twice(restored: Workspace, tmp_path: Path) -> None:
    role.take(restored)
    assert made(restored, tmp_path / "again", "2018-Q2").pack


def test_a_pack_of_another_group_is_not_read_back(restored: Workspace, tmp_path: Path) -> None:
    files = build(ordinary(), details(), Signer(bytes(range(32))))
    (tmp_path / "theirs.cis-pack.zip").write_bytes(files.archive)
    with pytest.raises(CisError) as refused:
        read_back(restored, [tmp_path / "theirs.cis-pack.zip", tmp_path / "after"])
    assert refused.value.code == "pack_not_ours"
    assert len(ledger.releases(restored.read)) == 1


def test_a_record_that_knows_no_key_yet_reads_only_packs_of_its_own_name_back(group: Workspace, tmp_path: Path) -> None:
    group.vault.new_copy("Spare laptop")
    for number, name in enumerate(("Gospel Oak Pantry", setting(group.read, "workspace_name") or "")):
        folder = tmp_path / str(number)
        folder.mkdir()
        files = build(ordinary(), details(group=name), Signer(bytes(range(32))))
        (folder / "one.cis-pack.zip").write_bytes(files.archive)
    with pytest.raises(CisError, match="is of Gospel Oak Pantry, and this record of") as refused:
        read_back(group, [tmp_path / "0", tmp_path / "1"])
    assert refused.value.code == "pack_not_ours"
    assert not ledger.releases(group.read)
    assert len(read_back(group, [tmp_path / "1"])) == 1


def test_a_changed_pack_is_not_read_back(restored: Workspace, tmp_path: Path) -> None:
    (path,) = [p for p in (tmp_path / "after").glob("*.xlsx") if "2018-q2" in p.name]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(CisError):
        read_back(restored, [path])
    assert len(ledger.releases(restored.read)) == 1


def test_the_workbook_alone_will_do(restored: Workspace, tmp_path: Path) -> None:
    for path in (tmp_path / "after").glob("*.cis-pack.zip"):
        path.unlink()
    assert len(read_back(restored, [tmp_path / "after"])) == 2
    assert {e.status for e in ledger.releases(restored.read)} == {"made"}


def test_a_figure_that_never_is_released_is_read_back_as_that(restored: Workspace, tmp_path: Path) -> None:
    document = json.loads(find(restored.read, FOOD).agreement.canonical)
    document |= {"key": "strict", "title": "Strict"}
    document["disclosure"]["parameters"] = {"never_publish": [{"table": "activity", "measure": "people_helped"}]}
    (tmp_path / "strict.cis-agreement").write_text(json.dumps(document))
    import_agreement(restored, tmp_path / "strict.cis-agreement")
    accept(restored, "strict", "Ann")
    role.take(restored)
    made(restored, tmp_path / "strict", "2018-Q3", "strict")
    with restored.vault.transaction(APPLYING) as connection:
        connection.execute("delete from releases where agreement_title = 'Strict'")
    (entry,) = read_back(restored, [tmp_path / "strict"])
    cells = [cell.released for cell in ledger.past(restored.read, entry.pack).release.cells.values()]
    assert [cell.status for cell in cells if cell.withheld] == ["hidden"]


def test_an_empty_folder_says_so(restored: Workspace, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(CisError) as refused:
        read_back(restored, [tmp_path / "nothing"])
    assert refused.value.code == "no_packs"


def test_what_fits_a_pack_and_is_nearest_to_a_recount() -> None:
    true = grid([[3, 20, 11], [14, 2, 30]])
    shown = {
        key: ReleasedCell("hidden", None, 1, None) if c.count < 5 else ReleasedCell("value", c.count, c.count, c.count)
        for key, c in true.cells.items()
    }
    table = ReleasedTable(true.shape, shown)
    recount = {true.shape.identity(key): c.count for key, c in true.cells.items()}
    assert nearest([table], recount, 10) == recount
    bent = nearest([table], dict.fromkeys(recount, 0), 10)
    assert bent is not None
    for key, c in shown.items():
        value = bent[true.shape.identity(key)]
        assert value >= c.at_least
        assert c.at_most is None or value <= c.at_most
    assert bent[true.shape.identity(("r0", "c0"))] == 3, "the row adds up to it"


def test_a_pack_that_says_the_impossible_has_no_figures() -> None:
    true = grid([[30, 20], [10, 20]])
    cells = {key: ReleasedCell("value", c.count, c.count, c.count) for key, c in true.cells.items()}
    cells["r0", "c0"] = ReleasedCell("value", 31, 31, 31)
    assert nearest([ReleasedTable(true.shape, cells)], {}, 10) is None


def test_a_preview_can_be_seen_while_release_is_held(restored: Workspace) -> None:
    assert preview(restored, find(restored.read, FOOD).agreement, "2018-Q2").answer
