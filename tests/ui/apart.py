"""Another laptop that wrote something differently, for the tests of the window."""

from __future__ import annotations

from pathlib import Path

from cis_desktop.records import people
from cis_desktop.workspace import Workspace

NOTE = "Lives with her sister since May. Prefers mornings, as she works in the afternoon and in the evening."


def written_apart(one: Workspace, folder: Path) -> None:
    """Let another laptop and this one change the phone and the note of the newest person, and meet."""
    amina = people.page(one.read)[0].id
    with one.change("Corrected a person") as change:
        people.edit(change, amina, note=NOTE)
    with Workspace.open_raw(folder, bytes(32), "Bo") as other:
        other.vault.receive(list(one.vault.sets_since({})))
        (there,) = other.read.execute(
            "select id from people where uid = ?",
            one.read.execute("select uid from people where id = ?", (amina,)).fetchone(),
        ).fetchone()
        for who, row, phone, more in (
            (one, amina, "0161 496 0000", "More families ask about prepayment meters."),
            (other, there, "0161 496 0999", "Kilburn."),
        ):
            with who.change("Corrected a person") as change:
                people.edit(change, row, phone=phone, note=f"{NOTE} {more}")
        one.vault.receive(list(other.vault.sets_since(one.vault.held())))
