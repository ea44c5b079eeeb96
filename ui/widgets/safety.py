"""The card that says how safe the record is: each point in words, with what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cis_desktop import words
from ui.widgets.words import Card, button, plain, row

if TYPE_CHECKING:
    from cis_desktop.health import Health


class SafetyCard(Card):
    """Backups, room, the last check and the recovery kit. The page connects the three buttons."""

    def __init__(self) -> None:
        super().__init__(self.tr("Is your record safe?"))
        self.whole = plain(self.tr("Looking…"))
        self.points = {name: plain() for name in ("backup", "second", "room", "check", "kit")}
        self.back_up = button(self.tr("Back &up now"))
        self.check = button(self.tr("Check &it now"), name=self.tr("Check the record now"))
        self.kit = button(self.tr("Make a recovery kit"))
        self.lines.addWidget(self.whole)
        for name in ("backup", "second", "room", "check", "kit"):
            self.lines.addWidget(self.points[name])
        self.lines.addLayout(row(self.back_up, self.check, self.kit))

    def show_health(self, health: Health) -> None:
        """Say how safe the record is."""
        care = [
            not health.backup_good,
            not health.room_good,
            not health.check_good,
            health.kit_wanted,
        ]
        self.whole.setText(
            self.tr("Yes, as far as the app can tell.")
            if not any(care)
            else self.tr("Not quite. To see to: %1.").replace("%1", self._what(care))
        )
        for name, text in (
            ("backup", self._backup(health)),
            ("second", self._second(health)),
            ("room", self._room(health)),
            ("check", self._check(health)),
            ("kit", self._kit(health)),
        ):
            self.points[name].setText(text)
        self.kit.setText(self.tr("Make a recovery kit") if health.kit == "none" else self.tr("Make a new recovery kit"))
        self.kit.setAccessibleName(self.kit.text())

    def _what(self, care: list[bool]) -> str:
        named = (self.tr("a backup"), self.tr("room on the disk"), self.tr("a check"), self.tr("the recovery kit"))
        return words.listed([name for name, wanted in zip(named, care, strict=True) if wanted])

    def _backup(self, health: Health) -> str:
        if health.last_backup is None:
            return self.tr("Backup: none yet. One is made when you lock the record or close the window.")
        said = self.tr("Backup: %1, opened again and checked.").replace("%1", words.day(health.last_backup))
        return said if health.backup_good else f"{said} {self.tr('That is more than a week ago.')}"

    def _second(self, health: Health) -> str:
        if health.second_place is None:
            return self.tr("Second place: none. Choose a stick or another disk in Settings.")
        last = words.day(health.second_backup) if health.second_backup else self.tr("none yet")
        said = self.tr("Second place: last copy %1.").replace("%1", last)
        return said if health.second_place_there else f"{said} {self.tr('It is not there now: put the stick in.')}"

    def _room(self, health: Health) -> str:
        said = self.tr("Room on the disk: %1 free.").replace("%1", f"{health.free / 1e9:.1f} GB")
        return said if health.room_good else f"{said} {self.tr('That is too little: empty the waste bin.')}"

    def _check(self, health: Health) -> str:
        if health.checked_on is None:
            return self.tr("Check: never done on this laptop.")
        day = words.day(health.checked_on)
        if health.problems:
            found = words.count(health.problems, "problem")
            return self.tr("Check: %1 found on %2. See Help, the bad day.").replace("%1", found).replace("%2", day)
        said = self.tr("Check: the record was whole on %1.").replace("%1", day)
        return said if health.check_good else f"{said} {self.tr('It is time for another.')}"

    def _kit(self, health: Health) -> str:
        if health.kit == "proven" and health.kit_proven_on is not None:
            return self.tr("Recovery kit: proven on %1.").replace("%1", words.day(health.kit_proven_on))
        if health.kit == "unproven":
            return self.tr("Recovery kit: there is one, but nobody has shown to hold it. Make a new one to be sure.")
        said = self.tr("Recovery kit: none. Without one, a forgotten passphrase is the end of the record.")
        return f"{said} {self.tr('You have ten people or more by now.')}" if health.many_people else said
