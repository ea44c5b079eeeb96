"""The strips at the foot of the window: what was just done, what is under way, and how things stand."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QStatusBar, QWidget

from ui.jobs import Job, Jobs
from ui.theme import SPACE
from ui.widgets.icons import Sign
from ui.widgets.words import button, plain


class Toast(QFrame):
    """The last thing that was saved, with Undo. It stays until the next one or until it is put away."""

    undo = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("notice", "good")
        line = QHBoxLayout(self)
        line.setContentsMargins(2 * SPACE, 4, SPACE, 4)
        self.words = plain()
        line.setSpacing(SPACE)
        self._sign = Sign("saved")
        line.addWidget(self._sign)
        self.undo_button = button(self.tr("Undo"), name=self.tr("Undo what was just saved"))
        self.undo_button.clicked.connect(self.undo)
        away = button(self.tr("Put away"), name=self.tr("Put this message away"))
        away.clicked.connect(self.hide)
        line.addWidget(self.words, 1)
        line.addWidget(self.undo_button)
        line.addWidget(away)
        self.hide()

    def say(self, words: str, can_undo: bool) -> None:
        """Show words, with Undo if there is something to undo."""
        self._show(words, can_undo, "good", "saved")

    def trouble(self, words: str) -> None:
        """Show what went wrong."""
        self._show(words, False, "error", "trouble")

    def _show(self, words: str, can_undo: bool, kind: str, sign: str) -> None:
        self.setProperty("notice", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._sign.show_sign(sign)
        self.words.setText(words)
        self.undo_button.setVisible(can_undo)
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))


class UnderWay(QFrame):
    """The longest job that is taking a while: its name, how far it is, and Cancel."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._job: Job | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(2 * SPACE, 4, SPACE, 4)
        self.words = plain()
        self.bar = QProgressBar()
        self.bar.setAccessibleName(self.tr("How far it is"))
        self.bar.setTextVisible(False)
        self.cancel = button(self.tr("Cancel"), name=self.tr("Cancel what is under way"))
        self.cancel.clicked.connect(self._cancel)
        line.addWidget(self.words, 1)
        line.addWidget(self.bar, 1)
        line.addWidget(self.cancel)
        self.hide()
        jobs.changed.connect(self._look)

    def _look(self) -> None:
        slow = self._jobs.slow()
        self._job = slow[0] if slow else None
        if self._job is None:
            self.hide()
            return
        self.words.setText(self._job.name + "…")
        self.bar.setRange(0, 1000 if self._job.part else 0)
        self.bar.setValue(int(self._job.part * 1000))
        self.cancel.setVisible(self._job.can_stop)
        self.cancel.setEnabled(not self._job.stop.is_set())
        self.show()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()


class Standing(QStatusBar):
    """How things stand, in words: saved, locked, last backup, the other laptops."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self.saved, self.locked, self.backup, self.laptops = plain(), plain(), plain(), plain()
        self._labels = {"saved": self.saved, "lock": self.locked, "backup": self.backup, "laptops": self.laptops}
        self._parts = [self._part(sign, label) for sign, label in self._labels.items()]

    def _part(self, sign: str, label: QLabel) -> QWidget:
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(2 * SPACE, 3, SPACE, 3)
        line.addWidget(Sign(sign, QPalette.ColorRole.PlaceholderText))
        label.setWordWrap(False)
        line.addWidget(label)
        self.addWidget(whole)
        return whole

    def minimumSizeHint(self) -> QSize:
        """Ask for no width: what has no room is left out."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: Any) -> None:
        """Leave out what has no room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show what has words, but in a narrow window not what changes least: when it locks, then the backup."""
        parts = zip(self._parts, self._labels.values(), strict=True)
        shown = {part: part.sizeHint().width() for part, label in parts if label.text()}
        for part in (self._parts[1], self._parts[2]):
            if len(shown) > 1 and sum(shown.values()) + 2 * SPACE * len(shown) > self.width():
                shown.pop(part, None)
        for part in self._parts:
            part.setVisible(part in shown)

    def tell(self, saved: str, locked: str, backup: str, laptops: str = "") -> None:
        """Show them; an empty one is left out."""
        for label, words in zip(self._labels.values(), (saved, locked, backup, laptops), strict=True):
            label.setText(words)
        self._fit()
        # What stands beside it must not jump to and fro with every save.
        self.saved.setMinimumWidth(max(self.saved.minimumWidth(), self.saved.sizeHint().width()))

    def changeEvent(self, event: Any) -> None:
        """Measure anew for another text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "saved"):
            self.saved.setMinimumWidth(0)
