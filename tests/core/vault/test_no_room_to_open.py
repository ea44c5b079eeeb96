"""A disk without room for what SQLite writes beside the vault: said as what it is, with nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cis_desktop.errors import CisError
from cis_desktop.workspace import Workspace

ANN = "correct horse battery staple"


@contextmanager
def no_room() -> Iterator[None]:
    """Let no file grow beyond a few bytes: to SQLite that is a full disk."""
    resource = pytest.importorskip("resource", reason="only where files can be kept small")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (512, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_record_that_finds_no_room_to_open_says_so_and_opens_later(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "group", "Larder", "Ann", ANN, passes=1).close()
    before = (tmp_path / "group" / "vault.db").read_bytes()
    with no_room(), pytest.raises(CisError) as refused:
        Workspace.open(tmp_path / "group", ANN)
    assert refused.value.title == "There is no room to open the record"
    assert "Nothing is lost" in refused.value.sentence
    assert "Delete something else" in refused.value.sentence
    assert (tmp_path / "group" / "vault.db").read_bytes() == before
    Workspace.open(tmp_path / "group", ANN).close()
