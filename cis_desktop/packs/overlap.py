"""What a release lets readers work out beside earlier ones is counted too, so that disclosure control can protect it.

A year less three of its quarters, a quarter and the same quarter without its last day, ages 0 to 17 less 0 to 15: what
periods and bands differ by is a figure of its own, which no table shows. Those figures are counted as the agreement
counts, whatever kind of period and whichever bands it asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import msgspec

from cis_desktop import words
from cis_desktop.agreements import Agreement
from cis_desktop.agreements.counting import LISTED, adds_up
from cis_desktop.agreements.grouping import crossing
from cis_desktop.agreements.model import Dimension as AskedBy
from cis_desktop.agreements.model import Group
from cis_desktop.agreements.model import Table as Asked
from cis_desktop.agreements.reading import stored
from cis_desktop.disclosure.bands import AGE, GROWN, OLDEST
from cis_desktop.disclosure.bands import left_over as left_ages
from cis_desktop.disclosure.overlaps import left_over
from cis_desktop.disclosure.tables import PastRelease, Refusal, Shape, Table
from cis_desktop.figures import period as read_period
from cis_desktop.figures.categories import LABELS
from cis_desktop.figures.coarser import coarsened
from cis_desktop.figures.periods import Period
from cis_desktop.ledger import Entry, Past
from cis_desktop.vault.tables import Connection


def unreleased(
    connection: Connection, agreement: Agreement, exact: Sequence[Table], past: Sequence[PastRelease]
) -> tuple[Table, ...]:
    """Count the periods and ages that no release is about and that readers of `exact` and of `past` could work out."""
    from cis_desktop.figures import tables

    cells = (table.shape.identity(key) for table in exact for key in table.cells)
    periods = left_over([table.shape for table in exact], cells, past)
    asked = tuple(
        msgspec.structs.replace(
            table, period="any", dimensions=tuple(each for each in table.dimensions if each.by != "month")
        )
        for table in agreement.tables
    )
    whole = replace(agreement, terms=msgspec.structs.replace(agreement.terms, tables=asked))
    shown = {table.shape.id for table in exact}
    counted = chain.from_iterable(tables(connection, whole, read_period(period)) for period in periods)
    left = [table for table in counted if table.shape.id in shown]
    if aged := tuple(_in_pieces(agreement, exact, past)):
        pieces = replace(agreement, terms=msgspec.structs.replace(agreement.terms, tables=aged))
        left += tables(connection, pieces, read_period(exact[0].shape.period))
    return tuple(left)


def _in_pieces(agreement: Agreement, exact: Sequence[Table], past: Sequence[PastRelease]) -> Iterator[Asked]:
    """Give the tables by age as the agreement asks for them, in the pieces that its bands and all others leave."""
    shapes = [*(table.shape for table in exact), *(table.shape for each in past for table in each.tables)]
    cut = {table.shape.id: left_ages(table.shape, shapes) for table in exact}
    for table in agreement.tables:
        for counted in table.measures:
            if pieces := cut.get(table.table_of(counted.measure)):
                groups = tuple(
                    Group(label=f"{first} and over", from_age=first)
                    if after == OLDEST
                    else Group(label=f"{first} to {after - 1}", from_age=first, to_age=after - 1)
                    for first, after in pieces
                )
                others = (each for each in table.dimensions if each.by not in (AGE, GROWN))
                yield msgspec.structs.replace(
                    table, measures=(counted,), period="any", dimensions=(*others, AskedBy(by=AGE, groups=groups))
                )


def other_bands(agreement: Agreement, asked: Period, exact: Sequence[Table], past: Sequence[Past]) -> Refusal | None:
    """Hold figures in other categories than those released under the same agreement for any of the same days.

    Whoever has both takes one band from the other: what 16 to 64 less 25 to 44 leaves is a figure that no release shows
    and that nothing would protect.
    """
    for each in past:
        entry, before = each.entry, read_period(each.entry.period)
        same = agreement.hash == entry.agreement_hash or agreement.title == entry.agreement_title
        if not same or before.last < asked.first or asked.last < before.first:
            continue
        then = {(t.shape.id, name): found for t in each.release.tables for name, found in _bands(t.shape).items()}
        for table in exact:
            for name, found in _bands(table.shape).items():
                if then.get((table.shape.id, name), found) != found:
                    return _other(table.shape, name, entry)
    return None


def other_groups(
    connection: Connection, agreement: Agreement, asked: Period, exact: Sequence[Table], past: Sequence[Past]
) -> Refusal | None:
    """Hold figures in groups of codes that cut across those of another agreement's report for any of the same days.

    Refuses them too where two tables of the agreement itself do, which can have come in before that was checked.
    """
    shown = {(table.shape.measure, each.id) for table in exact for each in table.shape.dimensions}
    if own := shown.intersection(crossing(agreement.terms)):
        label = LABELS[min(by for _, by in own)]
        return Refusal(
            "Two tables have other groups of the same",
            f"“{agreement.title}” asks for different groups of “{label}”, and whoever has both could take one group "
            "from the other. Nothing was released and the records are unchanged. Do not break these figures down by "
            "it, and ask for an agreement that has the same groups everywhere.",
        )
    # One that was taken away again counts: its reports are out.
    documents = connection.execute("select document from agreements where document is not null")
    held = {each.hash: each for each in (stored(bytes(document)) for (document,) in documents)}
    for each in past:
        before, other = read_period(each.entry.period), held.get(each.entry.agreement_hash)
        if before.last < asked.first or asked.last < before.first:
            continue
        if other is None:
            cut = _cut_otherwise(exact, each)
        else:
            cut = shown.intersection(crossing(agreement.terms, coarsened(other, each.entry.coarser).terms))
        if apart := sorted(cut):
            table = next(t for t in exact for d in t.shape.dimensions if (t.shape.measure, d.id) == apart[0])
            return _other(table.shape, apart[0][1], each.entry)
    return None


def _cut_otherwise(exact: Sequence[Table], past: Past) -> set[tuple[str, str]]:
    """Give what a report has in groups that are neither finer nor broader than these, going by their names.

    That is all that a report tells whose agreement was never in this record: one that was read back.
    """
    theirs = [(t.shape.measure, name, found) for t in past.release.tables for name, found in _bands(t.shape).items()]
    return {
        (measure, name)
        for table in exact
        for name, ours in _bands(table.shape).items()
        for measure, other, found in theirs
        if (table.shape.measure, name) == (measure, other)
        and name in LISTED
        and adds_up(measure, name)
        and not (ours <= found or found <= ours)
    }


def _bands(shape: Shape) -> dict[str, frozenset[str]]:
    """Give the categories of each breakdown that does not depend on what was written down or when."""
    return {d.id: frozenset(c.key for c in d.categories) for d in shape.dimensions if d.kind == "category"}


def _other(shape: Shape, name: str, entry: Entry) -> Refusal:
    label = next(d.label for d in shape.dimensions if d.id == name)
    return Refusal(
        "These days were released in other groups",
        f"{entry.named} has the figures of “{shape.title}” in other groups of “{label}”, and whoever has both could "
        "take one group from the other. Nothing was released and the records are unchanged. Use the same groups as in "
        "that report, or do not break these figures down by it. If that report never left this computer, mark it so in "
        "“What we sent”.",
        held_by=(entry.pack,),
    )


def held(refusal: Refusal, out: Sequence[Entry]) -> Refusal:
    """Name the earlier reports that stand in the way of a release by what they are about."""
    in_the_way = [entry for entry in out if entry.pack in refusal.held_by]
    named = [each.named for each in in_the_way]
    # A report and its correction are called alike.
    names = [
        f"{each.named}, made on {words.day(each.made_at)}" if named.count(each.named) > 1 else each.named
        for each in in_the_way
    ]
    by, those = ("an earlier one", "that report") if len(names) == 1 else ("earlier ones", "one of those reports")
    few = "; ".join(what for _, what in refusal.cells[:3])
    more = f" and {len(refusal.cells) - 3} more" if len(refusal.cells) > 3 else ""
    return replace(
        refusal,
        title=f"This release is held back by {by}",
        sentence=f"Whoever also has {words.listed(names)} could work "
        f"these out, however much is hidden here: {few}{more}. Nothing was released and the records are unchanged. Use "
        f"broader categories or a longer period, or keep this release until more has been written down. If {those} "
        "never left this computer, mark it so in “What we sent”.",
    )
