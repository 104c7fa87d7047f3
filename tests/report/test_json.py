from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from esgscan.report.json import FEW, render_json
from esgscan.report.json import document as laid_out
from esgscan.report.schema import schema_text
from esgscan.result_tables import RESULT_PATHS
from tests.fakes_scan import INJECTION, paths
from tests.frames import with_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from esgscan.records import Scan

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "scan-1.json"


@pytest.fixture(scope="module")
def document(scan: Scan) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(render_json(scan))
    return loaded


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_published_schema_is_the_one_the_tables_make() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), (
        "python -m esgscan.report.schema > docs/schema/scan-1.json"
    )


def test_output_is_valid(scan: Scan, clean: Scan, validator: jsonschema.Draft202012Validator) -> None:
    for one in (scan, clean):
        validator.validate(json.loads(render_json(one)))


def _set(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        *way, last = path.split(".")
        place: Any = document
        for step in way:
            place = place[int(step)] if step.isdigit() else place[step]
        place[last] = value

    return change


@pytest.mark.parametrize(
    "break_it",
    [
        lambda document: document.pop("coverage"),
        _set("schema_version", "2"),
        _set("as_of", "23.11.2026"),
        _set("surprise", 1),
        _set("issuers.0.surprise", 1),
        _set("issuers.0.weight", None),
        _set("issuers.0.weight", "0.2%"),
        _set("issuers.0.measures.0.status", "planned"),
        _set("paths.0.route", "a > b"),
        _set("coverage.reasons.0.reason", "forgotten"),
        _set("sources.0.number", "1"),
    ],
)
def test_a_broken_document_is_refused(
    scan: Scan, validator: jsonschema.Draft202012Validator, break_it: Callable[[dict[str, Any]], None]
) -> None:
    document = json.loads(render_json(scan))
    break_it(document)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(document)


def test_weights_have_full_precision(document: dict[str, Any]) -> None:
    assert document["exposure"]["weight"] == 0.003154012
    assert document["paths"][-1]["weight"] == 0.000000004


def test_every_part_of_the_portfolio_is_there(document: dict[str, Any]) -> None:
    coverage = document["coverage"]
    parts = ("flagged", "clear", "uncovered")
    assert math.fsum(coverage[name] for name in parts) == pytest.approx(1, abs=1e-12)
    assert round(sum(coverage[f"{name}_market_value"] for name in parts), 2) == 250_000_000
    assert math.fsum(row["weight"] for row in coverage["reasons"]) == pytest.approx(coverage["uncovered"], abs=1e-12)


def test_the_four_states_of_a_measure_are_kept_apart(document: dict[str, Any]) -> None:
    measures = {row["measure_id"]: row["status"] for row in document["issuers"][0]["measures"]}
    assert measures["us-bis-entity-list--hikvision"] == "in_force"
    assert measures["xx-future-rule--hikvision"] == "announced"
    assert measures["xx-draft-rule--hikvision"] == "considered"
    assert measures["us-dod-1237--hikvision"] == "ended"


def test_cells_that_hold_lists_become_lists(document: dict[str, Any]) -> None:
    by_id = {row["path_id"]: row for row in document["paths"]}
    assert by_id["path-5"]["route"] == ["xx-balanced", "xx-em"]
    assert by_id["path-5"]["sources"] == [1, 2]
    assert by_id["path-1"]["route"] == []
    assert document["issuers"][0]["measures"][1]["named_entities"] == [
        "Luopu Haishi Dingxin Electronic Technology Co.",
        "Moyu Haishi Electronic Technology Co.",
    ]


def test_context_does_not_stand_among_the_notes_of_a_company(document: dict[str, Any]) -> None:
    hikvision = document["issuers"][0]
    assert len(hikvision["notes"]) == 10
    assert [row["note_id"] for row in hikvision["context"]] == ["n020"]


def test_missing_is_null_and_text_is_as_written(document: dict[str, Any]) -> None:
    assert document["paths"][0]["holdings_as_of"] is None
    assert document["findings"][1]["mend"] is None
    assert document["paths"][1]["name_as_written"] == INJECTION
    assert document["issuers"][0]["name_zh"] == "杭州海康威视数字技术股份有限公司"


def test_every_source_number_is_listed(document: dict[str, Any]) -> None:
    listed = {row["number"] for row in document["sources"]}

    def cited(value: Any) -> set[int]:
        if isinstance(value, list):
            return set().union(*map(cited, value))
        if not isinstance(value, dict):
            return set()
        own = value.get("sources", [])
        numbers = {one for one in own if isinstance(one, int)}
        return numbers.union(*map(cited, value.values()))

    assert cited(document) <= listed


def test_a_weight_that_is_not_a_number_is_never_written(scan: Scan) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        render_json(replace(scan, weight=float("nan")))


def test_lists_written_at_once_say_what_row_after_row_says(scan: Scan) -> None:
    texts, amounts = ['a "quoted"\nname', "", "海康威视"], [0.1, 1e-300, 5e22, None]
    odd = [
        {**row, "route_names": "A > B", "name_as_written": text, "market_value": amount}
        for row, text, amount, _ in zip(cycle(paths()), cycle(texts), cycle(amounts), range(FEW + 1), strict=False)
    ]
    changed = with_tables(scan, paths=RESULT_PATHS.frame(odd))
    assert json.loads(render_json(changed)) == json.loads(json.dumps(laid_out(changed)))


def test_each_route_stands_on_its_own_line(scan: Scan) -> None:
    lines = [line for line in render_json(scan).splitlines() if line.startswith(b'    {"path_id"')]
    assert len(lines) == len(paths())


def test_the_text_ends_in_one_line_feed_and_is_readable(scan: Scan) -> None:
    text = render_json(scan).decode()
    assert text.endswith("}\n")
    assert "海康威视" in text


def test_a_portfolio_without_money_has_null_for_money(scan: Scan, validator: jsonschema.Draft202012Validator) -> None:
    bare = [{**row, "market_value": None} for row in paths()]
    portfolio = replace(scan.portfolio, market_value=None, currency="")
    document = json.loads(render_json(with_tables(replace(scan, portfolio=portfolio), paths=RESULT_PATHS.frame(bare))))
    validator.validate(document)
    assert document["exposure"]["market_value"] is None
    assert document["coverage"]["clear_market_value"] is None
