"""Which laptop may release: two that release apart, each safely, leak together.

A chain of signed statements in the record says who holds the role. The first release begins it; whoever holds it hands
it over; a record that was restored or copied is another laptop, and takes it once the packs made meanwhile are known.
No private key ever leaves its laptop: a new holder has a key of its own, and the statement, signed with the old one
where that is at hand, goes out with its packs, so that a council sees that one key follows the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from itertools import chain, combinations
from typing import Any, Literal

from cis_desktop import words
from cis_desktop.errors import CisError
from cis_desktop.local_notes import note, noted
from cis_desktop.strict_json import canonical
from cis_desktop.vault.chunks import INSERT, open_chunk
from cis_desktop.vault.history import Change, now
from cis_desktop.vault.merge import knows, waiting_sets
from cis_desktop.vault.tables import Connection
from cis_desktop.workspace import Workspace

from .signing import SIGNING, Signer, genuine, key_of, sha256, signing_key

FORMAT, VERSION = "cis-role", 1
_DIGITS = 20
"""No number of a change set has so many."""
COPIED_FROM = "copied_from"
"""The note of the device that this record was before it was restored or copied, until its packs are known."""

Kind = Literal["first", "asked", "handed-over", "taken"]
Standing = Literal["nobody", "here", "elsewhere", "copied", "disputed"]


@dataclass(frozen=True, slots=True)
class Statement:
    """That a laptop's key signs packs from now on, or asks to. `previous` are the ids of the statements it follows."""

    kind: str
    device: str
    laptop: str
    public_key: str
    previous: tuple[str, ...]
    at: str
    signed_by: str
    signature: str = ""

    @property
    def said(self) -> dict[str, Any]:
        """Give what is signed."""
        whole = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("signature", "laptop")}
        # A laptop's name is for the group only: it may be somebody's.
        return {"format": FORMAT, "version": VERSION, **whole, "previous": list(self.previous)}

    @property
    def id(self) -> str:
        """Give the hash that later statements name it by."""
        return sha256(canonical(self.said))

    @property
    def genuine(self) -> bool:
        """Tell whether it was signed by the key that it names."""
        return genuine(self.signed_by, self.signature, canonical(self.said))


@dataclass(frozen=True, slots=True)
class Role:
    """Who holds the role, as this laptop sees it. Several `heads` claim it at once where it is disputed.

    `asked` are laptops that asked for it since. `copied`: this record holds the holder's key, and is another laptop.
    """

    standing: Standing
    heads: tuple[Statement, ...]
    asked: tuple[Statement, ...]
    away: bool = False
    """The laptop that holds it was taken away: it is taken by another, once its later packs are known."""


def role(connection: Connection) -> Role:
    """Say who may release."""
    statements = _statements(connection)
    valid = _chain(statements)
    followed = {before for one in valid.values() for before in one.previous}
    heads = tuple(one for key, one in valid.items() if key not in followed)
    keys = {one.public_key for one in valid.values()}
    gone = _taken_away(connection)
    asked = {
        one.device: one
        for one in statements
        if one.kind == "asked" and one.genuine and one.public_key not in keys and one.device not in gone
    }
    standing = _standing(connection, heads)
    away = standing == "elsewhere" and all(one.device in gone for one in heads)
    return Role(standing, heads, tuple(asked.values()), away)


def made_apart(connection: Connection) -> list[tuple[str, str]]:
    """Give the pairs of packs that two laptops made without knowing of each other's, by their ids: to be audited."""
    rows = connection.execute(
        "select r.pack, m.set_id, s.device from releases r join made m on m.tbl = 'releases'"
        " and r.id between m.first and m.last join change_sets s on s.id = m.set_id"
        " where r.gone = 0 and r.status <> 'never-left' order by r.id"
    ).fetchall()
    return [
        (one, other)
        for (one, first, device), (other, second, of) in combinations(rows, 2)
        if device != of and not knows(connection, first, second) and not knows(connection, second, first)
    ]


def _standing(connection: Connection, heads: tuple[Statement, ...]) -> Standing:
    here, _ = _here(connection)
    if len(heads) > 1:
        return "disputed"
    if heads and heads[0].device == here:
        return "here"
    if not noted(connection, COPIED_FROM):
        return "elsewhere" if heads else "nobody"
    return "copied" if not heads or key_of(connection, heads[0].device) else "elsewhere"


def our_keys(connection: Connection) -> frozenset[str]:
    """Give the public keys that this group's packs are signed with, as far as this record knows."""
    mine = connection.execute(
        "select substr(name, ?) from local_notes where name like ?", (len(SIGNING) + 1, f"{SIGNING}%")
    )
    held = {found.public for (device,) in mine if (found := key_of(connection, device))}
    return frozenset(held | {one.public_key for one in _chain(_statements(connection)).values()})


def lineage(connection: Connection) -> tuple[dict[str, Any], ...]:
    """Give the statements, oldest first, by which the key that signs now follows from earlier ones: for its packs."""
    valid = _chain(_statements(connection))
    heads = role(connection).heads
    found: list[Statement] = []
    at: Statement | None = heads[0] if len(heads) == 1 else None
    while at is not None and at.signed_by != at.public_key:
        found.append(at)
        at = next((valid[key] for key in at.previous if valid[key].public_key == at.signed_by), None)
    return tuple({**one.said, "signature": one.signature} for one in reversed(found))


def earlier_keys(statements: Iterable[Any], public: str) -> tuple[str, ...] | None:
    """Give the public keys that `public` follows, newest first, by the statements of a pack; None if they are not true.

    Each must be signed by the key before it and name the next; nothing else of it counts.
    """
    wanted, found = public, []
    for said in reversed(list(statements)):
        if not isinstance(said, dict) or said.get("public_key") != wanted:
            return None
        signed = {name: value for name, value in said.items() if name != "signature"}
        before, signature = said.get("signed_by"), said.get("signature")
        if not isinstance(before, str) or not isinstance(signature, str) or before == wanted:
            return None
        if said.get("format") != FORMAT or not genuine(before, signature, canonical(signed)):
            return None
        found.append(before)
        wanted = before
    return tuple(found)


def check_may_release(connection: Connection) -> None:
    """Refuse to release on a laptop that does not hold the role. Raises CisError."""
    found = role(connection)
    if found.standing in ("nobody", "here"):
        return
    names = " and ".join(f"“{one.laptop}”" for one in found.heads) or "another computer"
    if found.away:
        raise CisError(
            "release_held",
            "Say first which packs were made meanwhile",
            f"{names} made the packs and was taken away. Packs that it made and that are not in this ledger could give "
            "away with a new one what each keeps. Nothing was released. Read those packs back, or say that there were "
            "none; then this laptop makes the packs.",
        )
    if found.standing == "elsewhere":
        raise CisError(
            "released_elsewhere",
            "Another laptop makes the reports",
            f"Only {names} makes packs, because two laptops that release apart give away together what each keeps. "
            "Nothing was released. Make the pack there, or ask on this laptop for the role and hand it over there.",
        )
    if found.standing == "copied":
        raise CisError(
            "release_held",
            "Say first which packs were made meanwhile",
            f"This record was restored from a backup, or copied, from {names}. Packs that were made after that are not "
            "in its ledger, and a new one could give away with them what each keeps. Nothing was released. Read those "
            "packs back, or say that there were none; then this laptop makes the packs.",
        )
    raise CisError(
        "role_disputed",
        "Two laptops make packs",
        f"{names} both hold the role of making packs. Nothing was released. Read back what the other one made, and "
        "take the role on the laptop that shall make them from now on.",
    )


def begin(change: Change, signer: Signer) -> None:
    """Take the role with this release if nobody has it yet; refuse if it went to another laptop meanwhile."""
    check_may_release(change.connection)
    if role(change.connection).standing == "nobody":
        _say(change, "first", signer)


def ask(workspace: Workspace) -> None:
    """Ask on this laptop for the role: the statement that its holder needs to hand it over."""
    signer = signing_key(workspace)
    with workspace.change("Asked to make the packs on this laptop") as change:
        _say(change, "asked", signer)


def hand_over(workspace: Workspace, to: str) -> Statement:
    """Hand the role to another laptop, by its name or the first letters of its id. Raises CisError."""
    signer = signing_key(workspace)
    with workspace.change("Handed over the making of packs") as change:
        found = role(change.connection)
        if found.standing != "here":
            raise CisError(
                "role_not_here",
                "This laptop does not make the packs",
                "Only the laptop that holds the role can hand it over. Nothing was changed; do it there.",
            )
        named = [one for one in found.asked if one.laptop == to or (to and one.device.startswith(to))]
        if len(named) != 1:
            raise _which_laptop(found, to, several=bool(named))
        (next_,) = named
        before = tuple(one.id for one in found.heads)
        said = Statement(
            "handed-over", next_.device, next_.laptop, next_.public_key, before, now(), signer.public
        )  # fmt: skip
        return _write(change, said, signer)


def _which_laptop(found: Role, to: str, several: bool) -> CisError:
    if to or not found.asked:
        who, called = "Several laptops" if several else "No laptop", f" called “{to}”" if to else ""
        said = f"{who}{called} asked for the role. Nothing was changed. "
        said += "Ask for it on the other laptop first, and bring its changes here."
    else:
        said = "Which laptop is to make the packs was not said, so nothing was changed. "
        said += f"{words.listed([one.laptop for one in found.asked])} asked for it: say its name."
    return CisError("role_nobody_asked", "Which laptop?", said)


def take(workspace: Workspace) -> Statement | None:
    """Take the role for this laptop; give the statement, or None when it has it already.

    The caller has seen to it that every pack made meanwhile is in the ledger, or that somebody said there is none.
    Raises CisError `packs_wait` where changes that wait hold packs which are not.
    """
    signer = signing_key(workspace)
    with workspace.change("Took over the making of packs") as change:
        connection = change.connection
        found = role(connection)
        if found.standing == "here":
            return None
        if waiting := _waiting_packs(connection):
            raise CisError(
                "packs_wait",
                "Packs were made that are not in the ledger",
                f"{words.count(waiting, 'pack')} made on another laptop came in and wait there: for other changes, or "
                "for somebody to judge what a laptop wrote after it was taken away. Nothing was changed. Exchange "
                "again, accept what that laptop wrote, or read those packs back; then take the role.",
            )
        device, laptop = _here(connection)
        old = next((key for one in found.heads if (key := key_of(connection, one.device))), signer)
        before = tuple(sorted(one.id for one in found.heads))
        kind = "taken" if before else "first"
        note(connection, COPIED_FROM, "")
        return _write(change, Statement(kind, device, laptop, signer.public, before, now(), old.public), old)


def _waiting_packs(connection: Connection) -> int:
    """Count the packs in change sets that wait, but for those that are in the ledger or that somebody has left out."""
    known = {pack for (pack,) in connection.execute("select pack from releases")}
    last: dict[str, int] = {}
    for (about,) in connection.execute("select about from receipts where kind = 'left' and gone = 0"):
        # What another laptop wrote need not be what an app of ours writes.
        device, _, seq = about.partition(":") if isinstance(about, str) else ("", "", "")
        if seq.isdecimal() and len(seq) < _DIGITS:
            last[device] = max(int(seq), last.get(device, 0))
    found = set()
    for one in waiting_sets(connection):
        if one.seq > last.get(one.device.hex(), 0):
            for section in chain.from_iterable(map(open_chunk, one.chunks)):
                if section.table == "releases" and section.op == INSERT and "pack" in section.columns:
                    place = section.columns.index("pack") + 1
                    found |= {entry[place] for entry in section.entries if not isinstance(entry, bytes)}
    return len(found - known)


def _say(change: Change, kind: Kind, signer: Signer) -> None:
    device, laptop = _here(change.connection)
    _write(change, Statement(kind, device, laptop, signer.public, (), now(), signer.public), signer)


def _write(change: Change, said: Statement, signer: Signer) -> Statement:
    signed = replace(said, signature=signer.sign(canonical(said.said)))
    change.insert(
        "release_role",
        kind=signed.kind, device=signed.device, laptop=signed.laptop, public_key=signed.public_key,
        previous=" ".join(signed.previous), at=signed.at, signed_by=signed.signed_by, signature=signed.signature,
    )  # fmt: skip
    return signed


def _here(connection: Connection) -> tuple[str, str]:
    uid, name = connection.execute("select d.uid, d.name from writing w join devices d on d.id = w.device").fetchone()
    return uid.hex(), name


def _taken_away(connection: Connection) -> frozenset[str]:
    rows = connection.execute("select device from laptops where gone = 0 and removed_after is not null")
    return frozenset(device for (device,) in rows)


def _statements(connection: Connection) -> list[Statement]:
    # One that was undone counts all the same: a council may have it.
    rows = connection.execute(
        "select r.kind, r.device, coalesce(l.name, r.laptop), r.public_key, r.previous, r.at, r.signed_by, r.signature"
        " from release_role r left join laptops l on l.device = r.device and l.gone = 0 order by r.at, r.uid"
    )
    return [
        Statement(kind, device, laptop, public, tuple(previous.split()), at, by, signature)
        for kind, device, laptop, public, previous, at, by, signature in rows
    ]


def _chain(statements: Iterable[Statement]) -> dict[str, Statement]:
    """Give the statements that hold, by their ids: each signed by whom it may be, and following ones that hold."""
    waiting = [one for one in statements if one.kind != "asked" and one.genuine]
    valid: dict[str, Statement] = {}
    while ready := [one for one in waiting if all(key in valid for key in one.previous)]:
        waiting = [one for one in waiting if one not in ready]
        for one in ready:
            before = {valid[key].public_key for key in one.previous}
            may = {
                "first": not before and one.signed_by == one.public_key,
                "handed-over": before == {one.signed_by},
                "taken": bool(before) and one.signed_by in before | {one.public_key},
            }
            if may.get(one.kind):
                valid[one.id] = one
    return valid
