from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esgscan.report.cells import FORMATS, legal, weight_look
from esgscan.report.xlsx import render_xlsx
from esgscan.result_tables import RESULT_POSITIONS
from tests.fakes_scan import INJECTION, positions
from tests.frames import with_tables

if TYPE_CHECKING:
    from esgscan.records import Scan


@pytest.fixture(scope="module")
def content(scan: Scan) -> bytes:
    return render_xlsx(scan)


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content))


def column(sheet: Any, header: str) -> list[Any]:
    """The cells under a header."""
    headers = [cell.value for cell in sheet[1]]
    return [row[headers.index(header)] for row in sheet.iter_rows(min_row=2)]


def test_the_sheets_are_those_of_the_documentation(book: Any) -> None:
    promised = ["Summary", "Exposures", "Paths", "Flags", "Notes", "Coverage", "Findings", "Sources"]
    assert [name for name in book.sheetnames if name in promised] == promised


def test_the_legal_calendar_gives_state_dates_and_who_is_named(book: Any) -> None:
    sheet = book["Legal calendar"]
    assert [cell.value for cell in column(sheet, "State")][:2] == ["purchase barred", "sale to divest allowed"]
    assert [cell.value for cell in column(sheet, "On the date")] == ["now", "over", "now"]
    assert column(sheet, "Until")[1].value.date().isoformat() == "2022-06-03"


def test_empty_sheets_are_left_out_only_where_that_is_allowed(clean: Scan) -> None:
    names = openpyxl.load_workbook(BytesIO(render_xlsx(clean))).sheetnames
    assert "Review" not in names
    assert {"Paths", "Flags", "Notes", "Findings", "Sources"} <= set(names)


def test_headers_are_frozen_and_filtered(book: Any) -> None:
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2", sheet.title
        assert sheet.auto_filter.ref.startswith("A1:"), sheet.title


def test_no_cell_is_a_formula(book: Any) -> None:
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert column(book["Paths"], "Position as written")[1].value == INJECTION


def test_control_characters_are_taken_out(book: Any) -> None:
    names = [cell.value for cell in column(book["Positions"], "Name as written")]
    assert "@Government bond 2% [31m  2035" in names


@pytest.mark.parametrize("text", ["\x00", "\ud800", "\uffff", "#N/A", "_x0041_", "x" * 40_000])
def test_any_name_can_be_written(scan: Scan, text: str) -> None:
    rows = [{**positions()[0], "name_as_written": text.encode("utf-8", "replace").decode()}]
    made = openpyxl.load_workbook(BytesIO(render_xlsx(with_tables(scan, positions=RESULT_POSITIONS.frame(rows)))))
    assert column(made["Positions"], "Name as written")[0].data_type != "e"


def test_what_looks_like_an_escape_is_kept_as_text() -> None:
    assert legal("_x0041_ \ud800") == "_x005F_x0041_  "


def test_figures_are_numbers_with_formats(book: Any) -> None:
    weight = column(book["Exposures"], "Weight")[0]
    assert (weight.value, weight.number_format) == (0.00212, "0.0000%")
    value = column(book["Exposures"], "Market value")[0]
    assert (value.value, value.number_format) == (530_000, "#,##0.00")
    day = column(book["Paths"], "Holdings as of")[2]
    assert (day.value, day.number_format) == (datetime(2026, 5, 31), "yyyy-mm-dd")  # noqa: DTZ001


def test_a_tiny_weight_is_not_shown_as_zero(book: Any) -> None:
    tiny = column(book["Exposures"], "Through funds")[2]
    # 0.0000012%: nine decimals show 0.000001200%.
    assert (tiny.value, tiny.number_format) == (0.000000012, "0.000000000%")


@given(st.floats(min_value=1e-9, max_value=1))
def test_the_number_format_of_a_weight_shows_two_digits_of_it(weight: float) -> None:
    decimals = FORMATS[weight_look(weight)].count("0") - 1
    assert round(weight * 100, decimals) == pytest.approx(weight * 100, rel=0.05)


def test_the_parts_on_the_coverage_sheet_add_to_the_whole(book: Any) -> None:
    weights = [cell.value for cell in column(book["Coverage"], "Weight")]
    assert sum(weights) == pytest.approx(1, abs=1e-12)


def test_source_numbers_lead_to_their_source(book: Any) -> None:
    cells = [cell for name in ("Flags", "Notes", "Paths") for cell in column(book[name], "Sources") if cell.value]
    assert cells
    for cell in cells:
        sheet, place = cell.hyperlink.location.split("!")
        assert sheet == "'Sources'"
        assert book["Sources"][place].value == int(str(cell.value).split(",")[0])


def test_sources_lead_to_their_address(book: Any) -> None:
    linked = [cell for cell in column(book["Sources"], "Address") if cell.value]
    assert len(linked) == 12
    assert all(cell.hyperlink.target == cell.value for cell in linked)


def test_measures_and_tags_stand_side_by_side_with_their_effect(book: Any) -> None:
    flags = book["Flags"]
    assert [cell.value for cell in column(flags, "Status or basis")[:6]] == [
        "In force",
        "In force",
        "In force",
        "Enacted, not yet in effect",
        "Under consideration",
        "Ended",
    ]
    assert column(flags, "What it means to a holder")[0].value == "no effect on holding or trading shares"
    assert column(flags, "Type")[6].value == "risk tag, human rights"


def test_the_summary_charts_its_own_cells(book: Any) -> None:
    summary = book["Summary"]
    assert summary["A4"].value == "0.3154% of the portfolio reaches 3 flagged companies"
    direct, indirect = summary._charts[0].series
    header = next(row for row in summary.iter_rows() if row[0].value == "Flagged company")
    first, last = header[0].row + 1, header[0].row + 3
    assert direct.val.numRef.f == f"'Summary'!$C${first}:$C${last}"
    assert indirect.val.numRef.f == f"'Summary'!$D${first}:$D${last}"
    assert direct.cat.numRef.f == f"'Summary'!$A${first}:$A${last}"
    assert [summary[f"C{row}"].value for row in range(first, last + 1)] == [0.002, 0.001, 0.00001]


def test_the_files_dates_are_those_of_the_run(content: bytes, book: Any) -> None:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 23, 0, 0, 0)}
    assert book.properties.created == book.properties.modified == datetime(2026, 11, 23)  # noqa: DTZ001


def test_a_run_before_the_first_zip_date_can_be_written(scan: Scan) -> None:
    early = replace(scan, run=replace(scan.run, generated_at="1970-01-01T00:00:00+00:00"))
    with zipfile.ZipFile(BytesIO(render_xlsx(early))) as archive:
        assert archive.testzip() is None


def test_the_exclusion_list_can_be_looked_up_by_isin(book: Any) -> None:
    sheet = book["Exclusion list"]
    assert [cell.value for cell in sheet[1]][:4] == ["ISIN", "Code", "Market", "Name"]
    found = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert found["CNE100000PM8"][1].value == "002415"
    assert found["CNE100000PM8"][1].data_type == "s"
    assert found["CNE100000PM8"][4].value == "Entity List since 2019-10-09"


def test_the_workpaper_computes_no_indicator_and_gives_inputs(book: Any) -> None:
    head, *lines = ([cell.value for cell in row] for row in book["PAI workpaper"].iter_rows())
    told = [dict(zip(head, line, strict=True)) for line in lines]
    assert [(one["Indicator"], one["Share of the portfolio"]) for one in told if one["Part"] == "Indicator"] == [
        (number, "no data") for number in ("10", "11", "14")
    ]
    [official] = [one for one in told if one["Part"] == "Input"]
    assert official["Line"] == "Input: companies with an official determination on such a ground"
    # tests/fakes_scan.py
    assert [official[name] for name in ("Share of the portfolio", "Direct", "Of it estimated", "Companies")] == [
        0.00314, 0.003, 0.00005, 1,
    ]  # fmt: skip
    [mapped] = [one for one in told if one["Part"] == "Mapping"]
    assert mapped["What the data say"].endswith("(edition 2026-11-23+1a2b3c4d)")
