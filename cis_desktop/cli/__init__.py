"""Every journey without a window: for tests, for an IT volunteer, for the demo.

Exit code 0 is done, 1 is refused with one plain sentence on stderr (and the error as JSON on stdout with `--json`),
2 is a usage error. Passphrases come from a file, from standard input or a prompt; never from an argument.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

import msgspec
import sqlcipher3

from cis_desktop.cli import (
    entering,
    examples,
    holding,
    judging,
    keeping,
    opening,
    receiving,
    recording,
    redesigning,
    releasing,
    sharing,
    worrying,
)
from cis_desktop.cli.answers import Answer
from cis_desktop.crashes import keep_no_dumps
from cis_desktop.errors import CisError
from cis_desktop.vault.database import file_trouble
from cis_desktop.words import harmless, harmless_json


class Parser(argparse.ArgumentParser):
    """A parser that says what to do next in one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments and leave with 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}\n")


def parser() -> Parser:
    """Give the whole command line."""
    whole = Parser(prog="cis-desktop", description="Community Insights: records, and safe figures, on your computer.")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    for room in (
        keeping,
        opening,
        recording,
        entering,
        releasing,
        redesigning,
        holding,
        receiving,
        sharing,
        judging,
        worrying,
        examples,
    ):
        room.add_commands(commands)
    commands.add_parser("gui", help="open the window", add_help=True).add_argument("dir", metavar="DIR")
    return whole


def main(arguments: Sequence[str] | None = None, window: Callable[[], list[str]] | None = None) -> int:
    """Run one command and give its exit code. `window` is the self-test of a window, giving what passed."""
    keep_no_dumps()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name of a file that is no UTF-8 is shown by its bytes; in JSON that is an escape like any other.
        sys.stdout.reconfigure(errors="backslashreplace")
    given = parser().parse_args(arguments, argparse.Namespace(window=window, warnings=()))
    if given.command == "gui":
        print("The window is opened by `cis-desktop gui DIR`.", file=sys.stderr)
        return 2
    try:
        answer: Answer = given.run(given)
    except CisError as error:
        return refused(given, error)
    except (OSError, sqlcipher3.DatabaseError) as error:
        # A disk can fail at any line: whoever reads the answer, a person or a program, still gets one.
        if trouble := file_trouble(error):
            return refused(given, trouble)
        raise
    except UnicodeEncodeError:
        return refused(
            given,
            CisError(
                "not_text",
                "Part of the command is no text",
                "One of the words given holds bytes that are no letters of UTF-8, so nothing was saved. Type it again, "
                "or set the language of the terminal to UTF-8.",
            ),
        )
    except KeyboardInterrupt:
        print("Stopped. Nothing half done was kept.", file=sys.stderr)
        return 1
    try:
        if given.json:
            say(answer.facts)
        else:
            print(harmless(answer.words))
        for warning in (*given.warnings, *answer.warnings):
            print(harmless(warning), file=sys.stderr)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads this, `head` for one, has seen enough: the rest goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return answer.code


def refused(given: argparse.Namespace, error: CisError) -> int:
    """Print why a command was refused, and give the exit code of that."""
    if given.json:
        say({"error": error.as_json()})
    print(harmless(error.sentence), file=sys.stderr)
    return 1


def say(facts: object) -> None:
    """Print exactly one JSON object."""
    print(harmless_json(json.dumps(msgspec.to_builtins(facts, str_keys=True), ensure_ascii=False)))
