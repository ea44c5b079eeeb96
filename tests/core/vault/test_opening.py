"""A vault is opened by one process at a time, is never made anew where one was, and says when it is not whole."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cis_desktop.errors import CisError
from cis_desktop.vault.chunks import INSERT, Section, seal
from cis_desktop.vault.integrity import damage
from cis_desktop.workspace import Workspace

from .conftest import KEY, add_person

WORDS = "correct horse battery staple"
HOLD = """
import sys
from pathlib import Path
from cis_desktop.workspace import Workspace
workspace = Workspace.open_raw(Path(sys.argv[1]), bytes(range(32)), "Bo at the desk")
with workspace.change("Added") as change:
    change.insert("people", reference="P-1")
print("open", flush=True)
sys.stdin.read()
"""


def held_elsewhere(folder: Path) -> subprocess.Popen[str]:
    """Open the workspace in another process, and wait until it is."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refusal(folder: Path, key: bytes = KEY) -> CisError:
    with pytest.raises(CisError) as refused:
        Workspace.open_raw(folder, key, "Ann")
    assert refused.value.title
    assert refused.value.sentence.endswith(".")
    return refused.value


def test_a_second_process_is_refused_and_told_who_has_it_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    process = held_elsewhere(tmp_path / "group")
    try:
        error = refusal(tmp_path / "group")
        assert error.code == "in_use"
        assert f"a window on {platform.node()} (process {process.pid})" in error.sentence
        process.kill()
        process.wait(30)
        # The file lies in the open, so it says no name.
        assert "Bo at the desk" not in (tmp_path / "group" / "vault.lock").read_text()
        with Workspace.open_raw(tmp_path / "group", KEY, "Ann") as workspace:
            assert workspace.read.execute("select reference from people").fetchall() == [("P-1",)]
            assert workspace.problems() == []
    finally:
        process.kill()
        process.communicate()


def test_the_same_process_cannot_open_it_twice_and_can_after_closing(workspace: Workspace) -> None:
    assert f"process {os.getpid()}" in refusal(workspace.folder).sentence
    workspace.close()
    Workspace.open_raw(workspace.folder, KEY, "Bo").close()


def test_a_failed_opening_lets_go_of_the_lock(workspace: Workspace) -> None:
    workspace.close()
    assert refusal(workspace.folder, bytes(32)).code == "wrong_key"
    Workspace.open_raw(workspace.folder, KEY, "Ann").close()


@pytest.mark.parametrize("state", ["missing", "empty"])
@pytest.mark.parametrize("by_passphrase", [True, False])
def test_a_vault_that_is_missing_or_empty_is_refused_and_no_new_one_is_made(
    tmp_path: Path, state: str, by_passphrase: bool
) -> None:
    folder = tmp_path / "group"
    Workspace.create(folder, "Larder", "Ann", WORDS, passes=3).close()
    if state == "missing":
        (folder / "vault.db").unlink()
    else:
        (folder / "vault.db").write_bytes(b"")
    before = {name: raw for name, raw in bytes_of(folder).items() if name != "vault.lock"}
    for _ in range(2):
        if by_passphrase:
            with pytest.raises(CisError) as refused:
                Workspace.open(folder, WORDS)
            assert refused.value.code == "vault_missing"
        else:
            assert refusal(folder).code == "vault_missing"
        assert {name: raw for name, raw in bytes_of(folder).items() if name != "vault.lock"} == before


def test_every_connection_is_as_careful_as_the_last(workspace: Workspace) -> None:
    wanted = {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "temp_store": 2, "secure_delete": 1,
        "recursive_triggers": 1, "trusted_schema": 0,
    }  # fmt: skip
    with workspace.reader() as reader:
        for connection in (workspace.read, workspace.vault._writer, reader):
            assert {name: connection.execute(f"pragma {name}").fetchone()[0] for name in wanted} == wanted
        for connection in (workspace.read, reader):
            assert connection.execute("pragma query_only").fetchone() == (1,)


def test_a_folder_without_keys_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(CisError) as refused:
        Workspace.open(tmp_path, WORDS)
    assert refused.value.code == "no_workspace"
    assert list(tmp_path.iterdir()) == []


def test_another_key_or_a_file_that_is_no_vault_is_refused_and_left_as_it_is(workspace: Workspace) -> None:
    add_person(workspace)
    workspace.close()
    before = bytes_of(workspace.folder)
    assert refusal(workspace.folder, bytes(32)).code == "wrong_key"
    assert bytes_of(workspace.folder) == before
    (workspace.folder / "vault.db").write_bytes(b"not a vault " * 1000)
    assert refusal(workspace.folder).code == "wrong_key"
    assert (workspace.folder / "vault.db").read_bytes() == b"not a vault " * 1000


def test_a_vault_of_a_newer_version_is_refused_and_left_as_it_is(workspace: Workspace) -> None:
    add_person(workspace)
    workspace.vault._writer.execute("pragma user_version = 99")
    workspace.close()
    before = bytes_of(workspace.folder)
    assert refusal(workspace.folder).code == "newer_version"
    assert bytes_of(workspace.folder) == before


def test_a_copy_of_an_open_folder_is_whole(tmp_path: Path, workspace: Workspace) -> None:
    add_person(workspace)
    shutil.copytree(workspace.folder, tmp_path / "copy")
    with Workspace.open_raw(tmp_path / "copy", KEY, "Ann") as copy:
        assert copy.read.execute("select given_name from people").fetchall() == [("Zehra",)]
        assert copy.problems() == []


def test_check_finds_a_damaged_page(workspace: Workspace) -> None:
    for number in range(40):
        add_person(workspace, f"Name {number}" * 20)
    assert workspace.problems() == []
    workspace.close()
    path = workspace.folder / "vault.db"
    whole = path.read_bytes()
    for page in range(2, len(whole) // 4096, 9):
        raw = bytearray(whole)
        raw[page * 4096 + 1000] ^= 1
        path.write_bytes(raw)
        assert damage(path, KEY) != [], f"page {page}"
    path.write_bytes(whole[: len(whole) - 4096])
    assert damage(path, KEY) != []
    path.write_bytes(whole)
    assert damage(path, KEY) == []


FORGERIES = {
    "a change is not what it was": ["update change_sets set words = 'Nothing' where id = 2"],
    "a change lost its time": ["update change_sets set at = '2001-01-01T00:00:00Z' where id = 1"],
    "a chunk says something else": ["update chunks set body = :chunk where set_id = 1"],
    "a chunk is garbage": ["update chunks set body = x'00ff00ff' where set_id = 1"],
    "a chunk is gone": ["delete from chunks where set_id = 1"],
    "a set is gone": [
        "delete from chunks where set_id = 1", "delete from made where set_id = 1",
        "delete from edits where set_id = 1", "delete from change_sets where id = 1",
    ],
    "a row without history": ["insert into people (reference) values ('P-77')"],
    "a pointer to nowhere": ["pragma foreign_keys = off", "update people set household_id = 99 where id = 1"],
    "half a change": ["insert into pending (tbl, row, field) values ('people', 1, 'note')"],
    "an open mode": ["update writing set mode = 1"],
    "no trigger for a field": ["drop trigger history_people_given_name"],
    "no trigger for the path": ["drop trigger history_contacts_path_person_id"],
    "no trigger for the identity": ["drop trigger history_people_identity"],
    "no trigger against deleting": ["drop trigger history_people_delete"],
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_check_finds_what_breaks_the_rules_of_the_history(workspace: Workspace, forgery: str) -> None:
    add_person(workspace)
    with workspace.change("Mended a name") as change:
        change.update("people", 1, given_name="Zeynep")
    assert workspace.problems() == []
    uid = workspace.read.execute("select uid from people").fetchone()[0]
    fields = workspace.vault.tables["people"].fields
    (chunk,), _ = seal([Section("people", INSERT, fields, [[uid, *("forged" for _ in fields)]])])
    writer = workspace.vault._writer
    writer.execute("pragma query_only = off")
    writer.execute("update writing set mode = 2") if forgery != "an open mode" else None
    for statement in FORGERIES[forgery]:
        writer.execute(statement, {"chunk": chunk} if ":chunk" in statement else {})
    writer.execute("update writing set mode = 0") if forgery != "an open mode" else None
    assert workspace.problems() != []


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="only Linux has such a folder at hand")
def test_a_folder_in_which_nothing_can_be_written_is_said_to_be_one() -> None:
    with pytest.raises(CisError) as refused:
        Workspace.open_raw(Path("/sys/kernel"), KEY, "Ann")
    assert refused.value.code == "not_writable"
    assert "Nothing was changed" in refused.value.sentence
