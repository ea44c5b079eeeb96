"""How everything looks: one set of sizes and colours, in light, dark and high contrast."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from cis_desktop.paths import resources

FAMILY = "Atkinson Hyperlegible"
BODY = 11.0
"""Points at 100 %."""
HEADINGS = {1: 1.6, 2: 1.2}
SPACE = 8
"""Pixels; every gap is a multiple of it."""
COLUMN = 560
"""Pixels at 100 %: no line of reading or filling in is longer."""


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one scheme. Text on `page`, `field` and `rail` has a contrast of at least 7, muted 4.5."""

    page: str
    field: str
    rail: str
    text: str
    muted: str
    accent: str
    on_accent: str
    line: str
    error: str
    good: str
    note: str
    ink: str
    """Which drawing of arrows is seen on `field`: dark, light or white."""
    tick: str
    """Which drawing of a tick is seen on `accent`."""


SCHEMES = {
    "light": Colours(
        page="#f7f6f3", field="#ffffff", rail="#eae7e0", text="#1c1b1a", muted="#55524c", accent="#1a5490",
        on_accent="#ffffff", line="#85817a", error="#9c1515", good="#1a6136", note="#e6eef7",
        ink="dark", tick="white",
    ),
    "dark": Colours(
        page="#1f2023", field="#2a2b2f", rail="#17181a", text="#f0eeea", muted="#bdbab3", accent="#8fbdf5",
        on_accent="#10233a", line="#8a8d94", error="#ffb1a8", good="#93d9ab", note="#283547",
        ink="light", tick="dark",
    ),
    "contrast": Colours(
        page="#000000", field="#000000", rail="#000000", text="#ffffff", muted="#ffffff", accent="#ffe14d",
        on_accent="#000000", line="#ffffff", error="#ffb1a8", good="#a8ffbf", note="#000000",
        ink="white", tick="dark",
    ),
}  # fmt: skip


def load_fonts() -> None:
    """Make the font that comes with the app known to Qt."""
    for name in ("Regular", "Bold"):
        QFontDatabase.addApplicationFont(str(resources() / "fonts" / f"AtkinsonHyperlegible-{name}.ttf"))


def scheme_of(application: QApplication, wanted: str = "system") -> str:
    """Give the name of the scheme to use; `system` follows the computer."""
    if wanted in SCHEMES:
        return wanted
    hints = application.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return "contrast"
    return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"


def put_on(application: QApplication, wanted: str = "system", percent: int = 100) -> None:
    """Dress the whole application: palette, font, and the few rules a palette cannot say."""
    colours = SCHEMES[scheme_of(application, wanted)]
    font = QFont(FAMILY)
    font.setPointSizeF(BODY * percent / 100)
    application.setFont(font)
    application.setPalette(palette(colours))
    application.setProperty("rules", rules(colours, percent))
    for window in application.topLevelWidgets():
        if window.property("dressed"):
            dress(window)


def dress(window: QWidget) -> None:
    """Put the rules on a window, and all it holds.

    Not on the application: every part of a page would be fitted to them anew each time it is put into another while
    the page is made, which takes ten times as long as making it.
    """
    application = QCoreApplication.instance()
    assert application is not None
    window.setProperty("dressed", True)
    wanted = str(application.property("rules") or "")
    if window.styleSheet() != wanted:
        window.setStyleSheet(wanted)


def palette(colours: Colours) -> QPalette:
    """Give the palette of a scheme."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, colour in {
        role.Window: colours.page, role.WindowText: colours.text, role.Base: colours.field,
        role.AlternateBase: colours.page, role.Text: colours.text, role.Button: colours.page,
        role.ButtonText: colours.text, role.BrightText: colours.error, role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent, role.Accent: colours.accent, role.Link: colours.accent,
        role.ToolTipBase: colours.field, role.ToolTipText: colours.text, role.PlaceholderText: colours.muted,
        role.Light: colours.field, role.Midlight: colours.rail, role.Mid: colours.line, role.Dark: colours.line,
        role.Shadow: colours.line,
    }.items():  # fmt: skip
        made.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.muted))
    return made


def rules(colours: Colours, percent: int) -> str:
    """Give the style sheet of a scheme at a text size."""

    def points(times: float) -> str:
        return f"{BODY * times * percent / 100:.1f}pt"

    def drawn(name: str, ink: str) -> str:
        return f'url("{(resources() / "icons" / f"{name}-{ink}.svg").as_posix()}")'

    c, box, arrow = colours, 16 * percent // 100, 12 * percent // 100
    return f"""
QWidget {{ font-family: "{FAMILY}"; font-size: {points(1)}; }}
QLabel[level="1"] {{ font-size: {points(HEADINGS[1])}; font-weight: bold; }}
QLabel[level="2"] {{ font-size: {points(HEADINGS[2])}; font-weight: bold; }}
QLabel[quiet="true"] {{ color: {c.muted}; }}
QPushButton {{ background: {c.field}; color: {c.text}; border: 1px solid {c.line}; border-radius: 4px;
    padding: 5px 12px; }}
QPushButton:hover {{ background: {c.note}; }}
QPushButton:pressed {{ background: {c.rail}; }}
QPushButton:focus {{ border: 2px solid {c.accent}; padding: 4px 11px; }}
QPushButton:disabled {{ color: {c.muted}; background: {c.page}; border-style: dashed; }}
QPushButton[main="true"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent};
    font-weight: bold; }}
QPushButton[main="true"]:focus {{ border: 2px solid {c.text}; }}
QPushButton[main="true"]:disabled {{ background: {c.page}; color: {c.muted}; border: 1px dashed {c.line}; }}
#rail {{ background: {c.rail}; }}
#rail QPushButton {{ text-align: left; border: 2px solid transparent; background: transparent; padding: 6px 12px;
    border-radius: 4px; }}
#rail QPushButton:hover {{ background: {c.note}; }}
#rail QPushButton:checked {{ background: {c.accent}; color: {c.on_accent}; }}
#rail QPushButton:focus {{ border: 2px solid {c.text}; }}
QFrame[card="true"] {{ background: {c.field}; border: 1px solid {c.line}; border-radius: 6px; }}
QFrame[notice="error"] {{ background: {c.field}; border: 2px solid {c.error}; border-radius: 6px; }}
QFrame[notice="good"] {{ background: {c.note}; border: 2px solid {c.good}; border-radius: 6px; }}
QFrame[notice="error"] QLabel[level="2"] {{ color: {c.error}; }}
QScrollArea, QScrollArea > QWidget > QWidget#inside {{ background: transparent; border: none; }}
QLineEdit, QPlainTextEdit, QTextEdit[field="true"], QComboBox, QAbstractSpinBox {{
    background: {c.field}; color: {c.text}; border: 1px solid {c.line}; border-radius: 3px; padding: 3px 6px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit[field="true"]:focus, QComboBox:focus, QAbstractSpinBox:focus {{
    border: 2px solid {c.accent}; padding: 2px 5px; }}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {{ border: none; padding: 0; background: transparent; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: {2 * arrow}px; }}
QComboBox::down-arrow, QDateEdit::down-arrow, QAbstractSpinBox::down-arrow {{ image: {drawn("down", c.ink)};
    width: {arrow}px; height: {arrow}px; }}
QAbstractSpinBox::up-arrow {{ image: {drawn("up", c.ink)}; width: {arrow}px; height: {arrow}px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: {2 * arrow}px; }}
QCheckBox::indicator, QListView::indicator {{ width: {box}px; height: {box}px; border: 1px solid {c.line};
    border-radius: 3px; background: {c.field}; }}
QCheckBox::indicator:checked, QListView::indicator:checked {{ background: {c.accent};
    image: {drawn("tick", c.tick)}; }}
QCheckBox:focus {{ border: 2px solid {c.accent}; border-radius: 3px; }}
QTableView::item {{ padding: 0 6px; }}
QTableView::item:selected, QListView::item:selected {{ background: {c.accent}; color: {c.on_accent}; }}
QHeaderView::section {{ background: {c.rail}; color: {c.text}; border: none; border-bottom: 1px solid {c.line};
    padding: 4px 8px; font-weight: bold; }}
QTableView {{ gridline-color: {c.rail}; border: 1px solid {c.line}; }}
QListView, QTextBrowser {{ border: 1px solid {c.line}; }}
QTableView:focus, QListView:focus, QTextBrowser:focus {{ border: 2px solid {c.accent}; }}
QStatusBar {{ background: {c.rail}; }}
QStatusBar::item {{ border: none; }}
QMenuBar {{ background: {c.rail}; }}
"""


def mark(widget: object, **properties: object) -> None:
    """Give a widget the properties that the rules look for."""
    for name, value in properties.items():
        widget.setProperty(name, value)  # type: ignore[attr-defined]
