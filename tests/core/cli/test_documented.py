"""The page about the commands says what the commands are."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from cis_desktop.cli import parser

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "commands.md").read_text(encoding="utf-8")
EVERYWHERE = {"--json", "--passphrase-file", "--help", "-h"}


def commands() -> dict[str, argparse.ArgumentParser]:
    found = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(found.choices)


def test_every_command_and_option_is_on_the_page_and_nothing_else_is() -> None:
    cells = re.findall(r"^\| `([a-z]+)((?:[^|\\]|\\.)*)\|", PAGE, re.MULTILINE)
    rows = {name: set(re.findall(r"(--[a-z-]+)", rest)) for name, rest in cells}
    actual = {
        name: {option for action in command._actions for option in action.option_strings} - EVERYWHERE
        for name, command in commands().items()
    }
    assert rows == actual


def test_every_command_says_what_it_does() -> None:
    for name, command in commands().items():
        assert name == "gui" or (command.description and len(command.description.split()) >= 4), name
