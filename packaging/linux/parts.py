"""What the Linux build holds and what stays out, with why; `build.spec` and a test both go by this list.

Qt comes as an allow-list, because a new release of Qt brings new parts; everything else as a list of what to leave
out, because a library knows better than we do what it is made of.
"""

from __future__ import annotations

from fnmatch import fnmatch

QT_MODULES = {
    "QtCore": "everything",
    "QtGui": "fonts, colours, icons",
    "QtPrintSupport": "the recovery kit on paper",
    "QtSvg": "charts and maps",
    "QtWidgets": "the window",
}
"""The modules that `ui` imports, and why."""

QT = {
    "libpyside6.abi3.so.*": "PySide6 itself",
    **{f"{module}.abi3.so": why for module, why in QT_MODULES.items()},
    "Qt/lib/libQt6Core.so.6": "everything",
    "Qt/lib/libQt6Gui.so.6": "fonts, colours, icons",
    "Qt/lib/libQt6Widgets.so.6": "the window",
    "Qt/lib/libQt6DBus.so.6": "QtGui is linked with it: screen readers, and the desktop's colours",
    "Qt/lib/libicu*.so.*": "QtCore is linked with it: sorting and casing of names in every script",
    "Qt/lib/libQt6Svg.so.6": "charts, maps and icons",
    "Qt/lib/libQt6PrintSupport.so.6": "the recovery kit on paper",
    "Qt/lib/libQt6XcbQpa.so.6": "windows under X11",
    "Qt/lib/libQt6WaylandClient.so.6": "windows under Wayland",
    "Qt/lib/libQt6OpenGL.so.6": "the Wayland plugin that asks for a surface is linked with it",
    "Qt/plugins/platforms/libqxcb.so": "windows under X11",
    "Qt/plugins/platforms/libqwayland.so": "windows under Wayland",
    "Qt/plugins/platforms/libqoffscreen.so": "the self-test and pictures, where there is no screen",
    "Qt/plugins/wayland-shell-integration/libxdg-shell.so": "how every Wayland desktop shows a window",
    "Qt/plugins/wayland-decoration-client/lib*.so": "title bars where a Wayland desktop draws none",
    "Qt/plugins/wayland-graphics-integration-client/libqt-plugin-wayland-egl.so": "windows under Wayland",
    "Qt/plugins/platforminputcontexts/libcompose*.so": "accents typed with a compose key",
    "Qt/plugins/platforminputcontexts/libibus*.so": "names typed in scripts that need an input method",
    "Qt/plugins/printsupport/libcups*.so": "the printers that the computer knows",
    "Qt/plugins/iconengines/libqsvgicon.so": "the icons",
    "Qt/plugins/imageformats/libqsvg.so": "the arrows and ticks that style rules name",
    "Qt/plugins/imageformats/libqjpeg.so": "photographs; PNG is built in, and no other kind of picture is read",
}
"""Pattern under `PySide6/` -> why it stays. Whatever matches none of these is left out. Not here, among others:
QML, Quick, the designer, SQL drivers, the network and its keys (the app opens no connection), the GTK theme (it
brings GTK), OpenGL under X11 (we draw no 3D), frame-buffer and remote screens, and Qt's own translations (the app
speaks English, and so does Qt without them)."""

USES_THE_SYSTEM = ("PySide6/Qt/plugins/printsupport/*",)
"""Parts whose libraries are those of the computer they run on: a computer that prints has CUPS, of the release that
fits its printers. Where there is none the window can still write a PDF."""

LEFT_OUT = {
    "PySide6.QtDBus": "Python's way to D-Bus; QtGui has its own",
    "PySide6.QtNetwork": "the app opens no connection",
    "PySide6.QtQml": "no QML",
    "PySide6.QtQuick": "no QML",
    "ssl": "the app opens no connection",
    "_hashlib": "OpenSSL's way to SHA-256; Python has its own, and OpenSSL is in cryptography already",
    "tkinter": "another window library",
    "multiprocessing": "files are read in a child of our own; PyInstaller would load it at every start",
    "readline": "no prompt to edit a line at",
    "setuptools": "installs packages",
    "pip": "installs packages",
    "distutils": "installs packages",
    "pydoc": "for developers",
    "pytest": "for developers",
    "_pytest": "for developers",
    "hypothesis": "for developers",
    "mypy": "for developers",
    "duckdb": "the benchmarks' reference",
    "pandas": "the app does without; a library may offer to work with it",
    "numpy.random": "nothing is drawn with it",
    "numpy.fft": "no signals",
    "numpy.f2py": "compiles Fortran",
    "numpy.testing": "for developers",
    "numpy._core._multiarray_tests": "for developers",
    "charset_normalizer": "guesses how XML is written that does not say it; reportlab would ask it, of no XML of ours",
    "lxml.objectify": "another way to read XML",
    "lxml.html": "reads web pages",
    "lxml.isoschematron": "checks XML against rules of a kind that we have none of",
    "lxml.sax": "another way to read XML",
    "PIL._avif": "reportlab imports Pillow to place pictures; these are kinds of picture that we place none of",
    "PIL._webp": "the same",
    "PIL._imagingcms": "the same",
    "PIL._imagingft": "writing on pictures",
    "PIL._imagingtk": "another window library",
}
"""Module -> why nothing in the build needs it."""

DATA = (
    ("cis_desktop/vault/migrations", "*.sql"),
    ("resources", "*"),
)
"""Folder and pattern of the files that are no code; the build stops if one of them does not come along."""

STRIPPED = (
    "libpython3*",
    "python3*/lib-dynload/*.so",
    "sqlcipher3/*.so",
    "cryptography/hazmat/bindings/*.so",
    "PIL/*.so",
    "PySide6/Qt/lib/libicu*",
    "python_calamine/*.so",
    "uharfbuzz/*.so",
)
"""Built files that come with the names of everything inside them, for debuggers: 42 MB that no user reads. Only
these: what was altered after linking (numpy's and Pillow's private libraries) does not survive it."""


def stays(destination: str) -> bool:
    """Say whether the file that would go to `destination` in the build is wanted there."""
    top, _, inside = destination.partition("/")
    return top != "PySide6" or any(fnmatch(inside, pattern) for pattern in QT)


def uses_the_system(destination: str) -> bool:
    """Say whether the file at `destination` finds the libraries it is linked with on the computer it runs on."""
    return any(fnmatch(destination, pattern) for pattern in USES_THE_SYSTEM)


def is_stripped(destination: str) -> bool:
    """Say whether the built file at `destination` is freed of the names that only debuggers read."""
    return any(fnmatch(destination, pattern) for pattern in STRIPPED)
