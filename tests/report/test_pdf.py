from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from esgscan.report.pdf import MISSING, render_pdf
from esgscan.result_tables import RESULT_UNCOVERED
from tests.fakes_scan import uncovered
from tests.frames import with_tables

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.records import Scan

MOST_FONT_BYTES = 1_500_000


def read(scan: Scan) -> PdfReader:
    return PdfReader(BytesIO(render_pdf(scan)))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture(scope="module")
def reader(scan: Scan) -> PdfReader:
    return read(scan)


def root(reader: PdfReader) -> Any:
    return reader.trailer["/Root"].get_object()


def test_the_file_is_tagged_and_says_what_it_is(reader: PdfReader, scan: Scan) -> None:
    assert root(reader)["/MarkInfo"]["/Marked"]
    assert root(reader)["/Lang"] == "en"
    assert b"pdfuaid:part" in root(reader)["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith(scan.portfolio.name)
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == scan.as_of


def test_charts_are_described_in_words(reader: PdfReader) -> None:
    alternatives = [str(thing["/Alt"]) for thing in _objects(reader) if isinstance(thing, dict) and "/Alt" in thing]
    assert any("Of the whole portfolio 0.3154% reaches flagged companies" in text for text in alternatives)


def _objects(reader: PdfReader) -> list[Any]:
    return [reader.get_object(number) for number in range(1, len(reader.xref_objStm) + len(reader.xref.get(0, {})) + 1)]


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_the_paper_is_the_one_asked_for(scan: Scan, paper: str, size: tuple[int, int]) -> None:
    made = read(replace(scan, run=replace(scan.run, options={"paper": paper})))
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in made.pages} == {size}


def test_pages_carry_the_portfolio_the_day_and_their_number(reader: PdfReader, scan: Scan) -> None:
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert f"{number} / {len(reader.pages)}" in text
        assert number == 1 or f"as of {scan.as_of}" in text


def test_the_outline_lists_the_companies(reader: PdfReader) -> None:
    titles = [entry.title for entry in _flat(reader.outline)]
    assert "Summary" in titles
    assert any(title.startswith("Hangzhou Hikvision") for title in titles)


def _flat(outline: Any) -> list[Any]:
    return [entry for part in outline for entry in (_flat(part) if isinstance(part, list) else [part])]


def test_chinese_names_are_set_in_the_fonts_that_travel_along(reader: PdfReader) -> None:
    assert "杭州海康威视数字技术股份有限公司" in text_of(reader)
    fonts = {
        font.get_object()["/BaseFont"]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert fonts
    assert all("NotoSans" in font for font in fonts)


def test_the_fonts_are_small_and_come_with_their_licence(project: Path) -> None:
    folder = project / "esgscan/report/fonts"
    assert sum(path.stat().st_size for path in folder.iterdir()) < MOST_FONT_BYTES
    assert "SIL OPEN FONT LICENSE Version 1.1" in (project / "NOTICE").read_text(encoding="utf-8")


SHOWN = ("issuers", "names", "funds", "sources", "notes", "measures", "programmes", "tags", "legal_effects")
"""Data sets whose words reports show; others only match."""


@pytest.mark.parametrize("name", SHOWN)
def test_every_character_of_the_reference_data_has_a_glyph(project: Path, name: str) -> None:
    known = set((project / "esgscan/report/fonts/characters.txt").read_text(encoding="utf-8"))
    text = (project / "esgscan/reference/data" / name / "entries.csv").read_text(encoding="utf-8")
    assert {character for character in text if character >= " "} - known == set()


@pytest.mark.parametrize("name", ["海尔智家股份", "ABC Ñandú Žižkov", "ТОО Ładna Ελλάς", "トヨタ"])
def test_common_names_of_a_user_are_set_as_they_are(scan: Scan, name: str) -> None:
    assert name in text_of(read(replace(scan, portfolio=replace(scan.portfolio, name=name))))


def test_a_character_without_a_glyph_is_shown_as_missing_and_explained(scan: Scan) -> None:
    text = text_of(read(replace(scan, portfolio=replace(scan.portfolio, name="삼성 Fund"))))
    assert f"{MISSING}{MISSING} Fund" in text
    assert f"{MISSING} stands for a character that the fonts of this report lack" in text


def test_a_long_table_is_cut_on_paper_and_says_by_how_much(scan: Scan) -> None:
    rows = [{**uncovered()[0], "position_id": f"p{n}", "source_row": n} for n in range(75)]
    text = text_of(read(with_tables(scan, uncovered=RESULT_UNCOVERED.frame(rows))))
    assert "15 more lines stand in the HTML file and in the workbook." in text


def test_the_text_of_a_user_is_never_markup(scan: Scan) -> None:
    name = "#panic[x] *bold* $x$ <label> @ref"
    assert name in text_of(read(replace(scan, portfolio=replace(scan.portfolio, name=name))))
