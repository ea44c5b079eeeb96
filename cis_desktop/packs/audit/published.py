"""Everything that the packs of a group tell: figures with what is known of each, and how they must add up.

Read from exported files alone. It shares no code with disclosure control, so that a mistake there is not repeated
here: relations are rebuilt from the breakdowns that the files describe and from the names of the periods.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from cis_desktop.errors import CisError
from cis_desktop.words import period as spoken

from ..reading import FilePack, FileTable
from ..texts import HIDDEN
from .between import corrections, holding, line, of_measures
from .known import Figure, Identity, Known, Published, Reading, Relation
from .spans import over_time

TOTAL = "total"
MOST = 10**15
COUNTED_ONCE = ("contacts", "observations")


@dataclass(frozen=True, slots=True)
class _Cell:
    identity: Identity
    low: int
    high: int | None
    status: str
    words: str
    unit: str
    whole: bool
    """Whether nothing is broken down here: every code of the row is that of the total."""


@dataclass(frozen=True, slots=True)
class _Table:
    file: FileTable
    cells: dict[tuple[str, ...], _Cell]


def join(packs: Sequence[FilePack], reading: Reading, group: str = "") -> Published:
    """Join the packs of one group, oldest first, into one picture of what a reader of all of them knows.

    Raises CisError when a pack contradicts itself in a way that can be read off it.
    """
    tables = [(n, pack, table) for n, pack in enumerate(packs) for table in _tables(pack, group, reading.alike)]
    versions = {n: n for n, _, _ in tables} if reading.apart else _versions(tables, _replaced(packs))
    found = Published(corrected=len(set(versions.values())) > 1)
    wholes: set[Figure] = set()
    for n, pack, table in tables:
        for cell in table.cells.values():
            figure = (versions[n], cell.identity)
            _learn(found, figure, cell, pack)
            if cell.whole:
                wholes.add(figure)
    for n, _, table in tables:
        found.relations.extend(_margins(table, versions[n]))
    found.relations.extend(of_measures(found, wholes))
    found.relations.extend(holding(found))
    if found.corrected and reading.moves != "any":
        found.relations.extend(corrections(found, reading.moves))
    additive = {measure for _, _, table in tables for measure in table.file.adds_over_periods}
    found.relations.extend(over_time(found, additive, reading))
    found.relations = list(dict.fromkeys(found.relations))
    return found


def _tables(pack: FilePack, group: str, alike: bool) -> list[_Table]:
    named = [_named(table, group, alike) for table in pack.tables]
    sums = {whole for table, rows in named for whole in _sums(table, rows)}
    made = []
    for table, rows in named:
        cells: dict[tuple[str, ...], _Cell] = {}
        for codes, identity, row in rows:
            where = [row[b["column"]] for b in table.breakdowns if row[f"{b['column']}_code"] != TOTAL]
            only = [f"only {part.partition('=')[2].replace('_', ' ')}" for part in row["filters"].split("; ") if part]
            words = ", ".join([row["measure"], *(where or [row["area"], *only]), spoken(row["period"])])
            key = codes if table.breakdowns else identity
            if key in cells:
                raise _broken(pack.name, f"the figure “{words}” is there twice")
            low, high = _bounds(pack, row, identity in sums)
            whole = all(code == TOTAL for code in codes)
            cells[key] = _Cell(identity, low, high, row["status"], words, row["unit"], whole)
        made.append(_Table(table, cells))
    return made


_Rows = list[tuple[tuple[str, ...], Identity, dict[str, str]]]


def _named(table: FileTable, group: str, alike: bool) -> tuple[FileTable, _Rows]:
    rows: _Rows = []
    for row in table.rows:
        codes = tuple(row[f"{b['column']}_code"] for b in table.breakdowns)
        parts = {
            f"{b['column']}={code}"
            for b, code in zip(table.breakdowns, codes, strict=True)
            if b["kind"] == "category" and code != TOTAL
        }
        # Counted only for one need, or broken down by need: the same figure, whichever way it was asked for.
        parts |= {part if alike else f"only {part}" for part in row["filters"].split("; ") if part}
        rows.append((codes, (group, row["measure_code"], row["area_code"], row["period"], *sorted(parts)), row))
    return table, rows


def _sums(table: FileTable, rows: _Rows) -> Iterator[Identity]:
    """Give the figures that rows below them add up to: with summed totals those are no rounded figures of their own."""
    there = {codes: identity for codes, identity, _ in rows}
    for at, breakdown, whole, parts in _lines(table.breakdowns):
        if breakdown["adds_up"]:
            for codes, identity in there.items():
                if codes[at] == whole and all((*codes[:at], part, *codes[at + 1 :]) in there for part in parts):
                    yield identity


def _lines(breakdowns: Iterable[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any], str, list[str]]]:
    for at, breakdown in enumerate(breakdowns):
        parts_of: dict[str, list[str]] = defaultdict(list)
        for category in breakdown["categories"]:
            parts_of[category["broader"] or TOTAL].append(category["code"])
        for whole, parts in parts_of.items():
            yield at, breakdown, whole, parts


def _bounds(pack: FilePack, row: dict[str, str], is_sum: bool) -> tuple[int, int | None]:
    """Give what one row tells: its printed limits, and no more than its rounding allows."""
    scale = 100 if row["unit"] == "GBP" else 1
    try:
        low = _whole(row["at_least"], scale)
        high = _whole(row["at_most"], scale) if row["at_most"] else None
        if row["status"] == "hidden":
            # Where every nought is shown, what is hidden is none.
            noughts = pack.rule.get("zeros") == "show" and pack.rule["rounding"]["method"] in ("nearest", "midpoint")
            return max(low, int(noughts and row["value"] == HIDDEN)), high
        value = _whole(row["value"], scale)
    except (InvalidOperation, ValueError) as trouble:
        raise _broken(pack.name, "a figure is not a whole number") from trouble
    if row["status"] == "value":
        return value, value
    if row["status"] != "rounded":
        raise _broken(pack.name, f"it has a figure of unknown status “{row['status'][:20]}”")
    rounding = pack.rule["rounding"]
    if is_sum and rounding["totals"] == "summed":
        return low, high
    least, most = _band(value, rounding["base"] * scale, rounding["method"])
    low = max(low, least)
    return low, most if high is None or (most is not None and most < high) else high


def _band(value: int, step: int, method: str) -> tuple[int, int | None]:
    """Give what a rounded figure can have been by how it was rounded; no limit for a way that is not known here."""
    if step <= 0:
        return 0, None
    if method == "nearest":
        return value - step // 2, value - step // 2 + step - 1
    if method == "midpoint":
        return (value + step // 2 - step + 1, value + step // 2) if value else (0, 0)
    if method == "controlled":
        return value - step + 1, value + step - 1
    if method == "small":
        # What is below the base becomes nought or the base; the rest goes to the nearest multiple.
        return (
            (0, step - 1) if value == 0 else (1 if value == step else value - step // 2, value - step // 2 + step - 1)
        )
    return 0, None


def _whole(text: str, scale: int) -> int:
    number = Decimal(text) * scale
    if not number.is_finite() or number != int(number) or abs(number) > MOST:
        raise ValueError(text)
    return int(number)


def _replaced(packs: Sequence[FilePack]) -> dict[int, int]:
    """Give, by number, the pack that each pack says it replaces."""
    numbers = {pack.pack: n for n, pack in enumerate(packs)}
    said = {n: numbers.get(str(pack.statement.get("supersedes") or "")) for n, pack in enumerate(packs)}
    return {n: replaced for n, replaced in said.items() if replaced is not None}


def _versions(tables: list[tuple[int, FilePack, _Table]], replaced: Mapping[int, int]) -> dict[int, int]:
    """Put packs that are not both true of the same moment into different versions of the truth.

    Those are a pack and the one that replaces it, as its files say, and packs that differ about a figure. Whatever fits
    the newest version is taken to be of that.
    """
    told: dict[int, dict[Identity, tuple[int, int | None]]] = defaultdict(dict)
    for n, _, table in tables:
        for cell in table.cells.values():
            told[n][cell.identity] = (cell.low, cell.high)
    versions: dict[int, int] = {}
    seen: list[dict[Identity, list[tuple[int, int | None]]]] = []
    for n, mine in told.items():
        oldest = versions.get(replaced[n], -1) + 1 if n in replaced else 0
        for version in reversed(range(oldest, len(seen))):
            others = seen[version]
            if all(_meet(told_now, other) for i, told_now in mine.items() for other in others.get(i, ())):
                versions[n] = version
                break
        else:
            versions[n] = len(seen)
            seen.append(defaultdict(list))
        for identity, bounds in mine.items():
            seen[versions[n]][identity].append(bounds)
    return versions


def _meet(a: tuple[int, int | None], b: tuple[int, int | None]) -> bool:
    return (a[1] is None or b[0] <= a[1]) and (b[1] is None or a[0] <= b[1])


def _learn(found: Published, figure: Figure, cell: _Cell, pack: FilePack) -> None:
    threshold = int(pack.rule["threshold"])
    known = found.known.setdefault(figure, Known(0, None, threshold, cell.words, cell.unit))
    known.low = max(known.low, cell.low)
    known.high = cell.high if known.high is None else known.high if cell.high is None else min(known.high, cell.high)
    known.threshold = max(known.threshold, threshold)
    known.seen_in.add(pack.pack)
    # A pack that hides small figures rounds nothing to nought but nought.
    nought = cell.status == "rounded" and cell.low == 0
    if cell.status == "hidden":
        known.hidden_in.add(pack.pack)
    elif (band := _small_band(cell, pack, threshold)) is not None:
        known.small_band = min(band, known.small_band or band, key=lambda each: each[1] - each[0])
    elif cell.high is not None and (nought or cell.high == 0 or cell.low >= threshold):
        told = cell.high - cell.low
        known.openly = told if known.openly is None else min(told, known.openly)


def _small_band(cell: _Cell, pack: FilePack, threshold: int) -> tuple[int, int] | None:
    """Give which values of a rounded figure that may be small have to stay possible."""
    if cell.status != "rounded":
        return None
    if pack.rule["rounding"]["method"] in ("controlled", "small"):
        # Small figures are shown as one of two multiples: any of as many values as the threshold has to stay possible.
        step = int(pack.rule["rounding"]["base"]) * (100 if cell.unit == "GBP" else 1)
        return (cell.low, cell.low + min(threshold, step) - 1) if cell.low < threshold else None
    return (cell.low, cell.high) if cell.high is not None and cell.low > 0 and cell.high < threshold else None


def _margins(table: _Table, version: int) -> Iterator[Relation]:
    """Give every total of a table with its parts, along every breakdown and its hierarchy."""
    for at, breakdown, whole, parts in _lines(table.file.breakdowns):
        for codes, cell in table.cells.items():
            if codes[at] != whole:
                continue
            keys = [(*codes[:at], part, *codes[at + 1 :]) for part in parts]
            below = [table.cells[key].identity for key in keys if key in table.cells]
            yield from line(
                (version, cell.identity), [(version, i) for i in below],
                bool(breakdown["adds_up"]) and len(below) == len(parts), bool(breakdown["adds_up"]),
            )  # fmt: skip
            none = table.cells.get((*codes[:at], "unknown", *codes[at + 1 :]))
            if none and not breakdown["adds_up"] and none.identity[1] in COUNTED_ONCE:
                # A thing that is in no category is in none of the others, and each is counted once.
                for part in below:
                    if part != none.identity:
                        terms = ((cell.identity, 1), (none.identity, -1), (part, -1))
                        yield Relation(tuple(((version, i), factor) for i, factor in terms), 0, None)


def _broken(name: str, why: str) -> CisError:
    return CisError(
        "pack_contradicts",
        "These packs do not fit together",
        f"“{name}” cannot be audited: {why}. Nothing was changed; ask for the file again, or audit the others alone.",
    )
