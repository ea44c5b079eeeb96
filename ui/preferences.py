"""What this computer remembers about the window: how it looks, and which folder was open last. Nothing personal."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

SIZES = (100, 125, 150, 175, 200)
IDLE_MINUTES = 10
IDLE_CHOICES = (2, 5, 10, 15, 30)


class Preferences:
    """Kept in a small file of its own, outside every workspace; or only for now, if it is not to `remember`."""

    def __init__(self, remember: bool = True) -> None:
        self._remember = remember
        self._kept = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "community-insights", "window")
        self._now: dict[str, str] = {}

    def _value(self, name: str, default: str) -> str:
        return str(self._kept.value(name, default)) if self._remember else self._now.get(name, default)

    def _keep(self, name: str, value: str) -> None:
        if self._remember:
            self._kept.setValue(name, value)
        else:
            self._now[name] = value

    @property
    def remembers(self) -> bool:
        """Say whether this is a window for people, and not one for pictures or a self-test."""
        return self._remember

    @property
    def folder(self) -> Path | None:
        """The workspace that was open last."""
        kept = self._value("folder", "")
        return Path(kept) if kept else None

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._keep("folder", str(folder))

    @property
    def scheme(self) -> str:
        """`system`, `light`, `dark` or `contrast`."""
        return self._value("scheme", "system")

    @scheme.setter
    def scheme(self, scheme: str) -> None:
        self._keep("scheme", scheme)

    @property
    def percent(self) -> int:
        """The size of text, one of `SIZES`."""
        kept = self._value("percent", "100")
        return int(kept) if kept in map(str, SIZES) else 100

    @percent.setter
    def percent(self, percent: int) -> None:
        self._keep("percent", str(percent))

    @property
    def idle(self) -> int:
        """The minutes without use after which the window locks itself, one of `IDLE_CHOICES`."""
        kept = self._value("idle", str(IDLE_MINUTES))
        return int(kept) if kept in map(str, IDLE_CHOICES) else IDLE_MINUTES

    @idle.setter
    def idle(self, minutes: int) -> None:
        self._keep("idle", str(minutes))

    @property
    def hints(self) -> bool:
        """Say whether a place tells in a sentence what it is for, the first time it is seen."""
        return self._remember and self._value("hints", "yes") == "yes"

    @hints.setter
    def hints(self, wanted: bool) -> None:
        self._keep("hints", "yes" if wanted else "no")
        if wanted:
            self._keep("hinted", "")

    def hint_due(self, place: str) -> bool:
        """Say whether the hint of a place is still to be shown on this computer."""
        return self.hints and place not in self._value("hinted", "").split()

    def hinted(self, place: str) -> None:
        """Remember that somebody has read the hint of a place."""
        self._keep("hinted", f"{self._value('hinted', '')} {place}".strip())
