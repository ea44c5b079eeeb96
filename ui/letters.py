"""How the menu bar answers to Alt."""

from __future__ import annotations

from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget


class Letters(QProxyStyle):
    """The look of a menu bar that opens by Alt and a letter, and not by Alt alone.

    With a screen reader on, Qt hears of Alt late, and would go to the menus after Alt and the letter of a button.
    """

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        given: QStyleHintReturn | None = None,
    ) -> int:
        """Answer for Alt by itself; leave the rest to the style."""
        if hint == QStyle.StyleHint.SH_MenuBar_AltKeyNavigation:
            return 0
        return super().styleHint(hint, option, widget, given)
