"""Whether the record is safe, and what is due: facts for the home page, read from the vault and its folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from cis_desktop import backups, ledger
from cis_desktop.agreements import Agreement, agreements
from cis_desktop.errors import CisError
from cis_desktop.figures.periods import Period, period
from cis_desktop.local_notes import note, noted
from cis_desktop.sync import receipts
from cis_desktop.vault import keys, slots
from cis_desktop.vault.history import Change
from cis_desktop.vault.progress import Tell, untold
from cis_desktop.vault.tables import Connection
from cis_desktop.workspace import Workspace, setting

MANY_PEOPLE = 10
"""From so many on, a lost passphrase would be a lost group: the kit is asked for."""
OLD_BACKUP = 7
"""Days."""
OLD_CHECK = 31
"""Days."""
OLD_REHEARSAL = 90
"""Days."""
ROOM = 4
"""A backup needs a few times the room of the record while it is made and checked."""
LEAST_ROOM = 200_000_000
SOON = 14
"""Days ahead that a review is shown."""
MOST_REVIEWS = 5
LATELY = 30
"""Days for which what a council sent is news."""
MOST_POST = 3
EXAMPLE = "example"
"""The setting that marks the example."""
_KIT = "recovery_kit_proven"
"""The note of the kit that somebody has shown to hold: each laptop that shares the record has one of its own."""

Kit = Literal["none", "unproven", "proven"]


@dataclass(frozen=True, slots=True)
class Health:
    """How safe the record is. Days are None where the thing never happened; `second_place` where none was chosen.

    `people` are the names of those with a passphrase; `computers` how many open it by themselves. `taken_away` are
    the laptops since whose removal the lock was not changed here; `not_erased` those that have not said yet that they
    applied every erasure.
    """

    last_backup: date | None
    second_place: Path | None
    second_place_there: bool
    second_backup: date | None
    free: int
    record: int
    checked_on: date | None
    problems: int
    kit: Kit
    kit_proven_on: date | None
    many_people: bool
    today: date
    rehearsed_on: date | None
    people: tuple[str, ...]
    computers: int
    last_change: date | None
    taken_away: tuple[str, ...] = ()
    not_erased: tuple[str, ...] = ()

    @property
    def backup_good(self) -> bool:
        """Say whether the last backup is recent."""
        return self.last_backup is not None and self.today - self.last_backup <= timedelta(days=OLD_BACKUP)

    @property
    def room_good(self) -> bool:
        """Say whether the disk has room for the record to grow and be backed up."""
        return self.free >= max(LEAST_ROOM, ROOM * self.record)

    @property
    def check_good(self) -> bool:
        """Say whether the record was found whole, and lately."""
        recent = self.checked_on is not None and self.today - self.checked_on <= timedelta(days=OLD_CHECK)
        return recent and not self.problems

    @property
    def kit_wanted(self) -> bool:
        """Say whether it is time to ask for a recovery kit."""
        return self.kit != "proven" and self.many_people

    @property
    def rehearsal_good(self) -> bool:
        """Say whether a backup was really restored lately."""
        return self.rehearsed_on is not None and self.today - self.rehearsed_on <= timedelta(days=OLD_REHEARSAL)

    @property
    def rehearsal_wanted(self) -> bool:
        """Say whether it is time to rehearse a restore."""
        return not self.rehearsal_good and self.many_people


@dataclass(frozen=True, slots=True)
class Report:
    """A report that was agreed and not made yet, for the last whole period."""

    agreement: str
    title: str
    period: Period


@dataclass(frozen=True, slots=True)
class Review:
    """An open case that is to be looked at again on a day."""

    case_id: int
    reference: str
    on: date


@dataclass(frozen=True, slots=True)
class Post:
    """Something that a council sent lately."""

    briefing: int
    title: str
    sender: str
    on: date


@dataclass(frozen=True, slots=True)
class Due:
    """What is due, and what came in. `more_reviews` is how many there are beyond those given."""

    reports: tuple[Report, ...]
    reviews: tuple[Review, ...]
    more_reviews: int
    post: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Steps:
    """The first three steps of a new group: which of them are done."""

    kit: bool
    people: bool
    counts: bool

    @property
    def done(self) -> bool:
        """Say whether all are."""
        return self.kit and self.people and self.counts


def health(connection: Connection, folder: Path, today: date | None = None) -> Health:
    """Read how safe the record in `folder` is."""
    last = next(iter(backups.made(folder / backups.FOLDER)), None)
    second = backups.second_place(connection)
    there = second is not None and second.is_dir()
    copy = next(iter(backups.made(backups.own_folder(connection, second))), None) if second and there else None
    copied = _day(noted(connection, backups.SECOND_AT))
    checked, _, problems = noted(connection, backups.CHECKED).partition(" ")
    kit, proven_on = _kit(connection, folder)
    ways = slots.ways_in(connection)
    changed = connection.execute("select at from change_sets order by id desc limit 1").fetchone()
    return Health(
        last_backup=None if last is None else last.at.astimezone().date(),
        second_place=second,
        second_place_there=there,
        second_backup=copy.at.astimezone().date() if copy else copied,
        free=shutil.disk_usage(folder).free,
        record=sum(path.stat().st_size for path in folder.glob("vault.db*")),
        checked_on=_day(checked),
        problems=int(problems) if problems.isdecimal() and len(problems) < 10 else 0,
        kit=kit,
        kit_proven_on=proven_on,
        many_people=_at_least(connection, MANY_PEOPLE),
        today=today or date.today(),
        rehearsed_on=_day(noted(connection, backups.REHEARSED)),
        people=tuple(way.name for way in ways if way.kind == "person"),
        computers=sum(way.kind == "computer" for way in ways),
        last_change=_day(changed[0]) if changed else None,
        taken_away=tuple(each.name for each in receipts.lock_due(connection)),
        not_erased=tuple(
            dict.fromkeys(laptop.name for each in receipts.erasures(connection) for laptop in each.applied.missing)
        ),
    )


def steps(connection: Connection, folder: Path) -> Steps:
    """Say which of the first three steps are done."""
    (accepted,) = connection.execute(
        "select exists (select 1 from agreements where gone = 0 and accepted_on is not null)"
    ).fetchone()
    return Steps(_kit(connection, folder)[0] == "proven", _at_least(connection, 1), bool(accepted))


def kit_first(connection: Connection, folder: Path) -> bool:
    """Say whether a recovery kit must be proven before much comes in or a report leaves.

    Never in the example, nor for a vault without key slots, which no kit could open.
    """
    slotted = (folder / keys.FILE_NAME).is_file()
    return slotted and not is_example(connection) and _kit(connection, folder)[0] != "proven"


def is_example(connection: Connection) -> bool:
    """Say whether a workspace is the example, in which nobody exists."""
    return setting(connection, EXAMPLE) is not None


def due(connection: Connection, today: date) -> Due:
    """List the reports and the case reviews that are due, and what came in lately."""
    until = (today + timedelta(days=SOON)).isoformat()
    where = "from cases where gone = 0 and closed is null and review_on is not null and review_on <= ?"
    rows = connection.execute(f"select id, reference, review_on {where} order by review_on, id", (until,)).fetchall()
    read = [(row[0], row[1], day) for row in rows if (day := _day(row[2]))]
    reviews = [Review(*row) for row in read]
    more = max(0, len(reviews) - MOST_REVIEWS)
    return Due(_reports(connection, today), tuple(reviews[:MOST_REVIEWS]), more, _post(connection, today))


def last_whole(kind: str, today: date) -> Period:
    """Give the last month, quarter or year that is over; the quarter where an agreement leaves it open."""
    length = {"month": 1, "year": 12}.get(kind, 3)
    first = date(today.year, (today.month - 1) // length * length + 1, 1)
    last = first - timedelta(days=1)
    begin = date(last.year, last.month - length + 1, 1)
    return period(f"{begin}..{last}")


def last_asked(agreement: Agreement, today: date) -> Period:
    """Give the last period that is over of the kind an agreement asks for."""
    kinds = {table.period for table in agreement.tables}
    return last_whole(next((kind for kind in ("quarter", "month", "year") if kind in kinds), "any"), today)


def check(workspace: Workspace, tell: Tell = untold) -> list[str]:
    """Check the whole vault, and note when that was and how much was found; give what is wrong in plain words.

    `tell` hears how far it is; what it raises ends it.
    """
    problems = workspace.problems(tell)
    if not workspace.vault.reading:
        with workspace.change("Noted a check of the record") as change:
            note(change.connection, backups.CHECKED, f"{date.today().isoformat()} {len(problems)}")
    return problems


def kit_proven(change: Change, slot: str) -> None:
    """Note that somebody has shown to hold the recovery kit of this slot. Each laptop has kits of its own."""
    note(change.connection, _KIT, f"{slot} {datetime.now(UTC).date().isoformat()}")
    change.touched = frozenset({"settings"})


def _kit(connection: Connection, folder: Path) -> tuple[Kit, date | None]:
    try:
        slots = {slot.id for slot in keys.read_keys(folder).slots if slot.kind == "recovery"}
    except CisError:
        return "none", None
    if not slots:
        return "none", None
    # Before laptops shared a record it was a setting.
    slot, _, on = (noted(connection, _KIT) or setting(connection, _KIT) or "").partition(" ")
    return ("proven", _day(on)) if slot in slots else ("unproven", None)


def _reports(connection: Connection, today: date) -> tuple[Report, ...]:
    held = agreements(connection)
    key_of = {each.agreement.hash: each.agreement.key for each in held}
    made = {
        (key_of.get(entry.agreement_hash), entry.period)
        for entry in ledger.releases(connection)
        if entry.status != "never-left"
    }
    found = {}
    for each in held:
        # The newest version comes first, and takes the place of earlier ones.
        if each.accepted_on is None or each.agreement.key in found:
            continue
        found[each.agreement.key] = Report(each.agreement.key, each.agreement.title, last_asked(each.agreement, today))
    return tuple(
        each
        for each in found.values()
        if (each.agreement, each.period.key) not in made and _anything(connection, each.period)
    )


def _post(connection: Connection, today: date) -> tuple[Post, ...]:
    rows = connection.execute(
        "select id, title, sender, received_on from briefings where gone = 0 and received_on >= ?"
        " order by received_on desc, id desc limit ?",
        ((today - timedelta(days=LATELY)).isoformat(), MOST_POST),
    )
    return tuple(Post(row[0], row[1], row[2], day) for row in rows if (day := _day(row[3])))


def _anything(connection: Connection, when: Period) -> bool:
    """Say whether anything was recorded in a period: a group that began last week owes nothing for last quarter."""
    return any(
        connection.execute(
            f"select 1 from {table} where gone = 0 and {day} between ? and ? limit 1",
            (when.first.isoformat(), when.last.isoformat()),
        ).fetchone()
        for table, day in (("contacts", "on_date"), ("sessions", "on_date"), ("observations", "noticed_on"))
    )


def _at_least(connection: Connection, many: int) -> bool:
    found = connection.execute("select 1 from people where gone = 0 limit 1 offset ?", (many - 1,)).fetchone()
    return found is not None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
