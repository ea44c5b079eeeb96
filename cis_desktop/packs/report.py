"""`report.pdf`: the same account for paper, with a title, a language, bookmarks and embedded fonts."""

from __future__ import annotations

import io
from datetime import datetime
from html import escape
from typing import Any

from cis_desktop.charts import bar_chart
from cis_desktop.fonts import BOLD, LEFT_OUT, REGULAR, drawable, needs_shaping, ready, runs

from .views import Grid
from .wording import Account, Section

INK, QUIET, RULE, BAND = "#1a1a1a", "#595959", "#b8b8b8", "#f4f4f2"
ON_ONE_PAGE = 25
"""Sections of so many lines are not broken over pages, chart and all."""


def report(account: Account, group: str, made: datetime) -> bytes:
    """Return the report as PDF; every time in it is `made`, and the same account gives the same bytes."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    from cis_desktop.shaping import draw, pieces

    ready()
    out = io.BytesIO()
    footer = f"{group} · {account.title}"

    def begin(canvas: Any, document: Any) -> None:
        _fix_times(canvas, made)
        canvas.showOutline()

    def decorate(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFillColor(QUIET)
        draw(canvas, document.leftMargin, 30, pieces(footer if len(footer) < 95 else footer[:94] + "…", REGULAR, 8), 8)
        canvas.setFont(REGULAR, 8)
        canvas.drawRightString(A4[0] - document.rightMargin, 30, f"Page {document.page}")
        canvas.restoreState()

    document = BaseDocTemplate(
        out, pagesize=A4, leftMargin=54, rightMargin=54, topMargin=54, bottomMargin=56, title=account.title,
        author="", subject=f"Figures from {group}", creator="Community Insights", producer="Community Insights",
        lang="en-GB", invariant=1, displayDocTitle=True, initialFontName=REGULAR,
    )  # fmt: skip
    frame = Frame(document.leftMargin, document.bottomMargin, document.width, document.height, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate("page", [frame], onPage=begin, onPageEnd=decorate)])
    document.build(_story(account, group, document.width))
    return out.getvalue()


def _fix_times(canvas: Any, made: datetime) -> None:
    """Set the document's dates: reportlab knows only now and the year 2000."""
    stamp = canvas._doc._timeStamp
    stamp.t = made.timestamp()
    stamp.lt = made.timetuple()
    stamp.YMDhms = tuple(made.timetuple())[:6]
    stamp.tzname, stamp.dhh, stamp.dmm = "UTC", 0, 0


def _styles() -> dict[str, Any]:
    from reportlab.lib.styles import ParagraphStyle

    text = ParagraphStyle("text", fontName=REGULAR, fontSize=10, leading=14, textColor=INK, spaceAfter=5)
    return {
        "text": text,
        "title": ParagraphStyle("title", text, fontName=BOLD, fontSize=20, leading=25, spaceAfter=2),
        "lead": ParagraphStyle("lead", text, fontSize=12, leading=16, textColor=QUIET, spaceAfter=10),
        "h2": ParagraphStyle(
            "h2", text, fontName=BOLD, fontSize=14, leading=18, spaceBefore=16, spaceAfter=4, keepWithNext=1
        ),
        "h3": ParagraphStyle("h3", text, fontName=BOLD, fontSize=10.5, spaceBefore=6, spaceAfter=2, keepWithNext=1),
        # A long table follows its caption over several pages, so the two cannot be kept together.
        "caption": ParagraphStyle("caption", text, fontName=BOLD, fontSize=10.5, spaceBefore=6, spaceAfter=2),
        "note": ParagraphStyle("note", text, fontSize=9, leading=12, textColor=QUIET, spaceBefore=4),
        "cell": ParagraphStyle("cell", text, fontSize=9.5, leading=12, spaceAfter=0),
        "head": ParagraphStyle("head", text, fontName=BOLD, fontSize=9.5, leading=12, spaceAfter=0),
        "number": ParagraphStyle("number", text, fontSize=9.5, leading=12, spaceAfter=0, alignment=2),
        "number head": ParagraphStyle(
            "number head", text, fontName=BOLD, fontSize=9.5, leading=12, spaceAfter=0, alignment=2
        ),
        "item": ParagraphStyle("item", text, leftIndent=12, bulletIndent=2, bulletFontName=REGULAR, spaceAfter=3),
    }


def _story(account: Account, group: str, width: float) -> list[Any]:
    from reportlab.platypus import CondPageBreak, KeepTogether, Spacer

    styles = _styles()
    story: list[Any] = [_words(account.title, styles["title"]), _words(f"Figures from {group}", styles["lead"])]
    story += [_facts(account, styles, width), Spacer(0, 4)]
    if account.narrative:
        story.append(_heading("In the group’s words", "words", styles))
        for question, answer in account.narrative:
            story += [_words(question, styles["h3"]), _words(answer, styles["text"])]
    if account.observations:
        story += [_heading("What was noticed", "noticed", styles), _words(account.terms, styles["note"])]
        for each in account.observations:
            story.append(_words(f"“{each.words}”", styles["text"]))
            story += [_words("; ".join(each.themes), styles["note"])] if each.themes else []
    for section in account.sections:
        parts = _section(section, styles, width)
        short = len(section.grid.lines) <= ON_ONE_PAGE
        story += [KeepTogether(parts)] if short else [CondPageBreak(200), *parts]
    story.append(_heading("How people are protected", "protection", styles))
    for title, texts in (
        ("The rule", account.rules),
        ("What is promised", account.promised),
        ("What is not promised", account.not_promised),
    ):
        story.append(_words(title, styles["h3"]))
        story += [_words(text, styles["item"], bullet="•") for text in texts]
    story.append(_heading("How to check that nothing was changed", "check", styles))
    story += [_words(text, styles["text"]) for text in account.check]
    if not all(drawable(text) for text in _texts(account)):
        said = f"{LEFT_OUT} stands for words that this file cannot draw; the page and the workbook have them."
        story.append(_words(said, styles["note"]))
    return story


def _texts(account: Account) -> list[str]:
    texts = [account.title, *(text for fact in account.facts for text in fact)]
    texts += [text for pair in account.narrative for text in pair]
    texts += [account.terms, *(text for each in account.observations for text in (each.words, *each.themes))]
    for section in account.sections:
        texts += [section.title, section.how_counted, *section.grid.row_heads, *section.grid.column_heads]
        texts += [head for line in section.grid.lines for head in line.heads]
    return texts


def _markup(text: str, font: str) -> str:
    return "".join(
        escape(piece) if name == font else f'<font name="{name}">{escape(piece)}</font>'
        for name, piece in runs(text, font)
    )


def _words(text: str, style: Any, bullet: str | None = None) -> Any:
    if needs_shaping(text):
        from cis_desktop.shaping import Shaped

        return Shaped(text, style, bullet)
    from reportlab.platypus import Paragraph

    return Paragraph(_markup(text, style.fontName), style, bulletText=bullet)


def _heading(text: str, key: str, styles: dict[str, Any]) -> Any:
    heading = _words(text, styles["h2"])
    write = heading.draw

    def draw() -> None:
        heading.canv.bookmarkPage(key)
        heading.canv.addOutlineEntry(text, key, 0, False)
        write()

    # The reader's outline lists it, whichever kind of paragraph it is.
    heading.draw = draw
    return heading


def _facts(account: Account, styles: dict[str, Any], width: float) -> Any:
    from reportlab.platypus import Table

    rows = [[_words(name, styles["note"]), _words(text, styles["cell"])] for name, text in account.facts]
    table = Table(rows, colWidths=[120, width - 120], hAlign="LEFT")
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(2), ("LEFTPADDING", (0, 0), (0, -1), 0)])
    return table


def _section(section: Section, styles: dict[str, Any], width: float) -> list[Any]:
    parts = [_heading(section.title, f"section-{section.id}", styles)]
    if section.how_counted:
        parts.append(_words(section.how_counted, styles["text"]))
    if section.bars:
        drawing = bar_chart([(bar.label, bar.value, bar.text) for bar in section.bars])
        scale = width / drawing.width
        drawing.scale(scale, scale)
        drawing.width, drawing.height = width, drawing.height * scale
        parts.append(drawing)
    parts += [_words(section.caption, styles["caption"]), _table(section.grid, styles, width)]
    return parts + [_words(note, styles["note"]) for note in section.notes]


def _table(grid: Grid, styles: dict[str, Any], width: float) -> Any:
    from reportlab.platypus import Table

    heads, columns = len(grid.row_heads), len(grid.column_heads)
    number = min(90.0, 0.62 * width / columns)
    label = min((width - number * columns) / heads, 230.0)
    rows = [[_words(t, styles["head"]) for t in grid.row_heads]]
    rows[0] += [_words(t, styles["number head"]) for t in grid.column_heads]
    look: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 1, QUIET),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
        *_padding(3),
    ]
    for n, line in enumerate(grid.lines, 1):
        bold = "head" if line.total else "cell"
        rows.append([_words(text, styles[bold]) for text in line.heads])
        rows[-1] += [_words(t, styles["number head" if line.total else "number"]) for t in line.figures]
        if line.total:
            look.append(("BACKGROUND", (0, n), (-1, n), BAND))
        if line.level:
            look.append(("LEFTPADDING", (heads - 1, n), (heads - 1, n), 4 + 12 * line.level))
    table = Table(rows, colWidths=[label] * heads + [number] * columns, repeatRows=1, hAlign="LEFT")
    table.setStyle(look)
    return table


def _padding(points: float) -> list[tuple[Any, ...]]:
    """Give the padding of a table, and a font of ours for it: reportlab's own is not embedded."""
    return [("FONTNAME", (0, 0), (-1, -1), REGULAR)] + [
        (f"{side}PADDING", (0, 0), (-1, -1), points) for side in ("TOP", "BOTTOM")
    ]
