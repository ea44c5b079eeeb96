"""Search over everything written down: what is typed so far, in any script, answered within one key press.

The index is kept by the triggers of `0003_search.sql`. Documents are numbered so that people come first and newer
records before older ones; reading the highest numbers and stopping is what makes one letter as cheap as ten.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

import msgspec

from cis_desktop import words as plain_words
from cis_desktop.records import people
from cis_desktop.records.reading import TABLES
from cis_desktop.vault.tables import Connection


class Hit(msgspec.Struct, frozen=True):
    """One record found: what it is, which one, what to call it, and a line that tells it from its neighbours."""

    kind: str
    id: int
    reference: str
    label: str
    detail: str


_RANK = 4294967296
_KINDS = {
    7: "person",
    6: "household",
    5: "organisation",
    4: "case",
    3: "session",
    2: "observation",
    1: "person",
    0: "contact",
    -1: "briefing",
    -2: "page",
}
_LOWEST = -2 * _RANK
PEOPLE_FROM = 7 * _RANK
"""Documents from here on are people by their names, numbers and postcodes, and not by what was noted about them."""
_NAMES_FROM = 5 * _RANK
"""Documents from here on are people, households and organisations: things with names."""

_RANKS = {"people": 7, "households": 6, "cases": 4, "sessions": 3, "observations": 2}
_REFERENCE = re.compile(r"^([PHCSN])[\s-]*(?:([A-Z2-9]{2})[\s-]+)?0*(\d{1,12})$")
_DIGITS_ONLY = re.compile(r"^[\d\s()+-]+$")
UNSPACED = re.compile("[฀-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿]+")
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese, Korean: the ranges of `0003_search.sql`."""

_ARABIC = str.maketrans({"آ": "ا", "أ": "ا", "إ": "ا", "ى": "ي", "ة": "ه", **dict.fromkeys("ـًٌٍَُِّْ")})
_MOST_WORDS = 12
MANY = 10
"""Times as many people are looked through as are found by name: some match by what is not shown."""


def search(connection: Connection, words: str, limit: int = 20, lowest: int = _LOWEST) -> list[Hit]:
    """Find records by the words typed so far, each of which may be only a beginning.

    An exact reference comes first, then people, households and organisations with exactly these words, then
    everything else that begins with them, newer before older. Anything may be typed; nothing raises. Records that are
    gone are not found. `lowest` is the lowest document to look at, such as `PEOPLE_FROM`.
    """
    tokens = tokens_of(words)
    found: dict[int, None] = dict.fromkeys(_with_reference(connection, words))
    if tokens:
        exact = " ".join(_quoted(token) for token in tokens)
        begun = " ".join(_quoted(token) + "*" for token in tokens)
        if any(len(token) > 1 for token in tokens):
            found.update(dict.fromkeys(_matching(connection, exact, max(lowest, _NAMES_FROM), limit)))
        if len(found) < limit:
            found.update(dict.fromkeys(_matching(connection, begun, lowest, limit)))
    documents = list(found)
    hits = _described(connection, documents[:limit])
    if len(hits) < limit < len(documents):
        hits += _described(connection, documents[limit:])[: limit - len(hits)]
    return hits


def by_name(connection: Connection, words: str, limit: int = 20) -> list[Hit]:
    """Find people by their names and references alone, for whoever sees nothing else of them.

    Who may not see a telephone number or a postcode must not learn it by trying letters either.
    """
    typed = [piece for token in tokens_of(words) for piece in _pieces(token)]
    exact = _with_reference(connection, words)
    hits = [hit for hit in search(connection, words, MANY * limit, PEOPLE_FROM) if hit.kind == "person"]
    return [hit for hit in hits if hit.id + PEOPLE_FROM in exact or _shown(typed, hit)][:limit]


def _shown(typed: list[str], hit: Hit) -> bool:
    names = f"{hit.label} {hit.reference}".translate(_ARABIC)
    seen = [*_pieces(names), *_pieces(re.sub("['’.-]", "", names))]
    # Without spaces, any part of a name is found.
    return all(any(part in name if UNSPACED.match(part) else name.startswith(part) for name in seen) for part in typed)


def _pieces(text: str) -> list[str]:
    """Split text into words as the index does, without accents and capitals."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.findall(r"\w+", unicodedata.normalize("NFC", plain).casefold())


def tokens_of(words: str) -> list[str]:
    """Split what was typed as the index splits what was written: at most twelve pieces, each a beginning."""
    # Half of a character pair can be typed, and cannot be looked up.
    whole = words.encode("utf-8", "ignore").decode("utf-8").replace("\0", " ")
    folded = whole.translate(_ARABIC)
    if _DIGITS_ONLY.match(folded) and sum(c.isdigit() for c in folded) > 4:
        folded = re.sub(r"\D", "", folded.strip().replace("+44", "0", 1))
    tokens: list[str] = []
    for piece in folded.split():
        runs = UNSPACED.findall(piece)
        for run in runs:
            tokens += [run[i : i + 2] for i in range(max(1, len(run) - 1))]
        # Other letters stuck to such a run are one word with it in the index, so only the run can be looked up.
        if not runs and any(c.isalnum() for c in piece):
            tokens.append(piece)
    return tokens[:_MOST_WORDS]


def _quoted(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'


def _with_reference(connection: Connection, words: str) -> list[int]:
    typed = _REFERENCE.match(words.strip().upper())
    if typed is None:
        return []
    kind, tag, number = typed.groups()
    table = TABLES[kind]
    reference = f"{kind}-{tag + '-' if tag else ''}{int(number):04d}"
    rows = connection.execute(f"select id from {table} where reference = ? and gone = 0", (reference,))
    return [row[0] + _RANKS[table] * _RANK for row in rows]


def _matching(connection: Connection, query: str, lowest: int, limit: int) -> list[int]:
    rows = connection.execute(
        "select rowid from found where found match ? and rowid >= ? order by rowid desc limit ?",
        (query, lowest, limit),
    )
    return [row[0] for row in rows]


def _described(connection: Connection, documents: list[int]) -> list[Hit]:
    by_rank: dict[int, list[int]] = {}
    for document in documents:
        by_rank.setdefault(document // _RANK, []).append(document % _RANK)
    hits: dict[int, Hit] = {}
    for rank, ids in by_rank.items():
        if _KINDS[rank] == "page":
            hits |= {rank * _RANK + page: hit for page, hit in _pages(connection, ids)}
            continue
        for hit in _DESCRIBE[_KINDS[rank]](connection, ids):
            hits[rank * _RANK + hit.id] = hit
    # A person whose name and note both match, or a briefing with several pages, is one hit.
    shown = [hits[document] for document in documents if document in hits]
    return list({(hit.kind, hit.id): hit for hit in shown}.values())


def _people(connection: Connection, ids: list[int]) -> Iterable[Hit]:
    for row in connection.execute(
        "select id, reference, given_name, family_name, initials, birth_year, postcode, own_number from people"
        f" where id in ({_marks(ids)}) and gone = 0",
        ids,
    ):
        born = f"born {row[5]}" if row[5] else None
        number = f"number {row[7]}" if row[7] else None
        yield Hit("person", row[0], row[1], people.label(row[2], row[3], row[4], row[1]), _line(number, born, row[6]))


def _households(connection: Connection, ids: list[int]) -> Iterable[Hit]:
    for row in connection.execute(
        "select id, reference, label, adults, children, postcode, (select group_concat(coalesce(p.given_name,"
        " p.family_name, p.initials, p.reference), ' & ') from people p where p.household_id = h.id and p.gone = 0)"
        f" from households h where id in ({_marks(ids)}) and gone = 0",
        ids,
    ):
        size = (row[3] or 0) + (row[4] or 0)
        people_in = plain_words.count(size, "person", "people") if size else None
        called = plain_words.shortened(row[2] or row[6] or row[1])
        yield Hit("household", row[0], row[1], called, _line(people_in, row[5]))


def _organisations(connection: Connection, ids: list[int]) -> Iterable[Hit]:
    for row in connection.execute(
        f"select id, name, org_id, kind from organisations where id in ({_marks(ids)}) and gone = 0", ids
    ):
        yield Hit("organisation", row[0], row[2] or "", row[1], _line(row[3], row[2]))


def _cases(connection: Connection, ids: list[int]) -> Iterable[Hit]:
    for row in connection.execute(
        "select c.id, c.reference, c.opened, c.closed, p.given_name, p.family_name, p.initials, p.reference, h.label"
        " from cases c left join people p on p.id = c.person_id left join households h on h.id = c.household_id"
        f" where c.id in ({_marks(ids)}) and c.gone = 0 and coalesce(p.gone, 0) = 0",
        ids,
    ):
        who = people.label(row[4], row[5], row[6], row[7]) if row[7] else row[8]
        opened = f"opened {plain_words.day(row[2])}" if row[2] else None
        yield Hit("case", row[0], row[1], who or row[1], _line(opened, "closed" if row[3] else "open"))


def _sessions(connection: Connection, ids: list[int]) -> Iterable[Hit]:
    for row in connection.execute(
        f"select id, reference, on_date, venue from sessions where id in ({_marks(ids)}) and gone = 0", ids
    ):
        yield Hit("session", row[0], row[1], row[3] or "Session", _line(plain_words.day(row[2])))


def _observations(connection: Connection, ids: list[int]) -> Iterable[Hit]:
    for row in connection.execute(
        f"select id, reference, noticed_on, place, words from observations where id in ({_marks(ids)}) and gone = 0",
        ids,
    ):
        when = plain_words.day(row[2]) if len(row[2]) > 7 else plain_words.month(row[2])
        yield Hit("observation", row[0], row[1], plain_words.shortened(row[4]), _line(when, row[3]))


def _contacts(connection: Connection, ids: list[int]) -> Iterable[Hit]:
    for row in connection.execute(
        "select c.id, c.on_date, c.note, p.given_name, p.family_name, p.initials, p.reference from contacts c"
        f" left join people p on p.id = c.person_id where c.id in ({_marks(ids)})"
        " and c.gone = 0 and coalesce(p.gone, 0) = 0",
        ids,
    ):
        who = people.label(row[3], row[4], row[5], row[6]) if row[6] else "Visit"
        yield Hit(
            "contact", row[0], row[6] or "", who, _line(plain_words.day(row[1]), plain_words.shortened(row[2] or ""))
        )


def _briefings(connection: Connection, ids: list[int]) -> Iterable[Hit]:
    for row in connection.execute(
        f"select id, title, sender, received_on from briefings where id in ({_marks(ids)}) and gone = 0", ids
    ):
        yield Hit("briefing", row[0], "", row[1], _line(f"from {row[2]}", plain_words.day(row[3])))


def _pages(connection: Connection, ids: list[int]) -> Iterable[tuple[int, Hit]]:
    """Describe pages of files as the briefings they came with: by the page, the hit."""
    for row in connection.execute(
        "select p.id, b.id, b.title, b.received_on, f.name, iif(f.kind = 'pdf', p.page, null) from briefing_pages p"
        " join briefings b on b.id = p.briefing_id join briefing_files f on f.id = p.file_id"
        f" where p.id in ({_marks(ids)}) and p.gone = 0 and b.gone = 0",
        ids,
    ):
        page = f"page {row[5]}" if row[5] else None
        yield row[0], Hit("briefing", row[1], "", row[2], _line(plain_words.day(row[3]), row[4], page))


_DESCRIBE: dict[str, Callable[[Connection, list[int]], Iterable[Hit]]] = {
    "person": _people,
    "household": _households,
    "organisation": _organisations,
    "case": _cases,
    "session": _sessions,
    "observation": _observations,
    "contact": _contacts,
    "briefing": _briefings,
}


def _marks(ids: list[int]) -> str:
    return ", ".join("?" * len(ids))


def _line(*parts: str | None) -> str:
    return " · ".join(filter(None, parts))
