"""The command for figures of which too many are hidden: redesign."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from cis_desktop import words
from cis_desktop.agreements import Agreement, find
from cis_desktop.cli.answers import Answer, command, opened
from cis_desktop.cli.releasing import add_coarser
from cis_desktop.errors import CisError
from cis_desktop.figures.coarser import ladders, read_coarser
from cis_desktop.packs.redesign import Option, redesign


def add_commands(commands: Any) -> None:
    """Add this room's command."""
    said = "rank coarser ways of asking by what is kept, or propose one to the council"
    added = command(commands, "redesign", advise, said, passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("--agreement", required=True, metavar="A")
    added.add_argument("--period", required=True, metavar="P", help="2018, 2018-Q1, 2018-03 or FIRST..LAST")
    add_coarser(added)
    added.add_argument("--propose", metavar="FILE", help="write the agreement with these steps as its next version")


def advise(given: argparse.Namespace) -> Answer:
    """Try coarser breakdowns and longer periods, and rank them; or write a proposal."""
    with opened(given) as workspace:
        agreement = find(workspace.read, given.agreement).agreement
        if given.propose:
            from cis_desktop.packs.proposing import propose

            taken = read_coarser(agreement, given.coarser)
            proposed = propose(workspace, agreement, given.period, taken, Path(given.propose))
            said = f"Written: {proposed}\nSend it to the council. Nothing changes here until they agree."
            return Answer({"proposal": str(proposed)}, said)
        if given.coarser:
            raise CisError(
                "nothing_to_propose",
                "Steps are for a proposal",
                "Give --propose FILE to write a proposal with these steps, or `release` the steps. Nothing was done.",
            )
        found = redesign(workspace, agreement, given.period)
    options = [as_facts(agreement, each) for each in found.options]
    lines = [in_words(agreement, each, each == found.agreed) for each in found.options]
    return Answer({"options": options, "agreed": as_facts(agreement, found.agreed)}, "\n".join(lines))


def as_facts(agreement: Agreement, option: Option) -> dict[str, Any]:
    """Give a way as the JSON has it; `coarser` is what `release` takes."""
    return {
        "period": option.period.key,
        "coarser": steps(agreement, option),
        "words": option.words,
        "outcome": option.outcome,
        "cells": option.cells,
        "hidden": option.hidden,
        "share_hidden": round(option.blank, 3),
        "share_unplaced": round(option.unplaced, 3),
        "share_kept": round(option.kept, 3),
        "before": option.before,
        "beyond": option.beyond,
        "seconds": round(option.seconds, 2),
    }


def steps(agreement: Agreement, option: Option) -> list[str]:
    """Write the steps of a way as the command line takes them."""
    labels = ladders(agreement)
    return [f"{by}={labels[by][rung - 1]}" for by, rung in option.coarser]


def in_words(agreement: Agreement, option: Option, agreed: bool) -> str:
    """Write a way in two lines."""
    said = " ".join(option.words) or ("As agreed." if agreed else "")
    if option.outcome != "released":
        why = "earlier reports stand in the way" if option.outcome == "held" else "no safe way is found"
        return f"  -  {said}\n     nothing could leave: {why}"
    taken = "".join(f' --coarser "{each}"' for each in steps(agreement, option))
    figures = f"{words.number(option.hidden)} of {words.count(option.cells, 'figure')} hidden ({option.blank:.0%})"
    return (
        f"{option.kept:>4.0%} {said}\n     {figures}, with {option.unplaced:.0%} of the people in them; "
        f"--period {option.period.key}{taken}"
    )
