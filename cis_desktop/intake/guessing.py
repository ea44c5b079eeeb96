"""Guess a mapping from headings and cells, say on what evidence, and ask what the data cannot tell."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import msgspec

from cis_desktop.decoding import from_json
from cis_desktop.intake.mapping import DESCRIBED, NOT_ANSWERED, SINGLE, ColumnMapping, Mapping, fingerprint
from cis_desktop.intake.reading import Column, Sheet
from cis_desktop.intake.splitting import pieces
from cis_desktop.intake.values import GRAMS, ISO, ORDER_WORDS, DateOrder, Wrong, day, fold, grams, positions, whole
from cis_desktop.paths import resources
from cis_desktop.records.code_lists import shipped
from cis_desktop.words import count as counted
from cis_desktop.words import day as in_words

LISTS = {"sex": "sex", "gender": "gender", "ethnic_group": "ethnic_group", "kind": "contact_kind"}
"""The code lists that some targets take their values from."""

SPLIT = ";,/&+"
MOST_VALUES = 1_000
LONGEST_WORDING = 6
NOTE_OF_HELP = 0.3
"""A column of notes is read as kinds of help when at least this share of its cells names one."""

Kind = Literal["item", "need"]
SAMPLE = 2_000


@dataclass(frozen=True, slots=True)
class Question:
    """Something only a person can answer: the field of the mapping it fills, and the question in words."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A mapping, the evidence for it in words, and what must still be answered before it can be used."""

    mapping: Mapping
    evidence: tuple[str, ...]
    needs_answer: tuple[Question, ...]


def guess(sheet: Sheet, today: datetime.date | None = None) -> Guess:
    """Guess how to read a sheet. Never fails: columns that say nothing to it are left out, and it says so."""
    today = today or datetime.date.today()
    evidence: list[str] = []
    questions: list[Question] = []
    targets = _targets(sheet, evidence)
    columns = tuple(_column(sheet, place, target, evidence) for place, target in enumerate(targets))
    order: DateOrder | None = None
    dated = [place for place, target in enumerate(targets) if target in ("date", "birth_date")]
    if dated:
        order = _date_order([sheet.columns[place] for place in dated], evidence)
        if order is None:
            questions.append(Question("date_order", "Are the dates day first (UK) or month first (US)?"))
    if "age" in targets:
        title = sheet.header[targets.index("age")]
        words = f"On which date were the ages in “{title}” right? The day the list was made will do."
        questions.append(Question("reference_date", words))
    blank = tuple(title for title, column in zip(sheet.header, sheet.columns, strict=True) if not column.filled)
    mapping = Mapping(fingerprint=fingerprint(sheet.header), columns=columns, date_order=order, blank=blank)
    if order is not None and "date" in targets:
        _plausible(sheet.columns[targets.index("date")], order, mapping, today, evidence)
    return Guess(mapping, tuple(evidence), tuple(questions))


# ---- which column is what ----------------------------------------------------------------------------


def _targets(sheet: Sheet, evidence: list[str]) -> list[str]:
    candidates = [_by_heading(title) for title in sheet.header]
    targets = ["ignore"] * len(candidates)
    taken: set[str] = set()
    # the surest heading takes a target first; of two alike, the one further left
    for place in sorted(range(len(candidates)), key=lambda p: -candidates[p][1]):
        target = candidates[place][0]
        title = sheet.header[place]
        if target == "ignore":
            continue
        if target in taken and target in SINGLE:
            first = sheet.header[targets.index(target)]
            evidence.append(f"“{title}” is left out: “{first}” already gives the same.")
            continue
        if (misfit := _misfit(target, title, sheet.columns[place])) is not None:
            evidence.append(f"“{title}” is left out: {misfit}.")
            continue
        targets[place] = target
        taken.add(target)
    out = [title for title, (target, _) in zip(sheet.header, candidates, strict=True) if target == "ignore"]
    if out:
        evidence.append(f"Left out, as their headings say nothing to this app: {', '.join(out[:12])}.")
    return targets


def _by_heading(title: str) -> tuple[str, float]:
    """Give the target a heading speaks of, and how surely (a longer phrase is surer than a shorter)."""
    plain = _plain(title)
    best, best_score = "ignore", 0.0
    for entry in _words().targets:
        score = 100.0 if plain in entry.exact else max((_within(w, plain) for w in entry.contains), default=0.0)
        if score > best_score:
            best, best_score = entry.target, score
    for item in _words().items:
        score = max((_within(word, plain) for word in item.words), default=0.0) + 0.5
        if score > 1 and score > best_score:
            best, best_score = f"item:{item.item}", score
    return best, best_score


def _misfit(target: str, title: str, column: Column) -> str | None:
    """Say why a column's cells cannot be what its heading promises, or nothing when they can."""
    cells = [cell.strip() for cell in column.values if cell.strip()][:SAMPLE]
    if not cells:
        return "it is blank"
    if target in ("date", "birth_date"):
        low, high = datetime.date(1, 1, 1), datetime.date(9999, 12, 31)
        fit = sum(any(not isinstance(day(c, o, low, high), Wrong) for o in ("us", "uk")) for c in cells)
    elif target.startswith("item:") and (unit := unit_of(title)) in GRAMS:
        fit = sum(not isinstance(grams(cell, 10**9, unit), Wrong) for cell in cells)
    elif target in ("adults", "children", "helped", "minutes", "age", "birth_year") or target.startswith("item:"):
        fit = sum(not isinstance(whole(cell, 10**9, "numbers"), Wrong) for cell in cells)
    else:
        return None
    return None if fit * 2 >= len(cells) else "most of its cells are not what its heading says"


# ---- how its cells are read --------------------------------------------------------------------------


def _column(sheet: Sheet, place: int, target: str, evidence: list[str]) -> ColumnMapping:
    title, column = sheet.header[place], sheet.columns[place]
    if target.startswith("item:"):
        return ColumnMapping(header=title, target=target, unit=unit_of(title))
    if target in ("needs", "items", "note"):
        return _help(title, target, column, evidence)
    if target in LISTS:
        return ColumnMapping(header=title, target=target, values=_listed(title, target, column, evidence))
    return ColumnMapping(header=title, target=target)


def unit_of(title: str) -> str:
    """Guess what a column of quantities is counted or weighed in, by its heading."""
    plain = _plain(title)
    for unit, words in _words().units.items():
        if any(_within(word, plain) for word in words):
            return unit
    return "item"


def _help(title: str, target: str, column: Column, evidence: list[str]) -> ColumnMapping:
    """Read a column of words for help: what was given, or what was needed; or as a note, when it is neither."""
    first: Kind = "need" if target == "needs" else "item"
    values, share = _kinds_of_help(column, first)
    if target == "note" and share < NOTE_OF_HELP:
        return ColumnMapping(header=title, target="note")
    evidence.append(
        f"“{title}” speaks of {counted(len(set(values.values())), 'kind')} of help in "
        f"{counted(len(values), 'wording')}; cells with other words are kept as a note."
    )
    return ColumnMapping(header=title, target=f"{first}s", values=values, split=SPLIT, otherwise="note")


def _kinds_of_help(column: Column, first: Kind) -> tuple[dict[str, str], float]:
    """Find the items or needs that wordings name (`first` is looked for first), and the share of cells that do."""
    weights = Counter(column.codes)
    values: dict[str, str] = {}
    named = filled = 0
    for code, cell in enumerate(column.values):
        if not cell.strip():
            continue
        filled += weights[code]
        known = False
        for piece in pieces(cell, SPLIT):
            found = values.get(piece) or _kind_of_help(piece, first)
            if found is not None and (piece in values or len(values) < MOST_VALUES):
                values[piece] = found
                known = True
        named += weights[code] * known
    return values, named / filled if filled else 0.0


def _kind_of_help(piece: str, first: Kind) -> str | None:
    plain = _plain(piece)
    if len(plain.split()) > LONGEST_WORDING or plain.startswith("no "):
        return None  # a sentence, not a word for a kind of help: better kept as a note
    second: Kind = "item" if first == "need" else "need"
    for kind in (first, second):
        found = [
            (match.end() - match.start(), code)
            for code, pattern in _help_patterns(kind).items()
            for match in pattern.finditer(plain)
        ]
        if found:
            code = max(found)[1]
            return code if kind == first else f"{kind}:{code}"
    return None


def _listed(title: str, target: str, column: Column, evidence: list[str]) -> dict[str, str]:
    known: dict[str, str] = {}
    unknown: list[str] = []
    for cell in column.values:
        folded = fold(cell)
        if not folded:
            continue
        plain = _plain(re.sub(r"\(.*?\)", " ", cell))
        answer = _answer(plain, target)
        if answer is not None:
            known[folded] = answer
        else:
            unknown.append(cell.strip())
    if unknown:
        evidence.append(
            f"{len(unknown)} wordings in “{title}” are in no list of this app and are kept as they are: "
            f"{', '.join(unknown[:4])}{' …' if len(unknown) > 4 else ''}."
        )
    return known


def _answer(plain: str, target: str) -> str | None:
    for status in NOT_ANSWERED if target in DESCRIBED else ():
        if plain in map(_plain, _words().not_answered.get(status, ())):
            return status
    return _codes(target).get(plain)


# ---- dates -------------------------------------------------------------------------------------------


def _date_order(columns: list[Column], evidence: list[str]) -> DateOrder | None:
    found = [pair for column in columns for cell in column.values if (pair := positions(cell.strip()))]
    iso = sum(1 for column in columns for cell in column.values if ISO.fullmatch(cell.strip()))
    day_first = sum(1 for first, _ in found if first > 12)
    month_first = sum(1 for _, second in found if second > 12)
    if not found:
        evidence.append(f"{counted(iso, 'different date')} in all, each starting with its year.")
        return "iso"
    few, many = sorted((day_first, month_first))
    if many == 0 or few * 20 > many:
        evidence.append(
            f"Of {len(found):,} different dates, {month_first:,} can only be month first and {day_first:,} only "
            "day first: the order cannot be told."
        )
        return None
    order: DateOrder = "us" if month_first > day_first else "uk"
    evidence.append(
        f"Dates are read {ORDER_WORDS[order]}: of {len(found):,} different dates {many:,} can only be so, "
        f"{few:,} only the other way round."
    )
    return order


def _plausible(column: Column, order: DateOrder, mapping: Mapping, today: datetime.date, evidence: list[str]) -> None:
    """Say how many rows the plausible range turns away, and which years at its end look lonely."""
    first, last = mapping.earliest, mapping.latest or today
    years: Counter[int] = Counter()
    outside = 0
    for (code, rows), low in ((pair, datetime.date(1, 1, 1)) for pair in Counter(column.codes).items()):
        date = day(column.values[code].strip(), order, low, datetime.date(9999, 12, 31))
        if isinstance(date, Wrong):
            continue
        if first <= date <= last:
            years[date.year] += rows
        else:
            outside += rows
    evidence.append(
        f"Dates from {in_words(first)} to {in_words(last)} are taken as plausible; "
        f"{counted(outside, 'row is', 'rows are')} outside and would come back with the reason."
    )
    if lonely := [f"{rows:,} in {year}" for year, rows in _lonely(years)]:
        evidence.append(f"Check the range: after a year with nothing there are {' and '.join(lonely)}.")


def _lonely(years: Counter[int]) -> Iterator[tuple[int, int]]:
    usual = sorted(years.values())[len(years) // 2] if years else 0
    gap = next((y for y in range(min(years, default=0), max(years, default=0)) if _ended(years, y)), None)
    for year in sorted(years):
        if gap is not None and year > gap and years[year] * 20 < usual:
            yield year, years[year]


def _ended(years: Counter[int], year: int) -> bool:
    """Say whether most of the list lies before this year, in which there is nothing."""
    return not years[year] and sum(n for y, n in years.items() if y < year) * 10 > sum(years.values()) * 9


# ---- the words ---------------------------------------------------------------------------------------


class _Entry(msgspec.Struct, frozen=True):
    target: str
    exact: tuple[str, ...]
    contains: tuple[str, ...]


class _Item(msgspec.Struct, frozen=True):
    item: str
    words: tuple[str, ...]


class _Words(msgspec.Struct, frozen=True):
    targets: tuple[_Entry, ...]
    items: tuple[_Item, ...]
    units: dict[str, tuple[str, ...]]
    things: dict[str, tuple[str, ...]]
    needs: dict[str, tuple[str, ...]]
    described: dict[str, dict[str, tuple[str, ...]]]
    not_answered: dict[str, tuple[str, ...]]


@cache
def _words() -> _Words:
    words = resources() / "intake" / "synonyms.json"
    return from_json(words.read_bytes(), _Words)


@cache
def _codes(target: str) -> dict[str, str]:
    """Give the codes of a target's list by the words for them: its newest labels, and what people write instead."""
    newest = max((each for (name, _), each in shipped().items() if name == LISTS[target]), key=lambda e: e.list_version)
    labels = {_plain(code.label): code.key for code in newest.codes}
    return labels | {word: code for code, words in _words().described.get(target, {}).items() for word in words}


@cache
def _help_patterns(kind: Kind) -> dict[str, re.Pattern[str]]:
    words = _words().things if kind == "item" else _words().needs
    longest = {code: sorted(map(_plain, phrases), key=len, reverse=True) for code, phrases in words.items()}
    return {code: re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b") for code, phrases in longest.items()}


def _plain(words: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", words.casefold()))


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(_plain(phrase))}\b")


def _within(phrase: str, plain: str) -> float:
    """Score a phrase found in a heading by its whole words: longer is surer."""
    return float(len(phrase)) if _pattern(phrase).search(plain) else 0.0
