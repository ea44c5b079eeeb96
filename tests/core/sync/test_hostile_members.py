"""What a laptop of the group writes that no app of ours would stops none of the others."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cis_desktop.sync.believing import refuse_unbelievable
from cis_desktop.sync.laptops import laptops
from cis_desktop.vault.chunks import hashes_of, pack, squeeze
from cis_desktop.vault.merge import Unbelievable
from cis_desktop.vault.sets import ChangeSet, set_hash
from tests.core.sync.group import Group, add, names


def hostile(one: ChangeSet) -> ChangeSet:
    """Give a set with a value that no field can hold."""
    chunks = (squeeze(pack([[["people", 0, ["given_name"]], [[b"u" * 16, {}]]]])),)
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
