"""What a group would rather have shown or hidden in one release, which the engine honours or says it cannot.

A wish is a rule like those of the agreement, and the release keeps it. It is the one choice that people make with their
own figures before their eyes, so it can say something about those to whoever guesses why it was made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .tables import TOTAL, Cells, Key, Policy, Shape


@dataclass(frozen=True, slots=True)
class Wishes:
    """The cells that are to be shown, and those that are to be hidden though no rule asks for it."""

    show: tuple[Cells, ...] = ()
    hide: tuple[Cells, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is wished."""
        return bool(self.show or self.hide)

    def and_show(self, shape: Shape, key: Key) -> Wishes:
        """Give these wishes with one more cell shown."""
        one = cell(shape, key)
        return Wishes((*_without(self.show, one), one), _without(self.hide, one))

    def and_hide(self, shape: Shape, key: Key) -> Wishes:
        """Give these wishes with one more cell hidden."""
        one = cell(shape, key)
        return Wishes(_without(self.show, one), (*_without(self.hide, one), one))

    def on(self, policy: Policy) -> Policy:
        """Give a policy with these wishes."""
        return replace(policy, must_publish=(*policy.must_publish, *self.show), also_hide=self.hide)


NO_WISHES = Wishes()


def cell(shape: Shape, key: Key) -> Cells:
    """Name one cell of one table."""
    by = [(dimension.id, part) for dimension, part in zip(shape.dimensions, key, strict=True) if part != TOTAL]
    return Cells(tuple(by), (shape.id,))


def _without(cells: tuple[Cells, ...], one: Cells) -> tuple[Cells, ...]:
    return tuple(each for each in cells if each != one)
