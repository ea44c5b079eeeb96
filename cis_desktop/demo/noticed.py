"""One observation of the example: the words, where and when, how it is known, and its themes."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from cis_desktop.demo.shape import DAYS, Chances, Frame, Noticed, Span, read_facts

_HOW_KNOWN = Chances(("told_by_person", 45), ("saw_it", 25), ("several_people", 22), ("partner", 8))
_BANDS = Chances(("1", 30), ("2-4", 38), ("5-9", 14), ("10+", 8), (None, 10))
_DIRECTIONS = Chances(("new", 15), ("worse", 40), ("better", 8), ("same", 17), (None, 20))
_CONFIDENCES = Chances(("high", 30), ("medium", 40), ("low", 10), (None, 20))


def make_observation(frame: Frame, number: int) -> Noticed:
    """Make observation `number`, the same every time; later ones are noticed later."""
    rng = Random(f"{frame.seed} observation {number}")
    words = read_facts("words.json")
    at_session = rng.random() < 0.7
    session = rng.randrange(len(frame.sessions)) if at_session else None
    place: str | None
    ward: str | None
    if session is not None:
        held = frame.sessions[session]
        on, place, ward = held.on, held.venue, held.ward
    else:
        on = frame.until - timedelta(days=rng.randint(1, DAYS - 1))
        place = rng.choice(words["estate"]).removeprefix("the ") if rng.random() < 0.7 else None
        ward = rng.choice(read_facts("camden.json")["wards"])["code"] if rng.random() < 0.8 else None
    original = language = None
    themes: list[tuple[str, Span]]
    if rng.random() < 0.05:
        heard = rng.choice(words["translated"])
        text, original, language = heard["words"], heard["original"], heard["language"]
        themes = [(heard["theme"], (None, None))]
    else:
        subject = rng.choice(words["observations"])
        text = rng.choice(subject["words"])
        for slot in ("when", "time", "estate"):
            text = text.replace(f"{{{slot}}}", rng.choice(words[slot]))
        text = text[0].upper() + text[1:]
        themes = [(theme, (None, None)) for theme in subject["themes"]]
        if rng.random() < 0.15:
            # A second theme on a few of the words.
            start = text.find(" ") + 1
            second = rng.choice(words["observations"])["themes"][0]
            if second not in subject["themes"]:
                themes.append((second, (start, min(len(text), start + rng.randint(8, 30)))))
    shareable = rng.random() < 0.6
    return Noticed(
        session,
        (
            on.isoformat()[:7] if rng.random() < 0.1 else on.isoformat(),
            place,
            ward,
            text,
            _HOW_KNOWN.pick(rng),
            _BANDS.pick(rng),
            _DIRECTIONS.pick(rng),
            _CONFIDENCES.pick(rng),
            rng.choice(words["teller_readings"]) if rng.random() < 0.1 else None,
            original,
            language,
            int(shareable),
            rng.choice(words["workers"]) if shareable else None,
        ),
        tuple(themes),
    )
