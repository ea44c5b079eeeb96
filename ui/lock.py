"""The lock from the window's side: whether this computer may open it by itself, and what is due once it is open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from cis_desktop.errors import CisError
from ui.jobs import Job, Jobs

if TYPE_CHECKING:
    from cis_desktop.workspace import Workspace

KEYS = "vault.keys"
MARK = b'"computer"'


def may_open_itself(folder: Path | None) -> bool:
    """Say whether some computer may open the record in `folder` by itself.

    A look that loads nothing of the vault: hardly any may, and every start would wait.
    """
    try:
        return folder is not None and MARK in (folder / KEYS).read_bytes()
    except OSError:
        return False


def look_after(jobs: Jobs, owner: QObject, workspace: Workspace, passphrase: str, say: Callable[[str], object]) -> None:
    """Wrap the keys as strongly as this computer can by now, and let new readers read the concerns, as a job."""

    def work(_: Job) -> None:
        from cis_desktop import concerns, ways_in

        ways_in.strengthen(workspace, passphrase)
        concerns.renew(workspace)

    def failed(error: Exception) -> None:
        if isinstance(error, CisError):
            say(f"{error.title}. {error.sentence}")
        else:
            raise error

    # With what writes: a passphrase changed meanwhile must not be put back.
    words = QCoreApplication.translate("StartPage", "Looking after the lock")
    jobs.start(owner, words, work, lambda _: None, failed, writes=True, can_stop=False)
