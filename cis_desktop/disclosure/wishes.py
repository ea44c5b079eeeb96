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
        """Give these wishes with one more cell shown; one that was to be hidden is left to the rules again."""
        one = cell(shape, key)
        if one in self.hide:
            return replace(self, hide=tuple(each for each in self.hide if each != one))
        return replace(self, show=(*self.show, one))

    def and_hide(self, shape: Shape, key: Key) -> Wishes:
        """Give these wishes with one more cell hidden; one that was to be shown is left to the rules again."""
        one = cell(shape, key)
        if one in self.show:
            return replace(self, show=tuple(each for each in self.show if each != one))
        return replace(self, hide=(*self.hide, one))

    def on(self, policy: Policy) -> Policy:
        """Give a policy with these wishes."""
        return replace(policy, must_publish=(*policy.must_publish, *self.show), also_hide=self.hide)


NO_WISHES = Wishes()


def cell(shape: Shape, key: Key) -> Cells:
    """Name one cell of one table."""
    by = [(dimension.id, part) for dimension, part in zip(shape.dimensions, key, strict=True) if part != TOTAL]
    return Cells(tuple(by), (shape.id,))
