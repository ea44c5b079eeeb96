"""What was found, in the words of a list."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def kind(key: str) -> str:
    """Say what kind of thing was found; nothing for a kind that has no name."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("found", text)

    return {
        "person": tr("Person"),
        "household": tr("Household"),
        "organisation": tr("Organisation"),
        "case": tr("Case"),
        "session": tr("Session"),
        "observation": tr("Noticed"),
        "contact": tr("Visit"),
        "briefing": tr("Council post"),
        "report": tr("Report"),
        "help": tr("Help"),
        "place": tr("Place"),
    }.get(key, "")
