"""One portfolio, stage after stage, on one page.

portfolio file -> POSITIONS -> SECURITIES -> (valuation) -> PATHS -> FLAGS -> EXPOSURES -> Scan
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import pandas as pd

from esgscan.exposures import add_worst_case, ceilings, cover, expose, mark_stale, open_parts, worst_cases
from esgscan.lookthrough import MAX_DEPTH, look_through, reduce_holdings
from esgscan.records import Coverage, PortfolioSummary, Scan
from esgscan.reference.recorded import all_recorded_weights, newest_snapshots, recorded_holdings
from esgscan.remarks import remarks
from esgscan.result import Found, result_tables
from esgscan.screening import flagged_issuers, flags_known, known_on, mark_flagged, standing_on
from esgscan.securities.funds import known_funds, settle_fund_ids
from esgscan.securities.keys import identity_keys
from esgscan.securities.ladder import resolve
from esgscan.securities.lines import lines_of
from esgscan.tables import FINDINGS, FUNDS, HOLDINGS, PANDAS, PATHS, Type
from esgscan.terms import Outcome, Reason
from esgscan.valuation import value_positions, weigh_positions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.records import FundFile, Reading, Reporter, Run
    from esgscan.securities.keys import IdentityKeys
    from esgscan.tables import Engine, Frame

MAX_AGE = 400
"""Days after which holdings are called old (design, section 6)."""

SUM_TOLERANCE = 1e-9
NOT_IN_FILE = "p0"
"""Position id of the part of the portfolio that stated weights leave out."""


def _no_rates() -> pd.DataFrame:
    return pd.DataFrame({"currency": [], "rate": []}).astype(
        {"currency": PANDAS[Type.TEXT], "rate": PANDAS[Type.NUMBER]}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """What a run may be asked for, beside its files.

    Attributes:
        as_of: The day the answer is for.
        max_age: Age of holdings, in days, beyond which they widen the interval.
        max_depth: Levels of funds inside funds that are opened.
    """

    as_of: date
    max_age: int = MAX_AGE
    max_depth: int = MAX_DEPTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a run works on, read already.

    Attributes:
        readings: The portfolio, from one file or several.
        data: The packaged data sets by name.
        edition: Day of the packaged data.
        fund_files: Holdings that the user gave.
        currency: The portfolio's currency.
        rates: currency, rate: units of the portfolio's currency for one unit of `currency`.
    """

    readings: Sequence[Reading]
    data: Mapping[str, pd.DataFrame]
    edition: date = date.max
    fund_files: Sequence[FundFile] = ()
    currency: str = ""
    rates: pd.DataFrame = field(default_factory=_no_rates)


def scan_portfolio(inputs: Inputs, *, options: ScanOptions, engine: Engine, run: Run, reporter: Reporter) -> Scan:
    """Find every way in which a portfolio reaches a flagged issuer.

    Args:
        inputs: The portfolio, fund holdings, rates and reference data.
        options: The day, and how far to look.
        engine: Where the stages are computed.
        run: How the result was made.
        reporter: Renders the result.

    Returns:
        The result; flagged + clear + uncovered is one.

    Raises:
        PortfolioError: The positions have no value and no weight to compute with.
    """
    found = find(inputs, options=options, engine=engine)
    tables = result_tables(found, inputs.data)
    found_remarks = remarks(
        inputs.readings,
        inputs.fund_files,
        positions=found.positions,
        paths=found.paths,
        as_of=options.as_of,
        max_age=options.max_age,
        known=(inputs.data["measures"]["announced_on"].min(), inputs.edition),
    )
    exposures = tables["exposures"]
    weight = _sum(exposures["weight"])
    ceiling = weight + _sum(found.parts["adds_to_ceiling"])
    return Scan(
        as_of=options.as_of,
        run=run,
        portfolio=PortfolioSummary(
            name=", ".join(reading.name for reading in inputs.readings),
            positions=len(found.positions),
            market_value=found.total,
            currency=inputs.currency,
        ),
        weight=weight,
        direct=_sum(exposures["direct"]),
        indirect=_sum(exposures["indirect"]),
        floor=_sum(exposures["floor"]) if found.positions["is_valued"].all() else min(0.0, _sum(exposures["short"])),
        ceiling=max(ceiling, 1.0) if _is_unbounded(found.positions) else ceiling,
        coverage=_coverage(found),
        findings=FINDINGS.frame(asdict(finding) for finding in found_remarks),
        reporter=reporter,
        **tables,
    )


def find(inputs: Inputs, *, options: ScanOptions, engine: Engine) -> Found:
    """Run the stages, and give what they found as pandas tables; arguments as `scan_portfolio`."""
    data, as_of = inputs.data, options.as_of
    given = _given_holdings(inputs, as_of)
    funds = known_funds(data, given.funds)
    keys = identity_keys(data, funds, as_of=as_of)
    positions = _positions(inputs, keys, engine)

    flags = flags_known(engine.frame(data["measures"]), as_of=as_of)
    facts = _facts(data, as_of, engine)
    flagged = engine.settle(flagged_issuers(flags, engine.frame(facts["tag_evidence"])))

    snapshots = _snapshots_used(data, given.funds, as_of)
    theirs = given.holdings[~given.holdings["fund_id"].isin(snapshots["fund_id"])]
    held = _holdings(theirs, recorded_holdings(data, snapshots), keys, engine)
    start = mark_flagged(engine.frame(_starting_paths(positions)), flagged).select(list(PATHS.columns))
    opened = look_through(start, mark_flagged(held, flagged), engine=engine, max_depth=options.max_depth)
    paths = engine.settle(mark_stale(opened, as_of=as_of, max_age=options.max_age))

    recorded = engine.frame(all_recorded_weights(data)).join(flagged, on="issuer_id", how="inner")
    worst = engine.settle(worst_cases(recorded))
    parts = engine.settle(add_worst_case(open_parts(paths), worst))
    exposed = engine.settle(expose(paths))
    exposures = engine.pandas(ceilings(parts, exposed, paths, worst))
    return Found(
        positions=positions,
        paths=engine.pandas(paths),
        exposures=exposures,
        parts=_with_unbounded(engine.pandas(parts), _sum(exposures["weight"]), positions),
        coverage=engine.pandas(cover(paths)),
        flags=engine.pandas(flags),
        facts=facts,
        funds=funds[["fund_id", "name"]].drop_duplicates("fund_id"),
        snapshots=snapshots,
        total=_total(positions),
        as_of=as_of,
    )


@dataclass(frozen=True, slots=True)
class _Given:
    """Tables FUNDS and HOLDINGS that the user gave: of each fund the newest day not after the as-of date."""

    funds: pd.DataFrame
    holdings: pd.DataFrame


def _given_holdings(inputs: Inputs, as_of: date) -> _Given:
    """Choose of each fund one list: the newest day not after the as-of date, and of one day the file given last."""
    settled = [settle_fund_ids(file, inputs.data) for file in inputs.fund_files]
    funds = pd.concat([FUNDS.frame(), *(f.assign(file=n) for n, (f, _) in enumerate(settled))], ignore_index=True)
    lines = pd.concat([HOLDINGS.frame(), *(h.assign(file=n) for n, (_, h) in enumerate(settled))], ignore_index=True)
    if not settled:
        return _Given(funds, lines)
    known = funds[funds["as_of"] <= as_of].sort_values(["fund_id", "as_of", "file"])
    newest = known.drop_duplicates("fund_id", keep="last")
    chosen = lines.merge(
        newest[["fund_id", "as_of", "file", "listed_as"]], on=["fund_id", "as_of", "file", "listed_as"]
    )
    chosen = chosen.assign(holding_id=[f"h{n}" for n in range(1, len(chosen) + 1)])
    return _Given(FUNDS.conform(newest), HOLDINGS.conform(chosen))


def _snapshots_used(data: Mapping[str, pd.DataFrame], given: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Give the recorded days to use: a file of the user goes before one that is not newer, and before any top list."""
    snapshots = newest_snapshots(data, as_of=as_of).merge(
        given[["fund_id", "as_of"]].rename(columns={"as_of": "given"}), on="fund_id", how="left"
    )
    is_newer = snapshots["as_of"].gt(snapshots["given"]).fillna(value=True)
    is_used = snapshots["given"].isna() | (is_newer & snapshots["completeness"].ne("top-list"))
    return snapshots[is_used].drop(columns="given")


def _positions(inputs: Inputs, keys: IdentityKeys, engine: Engine) -> pd.DataFrame:
    """Put the positions of all files together, value and weigh them, and say what each is."""
    read = pd.concat([reading.positions for reading in inputs.readings], ignore_index=True)
    if len(inputs.readings) > 1:
        read["position_id"] = pd.Series([f"p{n}" for n in range(1, len(read) + 1)], dtype=PANDAS[Type.TEXT])
    valued = value_positions(engine.frame(read), engine.frame(inputs.rates), currency=inputs.currency)
    weighed = weigh_positions(valued, engine=engine).drop("isin")
    resolved = resolve(engine.frame(lines_of(read, "position_id")), keys, engine=engine)
    joined = engine.pandas(weighed.join(resolved.rename({"line_id": "position_id"}), on="position_id", how="inner"))
    return joined.set_index("position_id").loc[read["position_id"]].reset_index()


def _starting_paths(positions: pd.DataFrame) -> pd.DataFrame:
    """Make one path per position; stated weights that add to less than one leave a path to what is not in the file."""
    start = PATHS.conform(_without_value(positions).assign(depth=0))
    missing = 1.0 - float(positions["weight"].sum())
    if abs(missing) <= SUM_TOLERANCE:
        return start
    rest = {"position_id": NOT_IN_FILE, "depth": 0, "weight": missing}
    ends = {"outcome": str(Outcome.UNCOVERED), "reason": str(Reason.NOT_IN_FILE)}
    return pd.concat([start, PATHS.frame([{**rest, **ends}])], ignore_index=True)


def _without_value(positions: pd.DataFrame) -> pd.DataFrame:
    """Mark the lines without a value as uncovered, unless they are of a watchlist issuer: that must show."""
    is_lost = ~positions["is_valued"] & positions["issuer_id"].isna()
    return positions.assign(
        outcome=positions["outcome"].mask(is_lost, str(Outcome.UNCOVERED)),
        reason=positions["reason"].mask(is_lost, str(Reason.NO_VALUE)),
        fund_id=positions["fund_id"].mask(is_lost, pd.NA),
    )


def _holdings(holdings: pd.DataFrame, recorded: pd.DataFrame, keys: IdentityKeys, engine: Engine) -> Frame:
    """Resolve the holdings that the user gave, reduce them, and put the recorded ones beside them."""
    if holdings.empty:
        return engine.frame(recorded)
    names = {"holding_id": "line_id", "fund_id": "holder_id"}
    weights = holdings.rename(columns=names)[
        ["line_id", "holder_id", "as_of", "holding_weight", "source_id", "name_as_written"]
    ]
    resolved = resolve(engine.frame(lines_of(holdings, "holding_id")), keys, engine=engine)
    joined = engine.frame(weights).join(resolved.rename({"fund_id": "fund_held"}), on="line_id", how="inner")
    reduced = reduce_holdings(joined.rename({"holder_id": "fund_id"})).select(list(recorded.columns))
    return nw.concat([engine.frame(recorded), reduced], how="vertical")


def _facts(data: Mapping[str, pd.DataFrame], as_of: date, engine: Engine) -> dict[str, pd.DataFrame]:
    """Keep the dated facts that were known on the day."""
    events = data["index_events"]
    known = {**data, "index_events": events.assign(known_on=events["announced_on"].fillna(events["effective_on"]))}
    dated = {
        "notes": "published_on",
        "relationships": "as_of",
        "index_events": "known_on",
    }
    facts = {name: known_on(engine.frame(known[name]), on, as_of=as_of) for name, on in dated.items()}
    facts["tag_evidence"] = standing_on(engine.frame(data["tag_evidence"]), as_of=as_of)
    return {name: engine.pandas(frame) for name, frame in facts.items()}


def _is_unbounded(positions: pd.DataFrame) -> bool:
    """Say whether a line without a value could hold something: then no number bounds the exposure but the whole."""
    return bool((~positions["is_valued"] & ~positions["outcome"].eq(Outcome.CLEAR).fillna(value=False)).any())


def _with_unbounded(parts: pd.DataFrame, weight: float, positions: pd.DataFrame) -> pd.DataFrame:
    """Let the lines without a value that could hold something add what is missing to the whole."""
    harmless = positions.loc[positions["outcome"].eq(Outcome.CLEAR).fillna(value=False), "position_id"]
    lost = parts["reason"].eq(Reason.NO_VALUE) & ~parts["position_id"].isin(harmless)
    gap = max(0.0, 1.0 - weight - _sum(parts["adds_to_ceiling"]))
    share = gap / max(int(lost.sum()), 1)
    return parts.assign(adds_to_ceiling=parts["adds_to_ceiling"].mask(lost, share))


def _coverage(found: Found) -> Coverage:
    by_outcome = found.coverage.groupby("outcome")["weight"].sum()
    looked_through = found.paths.loc[found.paths["depth"] > 0, "weight"]
    parts = {outcome: float(by_outcome.get(outcome, 0.0)) for outcome in map(str, Outcome)}
    return Coverage(**parts, looked_through=_sum(looked_through))


def _total(positions: pd.DataFrame) -> float | None:
    """Give the value of the portfolio; there is none where the weights are those that the file states."""
    return None if positions["is_stated"].any() else _sum(positions["value"].dropna())


def _sum(column: pd.Series) -> float:
    return float(column.sum()) if len(column) else 0.0
