"""One laptop releases. The others, and a restored record, wait until they may."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cis_desktop.errors import CisError
from cis_desktop.packs import build, role, verify
from cis_desktop.packs.release import release
from cis_desktop.packs.signing import signing_key
from cis_desktop.words import fingerprint
from cis_desktop.workspace import Workspace
from tests.core.packs.examples import details, ordinary
from tests.core.packs.test_release import FOOD, group, made

__all__ = ["group"]


def standing(workspace: Workspace) -> str:
    return role.role(workspace.read).standing


def as_another(workspace: Workspace) -> None:
    """Do what restoring a backup does: become another device."""
    workspace.vault.new_copy("Spare laptop")


def as_joined(workspace: Workspace) -> None:
    """Become a laptop that shares the record and was never a copy of another one's."""
    workspace.vault.new_incarnation("Spare laptop")
    with workspace.change("Joined") as change:
        change.connection.execute("delete from local_notes where name like 'pack_signing_key:%'")


def test_whoever_releases_first_holds_the_role(group: Workspace, tmp_path: Path) -> None:
    assert standing(group) == "nobody"
    made(group, tmp_path)
    found = role.role(group.read)
    assert found.standing == "here"
    assert [one.kind for one in found.heads] == ["first"]
    made(group, tmp_path, "2018-Q2")
    assert len(role.role(group.read).heads) == 1


def test_taking_back_a_release_does_not_take_back_who_made_it(group: Workspace, tmp_path: Path) -> None:
    made(group, tmp_path)
    group.undo(group.change_sets(limit=1)[0].id)
    assert standing(group) == "here"


@pytest.mark.parametrize("released", [True, False])
def test_a_restored_record_releases_nothing_until_somebody_says_what_was_made_meanwhile(
    group: Workspace, tmp_path: Path, released: bool
) -> None:
    if released:
        made(group, tmp_path / "before")
    as_another(group)
    assert standing(group) == "copied"
    with pytest.raises(CisError) as refused:
        made(group, tmp_path / "after", "2018-Q2")
    assert refused.value.code == "release_held"
    assert not (tmp_path / "after").exists()
    role.take(group)
    assert standing(group) == "here"
    assert verify(made(group, tmp_path / "after", "2018-Q2").archive).valid


def test_a_pack_after_a_restore_says_that_its_key_follows_the_old_one(group: Workspace, tmp_path: Path) -> None:
    first = verify(made(group, tmp_path).archive)
    as_another(group)
    role.take(group)
    as_another(group)
    role.take(group)
    done = made(group, tmp_path, "2018-Q2")
    for path in (done.archive, done.workbook):
        found = verify(path)
        assert found.valid
        assert found.fingerprint != first.fingerprint
        assert len(found.follows) == 2
        assert found.follows[-1] == first.fingerprint


def test_another_laptop_asks_and_is_given_the_role(group: Workspace, tmp_path: Path) -> None:
    made(group, tmp_path)
    old, at = signing_key(group), group.device
    key = group.read.execute("select value from local_notes where name = ?", (f"pack_signing_key:{at}",)).fetchone()[0]
    as_joined(group)
    assert standing(group) == "elsewhere"
    with pytest.raises(CisError) as refused:
        made(group, tmp_path, "2018-Q2")
    assert refused.value.code == "released_elsewhere"
    with pytest.raises(CisError) as refused:
        role.hand_over(group, "Spare laptop")
    assert refused.value.code == "role_not_here"
    role.ask(group)
    spare = group.device
    back_at(group, at, key)
    with pytest.raises(CisError) as refused:
        role.hand_over(group, "Nobody's laptop")
    assert refused.value.code == "role_nobody_asked"
    assert role.hand_over(group, "Spare laptop").device == spare
    assert standing(group) == "elsewhere"
    follows = role.lineage(group.read)
    assert role.earlier_keys(follows, str(follows[-1]["public_key"])) == (old.public,)


def back_at(workspace: Workspace, device: str, key: str) -> None:
    """Be an earlier laptop again, as if its changes had met those of the other one."""
    with workspace.change("Back") as change:
        change.connection.execute(
            "update writing set device = (select id from devices where uid = ?)", (bytes.fromhex(device),)
        )
        change.connection.execute(
            "insert or replace into local_notes (name, value) values (?, ?)", (f"pack_signing_key:{device}", key)
        )


def test_two_that_took_it_apart_are_told_and_one_takes_it(group: Workspace, tmp_path: Path) -> None:
    made(group, tmp_path)
    rows = group.read.execute("select kind from release_role").fetchall()
    assert len(rows) == 1
    as_another(group)
    role.take(group)
    taken = role.role(group.read).heads[0]
    # The same again, by another copy of the same backup.
    with group.change("What the other copy did") as change:
        change.insert(
            "release_role", kind="taken", device="ab" * 16, laptop="Hall laptop", public_key=signing_key(group).public,
            previous=" ".join(taken.previous), at="2018-05-01T10:00:00Z", signed_by=signing_key(group).public,
            signature="",
        )  # fmt: skip
    assert standing(group) == "here", "what nobody signed counts for nothing"
    other = role.Statement(
        "taken", "ab" * 16, "Hall laptop", (signer := type(signing_key(group))(bytes(range(32)))).public,
        taken.previous, "2018-05-01T10:00:00Z", signer.public,
    )  # fmt: skip
    signed = replace(other, signature=signer.sign(role.canonical(other.said)))
    with group.change("What the other copy did") as change:
        change.insert(
            "release_role", kind=signed.kind, device=signed.device, laptop=signed.laptop,
            public_key=signed.public_key, previous=" ".join(signed.previous), at=signed.at,
            signed_by=signed.signed_by, signature=signed.signature,
        )  # fmt: skip
    assert standing(group) == "disputed"
    with pytest.raises(CisError) as refused:
        made(group, tmp_path, "2018-Q2")
    assert refused.value.code == "role_disputed"
    assert "Hall laptop" in refused.value.sentence
    role.take(group)
    assert standing(group) == "here"


@pytest.mark.parametrize("name", ["public_key", "signed_by", "signature", "device", "at"])
def test_a_statement_that_was_changed_ties_no_keys_together(group: Workspace, tmp_path: Path, name: str) -> None:
    made(group, tmp_path)
    as_another(group)
    role.take(group)
    signer = replace(signing_key(group), follows=role.lineage(group.read))
    (said,) = signer.follows
    changed = {**said, name: "0" * len(str(said[name]))}
    lied = replace(signer, follows=(changed,))
    for mark, right in ((signer, True), (lied, False)):
        files = build(ordinary(), details(), mark)
        for what, data in (("archive.cis-pack.zip", files.archive), ("workbook.xlsx", files.workbook)):
            (tmp_path / what).write_bytes(data)
            found = verify(tmp_path / what)
            assert found.valid is right
            assert (found.follows == (fingerprint(str(said["signed_by"])),)) is right


def test_the_name_of_a_laptop_is_in_no_pack(group: Workspace, tmp_path: Path) -> None:
    made(group, tmp_path)
    as_another(group)
    role.take(group)
    done = release(group, FOOD, "2018-Q2", tmp_path, "Ada Lovelace")
    assert b"Spare laptop" not in role.canonical(list(role.lineage(group.read)))
    assert done.pack
