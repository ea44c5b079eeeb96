"""Passphrases: those offered are drawn evenly from the whole list, and those made up are judged as a thief would."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cis_desktop import passphrases
from cis_desktop.errors import CisError

ROOT = Path(__file__).resolve().parents[2]


def test_a_suggestion_is_six_words_of_the_list_and_never_the_same_twice() -> None:
    words = set(passphrases.word_list())
    made = [passphrases.suggest() for _ in range(200)]
    assert all(len(one.split()) == 6 and set(one.split()) <= words for one in made)
    assert len(set(made)) == 200


def test_every_part_of_the_list_is_drawn_from() -> None:
    """1,000 words by chance: each quarter of 7,776 is due 250, and fewer than 180 is beyond 5 sigma."""
    place = {word: at for at, word in enumerate(passphrases.word_list())}
    assert len(place) == 7776
    drawn = [place[word] * 4 // 7776 for word in passphrases.suggest(1000).split()]
    assert min(drawn.count(quarter) for quarter in range(4)) > 180


def test_the_list_of_words_comes_with_its_licence() -> None:
    told = (ROOT / "resources" / "words" / "eff-long-LICENCE.txt").read_text(encoding="utf-8")
    assert "Electronic Frontier Foundation" in told
    assert "CC BY 3.0" in told


@pytest.mark.parametrize(
    ("passphrase", "level"),
    [
        ("", "empty"),
        ("kX9#q", "short"),
        ("password1", "weak"),
        ("qwertyuiop", "weak"),
        ("Camden2024!", "weak"),
        ("four words that fit", "strong"),
        ("abacus thorn visor plaza remix duo", "strong"),
    ],
)
def test_a_passphrase_is_judged_as_somebody_who_guesses_would(passphrase: str, level: str) -> None:
    assert passphrases.strength(passphrase).level == level


def test_every_suggestion_is_strong() -> None:
    assert {passphrases.strength(passphrases.suggest()).level for _ in range(20)} == {"strong"}


def test_the_groups_own_name_is_tried_first() -> None:
    name = "Larder of Llanfihangel"
    assert passphrases.strength(name).level == "strong"
    assert not passphrases.strength(name, [name]).enough
    assert not passphrases.strength("llanfihangel", [name, "Wilhelmina"]).enough


def test_a_very_long_passphrase_and_one_in_another_script_are_judged() -> None:
    assert passphrases.strength("a thing of beauty is a joy for ever " * 200).enough
    assert passphrases.strength("সবুজ নদী পুরানো ঘর").level == "strong"


def test_a_weak_passphrase_is_refused_with_what_to_do() -> None:
    passphrases.refuse_weak("four words that fit")
    for weak in ("short", "password1", "kilburn kitchen"):
        with pytest.raises(CisError) as refused:
            passphrases.refuse_weak(weak, ["Kilburn Kitchen"])
        assert refused.value.code == "weak_passphrase"
        assert "Nothing was made" in refused.value.sentence


def test_the_judge_is_loaded_only_when_somebody_chooses_a_passphrase() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", "import sys, cis_desktop.passphrases, ui.window; print('zxcvbn' in sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert shown.stdout.strip() == "False"
