"""Whether an agreement makes sense, each fault in a plain sentence that says where it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from cis_desktop import words
from cis_desktop.agreements import rules
from cis_desktop.agreements.counting import LISTED, MEASURES
from cis_desktop.agreements.grouping import crossing
from cis_desktop.agreements.model import Dimension, Group, Step, Table, Terms
from cis_desktop.agreements.naming import listed
from cis_desktop.records.code_lists import CodeList, shipped

_AT = re.compile(r"(.*?)(?: - at `\$(.*)`)?", re.S)
_KINDS = {
    "str": "text",
    "int": "a whole number",
    "array": "a list",
    "object": "a group of fields",
    "bool": "true or false",
}


def plain(message: str) -> str:
    """Put a message of the JSON reader into plain words: where, and what is wrong."""
    match = _AT.fullmatch(message)
    what, path = (match[1], match[2] or "") if match else (message, "")
    steps = [
        f"number {int(index) + 1}" if index else name for name, index in re.findall(r"\.?([a-z_]+)|\[(\d+)\]", path)
    ]
    where = f"in {', '.join(steps)}, " if steps else ""
    if missing := re.search(r"missing required field `(\w+)`", what):
        return f"{where}the field “{missing[1]}” is missing"
    if expected := re.search(r"Expected `([\w |]+)`, got `([\w |]+)`", what):
        wanted = " or ".join(_KINDS.get(kind, kind) for kind in expected[1].split(" | ") if kind != "null")
        return f"{where}{wanted} is expected there"
    if invalid := re.search(r"Invalid enum value '?(.*?)'?$", what):
        return f"{where}“{invalid[1]}” is not one of the values allowed there"
    if "matching regex" in what:
        return f"{where}the text is not written in the form it needs there"
    if "length" in what:
        return f"{where}there is too much or too little of it"
    return f"{where}the number is outside what is allowed there"


def problems(terms: Terms) -> Iterator[str]:
    """Give every fault of an agreement whose fields are all well formed."""
    yield from _dates(terms)
    yield from rules.problems(terms)
    if double := _double([table.id for table in terms.tables]):
        yield f"two tables are called “{double}”"
    if double := _double([ward.code for ward in terms.area.wards]):
        yield f"the ward “{double}” is listed twice"
    for table in terms.tables:
        for problem in _table(table):
            yield f"in the table “{table.id}”, {problem}"
    yield from _one_meaning(terms)
    for measure, by in crossing(terms):
        yield (
            f"{measure} is counted by “{by}” in groups of which one could be taken from another; count it in the same "
            "groups everywhere"
        )


def _dates(terms: Terms) -> Iterator[str]:
    found = {}
    for name, text in (
        ("valid_from", terms.valid_from),
        ("valid_to", terms.valid_to),
        ("review", terms.sharing.review),
    ):
        if text is None:
            continue
        try:
            found[name] = date.fromisoformat(text)
        except ValueError:
            yield f"in {name}, “{text}” is not a date"
    if "valid_from" in found and "valid_to" in found and found["valid_to"] < found["valid_from"]:
        yield "it ends (valid_to) before it begins (valid_from)"


def _table(table: Table) -> Iterator[str]:
    by = [dimension.by for dimension in table.dimensions]
    if double := _double(by):
        yield f"“{double}” is broken down by twice"
    if double := _double([counted.measure for counted in table.measures]):
        yield f"the measure “{double}” is listed twice"
    everything = by + [each.by for each in table.filters]
    if "need" in everything and "item" in everything:
        yield "needs and items cannot be in one table, because nothing says which need an item was for"
    if table.accountability and (by or table.filters):
        yield "an accountability line is for the whole area, without breakdown or filter"
    for counted in table.measures:
        allowed = MEASURES[counted.measure].by
        for name in everything:
            if name not in allowed:
                yield f"{counted.measure} cannot be counted by “{name}”; it can be by {words.listed(allowed, 'or')}"
        if counted.unit and counted.measure != "weight":
            yield f"{counted.measure} takes no unit; only weight is in kg or lb"
    for each in table.filters:
        if each.by in ("month", "age_band", "adult_child"):
            yield f"there is no filter by “{each.by}”; break the table down by it instead"
        codes = shipped().get((each.by, 1))
        if each.by in LISTED and codes and each.category not in {code.key for code in codes.codes}:
            yield f"the filter by {each.by} names “{each.category}”, which is not in the code list"
    for dimension in table.dimensions:
        for problem in _dimension(dimension):
            yield f"in the dimension “{dimension.by}”, {problem}"


def _dimension(dimension: Dimension) -> Iterator[str]:
    codes = listed(dimension)
    if dimension.by in LISTED and codes is None:
        name, version = dimension.code_list or dimension.by, dimension.list_version or 1
        yield f"version {version} of the code list “{name}” is not in this version of the app"
    if dimension.by not in LISTED and (dimension.code_list or dimension.list_version or dimension.crosswalk):
        yield "there is no code list to name or to lead to"
    if dimension.new_after_months and dimension.by != "standing":
        yield "new_after_months is only for “standing”"
    if dimension.by == "age_band" and not dimension.groups:
        yield "the age bands are missing (groups)"
    yield from _groups(dimension, dimension.groups, codes)
    yield from _broad(dimension, dimension.broad, codes)
    known = {code.key for code in codes.codes} if codes else set()
    for local, key in dimension.crosswalk.items():
        if codes and key not in known:
            yield f"the crosswalk from “{local}” leads to “{key}”, which is not in the code list"
    for step in dimension.ladder:
        yield from _step(dimension, step, codes)


def _step(dimension: Dimension, step: Step, codes: CodeList | None) -> Iterator[str]:
    if sum((bool(step.groups), step.broad, step.drop)) != 1:
        yield f"the step “{step.label}” needs one of groups, broad or drop"
    yield from _groups(dimension, step.groups, codes)
    yield from _broad(dimension, step.broad, codes)


def _broad(dimension: Dimension, broad: bool, codes: CodeList | None) -> Iterator[str]:
    if broad and not (codes and any(code.broader for code in codes.codes)):
        yield "its code list has no broad groups"


def _groups(dimension: Dimension, groups: tuple[Group, ...], codes: CodeList | None) -> Iterator[str]:
    if not groups:
        return
    if dimension.by == "age_band":
        yield from _bands(groups)
        return
    if codes is None:
        yield "groups need a code list"
        return
    known = {code.key for code in codes.codes}
    for group in groups:
        if not group.key or not group.includes:
            yield f"the group “{group.label}” needs a key and the codes it includes"
        if group.from_age is not None or group.to_age is not None:
            yield f"the group “{group.label}” has ages, which are for age bands"
        for key in group.includes:
            if key not in known:
                yield f"the group “{group.label}” includes “{key}”, which is not in the code list"
    if double := _double([key for group in groups for key in group.includes]):
        yield f"“{double}” is in two groups"
    if double := _double([group.key or "" for group in groups]):
        yield f"two groups have the key “{double}”"


def _bands(groups: tuple[Group, ...]) -> Iterator[str]:
    reached = -1
    for group in groups:
        if group.from_age is None or group.key or group.includes:
            yield f"the age band “{group.label}” needs from_age, and neither key nor includes"
            return
        if group.from_age <= reached:
            yield f"the age band “{group.label}” overlaps the one before it, or is out of order"
        reached = group.to_age if group.to_age is not None else 1000
        if reached < group.from_age:
            yield f"the age band “{group.label}” ends before it begins"


def _one_meaning(terms: Terms) -> Iterator[str]:
    """One dimension under two crosswalks would give one figure two values."""
    seen: dict[str, dict[str, str]] = {}
    for table in terms.tables:
        for dimension in table.dimensions:
            if seen.setdefault(dimension.by, dimension.crosswalk) != dimension.crosswalk:
                yield f"the tables use “{dimension.by}” with different crosswalks"


def _double(names: list[str]) -> str | None:
    return next((name for at, name in enumerate(names) if name in names[:at]), None)
