"""The release ledger: everything that ever left, to whom, and (in the vault only) the exact figures behind it.

A row is never forgotten: taking back the change that made it does not bring the pack back. Only a pack that is known
never to have left stops counting in the checks of later ones.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

import msgspec

from cis_desktop import words
from cis_desktop.decoding import from_msgpack
from cis_desktop.disclosure.tables import (
    CellId,
    Key,
    PastCell,
    PastRelease,
    Policy,
    ReleasedCell,
    ReleasedTable,
    Shape,
    Table,
)  # fmt: skip
from cis_desktop.errors import CisError
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection
from cis_desktop.workspace import Workspace

Status = Literal["made", "sent", "received", "never-left"]
STATUSES: tuple[str, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Entry:
    """A release as people see it in the ledger. `counts` holds cells, exact, rounded and hidden.

    `observations` are the references of those quoted, `kept` what was found in the group's words and may stay: the
    text it is in, its kind, who said so, and when. Of the words themselves there is nothing. `coarser` says which rungs
    of the agreement's ladders were taken: a dimension and a rung, counted from 1.
    """

    pack: str
    group: str
    agreement_title: str
    agreement_hash: bytes
    period: str
    recipient: str
    made_at: str
    signed_off_by: str
    sha256: str
    counts: dict[str, int]
    supersedes: str | None = None
    status: str = "made"
    observations: tuple[str, ...] = ()
    kept: tuple[tuple[str, ...], ...] = ()
    coarser: tuple[tuple[str, int], ...] = ()

    @property
    def named(self) -> str:
        """Name the report for people, by what it is: the agreement, the council and the period."""
        to = f" to {self.recipient}" if self.recipient else ""
        return f"“{self.agreement_title}”{to} for {words.period(self.period)}"


@dataclass(frozen=True, slots=True)
class Past:
    """A release that still counts: its entry, what was published under which policy, and the exact figures."""

    entry: Entry
    policy: Policy
    release: PastRelease


class _Named(msgspec.Struct, frozen=True):
    """The identity of a figure as it is kept. Older lines have the area that asked, and filters apart."""

    measure: str
    area: str
    period: str
    categories: tuple[tuple[str, str], ...]
    filters: tuple[tuple[str, str], ...] | None = None


class _Cells(msgspec.Struct, array_like=True, frozen=True):
    """What the `cells` column holds: MessagePack, deflated."""

    policy: Policy
    tables: list[tuple[Shape, list[tuple[Key, ReleasedCell]]]]
    exact: list[tuple[_Named, int, ReleasedCell]]


_COLUMNS = (
    "pack, agreement_title, agreement_hash, period, recipient, made_at, signed_off_by, sha256, supersedes, status, "
    "summary"
)


def releases(connection: Connection) -> list[Entry]:
    """List every release ever made, oldest first."""
    return [_entry(row) for row in connection.execute(f"select {_COLUMNS} from releases order by made_at, id")]


def kept(connection: Connection) -> list[Past]:
    """Give the releases that still count, oldest first, with their policies and exact figures."""
    rows = connection.execute(
        f"select {_COLUMNS}, cells from releases where status <> 'never-left' order by made_at, id"
    )
    return [_past(_entry(row), bytes(row[-1])) for row in rows]


def past(connection: Connection, pack: str) -> Past:
    """Give one release with its figures, whatever became of it. Raises CisError when there is no such pack."""
    found = find(connection, pack)
    (cells,) = connection.execute(
        "select cells from releases where pack = ? order by id desc", (found.pack,)
    ).fetchone()
    return _past(found, bytes(cells))


def record(
    change: Change, entry: Entry, policy: Policy, released: Iterable[ReleasedTable], exact: Iterable[Table]
) -> int:
    """Write a release into the ledger and give its row id."""
    return change.insert(
        "releases",
        pack=entry.pack,
        agreement_hash=entry.agreement_hash,
        agreement_title=entry.agreement_title,
        period=entry.period,
        recipient=entry.recipient,
        made_at=entry.made_at,
        signed_off_by=entry.signed_off_by,
        status=entry.status,
        supersedes=entry.supersedes,
        sha256=entry.sha256,
        summary=json.dumps(_summary(entry), ensure_ascii=False, sort_keys=True),
        cells=_packed(policy, released, exact),
    )


def mark(workspace: Workspace, pack: str, status: str) -> Entry:
    """Note what became of a pack: sent, received, or never-left (then it stops counting in later checks).

    `pack` is its id, or the first eight or more characters of it. Raises CisError when no pack or several fit, and
    when a received pack is said never to have left.
    """
    if status not in STATUSES:
        raise CisError(
            "unknown_status",
            "A pack cannot be marked so",
            f"“{status}” is not one of {', '.join(STATUSES)}. Nothing was changed; choose one of them.",
        )
    with workspace.change(f"Marked a pack as {status}") as change:
        found = find(change.connection, pack)
        if status == "never-left" and found.status == "received":
            raise CisError(
                "pack_was_received",
                "That pack did leave",
                f"{found.named} is marked as received, so it must go on counting when later figures are "
                "checked. Nothing was changed. If the mark is wrong, mark it as made first.",
            )
        (row,) = change.connection.execute(
            "select id from releases where pack = ? order by id desc", (found.pack,)
        ).fetchone()
        change.update("releases", row, status=status, gone=0)
        return find(change.connection, found.pack)


def find(connection: Connection, pack: str) -> Entry:
    """Find a release by its pack id, or by eight or more first characters of it. Raises CisError."""
    # A pack that never left and was made again, to the second, is the same pack: the newest line counts.
    newest = {e.pack: e for e in releases(connection)}
    found = [e for e in newest.values() if e.pack == pack or (len(pack) >= 8 and e.pack.startswith(pack))]
    if len(found) != 1:
        raise CisError(
            "no_such_pack",
            "No such pack",
            f"{'Several packs begin' if found else 'No pack in the ledger begins'} with “{pack}”. Nothing was changed; "
            "look the pack up in the ledger and give its whole id.",
        )
    return found[0]


def _summary(entry: Entry) -> dict[str, object]:
    more = {"observations": entry.observations, "kept": entry.kept, "coarser": entry.coarser}
    return {"group": entry.group, **entry.counts} | {name: value for name, value in more.items() if value}


def _entry(row: tuple[object, ...]) -> Entry:
    pack, title, digest, period, recipient, made_at, by, sha256, supersedes, status, summary = row[:11]
    said = json.loads(str(summary))
    quoted, kept = tuple(said.pop("observations", ())), tuple(map(tuple, said.pop("kept", ())))
    return Entry(
        pack=str(pack),
        group=str(said.pop("group", "")),
        coarser=tuple((str(by), int(rung)) for by, rung in said.pop("coarser", ())),
        agreement_title=str(title),
        agreement_hash=bytes(digest),  # type: ignore[call-overload]
        period=str(period),
        recipient=str(recipient or ""),
        made_at=str(made_at),
        signed_off_by=str(by),
        sha256=str(sha256),
        counts=said,
        supersedes=None if supersedes is None else str(supersedes),
        status=str(status),
        observations=quoted,
        kept=kept,
    )


def _packed(policy: Policy, released: Iterable[ReleasedTable], exact: Iterable[Table]) -> bytes:
    tables = list(released)
    published = {t.shape.identity(key): cell for t in tables for key, cell in t.cells.items()}
    truth = {t.shape.identity(key): cell.count for t in exact for key, cell in t.cells.items()}
    cells = _Cells(
        policy,
        [(table.shape, list(table.cells.items())) for table in tables],
        [
            (_Named(cell.measure, cell.area, cell.period, cell.categories), truth[cell], published[cell])
            for cell in published
        ],
    )
    return zlib.compress(msgspec.msgpack.encode(cells), 6)


def _past(entry: Entry, blob: bytes) -> Past:
    try:
        cells = from_msgpack(zlib.decompress(blob), _Cells)
    except (zlib.error, msgspec.MsgspecError) as trouble:
        raise CisError(
            "ledger_unreadable",
            "An earlier release cannot be read",
            f"The figures behind {entry.named} are damaged or were written by a newer version, so "
            "nothing new can be checked against them. Nothing was released. Update the program, or restore the "
            "newest backup.",
        ) from trouble
    shapes = [shape for shape, _ in cells.tables]
    old = any(named.filters is not None for named, _, _ in cells.exact)
    release = PastRelease(
        id=entry.pack,
        tables=tuple(
            ReleasedTable(replace(shape, everywhere=old or shape.everywhere), dict(items))
            for shape, items in cells.tables
        ),
        cells={_identity(named, shapes): PastCell(exact, released) for named, exact, released in cells.exact},
        policy=cells.policy,
    )
    return Past(entry, cells.policy, release)


def _identity(named: _Named, shapes: Iterable[Shape]) -> CellId:
    """Give the identity that a figure has now: everybody is one area, and a filter is one more category."""
    asking = named.filters is not None and named.area in {shape.area for shape in shapes}
    categories = sorted({*named.categories, *(named.filters or ())})
    return CellId(named.measure, "" if asking else named.area, named.period, tuple(categories))
