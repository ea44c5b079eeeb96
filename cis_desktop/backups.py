"""Backups that make themselves: when one is due, which old ones may go, and the copy in a second place.

Kept are the newest of each of the last 7 days, 4 weeks and 12 months that have one, and the one before the newest:
after an import or a change of the lock that is how it was before. Only files that carry the name of
a backup made here are ever counted or removed: `2026-11-23T091501Z.cis-backup`.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cis_desktop.errors import CisError
from cis_desktop.local_notes import note, noted
from cis_desktop.saving import settle
from cis_desktop.vault import forgotten, keys
from cis_desktop.vault.backup import cannot_write, tidy
from cis_desktop.vault.progress import Tell, part, untold
from cis_desktop.vault.sets import held
from cis_desktop.vault.tables import Connection
from cis_desktop.vault.undo import find_set
from cis_desktop.workspace import BACKUPS, Workspace

FOLDER = BACKUPS
LAST, DAYS, WEEKS, MONTHS = 2, 7, 4, 12
STAMP = "%Y-%m-%dT%H%M%SZ"
ENDING = ".cis-backup"
SECOND_PLACE, SECOND_AT, CHECKED, REHEARSED = "backups_second_place", "backups_second_at", "checked", "rehearsed"
"""Names of the notes of this device."""
HOLDS = "backup_holds"
"""The note that names the last backup, and what was in the record when it was made."""
MUCH = 1000
"""Rows and fields written, as by an import or by undoing one: nobody should have to do that again."""
WHOLE = 100
"""Rows and fields of a change from which on undoing it is undoing an import, however small."""
MADE = 0.85
"""How far `keep` is once the backup itself is made."""
LUMP = 1 << 20
PATIENCE = 0.1
"""Seconds between two looks, while another backup is being made, at whether to stop waiting."""
_MAKING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was opened and checked when it was made, at `at` (UTC)."""

    path: Path
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What an automatic backup did. `copy` is None without a second place, or where that was not there."""

    path: Path
    copy: Path | None
    removed: tuple[Path, ...]


def made(folder: Path) -> list[Backup]:
    """List the backups in a folder by their names, newest first; other files are none."""
    found = []
    for path in folder.glob(f"*{ENDING}"):
        with suppress(ValueError):
            at = datetime.strptime(path.name.removesuffix(ENDING), STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, at))
    return sorted(found, key=lambda backup: backup.at, reverse=True)


def surplus(backups: Iterable[Backup], now: datetime) -> list[Backup]:
    """Give the backups that may go. One that claims to come from the future is left alone, and counts for nothing."""
    past = sorted((each for each in backups if each.at <= now + timedelta(days=1)), key=lambda each: each.at)[::-1]
    keep = set(past[:LAST])
    periods: tuple[tuple[Callable[[datetime], tuple[int, ...]], int], ...] = (
        (lambda at: (at.year, at.month, at.day), DAYS),
        (lambda at: at.isocalendar()[:2], WEEKS),
        (lambda at: (at.year, at.month), MONTHS),
    )
    for period, most in periods:
        newest: dict[tuple[int, ...], Backup] = {}
        for each in past:
            newest.setdefault(period(each.at), each)
        keep.update(list(newest.values())[:most])
    return [each for each in past if each not in keep]


def due(workspace: Workspace, connection: Connection, now: datetime, after: timedelta, changed: bool = False) -> bool:
    """Say whether the newest backup is older than `after`; with `changed`, and something was written since.

    With `changed`, much that was written since (more than `MUCH`) makes one due however new the last backup is.
    Never for a vault without key slots: a backup of it would be sealed to nobody.
    """
    if not (workspace.folder / keys.FILE_NAME).is_file():
        return False
    # One from the future is of a clock that was wrong: waiting for that day would mean no backup until then.
    last = next((each for each in made(workspace.folder / FOLDER) if each.at <= now + timedelta(days=1)), None)
    if last is None:
        return True
    stamp = last.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    if last.at > now - after:
        return changed and _written(connection, stamp) > MUCH
    newer = connection.execute("select 1 from change_sets where at >= ? limit 1", (stamp,)).fetchone()
    return newer is not None or not changed


def _written(connection: Connection, since: str) -> int:
    """Count the rows and fields written since a time."""
    (made,) = connection.execute(
        "select coalesce(sum(m.last - m.first + 1), 0) from change_sets s join made m on m.set_id = s.id"
        " where s.at >= ?",
        (since,),
    ).fetchone()
    (edited,) = connection.execute(
        "select count(*) from change_sets s join edits e on e.set_id = s.id where s.at >= ?", (since,)
    ).fetchone()
    return int(made) + int(edited)


def before(workspace: Workspace, act: str, tell: Tell = untold) -> Kept | None:
    """Back up before a risky act, unless the newest backup holds all there is; give what was made.

    Raises CisError `no_backup_first` where none could be made. Asked for the same `act` at once again, by somebody who
    has read that, it goes on without. A vault without key slots has none: it would be sealed to nobody.
    """
    if not (workspace.folder / keys.FILE_NAME).is_file():
        return None
    knowingly, workspace.unprotected = workspace.unprotected == act, ""
    try:
        return keep_new(workspace, tell)
    except (CisError, OSError) as error:
        # Only the copy in the second place is missing, or somebody has decided to do without.
        if _is_held(workspace) or knowingly:
            return None
        workspace.unprotected = act
        trouble = error if isinstance(error, CisError) else cannot_write(workspace.folder / FOLDER, error)
        why = trouble.sentence if trouble.code in ("little_room", "disk_full") else f"{trouble.title}."
        raise CisError(
            "no_backup_first",
            "No backup could be made first",
            f"One is made before this, so that there is a way back, and nothing was changed yet. {why} To go on "
            "without a backup, do the same once more.",
        ) from trouble


def is_whole(connection: Connection, change_set: str) -> bool:
    """Say whether a change, named such as `5c4a22af:3`, is as large as an import: undoing it wants a backup first."""
    set_id = find_set(connection, change_set)
    (rows,) = connection.execute(
        "select (select coalesce(sum(last - first + 1), 0) from made where set_id = ?)"
        " + (select count(*) from edits where set_id = ?)",
        (set_id, set_id),
    ).fetchone()
    return int(rows) >= WHOLE


def keep(workspace: Workspace, now: datetime | None = None, tell: Tell = untold) -> Kept:
    """Back up, copy the backup to the second place if that is there, and let go of what is surplus in both.

    `tell` hears how far it is; what it raises ends it, leaving nothing half made. Raises CisError when the backup
    itself could not be made, or its copy not written.
    """
    with _turn(tell):
        return _kept(workspace, now or datetime.now(UTC), tell)


def keep_new(workspace: Workspace, tell: Tell = untold) -> Kept | None:
    """Do what `keep` does, unless the newest backup holds all there is."""
    with _turn(tell):
        return None if _is_held(workspace) else _kept(workspace, datetime.now(UTC), tell)


def _kept(workspace: Workspace, now: datetime, tell: Tell) -> Kept:
    with workspace.reader() as connection:
        holds = _state(connection, workspace.folder)
        second = second_place(connection)
        own = own_folder(connection, second) if second else None
    path = workspace.back_up(tell=part(tell, 0, MADE))
    with workspace.change("Noted a backup") as change:
        note(change.connection, HOLDS, f"{path.name} {holds}")
    removed = _let_go(path.parent, path, now)
    if second is None or own is None or not second.is_dir():
        return Kept(path, None, removed)
    tidy(own)
    copy = copied(path, own, part(tell, MADE, 1))
    if (path.parent / forgotten.FILE_NAME).is_file():
        copied(path.parent / forgotten.FILE_NAME, own)
    with workspace.change("Noted a copy of the backup") as change:
        note(change.connection, SECOND_AT, now.date().isoformat())
    return Kept(path, copy, removed + _let_go(own, copy, now))


@contextmanager
def _turn(tell: Tell) -> Iterator[None]:
    """Wait until no other backup is being made: two of the same second would have one name."""
    while not _MAKING.acquire(timeout=PATIENCE):
        tell(0, 1)
    try:
        yield
    finally:
        _MAKING.release()


def rehearse(workspace: Workspace, now: datetime | None = None, tell: Tell = untold) -> list[str]:
    """Make a backup, restore it into a temporary vault, compare all of both, and note the day if they are the same.

    Gives the tables that differ. `tell` hears how far it is; what it raises ends it. Raises what `Workspace.rehearse`
    raises.
    """
    with _turn(tell):
        different = workspace.rehearse(tell)
    if not different:
        with workspace.change("Noted a rehearsal") as change:
            note(change.connection, REHEARSED, (now or datetime.now(UTC)).date().isoformat())
    return different


def copied(path: Path, folder: Path, tell: Tell = untold) -> Path:
    """Copy a file into a folder, made where its parent is there, and read the copy again.

    Raises CisError `cannot_write`, leaving no half copy; nor does what `tell` raises, which hears how far it is.
    """
    to = folder / path.name
    draft = folder / f"{path.name}.new"
    try:
        if not folder.exists():
            folder.mkdir()
            settle(folder.parent)
        with path.open("rb") as source, draft.open("wb") as target:
            size = os.fstat(source.fileno()).st_size
            while lump := source.read(LUMP):
                tell(target.tell(), size)
                target.write(lump)
            target.flush()
            os.fsync(target.fileno())
        if _digest(draft) != _digest(path):
            raise OSError(None, "what is read there is not what was written")
        draft.replace(to)
        settle(folder)
    except OSError as error:
        raise cannot_write(to, error) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return to


def second_place(connection: Connection) -> Path | None:
    """Give the second folder for backups that was chosen on this device, whether or not it is there now."""
    said = noted(connection, SECOND_PLACE)
    return Path(said) if said else None


def own_folder(connection: Connection, second: Path) -> Path:
    """Give this device's own folder in the second place.

    Two laptops, or two groups, may share a stick; the names of their backups do not tell them apart, and neither may
    let go of the other's.
    """
    (uid,) = connection.execute("select d.uid from writing w join devices d on d.id = w.device").fetchone()
    return second / f"community-insights-{uid.hex()[:8]}"


def _is_held(workspace: Workspace) -> bool:
    """Say whether the newest backup is there and holds all that is in the record now."""
    with workspace.reader() as connection:
        name, _, holds = noted(connection, HOLDS).partition(" ")
        return bool(name) and (workspace.folder / FOLDER / name).is_file() and holds == _state(
            connection, workspace.folder
        )  # fmt: skip


def _state(connection: Connection, folder: Path) -> str:
    """Give what a backup must hold, as a hash: all changes, who can open it, and the originals that are kept."""
    (originals,) = connection.execute(
        "select group_concat(sha256) from (select sha256 from kept_originals order by sha256)"
    ).fetchone()
    there = sorted(held(connection).items()), keys.read_keys(folder).generation, originals
    return hashlib.sha256(repr(there).encode()).hexdigest()


def _let_go(folder: Path, newest: Path, now: datetime) -> tuple[Path, ...]:
    gone = [each.path for each in surplus(made(folder), now) if each.path != newest]
    for path in gone:
        path.unlink(missing_ok=True)
    return tuple(gone)


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
