"""The rows a dimension has, and which of them each written value belongs to."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from cis_desktop.agreements import counting
from cis_desktop.agreements.model import Area
from cis_desktop.agreements.model import Dimension as Asked
from cis_desktop.agreements.naming import (
    NOT_ASKED,
    OTHER_AGES,
    OTHERS,
    PREFER_NOT,
    UNKNOWN,
    UNSPECIFIED,
    band,
    listed,
    standings,
)  # fmt: skip
from cis_desktop.disclosure.tables import Category, Dimension
from cis_desktop.figures.periods import Period, part_of
from cis_desktop.records.code_lists import Code
from cis_desktop.vault.tables import Connection

LABELS = {
    "ward": "Ward",
    "age_band": "Age",
    "adult_child": "Adults and children",
    "standing": "New or returning",
    "tenure": "Tenure",
    "month": "Month",
    "contact_kind": "Kind of contact",
    "need": "Need",
    "item": "What was given",
    "theme": "Theme",
    "ethnic_group": "Ethnic group",
    "sex": "Sex",
    "gender": "Gender",
    "disability": "Disability",
}

GSS = re.compile(r"[EWSN]\d{8}")
"""A code of the Government Statistical Service."""


@dataclass(slots=True)
class Breakdown:
    """A dimension of one table, and how its values are told apart in SQL.

    A value is a whole number: its place in `categories`. `codes` leads from written text (folded) to a place, and
    `otherwise` is the place of text that leads nowhere. `bands` are (first birth year, last birth year, place).
    """

    by: str
    label: str
    categories: list[Category] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    otherwise: int = 0
    bands: list[tuple[int, int, int]] = field(default_factory=list)
    new_after_months: int | None = None

    def add(self, key: str, label: str, parent: str | None = None, rest: bool = False) -> int:
        """Add a row and give its place."""
        self.categories.append(Category(key, label, parent, rest))
        return len(self.categories) - 1

    def place(self, key: str) -> int:
        """Give the place of a row by its key, -1 when there is none."""
        return next((at for at, category in enumerate(self.categories) if category.key == key), -1)

    def parents(self) -> list[tuple[int, int]]:
        """Give (place, place of the broader row) for the rows that have one."""
        return [(at, self.place(c.parent)) for at, c in enumerate(self.categories) if c.parent]

    def place_of(self, slot: int, text: str, blank: bool = True) -> str:
        """Write the SQL of the place of a text: its own, or that of text that leads nowhere.

        No text has a place too, unless `blank` is false: then it leads nowhere.
        """
        plain = f"lower(trim(coalesce({text}, '')))" if blank else f"nullif(lower(trim({text})), '')"
        found = f"select m.code from figure_codes m where m.slot = {slot} and m.raw = {plain}"
        return f"coalesce(({found}), {self.otherwise})"

    def dimension(self, measure: str) -> Dimension:
        """Give what is public of it."""
        return Dimension(
            self.by,
            self.label,
            tuple(self.categories),
            "area" if self.by == "ward" else "period" if self.by == "month" else "category",
            counting.adds_up(measure, self.by),
        )


def breakdown(connection: Connection, asked: Asked, measure: str, area: Area, period: Period) -> Breakdown:
    """Work out the rows of a dimension: the same whatever the figures are, apart from wards nobody listed."""
    found = Breakdown(asked.by, asked.label or LABELS[asked.by], new_after_months=asked.new_after_months)
    if asked.by == "ward":
        _wards(connection, found, area)
    elif asked.by == "age_band":
        _ages(found, asked, period)
    elif asked.by == "adult_child":
        _adult_child(found, measure, period)
    elif asked.by == "standing":
        for key, label in zip(standings(asked), ("New", "Returning"), strict=True):
            found.add(key, label)
        found.otherwise = found.add(UNKNOWN, "Not known")
    elif asked.by == "month":
        for month in period.months():
            days = part_of(period, month)
            found.codes[month] = found.add(days.key, days.label)
    else:
        _listed(connection, found, asked, measure)
    return found


def fold(text: str) -> str:
    """Write a value the way it is compared: lower case (of A to Z, as SQL does it), without blanks around it."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text.strip())


def _wards(connection: Connection, found: Breakdown, area: Area) -> None:
    known = connection.execute("select code, name from areas where kind = 'ward' and gone = 0 order by name, code")
    names: dict[str, str] = dict(known.fetchall())
    if area.wards:
        # One ward is one figure in every agreement, whether it is listed by its code or by its name.
        given = {ward.code for ward in area.wards}
        codes = {fold(name): code for code, name in names.items() if code not in given}
        listed_wards = [(codes.pop(fold(ward.code), ward.code), ward.label) for ward in area.wards]
    else:
        written = _written_wards(connection)
        by_name = {fold(name): code for code, name in names.items()}
        spelled: dict[str, str] = {}
        for ward in written:
            key = ward.strip().upper() if GSS.fullmatch(ward.strip().upper()) else fold(ward)
            spelled.setdefault(by_name.get(fold(ward), key), ward)
        named = [(key, names.get(key, ward.strip())) for key, ward in spelled.items()]
        listed_wards = sorted(named, key=lambda ward: ward[1])
    for code, label in listed_wards:
        at = found.add(code, label)
        for text in (code, label, names.get(code, label)):
            found.codes.setdefault(fold(text), at)
    if area.wards:
        found.otherwise = found.add(
            "elsewhere_" + _digest(*sorted(c.key for c in found.categories)), "Elsewhere", rest=True
        )
    found.codes[""] = found.add(UNKNOWN, "Not known")
    if not area.wards:
        found.otherwise = found.codes[""]


def _written_wards(connection: Connection) -> list[str]:
    return [
        row[0]
        for row in connection.execute(
            "select ward from people where gone = 0 and ward is not null"
            " union select ward from households where gone = 0 and ward is not null"
            " union select ward from sessions where gone = 0 and ward is not null"
            " union select ward from observations where gone = 0 and ward is not null order by 1"
        )
        if row[0].strip()
    ]


def _ages(found: Breakdown, asked: Asked, period: Period) -> None:
    year, reached, gap = period.last.year, 0, False
    for group in asked.groups:
        low = group.from_age or 0
        oldest = group.to_age if group.to_age is not None else 1000
        found.bands.append((year - oldest, year - low, found.add(band(group), group.label)))
        gap = gap or low != reached
        reached = oldest + 1
    if gap or reached < 1000:
        at = found.add(f"{OTHER_AGES}_{_digest(*(category.key for category in found.categories))}", "Other ages")
        found.bands.append((year - 1000, year, at))
    found.otherwise = found.add(UNKNOWN, "Not known")


def _adult_child(found: Breakdown, measure: str, period: Period) -> None:
    adult, child = found.add("adult", "Adults"), found.add("child", "Children")
    year = period.last.year
    found.bands = [(year - 1000, year - 18, adult), (year - 17, year, child)]
    if measure != "head_count":
        found.otherwise = found.add(UNKNOWN, "Not known")


def _listed(connection: Connection, found: Breakdown, asked: Asked, measure: str) -> None:
    code_list = listed(asked)
    if code_list is None:
        raise LookupError(f"no code list for {asked.by}: the agreement was not checked")
    codes = code_list.codes
    if asked.groups:
        for group in asked.groups:
            key = group.key or ""
            # A key that is not itself a code means something only with what it includes.
            at = found.add(key if group.includes == (key,) else f"{key}_{_digest(*group.includes)}", group.label)
            found.codes.update(dict.fromkeys(group.includes, at))
        others = found.add(f"{OTHERS}_{_digest(*sorted(found.codes))}", "All others")
        found.codes.update({code.key: others for code in codes if code.key not in found.codes})
    elif asked.broad:
        found.codes = {code.key: found.add(code.key, code.label) for code in codes if code.broader is None}
        found.codes.update({code.key: found.codes[code.broader] for code in codes if code.broader})
    else:
        _all_codes(found, codes)
    for code in codes:
        found.codes.setdefault(fold(code.label), found.codes[code.key])
    _local(connection, found, code_list.name)
    for local, key in asked.crosswalk.items():
        found.codes[fold(local)] = found.codes[key]
    _not_answered(found, asked, measure)


def _all_codes(found: Breakdown, codes: tuple[Code, ...]) -> None:
    broad = {code.broader for code in codes if code.broader}
    for code in codes:
        at = found.add(code.key, code.label, code.broader)
        if code.key in broad:
            at = found.add(f"{code.key}_{UNSPECIFIED}", f"{code.label}: not said which", code.key)
        found.codes[code.key] = at


def _local(connection: Connection, found: Breakdown, name: str) -> None:
    """Count a group's own codes and themes under the broader code they name."""
    own = connection.execute(
        "select c.key, c.label, c.broader from codes c join code_lists l on l.id = c.list_id"
        " where l.name = ? and c.gone = 0 and l.gone = 0"
        " union select key, label, broader from themes where ? = 'theme' and gone = 0 order by 1",
        (name, name),
    ).fetchall()
    for key, label, broader in own:
        at = found.codes.get(fold(key), found.codes.get(broader or ""))
        if at is not None:
            found.codes.setdefault(fold(key), at)
            found.codes.setdefault(fold(label), at)


def _not_answered(found: Breakdown, asked: Asked, measure: str) -> None:
    if asked.by in counting.TRAITS:
        found.otherwise = found.add(UNKNOWN, "Not known")
        found.add(PREFER_NOT, "Prefer not to say")
        found.codes[""] = found.add(NOT_ASKED, "Not asked")
        return
    if asked.groups:
        found.otherwise = found.codes.get("other", len(found.categories) - 1)
    elif "other" in found.codes:
        found.otherwise = found.codes["other"]
    else:
        found.otherwise = found.add(f"{OTHERS}_{_digest(*sorted(c.key for c in found.categories))}", "All others")
    counted_one_by_one = measure == "needs" or counting.MEASURES[measure].source == "given"
    if asked.by in ("need", "item") and counted_one_by_one:
        found.codes[""] = found.otherwise
        return
    label = "Not written down" if asked.by in ("need", "item") else "None" if asked.by == "theme" else "Not known"
    found.codes[""] = found.add(UNKNOWN, label)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:6]
