"""Change sets that change one field of one row, as most do: taken apart into columns, and put together again.

The chunk of such a set is one entry: the row's uid, what the field says now, what it said before, and which changes
that replaces. The last two mostly follow from an earlier set in the same file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import msgspec

from cis_desktop.sync.columns import Column, column, places_in
from cis_desktop.vault.chunks import UPDATE, Section, Value, array_head, entry_hash, header, pack, unpack

EDIT = -1
"""Stands for the number of chunks of a set that was taken apart."""
BEFORE, LIKE_ROW, GIVEN = 0, 1, 2
"""Which changes an edit replaces: the edit before of that field; those last given for its row; those given."""
SAID, NOTHING, TOLD = 0, 3, 6
"""What was said before, added to that: what the edit before said; nothing; what is given."""
UID = 16
ONE_SECTION, ONE_ENTRY = array_head(1) + array_head(2), array_head(1)

Ref: TypeAlias = Sequence[Value]
"""A device and the number of a change set of it."""


class Taken(msgspec.Struct, frozen=True, array_like=True):
    """Single edits as columns. `fields` are pairs of table and column, `values` has those of each field together.

    `uids` has each row once, one after the other. `replaces` says where what an edit replaces is found; `changes`
    (pairs of a device's place and a number) and `olds` have what is given.
    """

    uids: bytes
    fields: list[tuple[str, str]]
    row: Column
    field: Column
    replaces: Column
    values: list[list[Any]]
    changes: list[list[int]]
    olds: list[Any]


class Taking:
    """Takes single edits apart, one after the other. `devices` gives each device its place."""

    def __init__(self, devices: dict[bytes, int]) -> None:
        self.devices = devices
        self.uids: dict[bytes, int] = {}
        self.fields: dict[tuple[str, str], int] = {}
        self.heads: list[bytes] = []
        self.values: list[list[Value]] = []
        self.columns: list[tuple[int, int, int]] = []
        self.changes: list[list[int]] = []
        self.olds: list[Value] = []
        self.before: dict[tuple[int, int], tuple[Value, Sequence[Ref]]] = {}
        self.of_row: dict[int, Sequence[Ref]] = {}

    def take(self, chunk: bytes, device: bytes, seq: int) -> bool:
        """Take the one chunk of a set; if it is no single edit nothing is taken, and the answer is False."""
        try:
            ((table, op, (name,)), ((uid, value, old, changes),)), = unpack(chunk)  # fmt: skip
            known = self.fields.get((table, name))
            head = _head(table, name) if known is None else self.heads[known]
            alike = op == UPDATE and len(uid) == UID and _chunk(head, pack((uid, value, old, changes))) == chunk
            given = [n for by, number in changes for n in (self.devices.setdefault(by, len(self.devices)), number)]
        except (TypeError, ValueError):
            return False
        if not alike:
            return False
        if known is None:
            known = self.fields[table, name] = len(self.fields)
            self.heads.append(head)
            self.values.append([])
        row = self.uids.setdefault(uid, len(self.uids))
        said, replaced = self.before.get((row, known), (None, None))
        if changes == replaced:
            where = BEFORE
        elif changes == self.of_row.get(row):
            where = LIKE_ROW
        else:
            where = GIVEN
            self.changes.append(given)
            self.of_row[row] = changes
        # Two floats may be equal and not the same: -0.0 and 0.0.
        if replaced is not None and old == said and type(old) is type(said) is not float:
            where += SAID
        elif old is None:
            where += NOTHING
        else:
            where += TOLD
            self.olds.append(old)
        self.values[known].append(value)
        self.columns.append((row, known, where))
        self.before[row, known] = value, [[device, seq]]
        return True

    def taken(self) -> Taken:
        """Give all that was taken."""
        row, field, replaces = map(list, zip(*self.columns, strict=True)) if self.columns else ([], [], [])
        return Taken(
            b"".join(self.uids), list(self.fields), column(row), column(field), column(replaces), self.values,
            self.changes, self.olds,
        )  # fmt: skip


def put_together(taken: Taken, refs: Sequence[Ref], devices: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunk of each single edit and the hash of its change. `refs` are the sets they are of, in order."""
    uids = [taken.uids[at : at + UID] for at in range(0, len(taken.uids), UID)]
    heads = [_head(*field) for field in taken.fields]
    values = [iter(each) for each in taken.values]
    changes, olds = iter(taken.changes), iter(taken.olds)
    before: dict[tuple[int, int], tuple[Value, Sequence[Ref]]] = {}
    of_row: dict[int, Sequence[Ref]] = {}
    for ref, row, field, where in zip(
        refs, places_in(taken.row, len(refs), len(uids)), places_in(taken.field, len(refs), len(heads)),
        places_in(taken.replaces, len(refs), GIVEN + TOLD + 1), strict=True,
    ):  # fmt: skip
        replaces, old_is = where % NOTHING, where - where % NOTHING
        if replaces == GIVEN:
            given = next(changes)
            of_row[row] = [[devices[by], number] for by, number in zip(given[::2], given[1::2], strict=True)]
        if replaces == BEFORE or old_is == SAID:
            said, replaced = before[row, field]
        value = next(values[field])
        entry = pack(
            (
                uids[row],
                value,
                said if old_is == SAID else None if old_is == NOTHING else next(olds),
                replaced if replaces == BEFORE else of_row[row],
            )
        )
        before[row, field] = value, [ref]
        yield _chunk(heads[field], entry), entry_hash(heads[field], entry)


def _head(table: str, name: str) -> bytes:
    return header(Section(table, UPDATE, (name,), []))


def _chunk(head: bytes, entry: bytes) -> bytes:
    """Give the chunk of one section with one entry."""
    return ONE_SECTION + head + ONE_ENTRY + entry
