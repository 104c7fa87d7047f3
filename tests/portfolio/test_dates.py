from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esgscan.portfolio.dates import Order, read_dates
from esgscan.portfolio.reading import ReadingOptions, read_portfolio

if TYPE_CHECKING:
    from esgscan.portfolio.grids import Cell

DAY = date(2026, 10, 3)
ISIN = "US0378331005"


@pytest.mark.parametrize(
    "written",
    [
        "2026-10-03",
        "2026/10/03",
        "20261003",
        "2026-10-03 09:14",
        "2026-10-03T00:00:00Z",
        "03.10.2026",
        "3.10.26",
        "03/10/2026",
        "03-Oct-2026",
        "3 October 2026",
        "3rd October 2026",
        "Oct 3, 2026",
        "October 03, 2026",
        "3. Oktober 2026",
        "3 octobre 2026",
        "3 de octubre de 2026",
        "3 ottobre 2026",
        "3 okt. 2026",
        "3 de outubro de 2026",
        "2026年10月3日",
        46298,
        46298.0,
        20261003,
        date(2026, 10, 3),
        datetime(2026, 10, 3, 12, 30),  # noqa: DTZ001  a workbook's times have no zone
    ],
)
def test_one_day_as_people_write_it(written: Cell) -> None:
    # 46298 days after 30 December 1899, the start of a workbook's calendar: 2026-10-31 is 46326, 28 days later
    assert read_dates([written]).values == [DAY]


def test_the_order_is_decided_from_all_cells() -> None:
    assert read_dates(["03/10/2026", "31/10/2026"]).values == [DAY, date(2026, 10, 31)]
    assert read_dates(["10/03/2026", "10/31/2026"]).values == [DAY, date(2026, 10, 31)]
    assert read_dates(["10/03/2026", "10/31/2026"]).order is Order.MONTH_FIRST


def test_a_column_that_shows_no_order_is_in_doubt_and_can_be_told() -> None:
    doubtful = read_dates(["03/10/2026", "04/10/2026"])
    assert doubtful.is_ambiguous
    assert doubtful.values[0] == DAY
    told = read_dates(["03/10/2026", "04/10/2026"], order="month-first")
    assert (told.is_ambiguous, told.values[0]) == (False, date(2026, 3, 10))


def test_what_is_no_date_is_counted() -> None:
    read = read_dates(["2026-10-03", "", None, "-", "soon", "31/02/2026", 12.5, "2026-02-30"])
    assert read.values == [DAY, *[None] * 7]
    assert read.unread == (4, 5, 6, 7)


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2069, 12, 31)))
def test_every_day_reads_back(day: date) -> None:
    forms = [f"{day:%Y-%m-%d}", f"{day:%d.%m.%Y}", f"{day:%d %b %Y}", f"{day:%B %d, %Y}", f"{day:%d-%b-%y}"]
    assert read_dates(forms).values == [day] * len(forms)


def test_the_last_of_several_days_counts_whatever_the_order_of_day_and_month() -> None:
    rows = [("01/12/2026", 1), ("02/11/2026", 2), ("01/12/2026", 3), ("02/11/2026", 4)]
    isins = [ISIN, ISIN, "GB00BP6MXD84", "GB00BP6MXD84"]
    lines = [f"{isin},{day},{value}" for isin, (day, value) in zip(isins, rows, strict=True)]
    data = "\n".join(["ISIN,Date,Market Value (EUR)", *lines]).encode()
    day_first = read_portfolio(data, options=ReadingOptions(dates="day-first"))
    assert day_first.positions["market_value"].to_list() == [1.0, 3.0]  # 1 December is after 2 November
    month_first = read_portfolio(data, options=ReadingOptions(dates="month-first"))
    assert month_first.positions["market_value"].to_list() == [2.0, 4.0]  # February 11 is after January 12
    doubtful = read_portfolio(data)
    assert any("whether the day or the month stands first" in finding.what for finding in doubtful.findings)
    assert not any("stands first" in finding.what for finding in day_first.findings)
