"""Attack a folder of packs as an outsider would: all files jointly, from nothing but what they say.

For every hidden figure the least and greatest value are worked out that fit everything published (linear programmes,
HiGHS). A figure is exposed when that interval is narrower than the threshold less one, or lies below the threshold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cis_desktop.errors import CisError

from .archive import read_file
from .intervals import Component, Contradiction, Interval
from .making import SUFFIX
from .published import Figure, Known, Moves, Published, Relation, join
from .reading import FilePack, read_pack
from .verifying import verified

READINGS: tuple[tuple[bool, Moves], ...] = ((False, "seen"), (True, "seen"), (True, "small"), (True, "any"))


@dataclass(frozen=True, slots=True)
class Exposed:
    """A hidden figure that the files give away: between which values it must lie (money in pence)."""

    packs: tuple[str, ...]
    cell: str
    lowest: int
    highest: int
    unit: str


@dataclass(frozen=True, slots=True)
class Attack:
    """What an audit did: the packs read, how many hidden figures were attacked, and what was exposed."""

    packs: tuple[str, ...]
    attacked: int
    exposed: tuple[Exposed, ...]
    corrected: bool
    """Whether packs differ about the same figure, so that figures may have moved between them."""


def attack(paths: Iterable[Path]) -> Attack:
    """Attack packs jointly. `paths` are archives, workbooks, or folders of them; one pack given twice counts once.

    Raises CisError when there are none, when one is not what was signed, or when they contradict each other.
    """
    packs = _opened(paths)
    if not packs:
        raise CisError(
            "no_packs",
            "There are no packs here",
            "No pack was found there, so nothing was audited. Choose a folder with pack archives or their workbooks.",
        )
    return attack_packs(packs)


def attack_packs(packs: Iterable[FilePack]) -> Attack:
    """Attack packs that were read already."""
    ordered = sorted(packs, key=lambda pack: (str(pack.statement.get("made_at")), pack.pack))
    # The sharpest reading of the files that they allow: with late records, a reader's first guess may not hold.
    for apart, moves in READINGS:
        try:
            found = join(ordered, apart, moves)
            exposed = tuple(_exposed(found))
        except (KeyError, TypeError, ValueError, AttributeError) as trouble:
            raise _contradiction("a table is not what its description says") from trouble
        except Contradiction as trouble:
            last = trouble
            continue
        hidden = sum(1 for known in found.known.values() if known.hidden_in)
        return Attack(tuple(pack.pack for pack in ordered), hidden, exposed, found.corrected)
    raise _contradiction(str(last)) from last


def _opened(paths: Iterable[Path]) -> list[FilePack]:
    packs: dict[str, FilePack] = {}
    for path in files_of(paths):
        pack = read_pack(read_file(path), path.name)
        if problems := verified(pack).problems:
            raise CisError(
                "pack_changed",
                "A pack is not what was signed",
                f"“{path.name}” cannot be audited: {problems[0]} Nothing was changed; ask for the file again.",
            )
        same = packs.get(pack.pack)
        if same and {t.id: t.csv for t in same.tables} != {t.id: t.csv for t in pack.tables}:
            raise _contradiction(f"“{path.name}” and “{same.name}” say they are the same pack, with other figures")
        if not same or same.kind == "workbook":
            packs[pack.pack] = pack
    return list(packs.values())


def files_of(paths: Iterable[Path]) -> Iterator[Path]:
    """Give the files that may be packs: those named, and those in the folders named."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.name.endswith((SUFFIX, ".xlsx")) and p.is_file())
        else:
            yield path


def _exposed(found: Published) -> Iterator[Exposed]:
    for component in _components(found):
        for figure, interval in component.narrow():
            known = found.known[figure]
            if _gives_away(known, interval):
                packs = tuple(sorted(known.hidden_in))
                unit = "pence" if known.unit == "GBP" else known.unit
                yield Exposed(packs, known.words, interval.low, interval.high, unit)


def _gives_away(known: Known, interval: Interval) -> bool:
    if known.small_band and not known.hidden_in:
        return interval.high - interval.low < known.small_band[1] - known.small_band[0]
    return interval.high - interval.low < known.threshold - 1 or interval.high < known.threshold


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
        if figure in fixed and known.hidden_in:
            yield Component([figure], [], found.known)
        elif known.high is not None and known.low > known.high:
            raise Contradiction(f"two files differ about “{known.words}”")
    for top, members in figures.items():
        if any(found.known[figure].hidden_in or found.known[figure].small_band for figure in members):
            yield Component(members, relations[top], found.known)


def _contradiction(why: str) -> CisError:
    return CisError(
        "packs_contradict",
        "These packs do not fit together",
        f"The audit stopped, because {why}. Nothing was changed; ask for the files again, or audit them one by one.",
    )
