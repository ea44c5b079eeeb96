"""`report.html`: one page with everything in it, that needs no script, no network and no sight."""

from __future__ import annotations

from html import escape

from cis_desktop.charts import bar_chart, svg
from cis_desktop.fonts import embedded

from .texts import HIDDEN
from .views import Line
from .wording import Account, Section

# Nothing may be fetched or run, whatever a label says.
ALLOWED = "default-src 'none'; style-src 'unsafe-inline'; font-src data:"

# Every pair of ink and ground below has a contrast of at least 4.5 to 1, lines and bars of at least 3 to 1.
STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1a1a1a; --quiet: #595959; --line: #767676;
  --rule: #d0d0d0; --band: #f4f4f2; --bar: #1d5f8a; --link: #0b4f7d; --focus: #8a4b00; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181a; --ink: #f0f0f0; --quiet: #b4b8bc; --line: #8d9296;
  --rule: #44484c; --band: #202326; --bar: #6db3e0; --link: #8cc8f0; --focus: #ffbf47; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 "Atkinson Hyperlegible", "Other letters",
  Verdana, "Segoe UI", system-ui, sans-serif; }
main, footer { max-width: 54rem; margin: 0 auto; padding: 1.5rem 1.25rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0.5rem 0 0.25rem; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 2.75rem 0 0.5rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 0.25rem; }
p, ul, dl { margin: 0.5rem 0; max-width: 42rem; }
a { color: var(--link); }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { position: static; display: inline-block; margin: 0.5rem 1.25rem; }
.lead { font-size: 1.1rem; color: var(--quiet); margin-top: 0; }
dl.facts { display: grid; grid-template-columns: minmax(8rem, 13rem) 1fr; gap: 0.35rem 1.25rem; max-width: none; }
dl.facts dt { color: var(--quiet); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
nav ol { columns: 18rem; padding-left: 1.4rem; }
.table { overflow-x: auto; margin: 0.75rem 0; }
table { border-collapse: collapse; min-width: min(30rem, 100%); font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 700; padding: 0.25rem 0 0.4rem; }
th, td { padding: 0.32rem 0.9rem 0.32rem 0.5rem; border-bottom: 1px solid var(--rule); vertical-align: top; }
th { text-align: left; font-weight: 400; }
thead th { font-weight: 700; border-bottom: 2px solid var(--line); vertical-align: bottom; }
thead th.number, td { text-align: right; }
tr.total > * { font-weight: 700; background: var(--band); }
td.hidden { color: var(--quiet); }
.level1 { padding-left: 1.75rem; } .level2 { padding-left: 3rem; } .level3 { padding-left: 4.25rem; }
figure { margin: 0.75rem 0; } figure svg { width: 100%; max-width: 44rem; height: auto; font-family: inherit; }
blockquote { margin: 0.9rem 0; padding-left: 1rem; border-left: 3px solid var(--rule); }
.note { color: var(--quiet); font-size: 0.95rem; }
footer { border-top: 1px solid var(--rule); color: var(--quiet); }
@media (max-width: 34rem) { dl.facts { grid-template-columns: 1fr; } dl.facts dd { margin-bottom: 0.5rem; } }
@media print { body { font-size: 10pt; } nav, .skip { display: none; } section { break-inside: avoid-page; } }
"""


def page(account: Account, group: str, period: str, made: str) -> bytes:
    """Return the page as UTF-8."""
    parts = [
        '<a class="skip" href="#figures">Skip to the figures</a>',
        "<main>",
        f"<header><h1>{escape(account.title)}</h1>",
        f'<p class="lead">Figures from {escape(group)}</p></header>',
        _facts(account),
        _contents(account),
        _narrative(account),
        _noticed(account),
        '<div id="figures" tabindex="-1">',
        *(_section(section) for section in account.sections),
        "</div>",
        _protection(account),
        '<section aria-labelledby="check"><h2 id="check">How to check that nothing was changed</h2>',
        *(f"<p>{escape(text)}</p>" for text in account.check),
        "</section></main>",
        f"<footer><p>{escape(group)}, {escape(period)}. Made {escape(made)} with Community Insights.</p></footer>",
    ]
    body = "\n".join(part for part in parts if part)
    head = [
        "<!DOCTYPE html>",
        '<html lang="en-GB"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{ALLOWED}">',
        f"<title>{escape(account.title)} – {escape(group)}</title>",
        f"<style>{embedded(body)}{STYLE}</style></head><body>",
    ]
    return "\n".join([*head, body, "</body></html>\n"]).encode()


def _facts(account: Account) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>\n" for name, text in account.facts)
    return (
        '<section aria-labelledby="about"><h2 id="about">About these figures</h2>'
        f'<dl class="facts">{rows}</dl></section>'
    )


def _contents(account: Account) -> str:
    if len(account.sections) < 3:
        return ""
    items = "".join(
        f'<li><a href="#{_anchor(section)}">{escape(section.title)}</a></li>' for section in account.sections
    )
    return f'<nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ol>{items}</ol></nav>'


def _narrative(account: Account) -> str:
    if not account.narrative:
        return ""
    said = "".join(f"<h3>{escape(question)}</h3><p>{escape(answer)}</p>" for question, answer in account.narrative)
    return f'<section aria-labelledby="words"><h2 id="words">In the group’s words</h2>{said}</section>'


def _noticed(account: Account) -> str:
    if not account.observations:
        return ""
    quotes = "".join(
        f"<blockquote><p>{escape(each.words)}</p>"
        + (f'<p class="note">{escape("; ".join(each.themes))}</p>' if each.themes else "")
        + "</blockquote>"
        for each in account.observations
    )
    return (
        '<section aria-labelledby="noticed"><h2 id="noticed">What was noticed</h2>'
        f'<p class="note">{escape(account.terms)}</p>{quotes}</section>'
    )


def _anchor(section: Section) -> str:
    """Give a table's id in the page: an agreement may call a table "contents", as a part of the page is called."""
    return f"table-{escape(section.id)}"


def _section(section: Section) -> str:
    name = _anchor(section)
    return (
        f'<section aria-labelledby="{name}"><h2 id="{name}">{escape(section.title)}</h2>'
        + (f"<p>{escape(section.how_counted)}</p>" if section.how_counted else "")
        + _chart(section)
        + _table(section)
        + "".join(f'<p class="note">{escape(note)}</p>' for note in section.notes)
        + "</section>"
    )


def _chart(section: Section) -> str:
    if not section.bars:
        return ""
    said = "; ".join(f"{bar.label}: {'hidden' if bar.value is None else bar.text}" for bar in section.bars)
    drawing = bar_chart([(bar.label, bar.value, bar.text) for bar in section.bars])
    return f"<figure>{svg(drawing, f'chart-{section.id}', f'Bar chart: {section.title}', f'{said}.')}</figure>"


def _table(section: Section) -> str:
    grid = section.grid
    heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in grid.row_heads)
    heads += "".join(f'<th scope="col" class="number">{escape(text)}</th>' for text in grid.column_heads)
    lines = "\n".join(_line(line) for line in grid.lines)
    # What can be scrolled must be reachable from the keyboard, and then it needs a name.
    return (
        f'<div class="table" role="region" aria-label="{escape(section.title)}, table" tabindex="0"><table>'
        f"<caption>{escape(section.caption)}</caption>"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>{lines}</tbody></table></div>"
    )


def _line(line: Line) -> str:
    level = f' class="level{min(line.level, 3)}"' if line.level else ""
    heads = "".join(
        f'<th scope="row"{level if n == len(line.heads) - 1 else ""}>{escape(text)}</th>'
        for n, text in enumerate(line.heads)
    )
    figures = "".join(
        '<td class="hidden">[c]</td>' if text == HIDDEN else f"<td>{escape(text)}</td>" for text in line.figures
    )
    opening = '<tr class="total">' if line.total else "<tr>"
    return f"{opening}{heads}{figures}</tr>"


def _protection(account: Account) -> str:
    def listed(texts: tuple[str, ...]) -> str:
        return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"

    return (
        '<section aria-labelledby="protection"><h2 id="protection">How people are protected</h2>'
        f"<h3>The rule</h3>{listed(account.rules)}"
        f"<h3>What is promised</h3>{listed(account.promised)}"
        f"<h3>What is not promised</h3>{listed(account.not_promised)}</section>"
    )
