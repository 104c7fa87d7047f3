"""Write the workbooks of sample_portfolios/: the holders are invented, the securities and their identifiers are real.

Run it from the project's root: python scripts/build_samples.py [--check]
The same script gives the same bytes. With --check nothing is written, and the exit status is 1 if a workbook differs
from what would be written. The CSV files of that folder are written by hand.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

FOLDER = Path(__file__).resolve().parent.parent / "sample_portfolios"
STAMP = datetime(2026, 11, 20, 12, 0, 0)  # noqa: DTZ001  a workbook keeps its times without a zone
VALUED_ON = date(2026, 11, 20)

Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One workbook: a preamble, a table with its total, and footnotes."""

    file_name: str
    sheet: str
    preamble: Sequence[Sequence[Cell]]
    header: Sequence[str]
    lines: Sequence[Sequence[Cell]]
    footnotes: Sequence[str]
    formats: dict[str, str]
    widths: Sequence[int]
    total_label: str = "Total"

    def total_line(self) -> list[Cell]:
        """Sum the columns of values, as the last line of the table."""
        summed = [any(word in head for word in ("Market value", "Weight")) for head in self.header]
        line: list[Cell] = [None] * len(self.header)
        line[self.header.index("Security")] = self.total_label
        for column in (n for n, is_summed in enumerate(summed) if is_summed):
            line[column] = round(sum(float(str(row[column])) for row in self.lines), 2)
        return line


PENSION_LINES: Sequence[tuple[str | None, str, str, str, float | None, float]] = [
    ("US0378331005", "Apple Inc", "Equity", "United States", 92_400, 21_412_380.50),
    ("US5949181045", "Microsoft Corp", "Equity", "United States", 41_700, 19_846_215.00),
    ("US67066G1040", "NVIDIA Corp", "Equity", "United States", 98_350, 18_305_960.75),
    ("US4781601046", "Johnson & Johnson", "Equity", "United States", 46_900, 9_118_440.00),
    ("US46625H1005", "JPMorgan Chase & Co", "Equity", "United States", 27_600, 8_642_116.40),
    ("US7427181091", "Procter & Gamble", "Equity", "United States", 48_200, 7_410_750.00),
    ("CH0038863350", "Nestlé SA", "Equity", "Switzerland", 88_100, 8_897_304.10),
    ("CH0012032048", "Roche Holding AG", "Equity", "Switzerland", 21_850, 7_652_903.35),
    ("NL0010273215", "ASML Holding NV", "Equity", "Netherlands", 7_300, 7_240_870.00),
    ("FR0000121014", "LVMH", "Equity", "France", 7_150, 5_127_694.20),
    ("DE0008404005", "Allianz SE", "Equity", "Germany", 13_400, 5_863_218.00),
    ("GB0009895292", "AstraZeneca PLC", "Equity", "United Kingdom", 36_800, 6_321_505.60),
    ("JP3633400001", "Toyota Motor Corp", "Equity", "Japan", 312_000, 6_478_132.00),
    ("JP3435000009", "Sony Group Corp", "Equity", "Japan", 176_500, 4_958_741.90),
    ("CA7800871021", "Royal Bank of Canada", "Equity", "Canada", 29_300, 4_731_266.00),
    ("AU000000CSL8", "CSL Ltd", "Equity", "Australia", 20_900, 3_249_870.00),
    ("HK0000069689", "AIA Group Ltd", "Equity", "Hong Kong", 268_000, 2_763_632.20),
    ("CNE100000PM8", "Hangzhou Hikvision Digital Technology A", "Equity", "China", 285_000, 1_240_000.00),
    ("US46434G1031", "iShares Core MSCI Emerging Markets ETF", "ETF", "United States", 350_000, 24_000_000.00),
    ("US9220428588", "Vanguard FTSE Emerging Markets ETF", "ETF", "United States", 290_000, 16_000_000.00),
    ("US9220427424", "Vanguard Total World Stock ETF", "ETF", "United States", 205_000, 30_000_000.00),
    ("US4642898757", "iShares Core Moderate Allocation ETF", "ETF", "United States", 420_000, 20_000_000.00),
    ("IE00BK5BQT80", "Vanguard FTSE All-World UCITS ETF (USD) Accumulating", "ETF", "Ireland", 68_000, 12_000_000.00),
    ("US912828YS30", "US Treasury Note 1.75% 15/11/2029", "Government bond", "United States", 32_000_000, 30_498_720.0),
    ("US91282CAE12", "US Treasury Note 0.625% 15/08/2030", "Government bond", "United States", 30_000_000, 26_750_400),
    ("DE0001102499", "Germany 0.00% 15/02/2030", "Government bond", "Germany", 16_700_000, 18_203_055.00),
    ("FR0010773192", "France 4.50% 25/04/2041", "Government bond", "France", 11_500_000, 14_602_310.00),
    ("JP1103591L73", "Japan 10YR #359 0.10% 20/06/2030", "Government bond", "Japan", 1_750_000_000, 11_398_640.0),
    ("XS2015227494", "European Investment Bank 0.125% 20/06/2029", "Bond", "Supranational", 8_500_000, 9_301_275.00),
    ("US037833AL42", "Apple Inc 3.85% 04/05/2043", "Corporate bond", "United States", 10_000_000, 8_449_900.00),
    ("US594918BK99", "Microsoft Corp 4.20% 03/11/2035", "Corporate bond", "United States", 8_000_000, 7_903_440.00),
    ("XS2049616894", "Siemens Financieringsmaatschappij 0.50% 05/09/2034", "Corporate bond", "Germany", 6_900_000,
     6_148_315.00),
    ("US478160CR35", "Johnson & Johnson 2.10% 01/09/2040", "Corporate bond", "United States", 8_000_000, 5_702_560.00),
    (None, "Cash USD", "Cash", "United States", None, 9_780_385.00),
]  # fmt: skip

PENSION_FUND = Sample(
    file_name="pension_fund.xlsx",
    sheet="Portfolio",
    preamble=[
        ("Portfolio", "Kestrel Bay Teachers' Pension Fund"),
        ("Valuation date", VALUED_ON),
        ("Reporting currency", "USD"),
        (),
    ],
    header=["ISIN", "Security", "Asset class", "Country", "Quantity", "Market value (USD)", "Weight (%)"],
    lines=[(*line, round(line[-1] / 4_000_000, 2)) for line in PENSION_LINES],
    footnotes=[
        "Weights are rounded to two decimals and need not add to 100.",
        "The holder and all amounts are invented. The securities and their identifiers are real.",
    ],
    formats={"Quantity": "#,##0", "Market value (USD)": "#,##0.00", "Weight (%)": "0.00"},
    widths=[16, 54, 18, 16, 16, 20, 12],
)

DIRECT_CHINA = Sample(
    file_name="direct_china.xlsx",
    sheet="Holdings",
    preamble=[("Portfolio", "Plover Point China Mandate"), ("Reporting currency", "CNY"), ()],
    header=["Code", "Exchange", "Security", "ISIN", "Asset class", "Quantity", "Market value (CNY)"],
    lines=[
        (2415, "Shenzhen Stock Exchange", "Hangzhou Hikvision Digital Technology A", None, "Equity", 230_000,
         6_200_000.0),
        ("002236", "Shenzhen Stock Exchange", "Zhejiang Dahua Technology A", None, "Equity", 215_000, 3_100_000.0),
        ("002230", "Shenzhen Stock Exchange", "iFLYTEK A", None, "Equity", 86_000, 2_750_000.0),
        ("300188", "Shenzhen Stock Exchange", "Xiamen Meiya Pico Information A", None, "Equity", 83_000, 1_450_000.0),
        ("600230", "Shanghai Stock Exchange", "Cangzhou Dahua A", None, "Equity", 90_000, 900_000.0),
        (2415, "Taiwan Stock Exchange", "錩新", None, "Equity", 110_000, 650_000.0),
        ("000100", "Korea Exchange", "Yuhan Corp", None, "Equity", 1_000, 1_300_000.0),
        ("000100", "Shenzhen Stock Exchange", "TCL A", None, "Equity", 540_000, 1_850_000.0),
        ("600519", "Shanghai Stock Exchange", "Kweichow Moutai A", None, "Equity", 10_500, 9_400_000.0),
        ("601318", "Shanghai Stock Exchange", "Ping An Insurance A", None, "Equity", 92_000, 7_300_000.0),
        ("600036", "Shanghai Stock Exchange", "China Merchants Bank A", None, "Equity", 163_000, 5_600_000.0),
        ("000333", "Shenzhen Stock Exchange", "Midea Group A", None, "Equity", 84_000, 4_250_000.0),
        (None, None, "Proven Glory Capital Ltd (Huawei) bond", "XS1567423501", "Bond", 350_000, 2_500_000.0),
        (None, None, "Cash CNY", None, "Cash", None, 2_750_000.0),
    ],
    footnotes=["The holder and all amounts are invented. The securities and their codes are real."],
    formats={"Quantity": "#,##0", "Market value (CNY)": "#,##0.00"},
    widths=[10, 26, 46, 16, 14, 14, 20],
)  # fmt: skip

SAMPLES = (PENSION_FUND, DIRECT_CHINA)


def built(sample: Sample) -> bytes:
    """Build a workbook; the same sample gives the same bytes."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = sample.sheet
    for row in (
        *sample.preamble,
        sample.header,
        *sample.lines,
        sample.total_line(),
        (),
        *_each_alone(sample.footnotes),
    ):
        sheet.append(list(row))
    _dress(sheet, sample)
    book.properties.creator = "esgscan"
    book.properties.created = STAMP
    saved = BytesIO()
    book.save(saved)
    return _settled(saved)


def _each_alone(texts: Sequence[str]) -> list[list[str]]:
    return [[text] for text in texts]


def _dress(sheet: Worksheet, sample: Sample) -> None:
    """Set number formats, the widths of the columns, and the header and total in bold."""
    first = len(sample.preamble) + 1
    last = first + len(sample.lines) + 1
    for number, head in enumerate(sample.header, start=1):
        for row in range(first + 1, last + 1):
            sheet.cell(row, number).number_format = sample.formats.get(head, "General")
        for row in (first, last):
            sheet.cell(row, number).font = Font(bold=True)
        sheet.cell(first, number).alignment = Alignment(horizontal="right" if head in sample.formats else "left")
    for number, width in enumerate(sample.widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.cell(1, 2).font = Font(bold=True)
    sheet.freeze_panes = sheet.cell(first + 1, 1)


def _settled(saved: BytesIO) -> bytes:
    """Write the archive again with one date everywhere: saving stamps the clock into it."""
    settled = BytesIO()
    with ZipFile(saved) as old, ZipFile(settled, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                stamp = STAMP.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            info = ZipInfo(entry.filename, date_time=STAMP.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            info.create_system = 0
            new.writestr(info, content)
    return settled.getvalue()


def cells_of(workbook: bytes) -> list[tuple[str, str, object, str]]:
    """Give what a workbook says: sheet, place, value and number format of every cell that is not empty."""
    book = load_workbook(BytesIO(workbook))
    return [
        (sheet.title, cell.coordinate, cell.value, cell.number_format)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]


def is_up_to_date(sample: Sample) -> bool:
    """Whether the file says what the script would write; another release of a library may pack it differently."""
    path = FOLDER / sample.file_name
    return path.is_file() and cells_of(path.read_bytes()) == cells_of(built(sample))


def main() -> int:
    """Write the workbooks, or with --check compare them."""
    parser = argparse.ArgumentParser(description="Write the workbooks of sample_portfolios/.")
    parser.add_argument("--check", action="store_true", help="compare only; exit status 1 if a workbook differs")
    if not parser.parse_args().check:
        for sample in SAMPLES:
            (FOLDER / sample.file_name).write_bytes(built(sample))
        return 0
    stale = [sample.file_name for sample in SAMPLES if not is_up_to_date(sample)]
    if stale:
        print(f"Out of date: {', '.join(stale)}. Run: python scripts/build_samples.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
