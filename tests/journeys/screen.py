"""The real window on a screen of its own, driven by keys that go to the X server; no mouse, no look inside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from tests.journeys.bus import Bus, Control, Gone, Place

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("Xvfb", "xdotool", "dbus-daemon")
LAUNCHERS = tuple(Path(folder) / "at-spi-bus-launcher" for folder in ("/usr/libexec", "/usr/lib/at-spi2-core"))
SECONDS_A_KEY = 0.3
"""At 40 words a minute, of five letters each."""
ROOM = 60.0
"""Seconds that anything may take on a slow computer."""
INSIDE = {"text": ("spin button", "combo box"), "list item": ("combo box",)}


class Screen:
    """One session: a screen, a bus, a home folder, and the app in it."""

    def __init__(self, home: Path, pictures: Path | None = None) -> None:
        self.home, self.pictures = home, pictures
        self.strokes = 0
        self._ends: list[subprocess.Popen[str]] = []
        self._shots = 0
        self.place: Place | None = None
        for name in ("run", "config/community-insights", "data", "cache"):
            (home / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        self.env = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"} | {
            "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"), "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache"),
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }  # fmt: skip

    def __enter__(self) -> Self:
        self.env["DISPLAY"] = ":" + self._begin(
            "Xvfb", "-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp"
        )
        session = self._begin("dbus-daemon", "--session", "--nofork", "--print-address=1")
        self.env["DBUS_SESSION_BUS_ADDRESS"] = session
        self.bus = Bus(session)
        return self

    def __exit__(self, *_: object) -> None:
        self.bus.close()
        for each in reversed(self._ends):
            each.terminate()
            each.wait(20)

    def _begin(self, *command: str) -> str:
        """Start something that says its address on its first line, and give that."""
        begun = subprocess.Popen(
            command, env=self.env, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )  # fmt: skip
        self._ends.append(begun)
        assert begun.stdout is not None
        return begun.stdout.readline().strip()

    def open(self, *folder: Path, percent: int = 100, scheme: str = "light") -> None:
        """Start the app, as its icon would or on a folder, and give its window the whole screen."""
        looks = self.home / "config" / "community-insights" / "window.ini"
        if not looks.exists():
            looks.write_text(f"[General]\npercent={percent}\nscheme={scheme}\n", encoding="utf-8")
        with (self.home / "app.log").open("a", encoding="utf-8") as log:
            self.app = subprocess.Popen(
                [sys.executable, "-m", "ui", "gui", *map(str, folder)], cwd=ROOT, env=self.env, text=True, stderr=log
            )
        self._ends.append(self.app)
        self.until(lambda: bool(self.bus.apps()))
        self.place = self.bus.apps()[-1]
        self.until(lambda: bool(self.find("Community Insights", "frame")))
        self.window = self._x("search", "--onlyvisible", "--name", "Community Insights").split()[0]
        self._x("windowsize", "--sync", self.window, "1280", "720", "windowfocus", "--sync", self.window)
        self.until(lambda: self.focus() is not None)

    def closed(self) -> int:
        """Wait until the app has ended, and give its exit code; it must not have made a mistake on the way."""
        code = self.app.wait(ROOM)
        log = (self.home / "app.log").read_text(encoding="utf-8")
        assert "Kind: " not in log, log
        assert "Traceback" not in log, log
        return code

    def _x(self, *command: str) -> str:
        return subprocess.run(["xdotool", *command], env=self.env, text=True, capture_output=True, check=True).stdout

    def back(self) -> None:
        """Give the window the keyboard again after a dialog has gone: what a window manager does."""
        self.until(lambda: not self.find("", "dialog") and not self.find("", "file chooser"))
        self._x("windowfocus", "--sync", self.window)

    # --- keys -----------------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Press keys one after another, such as `ctrl+k`; each part of a chord counts as a stroke."""
        for key in keys:
            self._x("key", key)
            self.strokes += len(key.split("+"))

    def write(self, text: str) -> None:
        """Type text where the focus is."""
        self._x("type", "--delay", "8", "--", text)
        self.strokes += len(text)

    def fill(self, name: str, text: str) -> None:
        """Go to a field by its name and write over what is in it."""
        self.to(name)
        self.press("ctrl+a")
        self.write(text)

    def to(self, name: str, role: str = "") -> Control:
        """Give a control the focus by its underlined letter, or by Tab where it has none."""
        if self.at(name, role):
            return self._focused
        wanted = self.see(name, role)
        letter = self._letter(wanted)
        if letter and wanted.role not in ("push button", "check box"):
            self.press(letter)
            self.until(lambda: self.at(name, role))
            return self._focused
        for _ in range(90):
            before = len(self.bus.focused())
            self.press("Tab")
            self.until(lambda before=before: len(self.bus.focused()) > before, 2.0, must=False)
            if self.at(name, role):
                return self._focused
        raise AssertionError(f"Tab never comes to “{name}”")

    def do(self, name: str) -> None:
        """Press a button by its underlined letter, or go to it and press the space bar."""
        letter = self._letter(self.see(name))
        if letter:
            self.press(letter)
        else:
            self.to(name)
            self.press("space")

    def _letter(self, control: Control) -> str:
        try:
            keys = self.bus.letter_of(control)
        except Gone:
            return ""
        return keys.lower() if keys.startswith("Alt+") else ""

    # --- what the bus tells ---------------------------------------------------------------------------------

    def shown(self) -> list[Control]:
        """Give everything that is shown."""
        return list(self.bus.tree(self.place)) if self.place else []

    def find(self, name: str, role: str = "") -> list[Control]:
        """Give what is shown with a name; a choice goes by its label."""
        return [each for each in self.shown() if role in ("", each.role) and self._goes_by(each, name)]

    def _goes_by(self, each: Control, name: str) -> bool:
        if each.role == "label":
            return False
        return each.name == name or (each.role == "combo box" and self.bus.label_of(each) == name)

    def see(self, name: str, role: str = "") -> Control:
        """Wait for a control that is shown, and give it."""
        self.until(lambda: bool(self.find(name, role)), what=f"“{name}”")
        return self.find(name, role)[0]

    def read(self, words: str) -> str:
        """Wait for a label or message with these words, and give all of it."""
        found: list[str] = []

        def there() -> bool:
            texts = [text for each in self.shown() for text in (each.name, each.description)]
            found[:] = [text for text in texts if words in text]
            return bool(found)

        self.until(there, what=f"“{words}” to read")
        return found[0]

    def hear(self, words: str, since: int = 0) -> str:
        """Wait for an announcement with these words, and give all of it."""
        self.until(lambda: any(words in each for each in self.bus.announced()[since:]), what=f"“{words}” to hear")
        return next(each for each in self.bus.announced()[since:] if words in each)

    def focus(self) -> Control | None:
        """Give what has the focus, by the newest event that told so."""
        for place in reversed(self.bus.focused()[-4:]):
            try:
                found = self.bus.look(place)
            except Gone:
                continue
            if "focused" in found.states:
                return found
        return None

    def at(self, name: str, role: str = "") -> bool:
        """Say whether what has the focus goes by a name."""
        found = self.focus()
        if found is None or role not in ("", found.role) or not self._goes_by(found, name):
            return False
        self._focused = found
        return True

    def until(self, met: Callable[[], bool], room: float = ROOM, must: bool = True, what: str = "it") -> None:
        """Wait until something is so."""
        end = time.monotonic() + room
        while time.monotonic() < end:
            if met():
                return
            time.sleep(0.03)
        if must:
            self.picture("missing")
            said = [f"{each.role}: {each.name}" for each in self.shown() if each.name]
            raise AssertionError(f"waited for {what}; the focus is on {self.focus()}; shown: {said}")

    # --- what is left ---------------------------------------------------------------------------------------

    def picture(self, name: str) -> None:
        """Keep a picture of the screen, where pictures are wanted."""
        if self.pictures is not None:
            self._shots += 1
            self.pictures.mkdir(parents=True, exist_ok=True)
            out = self.pictures / f"{self._shots:02d}-{name}.png"
            subprocess.run(["import", "-window", "root", str(out)], env=self.env, check=True)

    def command(self, passphrase: str, *arguments: object) -> dict[str, Any]:
        """Run a command afterwards, and give its answer; without a passphrase it is not about a record."""
        given = [*map(str, arguments), "--json"]
        if passphrase:
            secret = self.home / "secret.txt"
            secret.write_text(passphrase + "\n", encoding="utf-8")
            given += ["--passphrase-file", str(secret)]
        done = subprocess.run(
            [sys.executable, "-m", "ui", *given], cwd=ROOT, env=self.env, text=True, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer
