"""A backup is made by itself before whatever could go wrong: an import, undoing one, a change of the lock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cis_desktop import backups, health
from cis_desktop.cli import main
from cis_desktop.errors import CisError
from cis_desktop.intake import commit as committing
from cis_desktop.intake.draft import draft
from cis_desktop.intake.guessing import guess
from cis_desktop.intake.reading import read
from cis_desktop.local_notes import note
from cis_desktop.records import people
from cis_desktop.workspace import Workspace

ANN = "correct horse battery staple"


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Workspace]:
    """Give Ann's open record."""
    with Workspace.create(tmp_path / "w", "Larder", "Ann", ANN, passes=1) as workspace:
        yield workspace


@pytest.fixture
def place(group: Workspace, tmp_path: Path) -> Path:
    """Give a folder with a closed record in `w`, Ann's passphrase in a file and a list of 40 visits."""
    (tmp_path / "ann").write_text(ANN)
    rows = "\n".join(f"Amina {n},Khan,2026-03-{n % 28 + 1:02d},1" for n in range(40))
    (tmp_path / "list.csv").write_text(f"First name,Surname,Date of visit,Food parcels\n{rows}\n")
    group.close()
    return tmp_path


def backups_of(folder: Path) -> list[Path]:
    return [each.path for each in backups.made(folder / backups.FOLDER)]


def add(workspace: Workspace, name: str = "Amina") -> None:
    with workspace.change("Added a person") as change:
        people.add(change, given_name=name)


def block(folder: Path) -> Path:
    """Let the folder of backups be on a disk that is not there, so that none can be made."""
    blocked = folder / backups.FOLDER
    blocked.symlink_to(folder.parent / "not there" / "backups")
    return blocked


def run(place: Path, *given: object) -> int:
    return main([*map(str, given[:1]), str(place / "w"), *map(str, given[1:]), "--passphrase-file", str(place / "ann")])


# --- when one is made ---------------------------------------------------------------------------------------


def test_one_is_made_unless_the_newest_holds_all_there_is(group: Workspace) -> None:
    first = backups.before(group, "an import")
    assert first is not None
    assert backups.before(group, "an import") is None
    with group.change("Noted something of this device") as change:
        note(change.connection, "half_written", "a draft is no record")
    assert backups.before(group, "an import") is None
    add(group)
    second = backups.before(group, "an import")
    assert second is not None
    second.path.unlink()
    assert backups.before(group, "an import") is not None


def test_what_was_backed_up_because_somebody_asked_counts(group: Workspace) -> None:
    backups.keep(group)
    assert backups.before(group, "an import") is None


def test_a_new_way_in_wants_a_backup_that_opens_with_it(group: Workspace) -> None:
    from cis_desktop import ways_in

    backups.keep(group)
    ways_in.add_person(group, "Bo", "purple lantern gravel teapot", passes=1)
    assert backups.before(group, "the lock") is not None


def test_it_holds_how_it_was_before(group: Workspace, tmp_path: Path) -> None:
    add(group, "Before")
    kept = backups.before(group, "an import")
    assert kept is not None
    add(group, "After")
    with Workspace.restore(kept.path, tmp_path / "again", ANN) as restored:
        assert restored.read.execute("select given_name from people").fetchall() == [("Before",)]


def test_a_record_that_no_key_opens_is_not_backed_up_and_nothing_is_in_the_way(workspace: Workspace) -> None:
    assert backups.before(workspace, "an import") is None


def test_the_one_before_the_newest_stays_for_the_day(group: Workspace) -> None:
    before = backups.before(group, "an import")
    assert before is not None
    add(group)
    os.utime(before.path)
    later = before.path.with_name("2099" + before.path.name[4:])
    before.path.rename(older := before.path.with_name(_earlier(before.path.name)))
    backups.keep(group)
    assert older.exists()
    assert not later.exists()


def _earlier(name: str) -> str:
    """Give the name of a backup of some seconds earlier, in the same minute or in the one before."""
    from datetime import datetime, timedelta

    stamp = datetime.strptime(name.removesuffix(backups.ENDING), backups.STAMP) - timedelta(seconds=5)
    return stamp.strftime(backups.STAMP) + backups.ENDING


# --- when none can be made ----------------------------------------------------------------------------------


def test_without_one_it_is_said_and_only_who_asks_again_goes_on(group: Workspace) -> None:
    blocked = block(group.folder)
    with pytest.raises(CisError) as refused:
        backups.before(group, "an import")
    assert refused.value.code == "no_backup_first"
    assert "once more" in refused.value.sentence
    # Another act has to be told of first.
    with pytest.raises(CisError):
        backups.before(group, "the lock")
    assert backups.before(group, "the lock") is None
    with pytest.raises(CisError):
        backups.before(group, "the lock")
    blocked.unlink()
    assert backups.before(group, "the lock") is not None


def test_a_stick_that_is_full_or_gone_bad_holds_nobody_up(group: Workspace, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with group.change("Chose a second place") as change:
        note(change.connection, backups.SECOND_PLACE, str(stick))
    backups.own_folder(group.read, stick).write_text("in the way")
    assert backups.before(group, "an import") is None
    assert len(backups_of(group.folder)) == 1


# --- the commands -------------------------------------------------------------------------------------------


def test_an_import_and_undoing_it_each_leave_a_backup_of_before(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(place, "import", place / "list.csv", "--dry-run") == 0
    assert backups_of(place / "w") == []
    assert run(place, "import", place / "list.csv") == 0
    (first,) = backups_of(place / "w")
    with Workspace.restore(first, place / "again", ANN) as restored:
        assert restored.read.execute("select count(*) from people").fetchone() == (0,)
    first.rename(first.with_name("2026-01-01T120000Z.cis-backup"))
    with Workspace.open(place / "w", ANN) as opened:
        imported = opened.change_sets()[0].id
    assert run(place, "undo", imported) == 0
    newest = backups_of(place / "w")[0]
    with Workspace.restore(newest, place / "once more", ANN) as restored:
        assert restored.read.execute("select count(*) from people").fetchone() == (40,)


def test_undoing_something_small_makes_none(place: Path) -> None:
    assert run(place, "person", "add", "--field", "given_name=Amina") == 0
    with Workspace.open(place / "w", ANN) as opened:
        added = opened.change_sets()[0].id
    assert run(place, "undo", added) == 0
    assert backups_of(place / "w") == []


@pytest.mark.parametrize("act", [("rekey",), ("keys", "remove", "Bo")])
def test_a_change_of_the_lock_leaves_a_backup_of_before(place: Path, act: tuple[str, ...]) -> None:
    (place / "bo").write_text("purple lantern gravel teapot")
    assert run(place, "keys", "add", "Bo", "--new-passphrase-file", place / "bo") == 0
    assert run(place, *act) == 0
    assert len(backups_of(place / "w")) == 1
    with Workspace.restore(backups_of(place / "w")[0], place / "again", "purple lantern gravel teapot") as restored:
        assert restored.who == "Bo"


@pytest.mark.parametrize("act", ["import", "rekey"])
def test_a_command_that_could_make_none_warns_and_goes_on(
    place: Path, capsys: pytest.CaptureFixture[str], act: str
) -> None:
    block(place / "w")
    assert run(place, act, *([place / "list.csv"] if act == "import" else [])) == 0
    assert "No backup could be made before this" in capsys.readouterr().err
    with Workspace.open(place / "w", ANN) as opened:
        many = 40 if act == "import" else 0
        assert opened.read.execute("select count(*) from people").fetchone() == (many,)


# --- room, and stopping -------------------------------------------------------------------------------------


def test_an_import_that_does_not_fit_is_not_begun(group: Workspace, tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "list.csv").write_text("First name,Surname,Date of visit\nAmina,Khan,2026-03-01\n")
    sheet = read(tmp_path / "list.csv", None)
    drafted = draft(sheet, guess(sheet).mapping)
    monkeypatch.setattr(committing, "ROW", 1 << 60)
    with pytest.raises(CisError) as refused:
        committing.commit(group, drafted)
    assert refused.value.code == "little_room"
    assert group.read.execute("select count(*) from people").fetchone() == (0,)


class Stopped(Exception):
    """Somebody does not want to wait."""


class Work(NamedTuple):
    name: str
    do: Callable[[Workspace, Any], object]


@pytest.mark.parametrize(
    "work",
    [
        Work("backup", lambda workspace, tell: backups.keep(workspace, tell=tell)),
        Work("check", lambda workspace, tell: health.check(workspace, tell)),
        Work("rehearsal", lambda workspace, tell: backups.rehearse(workspace, tell=tell)),
    ],
    ids=lambda work: work.name,
)
def test_it_tells_how_far_it_is_and_stopped_anywhere_leaves_nothing_half_made(
    group: Workspace, tmp_path: Path, work: Work
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with group.change("Chose a second place") as change:
        note(change.connection, backups.SECOND_PLACE, str(stick))
        for n in range(200):
            people.add(change, given_name=f"Amina {n}")
    told: list[float] = []
    work.do(group, lambda done, total: told.append(done / total))
    assert len(told) > 2
    assert told == sorted(told)
    assert 0 <= told[0] < 0.3
    assert 0.5 <= told[-1] <= 1
    for at in range(0, len(told), max(1, len(told) // 10)):
        left = [at]

        def stop(_done: int, _total: int, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Stopped

        with pytest.raises(Stopped):
            work.do(group, stop)
        for folder in (group.folder / backups.FOLDER, backups.own_folder(group.read, stick)):
            others = [each.name for each in folder.glob("*") if each.suffix not in (backups.ENDING, ".json")]
            assert others == [], f"stopped at {at} of {len(told)}"
        add(group)
    for kept in backups_of(group.folder):
        Workspace.restore(kept, tmp_path / kept.stem, ANN).close()


def test_two_backups_asked_for_at_once_are_made_one_after_the_other_and_both_open(
    group: Workspace, tmp_path: Path
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(3) as threads:
        kept = [each.result() for each in [threads.submit(backups.keep, group) for _ in range(3)]]
    for path in {each.path for each in kept if each.path.exists()}:
        Workspace.restore(path, tmp_path / path.stem, ANN).close()
    assert backups_of(group.folder)
    assert list((group.folder / backups.FOLDER).glob(".*")) == []
