"""Every form in which a table can be given: the same positions come out, and what the form hides is said."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from esgscan.errors import PortfolioError
from esgscan.portfolio.reading import ReadingOptions, inspect_portfolio, read_portfolio
from tests.portfolio.files import ods

if TYPE_CHECKING:
    from esgscan.records import Reading

FORMATS = Path(__file__).parents[1] / "data" / "formats"
BOOKS = {
    "depot.xlsx": "xlsx",
    "depot.xlsm": "xlsx",
    "depot.xlsb": "xlsb",
    "depot.xls": "xls",
    "depot.ods": "ods",
    "depot.fods": "fods",
    "depot-spreadsheetml.xls": "spreadsheetml",
}
TEXTS = {"depot-html.xls": "html", "depot.csv": "csv", "depot-utf16.txt": "csv"}
NAMES = ["Nestlé N", "Hangzhou Hikvision A", "ACME verdeckt", "Liquidität CHF"]
A, S = "US0378331005", "GB00BP6MXD84"
COLUMNS = {"Name": ["Apple", "Shell"], "ISIN": [A, S], "Market Value": [100.5, 50.0], "Currency": ["USD", "GBP"]}


def said(reading: Reading) -> str:
    return "\n".join(finding.what for finding in reading.findings)


@pytest.mark.parametrize("name", {**BOOKS, **TEXTS})
def test_every_form_of_workbook_gives_the_same_positions(name: str) -> None:
    reading = read_portfolio(FORMATS / name)
    positions = reading.positions
    assert positions["name_as_written"].to_list() == NAMES
    # 99,000 + 33,000 + 21,600 + 46,400 = 200,000: the third is a formula, read by its cached value
    assert positions["market_value"].to_list() == [99_000.0, 33_000.0, 21_600.0, 46_400.0]
    assert positions["weight"].to_list() == pytest.approx([0.495, 0.165, 0.108, 0.232])
    assert positions["isin"].to_list()[:3] == ["CH0038863350", "CNE100000PM8", A]
    assert positions["source_row"].to_list() == [6, 7, 8, 9]
    assert (reading.currency, reading.audit.portfolios[0].stated_total) == ("CHF", 200_000.0)
    assert reading.audit.file_format == {**BOOKS, **TEXTS}[name]


@pytest.mark.parametrize("name", BOOKS)
def test_hidden_sheets_are_named_and_can_be_chosen(name: str) -> None:
    assert read_portfolio(FORMATS / name).audit.sheets_ignored == ("Intern",)
    hidden = inspect_portfolio(FORMATS / name, options=ReadingOptions(sheet="Intern"))
    assert hidden.audit.kind == "unknown"
    with pytest.raises(PortfolioError) as caught:
        read_portfolio(FORMATS / name, options=ReadingOptions(sheet="Depot"))
    assert "Bestand" in caught.value.mend


@pytest.mark.parametrize("name", ["depot.xlsx", "depot.xlsm", "depot.xlsb", "depot-spreadsheetml.xls"])
def test_hidden_rows_and_columns_are_read_and_said(name: str) -> None:
    reading = read_portfolio(FORMATS / name)
    (sheet,) = reading.audit.sheets
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((8,), ("E",))
    assert "The file hides rows that hold positions (row 8)" in said(reading)
    assert "The file hides columns that were read (column E)" in said(reading)


def test_rows_and_columns_that_an_ods_hides_are_said() -> None:
    book = ods([["Name", "ISIN", "Value (EUR)"], ["Apple", A, 100], ["Shell", S, 50]])
    flat = zip_member(book).replace(b"<table:table-row>", b'<table:table-row table:visibility="collapse">', 3)
    hidden = b'<table:table-column table:number-columns-repeated="2" table:visibility="collapse"/>'
    flat = flat.replace(b"<table:table-row", hidden + b"<table:table-row", 1)
    (sheet,) = read_portfolio(flat, name="depot.fods").audit.sheets
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((2, 3), ("A", "B"))


def zip_member(book: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read("content.xml")


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_western_text_in_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    rows = [["Bezeichnung", "ISIN", "Währung", "Kurswert"], ["Nestlé", "CH0038863350", "CHF", "1000.5"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    reading = read_portfolio(text.encode(encoding), name="depot")
    assert reading.positions["name_as_written"].to_list() == ["Nestlé"]
    assert reading.positions["market_value"].to_list() == [1000.5]
    assert reading.audit.delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        ("证券代码,证券名称,市值\n002415,海康威视,1000.5\n", ["gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16"]),
        ("종목코드,종목명,평가금액\n002415,하이크비전,1000.5\n", ["cp949", "utf-8", "utf-8-sig", "utf-16"]),
        ("股份代號,股份名稱,市值\n002415,海康威視,1000.5\n", ["big5", "utf-8", "utf-8-sig", "utf-16"]),
        ("銘柄コード,銘柄名,評価額\n002415,ハイクビジョン,1000.5\n", ["shift_jis", "utf-8", "utf-8-sig", "utf-16"]),
    ],
)
def test_east_asian_text_in_every_encoding(text: str, encodings: list[str]) -> None:
    readings = [read_portfolio(text.encode(encoding), name="depot") for encoding in encodings]
    assert {tuple(r.positions["ticker"]) for r in readings} == {("002415",)}
    assert {tuple(r.positions["name_as_written"]) for r in readings} == {(text.split(",")[3],)}
    assert {tuple(r.positions["market_value"]) for r in readings} == {(1000.5,)}


def test_a_file_of_two_encodings_is_read_letter_by_letter_and_said() -> None:
    first, second = "Name,ISIN,Market Value (EUR)\nNestlé,CH0038863350,100\n", "Société,FR0000120271,50\n"
    data = first.encode() + second.encode("cp1252")
    reading = read_portfolio(data, name="depot.csv")
    assert reading.positions["name_as_written"].to_list() == ["Nestlé", "Société"]
    assert "two encodings" in said(reading)
    assert reading.audit.encoding == "utf-8, in part cp1252"


RECORDS = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)]
JSONS: dict[str, Any] = {
    "a list of objects": RECORDS,
    "columns and data": {"columns": list(COLUMNS), "data": [list(record.values()) for record in RECORDS]},
    "columns, index and data": json.loads(pd.DataFrame(COLUMNS).to_json(orient="split")),
    "columns by name": json.loads(pd.DataFrame(COLUMNS).to_json()),
    "lists by name": COLUMNS,
    "lines by number": json.loads(pd.DataFrame(COLUMNS).to_json(orient="index")),
    "a table with its schema": json.loads(pd.DataFrame(COLUMNS).to_json(orient="table")),
    "rows with a header": [list(COLUMNS), *(list(record.values()) for record in RECORDS)],
    "a list inside objects": {"asOf": "2026-10-31", "account": {"positions": RECORDS, "messages": [{"text": "ok"}]}},
    "objects inside the lines": [
        {
            "security": {"Name": r["Name"], "ISIN": r["ISIN"]},
            "Market Value": r["Market Value"],
            "Currency": r["Currency"],
        }
        for r in RECORDS
    ],
}


@pytest.mark.parametrize("shape", JSONS)
def test_json_of_every_shape(shape: str) -> None:
    check(read_portfolio(json.dumps(JSONS[shape]).encode(), name="depot.json"))


def test_json_lines() -> None:
    reading = read_portfolio("\n".join(map(json.dumps, RECORDS)).encode(), name="depot.jsonl")
    check(reading)
    assert reading.audit.file_format == "jsonl"


def test_json_of_two_portfolios_keeps_them_apart() -> None:
    content = {"portfolios": [{"name": "A", "positions": RECORDS[:1]}, {"name": "B", "positions": RECORDS[1:]}]}
    reading = read_portfolio(json.dumps(content).encode(), name="depot.json")
    assert [(one.name, one.total) for one in reading.audit.portfolios] == [("A", {"USD": 100.5}), ("B", {"GBP": 50.0})]


def test_tables_of_several_lists_are_all_read() -> None:
    content = {"equities": RECORDS[:1], "bonds": RECORDS[1:], "transactions": [{"tradeDate": "2026-01-02", "fees": 1}]}
    reading = read_portfolio(json.dumps(content).encode(), name="depot.json")
    assert reading.positions["source_sheet"].to_list() == ["equities", "bonds"]


FRAMES = {
    "pandas": pd.DataFrame(COLUMNS),
    "pandas with Arrow types": pd.DataFrame(COLUMNS).convert_dtypes(dtype_backend="pyarrow"),
    "pandas with the ISIN as its index": pd.DataFrame(COLUMNS).set_index("ISIN"),
    "Polars": pl.DataFrame(COLUMNS),
    "Polars, lazy": pl.LazyFrame(COLUMNS),
    "Arrow": pa.table(COLUMNS),
    "narwhals": nw.from_native(pl.DataFrame(COLUMNS)),
    "DuckDB": duckdb.from_arrow(pa.table(COLUMNS)),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_frames_of_every_kind(kind: str) -> None:
    check(read_portfolio(FRAMES[kind], name="table"))


def test_parquet() -> None:
    stream = io.BytesIO()
    pl.DataFrame(COLUMNS).write_parquet(stream)
    check(read_portfolio(stream.getvalue(), name="depot.parquet"))


def check(reading: Reading) -> None:
    positions = reading.positions
    assert positions["name_as_written"].to_list() == ["Apple", "Shell"]
    assert positions["isin"].to_list() == [A, S]
    assert positions["market_value"].to_list() == [100.5, 50.0]
    assert positions["currency"].to_list() == ["USD", "GBP"]
