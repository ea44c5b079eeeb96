"""How safe the record is, in words: the card on Home that sums it up, and each fact by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cis_desktop import words
from ui.widgets.words import Card, button, plain, row

if TYPE_CHECKING:
    from cis_desktop.health import Health
    from cis_desktop.vault.tables import Connection

ON_HOME = ("backup", "second", "room", "check", "kit", "rehearsal", "laptops", "others")


def tr(text: str) -> str:
    """Translate the words of a fact."""
    return QCoreApplication.translate("SafetyCard", text)


class SafetyCard(Card):
    """Backups, room, the last check, the recovery kit and the other laptops. The page connects the buttons."""

    def __init__(self) -> None:
        super().__init__(self.tr("Is your record safe?"))
        self.whole = plain(self.tr("Looking…"))
        self.points = {name: plain() for name in ON_HOME}
        self.back_up = button(self.tr("Back &up now"))
        self.check = button(self.tr("Check &it now"), name=self.tr("Check the record now"))
        self.kit = button(self.tr("Make a recovery kit"))
        self.laptops = button(self.tr("See the &laptops"))
        self.all = button(self.tr("See all"), name=self.tr("See all about how safe the record is"))
        self.lines.addWidget(self.whole)
        for point in self.points.values():
            self.lines.addWidget(point)
        self.lines.addLayout(row(self.back_up, self.check, self.kit, self.laptops, self.all))

    def show_health(self, health: Health, others: list[str] | None) -> None:
        """Say how safe the record is, and how the other laptops stand (None where there are none)."""
        self.whole.setText(summed_up(health))
        said = facts(health, others)
        for each in (self.points["others"], self.laptops):
            each.setVisible(others is not None)
        for name, point in self.points.items():
            point.setText(said[name])
        # It is told here once it is due; the page behind “See all” has it always.
        self.points["rehearsal"].setVisible(health.rehearsal_wanted)
        self.points["laptops"].setVisible(bool(said["laptops"]))
        self.kit.setText(kit_button(health))
        self.kit.setAccessibleName(self.kit.text())


def summed_up(health: Health) -> str:
    """Say in one sentence whether the record is safe, and what there is to see to."""
    wanted = {
        tr("a backup"): not health.backup_good,
        tr("room on the disk"): not health.room_good,
        tr("a check"): not health.check_good,
        tr("the recovery kit"): health.kit_wanted,
        tr("a rehearsal"): health.rehearsal_wanted,
        tr("the lock"): bool(health.taken_away),
    }
    if not any(wanted.values()):
        return tr("Yes, as far as the app can tell.")
    return tr("Not quite. To see to: %1.").replace("%1", words.listed([name for name, due in wanted.items() if due]))


def kit_button(health: Health) -> str:
    """Give the words of the button that makes a kit."""
    return tr("Make a recovery kit") if health.kit == "none" else tr("Make a new recovery kit")


def standing(connection: Connection) -> list[str] | None:
    """Say how the other laptops stand; None where the record is not shared."""
    from cis_desktop.sync import place

    if not place.shared(connection):
        return None
    if place.waits(connection):
        return [tr("This laptop waits for the record of the other laptops.")]
    from cis_desktop.sync.standing import others

    return others(connection)


def facts(health: Health, others: list[str] | None) -> dict[str, str]:
    """Give every fact in words, by its name."""
    return {
        "backup": _backup(health),
        "second": _second(health),
        "room": _room(health),
        "check": _check(health),
        "rehearsal": _rehearsal(health),
        "kit": _kit(health),
        "people": _people(health),
        "laptops": _laptops(health),
        "change": _change(health),
        "others": _others(others),
    }


def _backup(health: Health) -> str:
    if health.last_backup is None:
        return tr("Backup: none yet. One is made when you lock the record or close the window.")
    said = tr("Backup: %1, opened again and checked.").replace("%1", words.day(health.last_backup))
    return said if health.backup_good else f"{said} {tr('That is more than a week ago.')}"


def _second(health: Health) -> str:
    if health.second_place is None:
        return tr("Second place: none. Choose a stick or another disk in Settings.")
    last = words.day(health.second_backup) if health.second_backup else tr("none yet")
    said = tr("Second place: last copy %1.").replace("%1", last)
    return said if health.second_place_there else f"{said} {tr('It is not there now: put the stick in.')}"


def _room(health: Health) -> str:
    said = tr("Room on the disk: %1 free.").replace("%1", f"{health.free / 1e9:.1f} GB")
    return said if health.room_good else f"{said} {tr('That is too little: empty the waste bin.')}"


def _check(health: Health) -> str:
    if health.checked_on is None:
        return tr("Check: never done on this laptop.")
    day = words.day(health.checked_on)
    if health.problems:
        found = words.count(health.problems, "problem")
        return tr("Check: %1 found on %2. See Help, the bad day.").replace("%1", found).replace("%2", day)
    said = tr("Check: the record was whole on %1.").replace("%1", day)
    return said if health.check_good else f"{said} {tr('It is time for another.')}"


def _rehearsal(health: Health) -> str:
    if health.rehearsed_on is None:
        return tr("Rehearsal: no backup was ever restored here to see that it can be.")
    said = tr("Rehearsal: a backup was restored and compared on %1.").replace("%1", words.day(health.rehearsed_on))
    return said if health.rehearsal_good else f"{said} {tr('That is more than three months ago.')}"


def _kit(health: Health) -> str:
    if health.kit == "proven" and health.kit_proven_on is not None:
        return tr("Recovery kit: proven on %1.").replace("%1", words.day(health.kit_proven_on))
    if health.kit == "unproven":
        return tr("Recovery kit: there is one, but nobody has shown to hold it. Make a new one to be sure.")
    said = tr("Recovery kit: none. Without one, a forgotten passphrase is the end of the record.")
    return f"{said} {tr('You have ten people or more by now.')}" if health.many_people else said


def _people(health: Health) -> str:
    if not health.people:
        return tr("Who can open it: nobody with a passphrase.")
    named = words.listed([words.within(name) for name in health.people])
    said = tr("Who can open it: %1.").replace("%1", named)
    if health.computers:
        said += " " + tr("Computers that open it by themselves: %1.").replace("%1", words.number(health.computers))
    if len(health.people) == 1:
        said += " " + tr("A second person with a passphrase is the simplest way back.")
    return said


def _others(others: list[str] | None) -> str:
    if others is None:
        return tr("Other laptops: none share this record.")
    return "\n".join(others or [tr("Other laptops: none has come in yet.")])


def _laptops(health: Health) -> str:
    """Say what is due since laptops were taken away or somebody was erased; nothing where nothing is."""
    said = []
    if health.taken_away:
        named = words.listed([words.within(name) for name in health.taken_away], tr("and"))
        told = tr("Taken away: %1. Change the lock here; whoever typed a passphrase on it changes theirs.")
        said.append(told.replace("%1", named))
    if health.not_erased:
        named = words.listed([words.within(name) for name in health.not_erased], tr("and"))
        said.append(
            tr("Whoever was erased is not gone yet from %1. They go at the next exchange.").replace("%1", named)
        )
    return " ".join(said)


def _change(health: Health) -> str:
    if health.last_change is None:
        return tr("Last change: none yet.")
    return tr("Last change: %1.").replace("%1", words.day(health.last_change))
