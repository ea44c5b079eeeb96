"""A sealed file is read back whole: whatever a disk made of it, it is told from what was written."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pyrage
import pytest

from cis_desktop.vault.progress import untold
from cis_desktop.vault.sealing import Sealed, is_whole, seal, tar_of

SLOTS = b'{"slots": []}'

Written = tuple[Path, Sealed, pyrage.x25519.Identity]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Give a sealed file of two members, one of them longer than a piece of age's."""
    members = {"vault.db": tmp_path / "vault.db", "vault.keys": tmp_path / "vault.keys"}
    members["vault.db"].write_bytes(bytes(range(256)) * 600)
    members["vault.keys"].write_bytes(b"keys")
    identity = pyrage.x25519.Identity.generate()
    path = tmp_path / "b.cis-backup"
    sealed = seal(path, ("keys.json", SLOTS), "vault.age", members, [identity.to_public()], untold)
    return path, sealed, identity


def test_any_tar_and_any_age_open_it(written: Written, tmp_path: Path) -> None:
    path, _, identity = written
    with tarfile.open(path) as tar:
        assert tar.getnames() == ["keys.json", "vault.age"]
        tar.extractall(tmp_path / "outer", filter="data")
    assert (tmp_path / "outer" / "keys.json").read_bytes() == SLOTS
    inner = pyrage.decrypt((tmp_path / "outer" / "vault.age").read_bytes(), [identity])
    with tarfile.open(fileobj=io.BytesIO(inner)) as tar:
        tar.extractall(tmp_path / "out", filter="data")
    for name in ("vault.db", "vault.keys"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / name).read_bytes()


def test_it_is_the_tar_that_tarfile_would_write(written: Written, tmp_path: Path) -> None:
    names = ("vault.db", "vault.keys")
    ours = b"".join(tar_of({name: tmp_path / name for name in names}))
    theirs = io.BytesIO()
    with tarfile.open(fileobj=theirs, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size, member.mode = (tmp_path / name).stat().st_size, 0o600
            tar.addfile(member, io.BytesIO((tmp_path / name).read_bytes()))
    assert ours == theirs.getvalue()


def test_it_is_whole_until_any_byte_of_it_changes(written: Written) -> None:
    path, sealed, identity = written
    assert is_whole(path, sealed, identity, untold)
    raw = path.read_bytes()
    ends = len(sealed.head), len(raw) - len(sealed.tail)
    for at in (0, 600, ends[0] - 1, ends[0], ends[0] + 400, len(raw) // 2, ends[1] - 1, ends[1], len(raw) - 1):
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        assert not is_whole(path, sealed, identity, untold), at
    for other in (raw[:-1], raw + b"\0", raw[: ends[0] + 70_000], raw[:10], b""):
        path.write_bytes(other)
        assert not is_whole(path, sealed, identity, untold), len(other)


def test_a_file_sealed_with_something_else_in_it_is_not_taken_for_it(written: Written, tmp_path: Path) -> None:
    path, sealed, identity = written
    other = tmp_path / "other.cis-backup"
    members = {"vault.db": tmp_path / "vault.keys", "vault.keys": tmp_path / "vault.db"}
    seal(other, ("keys.json", SLOTS), "vault.age", members, [identity.to_public()], untold)
    assert not is_whole(other, sealed, identity, untold)
    assert not is_whole(path, sealed, pyrage.x25519.Identity.generate(), untold)
