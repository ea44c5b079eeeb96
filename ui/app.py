"""The application around the window: started by `cis-desktop gui`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from cis_desktop.crashes import keep_no_dumps
from cis_desktop.paths import resources
from ui import theme
from ui.preferences import Preferences
from ui.rubbish import Collector


def gui(arguments: list[str]) -> int:
    """Open the window on a workspace folder, or take pictures of every page; give the exit code."""
    keep_no_dumps()
    parser = argparse.ArgumentParser(prog="cis-desktop gui", description="Open the window.")
    parser.add_argument("folder", nargs="?", type=Path, help="the folder of the workspace")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="write a picture of every page, and end")
    parser.add_argument("--passphrase-file", metavar="FILE", help="the passphrase, for --pictures (- is stdin)")
    given = parser.parse_args(arguments)
    if given.pictures is not None:
        from ui.pictures import take

        if given.folder is None:
            parser.error("--pictures needs the folder of a workspace")
        return take(given.folder, given.pictures, given.passphrase_file)
    return opened(given.folder)


def make_application() -> QApplication:
    """Make the one application object, with the font and style that every computer shares."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    if application.findChild(Collector) is None:
        Collector(application)
    application.setApplicationName("Community Insights")
    application.setDesktopFileName("community-insights")
    application.setStyle("Fusion")
    theme.load_fonts()
    application.setWindowIcon(QIcon(str(resources() / "icons" / "app.svg")))
    return application


def opened(folder: Path | None) -> int:
    """Open the window and stay until it is closed."""
    from ui.leaving import Leaving
    from ui.locking import Locking
    from ui.window import Window

    app = make_application()
    preferences = Preferences()
    # First, so that the window is made in its colours and its size of text, and not fitted to them afterwards.
    theme.put_on(app, preferences.scheme, preferences.percent)
    window = Window(preferences, folder or preferences.folder)
    # Following the computer's colours means putting them on again when they change.
    app.styleHints().colorSchemeChanged.connect(window.dress)
    # Qt itself ends only when a window that is seen closes; this one is hidden while it locks.
    window.left.connect(app.quit)
    Leaving(window)
    Locking(window)
    window.show()
    window.start.open_by_itself()
    return app.exec()
