"""Checks of whole tables: every row of the user's stays, in its order, with five columns beside it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl
import pytest
from openpyxl import Workbook

import esgscan
from esgscan.report.check_table import render_checked_csv, summary

if TYPE_CHECKING:
    from esgscan.records import CheckedTable

ADDED = ["issuer_id", "confidence", "matched_by", "evidence", "security_id"]
TEXT = (
    "Name,ISIN,Ticker,Exchange,Note\n"
    "Hikvision,,002415,XSHE,=1+1\n"
    "Apple,US0378331005,,,-5.2\n"
    "Total,,,,@x\n"
    'ZTE,,,,"a ""quoted"", b"\n'
    "X,CNE100000PM9,,,\t=2\n"
    "EZVIZ,CNE100005VM5,,,\n"
)


def checked(text: str = TEXT) -> CheckedTable:
    return esgscan.check_table(text.encode(), as_of="2026-11-23")


def written(table: CheckedTable) -> list[list[str]]:
    text = render_checked_csv(table).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_users_columns_stay_and_five_are_added():
    header, *lines = written(checked())
    assert header == ["Name", "ISIN", "Ticker", "Exchange", "Note", *ADDED]
    assert [line[0] for line in lines] == ["Hikvision", "Apple", "Total", "ZTE", "X", "EZVIZ"]
    assert lines[3][4] == 'a "quoted", b'


def test_each_row_says_which_issuer_it_is_how_sure_that_is_and_why():
    found = {line[0]: line[5:] for line in written(checked())[1:]}
    # 002415 is Hikvision's code in Shenzhen, and CNE100005VM5 the ISIN of EZVIZ, which no list names.
    assert found["Hikvision"][:3] == ["hikvision", "confirmed", "code and name"]
    assert found["Hikvision"][4] == "XSHE:002415"
    assert found["ZTE"][:3] == ["zte", "possible", "name only"]
    assert found["Apple"][:2] == ["", "none"]
    assert found["EZVIZ"][:2] == ["ezviz", "confirmed"]
    assert found["EZVIZ"][3].endswith(
        "; no list names Hangzhou EZVIZ Network Co., Ltd.; FCC Covered List and Section 889 name its owner Hangzhou "
        "Hikvision Digital Technology Co., Ltd. and reach it through ownership"
    )
    assert "the check digit of the isin 'cne100000pm9' is wrong" in found["X"][3].lower()


def test_a_cell_that_would_be_a_formula_is_inert_and_a_number_stays_one():
    notes = [line[4] for line in written(checked())[1:]]
    assert notes[:3] == ["'=1+1", "-5.2", "'@x"]
    cells = [cell for line in written(checked("=name,isin\n+1+1,US0378331005\n-x,\n")) for cell in line]
    assert [cell for cell in cells if cell[:1] in "=+-@" and cell] == []


def test_the_summary_counts_what_matters():
    assert summary(checked()) == "6 rows checked as of 2026-11-23: 2 flagged, 1 possible, 0 refused."
    above = "Report of 2026\n\nname,isin,quantity\nA,US0378331005,1\n"
    assert summary(checked(above)).endswith("0 refused; 2 rows above the header left out.")


def test_a_name_that_the_user_has_already_is_told_apart():
    again = checked(render_checked_csv(checked()).decode("utf-8-sig"))
    assert written(again)[0] == [
        "Name",
        "ISIN",
        "Ticker",
        "Exchange",
        "Note",
        *ADDED,
        *(f"{n} (esgscan)" for n in ADDED),
    ]
    assert [line[10] for line in written(again)[1:]] == [line[5] for line in written(again)[1:]]


def test_one_column_of_things_typed_is_answered_like_identifiers():
    lines = written(checked("security\n002415 CH\nHikvision\nApple\nHikvision CNE100000PM8\n"))[1:]
    assert [line[1:3] for line in lines] == [
        ["hikvision", "confirmed"],
        ["hikvision", "possible"],
        ["", "none"],
        ["hikvision", "confirmed"],
    ]


def test_a_workbook_keeps_its_cells_as_text(tmp_path):
    book = Workbook()
    book.active.append(["Name", "Code", "Exchange", "Value"])
    book.active.append(["Hangzhou Hikvision", 2415, "Shenzhen", 12.5])
    book.active.append([None, None, None, None])
    book.active.append(["Apple Inc", "AAPL", "NASDAQ", 3])
    book.save(tmp_path / "t.xlsx")
    lines = written(esgscan.check_table(tmp_path / "t.xlsx", as_of="2026-11-23"))[1:]
    assert [line[:4] for line in lines] == [
        ["Hangzhou Hikvision", "2415", "Shenzhen", "12.5"],
        ["", "", "", ""],
        ["Apple Inc", "AAPL", "NASDAQ", "3"],
    ]
    assert lines[0][4:6] == ["hikvision", "confirmed"]


@pytest.mark.parametrize("made", [pd.DataFrame, pl.DataFrame])
def test_a_data_frame_comes_back_as_pandas_with_its_rows(made):
    table = esgscan.check_table(made({"name": ["B", "Hikvision"], "country": ["US", "CN"]}), as_of="2026-11-23")
    rows = table.rows
    assert list(rows.columns) == ["name", "country", *ADDED]
    assert rows["name"].to_list() == ["B", "Hikvision"]
    assert rows["issuer_id"].to_list()[1] == "hikvision"
    assert table.flagged


def test_decisions_hold_for_the_rows_of_a_table(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text(
        "name_as_written,country,answer,decided_by,decided_on\nZTE,TW,none,A,2026-11-20\n", encoding="utf-8"
    )
    table = esgscan.check_table(b"name,country\nZTE,TW\nZTE,CN\n", as_of="2026-11-23", decisions=path)
    assert table.rows["issuer_id"].fillna("").to_list() == ["", "zte"]
    assert table.rows["matched_by"].to_list()[0] == "decision of a person"


def test_a_large_table_keeps_every_row_in_its_order():
    names = [f"Company {n}" if n % 97 else "Hikvision" for n in range(20_000)]
    frame = pl.DataFrame({"name": names, "country": ["CN"] * len(names)})
    rows = esgscan.check_table(frame, as_of="2026-11-23").rows
    assert rows["name"].to_list() == names
    assert (rows["issuer_id"] == "hikvision").sum() == -(-20_000 // 97)


def test_a_row_with_a_sedol_alone_is_the_security_of_the_row_that_prints_its_isin_too():
    rows = written(checked("name,isin,sedol\nHikvision,CNE100000PM8,0263494\nA name nobody knows,,0263494\n"))
    assert [row[-1] for row in rows] == ["security_id", "XSHE:002415", "XSHE:002415"]
    assert "by SEDOL 0263494" in rows[2][-2]
