from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from esgscan.report.charts import draw_weights, weights_png
from esgscan.report.formats import FileReporter
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


@pytest.mark.parametrize("name", ["海康威视", "Price $100 and $200 Co.", "x" * 200])
def test_any_name_can_be_drawn(scan: Scan, name: str) -> None:
    named = with_tables(scan, exposures=EXPOSURES.frame([{**exposures()[0], "name": name}]))
    assert weights_png(named) == weights_png(named)


def test_a_portfolio_without_exposure_can_be_drawn(clean: Scan) -> None:
    assert draw_weights(clean).get_title(loc="left").startswith("No flagged company")


def test_drawing_does_not_load_the_global_state_of_pyplot(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "matplotlib.pyplot", raising=False)
    weights_png(scan)
    assert "matplotlib.pyplot" not in sys.modules
