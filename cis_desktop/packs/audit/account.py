"""What an audit found, in plain words for whoever runs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cis_desktop import words

from .attacking import Attack, Exposed

TRIED = (
    "Tried: totals and their parts, tables that share figures, rounding read backwards, people against contacts, part "
    "against whole, months in quarters and years, days left over between periods, corrections, packs of all "
    "recipients together, and the group’s own words."
)


def in_plain_words(done: Attack) -> Iterator[str]:
    """Give the lines of an account: what was attacked, what is given away, and what is worth a look."""
    yield outcome(done)
    yield from listed(done.exposed)
    if done.undecided:
        yield f"Not shown to be safe, which is no better ({words.count(len(done.undecided), 'figure')}):"
        yield from listed(done.undecided)
    if done.remarks:
        yield "Worth a look by a person:"
        yield from (f"- {_plain(remark.said)}" for remark in done.remarks)
    if done.left_out:
        yield f"Left out, because they are no packs: {_plain(words.listed(list(done.left_out)))}."
    yield TRIED


def outcome(done: Attack) -> str:
    """Say in one sentence what was attacked and how it ended."""
    packs = words.count(len(done.packs), "pack")
    whose = f"of {_plain(words.listed(list(done.groups)))}" + (", each group apart" if len(done.groups) > 1 else "")
    said = f"Attacked {words.count(done.attacked, 'hidden figure')} in {packs} {whose}, as a reader of all of them: "
    if done.exposed:
        return said + f"{words.count(len(done.exposed), 'figure')} given away."
    return said + ("not everything is shown to be safe." if done.undecided else "nothing is given away.")


def listed(found: Iterable[Exposed]) -> Iterator[str]:
    """Give a line for each figure: what it is, and between which values it must lie."""
    for each in found:
        low, high = words.amount(each.lowest, each.unit), words.amount(each.highest, each.unit)
        value = f"exactly {low}" if low == high else f"between {low} and {high}"
        why = ", which no pack has: it is left over when others are taken from each other" if each.left_over else ""
        yield f"- {_plain(each.cell)}: {value}{why}"


def _plain(text: str) -> str:
    """Give a text of a file without anything that could steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
