"""Rules of an agreement, relations and time, left out one at a time as in `test_audit_mutants.py`.

What files can tell, the audit of the files has to notice; the rest is looked for in the truth. The whole engine gives
nothing away on the same releases. `pytest -s -m soak` prints on how many of the seeds each is noticed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest

from cis_desktop.disclosure import joined, overlaps, primary, problem, protect, relations
from cis_desktop.disclosure.periods import days
from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.tables import (
    EVERY,
    TOTAL,
    Category,
    Cell,
    Cells,
    Dimension,
    Key,
    PastRelease,
    Refusal,
    ReleasedCell,
    Sensitive,
    Shape,
    Table,
)  # fmt: skip
from tests.core.packs import living, mutants
from tests.core.packs.examples import kinds, shape
from tests.core.packs.mutants import LT5, ROUNDED, Lots, Out, changed
from tests.core.packs.test_audit_mutants import VISITS, attacked

SEEDS = range(24)
NOUGHTS, LINES = replace(LT5, zeros="protect"), replace(LT5, zeros="few", few=1)
SENSITIVE = replace(LT5, sensitive=(Sensitive(Cells((("a", EVERY), ("b", "b1"))), 15),))
NEVER = replace(LT5, never_publish=(Cells((("a", "a1"),)),))
MIDPOINT, ADDITIVE = (replace(PROFILES[name], min_households=0) for name in ("midpoint-6", "controlled-round5"))

Weaken = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule left out, the releases that it protects, and who notices what is given away."""

    name: str
    releases: Callable[[int], list[Out]]
    weaken: Weaken
    noticed: Callable[[list[Out]], Sequence[object]] = attacked


def alone(asked: Callable[[int], Lots]) -> Callable[[int], list[Out]]:
    return lambda seed: mutants.release_all(asked(seed))


def few_filled(seed: int) -> Lots:
    draw = random.Random(seed)
    of = shape("t", "T", (kinds("a", 5), kinds("b", 3)))
    leaves = {(f"a{a}", f"b{b}"): Cell(*[draw.choice((0, 0, 9, 17))] * 3) for a in range(5) for b in range(3)}
    return Lots(((mutants.filled(of, leaves),),), LINES)


def money(seed: int) -> Lots:
    """Sums of money, some of which one household has nearly all of."""
    draw = random.Random(seed)
    of = shape("t", "T", (kinds("a", 5),), measure="money", unit="pence", counts_people=False)
    cells: dict[Key, Cell] = {}
    shares: list[int] = []
    for at in range(5):
        each = sorted((int(draw.expovariate(1 / 3000)) for _ in range(draw.randint(6, 14))), reverse=True)
        each[0] = 40 * sum(each[1:]) if draw.random() < 0.4 else each[0]
        cells[f"a{at}",] = Cell(sum(each), len(each), len(each), (each[0], each[1]))
        shares += each
    first, second = sorted(shares)[:-3:-1]
    cells[TOTAL,] = Cell(sum(shares), len(shares), len(shares), (first, second))
    return Lots(((Table(of, cells),),), LT5)


def headline(seed: int) -> Lots:
    draw = random.Random(seed)
    homes = draw.randint(5, 14)
    return Lots(
        ((Table(shape("t", "T", accountability=True, **VISITS), {(): Cell(draw.randint(20, 60), homes, homes)}),),),
        ROUNDED,
    )


def several(seed: int, of: Shape, least: int) -> Lots:
    """People who are in several categories, or things that are in `least` or more of them, or in none."""
    draw = random.Random(seed)
    cells: dict[Key, int] = {}
    for b in ("b0", "b1", "b2"):
        parts = {n.key: int(draw.expovariate(1 / 9)) for n in of.dimensions[0].categories}
        none = parts.pop(joined.NONE, 0)
        cells |= {(key, b): count for key, count in parts.items()}
        cells[TOTAL, b] = none + draw.randint(max(parts.values()), sum(parts.values()))
        if least:
            cells[joined.NONE, b] = none
    for n in {key[0] for key in cells}:
        cells[n, TOTAL] = sum(cells[n, b] for b in ("b0", "b1", "b2"))
    return Lots(((Table(of, {key: Cell(v, v, v) for key, v in cells.items()}),),), LT5)


def in_several(seed: int) -> Lots:
    return several(seed, shape("t", "T", (replace(kinds("n", 4), adds_up=False), kinds("b", 3))), 0)


def in_none(seed: int) -> Lots:
    needs = Dimension("n", "N", tuple(Category(key, key) for key in ("n0", "n1", joined.NONE)), adds_up=False)
    return several(seed, shape("t", "T", (needs, kinds("b", 3)), **(VISITS | {"measure": "contacts"})), 1)


def under_a_headline(seed: int, policy: Any) -> Lots:
    """A rounded table under a total that is exact."""
    table = mutants.counted(random.Random(seed), shape("t", "T", (kinds("a", 4),)), 4)
    whole = replace(table.cells[TOTAL,], households=max(table.cells[TOTAL,].count, 10))
    head = Table(shape("h", "H", accountability=True), {(): whole})
    return Lots(((head, Table(table.shape, {**table.cells, (TOTAL,): whole})),), policy)


def counted(measure: str, *by: Dimension) -> Shape:
    given = {"area": "camden", "area_label": "Camden", "everywhere": True}
    return shape(f"t{len(by)}", "T", by, **{**living.COUNTED[measure], **given})


NEED = living.BY["need"]
LISTED = {"near": ("w1", "w2"), "far": ("w3",)}
"""The wards that two agreements list; everybody else is elsewhere."""
NEAR, FAR = (
    Dimension(name, "Ward", (*(Category(w, w) for w in wards), Category(f"not {name}", "Elsewhere", rest=True)), "area")
    for name, wards in LISTED.items()
)
DAYS = ("2018-Q1", "2018-01-01..2018-03-30")


def over_time(
    seed: int, asked: Sequence[Sequence[Shape]], periods: Sequence[str], often: int = 600, late: int = 0
) -> list[Out]:
    """Release each period as each of the agreements asks for it; `late` contacts are written down after each."""
    draw = random.Random(seed)
    group = living.Group(draw)
    group.comes(often)
    for person in group.people:
        person["ward"] = "w3" if person["ward"] == "other" and draw.random() < 0.93 else person["ward"]
        for name, wards in LISTED.items():
            person[name] = person["ward"] if person["ward"] in wards else f"not {name}"
    past: list[PastRelease] = []
    outs: list[Out] = []
    for period in periods:
        for shapes in asked:
            out = living.release(group, living.Agreement(tuple(shapes), LT5), period, past)
            outs += [] if isinstance(out, Refusal) else [out]
            group.comes(late)
    return outs


def uncompared(seed: int) -> list[Out]:
    both = [counted(measure, NEED, living.BY["age"]) for measure in ("contacts", "unique_people")]
    return over_time(seed + 13, [both], ["2018-Q1"], often=360 + 20 * seed)


def shown(outs: Iterable[Out]) -> Iterator[tuple[Shape, Key, ReleasedCell, Cell]]:
    """Give every figure that is not hidden, with the truth."""
    for out in outs:
        for released, exact in zip(out.release.tables, out.tables, strict=True):
            for key, cell in released.cells.items():
                if cell.status != "hidden":
                    yield released.shape, key, cell, exact.cells[key]


def noughts(outs: list[Out]) -> list[Key]:
    return [key for _, key, cell, exact in shown(outs) if cell.status == "value" and not exact.count]


def lines_told(outs: list[Out]) -> list[Key]:
    """Give the lines where everybody is in one category and all noughts beside it are shown."""
    nought = set(noughts(outs))
    return [
        whole
        for out in outs
        for table in out.tables
        for whole, parts, _ in relations.margins(table.shape)
        if len(rest := [part for part in parts if not table.cells[part].count]) == len(parts) - 1 > 0
        and nought.issuperset(rest)
    ]


def too_few(outs: list[Out]) -> list[Key]:
    return [k for of, k, _, exact in shown(outs) if 0 < exact.count < primary.threshold_of(of, k, SENSITIVE)]


def withheld(outs: list[Out]) -> list[Key]:
    return [key for of, key, _, _ in shown(outs) if NEVER.never_publish[0].include(of, key)]


def dominated(outs: list[Out]) -> list[Key]:
    return [key for _, key, _, exact in shown(outs) if primary.dominated(exact, LT5)]


def thin_headlines(outs: list[Out]) -> list[Key]:
    return [key for _, key, cell, exact in shown(outs) if cell.status == "value" and 0 < exact.households < 10]


def differences(outs: list[Out], *, same: bool = False) -> list[tuple[Key, int]]:
    """Give the small differences of a shown figure and the same one of a shorter period, or of the `same` again."""
    values = [(of.identity(key), key, cell.value or 0) for of, key, cell, _ in shown(outs)]
    found = []
    for at, (whole, key, more) in enumerate(values):
        start, end = days(whole.period) or (0, 0)
        for part, _, less in values[:at] if same else values:
            first, after = days(part.period) or (0, 0)
            within = start <= first and after <= end and (same or part.period != whole.period)
            if within and replace(part, period=whole.period) == whole and 0 < abs(more - less) < 5:
                found.append((key, more - less))
    return found


def nowhere(outs: list[Out]) -> list[int]:
    """Give the few who are elsewhere for one agreement and in no ward that the other lists."""
    values = {key: cell.value or 0 for _, key, cell, _ in shown(outs)}
    wanted = ("not near",), ("w3",)
    left = values[wanted[0]] - values[wanted[1]] if values.keys() >= {*wanted} else 0
    return [left] if 0 < left < 5 else []


@contextmanager
def under(**parameters: Any) -> Iterator[None]:
    """Forget parameters of the agreement."""
    ladder = protect.ladder
    with changed(protect, "ladder", lambda policy, lines: ladder(replace(policy, **parameters), lines)):
        yield


@contextmanager
def equal_or_nothing() -> Iterator[None]:
    """Forget that a total is no less than its greatest part and no more than their sum."""
    line = relations.line
    with changed(joined, "line", lambda total, parts, adds: line(total, parts, adds) if adds else iter(())):
        yield


@contextmanager
def never_closed() -> Iterator[None]:
    """Release periods again with their late records, and let readers see that there are some."""
    with (
        changed(living, "as_released", lambda tables, past, threshold: tables),
        changed(overlaps, "_moved", lambda *_: iter(())),
    ):
        yield


def rounding_not_attacked(posed: problem.Problem) -> None:
    posed.always[list(posed.figures)] = False


def left_out(module: Any, part: str, instead: Any = ()) -> Weaken:
    return lambda: changed(module, part, lambda *_: instead)


def rounded(name: str, policy: Any) -> Mutant:
    return Mutant(f"small figures under {name} not attacked", alone(partial(under_a_headline, policy=policy)),
                  lambda: mutants.posed(rounding_not_attacked))  # fmt: skip


MUTANTS = [
    Mutant("noughts shown all the same", alone(partial(mutants.plain, policy=NOUGHTS)),
           lambda: mutants.rule_without("zero"), noughts),
    Mutant("noughts of whole lines shown", alone(few_filled), left_out(problem, "thin_noughts"), lines_told),
    Mutant("no higher threshold where it matters", alone(partial(mutants.plain, policy=SENSITIVE, mean=25)),
           lambda: changed(problem, "threshold_of", lambda of, key, policy: policy.threshold), too_few),
    Mutant("what is never published is", alone(partial(mutants.plain, policy=NEVER, mean=25)),
           lambda: under(never_publish=()), withheld),
    Mutant("no rule for money", alone(money), lambda: mutants.rule_without("dominance"), dominated),
    Mutant("headlines of few households exact", alone(headline),
           lambda: changed(problem, "exact_line", lambda cell, key, of, policy: of.accountability), thin_headlines),
    Mutant("no bounds where one is in several categories", alone(in_several), equal_or_nothing),
    Mutant("none taken to be some as well", alone(in_none), left_out(joined, "_none_or_some")),
    rounded("midpoints", MIDPOINT),
    rounded("controlled rounding", ADDITIVE),
    Mutant("people not compared with contacts", uncompared, left_out(overlaps, "_compare", None)),
    Mutant("days left over not counted", partial(over_time, asked=[[counted("contacts", NEED)]], periods=DAYS),
           left_out(living, "left_over", [])),
    Mutant("people outside a shorter period",
           partial(over_time, asked=[[counted("unique_people", NEED)]], periods=DAYS),
           left_out(overlaps, "_within", None), differences),
    Mutant("late records shown",
           partial(over_time, asked=[[counted("contacts", NEED)]], periods=["2018-Q1"] * 2, late=12),
           never_closed, partial(differences, same=True)),
    Mutant("areas that no agreement lists",
           partial(over_time, asked=[[counted("unique_people", NEAR)], [counted("unique_people", FAR)]],
                   periods=["2018-Q1"], often=400), left_out(overlaps, "_areas", None), nowhere),
]  # fmt: skip


def caught(mutant: Mutant, enough: int) -> int:
    """Count the seeds on which it is noticed that a rule is left out, up to so many."""
    found = 0
    for seed in SEEDS:
        with mutant.weaken():
            weak = mutant.releases(seed)
        if mutant.noticed(weak):
            found += 1
            whole = mutant.releases(seed)
            assert whole, f"seed {seed}: refusing everything would be no proof"
            assert not mutant.noticed(whole), f"seed {seed}"
        if found == enough:
            break
    print(f"{mutant.name:<54} {found:>2} of {seed + 1} seeds")
    return found


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.name)
def test_an_engine_without_a_rule_is_caught_and_the_whole_one_gives_nothing_away(mutant: Mutant) -> None:
    assert caught(mutant, enough=1), f"nobody noticed: {mutant.name}"


@pytest.mark.soak
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.name)
def test_how_often_an_engine_without_a_rule_is_caught(mutant: Mutant) -> None:
    assert caught(mutant, enough=len(SEEDS))
