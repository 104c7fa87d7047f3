"""A whole market at once: the same figures as a scan of each fund, on every engine."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import TYPE_CHECKING

import polars as pl
import pytest

from esgscan.bulk.identities import settle_identities
from esgscan.bulk.market import flagged_on
from esgscan.engines.memory import Memory
from esgscan.errors import SourceError
from esgscan.portfolio.kinds import kinds_of
from esgscan.securities.funds import known_funds
from esgscan.securities.keys import identity_keys
from esgscan.securities.ladder import resolve
from esgscan.securities.lines import lines_of
from esgscan.tables import DECISIONS, FUNDS, HOLDINGS
from tests.bulk.markets import AS_OF, DAY, exposed, line_of, market, scanned
from tests.rows import APPLE, DAHUA, EEM, HIKVISION
from tests.runs import DATA

if TYPE_CHECKING:
    from esgscan.tables import Engine

MASTER, FEEDER, MIXED = "LU0000000009", "LU0000000017", "LU0000000025"
LINES = [
    # the master: Hikvision by ISIN, Dahua by code and market, iFlytek by name and country, others
    line_of(MASTER, 30.0, isin=HIKVISION, name_as_written="HANGZHOU HIKVISION DIGITAL-A"),
    line_of(MASTER, 20.0, name_as_written="Zhejiang Dahua Tech", ticker="002236", exchange="Shenzhen"),
    line_of(MASTER, 10.0, name_as_written="iFlytek", country="China"),
    line_of(MASTER, 5.0, name_as_written="iFlytek"),
    line_of(MASTER, 900.0, isin=APPLE, name_as_written="Apple Inc"),
    line_of(MASTER, 35.0, name_as_written="Some Company", country="Japan"),
    # the feeder: nearly all in the master, and cash
    line_of(FEEDER, 99.0, isin=MASTER, name_as_written="Our Master Fund", kind="fund"),
    line_of(FEEDER, 1.0, name_as_written="USD CASH", kind="cash"),
    # a mixed fund: both, a share of its own, a short, a fund of the packaged figures, one that nobody knows
    line_of(MIXED, 400.0, isin=FEEDER, name_as_written="Our Feeder", kind="fund"),
    line_of(MIXED, 300.0, isin=MASTER, name_as_written="Our Master Fund", kind="fund"),
    line_of(MIXED, 50.0, isin=DAHUA, name_as_written="Dahua"),
    line_of(MIXED, -10.0, isin=HIKVISION, name_as_written="Hikvision"),
    line_of(MIXED, 160.0, isin=EEM, name_as_written="iShares MSCI Emerging Markets ETF", kind="fund"),
    line_of(MIXED, 100.0, isin="IE0000000007", name_as_written="Unknown UCITS Fund", kind="fund"),
]
NAMES = {MASTER: "Our Master Fund", FEEDER: "Our Feeder", MIXED: "Our Mixed Fund"}
MARKET = market({**row, "fund_name": NAMES[row["fund_id"]], "fund_isin": row["fund_id"]} for row in LINES)


@pytest.mark.parametrize("fund", [MASTER, FEEDER, MIXED])
def test_bulk_and_scan_give_the_same_exposures_and_coverage(engine: Engine, fund: str) -> None:
    rows = {issuer: row for (held_by, issuer), row in exposed(engine, MARKET).items() if held_by == fund}
    weights, screened = scanned(MARKET, {"isin": fund, "name_as_written": NAMES[fund]})
    assert len(weights) >= 3
    assert {issuer: row["weight"] for issuer, row in rows.items()} == pytest.approx(weights, abs=1e-12)
    assert [row["coverage"] for row in rows.values()] == pytest.approx([screened] * len(rows), abs=1e-12)


def test_direct_indirect_money_lines_and_total_are_told_of_each_fund(engine: Engine) -> None:
    found = exposed(engine, MARKET)
    # Hikvision in the master: 30 of 1000. The feeder has 99% of that: 0.0297, of its 100 in money 2.97.
    assert found[MASTER, "hikvision"]["direct"] == pytest.approx(0.03)
    assert found[MASTER, "hikvision"]["total_market_value"] == pytest.approx(1000.0)
    assert found[MASTER, "hikvision"]["lines"] == 6
    feeder = found[FEEDER, "hikvision"]
    assert (feeder["direct"], feeder["indirect"]) == (0.0, pytest.approx(0.0297))
    assert feeder["market_value"] == pytest.approx(2.97)
    assert (feeder["fund_name"], feeder["as_of"]) == ("Our Feeder", DAY)
    # Dahua in the mixed fund: 50 of 1000 itself; 0.3 x 0.02 + 0.4 x 0.99 x 0.02 through funds, and what EEM recorded
    mixed = found[MIXED, "dahua"]
    assert mixed["direct"] == pytest.approx(0.05)
    assert mixed["indirect"] >= 0.3 * 0.02 + 0.4 * 0.99 * 0.02 - 1e-15
    assert mixed["weight"] == pytest.approx(mixed["direct"] + mixed["indirect"], abs=1e-15)


def test_a_published_feeder_reaches_dahua_through_its_master(engine: Engine) -> None:
    # 99.904% of the feeder is in a fund with 0.00857% Dahua: 0.99904 x 0.0000857 = 0.000085617728, shown as 0.00856%
    lines = market(
        [
            line_of(MASTER, 857.0, isin=DAHUA, name_as_written="Dahua"),
            line_of(MASTER, 9_999_143.0, isin=APPLE, name_as_written="Apple Inc"),
            line_of(FEEDER, 99_904.0, isin=MASTER, name_as_written="Master", kind="fund"),
            line_of(FEEDER, 96.0, name_as_written="USD CASH", kind="cash"),
        ]
    )
    found = exposed(engine, lines)[FEEDER, "dahua"]
    assert found["weight"] == pytest.approx(0.000085617728, rel=1e-12)
    assert f"{found['weight']:.5%}" == "0.00856%"
    assert found["market_value"] == pytest.approx(100_000 * 0.000085617728, rel=1e-12)
    assert found["coverage"] == pytest.approx(1.0, abs=1e-15)


LEI = "5493006TF05454RBY690"


def test_a_fund_inside_is_known_by_its_lei_in_a_scan_and_in_bulk(engine: Engine) -> None:
    lines = market(
        [
            line_of(
                "S000000001", 10.0, isin=HIKVISION, name_as_written="Hikvision", fund_identifiers=f"lei:{LEI} cik:7"
            ),
            line_of("S000000001", 90.0, isin=APPLE, name_as_written="Apple Inc", fund_identifiers=f"lei:{LEI} cik:7"),
            line_of(FEEDER, 50.0, fund_isin=FEEDER, lei=LEI, name_as_written="Institutional Class", kind="fund"),
            # a bond of the same entity is no share of its portfolio
            line_of(FEEDER, 25.0, lei=LEI, name_as_written="Series, 5% 2030", kind="bond"),
            line_of(FEEDER, 25.0, isin=APPLE, name_as_written="Apple Inc"),
        ]
    )
    # half of the feeder is in a fund with a tenth of Hikvision
    assert exposed(engine, lines)[FEEDER, "hikvision"]["weight"] == pytest.approx(0.05)
    weights, _ = scanned(lines, {"isin": FEEDER, "name_as_written": "Feeder"})
    assert weights == {"hikvision": pytest.approx(0.05)}


def test_a_fund_that_reaches_nobody_has_one_row_without_an_issuer(engine: Engine) -> None:
    found = exposed(engine, market([line_of("A", 3.0, isin=APPLE, name_as_written="Apple"), line_of("A", 1.0)]))
    # the line of 1 has neither name nor identifier: a quarter of the fund is uncovered
    assert list(found) == [("A", None)]
    row = found["A", None]
    assert (row["weight"], row["direct"], row["indirect"], row["market_value"]) == (0.0, 0.0, 0.0, 0.0)
    assert row["coverage"] == pytest.approx(0.75)


def test_the_newest_day_not_after_the_as_of_date_counts(engine: Engine) -> None:
    lines = market(
        [
            line_of("A", 1.0, isin=HIKVISION, as_of=date(2025, 1, 31)),
            line_of("A", 1.0, isin=DAHUA, as_of=date(2026, 1, 31)),
            line_of("A", 1.0, isin=APPLE, as_of=date(2027, 1, 31)),
        ]
    )
    assert list(exposed(engine, lines)) == [("A", "dahua")]
    assert list(exposed(engine, lines, as_of=date(2025, 12, 31))) == [("A", "hikvision")]


def test_a_company_that_nothing_flagged_on_the_day_is_clear(engine: Engine) -> None:
    lines = market([line_of("A", 1.0, isin=HIKVISION, name_as_written="Hikvision", as_of=date(2010, 6, 30))])
    found = exposed(engine, lines, as_of=date(2010, 12, 31))
    assert list(found) == [("A", None)]
    assert found["A", None]["coverage"] == pytest.approx(1.0)


def test_a_line_of_no_value_on_the_watchlist_still_shows(engine: Engine) -> None:
    found = exposed(engine, market([line_of("A", 0.0, isin=HIKVISION), line_of("A", 5.0, isin=APPLE)]))
    assert list(found) == [("A", "hikvision")]
    assert found["A", "hikvision"]["weight"] == 0.0


def test_lines_without_a_day_are_refused_and_lines_without_a_fund_are_a_fund_of_their_own(engine: Engine) -> None:
    lines = market([line_of("A", 1.0, isin=HIKVISION), {**line_of("A", 1.0), "fund_id": None}])
    assert set(exposed(engine, lines)) == {("A", "hikvision"), ("", None)}
    with pytest.raises(SourceError, match="1 lines have no day, the first of them of the fund 'B'"):
        exposed(engine, market([line_of("A", 1.0), {**line_of("B", 1.0), "as_of": None}]))


def test_a_table_that_knows_lines_by_isin_only_still_finds_the_watchlist(engine: Engine) -> None:
    columns = {"fund_id": "A", "as_of": DAY}
    lines = pl.DataFrame(
        [{**columns, "isin": HIKVISION, "market_value": 1.0}, {**columns, "isin": APPLE, "market_value": 3.0}]
    )
    found = exposed(engine, lines)
    # what the other line is, share or fund, nobody says: three quarters are uncovered
    assert {key: (row["weight"], row["coverage"]) for key, row in found.items()} == {("A", "hikvision"): (0.25, 0.25)}


def test_a_packaged_fund_in_the_lines_is_used_unless_the_packaged_figures_are_newer(engine: Engine) -> None:
    newer = market([line_of("EEM", 1.0, isin=DAHUA, fund_isin=EEM)])
    assert [issuer for _, issuer in exposed(engine, newer)] == ["dahua"]
    older = market([line_of("EEM", 1.0, isin=DAHUA, fund_isin=EEM, as_of=date(2015, 6, 30))])
    found = exposed(engine, older)
    assert len(found) > 1
    assert {row["as_of"] for row in found.values()} == {date(2025, 1, 31)}


def test_an_empty_text_says_as_little_as_a_missing_one(engine: Engine) -> None:
    missing = [line_of("A", 1.0, isin=HIKVISION), line_of("A", 3.0, name_as_written="Some Company", country="Japan")]
    empty = [{**row, "isin": row.get("isin", ""), "ticker": "", "lei": ""} for row in missing]
    told = [{key: row["weight"] for key, row in exposed(engine, market(rows)).items()} for rows in (missing, empty)]
    assert told[0] == told[1] == {("A", "hikvision"): 0.25}


ISINS = [APPLE, "US5949181045", "CNE000001R84", "LU0000000009", "IE00B4L5Y983", "US5949181046", HIKVISION, EEM, None]
NAMES_OF_ALL_SORTS = [
    None,
    "Some Company",
    "iFlytek",
    "Hangzhou Hikvis",
    "China Opportunities",
    "iShares MSCI India ETF",
]


def test_isins_that_nobody_knows_count_for_one_and_come_to_what_the_ladder_says_of_each() -> None:
    kinds, tickers = ["equity", "fund", "unknown", None, "option"], [None, "002236", "EEM"]
    columns = ("isin", "name_as_written", "kind", "ticker")
    table = pl.DataFrame([*product(ISINS, NAMES_OF_ALL_SORTS, kinds, tickers)], schema=columns, orient="row")
    keys = identity_keys(DATA, known_funds(DATA, FUNDS.frame()), as_of=AS_OF)
    memory = Memory()
    found = settle_identities(table, keys, decisions=DECISIONS.frame(), memory=memory)

    held = HOLDINGS.conform(table.with_row_index().with_columns(pl.col("index").cast(pl.String).alias("holding_id")))
    kinds_read = pl.Series("kind", kinds_of(*(held[name].to_list() for name in ("kind", "name_as_written", "ticker"))))
    lines = lines_of(held.with_columns(kind=pl.coalesce("kind", kinds_read)), "holding_id", keys.links)
    ladder = memory.collect(resolve(memory.frame(lines), keys, engine=memory))
    is_clear = (pl.col("outcome") == "clear").fill_null(value=False)
    told = ladder.filter(~is_clear).select("outcome", "issuer_id", "fund_id", row=pl.col("line_id").cast(pl.Int64))
    expected = {(*table.row(row), *ends) for *ends, row in told.rows()}
    assert set(found.select(*columns, "outcome", "issuer_id", "fund_held").rows()) == expected
    assert len({ends for *_, ends in found.select("outcome").rows()}) >= 2


def test_the_recorded_funds_are_answered_for_when_they_are_asked_for(engine: Engine) -> None:
    lines = market([line_of("A", 1.0, isin=APPLE, name_as_written="Apple")])
    funds = {fund for fund, _ in exposed(engine, lines, with_recorded=True)}
    assert len(funds) > 20
    assert {"A", "us-eem"} <= funds


@pytest.mark.parametrize(("day", "is_flagged"), [(date(2025, 2, 27), False), (date(2025, 2, 28), True)])
def test_a_market_flags_a_company_through_its_owner_as_a_scan_does(day, is_flagged):
    assert ("ezviz" in set(flagged_on(DATA, as_of=day, memory=Memory())["issuer_id"])) is is_flagged
