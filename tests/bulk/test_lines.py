"""Tables of holdings under our names, and sums turned into weights."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from esgscan.bulk.lines import fund_lines, together
from esgscan.bulk.passes import distinct_identities, fund_sums
from esgscan.bulk.sums import with_every_sum
from esgscan.bulk.weights import weigh_funds, weigh_lines
from esgscan.errors import SourceError
from tests.bulk.markets import AS_OF, DAY

if TYPE_CHECKING:
    from esgscan.tables import Engine


def test_columns_are_found_under_the_names_people_give_them(engine: Engine) -> None:
    table = pl.DataFrame(
        {
            "Fund_ID": ["LU0000000009", None],
            "fund": ["A name", "Another name"],
            "As_Of_Date": ["2026-06-30", "2026-06-29"],
            "name": ["Apple Inc", None],
            "weight": [1, 0],
            "fund_total": [7, 7],
        }
    )
    found = engine.collect(fund_lines(engine.frame(table), as_of=AS_OF, where="x")).sort("fund_id", descending=True)
    assert found["fund_id"].to_list() == ["LU0000000009", "Another name"]
    assert found["as_of"].to_list() == [DAY, date(2026, 6, 29)]
    assert found["name_as_written"].to_list() == ["Apple Inc", None]
    assert found["printed_weight"].to_list() == [1.0, 0.0]


@pytest.mark.parametrize("column", ["fund_isin", "fund_ticker", "fund_name", "fund"])
def test_what_describes_the_fund_stands_in_for_its_id(engine: Engine, column: str) -> None:
    table = pl.DataFrame({column: ["A"], "as_of": [DAY], "market_value": [1.0]})
    assert engine.collect(fund_lines(engine.frame(table), as_of=AS_OF, where="x"))["fund_id"].to_list() == ["A"]


def test_lines_of_a_later_day_are_left_out(engine: Engine) -> None:
    table = pl.DataFrame({"fund_id": ["A", "A"], "as_of": [DAY, date(2026, 11, 24)], "market_value": [1.0, 2.0]})
    found = engine.collect(fund_lines(engine.frame(table), as_of=AS_OF, where="x"))
    assert found["market_value"].to_list() == [1.0]


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        ({"as_of": [DAY], "market_value": [1.0]}, "fund"),
        ({"fund_id": ["A"], "market_value": [1.0]}, "day"),
        ({"fund_id": ["A"], "as_of": [DAY]}, "value or weight"),
    ],
)
def test_a_table_without_a_needed_column_is_refused(engine: Engine, columns: dict[str, Any], missing: str) -> None:
    with pytest.raises(SourceError, match=f"no column for the {missing}") as caught:
        fund_lines(engine.frame(pl.DataFrame(columns)), as_of=AS_OF, where="lines.parquet")
    assert caught.value.where == "lines.parquet"


def test_tables_with_different_columns_stand_one_below_the_other(engine: Engine) -> None:
    one = pl.DataFrame({"fund_id": ["A"], "as_of": [DAY], "isin": ["X"], "market_value": [1.0]})
    other = pl.DataFrame({"fund_id": ["B"], "as_of": [DAY], "weight": [0.5]})
    frames = [fund_lines(engine.frame(table), as_of=AS_OF, where="x") for table in (one, other)]
    found = engine.collect(together(frames)).sort("fund_id")
    assert found["isin"].to_list() == ["X", None]
    assert found["market_value"].to_list() == [1.0, None]
    assert found["printed_weight"].to_list() == [None, 0.5]


def test_what_is_no_number_is_missing(engine: Engine) -> None:
    values = [1.0, float("nan"), float("inf"), -float("inf"), None]
    table = pl.DataFrame({"fund_id": ["A"] * 5, "as_of": [DAY] * 5, "market_value": values})
    lines = fund_lines(engine.frame(table), as_of=AS_OF, where="x")
    assert engine.collect(fund_sums(lines)).select("lines", "valued", "market_value").rows() == [(5, 1, 1.0)]


def test_an_identity_is_taken_out_once(engine: Engine) -> None:
    table = pl.DataFrame(
        {
            "fund_id": ["A", "B", "C", "D"],
            "as_of": [DAY] * 4,
            "isin": ["X", "X", None, ""],
            "kind": ["equity"] * 4,
            "market_value": [1.0] * 4,
        }
    )
    lines = fund_lines(engine.frame(table), as_of=AS_OF, where="x")
    found = engine.collect(distinct_identities(lines))
    assert set(found.rows()) == {("X", "equity"), (None, "equity"), ("", "equity")}
    assert len(found) == 3


def test_each_fund_and_day_is_added_up(engine: Engine) -> None:
    table = pl.DataFrame(
        {
            "fund_id": ["A", "A", "A", "B"],
            "as_of": [DAY, DAY, date(2026, 5, 31), DAY],
            "fund_name": ["Fund A", None, "Fund A", None],
            "market_value": [1.0, None, 4.0, 0.5],
        }
    )
    lines = fund_lines(engine.frame(table), as_of=AS_OF, where="x")
    found = with_every_sum(engine.collect(fund_sums(lines))).sort("fund_id", "as_of")
    told = found.select("fund_id", "as_of", "lines", "valued", "market_value", "fund_name").rows()
    assert told == [
        ("A", date(2026, 5, 31), 1, 1, 4.0, "Fund A"),
        ("A", DAY, 2, 1, 1.0, "Fund A"),
        ("B", DAY, 1, 1, 0.5, None),
    ]


def test_a_small_sum_among_percentages_is_a_percentage() -> None:
    funds = pl.DataFrame({"fund_id": ["A", "B", "C"], "as_of": [DAY] * 3, "printed_weight": [100.0, 99.0, 0.9]})
    told = weigh_funds(with_every_sum(funds)).sort("fund_id")
    assert told["listed"].to_list() == pytest.approx([1.0, 1.0, 0.009])


def weighed(**sums: float) -> dict[str, Any]:
    row = {"fund_id": "A", "as_of": DAY, "lines": 1, **sums}
    return weigh_funds(with_every_sum(pl.DataFrame([row]))).row(0, named=True)


@pytest.mark.parametrize(
    ("sums", "denominator", "listed", "total"),
    [
        # percentages are hundredths, of a whole list and of one that is cut
        ({"printed_weight": 99.5}, 99.5, 1.0, None),
        ({"printed_weight": 35.0}, 100.0, 0.35, None),
        ({"printed_weight": 50.0, "market_value": 50.0, "valued": 1}, 100.0, 0.5, 100.0),
        # and those that add to twice the whole count money more than once
        ({"printed_weight": 200.0}, 1.0, 0.0, None),
        # values are fractions of their sum
        ({"market_value": 50.0, "valued": 1}, 50.0, 1.0, 50.0),
        # of a stated whole: 50 of 200
        ({"market_value": 50.0, "valued": 1, "fund_total": 200.0}, 200.0, 0.25, 200.0),
        # of the whole that cut printed weights tell: 50 are a half, so the whole is 100
        ({"market_value": 50.0, "valued": 1, "printed_weight": 0.5}, 100.0, 0.5, 100.0),
        # printed weights that round to nearly one are a whole list, others are not
        ({"printed_weight": 0.99}, 0.99, 1.0, None),
        ({"printed_weight": 0.6}, 1.0, 0.6, None),
        # weights of ours are as they are, and money is known where the whole is stated
        ({"holding_weight": 0.8, "fund_total": 10.0, "market_value": 3.0, "valued": 1}, 1.0, 0.8, 10.0),
        # what counts money more than once, or adds to nothing, is uncovered
        ({"market_value": 50.0, "valued": 1, "printed_weight": 1.8}, 1.0, 0.0, None),
        ({"market_value": 0.0, "valued": 2}, 1.0, 0.0, None),
    ],
)
def test_lines_are_fractions_of_a_stated_whole(
    sums: dict[str, float], denominator: float, listed: float, total: float | None
) -> None:
    row = weighed(**sums)
    assert (row["denominator"], row["listed"], row["total_market_value"]) == (
        pytest.approx(denominator),
        pytest.approx(listed),
        total if total is None else pytest.approx(total),
    )


def test_the_weights_of_a_fund_add_to_one_with_what_its_lines_leave_out() -> None:
    funds = weigh_funds(
        with_every_sum(
            pl.DataFrame(
                [{"fund_id": "A", "as_of": DAY, "lines": 9, "market_value": 80.0, "valued": 9, "fund_total": 100.0}]
            )
        )
    )
    found = with_every_sum(
        pl.DataFrame(
            [
                {
                    "fund_id": "A",
                    "as_of": DAY,
                    "lines": 1,
                    "outcome": "flagged",
                    "issuer_id": "zte",
                    "market_value": 5.0,
                },
                {
                    "fund_id": "A",
                    "as_of": DAY,
                    "lines": 1,
                    "outcome": "uncovered",
                    "issuer_id": None,
                    "market_value": 15.0,
                },
            ]
        ).with_columns(fund_held=pl.lit(None, pl.String))
    )
    # of 100: 5 flagged, 15 uncovered, 80 - 20 = 60 clear, and 20 not listed
    held = weigh_lines(funds, found).group_by("outcome").agg(pl.col("holding_weight").sum()).sort("outcome")
    assert dict(held.rows()) == {
        "clear": pytest.approx(0.6),
        "flagged": pytest.approx(0.05),
        "uncovered": pytest.approx(0.35),
    }
