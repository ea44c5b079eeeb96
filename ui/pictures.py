"""Pictures of every place, for whoever has no screen: light, dark and with text at twice its size."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from getpass import getpass
from pathlib import Path

from PySide6.QtCore import QLoggingCategory
from PySide6.QtWidgets import QApplication, QWidget

from cis_desktop.errors import CisError
from ui.preferences import Preferences

SIZE = (1280, 720)
LOOKS = (("light", 100), ("dark", 100), ("light", 200))
PATIENCE = 120.0
"""Seconds that counting may take before its picture is taken as it is."""


def take(folder: Path, out: Path, passphrase_file: str | None) -> int:
    """Open the workspace off the screen, write PNG files into `out`, and give the exit code."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QLoggingCategory.setFilterRules("default.warning=false\nqt.text.font.db=false")
    from cis_desktop.workspace import Workspace

    try:
        with Workspace.open(folder, _passphrase(passphrase_file)) as workspace:
            made = _pictures(workspace, out)
    except CisError as error:
        print(error.sentence, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The pictures were not written: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"{len(made)} pictures of the window are in {out}.")
    return 0


def _passphrase(file: str | None) -> str:
    if file is None:
        return getpass("Passphrase: ")
    text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    return text.partition("\n")[0].rstrip("\r")


def _pictures(workspace: object, out: Path) -> list[Path]:
    from cis_desktop.workspace import Workspace
    from ui.app import make_application
    from ui.window import PLACES, Window

    assert isinstance(workspace, Workspace)
    out.mkdir(parents=True, exist_ok=True)
    application = make_application()
    preferences = Preferences(remember=False)
    made = []
    # Kept until the end: Python could let go of a window on the thread of a job.
    windows = []
    for scheme, percent in LOOKS:
        preferences.scheme, preferences.percent = scheme, percent
        window = Window(preferences, workspace.folder)
        windows.append(window)
        window.dress()
        window.resize(*SIZE)
        window.show()
        look = scheme if percent == 100 else f"{scheme}-{percent}"
        made.append(_picture(application, window, out / f"{look}-unlock.png"))
        window.opened(workspace)
        for place in PLACES:
            window.go(place)
            _until(application, lambda jobs=window.jobs: not jobs.busy())
            made.append(_picture(application, window, out / f"{look}-{place}.png"))
        for name, prepare in _moments(window).items():
            prepare()
            _until(application, lambda jobs=window.jobs: not jobs.busy())
            made.append(_picture(application, window, out / f"{look}-{name}.png"))
        # Hidden and let go of, not closed: closing would lock the record that the next look still needs.
        window.hide()
        window.put_aside()
    return made


def _moments(window: object) -> dict[str, Callable[[], object]]:
    """Give what else to take pictures of: a person, a visit being written, the figures of a report."""
    from cis_desktop.records import people, sessions
    from ui.window import Window

    assert isinstance(window, Window)
    assert window.desk is not None
    connection = window.desk.workspace.read
    seen = people.recently_seen(connection, 1) or people.page(connection, limit=1)
    moments: dict[str, Callable[[], object]] = {}
    if seen:
        moments["person"] = lambda: window.go("people", ("show", seen[0].id))
        moments["visit"] = lambda: window.go("people", ("visit", seen[0].id))

    session = sessions.page(connection, limit=1)
    if session:
        moments["desk"] = lambda: window.go("sessions", ("desk", session[0].id))
    came = connection.execute("select id from briefings where gone = 0 order by id limit 1").fetchone()
    if came:
        moments["briefing"] = lambda: window.go("post", ("show", came[0]))
    moments["themes"] = lambda: window.go("noticed", ("themes", None))
    moments["figures"] = lambda: window.go("reports", ("latest", None))
    moments["reasons"] = lambda: window.go("reports", ("hidden", None))
    return moments


def _picture(application: QApplication, window: QWidget, file: Path) -> Path:
    _until(application, lambda: False, 0.15)
    window.grab().save(str(file))
    return file


def _until(application: QApplication, met: Callable[[], bool], patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not met() and time.monotonic() < end:
        application.processEvents()
        time.sleep(0.005)
