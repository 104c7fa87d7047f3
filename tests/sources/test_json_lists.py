"""Lists in JSON, as the pages of publishers get them: fund and day stand around the lines, or nowhere."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from esgscan.errors import SourceError
from esgscan.sources.json_lists import with_owners
from tests.sources.files import fund_of, kinds, names, read_text, said, weights

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.records import FundFile

TSMC, HIKVISION, DAHUA = "TW0002330008", "CNE100000PM8", "CNE100000BJ4"


def read(folder: Path, content: object, *, fund: str = "", name: str = "list.json") -> FundFile:
    return read_text(folder, json.dumps(content), fund=fund, name=name)


def amount(shown: str, raw: float) -> dict[str, object]:
    return {"display": shown, "raw": raw}


def line(ticker: str, name: str, isin: str, value: float, *, sort: str = "Equity", country: str = "China") -> list[Any]:
    """A line of a site in Europe: the whole is 10,000."""
    percent = value / 100
    return [
        ticker, name, "IT", sort, amount(f"{value:,.2f}", value), amount(f"{percent:.2f}", round(percent, 2)),
        amount("-", value), amount("-", 10.0), isin, amount("-", 9.5), country, "Shenzhen Stock Exchange", "CNY",
    ]  # fmt: skip


def american(cells: list[Any]) -> list[Any]:
    """The same as the site of the US has it: CUSIP and SEDOL around the ISIN, three columns for currencies."""
    return [*cells[:8], "-", cells[8], "BD5CPQ2", *cells[9:12], "USD", "7.10", cells[12], "-"]


@pytest.mark.parametrize("is_american", [False, True])
def test_lines_without_a_header_are_known_by_what_their_numbers_add_to(tmp_path: Path, is_american: bool) -> None:
    rows = [
        line("2330", "TAIWAN SEMICONDUCTOR", TSMC, 9_450.0, country="Taiwan"),
        line("002415", "HANGZHOU HIKVISION A", HIKVISION, 500.0),
        line("USD", "USD CASH", "-", 46.0, sort="Cash", country="-"),
        line("002236", "ZHEJIANG DAHUA A", DAHUA, 4.0),
    ]
    rows = [american(row) for row in rows] if is_american else rows
    file = read(tmp_path, {"aaData": rows}, fund="EEM@2026-11-20", name="holdings.ajax.json")
    assert (fund_of(file)["ticker"], fund_of(file)["as_of"]) == ("EEM", date(2026, 11, 20))
    assert fund_of(file)["total_market_value"] == 9_450 + 500 + 46 + 4
    assert weights(file) == [0.945, 0.05, 0.0046, 0.0004]  # 4 of 10,000, printed as 0.04 %
    assert kinds(file) == ["equity", "equity", "cash", "equity"]
    assert list(file.holdings["isin"]) == [TSMC, HIKVISION, None, DAHUA]
    assert list(file.holdings["country"])[:2] == ["Taiwan", "China"]
    assert list(file.holdings["currency"])[:2] == ["CNY", "CNY"]


def test_lines_whose_weights_are_not_those_of_their_values_are_refused(tmp_path: Path) -> None:
    rows = [line("1", "One", TSMC, 9_500.0), line("2", "Two", HIKVISION, 500.0)]
    rows[0][4] = amount("100.00", 100.0)
    with pytest.raises(SourceError, match="No column of the list has weights"):
        read(tmp_path, {"aaData": rows}, fund="EEM@2026-11-20")


def test_the_day_around_the_lines_is_theirs(tmp_path: Path) -> None:
    keys = ("ticker", "issuerName", "percentageOfTotalNetAssets", "marketValueBase", "isin")
    cells = [("2330", "TSMC", 94.0, 9400.0, TSMC), ("002236", "Dahua", 6.0, 600.0, DAHUA)]
    lines = [dict(zip(keys, row, strict=True)) for row in cells]
    content = {"effectiveDate": "2026-11-20", "effectiveBusinessDate": "2026-11-19T00:00:00Z", "holdings": lines}
    file = read(tmp_path, content, fund="CQQQ")
    assert fund_of(file)["as_of"] == date(2026, 11, 19)  # the day of the values, and not that of the page
    assert (weights(file), fund_of(file)["total_market_value"]) == ([0.94, 0.06], 10_000)


def test_the_lists_of_several_funds_stay_apart(tmp_path: Path) -> None:
    def lines(*pairs: tuple[str, int]) -> list[dict[str, object]]:
        return [{"name": f"Share {isin}", "isin": isin, "marketValue": value} for isin, value in pairs]

    funds = [
        {"fundTicker": "AAA", "asOfDate": "2026-11-20", "holdings": lines((TSMC, 9500), (HIKVISION, 500))},
        {"fundTicker": "BBB", "asOfDate": "2026-11-19", "holdings": lines((TSMC, 900), (DAHUA, 100))},
    ]
    file = read(tmp_path, {"funds": funds, "regions": [{"name": "Asia", "weight": 100.0}] * 9})
    assert file.funds.select("ticker", "as_of", "total_market_value").rows() == [
        ("AAA", date(2026, 11, 20), 10_000.0),
        ("BBB", date(2026, 11, 19), 1_000.0),
    ]
    assert list(file.holdings.filter(pl.col("isin") == DAHUA)["holding_weight"]) == [0.1]  # 100 of 1,000
    own = read(tmp_path, {"funds": funds}, fund="AAA")
    assert weights(own) == [0.95, 0.05]
    assert "only that of 'AAA' was taken" in said(own)
    with pytest.raises(SourceError, match="none is of 'CCC'"):
        read(tmp_path, {"funds": funds}, fund="CCC@2026-11-20")


def test_lines_that_say_their_day_themselves_and_lists_of_no_securities_stay_as_they_are() -> None:
    dated = {"asOfDate": "2026-11-20", "holdings": [{"isin": TSMC, "asOfDate": "2026-11-18", "weight": 1}]}
    sectors = {"asOfDate": "2026-11-20", "sectors": [{"name": "IT", "weight": 100}]}
    assert with_owners(dated) is dated
    assert with_owners(sectors) is sectors
    assert with_owners(None) is None


def test_objects_inside_a_line_do_not_name_its_fund(tmp_path: Path) -> None:
    held = {"name": "TSMC", "isin": TSMC, "marketValue": 100, "listings": [{"ticker": "2330", "mic": "XTAI"}]}
    file = read(tmp_path, {"asOfDate": "2026-11-20", "holdings": [held]}, fund="X@2026-11-20")
    assert names(file) == ["TSMC"]
