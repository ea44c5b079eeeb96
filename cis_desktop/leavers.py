"""When a volunteer or a keyholder leaves: what is to be done, and what of it is done.

A list for each leaver, kept in the record with its history, so that it is the same on every laptop and nobody has to
remember it. The laptops are those that the record has ever been written on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cis_desktop.errors import CisError
from cis_desktop.vault import slots
from cis_desktop.vault.history import Change, derived_uid
from cis_desktop.vault.tables import Connection
from cis_desktop.words import same

MOST_NAME = 80
LAPTOP = "laptop:"
"""What the step about a laptop begins with; its device's id, in hex, comes after."""
STEPS = ("concerns", "way_in", "lock", "pin", "kit", "backups", "paper")
"""The steps that everybody's list has. Reading concerns comes first: only with their key can they be handed on."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `about` is the name of a laptop; `done_on` and `who` are empty until it is done."""

    key: str
    about: str
    done_on: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who leaves, with the list of things to do in its order."""

    id: int
    name: str
    left_on: str
    steps: tuple[Step, ...]

    @property
    def open(self) -> int:
        """Count what is still to be done."""
        return sum(not step.done_on for step in self.steps)


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody of a name can still do here."""

    opens: bool
    has_pin: bool
    reads_concerns: bool


def begin(change: Change, name: str, left_on: date) -> int:
    """Begin the list of somebody who leaves, and give its id. Raises CisError `no_name`."""
    name = " ".join(name.split())
    if not name or len(name) > MOST_NAME:
        raise CisError("no_name", "Who is leaving?", f"Give a name of at most {MOST_NAME} letters. Nothing was saved.")
    return change.insert("leavers", name=name, left_on=left_on.isoformat())


def put_away(change: Change, leaver_id: int) -> None:
    """Put a list away that was begun by mistake, or that is done with."""
    change.delete("leavers", leaver_id)


def tick(change: Change, leaver_id: int, step: str, done: bool = True) -> None:
    """Note that a step is done, today and by whoever writes the change, or that it is not after all."""
    connection = change.connection
    (uid,) = connection.execute("select uid from leavers where id = ?", (leaver_id,)).fetchone()
    own = derived_uid("leaver_ticks", uid.hex(), step)
    row = connection.execute("select id from leaver_ticks where uid = ?", (own,)).fetchone()
    today = date.today().isoformat()
    if row is not None:
        change.update("leaver_ticks", row[0], gone=int(not done), who=change.who, on_date=today)
    elif done:
        # The same row whichever laptop it is ticked on.
        change.insert("leaver_ticks", uid=own, leaver_id=leaver_id, step=step, who=change.who, on_date=today)


def listed(connection: Connection) -> list[Leaver]:
    """List those who leave or left, the newest first."""
    laptops = [
        Step(f"{LAPTOP}{uid.hex()}", name)
        for uid, name in connection.execute("select uid, name from devices order by id")
    ]
    every = [Step(key, "") for key in STEPS[:4]] + laptops + [Step(key, "") for key in STEPS[4:]]
    found = []
    for leaver_id, name, left_on in connection.execute(
        "select id, name, left_on from leavers where gone = 0 order by id desc"
    ).fetchall():
        done = {
            step: (on, who)
            for step, on, who in connection.execute(
                "select step, on_date, who from leaver_ticks where leaver_id = ? and gone = 0", (leaver_id,)
            )
        }
        steps = tuple(Step(each.key, each.about, *done.get(each.key, ("", ""))) for each in every)
        found.append(Leaver(leaver_id, name, left_on, steps))
    return found


def standing(connection: Connection, name: str) -> Standing:
    """Say what somebody of this name can still do, as far as the record knows."""

    def there(names: list[str]) -> bool:
        return any(same(each, name) for each in names)

    def named(query: str) -> list[str]:
        return [str(each) for (each,) in connection.execute(query)]

    return Standing(
        there([slot.name for slot in slots.current(connection) if slot.kind == "person"]),
        there(named("select name from desk_volunteers where gone = 0")),
        there(named("select name from concern_readers where gone = 0 and role <> 'kit'")),
    )
