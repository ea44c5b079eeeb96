"""Laptops: several share one record by a stick, a folder that all of them reach, or email."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from ui.desk import Desk, Told
from ui.pages.sharing.found import Found, find
from ui.pages.sharing.group import LaptopsCard
from ui.pages.sharing.inviting import InvitePart
from ui.pages.sharing.mailing import MailCard
from ui.pages.sharing.meeting import MeetingCard, came_of
from ui.sharing import Sharing
from ui.theme import SPACE
from ui.widgets.differing import DifferingCard
from ui.widgets.kit_first import KitFirst
from ui.widgets.page import Deck, Page, column, scrolled
from ui.widgets.words import Card, button, heading, plain, row


class SharingPage(Page):
    """Nobody to share with yet, an invitation being written, or the laptops and where they meet."""

    shows = None

    def __init__(self, desk: Desk, sharing: Sharing) -> None:
        super().__init__(desk)
        self.sharing = sharing
        self.known: Found | None = None
        inside = QWidget()
        lines = column(inside)
        lines.addWidget(heading(self.tr("Laptops")))
        lines.addWidget(self.notice)
        self.kit = KitFirst(desk, "sharing")
        self.kit.settled.connect(self.reload)
        lines.addWidget(self.kit)
        self.differing = DifferingCard(desk)
        lines.addWidget(self.differing)
        self.deck = Deck()
        self.first = self._first()
        self.inviting = InvitePart(desk)
        self.inviting.left.connect(self._see)
        self.inviting.wrote.connect(self.reload)
        self.group = self._group()
        for part in (self.first, self.group, self.inviting):
            self.deck.add(part)
        lines.addWidget(self.deck)
        lines.addStretch(1)
        self.area = scrolled(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.area)
        self.setAcceptDrops(True)
        sharing.looked.connect(self._looked)
        self.reload()

    def _first(self) -> Card:
        card = Card()
        card.lines.addWidget(
            plain(
                self.tr(
                    "Two or more laptops can keep one record: they meet by a stick, a shared folder or email, and the "
                    "app never goes online for it."
                )
            )
        )
        self.share = button(self.tr("S&hare with another laptop"), main=True)
        self.share.clicked.connect(self.invite)
        card.lines.addLayout(row(self.share))
        return card

    def _group(self) -> QWidget:
        part = QWidget()
        lines = QVBoxLayout(part)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2 * SPACE)
        self.waiting = Card(self.tr("This laptop waits for the record"))
        self.next = plain()
        self.waiting.lines.addWidget(self.next)
        self.laptops = LaptopsCard(self.desk, self.notice, self.trouble)
        self.laptops.share.connect(self.invite)
        self.meeting = MeetingCard(self.desk, self.sharing, self.trouble)
        self.mail = MailCard(self.desk, self.sharing, lambda part: self.area.ensureWidgetVisible(part))
        for each in (self.waiting, self.laptops, self.meeting, self.mail):
            lines.addWidget(each)
        return part

    # --- what is shown --------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read how the laptops stand."""
        self.differing.reload()
        self.desk.read(
            self, self.tr("Looking how the laptops stand"), lambda connection, _: find(connection),
            self.show_found, self.trouble,
        )  # fmt: skip

    def show_found(self, found: Found) -> None:
        """Show how the laptops stand."""
        self.known = found
        waits = found.joining is not None
        ready = waits or not self.kit.wanted
        # One that has nothing yet has nothing to lose.
        self.kit.setVisible(self.kit.wanted and not waits)
        self.share.setEnabled(ready)
        self.laptops.invite.setEnabled(ready)
        self.waiting.setVisible(waits)
        self.laptops.setVisible(not waits)
        self.next.setText(self._next(found))
        self.laptops.show_found(found)
        self.meeting.show_found(found, ready)
        self.mail.stand(waits, sum(not each.here and not each.removed for each in found.laptops), ready)
        if self.deck.seen() is not self.inviting:
            self._see()

    def _see(self) -> None:
        self.deck.see(self.group if self.known is not None and self.known.shared else self.first)

    def _next(self, found: Found) -> str:
        if found.joining is None:
            return ""
        done = self.sharing.found.done
        if found.folder is None and found.asked:
            text = self.tr(
                "It is the record of %1. An email that asks for it was written here. Next: take it in on %2 and press "
                "“Send by email…” there. Take in here what comes back. Nothing need be written here until then."
            )
        elif found.folder is None:
            text = self.tr(
                "It is the record of %1. Next: choose the shared folder below. It is the stick or the folder that %2 "
                "uses, too. Where there is none, press “Send by email…”: that asks %2 for the record."
            )
        elif done is None or not done.asked:
            text = self.tr("It is the record of %1. Next: put the stick in, and look in the folder here.")
        else:
            text = self.tr(
                "It is the record of %1. This laptop has asked for it. Next: bring the stick to %2 and press “Look "
                "now” there; a folder that a cloud service copies needs no carrying. Then the record comes here when "
                "this laptop looks again. Nothing need be written here until then."
            )
        group, other = found.joining.group_name, found.joining.device_name
        return text.replace("%1", words.within(group)).replace("%2", words.within(other))

    def _looked(self, asked: bool) -> None:
        if asked:
            look = self.sharing.found
            title, sentence = came_of(look)
            if look.error is not None:
                self.trouble(look.error)
            elif title:
                self.notice.good(title, sentence)
        self.reload()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Let in what may have come by email; anything else is for the window."""
        event.setAccepted(bool(self._dropped(event)))

    def dropEvent(self, event: QDropEvent) -> None:
        """Take in what came by email."""
        files = self._dropped(event)
        event.setAccepted(bool(files))
        if files:
            self.mail.take_in(files)

    def _dropped(self, event: QDropEvent) -> list[Path]:
        from cis_desktop.sync.attachments import may_be_one

        urls = event.mimeData().urls()
        files = [Path(each.toLocalFile()) for each in urls if each.isLocalFile()]
        can = self.deck.seen() is self.group and self.mail.take.isEnabled()
        return files if can and (len(files) > 1 or any(each.is_dir() or may_be_one(each) for each in files)) else []

    # --- acts -----------------------------------------------------------------------------------------------

    def invite(self) -> None:
        """Begin an invitation."""
        if self.known is not None and self.share.isEnabled():
            self.notice.clear()
            self.deck.see(self.inviting)
            self.inviting.begin(self.known.here, not self.known.shared)

    def open(self, what: object) -> None:
        """Say what came of taking the record in: ("came", what was told or went wrong)."""
        if not (isinstance(what, tuple) and what[0] == "came"):
            return
        came: Any = what[1]
        if isinstance(came, Told):
            self.notice.good(came.title, came.sentence)
        else:
            self.trouble(came)

    def trouble(self, error: Exception) -> None:
        """Say what went wrong, in sight."""
        super().trouble(error)
        self.area.verticalScrollBar().setValue(0)

    # --- drafts ---------------------------------------------------------------------------------------------

    def drafts(self) -> dict[str, Any]:
        """Give the names half typed; never the six words."""
        asking, laptops = self.inviting, self.laptops
        if self.deck.seen() is self.group and not laptops.naming.isHidden():
            return {"device": laptops.being_named, "named": laptops.name.text()}
        if self.deck.seen() is self.group and not self.mail.asking.isHidden():
            return {"emails": self.mail.out.path.text()}
        if self.deck.seen() is not asking or asking.seen() is not asking.asking:
            return {}
        return {"name": asking.name.text(), "own": asking.own.text(), "out": asking.out.path.text()}

    def restore(self, drafts: dict[str, Any]) -> None:
        """Go on with the invitation or the name that was being written."""
        from cis_desktop.sync.place import shared

        if "device" in drafts:
            self.laptops.go_on_naming(drafts["device"], drafts["named"])
            self.deck.see(self.group)
            return
        if "emails" in drafts:
            self.mail.begin(drafts["emails"])
            self.deck.see(self.group)
            return
        self.deck.see(self.inviting)
        self.inviting.begin(drafts["own"], not shared(self.desk.workspace.read))
        self.inviting.name.setText(drafts["name"])
        self.inviting.out.path.setText(drafts["out"])
