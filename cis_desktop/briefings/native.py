"""A briefing made for this app (`*.cis-briefing.zip`): opened within limits, and believed only where it is signed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Annotated, Any

import msgspec

from cis_desktop import strict_json
from cis_desktop.briefings.model import Said
from cis_desktop.decoding import from_builtins
from cis_desktop.errors import CisError
from cis_desktop.packs.archive import refusal, unpack
from cis_desktop.packs.signing import genuine, sha256
from cis_desktop.strict_json import canonical
from cis_desktop.words import fingerprint

FORMAT = "cis-briefing"
VERSION = 1
MANIFEST = "manifest.json"
ENDING = ".cis-briefing.zip"
FOLDERS = {"tables": ".csv", "boundaries": ".geojson", "areas": ".csv", "agreements": ".cis-agreement", "pages": ".md"}
LONGEST_TEXT = 100_000

Hex = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]+$", max_length=128)]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Words = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]


class Sender(msgspec.Struct, frozen=True):
    """Who signed: the council's name and its public key."""

    name: Line
    public_key: Hex


class Listed(msgspec.Struct, frozen=True):
    """One file of the archive as the manifest has it."""

    sha256: Hex
    bytes: int


class Manifest(msgspec.Struct, frozen=True):
    """The signed statement of a briefing."""

    title: Line
    sender: Sender
    made_at: Line
    files: dict[str, Listed]
    signature: Hex
    answers: Annotated[list[Line], msgspec.Meta(max_length=100)] = []
    heard: Words = ""
    decided: Words = ""
    not_done: Words = ""
    questions: Words = ""


@dataclass(frozen=True, slots=True)
class Native:
    """A briefing that was opened: its signature is genuine, and its files are those that were signed."""

    file: str
    title: str
    sender: str
    public_key: str
    made_at: str
    answers: tuple[str, ...]
    said: Said
    members: dict[str, bytes]

    @property
    def fingerprint(self) -> str:
        """Give the sender's key as people compare it."""
        return fingerprint(self.public_key)

    def inside(self, folder: str) -> list[tuple[str, bytes]]:
        """Give the files of one of its folders, by name."""
        return [(name, data) for name, data in sorted(self.members.items()) if name.startswith(f"{folder}/")]


def open_native(data: bytes, name: str) -> Native:
    """Open a briefing. Raises CisError, and takes nothing from it, when anything in it is not as it should be."""
    members = unpack(data, name, "briefing")
    if MANIFEST not in members:
        raise refusal(name, "it has no manifest", "briefing")
    said = _statement(members[MANIFEST], name)
    try:
        manifest = from_builtins(said, Manifest)
    except msgspec.ValidationError as trouble:
        raise refusal(name, "its manifest lacks something, or says too much", "briefing") from trouble
    signed = canonical({key: value for key, value in said.items() if key != "signature"})
    written = members[MANIFEST] == canonical(said) + b"\n"
    if not (written and genuine(manifest.sender.public_key, manifest.signature, signed)):
        why = "its signature is not that of the key it names: it was changed since, or never signed"
        raise refusal(name, why, "briefing")
    _check_files(members, manifest, name)
    return Native(
        file=name,
        title=manifest.title,
        sender=manifest.sender.name,
        public_key=manifest.sender.public_key,
        made_at=manifest.made_at,
        answers=tuple(manifest.answers),
        said=Said(manifest.heard, manifest.decided, manifest.not_done, manifest.questions),
        members={key: body for key, body in members.items() if key != MANIFEST},
    )


def schema() -> bytes:
    """Write the JSON Schema of the manifest."""
    document = msgspec.json.schema(Manifest)
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    document["title"] = "The signed statement of a briefing (cis-briefing, version 1)"
    statement = document["$defs"]["Manifest"]
    statement["properties"] |= {"format": {"const": FORMAT}, "version": {"const": VERSION}}
    statement["required"] = ["format", "version", *statement["required"]]
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _statement(data: bytes, name: str) -> dict[str, Any]:
    try:
        said = strict_json.read(data)
    except ValueError as trouble:
        raise refusal(name, "its manifest is damaged", "briefing") from trouble
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise refusal(name, "it does not say that it is a briefing", "briefing")
    version = said.get("version")
    if isinstance(version, int) and version > VERSION:
        raise CisError(
            "newer_version",
            "Made by a newer version",
            f"“{name}” was made by a newer version of Community Insights than this one. Nothing was taken from it; "
            "update this program, then open the file again.",
        )
    if version != VERSION:
        raise refusal(name, "it does not say which version of the format it has", "briefing")
    return said


def _check_files(members: dict[str, bytes], manifest: Manifest, name: str) -> None:
    there = members.keys() - {MANIFEST}
    if there != manifest.files.keys():
        raise refusal(name, "the files in it are not those that were signed", "briefing")
    for path in there:
        if manifest.files[path].sha256 != sha256(members[path]):
            raise refusal(name, f"{PurePosixPath(path).name[:60]} in it was changed after it was signed", "briefing")
        folder, _, rest = path.partition("/")
        if not rest or "/" in rest or not rest.endswith(FOLDERS.get(folder, "/")):
            raise refusal(name, "it holds a file that has no place in a briefing", "briefing")
