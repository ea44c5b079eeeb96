"""`datapackage.json`: what every table and column is, for programs (Data Package, version 2)."""

from __future__ import annotations

from typing import Any

from cis_desktop.disclosure.overlaps import over_time

from .details import Details
from .texts import SHORTHAND, inert, slug
from .tidy import Breakdown, PackTable

COLUMNS = {
    "group": "The group that counted",
    "agreement": "The agreement the figures were made under, with its version",
    "period": "The period counted: 2018, 2018-Q1, 2018-03, or first..last day",
    "area": "The area counted",
    "area_code": "The area's code; empty where everybody the group sees is counted, wherever they live",
    "filters": "What was counted only in part, as name=value; empty when everything was",
    "measure": "What was counted",
    "measure_code": "The measure's code in the agreement",
    "unit": "The unit of the figures; GBP is pounds",
    "value": "The figure, or a symbol in its place",
    "status": "value: exact; rounded: rounded by the rule in disclosure.json; hidden: not published",
    "at_least": "The least that the rule allows the true figure to be",
    "at_most": "The most that the rule allows the true figure to be; empty when the rule gives no limit",
}


def datapackage(tables: tuple[PackTable, ...], details: Details, pack: str) -> dict[str, Any]:
    """Return the content of `datapackage.json`."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": slug(f"{details.agreement}-{details.period}", 80),
        "id": pack,
        "title": f"{details.agreement_line}: {details.period_label}",
        "description": details.question,
        "created": details.made_at,
        "contributors": [{"title": details.group, "roles": ["publisher"]}],
        "resources": [_resource(table) for table in tables],
    }


def breakdown(item: Breakdown) -> dict[str, Any]:
    """Describe one way a table is broken down; `adds_up` is false where one person can be in several rows."""
    dimension = item.dimension
    return {
        "column": item.column,
        "title": inert(dimension.label),
        "kind": dimension.kind,
        "adds_up": dimension.adds_up,
        "categories": [
            {"code": inert(c.key), "label": inert(c.label), "broader": inert(c.parent) if c.parent else None}
            for c in dimension.categories
        ],
    }


def adds_over_periods(table: PackTable) -> list[str]:
    """Give the codes of the table's measures whose months add up to a quarter."""
    return sorted(map(inert, over_time(source.shape for source in table.sources)))


def _resource(table: PackTable) -> dict[str, Any]:
    titles = {b.column: inert(b.dimension.label) for b in table.breakdowns}
    return {
        "name": table.id,
        "type": "table",
        "title": table.title,
        "description": table.how_counted,
        "path": f"tables/{table.id}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
        "schema": {
            "fields": [_field(column, table, titles) for column in table.columns],
            "missingValues": [
                {"value": "", "label": "no limit, or nothing to say"},
                *({"value": value, "label": label} for value, label in SHORTHAND.items()),
            ],
        },
        "breakdowns": [breakdown(b) for b in table.breakdowns],
        "adds_over_periods": adds_over_periods(table),
    }


def _field(column: str, table: PackTable, titles: dict[str, str]) -> dict[str, Any]:
    if column in ("value", "at_least", "at_most"):
        pounds = any(source.shape.unit == "pence" for source in table.sources)
        return {
            "name": column, "type": "number" if pounds else "integer", "description": COLUMNS[column],
        }  # fmt: skip
    if column == "status":
        kinds = ["value", "rounded", "hidden"]
        return {"name": column, "type": "string", "description": COLUMNS[column], "constraints": {"enum": kinds}}
    if column in COLUMNS:
        return {"name": column, "type": "string", "description": COLUMNS[column]}
    if column in titles:
        return {"name": column, "type": "string", "title": titles[column], "description": "“Total” is all of them"}
    said = f"Codes of the column {column.removesuffix('_code')}; “total” is all of them"
    return {"name": column, "type": "string", "description": said}
