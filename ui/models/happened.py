"""What happened, as rows of a list: the day, what it was, and what there is to say about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication

from cis_desktop import words
from cis_desktop.records.labels import Codes
from cis_desktop.records.timeline import Event
from ui.models.rows import Rows


def tr(text: str) -> str:
    """Translate the words of the list."""
    return QCoreApplication.translate("happened", text)


class Happened(Rows):
    """Events, latest first. `codes` gives the codes as they are now."""

    def __init__(
        self, codes: Callable[[], Codes], more: Callable[[Event | None, int], Sequence[Event]] | None = None
    ) -> None:
        self._codes = codes
        super().__init__(
            [
                (tr("Date"), lambda each: words.when(each.on)),
                (tr("What"), self.what),
                (tr("More about it"), lambda each: " · ".join(" ".join(part.split()) for part in self.told(each))),
            ],
            more,
        )

    def what(self, event: Event) -> str:
        """Say in a few words what it was."""
        if event.visit is not None:
            return self._codes().label("contact_kind", event.visit.kind) or tr("Visit")
        said = {
            "opened": tr("Case %1 opened"),
            "closed": tr("Case %1 closed"),
            "review": tr("Case %1: look at it again"),
            "noticed": tr("Noticed"),
        }[event.kind]
        return said.replace("%1", event.case.reference if event.case else "")

    def told(self, event: Event) -> list[str]:
        """Give what there is to say about it, in parts."""
        codes = self._codes()
        if event.visit is not None:
            visit = event.visit
            parts = [codes.all_given(visit.given), codes.needs(visit.needs), visit.worker, visit.note]
        elif event.noticed is not None:
            parts = [event.noticed.words]
        elif event.kind == "opened" and event.case is not None:
            parts = [codes.label("how_came", event.case.how_came), event.case.note]
        else:
            parts = []
        return [part for part in parts if part]

    def whole(self, event: Event) -> str:
        """Say all of it, in lines."""
        return "\n".join([words.when(event.on), self.what(event), *self.told(event)])
