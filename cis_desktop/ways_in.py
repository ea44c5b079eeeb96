"""Who can open the record here: people with their passphrases, the recovery kit, and this computer by itself.

All of it needs an open workspace and nobody else's passphrase. Taking a way in away changes the vault key, so that an
old copy of `vault.keys` does not open the record of today; backups made before stay open to whoever kept their keys.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from cis_desktop import concerns, passphrases
from cis_desktop.errors import CisError
from cis_desktop.vault import keys, rekey, slots
from cis_desktop.vault.backup import cannot_write
from cis_desktop.vault.database import disk_full
from cis_desktop.vault.keys import Slot
from cis_desktop.vault.slots import WayIn
from cis_desktop.words import same
from cis_desktop.workspace import Workspace

MOST_NAME = 80
REMOVED = {
    "person": "the passphrase of %1",
    "recovery": "a recovery kit",
    "computer": "the computer of %1 that opened it by itself",
}
"""What the history says was taken away."""


def listed(workspace: Workspace, gone: bool = False) -> list[WayIn]:
    """List who and what can open the record; with `gone` also what no longer can."""
    return slots.ways_in(workspace.read, gone)


def own(workspace: Workspace) -> WayIn | None:
    """Give the passphrase of whoever has the record open, also where this computer opened it for them."""
    people = [way for way in listed(workspace) if way.kind == "person"]
    return next(
        (way for way in people if way.id == workspace.slot),
        next((way for way in people if same(way.name, workspace.who)), None),
    )


def confirm(workspace: Workspace, passphrase: str) -> None:
    """Make sure that whoever is at the keys knows the passphrase of whoever has the record open.

    Raises CisError `not_yours`: a record left open must not give its keys away.
    """
    way = own(workspace)
    slots_now = [slot for slot in slots.current(workspace.read) if slot.wrapping and (way is None or slot.id == way.id)]
    try:
        keys.open_with_passphrase(keys.KeyFile(tuple(slots_now)), passphrase)
    except CisError as error:
        if error.code != "wrong_passphrase":
            raise
        raise CisError(
            "not_yours",
            "That is not your passphrase",
            "Who can open the record is changed only by somebody who knows the passphrase it was opened with. Nothing "
            "was changed. Check Caps Lock and type it again.",
        ) from error


def asks_for_kit(workspace: Workspace) -> bool:
    """Say whether a kit is made only after `confirm`: always, but for the first one of a record made a moment ago."""
    ways = listed(workspace)
    first = workspace.new and not any(way.kind == "recovery" for way in ways)
    return not first and any(way.kind == "person" for way in ways)


def add_person(workspace: Workspace, name: str, passphrase: str, passes: int | None = None) -> WayIn:
    """Give somebody a passphrase of their own. Raises CisError for a name or a passphrase that does not do."""
    name = _new_name(workspace, name)
    passphrases.refuse_weak(passphrase, (name, workspace.name))
    _refuse_taken(passphrase, slots.current(workspace.read))
    slot = keys.person_slot(name, passphrase, workspace.vault.key, passes)
    with changing(workspace, f"Gave {name} a passphrase") as ways:
        ways.append(slot)
    return way_of(workspace, slot.id)


def change_passphrase(workspace: Workspace, slot_id: str, old: str, new: str, passes: int | None = None) -> None:
    """Change one person's passphrase, which they must know.

    Raises CisError `wrong_passphrase`, or for a new one that does not do. Whoever has both an old copy of
    `vault.keys` and the old passphrase is shut out only by `change_lock`.
    """
    slot = slot_of(workspace, slot_id)
    identity = keys.open_with_passphrase(keys.KeyFile((slot,)), old).identity
    passphrases.refuse_weak(new, (slot.name, workspace.name))
    _refuse_taken(new, [each for each in slots.current(workspace.read) if each.id != slot_id])
    with changing(workspace, f"Changed the passphrase of {slot.name}") as ways:
        ways[place(ways, slot_id)] = keys.rewrapped(slot, identity, new, passes)


def strengthen(workspace: Workspace, passphrase: str) -> bool:
    """Wrap the open slot anew where this computer has become much faster than when it was made; say if it was.

    Goes by how long unlocking took, and takes three more unlockings if it does it. Raises CisError `wrong_passphrase`
    where the passphrase was changed meanwhile: the old one must not be put back.
    """
    slot = slot_of(workspace, workspace.slot)
    if slot.wrapping is None or not 0 < workspace.unlocked_in < keys.TARGET_SECONDS / 2:
        return False
    identity = keys.open_with_passphrase(keys.KeyFile((slot,)), passphrase).identity
    passes = keys.calibrate()
    if passes <= slot.wrapping.passes:
        return False
    with changing(workspace, f"Sealed the passphrase of {slot.name} more strongly") as ways:
        ways[place(ways, slot.id)] = keys.rewrapped(slot, identity, passphrase, passes)
    return True


def only_reader(workspace: Workspace, slot_id: str) -> bool:
    """Say whether nobody else reads safeguarding concerns: without them none can be read, except with the kit."""
    recipient = slot_of(workspace, slot_id).recipient
    return {each.recipient for each in concerns.readers(workspace.read)} == {recipient}


def remove(workspace: Workspace, slot_id: str) -> None:
    """Take a way in away and change the vault key; with a person goes every computer that opens it under their name.

    Raises CisError `last_way_in` where no passphrase would be left.
    """
    slot = slot_of(workspace, slot_id)
    gone = {
        each.id
        for each in slots.current(workspace.read)
        if each.id == slot_id or (slot.kind == "person" and each.kind == "computer" and same(each.name, slot.name))
    }
    left = [each for each in slots.current(workspace.read) if each.id not in gone]
    if not any(each.kind == "person" for each in left):
        raise CisError(
            "last_way_in",
            "That is the last passphrase",
            f"Without it nobody could open the record in the usual way, so {slot.name or 'it'} was not removed. "
            "Give somebody else a passphrase first.",
        )
    words = f"Took away {REMOVED[slot.kind].replace('%1', slot.name)}, and changed the lock"
    _change_key(workspace, words, lambda key: [keys.resealed(each, key) for each in left])
    # Only now: who is not taken off after all goes on reading.
    concerns.dismiss_gone(workspace, slot.recipient)


def change_lock(workspace: Workspace) -> None:
    """Put the record under a new vault key; everybody's passphrase and the recovery kit stay as they are."""
    ways = slots.current(workspace.read)
    _change_key(workspace, "Changed the lock", lambda key: [keys.resealed(each, key) for each in ways])


def add_recovery(workspace: Workspace, identity: str | None = None) -> str:
    """Add a recovery kit: a way in for whoever holds its identity, which is given back and kept nowhere.

    With `identity` (of `keys.new_identity`), that one. Backups made before do not open with it. It opens safeguarding
    concerns if it is made by one of those who read them; else it waits for one of them to agree.
    """
    slot, identity = keys.recovery_slot(workspace.vault.key, identity)
    with changing(workspace, "Made a recovery kit") as ways:
        ways.append(slot)
    if concerns.reader_here(workspace):
        concerns.agree_to_kits(workspace, (slot.id,))
    return identity


@dataclass(frozen=True, slots=True)
class Recovered:
    """What the kit was turned into: the new slot of the person, and the identity of the new kit."""

    person: WayIn
    kit: str


def recover(
    workspace: Workspace, name: str, passphrase: str, kit: str | None = None, passes: int | None = None
) -> Recovered:
    """Give whoever came in with the recovery kit a new passphrase, and make a new kit.

    The passphrase that was forgotten (that of the person called `name`), the kit that was used and every other kit
    open the record no longer. `kit` is a new identity that was written down already. Raises CisError for a name or
    passphrase that does not do, and `kit_not_agreed` for the name of somebody who reads safeguarding concerns and did
    not agree that the kit opens them, with everything as it was.
    """
    name = _name(name)
    passphrases.refuse_weak(passphrase, (name, workspace.name))
    kit, identity = kit or keys.new_identity(), keys.new_identity()
    kept = [
        each
        for each in slots.current(workspace.read)
        if each.kind != "recovery" and not (each.kind == "person" and same(each.name, name))
    ]
    _refuse_taken(passphrase, kept)
    concerns.hand_on(workspace, name, keys.recipient_of(identity), keys.recipient_of(kit))
    made: list[str] = []

    def ways(key: bytes) -> list[Slot]:
        person = keys.person_slot(name, passphrase, key, passes, identity)
        made.append(person.id)
        return [*(keys.resealed(each, key) for each in kept), person, keys.recovery_slot(key, kit)[0]]

    _change_key(workspace, f"Came in with the recovery kit: a new passphrase for {name} and a new kit", ways)
    workspace.slot, workspace.identity, workspace.who = made[0], identity, name
    return Recovered(way_of(workspace, made[0]), kit)


# --- the list -----------------------------------------------------------------------------------------------


@contextmanager
def changing(workspace: Workspace, words: str) -> Iterator[list[Slot]]:
    """Give the slots to change; what is there at the end is the list, in the vault and in the file.

    The history says `words`. They may name people: who can open the record stands in it as who wrote each change.
    """
    folder, key, who = workspace.folder, workspace.vault.key, workspace.who
    try:
        with workspace.change(words) as change:
            connection = change.connection
            file = keys.read_keys(folder)
            keys.check_list(file, key)
            if slots.differ(connection, file):
                slots.reconcile(connection, folder, file, key, who)
            ways = list(slots.current(connection))
            yield ways
            # First whose they are, in a transaction of its own: cut off after that, the file alone is believed.
            slots.announce(connection, ways, who, words)
        with slots.restored(folder), workspace.change(words) as change:
            change.said = True
            slots.change(change.connection, folder, ways, key, who)
    except OSError as error:
        raise (disk_full() if error.errno == errno.ENOSPC else cannot_write(folder, error)) from error


def _change_key(workspace: Workspace, words: str, ways: Callable[[bytes], Sequence[Slot]]) -> None:
    rekey.change_key(workspace.vault, workspace.folder, workspace.who, words, ways)


def slot_of(workspace: Workspace, slot_id: str) -> Slot:
    """Give the slot of this id. Raises CisError `no_way_in` where it opens nothing now."""
    for slot in slots.current(workspace.read):
        if slot.id == slot_id:
            return slot
    raise CisError(
        "no_way_in",
        "There is no such way in",
        "Nobody and nothing of that name can open the record now. Nothing was changed. Look at the list again.",
    )


def way_of(workspace: Workspace, slot_id: str) -> WayIn:
    """Give a way in as it is listed."""
    return next(way for way in slots.ways_in(workspace.read) if way.id == slot_id)


def place(ways: Sequence[Slot], slot_id: str) -> int:
    """Give where in the list a slot is."""
    return next(at for at, each in enumerate(ways) if each.id == slot_id)


def _refuse_taken(passphrase: str, others: Sequence[Slot]) -> None:
    """Refuse a passphrase that opens somebody else's slot: the work of one would be written as the other's.

    Takes an unlocking for each slot. Raises CisError `passphrase_taken`, which does not say whose it is.
    """
    wrapped = tuple(slot for slot in others if slot.wrapping)
    try:
        keys.open_with_passphrase(keys.KeyFile(wrapped), passphrase)
    except CisError as error:
        if error.code != "wrong_passphrase":
            raise
        return
    raise CisError(
        "passphrase_taken",
        "That passphrase cannot be used here",
        "Everybody needs one that nobody else has, or the record could not tell whose work it is. Nothing was changed. "
        "Choose another: six words by chance are best.",
    )


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > MOST_NAME:
        raise CisError(
            "no_name",
            "A name is needed",
            f"Give the name under which their changes are written, of at most {MOST_NAME} letters. Nothing was "
            "changed.",
        )
    return name


def _new_name(workspace: Workspace, name: str) -> str:
    name = _name(name)
    if any(way.kind == "person" and same(way.name, name) for way in listed(workspace)):
        raise CisError(
            "name_taken",
            "Somebody of that name is there already",
            f"{name} has a passphrase here. Nothing was changed. Change that one, or write the name with a surname.",
        )
    return name
