"""Earlier packs as their readers have them, rebuilt from what the ledger says was published."""

from __future__ import annotations

from cis_desktop import ledger
from cis_desktop.disclosure.tables import Audit, Release

from . import tidy
from .datapackage import adds_over_periods, breakdown
from .details import Details, harmless
from .reading import FilePack, FileTable
from .statement import disclosure


def remembered(past: ledger.Past, group: str) -> FilePack:
    """Give an earlier pack as if it had been read from its file, which may be long gone.

    `group` is what the group is called now: a new name does not make it another group.
    """
    entry = past.entry
    details = harmless(
        Details(
            group=group, agreement=entry.agreement_title, agreement_version=0,
            agreement_hash=entry.agreement_hash.hex(), recipient=entry.recipient, question="", period=entry.period,
            period_label=entry.period, signed_off_by=entry.signed_off_by, made_at=entry.made_at,
        )
    )  # fmt: skip
    release = Release(past.release.tables, past.policy, Audit(0, 0, 0, 0, None, 0.0))
    made = tidy.tables(release, details)
    return FilePack(
        name=f"pack {entry.pack}",
        kind="ledger",
        statement={
            "pack": entry.pack,
            "group": details.group,
            "made_at": details.made_at,
            "supersedes": entry.supersedes,
        },
        members={},
        sheets={},
        tables=tuple(
            FileTable(
                table.id,
                table.csv(),
                tuple(dict(zip(table.columns, row, strict=True)) for row in table.rows),
                tuple(breakdown(item) for item in table.breakdowns),
                frozenset(adds_over_periods(table)),
            )
            for table in made
        ),
        rule=disclosure(release, made),
    )
