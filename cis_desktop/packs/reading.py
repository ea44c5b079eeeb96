"""A pack as it is read back from a file, whole or its workbook alone: nothing here trusts what it reads."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from cis_desktop import strict_json
from cis_desktop.errors import CisError

from .archive import refusal, unpack
from .quoting import FILE, OBSERVATIONS
from .sealing import MANIFEST, PACK_FORMAT, VERSION, WORKBOOK_FORMAT
from .sheets import HEAD, Value, read_sheets
from .tidy import AFTER, BEFORE, FIGURES, as_csv
from .workbook import CATEGORIES, CONTENTS, NOTICED


@dataclass(frozen=True, slots=True)
class FileTable:
    """A table as a file has it: its CSV bytes, rows of column to text, and what the file says of its breakdowns."""

    id: str
    csv: bytes
    rows: tuple[dict[str, str], ...]
    breakdowns: tuple[dict[str, Any], ...]
    adds_over_periods: frozenset[str]


@dataclass(frozen=True, slots=True)
class FilePack:
    """What a zip or a workbook holds. `statement` is its signed statement as read, not yet believed."""

    name: str
    kind: str
    statement: dict[str, Any]
    members: dict[str, bytes]
    sheets: dict[str, list[list[Value]]]
    tables: tuple[FileTable, ...]
    rule: dict[str, Any]
    observations: tuple[tuple[str, str], ...] = ()
    """What was noticed: themes and words. Most packs have none."""

    @property
    def pack(self) -> str:
        """Give the id that the pack says it has."""
        return str(self.statement.get("pack", ""))


def read_pack(data: bytes, name: str) -> FilePack:
    """Read a pack's archive or workbook. Raises CisError when it is neither, or made by a newer version."""
    try:
        members = unpack(data, name)
        if MANIFEST in members:
            return _archive(members, name)
        if "xl/workbook.xml" in members:
            return _workbook(data, name)
    except (KeyError, TypeError, AttributeError, IndexError, UnicodeDecodeError) as trouble:
        raise refusal(name, "a part of it is missing or is not what it should be") from trouble
    raise refusal(name, "it is an archive of something else")


def _archive(members: dict[str, bytes], name: str) -> FilePack:
    said = _json(members[MANIFEST], name)
    _check_format(said, PACK_FORMAT, name)
    described = _json(members["datapackage.json"], name)
    rule = _json(members["disclosure.json"], name)
    tables = []
    noticed: tuple[tuple[str, str], ...] = ()
    for resource in described["resources"]:
        if resource["name"] == OBSERVATIONS and resource["path"] == FILE:
            noticed = tuple((row["themes"], row["words"]) for row in _csv_rows(members[FILE], name))
            continue
        data = members[str(resource["path"])]
        tables.append(
            FileTable(
                str(resource["name"]), data, _csv_rows(data, name), tuple(resource["breakdowns"]),
                frozenset(resource["adds_over_periods"]),
            )
        )  # fmt: skip
    return FilePack(name, "archive", said, members, {}, tuple(tables), rule, noticed)


def _workbook(data: bytes, name: str) -> FilePack:
    sheets = read_sheets(data, name)
    if "Signature" not in sheets:
        raise refusal(name, "it is a workbook without a Signature sheet")
    rows = sheets["Signature"][HEAD + 1 :]
    said = {str(row[0]): str(row[1]) if len(row) > 1 else "" for row in rows}
    if len(said) != len(rows) or any(len(row) > 2 for row in rows):
        raise refusal(name, "its Signature sheet is damaged")
    _check_format(said, WORKBOOK_FORMAT, name)
    kinds = _breakdowns(sheets["Categories"], name)
    tables = []
    for entry in _table(sheets["Contents"], CONTENTS, name):
        data = _as_csv(sheets[entry["sheet"]], kinds.get(entry["table"], []), name)
        over = frozenset(entry["adds_over_periods"].split())
        tables.append(
            FileTable(entry["table"], data, _csv_rows(data, name), tuple(kinds.get(entry["table"], [])), over)
        )
    rule = {
        "profile": said["profile"],
        "threshold": int(said["threshold"]) if _is_number(said["threshold"]) else None,
        "rounding": {
            "base": int(said["rounding"]) if _is_number(said["rounding"]) else None,
            "method": said["rounding_method"],
            "totals": said["rounding_totals"],
        },
    }
    return FilePack(name, "workbook", said, {}, sheets, tuple(tables), rule, _noticed(sheets, name))


def _noticed(sheets: dict[str, list[list[Value]]], name: str) -> tuple[tuple[str, str], ...]:
    if NOTICED not in sheets:
        return ()
    return tuple((row["themes"], row["words"]) for row in _table(sheets[NOTICED], ("themes", "words"), name))


def _json(data: bytes, name: str) -> Any:
    try:
        return strict_json.read(data)
    except strict_json.TooDeep as trouble:
        raise refusal(name, "its description is nested too deeply") from trouble
    except ValueError as trouble:
        raise refusal(name, "its description is damaged") from trouble


def _check_format(said: Any, expected: str, name: str) -> None:
    if not isinstance(said, dict) or said.get("format") != expected:
        raise refusal(name, "it does not say that it is a pack")
    version = str(said.get("version", ""))
    if _is_number(version) and int(version) > VERSION:
        raise CisError(
            "newer_version",
            "Made by a newer version",
            f"“{name}” was made by a newer version of Community Insights than this one. Nothing was taken from it; "
            "update this program, then open the file again.",
        )
    if version != str(VERSION):
        raise refusal(name, "it does not say which version of the format it has")


def _is_number(text: str) -> bool:
    # Without a limit there are digits of which Python makes no number, and too many of the others.
    return len(text) < 10 and text.isascii() and text.isdigit()


def _table(sheet: list[list[Value]], columns: tuple[str, ...], name: str) -> list[dict[str, str]]:
    if [str(value) for value in sheet[HEAD]] != list(columns):
        raise refusal(name, "one of its sheets has lost its headings")
    rows = [[str(value) for value in row] for row in sheet[HEAD + 1 :]]
    if any(len(row) > len(columns) for row in rows):
        raise refusal(name, "one of its sheets has cells outside its table")
    return [dict(zip(columns, [*row, *[""] * (len(columns) - len(row))], strict=True)) for row in rows]


def _breakdowns(sheet: list[list[Value]], name: str) -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    for row in _table(sheet, CATEGORIES, name):
        breakdown = tables.setdefault(row["table"], {}).setdefault(
            row["column"],
            {
                "column": row["column"],
                "title": row["title"],
                "kind": row["kind"],
                "adds_up": row["adds_up"] == "yes",
                "categories": [],
            },
        )
        breakdown["categories"].append({"code": row["code"], "label": row["label"], "broader": row["broader"] or None})
    return {table: list(found.values()) for table, found in tables.items()}


def _as_csv(sheet: list[list[Value]], breakdowns: list[dict[str, Any]], name: str) -> bytes:
    """Rebuild the CSV file that a sheet of figures holds in another order of columns."""
    order = (*BEFORE, *(c for b in breakdowns for c in (b["column"], f"{b['column']}_code")), *AFTER)
    heads = [str(value) for value in sheet[HEAD]]
    if sorted(heads) != sorted(order):
        raise refusal(name, "a table has other columns than its breakdowns say")
    at = [heads.index(column) for column in order]
    unit = heads.index("unit")
    rows = []
    for row in sheet[HEAD + 1 :]:
        if len(row) > len(heads):
            raise refusal(name, "a table has cells beside it")
        full = [*row, *[""] * (len(heads) - len(row))]
        rows.append(tuple(_text(heads[n], full[n], str(full[unit])) for n in at))
    return as_csv(order, tuple(rows))


def _text(column: str, value: Value, unit: str) -> str:
    if column in FIGURES and not isinstance(value, str):
        return f"{value:.2f}" if unit == "GBP" else str(int(value) if float(value).is_integer() else value)
    return str(value)


def _csv_rows(data: bytes, name: str) -> tuple[dict[str, str], ...]:
    try:
        lines = list(csv.reader(io.StringIO(data.decode()), strict=True))
    except (csv.Error, UnicodeDecodeError) as trouble:
        raise refusal(name, "a table is damaged") from trouble
    if not lines or any(len(line) != len(lines[0]) for line in lines) or len(set(lines[0])) != len(lines[0]):
        raise refusal(name, "a table has rows of different lengths")
    return tuple(dict(zip(lines[0], line, strict=True)) for line in lines[1:])
