"""Packs read back into the ledger: those that were made after the backup that a record was restored from.

A file tells what was published and not what stood behind it. A recount of the same period, bent as little as possible
until it fits, takes the place of the exact figures (`disclosure/recalled.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from cis_desktop import ledger
from cis_desktop.agreements import Agreement, agreements
from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.tables import (
    TOTAL,
    Category,
    Cell,
    CellId,
    Dimension,
    Policy,
    ReleasedCell,
    ReleasedTable,
    Shape,
    Table,
)  # fmt: skip
from cis_desktop.errors import CisError
from cis_desktop.figures import period as read_period
from cis_desktop.vault.tables import Connection
from cis_desktop.words import fingerprint
from cis_desktop.workspace import Workspace, setting

from .details import group_of
from .folder import opened
from .reading import FilePack, FileTable
from .role import our_keys
from .texts import NOT_AVAILABLE, inert, slug
from .verifying import Verified, verified

BUDGET = 60.0
"""The most work that one pack may take, in seconds of an ordinary laptop: counted, not timed."""


def read_back(workspace: Workspace, paths: Iterable[Path]) -> tuple[ledger.Entry, ...]:
    """Write packs from files (archives, workbooks, or folders of them) into the ledger; give those that were not there.

    All of them or none: raises CisError when a file is no pack, was changed since it was signed, or was signed with a
    key that is none of this group's.
    """
    found, _ = opened(paths)
    if not found:
        raise CisError(
            "no_packs",
            "There are no packs here",
            "No pack was found there, so nothing was read back. Choose the folder the packs were made in, or the file "
            "as it was sent.",
        )
    with workspace.reader() as connection:
        known = {entry.pack for entry in ledger.releases(connection)}
        keys = our_keys(connection)
        held = {each.agreement.hash.hex(): each.agreement for each in agreements(connection)}
        missing = [pack for pack in found if pack.pack not in known]
        read = [_recalled(connection, pack, keys, held) for pack in missing]
    with workspace.change(f"Read back {len(read)} packs" if len(read) != 1 else "Read back a pack") as change:
        for entry, policy, released, exact in read:
            ledger.record(change, entry, policy, released, exact)
    return tuple(entry for entry, *_ in read)


def _recalled(
    connection: Connection, pack: FilePack, keys: frozenset[str], held: dict[str, Agreement]
) -> tuple[ledger.Entry, Policy, list[ReleasedTable], list[Table]]:
    from cis_desktop.disclosure.recalled import nearest
    from cis_desktop.figures import tables

    seen = verified(pack)
    _check_ours(connection, pack.name, seen, keys)
    asked = read_period(seen.period)
    agreement = held.get(seen.agreement_hash)
    counted = tables(connection, agreement, asked) if agreement else ()
    released = [table for file in pack.tables for table in _tables(file, [each.shape for each in counted])]
    recount = {t.shape.identity(key): cell.count for t in counted for key, cell in t.cells.items()}
    figures = nearest(released, recount, BUDGET)
    if figures is None:
        raise CisError(
            "pack_impossible",
            "A pack contradicts itself",
            f"No figures fit all that “{pack.name}” says, so it cannot be read back. Nothing was changed; please "
            "report this, with the file.",
        )
    return _entry(pack, seen, released), _policy(pack), released, [_exact(table, figures) for table in released]


def _check_ours(connection: Connection, name: str, seen: Verified, keys: frozenset[str]) -> None:
    """Refuse a pack of another group. A record that made none before its backup knows no key, so there the name counts.

    Raises CisError.
    """
    if keys and not {fingerprint(key) for key in keys} & {seen.fingerprint, *seen.follows}:
        why = f"“{name}” was signed with a key that this record does not know."
    elif not keys and seen.group != (ours := inert(group_of(setting(connection, "workspace_name")))):
        why = f"“{name}” is of {seen.group}, and this record of {ours}."
    else:
        return
    raise CisError(
        "pack_not_ours",
        "That pack is not this group's",
        f"{why} Nothing was changed; choose the packs that this group made.",
    )


def _exact(table: ReleasedTable, figures: dict[CellId, int]) -> Table:
    counts = {key: figures[table.shape.identity(key)] for key in table.cells}
    return Table(table.shape, {key: Cell(count, 0, 0) for key, count in counts.items()})


def _entry(pack: FilePack, seen: Verified, released: list[ReleasedTable]) -> ledger.Entry:
    statuses = [cell.status for table in released for cell in table.cells.values()]
    said, title = pack.statement, seen.agreement.rpartition(", version ")[0]
    return ledger.Entry(
        pack=seen.pack,
        group=seen.group,
        agreement_title=title,
        agreement_hash=bytes.fromhex(seen.agreement_hash),
        period=seen.period,
        recipient=str(said.get("recipient") or ""),
        made_at=seen.made_at,
        signed_off_by=seen.signed_off_by,
        sha256="",
        counts={
            "cells": len(statuses), "exact": statuses.count("value"),
            "rounded": statuses.count("rounded"), "hidden": statuses.count("hidden"),
        },
        supersedes=seen.supersedes,
    )  # fmt: skip


def _policy(pack: FilePack) -> Policy:
    rule = pack.rule
    known = PROFILES.get(str(rule["profile"])) or Policy(str(rule["profile"]), threshold=8)
    return replace(
        known,
        threshold=int(rule["threshold"] or known.threshold),
        rounding=int(rule["rounding"]["base"] or 0),
        method=rule["rounding"]["method"],
        totals=rule["rounding"]["totals"],
        zeros=rule.get("zeros", known.zeros),
        min_households=rule.get("minimum_households", known.min_households),
    )


def _tables(file: FileTable, counted: list[Shape]) -> list[ReleasedTable]:
    """Give the tables of a file: one with breakdowns, or one for each headline figure."""
    ids = {slug(d.id).replace("-", "_"): d.id for shape in counted for d in shape.dimensions}
    dimensions = tuple(
        Dimension(
            ids.get(str(b["column"]), str(b["column"])),
            str(b["title"]),
            tuple(Category(str(c["code"]), str(c["label"]), c["broader"]) for c in b["categories"]),
            b["kind"],
            bool(b["adds_up"]),
        )
        for b in file.breakdowns
    )
    found: dict[tuple[str, str], dict[tuple[str, ...], dict[str, str]]] = {}
    for row in file.rows:
        key = tuple(row[f"{b['column']}_code"] for b in file.breakdowns)
        found.setdefault((row["measure_code"], row["filters"]), {})[key] = row
    tables = []
    for rows in found.values():
        whole = rows[(TOTAL,) * len(dimensions)]
        shape = _shape(file, whole, dimensions, counted)
        tables.append(ReleasedTable(shape, {key: _cell(row) for key, row in rows.items()}))
    return tables


def _shape(file: FileTable, row: dict[str, str], dimensions: tuple[Dimension, ...], counted: list[Shape]) -> Shape:
    """Describe a table as the agreement does where it is at hand, else as the file does."""
    filters = tuple(
        (name, value) for name, _, value in (each.partition("=") for each in row["filters"].split("; ")) if name
    )
    same = (
        shape
        for shape in counted
        if (shape.measure, shape.filters, bool(shape.dimensions)) == (row["measure_code"], filters, bool(dimensions))
        and (not dimensions or slug(shape.id, 60) == file.id)
    )
    over_time = row["measure_code"] in file.adds_over_periods
    if like := next(same, None):
        return replace(like, dimensions=dimensions, area=row["area_code"], period=row["period"])
    unit = "pence" if row["unit"] == "GBP" else row["unit"]
    return Shape(
        id=file.id if dimensions else row["measure_code"],
        title=row["measure"],
        measure=row["measure_code"],
        unit=unit,
        how_counted="",
        dimensions=dimensions,
        area=row["area_code"],
        area_label=row["area"],
        period=row["period"],
        filters=filters,
        counts_people=unit in ("people", "households"),
        adds_over_periods=over_time,
    )


def _cell(row: dict[str, str]) -> ReleasedCell:
    status = row["status"]
    if status not in ("value", "rounded", "hidden"):
        raise ValueError(status)
    value = None if status == "hidden" else _number(row, "value")
    least, most = _number(row, "at_least") or 0, _number(row, "at_most")
    return ReleasedCell(status, value, least, most, row["value"] == NOT_AVAILABLE)  # type: ignore[arg-type]


def _number(row: dict[str, str], column: str) -> int | None:
    scale = 100 if row["unit"] == "GBP" else 1
    return int(Decimal(row[column]) * scale) if row[column] else None
