"""Broken and hostile input: an error that says what, where and how to mend it, and never a traceback."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from esgscan.errors import OptionError, PortfolioError
from esgscan.portfolio.files import LARGEST_INPUT
from esgscan.portfolio.reading import ReadingOptions, read_portfolio
from tests.portfolio.files import ods, xlsx, zipped

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {"Depot": [["Name", "ISIN", "Market Value (EUR)"], ["Apple", "US0378331005", 100.0]]}
README = "# A project\n\nThis text has no table in it, only words, and a list:\n\n- one\n- two, and three; four\n"
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
HEADER = "Name,ISIN,Market Value (EUR)\n"
LARGE = b"0" * (40 * 2**20)

BAD_BYTES = {
    "an empty file": (b"", "empty"),
    "a file of blanks": (b" \n\r\n\t ", "empty"),
    "a text without a table": (README.encode(), "no table"),
    "a truncated workbook": (xlsx(GOOD)[:-400], "damaged"),
    "the first bytes of a workbook": (xlsx(GOOD)[:40], "damaged"),
    "a locked workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 99,
        "password",
    ),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 900, "without a workbook"),
    "a damaged old workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x01" * 900 + "Workbook".encode("utf-16-le"),
        "damaged",
    ),
    "an archive of other things": (zipped({"a.txt": b"a"}), "archive"),
    "an empty archive": (b"PK\x05\x06" + b"\x00" * 18, "archive"),
    "a zip bomb": (zipped({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": LARGE}), "unpacks"),
    "a Git LFS pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "LFS"),
    "a PDF": (b"%PDF-1.7 ...", "PDF"),
    "XML with entities": (BOMB.encode(), "entities"),
    "XML of another kind": (b"<?xml version='1.0'?><note><to>you</to></note>", "<note>"),
    "XML cut off": (b"<FlexQueryResponse><FlexStatements>", "cut off"),
    "a page without a table": (b"<html><body><p>Please log in</p></body></html>", "without a table"),
    "NUL bytes": ((HEADER + "App\x00le,US0378331005,100\n").encode(), "NUL"),
    "JSON cut off": (b'{"holdings": [{"name": ', "JSON"),
    "JSON without lines": (b'{"status": "error"}', "without a list"),
    "Parquet cut off": (b"PAR1" + b"\x00" * 50, "Parquet"),
    "a header without lines": (HEADER.encode(), "no lines"),
    "a header twice and no line": ((HEADER * 2).encode(), "no lines"),
    "values that are all words": ((HEADER + "Apple,US0378331005,lots\nShell,GB00BP6MXD84,some\n").encode(), "'lots'"),
    "a list without amounts": (
        b"Name,ISIN,Country\nApple,US0378331005,US\nShell,GB00BP6MXD84,GB\n",
        "without any value",
    ),
    "lots of one security": (
        b'"SCHA Lot Details for XXXX as of 2020"\n\n"Open Date","Quantity","Price","Cost/Share","Market Value"\n'
        b'"01/02/2018","10","$78.97","$60.00","$789.70"\n',
        "tax lots",
    ),
    "lots of several securities": (
        b"Symbol,Name,Acquired,Quantity,Market Value (USD)\n"
        b"AAPL,Apple Inc,2020-01-05,10,2000\nAAPL,Apple Inc,2021-02-05,5,1000\nMSFT,Microsoft,2021-02-05,5,1000\n",
        "tax lots",
    ),
    "UTF-16 cut in the middle of a letter": ("\ufeffName;ISIN;Wert\n".encode("utf-16-le")[:-1], "utf-16"),
}


@pytest.mark.parametrize("case", BAD_BYTES, ids=str)
def test_bad_bytes_give_an_error_that_helps(case: str) -> None:
    data, words = BAD_BYTES[case]
    with pytest.raises(PortfolioError) as caught:
        read_portfolio(data, name="depot.csv")
    assert words in caught.value.what
    assert "depot.csv" in caught.value.where
    assert caught.value.mend


@pytest.mark.parametrize("ending", ["csv", "xlsx", "xls", "ods"])
def test_bad_paths_give_an_error_that_helps(tmp_path: Path, ending: str) -> None:
    missing = tmp_path / f"missing.{ending}"
    with pytest.raises(PortfolioError, match="There is no file"):
        read_portfolio(missing)
    missing.mkdir()
    with pytest.raises(PortfolioError, match="folder"):
        read_portfolio(str(missing))


def test_the_null_device_is_an_empty_file() -> None:
    with pytest.raises(PortfolioError, match="is empty"):
        read_portfolio("/dev/null")


def test_an_endless_device_is_too_large() -> None:
    with pytest.raises(PortfolioError, match="larger than"):
        read_portfolio("/dev/zero")
    assert LARGEST_INPUT < 2**30


def test_a_nonsense_source_is_refused() -> None:
    with pytest.raises(PortfolioError, match="is not a portfolio"):
        read_portfolio(object())


def test_a_stray_cell_far_out_does_not_fill_the_memory() -> None:
    written = Workbook()
    for row, column in [(1, 1), (1_048_576, 16_384)]:
        written.active.cell(row, column, 1)
    saved = io.BytesIO()
    written.save(saved)
    with pytest.raises(PortfolioError, match="spans more than"):
        read_portfolio(saved.getvalue())


def test_repeated_cells_of_an_ods_do_not_fill_the_memory() -> None:
    book = ods([["Name", "ISIN", "Market Value"], ["Apple", "US0378331005", 100]])
    cell = b'<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
    row = b'<table:table-row table:number-rows-repeated="1048576">' + cell + b"</table:table-cell></table:table-row>"
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        content = archive.read("content.xml").replace(b"</table:table>", row + b"</table:table>")
        members = {name: archive.read(name) for name in archive.namelist()} | {"content.xml": content}
    with pytest.raises(PortfolioError, match="spans more than"):
        read_portfolio(zipped(members))


def test_a_wrong_sheet_names_the_right_ones() -> None:
    with pytest.raises(PortfolioError) as caught:
        read_portfolio(xlsx(GOOD), options=ReadingOptions(sheet="Konto"))
    assert "Depot" in caught.value.mend


def test_a_wrong_column_names_the_right_ones() -> None:
    with pytest.raises(OptionError) as caught:
        read_portfolio(xlsx(GOOD), options=ReadingOptions(columns={"weight": "Z"}))
    assert "ISIN" in caught.value.mend
    with pytest.raises(OptionError, match="not a meaning"):
        read_portfolio(xlsx(GOOD), options=ReadingOptions(columns={"size": "A"}))


def test_a_wrong_header_row_is_said() -> None:
    with pytest.raises(PortfolioError, match="no row 99"):
        read_portfolio(xlsx(GOOD), options=ReadingOptions(header_row=99))
