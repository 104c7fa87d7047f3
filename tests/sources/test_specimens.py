"""Real files of publishers: lines and totals as the file itself gives them, added up here without our readers."""

from __future__ import annotations

import csv
import json
from datetime import date
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import openpyxl
import pytest

from esgscan.sources.holdings import read_holdings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

    from esgscan.records import FundFile

pytestmark = pytest.mark.specimens

WATCHED = {
    "hikvision": ("HIKVISION",),
    "dahua": ("ZHEJIANG DAHUA",),
    "iflytek": ("IFLYTEK",),
    "sensetime": ("SENSETIME",),
}


def number(text: str) -> float | None:
    """Read `1,234.50`, `$1,234.50`, `US$5`; `-` and `--` are none."""
    bare = text.strip().strip('"').removeprefix("US").replace("$", "").replace(",", "").replace("%", "")
    try:
        return float(bare)
    except ValueError:
        return None


def csv_rows(path: Path, first: str, *, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    """Read the table whose header begins with a word, up to the first line that is shorter or blank."""
    rows = list(csv.reader(path.read_text(encoding=encoding).splitlines()))
    start = next(n for n, row in enumerate(rows) if row and row[0] == first)
    found = []
    for row in rows[start + 1 :]:
        if len(row) < 3 or not any(cell.strip("\u00a0 ") for cell in row[1:3]):
            break
        found.append(dict(zip(rows[start], row, strict=False)))
    return found


def of_csv(first: str, value: str) -> Callable[[Path], tuple[int, float]]:
    def add_up(path: Path) -> tuple[int, float]:
        rows = csv_rows(path, first)
        return len(rows), sum(number(row[value]) or 0.0 for row in rows)

    return add_up


def of_voo(path: Path) -> tuple[int, float]:
    items = json.loads(path.read_bytes())[0]["holdingDetailItem"]
    return len(items), sum(item["marketVal"] for item in items)


def of_nbim_workbook(path: Path) -> tuple[int, float]:
    header, *rows = [row for row in sheet_rows(path, "Holdings Report") if row[0] is not None]
    at = next(n for n, word in enumerate(header) if word and "NOK" in word)
    return len(rows), float(sum(row[at] for row in rows))


def sheet_rows(path: Path, sheet: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path, read_only=True)
    rows = list(book[sheet].iter_rows(values_only=True))
    book.close()
    return rows


def of_13f(path: Path) -> tuple[int, float]:
    values = [int(one.text or 0) for one in _xml(path).iter() if one.tag.endswith("}value")]
    return len(values), float(sum(values))


def _xml(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_bytes().strip())  # noqa: S314 - files that we keep


def listed(file: FundFile) -> pl.DataFrame:
    """Give the lines that stand in the file, without what is left over."""
    return file.holdings.filter(
        file.holdings["market_value"].is_not_null() | file.holdings["printed_weight"].is_not_null()
    )


@pytest.mark.parametrize(
    ("fund", "path", "add_up"),
    [
        ("", "fund-holdings/ishares-us_URTH_2020-11-04.csv", of_csv("Ticker", "Market Value")),
        ("IE00BKM4GZ66", "fund-holdings/ishares-uk_EIMI_2021-08-30.csv", of_csv("Issuer Ticker", "Market Value")),
        ("IESG@2024-04-30", "fund-holdings/ishares-au_IESG_2024-04.csv", of_csv("Ticker", "Market Value")),
        ("IE00B5BMR087", "fund-holdings/ishares-uk_CSPX_2026-06-19_sample.csv", of_csv("Ticker", "Market Value")),
        ("HACK@2024-04-30", "fund-holdings/betashares-au_HACK_2024-04.csv", of_csv("Ticker", "Market Value (AUD)")),
        ("", "fund-holdings/invesco-us_QQQ_2023-01-13.csv", of_csv("Fund Ticker", "MarketValue")),
        ("QUAL@2024-04-30", "fund-holdings/vaneck-au_QUAL_2024-04.csv", of_csv("Number", "Market Value")),
        ("VWRA@2026-06-19", "fund-holdings/vanguard-uk_VWRA_2026_sample.csv", of_csv("Ticker", "Market value")),
        ("VOO", "fund-holdings/vanguard-us_VOO_2022-11-30.json", of_voo),
        ("", "owner-holdings/nbim_EQ_2014_Country.csv", of_csv("Region", "Market Value(NOK)")),
        ("", "owner-holdings/nbim_EQ_2020_Industry.xlsx", of_nbim_workbook),
        ("Manager@2023-06-30", "13f/13f_infotable.xml", of_13f),
    ],
)
def test_lines_and_total_are_those_of_the_file(
    specimens: Path, fund: str, path: str, add_up: Callable[[Path], tuple[int, float]]
) -> None:
    file = read_holdings(f"{fund}={specimens / path}" if fund else str(specimens / path))
    lines, total = add_up(specimens / path)
    assert lines > 20
    assert listed(file).height == lines
    assert listed(file)["market_value"].sum() == pytest.approx(total, rel=1e-12)
    assert file.holdings["holding_weight"].sum() == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(
    ("fund", "path", "first", "weight"),
    [
        ("E200@2024-04-30", "fund-holdings/spdr-au_E200_2024-04.csv", "ISIN", "Weight (%)"),
        ("SPY@2026-06-19", "fund-holdings/spdr-us_SPY_2026_sample.csv", "Name", "Weight"),
    ],
)
def test_files_without_values_weigh_as_printed(specimens: Path, fund: str, path: str, first: str, weight: str) -> None:
    file = read_holdings(f"{fund}={specimens / path}")
    printed = [float(row[weight]) / 100 for row in csv_rows(specimens / path, first)]
    assert list(listed(file)["printed_weight"]) == pytest.approx(printed, abs=1e-15)
    assert listed(file)["market_value"].null_count() == len(printed)
    assert file.funds["denominator"][0] == "printed weights"
    assert file.funds["share_published"][0] == pytest.approx(min(1.0, round(sum(printed), 2)), abs=0.005)


def test_the_spdr_workbook_gives_name_day_and_eight_character_cusips(specimens: Path) -> None:
    path = specimens / "fund-holdings" / "spdr-us_KOMP_2021-08-30.xlsx"
    rows = sheet_rows(path, "holdings")
    start = next(n for n, row in enumerate(rows) if row[0] == "Name")
    end = next(n for n, row in enumerate(rows) if n > start and not row[0])
    file = read_holdings(str(path))
    assert listed(file).height == end - start - 1
    assert list(listed(file)["printed_weight"]) == pytest.approx([float(r[4]) / 100 for r in rows[start + 1 : end]])
    assert (file.funds["ticker"][0], file.funds["as_of"][0]) == ("KOMP", date(2021, 8, 30))
    cusips = {str(row[2]) for row in rows[start + 1 : end] if row[2] != row[1]}  # cash has one code in both columns
    assert len(cusips) > 400
    assert {cusip for cusip in cusips if len(cusip) == 8} <= set(file.holdings["cusip"])


def test_a_fund_of_funds_counts_its_nine_lines_and_not_the_20000_below(specimens: Path) -> None:
    path = specimens / "fund-holdings" / "ishares-us_AOM_2020-11-05_fund-of-funds.csv"
    rows = csv_rows(path, "Ticker")
    file = read_holdings(str(path))
    assert [row["Name"] for row in rows] == list(file.holdings["name_as_written"])
    assert file.funds["total_market_value"][0] == pytest.approx(sum(number(row["Market Value"]) or 0 for row in rows))
    assert "repeats the insides" in file.findings[0].what


def test_emerging_markets_fund_weighs_watchlist_names_by_their_values(specimens: Path) -> None:
    """The file prints 0.01 and 0.02 %; its values say 0.0095 and 0.0151 %."""
    path = specimens / "fund-holdings" / "ishares-uk_EIMI_2021-08-30.csv"
    rows = csv_rows(path, "Issuer Ticker")
    total = sum(number(row["Market Value"]) or 0.0 for row in rows)
    holdings = read_holdings(f"IE00BKM4GZ66={path}").holdings
    for words in WATCHED.values():
        expected = [(number(r["Market Value"]) or 0.0) / total for r in rows if words[0] in r["Name"]]
        found = holdings.filter(holdings["name_as_written"].str.contains(words[0]))
        assert list(found["holding_weight"]) == pytest.approx(expected, rel=1e-9)
    dahua = holdings.filter(holdings["isin"] == "CNE100000BJ4")["holding_weight"].item()
    assert dahua == pytest.approx(1_821_300.87 / 19_159_706_391.18, rel=1e-9)


def test_amundi_lists_fifteen_of_1285_instruments_as_fractions(specimens: Path) -> None:
    path = specimens / "fund-holdings" / "amundi_MSCI-World_2026-06-22_sample.json"
    composition = json.loads(path.read_bytes())["products"][0]["composition"]
    weights = [one["weight"] for one in composition["compositionData"]]
    file = read_holdings(str(path))
    assert list(listed(file)["holding_weight"]) == weights
    assert file.funds["isin"][0] == "IE000CNSFAR2"
    assert file.funds["share_published"][0] == pytest.approx(sum(weights))
    assert any("15 of the 1,285" in finding.what for finding in file.findings)


def test_a_vendor_s_top_list_leaves_the_rest_uncovered(specimens: Path) -> None:
    path = specimens / "fund-holdings" / "stockanalysis-top_AAXJ_2025-12-04.json"
    lines = json.loads(path.read_bytes())["holdings"]
    file = read_holdings(str(path))
    assert listed(file).height == len(lines) == 15
    assert file.funds["share_published"][0] == pytest.approx(sum(one["weight"] for one in lines) / 100)
    assert any("may be held all the same" in finding.what for finding in file.findings)


def test_a_vendor_s_matrix_that_adds_to_150_per_cent_is_not_believed(specimens: Path) -> None:
    path = specimens / "fund-holdings" / "stockanalysis-matrix_KBA.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:]
    assert all(sum(float(cell) for cell in row[1:]) > 150 for row in rows)
    file = read_holdings(f"KBA={path}")
    assert file.funds.height == len({row[0] for row in rows}) == 30
    assert set(file.funds["share_published"]) == {0.0}
    assert any("counts money more than once" in finding.what for finding in file.findings)


def test_a_product_of_gold_in_a_vault_is_one_line_of_metal(specimens: Path) -> None:
    file = read_holdings(f"IGLN@2026-06-30={specimens / 'fund-holdings' / 'ishares_IGLN_overview.xls'}")
    assert file.funds["isin"][0] == "IE00B4ND3602"
    assert file.funds["total_market_value"][0] == 34_916_103_605.0  # "USD 34,916,103,605" in the sheet
    assert list(file.holdings["kind"]) == ["other"]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("nport_dupree-kentucky-tax-free.xml", 55),
        ("nport_pimco-income_2026-03-31_trimmed.xml", 12),
        ("nport_sec-sample-3_artificial.xml", 1),
    ],
)
def test_filings_have_their_lines_values_and_printed_weights(specimens: Path, name: str, lines: int) -> None:
    root = _xml(specimens / "nport" / name)
    space = {"n": "http://www.sec.gov/edgar/nport"}
    securities = root.findall(".//n:invstOrSec", space)
    file = read_holdings(str(specimens / "nport" / name))
    assert listed(file).height == len(securities) == lines
    values = [float(one.findtext("n:valUSD", "", space)) for one in securities]
    assert list(listed(file)["market_value"]) == values
    percents = [float(one.findtext("n:pctVal", "", space)) / 100 for one in securities]
    assert list(listed(file)["printed_weight"]) == percents
    assert file.funds["as_of"][0] == date.fromisoformat(root.findtext(".//n:repPdDate", "", space))
    assert file.holdings["holding_weight"].sum() == pytest.approx(1.0, abs=1e-9)


def test_a_filing_cut_to_twelve_lines_is_known_as_such(specimens: Path) -> None:
    """Twelve lines of a fund of 224.8 billion dollars; 0.705 billion is stated to be cash."""
    path = specimens / "nport" / "nport_pimco-income_2026-03-31_trimmed.xml"
    file = read_holdings(str(path))
    net, cash = 224_789_032_259.55, 705_051_952.96
    share = (listed(file)["market_value"].sum() + cash) / net
    assert file.funds["share_published"][0] == pytest.approx(share, rel=1e-9)
    assert any("the rest is uncovered" in finding.what for finding in file.findings)


def test_the_minimal_data_set_is_read_by_its_headers(specimens: Path) -> None:
    file = read_holdings(str(specimens / "nport" / "nport_tsv_minimal"))
    assert list(file.funds.select("fund_id", "name", "as_of", "total_market_value").row(0)) == [
        "S1", "Test ETF", date(2024, 3, 31), 99.0,
    ]  # fmt: skip
    line = listed(file).row(0, named=True)
    assert (line["name_as_written"], line["ticker"], line["printed_weight"]) == ("Issuer", "ABC", -0.005)
