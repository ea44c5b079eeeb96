"""Safe tables -> the files of a pack, as bytes in memory. The same input gives the same bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cis_desktop.disclosure.tables import Release

from . import quoting, tidy
from .archive import pack_zip
from .datapackage import datapackage
from .details import Details, harmless
from .page import page
from .report import report
from .sealing import MANIFEST, manifest, pack_id
from .signing import Signer, sha256
from .statement import counts, disclosure
from .texts import slug
from .wording import account
from .workbook import workbook

WORKBOOK = "workbook.xlsx"
REPORT = "report.pdf"
SUFFIX = ".cis-pack.zip"


@dataclass(frozen=True, slots=True)
class PackFiles:
    """A pack: its id, its files (name to bytes), the archive of them, and what to call the copies."""

    pack: str
    stem: str
    files: dict[str, bytes]
    archive: bytes
    counts: dict[str, int]

    @property
    def sha256(self) -> str:
        """Give the SHA-256 of the archive."""
        return sha256(self.archive)

    @property
    def workbook(self) -> bytes:
        """Give the workbook, which can be sent by itself."""
        return self.files[WORKBOOK]

    @property
    def report(self) -> bytes:
        """Give the report, which can be sent by itself."""
        return self.files[REPORT]


def build(release: Release, details: Details, signer: Signer) -> PackFiles:
    """Make all files of a pack from a release that disclosure control has passed."""
    details = harmless(details)
    made = tidy.tables(release, details)
    area = made[0].rows[0][made[0].columns.index("area")] if details.observations else ""
    noted = {quoting.FILE: quoting.csv_of(details, area)} if details.observations else {}
    pack = pack_id(made, details, signer, noted)
    words = account(made, release, details, pack, signer.public)
    described = datapackage(made, details, pack)
    described["resources"] += [quoting.resource(details)] if noted else []
    files = {
        "datapackage.json": _json(described),
        **{f"tables/{table.id}.csv": table.csv() for table in made},
        **noted,
        "report.html": page(words, details.group, details.period_label, details.made_at),
        REPORT: report(words, details.group, details.made),
        WORKBOOK: workbook(made, words, details, release.policy, pack, signer),
        "disclosure.json": _json(disclosure(release, made)),
    }
    files = {MANIFEST: manifest(files, details, pack, signer), **files}
    stem = f"{slug(details.agreement)}-{slug(details.period)}-{pack[:8]}"
    return PackFiles(pack, stem, files, pack_zip(files, details.made), counts(made))


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
