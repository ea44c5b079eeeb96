"""What a reader of packs may notice besides what can be worked out of hidden figures: for a person to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Literal

from cis_desktop.words import period as spoken

from ..making import WORKBOOK
from ..reading import FilePack, FileTable, read_pack
from ..sheets import HEAD
from .known import PLACES, Figure, Published
from .spans import Span, span_of

TOTAL = "total"
NUMBERS = {"a single": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
           "nine": 9, "both": 2, "a couple of": 2, "half a dozen": 6}  # fmt: skip
_NUMBER = re.compile(rf"(?<![\w.,£-])(\d{{1,9}}|{'|'.join(NUMBERS)})(?![\w-]|[.,]\d)", re.IGNORECASE)
_PEOPLE = re.compile(
    r"^(?:\s+[a-z]+){0,2}?\s+(people|persons?|famil(?:y|ies)|households?|child(?:ren)?|clients?|members?|residents?|"
    r"m[ae]n|wom[ae]n|m(?:other|um)s?|fathers?|dads?|girls?|boys?|parents?|pensioners?|tenants?|refugees?)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.](?=\d)[^.!?\n]+)*")

Kind = Literal["everybody", "difference", "words", "limits", "counts", "missing", "keys"]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at: its kind, the packs it is in, and what it is in one sentence."""

    kind: Kind
    packs: tuple[str, ...]
    said: str


def remarks(packs: Iterable[FilePack], found: Published) -> Iterator[Remark]:
    """Give what there is to look at in the packs of one group."""
    for pack in packs:
        for table in pack.tables:
            yield from _everybody(pack, table)
            yield from _limits(pack, table)
        if pack.kind == "archive":
            yield from _counts(pack)
        yield from _words(pack)
    yield from _differences(found)


def _everybody(pack: FilePack, table: FileTable) -> Iterator[Remark]:
    """Find lines with everybody in one category: whoever is known to be counted is then known to be in it."""
    there = {tuple(row[f"{b['column']}_code"] for b in table.breakdowns): row for row in table.rows}
    for at, breakdown in enumerate(table.breakdowns):
        if not breakdown["adds_up"] or breakdown["kind"] == "period":
            continue
        parts = [category["code"] for category in breakdown["categories"] if not category["broader"]]
        for codes, whole in there.items():
            line = [there.get((*codes[:at], part, *codes[at + 1 :])) for part in parts]
            shown = [row for row in line if row and not _nought(row)]
            if codes[at] == TOTAL and not _nought(whole) and len(line) > 1 and len(shown) == 1 and all(line):
                among = [row for b, row in ((b, whole[b["column"]]) for b in table.breakdowns) if row != "Total"]
                where = ", ".join([*among, whole["area"], spoken(whole["period"])])
                yield Remark(
                    "everybody", (pack.pack,),
                    f"Everybody counted in “{whole['measure']}, {where}” is in {shown[0][breakdown['column']]}.",
                )  # fmt: skip


def _nought(row: dict[str, str]) -> bool:
    return row["status"] != "hidden" and row["at_most"] in ("0", "0.00")


def _limits(pack: FilePack, table: FileTable) -> Iterator[Remark]:
    """Find hidden figures of one table that have other limits than the rest: that tells them apart."""
    limits = {(row["value"], row["at_least"], row["at_most"]) for row in table.rows if row["status"] == "hidden"}
    if len(limits) > len({symbol for symbol, *_ in limits}):
        yield Remark(
            "limits", (pack.pack,),
            f"Hidden figures of the table “{table.id}” have different limits, which tells some from others.",
        )  # fmt: skip


def _counts(pack: FilePack) -> Iterator[Remark]:
    """Compare the counts of the statement with the tables: they may say no more than the tables do."""
    said, audit = pack.rule.get("counts"), pack.rule.get("audit")
    if not isinstance(said, dict) or not isinstance(audit, dict):
        return
    status = [row["status"] for table in pack.tables for row in table.rows]
    true = {"cells": len(status), "exact": status.count("value"), "rounded": status.count("rounded"),
            "hidden": status.count("hidden")}  # fmt: skip
    different = {
        (row["measure_code"], row["filters"], row["area_code"], row["period"], *_narrowed(table, row))
        for table in pack.tables
        for row in table.rows
        if row["status"] == "hidden"
    }
    # The same figure in two tables may be counted once or twice.
    if said != true or not len(different) <= audit.get("attacked", 0) <= true["hidden"]:
        yield Remark(
            "counts", (pack.pack,),
            "The statement counts other figures than the tables have, which could tell how some of them were hidden.",
        )  # fmt: skip


def _narrowed(table: FileTable, row: dict[str, str]) -> list[str]:
    codes = ((b, row[f"{b['column']}_code"]) for b in table.breakdowns if b["kind"] == "category")
    return sorted(f"{b['column']}={code}" for b, code in codes if code != TOTAL)


def _differences(found: Published) -> Iterator[Remark]:
    """Find people seen in a period and not in a part of it that is published: so few that they may be known."""
    families: dict[Figure, list[tuple[Span, Figure]]] = {}
    for (version, identity), known in found.known.items():
        if known.unit in ("people", "households") and not known.left_over and (span := span_of(identity[3])):
            family = (version, (*identity[:3], *identity[PLACES:]))
            families.setdefault(family, []).append((span, (version, identity)))
    for members in families.values():
        for (span, figure), (within, part) in permutations(members, 2):
            whole, less = found.known[figure], found.known[part]
            if not (span[0] <= within[0] and within[1] <= span[1]) or whole.high is None or less.high is None:
                continue
            fewest, most = whole.low - less.high, whole.high - less.low
            if fewest >= 1 and most < whole.threshold:
                count = str(fewest) if fewest == most else f"{fewest} to {most}"
                yield Remark(
                    "difference", tuple(sorted(whole.seen_in | less.seen_in)),
                    f"“{whole.words}” less that of {spoken(part[1][3])} leaves {count}, who came in the rest of the "
                    "time only.",
                )  # fmt: skip


def _words(pack: FilePack) -> Iterator[Remark]:
    """Find numbers in the group's own words that are so small, or so near a hidden figure, that they may undo it."""
    labels = {
        row[b["column"]]
        for table in pack.tables
        for row in table.rows
        if row["status"] == "hidden"
        for b in table.breakdowns
        if row[f"{b['column']}_code"] != TOTAL
    }
    names = [(label, re.compile(rf"(?<!\w){re.escape(label)}(?!\w)", re.IGNORECASE)) for label in labels if label]
    threshold = pack.rule["threshold"]
    for text in texts(pack):
        for match in _SENTENCE.finditer(text):
            sentence = match[0].strip()
            numbers = [(NUMBERS.get(n[1].lower()) or int(n[1] if n[1].isdigit() else 0), n) for n in
                       _NUMBER.finditer(sentence)]  # fmt: skip
            small = [n for value, n in numbers if 0 < value < threshold and _PEOPLE.match(sentence[n.end() :])]
            near = sorted(label for label, pattern in names if numbers and pattern.search(sentence))
            if near:
                said = f"“{sentence}” has a number beside {near[0]}, at which a figure is hidden."
            elif small:
                said = f"“{sentence}” speaks of fewer people than any figure shows."
            else:
                continue
            yield Remark("words", (pack.pack,), said)


def texts(pack: FilePack) -> list[str]:
    """Give what a pack says in the group's own words: its answers, what changed, and what was noticed."""
    sheets: dict[str, Any] = pack.sheets
    if not sheets and WORKBOOK in pack.members:
        sheets = read_pack(pack.members[WORKBOOK], WORKBOOK).sheets
    own = {"Notes": "In the group’s words", "Cover": "What changed"}
    return [words for _, words in pack.observations] + [
        str(row[1])
        for sheet, about in own.items()
        for row in sheets.get(sheet, [])[HEAD + 1 :]
        if len(row) > 1 and row[0] == about
    ]
