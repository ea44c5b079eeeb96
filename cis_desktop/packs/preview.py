"""What would leave if a period were released now. A release is a preview that somebody signs off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cis_desktop import ledger, words
from cis_desktop.agreements import Agreement
from cis_desktop.disclosure.tables import CellId, Refusal, Release, Table
from cis_desktop.disclosure.wishes import NO_WISHES, Wishes
from cis_desktop.errors import CisError
from cis_desktop.figures import period as read_period
from cis_desktop.figures.coarser import AS_AGREED, Coarser, coarsened, said
from cis_desktop.figures.periods import Period
from cis_desktop.vault.history import now
from cis_desktop.workspace import Workspace, setting

from .details import Details, group_of, harmless
from .overlap import held, other_bands, other_groups, unreleased
from .signing import drawing_key
from .watching import Watch

if TYPE_CHECKING:
    from cis_desktop.disclosure.seen import Span

BUDGET = 60.0
"""The most work that protecting one release may take, in seconds of an ordinary laptop: counted, not timed."""
UNWATCHED = Watch()
STAND = (
    "Figures that were released before are the same here, although records have changed since: by so few that the "
    "difference would show them. They are corrected once each that has changed has changed by enough."
)


@dataclass(frozen=True, slots=True)
class Preview:
    """The exact figures, the titles of tables left out, what has left before, and the release or why there is none.

    `agreement` is as it was agreed; `coarser` says which of its breakdowns are coarser here.
    """

    agreement: Agreement
    period: Period
    exact: tuple[Table, ...]
    left_out: tuple[str, ...]
    past: list[ledger.Past]
    answer: Release | Refusal
    closed: bool = False
    """Whether late records since an earlier release are too few to show, so that its figures are taken again."""
    wishes: Wishes = NO_WISHES
    """What the group would rather have shown or hidden in this release."""
    between: tuple[Table, ...] = ()
    """The figures that no release shows and that readers may try to work out."""
    coarser: Coarser = AS_AGREED

    @property
    def cells(self) -> int:
        """Count the different figures."""
        return len({table.shape.identity(key) for table in self.exact for key in table.cells})

    @property
    def to_know(self) -> tuple[str, ...]:
        """Give what to know before signing off: what is left out, what goes beyond the agreement, what was done."""
        if isinstance(self.answer, Refusal):
            return ()
        missing = words.listed(self.left_out)
        left = (f"Left out, since nothing of it was written down in this period: {missing}.",) if missing else ()
        stand = (STAND,) if self.closed else ()
        wished = _wished(self.wishes, self.exact)
        return (*left, *wished, *stand, *self.answer.beyond, *self.answer.audit.statements)

    @property
    def replaces(self) -> ledger.Entry | None:
        """Give the newest pack of the same agreement and period that still counts: a new one has to replace it."""
        out = [each.entry for each in self.past]
        return next((each for each in reversed(out) if same_figures(each, self.agreement, self.period)), None)


def same_figures(entry: ledger.Entry, agreement: Agreement, period: Period) -> bool:
    """Say whether a pack that may have left has the figures of this agreement for this period."""
    same = entry.period == period.key and entry.agreement_hash == agreement.hash
    return same and entry.status != "never-left"


def preview(
    workspace: Workspace,
    agreement: Agreement,
    period: str,
    budget: float = BUDGET,
    watch: Watch = UNWATCHED,
    wishes: Wishes = NO_WISHES,
    coarser: Coarser = AS_AGREED,
    *,
    attacked: bool = True,
) -> Preview:
    """Count and protect the figures of `period` without releasing anything; the agreement need not be accepted yet.

    `wishes` are honoured, or nothing may be released. `coarser` says which rungs of the agreement's ladders to take;
    whoever reads the figures is told. Unless not `attacked`, they are attacked beside all earlier packs as the finished
    files are when they leave, so that nobody is shown what a release would then refuse. Raises CisError when there is
    nothing to release, or the period cannot stand beside those released before.
    """
    # Inside, because it loads NumPy, and a window that only lists releases has no need of it.
    from cis_desktop.disclosure.closed import as_released
    from cis_desktop.disclosure.protect import protect
    from cis_desktop.figures import filled, is_empty, tables

    asked, whole = read_period(period), agreement
    agreement = coarsened(agreement, coarser)
    watch.at("count")
    with workspace.reader() as connection:
        watch.over(connection)
        past, group = ledger.kept(connection), group_of(setting(connection, "workspace_name"))
        before = [each.release for each in past]
        counted, left_out = filled(tables(connection, agreement, asked))
        exact = as_released(counted, before, agreement.policy().threshold)
        between = unreleased(connection, agreement, exact, before)
        groups = other_groups(connection, agreement, asked, exact, past)
    if is_empty(exact):
        raise CisError(
            "nothing_to_release",
            "There is nothing to release",
            f"Nothing is written down for {asked.label} that “{agreement.title}” asks for. Nothing was released; "
            "check the period, or enter the records first.",
        )
    if (bands := other_bands(agreement, asked, exact, past) or groups) is not None:
        return Preview(whole, asked, exact, left_out, past, bands, exact != counted, wishes, between, coarser)
    watch.at("protect")
    secret = drawing_key(workspace)
    answer = protect(
        exact, wishes.on(agreement.policy()), before, secret, budget, unreleased=between, check=watch.check
    )
    if isinstance(answer, Refusal) and answer.held_by:
        answer = held(answer, [each.entry for each in past])
    if isinstance(answer, Release):
        answer = replace(answer, beyond=(*said(whole, coarser), *answer.beyond))
    found = Preview(whole, asked, exact, left_out, past, answer, exact != counted, wishes, between, coarser)
    stopped = _attacked(found, answer, group, watch) if attacked and isinstance(answer, Release) else None
    return replace(found, answer=stopped) if stopped is not None else found


def _attacked(found: Preview, safe: Release, group: str, watch: Watch) -> Refusal | None:
    """Attack figures beside all earlier packs as if they had left; give what stops them, if anything does."""
    from .remembered import as_read, attack_beside

    # Newer than every other, whatever this computer's clock says.
    made_at = max([now(), *(each.entry.made_at for each in found.past)])
    replaced = found.replaces.pack if found.replaces else None
    details = harmless(
        Details(
            group=group, agreement=found.agreement.title, agreement_version=found.agreement.version,
            agreement_hash=found.agreement.hash.hex(), recipient="", question="", period=found.period.key,
            period_label=found.period.label, signed_off_by="", made_at=made_at, supersedes=replaced,
        )
    )  # fmt: skip
    return attack_beside(as_read(safe, details, "new"), found.past, group, watch.check)[1]


def could_know(preview: Preview, watch: Watch = UNWATCHED, budget: float = BUDGET) -> dict[CellId, Span]:
    """Give what a reader of this release and all earlier ones could work out of each figure, nothing where none leaves.

    Raises CisError when that takes longer than `budget` seconds.
    """
    from cis_desktop.disclosure.programme import OutOfTime, SolverFailed
    from cis_desktop.disclosure.seen import work_out

    if isinstance(preview.answer, Refusal):
        return {}
    before = [each.release for each in preview.past]
    try:
        return work_out(preview.exact, preview.answer, before, preview.between, budget=budget, check=watch.check)
    except (OutOfTime, SolverFailed) as trouble:
        raise CisError(
            "not_worked_out",
            "What a reader could work out is not known yet",
            "It took too long to try, or could not be calculated. Nothing was changed, and the figures are as safe as "
            "before: they passed their checks. Try again.",
        ) from trouble


def _wished(wishes: Wishes, exact: tuple[Table, ...]) -> Iterator[str]:
    for done, cells in (("shown", wishes.show), ("hidden", wishes.hide)):
        names = [
            f"{table.shape.label(key)} in “{table.shape.title}”"
            for table in exact
            for key in table.cells
            if any(each.are(table.shape, key) for each in cells)
        ]
        if names:
            yield f"By your own wish {done} here: {words.listed(names)}."
