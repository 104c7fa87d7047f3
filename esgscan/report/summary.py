"""The first sheet of the workbook: headline, coverage, the companies, and a chart of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from openpyxl.chart import BarChart, Reference, Series

from esgscan.report.cells import Look
from esgscan.report.headline import headline
from esgscan.report.rows import rows
from esgscan.report.uncertainty import largest_step, outcome_label, summary_of_clear
from esgscan.report.wording import DISCLAIMER, count, percent, plain, size
from esgscan.report.workbook import Book, cell

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from esgscan.records import Scan

SUMMARY_WIDTHS = (50, 18, 18, 18, 18, 18)
MOST_BARS = 12
DIRECT, THROUGH_FUNDS = 3, 4
"""Columns of the table by company that the chart draws."""
DIRECT_COLOR, FUNDS_COLOR = "8c2d19", "e0a458"
CHART_WIDTH, CHART_LINE = 25.0, 0.65
"""In centimetres."""

Line: TypeAlias = "list[tuple[Any, Look]]"


def write_summary(book: Book, scan: Scan) -> None:
    """Write the first sheet: the figures a reader wants first, and the chart."""
    sheet = book.sheet("Summary", SUMMARY_WIDTHS, is_page=True)
    sheet.sheet_view.showGridLines = False
    lines = _summary(scan)
    for line in lines:
        sheet.append([cell(sheet, value, look) for value, look in line])
    companies = len(scan.tables["exposures"])
    if companies:
        _add_chart(sheet, companies, header=len(lines) - companies - 2)


def _summary(scan: Scan) -> list[Line]:
    figures, portfolio = headline(scan), scan.portfolio
    companies = count(figures.issuers, "flagged company", "flagged companies")
    opening = (
        f"{percent(figures.weight)} of the portfolio reaches {companies}" if figures.issuers else summary_of_clear(scan)
    )
    held = size(portfolio)
    return [
        [(plain(portfolio.name), Look.TITLE)],
        [
            (
                f"as of {scan.as_of}: {', '.join(filter(None, [held, count(portfolio.positions, 'position')]))}",
                Look.LABEL,
            )
        ],
        [],
        [(opening, Look.HEADLINE)],
        [],
        _header("Exposure", "Weight", portfolio.currency or "Value"),
        _figure("Flagged companies", figures.weight, figures.market_value),
        _figure("   held directly", figures.direct, figures.direct_value),
        _figure("   through funds", figures.indirect, figures.indirect_value),
        _figure("Floor: proven", figures.floor, None),
        _figure("Ceiling: possible at most", figures.ceiling, None),
        *_step(scan),
        [],
        _header("Coverage", "Weight", portfolio.currency or "Value", "Positions"),
        *(
            [*_figure(outcome_label(row), row["weight"], row["market_value"]), (row["positions"], Look.INTEGER)]
            for row in rows(scan.tables["coverage_rows"])
        ),
        [],
        *_companies(scan),
        [(f"{DISCLAIMER} esgscan {scan.run.version}, reference data {scan.run.edition}.", Look.SMALL)],
    ]


def _companies(scan: Scan) -> list[Line]:
    """The table by company, with an empty row below; nothing without exposure."""
    figures = ("weight", "direct", "indirect", "ceiling")
    lines: list[Line] = [
        [(row["name"], Look.TEXT), *((row[name], Look.WEIGHT) for name in figures), (row["market_value"], Look.MONEY)]
        for row in rows(scan.tables["exposures"])
    ]
    if not lines:
        return []
    header = _header(
        "Flagged company", "Weight", "Direct", "Through funds", "Ceiling", scan.portfolio.currency or "Value"
    )
    return [header, *lines, []]


def _header(first: str, *figures: str) -> Line:
    return [(first, Look.HEADER), *((text, Look.HEADER_RIGHT) for text in figures)]


def _figure(label: str, weight: float, value: float | None) -> Line:
    return [(label, Look.TEXT), (weight, Look.WEIGHT), (value, Look.MONEY)]


def _step(scan: Scan) -> list[Line]:
    """The one step that would narrow the interval most."""
    step = largest_step(scan)
    return [[(f"Narrows it most: {step}", Look.SMALL)]] if step else []


def _add_chart(sheet: WriteOnlyWorksheet, companies: int, *, header: int) -> None:
    """Put a chart of the largest companies under the tables: bars of cells, which a reader can change."""
    last = header + min(companies, MOST_BARS)
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 60
    chart.title = "Weight by company, split by path"
    for column, color in ((DIRECT, DIRECT_COLOR), (THROUGH_FUNDS, FUNDS_COLOR)):
        series = Series(Reference(sheet, min_col=column, min_row=header, max_row=last), title_from_data=True)
        series.graphicalProperties.solidFill = color
        chart.series.append(series)
    chart.set_categories(Reference(sheet, min_col=1, min_row=header + 1, max_row=last))
    chart.y_axis.number_format, chart.y_axis.delete, chart.x_axis.delete = "0.00%", False, False
    chart.x_axis.scaling.orientation = "maxMin"
    chart.legend.position = "b"
    chart.width, chart.height = CHART_WIDTH, 3.0 + CHART_LINE * min(companies, MOST_BARS)
    sheet.add_chart(chart, f"A{header + companies + 4}")
