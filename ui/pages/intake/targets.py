"""What a column of a spreadsheet can become, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cis_desktop.records.labels import Codes


def tr(text: str) -> str:
    """Translate the words of a target."""
    return QCoreApplication.translate("targets", text)


def targets(codes: Codes) -> list[tuple[str, str]]:
    """Give (target, label) pairs in the order people look for them; `codes` name what can be given."""
    return [
        ("ignore", tr("Leave this column out")),
        ("date", tr("Date of the visit")),
        ("reference", tr("The person’s number")),
        ("second_reference", tr("The person’s other number")),
        ("given_name", tr("First name")),
        ("family_name", tr("Family name")),
        ("birth_year", tr("Year of birth")),
        ("birth_date", tr("Date of birth (the year is kept)")),
        ("age", tr("Age")),
        ("household", tr("Number of the household")),
        ("postcode", tr("Postcode")),
        ("ward", tr("Ward")),
        ("phone", tr("Phone")),
        ("email", tr("Email")),
        ("sex", tr("Sex")),
        ("gender", tr("Gender")),
        ("ethnic_group", tr("Ethnic group")),
        ("kind", tr("Kind of visit")),
        ("worker", tr("Who helped them")),
        ("adults", tr("Number of adults")),
        ("children", tr("Number of children")),
        ("helped", tr("Number of people helped")),
        ("minutes", tr("Minutes it took")),
        ("needs", tr("What they needed")),
        ("items", tr("What was given, in words")),
        *((f"item:{key}", tr("How many or how much: %1").replace("%1", label)) for key, label in codes.options("item")),
        ("money", tr("Money given")),
        ("payer", tr("Who paid")),
        ("note", tr("Note")),
        ("referral_note", tr("Note about where they were sent")),
    ]
