"""Make the people of a draft: one for each number of their own in the file, with what its rows say of them."""

from __future__ import annotations

from dataclasses import dataclass

from cis_desktop.intake.mapping import DESCRIBED

NAMED_BY = ("reference", "family_name", "given_name", "birth_year", "postcode")
"""Without a number of their own, people with all of these alike in one file are one person."""

FIELDS = (
    "reference",
    "second_reference",
    "household",
    "given_name",
    "family_name",
    "birth_year",
    "postcode",
    "ward",
    "phone",
    "email",
)
PEOPLE_TARGETS = frozenset((*FIELDS, *DESCRIBED, "birth_date", "age"))


@dataclass(frozen=True, slots=True)
class DraftPeople:
    """People as columns of equal length, in the order they first appear; `described` is (place, trait, value, status).

    `of_row` gives, for each accepted row, the place of its person, or None where the row names nobody.
    """

    columns: dict[str, list[object]]
    notes: list[str | None]
    described: tuple[tuple[int, str, str | None, str], ...]
    of_row: list[int | None]
    differing: dict[str, int]

    def __len__(self) -> int:
        """Give the number of people."""
        return len(self.notes)


def gather(rows: int, cells: dict[str, list[object]], left_over: dict[int, list[str]]) -> DraftPeople:
    """Gather the people that `rows` accepted rows name.

    `cells` has, by target, what each row says of its person (already understood); described traits as (value,
    status). `left_over` are texts by row that fit no field: they become the person's note. Where rows of one
    person differ, the last that says anything counts; of several birth years, the earliest.
    """
    of_row, count = _number_people(rows, cells)
    columns: dict[str, list[object]] = {}
    differing: dict[str, int] = {}
    for field in FIELDS:
        if field in cells:
            columns[field], different = _last_said(of_row, cells[field], count, earliest=field == "birth_year")
            if different:
                differing[field] = different
    described: list[tuple[int, str, str | None, str]] = []
    for trait in DESCRIBED:
        if trait in cells:
            said, different = _last_said(of_row, cells[trait], count)
            described += [(place, trait, *each) for place, each in enumerate(said) if each is not None]  # type: ignore[misc]
            if different:
                differing[trait] = different
    texts: dict[int, list[str]] = {}
    for row, words in left_over.items():
        if (person := of_row[row]) is not None:
            kept = texts.setdefault(person, [])
            kept += [text for text in words if text not in kept]
    notes = ["; ".join(texts[place]) if place in texts else None for place in range(count)]
    return DraftPeople(columns, notes, tuple(described), of_row, differing)


def _number_people(rows: int, cells: dict[str, list[object]]) -> tuple[list[int | None], int]:
    known: dict[object, int] = {}
    numbers = cells.get("reference")
    named = [cells[field] for field in NAMED_BY[1:] if field in cells]
    if "given_name" not in cells and "family_name" not in cells:
        named = []  # a postcode or a birth year alone is nobody
    of_row: list[int | None] = []
    for row in range(rows):
        key: object = numbers[row] if numbers is not None else None
        if key is None and named:
            alike = tuple(column[row] for column in named)
            key = alike if any(part is not None for part in alike) else None
        of_row.append(None if key is None else known.setdefault(key, len(known)))
    return of_row, len(known)


def _last_said(
    of_row: list[int | None], said: list[object], count: int, *, earliest: bool = False
) -> tuple[list[object], int]:
    """Give for each person the last thing said (or the smallest), and for how many people rows differ."""
    kept: list[object] = [None] * count
    different: set[int] = set()
    for person, value in zip(of_row, said, strict=True):
        if value is None or person is None:
            continue
        before = kept[person]
        if before is not None and before != value:
            different.add(person)
            if earliest and before < value:  # type: ignore[operator]
                continue
        kept[person] = value
    return kept, len(different)
