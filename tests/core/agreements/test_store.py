"""Agreements in a workspace: starters, files brought in, versions, acceptance. And the code lists they name."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cis_desktop.agreements import accept, agreements, find, import_agreement, library
from cis_desktop.agreements.reading import SIGNED, unsigned
from cis_desktop.agreements.signers import check_key
from cis_desktop.errors import CisError
from cis_desktop.figures.coarser import coarsened
from cis_desktop.paths import resources
from cis_desktop.records.code_lists import load_code_lists, shipped
from cis_desktop.strict_json import canonical
from cis_desktop.workspace import Workspace

SMALL = "small-group-return"


COUNCIL, SOMEBODY = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))


def signed(folder: Path, name: str, by: Ed25519PrivateKey, signer: str = "Camden Council", **changes: Any) -> Path:
    """Write an agreement with Camden and sign it."""
    path = written(folder, name, key="camden", parties={"council": {"name": "Camden Council"}}, **changes)
    document = json.loads(path.read_text(encoding="utf-8"))
    signature = by.sign(SIGNED + unsigned(canonical(document))).hex()
    document["signature"] = {
        "by": signer, "public_key": by.public_key().public_bytes_raw().hex(), "signature": signature,
    }  # fmt: skip
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def written(folder: Path, name: str = "mine", **changes: Any) -> Path:
    """Write an agreement of our own: the small group return with other fields."""
    source = resources() / "agreements" / f"{SMALL}.cis-agreement"
    path = folder / f"{name}.cis-agreement"
    path.write_text(json.dumps({**json.loads(source.read_text(encoding="utf-8")), **changes}), encoding="utf-8")
    return path


def test_accepting_a_starter_brings_it_in_with_name_and_day(workspace: Workspace) -> None:
    held = accept(workspace, SMALL, "Ann Ode", date(2026, 11, 22))
    assert (held.accepted_by, held.accepted_on) == ("Ann Ode", "2026-11-22")
    assert [each.agreement.key for each in agreements(workspace.read)] == [SMALL]
    assert held.agreement.hash == next(each.hash for each in library() if each.key == SMALL)


def test_an_imported_file_is_held_whole_and_waits_to_be_accepted(workspace: Workspace, tmp_path: Path) -> None:
    held = import_agreement(workspace, written(tmp_path, key="mine", note_for_later={"x": [1]}))
    (only,) = agreements(workspace.read)
    assert only == held
    assert only.accepted_on is None
    assert json.loads(only.agreement.canonical)["note_for_later"] == {"x": [1]}


def test_the_same_file_twice_is_one_agreement_and_no_second_change(workspace: Workspace, tmp_path: Path) -> None:
    import_agreement(workspace, written(tmp_path, key="mine"))
    before = len(workspace.change_sets())
    import_agreement(workspace, written(tmp_path, "again", key="mine"))
    assert (len(agreements(workspace.read)), len(workspace.change_sets())) == (1, before)


def test_another_text_under_the_same_version_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    import_agreement(workspace, written(tmp_path, key="mine"))
    with pytest.raises(CisError, match="already has version 1 of “mine”"):
        import_agreement(workspace, written(tmp_path, "other", key="mine", title="Something else"))
    assert len(agreements(workspace.read)) == 1


def test_the_newest_version_is_found_by_its_key_and_an_older_one_by_its_number(
    workspace: Workspace, tmp_path: Path
) -> None:
    import_agreement(workspace, written(tmp_path, "two", key="mine", agreement_version=2))
    import_agreement(workspace, written(tmp_path, "one", key="mine"))
    assert find(workspace.read, "mine").agreement.version == 2
    assert find(workspace.read, "mine@1").agreement.version == 1


def test_an_agreement_that_is_not_there_is_named_with_those_that_are(workspace: Workspace) -> None:
    accept(workspace, SMALL, "Ann")
    with pytest.raises(CisError, match=r"No agreement is called “mine”.*“small-group-return”"):
        find(workspace.read, "mine")
    with pytest.raises(CisError, match="accepted by a person"):
        accept(workspace, SMALL, "  ")


def test_an_import_that_was_undone_can_be_made_again(workspace: Workspace, tmp_path: Path) -> None:
    path = written(tmp_path, key="mine")
    import_agreement(workspace, path)
    workspace.undo(workspace.change_sets()[0].id)
    assert agreements(workspace.read) == []
    import_agreement(workspace, path)
    assert [each.agreement.key for each in agreements(workspace.read)] == ["mine"]


def test_an_invalid_file_leaves_the_workspace_as_it_was(workspace: Workspace, tmp_path: Path) -> None:
    before = len(workspace.change_sets())
    with pytest.raises(CisError, match="cannot be used as an agreement"):
        import_agreement(workspace, written(tmp_path, key="mine", tables=[]))
    assert (agreements(workspace.read), len(workspace.change_sets())) == ([], before)


def test_what_was_taken_in_under_milder_checks_is_used_and_its_doubts_are_told(
    workspace: Workspace, tmp_path: Path
) -> None:
    mild = {"profile": "nhs-1to7-round5", "parameters": {"threshold": 3, "zeros": "show", "must_publish": [{}]}}
    document = canonical(json.loads(written(tmp_path, key="mine", disclosure=mild).read_text(encoding="utf-8")))
    with workspace.change("Taken in long ago") as change:
        change.insert(
            "agreements", key="mine", title="Old", version=1, hash=sha256(document).digest(), document=document
        )
    (old,) = agreements(workspace.read)
    assert any("threshold is lower" in doubt for doubt in old.agreement.would_be_refused())
    assert old.agreement.policy().threshold == 8, "no agreement makes a profile milder"
    accept(workspace, "mine", "Ann Ode")
    coarsened(old.agreement, (("ethnic_group", 1),))


def test_code_lists_are_put_into_a_workspace_once_and_under_uids_every_workspace_shares(
    workspace: Workspace, tmp_path: Path
) -> None:
    with workspace.change("Set up") as change:
        load_code_lists(change)
    with workspace.change("Set up again") as change:
        assert load_code_lists(change) == 0
    with Workspace.open_raw(tmp_path / "other", bytes(32), "Ben") as other:
        with other.change("Set up") as change:
            load_code_lists(change)
        for sql in (
            "select uid, name, version from code_lists",
            "select uid, key from codes",
            "select uid from themes",
        ):
            rows = set(workspace.read.execute(sql).fetchall())
            assert rows == set(other.read.execute(sql).fetchall())
            assert len(rows) >= len(shipped())


def test_ethnic_group_is_the_19_groups_of_the_census_within_5() -> None:
    codes = shipped()["ethnic_group", 1].codes
    assert len([code for code in codes if code.broader]) == 19
    assert {code.broader for code in codes} - {None} == {code.key for code in codes if not code.broader}
    assert "roma" in {code.key for code in codes}


def test_needs_and_things_given_lead_to_the_360giving_codes() -> None:
    reasons = {code.outside_code for code in shipped()["need", 1].codes} - {None}
    purposes = {code.outside_code for code in shipped()["item", 1].codes} - {None}
    assert reasons <= {f"GTIR{n:03d}" for n in range(10, 130, 10)}
    assert purposes <= {f"GTIP{n:03d}" for n in range(10, 180, 10)}
    assert len(reasons) == 12
    assert len(purposes) == 17


def test_a_later_agreement_signed_with_another_key_is_refused_until_somebody_says_that_it_is_theirs(
    workspace: Workspace, tmp_path: Path
) -> None:
    import_agreement(workspace, signed(tmp_path, "one", COUNCIL))
    import_agreement(workspace, signed(tmp_path, "two", COUNCIL, agreement_version=2))
    third = signed(tmp_path, "three", SOMEBODY, agreement_version=3)
    elsewhere = signed(tmp_path, "other name", SOMEBODY, signer="Camden  COUNCIL ", agreement_version=3)
    posing = signed(tmp_path, "posing", SOMEBODY, signer="The new officer", agreement_version=3)
    for path in (third, elsewhere, posing):
        with pytest.raises(CisError, match="not the one they signed with before") as refused:
            import_agreement(workspace, path)
        assert refused.value.code == "other_key"
    assert len(agreements(workspace.read)) == 2
    import_agreement(workspace, third, new_key=True)
    import_agreement(workspace, signed(tmp_path, "four", SOMEBODY, agreement_version=4))


def test_an_agreement_that_was_signed_before_is_asked_about_when_it_comes_without_a_signature(
    workspace: Workspace, tmp_path: Path
) -> None:
    import_agreement(workspace, signed(tmp_path, "one", COUNCIL))
    bare = written(tmp_path, "two", key="camden", agreement_version=2, title="Somebody else's")
    with pytest.raises(CisError, match="anybody could have written it"):
        import_agreement(workspace, bare)
    import_agreement(workspace, bare, new_key=True)
    import_agreement(workspace, written(tmp_path, "ours", key="of-our-own"))


def test_a_key_that_came_with_an_agreement_is_known_when_an_answer_comes(workspace: Workspace, tmp_path: Path) -> None:
    import_agreement(workspace, signed(tmp_path, "one", COUNCIL))
    public = SOMEBODY.public_key().public_bytes_raw().hex()
    with workspace.reader() as connection:
        check_key(connection, "an answer", "camden council", COUNCIL.public_key().public_bytes_raw().hex())
        with pytest.raises(CisError, match="not the one they signed with before"):
            check_key(connection, "an answer", "camden council", public)
