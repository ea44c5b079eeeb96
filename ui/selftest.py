"""The window's part of the self-test: it opens, shows every place, takes a visit and locks."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLoggingCategory
from PySide6.QtGui import QFontDatabase, QIcon, QImageReader

from cis_desktop.errors import CisError
from cis_desktop.paths import resources
from ui.theme import FAMILY

PATIENCE = 30.0
"""Seconds that any one step may take."""


def selftest() -> list[str]:
    """Try the window on a made-up record, off the screen; raise CisError `selftest_failed` if it does not work."""
    # Where a window is never seen none is needed, and a computer without a screen can test itself.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from cis_desktop.records import contacts, people
    from cis_desktop.records.code_lists import load_code_lists
    from cis_desktop.workspace import Workspace
    from ui.app import make_application
    from ui.preferences import Preferences
    from ui.window import PLACES, Window

    # The off-screen platform warns of sizes it cannot pass on.
    QLoggingCategory.setFilterRules("default.warning=false")
    make_application()
    expect(FAMILY in QFontDatabase.families(), "the font is there")
    drawn()
    with tempfile.TemporaryDirectory(prefix="cis-selftest-") as name:
        workspace = Workspace.open_raw(Path(name) / "record", os.urandom(32), "Self-test")
        with workspace.change("Began the self-test") as change:
            load_code_lists(change)
            person = people.add(change, given_name="Example")
        window = Window(Preferences(remember=False), None)
        before = sys.excepthook
        window.show()
        window.opened(workspace)
        for place in PLACES:
            window.go(place)
            expect(window.stack.currentWidget() is window.pages.get(place), f"“{place}” is shown")
        window.go("people", ("visit", person))
        window.page("people").visit_form.store()  # type: ignore[attr-defined]
        wait(lambda: not window.jobs.busy())
        expect(len(contacts.of_person(workspace.read, person)) == 1, "a visit is written down")
        window.close()
        wait(lambda: window.desk is None and not window.jobs.busy())
        sys.excepthook = before
    return ["the window opens, shows every place, takes a visit and locks"]


def drawn() -> None:
    """See that icons, charts, photographs and paper can be had: without its plugins Qt shows nothing, silently."""
    from PySide6.QtPrintSupport import QPrinter
    from reportlab.graphics.shapes import Drawing, Rect

    from cis_desktop.charts import screen_svg
    from ui.theme import FAMILY
    from ui.widgets.drawing import painted

    for path in sorted((resources() / "icons").rglob("*.svg")):
        expect(not QIcon(str(path)).pixmap(16, 16).isNull(), f"the icon “{path.stem}” is drawn")
    chart = Drawing(20, 20)
    chart.add(Rect(0, 0, 20, 20))
    image, _ = painted(screen_svg(chart, {}, FAMILY), 1.0, 20, 1.0)
    expect(image.pixelColor(10, 10).alpha() == 255, "a chart is drawn")
    paper = QPrinter()
    paper.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    expect(paper.isValid(), "something can be printed, if only as a PDF")
    known = {bytes(kind.data()).decode() for kind in QImageReader.supportedImageFormats()}
    expect(known >= {"svg", "png", "jpeg"}, "every kind of picture is known")


def wait(met: Callable[[], bool]) -> None:
    """Let the window work until something is so."""
    until = time.monotonic() + PATIENCE
    while not met():
        expect(time.monotonic() < until, "the window answers")
        QCoreApplication.processEvents()
        time.sleep(0.005)


def expect(good: bool, what: str) -> None:
    """Stop the self-test if something is not so."""
    if not good:
        raise CisError(
            "selftest_failed",
            "This copy of the app does not work",
            f"It should be that {what}, and it is not. No record of yours was touched. Install the app again.",
        )
