"""A backup is checked when written, opens without us, refuses tampering, and comes back as a new device."""

from __future__ import annotations

import os
import random
import tarfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cis_desktop.errors import CisError
from cis_desktop.vault import keys
from cis_desktop.vault.sealing import write_tar
from cis_desktop.workspace import Workspace

from .conftest import KEY, add_person

WORDS = "correct horse battery staple"
CANARY = b"Aqwlarder"


@pytest.fixture
def group(tmp_path: Path) -> Iterator[tuple[Workspace, str]]:
    """Open a workspace whose keys open it with a recovery identity, without the wait for Argon2id."""
    folder = tmp_path / "group"
    recovery, identity = keys.recovery_slot(KEY)
    with Workspace.open_raw(folder, KEY, "Ann") as workspace:
        keys.write_keys(folder, keys.sealed_list((recovery,), KEY))
        add_person(workspace, CANARY.decode())
        yield workspace, identity


def refused_code(backup: Path, folder: Path, secret: str) -> str:
    with pytest.raises(CisError) as refused:
        Workspace.restore(backup, folder, secret)
    assert refused.value.title
    assert refused.value.sentence.endswith(".")
    return refused.value.code


def test_a_backup_holds_everything_and_names_nobody(group: tuple[Workspace, str], tmp_path: Path) -> None:
    workspace, identity = group
    path = workspace.back_up()
    assert path.parent == workspace.folder / "backups"
    assert path.suffix == ".cis-backup"
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    assert CANARY.lower() not in path.read_bytes().lower()
    with tarfile.open(path) as tar:
        assert tar.getnames() == ["keys.json", "vault.age"]
        assert all((m.uname, m.gname, m.uid, m.mtime) == ("", "", 0, 0) for m in tar)
    with Workspace.restore(path, tmp_path / "again", identity) as restored:
        for table in workspace.vault.tables:
            assert restored.read.execute(f"select * from {table}").fetchall() \
                == workspace.read.execute(f"select * from {table}").fetchall()  # fmt: skip
        assert restored.problems() == []
        assert list(restored.vault.sets_since({})) == list(workspace.vault.sets_since({}))


def test_the_names_of_people_are_not_in_the_open_part(tmp_path: Path) -> None:
    kit = tmp_path / "kit.txt"
    with Workspace.create(tmp_path / "group", "Larder", "Wilhelmina", WORDS, kit, passes=3) as workspace:
        add_person(workspace)
        backup = workspace.back_up(tmp_path / "stick" / "b.cis-backup")
    assert b"Wilhelmina" not in backup.read_bytes()
    identity = kit.read_text().splitlines()[-1]
    # On another computer, where there is nothing but the file and what somebody remembers.
    for number, secret in enumerate((WORDS, identity.lower())):
        with Workspace.restore(backup, tmp_path / f"laptop{number}", secret) as restored:
            assert restored.name == "Larder"
            assert restored.who == ("Wilhelmina" if secret == WORDS else "Recovery kit")
    with Workspace.open(tmp_path / "laptop1", WORDS) as restored:
        assert restored.read.execute("select given_name from people").fetchall() == [("Zehra",)]
    assert refused_code(backup, tmp_path / "no", "wrong words here") == "wrong_passphrase"
    assert not (tmp_path / "no").exists()


def test_a_restored_backup_is_a_new_device_with_references_of_its_own(
    group: tuple[Workspace, str], tmp_path: Path
) -> None:
    workspace, identity = group
    backup = workspace.back_up(tmp_path / "b.cis-backup")
    with Workspace.restore(backup, tmp_path / "again", identity) as restored:
        for one in (workspace, restored):
            add_person(one, "Later")
        here, there = (
            one.read.execute("select reference from people where given_name = 'Later'").fetchone()[0]
            for one in (workspace, restored)
        )
        assert here != there
        # Both went on from the same backup, and still merge.
        assert restored.vault.receive(list(workspace.vault.sets_since({}))).refused == []
        assert workspace.vault.receive(list(restored.vault.sets_since({}))).refused == []
        assert workspace.read.execute("select count(*) from people").fetchone() == (3,)
        assert workspace.vault.held() == restored.vault.held()
        assert workspace.problems() == restored.problems() == []


def test_every_sampled_flipped_byte_is_refused_and_leaves_nothing(group: tuple[Workspace, str], tmp_path: Path) -> None:
    workspace, identity = group
    backup = workspace.back_up(tmp_path / "b.cis-backup")
    raw = backup.read_bytes()
    choose = random.Random(20261123)
    # Everything in the open part, which nothing but the reader's care protects, and a sample of the sealed part.
    seal = raw.index(b"age-encryption.org")
    places = [*range(0, seal + 300, 7), *choose.sample(range(seal, len(raw)), 40)]
    places += range(len(raw) - 3000, len(raw), 97)
    for place in places:
        flipped = bytearray(raw)
        flipped[place] ^= 1 << choose.randrange(8)
        backup.write_bytes(flipped)
        code = refused_code(backup, tmp_path / "again", identity)
        assert code in {"not_a_backup", "damaged_keys", "wrong_recovery_key", "newer_version"}, place
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.cis-backup", "group"]
    for cut in (0, 100, len(raw) // 2, len(raw) - 512):
        backup.write_bytes(raw[:cut])
        assert refused_code(backup, tmp_path / "again", identity) == "not_a_backup"
    backup.write_bytes(raw + b"\0" * 512)
    assert refused_code(backup, tmp_path / "again", identity) == "not_a_backup"


def test_a_tar_that_is_no_backup_is_refused(group: tuple[Workspace, str], tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    for names in (["../escaped", "vault.age"], ["keys.json"], ["keys.json", "vault.age", "more"], ["keys.json"] * 2):
        path = tmp_path / "b.cis-backup"
        with tarfile.open(path, "w") as tar:
            for name in names:
                tar.add(tmp_path / "x", name)
        assert refused_code(path, tmp_path / "again", group[1]) == "not_a_backup"
    with tarfile.open(path, "w") as tar:
        for name in ("keys.json", "vault.age"):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
            tar.addfile(link)
    assert refused_code(path, tmp_path / "again", group[1]) == "not_a_backup"
    assert not (tmp_path / "escaped").exists()


def test_nothing_is_restored_over_other_files(group: tuple[Workspace, str], tmp_path: Path) -> None:
    workspace, identity = group
    backup = workspace.back_up(tmp_path / "b.cis-backup")
    assert refused_code(backup, workspace.folder, identity) == "folder_taken"
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("kept")
    assert refused_code(backup, tmp_path / "letters", identity) == "folder_not_empty"
    assert refused_code(backup, tmp_path / "Dropbox" / "group", identity) == "cloud_folder"
    assert refused_code(tmp_path / "none.cis-backup", tmp_path / "again", identity) == "no_file"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.cis-backup", "group", "letters"]


def test_a_backup_of_a_damaged_vault_is_not_taken_for_a_good_one(group: tuple[Workspace, str], tmp_path: Path) -> None:
    workspace, _ = group
    older = workspace.back_up(tmp_path / "b.cis-backup").read_bytes()
    workspace.vault._writer.execute("pragma wal_checkpoint(truncate)")
    with (workspace.folder / "vault.db").open("rb+") as file:
        file.seek(-3000, os.SEEK_END)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(CisError):
        workspace.back_up(tmp_path / "b.cis-backup")
    assert (tmp_path / "b.cis-backup").read_bytes() == older
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.cis-backup", "group"]


def test_one_bad_record_blocks_neither_a_backup_nor_its_restore_and_is_told(
    group: tuple[Workspace, str], tmp_path: Path
) -> None:
    workspace, identity = group
    writer = workspace.vault._writer
    writer.execute("pragma query_only = off")
    writer.execute("update change_sets set words = 'Forged' where id = 1")
    backup = workspace.back_up(tmp_path / "b.cis-backup")
    with Workspace.restore(backup, tmp_path / "again", identity) as restored:
        (problem,) = restored.problems()
    assert problem.endswith("is not what it was when it was made")


def test_a_backup_taken_while_others_write_is_whole(group: tuple[Workspace, str], tmp_path: Path) -> None:
    workspace, identity = group
    with workspace.change("Being written") as change:
        change.insert("people", reference="P-77", given_name="Unsaved")
        backup = workspace.back_up(tmp_path / "b.cis-backup")
    with Workspace.restore(backup, tmp_path / "again", identity) as restored:
        assert restored.read.execute("select given_name from people").fetchall() == [(CANARY.decode(),)]


def test_the_open_part_only_opens_the_sealed_part_it_came_with(group: tuple[Workspace, str], tmp_path: Path) -> None:
    workspace, identity = group
    backup = workspace.back_up(tmp_path / "b.cis-backup")
    with tarfile.open(backup) as tar:
        tar.extractall(tmp_path / "parts", filter="data")
    file = msgspec.json.decode((tmp_path / "parts" / "keys.json").read_bytes(), type=keys.KeyFile)
    stranger, _ = keys.recovery_slot(KEY)
    (tmp_path / "parts" / "keys.json").write_bytes(
        msgspec.json.encode(msgspec.structs.replace(file, slots=(*file.slots, stranger)))
    )
    with backup.open("wb") as out:
        write_tar(out, {name: tmp_path / "parts" / name for name in ("keys.json", "vault.age")})
    assert refused_code(backup, tmp_path / "again", identity) == "not_a_backup"
