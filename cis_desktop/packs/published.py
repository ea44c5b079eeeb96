"""Everything that a folder of packs tells: figures with what is known of each, and how they must add up.

Read from exported files alone. It shares no code with disclosure control, so that a mistake there is not repeated
here: relations are rebuilt from the breakdowns that the files describe and from the names of the periods.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Literal

from cis_desktop.errors import CisError

from .reading import FilePack, FileTable

TOTAL = "total"

Identity = tuple[str, ...]
"""Group, measure, filters, area, period, then each "column=code" that is not at its total, sorted."""

Figure = tuple[int, Identity]
"""A figure in one version of the truth: packs that contradict each other are kept apart."""


@dataclass(slots=True)
class Known:
    """What is known of a figure: whole numbers (money in pence), `high` None where nothing limits it."""

    low: int
    high: int | None
    threshold: int
    words: str
    unit: str
    hidden_in: set[str] = field(default_factory=set)
    small_band: tuple[int, int] | None = None
    """The narrowest band that was published of a rounded figure that may be small."""


@dataclass(frozen=True, slots=True)
class Relation:
    """The sum of factor * figure lies in `low..high` (None: no limit on that side)."""

    terms: tuple[tuple[Figure, int], ...]
    low: int | None
    high: int | None


@dataclass(slots=True)
class Published:
    """All figures of all packs, and the relations between them."""

    known: dict[Figure, Known] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class _Cell:
    identity: Identity
    low: int
    high: int | None
    status: str
    words: str
    unit: str


@dataclass(frozen=True, slots=True)
class _Table:
    pack: str
    file: FileTable
    cells: dict[tuple[str, ...], _Cell]


Moves = Literal["seen", "small", "any"]
"""How far a reader takes figures to have moved between packs that disagree: no further than the furthest that is seen
to, by less than the threshold, or anywhere."""


def join(packs: Iterable[FilePack], apart: bool = False, moves: Moves = "seen") -> Published:
    """Join packs, oldest first, into one picture of what a reader of all of them knows.

    With `apart`, figures may have moved between any two packs, and not only between those that disagree. Raises
    CisError when a pack contradicts itself in a way that can be read off it.
    """
    tables = [(n, pack, _read(pack, table)) for n, pack in enumerate(packs) for table in pack.tables]
    versions = {n: n for n, _, _ in tables} if apart else _versions(tables)
    found = Published(corrected=len(set(versions.values())) > 1)
    for n, pack, table in tables:
        for cell in table.cells.values():
            _learn(found, (versions[n], cell.identity), cell, pack)
    additive = {measure for _, pack, table in tables for measure in table.file.adds_over_periods}
    for n, _, table in tables:
        found.relations.extend(_margins(table, versions[n]))
    found.relations.extend(_over_time(found, additive, moves))
    if found.corrected and moves != "any":
        found.relations.extend(_corrections(found, moves))
    found.relations = list(dict.fromkeys(found.relations))
    return found


def _read(pack: FilePack, table: FileTable) -> _Table:
    group = pack.statement.get("group")
    name = str(group.get("name") if isinstance(group, dict) else group)
    base = pack.rule["rounding"]["base"]
    own = pack.rule["rounding"]["totals"] == "own" and pack.rule["rounding"]["method"] == "nearest"
    cells = {}
    for row in table.rows:
        codes = tuple(row[f"{b['column']}_code"] for b in table.breakdowns)
        parts = sorted(
            f"{b['column']}={code}"
            for b, code in zip(table.breakdowns, codes, strict=True)
            if b["kind"] == "category" and code != TOTAL
        )
        identity = (name, row["measure_code"], row["filters"], row["area_code"], row["period"], *parts)
        where = [row[b["column"]] for b in table.breakdowns if row[f"{b['column']}_code"] != TOTAL]
        words = f"{row['measure']}, {', '.join(where) or row['area']}, {row['period']}"
        key = codes if table.breakdowns else identity
        if key in cells:
            raise _broken(pack.name, f"the figure “{words}” is there twice")
        low, high = _bounds(pack, row, base if own else 0)
        cells[key] = _Cell(identity, low, high, row["status"], words, row["unit"])
    return _Table(pack.name, table, cells)


def _bounds(pack: FilePack, row: dict[str, str], base: int) -> tuple[int, int | None]:
    """Give what one row tells: its printed limits, and no more than its rounding allows."""
    scale = 100 if row["unit"] == "GBP" else 1
    try:
        low = _whole(row["at_least"], scale)
        high = _whole(row["at_most"], scale) if row["at_most"] else None
        if row["status"] == "hidden":
            return low, high
        value = _whole(row["value"], scale)
    except (InvalidOperation, ValueError) as trouble:
        raise _broken(pack.name, "a figure is not a number") from trouble
    if row["status"] == "value":
        return value, value
    if row["status"] != "rounded":
        raise _broken(pack.name, f"it has a figure of unknown status “{row['status'][:20]}”")
    if base:
        step = base * scale
        low = max(low, value - step // 2)
        top = value - step // 2 + step - 1
        high = top if high is None else min(high, top)
    return low, high


def _whole(text: str, scale: int) -> int:
    number = Decimal(text) * scale
    if not number.is_finite() or number != int(number) or abs(number) > 10**15:
        raise ValueError(text)
    return int(number)


def _versions(tables: list[tuple[int, FilePack, _Table]]) -> dict[int, int]:
    """Put packs that cannot both be true of the same moment (a correction, late records) into different versions."""
    told: dict[int, dict[Identity, tuple[int, int | None]]] = defaultdict(dict)
    for n, _, table in tables:
        for cell in table.cells.values():
            told[n][cell.identity] = (cell.low, cell.high)
    versions: dict[int, int] = {}
    seen: list[dict[Identity, list[tuple[int, int | None]]]] = []
    for n, mine in told.items():
        for version, others in enumerate(seen):
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
    if cell.status == "hidden":
        known.hidden_in.add(pack.pack)
    elif cell.status == "rounded" and pack.rule["rounding"]["method"] in ("controlled", "small"):
        # Small figures are shown as one of two multiples: any of as many values as the threshold has to stay possible.
        if cell.low < threshold:
            known.small_band = (cell.low, cell.low + threshold - 1)
    elif cell.status == "rounded" and cell.high is not None and cell.low > 0 and cell.high < threshold:
        known.small_band = (cell.low, cell.high)


def _margins(table: _Table, version: int) -> Iterator[Relation]:
    """Give every total of a table with its parts, along every breakdown and its hierarchy."""
    for at, breakdown in enumerate(table.file.breakdowns):
        parts_of: dict[str, list[str]] = defaultdict(list)
        for category in breakdown["categories"]:
            parts_of[category["broader"] or TOTAL].append(category["code"])
        for codes in table.cells:
            for whole, parts in parts_of.items():
                if codes[at] != whole:
                    continue
                keys = [(*codes[:at], part, *codes[at + 1 :]) for part in parts]
                below = [table.cells[key].identity for key in keys if key in table.cells]
                yield from _line(
                    (version, table.cells[codes].identity), [(version, i) for i in below],
                    bool(breakdown["adds_up"]) and len(below) == len(parts), bool(breakdown["adds_up"]),
                )  # fmt: skip
                none = table.cells.get((*codes[:at], "unknown", *codes[at + 1 :]))
                if none and not breakdown["adds_up"] and none.identity[1] in ("contacts", "observations"):
                    # A thing that is in no category is in none of the others, and each is counted once.
                    for part in below:
                        if part != none.identity:
                            terms = ((table.cells[codes].identity, 1), (none.identity, -1), (part, -1))
                            yield Relation(tuple(((version, i), factor) for i, factor in terms), 0, None)


def _line(whole: Figure, parts: list[Figure], equal: bool, apart: bool, slack: int = 0) -> Iterator[Relation]:
    """Relate a total to its parts: `equal` when they make it up, `apart` when nobody is in two of them."""
    if not parts:
        return
    terms = ((whole, 1), *((part, -1) for part in parts))
    if equal:
        yield Relation(terms, -slack, slack)
    elif apart:
        yield Relation(terms, -slack, None)
    else:
        yield Relation(terms, None, slack)
        for part in parts:
            yield Relation(((whole, 1), (part, -1)), -slack, None)


def _over_time(found: Published, additive: set[str], moves: Moves) -> Iterator[Relation]:
    """Relate each period to the shorter ones that fill it, whichever packs they came in."""
    families: dict[tuple[str, ...], dict[str, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    for figure in found.known:
        group, measure, filters, area, period = figure[1][:5]
        families[(group, measure, filters, area, *figure[1][5:])][period].append(figure)
    for family, periods in families.items():
        if len(periods) < 2:
            continue
        adds = family[1] in additive
        for whole, parts in chains(periods):
            for total in periods[whole]:
                below = [min(periods[p], key=lambda f: (f[0] != total[0], -f[0])) for p in parts]
                moved = any(figure[0] != total[0] for figure in below)
                if moved and moves == "any":
                    continue
                slack = (found.known[total].threshold - 1) * len(below) if moved else 0
                yield from _line(total, below, adds, adds, slack)


def chains(periods: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Give every (period, shorter periods) where the shorter ones follow each other and fill the longer."""
    spans = sorted((span, period) for period in periods if (span := span_of(period)))
    starting: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for (start, end), period in spans:
        starting[start].append((end, period))
    found = []
    for (start, end), whole in spans:
        paths: list[tuple[int, tuple[str, ...]]] = [(start, ())]
        while paths:
            reached, path = paths.pop()
            if reached == end:
                found.append((whole, path))
            else:
                paths += [(e, (*path, p)) for e, p in starting[reached] if p != whole and e <= end]
    return found


def span_of(period: str) -> tuple[int, int] | None:
    """Give a period's first day and the day after its last, as day numbers; None when it is no period."""
    first, _, last = period.partition("..")
    try:
        if last:
            return date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal() + 1
        if re.fullmatch(r"\d{4}", first):
            return date(int(first), 1, 1).toordinal(), date(int(first) + 1, 1, 1).toordinal()
        if match := re.fullmatch(r"(\d{4})-(Q[1-4]|\d{2})", first):
            year, quarter = int(match[1]), match[2][0] == "Q"
            month = 3 * int(match[2][1]) - 2 if quarter else int(match[2])
            after = year * 12 + month - 1 + (3 if quarter else 1)
            return date(year, month, 1).toordinal(), date(after // 12, after % 12 + 1, 1).toordinal()
    except ValueError:
        return None
    return None


def _corrections(found: Published, moves: Moves) -> Iterator[Relation]:
    """Tie the versions of a figure: none moved further than readers take them to, or than it is seen to itself."""
    versions: dict[Identity, list[Figure]] = defaultdict(list)
    for figure in found.known:
        versions[figure[1]].append(figure)
    pairs = [pair for figures in versions.values() for pair in pairwise(sorted(figures))]
    seen: dict[tuple[int, int], int] = defaultdict(lambda: 1)
    for earlier, later in pairs:
        between = (earlier[0], later[0])
        seen[between] = max(seen[between], _moved(found, earlier, later))
    for earlier, later in pairs:
        small = found.known[earlier].threshold - 1
        usual = small if moves == "small" else min(seen[earlier[0], later[0]], small)
        most = max(_moved(found, earlier, later), usual)
        yield Relation(((later, 1), (earlier, -1)), -most, most)


def _moved(found: Published, earlier: Figure, later: Figure) -> int:
    """Give how far a figure moved at the least, by what was published of it."""
    a, b = found.known[earlier], found.known[later]
    up = b.low - a.high if a.high is not None else 0
    down = a.low - b.high if b.high is not None else 0
    return max(up, down, 0)


def _broken(name: str, why: str) -> CisError:
    return CisError(
        "pack_contradicts",
        "These packs do not fit together",
        f"“{name}” cannot be audited: {why}. Nothing was changed; ask for the file again, or audit the others alone.",
    )
