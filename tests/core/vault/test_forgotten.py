"""An old backup does not bring back whom somebody erased since; and a rehearsal really restores."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cis_desktop import backups
from cis_desktop.errors import CisError
from cis_desktop.local_notes import note, noted
from cis_desktop.vault import forgotten
from cis_desktop.workspace import BACKUPS, Workspace

ANN = "correct horse battery staple"


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Workspace]:
    """Give a workspace with two people and a visit of the first."""
    with Workspace.create(tmp_path / "group", "Larder", "Ann", ANN, passes=1) as workspace:
        with workspace.change("Added people") as change:
            for name in ("Zehra", "Yusuf"):
                change.insert("people", reference=change.next_reference("P"), given_name=name)
            change.insert("contacts", person_id=1, on_date="2026-11-02", note="came with Zehra’s mother")
        yield workspace


def people(folder: Path) -> list[str]:
    with Workspace.open(folder, ANN) as workspace:
        assert workspace.problems() == []
        assert workspace.read.execute("select count(*) from contacts").fetchone() in ((0,), (1,))
        return [name for (name,) in workspace.read.execute("select given_name from people where gone = 0 order by id")]


def test_whoever_was_erased_since_stays_erased_when_an_old_backup_is_restored(group: Workspace, tmp_path: Path) -> None:
    old = group.back_up()
    group.erase("Erased a person", [("people", 1)])
    group.close()
    Workspace.restore(old, tmp_path / "restored", ANN).close()
    assert people(tmp_path / "restored") == ["Yusuf"]
    raw = b"".join(path.read_bytes() for path in (tmp_path / "group" / BACKUPS).glob(forgotten.FILE_NAME))
    assert raw
    assert b"Zehra" not in raw


def test_the_list_goes_to_the_second_place_with_the_backup(group: Workspace, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    with group.change("Chose a second place") as change:
        note(change.connection, backups.SECOND_PLACE, str(tmp_path / "stick"))
    first = backups.keep(group).copy
    assert first is not None
    older = Path(shutil.copyfile(first, first.with_name("older.cis-backup")))
    group.erase("Erased a person", [("people", 1)])
    backups.keep(group)
    group.close()
    Workspace.restore(older, tmp_path / "restored", ANN).close()
    assert people(tmp_path / "restored") == ["Yusuf"]


def test_a_list_that_is_damaged_or_anothers_is_refused_and_without_it_the_backup_is_restored(
    group: Workspace, tmp_path: Path
) -> None:
    old = group.back_up()
    group.erase("Erased a person", [("people", 1)])
    listed = old.parent / forgotten.FILE_NAME
    whole = listed.read_bytes()
    found = msgspec.json.decode(whole, type=forgotten.Forgotten)
    more = msgspec.structs.replace(found, erased=(*found.erased, ("people", "00" * 32)))
    for raw in (b"", b"{}", whole[:-3], msgspec.json.encode(more), whole.replace(b'"people"', b'"cases"')):
        listed.write_bytes(raw)
        with pytest.raises(CisError) as refused:
            Workspace.restore(old, tmp_path / "restored", ANN)
        assert refused.value.code == "erased_list_damaged"
        assert not (tmp_path / "restored").exists()
    listed.unlink()
    Workspace.restore(old, tmp_path / "restored", ANN).close()
    assert people(tmp_path / "restored") == ["Zehra", "Yusuf"]


def test_every_byte_of_the_list_counts(group: Workspace, tmp_path: Path) -> None:
    group.back_up()
    group.erase("Erased a person", [("people", 1)])
    listed = tmp_path / "group" / BACKUPS / forgotten.FILE_NAME
    whole = listed.read_bytes()
    shutil.copytree(listed.parent, tmp_path / "copy")
    for at in range(len(whole)):
        (tmp_path / "copy" / forgotten.FILE_NAME).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(CisError) as refused:
            forgotten.read(group.read, tmp_path / "copy")
        assert refused.value.code == "erased_list_damaged"


def test_a_rehearsal_restores_a_backup_and_notes_the_day_only_if_all_is_the_same(
    group: Workspace, tmp_path: Path
) -> None:
    assert backups.rehearse(group) == []
    assert noted(group.read, backups.REHEARSED)
    left = [path.name for path in (tmp_path / "group" / BACKUPS).iterdir()]
    assert len(left) == 1
    assert left[0].endswith(".cis-backup")


def test_a_rehearsal_needs_a_way_in_and_finds_what_differs(group: Workspace) -> None:
    from cis_desktop.vault.rehearsal import contents, differences

    backup = group.back_up()
    assert differences(backup, group.read, group.identity) == []
    before = contents(group.read)
    with group.change("Corrected a name") as change:
        change.update("people", 1, given_name="Zeynep")
    assert differences(backup, group.read, group.identity) is None
    after = contents(group.read)
    assert {name for name in before.hashes if before.hashes[name] != after.hashes[name]} == {"people", "chunks"}
    group.identity = ""
    with pytest.raises(CisError) as refused:
        group.rehearse()
    assert refused.value.code == "no_identity"


def test_what_a_killed_backup_left_is_gone_when_the_record_is_opened_next(group: Workspace) -> None:
    folder = group.folder / BACKUPS
    group.back_up()
    (folder / ".backup-xyz").mkdir()
    (folder / ".backup-xyz" / "vault.db").write_bytes(b"pages")
    (folder / "b.cis-backup.new").write_bytes(b"half")
    (folder / "my notes").mkdir()
    group.close()
    Workspace.open(group.folder, ANN).close()
    assert sorted(path.suffix or path.name for path in folder.iterdir()) == [".cis-backup", "my notes"]
