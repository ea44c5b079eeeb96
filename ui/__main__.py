"""The one door: `gui` opens the window, everything else is a command and never loads Qt."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run `cis-desktop` with its arguments and give the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if getattr(sys, "frozen", False):
        from cis_desktop.intake.child import run_if_asked

        run_if_asked([sys.argv[0], *given])
    if given[:1] == ["gui"]:
        from ui.app import gui

        return gui(given[1:])
    from cis_desktop.cli import main as command

    return command(given, window_works)


def window_works() -> list[str]:
    """Try the window for the self-test, and give what passed."""
    from ui.selftest import selftest

    return selftest()


if __name__ == "__main__":
    sys.exit(main())
