"""Read an agreement file: limits first, then the format, then sense, then the signature. All of it, or a refusal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cis_desktop import strict_json
from cis_desktop.agreements import checks, rules
from cis_desktop.agreements.model import FORMAT, VERSION, Area, Table, Terms
from cis_desktop.decoding import from_builtins
from cis_desktop.disclosure.tables import Policy
from cis_desktop.errors import CisError
from cis_desktop.strict_json import canonical

MOST_BYTES = 1_000_000
SIGNED = b"cis-agreement 1\n"
"""What a signature covers: this line, then the canonical bytes."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement: its terms, and the canonical bytes of its file (fields the app does not know included)."""

    terms: Terms
    canonical: bytes

    @property
    def key(self) -> str:
        """The short name it goes by, the same in every version."""
        return self.terms.key

    @property
    def title(self) -> str:
        """Its title."""
        return self.terms.title

    @property
    def version(self) -> int:
        """Which version of the agreement this is."""
        return self.terms.agreement_version

    @property
    def tables(self) -> tuple[Table, ...]:
        """What it asks to be counted."""
        return self.terms.tables

    @property
    def area(self) -> Area:
        """The place it is about."""
        return self.terms.area

    @property
    def hash(self) -> bytes:
        """SHA-256 of the canonical bytes without the signature: what both sides hold, and a pack names."""
        return hashlib.sha256(unsigned(self.canonical)).digest()

    def would_be_refused(self) -> tuple[str, ...]:
        """Say what would be refused of it if it came in today; what is held already is used as it was agreed."""
        return (*checks.problems(self.terms), *rules.unnamed(self.terms))

    def policy(self) -> Policy:
        """Give the disclosure policy: the profile named, with the stricter rules of the agreement."""
        return rules.policy(self.terms)


def unsigned(data: bytes) -> bytes:
    """Give the canonical bytes of an agreement without its signature."""
    return canonical({name: value for name, value in strict_json.read(data).items() if name != "signature"})


def read_file(path: Path) -> Agreement:
    """Read a `*.cis-agreement` file. Raises CisError, in plain words, for whatever is wrong with it."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CisError(
            "cannot_read",
            "The file cannot be read",
            f"“{path.name}” could not be read ({error.strerror}). Nothing was changed. Check that it is still there.",
        ) from error
    return read(data, path.name)


def read(data: bytes, name: str = "the agreement") -> Agreement:
    """Read an agreement from bytes; `name` is what messages call it. Raises CisError."""
    found = stored(data, name)
    terms = found.terms
    for problem in found.would_be_refused():
        raise _refuse(name, problem)
    if terms.signature:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(terms.signature.public_key))
        try:
            key.verify(bytes.fromhex(terms.signature.signature), SIGNED + unsigned(found.canonical))
        except InvalidSignature:
            raise CisError(
                "agreement_signature",
                "This agreement was changed after it was signed",
                f"“{name}” carries the signature of {terms.signature.by}, but its text is not what was signed. Nothing "
                "was imported. Ask them to send it again.",
            ) from None
    return found


def stored(data: bytes, name: str = "the agreement") -> Agreement:
    """Read an agreement that was checked when it came in: checks made since would lock a group out of its reports.

    Raises CisError where it is none.
    """
    document = _document(data, name)
    _check_format(document, name)
    try:
        return Agreement(from_builtins(document, Terms), canonical(document))
    except msgspec.ValidationError as error:
        raise _refuse(name, checks.plain(str(error))) from error


def _document(data: bytes, name: str) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise _refuse(name, "it is larger than 1 MB, and agreements are small")
    if not data.strip():
        raise _refuse(name, "the file is empty")
    try:
        document = strict_json.read(data)
    except strict_json.TooDeep:
        raise _refuse(name, "it is nested deeper than an agreement can be") from None
    except strict_json.Twice as error:
        raise _refuse(name, f"the field “{error}” appears twice in one place") from None
    except ValueError:
        raise _refuse(name, "it is no agreement (which is JSON text), or was cut short on the way") from None
    if not isinstance(document, dict):
        raise _refuse(name, "it is no agreement, although it is JSON text")
    return document


def _check_format(document: dict[str, Any], name: str) -> None:
    if document.get("format") != FORMAT:
        raise _refuse(name, "it does not say that it is a cis-agreement")
    version = document.get("version")
    if isinstance(version, int) and version > VERSION:
        raise CisError(
            "newer_version",
            "This agreement was made by a newer version",
            f"“{name}” was made by a newer version of the app than this one. Nothing was imported. Update the app, or "
            "ask for the agreement in the older format.",
        )


def _refuse(name: str, what: str) -> CisError:
    return CisError(
        "agreement_invalid",
        "This agreement cannot be used",
        f"“{name}” cannot be used as an agreement: {what}. Nothing was imported and nothing was changed. Ask whoever "
        "wrote it to correct it.",
    )
