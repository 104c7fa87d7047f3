"""Mapping files: a reading written down, given again, checked against the file, and overruled."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esgscan.errors import OptionError
from esgscan.portfolio.mappings import MappedTable, MappingFile, load_mapping, write_mapping
from esgscan.portfolio.reading import ReadingOptions, inspect_portfolio, read_portfolio
from tests.portfolio.files import xlsx
from tests.portfolio.test_formats import BOOKS, FORMATS, TEXTS
from tests.portfolio.test_shapes import CASES

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.records import Reading

A, S = "US0378331005", "GB00BP6MXD84"
ROWS: list[list[Any]] = [
    ["Depot 1"],
    ["Fondsname", "Kennung", "Betrag A", "Betrag B"],
    ["Apple", A, "1.234", "7,5"],
    ["Shell", S, "2.500", "2,5"],
]
MAPPING = """version = 1
decimal = ","

[[table]]
sheet = "Depot"
header_row = 2

[table.columns]
name = "Fondsname"
isin = "B"
market_value = "Betrag A"
"""


def read(path: Path, rows: list[list[Any]] = ROWS, sheet: str = "Depot", **options: Any) -> Reading:
    wishes = ReadingOptions(mapping=load_mapping(path), **options)
    return read_portfolio(xlsx({sheet: rows}), name="depot.xlsx", options=wishes)


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "layout.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def test_a_mapping_decides_columns_and_decimal_mark(mapping: Path) -> None:
    reading = read(mapping)
    # a comma is the decimal mark, so the points group thousands
    assert reading.positions["market_value"].to_list() == [1234.0, 2500.0]
    assert reading.positions["isin"].to_list() == [A, S]
    assert reading.positions["quantity"].isna().all()
    assert {column.why for column in reading.audit.sheets[0].columns if column.meaning} == {"named in the mapping"}


def test_an_option_beside_the_mapping_wins(mapping: Path) -> None:
    assert read(mapping, decimal=".").positions["market_value"].to_list() == [1.234, 2.5]
    assert read(mapping, columns={"market_value": "D"}).positions["market_value"].to_list() == [7.5, 2.5]
    with pytest.raises(OptionError, match="tells the sheet and the header row"):
        read(mapping, header_row=3)


@pytest.mark.parametrize("shape", CASES, ids=str)
def test_a_saved_mapping_reads_the_file_as_it_was_read(shape: str, tmp_path: Path) -> None:
    data = CASES[shape].data
    first = inspect_portfolio(data, name="file")
    path = tmp_path / "layout.toml"
    path.write_text(first.mapping, encoding="utf-8")
    again = inspect_portfolio(data, name="file", options=ReadingOptions(mapping=load_mapping(path)))
    assert again.audit.portfolios == first.audit.portfolios
    assert again.mapping == first.mapping


@pytest.mark.parametrize("name", {**BOOKS, **TEXTS})
def test_a_saved_mapping_fits_every_form(name: str, tmp_path: Path) -> None:
    first = inspect_portfolio(FORMATS / name)
    path = tmp_path / "layout.toml"
    path.write_text(first.mapping, encoding="utf-8")
    again = inspect_portfolio(FORMATS / name, options=ReadingOptions(mapping=load_mapping(path)))
    assert again.audit.portfolios == first.audit.portfolios


@pytest.mark.parametrize(
    ("rows", "sheet", "what", "mend"),
    [
        (ROWS, "Bestand", "is for the sheet 'Depot'", "write one of 'Bestand'"),
        ([["Neu"], *ROWS], "Depot", "row 2 has no column", "write header_row = 3"),
        (
            [ROWS[0], ["Name", "Kennung", "Wert"], *ROWS[2:]],
            "Depot",
            "column 'Fondsname', 'Betrag A'",
            "save the mapping",
        ),
        (ROWS[:1], "Depot", "has 1 rows", "save the mapping"),
    ],
)
def test_a_mapping_that_does_not_fit_is_said(
    mapping: Path, rows: list[list[Any]], sheet: str, what: str, mend: str
) -> None:
    with pytest.raises(OptionError) as caught:
        read(mapping, rows, sheet)
    assert what in caught.value.what
    assert mend in caught.value.mend
    assert str(mapping) in caught.value.where


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("version = 1", "version = 2", "version 2"),
        ("version = 1", "version = ", "is not a mapping"),
        ('decimal = ","', 'decimal = ";"', "no value of decimal"),
        ('decimal = ","', 'dates = "year"', "no value of dates"),
        ('decimal = ","', "colour = 1", "no 'colour'"),
        ("header_row = 2", 'header_row = "two"', "not the row of a header"),
        ("header_row = 2", "header_row = -1", "not the row of a header"),
        ('name = "Fondsname"', "name = 1", "no columns"),
        ("name =", "size =", "not a meaning"),
        ("[[table]]", "[table]", "no [[table]]"),
    ],
)
def test_a_mapping_that_is_none_is_said(mapping: Path, old: str, new: str, what: str) -> None:
    mapping.write_text(MAPPING.replace(old, new), encoding="utf-8")
    with pytest.raises(OptionError) as caught:
        load_mapping(mapping)
    assert what in caught.value.what
    assert caught.value.mend


def test_a_mapping_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="cannot be opened"):
        load_mapping(tmp_path / "none.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OptionError, match="is not a mapping"):
        load_mapping(tmp_path / "binary.toml")


@given(st.text(max_size=30), st.text(max_size=30))
def test_what_is_written_is_what_is_read(sheet: str, header: str) -> None:
    table = MappedTable(sheet=sheet, header_row=3, columns={"isin": header})
    written = write_mapping(MappingFile(source="", tables=[table]), about="About it.")
    (read_again,) = tomllib.loads(written.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))["table"]
    assert read_again == {"sheet": sheet, "header_row": 3, "columns": {"isin": header}}
