from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from esgscan.report.json import render_json
from esgscan.report.terminal import render_terminal
from esgscan.result_tables import RESULT_ABSENCES, RESULT_NOTES
from esgscan.tables import EXPOSURES, FINDINGS
from tests.fakes_scan import HIKVISION, notes
from tests.frames import with_tables

if TYPE_CHECKING:
    from esgscan.records import Scan


def flat(text: str) -> str:
    """Undo the wrapping."""
    return re.sub(r"\s+", " ", text)


@pytest.fixture(scope="module")
def text(scan: Scan) -> str:
    return render_terminal(scan, color=False)


@pytest.mark.parametrize("width", [40, 64, 80, 132])
@pytest.mark.parametrize("color", [False, True])
def test_no_line_is_wider_than_the_page(scan: Scan, clean: Scan, width: int, color: bool) -> None:
    for one in (scan, clean):
        rendered = re.sub(r"\x1b\[[0-9;]*m", "", render_terminal(one, width=width, color=color))
        assert max(cell_len(line) for line in rendered.splitlines()) <= width


def test_a_pipe_gets_no_escape_sequence_and_no_idle_blanks(text: str) -> None:
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_terminal_gets_colour(scan: Scan) -> None:
    assert "\x1b[1;31m0.3154% of the portfolio" in render_terminal(scan, color=True)


def test_an_escape_sequence_in_a_name_does_not_reach_the_terminal(scan: Scan) -> None:
    rows = [{"severity": "info", "where": "row 1", "what": "name '\x1b]0;owned\x07'"}]
    assert "\x1b" not in render_terminal(with_tables(scan, findings=FINDINGS.frame(rows)), color=False)


def test_the_page_does_not_depend_on_the_environment(scan: Scan, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"COLUMNS": "50", "FORCE_COLOR": "1", "TERM": "dumb"}.items():
        monkeypatch.setenv(name, value)
    assert render_terminal(scan, color=False) == text


def test_the_effects_on_an_investor_are_told_with_their_dates_and_as_information(text: str) -> None:
    heading = "WHAT A LISTING DOES TO US PERSONS, US FEDERAL CONTRACTORS (information, not legal advice)"
    assert heading in flat(text)
    banned = "NS-CMIC: purchase barred since 2021-08-02; sale to divest allowed until 2022-06-03 (over) [6]"
    assert f"{banned} {HIKVISION}" in flat(text)
    assert "No effect on investors: Entity List" in flat(text)


def test_the_headline_gives_weight_interval_and_money(text: str) -> None:
    # 788,503 / 250,000,000 = 0.3154012%; direct 752,500; through funds 36,003.
    assert "0.3154% of the portfolio reaches 3 flagged companies" in text
    assert "floor 0.3096% (proven) .. ceiling 0.3496% (possible at most)" in text
    said = "That is EUR 788,503: EUR 752,500 (0.301%) held directly and EUR 36,003 (0.0144%) through funds."
    assert said in flat(text)


def test_the_headline_and_the_json_agree(scan: Scan, text: str) -> None:
    exposure = json.loads(render_json(scan))["exposure"]
    opening = flat(text.split("Flagged company")[0]).split("2026-11-23+1a2b3c4d")[1]
    percents = [float(one) / 100 for one in re.findall(r"([\d.]+)%", opening)]
    expected = [exposure[name] for name in ("weight", "floor", "ceiling", "direct", "indirect")]
    assert percents == pytest.approx(expected, rel=5e-4)
    amounts = [float(one.replace(",", "")) for one in re.findall(r"EUR ([\d,]+)", opening)]
    assert amounts == [exposure["market_value"], exposure["direct_market_value"], exposure["indirect_market_value"]]


def test_a_line_that_its_fund_prints_as_zero_is_a_trace_in_each_column_but_direct(scan: Scan) -> None:
    shares = ("weight", "direct", "indirect", "long", "short", "floor", "ceiling")
    *others, last = scan.tables["exposures"].to_dicts()
    exposures = EXPOSURES.frame([*others, {**last, **dict.fromkeys(shares, 0.0)}])
    page = render_terminal(with_tables(scan, exposures=exposures), color=False)
    table = page.split("Flagged company")[1].split("\n\n")[0]
    assert re.findall(r"trace +0% +trace +trace", table)
    assert table.count("trace") == 3


def test_measures_stand_under_their_status(text: str) -> None:
    dossier = text.split(HIKVISION)[1] if HIKVISION in text else text
    order = ["IN FORCE", "ENACTED, NOT YET IN EFFECT", "UNDER CONSIDERATION", "ENDED", "Routes"]
    places = [dossier.index(heading) for heading in order]
    assert places == sorted(places)
    enacted = dossier[places[1] : places[2]]
    assert "Future rule: announced 2026-11-02, takes effect 2027-03-01" in flat(enacted)
    assert "Draft rule" in dossier[places[2] : places[3]]


def test_a_listing_of_subsidiaries_is_not_read_as_one_of_the_company(text: str) -> None:
    names = "Luopu Haishi Dingxin Electronic Technology Co.; Moyu Haishi Electronic Technology Co."
    assert f"names {names}, subsidiaries of the company, not the company itself" in flat(text)


def test_routes_say_how_old_their_holdings_are(text: str) -> None:
    # 2025-06-30 to 2026-11-23: 184 days to the year's end and 327 in 2026 make 511.
    assert "holdings of 2025-06-30 (511 days old, older than allowed)" in flat(text)
    assert "probable, by name and witness" in flat(text)


def test_notes_come_newest_first_and_what_is_left_out_is_said(text: str) -> None:
    # Ten notes, dated the first of January to October 2025: eight are shown.
    dates = re.findall(r"^    (2025-\d\d-01)  ", text, flags=re.MULTILINE)
    assert dates == [f"2025-{month:02}-01" for month in range(10, 2, -1)]
    assert "and 2 more notes in -o report.json or -o report.xlsx" in text


def test_context_is_kept_apart_and_names_its_subject(text: str) -> None:
    assert text.index("Context (about governments") < text.index("2019-05-21  China: An invented paper")


def test_a_partial_date_is_shown_as_printed(text: str) -> None:
    assert "    2020-02  The company said" in text


def test_coverage_adds_to_one_hundred_percent(text: str) -> None:
    lines = text.split("COVERAGE")[1].split("Whole portfolio")[0].splitlines()
    cells = [re.findall(r"([\d.]+)% +([\d,.]+)$", line) for line in lines]
    found = [(float(weight), float(value.replace(",", ""))) for one in cells for weight, value in one]
    assert round(sum(weight for weight, _ in found), 9) == 100
    assert round(sum(value for _, value in found), 2) == 250_000_000


def test_the_ceiling_says_what_it_is_made_of_and_what_would_narrow_it(text: str) -> None:
    # 0.04 x 0.004 = 0.00016 is the largest addition.
    said = "Narrows it most: add the holdings of Other Emerging Fund: 4.00% of the portfolio, of which 0.016% could be"
    assert said in flat(text)


def test_every_cited_source_is_listed_and_no_other(text: str) -> None:
    body, listed = text.split("\nSOURCES\n")
    cited = {int(one) for marks in re.findall(r"\[([\d, \n]+)\]", body) for one in marks.split(",")}
    assert {int(one) for one in re.findall(r"^ +\[(\d+)\]", listed, flags=re.MULTILINE)} == cited


def test_a_long_address_is_folded_and_whole(scan: Scan, text: str) -> None:
    address = scan.sources["url"].tolist()[8]
    assert len(address) > 80
    assert address in re.sub(r"\n\s+", "", text.split("\nSOURCES\n")[1])


def test_without_exposure_it_says_what_was_screened_and_what_was_not(clean: Scan) -> None:
    said = "No flagged company found in the 97.20% that could be screened; 2.80% could not be opened or identified."
    assert said in flat(render_terminal(clean, color=False))


def test_the_last_line_disclaims_and_names_the_edition(text: str) -> None:
    assert "Information, not legal or investment advice." in text
    assert flat(text).rstrip().endswith("reference data 2026-11-23+1a2b3c4d.")


def test_more_findings_than_fit_are_counted(scan: Scan) -> None:
    rows = [{"severity": "info", "where": f"row {n}", "what": f"finding {n}"} for n in range(23)]
    rendered = render_terminal(with_tables(scan, findings=FINDINGS.frame(rows)), color=False)
    assert "and 3 findings in -o report.json" in rendered


def test_the_order_of_notes_does_not_depend_on_the_order_of_rows(scan: Scan, text: str) -> None:
    turned = with_tables(scan, notes=RESULT_NOTES.frame(reversed(notes())))
    assert render_terminal(turned, color=False) == text


def test_notes_of_one_day_keep_the_order_of_their_ids(scan: Scan) -> None:
    same_day = [{**row, "published_on": date(2019, 5, 21)} for row in notes()[:10]]
    rendered = flat(render_terminal(with_tables(scan, notes=RESULT_NOTES.frame(reversed(same_day))), color=False))
    assert rendered.index("note number 1 exists") < rendered.index("note number 2 exists")
    assert "note number 9 exists" not in rendered


def test_companies_absent_from_one_fund_for_one_reason_stand_together(scan: Scan) -> None:
    first = {
        "fund_id": "f",
        "fund": "Some Fund",
        "as_of": date(2026, 5, 31),
        "text": "Not in its list.",
        "source_numbers": "9",
    }
    rows = [{**first, "issuer_id": one, "issuer": one.title()} for one in ("zte", "dahua")]
    rendered = flat(render_terminal(with_tables(scan, absences=RESULT_ABSENCES.frame(rows)), color=False))
    assert "- Some Fund, list of 2026-05-31, does not have Zte; Dahua: Not in its list. [9]" in rendered


def test_an_absence_says_who_announced_it_and_when_it_took_effect(scan: Scan) -> None:
    row = {
        "fund_id": "f",
        "fund": "Some Fund",
        "as_of": date(2026, 5, 31),
        "issuer_id": "zte",
        "issuer": "Zte",
        "announced_by": "MSCI",
        "announced_on": date(2020, 12, 15),
        "left_on": date(2021, 1, 5),
        "held_on": date(2020, 9, 30),
        "text": "Longer.",
        "source_numbers": "9",
    }
    rendered = flat(render_terminal(with_tables(scan, absences=RESULT_ABSENCES.frame([row])), color=False))
    said = "Zte: deleted by MSCI, announced 2020-12-15, effective 2021-01-05; last seen in the list of 2020-09-30 [9]"
    assert said in rendered
