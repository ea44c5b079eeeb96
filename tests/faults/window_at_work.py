"""A real window at work on a real record, for faults from outside: `python window_at_work.py FOLDER ACT [MINUTES]`.

It says `working` when the act begins, `saved` for each visit that is on the disk, `locked` when it locks itself, and
`ended` when it ends.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from cis_desktop.records import contacts
from cis_desktop.workspace import Workspace
from tests.faults.acts import KEY
from ui.app import make_application
from ui.jobs import Job
from ui.leaving import Leaving
from ui.preferences import Preferences
from ui.window import Window

ROWS = 20_000


def say(word: str) -> None:
    print(word, flush=True)


def main(folder: Path, act: str, minutes: float) -> int:
    """Open the window, begin the act, and stay until something ends the window."""
    application = make_application()
    window = Window(Preferences(remember=False), folder)
    window.left.connect(application.quit)
    Leaving(window)
    window.show()
    window.idle.minutes = minutes
    window.idle.past.connect(lambda: say("locked"))
    window.opened(Workspace.open_raw(folder, KEY, "Ann"))
    window.go("noticed", ("new", None))
    window.pages["noticed"].words.setPlainText("Half a thought")
    desk = window.desk
    assert desk is not None

    def bring_in(job: Job) -> None:
        with desk.workspace.vault.stoppable(job.stop.is_set), desk.workspace.change("Imported a list") as change:
            say("working")
            references = change.next_references("P", ROWS)
            change.insert_many("people", ("reference", "given_name"), [(r, f"Name {r}") for r in references])

    def save() -> None:
        if window.desk is not None:
            desk.write(
                window, "Added a visit", lambda change: contacts.add(change, "2026-05-01", person_id=1), more, end
            )

    def more(_: object) -> None:
        say("saved")
        save()

    def end(error: object) -> None:
        say(f"not done: {type(error).__name__}")

    if act == "import":
        QTimer.singleShot(0, lambda: desk.jobs.start(window, "Importing", bring_in, more_imported, end, writes=True))
    elif act == "save":
        say("working")
        QTimer.singleShot(0, save)
    else:
        say("working")
    code = int(application.exec())
    say("ended")
    return code


def more_imported(_: object) -> None:
    say("saved")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 10))
