"""Saving one contact, with its change set, beside a bare insert and commit in the same kind of vault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlcipher3

from cis_desktop.demo import populate
from cis_desktop.records import contacts
from cis_desktop.workspace import Workspace

DAY = "2026-09-30"


@pytest.fixture(scope="module")
def small_group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.open_raw(tmp_path_factory.mktemp("group"), bytes(range(32)), "Ann") as workspace:
        populate(workspace)
        yield workspace


@pytest.fixture(scope="module")
def bare(small_group: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The same contacts, with their indexes, under SQLCipher with the same settings, and nothing else."""
    connection = sqlcipher3.connect(str(tmp_path_factory.mktemp("bare") / "bare.db"), isolation_level=None)
    connection.execute(f"pragma key = \"x'{bytes(range(32)).hex()}'\"")
    for setting in ("journal_mode = wal", "synchronous = full", "secure_delete = on", "cache_size = -16384"):
        connection.execute(f"pragma {setting}")
    for kind in ("table", "index"):
        for (statement,) in small_group.read.execute(
            "select sql from sqlite_master where tbl_name = 'contacts' and type = ? and sql is not null", (kind,)
        ).fetchall():
            connection.execute(statement)
    connection.execute("pragma foreign_keys = off")
    columns = [row[1] for row in small_group.read.execute("pragma table_info(contacts)")]
    rows = small_group.read.execute(f"select {', '.join(columns)} from contacts").fetchall()
    connection.execute("begin")
    connection.executemany(
        f"insert into contacts ({', '.join(columns)}) values ({', '.join('?' * len(columns))})", rows
    )
    connection.execute("commit")
    yield connection
    connection.close()


def test_saving_one_contact(compare: Any, small_group: Workspace, bare: Any) -> None:
    def ours() -> None:
        with small_group.change("Added a visit") as change:
            contacts.add(change, DAY, person_id=7, kind="visit", adults=1, children=2)

    def reference() -> None:
        bare.execute("begin immediate")
        bare.execute(
            "insert into contacts (person_id, household_id, on_date, kind, adults, children) values (?, ?, ?, ?, ?, ?)",
            (7, 4, DAY, "visit", 1, 2),
        )
        bare.execute("commit")

    line = compare("saving one contact, with its change set", ours, reference, goal=2.0, rounds=15, loops=20)
    assert small_group.read.execute("select count(*) from contacts where on_date = ?", (DAY,)).fetchone()[0] >= 300
    assert line.ours
