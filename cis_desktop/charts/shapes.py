"""Shapes on paper: corners thinned to what can be seen, lines drawn inside them, and room found for words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

Corner = tuple[float, float]
Ring = Sequence[Corner]


def thinned(ring: Ring, tolerance: float) -> list[Corner]:
    """Leave out corners nearer than `tolerance` to the line without them (Douglas and Peucker, 1973)."""
    if len(ring) < 5:
        return list(ring)
    keep = {0, len(ring) - 1}
    # A ring begins where it ends: halve it at its farthest corner, or all of it would lie on one point.
    middle = max(range(len(ring)), key=lambda at: math.dist(ring[0], ring[at]))
    keep.add(middle)
    open_ = [(0, middle), (middle, len(ring) - 1)]
    while open_:
        first, last = open_.pop()
        if last - first < 2:
            continue
        far, at = max((_off(ring[at], ring[first], ring[last]), at) for at in range(first + 1, last))
        if far > tolerance:
            keep.add(at)
            open_ += [(first, at), (at, last)]
    return [ring[at] for at in sorted(keep)]


def spans(rings: Sequence[Ring], y: float) -> list[tuple[float, float]]:
    """Give where a level line is inside rings, holes left out: pairs of (from, to), left to right (even-odd rule)."""
    crossings = sorted(
        ax + (y - ay) * (bx - ax) / (by - ay)
        for ring in rings
        for (ax, ay), (bx, by) in pairwise(ring)
        if (ay <= y) != (by <= y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def hatching(rings: Sequence[Ring], apart: float) -> Iterator[tuple[Corner, Corner]]:
    """Give the lines of a hatching at 45 degrees, cut off at the edges; `apart` is the space between two."""
    half = math.sqrt(0.5)
    turned = [[((x + y) * half, (y - x) * half) for x, y in ring] for ring in rings]
    heights = [y for ring in turned for _, y in ring]
    for step in range(math.ceil(min(heights) / apart), math.floor(max(heights) / apart) + 1):
        y = step * apart
        for start, end in spans(turned, y):
            yield ((start - y) * half, (start + y) * half), ((end - y) * half, (end + y) * half)


class Room:
    """The inside of a shape, cut into level strips once, to look for places for several sizes of words."""

    STRIPS = 120

    def __init__(self, rings: Sequence[Ring]) -> None:
        heights = [y for ring in rings for _, y in ring]
        self.low, self.high = min(heights), max(heights)
        self.step = (self.high - self.low) / self.STRIPS or 1.0
        self.rows = [spans(rings, self.low + (n + 0.5) * self.step) for n in range(self.STRIPS)]

    def place(self, width: float, height: float) -> Corner | None:
        """Find the middle of a place where a box fits, with the most air around it; None if nowhere."""
        tall = math.ceil(height / self.step) + 1
        best: tuple[float, Corner] | None = None
        for first in range(0, self.STRIPS - tall + 1, 2):
            common = self.rows[first]
            for row in self.rows[first + 1 : first + tall]:
                common = [(max(a, c), min(b, d)) for a, b in common for c, d in row if min(b, d) - max(a, c) >= width]
                if not common:
                    break
            middle = self.low + (first + tall / 2) * self.step
            for start, end in common:
                # Between two places of the same room, the one nearer the middle of the shape reads better.
                score = min(end - start - width, height) - abs(middle - (self.low + self.high) / 2) * 0.1
                if end - start >= width and (best is None or score > best[0]):
                    best = (score, ((start + end) / 2, middle))
        return None if best is None else best[1]


def _off(corner: Corner, start: Corner, end: Corner) -> float:
    """Give the distance of a corner from the line between two others, or from the nearer end of it."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    if length == 0:
        return math.dist(corner, start)
    along = max(0.0, min(1.0, ((corner[0] - start[0]) * dx + (corner[1] - start[1]) * dy) / length))
    return math.dist(corner, (start[0] + along * dx, start[1] + along * dy))
