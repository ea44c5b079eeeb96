"""Importing a real charity's 79,838 rows beside bare pandas and executemany; and what the vault then weighs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlcipher3

from cis_desktop.intake.commit import commit
from cis_desktop.intake.draft import draft
from cis_desktop.intake.guessing import guess
from cis_desktop.intake.reading import read
from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.vault.backup import copy_database
from cis_desktop.vault.database import connect
from cis_desktop.workspace import Workspace

KEY = bytes(range(32))
ROUNDS = count()


def fresh(folder: Path) -> Workspace:
    workspace = Workspace.open_raw(folder / str(next(ROUNDS)), KEY, "Ann")
    with workspace.change("Added the lists") as change:
        load_code_lists(change)
    return workspace


def brought_in(workspace: Workspace, source: Path) -> None:
    """The whole way: read in a child, guess the columns, check every row, match people, store, keep the history."""
    sheet = read(source)
    assert commit(workspace, draft(sheet, guess(sheet).mapping)).imported > 79_000


def flat(path: Path, source: Path) -> None:
    """The least anybody could do: the cells as they are, into one encrypted table."""
    frame = pd.read_csv(source, sep="\t", dtype=str, keep_default_na=False)
    connection = sqlcipher3.connect(str(path), isolation_level=None)
    connection.execute(f"pragma key = \"x'{KEY.hex()}'\"")
    connection.execute("pragma journal_mode = wal")
    names = [f"c{number}" for number in range(len(frame.columns))]
    connection.execute(f"create table services ({', '.join(names)})")
    connection.execute("begin")
    connection.executemany(
        f"insert into services values ({', '.join('?' * len(names))})", frame.itertuples(index=False, name=None)
    )
    connection.execute("commit")
    connection.close()


def test_importing_a_real_list(compare: Any, tmp_path: Path, real_data: Path) -> None:
    source = real_data / "charity" / "services.tsv"
    opened: list[Workspace] = []

    def prepare() -> Path:
        while opened:
            opened.pop().close()
        opened.append(fresh(tmp_path))
        return tmp_path / f"flat-{next(ROUNDS)}.db"

    compare(
        "import of 79,838 real rows",
        lambda _: brought_in(opened[0], source),
        lambda path: flat(path, source),
        goal=5,
        rounds=3,
        prepare=prepare,
    )
    opened.pop().close()


@pytest.fixture
def full(tmp_path: Path, real_data: Path) -> Iterator[Workspace]:
    with fresh(tmp_path) as workspace:
        brought_in(workspace, real_data / "charity" / "services.tsv")
        yield workspace


def test_the_size_of_a_vault_with_its_history(compare: Any, full: Workspace, tmp_path: Path) -> None:
    """Both without the search index and with every other index, both packed tight."""
    ours = tmp_path / "ours.db"
    copy_database(full.read, ours, KEY)
    connection = connect(ours, KEY)
    connection.execute("pragma journal_mode = delete")
    connection.execute("drop table found")
    connection.execute("vacuum")
    connection.close()
    plain = sqlite3.connect(tmp_path / "plain.db", isolation_level=None)
    wanted = ", ".join(f"'{name}'" for name in full.vault.tables)
    for kind in ("table", "index"):
        for (sql,) in full.read.execute(
            f"select sql from sqlite_master where tbl_name in ({wanted}) and type = ? and sql is not null", (kind,)
        ).fetchall():
            plain.execute(sql)
    plain.execute("begin")
    for name in full.vault.tables:
        rows = full.read.execute(f"select * from {name}").fetchall()
        if rows:
            plain.executemany(f"insert into {name} values ({', '.join('?' * len(rows[0]))})", rows)
    plain.execute("commit")
    plain.execute("vacuum")
    plain.close()
    compare.amount(
        "vault with its history, search apart",
        ours=ours.stat().st_size / 1e6,
        reference=(tmp_path / "plain.db").stat().st_size / 1e6,
        unit="MB",
        goal=2,
    )


def test_undoing_the_whole_import(compare: Any, full: Workspace) -> None:
    change_set = next(one.id for one in full.change_sets() if one.words.startswith("Imported"))
    compare("undo of that import", lambda: full.undo(change_set), limit=10, rounds=1)
