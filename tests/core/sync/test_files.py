"""A sync file is read by the laptops it is sealed to, and only as its writer signed it."""

from __future__ import annotations

import random
import zlib
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from cis_desktop.errors import CisError
from cis_desktop.sync import files, packing
from cis_desktop.sync.files import Page
from cis_desktop.vault.chunks import INSERT, UPDATE, Section, seal
from cis_desktop.vault.keys import new_identity, recipient_of
from cis_desktop.vault.sets import is_genuine, set_hash, sets_since
from tests.core.sync.group import Group, add, rename

PRIVATE = bytes(range(32))


def page(**more: object) -> Page:
    return Page("changes", "g", b"d" * 16, "Front", "age1x", 3, "2026-11-23T10:00:00Z", {b"d" * 16: 2}, **more)  # type: ignore[arg-type]


def test_a_page_is_read_back_as_it_was_written_by_whom_it_is_for() -> None:
    reader, other = new_identity(), new_identity()
    raw = files.seal(page(sets=b"abc"), PRIVATE, [recipient_of(reader)])
    found = files.read(raw, [reader])
    assert isinstance(found, files.Read)
    assert found.page == page(sets=b"abc")
    assert files.read(raw, [other]) is None
    assert files.read(raw, [other, reader]) is not None


def test_a_file_with_any_byte_changed_or_missing_is_not_read() -> None:
    reader = new_identity()
    raw = files.seal(page(), PRIVATE, [recipient_of(reader)])
    assert files.read(raw[:-1], [reader]) is None
    for at in range(len(raw)):
        assert files.read(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :], [reader]) is None, at


def test_what_is_inside_counts_only_as_it_was_signed() -> None:
    inside = files.signed(page(), PRIVATE)
    assert files.opened(inside) is not None
    for at in range(len(inside)):
        assert files.opened(inside[:at] + bytes([inside[at] ^ 1]) + inside[at + 1 :]) is None, at


def test_an_introduction_leads_from_key_to_key_and_no_further_than_it_is_true() -> None:
    one, two, three = (bytes([at]) * 32 for at in (1, 2, 3))
    public = {each: files.opened(files.signed(page(), each)).signer for each in (one, two, three)}  # type: ignore[union-attr]
    second = files.introduce(b"d" * 16, public[one], two)
    third = files.introduce(b"e" * 16, public[two], three)
    found = files.opened(files.signed(page(introduced=[second, third]), one))
    assert found is not None
    assert files.introducers(found) == [public[one], public[two], public[three]]
    false = msgspec.structs.replace(third, by=public[one])
    found = files.opened(files.signed(page(introduced=[second, false]), one))
    assert found is not None
    assert files.introducers(found) == [public[one], public[two]]
    # Of another device than the one that wrote.
    found = files.opened(files.signed(page(introduced=[third]), one))
    assert found is not None
    assert files.introducers(found) == [public[one]]


def test_change_sets_come_out_of_their_packing_as_they_went_in(group: Group) -> None:
    back = group.invite("back")
    add(group.front, "Amina")
    group.meet(group.front, back)
    rename(back, "Amina", "Zehra")
    row = add(back, "Forgetme")
    back.erase("Erased somebody", [("people", row)])
    sets = list(sets_since(back.read, {}))
    again = packing.unpack(packing.pack(sets))
    assert again == sets
    assert all(map(is_genuine, again))


@pytest.mark.parametrize("seed", range(3))
def test_a_packing_that_was_changed_is_refused_or_gives_sets_and_never_breaks(group: Group, seed: int) -> None:
    print(f"seed {seed}")
    drawn = random.Random(seed)
    group.invite("back")
    raw = zlib.decompress(packing.pack(list(sets_since(group.front.read, {}))))
    for _ in range(300):
        at = drawn.randrange(len(raw))
        changed = raw[:at] + drawn.randbytes(drawn.randint(0, 3)) + raw[at + drawn.randint(0, 3) :]
        with suppress(ValueError, CisError):
            packing.unpack(zlib.compress(changed))


def test_a_packing_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too large"):
        packing.unpack(zlib.compress(bytes(packing.LARGEST + 10)))


@pytest.mark.parametrize("seed", range(3))
def test_single_edits_are_the_same_sets_again_whatever_they_say_and_replace(group: Group, seed: int) -> None:
    print(f"seed {seed}")
    drawn = random.Random(seed)
    last = next(sets_since(group.front.read, {}))
    devices = [last.device, bytes(16), b"another"]
    rows = [drawn.randbytes(16) for _ in range(3)] + [b"short"]
    sayings = [None, 0, 1, 1.0, 0.0, -0.0, "", "1", b"", "long " * 200, 1 << 62, -5, False]
    times = ["2026-11-23T10:00:00Z", "2026-11-23T23:59:59Z", "2026-11-23T10:00:60Z", "2026-11-23", "", "-W3-T1:+2:-3Z"]
    held, said, sets = dict.fromkeys(devices, 0), {}, []
    for number in range(1, 400):
        device, table, uid = drawn.choice(devices), drawn.choice(("people", "cases")), drawn.choice(rows)
        old, parents = drawn.choice(sayings), [[drawn.choice(devices), drawn.randrange(number)] for _ in range(2)]
        if drawn.random() < 0.7:
            # As it mostly is: it replaces the last that was said.
            old, parents = said.get((table, uid), (None, [[devices[0], 1]]))
        value, op = drawn.choice(sayings), drawn.choice((UPDATE, UPDATE, UPDATE, INSERT))
        held[device] += 1
        said[table, uid] = value, [[device, held[device]]]
        chunks, hashes = seal([Section(table, op, ("note",), [[uid, value, old, parents]])])
        draft = msgspec.structs.replace(
            last, device=device, seq=held[device], at=drawn.choice(times), lamport=drawn.choice((number, 1 << 40)),
            vector={each: drawn.randint(1, 1 << 33) for each in devices if drawn.random() < 0.5},
            chunks=tuple(chunks),
        )  # fmt: skip
        sets.append(msgspec.structs.replace(draft, hash=set_hash(draft, hashes)))
    again = packing.unpack(packing.pack(sets))
    assert again == sets
    # 0.0 and -0.0 are equal, their bytes are not.
    assert [one.chunks for one in again] == [one.chunks for one in sets]


def test_a_packing_in_which_a_set_became_another_is_refused(group: Group) -> None:
    sets = list(sets_since(group.front.read, {}))
    changed = [*sets[:-1], msgspec.structs.replace(sets[-1], words="Something else")]
    with pytest.raises(ValueError, match="not the sets"):
        packing.unpack(packing.pack(changed))
