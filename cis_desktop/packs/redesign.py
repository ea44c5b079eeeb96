"""Ways of giving a period's figures of which more is seen: the agreement's ladders and longer periods, ranked.

All of it is for the group's own eyes: how much is hidden, and which way it tried, is in no file.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cis_desktop.agreements import Agreement
from cis_desktop.disclosure.tables import TOTAL, Refusal
from cis_desktop.errors import CisError
from cis_desktop.figures import period as read_period
from cis_desktop.figures.coarser import AS_AGREED, Coarser, ladders, said
from cis_desktop.figures.periods import Period
from cis_desktop.workspace import Workspace

from .preview import UNWATCHED, Preview, preview
from .watching import Watch

TRIES = 24
"""So many ways at the most of coarsening the breakdowns are tried."""
BUDGET = 10.0
"""The most work that one try may take, counted as for a release; more is refused, as a release would be."""
SAME = 0.005
"""Shares that differ by less are the same to a person."""

Outcome = Literal["released", "refused", "held"]


@dataclass(frozen=True, slots=True)
class Option:
    """One way: the period and the rungs taken, in words, and what readers would see.

    `blank` is the share of figures that would be hidden, `unplaced` the share of people in hidden figures, `kept` the
    share of what the agreement asks to know that is kept. `before`: a report of the same year was made this way.
    """

    period: Period
    coarser: Coarser
    words: tuple[str, ...]
    outcome: Outcome
    cells: int = 0
    hidden: int = 0
    blank: float = 1.0
    unplaced: float = 1.0
    kept: float = 0.0
    seconds: float = 0.0
    before: bool = False
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """The way that was agreed, and all ways that were tried, that one too, the best first."""

    agreement: Agreement
    period: Period
    agreed: Option
    options: tuple[Option, ...]

    @property
    def better(self) -> tuple[Option, ...]:
        """Give the ways that keep more than is agreed, or as much with less hidden, and the one used before."""
        return tuple(
            each
            for each in self.options
            if each.outcome == "released"
            and each != self.agreed
            and (
                each.before
                or each.kept > self.agreed.kept + SAME
                or (each.kept > self.agreed.kept - SAME and each.blank < self.agreed.blank)
            )
        )


def redesign(
    workspace: Workspace,
    agreement: Agreement,
    period: str,
    *,
    tries: int = TRIES,
    tell: Callable[[int, int], object] = lambda done, total: None,
    watch: Watch = UNWATCHED,
) -> Advice:
    """Try the ladders of an agreement and longer periods for the figures of `period`, and rank what is left to see.

    The breakdowns in which something is hidden are tried; at most `tries` ways, whatever time they take. `tell` hears
    how many are done, and `watch` may stop it. Raises CisError when there is nothing to release as agreed.
    """
    # Inside, because it loads NumPy, as it does in `preview`.
    from cis_desktop.disclosure.redesign import asked as told
    from cis_desktop.disclosure.redesign import search

    asked, began = read_period(period), time.perf_counter()
    found = preview(workspace, agreement, period, BUDGET, _only_stopping(watch))
    before = _before(found)
    trial = _Trial(workspace, agreement, watch, told(found.exact), before)
    agreed = trial.option(found, time.perf_counter() - began)
    longer, done = _longer(asked), list[Option]()

    def attempt(way: Coarser) -> tuple[float, Option]:
        tell(len(done), tries + len(longer))
        option = agreed if way == AS_AGREED else trial.run(asked, way)
        done.append(option)
        return (option.kept if option.outcome == "released" else -1.0), option

    for _ in search(_worth_trying(found), attempt, tries):
        watch.check()
    if before and all(each.coarser != before for each in done):
        attempt(before)
    for wider, reports in longer:
        tell(len(done), tries + len(longer))
        done.append(trial.run(wider, before, reports))
    ranked = sorted((each for each in done if each.cells), key=_rank)
    return Advice(agreement, asked, agreed, tuple(ranked))


@dataclass(frozen=True, slots=True)
class _Trial:
    """What stays the same from try to try."""

    workspace: Workspace
    agreement: Agreement
    watch: Watch
    whole: float
    before: Coarser

    def run(self, asked: Period, coarser: Coarser, reports: int = 1) -> Option:
        """Try one way; one that cannot be counted at all has no cells."""
        began = time.perf_counter()
        try:
            found = preview(
                self.workspace, self.agreement, asked.key, BUDGET, _only_stopping(self.watch), coarser=coarser
            )
        except CisError:
            return Option(asked, coarser, (), "refused")
        return self.option(found, time.perf_counter() - began, reports)

    def option(self, found: Preview, seconds: float, reports: int = 1) -> Option:
        """Put what became of a try into figures."""
        from cis_desktop.disclosure.redesign import effect

        asked, coarser, answer = found.period, found.coarser, found.answer
        words = (*_in_place_of(asked, reports), *said(self.agreement, coarser))
        used = bool(coarser) and coarser == self.before
        cells = len({table.shape.identity(key) for table in found.exact for key in table.cells})
        if isinstance(answer, Refusal):
            outcome: Outcome = "held" if answer.held_by else "refused"
            return Option(asked, coarser, words, outcome, cells, cells, seconds=seconds, before=used)
        seen = effect(found.exact, answer.tables, self.whole, reports)
        beyond = answer.beyond[len(said(self.agreement, coarser)) :]
        return Option(
            asked, coarser, words, "released", seen.cells, seen.hidden, seen.blank, seen.unplaced, seen.kept, seconds,
            used, beyond,
        )  # fmt: skip


def _only_stopping(watch: Watch) -> Watch:
    """Look on without being told the stages of every try."""
    return Watch(stopped=watch.stopped)


def _before(found: Preview) -> Coarser:
    """Give what the newest report of the same agreement and year was made with: bands stay for a year."""
    year = found.period.last.year
    for past in reversed(found.past):
        entry = past.entry
        same = found.agreement.hash == entry.agreement_hash or found.agreement.title == entry.agreement_title
        if same and read_period(entry.period).last.year == year:
            return entry.coarser
    return AS_AGREED


def _worth_trying(found: Preview) -> dict[str, int]:
    """Give the length of the ladders of breakdowns in which something is hidden; of all where nothing may leave."""
    ladder = {by: len(labels) for by, labels in ladders(found.agreement).items()}
    if isinstance(found.answer, Refusal):
        return ladder
    blank = {
        dimension.id
        for table in found.answer.tables
        for key, cell in table.cells.items()
        if cell.status == "hidden"
        for dimension, part in zip(table.shape.dimensions, key, strict=True)
        if part != TOTAL
    }
    return {by: length for by, length in ladder.items() if by in blank}


def _longer(asked: Period) -> list[tuple[Period, int]]:
    """Give the quarter and the year that a period is in, and how many such periods each has."""
    year = read_period(str(asked.first.year))
    if asked.kind == "month":
        return [(read_period(f"{asked.first.year}-Q{(asked.first.month + 2) // 3}"), 3), (year, 12)]
    return [(year, 4)] if asked.kind == "quarter" else []


def _in_place_of(asked: Period, reports: int) -> tuple[str, ...]:
    return (f"One report for {asked.label} in place of {reports}.",) if reports > 1 else ()


def _rank(option: Option) -> tuple[object, ...]:
    """Order ways: those that may leave, the one used before, what keeps more, hides less and changes less."""
    return (
        option.outcome != "released", not option.before, -round(option.kept, 6), option.blank, len(option.coarser),
        option.period.key, option.coarser,
    )  # fmt: skip
