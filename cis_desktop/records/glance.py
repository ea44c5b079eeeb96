"""What the person at the desk needs to see before the next visit is added."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from cis_desktop import words
from cis_desktop.records import contacts, people
from cis_desktop.vault.tables import Connection


@dataclass(frozen=True, slots=True)
class Glance:
    """Facts about one person at the desk; texts are empty where nothing was written down."""

    person_id: int
    reference: str
    name: str
    visits: int
    """Contacts in the six months before today, and today's."""
    last_visit: contacts.Contact | None
    diet: str
    allergies: str
    cooking: str
    delivery: str
    collectors: str
    adults: int | None
    children: int | None
    language: str
    interpreter: bool
    safe_contact: str
    note: str
    """What was noted about the person and about the household."""

    @property
    def next_visit(self) -> str:
        """Say which visit the next one will be: `4th visit in six months`."""
        return f"{ordinal(self.visits + 1)} visit in six months"

    @property
    def last_seen(self) -> str:
        """Say when the last visit was: `last here 3 Nov 2026`, or `not here before`."""
        return f"last here {words.day(self.last_visit.on_date)}" if self.last_visit else "not here before"


def at_a_glance(connection: Connection, person_id: int, today: date) -> Glance:
    """Read what the desk shows of one person. Raises CisError `not_found`."""
    person = people.get(connection, person_id)
    (visits,) = connection.execute(
        "select count(*) from contacts where person_id = ? and gone = 0 and on_date > ? and on_date <= ?",
        (person_id, six_months_before(today).isoformat(), today.isoformat()),
    ).fetchone()
    home = (
        connection.execute(
            "select diet, allergies, cooking, delivery, collectors, adults, children, note from households"
            " where id = ? and gone = 0",
            (person.household_id,),
        ).fetchone()
        or (None,) * 8
    )
    latest = contacts.of_person(connection, person_id, limit=1)
    return Glance(
        person_id=person.id,
        reference=person.reference,
        name=person.label,
        visits=visits,
        last_visit=latest[0] if latest else None,
        diet=home[0] or "",
        allergies=home[1] or "",
        cooking=home[2] or "",
        delivery=home[3] or "",
        collectors=home[4] or "",
        adults=home[5],
        children=home[6],
        language=person.language or "",
        interpreter=bool(person.interpreter),
        safe_contact=person.safe_contact or "",
        note="\n".join(note for note in (person.note, home[7]) if note),
    )


def six_months_before(today: date) -> date:
    """Give the same day six months earlier, or the last day of that month."""
    year, month = (today.year, today.month - 6) if today.month > 6 else (today.year - 1, today.month + 6)
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def ordinal(number: int) -> str:
    """Write a place in a row: `1st`, `2nd`, `13th`, `22nd`."""
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
