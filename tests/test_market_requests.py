"""What users know themselves reaches whole markets as it does one portfolio: lists, answers, identifiers, policies."""

from __future__ import annotations

import json
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner

import esgscan
from esgscan.cli import cli
from esgscan.errors import OptionError, SourceError
from esgscan.funds import add_funds
from esgscan.market_portfolios import exposures_of_portfolios, read_portfolios
from esgscan.markets import MarketRequest, exposures_of_funds, find_issuer_id, holders_of, ranked_funds
from esgscan.tables import FUND_EXPOSURES
from tests.rows import APPLE, DAHUA, HIKVISION

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-23"
FUND = "LU0000000009"
HEADER = "fund,fund_isin,as_of,name,isin,sedol,country,asset_class,market_value\n"
LINES = (
    f"Our Fund,{FUND},2026-06-30,Hangzhou Hikvision,{HIKVISION},,China,Equity,30\n"
    f"Our Fund,{FUND},2026-06-30,Dahua,{DAHUA},,China,Equity,20\n"
    f"Our Fund,{FUND},2026-06-30,Fictional Widgets plc,,,United Kingdom,Equity,5\n"
    f"Our Fund,{FUND},2026-06-30,ZTE,,,,Equity,10\n"
    f"Our Fund,{FUND},2026-06-30,A line by number,,0263494,,Equity,15\n"
    f"Our Fund,{FUND},2026-06-30,Apple Inc,{APPLE},,United States,Equity,20\n"
)
WATCHLIST = "name,country,from,source\nFictional Widgets plc,GB,2025-03-01,Board minute 12/2025\n"
DECISIONS = (
    "name_as_written,isin,ticker,exchange,country,answer,decided_by,decided_on,comment\n"
    "ZTE,,,,,zte,A. Reader,2026-11-25,\n"
)
IDENTIFIERS = "security_id,sedol\nXSHE:002236,0263494\n"
POLICY = (
    '[count]\nprogrammes = ["us-ofac-ns-cmic"]\n\n[[tiers]]\nname = "much"\nprogrammes = ["*"]\nweight_above = 0.25\n'
)
EXPECTED: dict[str, dict[str, float]] = {
    # of 100: Hikvision 30, Dahua 20; on the board's list 5; ZTE by decision 10; Dahua by the number too, 20 + 15
    "nothing": {"hikvision": 0.3, "dahua": 0.2},
    "watchlist": {"hikvision": 0.3, "dahua": 0.2, "own:fictional-widgets-plc": 0.05},
    "decisions": {"hikvision": 0.3, "dahua": 0.2, "zte": 0.1},
    "identifiers": {"hikvision": 0.3, "dahua": 0.35},
}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Write the files, with a store of their own; give what asks for each of them."""
    monkeypatch.setenv("ESGSCAN_HOME", str(tmp_path / "home"))
    written = {
        "ours.csv": HEADER + LINES,
        "watchlist.csv": WATCHLIST,
        "decisions.csv": DECISIONS,
        "identifiers.csv": IDENTIFIERS,
        "policy.toml": POLICY,
    }
    for name, text in written.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {
        "nothing": {},
        "watchlist": {"watchlist": [str(tmp_path / "watchlist.csv")]},
        "decisions": {"decisions": [str(tmp_path / "decisions.csv")]},
        "identifiers": {"identifiers": str(tmp_path / "identifiers.csv")},
        "policy": {"policy": str(tmp_path / "policy.toml")},
        "holdings": str(tmp_path / "ours.csv"),
        "folder": tmp_path,
    }


def weights(exposures: pl.DataFrame) -> dict[str, float]:
    return dict(exposures.drop_nulls("issuer_id").select("issuer_id", "weight").rows())


@pytest.mark.parametrize("given", list(EXPECTED))
def test_each_file_reaches_a_run_over_funds_as_it_reaches_a_scan(files: dict[str, Any], given: str) -> None:
    found = exposures_of_funds([files["holdings"]], request=MarketRequest(as_of=DAY, **files[given]))
    assert weights(found) == pytest.approx(EXPECTED[given], abs=1e-12)
    assert found.columns == list(FUND_EXPOSURES.columns)
    portfolio = pl.DataFrame({"name": ["Our Fund"], "isin": [FUND], "kind": ["Fund"], "value": [1.0]})
    scan = esgscan.scan(portfolio, as_of=DAY, holdings=[files["holdings"]], **files[given])
    assert dict(scan.tables["exposures"].select("issuer_id", "weight").rows()) == pytest.approx(weights(found))
    assert scan.coverage.screened == pytest.approx(found["coverage"][0], abs=1e-12)


@pytest.mark.parametrize("given", list(EXPECTED))
def test_each_file_reaches_a_run_over_portfolios(files: dict[str, Any], given: str) -> None:
    folder = files["folder"] / "clients"
    folder.mkdir()
    text = (HEADER + LINES).replace(f"Our Fund,{FUND},2026-06-30,", "").replace("fund,fund_isin,as_of,", "")
    (folder / "one.csv").write_text(text, encoding="utf-8")
    lines = [one.lines for one in read_portfolios(str(folder), as_of=DAY) if one.lines is not None]
    found = exposures_of_portfolios(lines, request=MarketRequest(as_of=DAY, **files[given]))
    assert weights(found) == pytest.approx(EXPECTED[given], abs=1e-12)
    assert found["fund_id"].unique().to_list() == ["one.csv"]
    assert found.columns == list(FUND_EXPOSURES.columns)


def test_a_policy_says_of_each_company_whether_it_counts_and_leaves_every_row(files: dict[str, Any]) -> None:
    found = exposures_of_funds([files["holdings"]], request=MarketRequest(as_of=DAY, **files["policy"]))
    assert found.columns == [*FUND_EXPOSURES.columns, "counts", "tier"]
    # NS-CMIC names Hikvision and not Dahua; of the two only Hikvision has more than a quarter
    told = {issuer: rest for issuer, *rest in found.select("issuer_id", "counts", "tier").rows()}
    assert told == {"hikvision": [True, "much"], "dahua": [False, "no tier"]}


def test_a_tier_by_weight_looks_at_each_fund_by_itself(files: dict[str, Any]) -> None:
    path = files["folder"] / "two.parquet"
    line = {"as_of": date(2026, 6, 30), "kind": "equity"}
    pl.DataFrame(
        [
            {"fund_id": "A", "isin": HIKVISION, "market_value": 9.0, **line},
            {"fund_id": "A", "isin": APPLE, "market_value": 1.0, **line},
            {"fund_id": "B", "isin": HIKVISION, "market_value": 1.0, **line},
            {"fund_id": "B", "isin": APPLE, "market_value": 9.0, **line},
            {"fund_id": "C", "isin": APPLE, "market_value": 9.0, **line},
        ]
    ).write_parquet(path)
    found = exposures_of_funds([str(path)], request=MarketRequest(as_of=DAY, **files["policy"]))
    assert found.select("fund_id", "counts", "tier").rows() == [
        ("A", True, "much"),
        ("B", True, "no tier"),
        ("C", None, None),
    ]


def test_holders_know_the_companies_of_a_list_of_ones_own_and_what_a_person_decided(files: dict[str, Any]) -> None:
    list(add_funds([files["holdings"]]))
    own = MarketRequest(as_of=DAY, **files["watchlist"])
    issuer_id, name = find_issuer_id("Fictional Widgets plc", own)
    assert name == "Fictional Widgets plc"
    assert holders_of(issuer_id, request=own)["weight"].to_list() == [pytest.approx(0.05)]
    with pytest.raises(OptionError, match="Cannot find the issuer"):
        find_issuer_id("Fictional Widgets plc")
    decided = MarketRequest(as_of=DAY, **files["decisions"])
    assert "Our Fund" in holders_of("zte", request=decided)["fund_name"].to_list()
    assert "Our Fund" not in holders_of("zte", request=MarketRequest(as_of=DAY))["fund_name"].to_list()


def test_funds_are_ranked_by_what_counts_under_a_policy(files: dict[str, Any]) -> None:
    list(add_funds([files["holdings"]]))

    def ours(**given: Any) -> tuple[Any, ...]:
        ranked = ranked_funds(request=MarketRequest(as_of=DAY, **given)).filter(fund_name="Our Fund")
        return ranked.select("weight", "issuers").row(0)

    assert ours() == (pytest.approx(0.5), 2)
    assert ours(**files["policy"]) == (pytest.approx(0.3), 1)
    assert ours(**files["identifiers"]) == (pytest.approx(0.65), 2)


def test_the_commands_take_these_files_and_refuse_to_write_over_one(files: dict[str, Any]) -> None:
    def run(*args: str, status: int = 0) -> str:
        done = CliRunner().invoke(cli, [*args, "--as-of", DAY])
        assert done.exit_code == status or isinstance(done.exception, OptionError), done.output
        return done.output + str(done.exception or "")

    (watchlist,), (decisions,) = files["watchlist"]["watchlist"], files["decisions"]["decisions"]
    own = ("--watchlist", watchlist, "--decisions", decisions, "--identifiers", files["identifiers"]["identifiers"])
    policy = ("--policy", files["policy"]["policy"])
    text = run("bulk", files["holdings"], *own, *policy)
    assert "own:fictional-widgets-plc" in text
    assert "counts,tier" in text
    list(add_funds([files["holdings"]]))
    assert "Our Fund" in run("holders", "Fictional Widgets plc", *own)
    assert "Fictional Widgets" in run("funds", "show", "Our Fund", *own)
    ranked = json.loads(run("funds", "rank", *own, *policy, "--format", "json", "--limit", "500"))
    assert [row["issuers"] for row in ranked if row["fund_name"] == "Our Fund"] == [1]
    assert "would overwrite" in run("bulk", files["holdings"], "-o", files["holdings"])


def test_a_damaged_table_is_refused_or_read_and_never_a_traceback(tmp_path: Path) -> None:
    whole, damaged = tmp_path / "whole.parquet", tmp_path / "damaged.parquet"
    rows = [{"fund_id": f"F{n % 7}", "as_of": DAY, "isin": HIKVISION, "market_value": float(n)} for n in range(500)]
    pl.DataFrame(rows).write_parquet(whole)
    content, chance, refused = whole.read_bytes(), Random(20261126), 0  # noqa: S311 - the same damage each time
    for _ in range(60):
        bytes_there = bytearray(content)
        for _ in range(chance.randint(1, 8)):
            bytes_there[chance.randrange(len(content))] = chance.randrange(256)
        damaged.write_bytes(bytes_there[: chance.choice([len(content), chance.randrange(len(content))])])
        try:
            exposures_of_funds([str(damaged)], request=MarketRequest(as_of=DAY))
        except SourceError:
            refused += 1
    assert refused > 0
