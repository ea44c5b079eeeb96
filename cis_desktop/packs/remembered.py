"""Packs as their readers have them, without their files: earlier ones from the ledger, and one that is only tried."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cis_desktop import ledger, words
from cis_desktop.disclosure.tables import Audit, Refusal, Release
from cis_desktop.vault.tables import Connection
from cis_desktop.workspace import setting

from . import tidy
from .audit import Attack, attack_packs
from .datapackage import adds_over_periods, breakdown
from .details import Details, group_of, harmless
from .reading import FilePack, FileTable
from .statement import disclosure


def as_read(release: Release, details: Details, pack: str) -> FilePack:
    """Give a release as if it had been read from the file of a pack of that id."""
    made = tidy.tables(release, details)
    return FilePack(
        name=f"{details.agreement}, {words.period(details.period)}",
        kind="ledger",
        statement={
            "pack": pack,
            "group": details.group,
            "made_at": details.made_at,
            "supersedes": details.supersedes,
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


def remembered(past: ledger.Past, group: str) -> FilePack:
    """Give an earlier pack as if it had been read from its file, which may be long gone.

    `group` is what the group is called now: a new name does not make it another group.
    """
    entry, safe = past.entry, Release(past.release.tables, past.policy, Audit(0, 0, 0, 0, None, 0.0))
    details = harmless(
        Details(
            group=group, agreement=entry.agreement_title, agreement_version=0,
            agreement_hash=entry.agreement_hash.hex(), recipient=entry.recipient, question="", period=entry.period,
            period_label=entry.period, signed_off_by=entry.signed_off_by, made_at=entry.made_at,
            supersedes=entry.supersedes,
        )
    )  # fmt: skip
    return as_read(safe, details, entry.pack)


def attack_released(connection: Connection) -> Attack:
    """Attack everything that was released and may have left, as a reader of all of it would."""
    group = group_of(setting(connection, "workspace_name"))
    return attack_packs([remembered(past, group) for past in ledger.kept(connection)])


def attack_beside(
    new: FilePack, past: Sequence[ledger.Past], group: str, check: Callable[[], object] = lambda: None
) -> tuple[Attack, Refusal | None]:
    """Attack a pack with every earlier one; give what was found, and a refusal where the new one gives any away.

    `check` may raise to stop it, between one attack and the next.
    """
    earlier = [remembered(each, group) for each in past]
    before = {(e.cell, e.lowest, e.highest) for e in attack_packs(earlier).unsafe} if earlier else set()
    check()
    found = attack_packs([*earlier, new])
    given = [e.cell for e in found.unsafe if (e.cell, e.lowest, e.highest) not in before]
    return found, _given_away(given, bool(earlier)) if given else None


def _given_away(given: Sequence[str], beside: bool) -> Refusal:
    more = f" and {len(given) - 3} more" if len(given) > 3 else ""
    earlier = " beside all earlier reports" if beside else ""
    return Refusal(
        "These files would give hidden figures away",
        f"Whoever has this report{earlier} could work out, or nearly: {'; '.join(given[:3])}{more}. An attack on it as "
        "its readers have it found that. Nothing was released and the records are unchanged. Use broader categories or "
        "a longer period, or hold this release.",
    )
