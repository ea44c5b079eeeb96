"""Safeguarding concerns: anybody writes one, only the lead and the deputy read it, and none is lost."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from cis_desktop import concern_drafts, concerns, volunteers, ways_in
from cis_desktop.errors import CisError
from cis_desktop.vault import keys, rekey
from cis_desktop.workspace import Workspace

from .concern_group import ANN, BO, CY, NEW, make_group

SECRET = "bruises on both arms"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the group, and a recovery kit of the lead beside it."""
    return make_group(tmp_path / "group", tmp_path / "kit.txt")


def kit_of(folder: Path) -> str:
    return next(line for line in (folder.parent / "kit.txt").read_text().split() if line.startswith("AGE-SECRET"))


def written(folder: Path, secret: str = CY, **more: object) -> str:
    with Workspace.open(folder, secret) as workspace:
        return concerns.write(workspace, f"She had {SECRET}.", "P-0004", **more)  # type: ignore[arg-type]


def seen(folder: Path, secret: str) -> list[str]:
    with Workspace.open(folder, secret) as workspace:
        return [concern.note.words for concern in concerns.listed(workspace)]


def way(workspace: Workspace, name: str) -> str:
    return next(each.id for each in ways_in.listed(workspace) if each.name == name)


def test_lead_and_deputy_read_it_and_whoever_wrote_it_does_not(folder: Path) -> None:
    assert written(folder).startswith("K-")
    assert seen(folder, ANN) == seen(folder, BO) == seen(folder, kit_of(folder)) == [f"She had {SECRET}."]
    assert seen(folder, CY) == []


def test_nothing_of_it_can_be_read_in_the_opened_vault(folder: Path) -> None:
    written(folder)
    with Workspace.open(folder, CY) as workspace:
        plain = folder.parent / "plain.db"
        workspace.read.execute(f"attach '{plain}' as plain key ''")
        workspace.read.execute("pragma query_only = off")
        workspace.read.execute("select sqlcipher_export('plain')")
        workspace.read.execute("detach plain")
    raw = plain.read_bytes()
    assert b"concern_seals" in raw
    assert SECRET.encode() not in raw
    assert b"P-0004" not in raw


def test_a_lead_who_is_its_subject_is_left_out(folder: Path) -> None:
    written(folder, not_for=["ann"])
    assert seen(folder, ANN) == []
    assert seen(folder, BO) == [f"She had {SECRET}."]
    # Nor when it is sealed anew, nor through what is decided on it.
    with Workspace.open(folder, BO) as workspace:
        concerns.decide(workspace, concerns.listed(workspace)[0].id, "Told the council on the same day.")
        concerns.appoint(workspace, way(workspace, "Cy"), "deputy")
    assert seen(folder, ANN) == []
    assert seen(folder, CY) == [f"She had {SECRET}."]


def test_it_is_refused_where_nobody_else_could_read_it(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "group", "Larder", "Ann", ANN, passes=1) as workspace:
        with pytest.raises(CisError) as refused:
            concerns.write(workspace, "Something")
        assert refused.value.code == "no_lead"
        concerns.appoint(workspace, workspace.slot, "lead")
        with pytest.raises(CisError) as refused:
            concerns.write(workspace, "Something", not_for=["Ann"])
        assert refused.value.code == "nobody_left"
        for words in ("  \n", "x" * (concerns.LONGEST + 1)):
            with pytest.raises(CisError) as refused:
                concerns.write(workspace, words)
            assert refused.value.code == "no_words"
        assert workspace.read.execute("select count(*) from concerns").fetchone() == (0,)


def test_decisions_are_kept_in_their_order_and_printed_with_it(folder: Path) -> None:
    written(folder)
    with Workspace.open(folder, ANN) as workspace:
        (concern,) = concerns.listed(workspace)
        concerns.decide(workspace, concern.id, "Rang the council’s team.")
        concerns.decide(workspace, concern.id, "They visit on Monday.")
        (concern,) = concerns.listed(workspace)
        text = concerns.as_text(concern)
    assert [each.words for each in concern.decisions] == ["Rang the council’s team.", "They visit on Monday."]
    assert text.index(SECRET) < text.index("Rang") < text.index("Monday")
    assert "by Cy" in text
    assert "Ann:" in text
    with Workspace.open(folder, CY) as workspace:
        with pytest.raises(CisError) as refused:
            concerns.decide(workspace, concern.id, "Nothing to see.")
        assert refused.value.code == "not_for_you"


def test_only_readers_name_another_who_then_reads_what_was_written_before(folder: Path) -> None:
    written(folder)
    with Workspace.open(folder, CY) as workspace:
        for act in (
            lambda: concerns.appoint(workspace, workspace.slot, "deputy"),
            lambda: concerns.dismiss(workspace, concerns.readers(workspace.read)[0].id),
        ):
            with pytest.raises(CisError) as refused:
                act()
            assert refused.value.code == "not_for_you"
    with Workspace.open(folder, ANN) as workspace:
        concerns.appoint(workspace, way(workspace, "Cy"), "deputy")
    assert seen(folder, CY) == [f"She had {SECRET}."]


def test_a_forgotten_passphrase_of_the_lead_loses_no_concern(folder: Path) -> None:
    written(folder)
    kit = kit_of(folder)
    with Workspace.open(folder, kit) as workspace:
        found = ways_in.recover(workspace, "Ann", NEW, passes=1)
    written(folder)
    assert len(seen(folder, NEW)) == len(seen(folder, found.kit)) == len(seen(folder, BO)) == 2
    with Workspace.open(folder, NEW) as workspace:
        assert [(each.name, each.role) for each in concerns.readers(workspace.read)] == [
            ("Ann", "lead"), ("Bo", "deputy"),
        ]  # fmt: skip


def test_somebody_taken_off_reads_none_that_come_after(folder: Path) -> None:
    with Workspace.open(folder, ANN) as workspace:
        recipient = next(each.recipient for each in concerns.readers(workspace.read) if each.name == "Bo")
        ways_in.remove(workspace, way(workspace, "Bo"))
        assert [each.name for each in concerns.readers(workspace.read)] == ["Ann"]
    written(folder)
    with Workspace.open(folder, ANN) as workspace:
        (concern,) = concerns.listed(workspace)
        assert recipient not in concern.note.readers
        with pytest.raises(CisError) as refused:
            concerns.dismiss(workspace, concerns.readers(workspace.read)[0].id)
        assert refused.value.code == "no_lead"
    assert len(keys.read_keys(folder).slots) == 3


def computers_own(folder: Path) -> str:
    """Let a computer open the record by itself as Ann, and give its identity."""
    with Workspace.open(folder, ANN) as workspace, ways_in.changing(workspace, "Let it open") as ways:
        slot, identity = keys.computer_slot("Ann", workspace.vault.key)
        ways.append(slot)
    return f"{slot.id} {identity}"


def opened_by(folder: Path, computer: str) -> Workspace:
    return Workspace.open_slot(folder, lambda file: keys.open_with_identity(file, *computer.split()))


def test_no_list_of_changes_tells_that_one_was_written_or_how_many_there_are(folder: Path) -> None:
    with Workspace.open(folder, CY) as workspace:
        before = workspace.change_sets()
    first, second = written(folder, not_for=["Ann"]), written(folder)
    with Workspace.open(folder, BO) as workspace:
        concerns.decide(workspace, concerns.listed(workspace)[0].id, "Rang the council.")
    with Workspace.open(folder, ANN) as workspace:
        assert workspace.change_sets() == before
        assert workspace.change_sets(("concerns", 1)) == []
        concerns.appoint(workspace, way(workspace, "Cy"), "deputy")
        # Who reads them is for everybody to see, but not how many were sealed to them on that occasion.
        assert (workspace.change_sets()[0].words, workspace.change_sets()[0].rows) == ("Named who reads concerns", 1)
        who = workspace.read.execute("select who from change_sets where words like '%safeguarding concern'").fetchall()
        assert set(who) == {("Somebody",)}
    assert first != second


def test_neither_a_concern_nor_who_reads_them_is_undone(folder: Path) -> None:
    written(folder)
    with Workspace.open(folder, CY) as workspace:
        rows = workspace.read.execute(
            "select substr(lower(hex(d.uid)), 1, 8) || ':' || s.seq from change_sets s"
            " join devices d on d.id = s.device"
            " where s.words in ('Wrote a safeguarding concern', 'Named who reads concerns')"
        ).fetchall()
        assert len(rows) == 3
        for (change_set,) in rows:
            with pytest.raises(CisError) as refused:
                workspace.undo(change_set)
            assert refused.value.code == "cannot_undo_concern"
    assert seen(folder, ANN) == seen(folder, BO) == [f"She had {SECRET}."]


def test_a_name_that_nobody_has_does_not_pass_for_one_that_is_left_out(folder: Path) -> None:
    with Workspace.open(folder, CY) as workspace:
        with pytest.raises(CisError) as refused:
            concerns.write(workspace, "Something", not_for=["Anne"])
        assert refused.value.code == "no_such_reader"
        assert "Ann and Bo" in refused.value.sentence
        with pytest.raises(CisError) as refused:
            concerns.write(workspace, "Something", about="x" * 501)
        assert refused.value.code == "no_words"
    assert seen(folder, ANN) == []


def test_one_kept_from_every_reader_is_refused_even_where_there_is_a_kit(folder: Path) -> None:
    with Workspace.open(folder, CY) as workspace, pytest.raises(CisError) as refused:
        concerns.write(workspace, "Something", not_for=["Ann", "BO"])
    assert refused.value.code == "nobody_left"


def test_a_lead_cannot_bury_one_by_taking_the_deputy_off(folder: Path) -> None:
    written(folder, not_for=["Ann"])
    with Workspace.open(folder, ANN) as workspace:
        concerns.dismiss(workspace, next(each.id for each in concerns.readers(workspace.read) if each.name == "Bo"))
    written(folder)
    assert len(seen(folder, BO)) == 1
    with Workspace.open(folder, BO) as workspace:
        assert not concerns.may_read(workspace)
        assert concerns.waiting(workspace) == 1
        concerns.decide(workspace, concerns.listed(workspace)[0].id, "Told the council myself.")
        assert [each.words for each in concerns.listed(workspace)[0].decisions] == ["Told the council myself."]
    assert [each for each in seen(folder, ANN) if "Told" in each] == []
    assert len(seen(folder, ANN)) == 1


def test_a_lead_who_comes_back_under_another_name_is_left_out_as_before(folder: Path) -> None:
    written(folder, not_for=["Ann"])
    with Workspace.open(folder, BO) as workspace:
        with workspace.change("Renamed") as change:
            change.connection.execute("update ways_in set name = 'Annabel' where name = 'Ann'")
        concerns.dismiss_gone(
            workspace, next(each.recipient for each in concerns.readers(workspace.read) if each.name == "Ann")
        )
        concerns.appoint(workspace, way(workspace, "Annabel"), "lead")
    assert seen(folder, ANN) == []
    assert len(seen(folder, BO)) == 1


def test_a_new_passphrase_reads_what_the_old_one_read(folder: Path) -> None:
    written(folder)
    with Workspace.open(folder, ANN) as workspace:
        ways_in.change_passphrase(workspace, workspace.slot, ANN, NEW, passes=1)
    assert seen(folder, NEW) == [f"She had {SECRET}."]


def test_a_computer_that_opens_the_record_by_itself_reads_none(folder: Path) -> None:
    computer = computers_own(folder)
    written(folder)
    with opened_by(folder, computer) as workspace:
        assert workspace.who == "Ann"
        assert not concerns.may_read(workspace)
        assert concerns.listed(workspace) == []


def test_what_is_half_written_opens_for_its_writer_alone(folder: Path) -> None:
    computer = computers_own(folder)
    with Workspace.open(folder, CY) as workspace:
        sealed = concern_drafts.seal_draft(workspace, f"She had {SECRET}")
        assert SECRET not in base64.b64decode(sealed).decode("latin-1")
        assert concern_drafts.open_draft(workspace, sealed) == f"She had {SECRET}"
        ways_in.change_passphrase(workspace, workspace.slot, CY, NEW, passes=1)
    with Workspace.open(folder, NEW) as workspace:
        assert concern_drafts.open_draft(workspace, sealed) == f"She had {SECRET}"
    with Workspace.open(folder, ANN) as workspace:
        assert concern_drafts.open_draft(workspace, sealed) is None
        assert concern_drafts.open_draft(workspace, "not a seal") is None
    with opened_by(folder, computer) as workspace:
        begun = concern_drafts.seal_draft(workspace, "Begun")
    for secret, found in ((ANN, "Begun"), (NEW, None)):
        with Workspace.open(folder, secret) as workspace:
            assert concern_drafts.open_draft(workspace, begun) == found


def test_what_a_volunteer_has_half_written_opens_after_their_pin_while_the_program_runs_and_for_nobody_else(
    folder: Path,
) -> None:
    drafts = concern_drafts.DeskDrafts()
    with Workspace.open(folder, ANN) as workspace:
        with workspace.change("Added volunteers") as change:
            bo, di = (volunteers.add(change, name, pin) for name, pin in (("Bo", "4071"), ("Di", "5802")))
        with workspace.change("Kept drafts") as change:
            drafts.keep(change, {bo: f"She had {SECRET}", di: "Another"})
        assert workspace.change_sets(limit=1)[0].words == "Added volunteers"
    with Workspace.open(folder, ANN) as workspace:
        sealed = dict(workspace.read.execute("select name, value from local_notes where name glob 'desk_concern:*'"))
        assert len(sealed) == 2
        for each in sealed.values():
            assert SECRET not in base64.b64decode(each).decode("latin-1")
            assert concern_drafts.open_draft(workspace, each) is None
        # Another window, or this one after the computer stopped, has no key to it.
        assert concern_drafts.DeskDrafts().take(workspace.read, bo) is None
        assert drafts.take(workspace.read, bo) == f"She had {SECRET}"
        assert drafts.take(workspace.read, bo) is None
        # What nobody can open any more is let go of; what somebody can is not.
        with workspace.change("Kept drafts") as change:
            drafts.keep(change, {})
        assert workspace.read.execute(
            "select count(*) from local_notes where name glob 'desk_concern:*'"
        ).fetchone() == (1,)
        assert drafts.take(workspace.read, di) == "Another"


def test_somebody_who_could_not_be_taken_off_goes_on_reading(folder: Path) -> None:
    with Workspace.open(folder, ANN) as workspace:
        (folder / rekey.NEW_FILE).mkdir()
        with pytest.raises(CisError) as refused:
            ways_in.remove(workspace, way(workspace, "Bo"))
        assert refused.value.code == "disk_failing"
        (folder / rekey.NEW_FILE).rmdir()
        assert [each.name for each in concerns.readers(workspace.read)] == ["Ann", "Bo"]
    written(folder)
    assert seen(folder, BO) == [f"She had {SECRET}."]
