"""Where the cursor is in every field that has words, and which part has the focus: kept with what is half written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QWidget

if TYPE_CHECKING:
    from ui.window import Window

Field = QLineEdit | QPlainTextEdit | QTextEdit
BOXES = ("anywhere", "adding")
"""What lies over the pages of a window, by its name there."""
Key = tuple[str, str, int]
"""The class of a part, its name for screen readers, and the how-manieth of these on its page."""


def of(page: QWidget) -> dict[str, Any]:
    """Give, as JSON can hold it, where the cursors of a page, or of a box over it, are and what has its focus."""
    found: dict[str, Any] = {"fields": [], "focus": None}
    focus = page.window().focusWidget()
    for key, widget in _parts(page):
        if isinstance(widget, Field) and (words := _words(widget)):
            found["fields"].append([*key, len(words), *_cursor(widget)])
        if widget is focus:
            found["focus"] = list(key)
    return found


def put_back(window: Window, kept: dict[str, Any]) -> None:
    """Put cursors, focus and the box over the page back, now, and once more when what is being read is there.

    Nothing is moved under the fingers of somebody who has begun to type.
    """
    _put(window, kept)
    if window.jobs.busy():
        desk, used = window.desk, window.idle.used()

        def later() -> None:
            if window.desk is desk and window.idle.used() == used:
                _put(window, kept)

        window.jobs.when_idle(later)


def _put(window: Window, kept: dict[str, Any]) -> None:
    for place, carets in kept.get("at", {}).items():
        if place in window.pages:
            _put_in(window.pages[place], carets, place == window.place)
    for name, over in kept.get("over", {}).items():
        box = getattr(window, name)
        box.restore(window.desk.workspace.read, over["draft"])
        _put_in(box, over["at"], True)


def _put_in(page: QWidget, carets: dict[str, Any], seen: bool) -> None:
    fields = {tuple(each[:3]): each[3:] for each in carets["fields"]}
    for key, widget in _parts(page):
        if isinstance(widget, Field) and key in fields:
            length, position, anchor = fields[key]
            if len(_words(widget)) == length:
                _set_cursor(widget, position, anchor)
        if seen and carets["focus"] == list(key) and widget.isVisible() and widget.isEnabled():
            widget.setFocus()


def over(window: Window) -> dict[str, Any]:
    """Give what is typed in a box that lies over the page, and where the cursor is in it, by the name of the box."""
    made = {name: window.__dict__[name] for name in BOXES if name in window.__dict__}
    return {name: {"draft": draft, "at": of(box)} for name, box in made.items() if (draft := box.draft())}


def _parts(page: QWidget) -> Iterator[tuple[Key, QWidget]]:
    times: Counter[tuple[str, str]] = Counter()
    for widget in page.findChildren(QWidget):
        name = widget.accessibleName()
        # What has no name is inside something that has one, or nobody can be in it.
        if name:
            kind = type(widget).__name__
            yield (kind, name, times[kind, name]), widget
            times[kind, name] += 1


def _words(field: Field) -> str:
    if field.isReadOnly():
        return ""
    if not isinstance(field, QLineEdit):
        return field.toPlainText()
    return field.text() if field.echoMode() == QLineEdit.EchoMode.Normal else ""


def _cursor(field: Field) -> tuple[int, int]:
    if not isinstance(field, QLineEdit):
        return field.textCursor().position(), field.textCursor().anchor()
    if not field.hasSelectedText():
        return field.cursorPosition(), field.cursorPosition()
    ends = field.selectionStart(), field.selectionEnd()
    return ends if field.cursorPosition() == ends[0] else (ends[1], ends[0])


def _set_cursor(field: Field, position: int, anchor: int) -> None:
    if isinstance(field, QLineEdit):
        field.setCursorPosition(position)
        if anchor != position:
            field.setSelection(anchor, position - anchor)
        return
    cursor = field.textCursor()
    cursor.setPosition(anchor)
    cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
    field.setTextCursor(cursor)
