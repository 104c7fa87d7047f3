"""What reaches each issuer, and what could: weight, floor and ceiling, worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esgscan.engines.memory import Memory
from esgscan.exposures import add_worst_case, additions, ceilings, cover, expose, mark_stale, open_parts, worst_cases
from esgscan.terms import Region
from tests.frames import collected
from tests.rows import held_table, path_table, worst_case_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from esgscan.tables import Engine

AS_OF = date(2026, 11, 23)
FRESH, OLD = date(2026, 6, 30), date(2024, 6, 30)

WORST = worst_case_table(
    [
        (Region.EMERGING_MARKETS, None, 0.03),
        (Region.EMERGING_MARKETS, "dahua", 0.015),
        (Region.EMERGING_MARKETS, "zte", 0.02),
        (Region.CHINA, None, 0.05),
        (Region.CHINA, "dahua", 0.01),
        (Region.GLOBAL, None, 0.001),
        (Region.GLOBAL, "dahua", 0.001),
    ]
)


def flagged(issuer: str, weight: float, **more: Any) -> dict[str, Any]:
    return {"issuer_id": issuer, "weight": weight, "outcome": "flagged", "confidence": "confirmed", **more}


def uncovered(reason: str, weight: float, **more: Any) -> dict[str, Any]:
    return {"weight": weight, "outcome": "uncovered", "reason": reason, **more}


def through(fund: str, day: date = FRESH) -> dict[str, Any]:
    return {"route": fund, "depth": 1, "holdings_as_of": day}


def paths_of(engine: Engine, rows: Iterable[dict[str, Any]]) -> Any:
    return mark_stale(engine.frame(path_table(rows)), as_of=AS_OF, max_age=400)


def by_issuer(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    records: dict[str, dict[str, Any]] = frame.set_index("issuer_id").to_dict("index")
    return records


def interval(engine: Engine, rows: list[dict[str, Any]], worst: pd.DataFrame = WORST) -> dict[str, dict[str, Any]]:
    """Compute what `scanning.find` computes: per issuer, and for all together under ''."""
    paths = paths_of(engine, rows)
    parts = add_worst_case(open_parts(paths), engine.frame(worst))
    exposed = expose(paths)
    per_issuer = collected(engine, ceilings(exposed, additions(parts, exposed, paths, engine.frame(worst))))
    weight, floor, rounding = (float(per_issuer[name].sum()) for name in ("weight", "floor", "rounding"))
    whole = weight + rounding + float(collected(engine, parts)["adds_to_ceiling"].sum())
    return {**by_issuer(per_issuer), "": {"weight": weight, "floor": floor, "ceiling": whole}}


def test_an_exposure_is_the_sum_of_its_routes(engine: Engine) -> None:
    frame = collected(
        engine,
        expose(
            paths_of(
                engine,
                [
                    flagged("dahua", 0.02),
                    flagged("dahua", 0.01, **through("A")),
                    flagged("dahua", 0.005, **through("B", OLD)),
                    flagged("dahua", 0.03, confidence="probable"),
                    flagged("dahua", -0.004),
                    flagged("zte", -0.001, **through("A")),
                    {"weight": 0.5, "outcome": "clear"},
                    uncovered("identity refused", 0.4, issuer_id=None),
                ],
            )
        ),
    )
    assert by_issuer(frame) == {
        "dahua": {
            "weight": pytest.approx(0.061),  # 0.02 + 0.01 + 0.005 + 0.03 - 0.004
            "direct": pytest.approx(0.046),  # 0.02 + 0.03 - 0.004
            "indirect": pytest.approx(0.015),  # 0.01 + 0.005
            "long": pytest.approx(0.065),
            "short": pytest.approx(-0.004),
            "floor": pytest.approx(0.026),  # without the old holdings and without the name: 0.02 + 0.01 - 0.004
            "rounding": 0.0,
            "paths": 5,
        },
        "zte": {
            "weight": -0.001,
            "direct": 0.0,
            "indirect": -0.001,
            "long": 0.0,
            "short": -0.001,
            "floor": -0.001,
            "rounding": 0.0,
            "paths": 1,
        },
    }


def test_holdings_are_old_when_they_are_older_than_the_age_allowed_and_not_on_that_day(engine: Engine) -> None:
    days = [AS_OF, AS_OF - timedelta(days=400), AS_OF - timedelta(days=401), None]
    rows = [{"weight": 0.1, "holdings_as_of": day} for day in days]
    frame = collected(engine, paths_of(engine, rows)).set_index("position_id")
    assert frame["is_stale"].to_dict() == {"p1": False, "p2": False, "p3": True, "p4": False}


def test_the_worst_case_of_a_kind_is_the_highest_weight_of_one_fund_on_one_day(engine: Engine) -> None:
    def recorded(fund: str, day: date, region: Region, issuer: str | None, weight: float) -> dict[str, Any]:
        return {"fund_id": fund, "as_of": day, "region": region, "issuer_id": issuer, "holding_weight": weight}

    em, china = Region.EMERGING_MARKETS, Region.CHINA
    lines = held_table(
        [
            recorded("a", FRESH, em, "dahua", 0.01),
            recorded("a", FRESH, em, "zte", 0.015),
            recorded("a", FRESH, em, "zte", 0.005),  # the H share beside the A share: 0.02
            recorded("a", OLD, em, "dahua", 0.0125),
            recorded("b", OLD, em, "zte", 0.0175),
            recorded("b", OLD, em, None, 0.9),
            recorded("c", OLD, china, "dahua", 0.04),
        ]
    )
    found = collected(engine, worst_cases(engine.frame(lines))).astype(object)
    told = {(region, None if pd.isna(issuer) else issuer): case for region, issuer, case in found.to_numpy()}
    assert told == {
        (em, "dahua"): 0.0125,
        (em, "zte"): 0.02,
        (em, None): pytest.approx(0.03),  # fund a on the newer day: 0.01 + 0.02
        (china, "dahua"): 0.04,
        (china, None): 0.04,
    }


def test_an_unopened_fund_adds_the_worst_case_of_its_kind(engine: Engine) -> None:
    found = interval(
        engine,
        [
            flagged("dahua", 0.01),
            uncovered("fund without holdings", 0.2, fund_id="X", region=Region.EMERGING_MARKETS),
        ],
    )
    # Dahua: 0.01 + 0.2 x 0.015 = 0.013; all together: 0.01 + 0.2 x 0.03 = 0.016
    assert found["dahua"]["ceiling"] == pytest.approx(0.013)
    assert found[""] == {"weight": 0.01, "floor": 0.01, "ceiling": pytest.approx(0.016)}


@pytest.mark.parametrize("kind", [Region.DEVELOPED, Region.EX_CHINA, Region.GLOBAL])
def test_a_kind_without_recorded_funds_borrows_the_worst_case_of_global(engine: Engine, kind: Region) -> None:
    found = interval(engine, [flagged("dahua", 0.01), uncovered("fund without holdings", 0.2, region=kind)])
    assert found["dahua"]["ceiling"] == pytest.approx(0.0102)  # 0.01 + 0.2 x 0.001
    assert found[""]["ceiling"] == pytest.approx(0.0102)


@pytest.mark.parametrize(
    "part",
    [
        uncovered("fund without holdings", 0.2, region=Region.UNKNOWN),
        uncovered("fund without holdings", 0.2),
        uncovered("derivative or structured product not opened", 0.2, region=Region.UNKNOWN),
        uncovered("line without an identifier", 0.2, region=Region.GLOBAL),
        uncovered("identity refused", 0.2, region=Region.GLOBAL),
        uncovered("possible match to review", 0.2, region=Region.GLOBAL),
        uncovered("not known whether share or fund", 0.2, region=Region.GLOBAL),
        uncovered("weights of the file add to less than the whole", 0.2),
    ],
    ids=lambda part: f"{part['reason']}, {part.get('region', 'no kind')}",
)
def test_of_a_part_of_which_nothing_is_known_all_counts(engine: Engine, part: dict[str, Any]) -> None:
    found = interval(engine, [flagged("dahua", 0.01), part])
    assert found["dahua"]["ceiling"] == pytest.approx(0.21)  # 0.01 + 0.2 x 1
    assert found[""]["ceiling"] == pytest.approx(0.21)


def test_old_holdings_widen_the_interval_by_what_is_not_counted_already(engine: Engine) -> None:
    # A tenth of the portfolio in a China fund: by its old list 0.0004 Dahua, 0.0001 ZTE and 0.0995 else.
    china = {"region": Region.CHINA}
    found = interval(
        engine,
        [
            flagged("dahua", 0.0004, position_id="p1", **through("A", OLD), **china),
            flagged("zte", 0.0001, position_id="p1", **through("A", OLD), **china),
            {"position_id": "p1", "weight": 0.0995, "outcome": "clear", **through("A", OLD), **china},
        ],
    )
    # Dahua could be 0.1 x 0.01 = 0.001; ZTE was in no recorded fund of the kind, and stays at 0.0001; all: 0.1 x 0.05
    assert found["dahua"]["floor"] == 0.0
    assert found["dahua"]["ceiling"] == pytest.approx(0.001)
    assert found["zte"]["ceiling"] == pytest.approx(0.0001)
    assert found[""]["floor"] == 0.0
    assert found[""]["weight"] == pytest.approx(0.0005)
    assert found[""]["ceiling"] == pytest.approx(0.005)


def test_old_holdings_that_list_more_than_the_worst_case_add_nothing(engine: Engine) -> None:
    china = {"region": Region.CHINA}
    found = interval(
        engine,
        [
            flagged("dahua", 0.08, position_id="p1", **through("A", OLD), **china),
            {"position_id": "p1", "weight": 0.02, "outcome": "clear", **through("A", OLD), **china},
        ],
    )
    assert found[""]["ceiling"] == pytest.approx(0.08)


def test_fresh_holdings_leave_no_interval(engine: Engine) -> None:
    found = interval(
        engine,
        [flagged("dahua", 0.08, **through("A")), {"weight": 0.92, "outcome": "clear", **through("A")}],
    )
    assert found["dahua"]["floor"] == found["dahua"]["weight"] == found["dahua"]["ceiling"] == 0.08


def test_a_name_match_is_counted_in_the_weight_and_left_out_of_the_floor(engine: Engine) -> None:
    found = interval(engine, [flagged("dahua", 0.02), flagged("dahua", 0.01, confidence="probable")])
    assert found["dahua"]["floor"] == 0.02
    assert found["dahua"]["weight"] == found["dahua"]["ceiling"] == pytest.approx(0.03)


def test_a_short_position_in_something_unknown_adds_nothing_to_the_ceiling(engine: Engine) -> None:
    found = interval(engine, [flagged("dahua", 0.02), uncovered("line without an identifier", -0.5)])
    assert found["dahua"]["ceiling"] == 0.02


@pytest.mark.parametrize(
    "short",
    [
        flagged("dahua", -0.01, confidence="probable"),
        flagged("dahua", -0.01, **through("A", OLD), region=Region.CHINA),
    ],
    ids=["by name", "in old holdings"],
)
def test_a_short_that_is_not_proven_leaves_floor_weight_and_ceiling_in_order(engine: Engine, short) -> None:
    found = interval(engine, [flagged("dahua", 0.03), short])
    assert found["dahua"]["floor"] <= found["dahua"]["weight"] <= found["dahua"]["ceiling"]
    assert found[""]["floor"] <= found[""]["weight"] <= found[""]["ceiling"]


def test_the_ceiling_is_per_issuer_and_counts_each_route_once(engine: Engine) -> None:
    # Two positions in the same old China fund, 0.1 and 0.2, both listing 0.1% Dahua: each could be 1%.
    china = {"region": Region.CHINA}
    rows = [
        row
        for position, weight in (("p1", 0.1), ("p2", 0.2))
        for row in (
            flagged("dahua", weight * 0.001, position_id=position, **through("A", OLD), **china),
            {"position_id": position, "weight": weight * 0.999, "outcome": "clear", **through("A", OLD), **china},
        )
    ]
    found = interval(engine, [*rows, flagged("zte", 0.05)])
    assert found["dahua"]["ceiling"] == pytest.approx(0.003)  # (0.1 + 0.2) x 0.01
    assert found["zte"]["ceiling"] == 0.05


def test_coverage_adds_the_weights_of_each_outcome_and_reason(engine: Engine) -> None:
    rows = [
        flagged("dahua", 0.1),
        flagged("zte", 0.05),
        {"weight": 0.5, "outcome": "clear"},
        {"weight": 0.25, "outcome": "clear", "position_id": "p3"},
        uncovered("identity refused", 0.04),
        uncovered("fund without holdings", 0.06),
    ]
    frame = collected(engine, cover(engine.frame(path_table(rows)))).astype(object)
    told = {(o, None if pd.isna(r) else r): (pytest.approx(w), n) for o, r, w, n in frame.to_numpy()}
    assert told == {
        ("flagged", None): (0.15, 2),
        ("clear", None): (0.75, 1),
        ("uncovered", "identity refused"): (0.04, 1),
        ("uncovered", "fund without holdings"): (0.06, 1),
    }


def test_open_parts_name_the_fund_and_the_reason(engine: Engine) -> None:
    rows = [
        uncovered("fund without holdings", 0.2, fund_id="X", region=Region.EX_CHINA, **through("A")),
        uncovered("identity refused", -0.1),
        flagged("dahua", 0.1),
        {"weight": 0.3, "outcome": "clear"},
    ]
    frame = collected(engine, open_parts(paths_of(engine, rows)))
    assert frame[["position_id", "route", "fund_id", "reason", "kind"]].to_numpy().tolist() == [
        ["p1", "A", "X", "fund without holdings", "global"]
    ]
    assert frame["weight"].tolist() == [0.2]


WEIGHTS = st.floats(-0.5, 1.0, allow_nan=False)
PATH = st.one_of(
    st.builds(
        flagged,
        st.sampled_from(["dahua", "zte"]),
        WEIGHTS,
        confidence=st.sampled_from(["confirmed", "probable"]),
        position_id=st.sampled_from(["p1", "p2"]),
        route=st.sampled_from(["A", "B"]),
        depth=st.just(1),
        holdings_as_of=st.sampled_from([FRESH, OLD]),
        region=st.sampled_from([Region.CHINA, Region.GLOBAL, Region.UNKNOWN]),
    ),
    st.builds(
        uncovered,
        st.sampled_from(["fund without holdings", "identity refused"]),
        WEIGHTS,
        region=st.sampled_from([Region.CHINA, Region.DEVELOPED, Region.UNKNOWN]),
    ),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(PATH, max_size=6))
def test_floor_weight_and_ceiling_are_in_order(rows) -> None:
    for issuer, found in interval(Memory(), rows).items():
        assert found["floor"] <= found["weight"] + 1e-12, issuer
        assert found["weight"] <= found["ceiling"] + 1e-12, issuer


# ----------------------------------------------------------------------------------------------------------------
# What a list leaves out of a fund, and what rounding hides


def opened(flagged_weight: float, left_out: float, whole: float = 1.0, **more: Any) -> list[dict[str, Any]]:
    """Write the paths of one fund whose list leaves a part out: `whole` of the portfolio is in the fund."""
    fund = {"position_id": "p1", "fund_weight": whole, **through("A"), **more}
    return [
        flagged("dahua", flagged_weight, **fund),
        {"weight": whole - flagged_weight - left_out, "outcome": "clear", **fund},
        uncovered("part of a fund that its holdings leave out", left_out, **fund),
    ]


@pytest.mark.parametrize(
    ("known", "left_out", "ceiling"),
    [
        (0.01, 0.5, 0.03),  # a fund of this kind has at most 0.03, of which 0.01 is seen
        (0.01, 0.015, 0.025),  # what is left out cannot hold more than itself
        (0.0, 0.5, 0.03),
        (0.04, 0.2, 0.24),  # more than the worst case is seen: the record is no bound, and all of the rest counts
    ],
)
def test_what_a_list_leaves_out_adds_no_more_than_itself_and_than_its_kind_was_seen_to_have(
    engine: Engine, known: float, left_out: float, ceiling: float
) -> None:
    found = interval(engine, opened(known, left_out, region=Region.EMERGING_MARKETS))
    assert found[""]["ceiling"] == pytest.approx(ceiling)


def test_what_a_list_of_an_unknown_fund_leaves_out_counts_in_full(engine: Engine) -> None:
    assert interval(engine, opened(0.1, 0.3, region=Region.UNKNOWN))[""]["ceiling"] == pytest.approx(0.4)


def test_the_worst_case_is_that_of_the_whole_fund_however_little_is_left_out(engine: Engine) -> None:
    # half of the portfolio is in a China fund: 0.05 x 0.5 = 0.025 at worst, of which 0.004 is seen, and 0.1 is left out
    found = interval(engine, opened(0.004, 0.1, whole=0.5, region=Region.CHINA))
    assert found[""]["ceiling"] == pytest.approx(0.025)
    assert found["dahua"]["ceiling"] == pytest.approx(0.005)  # 0.01 x 0.5 recorded for dahua


def test_rounding_of_a_published_weight_widens_the_interval_on_both_sides(engine: Engine) -> None:
    rows = [
        flagged("dahua", 0.0003, rounding=0.00005, **through("A")),
        flagged("zte", 0.0, rounding=0.00005, **through("A")),
        {"weight": 0.9997, "outcome": "clear", **through("A")},
    ]
    found = interval(engine, rows)
    assert (found["dahua"]["floor"], found["dahua"]["ceiling"]) == pytest.approx((0.00025, 0.00035))
    assert (found["zte"]["floor"], found["zte"]["ceiling"]) == pytest.approx((0.0, 0.00005))
    assert found[""]["ceiling"] == pytest.approx(0.0004)
