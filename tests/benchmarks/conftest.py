"""How a benchmark is written: ours and the reference side by side, one line of one table.

    def test_search(compare, busy_vault, plain_fts):
        compare("search per key press, 200x", lambda: find(busy_vault), lambda: plain_fts(), goal=1.5)

`compare` runs the two in turns (reference, ours, reference, ours, ...), because a machine's speed drifts, and
takes the median of each; the *ratio* is the figure, and `goal` is the most it may be. Further arguments:
`rounds`, how often each has its turn; `loops`, how often it runs in one (for what takes under a millisecond);
`prepare`, called untimed before every turn, whose result both are given; `limit`, the most seconds ours may
take. Without a reference only the limit counts.

For bytes, or anything already counted, say the numbers:

        compare.amount("vault with history, 20x", ours=size, reference=plain, unit="MB", goal=2.0)

One `compare(...)` per test; `compare.amount(...)` as often as wanted. `python3 dev.py bench` prints the table
and writes it to build/bench.json. A goal that is missed is marked, and does not fail the run: this measures.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

RESULTS = Path(__file__).resolve().parents[2] / "build" / "bench.json"


@dataclass(frozen=True)
class Line:
    """One line of the table; seconds unless `unit` says otherwise."""

    what: str
    ours: float
    reference: float | None
    goal: float | None
    limit: float | None
    unit: str

    @property
    def ratio(self) -> float | None:
        return self.ours / self.reference if self.reference else None

    @property
    def met(self) -> bool:
        within_goal = self.goal is None or (self.ratio is not None and self.ratio <= self.goal)
        return within_goal and (self.limit is None or self.ours <= self.limit)


LINES: list[Line] = []


@dataclass(frozen=True)
class Compare:
    """Measures, and keeps what it measured for the table; see the top of this file."""

    request: pytest.FixtureRequest

    def __call__(
        self,
        what: str,
        ours: Callable[..., object],
        reference: Callable[..., object] | None = None,
        *,
        goal: float | None = None,
        limit: float | None = None,
        rounds: int = 5,
        loops: int = 1,
        prepare: Callable[[], object] | None = None,
    ) -> Line:
        """Time both in turns and return the line they make, in seconds (medians)."""
        mine: list[float] = []
        theirs: list[float] = []

        def ready() -> tuple[object, ...]:
            return () if prepare is None else (prepare(),)

        def timed(run: Callable[..., object], into: list[float], given: tuple[object, ...]) -> None:
            start = time.perf_counter()
            for _ in range(loops):
                run(*given)
            into.append((time.perf_counter() - start) / loops)

        def reference_first() -> tuple[tuple[object, ...], dict[str, object]]:
            if reference is not None:
                timed(reference, theirs, ready())
            return (ours, mine, ready()), {}

        benchmark = self.request.getfixturevalue("benchmark")
        benchmark.pedantic(timed, setup=reference_first, rounds=rounds, iterations=1)
        middle = statistics.median(theirs) if theirs else None
        return self._keep(Line(what, statistics.median(mine), middle, goal, limit, "s"))

    def amount(
        self,
        what: str,
        *,
        ours: float,
        reference: float | None = None,
        unit: str,
        goal: float | None = None,
        limit: float | None = None,
    ) -> Line:
        """Put a size, or any other number already known, in the table beside its reference."""
        return self._keep(Line(what, ours, reference, goal, limit, unit))

    def _keep(self, line: Line) -> Line:
        LINES.append(line)
        return line


@pytest.fixture
def compare(request: pytest.FixtureRequest) -> Compare:
    """Return what measures ours against a reference and puts both in the table."""
    return Compare(request)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not LINES:
        return
    rows = [("what", "ours", "reference", "ratio", "goal", "")]
    rows += [
        (
            line.what,
            shown(line.ours, line.unit),
            "-" if line.reference is None else shown(line.reference, line.unit),
            "-" if line.ratio is None else f"{line.ratio:.2f}x",
            " and ".join(goals(line)) or "-",
            "" if line.met else "MISSED",
        )
        for line in LINES
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    terminalreporter.section("ours beside the reference")
    for row in rows:
        first, *others = row
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        terminalreporter.write_line("  ".join(cells).rstrip())
    RESULTS.parent.mkdir(exist_ok=True)
    facts = [{**asdict(line), "ratio": line.ratio, "met": line.met} for line in LINES]
    RESULTS.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def goals(line: Line) -> list[str]:
    ratio = [] if line.goal is None else [f"<= {line.goal:g}x"]
    return ratio + ([] if line.limit is None else [f"<= {shown(line.limit, line.unit)}"])


def shown(amount: float, unit: str) -> str:
    """Return a number with its unit, three figures long; short times in milliseconds."""
    if unit == "s" and amount < 1:
        return f"{amount * 1000:.3g} ms"
    return f"{amount:.3g} {unit}" if amount < 1000 else f"{amount:,.0f} {unit}"
