"""What a Linux computer tells on D-Bus: that it goes to sleep, and that its screen is locked.

Two connections to sockets of the computer itself, made on another thread and then read when the window's event loop
says that something has come. Where there is no bus, nothing is heard, and nobody is told.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSocketNotifier, Signal

from ui.jobs import Job, Jobs

if TYPE_CHECKING:
    from jeepney import Message

LOGIND = "org.freedesktop.login1"
MANAGER = f"{LOGIND}.Manager"
SESSION = f"{LOGIND}.Session"
PATIENCE = 1.0
"""Seconds that a bus has to let us in."""

SYSTEM_RULES = (
    f"type='signal',sender='{LOGIND}',interface='{MANAGER}',member='PrepareForSleep'",
    # Of any session: our own has no name that is sure, and locking once too often loses nothing.
    f"type='signal',sender='{LOGIND}',interface='{SESSION}',member='Lock'",
)
SESSION_RULES = ("type='signal',member='ActiveChanged'",)
"""Each desktop has a screen saver of its own name, with this one signal."""


class Bus(QObject):
    """Tells what the computer tells, once `begin` was called."""

    sleeping = Signal()
    """The computer goes to sleep as soon as `let_sleep` is called, or a few seconds from now."""
    screen_locked = Signal()
    """The screen was locked."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._connections: list[Any] = []
        self._system: Any = None
        self._asked = -1
        self._delay = -1
        """The file that, while it is open, lets the computer wait with going to sleep."""

    def begin(self) -> None:
        """Listen from now on; where there is no bus, never."""

        def work(_: Job) -> tuple[Any, Any]:
            return _listen("SYSTEM", SYSTEM_RULES), _listen("SESSION", SESSION_RULES)

        def done(found: tuple[Any, Any]) -> None:
            self._system = found[0]
            for connection in found:
                if connection is not None:
                    self._follow(connection)
            self._ask_for_delay()

        self._jobs.start(self, self.tr("Listening for the screen’s lock"), work, done, _nothing, can_stop=False)

    def end(self) -> None:
        """Listen no longer."""
        self.let_sleep()
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._system = None

    def let_sleep(self) -> None:
        """Say that the computer need not wait for us any longer."""
        if self._delay >= 0:
            os.close(self._delay)
            self._delay = -1

    def listens(self) -> bool:
        """Say whether the computer has agreed to wait before it sleeps."""
        return self._delay >= 0

    def _follow(self, connection: Any) -> None:
        self._connections.append(connection)
        notifier = QSocketNotifier(connection.sock.fileno(), QSocketNotifier.Type.Read, self)

        def come() -> None:
            try:
                while True:
                    self._hear(connection, connection.receive(timeout=0))
            except TimeoutError:
                # All that has come is heard.
                return
            except OSError:
                # The bus has gone, as it does when somebody logs out.
                notifier.setEnabled(False)

        notifier.activated.connect(come)
        # What came between two answers was read with them.
        come()

    def _hear(self, connection: Any, message: Message) -> None:
        from jeepney import HeaderFields

        fields = message.header.fields
        if connection is self._system and fields.get(HeaderFields.reply_serial) == self._asked:
            self._take_delay(message)
            return
        interface, member = (fields.get(HeaderFields.interface, ""), fields.get(HeaderFields.member))
        yes = bool(message.body and message.body[0] is True)
        if (interface, member) == (MANAGER, "PrepareForSleep"):
            if yes:
                self.sleeping.emit()
            else:
                self._ask_for_delay()
            return
        saver = interface.endswith("ScreenSaver") and member == "ActiveChanged" and yes
        if saver or (interface, member) == (SESSION, "Lock"):
            self.screen_locked.emit()

    def _ask_for_delay(self) -> None:
        if self._system is None or self._delay >= 0:
            return
        from jeepney import DBusAddress, new_method_call

        manager = DBusAddress("/org/freedesktop/login1", LOGIND, MANAGER)
        why = ("sleep", "Community Insights", self.tr("To keep what is half written"), "delay")
        self._asked = next(self._system.outgoing_serial)
        try:
            self._system.send(new_method_call(manager, "Inhibit", "ssss", why), serial=self._asked)
        except OSError:
            self._asked = -1

    def _take_delay(self, message: Message) -> None:
        from jeepney import MessageType

        if message.header.message_type is MessageType.method_return:
            self.let_sleep()
            self._delay = message.body[0].to_raw_fd()


def _listen(bus: str, rules: Sequence[str]) -> Any:
    """Connect to a bus and ask for signals; None where there is none, or it lets nobody in."""
    try:
        from jeepney import DBusErrorResponse
        from jeepney.bus_messages import message_bus
        from jeepney.io.blocking import open_dbus_connection
    except ImportError:
        return None
    try:
        connection = open_dbus_connection(bus, enable_fds=True, auth_timeout=PATIENCE)
    except (OSError, KeyError, ValueError, RuntimeError, DBusErrorResponse, StopIteration):
        return None
    try:
        for rule in rules:
            # No answer is waited for: a rule that is refused is one signal less.
            connection.send(message_bus.AddMatch(rule))
    except OSError:
        connection.close()
        return None
    return connection


def _nothing(_: Exception) -> None:
    """Where nothing can be heard, the clock of `ui/idle.py` is what is left."""
