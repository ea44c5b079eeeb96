"""Who can open the vault: with a passphrase or the recovery key, and with nothing that has been tampered with."""

from __future__ import annotations

import base64
import os
import random
import stat
import time
import unicodedata
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from cis_desktop import ways_in
from cis_desktop.errors import CisError
from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace

KEY = bytes(range(32))
WORDS = "correct horse battery staple"


@pytest.fixture(scope="module")
def slots() -> tuple[keys.KeyFile, str]:
    """Make a key file with a person and a recovery kit; give the recovery identity as well."""
    recovery, identity = keys.recovery_slot(KEY)
    return keys.sealed_list((keys.person_slot("Ann", WORDS, KEY, 3), recovery), KEY), identity


def cheap(file: keys.KeyFile) -> keys.KeyFile:
    """Wrap the person's identity again at a cost that lets a test try hundreds of times."""
    identity = keys.open_with(file, WORDS).identity
    salt, nonce = bytes(16), bytes(12)
    wrapping_key = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=8).derive(WORDS.encode())
    wrapped = AESGCM(wrapping_key).encrypt(nonce, identity.encode(), b"cis-vault-keys")
    text = [base64.b64encode(raw).decode() for raw in (salt, nonce, wrapped)]
    wrapping = keys.Wrapping(text[0], 1, 8, 1, text[1], text[2])
    return keys.sealed_list((msgspec.structs.replace(file.slots[0], wrapping=wrapping), file.slots[1]), KEY)


def code_of(refused: pytest.ExceptionInfo[CisError]) -> str:
    error = refused.value
    assert error.title
    assert error.sentence.endswith(".")
    return error.code


def test_the_passphrase_and_the_recovery_key_open_the_same_vault(slots: tuple[keys.KeyFile, str]) -> None:
    file, identity = slots
    assert identity.startswith("AGE-SECRET-KEY-1")
    assert keys.open_with(file, WORDS).key == KEY
    assert keys.open_with(file, WORDS).slot.name == "Ann"
    grouped = " ".join(identity[i : i + 4] for i in range(0, len(identity), 4))
    for typed in (identity, identity.lower(), grouped, f"\n  {grouped.lower()}\t"):
        assert keys.open_with(file, typed).key == KEY


def test_what_is_wrapped_is_never_cheaper_than_promised(slots: tuple[keys.KeyFile, str]) -> None:
    wrapping = slots[0].slots[0].wrapping
    assert wrapping is not None
    assert wrapping.passes >= 3
    assert wrapping.memory_kib >= 64 * 1024
    assert keys.calibrate() >= 3
    first, second = (keys.person_slot("Bo", WORDS, KEY, 3) for _ in range(2))
    assert first.wrapping
    assert second.wrapping
    assert {first.wrapping.salt, first.wrapping.nonce}.isdisjoint({second.wrapping.salt, second.wrapping.nonce})
    assert first.recipient != second.recipient


def test_an_accent_opens_it_however_the_keyboard_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    composed, apart = (unicodedata.normalize(form, "Crème brûlée façade naïf") for form in ("NFC", "NFD"))
    assert composed != apart
    for made, typed in ((composed, apart), (apart, composed)):
        file = keys.sealed_list((keys.person_slot("Ann", made, KEY, 3),), KEY)
        assert keys.open_with_passphrase(file, typed).key == KEY
    with monkeypatch.context() as before:
        before.setattr(keys, "_one_form", str)
        older = keys.sealed_list((keys.person_slot("Ann", apart, KEY, 3),), KEY)
    assert keys.open_with_passphrase(older, apart).key == KEY


def test_a_wrong_passphrase_or_recovery_key_is_told_apart_and_refused(slots: tuple[keys.KeyFile, str]) -> None:
    file, identity = slots
    for wrong in ("", WORDS.upper(), WORDS + " "):
        with pytest.raises(CisError) as refused:
            keys.open_with(file, wrong)
        assert code_of(refused) == "wrong_passphrase"
    _, other = keys.recovery_slot(KEY)
    swapped = identity[:30] + ("Q" if identity[30] != "Q" else "P") + identity[31:]
    for wrong in (other, swapped, identity[:-1], identity + "Q", "AGE-SECRET-KEY-1"):
        with pytest.raises(CisError) as refused:
            keys.open_with(file, wrong)
        assert code_of(refused) == "wrong_recovery_key"


def read_back(raw: bytes, secret: str) -> bytes:
    """Open a key file as a workspace does."""
    file = keys.parse_keys(raw)
    key = keys.open_with(file, secret).key
    keys.check_list(file, key)
    return key


def test_every_flipped_bit_of_the_key_file_is_refused_or_changes_nothing(slots: tuple[keys.KeyFile, str]) -> None:
    file, identity = cheap(slots[0]), slots[1]
    raw = msgspec.json.format(msgspec.json.encode(file), indent=1)
    choose = random.Random(20261123)
    outcomes: Counter[str] = Counter()
    for place in range(len(raw)):
        flipped = bytearray(raw)
        flipped[place] ^= 1 << choose.randrange(8)
        for secret in (WORDS, identity):
            try:
                # It may open where a blank became another, or the name of a key that has a default.
                assert read_back(bytes(flipped), secret) == KEY
                outcomes["opened"] += 1
            except CisError as error:
                outcomes[error.code] += 1
    assert set(outcomes) <= {"opened", "damaged_keys", "newer_version", "wrong_passphrase", "wrong_recovery_key"}
    assert outcomes["opened"] < 0.05 * outcomes.total()


@pytest.mark.parametrize("length", [0, 1, 200, -1])
def test_a_key_file_cut_short_is_refused(slots: tuple[keys.KeyFile, str], length: int) -> None:
    with pytest.raises(CisError) as refused:
        keys.parse_keys(msgspec.json.encode(slots[0])[:length])
    assert code_of(refused) == "damaged_keys"


def test_a_key_file_of_a_newer_version_is_refused_as_such(slots: tuple[keys.KeyFile, str]) -> None:
    with pytest.raises(CisError) as refused:
        keys.parse_keys(msgspec.json.encode(msgspec.structs.replace(slots[0], version=2)))
    assert code_of(refused) == "newer_version"


@pytest.mark.parametrize(
    "hostile", [{"passes": 10**9}, {"memory_kib": 2**31}, {"memory_kib": 2**62}, {"passes": 0}, {"lanes": 4096},
                {"memory_kib": -1}, {"salt": ""}, {"nonce": "AA=="}, {"wrapped": "!"}],
)  # fmt: skip
def test_hostile_costs_are_refused_before_they_cost_anything(
    slots: tuple[keys.KeyFile, str], hostile: dict[str, object]
) -> None:
    person = slots[0].slots[0]
    wrapping = msgspec.structs.replace(person.wrapping, **hostile)
    raw = msgspec.json.encode(keys.KeyFile((msgspec.structs.replace(person, wrapping=wrapping),)))
    started = time.process_time()
    with pytest.raises(CisError) as refused:
        keys.open_with(keys.parse_keys(raw), WORDS)
    assert code_of(refused) in {"damaged_keys", "wrong_passphrase"}
    assert time.process_time() - started < 5


@pytest.mark.parametrize("hostile", [{"passes": 1, "memory_kib": 2**20 + 1}, {"passes": 4, "memory_kib": 2**20}])
def test_what_would_take_the_memory_or_the_time_of_a_small_laptop_is_not_tried(
    slots: tuple[keys.KeyFile, str], hostile: dict[str, int]
) -> None:
    wrapping = msgspec.structs.replace(slots[0].slots[0].wrapping, **hostile)
    file = keys.KeyFile((msgspec.structs.replace(slots[0].slots[0], wrapping=wrapping),))
    with pytest.raises(CisError) as refused:
        keys.open_with(file, WORDS)
    assert code_of(refused) == "damaged_keys"


def test_a_key_file_with_thousands_of_slots_is_refused(slots: tuple[keys.KeyFile, str]) -> None:
    with pytest.raises(CisError) as refused:
        keys.parse_keys(msgspec.json.encode(keys.KeyFile(slots[0].slots * 40)))
    assert code_of(refused) == "damaged_keys"


def test_a_recipient_added_by_somebody_without_the_key_is_refused_before_a_backup_is_sealed_to_it(
    tmp_path: Path,
) -> None:
    with Workspace.create(tmp_path / "group", "Larder", "Ann", WORDS, passes=3) as workspace:
        file = keys.read_keys(workspace.folder)
        stranger, _ = keys.recovery_slot(bytes(32))
        keys.write_keys(workspace.folder, msgspec.structs.replace(file, slots=(*file.slots, stranger)))
        with pytest.raises(CisError) as refused:
            workspace.back_up()
        assert code_of(refused) == "damaged_keys"
        assert list(workspace.folder.rglob("*.cis-backup*")) == []
    with pytest.raises(CisError) as refused:
        Workspace.open(tmp_path / "group", WORDS)
    assert code_of(refused) == "damaged_keys"


def test_a_new_workspace_opens_again_with_either_and_keeps_its_files_private(tmp_path: Path) -> None:
    kit = tmp_path / "kit.txt"
    with Workspace.create(tmp_path / "group", " Larder ", "Ann", WORDS, kit, passes=3) as workspace:
        assert workspace.name == "Larder"
        assert workspace.problems() == []
    (identity,) = [line for line in kit.read_text().splitlines() if line.startswith("AGE-SECRET-KEY-1")]
    with Workspace.open(tmp_path / "group", WORDS) as workspace:
        assert (workspace.who, workspace.name) == ("Ann", "Larder")
    with Workspace.open(tmp_path / "group", identity.lower()) as workspace:
        assert workspace.name == "Larder"
    everything = b"".join(path.read_bytes() for path in (tmp_path / "group").rglob("*") if path.is_file())
    assert identity.encode() not in everything
    assert WORDS.encode() not in everything
    if os.name == "posix":
        assert stat.S_IMODE(kit.stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "group").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("place", "name", "passphrase", "code"),
    [
        ("new", "  ", WORDS, "no_name"),
        ("new", "Larder", "short", "weak_passphrase"),
        ("new", "Larder", "password1234", "weak_passphrase"),
        ("new", "The Larder of Llanfihangel", "Llanfihangel", "weak_passphrase"),
        ("OneDrive - Larder/group", "Larder", WORDS, "cloud_folder"),
        ("Dropbox/group", "Larder", WORDS, "cloud_folder"),
        ("full", "Larder", WORDS, "folder_not_empty"),
        ("full/letter.txt", "Larder", WORDS, "folder_not_empty"),
    ],
)
def test_a_workspace_that_cannot_be_made_leaves_no_trace(
    tmp_path: Path, place: str, name: str, passphrase: str, code: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("kept")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CisError) as refused:
        Workspace.create(tmp_path / place, name, "Ann", passphrase, tmp_path / "kit.txt", passes=3)
    assert code_of(refused) == code
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "full" / "letter.txt").read_text() == "kept"


def test_a_kit_is_never_written_over_another_file(tmp_path: Path) -> None:
    (tmp_path / "kit.txt").write_text("the shopping list")
    with pytest.raises(CisError) as refused:
        Workspace.create(tmp_path / "group", "Larder", "Ann", WORDS, tmp_path / "kit.txt", passes=3)
    assert code_of(refused) == "file_exists"
    assert (tmp_path / "kit.txt").read_text() == "the shopping list"
    assert not (tmp_path / "group").exists()


def test_a_recovery_kit_added_later_opens_the_vault_and_the_backups_made_since(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "group", "Larder", "Ann", WORDS, passes=3) as workspace:
        identity = keys.new_identity()
        assert ways_in.add_recovery(workspace, identity) == identity
        other = ways_in.add_recovery(workspace)
        backup = workspace.back_up()
        assert [slot.kind for slot in keys.read_keys(workspace.folder).slots] == ["person", "recovery", "recovery"]
    for secret in (identity, other, WORDS):
        with Workspace.open(tmp_path / "group", secret) as again:
            assert again.name == "Larder"
    Workspace.restore(backup, tmp_path / "restored", identity.lower()).close()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and identity.encode() in path.read_bytes()]


def test_no_kit_is_added_to_a_list_that_somebody_else_has_written(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "group", "Larder", "Ann", WORDS, passes=3) as workspace:
        file = keys.read_keys(workspace.folder)
        intruder, _ = keys.recovery_slot(bytes(32))
        keys.write_keys(workspace.folder, msgspec.structs.replace(file, slots=(*file.slots, intruder)))
        with pytest.raises(CisError) as refused:
            ways_in.add_recovery(workspace)
        assert code_of(refused) == "damaged_keys"
        many = [*file.slots, *(keys.recovery_slot(workspace.vault.key)[0] for _ in range(keys.MOST_SLOTS - 1))]
        keys.write_keys(workspace.folder, keys.sealed_list(many, workspace.vault.key, file.generation + 1))
        with pytest.raises(CisError) as refused:
            ways_in.add_recovery(workspace)
    assert code_of(refused) == "too_many_keys"
