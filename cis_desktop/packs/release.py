"""Release a period under an agreement: count, protect, attack, write, note in the ledger. All of it, or nothing."""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cis_desktop import ledger, words
from cis_desktop.agreements import Held, find
from cis_desktop.disclosure.tables import Refusal, Release
from cis_desktop.disclosure.wishes import NO_WISHES
from cis_desktop.errors import CisError
from cis_desktop.figures import period as read_period
from cis_desktop.figures.coarser import AS_AGREED, Coarser
from cis_desktop.figures.periods import Period
from cis_desktop.letters import Letter
from cis_desktop.saving import make_folder, settle
from cis_desktop.vault.history import now
from cis_desktop.workspace import Workspace, setting

from .audit import Attack
from .details import Details, group_of
from .leaving import contact, details_of
from .making import SUFFIX, PackFiles, build
from .observing import Cleared, Kept, Quote, Texts, clear
from .preview import BUDGET, UNWATCHED, Preview, preview, same_figures
from .reading import read_pack
from .remembered import attack_beside
from .role import begin, check_may_release, lineage
from .sending import address, draft, letter
from .signing import Signer, signing_key
from .verifying import verify_bytes
from .watching import Watch

PART = ".part"
OURS = re.compile(r"\..*-[0-9a-f]{8}\.(cis-pack\.zip|xlsx|pdf|eml)\.part")
KILLED_AFTER = 3600
"""Seconds after which a temporary file is nobody's any more."""


@dataclass(frozen=True, slots=True)
class Released:
    """What a release made: the pack's id, where its files are, and what was counted, hidden and attacked.

    `statements` say what to know of it, for the group's own eyes; `observations` are the references of those quoted.
    """

    pack: str
    archive: Path
    workbook: Path
    report: Path
    email: Path
    sha256: str
    tables: int
    counts: dict[str, int]
    audit: Attack
    letter: Letter
    statements: tuple[str, ...]
    observations: tuple[str, ...] = ()


def release(
    workspace: Workspace,
    agreement_key: str,
    period: str,
    out: Path,
    sign_off: str,
    supersedes: str | None = None,
    *,
    answers: Sequence[tuple[str, str]] = (),
    changes: str = "",
    quotes: Sequence[Quote] = (),
    kept: Sequence[Kept] = (),
    made_at: str | None = None,
    budget: float = BUDGET,
    seen: Preview | None = None,
    coarser: Coarser = AS_AGREED,
    watch: Watch = UNWATCHED,
) -> Released:
    """Make the pack of `period` under an agreement in the folder `out`, and note it in the ledger.

    `answers` are the agreement's narrative questions with the group's words; `changes` says what a pack that
    `supersedes` another corrects; `quotes` are observations; `kept` answers what was found in all these words.
    `made_at` is ISO 8601 in UTC (the present, unless given). `seen` is the preview that was signed off, with its
    wishes and as coarse as it is: nothing else may leave. Without one, `coarser` says which rungs of the agreement's
    ladders are taken. `watch` may stop it until it is noted. Raises CisError, with nothing written and nothing noted,
    when the agreement is not accepted, there is nothing to release, the figures are not those that were seen or cannot
    be protected, the words are not cleared, an attack on the files exposes anything, or the files cannot be written.
    """
    if not sign_off.strip():
        raise CisError(
            "nobody_signed_off",
            "Somebody has to sign off",
            "A pack leaves only when a person has signed it off. Nothing was released; give the name of who does.",
        )
    moment = made_at or now()
    with workspace.reader() as connection:
        held = find(connection, agreement_key)
        _check_accepted(held)
        check_may_release(connection)
        replaced = ledger.find(connection, supersedes) if supersedes else None
        _check_first(ledger.releases(connection), held, read_period(period), replaced)
        name, org_id = group_of(setting(connection, "workspace_name")), setting(connection, "org_id") or ""
    wishes, taken = (seen.wishes, seen.coarser) if seen is not None else (NO_WISHES, coarser)
    # The finished files are attacked below, so the figures need not be attacked before.
    shown = preview(workspace, held.agreement, period, budget, watch, wishes, taken, attacked=False)
    asked, exact, past, safe = shown.period, shown.exact, shown.past, shown.answer
    if isinstance(safe, Refusal):
        raise CisError(safe.code, safe.title, safe.sentence)
    _check_seen(seen, safe)
    texts = Texts(tuple(quotes), tuple(answers), changes)
    with workspace.reader() as connection:
        cleared = clear(connection, shown, texts, kept, (workspace.who, sign_off))
    details = details_of(held.agreement, asked, name, org_id, sign_off, moment, cleared, replaced)
    watch.at("build")
    with workspace.reader() as connection:
        signer = replace(signing_key(workspace), follows=lineage(connection))
    files = _built(safe, details, signer)
    watch.at("attack")
    audit = _attacked(files, past, details.group)
    entry = _entry(files, held, details, cleared, taken)
    to = address(contact(held.agreement))
    watch.at("write")
    with _folder(out) as folder:
        targets = {
            folder / f"{files.stem}{SUFFIX}": files.archive,
            folder / f"{files.stem}.xlsx": files.workbook,
            folder / f"{files.stem}.pdf": files.report,
            folder / f"{files.stem}.eml": draft(details, files, to),
        }
        with _written(targets) as waiting:
            _check_written(targets, waiting)
            watch.at("note")
            # The ledger first: a pack that might have been seen must count, even if the power fails now.
            with workspace.change(f"Released {details.agreement}, {details.period_label}") as change:
                begin(change, signer)
                _check_same_past(past, ledger.kept(change.connection))
                ledger.record(change, entry, safe.policy, safe.tables, exact)
            _put_in_place(waiting, folder, entry)
    archive, workbook, report, email = targets
    return Released(
        pack=files.pack, archive=archive, workbook=workbook, report=report, email=email, sha256=files.sha256,
        tables=len(exact), counts=files.counts, audit=audit,
        letter=letter(details, files.counts["hidden"], to), statements=shown.to_know,
        observations=cleared.references,
    )  # fmt: skip


def _check_accepted(held: Held) -> None:
    if held.accepted_on is None:
        raise CisError(
            "agreement_not_accepted",
            "The agreement is not accepted yet",
            f"Figures are released only under an agreement the group has accepted, and nobody has accepted "
            f"“{held.agreement.title}”. Nothing was released; read it, accept it, then release again.",
        )


def _check_first(out: list[ledger.Entry], held: Held, asked: Period, replaced: ledger.Entry | None) -> None:
    """Refuse a second release of the same figures, unless it says which pack it corrects."""
    same = [entry for entry in out if same_figures(entry, held.agreement, asked)]
    if replaced is not None and (replaced.period != asked.key or replaced.agreement_title != held.agreement.title):
        raise CisError(
            "supersedes_other",
            "That pack is about something else",
            f"What is to be replaced is {replaced.named}, so this one cannot replace it. Nothing was released; look up "
            "the right report in “What we sent”.",
        )
    if same and replaced is None:
        raise CisError(
            "released_already",
            "These figures have been released already",
            f"{same[-1].named} was made on {words.day(same[-1].made_at)}. Nothing was released. To correct it, "
            "release again and say that the new report replaces it; if it never left this computer, mark it so in "
            "“What we sent”.",
        )


def _check_seen(seen: Preview | None, safe: Release) -> None:
    """Refuse figures that nobody has looked at: a record may have changed between looking and signing off."""
    if seen is not None and (not isinstance(seen.answer, Release) or seen.answer.tables != safe.tables):
        raise CisError(
            "figures_changed",
            "The figures have changed since you looked",
            "Something was written down or corrected meanwhile, so what would leave is no longer what you saw. Nothing "
            "was released; look at the figures again, then sign off.",
        )


def _built(safe: Release, details: Details, signer: Signer) -> PackFiles:
    try:
        return build(safe, details, signer)
    except OSError as trouble:
        # The spreadsheet library writes its sheets to the system's temporary folder first.
        raise _not_written(trouble) from trouble


def _attacked(files: PackFiles, past: list[ledger.Past], group: str) -> Attack:
    """Attack the new files with every earlier pack; raise CisError naming what only the new one gives away."""
    found, stopped = attack_beside(read_pack(files.archive, files.stem), past, group)
    if stopped is not None:
        raise CisError("audit_failed", stopped.title, stopped.sentence)
    return found


def _entry(files: PackFiles, held: Held, details: Details, cleared: Cleared, coarser: Coarser) -> ledger.Entry:
    return ledger.Entry(
        pack=files.pack,
        group=details.group,
        agreement_title=held.agreement.title,
        agreement_hash=held.agreement.hash,
        period=details.period,
        recipient=details.recipient,
        made_at=details.made_at,
        signed_off_by=details.signed_off_by,
        sha256=files.sha256,
        counts=files.counts,
        supersedes=details.supersedes,
        observations=cleared.references,
        kept=cleared.kept,
        coarser=coarser,
    )


def _check_same_past(before: list[ledger.Past], present: list[ledger.Past]) -> None:
    if [p.entry.pack for p in before] != [p.entry.pack for p in present]:
        raise CisError(
            "another_release",
            "Something else was released meanwhile",
            "Another release was noted while this one was being checked, so the check no longer holds. Nothing was "
            "released; release again.",
        )


@contextmanager
def _folder(out: Path) -> Iterator[Path]:
    """Make the folder if there is none; when it comes to nothing, one that was made goes again."""
    try:
        made = [each for each in (out, *out.parents) if not each.exists()]
        make_folder(out)
    except OSError as trouble:
        raise _not_written(trouble) from trouble
    try:
        yield out
    except BaseException:
        for each in made:
            with suppress(OSError):
                each.rmdir()
        raise


@contextmanager
def _written(targets: dict[Path, bytes]) -> Iterator[dict[Path, Path]]:
    """Write files under temporary names, on the disk for certain; whatever goes wrong, none of those stays behind."""
    waiting = {target.with_name(f".{target.name}{PART}"): target for target in targets}
    _tidy(next(iter(targets)).parent)
    try:
        try:
            for temporary, target in waiting.items():
                with temporary.open("wb") as file:
                    file.write(targets[target])
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as trouble:
            raise _not_written(trouble) from trouble
        yield waiting
    finally:
        for temporary in waiting:
            temporary.unlink(missing_ok=True)


def _tidy(folder: Path) -> None:
    """Remove what a release that was killed left in a folder; one that is being made right now is not so old."""
    with suppress(OSError):
        for left in folder.glob(f".*{PART}"):
            if OURS.fullmatch(left.name) and left.stat().st_mtime < time.time() - KILLED_AFTER:
                left.unlink()


def _check_written(targets: dict[Path, bytes], waiting: dict[Path, Path]) -> None:
    """Read everything back from the disk; the archive, with the workbook in it, must verify."""
    for temporary, target in waiting.items():
        try:
            data = temporary.read_bytes()
        except OSError as trouble:
            raise _not_written(trouble) from trouble
        if data != targets[target]:
            raise _not_written(OSError(errno.EIO, "what was read back is not what was written"))
        if target.name.endswith(SUFFIX) and (problems := verify_bytes(data, target.name).problems):
            raise CisError(
                "pack_not_verified",
                "The pack did not pass its own check",
                f"The finished pack was read back and is not as it was made: {problems[0]} Nothing was released; "
                "please report this.",
            )


def _put_in_place(waiting: dict[Path, Path], folder: Path, entry: ledger.Entry) -> None:
    """Give the files their names, and make those certain on the disk."""
    try:
        for temporary, target in waiting.items():
            temporary.replace(target)
        settle(folder)
    except OSError as trouble:
        raise CisError(
            "not_put_in_place",
            "The report is noted, but its files are not all there",
            f"{entry.named} is noted as made, but its files could not get their names "
            f"({trouble.strerror or trouble}). Your records are unchanged. If nothing was sent, say in "
            "“What we sent” that it never left, and release again.",
        ) from trouble


def _not_written(trouble: OSError) -> CisError:
    if trouble.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return CisError(
            "disk_full",
            "There is no room for the pack",
            "The disk filled up while the pack was written. Nothing was released and nothing is left half-written. "
            "Make room, or choose a folder on another disk, and release again.",
        )
    return CisError(
        "cannot_write",
        "The pack could not be written",
        f"The folder did not take the files ({trouble.strerror or trouble}). Nothing was released and nothing is left "
        "half-written. Choose another folder, and release again.",
    )
