"""Attack a folder of packs as an outsider would: all files jointly, from nothing but what they say.

For every hidden figure the least and greatest value are worked out that fit everything published by its group, to
whomever. A figure is exposed when that interval is narrower than the threshold less one, or lies below the threshold.
It counts as safe only when two tables of whole numbers show so; else it is undecided, which is no better.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cis_desktop.errors import CisError

from ..folder import Group, contradiction, grouped, opened
from ..reading import FilePack
from .intervals import Component, Contradiction, Verdict
from .known import Figure, Moves, Published, Reading, Relation
from .published import join
from .remarks import Remark, remarks

READ_AS: tuple[tuple[bool, Moves], ...] = ((False, "seen"), (True, "seen"), (True, "small"), (True, "any"))
READINGS = [Reading(apart, moves, alike) for alike in (True, False) for apart, moves in READ_AS]


@dataclass(frozen=True, slots=True)
class Exposed:
    """A figure that the files give away, or may: between which values it must lie (money in pence).

    `left_over`: no pack has it; it is what remains when published figures are taken from each other.
    """

    packs: tuple[str, ...]
    cell: str
    lowest: int
    highest: int
    unit: str
    group: str = ""
    left_over: bool = False


@dataclass(frozen=True, slots=True)
class Attack:
    """What an audit did: the packs read, how many hidden figures were attacked, and what was exposed.

    `undecided` are figures that could be shown neither exposed nor safe. `remarks` are for a person to look at.
    `left_out` names workbooks that are no packs.
    """

    packs: tuple[str, ...]
    attacked: int
    exposed: tuple[Exposed, ...]
    corrected: bool
    """Whether figures may have moved between packs: one replaces another, or they differ about a figure."""
    undecided: tuple[Exposed, ...] = ()
    remarks: tuple[Remark, ...] = ()
    groups: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def unsafe(self) -> tuple[Exposed, ...]:
        """Give everything that is not shown to be safe."""
        return (*self.exposed, *self.undecided)


def attack(paths: Iterable[Path]) -> Attack:
    """Attack packs jointly. `paths` are archives, workbooks, or folders of them; one pack given twice counts once.

    Raises CisError when there are none, when one is not what was signed, or when they contradict each other.
    """
    packs, left_out = opened(paths)
    if not packs:
        raise CisError(
            "no_packs",
            "There are no packs here",
            "No pack was found there, so nothing was audited. Choose a folder with pack archives or their workbooks.",
        )
    return replace(attack_packs(packs), left_out=left_out)


def attack_packs(packs: Iterable[FilePack]) -> Attack:
    """Attack packs that were read already: those of each group together, and the groups apart."""
    groups = grouped(packs)
    done = [_attacked(group) for group in groups]
    return Attack(
        packs=tuple(pack for each in done for pack in each.packs),
        attacked=sum(each.attacked for each in done),
        exposed=tuple(found for each in done for found in each.exposed),
        corrected=any(each.corrected for each in done),
        undecided=tuple(found for each in done for found in each.undecided),
        remarks=tuple(remark for each in done for remark in each.remarks),
        groups=tuple(group.name for group in groups),
    )


def _attacked(group: Group) -> Attack:
    # The sharpest reading of the files that they allow: with late records, a reader's first guess may not hold.
    for reading in READINGS:
        try:
            found = join(group.packs, reading, group.name)
            verdicts = list(_verdicts(found))
            noticed = (*_about(group), *remarks(group.packs, found))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as trouble:
            raise contradiction("a table is not what its description says") from trouble
        except Contradiction as trouble:
            last = trouble
            continue
        named = {
            finding: tuple(_named(found, v, group) for v in verdicts if v.finding == finding)
            for finding in ("exposed", "undecided")
        }
        hidden = sum(1 for known in found.known.values() if known.hidden_in)
        packs = tuple(pack.pack for pack in group.packs)
        return Attack(packs, hidden, named["exposed"], found.corrected, named["undecided"], noticed)
    raise contradiction(str(last)) from last


def _named(found: Published, verdict: Verdict, group: Group) -> Exposed:
    known = found.known[verdict.figure]
    unit = "pence" if known.unit == "GBP" else known.unit
    packs = tuple(sorted(known.hidden_in or known.seen_in))
    return Exposed(packs, known.words, verdict.low, verdict.high, unit, group.name, known.left_over)


def _about(group: Group) -> Iterator[Remark]:
    """Say what is to be known about the packs of a group as a whole."""
    there = {pack.pack for pack in group.packs}
    for pack in group.packs:
        replaced = pack.statement.get("supersedes")
        if isinstance(replaced, str) and replaced and replaced not in there:
            yield Remark(
                "missing", (pack.pack,),
                f"“{pack.name}” replaces the report with the number {replaced}, which is not here: what the two give "
                "away together was not looked for.",
            )  # fmt: skip
    if group.keys > 1:
        yield Remark(
            "keys", tuple(sorted(there)),
            f"Packs of {group.name} were signed with {group.keys} different keys: by two computers, by two groups of "
            "one name, or after a change of key. They were attacked as one group's.",
        )  # fmt: skip


def _verdicts(found: Published) -> Iterator[Verdict]:
    for component in _components(found):
        for verdict in component.judge():
            if verdict.finding != "safe":
                yield verdict


def _components(found: Published) -> Iterator[Component]:
    """Split everything into parts that say nothing about each other; figures known exactly tie nothing together."""
    fixed = {figure: known.low for figure, known in found.known.items() if known.low == known.high}
    parent: dict[Figure, Figure] = {figure: figure for figure in found.known if figure not in fixed}

    def root(figure: Figure) -> Figure:
        while parent[figure] != figure:
            parent[figure] = parent[parent[figure]]
            figure = parent[figure]
        return figure

    reduced: list[Relation] = []
    for relation in found.relations:
        rest = tuple(term for term in relation.terms if term[0] not in fixed)
        told = sum(factor * fixed[figure] for figure, factor in relation.terms if figure in fixed)
        low = None if relation.low is None else relation.low - told
        high = None if relation.high is None else relation.high - told
        if not rest:
            if (low is not None and low > 0) or (high is not None and high < 0):
                raise Contradiction(f"the figures around “{found.known[relation.terms[0][0]].words}” do not add up")
            continue
        reduced.append(Relation(rest, low, high))
        for figure, _ in rest[1:]:
            parent[root(figure)] = root(rest[0][0])
    figures: dict[Figure, list[Figure]] = defaultdict(list)
    for figure in parent:
        figures[root(figure)].append(figure)
    relations: dict[Figure, list[Relation]] = defaultdict(list)
    for relation in reduced:
        relations[root(relation.terms[0][0])].append(relation)
    for figure, known in found.known.items():
        if figure in fixed and known.attacked:
            yield Component([figure], [], found.known)
        elif known.high is not None and known.low > known.high:
            raise Contradiction(f"two files differ about “{known.words}”")
    for top, members in figures.items():
        if any(found.known[figure].attacked for figure in members):
            yield Component(members, relations[top], found.known)
