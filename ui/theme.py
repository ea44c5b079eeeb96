"""How everything looks: one set of sizes and colours, in light, dark and high contrast."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from cis_desktop.fonts import BOLD, FAMILY, REGULAR, STAND_INS, file_of
from cis_desktop.paths import resources

BODY = 11.0
"""Points at 100 %."""
HEADINGS = {1: 1.6, 2: 1.2}
"""Headings of level 1 and 2, as parts of `BODY`."""
SMALL = 0.9
"""What stands beside the matter, as part of `BODY`: headings of tables, the line at the foot. Nothing is smaller."""
SPACE = 8
"""Pixels between parts; twice as much inside a frame."""
MARGIN = 20
"""Pixels around what a page shows."""
AIR = 14
"""Pixels that a row of a list is taller than its words."""
RADIUS = 6
"""Pixels that corners are rounded by."""
ICON = 20
"""Pixels of a drawing beside a word at 100 %."""
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
    """Edges of what can be pressed or filled in: a contrast of at least 3."""
    hair: str
    """Lines that only part things; nothing is known by them alone."""
    error: str
    good: str
    note: str
    ink: str
    """Which drawing of arrows is seen on `field`: dark, light or white."""
    tick: str
    """Which drawing of a tick is seen on `accent`."""


SCHEMES = {
    "light": Colours(
        page="#fbfaf7", field="#ffffff", rail="#efece4", text="#1f1d1a", muted="#57534c", accent="#1a5490",
        on_accent="#ffffff", line="#827d75", hair="#dcd7cc", error="#9c1515", good="#1a6136", note="#e6eef7",
        ink="dark", tick="white",
    ),
    "dark": Colours(
        page="#1f2023", field="#2a2b2f", rail="#17181a", text="#f0eeea", muted="#bdbab3", accent="#8fbdf5",
        on_accent="#10233a", line="#8a8d94", hair="#43454b", error="#ffb1a8", good="#93d9ab", note="#283547",
        ink="light", tick="dark",
    ),
    "contrast": Colours(
        page="#000000", field="#000000", rail="#000000", text="#ffffff", muted="#d4d4d4", accent="#ffe14d",
        on_accent="#000000", line="#ffffff", hair="#ffffff", error="#ffb1a8", good="#a8ffbf", note="#262626",
        ink="white", tick="dark",
    ),
}  # fmt: skip


def load_fonts() -> None:
    """Make the fonts that come with the app known to Qt, and which stand in for letters that the first lacks."""
    for name in (REGULAR, BOLD):
        QFontDatabase.addApplicationFont(str(file_of(name)))
    others = (QFontDatabase.addApplicationFont(str(file_of(name))) for name in STAND_INS)
    QFont.insertSubstitutions(FAMILY, [QFontDatabase.applicationFontFamilies(other)[0] for other in others])


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

    c, box, arrow, r = colours, 16 * percent // 100, 12 * percent // 100, RADIUS
    return f"""
QWidget {{ font-family: "{FAMILY}"; font-size: {points(1)}; }}
QLabel[level="1"] {{ font-size: {points(HEADINGS[1])}; font-weight: bold; }}
QLabel[level="2"] {{ font-size: {points(HEADINGS[2])}; font-weight: bold; }}
QLabel[quiet="true"] {{ color: {c.muted}; }}

QPushButton {{ background: {c.field}; color: {c.text}; border: 1px solid {c.line}; border-radius: {r}px;
    padding: 6px 12px; }}
QPushButton:hover {{ background: {c.note}; }}
QPushButton:pressed {{ background: {c.rail}; }}
QPushButton:focus {{ border: 2px solid {c.accent}; padding: 5px 11px; }}
QPushButton:disabled {{ color: {c.muted}; background: {c.page}; border: 1px dashed {c.hair}; }}
QPushButton[main="true"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent};
    font-weight: bold; }}
QPushButton[main="true"]:focus {{ border: 2px solid {c.text}; }}
QPushButton[main="true"]:disabled {{ background: {c.page}; color: {c.muted}; border: 1px dashed {c.hair}; }}
QPushButton[fold="true"] {{ text-align: left; border-color: transparent; background: transparent; padding: 6px 4px; }}
QPushButton[fold="true"]:hover {{ background: {c.note}; }}
QPushButton[fold="true"]:focus {{ border: 2px solid {c.accent}; padding: 5px 3px; }}

#rail {{ background: {c.rail}; border-right: 1px solid {c.hair}; }}
#rail QPushButton {{ text-align: left; background: transparent; border: 2px solid transparent;
    border-left: 4px solid transparent; border-radius: 0; padding: 7px 8px; }}
#rail QPushButton:hover {{ background: {c.note}; }}
#rail QPushButton[here="true"] {{ background: {c.page}; color: {c.accent}; border-left-color: {c.accent};
    font-weight: bold; }}
#rail QPushButton:focus {{ border: 2px solid {c.accent}; border-left-width: 4px; }}

#steps {{ background: {c.rail}; border-bottom: 1px solid {c.hair}; }}
#steps QPushButton {{ background: transparent; border: 2px solid transparent; padding: 5px 10px; }}
#steps QPushButton:hover {{ background: {c.note}; }}
#steps QPushButton[here="true"], #views QPushButton[here="true"] {{ background: {c.accent}; color: {c.on_accent}; }}
#steps QPushButton:focus {{ border: 2px solid {c.text}; }}

QFrame[card="true"] {{ background: {c.field}; border: 1px solid {c.hair}; border-radius: {r + 2}px; }}
#popover {{ border: 2px solid {c.accent}; }}
QFrame[notice="error"] {{ background: {c.field}; border: 2px solid {c.error}; border-radius: {r}px; }}
QFrame[notice="good"] {{ background: {c.note}; border: 2px solid {c.good}; border-radius: {r}px; }}
QFrame[notice="error"] QLabel[level="2"] {{ color: {c.error}; }}
QScrollArea, QScrollArea > QWidget > QWidget#inside {{ background: transparent; border: none; }}

QLineEdit, QPlainTextEdit, QTextEdit[field="true"], QComboBox, QAbstractSpinBox {{
    background: {c.field}; color: {c.text}; border: 1px solid {c.line}; border-radius: {r - 2}px; padding: 5px 8px;
    selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit[field="true"]:focus, QComboBox:focus, QAbstractSpinBox:focus {{
    border: 2px solid {c.accent}; padding: 4px 7px; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{
    background: {c.page}; color: {c.muted}; border: 1px dashed {c.line}; }}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {{ border: none; padding: 0; background: transparent; }}
QAbstractSpinBox {{ padding: 4px 8px; }}
QAbstractSpinBox:focus {{ padding: 3px 7px; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: {2 * arrow}px; }}
QComboBox::down-arrow, QDateEdit::down-arrow, QAbstractSpinBox::down-arrow {{ image: {drawn("down", c.ink)};
    width: {arrow}px; height: {arrow}px; }}
QAbstractSpinBox::up-arrow {{ image: {drawn("up", c.ink)}; width: {arrow}px; height: {arrow}px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: {2 * arrow}px; }}
QComboBox QAbstractItemView {{ background: {c.field}; color: {c.text}; outline: none;
    selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}

QCheckBox {{ border: 2px solid transparent; border-radius: {r - 2}px; padding: 3px 1px 3px 0;
    spacing: 5px; }}
QCheckBox:focus {{ border-color: {c.accent}; }}
QCheckBox::indicator, QListView::indicator {{ width: {box}px; height: {box}px;
    border: 1px solid {c.line}; border-radius: 3px; background: {c.field}; }}
QCheckBox::indicator:checked, QListView::indicator:checked {{ background: {c.accent}; border-color: {c.accent};
    image: {drawn("tick", c.tick)}; }}

QTableView, QListView, QTextBrowser {{ background: {c.field}; border: 1px solid {c.hair}; padding: 1px;
    border-radius: {r - 2}px; gridline-color: {c.hair}; outline: none; }}
QListView {{ border-color: {c.line}; }}
QTableView:focus, QListView:focus, QTextBrowser:focus {{ border: 2px solid {c.accent};
    padding: 0; }}
QComboBox QListView, QComboBox QListView:focus {{ border: 1px solid {c.line}; padding: 2px; }}
QTableView::item {{ padding: 0 8px; border-bottom: 1px solid {c.hair}; }}
QTableView::item:selected, QListView::item:selected {{ background: {c.accent};
    color: {c.on_accent}; }}
QListView::item {{ padding: 2px 6px; }}
QHeaderView {{ background: {c.field}; border: none; }}
QHeaderView::section {{ background: {c.field}; color: {c.muted}; border: none; border-bottom: 2px solid {c.hair};
    padding: 6px 11px; font-size: {points(SMALL)}; font-weight: bold; }}

QTabWidget::pane {{ border: none; border-top: 1px solid {c.hair}; top: -1px; }}
QTabBar {{ qproperty-drawBase: 0; }}
QTabBar::tab {{ background: transparent; color: {c.muted}; padding: 9px 14px; border: 2px solid transparent;
    border-bottom: 3px solid transparent; margin: 0 2px; }}
QTabBar::tab:hover {{ background: {c.note}; color: {c.text}; }}
QTabBar::tab:selected {{ color: {c.text}; border-bottom-color: {c.accent}; }}
QTabBar::tab:focus {{ border-color: {c.accent}; }}
QSplitter::handle:horizontal {{ width: 8px; background: transparent; border-left: 1px solid {c.hair}; }}
QSplitter::handle:hover {{ border-left: 3px solid {c.accent}; }}

QMenuBar {{ background: {c.rail}; border-bottom: 1px solid {c.hair}; }}
QMenuBar::item {{ background: transparent; padding: 5px 10px; border-radius: {r - 2}px; }}
QMenuBar::item:selected {{ background: {c.accent}; color: {c.on_accent}; }}
QMenu {{ background: {c.field}; color: {c.text}; border: 1px solid {c.line}; padding: 4px; }}
QMenu::item {{ background: transparent; padding: 6px 28px 6px 14px; border-radius: {r - 2}px; }}
QMenu::item:selected {{ background: {c.accent}; color: {c.on_accent}; }}
QMenu::item:disabled {{ color: {c.muted}; background: transparent; }}
QMenu::separator {{ height: 1px; background: {c.hair}; margin: 4px 8px; }}
QToolTip {{ background: {c.field}; color: {c.text}; border: 1px solid {c.line}; padding: 5px 7px; }}

QProgressBar {{ background: {c.field}; color: {c.text}; border: 1px solid {c.line}; border-radius: {r - 2}px;
    text-align: center; min-height: 12px; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: {r - 3}px; }}
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: 14px; }}
QScrollBar:horizontal {{ height: 14px; }}
QScrollBar::handle {{ background: {c.line}; border-radius: 4px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {c.accent}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page, QAbstractScrollArea::corner {{ background: transparent; border: none; }}

QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {c.rail}; }}
QCalendarWidget QToolButton {{ background: transparent; color: {c.text}; border: 2px solid transparent;
    border-radius: {r - 2}px; padding: 4px 8px; min-width: 24px; min-height: 24px; }}
QCalendarWidget QToolButton:hover {{ background: {c.note}; }}
QCalendarWidget QToolButton:focus {{ border-color: {c.accent}; }}
QCalendarWidget QToolButton#qt_calendar_prevmonth {{ qproperty-icon: {drawn("left", c.ink)}; }}
QCalendarWidget QToolButton#qt_calendar_nextmonth {{ qproperty-icon: {drawn("right", c.ink)}; }}
QCalendarWidget QToolButton::menu-indicator {{ image: none; }}
QCalendarWidget QAbstractItemView {{ background: {c.field}; alternate-background-color: {c.field}; color: {c.text};
    selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
QCalendarWidget QAbstractItemView, QCalendarWidget QAbstractItemView:focus {{ border: 1px solid {c.line}; padding: 0; }}
QCalendarWidget QAbstractItemView::item {{ border: none; padding: 0; }}

QStatusBar {{ background: {c.rail}; border-top: 1px solid {c.hair}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ font-size: {points(SMALL)}; }}
"""


def mark(widget: object, **properties: object) -> None:
    """Give a widget the properties that the rules look for."""
    for name, value in properties.items():
        widget.setProperty(name, value)  # type: ignore[attr-defined]
