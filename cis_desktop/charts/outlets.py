"""Where a drawing goes: into an HTML page, or onto the screen. (The PDF takes drawings as they are.)"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from cis_desktop.charts.style import AXIS, BAR, INK, QUIET

# In the page, the drawing's colours follow the reader's light or dark choice.
_THEMED = {BAR: "var(--bar)", INK: "var(--ink)", QUIET: "var(--quiet)", AXIS: "var(--line)"}


def svg(drawing: Any, name: str, title: str, words: str) -> str:
    """Return a drawing as an SVG element for an HTML page.

    `name` is unique in the page; `title` and `words` are what a screen reader says in its place.
    """
    text = _plain(drawing, _THEMED)
    opening = (
        f'<svg role="img" aria-labelledby="{name}-title {name}-words" viewBox="0 0 {drawing.width:g} '
        f'{drawing.height:g}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-words">{escape(words)}</desc>'
    )
    return opening + text[text.index(">") + 1 :].strip()


def screen_svg(drawing: Any, colours: Mapping[str, str], font: str) -> bytes:
    """Return a drawing as an SVG document for the screen, in a font the screen has.

    `colours` says what BAR, INK, QUIET and AXIS become in the window's scheme, each as `#rrggbb`.
    """
    text = _plain(drawing, colours)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width:g} {drawing.height:g}" '
        f'width="{drawing.width:g}" height="{drawing.height:g}" font-family="{escape(font)}">'
    )
    return (opening + _exact(text[text.index(">") + 1 :].strip())).encode()


def _exact(text: str) -> str:
    """Write words ten times as large and shrink them as much: Qt draws no words in parts of a pixel's size."""
    return re.sub(
        r'<text x="([-\d.]+)" y="([-\d.]+)" style="([^"]*?)font-size: ([\d.]+)px;([^"]*)" transform="([^"]*)"',
        lambda m: (
            f'<text x="{10 * float(m[1]):g}" y="{10 * float(m[2]):g}" style="{m[3]}font-size: {10 * float(m[4]):g}px;'
            f'{m[5]}" transform="{m[6]} scale(0.1)"'
        ),
        text,
    )


def _plain(drawing: Any, colours: Mapping[str, str]) -> str:
    from reportlab.graphics import renderSVG

    text: str = renderSVG.drawToString(drawing)
    text = text[text.index("<svg") :]
    text = re.sub(r"<title>.*?</title>\s*<desc>.*?</desc>", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*<clipPath.*?</clipPath>", "", text, flags=re.DOTALL)
    text = text.replace('id="group" ', "").replace(' style="clip-path: url(#clip)"', "")
    # Bold is said, since the family is left to the reader.
    text = re.sub(r"font-family: ([^;]+);", lambda m: "font-weight: bold;" if "Bold" in m[1] else "", text)
    for colour, themed in colours.items():
        text = text.replace(_percentages(colour), themed)
    return text


def _percentages(colour: str) -> str:
    """Give a colour as the SVG renderer writes it: whole percentages, cut off."""
    from reportlab.lib.colors import HexColor

    made = HexColor(colour)
    return "rgb({}%,{}%,{}%)".format(*(int(100 * part) for part in (made.red, made.green, made.blue)))
