"""Pictures of every place and of moments in it: light, dark, in high contrast, and with text at twice its size."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLoggingCategory
from PySide6.QtWidgets import QApplication

from cis_desktop import ledger
from cis_desktop.errors import CisError
from cis_desktop.records import people, sessions
from cis_desktop.sync.place import Looked
from cis_desktop.sync.standing import Standing
from ui.preferences import Preferences

if TYPE_CHECKING:
    from cis_desktop.workspace import Workspace
    from ui.window import Window

SIZE = (1280, 720)
LOOKS = (("light", 100), ("dark", 100), ("contrast", 100), ("light", 200))
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
        first = Window(preferences, None)
        windows.append(first)
        first.dress()
        first.resize(*SIZE)
        first.show()
        made.append(_picture(application, first, out / f"{look}-first-morning.png"))
        first.hide()
        window.opened(workspace)
        for place in PLACES:
            window.go(place)
            made.append(_picture(application, window, out / f"{look}-{place}.png"))
        for name, prepare in _moments(window).items():
            prepare()
            made.append(_picture(application, window, out / f"{look}-{name}.png"))
        # Hidden and let go of, not closed: closing would lock the record that the next look still needs.
        window.hide()
        window.put_aside()
    return made


def _moments(window: Window) -> dict[str, Callable[[], object]]:
    """Give what else to take pictures of, and how to come there; what the record has none of is left out."""
    desk = window.desk
    assert desk is not None
    read = desk.workspace.read

    def one(query: str) -> int | None:
        found = read.execute(query).fetchone()
        return found[0] if found else None

    def part_of_post(at: int) -> None:
        window.go("post", ("show", came))
        _until(QApplication.instance(), lambda: not window.jobs.busy())
        reader = window.page("post").reader
        reader.tabs.setCurrentIndex(at)

    def at_desk() -> None:
        page = window.page("sessions")
        # As if the form were filled in, without writing what it would.
        page.begin_form.begun.emit(session, ())
        page.front_desk.finder.field.setText("an")

    def laptops() -> None:
        # As if two others shared the record, without inviting any.
        window.go("sharing")
        _until(QApplication.instance(), lambda: not window.jobs.busy())
        at = datetime.now(UTC).replace(microsecond=0)
        heard = [(at - timedelta(hours=hours)).isoformat() for hours in (3, 50)]
        names = (desk.tr("Office"), desk.tr("Front desk laptop"), desk.tr("Outreach laptop"))
        there = (
            Standing("1", names[0], True, False, "", 0, 0), Standing("2", names[1], False, False, heard[0], 0, 0),
            Standing("3", names[2], False, False, heard[1], 12, 0),
        )  # fmt: skip
        waiting = (desk.tr("Waiting for change 12 from Outreach laptop."),)
        last, stick = Looked(heard[0], 4, 17), Path("/media/ann/LARDER")
        page = window.page("sharing")
        page.show_found(
            replace(page.known, shared=True, laptops=there, waiting=waiting, folder=stick, there=True, last=last)
        )

    def to_step(step: str) -> None:
        window.page("reports").guide.go(step)

    def found() -> None:
        window.go("home")
        window.find_anything()
        window.anywhere.field.setText("hou")

    def adding() -> None:
        window.anywhere.put_away()
        window.quick_add()

    def kit() -> None:
        window.adding.put_away()
        window.go("home", ("kit", None))

    person = next((each.id for each in people.recently_seen(read, 1)), None)
    household = one(
        "select household_id from people where gone = 0 and household_id > 0 group by 1 order by count(*) desc"
    )
    session = next((each.id for each in sessions.page(read, limit=1)), None)
    observation = one("select observation_id from observation_themes order by id desc limit 1")
    last = _last_report(desk.workspace)
    came = one("select id from briefings where gone = 0 order by id limit 1")
    ways: tuple[tuple[str, object, Callable[[], object]], ...] = (
        ("person", person, lambda: window.go("people", ("show", person))),
        ("visit", person, lambda: window.go("people", ("visit", person))),
        ("household", household, lambda: window.go("people", ("home", household))),
        ("begin", session, lambda: window.go("sessions", ("desk", session))),
        ("desk", session, at_desk),
        ("paper", session, lambda: window.go("sessions", ("paper", session))),
        ("codebook", observation, lambda: window.go("noticed", ("show", observation))),
        ("themes", observation, lambda: window.go("noticed", ("themes", None))),
        ("briefing", came, lambda: window.go("post", ("show", came))),
        ("map", came, lambda: part_of_post(1)),
        ("beside", came, lambda: part_of_post(2)),
        ("figures", True, lambda: window.go("reports", ("latest", None))),
        *((step, True, partial(to_step, step)) for step in ("reasons", "observing", "leaving", "signing")),
        ("send", last, lambda: window.page("reports").guide.restore({"step": "send", "made": last})),
        ("sent", True, lambda: window.go("reports", ("sent", None))),
        ("laptops", True, laptops),
        ("find", True, found),
        ("add", True, adding),
        ("kit", True, kit),
    )
    return {name: way for name, there, way in ways if there}


def _last_report(workspace: Workspace) -> dict[str, str] | None:
    """Give what the last step of a report shows, of the last one made into `packs` beside the record."""
    entry = next(iter(ledger.releases(workspace.read)), None)
    drafts = (workspace.folder.parent / "packs").glob("*.eml")
    draft = next((path for path in drafts if entry is not None and entry.pack[:8] in path.name), None)
    if entry is None or draft is None:
        return None
    letter = message_from_bytes(draft.read_bytes(), policy=default)
    body = letter.get_body(("plain",))
    files = {"email": ".eml", "workbook": ".xlsx", "report": ".pdf", "archive": ".cis-pack.zip"}
    return {
        "pack": entry.pack, "to": str(letter["To"] or ""), "subject": str(letter["Subject"] or ""),
        "body": body.get_content() if body is not None else "",
        **{name: str(draft.with_suffix(suffix)) for name, suffix in files.items()},
    }  # fmt: skip


def _picture(application: QApplication, window: Window, file: Path) -> Path:
    # Twice: what is read first may be drawn next, by another job.
    for _ in range(2):
        _until(application, lambda: not window.jobs.busy())
        _until(application, lambda: False, 0.15)
    window.grab().save(str(file))
    return file


def _until(application: QApplication, met: Callable[[], bool], patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not met() and time.monotonic() < end:
        application.processEvents()
        time.sleep(0.005)
