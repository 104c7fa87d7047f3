"""Funds opened down to securities: one level, many, loops; and the law that no weight is lost or made."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esgscan.engines.duckdb import DuckDB
from esgscan.engines.memory import Memory
from esgscan.errors import OptionError
from esgscan.lookthrough import look_through, reduce_holdings
from esgscan.tables import PATHS
from tests.rows import fund_line, held_table, issuer_line, path_table, rest_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.tables import Engine

NEWER, OLDER = date(2026, 6, 30), date(2025, 12, 31)


def opened(
    engine: Engine, paths: Sequence[dict[str, Any]], held: Sequence[dict[str, Any]], **options: int
) -> list[dict[str, Any]]:
    frame = look_through(
        engine.frame(path_table(paths)), engine.frame(held_table(held)), engine=engine, **options
    )  # fmt: skip
    rows = PATHS.conform(engine.collect(frame)).to_dicts()
    order = ("position_id", "route", "outcome", "issuer_id")
    return sorted(rows, key=lambda row: [str(row[name] or "") for name in order])


def ends(rows: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in rows]


def test_a_fund_is_replaced_by_what_it_holds(engine: Engine) -> None:
    # half of the portfolio in a fund with 10% Dahua: 0.5 x 0.1 = 0.05, and 0.5 x 0.9 = 0.45 of the rest
    found = opened(
        engine,
        [
            {"fund_id": "A", "weight": 0.5, "confidence": "confirmed"},
            {"issuer_id": "hikvision", "weight": 0.25, "outcome": "flagged", "confidence": "confirmed"},
            {"weight": 0.25, "outcome": "clear"},
        ],
        [issuer_line("A", "dahua", 0.1, isin="CNE100000BJ4", as_of=NEWER, source_id="s"), rest_line("A", 0.9)],
    )
    assert ends(found, "position_id", "route", "depth", "issuer_id", "weight", "outcome") == [
        ("p1", "A", 1, None, pytest.approx(0.45), "clear"),
        ("p1", "A", 1, "dahua", pytest.approx(0.05), "flagged"),
        ("p2", None, 0, "hikvision", 0.25, "flagged"),
        ("p3", None, 0, None, 0.25, "clear"),
    ]
    assert ends(found, "isin", "source_id", "holdings_as_of", "confidence")[1] == (
        "CNE100000BJ4",
        "s",
        NEWER,
        "confirmed",
    )


def test_a_fund_inside_a_fund_is_opened_too(engine: Engine) -> None:
    # The feeder holds 99.904% of a fund that holds 0.00857% of Dahua: 0.99904 x 0.0000857 = 0.000085617728, which is
    # 0.00856% of the feeder.
    found = opened(
        engine,
        [{"fund_id": "feeder", "weight": 1.0, "confidence": "confirmed"}],
        [
            fund_line("feeder", "master", 0.99904),
            rest_line("feeder", 0.00096),
            issuer_line("master", "dahua", 0.0000857),
            rest_line("master", 0.9999143),
        ],
    )
    dahua = [row for row in found if row["issuer_id"] == "dahua"]
    assert ends(dahua, "route", "depth") == [("feeder > master", 2)]
    assert dahua[0]["weight"] == pytest.approx(0.000085617728, rel=1e-12)
    assert f"{dahua[0]['weight']:.5%}" == "0.00856%"
    assert sum(row["weight"] for row in found) == pytest.approx(1.0, abs=1e-15)


def test_every_route_to_an_issuer_is_a_row_of_its_own(engine: Engine) -> None:
    # A holds half of B and half of C, and both hold Dahua: 0.5 x 0.2 = 0.1 and 0.5 x 0.4 = 0.2
    found = opened(
        engine,
        [{"fund_id": "A", "weight": 1.0, "confidence": "confirmed"}],
        [
            fund_line("A", "B", 0.5),
            fund_line("A", "C", 0.5),
            issuer_line("B", "dahua", 0.2),
            rest_line("B", 0.8),
            issuer_line("C", "dahua", 0.4),
            rest_line("C", 0.6),
        ],
    )
    assert {row["route"]: row["weight"] for row in found if row["issuer_id"]} == {"A > B": 0.1, "A > C": 0.2}


def test_a_fund_that_is_met_again_on_its_route_is_uncovered_as_a_cycle(engine: Engine) -> None:
    # A holds half of B, B half of A. Of 1 in A: half is A's own rest, a quarter B's rest, a quarter back in A.
    found = opened(
        engine,
        [{"fund_id": "A", "weight": 1.0, "confidence": "confirmed"}],
        [fund_line("A", "B", 0.5), rest_line("A", 0.5), fund_line("B", "A", 0.5), rest_line("B", 0.5)],
    )
    assert ends(found, "route", "weight", "outcome", "reason", "fund_id") == [
        ("A", 0.5, "clear", None, None),
        ("A > B", 0.25, "clear", None, None),
        ("A > B", 0.25, "uncovered", "funds that hold one another", None),
    ]


def test_a_fund_that_holds_itself_is_uncovered_by_that_part(engine: Engine) -> None:
    found = opened(
        engine,
        [{"fund_id": "A", "weight": 0.8, "confidence": "confirmed"}],
        [fund_line("A", "A", 0.25), issuer_line("A", "dahua", 0.75)],
    )
    # 0.8 x 0.25 = 0.2 and 0.8 x 0.75 = 0.6
    assert ends(found, "issuer_id", "weight", "outcome", "reason") == [
        ("dahua", pytest.approx(0.6), "flagged", None),
        (None, pytest.approx(0.2), "uncovered", "funds that hold one another"),
    ]


def test_the_same_fund_on_two_routes_is_no_cycle(engine: Engine) -> None:
    found = opened(
        engine,
        [{"fund_id": "A", "weight": 1.0, "confidence": "confirmed"}],
        [
            fund_line("A", "B", 0.5),
            fund_line("A", "C", 0.5),
            fund_line("B", "C", 1.0),
            issuer_line("C", "dahua", 1.0),
        ],
    )
    assert ends(found, "route", "issuer_id", "weight") == [("A > B > C", "dahua", 0.5), ("A > C", "dahua", 0.5)]


def chain(length: int) -> list[dict[str, Any]]:
    """Write funds f1 > f2 > ... that each hold half of the next; the last holds Dahua."""
    lines = [
        line
        for n in range(1, length)
        for line in (fund_line(f"f{n}", f"f{n + 1}", 0.5), rest_line(f"f{n}", 0.5))
    ]  # fmt: skip
    return [*lines, issuer_line(f"f{length}", "dahua", 1.0)]


def test_funds_deeper_than_asked_stay_closed_and_uncovered(engine: Engine) -> None:
    start = [{"fund_id": "f1", "weight": 1.0, "confidence": "confirmed"}]
    found = opened(engine, start, chain(3), max_depth=2)
    assert ends(found, "route", "weight", "outcome", "reason", "fund_id") == [
        ("f1", 0.5, "clear", None, None),
        ("f1 > f2", 0.25, "clear", None, None),
        ("f1 > f2", 0.25, "uncovered", "funds nested deeper than was asked", "f3"),
    ]
    deep = opened(engine, start, chain(3), max_depth=3)
    assert [row["weight"] for row in deep if row["issuer_id"] == "dahua"] == [0.25]


def test_eight_levels_are_opened_unless_asked_otherwise() -> None:
    start = [{"fund_id": "f1", "weight": 1.0, "confidence": "confirmed"}]
    # half, seven times: 1 / 128; and a ninth fund stays closed with 1 / 256
    assert [row["weight"] for row in opened(Memory(), start, chain(8)) if row["issuer_id"]] == [1 / 128]
    closed = [row for row in opened(Memory(), start, chain(9)) if row["outcome"] == "uncovered"]
    assert ends(closed, "weight", "fund_id") == [(1 / 256, "f9")]


@pytest.mark.parametrize("depth", [0, -1])
def test_a_depth_below_one_cannot_be_asked_for(depth: int) -> None:
    with pytest.raises(OptionError) as caught:
        opened(Memory(), [], [], max_depth=depth)
    assert str(depth) in caught.value.what
    assert "from 1" in caught.value.mend


def test_a_fund_without_holdings_stays_and_is_uncovered(engine: Engine) -> None:
    found = opened(
        engine,
        [
            {"fund_id": "A", "weight": 0.5, "confidence": "confirmed", "region": "asia"},
            {"fund_id": "X", "weight": 0.5, "confidence": "confirmed", "region": "china", "matched_by": "isin"},
        ],
        [fund_line("A", "X", 0.5), fund_line("A", "Y", 0.5, region="global")],
    )
    assert {row["outcome"] for row in found} == {"uncovered"}
    assert {row["reason"] for row in found} == {"fund without holdings"}
    # A fund whose own kind is not known is of the kind of the fund that holds it.
    assert ends(found, "position_id", "route", "depth", "fund_id", "weight", "region") == [
        ("p1", "A", 1, "X", 0.25, "asia"),
        ("p1", "A", 1, "Y", 0.25, "global"),
        ("p2", None, 0, "X", 0.5, "china"),
    ]


def test_a_probable_fund_makes_everything_below_it_probable(engine: Engine) -> None:
    found = opened(
        engine,
        [
            {"fund_id": "A", "weight": 0.5, "confidence": "probable"},
            {"fund_id": "A", "weight": 0.5, "confidence": "confirmed"},
        ],
        [
            fund_line("A", "B", 0.5),
            fund_line("A", "C", 0.25, confidence="probable"),
            issuer_line("A", "dahua", 0.25),
            issuer_line("B", "iflytek", 0.5),
            issuer_line("B", "zte", 0.5, confidence="probable"),
            issuer_line("C", "hikvision", 1.0),
        ],
    )
    sure = {(row["position_id"], row["issuer_id"]): row["confidence"] for row in found}
    assert {issuer: sure["p1", issuer] for issuer in ("dahua", "iflytek", "zte", "hikvision")} == dict.fromkeys(
        ("dahua", "iflytek", "zte", "hikvision"), "probable"
    )
    assert {issuer: sure["p2", issuer] for issuer in ("dahua", "iflytek", "zte", "hikvision")} == {
        "dahua": "confirmed",
        "iflytek": "confirmed",
        "zte": "probable",
        "hikvision": "probable",
    }


@pytest.mark.parametrize(("outer", "inner"), [(OLDER, NEWER), (NEWER, OLDER)])
def test_a_route_is_as_old_as_the_oldest_holdings_on_it(engine: Engine, outer: date, inner: date) -> None:
    found = opened(
        engine,
        [{"fund_id": "A", "weight": 1.0, "confidence": "confirmed"}],
        [
            fund_line("A", "B", 0.5, as_of=outer),
            rest_line("A", 0.5, as_of=outer),
            issuer_line("B", "dahua", 1.0, as_of=inner),
        ],
    )
    assert ends(found, "route", "holdings_as_of") == [("A", outer), ("A > B", OLDER)]


def test_an_uncovered_part_of_a_fund_stays_uncovered_with_its_reason_and_the_kind_of_the_fund(engine: Engine) -> None:
    uncovered = {"fund_id": "A", "holding_weight": 0.6, "outcome": "uncovered", "reason": "identity refused"}
    found = opened(
        engine,
        [{"fund_id": "A", "weight": 0.5, "confidence": "confirmed", "region": "china"}],
        [uncovered, rest_line("A", 0.4)],
    )
    assert ends([row for row in found if row["outcome"] == "uncovered"], "weight", "reason", "region") == [
        (pytest.approx(0.3), "identity refused", "china")
    ]


def test_a_short_position_in_a_fund_is_short_in_what_the_fund_holds(engine: Engine) -> None:
    found = opened(
        engine,
        [{"fund_id": "A", "weight": -0.5, "confidence": "confirmed"}],
        [issuer_line("A", "dahua", 0.5), issuer_line("A", "zte", -0.25), rest_line("A", 0.75)],
    )
    # -0.5 x 0.5 = -0.25; short of a short is long: -0.5 x -0.25 = 0.125; -0.5 x 0.75 = -0.375
    assert {row["issuer_id"]: row["weight"] for row in found} == {"dahua": -0.25, "zte": 0.125, None: -0.375}


def test_no_paths_open_to_no_paths(engine: Engine) -> None:
    assert opened(engine, [], [issuer_line("A", "dahua", 1.0)]) == []
    assert len(opened(engine, [{"weight": 1.0, "outcome": "clear"}], [])) == 1


def test_holdings_are_reduced_to_watchlist_lines_funds_and_sums_of_the_rest(engine: Engine) -> None:
    uncovered = {"fund_id": "A", "outcome": "uncovered", "reason": "identity refused", "region": "china"}
    lines = held_table(
        [
            issuer_line("A", "dahua", 0.125, as_of=NEWER, name_as_written="Dahua A"),
            issuer_line("A", "dahua", 0.125, as_of=NEWER, name_as_written="Dahua, second line"),
            fund_line("A", "B", 0.25, as_of=NEWER),
            rest_line("A", 0.125, as_of=NEWER, name_as_written="Apple"),
            rest_line("A", 0.0625, as_of=NEWER, name_as_written="Tencent"),
            rest_line("A", -0.0625, as_of=NEWER, name_as_written="a short"),
            {**uncovered, "holding_weight": 0.125, "as_of": NEWER},
            {**uncovered, "holding_weight": 0.125, "as_of": NEWER},
            {**uncovered, "holding_weight": 0.125, "as_of": NEWER, "region": "asia"},
            rest_line("B", 1.0, as_of=OLDER, name_as_written="Meituan"),
        ]
    )
    rows = engine.collect(reduce_holdings(engine.frame(lines))).to_dicts()
    assert sorted(
        ends(rows, "fund_id", "issuer_id", "fund_held", "outcome", "region", "holding_weight"),
        key=str,
    ) == sorted(
        [
            ("A", "dahua", None, "flagged", None, 0.125),
            ("A", "dahua", None, "flagged", None, 0.125),
            ("A", None, "B", None, None, 0.25),
            ("A", None, None, "clear", None, 0.125),  # 0.125 + 0.0625 - 0.0625
            ("A", None, None, "uncovered", "china", 0.25),
            ("A", None, None, "uncovered", "asia", 0.125),
            ("B", None, None, "clear", None, 1.0),
        ],
        key=str,
    )
    summed = [row for row in rows if row["issuer_id"] is None and row["fund_held"] is None]
    assert {row["name_as_written"] for row in summed} == {None}


# ----------------------------------------------------------------------------------------------------------------
# Laws, on funds that hold one another at random

FUNDS = ("A", "B", "C", "D")
WEIGHTS = st.floats(-1.0, 2.0, allow_nan=False).map(lambda number: round(number, 6))
LINES = st.one_of(
    st.builds(
        lambda held, weight: {"fund_held": held, "holding_weight": weight},
        st.sampled_from([*FUNDS, "unknown"]),
        WEIGHTS,
    ),
    st.builds(
        lambda issuer, weight, sure: {
            "issuer_id": issuer,
            "holding_weight": weight,
            "outcome": "flagged",
            "confidence": sure,
        },
        st.sampled_from(["dahua", "zte"]),
        WEIGHTS,
        st.sampled_from(["confirmed", "probable"]),
    ),
    st.builds(lambda weight: {"holding_weight": weight, "outcome": "uncovered", "reason": "identity refused"}, WEIGHTS),
)  # fmt: skip
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@st.composite
def graphs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw holdings of some of the funds; a line for the rest makes the weights of each add to one."""
    lines = []
    for fund in draw(st.sets(st.sampled_from(FUNDS))):
        drawn = draw(st.lists(LINES, max_size=4))
        rest = {"holding_weight": 1.0 - sum(line["holding_weight"] for line in drawn), "outcome": "clear"}
        day = draw(DAYS)
        lines += [{**line, "fund_id": fund, "as_of": day} for line in [*drawn, rest]]
    return lines


STARTS = st.lists(
    st.one_of(
        st.builds(
            lambda fund, weight, sure: {"fund_id": fund, "weight": weight, "confidence": sure},
            st.sampled_from([*FUNDS, "unknown"]),
            WEIGHTS,
            st.sampled_from(["confirmed", "probable"]),
        ),
        st.builds(lambda weight: {"weight": weight, "outcome": "clear"}, WEIGHTS),
    ),
    max_size=4,
)


def near(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Make rows comparable: in one order, weights to 12 places."""
    return sorted(
        (tuple(round(v, 12) + 0.0 if k == "weight" else v for k, v in row.items()) for row in rows), key=str
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(starts=STARTS, lines=graphs(), depth=st.integers(1, 5))
def test_no_weight_is_lost_or_made_however_funds_hold_one_another(starts, lines, depth: int) -> None:
    found = opened(Memory(), starts, lines, max_depth=depth)
    going_in = sum(row["weight"] for row in starts)
    gross = sum(abs(row["weight"]) for row in found)
    assert sum(row["weight"] for row in found) == pytest.approx(going_in, abs=1e-12 * max(1.0, gross))
    for start, position in zip(starts, (f"p{n}" for n in range(1, 9)), strict=False):
        parts = [row["weight"] for row in found if row["position_id"] == position]
        assert sum(parts) == pytest.approx(start["weight"], abs=1e-12 * max(1.0, sum(map(abs, parts))))


@settings(max_examples=60, deadline=None)
@given(starts=STARTS, lines=graphs(), depth=st.integers(1, 5))
def test_every_route_ends_in_one_outcome_visits_no_fund_twice_and_is_no_longer_than_asked(starts, lines, depth) -> None:
    for row in opened(Memory(), starts, lines, max_depth=depth):
        funds = row["route"].split(" > ") if row["route"] else []
        assert len(set(funds)) == len(funds) == row["depth"] <= depth
        assert row["outcome"] in {"flagged", "clear", "uncovered"}
        assert (row["reason"] is None) == (row["outcome"] != "uncovered")
        assert row["fund_id"] is None or row["outcome"] == "uncovered"


@settings(max_examples=30, deadline=None)
@given(starts=STARTS, lines=graphs(), data=st.data())
def test_the_order_of_the_rows_does_not_matter(starts, lines, data: st.DataObject) -> None:
    numbered = [{"position_id": f"p{n}", **row} for n, row in enumerate(starts, start=1)]
    shuffled = opened(Memory(), data.draw(st.permutations(numbered)), data.draw(st.permutations(lines)))
    assert near(shuffled) == near(opened(Memory(), numbered, lines))


@settings(max_examples=10, deadline=None)
@given(starts=STARTS, lines=graphs(), depth=st.integers(1, 3))
def test_the_engines_agree(starts, lines, depth: int) -> None:
    assert near(opened(DuckDB(), starts, lines, max_depth=depth)) == near(
        opened(Memory(), starts, lines, max_depth=depth)
    )


@settings(max_examples=30, deadline=None)
@given(lines=graphs())
def test_reduced_holdings_weigh_what_the_holdings_weighed(lines) -> None:
    held = held_table(lines)
    reduced = Memory().collect(reduce_holdings(Memory().frame(held)))
    before, after = (
        dict(frame.group_by("fund_id").agg(pl.col("holding_weight").sum()).rows()) for frame in (held, reduced)
    )
    assert after == pytest.approx(before, abs=1e-12)


def test_what_a_list_leaves_out_is_of_the_kind_of_the_fund_and_not_of_an_unnamed_line(engine: Engine) -> None:
    reason = "part of a fund that its holdings leave out"
    rest = {"fund_id": "F", "holding_weight": 1.0, "outcome": "uncovered", "reason": reason, "region": "unknown"}
    opened = look_through(
        engine.frame(path_table([{"fund_id": "F", "weight": 0.4, "region": "emerging-markets"}])),
        engine.frame(held_table([rest])),
        engine=engine,
    )
    frame = engine.collect(opened)
    assert frame["region"].to_list() == ["emerging-markets"]
    assert frame["fund_weight"].to_list() == [0.4]
