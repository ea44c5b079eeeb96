"""Make of a sheet and its mapping a draft: typed rows ready to be stored, and each other row with the reason.

Every row of the sheet is in exactly one of the two. Nothing is written: the draft is also the dry run.
Cells are understood once per distinct cell, not per row: 80,000 rows have a few thousand different dates.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

from msgspec.structs import replace

from cis_desktop.errors import CisError
from cis_desktop.intake.cells import understand
from cis_desktop.intake.mapping import ColumnMapping, Mapping, check
from cis_desktop.intake.people import PEOPLE_TARGETS, DraftPeople, gather
from cis_desktop.intake.reading import Sheet
from cis_desktop.words import count as counted

MONEY = "money"
FIELD_WORDS = {
    "second_reference": "second number",
    "household": "household",
    "given_name": "given name",
    "family_name": "family name",
    "birth_year": "age or birth year",
    "postcode": "postcode",
    "ward": "ward",
    "phone": "phone number",
    "email": "email address",
    "sex": "sex",
    "gender": "gender",
    "ethnic_group": "ethnic group",
}


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that cannot be imported as it is: its number in the file, the reason, its cells as they were."""

    row: int
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What an import would store; `accepted` rows and `rejects` together are all `rows` of the sheet.

    `contacts` and `given` are columns of equal length under the names they are stored by, but `person` (a place in
    `people`), `payer` (an organisation's name) and, for what was given, `contact` (a place in `contacts`). `needs`
    are (contact, need).
    """

    file: str
    sheet: str
    sha256: str
    header: tuple[str, ...]
    mapping: Mapping
    rows: int
    accepted: int
    people: DraftPeople
    contacts: dict[str, list[Any]]
    given: dict[str, list[Any]]
    needs: list[tuple[int, str]]
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]

    def __len__(self) -> int:
        """Give the number of rows that would be imported."""
        return self.accepted


def draft(sheet: Sheet, mapping: Mapping, today: datetime.date | None = None) -> Draft:
    """Draft the import of a sheet. Raises `CisError` for a mapping of other columns, or with answers missing."""
    places = check(sheet, mapping)
    _check_answers(mapping)
    rows = _Rows(sheet, mapping, places, today or datetime.date.today())
    dated = mapping.column("date") is not None
    people = gather(rows.accepted, rows.about_people(), rows.texts_about_people(dated))
    if not dated:
        rows.reject_nobody(people.of_row)
        people = gather(rows.accepted, rows.about_people(), rows.texts_about_people(dated))
    given, needs = _help(rows) if dated else ({}, [])
    return Draft(
        file=sheet.file,
        sheet=sheet.name,
        sha256=sheet.sha256,
        header=sheet.header,
        mapping=mapping,
        rows=sheet.rows,
        accepted=rows.accepted,
        people=people,
        contacts=_contacts(rows, people, mapping) if dated else {},
        given=given,
        needs=needs,
        rejects=rows.rejects(),
        notes=tuple(_notes(sheet, mapping, people)),
    )


class _Rows:
    """The mapped columns with their cells understood, and which rows can be taken."""

    def __init__(self, sheet: Sheet, mapping: Mapping, places: dict[str, int], today: datetime.date) -> None:
        self.sheet = sheet
        self.columns = []
        for meant in mapping.columns:
            if meant.target != "ignore":
                column = sheet.columns[places[meant.header]]
                understood = understand(column, meant, mapping, today)
                meant = replace(meant, unit=understood.unit) if understood.unit else meant
                self.columns.append((meant, column, understood))
        self.reasons: dict[int, list[str]] = {}
        for meant, column, understood in self.columns:
            if wrong := understood.wrong:
                for row, code in enumerate(column.codes):
                    if code in wrong:
                        self.reasons.setdefault(row, []).append(f"{meant.header}: {wrong[code]}.")
        self._choose()

    def _choose(self) -> None:
        self.accepted = self.sheet.rows - len(self.reasons)
        self.mask = bytearray(b"\1" * self.sheet.rows)
        for row in self.reasons:
            self.mask[row] = 0

    def values(self, found: Sequence[Any], codes: Iterable[int]) -> list[Any]:
        """Give, for every accepted row, what its cell was understood as."""
        each = map(found.__getitem__, codes)
        return list(compress(each, self.mask)) if self.reasons else list(each)

    def of(self, target: str) -> list[Any] | None:
        """Give the accepted rows' values of the one column with this target, or None without such a column."""
        for meant, column, understood in self.columns:
            if meant.target == target:
                return self.values(understood.values, column.codes)
        return None

    def times(self) -> list[str | None] | None:
        """Give the accepted rows' times of day, or None when no row has one."""
        for meant, column, understood in self.columns:
            if meant.target == "date" and any(understood.times):
                return self.values(understood.times, column.codes)
        return None

    def about_people(self) -> dict[str, list[Any]]:
        """Give what each accepted row says of its person; ages and dates of birth as the birth year."""
        said = {target: values for target in PEOPLE_TARGETS if (values := self.of(target)) is not None}
        for target in ("birth_date", "age"):
            if (years := said.pop(target, None)) is not None:
                surer = said.get("birth_year", [None] * self.accepted)
                said["birth_year"] = [a if a is not None else b for a, b in zip(surer, years, strict=True)]
        return said

    def texts_about_people(self, dated: bool) -> dict[int, list[str]]:
        """Give, by accepted row, the texts that go into its person's note.

        In a list of people, without dates, there are no contacts: what columns about contacts say goes there too.
        """
        texts = self.odd_texts(PEOPLE_TARGETS)
        if not dated:
            for meant, column, _ in self.columns:
                if meant.target not in PEOPLE_TARGETS:
                    for row, cell in enumerate(self.values(column.values, column.codes)):
                        if cell.strip():
                            texts.setdefault(row, []).append(f"{meant.header}: {cell.strip()}")
        return texts

    def each(self, *targets: str) -> Iterator[tuple[ColumnMapping, list[Any]]]:
        """Give the accepted rows' values of every column with one of these targets (`item:` for all of them)."""
        for meant, column, understood in self.columns:
            if meant.target in targets or ("item:" in targets and meant.target.startswith("item:")):
                yield meant, self.values(understood.values, column.codes)

    def odd_texts(self, targets: Iterable[str]) -> dict[int, list[str]]:
        """Give, by accepted row, the texts of columns with these targets that fitted no field."""
        texts: dict[int, list[str]] = {}
        for meant, column, understood in self.columns:
            if meant.target in targets and understood.left_over:
                get = understood.left_over.get
                for row, text in enumerate(self.values(_all(get, len(understood.values)), column.codes)):
                    if text:
                        texts.setdefault(row, []).append(text)
        return texts

    def reject_nobody(self, of_row: list[int | None]) -> None:
        """Send back the rows of a list of people that name nobody."""
        taken = [row for row, kept in enumerate(self.mask) if kept]
        for row, person in zip(taken, of_row, strict=True):
            if person is None:
                self.reasons[row] = ["The row names nobody: it has neither a number nor a name."]
        self._choose()

    def rejects(self) -> tuple[Reject, ...]:
        """Give the rows that cannot be taken, top to bottom."""
        found = []
        for row in sorted(self.reasons):
            cells = self.sheet.row(row)
            reason = " ".join(self.reasons[row]) if any(map(str.strip, cells)) else "The row is blank."
            found.append(Reject(self.sheet.number(row), reason, cells))
        return tuple(found)


def _contacts(rows: _Rows, people: DraftPeople, mapping: Mapping) -> dict[str, list[Any]]:
    kinds = rows.of("kind") or [None] * rows.accepted
    columns: dict[str, list[Any] | None] = {
        "person": people.of_row,
        "on_date": rows.of("date"),
        "at_time": rows.times(),
        "kind": [kind or mapping.contact_kind for kind in kinds],
        "note": _contact_notes(rows),
    }
    for target in ("adults", "children", "helped", "minutes", "worker", "payer"):
        columns[target] = rows.of(target)
    return {name: values for name, values in columns.items() if values is not None}


def _contact_notes(rows: _Rows) -> list[str | None]:
    texts: list[str | None] = [None] * rows.accepted
    found = rows.odd_texts(("needs", "items", "payer"))
    columns = list(rows.each("note", "referral_note"))
    several = sum(1 for meant, _ in columns if meant.target == "note") > 1
    for meant, values in columns:
        title = f"{meant.header}: " if several or meant.target == "referral_note" else ""
        for row, text in enumerate(values):
            if text:
                found.setdefault(row, []).append(title + text)
    for row, parts in found.items():
        texts[row] = "; ".join(parts)
    return texts


def _help(rows: _Rows) -> tuple[dict[str, list[Any]], list[tuple[int, str]]]:
    """Give what was given and needed; help named in words is not said twice where a quantity says it."""
    given: dict[str, list[Any]] = {name: [] for name in ("contact", "item", "quantity", "unit", "pence")}
    counted: dict[str, list[list[Any]]] = {}

    def add(contacts: list[int], item: str, quantities: list[Any], unit: str | None, pence: list[Any]) -> None:
        nothing = [None] * len(contacts)
        given["contact"] += contacts
        given["item"] += [item] * len(contacts)
        given["quantity"] += quantities or nothing
        given["unit"] += [unit] * len(contacts)
        given["pence"] += pence or nothing

    for meant, values in rows.each("item:", "money"):
        item = MONEY if meant.target == "money" else meant.target[5:]
        counted.setdefault(item, []).append(values)
        contacts = [row for row, amount in enumerate(values) if amount]
        amounts = [amount for amount in values if amount]
        if meant.target == "money":
            add(contacts, item, [], None, amounts)
        else:
            add(contacts, item, amounts, meant.unit, [])
    named: dict[str, dict[int, None]] = {}
    for _, values in rows.each("needs", "items"):
        for row, codes in enumerate(values):
            for code in codes or ():
                named.setdefault(code, {})[row] = None
    needs: list[tuple[int, str]] = []
    for code, contacts_of in named.items():
        if code.startswith("need:"):
            needs += [(row, code[5:]) for row in contacts_of]
        else:
            columns = counted.get(code[5:], ())
            add(
                [row for row in contacts_of if not any(values[row] for values in columns)],
                code[5:],
                [],
                None,
                [],
            )
    # by contact, as they are looked up: what belongs together is then stored together
    order = sorted(range(len(given["contact"])), key=given["contact"].__getitem__)
    return {name: [values[place] for place in order] for name, values in given.items()}, sorted(needs)


def _all(get: Any, count: int) -> list[Any]:
    return [get(code) for code in range(count)]


def _notes(sheet: Sheet, mapping: Mapping, people: DraftPeople) -> Iterator[str]:
    yield from sheet.notes
    mapped = {" ".join(column.header.casefold().split()) for column in mapping.columns}
    if extra := [title for title in sheet.header if title.casefold() not in mapped]:
        yield f"Columns the mapping does not speak of were left out: {', '.join(extra)}."
    for field, count in people.differing.items():
        which = "the earliest birth year" if field == "birth_year" else "the last one"
        people_have = counted(count, "person has", "people have")
        yield f"{people_have} more than one {FIELD_WORDS[field]} in the file; {which} was kept."
    nobody = sum(1 for person in people.of_row if person is None)
    if nobody:
        yield f"{counted(nobody, 'row names', 'rows name')} nobody: the help is counted, and no person is."


def _check_answers(mapping: Mapping) -> None:
    targets = {column.target for column in mapping.columns}
    dated = targets & {"date", "birth_date"}
    if dated and mapping.date_order is None:
        raise _unanswered(
            "The dates can be read day first (UK) or month first (US), and the file does not tell which. "
            "Say which it is."
        )
    if "age" in targets and mapping.reference_date is None:
        raise _unanswered("The list has ages, and an age is of one day. Say on which day they were right.")
    if not targets & (PEOPLE_TARGETS | {"date"}):
        raise CisError(
            "nothing_to_import",
            "Nothing in this list is understood",
            "No column is read as a date or as anything about a person, so nothing was imported. "
            "Choose the right sheet, or say which columns hold what.",
        )


def _unanswered(why: str) -> CisError:
    return CisError("needs_answer", "One thing must be said first", f"{why} Nothing was imported.")
