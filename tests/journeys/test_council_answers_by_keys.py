"""Journey 5 through the real window, by keys alone: what the council sent comes in, is read, and set beside ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.screen import Screen

PASSPHRASE = "four words that fit"


def test_the_council_s_answer_comes_in_and_is_read_by_keys_alone(screen: Screen, tmp_path: Path) -> None:
    made = screen.command(PASSPHRASE, "demo", tmp_path / "example")
    record, files = tmp_path / "example" / "workspace", sorted((tmp_path / "example" / "briefing").iterdir())
    assert made["briefing"]
    screen.open(record)
    screen.write(PASSPHRASE)
    screen.press("Return")
    screen.see("Council post")
    screen.press("ctrl+6")
    screen.do("Bring in files…")
    screen.until(lambda: screen.at("File name:"))
    screen.write(" ".join(f'"{file}"' for file in files))
    screen.press("Return")
    screen.back()
    screen.read("1 table with figures by area, 1 document to read")
    screen.picture("before it comes in")
    screen.do("Take it in")
    assert screen.hear("Came in").startswith("Came in: 2 files, 80 figures by area")
    screen.picture("in")

    figures = screen.bus.cells_of(screen.see("Their figures by area"))
    assert all(figures[0]), "a column without a heading is a riddle"
    assert len(figures) > 20
    assert not [row for row in figures if not all(cell.strip() for cell in row)]
    to_part(screen, "Beside ours")
    screen.until(lambda: any(each.role == "table" and "eside" in each.name for each in screen.shown()))
    screen.picture("beside ours")
    (table,) = [each for each in screen.shown() if each.role == "table" and "eside" in each.name]
    beside = screen.bus.cells_of(table)
    assert all(beside[0])
    spoken = [cell for row in beside[1:] for cell in row]
    assert any("hidden" in cell for cell in spoken), "what is hidden is said to be hidden"
    to_part(screen, "Documents")
    letter = next(file for file in files if file.suffix == ".txt").read_text(encoding="utf-8")
    assert letter.split()[0] in screen.bus.text_of(screen.see("The words of the document"))
    screen.picture("documents")

    screen.press("ctrl+q")
    assert screen.closed() == 0
    (briefing,) = screen.command(PASSPHRASE, "briefing", record, "list")["briefings"]
    assert briefing["sender"] == "Camden"


def to_part(screen: Screen, name: str) -> None:
    """Go to the row of tabs, and along it to one of them."""
    for _ in range(60):
        found = screen.focus()
        if found is not None and found.role.startswith("page tab"):
            break
        last = len(screen.bus.focused())
        screen.press("Tab")
        screen.until(lambda last=last: len(screen.bus.focused()) > last, 2.0, must=False)
    for key in ("Left", "Left", "Left", "Left", "Right", "Right", "Right", "Right"):
        if screen.at(name):
            return
        last = len(screen.bus.focused())
        screen.press(key)
        screen.until(lambda last=last: len(screen.bus.focused()) > last, 1.0, must=False)
    raise AssertionError(f"no arrow leads to {name}; the focus is on {screen.focus()}")
