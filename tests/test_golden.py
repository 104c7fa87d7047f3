"""Whole scans of the sample portfolios, against numbers worked out on paper: see tests/golden/<case>/HOW.md."""

from __future__ import annotations

import csv
import json
import runpy
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

import esgscan
from esgscan.report.formats import render_report

if TYPE_CHECKING:
    from esgscan.records import Scan

GOLDEN = Path(__file__).resolve().parent / "golden"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/expected.json"))
SEED = list(csv.DictReader((GOLDEN / "seed_2019" / "expected.csv").read_text(encoding="utf-8").splitlines()))


@cache
def expected_of(case: str) -> dict[str, Any]:
    return json.loads((GOLDEN / case / "expected.json").read_text(encoding="utf-8"))


@cache
def scan_of(case: str) -> Scan:
    expected = expected_of(case)
    holdings = [GOLDEN / case / name for name in expected["holdings"]]
    return esgscan.scan((GOLDEN / case / expected["portfolio"]).resolve(), as_of=expected["as_of"], holdings=holdings)


def near(case: str, expected: Any, kind: str = "weights") -> Any:
    """Compare within the tolerance that the case states for numbers of this kind, and no other."""
    return pytest.approx(expected, abs=expected_of(case)["tolerance"][kind], rel=0)


def cases_with(member: str) -> list[str]:
    return [case for case in CASES if member in expected_of(case)]


def test_there_is_a_case_for_each_sample_and_each_shows_its_arithmetic(project):
    used = {Path(expected_of(case)["portfolio"]).name for case in CASES}
    samples = {path.name for path in (project / "sample_portfolios").iterdir() if path.suffix != ".md"}
    assert samples == {"pension_fund.xlsx", "direct_china.xlsx", "broker_export.csv", "no_exposure.csv"}
    assert samples <= used
    assert [case for case in CASES if not (GOLDEN / case / "HOW.md").is_file()] == []


@pytest.mark.parametrize("case", CASES)
def test_portfolio_reads_with_its_lines_and_its_total(case):
    scan, expected = scan_of(case), expected_of(case)
    assert scan.portfolio.positions == expected["positions"]
    assert scan.portfolio.market_value == near(case, expected["market_value"], "money")
    assert scan.portfolio.currency == expected["currency"]


@pytest.mark.parametrize("number", ["weight", "direct", "indirect", "floor", "ceiling"])
@pytest.mark.parametrize("case", CASES)
def test_headline_is_as_computed_on_paper(case, number):
    assert getattr(scan_of(case), number) == near(case, expected_of(case)["exposure"][number])


@pytest.mark.parametrize("case", CASES)
def test_flagged_clear_and_uncovered_are_as_computed_on_paper(case):
    coverage, expected = scan_of(case).coverage, expected_of(case)["coverage"]
    assert {name: getattr(coverage, name) for name in expected} == near(case, expected)
    assert coverage.flagged + coverage.clear + coverage.uncovered == near(case, 1.0)


@pytest.mark.parametrize("case", CASES)
def test_uncovered_weight_has_the_reasons_worked_out(case):
    rows = scan_of(case).coverage_rows
    uncovered = rows[rows["outcome"].eq("uncovered")]
    reasons = dict(zip(uncovered["reason"], uncovered["weight"], strict=True))
    assert reasons == near(case, expected_of(case)["uncovered_by_reason"])


@pytest.mark.parametrize("case", CASES)
def test_each_issuer_has_its_weight_direct_and_through_funds(case):
    scan, expected = scan_of(case), expected_of(case)["issuers"]
    found = scan.exposures.set_index("issuer_id")
    assert set(found.index) == set(expected)
    for issuer, weights in expected.items():
        assert {name: found.loc[issuer, name] for name in weights} == near(case, weights), issuer


@pytest.mark.parametrize("case", cases_with("issuer_ceilings"))
def test_ceiling_of_an_issuer_uses_its_own_worst_case(case):
    found = scan_of(case).exposures.set_index("issuer_id")["ceiling"]
    for issuer, ceiling in expected_of(case)["issuer_ceilings"].items():
        assert found[issuer] == near(case, ceiling), issuer


@pytest.mark.parametrize("case", CASES)
def test_each_route_has_its_weight_and_the_day_of_its_oldest_holdings(case):
    expected = {(one["issuer"], tuple(one["route"])): one for one in expected_of(case)["routes"]}
    weights: dict[tuple[str, tuple[str, ...]], float] = defaultdict(float)
    days: dict[tuple[str, tuple[str, ...]], set[str | None]] = defaultdict(set)
    for path in json_of(case)["paths"]:
        key = (path["issuer_id"], tuple(path["route"] or ()))
        weights[key] += path["weight"]
        days[key].add(path["holdings_as_of"])
    assert set(weights) == set(expected)
    for key, one in expected.items():
        assert weights[key] == near(case, one["weight"]), key
        assert days[key] == {one["holdings_as_of"]}, key


@pytest.mark.parametrize("case", cases_with("lines"))
def test_each_line_ends_where_it_should(case):
    positions = scan_of(case).positions.set_index("source_row")
    for row, line in expected_of(case)["lines"].items():
        found = positions.loc[int(row)]
        assert found[line["outcome"]] == near(case, found["weight"]), f"row {row} is not {line['outcome']}"
        if "issuer" in line:
            assert (found["issuer_id"] if isinstance(found["issuer_id"], str) else None) == line["issuer"], row
        if "matched_by" in line:
            assert found["matched_by"] == line["matched_by"], row


@pytest.mark.parametrize("case", cases_with("statuses"))
def test_each_measure_has_the_status_it_had_on_the_day(case):
    flags = scan_of(case).flags
    found: dict[str, dict[str, str]] = {issuer: {} for issuer in expected_of(case)["issuers"]}
    for issuer, measure, status in zip(flags["issuer_id"], flags["measure_id"], flags["status"], strict=True):
        found[issuer][measure] = status
    assert found == expected_of(case)["statuses"]


@pytest.mark.parametrize("case", cases_with("absences"))
def test_absence_of_a_deleted_company_is_said_for_each_opened_fund(case):
    absences = scan_of(case).absences
    for issuer, funds in expected_of(case)["absences"].items():
        assert sorted(absences[absences["issuer_id"].eq(issuer)]["fund_id"]) == funds


@pytest.mark.parametrize("case", CASES)
def test_reader_is_warned_of_what_matters_and_of_nothing_else(case):
    findings = scan_of(case).findings
    grave = findings[findings["severity"].ne("info")]
    assert list(grave["where"]) == expected_of(case)["warnings"]


def test_repair_of_the_number_in_shenzhen_is_shown_and_the_one_in_taiwan_is_none():
    positions = scan_of("direct_china_2019-05-21").positions.set_index("source_row")
    assert list(positions.loc[[5, 10], "ticker"]) == ["2415", "2415"]
    assert "repaired to XSHE:002415" in positions.loc[5, "evidence"]
    assert "repaired" not in positions.loc[10, "evidence"]


def test_report_without_exposure_says_what_was_screened():
    scan = scan_of("no_exposure")
    assert scan.coverage.screened == near("no_exposure", 1.0)
    report = " ".join(render_report(scan, "terminal").decode().split())
    assert "No flagged company found: the whole portfolio could be screened" in report
    assert "10 positions" in report
    assert f"reference data {scan.run.edition}" in report


@cache
def json_of(case: str) -> dict[str, Any]:
    return json.loads(render_report(scan_of(case), "json"))


@cache
def issuers_on(day: str) -> dict[str, dict[str, Any]]:
    sample = (GOLDEN / expected_of("direct_china_2019-05-21")["portfolio"].removeprefix("../")).resolve()
    scan = esgscan.scan(sample, as_of=day)
    return {issuer["issuer_id"]: issuer for issuer in json.loads(render_report(scan, "json"))["issuers"]}


IDS = {
    "measures": "measure_id",
    "notes": "note_id",
    "context": "note_id",
    "tags": "evidence_id",
    "relationships": "relationship_id",
    "listings": "security_id",
    "index_events": "event_id",
}


def seed_row_id(row: dict[str, str]) -> str:
    return f"{row['statement_id']}-{row['issuer_id']}-{row['record_id']}"


def test_seed_table_has_every_statement():
    assert sorted({row["statement_id"] for row in SEED}) == [f"seed-{number:02}" for number in range(1, 35)]


@pytest.mark.parametrize("day", ["2019-05-20", "2019-05-21", "2019-05-22", "2019-10-07", "2021-06-29"])
@pytest.mark.parametrize("row", SEED, ids=seed_row_id)
def test_record_is_shown_from_the_day_it_was_public_and_not_before(row, day):
    shown = {record[IDS[row["member"]]] for record in issuers_on(day)[row["issuer_id"]][row["member"]]}
    is_public = date.fromisoformat(row["visible_from"]) <= date.fromisoformat(day)
    assert (row["record_id"] in shown) is is_public


@pytest.mark.parametrize("row", [row for row in SEED if row["member"] == "context"], ids=seed_row_id)
def test_what_is_said_of_a_country_is_no_note_on_the_company(row):
    notes = issuers_on("2019-05-21")[row["issuer_id"]]["notes"]
    assert row["record_id"] not in {note["note_id"] for note in notes}


def test_end_that_nobody_knew_on_the_day_is_not_shown():
    measures = [measure for issuer in issuers_on("2019-05-21").values() for measure in issuer["measures"]]
    assert len(measures) == 5
    ends = {measure["measure_id"]: measure["in_force_until"] for measure in measures if measure["in_force_until"]}
    assert ends == {}


def test_exports_said_of_china_set_no_tag_on_the_day():
    evidence = issuers_on("2019-05-21")["hikvision"]["tags"]
    exports = [tag["evidence_id"] for tag in evidence if tag["tag"] == "surveillance-export"]
    assert exports == ["hikvision--tag-surveillance-export-reported-2018-07"]


@pytest.fixture(scope="module")
def build_samples(project):
    return SimpleNamespace(**runpy.run_path(str(project / "scripts" / "build_samples.py")))


def test_sample_workbooks_are_what_the_script_builds(build_samples):
    assert [sample.file_name for sample in build_samples.SAMPLES if not build_samples.is_up_to_date(sample)] == []


def test_the_script_builds_the_same_bytes_each_time(build_samples):
    for sample in build_samples.SAMPLES:
        assert build_samples.built(sample) == build_samples.built(sample)


def test_isins_of_the_samples_have_the_right_check_digit(build_samples, project):
    from stdnum import isin

    written = [line[sample.header.index("ISIN")] for sample in build_samples.SAMPLES for line in sample.lines]
    for name, encoding, delimiter in (("broker_export.csv", "cp1252", ";"), ("no_exposure.csv", "utf-8", ",")):
        text = (project / "sample_portfolios" / name).read_text(encoding=encoding)
        written += [cell for line in text.splitlines() for cell in line.split(delimiter)[:2] if len(cell) == 12]
    isins = [cell for cell in written if cell]
    assert len(isins) == 33 + 1 + 5 + 9
    assert [one for one in isins if not isin.is_valid(one)] == []


@pytest.mark.parametrize("case", CASES)
def test_the_json_of_a_real_scan_is_what_its_schema_says(case, project):
    schema = json.loads((project / "docs/schema/scan-1.json").read_text(encoding="utf-8"))
    document = json.loads(render_report(scan_of(case), "json"))
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    coverage = document["coverage"]
    assert coverage["flagged"] + coverage["clear"] + coverage["uncovered"] == pytest.approx(1.0, abs=1e-12)
    parts = ("flagged_market_value", "clear_market_value", "uncovered_market_value")
    assert sum(coverage[part] for part in parts) == pytest.approx(document["portfolio"]["market_value"], abs=0.005)
