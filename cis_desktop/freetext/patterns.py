"""Details that point at somebody by their form: postcodes, telephone numbers, dates, ages, addresses, and so on.

Written for a person to answer: one question too many costs a moment, one too few a secret. Forms of numbers: the NHS
Data Dictionary (NHS number, checked by python-stdnum), HMRC's NIM39110 (National Insurance), BS 7666 (postcodes), DVLA
INF104 (vehicles).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .findings import Finding, Kind, finding
from .numbers import NUMBER, PERSONS, numbers_in, value_of

_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH "
    "EN EX FK FY G GL GU HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME "
    "MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW "
    "SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_AREA = "|".join(sorted(_AREAS.split(), key=len, reverse=True))
_TO_TEN = "one|two|three|four|five|six|seven|eight|nine|ten"
_TWO = "|".join(area for area in _AREAS.split() if len(area) == 2)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_STREET = (
    r"(?:Road|Rd|Street|Avenue|Ave|Lane|Close|Court|Crescent|Drive|Gardens?|Grove|Hill|House|Mews|Park|Place|"
    r"Rise|Row|Square|Terrace|Towers?|Walk|Way|Yard|Buildings|Mansions|Point|Heights|Lodge)"
)
_BORN = re.compile(r"\b(?:born|birth(?:day|date)?|d\.?o\.?b)\b", re.IGNORECASE)
_NHS = re.compile(r"\bNHS\b|health (?:service )?number|hospital number|patient number", re.IGNORECASE)
_TEN_DIGITS = re.compile(r"(?<![\d-])\d{3}[\W_]{0,2}\d{3}[\W_]{0,2}\d{4}(?![\d-])")
_DATE = re.compile(
    rf"(?<![\d/])(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})|\d{{4}}-\d{{2}}-\d{{2}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?[\s/.-]*(?:of\s+)?{_MONTH}(?:[/.-]?\d{{2,4}}\b|\b(?:,?\s+\d{{4}})?)|"
    rf"\b{_MONTH}\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\b(?!\d)(?:,?\s+\d{{4}})?)",
    re.IGNORECASE,
)
_BIRTH_YEAR = re.compile(r"\b(?:born|birth)\b[^.!?\n]{0,25}?\b((?:18|19|20)\d{2})\b", re.IGNORECASE)
_AGE = re.compile(
    rf"\b(?:aged?(?: of| about|:)? ({NUMBER})|({NUMBER})[- ]years?[- ]olds?|({NUMBER}) ?(?:yo|y/o|y\.o|yrs old)|"
    rf"({NUMBER})(?:st|nd|rd|th) birthday|(?:[’']s|is|was|turned|turning|turns|being|nearly|almost|only) ({NUMBER}))"
    r"(?P<after>\s*(?:to|-|–|and over|or over|and above|plus|\+)?)",
    re.IGNORECASE,
)
_DECADE = re.compile(
    r"\bin (?:his|her|their) (?:early |mid[- ]|late )?(?:\d0[’']?s|(?:seven|eigh|nine)ties)\b", re.IGNORECASE
)
_SOMEBODY = re.compile(r"\b(?:s?he|who) ?$", re.IGNORECASE)
_BAND_BEFORE = re.compile(r"(?:over|under|between|below|above|from|to|and|-|–)[ -]?$", re.IGNORECASE)

_TITLES = (
    "Mr|Mrs|Ms|Miss|Mx|Dr|Rev|Sister|Brother|Father|Imam|Pastor|Auntie|Aunty|Aunt|Uncle|Nan|Granny|Grandma|Grandad|Cllr|"
    "Councillor"
)
_KIN = (
    "wife|husband|partner|son|daughter|mum|mother|dad|father|brother|sister|neighbour|friend|grandson|granddaughter|"
    "carer|baby"
)
_ROLES = (
    "head ?teacher|imam|vicar|priest|rabbi|pastor|caretaker|landlord|landlady|doctor|gp|social worker|health visitor|"
    "midwife|treasurer|chair(?:man|woman|person)?|manager|coordinator|councillor|mp"
)
_ENDINGS = r"(?:com|net|org|info|me|co\.uk|org\.uk|uk)"
_SPELT = r"\b[\w.]+ ?[(\[]?\bat\b[)\]]? ?\w+ ?[(\[]?\bdot\b[)\]]? ?(?:com|co|org|uk|net)\b"
_MANY = r"(?:three|four|five|six|seven|eight|nine|ten|twins|triplets|\d+)"

_WITH_CAPITALS: tuple[tuple[Kind, str, str], ...] = (
    ("web", r"(?<![\w@.])@\w{2,30}", "This is how somebody is called online."),
    ("postcode", rf"\b(?!CO2\b)(?:{_AREA})(?:[1-9]\d?[A-Z]?)(?: ?\d)?\b(?! ?[\dO][A-Z]{{2}}\b)",
     "The first half of a postcode is a small place, when few of those you help live there."),
    ("registration", r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b|\b[A-Z]\d{1,3} ?[A-Z]{3}\b", "This has the form of a number plate."),
    ("reference", r"\b[A-Z]-(?=\w*\d)[0-9A-Z]{3,8}\b", "This is a reference of a record."),
    ("address", rf"\b\d{{1,4}}[A-Za-z]?,? (?:[A-Z][\w’'-]+ ){{1,3}}{_STREET}\b", "This is an address."),
    ("place", rf"(?<!\d )\b(?!High )(?:[A-Z][\w’'-]+ ){{1,2}}(?!High ){_STREET}\b",
     "A street or a building is a small place, when few of those you help live there."),
    ("called", rf"\b(?:{_TITLES})\.? [A-Z][\w’'-]*", "This looks like somebody’s name."),
    ("called", r"\b(?:called|named|name is|nicknamed|"
     rf"(?:[Hh]is|[Hh]er|[Mm]y|[Tt]heir|[Oo]ur) (?:{_KIN}))[, ] ?"
     r"[A-Z][a-z’'-]+",
     "This looks like somebody’s name."),
    ("called", r"\b(?:[A-Z]\.){2,3}", "These may be somebody’s initials."),
    ("long_number", r"(?<![\w£.,-])\d(?:[ /-]?\d){5,}(?![\w-]|[.,]\d)",
     "A long number can be that of a case, an account or a document."),
    ("phone", r"(?<![\w+])(?:\+44[ ]?\(?0?\)?|\(?0)(?:[ ().-]{0,2}\d){9,10}(?!\d)|(?<!\w)\+\d(?:[ .-]?\d){7,14}(?!\d)",
     "This is a telephone number."),
)  # fmt: skip
_IN_ANY_CASE: tuple[tuple[Kind, str, str], ...] = (
    ("email", rf"[^\s@<>(),;]+@[^\s@<>(),;]+\.\w{{2,}}|{_SPELT}", "This is an email address."),
    ("web", rf"(?:https?://|www\.)\S+|\b[\w-]+\.{_ENDINGS}\b(?:/\S*)?", "A web address can lead to somebody’s page."),
    ("postcode", rf"\b(?:{_AREA}) ?\d[A-Z\d]?[\W_]?[\dO] ?[A-Z]{{2}}\b|\bGIR ?0AA\b",
     "A postcode is about fifteen homes, and sometimes one."),
    ("postcode", rf"\b(?!co2\b|so2\b)(?:{_TWO})[1-9]\d?[a-z]?\b|"
     r"\b(?:in|near|from|around|of|postcode) [bgelmnsw]\d{1,2}\b|"
     rf"\b(?:[ns][. ]{{0,2}}[ew]|[ew][. ]{{0,2}}c)[. ]{{0,2}}(?:\d{{1,2}}[a-z]?|{_TO_TEN})\b(?! ?\d[a-z]{{2}}\b)",
     "The first half of a postcode is a small place, when few of those you help live there."),
    ("insurance", r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][\W_]?\d{2}[\W_]?\d{2}[\W_]?\d{2}(?:[\W_]?[A-D])?\b",
     "This has the form of a National Insurance number."),
    ("address", r"\b(?:flat|apartment|apt|room|unit|block|number|no\.?) ?\d{1,4}[a-z]?\b(?![ -]?\d)",
     "A number of a home or a room tells the neighbours who it is."),
    ("only", rf"\bthe (?:only|sole|oldest|eldest|youngest)(?: [\w’'-]+){{0,2}}? {PERSONS}\b|\bthe only one\b|"
     r"\b(?:nobody|no one|no-one) else\b|\bunlike any(?:body|one)\b",
     "Somebody who is the only one of a kind is known by it."),
    ("few", rf"\b(?:mum|mother|father|dad|parent|grandmother|widow|family) of {_MANY}\b|"
     r"\b(?:twins|triplets|quadruplets)\b|\bone of (?:our|the|my) \w+",
     "Few people are like this, so those who know them see who is meant."),
    ("role", rf"\b(?:the|our|their|his|her|my) (?:{_ROLES})\b",
     "There may be one only, so everybody nearby knows who that is."),
)  # fmt: skip
PLAIN = (
    *((kind, re.compile(form), why) for kind, form, why in _WITH_CAPITALS),
    *((kind, re.compile(form, re.IGNORECASE), why) for kind, form, why in _IN_ANY_CASE),
)
_FOREIGN = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]+(?:[\s,.]+[^\W\d_\u0000-\u024f\u1e00-\u1eff]+)*")

NEAR = 40
"""So many letters apart, a word says what a number is."""


def details_in(text: str, threshold: int) -> Iterator[Finding]:
    """Find details in a text; fewer people than `threshold` are few."""
    for kind, form, why in PLAIN:
        for match in form.finditer(text):
            yield finding(kind, text, match.start(), match.end(), why)
    yield from _health_numbers(text)
    yield from _dates(text)
    yield from _ages(text)
    for number in numbers_in(text):
        if number.persons_end is not None and 0 < number.value < threshold:
            yield finding(
                "few", text, number.start, number.persons_end,
                "So few people can be known by what is said of them.",
            )  # fmt: skip
    if foreign := _FOREIGN.search(text):
        yield finding(
            "script", text, foreign.start(), foreign.end(),
            "In these letters the app finds names only. Somebody who reads the language has to look it over.",
        )  # fmt: skip


def _health_numbers(text: str) -> Iterator[Finding]:
    from stdnum.gb import nhs

    for match in _TEN_DIGITS.finditer(text):
        named = _NHS.search(text[max(0, match.start() - NEAR) : match.end() + NEAR])
        # One in eleven numbers drawn by chance passes the check, so alone it only makes it possible.
        if named or nhs.is_valid(re.sub(r"\D", "", match[0])):
            why = "This is an NHS number." if named else "This could be an NHS number."
            yield finding("nhs", text, match.start(), match.end(), why)


def _dates(text: str) -> Iterator[Finding]:
    for match in _DATE.finditer(text):
        if _BORN.search(text[max(0, match.start() - NEAR) : match.end() + NEAR // 2]):
            yield finding("birth", text, match.start(), match.end(), "A date of birth is nearly a name.")
        else:
            why = "An exact day tells whoever was there who is meant. A month is enough."
            yield finding("date", text, match.start(), match.end(), why)
    for match in _BIRTH_YEAR.finditer(text):
        yield finding("birth", text, match.start(1), match.end(1), "A year of birth narrows down who it is.")


def _ages(text: str) -> Iterator[Finding]:
    for match in _AGE.finditer(text):
        said = next(part for part in match.groups()[:5] if part)
        loose, age = match[5] is not None, value_of(said)
        # "Is 40" can be anything; "was 93." and "she is 93" are ages. Bands ("aged 16 to 64", "over 65") are none.
        ended = not text[match.end() :].strip() or text[match.end()] in ".,;!?)"
        told = age > 10 and (ended or _SOMEBODY.search(text[: match.start()]))
        if match["after"].strip() or _BAND_BEFORE.search(text[: match.start()]) or (loose and not told):
            continue
        if 0 < age < 125:
            why = "An exact age points at somebody, a very high one most of all. A group of ages is enough."
            yield finding("age", text, match.start(), match.start("after"), why)
    for match in _DECADE.finditer(text):
        yield finding("age", text, match.start(), match.end(), "Few people are of such an age.")
