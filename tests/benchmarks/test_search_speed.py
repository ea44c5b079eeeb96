"""Search per key press at 100,000 people, beside plain SQLite FTS5, unencrypted, over the same text.

The reference is one ordinary table with the same words, the same tokens and an index of beginnings of up to three
letters; it gives the newest twenty of a match with their words. Ours also ranks, decrypts, and names each record.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from typing import Any

import pytest

from cis_desktop.demo import populate
from cis_desktop.records.search import search
from cis_desktop.workspace import Workspace

PEOPLE, CONTACTS, OBSERVATIONS = 100_000, 1_000_000, 50_000
TYPED = (
    "mohamed al", "smith", "nw5 2ab", "siobhán", "begum fat", "p-1234", "no cooker", "food ran out", "王小明", "a b",
    "x q", "kilburn", "o'brien",
)  # fmt: skip
PHONE = ("07700 900123",)


@pytest.fixture(scope="module")
def busy_centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.open_raw(tmp_path_factory.mktemp("busy"), bytes(range(32)), "Ann") as workspace:
        populate(workspace, PEOPLE, 1, CONTACTS, OBSERVATIONS)
        yield workspace


@pytest.fixture(scope="module")
def plain(busy_centre: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The text of every findable record in an ordinary FTS5 table of the standard library's SQLite."""
    connection = sqlite3.connect(tmp_path_factory.mktemp("plain") / "plain.db")
    connection.execute("pragma cache_size = -16384")
    connection.execute(
        "create virtual table found using fts5 (words, prefix = '1 2 3',"
        " tokenize = \"unicode61 remove_diacritics 2 categories 'L* N* M* Co'\")"
    )
    views = [
        name
        for (name,) in busy_centre.read.execute(
            "select name from sqlite_master where type = 'view' and name glob 'findable_*'"
        )
    ]
    rows = sorted(row for view in views for row in busy_centre.read.execute(f"select doc, words from {view}"))
    connection.executemany("insert into found (rowid, words) values (?, ?)", rows)
    connection.commit()
    yield connection
    connection.close()


def looked_up(connection: sqlite3.Connection, typed: str) -> list[Any]:
    query = " ".join('"' + word.replace('"', '""') + '"*' for word in typed.split())
    return connection.execute(
        "select rowid, words from found where found match ? order by rowid desc limit 20", (query,)
    ).fetchall()


def key_presses(typed: tuple[str, ...]) -> list[str]:
    """Each text as it grows, letter by letter."""
    return [text[:length] for text in typed for length in range(1, len(text) + 1) if text[length - 1] != " "]


@pytest.mark.parametrize(("what", "typed"), [("names and words", TYPED), ("a phone number", PHONE)])
def test_search_per_key_press(
    compare: Any, busy_centre: Workspace, plain: sqlite3.Connection, what: str, typed: tuple[str, ...]
) -> None:
    presses = key_presses(typed)
    slowest, when = 0.0, ""
    for so_far in presses:
        start = time.perf_counter()
        search(busy_centre.read, so_far)
        slowest, when = max((slowest, when), (time.perf_counter() - start, so_far))
    compare(
        f"search for {what}, {len(presses)} key presses, 200x",
        lambda: [search(busy_centre.read, so_far) for so_far in presses],
        lambda: [looked_up(plain, so_far) for so_far in presses],
        goal=1.5,
    )
    line = compare.amount(f"search, slowest first key press ({when}), 200x", ours=1000 * slowest, unit="ms", limit=50)
    assert line.ours > 0
