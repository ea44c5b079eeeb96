"""The window draws names in every script, also on a computer that has none of the fonts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

DRAW = """
import sys
from PySide6.QtGui import QFont, QTextLayout
from ui.app import make_application
from ui.theme import FAMILY
application = make_application()
for name in sys.argv[1:]:
    layout = QTextLayout(name, QFont(FAMILY, 11))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    glyphs = [glyph for run in layout.glyphRuns() for glyph in run.glyphIndexes()]
    families = {run.rawFont().familyName() for run in layout.glyphRuns()}
    print(name, "missing" if 0 in glyphs or not glyphs else "drawn", *sorted(families), sep="|")
"""
NAMES = {
    "محمد": "Noto Sans Arabic", "রহিমা": "Noto Sans Bengali", "ਗੁਰਪ੍ਰੀਤ": "Noto Sans Gurmukhi",
    "ક્ષત્રિય": "Noto Sans Gujarati", "क्षत्रिय": "Noto Sans Devanagari", "பிரியா": "Noto Sans Tamil",
    "王小明": "Noto Sans CJK SC", "臺灣": "Noto Sans CJK SC", "홍길동": "Noto Sans CJK SC", "ሰላም": "Noto Sans Ethiopic",
    "שלום": "Noto Sans Hebrew", "Київ": "DejaVu Sans", "Łódź": "Atkinson Hyperlegible", "👍": "Noto Emoji",
}  # fmt: skip


def test_every_script_is_drawn_where_the_computer_has_no_fonts_at_all(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{tmp_path / "none"}</dir>'
        f"<cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>"
    )
    shown = subprocess.run(
        [sys.executable, "-c", DRAW, *NAMES], capture_output=True, text=True, check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")},
    )  # fmt: skip
    drawn = [f"{name}|drawn|{family}" for name, family in NAMES.items()]
    assert shown.stdout.casefold().splitlines() == [line.casefold() for line in drawn]
