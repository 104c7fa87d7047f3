from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from esgscan.report.charts import draw_weights
from esgscan.report.formats import FileReporter
from esgscan.report.pictures import coverage_svg, timeline_svg, weights_svg
from esgscan.tables import EXPOSURES
from tests.fakes_scan import exposures
from tests.frames import with_tables

if TYPE_CHECKING:
    from esgscan.records import Scan


def test_bars_are_as_long_as_the_weights(scan: Scan) -> None:
    axes = draw_weights(scan)
    lengths = [bar.get_width() for bar in axes.patches]
    # Three direct parts, then three through funds.
    assert lengths == pytest.approx([0.002, 0.001, 0.00001, 0.00012, 0.000024, 0.000000012])


def test_the_scan_draws_through_its_reporter(scan: Scan) -> None:
    assert len(replace(scan, reporter=FileReporter()).plot.weights().patches) == 6


def test_more_than_twelve_issuers_are_added_up(scan: Scan) -> None:
    rows = [{**exposures()[0], "issuer_id": f"i{n}", "name": f"Company {n}"} for n in range(15)]
    axes = draw_weights(with_tables(scan, exposures=EXPOSURES.frame(rows)))
    assert axes.get_yticklabels()[-1].get_text() == "3 others"
    # Three times 0.002.
    assert axes.patches[12].get_width() == pytest.approx(0.006)


def texts_of(drawn: str) -> set[str | None]:
    whole = ElementTree.fromstring(drawn)  # noqa: S314 - drawn here
    return {one.text for one in whole.iter("{http://www.w3.org/2000/svg}text")}


@pytest.mark.parametrize("name", ["海康威视", "Price $100 and $200 Co.", "x" * 200])
def test_any_name_can_be_drawn(scan: Scan, name: str) -> None:
    named = with_tables(scan, exposures=EXPOSURES.frame([{**exposures()[0], "name": name}]))
    drawn = weights_svg(named)
    assert drawn == weights_svg(named)
    assert texts_of(drawn)


def test_a_portfolio_without_exposure_can_be_drawn(clean: Scan) -> None:
    assert draw_weights(clean).get_title(loc="left").startswith("No flagged company")


def test_drawing_does_not_load_the_global_state_of_pyplot(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "matplotlib.pyplot", raising=False)
    weights_svg(scan)
    assert "matplotlib.pyplot" not in sys.modules


def test_text_in_a_drawing_stays_text(scan: Scan) -> None:
    # The figures of tests/fakes_scan.py: floor 0.003096008, ceiling 0.003496012.
    assert {"floor 0.3096%", "ceiling 0.3496%", "exposure 0.3154%"} <= texts_of(coverage_svg(scan))


def test_a_drawing_has_no_style_that_reaches_the_page_around_it(scan: Scan) -> None:
    drawn = weights_svg(scan)
    assert "<style" not in drawn
    assert "style=" not in drawn


def test_the_timeline_names_each_measure_and_the_years() -> None:
    flag = {"programme": "Entity List", "kind": "listing", "status": "in_force"}
    days = {"announced_on": date(2019, 10, 7), "in_force_from": date(2019, 10, 9), "in_force_until": None}
    ended = {"status": "ended", "in_force_until": date(2021, 8, 2), "programme": "Section 1237"}
    unit = {"scope": "subsidiary only"}
    flags = [{**flag, **days}, {**flag, **days, **unit}, {**flag, **days, **ended}]
    drawn = timeline_svg(flags, as_of=date(2026, 11, 23))
    assert {"Entity List", "Entity List (subsidiary named)", "Section 1237", "2020", "2026"} <= texts_of(drawn)


def test_the_largest_are_drawn_whatever_the_order_of_the_table(scan: Scan) -> None:
    rows = [{**exposures()[0], "issuer_id": f"i{n}", "name": f"Company {n}", "weight": n / 1000} for n in range(15)]
    axes = draw_weights(with_tables(scan, exposures=EXPOSURES.frame(rows)))
    assert [label.get_text() for label in axes.get_yticklabels()][:2] == ["Company 14", "Company 13"]
