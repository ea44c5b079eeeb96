"""What each laptop says that it has done: applied an erasure, changed its lock."""

from __future__ import annotations

from pathlib import Path

from cis_desktop import ways_in
from cis_desktop.health import health
from cis_desktop.sync import held, laptops
from cis_desktop.sync.exchange import exchange
from cis_desktop.sync.receipts import erasures, lock_due, locks
from cis_desktop.workspace import Workspace
from tests.core.sync.group import WORDS, Group, add, names


def said(who: Workspace) -> list[tuple[list[str], list[str]]]:
    """Give, for each erasure, the laptops that applied it and those not heard from."""
    return [
        (sorted(each.name for each, _ in one.applied.done), [each.name for each in one.applied.missing])
        for one in erasures(who.read)
    ]


def test_an_erasure_says_where_it_was_applied_and_what_was_not_heard_from(group: Group) -> None:
    own = laptops.begin(group.front).name
    back, third = group.invite("back"), group.invite("third")
    group.meet(group.front, back, third)
    row = add(group.front, "Forgetme")
    group.meet(group.front, back)
    group.front.erase("Erased a record", [("people", row)])
    assert said(group.front) == [([], [own, "back", "third"])], "nothing is said before it is signed"
    group.meet(group.front, back, group.front)
    assert said(group.front) == [(sorted([own, "back"]), ["third"])]
    assert health(group.front.read, group.front.folder).not_erased == ("third",)
    (one,) = erasures(group.front.read)
    assert "Forgetme" not in str(one)
    assert one.applied.in_words("Applied").endswith("; not heard from: third.")
    group.meet(third, group.front, back)
    assert said(group.front) == said(back) == said(third) == [(sorted([own, "back", "third"]), [])]
    before = group.front.vault.held()
    group.meet(group.front, back, third, group.front)
    assert group.front.vault.held() == before, "each says it once"


def test_a_receipt_that_the_laptop_did_not_sign_counts_for_nothing(group: Group) -> None:
    back = group.invite("back")
    row = add(group.front, "Forgetme")
    group.front.erase("Erased a record", [("people", row)])
    group.meet(group.front)
    uid = group.front.read.execute("select about, at, signature from receipts").fetchone()
    with group.front.change("Forged") as change:
        change.insert("receipts", kind="erased", about=uid[0], device=back.device, at=uid[1], signature=uid[2])
    assert said(group.front)[0][1] == ["back"]


def test_an_old_backup_that_is_restored_and_syncs_brings_nobody_back(group: Group, tmp_path: Path) -> None:
    back = group.invite("back")
    row = add(group.front, "Forgetme")
    add(group.front, "Amina")
    group.meet(group.front, back)
    # Elsewhere than the list of who was erased: only the other laptops know.
    backup = back.back_up(tmp_path / "old.cis-backup")
    old = {path: path.read_bytes() for path in group.files()}
    group.front.erase("Erased a record", [("people", row)])
    group.meet(group.front, back, group.front)
    group.open.remove(back)
    back.close()
    for path, raw in old.items():
        path.parent.joinpath(f"old {path.name}").write_bytes(raw)
    with Workspace.restore(backup, tmp_path / "restored", f"{WORDS} of back") as restored:
        assert "Forgetme" in names(restored)
        for each in (restored, group.front, restored, group.front):
            exchange(each, group.stick)
        assert names(restored) == names(group.front) == ["Amina"]
        assert restored.problems() == []
        (one,) = erasures(restored.read)
        assert restored.device in {each.device for each, _ in one.applied.done}


def test_each_laptop_is_to_change_its_lock_after_one_is_taken_away_and_says_so(group: Group) -> None:
    back, third = group.invite("back"), group.invite("third")
    group.meet(group.front, back, third)
    laptops.remove(group.front, "back")
    group.meet(group.front, third)
    for who in (group.front, third):
        assert [each.name for each in lock_due(who.read)] == ["back"]
        assert health(who.read, who.folder).taken_away == ("back",)
    ways_in.change_lock(third)
    assert lock_due(third.read) == []
    assert lock_due(group.front.read)
    add(back, "Late")
    group.meet(back, group.front)
    held.accept(group.front, "back")
    group.meet(group.front, third, group.front)
    assert lock_due(third.read) == [], "that some of it counts after all does not open the new lock"
    done = locks(group.front.read, back.device)
    assert [each.name for each, _ in done.done] == ["third"]
    # Who comes in later never had a key that the one taken away could know.
    fourth = group.invite("fourth")
    assert lock_due(fourth.read) == []
    laptops.take_back(group.front, "back")
    assert lock_due(group.front.read) == []
    group.meet(group.front, third)
    laptops.remove(third, "back")
    assert [each.name for each in lock_due(third.read)] == ["back"], "once more"
