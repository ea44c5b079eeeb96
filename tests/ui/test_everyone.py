"""Everyone can use it: every control has a name of its own, letters do not clash, and large text is not cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget

from cis_desktop.workspace import Workspace
from tests.ui.everywhere import PLACES, until
from ui import theme
from ui.dialogs.bug import BugReport
from ui.window import Window

Role = QAccessible.Role
CONTROLS = {
    Role.Button, Role.CheckBox, Role.RadioButton, Role.EditableText, Role.ComboBox, Role.SpinBox, Role.List,
    Role.Table, Role.Tree, Role.PageTabList, Role.PageTab, Role.ProgressBar, Role.Slider, Role.MenuBar,
}  # fmt: skip
INSIDE = {Role.ComboBox, Role.SpinBox, Role.Table, Role.List, Role.PageTabList, Role.ScrollBar}
"""What is inside one of these is spoken with it: the field of a number box, the heading of a table."""


def controls(widget: QWidget) -> Iterator[tuple[QAccessible.Role, str, str]]:
    """Yield role, name and class of every visible control of a window, as a screen reader finds them."""
    pending = [QAccessible.queryAccessibleInterface(widget)]
    while pending:
        found = pending.pop()
        if found is None or not found.isValid() or found.state().invisible:
            continue
        role = found.role()
        if role in CONTROLS:
            kind = type(found.object()).__name__ if found.object() else ""
            # On Linux Qt gives a combo box's choice for its name, and names it by its label.
            named = found.object().accessibleName() if role == Role.ComboBox else ""
            yield role, named or found.text(QAccessible.Text.Name), kind
        if role not in INSIDE:
            pending += [found.child(at) for at in range(found.childCount())]


@pytest.fixture(params=[*PLACES, "create", "unlock", "recover", "restore", "join"])
def shown(request: pytest.FixtureRequest, window: Window, group: Workspace) -> Window:
    """Give the window at each of its places."""
    if request.param in PLACES:
        window.opened(group)
        PLACES[request.param](window, group)
    elif request.param != "create":
        window.start.show_folder(group.folder)
        if request.param == "recover":
            window.start.recover(group.folder)
        elif request.param == "restore":
            window.start.restore_one()
        elif request.param == "join":
            window.start.join_one()
    QTest.qWait(20)
    return window


def test_every_control_has_a_name_and_no_two_have_the_same(shown: Window) -> None:
    found = list(controls(shown))
    assert len(found) > 5
    assert not [each for each in found if not each[1].strip()]
    twice = {name: n for name, n in Counter((role, name) for role, name, _ in found).items() if n > 1}
    assert not twice


def test_no_two_letters_clash(shown: Window) -> None:
    """An underlined letter that two things share presses neither."""
    letters = Counter()
    for widget in shown.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.buddy() is not None):
            letters[QKeySequence.mnemonic(widget.text()).toString()] += 1
    for action in shown.menuBar().actions():
        letters[QKeySequence.mnemonic(action.text()).toString()] += 1
    assert not {letter: n for letter, n in letters.items() if letter and n > 1}


def test_every_control_is_reached_by_tab(shown: Window) -> None:
    wanted = {
        widget
        for widget in shown.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        # The inside of a number box is reached as the box.
        and not (widget.parentWidget() and widget.parentWidget().focusPolicy() & Qt.FocusPolicy.TabFocus)
    }
    reached: set[QWidget] = set()
    for _ in range(3 * len(wanted) + 10):
        QTest.keyClick(QApplication.focusWidget() or shown, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert wanted
    assert not {f"{type(each).__name__} {each.accessibleName()}" for each in wanted - reached}


def test_no_two_shortcuts_clash(window: Window) -> None:
    keys = Counter(each.shortcut().toString() for each in window.actions() if not each.shortcut().isEmpty())
    assert len(keys) > 15
    assert not {key: n for key, n in keys.items() if n > 1}


def test_every_label_of_a_field_leads_to_it(shown: Window) -> None:
    fields = [
        field
        for field in shown.findChildren(QWidget)
        if isinstance(field, (QLineEdit, QComboBox)) and field.isVisible() and field.focusPolicy() != Qt.NoFocus
    ]
    assert not [field for field in fields if not named(field)]


def named(field: QWidget) -> bool:
    """Say whether a field, or the control that it is the inside of, has an accessible name."""
    around = field.parentWidget()
    return bool(field.accessibleName()) or (around is not None and bool(around.accessibleName()))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_word_is_cut_at_twice_the_size(qapp: QApplication, window: Window, group: Workspace, scheme: str) -> None:
    theme.put_on(qapp, scheme, 200)
    window.resize(1280, 720)
    window.opened(group)
    cut = []
    for name, show in PLACES.items():
        show(window, group)
        until(lambda: not window.jobs.busy())
        QTest.qWait(50)
        assert window.width() <= 1280, f"{name} makes the window wider than the screen"
        assert window.height() <= 720, f"{name} makes the window taller than the screen"
        for widget in window.findChildren(QWidget):
            if widget.isVisible() and isinstance(widget, (QLabel, QAbstractButton)) and widget.text():
                need = widget.minimumSizeHint()
                tall = widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else need.height()
                if widget.width() < need.width() or widget.height() < tall:
                    cut.append((name, widget.text(), widget.size(), need, tall))
    assert not cut


def test_contrast_is_enough_in_every_scheme() -> None:
    """WCAG 2.2: 4.5 to 1 for text, 3 to 1 for the edges of controls."""
    for name, c in theme.SCHEMES.items():
        for ground in (c.page, c.field, c.rail, c.note):
            assert contrast(c.text, ground) >= 7, (name, ground)
        for ground in (c.page, c.field):
            assert contrast(c.muted, ground) >= 4.5, (name, ground)
            assert contrast(c.error, ground) >= 4.5, (name, ground)
            assert contrast(c.line, ground) >= 3, (name, ground)
            assert contrast(c.accent, ground) >= 3, (name, ground)
        assert contrast(c.on_accent, c.accent) >= 4.5, name


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, by WCAG's formula."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_label_shows_text_as_it_is(shown: Window) -> None:
    labels = [label for label in shown.findChildren(QLabel) if label.textFormat() != Qt.TextFormat.PlainText]
    assert not [(label.objectName(), label.text()) for label in labels]


def test_a_bug_report_names_its_controls_and_quotes_nobody(window: Window) -> None:
    from ui.say import details

    try:
        raise ValueError("Amina Khan, NW1 8AB")
    except ValueError as error:
        told = details(error)
    assert "ValueError" in told
    assert "test_everyone.py" in told
    assert "Amina" not in told
    dialog = BugReport(told, window)
    dialog.show()
    found = list(controls(dialog))
    assert not [each for each in found if not each[1].strip()]
    dialog.close()
