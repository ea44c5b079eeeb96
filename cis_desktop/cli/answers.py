"""What a command answers, and how every command asks for its folder and passphrase."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cis_desktop import backups
from cis_desktop.errors import CisError
from cis_desktop.health import EXAMPLE
from cis_desktop.vault.database import only_to_read
from cis_desktop.vault.slots import current
from cis_desktop.workspace import Workspace, setting

LONGEST_PASSPHRASE = 10_000


@dataclass(frozen=True, slots=True)
class Answer:
    """The same facts twice: as the JSON object, and in words. `code` is 1 where the answer is a no."""

    facts: dict[str, Any]
    words: str
    code: int = 0
    warnings: tuple[str, ...] = ()


Run = Callable[[argparse.Namespace], Answer]


def in_lines(record: dict[str, Any], indent: str = "") -> str:
    """Give a record to be read by a person: a line for each field that says something, what belongs to it below."""
    lines = []
    for name, value in record.items():
        if isinstance(value, list | tuple) and value and isinstance(value[0], dict):
            lines.append(f"{indent}{name}:")
            # What belongs together is indented alike, under a dash of its own.
            lines += [f"{indent}- {in_lines(one, f'{indent}  ').removeprefix(f'{indent}  ')}" for one in value]
        elif isinstance(value, list | tuple) and value:
            lines.append(f"{indent}{name}: {', '.join(map(str, value))}")
        elif value not in (None, "", [], ()):
            lines.append(f"{indent}{name}: {value}".replace("\n", f"\n{indent}  "))
    return "\n".join(lines)


def command(commands: Any, name: str, run: Run, words: str, *, passphrase: bool = False) -> argparse.ArgumentParser:
    """Add one command; with `passphrase` it takes `--passphrase-file`."""
    added: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    added.add_argument("--json", action="store_true", help="print one JSON object instead of words")
    if passphrase:
        added.add_argument(
            "--passphrase-file", metavar="FILE", help="a file whose first line is the passphrase (- is standard input)"
        )
    added.set_defaults(run=run)
    return added


def passphrase(given: argparse.Namespace, twice: bool = False) -> str:
    """Give the passphrase: the first line of the file, of standard input, or what is typed at the prompt."""
    if given.passphrase_file == "-":
        return sys.stdin.readline(LONGEST_PASSPHRASE).rstrip("\r\n")
    if given.passphrase_file:
        return first_line(Path(given.passphrase_file))
    if not sys.stdin.isatty():
        raise CisError(
            "no_passphrase",
            "A passphrase is needed",
            "No passphrase was given, so nothing was opened. Give --passphrase-file FILE, or run it in a terminal.",
        )
    typed = getpass.getpass("Passphrase: ")
    if twice and getpass.getpass("The same again: ") != typed:
        raise CisError(
            "passphrases_differ",
            "The two are not the same",
            "What was typed the second time is different, so nothing was made. Try again.",
        )
    return typed


def without_kit(workspace: Workspace) -> tuple[str, ...]:
    """Warn where a forgotten passphrase would lose what a command is about to build on; the window insists on a kit."""
    if any(slot.kind == "recovery" for slot in current(workspace.read)) or setting(workspace.read, EXAMPLE):
        return ()
    return (
        "There is no recovery kit yet: whoever forgets the passphrase loses the record. Make one with "
        "`keys DIR kit --kit-file FILE`.",
    )


def backed_up(workspace: Workspace) -> tuple[str, ...]:
    """Back up before a risky act; warn where that could not be done, since a command goes on all the same."""
    try:
        backups.before(workspace, "a command")
    except CisError as error:
        why = error.__cause__.title if isinstance(error.__cause__, CisError) else error.title
        return (f"No backup could be made before this ({why}), so it was done without one. Make one soon.",)
    return ()


def new_passphrase(given: argparse.Namespace) -> str:
    """Give the new passphrase: the first line of its file, or what is typed twice at a prompt."""
    if given.new_passphrase_file:
        return first_line(Path(given.new_passphrase_file))
    if not sys.stdin.isatty():
        raise CisError(
            "no_passphrase",
            "A new passphrase is needed",
            "No new passphrase was given, so nothing was changed. Give --new-passphrase-file FILE, or run it in a "
            "terminal.",
        )
    typed = getpass.getpass("The new passphrase: ")
    if getpass.getpass("The same again: ") != typed:
        raise CisError(
            "passphrases_differ",
            "The two are not the same",
            "What was typed the second time is different, so nothing was changed. Try again.",
        )
    return typed


def first_line(path: Path) -> str:
    """Read the first line of a small text file."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            return file.readline(LONGEST_PASSPHRASE).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CisError(
            "no_passphrase_file",
            "The passphrase file cannot be read",
            f"No passphrase could be read from {path.name}, so nothing was opened. Check the file's name.",
        ) from error


def opened(given: argparse.Namespace) -> Workspace:
    """Unlock the workspace in DIR; remember in `given.typed` with what, and in `given.warnings` what is to be said."""
    given.typed = passphrase(given)
    workspace = Workspace.open(Path(given.dir), given.typed)
    given.warnings = (only_to_read().sentence,) if workspace.vault.reading else ()
    return workspace
