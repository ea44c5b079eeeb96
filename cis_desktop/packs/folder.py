"""Which packs a folder holds, and which of them come from one group."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from cis_desktop.errors import CisError

from .archive import read_file
from .making import SUFFIX
from .reading import FilePack, read_pack
from .verifying import verified


@dataclass(frozen=True, slots=True)
class Group:
    """The packs of one group, oldest first, and how many keys signed them."""

    name: str
    packs: tuple[FilePack, ...]
    keys: int


def opened(paths: Iterable[Path]) -> tuple[list[FilePack], tuple[str, ...]]:
    """Read packs: archives, workbooks, or folders with them. Gives them and the names of workbooks that are none.

    A pack that is there twice counts once. Raises CisError when one is damaged, is not what was signed, or differs
    from another that says it is the same.
    """
    packs: dict[str, FilePack] = {}
    left_out: list[str] = []
    for path, within in _files(paths):
        name = str(path.relative_to(within)) if within else path.name
        try:
            pack = read_pack(read_file(path), name)
        except CisError as trouble:
            # Councils keep other workbooks beside packs; an archive that goes by our name must be whole.
            if trouble.code == "not_a_pack" and within and not path.name.endswith(SUFFIX):
                left_out.append(name)
                continue
            raise
        if problems := verified(pack).problems:
            raise CisError(
                "pack_changed",
                "A pack is not what was signed",
                f"“{name}” cannot be read: {problems[0]} Nothing was changed; ask for the file again.",
            )
        same = packs.get(pack.pack)
        if same and {t.id: t.csv for t in same.tables} != {t.id: t.csv for t in pack.tables}:
            raise contradiction(f"“{name}” and “{same.name}” say they are the same pack, with other figures")
        if not same or same.kind == "workbook":
            packs[pack.pack] = pack
    return list(packs.values()), tuple(left_out)


def grouped(packs: Iterable[FilePack]) -> list[Group]:
    """Part packs by the group they come from: one name, one organisation id or one signing key is one group."""
    groups: list[list[FilePack]] = []
    for pack in packs:
        near = [group for group in groups if any(_same_group(pack, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(each for group in near for each in group), pack])
    found = []
    for group in groups:
        ordered = sorted(group, key=lambda pack: (str(pack.statement.get("made_at")), pack.pack))
        # A key that follows another one, by a statement signed with that, is the same hand.
        seen = [verified(pack) for pack in ordered if pack.kind != "ledger"]
        keys = {(each.follows or (each.fingerprint,))[-1] for each in seen}
        found.append(Group(_sender(ordered[-1])[0], tuple(ordered), len(keys)))
    return sorted(found, key=lambda group: group.name)


def _same_group(a: FilePack, b: FilePack) -> bool:
    (name, org, key), (other_name, other_org, other_key) = _sender(a), _sender(b)
    if key and key == other_key:
        return True
    if org and other_org:
        return org == other_org
    return name.casefold() == other_name.casefold()


def _sender(pack: FilePack) -> tuple[str, str, str]:
    """Give a pack's group, its organisation id and the key that signed it, each "" where it says none."""
    said = pack.statement
    group, sender = said.get("group"), said.get("sender")
    name = group.get("name") if isinstance(group, dict) else group
    org = group.get("org_id") if isinstance(group, dict) else said.get("org_id")
    key = sender.get("public_key") if isinstance(sender, dict) else said.get("public_key")
    return str(name or ""), str(org or ""), str(key or "")


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, Path | None]]:
    """Give every file to read, and the folder it was found in, None for one that was named itself.

    Raises CisError for a folder that cannot be looked into: what it holds would be missing without a word.
    """
    for path in paths:
        if not path.is_dir():
            yield path, None
            continue
        for folder, below, names in os.walk(path, onerror=_cannot_look):
            below.sort()
            for name in sorted(names):
                # A spreadsheet program keeps a small file beside each workbook that is open.
                if name.endswith((SUFFIX, ".xlsx")) and not name.startswith(("~$", ".")):
                    yield Path(folder, name), path


def _cannot_look(trouble: OSError) -> NoReturn:
    raise CisError(
        "cannot_read",
        "A folder cannot be read",
        f"“{trouble.filename}” could not be looked into ({trouble.strerror}), and may hold packs. Nothing was read. "
        "Copy what is in it to a folder of your own, and choose that.",
    ) from trouble


def contradiction(why: str) -> CisError:
    """Return the refusal of packs that cannot all be true."""
    return CisError(
        "packs_contradict",
        "These packs do not fit together",
        f"The audit stopped, because {why}. Nothing was changed; ask for the files again, or audit them one by one.",
    )
