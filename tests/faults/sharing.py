"""A record that several laptops share by a folder, for the acts that faults are injected into.

A place has the others in `back` and `third`, the folder that all reach in `shared`, and an invitation in `out`.
"""

from __future__ import annotations

from pathlib import Path

from cis_desktop import incarnation
from cis_desktop.sync import invitations, laptops, receipts, snapshot
from cis_desktop.sync.exchange import exchange, take
from cis_desktop.sync.folder import WHOLE, lying
from cis_desktop.workspace import Workspace
from tests.core.vault.histories import state

from . import acts
from .files_out import HALF
from .ways import opened, secrets_of, write_secrets

ROUNDS = 6
"""Exchanges of everybody after which nothing may move any more."""
PASSPHRASE = "seven quiet otters by the river"


def invite(workspace: Workspace) -> str:
    """Write an invitation; give its six words."""
    return invitations.invite(workspace, "Back", invitation(workspace.folder.parent))


def invitation(place: Path) -> Path:
    """Give where an invitation lies."""
    return place / "out" / f"Back{invitations.ENDING}"


def invited(workspace: Workspace) -> str:
    """Say what there is of an invitation."""
    there, open_ones = invitation(workspace.folder.parent).exists(), len(invitations.invited(workspace.read))
    return {(False, 0): "none", (True, 1): "an invitation", (True, 0): HALF}.get((there, open_ones), "lost")


def lay_out(place: Path) -> None:
    """Make the folder that an invitation is written to."""
    (place / "out").mkdir()


def lay_invitation(place: Path) -> None:
    """Write an invitation, and keep its six words."""
    lay_out(place)
    with opened(place) as workspace:
        write_secrets(place, secrets_of(place) | {"code": invite(workspace)})
        forget_where(workspace)


def join(place: Path, name: str) -> Workspace:
    """Make a record that waits for the group's, by the invitation."""
    found = invitations.read(invitation(place), secrets_of(place)["code"])
    return invitations.join(place / name, found, "Bo", PASSPHRASE, passes=1)


def joined(place: Path, name: str) -> None:
    """Let another laptop come as far as asking for the record."""
    made = join(place, name)
    write_secrets(place, secrets_of(place) | {f"{name}slot": made.slot, f"{name}identity": made.identity})
    exchange(made, shared(place))
    close_as_it_was(made)


def lay_asking(place: Path) -> None:
    """Let a laptop ask for the record."""
    lay_invitation(place)
    shared(place).mkdir()
    joined(place, "back")


def lay_given(place: Path) -> None:
    """Let the record lie there for the laptop that asked for it."""
    lay_asking(place)
    with opened(place) as workspace:
        exchange(workspace, shared(place))
        forget_where(workspace)


def take_record(place: Path) -> None:
    """Take the record that lies there, and look at nothing else."""
    with opened(place, "back") as workspace:
        found = invitations.joining(workspace.read)
        assert found is not None
        waiting, me = found
        (one,) = (each for each in lying(shared(place)) if WHOLE in each.path.name)
        assert snapshot.take(workspace, one, me, waiting.group, bytes.fromhex(waiting.public_key))
        forget_where(workspace)


def lay_two(place: Path) -> None:
    """Let two laptops write apart, and one of them have given what it wrote."""
    lay_given(place)
    meet(place, "back", "group", "back")
    for name in ("group", "back"):
        with opened(place, name.removeprefix("group")) as workspace:
            acts.save(workspace)
            acts.import_people(workspace, 40)
            with workspace.change("Named somebody") as change:
                change.update("people", 20, given_name=f"Zoe of {name}")
            if name == "back":
                workspace.erase("Erased people", [("people", row) for row in range(2, 9)])
                exchange(workspace, shared(place))
            forget_where(workspace)


def lay_three(place: Path) -> None:
    """Let there be a third laptop, which is to be taken away and has written meanwhile."""
    lay_given(place)
    invitation(place).unlink()
    with opened(place) as workspace:
        code = invitations.invite(workspace, "Third", invitation(place))
        write_secrets(place, secrets_of(place) | {"code": code})
        forget_where(workspace)
    joined(place, "third")
    meet(place, "back", "group", "third", "back", "group")
    with opened(place, "third") as workspace:
        acts.save(workspace)
        exchange(workspace, shared(place))
        forget_where(workspace)


def meet(place: Path, *names: str) -> None:
    """Let these exchange, one after the other."""
    for name in names:
        with opened(place, name.removeprefix("group")) as workspace:
            exchange(workspace, shared(place))
            forget_where(workspace)


def forget_where(workspace: Workspace) -> None:
    """Let each copy of the place be this laptop, and not a copy of it."""
    with workspace.change("Forgot where this was opened") as change:
        change.connection.execute("delete from local_notes where name = ?", (incarnation.NOTE,))


def close_as_it_was(workspace: Workspace) -> None:
    """Close it so that each copy of the place is this laptop."""
    forget_where(workspace)
    workspace.close()


def shared(place: Path) -> Path:
    """Give the folder that all laptops reach."""
    return place / "shared"


def trade(workspace: Workspace) -> None:
    """Exchange by the shared folder."""
    exchange(workspace, shared(workspace.folder.parent))


def merge(place: Path) -> None:
    """Take what the other laptop wrote, and confirm nothing of it yet."""
    with opened(place) as workspace, opened(place, "back") as other:
        workspace.vault.receive(other.vault.sets_since(workspace.vault.held()))
        forget_where(workspace), forget_where(other)


def confirm(place: Path) -> None:
    """Confirm the erasure that is done here, and look at no file yet."""
    with opened(place) as workspace:
        receipts.write_due(workspace, laptops.begin(workspace))
        forget_where(workspace)


def let_in(place: Path) -> None:
    """Take in the laptop that asked, and give it nothing yet."""
    with opened(place) as workspace:
        take(workspace, lying(shared(place)))
        forget_where(workspace)


def take_away(workspace: Workspace) -> None:
    """Take the third laptop away, and write for those that are left."""
    laptops.remove(workspace, "Third")
    trade(workspace)


def settle(place: Path) -> list[str]:
    """Exchange until nothing moves; say what is wrong if the laptops that take part have not one record then."""
    if not shared(place).exists():
        return []
    with opened(place) as one, opened(place, "back") as other:
        for _ in range(ROUNDS):
            done = [exchange(each, shared(place)) for each in (one, other)]
            if not any(each.sent + each.received + len(each.written) for each in done):
                break
        else:
            return ["it does not come to rest"]
        wrong = [f"left in the shared folder: {path.name}" for path in shared(place).rglob("*.new")]
        wrong += [f"{each.folder.name}, settled: {said}" for each in (one, other) for said in each.problems()]
        mine, theirs = state(one.vault), state(other.vault)
        return wrong + [f"they differ in {what}" for what in mine if mine[what] != theirs[what]]
