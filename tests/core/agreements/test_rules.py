"""The disclosure rules an agreement may add to its profile: what they become, and what is refused in which words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cis_desktop.agreements import read
from cis_desktop.agreements.model import schema
from cis_desktop.agreements.reading import read_file
from cis_desktop.disclosure.tables import EVERY, Cells, Policy, Sensitive
from cis_desktop.errors import CisError
from cis_desktop.paths import resources

FOOD = resources() / "agreements" / "food-support-quarterly-return.cis-agreement"
FORMAT = Path(__file__).parents[3] / "docs" / "formats" / "agreement.md"


def document(parameters: dict[str, Any], profile: str = "nhs-1to7-round5") -> dict[str, Any]:
    found = json.loads(FOOD.read_text(encoding="utf-8"))
    found["disclosure"] = {"profile": profile, "parameters": parameters}
    return dict(found)


def policy(parameters: dict[str, Any]) -> Policy:
    found = document(parameters)
    jsonschema.validate(found, schema())
    return read(json.dumps(found).encode()).policy()


def refusal(parameters: dict[str, Any], profile: str = "nhs-1to7-round5") -> str:
    with pytest.raises(CisError) as caught:
        read(json.dumps(document(parameters, profile)).encode())
    return caught.value.sentence


def test_figures_are_named_by_table_measure_and_breakdown() -> None:
    found = policy(
        {
            "sensitive": [{"by": ["ethnic_group"], "threshold": 20}, {"categories": {"ward": "E05"}, "threshold": 12}],
            "must_publish": [
                {"table": "headline", "measure": "money"},
                {"table": "ages", "categories": {"age_band": "65+"}},
            ],
            "never_publish": [{"table": "wards"}, {"measure": "parcels", "by": ["month"]}],
        }
    )
    assert found.sensitive == (
        Sensitive(Cells((("ethnic_group", EVERY),)), 20), Sensitive(Cells((("ward", "E05"),)), 12),
    )  # fmt: skip
    assert found.must_publish == (Cells((), ("headline-money",)), Cells((("age_band", "65+"),), ("ages",)))
    wards = ("wards-unique-people", "wards-unique-households")
    assert found.never_publish == (
        Cells((), wards), Cells((("month", EVERY),), ("headline-parcels", "months-parcels")),
    )  # fmt: skip


def test_noughts_and_dominance_can_be_made_stricter() -> None:
    found = policy({"zeros": "few", "few": 2, "dominance": 25})
    assert (found.zeros, found.few, found.dominance) == ("few", 2, 25)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"dominance": 5}, "dominance is lower than the profile’s own 10"),
        ({"threshold": 5}, "threshold is lower than the profile’s own 8"),
        ({"few": 2}, "few says something only where zeros is “few”"),
        ({"sensitive": [{"by": ["ward"], "threshold": 8}]}, "not higher than that of all figures, 8"),
        ({"threshold": 12, "sensitive": [{"by": ["ward"], "threshold": 12}]}, "than that of all figures, 12"),
        ({"sensitive": [{"threshold": 20}]}, "sensitive does not say which figures it means"),
        ({"never_publish": [{"by": ["tenure"]}]}, "never_publish means “tenure”, and no table"),
        ({"must_publish": [{"table": "gone"}]}, "must_publish means its total in “gone”, and no table"),
        ({"must_publish": [{"table": "ages", "measure": "money"}]}, "must_publish means money in “ages”, and no table"),
        ({"must_publish": [{"by": ["ward"]}]}, "must_publish does not say of which table"),
        (
            {
                "must_publish": [{"table": "ages", "categories": {"age_band": "65+"}}],
                "never_publish": [{"by": ["age_band"]}],
            },
            "“65+” of “age_band” in “ages” must be published and must never be",
        ),
        ({"never_publish": [{"by": "ward"}]}, "a list is expected there"),
        ({"zeros": "none"}, "“none” is not one of the values allowed there"),
    ],
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused_in_plain_words(parameters: dict[str, Any], said: str) -> None:
    assert said in refusal(parameters)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        (
            {"never_publish": [{"categories": {"age_band": "65 and over"}}]},
            "never_publish means “65 and over” of “age_band”, and no table of the agreement has that",
        ),
        ({"never_publish": [{"categories": {"age_band": "70-99"}}]}, "never_publish means “70-99” of “age_band”"),
        (
            {"sensitive": [{"categories": {"need": "imigration"}, "threshold": 20}]},
            "sensitive means “imigration” of “need”",
        ),
        (
            {"must_publish": [{"table": "new-returning", "categories": {"standing": "newcomers"}}]},
            "must_publish means “newcomers” of “standing” in “new-returning”",
        ),
    ],
)
def test_a_rule_about_a_category_that_no_table_has_would_protect_nobody_and_is_refused(
    tmp_path: Path, parameters: dict[str, Any], said: str
) -> None:
    (tmp_path / "new.cis-agreement").write_text(json.dumps(document(parameters)), encoding="utf-8")
    with pytest.raises(CisError) as caught:
        read_file(tmp_path / "new.cis-agreement")
    assert said in caught.value.sentence


def test_an_unknown_profile_is_refused_with_those_there_are() -> None:
    said = refusal({}, "lt3")
    assert "“lt3” is not known" in said
    assert "controlled-round5" in said


def test_the_format_as_documented_is_the_format() -> None:
    """Every field and profile is named in the document, and its example is read as it says."""
    from cis_desktop.disclosure.profiles import PROFILES

    text = FORMAT.read_text(encoding="utf-8")
    fields = {name for part in schema()["$defs"].values() for name in part.get("properties", {})}
    assert not [name for name in fields if f"`{name}`" not in text]
    assert not [name for name in PROFILES if f"`{name}`" not in text]
    example = json.loads(text.split("```json\n")[1].split("```")[0])
    assert policy(example["disclosure"]["parameters"]).sensitive
