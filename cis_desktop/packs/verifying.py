"""Was anything in a pack changed since it was signed? For the archive, or for the workbook alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cis_desktop import strict_json
from cis_desktop.strict_json import canonical
from cis_desktop.words import fingerprint

from .archive import read_file
from .making import WORKBOOK
from .reading import FilePack, read_pack
from .role import earlier_keys
from .sealing import MANIFEST
from .sheets import HEAD, sheet_hash
from .signing import genuine, sha256


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check found. `problems` says in plain sentences what is wrong; it is empty when `valid`.

    A valid signature proves that the holder of the key with this fingerprint made the pack, and that nothing was
    changed since. Whether that key is the group's is for people to compare once; `follows` are the fingerprints of
    earlier keys, newest first, whose holder said that this one signs after them.
    """

    valid: bool
    pack: str
    kind: str
    signer: str
    fingerprint: str
    public_key: str
    follows: tuple[str, ...]
    group: str
    agreement: str
    agreement_hash: str
    period: str
    made_at: str
    signed_off_by: str
    supersedes: str | None
    problems: tuple[str, ...]


def verify(path: Path) -> Verified:
    """Check a pack's archive or workbook. Raises CisError when the file cannot be read as either."""
    return verify_bytes(read_file(path), path.name)


def verify_bytes(data: bytes, name: str) -> Verified:
    """Check a pack's archive or workbook that is in memory; `name` is what it is called in messages."""
    return verified(read_pack(data, name))


def verified(pack: FilePack) -> Verified:
    """Check a pack that was read."""
    said = pack.statement
    archive = pack.kind == "archive"
    public = _text(said.get("sender") if archive else said, "public_key")
    problems = [*_signature(said, public), *(_files(pack) if archive else _sheets(pack))]
    earlier = earlier_keys(_follows(said), public)
    if earlier is None:
        problems.append("What it says of earlier keys is not true: its key does not follow from them.")
    if archive and not problems:
        problems += _same_figures(pack)
    group = _text(said.get("group"), "name") if archive else _text(said, "group")
    agreement = said.get("agreement")
    version = _text(agreement, "version") if archive else _text(said, "agreement_version")
    title = _text(agreement, "title") if archive else _text(said, "agreement")
    return Verified(
        valid=not problems,
        pack=pack.pack,
        kind=pack.kind,
        signer=group,
        fingerprint=_fingerprint(public),
        public_key=public,
        follows=tuple(map(_fingerprint, earlier or ())),
        group=group,
        agreement=f"{title}, version {version}",
        agreement_hash=_text(agreement, "hash") if archive else _text(said, "agreement_hash"),
        period=_text(said, "period"),
        made_at=_text(said, "made_at"),
        signed_off_by=_text(said, "signed_off_by"),
        supersedes=_text(said, "supersedes") or None,
        problems=tuple(problems),
    )


def _signature(said: dict[str, Any], public: str) -> Iterator[str]:
    signed = {name: value for name, value in said.items() if name != "signature"}
    if not genuine(public, _text(said, "signature"), canonical(signed)):
        yield "The signature is not that of the key named in the file: what it says was changed, or never signed."


def _follows(said: dict[str, Any]) -> list[Any]:
    """Give the statements about earlier keys: the workbook has them as text."""
    found = said.get("key_follows", [])
    with suppress(ValueError):
        found = strict_json.read(found.encode()) if isinstance(found, str) else found
    return found if isinstance(found, list) else [found]


def _files(pack: FilePack) -> Iterator[str]:
    listed = pack.statement.get("files")
    listed = listed if isinstance(listed, dict) else {}
    for name in sorted(listed.keys() - pack.members.keys()):
        yield f"The file {name} is missing."
    for name in sorted(pack.members.keys() - listed.keys() - {MANIFEST}):
        yield f"The file {name} is not one that was signed."
    for name in sorted(listed.keys() & pack.members.keys()):
        if _text(listed[name], "sha256") != sha256(pack.members[name]):
            yield f"The file {name} was changed."
    if MANIFEST in pack.members and pack.members[MANIFEST] != canonical(pack.statement) + b"\n":
        yield "The manifest is not written as it was signed."


def _same_figures(pack: FilePack) -> Iterator[str]:
    """Compare the archive's tables with those of the workbook inside it, which is sent by itself."""
    if WORKBOOK not in pack.members:
        yield "There is no workbook in the archive."
        return
    inside = read_pack(pack.members[WORKBOOK], WORKBOOK)
    if {t.id: t.csv for t in inside.tables} != {t.id: t.csv for t in pack.tables} or inside.pack != pack.pack:
        yield "The workbook in the archive has other figures than the tables."
    if inside.observations != pack.observations:
        yield "The workbook in the archive has other observations than the archive."
    yield from verified(inside).problems


def _sheets(pack: FilePack) -> Iterator[str]:
    said = pack.statement
    tables = {f"table:{table.id}": sha256(table.csv) for table in pack.tables}
    sheets = {f"sheet:{n}": sheet_hash(v if n != "Signature" else v[:HEAD]) for n, v in pack.sheets.items()}
    if pack.sheets["Signature"][HEAD] != ["name", "text"]:
        yield "The headings of the Signature sheet were changed."
    signed = {name: text for name, text in said.items() if name.startswith(("table:", "sheet:"))}
    for name in sorted(signed.keys() - tables.keys() - sheets.keys()):
        yield f"The {name.replace(':', ' “')}” is missing."
    for name, digest in sorted({**tables, **sheets}.items()):
        if name not in signed:
            yield f"The {name.replace(':', ' “')}” is not one that was signed."
        elif signed[name] != digest:
            yield f"The {name.replace(':', ' “')}” was changed."
    if _text(said, "key_fingerprint") != _fingerprint(_text(said, "public_key")):
        yield "The fingerprint on the Signature sheet is not that of its key."


def _text(said: Any, name: str) -> str:
    value = said.get(name) if isinstance(said, dict) else None
    return str(value) if isinstance(value, str | int) else ""


def _fingerprint(public: str) -> str:
    try:
        return fingerprint(public)
    except ValueError:
        return ""
