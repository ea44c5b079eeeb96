"""Safeguarding concerns: anybody writes one, only the lead and the deputy read it, and none is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from cis_desktop import concerns, ways_in
from cis_desktop.errors import CisError
from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace

ANN, BO, CY, NEW = (
    "correct horse battery staple", "purple lantern gravel teapot", "seven quiet otters knitting",
    "window barrel thirteen mossy",
)  # fmt: skip
SECRET = "bruises on both arms"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with Ann (who leads), Bo (the deputy) and Cy (a volunteer), and a recovery kit beside it."""
    folder = tmp_path / "group"
    with Workspace.create(folder, "Larder", "Ann", ANN, tmp_path / "kit.txt", passes=1) as workspace:
        bo = ways_in.add_person(workspace, "Bo", BO, passes=1)
        ways_in.add_person(workspace, "Cy", CY, passes=1)
        concerns.appoint(workspace, workspace.slot, "lead")
        concerns.appoint(workspace, bo.id, "deputy")
    return folder


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
    assert written(folder) == "K-0001"
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


def test_a_new_kit_reads_what_was_written_before_once_a_reader_has_been_there(folder: Path) -> None:
    written(folder)
    with Workspace.open(folder, CY) as workspace:
        kit = ways_in.add_recovery(workspace)
    assert seen(folder, kit) == []
    with Workspace.open(folder, BO) as workspace:
        assert concerns.renew(workspace) == 1
        assert concerns.renew(workspace) == 0
    assert seen(folder, kit) == [f"She had {SECRET}."]


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
