"""What a release would send, in full, before anything is written: the same words and figures as the files have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cis_desktop import ledger, words
from cis_desktop.agreements import Agreement
from cis_desktop.disclosure.tables import Audit, Release
from cis_desktop.errors import CisError
from cis_desktop.figures.periods import Period
from cis_desktop.letters import Letter
from cis_desktop.vault.history import now
from cis_desktop.workspace import Workspace, setting

from . import tidy
from .details import Details, group_of, harmless
from .observing import NOTHING, Cleared
from .preview import Preview
from .sending import address, letter
from .signing import signing_key
from .statement import counts
from .wording import Account, Section, account

NOT_KNOWN_YET = ("Made", "Pack")
"""Facts on the cover that a pack has once it is made."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A pack in words and its email, as the council would see them. `tables` are the names of its files of figures."""

    account: Account
    letter: Letter
    tables: tuple[str, ...]


def leaving(workspace: Workspace, shown: Preview, sign_off: str, cleared: Cleared = NOTHING) -> Leaving:
    """Say what would leave, with words that are cleared, if this preview were signed off by that name now.

    Nothing is written. A pack that has to replace an earlier one says so. Raises CisError for a refusal.
    """
    if not isinstance(shown.answer, Release):
        raise CisError(shown.answer.code, shown.answer.title, shown.answer.sentence)
    with workspace.reader() as connection:
        name, org_id = group_of(setting(connection, "workspace_name")), setting(connection, "org_id") or ""
    details = details_of(shown.agreement, shown.period, name, org_id, sign_off, now(), cleared, shown.replaces)
    made, told = put_in_words(shown.answer, details, signing_key(workspace).public)
    mail = letter(details, counts(made)["hidden"], address(contact(shown.agreement)))
    return Leaving(told, mail, tuple(table.id for table in made))


def as_released(past: ledger.Past) -> tuple[Section, ...]:
    """Give the tables of an earlier release as whoever has it reads them."""
    entry = past.entry
    details = Details(
        entry.group, entry.agreement_title, 1, entry.agreement_hash.hex(), entry.recipient, "", entry.period,
        words.period(entry.period), entry.signed_off_by, entry.made_at,
    )  # fmt: skip
    safe = Release(past.release.tables, past.policy, Audit(0, 0, 0, 0, None, 0.0))
    return account(tidy.tables(safe, details), safe, details, entry.pack, bytes(32).hex()).sections


def put_in_words(safe: Release, details: Details, public: str) -> tuple[tuple[tidy.PackTable, ...], Account]:
    """Give the tables and the words of a pack that is not made yet; `public` is the key that will sign it."""
    made = tidy.tables(safe, details)
    told = account(made, safe, details, "", public)
    return made, replace(told, facts=tuple(fact for fact in told.facts if fact[0] not in NOT_KNOWN_YET))


def contact(agreement: Agreement) -> str:
    """Give how the council is reached, as the agreement says it."""
    council = agreement.terms.parties.council
    return council.contact or "" if council else ""


def details_of(
    agreement: Agreement, asked: Period, name: str, org_id: str, sign_off: str, moment: str,
    cleared: Cleared = NOTHING, replaced: ledger.Entry | None = None,
) -> Details:  # fmt: skip
    """Say what a pack says about itself; `moment` is ISO 8601. Raises CisError for a moment that is none."""
    terms = agreement.terms
    return harmless(
        Details(
            group=name,
            agreement=terms.title,
            agreement_version=terms.agreement_version,
            agreement_hash=agreement.hash.hex(),
            recipient=terms.parties.council.name if terms.parties.council else "",
            question=terms.question,
            period=asked.key,
            period_label=asked.label,
            signed_off_by=sign_off.strip(),
            made_at=_utc(moment),
            org_id=org_id,
            what_for=f"{terms.use} {terms.use_by}".strip(),
            contact=terms.sharing.contact,
            onward_use=terms.sharing.onward_use,
            foi=terms.sharing.foi,
            supersedes=replaced.pack if replaced else None,
            changes=cleared.changes,
            narrative=cleared.answers,
            observations=cleared.quoted,
            terms=cleared.terms,
        )
    )


def _utc(moment: str) -> str:
    try:
        when = datetime.fromisoformat(moment)
        # Without this, a time that names no zone would be taken for this computer's.
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).isoformat()
    except ValueError as trouble:
        raise CisError(
            "not_a_time",
            "That is not a time",
            f"“{moment}” is not a day and time such as 2018-04-03T10:00:00Z. Nothing was released.",
        ) from trouble
