"""Who can open the record: given, changed, taken away; and whoever was taken off is really shut out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cis_desktop import ways_in
from cis_desktop.errors import CisError
from cis_desktop.vault import keys, rekey, slots
from cis_desktop.vault.chunks import open_chunk
from cis_desktop.workspace import Workspace

ANN, BO, NEW = "correct horse battery staple", "purple lantern gravel teapot", "seven quiet otters knitting"


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Workspace]:
    """Give a workspace of Ann's with a person in it and a recovery kit beside it."""
    with Workspace.create(tmp_path / "group", "Larder", "Ann", ANN, tmp_path / "kit.txt", passes=1) as workspace:
        with workspace.change("Added a person") as change:
            change.insert("people", reference=change.next_reference("P"), given_name="Zehra")
        yield workspace


def kit_of(folder: Path) -> str:
    return next(line for line in (folder / "kit.txt").read_text().split() if line.startswith("AGE-SECRET"))


def names(workspace: Workspace, gone: bool = False) -> list[str]:
    return [way.name for way in ways_in.listed(workspace, gone)]


def refused_to(folder: Path, secret: str) -> str:
    with pytest.raises(CisError) as refused:
        Workspace.open(folder, secret)
    assert refused.value.sentence.endswith(".")
    return refused.value.code


def test_each_person_opens_it_under_their_own_name_and_nobody_elses_passphrase_is_asked_for(group: Workspace) -> None:
    ways_in.add_person(group, "  Bo   Ek ", BO, passes=1)
    assert names(group) == ["Ann", "Recovery kit", "Bo Ek"]
    group.close()
    with Workspace.open(group.folder, BO) as again:
        assert again.who == "Bo Ek"
        with again.change("Added a person") as change:
            change.insert("people", reference=change.next_reference("P"))
        assert again.change_sets()[0].who == "Bo Ek"
    with Workspace.open(group.folder, ANN) as again:
        assert again.who == "Ann"


def test_the_key_file_does_not_say_whose_its_slots_are(group: Workspace) -> None:
    ways_in.add_person(group, "Bo Ek", BO, passes=1)
    assert [slot.name for slot in keys.read_keys(group.folder).slots] == ["", "", ""]
    assert "Bo Ek" not in (group.folder / keys.FILE_NAME).read_text()
    backup = group.back_up()
    assert b"Bo Ek" not in backup.read_bytes()
    assert "Ann" not in (group.folder / "vault.lock").read_text()


@pytest.mark.parametrize(
    ("name", "passphrase", "code"),
    [
        ("", BO, "no_name"),
        ("x" * 81, BO, "no_name"),
        (" aNN ", BO, "name_taken"),
        ("Bo", "Bo Larder", "weak_passphrase"),
    ],
)
def test_a_person_needs_a_name_of_their_own_and_a_passphrase_that_holds(
    group: Workspace, name: str, passphrase: str, code: str
) -> None:
    before = (group.folder / keys.FILE_NAME).read_bytes()
    with pytest.raises(CisError) as refused:
        ways_in.add_person(group, name, passphrase, passes=1)
    assert refused.value.code == code
    assert (group.folder / keys.FILE_NAME).read_bytes() == before


def test_a_passphrase_is_changed_by_whoever_knows_it(group: Workspace) -> None:
    with pytest.raises(CisError) as refused:
        ways_in.change_passphrase(group, group.slot or ways_in.listed(group)[0].id, BO, NEW, passes=1)
    assert refused.value.code == "wrong_passphrase"
    ways_in.change_passphrase(group, ways_in.listed(group)[0].id, ANN, NEW, passes=1)
    group.close()
    assert refused_to(group.folder, ANN) == "wrong_passphrase"
    Workspace.open(group.folder, NEW).close()


def test_what_this_computer_unlocks_in_no_time_is_wrapped_more_strongly_by_whoever_knows_the_passphrase(
    group: Workspace,
) -> None:
    assert not ways_in.strengthen(group, ANN)
    group.close()
    with Workspace.open(group.folder, ANN) as again:
        with pytest.raises(CisError) as refused:
            ways_in.strengthen(again, BO)
        assert refused.value.code == "wrong_passphrase"
        assert ways_in.strengthen(again, ANN)
        again.unlocked_in = keys.TARGET_SECONDS
        assert not ways_in.strengthen(again, ANN)
    (slot,) = [slot for slot in keys.read_keys(group.folder).slots if slot.wrapping]
    assert slot.wrapping is not None
    assert slot.wrapping.passes >= keys.LEAST_PASSES
    with Workspace.open(group.folder, ANN) as again:
        assert again.who == "Ann"


def test_somebody_taken_off_is_shut_out_even_with_an_old_copy_of_the_keys(group: Workspace) -> None:
    bo = ways_in.add_person(group, "Bo", BO, passes=1)
    group.back_up(group.folder.parent / "old.cis-backup")
    old_keys = (group.folder / keys.FILE_NAME).read_bytes()
    old_key = group.vault.key
    ways_in.remove(group, bo.id)
    assert group.vault.key != old_key
    assert names(group) == ["Ann", "Recovery kit"]
    assert [(way.name, way.gone_by) for way in ways_in.listed(group, gone=True) if way.gone_at] == [("Bo", "Ann")]
    # It goes on being written to, and searched, under the new key.
    with group.change("Added a person") as change:
        change.insert("people", reference=change.next_reference("P"), given_name="Yusuf")
    assert group.problems() == []
    group.close()
    assert sorted(path.name for path in group.folder.glob("vault.*")) == ["vault.db", "vault.keys", "vault.lock"]
    assert refused_to(group.folder, BO) == "wrong_passphrase"
    stolen = group.folder.parent / "stolen"
    shutil.copytree(group.folder, stolen)
    (stolen / keys.FILE_NAME).write_bytes(old_keys)
    assert refused_to(stolen, BO) == "wrong_key"
    for secret in (ANN, kit_of(group.folder.parent)):
        with Workspace.open(group.folder, secret) as again:
            assert again.read.execute("select given_name from people order by id").fetchall() == [
                ("Zehra",),
                ("Yusuf",),
            ]
    # Said plainly in the help: what was backed up before stays open to them.
    Workspace.restore(group.folder.parent / "old.cis-backup", group.folder.parent / "restored", BO).close()


def test_the_last_passphrase_stays(group: Workspace) -> None:
    with pytest.raises(CisError) as refused:
        ways_in.remove(group, ways_in.listed(group)[0].id)
    assert refused.value.code == "last_way_in"
    assert names(group) == ["Ann", "Recovery kit"]


def test_the_kit_is_turned_into_a_new_passphrase_and_a_new_kit(group: Workspace) -> None:
    ways_in.add_person(group, "Bo", BO, passes=1)
    group.close()
    kit = kit_of(group.folder.parent)
    with Workspace.open(group.folder, kit) as workspace:
        assert workspace.who == "Recovery kit"
        found = ways_in.recover(workspace, "Ann", NEW, passes=1)
        assert workspace.who == "Ann"
        assert names(workspace) == ["Bo", "Ann", "Recovery kit"]
    assert refused_to(group.folder, kit) == "wrong_recovery_key"
    assert refused_to(group.folder, ANN) == "wrong_passphrase"
    for secret, who in ((NEW, "Ann"), (BO, "Bo"), (found.kit, "Recovery kit")):
        with Workspace.open(group.folder, secret) as again:
            assert again.who == who


def test_an_old_list_of_keys_put_back_by_somebody_is_written_anew(group: Workspace) -> None:
    old = (group.folder / keys.FILE_NAME).read_bytes()
    ways_in.add_person(group, "Bo", BO, passes=1)
    ways_in.change_passphrase(group, ways_in.listed(group)[0].id, ANN, NEW, passes=1)
    group.close()
    (group.folder / keys.FILE_NAME).write_bytes(old)
    Workspace.open(group.folder, ANN).close()
    assert refused_to(group.folder, ANN) == "wrong_passphrase"
    Workspace.open(group.folder, BO).close()


def test_a_list_with_names_from_an_earlier_version_is_taken_in_and_written_without_them(tmp_path: Path) -> None:
    key = bytes(range(32))
    with Workspace.open_raw(tmp_path / "group", key, "Ann"):
        keys.write_keys(tmp_path / "group", keys.sealed_list((keys.person_slot("Ann", ANN, key, 1),), key))
    with Workspace.open(tmp_path / "group", ANN) as workspace:
        assert (workspace.who, names(workspace)) == ("Ann", ["Ann"])
    assert [slot.name for slot in keys.read_keys(tmp_path / "group").slots] == [""]


# --- the change of the key, cut off ---------------------------------------------------------------------------


def test_nobody_who_reads_or_writes_meanwhile_is_cut_off(group: Workspace) -> None:
    with group.reader() as connection:
        connection.execute("select count(*) from people").fetchone()
    ways_in.change_lock(group)
    with group.reader() as connection:
        assert connection.execute("select count(*) from people").fetchone() == (1,)


def test_a_change_of_the_key_that_cannot_be_finished_leaves_the_old_one(group: Workspace) -> None:
    key, file = group.vault.key, (group.folder / keys.FILE_NAME).read_bytes()
    (group.folder / rekey.NEW_FILE).mkdir()
    with pytest.raises(CisError) as refused:
        ways_in.change_lock(group)
    assert refused.value.code == "disk_failing"
    assert (group.vault.key, (group.folder / keys.FILE_NAME).read_bytes()) == (key, file)
    (group.folder / rekey.NEW_FILE).rmdir()
    with group.change("Added a person") as change:
        change.insert("people", reference=change.next_reference("P"))
    group.close()
    Workspace.open(group.folder, ANN).close()


def cut_off(group: Workspace, after: str) -> None:
    """Leave a workspace as a process killed during a change of its key would: before or after the copy took over."""
    folder = group.folder
    file = keys.read_keys(folder)
    ways_in.change_lock(group)
    group.close()
    changed = keys.read_keys(folder)
    both = keys.KeyFile(file.slots, file.seal, file.generation, changed)
    if after == "publishing":
        (folder / "vault.db").rename(folder / rekey.NEW_FILE)
        shutil.copyfile(folder.parent / "before.db", folder / "vault.db")
    keys.write_keys(folder, both)


@pytest.mark.parametrize("after", ["publishing", "taking over"])
def test_whoever_opens_it_next_finishes_a_change_of_the_key_that_was_cut_off(group: Workspace, after: str) -> None:
    group.close()
    shutil.copyfile(group.folder / "vault.db", group.folder.parent / "before.db")
    with Workspace.open(group.folder, ANN) as again:
        old = again.vault.key
        cut_off(again, after)
    with Workspace.open(group.folder, ANN) as again:
        assert again.vault.key != old
        assert again.read.execute("select given_name from people").fetchall() == [("Zehra",)]
        assert again.problems() == []
    assert keys.read_keys(group.folder).following is None
    assert not (group.folder / rekey.NEW_FILE).exists()


def test_a_change_of_the_key_whose_copy_is_gone_is_taken_back(group: Workspace) -> None:
    group.close()
    shutil.copyfile(group.folder / "vault.db", group.folder.parent / "before.db")
    with Workspace.open(group.folder, ANN) as again:
        old = again.vault.key
        cut_off(again, "publishing")
    (group.folder / rekey.NEW_FILE).unlink()
    with Workspace.open(group.folder, ANN) as again:
        assert again.vault.key == old
        assert names(again) == ["Ann", "Recovery kit"]
    assert keys.read_keys(group.folder).following is None


def test_no_two_people_have_the_same_passphrase_and_nobody_is_told_whose_it_is(group: Workspace) -> None:
    bo = ways_in.add_person(group, "Bo", BO, passes=1)
    for act in (
        lambda: ways_in.add_person(group, "Cy", ANN, passes=1),
        lambda: ways_in.change_passphrase(group, bo.id, BO, ANN, passes=1),
        lambda: ways_in.recover(group, "Bo", ANN, passes=1),
    ):
        with pytest.raises(CisError) as refused:
            act()
        assert refused.value.code == "passphrase_taken"
        assert "Ann" not in refused.value.sentence
    assert names(group) == ["Ann", "Recovery kit", "Bo"]
    ways_in.change_passphrase(group, bo.id, BO, BO, passes=1)


def test_a_backup_says_that_it_wants_the_passphrase_of_its_day(group: Workspace, tmp_path: Path) -> None:
    backup = group.back_up()
    ways_in.change_passphrase(group, group.slot, ANN, NEW, passes=1)
    for secret in (NEW, keys.new_identity()):
        with pytest.raises(CisError) as refused:
            Workspace.restore(backup, tmp_path / "again", secret)
        assert "of the day it was made" in refused.value.sentence
    Workspace.restore(backup, tmp_path / "again", ANN).close()


# --- what the history says of it ------------------------------------------------------------------------------


def lately(workspace: Workspace, many: int) -> list[tuple[str, str]]:
    return [(one.who, one.words) for one in workspace.change_sets(limit=many)]


def test_each_change_of_who_can_open_it_is_in_the_history_with_who_made_it_and_tells_no_secret(
    group: Workspace,
) -> None:
    told: list[frozenset[str]] = []
    group.subscribe(told.append)
    bo = ways_in.add_person(group, "Bo", BO, passes=1)
    ways_in.change_passphrase(group, group.slot, ANN, NEW, passes=1)
    kit = ways_in.add_recovery(group)
    ways_in.remove(group, bo.id)
    ways_in.remove(group, next(way.id for way in ways_in.listed(group) if way.kind == "recovery"))
    ways_in.change_lock(group)
    assert lately(group, 6) == [
        ("Ann", "Changed the lock"),
        ("Ann", "Took away a recovery kit, and changed the lock"),
        ("Ann", "Took away the passphrase of Bo, and changed the lock"),
        ("Ann", "Made a recovery kit"),
        ("Ann", "Changed the passphrase of Ann"),
        ("Ann", "Gave Bo a passphrase"),
    ]
    # A page that shows the history hears of each.
    assert told == [frozenset({"change_sets"})] * 6
    group.close()
    with Workspace.open(group.folder, kit) as workspace:
        ways_in.recover(workspace, "Ann", ANN, passes=1)
        (came_back,) = lately(workspace, 1)
        assert came_back == ("Recovery kit", "Came in with the recovery kit: a new passphrase for Ann and a new kit")
        assert workspace.problems() == []
        tables = workspace.read.execute(
            "select name from sqlite_master where type = 'table' and name <> 'found'"
        ).fetchall()
        rows = [row for (name,) in tables for row in workspace.read.execute(f"select * from {name}").fetchall()]
        chunks = [open_chunk(body) for (body,) in workspace.read.execute("select body from chunks")]
    for secret in (ANN, BO, NEW, kit, "AGE-SECRET-KEY"):
        assert secret not in f"{rows} {chunks}"


def test_what_the_history_only_notes_cannot_be_undone_and_says_where_to_go(group: Workspace) -> None:
    ways_in.add_person(group, "Bo", BO, passes=1)
    noted = group.change_sets(limit=1)[0]
    with pytest.raises(CisError) as refused:
        group.undo(noted.id)
    assert refused.value.code == "cannot_undo_way_in"
    assert (names(group), group.change_sets(limit=1)[0]) == (["Ann", "Recovery kit", "Bo"], noted)


def test_a_change_of_the_list_that_was_cut_off_is_told_as_what_it_was_under_the_name_of_who_made_it(
    group: Workspace,
) -> None:
    key, file = group.vault.key, keys.read_keys(group.folder)
    ways = [*slots.current(group.read), keys.person_slot("Bo", BO, key, 1)]
    # As a loss of power leaves it between the file and the list.
    with group.change("Gave Bo a passphrase") as change:
        slots.announce(change.connection, ways, "Ann", "Gave Bo a passphrase")
    keys.write_keys(
        group.folder, keys.sealed_list([keys.nameless(each) for each in ways], key, file.generation + 1)
    )  # fmt: skip
    group.close()
    with Workspace.open(group.folder, BO) as again:
        assert again.who == "Bo"
        assert lately(again, 2) == [("Ann", "Gave Bo a passphrase"), ("Ann", "Added a person")]
        assert [way.added_by for way in ways_in.listed(again)] == ["Ann", "Ann", "Ann"]
    with Workspace.open(group.folder, ANN) as again:
        assert lately(again, 1) == [("Ann", "Gave Bo a passphrase")]


def test_an_old_list_put_back_is_in_the_history_under_the_name_of_whoever_opened_it(group: Workspace) -> None:
    old = (group.folder / keys.FILE_NAME).read_bytes()
    ways_in.add_person(group, "Bo", BO, passes=1)
    group.close()
    (group.folder / keys.FILE_NAME).write_bytes(old)
    with Workspace.open(group.folder, ANN) as again:
        assert lately(again, 1) == [("Ann", "Brought the list of who can open it up to date")]
