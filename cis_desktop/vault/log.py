"""The history as people read it: which changes were made, by whom, and to what."""

from __future__ import annotations

from dataclasses import dataclass

from cis_desktop.vault.tables import Connection

UNSEEN = ("concerns", "concern_notes", "concern_seals")
"""Tables of which no list of changes tells: who is left out of a concern must not see that one was written."""
_UNSEEN = ", ".join(f"'{name}'" for name in UNSEEN)
_SEEN = (
    f"(not exists (select 1 from made m where m.set_id = s.id and m.tbl in ({_UNSEEN}))"
    f" or exists (select 1 from made m where m.set_id = s.id and m.tbl not in ({_UNSEEN})))"
)


@dataclass(frozen=True, slots=True)
class Logged:
    """One change set of the history, newest first in lists. `rows` is how many rows and fields it wrote."""

    id: str
    who: str
    at: str
    words: str
    device: str
    tables: tuple[str, ...]
    rows: int


def log(
    connection: Connection, record: tuple[str, int] | None = None, limit: int = 1000, before: int | None = None
) -> list[Logged]:
    """List change sets, newest first; with `record` (table, row) only those that touched it.

    What was written about safeguarding is in none of them.
    """
    where, given = f" where {_SEEN}", []
    if record is not None:
        table, row = record
        where += (
            " and s.id in (select set_id from edits where tbl = ? and row = ? union"
            " select set_id from made where tbl = ? and ? between first and last)"
        )
        given = [table, row, table, row]
    if before is not None:
        where += " and s.id < ?"
        given.append(before)
    rows = connection.execute(
        "select s.id, d.uid, s.seq, s.who, s.at, s.words, d.name from change_sets s"
        f" join devices d on d.id = s.device{where} order by s.id desc limit ?",
        (*given, limit),
    ).fetchall()
    found = []
    for set_id, uid, seq, who, at, words, device in rows:
        counts: dict[str, int] = {}
        for name, count in connection.execute(
            "select tbl, sum(last - first + 1) from made where set_id = ? group by tbl"
            " union all select tbl, count(*) from edits where set_id = ? group by tbl",
            (set_id, set_id),
        ):
            if name not in UNSEEN:
                counts[name] = counts.get(name, 0) + count
        found.append(
            Logged(f"{uid.hex()[:8]}:{seq}", who, at, words, device, tuple(sorted(counts)), sum(counts.values()))
        )
    return found
