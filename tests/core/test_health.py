"""What Home is told: whether the record is safe, and what is due; and backups that make and tidy themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cis_desktop import backups, health, ledger, ways_in
from cis_desktop.agreements import accept
from cis_desktop.errors import CisError
from cis_desktop.local_notes import note
from cis_desktop.records import cases, contacts, people
from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
KEY = bytes(range(32))


@pytest.fixture
def group(workspace: Workspace) -> Workspace:
    """Give a workspace with the starter lists, and a key slot to seal backups to."""
    with workspace.change("Put in the starter lists") as change:
        load_code_lists(change)
    slot = keys.person_slot("Ann", "four words that fit", KEY, 1)
    keys.write_keys(workspace.folder, keys.sealed_list((slot,), KEY))
    return workspace


def visited(workspace: Workspace, on: str, many: int = 1) -> list[int]:
    """Add people who came once on a day."""
    with workspace.change("Added people") as change:
        made = [people.add(change, given_name="Amina") for _ in range(many)]
        for person in made:
            contacts.add(change, on, [], ["food"], 1, person_id=person, kind="visit")
    return made


# --- what is due --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "today", "key"),
    [
        ("quarter", date(2026, 11, 23), "2026-Q3"),
        ("quarter", date(2026, 1, 1), "2025-Q4"),
        ("month", date(2026, 3, 31), "2026-02"),
        ("year", date(2026, 1, 1), "2025"),
        ("any", date(2026, 7, 1), "2026-Q2"),
    ],
)
def test_the_last_whole_period_is_the_one_that_is_over(kind: str, today: date, key: str) -> None:
    assert health.last_whole(kind, today).key == key


def test_a_report_is_due_once_its_quarter_is_over_and_until_it_is_made(group: Workspace) -> None:
    assert health.due(group.read, TODAY) == health.Due((), (), 0)
    held = accept(group, "food-support-quarterly-return", "Ann")
    assert health.due(group.read, TODAY).reports == ()
    visited(group, "2026-08-03")
    (report,) = health.due(group.read, TODAY).reports
    assert (report.agreement, report.period.key) == ("food-support-quarterly-return", "2026-Q3")
    assert health.due(group.read, date(2026, 9, 30)).reports == ()
    entry = ledger.Entry(
        "aa" * 8, "Larder", held.agreement.title, held.agreement.hash, "2026-Q3", "", "2026-10-02T10:00:00Z", "Ann",
        "00" * 32, {},
    )  # fmt: skip
    with group.change("Released") as change:
        ledger.record(change, entry, held.agreement.policy(), [], [])
    assert health.due(group.read, TODAY).reports == ()
    ledger.mark(group, "aa" * 8, "never-left")
    assert [each.period.key for each in health.due(group.read, TODAY).reports] == ["2026-Q3"]


def test_open_cases_are_due_for_review_in_order_and_the_rest_are_counted(group: Workspace) -> None:
    (person,) = visited(group, "2026-08-03")
    days = ["2026-12-07", "2026-12-08", "2026-11-01", "2025-02-03", "2026-11-23", "2026-11-24", "2026-11-25", None]
    with group.change("Opened cases") as change:
        made = [cases.open_case(change, "debt", person_id=person, review_on=day) for day in days]
    with group.change("Closed one") as change:
        change.update("cases", made[2], closed="2026-11-02")
    found = health.due(group.read, TODAY)
    assert [each.on.isoformat() for each in found.reviews] == [
        "2025-02-03", "2026-11-23", "2026-11-24", "2026-11-25", "2026-12-07",
    ]  # fmt: skip
    assert found.more_reviews == 0
    assert found.reviews[0].reference.startswith("C-")
    assert health.due(group.read, TODAY + timedelta(days=1)).more_reviews == 1


# --- whether it is safe -------------------------------------------------------------------------------------


def test_a_new_record_says_that_nothing_was_backed_up_or_checked(group: Workspace) -> None:
    found = health.health(group.read, group.folder, TODAY)
    assert (found.last_backup, found.checked_on, found.kit) == (None, None, "none")
    assert not found.backup_good
    assert not found.check_good
    assert not found.kit_wanted
    assert found.free > 0
    assert found.record > 4096
    assert health.steps(group.read, group.folder) == health.Steps(False, False, False)


def test_a_backup_and_a_check_are_told_with_their_days(group: Workspace) -> None:
    group.back_up()
    assert health.check(group) == []
    found = health.health(group.read, group.folder)
    assert (found.last_backup, found.checked_on) == (date.today(), date.today())
    assert found.backup_good
    assert found.check_good
    later = health.health(group.read, group.folder, date.today() + timedelta(days=40))
    assert not later.backup_good
    assert not later.check_good


def test_damage_that_a_check_finds_stays_on_the_card(group: Workspace) -> None:
    group.vault.read.execute("select 1")
    with group.change("Broke it") as change:
        change.connection.execute("drop trigger history_people_note")
    found = health.check(group)
    assert len(found) == 1
    told = health.health(group.read, group.folder)
    assert told.problems == 1
    assert not told.check_good


@pytest.mark.parametrize("many", ["²", "9" * 5000, "-1", "", "many"])
def test_a_note_of_a_check_that_says_no_number_hides_nothing_else(group: Workspace, many: str) -> None:
    with group.change("Wrote an odd note") as change:
        note(change.connection, backups.CHECKED, f"2026-11-23 {many}")
    found = health.health(group.read, group.folder)
    assert (found.checked_on, found.problems) == (date(2026, 11, 23), 0)


def test_a_kit_counts_when_somebody_has_shown_to_hold_it(group: Workspace) -> None:
    visited(group, "2026-08-03", many=9)
    assert not health.health(group.read, group.folder).kit_wanted
    visited(group, "2026-08-04")
    assert health.health(group.read, group.folder).kit_wanted
    identity = ways_in.add_recovery(group)
    assert health.health(group.read, group.folder).kit == "unproven"
    slot = keys.open_with_recovery(keys.read_keys(group.folder), identity).slot.id
    with group.change("Proved the recovery kit") as change:
        health.kit_proven(change, slot)
    found = health.health(group.read, group.folder)
    assert (found.kit, found.kit_wanted) == ("proven", False)
    assert found.kit_proven_on is not None
    assert health.steps(group.read, group.folder) == health.Steps(True, True, False)
    only = keys.read_keys(group.folder).slots[:1]
    keys.write_keys(group.folder, keys.sealed_list(only, KEY))
    assert health.health(group.read, group.folder).kit == "none"


# --- backups that make themselves ---------------------------------------------------------------------------


def stamped(folder: Path, at: datetime) -> Path:
    """Put a file with the name of a backup into a folder."""
    folder.mkdir(exist_ok=True)
    path = folder / at.strftime(backups.STAMP + backups.ENDING)
    path.write_bytes(b"sealed")
    return path


def test_seven_days_four_weeks_and_twelve_months_are_kept(tmp_path: Path) -> None:
    for day in range(500):
        stamped(tmp_path, NOW - timedelta(days=day))
        stamped(tmp_path, NOW - timedelta(days=day, hours=3))
    found = backups.made(tmp_path)
    gone = set(backups.surplus(found, NOW))
    left = [each.at for each in found if each not in gone]
    # And how it was before the newest, whatever day that is of.
    assert left.pop(1) == NOW - timedelta(hours=3)
    assert left[:7] == [NOW - timedelta(days=day) for day in range(7)]
    # Sundays end the weeks of ISO 8601; this Monday is the first day of one.
    assert {at.date() for at in left} >= {date(2026, 11, day) for day in (23, 22, 15, 8)}
    assert {at.strftime("%Y-%m") for at in left} == {
        "2025-12", *(f"2026-{month:02d}" for month in range(1, 12))
    }  # fmt: skip
    assert len(left) == 7 + 2 + 11
    assert {at.date() for at in left} >= {date(2026, 10, 31), date(2026, 2, 28), date(2025, 12, 31)}


def test_the_newest_stays_and_so_does_one_from_a_clock_that_was_wrong(tmp_path: Path) -> None:
    future = stamped(tmp_path, NOW + timedelta(days=4000))
    old = stamped(tmp_path, NOW - timedelta(days=4000))
    found = backups.made(tmp_path)
    assert [each.path for each in found] == [future, old]
    assert backups.surplus(found, NOW) == []


def test_an_automatic_backup_opens_tidies_and_leaves_the_files_of_others_alone(
    group: Workspace, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    second = backups.own_folder(group.read, stick)
    folder = group.folder / backups.FOLDER
    now = datetime.now(UTC)
    for place in (folder, second):
        for day in range(1, 40):
            stamped(place, now - timedelta(days=day, hours=1))
            stamped(place, now - timedelta(days=day, hours=2))
        (place / "before the move.cis-backup").write_bytes(b"named by hand")
        (place / "letter.odt").write_bytes(b"a letter")
    with group.change("Chose a second place") as change:
        note(change.connection, backups.SECOND_PLACE, str(stick))
    anothers = [stamped(stick, now - timedelta(days=day)) for day in range(1, 40)]
    kept = backups.keep(group)
    assert kept.copy is not None
    assert all(path.exists() for path in anothers)
    assert kept.copy.read_bytes() == kept.path.read_bytes()
    for place in (folder, second):
        assert 10 <= len(backups.made(place)) <= 16
        assert backups.made(place)[0].path.name == kept.path.name
        assert (place / "before the move.cis-backup").exists()
        assert (place / "letter.odt").exists()
    with Workspace.restore(kept.copy, tmp_path / "restored", "four words that fit") as restored:
        assert restored.who == "Ann"
    found = health.health(group.read, group.folder)
    assert (found.second_place, found.second_place_there, found.second_backup) == (stick, True, date.today())


def test_a_stick_that_is_not_in_keeps_no_backup_from_being_made(group: Workspace, tmp_path: Path) -> None:
    with group.change("Chose a second place") as change:
        note(change.connection, backups.SECOND_PLACE, str(tmp_path / "stick"))
        note(change.connection, backups.SECOND_AT, "2026-10-01")
    kept = backups.keep(group)
    assert kept.path.exists()
    assert kept.copy is None
    found = health.health(group.read, group.folder)
    assert not found.second_place_there
    assert found.second_backup == date(2026, 10, 1)


def test_a_copy_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    source = stamped(tmp_path / "here", NOW)
    with pytest.raises(CisError) as refused:
        backups.copied(source, tmp_path / "not there" / "own")
    assert refused.value.code == "cannot_write"
    assert not (tmp_path / "not there").exists()


def test_a_backup_is_due_when_the_last_is_old_or_something_was_written_since(group: Workspace) -> None:
    day, hour, now = timedelta(days=1), timedelta(hours=4), datetime.now(UTC)

    def is_due(after: timedelta, at: datetime, **more: bool) -> bool:
        return backups.due(group, group.read, at, after, **more)

    assert is_due(day, now)
    group.back_up()
    assert not is_due(day, now)
    assert is_due(day, now + timedelta(hours=25))
    later = now + timedelta(hours=5)
    # What was written is from before a backup of five minutes on, and from after one of an hour ago.
    folder = group.folder / backups.FOLDER
    backups.made(folder)[0].path.rename(stamped(folder, now + timedelta(minutes=5)))
    assert not is_due(hour, later, changed=True)
    assert is_due(hour, later)
    backups.made(folder)[0].path.rename(stamped(folder, now - timedelta(hours=1)))
    assert is_due(hour, later, changed=True)


def test_after_a_large_change_a_backup_is_due_however_new_the_last_one_is(group: Workspace) -> None:
    hours, now = timedelta(hours=4), datetime.now(UTC)
    folder = group.folder / backups.FOLDER
    group.back_up().rename(stamped(folder, now - timedelta(minutes=5)))
    assert not backups.due(group, group.read, now, hours, changed=True)
    with group.change("Brought in a spreadsheet") as change:
        for n in range(backups.MUCH + 1):
            people.add(change, given_name=f"Amina {n}")
    assert backups.due(group, group.read, now, hours, changed=True)
    # Unlocking asks for nothing but the age of the last one.
    assert not backups.due(group, group.read, now, hours)
    group.back_up().rename(stamped(folder, now + timedelta(minutes=5)))
    assert not backups.due(group, group.read, now + timedelta(minutes=6), hours, changed=True)


def test_a_vault_without_key_slots_is_never_due(workspace: Workspace) -> None:
    assert not backups.due(workspace, workspace.read, NOW, timedelta(0))


def test_backups_are_read_by_their_names(tmp_path: Path, group: Workspace) -> None:
    path = group.back_up()
    (found,) = backups.made(path.parent)
    assert found.path == path
    assert abs(found.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert backups.made(tmp_path / "none") == []
