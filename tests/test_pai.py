"""The PAI workpaper: which company is an input for which indicator, worked by hand; and that the mapping is whole."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from esgscan.pai import PaiFacts, pai_rows
from esgscan.records import Coverage
from esgscan.reference.datasets import load_dataset
from tests.rows import APPLE, HIKVISION, reading
from tests.runs import scan

if TYPE_CHECKING:
    from esgscan.records import Scan

MAPPING = load_dataset("pai_mapping")
ZTE = "CNE000000TK5"
COVERAGE = Coverage(flagged=0.3, clear=0.5, uncovered=0.2, looked_through=0.0)
SCHEMA = {"issuer_id": pl.String, "source_ids": pl.String}


def exposure(issuer: str, weight: float, *, direct: float = 0.0, floor: float | None = None) -> dict[str, Any]:
    told = {"issuer_id": issuer, "name": issuer.title(), "weight": weight, "direct": direct}
    return {**told, "indirect": weight - direct, "floor": weight if floor is None else floor}


def table(rows: list[dict[str, Any]], *columns: str) -> pl.DataFrame:
    return (
        pl.DataFrame(rows, schema_overrides=SCHEMA) if rows else pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    )


def workpaper(
    *exposures: dict[str, Any],
    tags: tuple[dict[str, Any], ...] = (),
    flags: tuple[dict[str, Any], ...] = (),
    notes: tuple[dict[str, Any], ...] = (),
) -> dict[tuple[str, str], dict[str, Any]]:
    facts = PaiFacts(
        exposures=table(list(exposures)),
        tags=table(list(tags), "issuer_id", "tag", "basis", "source_ids"),
        flags=table(list(flags), "issuer_id", "programme_id", "status", "kind", "scope", "source_ids"),
        notes=table(list(notes), "issuer_id", "note_id", "about", "text", "source_ids"),
        mapping=MAPPING,
        labels=pl.DataFrame(
            {"subject_kind": ["tag"], "subject": ["mass-surveillance"], "label": ["Mass surveillance"]}
        ),
    )
    rows = pai_rows(facts, COVERAGE, estimated=0.01).to_dicts()
    return {(row["indicator"], row["line"]): row for row in rows if row["part"] in {"input", "indicator", "coverage"}}


def tag(issuer: str, basis: str, name: str = "mass-surveillance") -> dict[str, Any]:
    return {"issuer_id": issuer, "tag": name, "basis": basis, "source_ids": f"s-{issuer}-{basis}"}


def flag(issuer: str, programme: str, **more: str) -> dict[str, Any]:
    row = {"issuer_id": issuer, "programme_id": programme, "status": "in_force", "kind": "listing", "scope": "issuer"}
    return {**row, "source_ids": f"s-{programme}", **more}


def test_a_company_counts_once_with_the_strongest_basis() -> None:
    lines = workpaper(
        exposure("acme", 0.10, direct=0.04, floor=0.07),
        exposure("beta", 0.02),
        tags=(tag("acme", "reported"), tag("acme", "official-determination"), tag("beta", "reported")),
    )
    official, reported, both = (
        lines["10", name] for name in ("official determination", "reports only", "any of these")
    )
    assert (official["weight"], official["direct"], official["companies"]) == (0.10, 0.04, 1)
    assert official["indirect"] == pytest.approx(0.06)
    assert official["estimated"] == pytest.approx(0.03)  # 0.10 less the floor of 0.07
    assert (reported["weight"], reported["remark"]) == (0.02, "Beta")
    assert both["weight"] == pytest.approx(0.12)
    assert official["source_ids"] == "s-acme-official-determination"


def test_a_security_tag_is_an_input_for_none() -> None:
    lines = workpaper(exposure("acme", 0.1), tags=(tag("acme", "official-determination", "military-end-use"),))
    assert lines["10", "any of these"]["weight"] == 0.0
    assert {lines[number]["weight"] for number in lines if number[1].startswith("Exposure to contr")} == {None}


@pytest.mark.parametrize(
    "measure",
    [
        {"status": "ended"},
        {"status": "considered", "kind": "considered"},
        {"kind": "recommendation"},
        {"scope": "subsidiary only"},
    ],
)
def test_a_measure_that_does_not_stand_against_the_company_itself_is_no_input(measure: dict[str, str]) -> None:
    lines = workpaper(exposure("acme", 0.1), flags=(flag("acme", "eu-ghrsr", **measure),))
    assert lines["10", "any of these"]["weight"] == 0.0


def test_an_exclusion_of_another_investor_is_told_apart_from_an_official_determination() -> None:
    lines = workpaper(
        exposure("acme", 0.1),
        exposure("beta", 0.2),
        flags=(flag("acme", "no-nbim-exclusion", kind="exclusion"), flag("beta", "eu-ghrsr")),
    )
    assert lines["10", "decision of another investor"]["weight"] == 0.1
    assert lines["10", "official determination"]["weight"] == 0.2


def test_what_is_not_known_has_no_figure() -> None:
    lines = workpaper(exposure("acme", 0.1))
    indicators = [row for row in lines.values() if row["part"] == "indicator"]
    assert [(row["indicator"], row["weight"]) for row in indicators] == [("10", None), ("11", None), ("14", None)]
    covered = {name: lines[None, name]["weight"] for name in ("covered", "not covered")}  # type: ignore[index]
    assert covered == {"covered": 0.8, "not covered": 0.2}


def test_a_company_without_a_statement_on_its_processes_is_not_said_to_lack_them() -> None:
    note = {"issuer_id": "acme", "note_id": "n007", "about": "issuer", "text": "Acme said.", "source_ids": "s1"}
    lines = workpaper(exposure("acme", 0.1), exposure("beta", 0.3), notes=(note,))
    assert lines["11", "statement of the company"]["weight"] == 0.1
    assert lines["11", "no statement on record"]["weight"] == 0.3
    assert "nothing on whether these exist" in str(
        next(row["remark"] for row in lines.values() if row["part"] == "indicator" and row["indicator"] == "11")
    )


# ----------------------------------------------------------------------------------------------------------------
# The packaged mapping and facts


def test_every_tag_and_every_programme_has_a_row_of_the_mapping() -> None:
    for kind, name, column in (("tag", "tags", "tag"), ("programme", "programmes", "programme_id")):
        mapped = MAPPING.filter(subject_kind=kind)["subject"].sort().to_list()
        assert mapped == sorted(load_dataset(name)[column])
    assert set(MAPPING.filter(subject_kind="note")["subject"]) <= set(load_dataset("notes")["note_id"])


def test_only_tags_on_human_rights_are_inputs() -> None:
    inputs = set(MAPPING.filter(subject_kind="tag", use="input")["subject"])
    tags = load_dataset("tags")
    assert inputs == set(tags.filter(theme="human-rights")["tag"])


def held(*lines: tuple[str, float], as_of: date = date(2026, 11, 23)) -> Scan:
    rest = 100.0 - sum(value for _, value in lines)
    rows = [{"isin": isin, "market_value": value} for isin, value in (*lines, (APPLE, rest))]
    return scan(reading(*rows), as_of=as_of)


def test_what_the_facts_say_of_hikvision_and_zte_stands_in_the_workpaper() -> None:
    # Reference facts: Hikvision was added to the Entity List on 9 October 2019 on a human-rights ground; ZTE is on the
    # list of Norges Bank at 31 December 2024 on the ground of gross corruption, and carries no human-rights tag by an
    # official determination.
    lines = {row["line"]: row for row in held((HIKVISION, 10.0), (ZTE, 5.0)).tables["pai"].to_dicts()}
    assert lines["official determination"]["weight"] == pytest.approx(0.10)
    assert lines["decision of another investor"]["weight"] == pytest.approx(0.05)
    assert (
        lines["Violations of UN Global Compact principles and OECD Guidelines for Multinational Enterprises"]["weight"]
        is None
    )
    assert lines["statement of the company"]["companies"] == 1


def test_before_the_entity_list_only_reports_are_an_input() -> None:
    # The New York Times and IPVM had reported by 21 May 2019; the official determination came in October
    lines = {row["line"]: row for row in held((HIKVISION, 10.0), as_of=date(2019, 5, 21)).tables["pai"].to_dicts()}
    assert lines["official determination"]["weight"] == 0.0
    assert lines["reports only"]["weight"] == pytest.approx(0.10)
