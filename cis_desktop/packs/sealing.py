"""The signed statements of a pack: the manifest of the archive, and the Signature sheet of the workbook.

The workbook's statement is flat text, so that a sheet of two columns holds all of it. It comes first; the manifest
then names the workbook's hash like any other file's.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cis_desktop.disclosure.tables import Policy
from cis_desktop.strict_json import canonical
from cis_desktop.words import fingerprint

from .details import Details
from .signing import Signer, sha256
from .tidy import PackTable

MANIFEST = "manifest.json"
PACK_FORMAT = "cis-pack"
WORKBOOK_FORMAT = "cis-workbook"
VERSION = 1


def pack_id(
    tables: tuple[PackTable, ...], details: Details, signer: Signer, noted: Mapping[str, bytes] = MappingProxyType({})
) -> str:
    """Derive a pack's id from what it says, its figures and who signs it: 16 hexadecimal digits.

    `noted` are files of words that go with the figures.
    """
    said = [details.group, details.agreement_hash, details.period, details.made_at, details.supersedes or ""]
    return sha256(canonical([*said, signer.public, *(sha256(t.csv()) for t in tables), *map(sha256, noted.values())]))[
        :16
    ]


def workbook_statement(
    tables: tuple[PackTable, ...], details: Details, policy: Policy, pack: str, sheets: dict[str, str], signer: Signer
) -> dict[str, str]:
    """Return the rows of the Signature sheet: name to text, the signature last."""
    said = {
        "format": WORKBOOK_FORMAT,
        "version": str(VERSION),
        "pack": pack,
        "group": details.group,
        "org_id": details.org_id,
        "agreement": details.agreement,
        "agreement_version": str(details.agreement_version),
        "agreement_hash": details.agreement_hash,
        "recipient": details.recipient,
        "period": details.period,
        "made_at": details.made_at,
        "signed_off_by": details.signed_off_by,
        "supersedes": details.supersedes or "",
        "profile": policy.profile,
        "threshold": str(policy.threshold),
        "rounding": str(policy.rounding),
        "rounding_method": policy.method,
        "rounding_totals": policy.totals,
        "key_fingerprint": fingerprint(signer.public),
        "public_key": signer.public,
        **({"key_follows": canonical(list(signer.follows)).decode()} if signer.follows else {}),
        **{f"table:{table.id}": sha256(table.csv()) for table in tables},
        **{f"sheet:{name}": digest for name, digest in sheets.items()},
    }
    return {**said, "signature": signer.sign(canonical(said))}


def manifest(files: dict[str, bytes], details: Details, pack: str, signer: Signer) -> bytes:
    """Return `manifest.json` for `files` (name to uncompressed bytes)."""
    said: dict[str, Any] = {
        "format": PACK_FORMAT,
        "version": VERSION,
        "pack": pack,
        "group": {"name": details.group, "org_id": details.org_id or None},
        "agreement": {
            "title": details.agreement,
            "version": details.agreement_version,
            "hash": details.agreement_hash,
        },
        "recipient": details.recipient,
        "period": details.period,
        "made_at": details.made_at,
        "signed_off_by": details.signed_off_by,
        "supersedes": details.supersedes,
        "files": {name: {"sha256": sha256(data), "bytes": len(data)} for name, data in sorted(files.items())},
        "sender": {"public_key": signer.public, "fingerprint": fingerprint(signer.public)},
        **({"key_follows": list(signer.follows)} if signer.follows else {}),
    }
    return canonical({**said, "signature": signer.sign(canonical(said))}) + b"\n"
