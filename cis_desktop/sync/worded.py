"""What a record, its fields and their values are called: in words, as the rest of the app shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cis_desktop import words
from cis_desktop.errors import CisError
from cis_desktop.records import contacts, households, people
from cis_desktop.records.labels import Codes
from cis_desktop.vault.tables import Connection

THINGS = {
    "people": "person", "cases": "case", "contacts": "visit", "given": "what was given", "needs": "need",
    "sessions": "session", "observations": "observation", "organisations": "organisation", "households": "household",
    "described_values": "description", "codes": "entry of a list", "settings": "setting", "laptops": "laptop",
    "agreements": "agreement", "releases": "report", "themes": "theme",
}  # fmt: skip
"""What a row of a table is called."""
_PLACE = {
    "postcode": "postcode", "ward": "ward", "no_fixed_address": "no fixed address",
}  # fmt: skip
FIELDS: Mapping[str, Mapping[str, str]] = {
    "people": {
        "given_name": "first name", "family_name": "family name", "initials": "initials", "birth_year": "year of birth",
        "own_number": "your own number", "second_number": "second number", "household_id": "household", **_PLACE,
        "phone": "phone", "phone_permission": "may be rung", "email": "email", "email_permission": "may be written to",
        "safe_contact": "safe to contact", "language": "language", "interpreter": "needs an interpreter",
        "parent_or_carer": "parent or carer", "note": "note",
    },
    "households": {
        "label": "name of the household", "adults": "adults", "children": "children", "structure": "who lives there",
        "tenure": "home", **_PLACE, "diet": "diet", "allergies": "allergies", "cooking": "cooking",
        "delivery": "delivery", "collectors": "may collect", "note": "note",
    },
    "described_values": {"value": "answer"},
    "cases": {
        "opened": "opened", "closed": "closed", "how_came": "how they came", "referred_by": "referred by",
        "priority": "priority", "status": "standing", "lawful_basis": "lawful basis", "review_on": "look at it again",
        "worker": "who works on it", "note": "note", "person_id": "person", "household_id": "household",
    },
    "sessions": {
        "on_date": "date", "venue": "where", "ward": "ward", "adults": "adults", "children": "children",
        "new_estimate": "new (estimate)", "returning_estimate": "been before (estimate)", "note": "note",
    },
    "contacts": {
        "on_date": "date", "at_time": "time", "kind": "what it was", "adults": "adults", "children": "children",
        "helped": "people helped", "minutes": "minutes", "how": "how", "worker": "who was there",
        "paid_by": "paid by", "note": "note", "person_id": "person", "household_id": "household", "case_id": "case",
        "session_id": "session",
    },
    "given": {"item": "what was given"},
    "needs": {"need": "need", "main": "main need"},
    "observations": {
        "noticed_on": "date", "place": "where", "ward": "ward", "words": "words", "how_known": "how it is known",
        "people_band": "how many people", "direction": "is it changing", "confidence": "how sure",
        "own_reading": "your reading", "original_words": "words in their language", "shareable": "may be shared",
        "checked_by": "checked by", "person_id": "person", "session_id": "session",
    },
    "observation_themes": {"theme_id": "theme", "span_start": "words marked"},
    "themes": {"label": "name", "meaning": "what it means", "broader": "belongs to"},
    "codes": {"label": "name"},
    "organisations": {"name": "name", "kind": "kind", "note": "note"},
    "agreements": {"accepted_by": "accepted by"},
    "releases": {"status": "what became of it"},
    "laptops": {"name": "name"},
    "desk_volunteers": {"name": "name", "pin": "PIN"},
}  # fmt: skip
"""The fields that somebody can choose between. What follows from another, numbers things or is sealed is none."""
GONE = frozenset(FIELDS) - {
    "agreements", "releases", "laptops", "described_values", "observation_themes", "desk_volunteers"
}  # fmt: skip
"""The tables of which a row can be removed by one and worked on by another, for somebody to decide."""
TOGETHER: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "people": (("postcode", "ward", "ward_vintage"),),
    "households": (("postcode", "ward", "ward_vintage"),),
    "described_values": (("value", "status", "list_version", "source", "permission_on"),),
    "given": (("item", "quantity", "unit", "pence", "parcel_days"),),
    "needs": (("need", "list_version"),),
    "cases": (("closed", "status"),),
    "observations": (("checked_by", "checked_on"), ("original_words", "original_language")),
    "observation_themes": (("span_start", "span_end"),),
    "agreements": (("accepted_by", "accepted_on"),),
}
"""Fields that mean something only together: one is chosen with the others. The first gives its name."""
TEXTS = frozenset({"note", "words", "own_reading", "original_words", "meaning"})
SHORT_TEXTS = frozenset({"allergies", "diet", "delivery", "collectors", "cooking", "safe_contact"})
"""Fields in which two texts can both stand: in lines of their own, or one after the other."""
_DAYS = frozenset({"on_date", "noticed_on", "opened", "closed", "review_on"})
_YES = frozenset(
    {"no_fixed_address", "phone_permission", "email_permission", "interpreter", "parent_or_carer", "main", "shareable"}
)
_LISTS = {
    ("contacts", "kind"): "contact_kind", ("needs", "need"): "need", ("cases", "how_came"): "how_came",
    ("households", "tenure"): "tenure",
}  # fmt: skip
_SAID = {
    "saw_it": "We saw it", "told_by_person": "The person told us", "several_people": "Several people said so",
    "partner": "Another organisation told us", "new": "It is new", "worse": "It is getting worse",
    "better": "It is getting better", "same": "It is the same as before", "low": "Not very sure",
    "medium": "Fairly sure", "high": "Very sure",
}  # fmt: skip
_TRAITS = {"carer": "caring for somebody"}
NOTHING = "Nothing"


def field_name(table: str, field: str) -> str:
    """Give what a field is called, of those that nobody chooses between as well."""
    return FIELDS.get(table, {}).get(field, field.removesuffix("_id").replace("_", " "))


class Worded:
    """The words for records and values; make a new one when the lists may have changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._codes = Codes(connection)

    def field(self, table: str, row: int, field: str) -> str:
        """Give what a field is called; of a description, what is described."""
        if table == "described_values":
            (trait,) = self._connection.execute("select trait from described_values where id = ?", (row,)).fetchone()
            return _TRAITS.get(trait, str(trait).replace("_", " "))
        return "removed or kept" if field == "gone" else FIELDS[table][field]

    def value(self, table: str, row: int, values: Mapping[str, Any], target: str | None) -> str:
        """Give a value in words. `values` has those that belong together, the first of which is it."""
        field, value = next(iter(values.items()))
        if table == "described_values":
            return self._described(row, values)
        if table == "given" and value is not None:
            thing = contacts.Given(*(values[name] for name in TOGETHER["given"][0]))
            return self._codes.given(thing)
        if value in (None, ""):
            return NOTHING
        if field == "span_start":
            (seen,) = self._row("observation_id", table, row)
            return f"“{self._row('words', 'observations', seen)[0][value : values['span_end']]}”"
        if target is not None:
            found = self._connection.execute(f"select id from {target} where uid = ?", (value,)).fetchone()
            return self.called(target, int(found[0])) if found else "a record that is not here"
        if field in _DAYS:
            return words.when(value)
        if field in _YES:
            return "Yes" if value else "No"
        if (table, field) in _LISTS:
            return self._codes.label(_LISTS[table, field], value)
        return self._plain(table, field, value, values)

    def _plain(self, table: str, field: str, value: Any, values: Mapping[str, Any]) -> str:
        if field == "ward":
            return self._ward(value)
        if field == "postcode":
            ward = self._ward(values["ward"]) if values["ward"] else None
            return f"{value} ({ward})" if ward not in (None, values["ward"]) else str(value)
        if field in ("checked_by", "accepted_by"):
            on = values.get(field.replace("_by", "_on"))
            return f"{value}, {words.day(on)}" if on else str(value)
        if field == "pin":
            return "A PIN"
        if table == "observations" and field in ("how_known", "direction", "confidence"):
            return _SAID.get(value, str(value))
        if field in ("status", "priority", "structure", "how"):
            return str(value).replace("_", " ").replace("-", " ")
        return words.number(value) if isinstance(value, int) and field != "birth_year" else str(value)

    def _described(self, row: int, values: Mapping[str, Any]) -> str:
        if values["status"] != "answered":
            return "Preferred not to say" if values["status"] == "prefer_not" else "Not asked"
        (trait,) = self._connection.execute("select trait from described_values where id = ?", (row,)).fetchone()
        return self._codes.label(trait, values["value"])

    def _ward(self, code: str) -> str:
        found = self._connection.execute(
            "select name from areas where code = ? and gone = 0 order by vintage desc, id limit 1", (code,)
        ).fetchone()
        return str(found[0]) if found else code

    # --- records --------------------------------------------------------------------------------------------

    def about(self, table: str, row: int) -> tuple[str, tuple[str, int] | None]:
        """Say which record it is, and give what can be opened to see it: its kind and id; None where nothing can."""
        naming: Callable[[int], tuple[str, tuple[str, int] | None]] | None = {
            "contacts": self._visit, "given": self._given, "needs": self._need, "described_values": self._description,
            "observation_themes": self._theme_on,
        }.get(table)  # fmt: skip
        if naming is not None:
            return naming(row)
        kind = {"people": "person", "households": "household", "cases": "case", "sessions": "session",
                "observations": "observation"}.get(table)  # fmt: skip
        opens = (kind, row) if kind and self._there(table, row) else None
        if table == "cases":
            person, household = self._row("person_id, household_id", table, row)
            opens = opens or self._whose(person, household)[1]
        return self.called(table, row), opens

    def called(self, table: str, row: int) -> str:
        """Name a record, also of one that was removed: that is often what the two do not agree about."""
        if table == "people":
            given, family, initials, reference = self._row("given_name, family_name, initials, reference", table, row)
            label = people.label(given, family, initials, reference)
            return label if label == reference else f"{label} ({reference})"
        if table == "households":
            try:
                name = households.called(self._connection, households.get(self._connection, row))
            except CisError:
                label, reference = self._row("label, reference", table, row)
                name = label or reference
            return name if "household" in name.casefold() else f"household of {name}"
        if table == "cases":
            reference, person, household = self._row("reference, person_id, household_id", table, row)
            whose = self._whose(person, household)[0]
            return f"case {reference}" + (f", {whose}" if whose else "")
        if table == "sessions":
            on, venue = self._row("on_date, venue", table, row)
            return f"session on {words.day(on)}" + (f", {venue}" if venue else "")
        if table == "observations":
            on, said = self._row("noticed_on, words", table, row)
            return f"noticed on {words.when(on)}: “{words.shortened(said, 60)}”"
        if table == "codes":
            label, title = self._connection.execute(
                "select c.label, l.title from codes c left join code_lists l on l.id = c.list_id where c.id = ?", (row,)
            ).fetchone()
            return f"“{label}” of the list {title}" if title else f"“{label}”"
        if table == "contacts":
            return self._visit(row)[0]
        column = {"themes": "label", "agreements": "title", "releases": "agreement_title"}.get(table, "name")
        (found,) = self._row(column, table, row)
        kind = {
            "themes": "theme", "organisations": "organisation", "agreements": "agreement", "releases": "report",
            "laptops": "laptop", "desk_volunteers": "volunteer at the desk",
        }.get(table, "")  # fmt: skip
        return f"{kind} “{found}”".strip()

    def _row(self, columns: str, table: str, row: int) -> tuple[Any, ...]:
        found: tuple[Any, ...] = self._connection.execute(
            f"select {columns} from {table} where id = ?", (row,)
        ).fetchone()
        return found

    def _there(self, table: str, row: int) -> bool:
        return not self._row("gone", table, row)[0]

    def _whose(self, person: int | None, household: int | None) -> tuple[str, tuple[str, int] | None]:
        if person is not None:
            return self.called("people", person), ("person", person) if self._there("people", person) else None
        if household is not None:
            there = self._there("households", household)
            return self.called("households", household), ("household", household) if there else None
        return "", None

    def _visit(self, row: int) -> tuple[str, tuple[str, int] | None]:
        on, person, household, case, session = self._row(
            "on_date, person_id, household_id, case_id, session_id", "contacts", row
        )
        whose, opens = self._whose(person, household)
        if opens is None and case is not None and self._there("cases", case):
            opens = "case", case
        if opens is None and session is not None and self._there("sessions", session):
            opens = "session", session
        return f"visit of {whose} on {words.day(on)}" if whose else f"visit on {words.day(on)}", opens

    def _given(self, row: int) -> tuple[str, tuple[str, int] | None]:
        (visit,) = self._row("contact_id", "given", row)
        return self._visit(visit) if visit is not None else (NOTHING, None)

    def _need(self, row: int) -> tuple[str, tuple[str, int] | None]:
        visit, case = self._row("contact_id, case_id", "needs", row)
        if case is not None:
            return self.about("cases", case)
        return self._visit(visit) if visit is not None else (NOTHING, None)

    def _description(self, row: int) -> tuple[str, tuple[str, int] | None]:
        (person,) = self._row("person_id", "described_values", row)
        return self._whose(person, None)

    def _theme_on(self, row: int) -> tuple[str, tuple[str, int] | None]:
        seen, theme = self._row("observation_id, theme_id", "observation_themes", row)
        said, opens = self.about("observations", seen)
        return f"{self.called('themes', theme)} on what was {said}" if theme is not None else said, opens
