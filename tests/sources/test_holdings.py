"""Holdings files of the user: the publisher's layout, the plain table, and what is said when a file is neither."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from esgscan.errors import SourceError
from esgscan.sources.holdings import read_holdings
from esgscan.terms import Severity
from tests.sources.filings import Filing, Security, write_tables

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.records import FundFile

PREAMBLE = (
    "iShares Example EM ETF\n"
    'Fund Holdings as of,"Nov 05, 2020"\n'
    'Inception Date,"Nov 04, 2008"\n'
    'Shares Outstanding,"31,350,000.00"\n'
    "Stock,-\nBond,-\nCash,-\nOther,-\n\u00a0\n"
)
HEADER = "Ticker,Name,Asset Class,Market Value,Weight (%),Shares,ISIN,Exchange,Location,Market Currency\n"
HIKVISION = (
    '002415,HANGZHOU HIKVISION DIGITAL TECHNOL,Equity,"250.00",24.9,10,CNE100000PM8,Shenzhen Stock Exchange,China,CNY\n'
)
TENCENT = '700,TENCENT HOLDINGS LTD,Equity,"749.50",75.1,5,KYG875721634,Hong Kong Exchanges,China,HKD\n'
CASH = 'USD,USD CASH,Cash,"0.50",0.00,1,-,-,United States,USD\n'
PLAIN_HEADER = "fund,fund_isin,as_of,name,isin,asset_class,market_value,currency\n"


def written(folder: Path, text: str, name: str = "holdings.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8-sig")
    return str(path)


def weights(file: FundFile) -> list[float]:
    return [float(weight) for weight in file.holdings["holding_weight"]]


def test_an_ishares_file_gives_fund_day_and_weights_from_values(tmp_path: Path) -> None:
    file = read_holdings(written(tmp_path, PREAMBLE + HEADER + HIKVISION + TENCENT + CASH))
    assert list(file.funds["name"]) == ["iShares Example EM ETF"]
    assert list(file.funds["as_of"]) == [date(2020, 11, 5)]
    # 250 + 749.50 + 0.50 = 1,000; the printed 24.9 % of the first line is not used
    assert float(file.funds["total_market_value"][0]) == 1000.0
    assert weights(file) == [0.25, 0.7495, 0.0005]
    assert list(file.holdings["kind"]) == ["equity", "equity", "cash"]
    assert list(file.holdings["currency"])[:2] == ["CNY", "HKD"]


def test_a_fund_of_funds_that_repeats_its_insides_counts_them_once(tmp_path: Path) -> None:
    sleeve = (
        'IEMG,ISHARES CORE MSCI EMERGING MARKETS,Equity,"1,000.00",100.0,10,US46434G1031,NYSE Arca,United States,USD\n'
    )
    file = read_holdings(written(tmp_path, PREAMBLE + HEADER + sleeve + "\n" + PREAMBLE + HEADER + HIKVISION + TENCENT))
    assert list(file.holdings["name_as_written"]) == ["ISHARES CORE MSCI EMERGING MARKETS"]
    assert weights(file) == [1.0]
    assert any("repeats the insides" in finding.what for finding in file.findings)


def test_a_file_without_the_fund_s_name_takes_it_from_the_user(tmp_path: Path) -> None:
    nameless = PREAMBLE.split("\n", 1)[1] + HEADER + HIKVISION
    path = written(tmp_path, nameless)
    with pytest.raises(SourceError) as error:
        read_holdings(path)
    assert "of which fund" in error.value.what
    assert "--holdings" in error.value.mend
    assert list(read_holdings(f"IE00BKM4GZ66={path}").funds["isin"]) == ["IE00BKM4GZ66"]


def test_a_plain_table_holds_several_funds_and_days(tmp_path: Path) -> None:
    table = (
        PLAIN_HEADER
        + "Outer,LU0000000019,2026-05-31,Inner,IE00BKM4GZ66,fund,75,USD\n"
        + "Outer,LU0000000019,2026-05-31,Cash,,cash,25,USD\n"
        + "Outer,LU0000000019,2026-04-30,Cash,,cash,10,USD\n"
    )
    file = read_holdings(written(tmp_path, table))
    days = sorted(zip(file.funds["as_of"], file.funds["total_market_value"], strict=True))
    assert days == [(date(2026, 4, 30), 10.0), (date(2026, 5, 31), 100.0)]
    assert sorted(weights(file)) == [0.25, 0.75, 1.0]


def test_what_a_stated_total_leaves_over_is_a_line_of_its_own(tmp_path: Path) -> None:
    table = (
        "fund,as_of,fund_total,name,isin,asset_class,market_value\n"
        "Top Ten Fund,2026-05-31,1000,Hangzhou Hikvision,CNE100000PM8,equity,40\n"
    )
    file = read_holdings(written(tmp_path, table))
    # 40 of 1,000 are listed; 960 are not
    assert weights(file) == [0.04, 0.96]
    assert list(file.holdings["kind"]) == ["equity", "not-listed"]
    assert float(file.funds["share_published"][0]) == pytest.approx(0.04, abs=1e-12)
    assert any("rest is uncovered" in finding.what for finding in file.findings)


def test_weights_that_add_to_180_per_cent_keep_only_the_funds(tmp_path: Path) -> None:
    table = (
        "fund,as_of,name,isin,asset_class,weight\n"
        "Mixed,2026-05-31,Inner ETF,IE00BKM4GZ66,fund,99.0%\n"
        "Mixed,2026-05-31,Cash,,cash,1.0%\n"
        "Mixed,2026-05-31,Hangzhou Hikvision,CNE100000PM8,equity,80.0%\n"
    )
    file = read_holdings(written(tmp_path, table))
    assert [round(weight, 12) for weight in weights(file)] == [0.99, 0.01]
    assert any("only its funds and cash count" in finding.what for finding in file.findings)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("name,isin,market_value\nApple,US0378331005,1\n", "does not say of which day"),
        ("as_of,name,isin,market_value\n2026-05-31,Apple,US0378331005,1\n", "of which fund"),
        ("fund,as_of,name,isin,market_value\nX,soon,Apple,US0378331005,1\n", "Cannot read the day 'soon'"),
        (PREAMBLE.replace("Nov 05, 2020", "a day") + HEADER + HIKVISION, "Cannot read the date 'a day'"),
        ("", "is empty"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_where_and_how_to_mend(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "holdings.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as error:
        read_holdings(str(path))
    assert what in error.value.what
    assert "holdings.csv" in error.value.where
    assert error.value.mend


@pytest.mark.specimens
@pytest.mark.parametrize(
    ("given", "lines", "total"),
    [
        # Sums of the column Market Value by awk over the quoted cells, and the number of lines of the first table.
        ("ishares-us_URTH_2020-11-04.csv", 1260, 1_036_841_406.39),
        ("IE00BKM4GZ66=ishares-uk_EIMI_2021-08-30.csv", 3035, 19_159_706_391.18),
        ("ishares-us_AOM_2020-11-05_fund-of-funds.csv", 9, 1_312_728_447.24),
    ],
)
def test_real_files_have_their_lines_and_their_total(specimens: Path, given: str, lines: int, total: float) -> None:
    fund, equals, name = given.rpartition("=")
    file = read_holdings(f"{fund}{equals}{specimens / 'fund-holdings' / name}")
    assert len(file.holdings) == lines
    assert float(file.funds["total_market_value"][0]) == pytest.approx(total, abs=0.01)
    assert float(file.holdings["holding_weight"].sum()) == pytest.approx(1.0, abs=1e-12)


def test_a_day_that_the_file_states_goes_before_the_one_given_and_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, PREAMBLE + HEADER + HIKVISION)
    file = read_holdings(f"EXEM@2026-01-01={path}")
    assert list(file.funds["as_of"]) == [date(2020, 11, 5)]
    told = [finding for finding in file.findings if "states its own day" in finding.what]
    assert [finding.severity for finding in told] == [Severity.WARNING]
    assert "2020-11-05" in told[0].what
    assert "not 2026-01-01" in told[0].what


def test_nothing_is_told_where_the_day_given_is_that_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, PREAMBLE + HEADER + HIKVISION)
    assert not any("states its own day" in f.what for f in read_holdings(f"EXEM@2020-11-05={path}").findings)
    undated = written(tmp_path, HEADER + HIKVISION, "undated.csv")
    file = read_holdings(f"EXEM@2020-11-05={undated}")
    assert list(file.funds["as_of"]) == [date(2020, 11, 5)]
    assert not any("states its own day" in f.what for f in file.findings)


def test_a_fund_or_a_day_is_not_said_of_a_data_set_of_many_funds(tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "2024q1", [Filing(securities=(Security(name="Acme", value="1"),))])
    with pytest.raises(SourceError) as error:
        read_holdings(f"EXEM@2026-01-01={folder}")
    assert "'EXEM@2026-01-01' cannot be said of it" in error.value.what
