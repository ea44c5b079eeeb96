"""Every read that a page makes goes straight to its rows, so that it costs the same in a vault of any size."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cis_desktop.demo import populate
from cis_desktop.records import cases, contacts, described, households, observations, people, search, sessions, show
from cis_desktop.records.glance import at_a_glance
from cis_desktop.vault.store import Vault
from cis_desktop.vault.tables import Connection
from cis_desktop.workspace import Workspace

READS: list[Callable[[Connection], object]] = [
    lambda c: people.get(c, 7),
    lambda c: people.find(c, "P-0007"),
    lambda c: people.page(c, before=40),
    lambda c: people.read_many(c, [1, 2, 3]),
    lambda c: people.in_household(c, 2),
    lambda c: at_a_glance(c, 7, date(2026, 9, 30)),
    lambda c: contacts.get(c, 7),
    lambda c: contacts.of_person(c, 7),
    lambda c: contacts.of_household(c, 3),
    lambda c: contacts.of_case(c, 2),
    lambda c: contacts.at_session(c, 4),
    lambda c: cases.find(c, "C-0002"),
    lambda c: cases.of_person(c, 1),
    lambda c: cases.of_household(c, 1),
    lambda c: cases.needs_of(c, 2),
    lambda c: described.of_person(c, 7),
    lambda c: households.find(c, "H-0003"),
    lambda c: sessions.find(c, "S-0004"),
    lambda c: sessions.page(c),
    lambda c: observations.find(c, "N-0002"),
    lambda c: observations.page(c),
    lambda c: observations.themes_of(c, 2),
    lambda c: show.show(c, "P-0007"),
    lambda c: show.show(c, "C-0002"),
    lambda c: search.search(c, "P-0007"),
    lambda c: search.search(c, "begum"),
    lambda c: search.search(c, "a"),
    lambda c: search.search(c, "food"),
]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace.open_raw(tmp_path_factory.mktemp("example"), bytes(32), "Ann")
    populate(workspace, 60, until=date(2026, 10, 1))
    return workspace


@pytest.mark.parametrize("number", range(len(READS)))
def test_a_read_goes_straight_to_its_rows(example: Workspace, number: int) -> None:
    connection = example.read
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    try:
        READS[number](connection)
    finally:
        connection.set_trace_callback(None)
    # What the search index asks of its own tables is its own affair.
    selects = [query for query in asked if query.lower().startswith("select") and "found" not in query]
    assert selects
    for query in selects:
        for *_, step in connection.execute(f"explain query plan {query}").fetchall():
            whole = step.startswith("SCAN") and not step.startswith(("SCAN sessions USING", "SCAN observations USING"))
            assert not whole, f"{step}: {query}"
            # An index that starts with what nearly every row shares is no way to one row.
            assert "(gone=?)" not in step, f"{step}: {query}"


def test_a_page_of_recent_people_reads_no_more_contacts_than_it_needs() -> None:
    vault = Vault(":memory:", bytes(32), "Test")
    (step, *_) = vault.read.execute(
        "explain query plan select person_id, on_date, id from contacts where gone = 0 order by on_date desc limit 9"
    ).fetchall()
    assert "USING COVERING INDEX contacts_figures" in step[3]
