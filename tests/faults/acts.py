"""The acts that faults are injected into, each on a workspace prepared for it, and how to tell what came of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cis_desktop.vault import keys
from cis_desktop.vault.sets import ChangeSet
from cis_desktop.workspace import Workspace

KEY = bytes(range(32))
ROWS = 400


def prepare(folder: Path) -> str:
    """Make a workspace with a person, an import and a recovery slot; give the recovery identity."""
    recovery, identity = keys.recovery_slot(KEY)
    with Workspace.open_raw(folder, KEY, "Ann") as workspace:
        keys.write_keys(folder, keys.sealed_list((recovery,), KEY))
        with workspace.change("Added a person") as change:
            person = change.insert("people", reference=change.next_reference("P"), given_name="Zehra")
            change.insert("contacts", person_id=person, on_date="2018-01-02", note="came early")
        import_people(workspace)
    return identity


def sets_from_elsewhere(folder: Path) -> list[ChangeSet]:
    """Make the change sets of another laptop, one of which erases somebody."""
    with Workspace.open_raw(folder, KEY, "Bo") as other:
        import_people(other)
        save(other)
        erase(other)
        return list(other.vault.sets_since({}))


def save(workspace: Workspace) -> None:
    """Add a person with a visit."""
    with workspace.change("Added a visit") as change:
        person = change.insert("people", reference=change.next_reference("P"), given_name="Yusuf", note="x" * 5000)
        visit = change.insert("contacts", person_id=person, on_date="2018-01-03")
        change.insert("given", contact_id=visit, item="parcel")
        change.update("people", 1, given_name="Zeynep")


def import_people(workspace: Workspace, rows: int = ROWS) -> None:
    """Bring in some hundred people with a visit each."""
    with workspace.change("Imported people.csv") as change:
        references = change.next_references("P", rows)
        people = change.insert_many("people", ("reference", "given_name"), [(r, f"Name {r}") for r in references])
        change.insert_many("contacts", ("person_id", "on_date"), [(p, "2018-03-01") for p in people])


def undo(workspace: Workspace) -> None:
    """Undo the import."""
    workspace.undo(next(one.id for one in workspace.change_sets() if one.words.startswith("Imported")))


def erase(workspace: Workspace) -> None:
    """Erase the first person, and those of the import after them."""
    workspace.erase("Erased people", [("people", row) for row in range(1, 40)])


def back_up(workspace: Workspace) -> None:
    """Write a backup."""
    workspace.back_up(workspace.folder / "backups" / "b.cis-backup")


ACTS: dict[str, Callable[[Workspace], None]] = {
    "save": save, "import": import_people, "undo": undo, "erase": erase, "back up": back_up,
}  # fmt: skip


def state(workspace: Workspace) -> dict[str, Any]:
    """Give all that is recorded, without what is drawn at random."""
    found: dict[str, Any] = {
        "sets": [(one.words, one.rows) for one in workspace.change_sets()],
        "words": workspace.read.execute("select count(*) from found where found match 'name OR ze*'").fetchone(),
    }
    for name, table in workspace.vault.tables.items():
        found[name] = workspace.read.execute(f"select id, {', '.join(table.fields)} from {name}").fetchall()
    return found


def state_of(folder: Path) -> dict[str, Any]:
    """Open a folder, insist that it is whole, and give all that is recorded."""
    with Workspace.open_raw(folder, KEY, "Ann") as workspace:
        assert workspace.problems() == []
        return state(workspace)
