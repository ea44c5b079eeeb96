"""A mapping: how the columns of one kind of spreadsheet are read. Saved as a file, and remembered in the vault."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from cis_desktop import decoding, saving
from cis_desktop.errors import CisError
from cis_desktop.intake.reading import Sheet
from cis_desktop.intake.values import DateOrder

FORMAT = "cis-mapping"
VERSION = 1
LARGEST_FILE = 5 << 20

SINGLE = frozenset(
    {
        *("reference", "second_reference", "household", "given_name", "family_name"),
        *("birth_year", "birth_date", "age", "postcode", "ward", "phone", "email"),
        *("sex", "gender", "ethnic_group"),
        *("date", "kind", "worker", "adults", "children", "helped", "minutes", "money", "payer"),
    }
)
"""Targets that one column of a sheet can have."""

MANY = frozenset({"needs", "items", "note", "referral_note", "ignore"})
"""Targets that several columns can have; `item:CODE` (a quantity given, in `unit`) is a further one."""

DESCRIBED = ("sex", "gender", "ethnic_group")
NOT_ANSWERED = ("prefer_not", "not_asked")

Target = Annotated[str, msgspec.Meta(pattern=rf"^(?:{'|'.join(sorted(SINGLE | MANY))}|item:[a-z][a-z0-9_]{{0,39}})$")]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]


class ColumnMapping(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one column is: its target; for an item its unit; which words mean what; what parts a cell.

    `values` says what a cell (or a part of it) stands for, by the cell in lower case; in `needs` and `items`
    columns `need:CODE` or `item:CODE` may stand for the other of the two. `split` holds the characters between
    several things in one cell; `default` stands in for a blank cell. `otherwise` is for words not in `values`:
    `keep` them as they are, put the cell into the contact's `note`, `leave_out`, or `reject` the row.
    """

    header: str
    target: Target
    unit: str | None = None
    values: dict[str, str] = {}
    split: str = ""
    default: str = ""
    otherwise: Literal["keep", "note", "leave_out", "reject"] = "keep"


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """How a sheet is read: every column's part, the order of dates, and what is taken as plausible.

    `numbering` says whose numbers the list's are: those of lists with the same word, `ours` for the group's own, None
    for the group's own in the first list that has any and for this kind of list alone after that.
    `blank` are the headings of columns with nothing in them: when such a list comes again, those are guessed anew.
    `latest` may be open: it is then the day of the import. `reference_date` is when ages were right. Quantities
    above `most_given`, people above `most_people`, hundredths of money above `most_pence` send the row back.
    """

    format: Literal["cis-mapping"] = "cis-mapping"
    version: Literal[1] = 1
    fingerprint: str
    columns: tuple[ColumnMapping, ...]
    date_order: DateOrder | None = None
    earliest: datetime.date = datetime.date(1990, 1, 1)
    latest: datetime.date | None = None
    reference_date: datetime.date | None = None
    contact_kind: str = "visit"
    numbering: str | None = None
    blank: tuple[str, ...] = ()
    most_given: Count = 100_000
    most_people: Count = 1_000
    most_pence: Count = 10_000_000

    def column(self, target: str) -> ColumnMapping | None:
        """Give the first column with this target."""
        return next((column for column in self.columns if column.target == target), None)


def fingerprint(header: Sequence[str]) -> str:
    """Give the SHA-256 (hex) of a header row, in which case and spaces make no difference."""
    plain = "\x1f".join(" ".join(title.casefold().split()) for title in header)
    return hashlib.sha256(plain.encode()).hexdigest()


def to_json(mapping: Mapping) -> bytes:
    """Write a mapping as its file: JSON, two spaces, LF."""
    return msgspec.json.format(msgspec.json.encode(mapping), indent=2) + b"\n"


def from_json(document: bytes | str, name: str) -> Mapping:
    """Read a mapping's file; raise `CisError` when it is none, or made by a newer version."""
    data = document.encode() if isinstance(document, str) else document
    try:
        head = decoding.from_json(data, _Head)
        if head.format != FORMAT:
            raise _bad(name, f"It is not a {FORMAT} file.")
        if head.version > VERSION:
            raise _bad(name, "It was made by a newer version of this app: update the app first.")
        mapping = decoding.from_json(data, Mapping)
    except msgspec.DecodeError as why:
        # What it says may quote the file.
        raise _bad(name, f"It is not valid: {str(why)[:300]}.") from why
    _check_once(mapping, name)
    return mapping


def load(path: Path) -> Mapping:
    """Read a mapping from `path`; raise `CisError` when it cannot be read or is not valid."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _bad(path.name, f"It is larger than {LARGEST_FILE >> 20} MB.")
        data = path.read_bytes()
    except OSError as why:
        raise _bad(path.name, f"The computer would not open it: {why.strerror}.") from why
    return from_json(data, path.name)


def save(mapping: Mapping, path: Path) -> None:
    """Write a mapping to `path`, whole or not at all; raise `CisError` when the disk refuses."""
    try:
        saving.save(path, to_json(mapping))
    except OSError as why:
        raise CisError(
            "not_saved",
            "The mapping was not saved",
            f"“{path.name}” could not be written: {why.strerror}. Nothing else changed; choose another folder.",
        ) from why


def check(sheet: Sheet, mapping: Mapping) -> dict[str, int]:
    """Find each mapped column's place in the sheet; raise `CisError` naming those that are missing."""
    places = {" ".join(title.casefold().split()): place for place, title in enumerate(sheet.header)}
    wanted = {column.header: " ".join(column.header.casefold().split()) for column in mapping.columns}
    missing = [header for header, plain in wanted.items() if plain not in places]
    if missing:
        raise CisError(
            "other_columns",
            "This mapping is for other columns",
            f"“{sheet.file}” has no column {_listed(missing)}, which the mapping expects. Nothing was imported. "
            "Choose the mapping made for this list, or import it without one.",
        )
    return {header: places[plain] for header, plain in wanted.items()}


def schema() -> bytes:
    """Write the JSON Schema of the mapping's file."""
    document = msgspec.json.schema(Mapping)
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    document["title"] = "How the columns of a spreadsheet are read (cis-mapping, version 1)"
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


class _Head(msgspec.Struct):
    format: str = ""
    version: int = 0


def _check_once(mapping: Mapping, name: str) -> None:
    targets = [column.target for column in mapping.columns if column.target in SINGLE]
    twice = sorted({target for target in targets if targets.count(target) > 1})
    if twice:
        raise _bad(name, f"More than one column is mapped to {_listed(twice)}.")
    headers = [column.header for column in mapping.columns]
    if len(set(headers)) < len(headers):
        raise _bad(name, "A column is mapped twice.")


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names[:8]] + ([f"{len(names) - 8} more"] if len(names) > 8 else [])
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _bad(name: str, why: str) -> CisError:
    return CisError(
        "bad_mapping",
        "This mapping could not be read",
        f"The mapping “{name}” was not used. {why} Nothing was imported.",
    )
