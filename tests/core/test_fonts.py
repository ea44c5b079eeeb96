"""Names and words in every script that people here write are drawn as they are read, on paper and in pages."""

from __future__ import annotations

import base64
import io
import re

import pytest
import uharfbuzz
from pypdf import PdfReader
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate

from cis_desktop import fonts
from cis_desktop.fonts import BOLD, FAMILY, LEFT_OUT, OTHERS, REGULAR, STAND_INS, drawable, embedded, file_of, runs
from cis_desktop.shaping import Shaped, draw, pieces, width

NAMES = {
    "Arabic": "محمد علي", "Urdu": "ڈاکٹر پٹیل", "Persian": "می‌خواهم", "Hebrew": "שָׁלוֹם", "Bengali": "রহিমা ক্ষ",
    "Punjabi": "ਗੁਰਪ੍ਰੀਤ", "Gujarati": "ક્ષત્રિય", "Hindi": "क्षत्रिय", "Tamil": "ஸ்ரீ கொ", "Telugu": "శ్రీ",
    "Malayalam": "ക്ഷമ", "Sinhala": "ශ්‍රී", "Thai": "ที่นี่", "Amharic": "ሰላም", "Chinese": "王小明", "Hong Kong": "臺灣灣仔龍",
    "Japanese": "やまだ たろう", "Korean": "홍길동", "Polish": "Łódź", "Ukrainian": "Київ", "Somali": "Cabdiraxmaan",
    "Welsh": "ŵŷ", "Yoruba": "Ọlátúnjí ẹ̀kọ́", "Vietnamese": "Nguyễn", "Emoji": "😀❤️👍🥫",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("font", [REGULAR, BOLD])
def test_a_name_is_drawn_with_the_letters_that_come_with_the_app(name: str, font: str) -> None:
    assert drawable(name)
    drawn = pieces(f"Dear {name}, hello", font, 10)
    assert LEFT_OUT not in "".join(piece.words for piece in drawn)
    assert width(name, font, 10) > 3


def test_words_that_no_font_has_are_marked() -> None:
    assert not drawable("བོད")
    assert [piece for _, piece in runs("Tibet: བོད")] == ["Tibet: ", f" {LEFT_OUT} "]


def test_arabic_letters_are_joined_and_stand_from_right_to_left() -> None:
    joined = pieces("مركز", REGULAR, 10)
    apart = sum(width(letter, REGULAR, 10) for letter in "مركز")
    assert len(joined) == 1
    assert abs(joined[0].width - apart) > 1
    # The first letter, which begins a joined word, is the last from the left: its form is not that of the letter alone.
    assert str(joined[0].drawn)[-1] != "م"


def test_marks_of_bengali_stand_before_the_letters_that_they_are_written_after() -> None:
    (hi,) = pieces("হি", REGULAR, 10)
    assert len(hi.drawn) == 2
    assert str(hi.drawn)[0] != "হ"


def test_english_arabic_and_figures_in_one_line_stand_where_a_reader_looks_for_them() -> None:
    line = pieces("Centre مركز الحي (لندن) 2026, ok", REGULAR, 10)
    assert [piece.words for piece in line] == ["Centre 2026 (", "لندن", ") ", "الحي", " ", "مركز", ", ok"]


def test_a_line_that_is_read_from_the_right_begins_there() -> None:
    assert [piece.words for piece in pieces("مركز 12", REGULAR, 10, leftward=True)] == ["12 ", "مركز"]


def paragraph(words: str) -> Shaped:
    return Shaped(words, ParagraphStyle("text", fontName=REGULAR, fontSize=10, leading=14, textColor="#000000"))


def test_a_long_text_is_broken_over_lines_and_pages_and_no_word_of_it_is_lost() -> None:
    text = paragraph("جاء المزيد من العائلات هذا الشهر لأن الفواتير ارتفعت كثيرا " * 60)
    _, height = text.wrap(300, 10_000)
    assert all(width(line, REGULAR, 10) <= 300 for line in text.broken)
    assert " ".join(text.broken).split() == text.words.split()
    first, rest = text.split(300, height / 2)
    first.wrap(300, height), rest.wrap(300, height)
    assert first.broken + rest.broken == text.broken
    out = io.BytesIO()
    fonts.ready()
    SimpleDocTemplate(out).build([paragraph(text.words * 3)])
    assert len(PdfReader(out).pages) > 1


def test_a_word_longer_than_a_line_is_broken_within() -> None:
    text = paragraph("م" * 5_000)
    text.wrap(300, 10_000)
    assert all(width(line, REGULAR, 10) <= 300 for line in text.broken)
    assert "".join(text.broken) == text.words


def test_who_copies_or_listens_to_the_paper_gets_the_words_as_they_were_written() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=0)
    draw(canvas, 50, 50, pieces("Dear রহিমা", REGULAR, 10), 10)
    canvas.save()
    assert "রহিমা".encode("utf-16-be").hex().upper().encode() in out.getvalue()


def test_a_page_carries_the_letters_that_it_has_and_no_more() -> None:
    css = embedded("<p>Figures from মহিলা 王小明</p>")
    assert css.count(f'font-family: "{FAMILY}"') == 2
    held = [
        set(uharfbuzz.Face(uharfbuzz.Blob(base64.b64decode(data))).unicodes)
        for data in re.findall(rf'"{OTHERS}".*?base64,([^)]+)\)', css)
    ]
    assert held == [set(map(ord, "মহিলা")), set(map(ord, "王小明"))]
    assert embedded("Only English") == embedded("")
    assert len(css) - len(embedded("")) < 40_000


def test_the_letters_of_all_scripts_together_are_small_and_carry_their_licence() -> None:
    files = [file_of(name) for name in (REGULAR, BOLD, *STAND_INS)]
    assert sum(file.stat().st_size for file in files) < 6_000_000
    folder = files[0].parent
    assert {path.name for path in folder.glob("*.ttf")} == {file.name for file in files}
    licensed = tuple(path.stem.split("-")[0] for path in folder.glob("*.txt"))
    assert [file.name for file in files if not file.name.startswith(licensed)] == []
