"""What a laptop of the group writes that no app of ours would stops none of the others."""

from __future__ import annotations

import zlib

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from cis_desktop.errors import CisError
from cis_desktop.sync import files, held, packing
from cis_desktop.sync import laptops as laptops_
from cis_desktop.sync.believing import MOST, refuse_unbelievable
from cis_desktop.sync.files import Page, Read
from cis_desktop.sync.laptops import laptops
from cis_desktop.sync.place import GROUP
from cis_desktop.sync.receipts import LEFT, give
from cis_desktop.vault.chunks import UPDATE, hashes_of, open_chunk, pack, squeeze
from cis_desktop.vault.merge import Unbelievable, conflicts
from cis_desktop.vault.sets import ChangeSet, set_hash
from cis_desktop.vault.tables import APPLYING
from cis_desktop.workspace import Workspace, setting
from tests.core.sync.group import Group, add, names


def hostile(one: ChangeSet, *sections: object) -> ChangeSet:
    """Give a set with these sections, or else with a value that no field can hold."""
    chunks = (squeeze(pack(sections or [[["people", 0, ["given_name"]], [[b"u" * 16, {}]]]])),)
    made = replace(one, chunks=chunks)
    return replace(made, hash=set_hash(made, hashes_of(chunks)))


def test_one_that_waited_and_cannot_be_applied_keeps_nothing_else_out(group: Group) -> None:
    back = group.invite("back")
    group.meet(back, group.front)
    add(back, "Amina")
    add(back, "Bo")
    first, second = list(back.vault.sets_since(group.front.vault.held()))[-2:]
    assert group.front.vault.receive([hostile(second)]).waiting
    merged = group.front.vault.receive([first])
    assert (merged.applied, merged.waiting) == (1, [])
    with pytest.raises(Unbelievable):
        group.front.vault.receive([hostile(second)])
    group.front.vault.receive([second])
    assert names(group.front) == ["Amina", "Bo"]


def late(group: Group, *sections: object) -> Workspace:
    """Give a laptop whose record was kept apart from one that was taken away, and that wrote this after it."""
    back = group.invite("back")
    group.meet(group.front, back)
    laptops_.remove(group.front, "back")
    add(back, "Late")
    me = laptops_.own(back.read)
    (one,) = back.vault.sets_since({**back.vault.held(), me.device: back.vault.held()[me.device] - 1})
    page = Page("changes", "group", me.device, me.name, me.recipient, 99, "2026-11-23T15:00:00Z", {})
    assert held.keep(group.front, Read(page, me.public), [hostile(one, *sections)])
    return group.front


def test_what_a_removed_laptop_says_of_no_row_keeps_nobody_out(group: Group) -> None:
    front = late(group, [["laptops", UPDATE, ["removed_after"]], [[[], 5, None, []]]])
    assert front.vault.receive([]).applied == 0
    back = laptops(front.read)[-1]
    held.leave(front, back.name)
    assert held.held_back(front.read, back) == []


@pytest.mark.parametrize(
    "section",
    [
        [["people", UPDATE, ["given_name", "note"]], [[bytes(16), 1, 2, []]]],
        [["people); drop table people --", UPDATE, ["given_name"]], [[bytes(16), "x", None, []]]],
        [["people", UPDATE, ["given_name"]], [[[], "x", None, []]]],
    ],
)
def test_what_cannot_be_told_in_words_is_shown_without_them_and_can_be_left(group: Group, section: object) -> None:
    front = late(group, section)
    back = laptops(front.read)[-1]
    (one,) = held.held_back(front.read, back)
    assert (one.words, one.lines) == (held.NO_WORDS, ())
    me = laptops_.begin(front)
    with front.change("Signed what no app of ours does") as change:
        give(change, me, LEFT, f"{back.device}:{'9' * 5000}")
    assert held.held_back(front.read, back) == [one]
    assert held.leave(front, back.name) == 1
    assert held.held_back(front.read, back) == []


def test_a_value_that_no_field_can_hold_is_not_kept_where_another_is_shown(group: Group) -> None:
    back = group.invite("back")
    add(back, "Amina")
    group.meet(back, group.front)
    (uid,) = group.front.read.execute("select uid from people").fetchone()
    add(back, "Bo")
    *_, last = back.vault.sets_since(group.front.vault.held())
    for value in ([], {}):
        section = [["people", UPDATE, ["given_name"]], [[uid, value, None, []]]]
        with pytest.raises(Unbelievable):
            group.front.vault.receive([hostile(replace(last, lamport=1), section)])
    assert conflicts(group.front.read, group.front.vault.tables) == []


def test_a_chunk_that_is_nested_too_deep_is_damaged() -> None:
    deep = b"\x91" * 1_000_000 + b"\x90"
    with pytest.raises(CisError) as told:
        open_chunk(squeeze(deep))
    assert told.value.code == "damaged_history"
    said = msgspec.msgpack.decode(zlib.decompress(packing.pack([])))
    said[-1][5] = ["here"]
    with pytest.raises(ValueError, match="nested without end"):
        packing.unpack(zlib.compress(pack(said).replace(pack("here"), deep)))


@pytest.mark.parametrize("number", ["9", 2**60, -1])
def test_a_number_that_is_none_takes_no_laptop_away(group: Group, number: object) -> None:
    back = group.invite("back")
    with back.change("Said what no app of ours does") as change:
        (row,) = change.connection.execute("select id from laptops where name = 'back'").fetchone()
        change.update("laptops", row, removed_after=3)
    # As another laptop wrote it at the same time, so that it is not what is shown.
    with back.vault.transaction(APPLYING) as connection:
        connection.execute(
            "insert into edits (tbl, row, field, set_id, superseded, value)"
            " values ('laptops', ?, 'removed_after', 1, 0, ?)",
            (row, pack(number)),
        )
    add(group.front, "Amina")
    group.meet(group.front)
    assert group.meet(back)[0].received == 1


@pytest.mark.parametrize("said", [{"device": "ab" * 32}, {"public_key": "ab" * 16}, {"uid": bytes(16)}])
def test_a_row_that_is_no_laptop_of_ours_is_not_on_the_list(group: Group, said: dict[str, object]) -> None:
    me = laptops_.begin(group.front)
    device = str(said.get("device", "ab" * 16))
    row = {"uid": laptops_.uid_of(device), "device": device, "public_key": "ab" * 32, **said}
    with group.front.change("Wrote a row that is no laptop") as change:
        change.insert("laptops", name="x", recipient=me.recipient, **row)
    assert [each.device for each in laptops(group.front.read)] == [group.front.device]


def test_nobody_vouches_for_another_key_of_a_laptop_that_is_there(group: Group) -> None:
    back, third = group.invite("back"), group.invite("third")
    group.meet(group.front, back, third, group.front)
    thief, victim = laptops_.own(back.read), laptops_.own(third.read)
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    introduced = files.introduce(victim.device, public, thief.private)
    group_id = setting(group.front.read, GROUP)
    page = Page(
        "changes", group_id, victim.device, "third", victim.recipient, MOST - 1, "2026-11-23T15:00:00Z", {},
        introduced=[introduced],
    )  # fmt: skip
    path = group.stick / "0123456789abcdef" / f"000001{files.ENDING}"
    path.parent.mkdir()
    path.write_bytes(files.seal(page, key.private_bytes_raw(), [laptops_.own(group.front.read).recipient]))
    assert group.meet(group.front)[0].strange == [path]
    add(third, "Amina")
    group.meet(third, group.front)
    assert names(group.front) == ["Amina"]


@pytest.mark.parametrize("said", [{"lamport": 1 << 62}, {"schema": -(1 << 62)}, {"seq": 0}, {"at": "soon"}])
def test_what_cannot_be_is_not_merged(group: Group, said: dict[str, object]) -> None:
    add(group.front, "Amina")
    sets = list(group.front.vault.sets_since({}))
    refuse_unbelievable(sets)
    with pytest.raises(ValueError, match="cannot be"):
        refuse_unbelievable([*sets[:-1], replace(sets[-1], **said)])  # type: ignore[arg-type]


def test_a_laptop_that_nothing_can_be_sealed_to_is_not_on_the_list(group: Group) -> None:
    back = group.invite("back")
    with back.change("Wrote a row that is no laptop") as change:
        change.insert("laptops", device="zz", name="x", recipient="age1x", public_key="", removed_after=3)
    add(group.front, "Amina")
    group.meet(back, group.front, back)
    assert len(laptops(group.front.read)) == 2
    assert names(back) == ["Amina"]
