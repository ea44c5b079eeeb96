"""What this computer remembers about the window: how it looks, and which folder was open last. Nothing personal."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

SIZES = (100, 125, 150, 175, 200)
IDLE_MINUTES = 10


class Preferences:
    """Kept in a small file of its own, outside every workspace."""

    def __init__(self) -> None:
        self._kept = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "community-insights", "window"
        )

    @property
    def folder(self) -> Path | None:
        """The workspace that was open last."""
        kept = str(self._kept.value("folder", ""))
        return Path(kept) if kept else None

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._kept.setValue("folder", str(folder))

    @property
    def scheme(self) -> str:
        """`system`, `light`, `dark` or `contrast`."""
        return str(self._kept.value("scheme", "system"))

    @scheme.setter
    def scheme(self, scheme: str) -> None:
        self._kept.setValue("scheme", scheme)

    @property
    def percent(self) -> int:
        """The size of text, one of `SIZES`."""
        kept = str(self._kept.value("percent", "100"))
        return int(kept) if kept.isdigit() and int(kept) in SIZES else 100

    @percent.setter
    def percent(self, percent: int) -> None:
        self._kept.setValue("percent", percent)
