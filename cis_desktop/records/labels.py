"""The words of code lists, for choosing and for showing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cis_desktop import words
from cis_desktop.records import code_lists, contacts, own_lists

if TYPE_CHECKING:
    from cis_desktop.vault.tables import Connection

GRAMS_IN_KG = 1000


class Codes:
    """Labels by key, read once per list; make a new one when the lists may have changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lists: dict[str, tuple[int | None, dict[str, str]]] = {}
        self._former: dict[tuple[str, str], str] = {}

    def _held(self, name: str) -> tuple[int | None, dict[str, str]]:
        if name not in self._lists:
            version, codes = code_lists.held(self._connection, name)
            self._lists[name] = version, {code.key: code.label for code in codes}
        return self._lists[name]

    def version(self, name: str) -> int | None:
        """Give the version that is chosen from."""
        return self._held(name)[0]

    def options(self, name: str) -> list[tuple[str, str]]:
        """Give (key, label) pairs in the order of the list."""
        return list(self._held(name)[1].items())

    def label(self, name: str, key: str | None) -> str:
        """Give the label of a key, also of one that is offered no longer; one that is in no list is shown as words."""
        if not key:
            return ""
        offered = self._held(name)[1].get(key)
        if offered is not None:
            return offered
        if (name, key) not in self._former:
            former = own_lists.label_of(self._connection, name, key)
            self._former[name, key] = former or key.replace("_", " ").capitalize()
        return self._former[name, key]

    def given(self, thing: contacts.Given) -> str:
        """Say what was given: `Emergency food parcel (3 days)`, `Nappies × 2`, `Travel £4.50`, `Food × 12.5 kg`."""
        said = self.label("item", thing.item)
        if thing.unit == "g" and thing.quantity is not None and thing.quantity >= GRAMS_IN_KG:
            return f"{said} × {thing.quantity / GRAMS_IN_KG:,.3f}".rstrip("0").rstrip(".") + " kg"
        counted = thing.unit in (None, "item", "parcel")
        if thing.quantity is not None and not (counted and thing.quantity == 1):
            unit = "" if counted else f" {thing.unit}"
            said += f" × {words.number(thing.quantity)}{unit}"
        if thing.pence is not None:
            said += f" {words.pounds(thing.pence)}"
        if thing.parcel_days:
            said += f" ({words.count(thing.parcel_days, 'day')})"
        return said

    def all_given(self, things: tuple[contacts.Given, ...]) -> str:
        """Say everything that was given in one line."""
        return "; ".join(self.given(thing) for thing in things)

    def needs(self, keys: tuple[str, ...]) -> str:
        """Say the needs in one line."""
        return ", ".join(self.label("need", key) for key in keys)
