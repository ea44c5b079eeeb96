"""What to do with an error: expected trouble is said in place, anything else is a bug and shows the report."""

from __future__ import annotations

import sys
from types import TracebackType

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QWidget

from cis_desktop.errors import CisError
from ui.jobs import Stopped
from ui.widgets.notice import Notice


def say(error: Exception, notice: Notice) -> None:
    """Show what went wrong: in `notice` if it was to be expected, else as a bug report."""
    if isinstance(error, CisError):
        notice.error(error.title, error.sentence)
    elif isinstance(error, Stopped):
        notice.good(notice.tr("Stopped, as you asked"), notice.tr("Nothing was changed."))
    else:
        report(error, notice.window())


def report(error: BaseException, above: QWidget | None) -> None:
    """Open the window that says there is a bug, with details that can be copied."""
    from ui.dialogs.bug import BugReport

    BugReport(details(error), above).open()


def details(error: BaseException) -> str:
    """Describe an error by its kind and where it happened, without its message, which may quote a record."""
    # Here, not above: few windows ever need them, and every window would wait for them.
    import platform
    import traceback

    lines = [
        "Community Insights 0.1.0",
        f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()} {platform.release()}",
        f"Kind: {type(error).__name__}",
    ]
    for frame in traceback.extract_tb(error.__traceback__):
        where = frame.filename.replace("\\", "/").split("/")
        lines.append(f"  {'/'.join(where[-3:])}:{frame.lineno} in {frame.name}")
    if error.__cause__ is not None:
        lines.append(f"Because of: {type(error.__cause__).__name__}")
    return "\n".join(lines)


def report_every_bug(above: QWidget) -> None:
    """From now on, show the report for errors that nothing else caught."""

    def hook(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
        print(details(error), file=sys.stderr)
        report(error, above)

    sys.excepthook = hook
