from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import docx
import pytest

from esgscan.errors import OptionError
from esgscan.given_scans import write_letter
from esgscan.report.letter import LetterOptions, Tone, compose_letter, render_letter
from tests.fakes_scan import INJECTION, legal_calendar

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.records import Scan

TO = "Invented Asset Management"


def markdown(scan: Scan, **options: Any) -> str:
    return render_letter(compose_letter(scan, LetterOptions(to=TO, **options)), ".md", paper="a4").decode()


def word(scan: Scan, paper: str = "a4", **options: Any) -> Any:
    letter = compose_letter(scan, LetterOptions(to=TO, **options))
    return docx.Document(BytesIO(render_letter(letter, ".docx", paper=paper)))


def words_of(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize("tone", Tone)
def test_the_figures_are_those_of_the_scan(scan: Scan, tone: Tone) -> None:
    for text in (markdown(scan, tone=tone), words_of(word(scan, tone=tone))):
        # 0.003154012 of 250,000,000 is 788,503; Hikvision 0.00212 is 530,000: tests/fakes_scan.py.
        assert "0.3154% of the portfolio Invented Pension Fund (EUR 788,503) reaches 3 companies" in text
        assert "530,000" in text
        assert "5.615% of the portfolio could not be examined" in text


def test_each_tone_asks_for_something_else(scan: Scan) -> None:
    assert "welcome a conversation" in markdown(scan, tone=Tone.ENGAGE)
    # 30 days after 2026-11-23.
    assert "written answer to the questions below by 2026-12-23" in markdown(scan, tone=Tone.ESCALATE)
    assert "will be sold, or why they will be kept" in markdown(scan, tone=Tone.DIVEST)


def test_questions_follow_from_measures_tags_and_routes(scan: Scan) -> None:
    text = markdown(scan, about=["hikvision"])
    assert "How did your assessment of the company take this into account" in text
    assert "Have you raised this with the company" in text
    assert "These shares reach us through Invented" in text
    assert "These shares are held directly for our account." in text


def test_a_company_that_was_not_asked_about_is_left_out(scan: Scan) -> None:
    text = markdown(scan, about=["dahua"])
    assert "Zhejiang Dahua" in text
    assert "Hikvision" not in text.partition("## Sources")[0]


@pytest.mark.parametrize("about", [["nobody"], ["dahua", "nobody"]])
def test_a_company_that_is_not_reached_is_refused(scan: Scan, about: list[str]) -> None:
    with pytest.raises(OptionError, match="does not reach nobody") as error:
        markdown(scan, about=about)
    assert "hikvision" in error.value.mend


def test_a_clean_scan_gives_no_letter(clean: Scan) -> None:
    with pytest.raises(OptionError, match="any flagged company"):
        markdown(clean)


@pytest.mark.parametrize(("paper", "width"), [("a4", 210.0), ("letter", 215.9)])
def test_the_word_file_has_the_paper_and_the_dates_of_the_run(scan: Scan, paper: str, width: float) -> None:
    made = word(scan, paper)
    assert made.sections[0].page_width.mm == pytest.approx(width, abs=0.1)
    assert made.core_properties.modified.date() == scan.as_of
    assert made.core_properties.author == ""


def test_the_same_letter_has_the_same_bytes_and_any_name_can_be_written(scan: Scan) -> None:
    odd = replace(scan, portfolio=replace(scan.portfolio, name=f"\x0b{INJECTION}"))
    letters = [compose_letter(odd, LetterOptions(to="A\x00B & <C>")) for _ in range(2)]
    first, second = (render_letter(letter, ".docx", paper="a4") for letter in letters)
    assert first == second
    assert "& <C>" in words_of(docx.Document(BytesIO(first)))


def test_a_letter_can_be_drafted_from_the_json_of_a_scan(project: Path, tmp_path: Path) -> None:
    import esgscan

    esgscan.scan(project / "sample_portfolios" / "direct_china.xlsx", as_of="2026-11-23").write(tmp_path / "scan.json")
    target = tmp_path / "letter.docx"
    write_letter(str(tmp_path / "scan.json"), [str(target)], to=TO)
    from_portfolio = write_letter(
        str(project / "sample_portfolios" / "direct_china.xlsx"), [], to=TO, as_of="2026-11-23"
    )
    assert "Hikvision" in words_of(docx.Document(str(target)))
    assert b"Hikvision" in from_portfolio[""]
    with pytest.raises(OptionError, match="has its own day"):
        write_letter(str(tmp_path / "scan.json"), [], to=TO, as_of="2026-11-23")
    with pytest.raises(OptionError, match=r"\.pdf"):
        write_letter(str(tmp_path / "scan.json"), ["letter.pdf"], to=TO)


def test_what_a_ban_does_to_an_investor_is_told_as_in_the_scan_and_what_bars_nothing_is_not(scan: Scan) -> None:
    text = markdown(scan)
    calendar = text.split("### What it does to an investor")[1].split("\n### ")[0]
    # tests/fakes_scan.py: the purchase ban on Hikvision, the time to divest; the Entity List has no effect on a holder
    barring = [row for row in legal_calendar() if row["state"] != "no effect on investors"]
    assert len(barring) == calendar.count("An invented rule in plain words.")
    assert all(str(row["said"]) in calendar for row in barring)
    assert "no effect on investors" not in calendar
