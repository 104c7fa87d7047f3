"""13F tables: the unit of the values, and the kinds of the lines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from esgscan.errors import SourceError
from tests.sources.files import fund_of, kinds, names, read_text, said

if TYPE_CHECKING:
    from pathlib import Path

SPACE = "http://www.sec.gov/edgar/document/thirteenf/informationtable"


def line(name: str, title: str, cusip: str, value: int, shares: int, *, unit: str = "SH", side: str = "") -> str:
    option = f"<putCall>{side}</putCall>" if side else ""
    return (
        f"<infoTable><nameOfIssuer>{name}</nameOfIssuer><titleOfClass>{title}</titleOfClass><cusip>{cusip}</cusip>"
        f"<value>{value}</value><shrsOrPrnAmt><sshPrnamt>{shares}</sshPrnamt><sshPrnamtType>{unit}</sshPrnamtType>"
        f"</shrsOrPrnAmt>{option}<investmentDiscretion>SOLE</investmentDiscretion></infoTable>"
    )


def table(*lines: str) -> str:
    return f'\n<?xml version="1.0"?>\n<informationTable xmlns="{SPACE}">{"".join(lines)}</informationTable>'


DOLLARS = table(
    line("APPLE INC", "COM", "037833100", 1_500_000, 10_000), line("3M CO", "COM", "88579Y101", 500_000, 4000)
)
THOUSANDS = table(line("APPLE INC", "COM", "037833100", 1500, 10_000), line("3M CO", "COM", "88579Y101", 500, 4000))


@pytest.mark.parametrize(
    ("text", "day", "conflict"),
    [
        (DOLLARS, "2023-06-30", False),
        (THOUSANDS, "2021-06-30", False),
        (THOUSANDS, "2023-06-30", True),  # some filers went on in thousands
        (DOLLARS, "2021-06-30", True),
    ],
)
def test_prices_decide_between_dollars_and_thousands(tmp_path: Path, text: str, day: str, conflict: bool) -> None:
    file = read_text(tmp_path, text, fund=f"Manager@{day}", name="infotable.xml")
    # 10,000 shares for 1.5 million are 150 dollars each; for 1,500 they would be 15 cents
    assert list(file.holdings["market_value"]) == [1_500_000.0, 500_000.0]
    assert list(file.holdings["holding_weight"]) == [0.75, 0.25]
    assert ("should be in the other unit" in said(file)) is conflict


def test_puts_bonds_and_funds_keep_their_kind(tmp_path: Path) -> None:
    text = table(
        line("ALIBABA GROUP HLDG LTD", "SPONSORED ADS", "01609W102", 100_000, 1000),
        line("APPLE INC", "COM", "037833100", 100_000, 1000, side="Put"),
        line("SOMEBODY INC", "NOTE 1.000% 1/1", "000000AA0", 100_000, 100_000, unit="PRN"),
        line("ISHARES TR", "CORE MSCI EMKT ETF", "46434G103", 100_000, 2000),
        line("NOBODY", "COM", "000000000", 0, 0),
    )
    file = read_text(tmp_path, text, fund="Manager@2023-06-30")
    assert kinds(file) == ["depositary-receipt", "option", "bond", "fund", "equity"]
    assert names(file)[3] == "ISHARES TR CORE MSCI EMKT ETF"
    assert file.holdings["cusip"][-1] is None


def test_the_header_of_a_full_submission_says_manager_and_days(tmp_path: Path) -> None:
    head = (
        "<SEC-DOCUMENT>x.txt\nCONFORMED SUBMISSION TYPE:\t13F-HR\nCONFORMED PERIOD OF REPORT:\t20221231\n"
        "FILED AS OF DATE:\t\t20230214\n\t\tCOMPANY CONFORMED NAME:\t\t\tEXAMPLE ADVISERS LLC\n<XML>"
    )
    file = read_text(tmp_path, f"{head}{DOLLARS}</XML>\n</SEC-DOCUMENT>")
    assert (fund_of(file)["name"], fund_of(file)["as_of"]) == ("EXAMPLE ADVISERS LLC", date(2022, 12, 31))
    # A period of 2022, but filed in February 2023: in dollars, as the rule is since 3 January 2023.
    assert said(file) == ""


def test_a_table_cut_off_in_the_middle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="damaged or cut off"):
        read_text(tmp_path, DOLLARS[:-40], fund="Manager@2023-06-30")


def test_two_tables_in_one_file_are_not_taken_for_one_manager(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="several 13F tables"):
        read_text(tmp_path, DOLLARS + "\n" + DOLLARS, fund="Manager@2023-06-30", name="two.txt")
