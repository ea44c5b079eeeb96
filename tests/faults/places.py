"""The acts that faults are injected into at every write: each in a folder of its own, with what must be true after it.

A place has the workspace in `group`, a stick in `stick`, a backup in `aside`; an act may lay more there: a vault of an
earlier version in `older`, files in `out`. What an act makes lies in `out`, `restored` or `made`.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cis_desktop import agreements, backups, ways_in
from cis_desktop.errors import CisError
from cis_desktop.local_notes import note
from cis_desktop.packs.release import release
from cis_desktop.packs.signing import drawing_key, signing_key
from cis_desktop.records import contacts, people
from cis_desktop.vault import keys
from cis_desktop.vault.backup import restore_draft
from cis_desktop.workspace import Workspace
from tests.core.vault.past.stored import VERSIONS, stored

from . import acts, files_out, sharing
from .ways import opened, secrets_of, write_secrets

ANN, BO, NEW = "correct horse battery staple", "purple lantern gravel teapot", "seven quiet otters by the river"
AGREEMENT = "small-group-return"


def prepare(place: Path) -> dict[str, str]:
    """Fill a place; give the secrets that open it."""
    place.mkdir(parents=True)
    kit = place / "kit.txt"
    with Workspace.create(place / "group", "Larder", "Ann", ANN, kit, passes=1) as workspace:
        secrets = {"slot": workspace.slot, "identity": workspace.identity, "kit": kit.read_text().split()[-1]}
        secrets["bo"] = ways_in.add_person(workspace, "Bo", BO, passes=1).id
        with workspace.change("Wrote down a year") as change:
            for n in range(40):
                person = people.add(change, given_name=f"Zebedee{n}", birth_year=1950 + n)
                for month in range(1, 4):
                    contacts.add(change, f"2018-{month:02d}-{1 + n % 27:02d}", person_id=person, kind="visit")
        acts.import_people(workspace, 30)
        agreements.accept(workspace, AGREEMENT, "Ann")
        signing_key(workspace), drawing_key(workspace)
        backup = workspace.back_up(place / "aside" / "b.cis-backup")
        own = backups.own_folder(workspace.read, place / "stick")
        workspace.erase("Erased somebody", [("people", 1)])
    kit.unlink()
    for folder in (place / "group" / backups.FOLDER, own):
        folder.mkdir(parents=True, exist_ok=True)
        for day in ("2025-01-01", "2025-01-02", "2026-01-03"):
            shutil.copyfile(backup, folder / f"{day}T090000Z{backups.ENDING}")
    write_secrets(place, secrets)
    return secrets


def older(place: Path) -> Workspace:
    """Open the vault of an earlier version, which brings it up to date."""
    return Workspace.open_slot(
        place / "older", lambda file: keys.open_with_recovery(file, secrets_of(place)["older"])
    )  # fmt: skip


def keep(workspace: Workspace) -> None:
    """Back up by itself: rotate, and copy to the stick."""
    with workspace.change("Chose a second place") as change:
        note(change.connection, backups.SECOND_PLACE, str(workspace.folder.parent / "stick"))
    backups.keep(workspace)


def recover(workspace: Workspace) -> None:
    """Give Bo, who forgot it, another passphrase and everybody another kit."""
    ways_in.recover(workspace, "Bo", NEW, passes=1)


def export(workspace: Workspace) -> None:
    """Release a quarter into a folder."""
    release(
        workspace, AGREEMENT, "2018-Q1", files_out.out(workspace), "Ann", made_at="2018-04-03T10:00:00Z",
        budget=1e9,
    )  # fmt: skip


def nothing(_: Path) -> None:
    """Lay, or open, nothing."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is done. `begin` opens what is needed (None: nothing before the act) and `run` does it.

    `lay` puts there what the act needs and others do not; `out` says what became of the files it makes; `then` is
    the act that comes next where this one was cut off. `where` is the workspace that is open, and `disk` the folder
    that fails: all of the place unless told. `midway` is what an act of several transactions comes to before its end:
    where it is cut off, each of them may be found as well.
    """

    run: Callable[[Path, Any], Any]
    begin: Callable[[Path], Workspace | None] = opened
    lay: Callable[[Path], None] = nothing
    out: Callable[[Workspace], str] | None = None
    then: str = "open"
    where: str = "group"
    disk: str = ""
    midway: tuple[Callable[[Path], None], ...] = ()


def on(act: Callable[[Workspace], Any], **more: Any) -> Act:
    """Give the act of doing something with the open workspace, and closing it."""

    def run(place: Path, workspace: Workspace) -> None:
        act(workspace)
        workspace.close()

    return Act(run, **more)


def inside(act: Callable[[Workspace], Any]) -> Callable[[Path], None]:
    """Give the laying of something with the workspace open."""

    def lay(place: Path) -> None:
        with opened(place) as workspace:
            act(workspace)

    return lay


def migrating(version: int) -> Act:
    """Give the act of bringing a stored vault of a past version up to date."""

    def lay(place: Path) -> None:
        kit = stored(version, place / "older")["kit"].split()[-1]
        write_secrets(place, secrets_of(place) | {"older": kit})

    return Act(lambda place, _: older(place).close(), nothing, lay, then=f"migrate from {version}")


def restore(place: Path, _: None) -> None:
    """Restore a backup into a new folder."""
    Workspace.restore(place / "aside" / "b.cis-backup", place / "restored", secrets_of(place)["kit"]).close()


def create(place: Path, _: None) -> None:
    """Make a workspace, with the file of its kit."""
    Workspace.create(place / "made", "New", "Ann", ANN, place / "kit.txt", passes=1).close()


def join(place: Path, _: None) -> None:
    """Make a record that waits for the group's."""
    sharing.join(place, "made").close()


SHARING: dict[str, Act] = {
    "invite": on(sharing.invite, lay=sharing.lay_out, out=sharing.invited),
    "join": Act(join, nothing, sharing.lay_invitation, then="join"),
    # A copy of the laptop that invited is not the one that was invited by: nothing comes after.
    "give the record": on(sharing.trade, lay=sharing.lay_asking, then="", midway=(sharing.confirm, sharing.let_in)),
    "take the record": on(
        sharing.trade,
        begin=lambda place: opened(place, "back"),
        lay=sharing.lay_given,
        where="back",
        midway=(sharing.take_record,),
    ),
    "exchange": on(sharing.trade, lay=sharing.lay_two, midway=(sharing.merge,)),
    "take a laptop away": on(sharing.take_away, lay=sharing.lay_three),
    "exchange by a failing folder": on(sharing.trade, lay=sharing.lay_two, disk="shared", midway=(sharing.merge,)),
    "give by a failing folder": on(
        sharing.trade, lay=sharing.lay_asking, then="", disk="shared", midway=(sharing.let_in,)
    ),
}
"""Those of a record that several laptops share."""
ACTS: dict[str, Act] = {
    "save": on(acts.save),
    "import": on(acts.import_people),
    "undo": on(acts.undo),
    "erase": on(lambda workspace: workspace.erase("Erased people", [("people", row) for row in range(2, 9)])),
    "add a person": on(lambda workspace: ways_in.add_person(workspace, "Cy", NEW, passes=1)),
    "remove a person": on(lambda workspace: ways_in.remove(workspace, secrets_of(workspace.folder.parent)["bo"])),
    "change the lock": on(ways_in.change_lock),
    "recover": on(recover),
    "make a kit": on(files_out.make_kit, lay=lambda place: (place / "out").mkdir(), out=files_out.kit_out),
    "back up": on(acts.back_up, out=lambda workspace: str((workspace.folder / "backups" / "b.cis-backup").exists())),
    "keep": on(keep),
    "rehearse": on(backups.rehearse),
    "export": on(export, lay=inside(files_out.lay_release), out=files_out.pack_out),
    "save rejected rows": on(files_out.save_rejects, lay=files_out.lay_rejects, out=files_out.file_out),
    "save an original": on(files_out.save_original, lay=inside(files_out.lay_original), out=files_out.file_out),
    "open": Act(lambda place, _: opened(place).close(), nothing),
    **{f"migrate from {version}": migrating(version) for version in VERSIONS},
    **SHARING,
    "restore": Act(restore, nothing, then="restore"),
    "create": Act(create, nothing, then="create"),
}


# --- what must be true --------------------------------------------------------------------------------------


def all_of(workspace: Workspace) -> str:
    """Give all that is recorded and who can open it, as text that can be compared."""
    found = acts.state(workspace)
    found["ways"] = [(way.kind, way.name) for way in ways_in.listed(workspace)]
    # Every copy of a folder is a device of its own, with letters of its own in its references, and keys.
    # When a receipt was given is another moment each time.
    text = re.sub(r"\b(\w)-[A-Z2-9]{2}-(\d{4})\b", r"\1-\2", json.dumps(found, default=str))
    return re.sub(r"\b(age1[0-9a-z]{58}|[0-9a-f]{32,128}|\d{4}-\d\d-\d\dT[\d:]{8}Z)\b", "another", text)


def look(place: Path, act: str) -> tuple[dict[str, str], list[str]]:
    """Open everything in a place as somebody would next; give what each is, and what is wrong; then go on working."""
    kit = secrets_of(place)["kit"]
    opening: dict[str, Callable[[], Workspace]] = {"group": lambda: opened(place)}
    tell = ACTS[act].out
    if (place / "older").exists():
        opening["older"] = lambda: older(place)
    if act == "restore":
        opening["restored"] = lambda: Workspace.open(place / "restored", kit)
    if (place / "back").exists():
        opening["back"] = lambda: opened(place, "back")
    if act in ("create", "join"):
        opening["made"] = lambda: Workspace.open(place / "made", ANN if act == "create" else sharing.PASSPHRASE)
    found, wrong = {}, []
    for name, begin in opening.items():
        try:
            with begin() as workspace:
                wrong += [f"{name}: {each}" for each in workspace.problems()]
                found[name] = all_of(workspace)
                if name == "group" and tell:
                    found["out"] = tell(workspace)
                if act == "create" and name == "made":
                    found["out"] = files_out.kit_at(place / "kit.txt", workspace)
                acts.save(workspace)
                wrong += [f"{name}, written to: {each}" for each in workspace.problems()]
        except CisError as error:
            # Without its keys a folder is no workspace yet.
            if name not in ("restored", "made") or error.code != "no_workspace":
                raise
            found[name] = "not there"
            if act == "create":
                found["out"] = files_out.kit_at(place / "kit.txt")
    wrong += sharing.settle(place)
    return found, wrong + look_at_backups(place, act, kit) + [f"left behind: {each}" for each in rubbish(place)]


def look_at_backups(place: Path, act: str, kit: str) -> list[str]:
    """Every backup that can be seen opens and is whole, and there is always one."""
    if act not in ("back up", "keep", "rehearse") and not act.startswith("migrate"):
        return []
    there = [path for path in place.rglob(f"*{backups.ENDING}") if "2025-" not in path.name]
    wrong = [] if there else ["there is no backup"]
    for path in there:
        draft = place.with_name(f"{place.name} draft")
        draft.mkdir()
        secret = secrets_of(place)["older"] if path.is_relative_to(place / "older") else kit
        try:
            restore_draft(path, draft, lambda file, secret=secret: keys.open_with_recovery(file, secret))
        except CisError as error:
            wrong.append(f"{path.name}: {error.sentence}")
        shutil.rmtree(draft)
    return wrong


EXPECTED = re.compile(
    r"secrets\.json|aside(/.*)?|stick(/community-insights-\w{8}(/(\d{4}-[^/]*\.cis-backup|erased\.json)(\.new)?)?)?"
    r"|(group|older|restored|made|back|third)(/vault\.(db|keys|lock)|/backups(/((\d{4}-[^/.]*|b)\.cis-backup|erased\.json))?)?"
    r"|out(/[^./][^/]*)?|out/\..*\.part|made/vault\.(db-(wal|shm|journal)|keys\.new)|kit\.txt"
    r"|shared(/[0-9a-f]{16}(/(\d{6}|asks|whole-[0-9a-f]{16})\.cis-sync)?)?"
)
"""The names of all that may lie in a place.

What a killed release leaves goes with the next one into that folder, what a killed copy leaves on a stick with the next
copy, and half a file that was asked for with the next of that name; what a killed making leaves is encrypted, and no
key to it is anywhere.
"""


def rubbish(place: Path) -> list[str]:
    """Give what lies in a place and is neither the record nor what somebody asked for."""
    there = sorted(str(path.relative_to(place)) for path in place.rglob("*"))
    return [name for name in there if not EXPECTED.fullmatch(name)]
