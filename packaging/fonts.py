"""Make the small Noto fonts in `resources/fonts` from the full ones: `python packaging/fonts.py [EMOJI.ttf]`.

Needs fonttools and, of Debian, `fonts-noto-core` (20201225) and `fonts-noto-cjk` (20220127). The emoji come from
`NotoEmoji-Regular.ttf` of Google Fonts, which Debian has only in colour. The same input gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter, load_font
from fontTools.ttLib import TTFont, newTable

OUT = Path(__file__).resolve().parents[1] / "resources" / "fonts"
NOTO = Path("/usr/share/fonts/truetype/noto")
CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIMPLIFIED = 2
"""Which of the faces in CJK draws Chinese characters as they are written in mainland China."""
SCRIPTS = {
    "Arabic": [(0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0x200C, 0x200F), (0xFDF0, 0xFDFD)],
    "Hebrew": [(0x591, 0x5F4), (0x200C, 0x200F)],
    "Devanagari": [(0x900, 0x97F), (0x200C, 0x200D), (0x25CC, 0x25CC)],
    "Bengali": [(0x964, 0x965), (0x980, 0x9FE), (0x200C, 0x200D), (0x25CC, 0x25CC)],
    "Gurmukhi": [(0x964, 0x965), (0xA01, 0xA76), (0x200C, 0x200D), (0x25CC, 0x25CC)],
    "Gujarati": [(0x964, 0x965), (0xA81, 0xAFF), (0x200C, 0x200D), (0x25CC, 0x25CC)],
    "Tamil": [(0x964, 0x965), (0xB82, 0xBFA), (0x200C, 0x200D), (0x25CC, 0x25CC)],
    "Telugu": [(0x964, 0x965), (0xC00, 0xC7F), (0x200C, 0x200D), (0x25CC, 0x25CC)],
    "Malayalam": [(0x964, 0x965), (0xD00, 0xD7F), (0x200C, 0x200D), (0x25CC, 0x25CC)],
    "Sinhala": [(0x964, 0x965), (0xD81, 0xDF4), (0x200C, 0x200D), (0x25CC, 0x25CC)],
    "Thai": [(0xE01, 0xE5B), (0x25CC, 0x25CC)],
    "Ethiopic": [(0x1200, 0x137C)],
}
"""Script -> the characters kept of its Noto font, from and to."""
EMOJI = [(0x1F32D, 0x1F37F), (0x1F440, 0x1F4AF), (0x1F600, 0x1F64F), (0x1F90C, 0x1F97A)]
"""Food, people and their hands, hearts and faces: what is typed into a note. DejaVu Sans has the older signs."""


def main(arguments: list[str]) -> int:
    """Write every font, and say how large each is."""
    for script, ranges in SCRIPTS.items():
        write(cut(NOTO / f"NotoSans{script}-Regular.ttf", spread(ranges)), f"NotoSans{script}.ttf")
    write(
        with_quadratic_curves(cut(CJK, han(), face=SIMPLIFIED, features=["ccmp", "ljmo", "vjmo", "tjmo"])),
        "NotoSansCJK.ttf",
    )
    for emoji in arguments:
        write(cut(Path(emoji), spread(EMOJI), features=[]), "NotoEmoji.ttf")
    return 0


def cut(source: Path, characters: Iterable[int], face: int = -1, features: list[str] | None = None) -> TTFont:
    """Give a font with no more than the characters, and with the rules that join, stack and reorder them."""
    options = Options(
        hinting=False, glyph_names=False, notdef_outline=True, recalc_timestamp=False, font_number=face,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
    )  # fmt: skip
    if features is not None:
        options.layout_features = features
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    font = load_font(str(source), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    return font


def spread(ranges: Iterable[tuple[int, int]]) -> set[int]:
    """Give every number in the ranges."""
    return {number for first, last in ranges for number in range(first, last + 1)}


def han() -> set[int]:
    """Give the characters of everyday Chinese (both ways of writing), Japanese and Korean, by their old standards."""
    found = spread([(0x3000, 0x30FF), (0x31F0, 0x31FF), (0xFF01, 0xFFE6)])
    # First row to last row of GB 2312, Big5's first level, JIS X 0208's first level, KS X 1001's syllables.
    for codec, first, last in (
        ("gb2312", 0xB0, 0xF7),
        ("big5", 0xA4, 0xC6),
        ("euc_jp", 0xB0, 0xCF),
        ("euc_kr", 0xB0, 0xC8),
    ):
        for row in range(first, last + 1):
            for cell in range(0x40, 0xFF):
                try:
                    found.add(ord(bytes([row, cell]).decode(codec)))
                except (UnicodeDecodeError, TypeError):
                    continue  # No such character, or half of one.
    return found


def with_quadratic_curves(font: TTFont) -> TTFont:
    """Give the font with outlines that PDF files can embed; no line moves by more than 0.3 % of its size."""
    order, drawn = font.getGlyphOrder(), font.getGlyphSet()
    table = font["glyf"] = newTable("glyf")
    font["loca"] = newTable("loca")
    table.glyphOrder, table.glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, max_err=3.0, reverse_direction=True))
        glyph = table.glyphs[name] = pen.glyph()
        glyph.recalcBounds(table)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    most = font["maxp"]
    most.tableVersion = 0x00010000
    for name in (
        "maxPoints", "maxContours", "maxCompositePoints", "maxCompositeContours", "maxTwilightPoints", "maxStorage",
        "maxFunctionDefs", "maxInstructionDefs", "maxStackElements", "maxSizeOfInstructions", "maxComponentElements",
        "maxComponentDepth",
    ):  # fmt: skip
        setattr(most, name, 0)
    most.maxZones = 1
    del font["CFF "]
    font.sfntVersion = "\0\1\0\0"
    return font


def write(font: TTFont, name: str) -> None:
    """Save a font, and say how large it is."""
    font.save(OUT / name)
    print(f"{(OUT / name).stat().st_size:9,} {name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
