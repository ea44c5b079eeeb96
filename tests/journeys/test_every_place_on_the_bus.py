"""Every place of the real window, as the accessibility bus tells it: each control by its role and a name of its own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.bus import Control
    from tests.journeys.screen import Screen

PASSPHRASE = "four words that fit"
PLACES = 8
WITHIN = {"combo box", "spin button", "spin box", "table", "tree", "list", "menu item", "popup menu"}
"""What is inside one of these is spoken with it."""


def test_every_control_of_every_place_is_told_by_role_and_name(screen: Screen, tmp_path: Path) -> None:
    screen.command(PASSPHRASE, "demo", tmp_path / "example")
    screen.open(tmp_path / "example" / "workspace")
    screen.write(PASSPHRASE)
    screen.press("Return")
    screen.see("Council post")
    for at in range(1, PLACES + 1):
        screen.press(f"ctrl+{at}")
        place = at_place(screen, at)
        screen.until(lambda: screen.focus() is not None, what=f"the focus at {place}")
        found = [each for each in screen.shown() if not WITHIN & set(each.above)]
        # A filler is a part that hands the focus on to what is in it.
        focusable = [each for each in found if "focusable" in each.states and each.role != "filler"]
        assert len(focusable) > PLACES, place
        assert not [each for each in focusable if not named(screen, each)], place
        told = Counter((each.role, named(screen, each)) for each in focusable)
        assert not {name: count for name, count in told.items() if count > 1}, place
        for table in [each for each in found if each.role == "table"]:
            assert all(head.strip() for head in screen.bus.cells_of(table)[0]), (place, table.name)
    screen.press("ctrl+q")
    assert screen.closed() == 0


def at_place(screen: Screen, at: int) -> str:
    """Wait until the rail marks the place at a number, and give its name."""
    marked: list[str] = []

    def there() -> bool:
        rail = [each for each in screen.shown() if each.role == "push button"][:PLACES]
        marked[:] = [each.name for each in rail if each.description == "You are here"]
        return bool(marked) and len(rail) == PLACES and rail[at - 1].name == marked[0]

    screen.until(there, what=f"the place at Ctrl+{at}")
    return marked[0]


def named(screen: Screen, each: Control) -> str:
    """Give what a control is called; a choice is called by its label."""
    return (screen.bus.label_of(each) if each.role == "combo box" else "") or each.name.strip()
