"""Is there room on the disk? Asked before anything large is written, so that a full disk is noticed in time."""

from __future__ import annotations

import shutil
from pathlib import Path

from cis_desktop import words
from cis_desktop.errors import CisError


def refuse_little_room(folder: Path, needed: int) -> None:
    """Refuse to begin where fewer than `needed` bytes are free. Raises CisError `little_room`."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(there).free
    if free < needed:
        raise CisError(
            "little_room",
            "There is too little room on the disk",
            f"This needs {words.file_size(needed)} and {words.file_size(free)} are free, so it was not begun and "
            "nothing was changed. Make some room on the disk and do it again, or choose another disk.",
        )
