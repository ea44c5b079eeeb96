"""What a screen reader is told: the tree of controls, the focus and the announcements on the accessibility bus."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, MatchRule, MessageType, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

ACCESSIBLE = "org.a11y.atspi.Accessible"
REGISTRY = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
EVENTS = "org.a11y.atspi.Event.Object"
# Of the list in the specification of AT-SPI, by their numbers.
STATES = {1: "active", 4: "checked", 8: "enabled", 11: "focusable", 12: "focused", 25: "showing", 30: "visible"}
LABELLED_BY = 2

Place = tuple[str, str]
"""Where a control is on the bus: who shows it, and its path there."""


class Gone(Exception):
    """A control that was there a moment ago is not there any more."""


@dataclass(frozen=True, slots=True)
class Control:
    """One thing of the tree, as it was when it was looked at."""

    place: Place
    role: str
    name: str
    description: str
    states: frozenset[str]
    above: tuple[str, ...]
    """The roles of what it is in, the outermost first."""


class Bus:
    """A listener on the accessibility bus of one session."""

    def __init__(self, session: str) -> None:
        with open_dbus_connection(session) as asking:
            where = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            address = asking.send_and_get_reply(new_method_call(where, "GetAddress"), timeout=20).body[0]
        self._connection: DBusConnection = open_dbus_connection(address)
        self.events: deque[Any] = deque()
        rule = MatchRule(type="signal", interface=EVENTS)
        self._connection.send_and_get_reply(message_bus.AddMatch(rule))
        self._filter = self._connection.filter(rule, queue=self.events)
        self._filter.__enter__()
        registry = (REGISTRY[0], "/org/a11y/atspi/registry")
        for event in ("object:state-changed:focused", "object:announcement", "object:text-changed"):
            # Without a listener, the app tells nothing: that is what the registry is for.
            self._register(registry, event)

    def _register(self, registry: Place, event: str) -> None:
        for again in range(20):
            try:
                self._call(registry, "org.a11y.atspi.Registry", "RegisterEvent", "sass", event, [], "")
                return
            except Gone:
                # Started by the first call, it ends where the screen is not ready yet; the next call starts it anew.
                if again == 19:
                    raise
                time.sleep(0.25)

    def close(self) -> None:
        """Listen no more."""
        self._filter.__exit__(None, None, None)
        self._connection.close()

    def _call(self, place: Place, interface: str, member: str, signature: str | None = None, *body: Any) -> Any:
        asked = new_method_call(DBusAddress(place[1], place[0], interface), member, signature, body)
        reply = self._connection.send_and_get_reply(asked, timeout=30)
        if reply.header.message_type == MessageType.error:
            raise Gone(member, place, reply.body)
        return reply.body[0] if reply.body else None

    def _property(self, place: Place, interface: str, name: str) -> Any:
        return self._call(place, "org.freedesktop.DBus.Properties", "Get", "ss", interface, name)[1]

    def apps(self) -> list[Place]:
        """Give the applications that are on the bus."""
        return [tuple(each) for each in self._call(REGISTRY, ACCESSIBLE, "GetChildren")]

    def look(self, place: Place, above: tuple[str, ...] = ()) -> Control:
        """Give one control as it is now."""
        low, high = self._call(place, ACCESSIBLE, "GetState")
        bits = low | high << 32
        return Control(
            place,
            self._call(place, ACCESSIBLE, "GetRoleName"),
            self._property(place, ACCESSIBLE, "Name"),
            self._property(place, ACCESSIBLE, "Description"),
            frozenset(name for at, name in STATES.items() if bits >> at & 1),
            above,
        )

    def tree(self, place: Place, above: tuple[str, ...] = ()) -> Iterator[Control]:
        """Yield what is shown, and what is in it; what goes while it is looked at is left out."""
        try:
            found = self.look(place, above)
            if above and "showing" not in found.states:
                return
            inside = self._call(place, ACCESSIBLE, "GetChildren") if found.role != "table" else ()
        except Gone:
            return
        yield found
        for child in inside:
            yield from self.tree(tuple(child), (*above, found.role))

    def label_of(self, control: Control) -> str:
        """Give the words of the label that names a control, or nothing."""
        for relation, others in self._call(control.place, ACCESSIBLE, "GetRelationSet"):
            if relation == LABELLED_BY:
                return str(self._property(tuple(others[0]), ACCESSIBLE, "Name"))
        return ""

    def text_of(self, control: Control) -> str:
        """Give what is written in a field; a passphrase comes as dots."""
        return str(self._call(control.place, "org.a11y.atspi.Text", "GetText", "ii", 0, -1))

    def letter_of(self, control: Control) -> str:
        """Give the underlined letter's keys, such as `Alt+U`, as the bus tells them."""
        return str(self._call(control.place, "org.a11y.atspi.Action", "GetKeyBinding", "i", 0))

    def cells_of(self, control: Control) -> list[list[str]]:
        """Give a table's cells: the headings of its columns, then its rows."""
        table = "org.a11y.atspi.Table"
        rows, columns = (self._property(control.place, table, f"N{what}") for what in ("Rows", "Columns"))
        heads = [self._call(control.place, table, "GetColumnDescription", "i", at) for at in range(columns)]

        def cell(row: int, column: int) -> str:
            place = tuple(self._call(control.place, table, "GetAccessibleAt", "ii", row, column))
            return str(self._property(place, ACCESSIBLE, "Name"))

        cells = [[cell(row, at) for at in range(columns)] for row in range(min(rows, 200))]
        return [heads, *cells]

    def heard(self) -> None:
        """Take in what has been told since."""
        while True:
            try:
                self._connection.recv_messages(timeout=0.01)
            except TimeoutError:
                return

    def announced(self) -> list[str]:
        """Give every announcement so far: saved, refused, how strong."""
        self.heard()
        return [str(each.body[3][1]) for each in self.events if each.header.fields.get(3) == "Announcement"]

    def focused(self) -> list[Place]:
        """Give what got the focus, in order, as the events told."""
        self.heard()
        return [
            (each.header.fields[7], each.header.fields[1])
            for each in self.events
            if each.header.fields.get(3) == "StateChanged" and each.body[0] == "focused" and each.body[1] == 1
        ]
