from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from esgscan.securities.decided import answers, decide
from esgscan.securities.funds import known_funds
from esgscan.securities.keys import identity_keys
from esgscan.securities.ladder import resolve
from esgscan.securities.lines import lines_of
from esgscan.tables import DECISIONS, FUNDS, POSITIONS

if TYPE_CHECKING:
    from esgscan.tables import Engine

HIKVISION = "CNE100000PM8"
APPLE = "US0378331005"


def settled(engine: Engine, data: Any, line: dict[str, Any], *decisions: dict[str, Any]) -> dict[str, Any]:
    """Resolve one line under decisions."""
    positions = POSITIONS.frame([{"position_id": "p1", **line}])
    common = {"decided_by": "A. Reader", "decided_on": date(2026, 11, 20), "where": "d.csv, row 2"}
    table = engine.frame(DECISIONS.frame({**common, **decision} for decision in decisions))
    keys = identity_keys(data, known_funds(data, FUNDS.frame()), as_of=date(2026, 11, 23))
    lines = engine.frame(lines_of(positions, "position_id"))
    [row] = engine.collect(decide(resolve(lines, keys, engine=engine), answers(lines, table))).rows(named=True)
    return row


def test_an_answer_settles_a_line_that_was_only_possible(engine, data):
    row = settled(engine, data, {"name_as_written": "ZTE"}, {"name_as_written": "zte", "answer": "zte"})
    assert (row["issuer_id"], row["outcome"], row["confidence"]) == ("zte", "flagged", "confirmed")
    assert row["matched_by"] == "decision of a person"
    assert row["evidence"].startswith("decided by A. Reader on 2026-11-20: zte; without it possible: name 'ZTE' alone")
    assert (row["candidate"], row["reason"]) == (None, None)


def test_none_clears_a_line_that_was_refused(engine, data):
    row = settled(engine, data, {"ticker": "2415"}, {"ticker": "2415", "answer": "none", "comment": "a bank"})
    assert (row["issuer_id"], row["outcome"], row["reason"]) == (None, "clear", None)
    assert "no issuer of the watchlist (a bank); without it refused: " in row["evidence"]


def test_an_answer_beats_a_match_by_code_and_market(engine, data):
    line = {"ticker": "002415", "exchange": "Shenzhen"}
    row = settled(engine, data, line, {**line, "answer": "none"})
    assert (row["issuer_id"], row["security_id"], row["outcome"]) == (None, None, "clear")


@pytest.mark.parametrize("answer", ["none", "zte"])
def test_an_exact_isin_beats_an_answer(engine, data, answer):
    line = {"isin": HIKVISION, "name_as_written": "A name"}
    row = settled(engine, data, line, {**line, "answer": answer})
    assert (row["issuer_id"], row["matched_by"]) == ("hikvision", "isin")


def test_an_answer_holds_for_the_same_line_without_the_zeros_that_a_spreadsheet_takes(engine, data):
    decision = {"name_as_written": "Some name", "ticker": "2415", "answer": "hikvision"}
    row = settled(engine, data, {"name_as_written": "SOME  NAME", "ticker": "002415"}, decision)
    assert row["issuer_id"] == "hikvision"


@pytest.mark.parametrize(
    "more", [{"isin": APPLE}, {"ticker": "763"}, {"exchange": "Taipei"}, {"country": "TW"}], ids=lambda m: next(iter(m))
)
def test_an_answer_does_not_hold_for_a_line_that_says_more(engine, data, more):
    row = settled(engine, data, {"name_as_written": "ZTE", **more}, {"name_as_written": "ZTE", "answer": "zte"})
    assert row["matched_by"] != "decision of a person"


def test_none_does_not_open_a_fund_that_is_not_known(engine, data):
    line = {"name_as_written": "Our Emerging Markets Fund", "kind": "fund"}
    row = settled(engine, data, line, {"name_as_written": line["name_as_written"], "answer": "none"})
    assert (row["outcome"], row["reason"]) == ("uncovered", "fund without holdings")


def test_lines_without_a_decision_stay_as_they_were(engine, data):
    line = {"ticker": "002415 SZ"}
    assert settled(engine, data, line) == settled(engine, data, line, {"name_as_written": "ZTE", "answer": "zte"})
    assert settled(engine, data, line)["security_id"] == "XSHE:002415"
