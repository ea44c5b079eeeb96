"""Agreement files: what is read, what is refused and in which words, and what both sides hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from cis_desktop.agreements import library, read, read_file
from cis_desktop.agreements.model import Terms, schema
from cis_desktop.agreements.reading import MOST_BYTES
from cis_desktop.errors import CisError
from cis_desktop.paths import resources
from tests.core.agreements.signed import signed

FOOD = resources() / "agreements" / "food-support-quarterly-return.cis-agreement"


def document() -> dict[str, Any]:
    return json.loads(FOOD.read_text(encoding="utf-8"))


def refusal(data: dict[str, Any] | bytes) -> CisError:
    with pytest.raises(CisError) as caught:
        read(data if isinstance(data, bytes) else json.dumps(data).encode())
    return caught.value


def table(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in found["tables"] if each["id"] == name)


def test_the_schema_that_is_published_is_the_one_the_app_reads_by() -> None:
    published = json.loads((resources() / "schemas" / "agreement.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(schema()))


@pytest.mark.parametrize("starter", library(), ids=lambda each: each.key)
def test_every_starter_fits_the_published_schema_and_survives_a_round_trip(starter: Any) -> None:
    jsonschema.validate(json.loads(starter.canonical), schema())
    again = read(starter.canonical)
    assert (again.hash, again.terms) == (starter.hash, starter.terms)


def test_starters_break_nothing_down_by_two_things_at_once() -> None:
    assert {each.key for each in library()} == {"small-group-return", "food-support-quarterly-return"}
    assert all(len(asked.dimensions) <= 1 for each in library() for asked in each.tables)


def test_a_field_the_app_does_not_know_is_kept_and_part_of_the_hash() -> None:
    found = document()
    plain = read(json.dumps(found).encode())
    found["tables"][0]["colour"] = "blue"
    extended = read(json.dumps(found).encode())
    assert json.loads(extended.canonical)["tables"][0]["colour"] == "blue"
    assert extended.terms == plain.terms
    assert extended.hash != plain.hash


def test_the_hash_does_not_depend_on_spaces_or_the_order_of_fields() -> None:
    found = document()
    shuffled = json.dumps(dict(reversed(found.items())), indent=7).encode("utf-8-sig")
    assert read(shuffled).hash == read_file(FOOD).hash


def test_a_signed_agreement_has_the_hash_of_the_unsigned_one_and_is_refused_once_changed() -> None:
    plain = read(json.dumps(document()).encode())
    found = signed(document())
    assert read(json.dumps(found).encode()).hash == plain.hash
    found["title"] = "Another title"
    assert refusal(found).code == "agreement_signature"


def change_title_to_a_number(found: dict[str, Any]) -> None:
    found["tables"][1]["title"] = 7


def take_the_question_away(found: dict[str, Any]) -> None:
    del found["question"]


def end_before_it_begins(found: dict[str, Any]) -> None:
    found.update(valid_from="2026-04-01", valid_to="2026-03-31")


def name_a_day_that_never_was(found: dict[str, Any]) -> None:
    found["valid_from"] = "2026-02-30"


def ask_for_an_unknown_measure(found: dict[str, Any]) -> None:
    table(found, "wards")["measures"] = [{"measure": "happiness"}]


def count_sessions_by_need(found: dict[str, Any]) -> None:
    table(found, "sessions")["dimensions"][0]["by"] = "need"


def name_a_code_list_of_the_future(found: dict[str, Any]) -> None:
    table(found, "ethnic-groups")["dimensions"][0]["list_version"] = 9


def group_a_code_that_is_not_there(found: dict[str, Any]) -> None:
    table(found, "needs")["dimensions"][0]["groups"][0]["includes"] = ["sunshine"]


def let_age_bands_overlap(found: dict[str, Any]) -> None:
    table(found, "ages")["dimensions"][0]["groups"][1]["from_age"] = 15


def name_two_tables_alike(found: dict[str, Any]) -> None:
    found["tables"][3]["id"] = "headline"


def name_an_unknown_profile(found: dict[str, Any]) -> None:
    found["disclosure"]["profile"] = "anything-goes"


def lower_the_threshold(found: dict[str, Any]) -> None:
    found["disclosure"]["parameters"] = {"threshold": 3}


def break_an_accountability_line_down(found: dict[str, Any]) -> None:
    found["tables"][0]["dimensions"] = [{"by": "month"}]


def ask_for_needs_by_item(found: dict[str, Any]) -> None:
    table(found, "items")["filters"] = [{"by": "need", "category": "food"}]


def filter_by_an_unknown_item(found: dict[str, Any]) -> None:
    table(found, "wards")["filters"] = [{"by": "item", "category": "gold"}]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (change_title_to_a_number, "in tables, number 2, title, text is expected there"),
        (take_the_question_away, "the field “question” is missing"),
        (end_before_it_begins, "it ends (valid_to) before it begins (valid_from)"),
        (name_a_day_that_never_was, "“2026-02-30” is not a date"),
        (ask_for_an_unknown_measure, "“happiness” is not one of the values allowed there"),
        (count_sessions_by_need, "sessions cannot be counted by “need”; it can be by ward or month"),
        (name_a_code_list_of_the_future, "version 9 of the code list “ethnic_group” is not in this version of the app"),
        (group_a_code_that_is_not_there, "includes “sunshine”, which is not in the code list"),
        (let_age_bands_overlap, "the age band “16 to 24” overlaps the one before it"),
        (name_two_tables_alike, "two tables are called “headline”"),
        (name_an_unknown_profile, "the profile “anything-goes” is not known"),
        (lower_the_threshold, "threshold is lower than the profile’s own 8"),
        (break_an_accountability_line_down, "an accountability line is for the whole area"),
        (ask_for_needs_by_item, "needs and items cannot be in one table"),
        (filter_by_an_unknown_item, "names “gold”, which is not in the code list"),
    ],
)
def test_what_is_wrong_is_said_in_a_plain_sentence(spoil: Callable[[dict[str, Any]], None], said: str) -> None:
    found = document()
    spoil(found)
    error = refusal(found)
    assert (error.code, said in error.sentence) == ("agreement_invalid", True), error.sentence
    assert "Nothing was imported" in error.sentence


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"  \n ", "the file is empty"),
        (b"PK\x03\x04not json", "it is no agreement (which is JSON text)"),
        (b"\xff\xfe{}", "it is no agreement (which is JSON text)"),
        (b'{"format": "cis-agreement", "version": NaN}', "it is no agreement (which is JSON text)"),
        (b"[1, 2]", "although it is JSON text"),
        (b"{}", "it does not say that it is a cis-agreement"),
        (b'{"format": "cis-agreement", "format": "x"}', "the field “format” appears twice"),
        (b"[" * 100_000, "it is nested deeper than an agreement can be"),
        (b'{"a": "' + b"[" * 30 + b'"}', "it does not say that it is a cis-agreement"),
        (b'{"a": "' + b'\\"' * 400_000, "it is no agreement (which is JSON text)"),
        (b" " * (MOST_BYTES + 1), "it is larger than 1 MB"),
    ],
    ids=["empty", "blank", "zip", "utf-16", "nan", "list", "nothing", "twice", "deep", "brackets", "quotes", "large"],
)
def test_what_is_no_agreement_is_refused_before_it_is_parsed_or_in_plain_words(data: bytes, said: str) -> None:
    assert said in refusal(data).sentence


def test_a_newer_format_is_refused_as_made_by_a_newer_version() -> None:
    error = refusal({**document(), "version": 2})
    assert (error.code, "made by a newer version" in error.sentence) == ("newer_version", True)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CisError) as caught:
        read_file(tmp_path / "gone.cis-agreement")
    assert caught.value.code == "cannot_read"


def test_the_policy_is_the_profile_with_the_stricter_numbers_of_the_agreement() -> None:
    found = document()
    found["disclosure"]["parameters"] = {"threshold": 10, "zeros": "protect"}
    policy = read(json.dumps(found).encode()).policy()
    assert (policy.profile, policy.threshold, policy.rounding, policy.zeros) == ("nhs-1to7-round5", 10, 5, "protect")


def test_terms_written_out_by_the_app_read_back_the_same() -> None:
    terms = read_file(FOOD).terms
    assert msgspec.json.decode(msgspec.json.encode(terms), type=Terms) == terms
