"""One portfolio, stage after stage, on one page.

portfolio file -> POSITIONS -> SECURITIES -> (valuation) -> PATHS -> FLAGS -> EXPOSURES -> Scan
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from esgscan.absences import absent_pairs, whole_lists
from esgscan.exposures import (
    add_worst_case,
    additions,
    ceilings,
    cover,
    expose,
    mark_stale,
    open_parts,
    worst_cases,
)
from esgscan.fund_holdings import choose_holdings, open_holdings
from esgscan.history import history
from esgscan.intervals import bounded, whole_interval, with_unbounded
from esgscan.legal_effects import legal_calendar
from esgscan.lookthrough import MAX_DEPTH, look_through
from esgscan.ownership import owners_named
from esgscan.policies import Policy, default_policy
from esgscan.records import PortfolioSummary, Scan, nobody_listens
from esgscan.reference.editions import updated_in
from esgscan.reference.recorded import all_recorded_weights
from esgscan.remarks import remarks
from esgscan.result import Found, coverage_of, doubtful_owners, result_tables
from esgscan.screening import flagged_issuers, flags_known, known_by, mark_flagged, standing_on
from esgscan.securities.decided import resolve_or_decide
from esgscan.securities.funds import known_funds
from esgscan.securities.keys import identity_keys
from esgscan.securities.lines import lines_of
from esgscan.securities.links import more_links
from esgscan.tables import DECISIONS, FINDINGS, PATHS
from esgscan.terms import Outcome, Reason, Step
from esgscan.valuation import value_positions, weigh_positions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.fund_holdings import HoldingsStore
    from esgscan.records import Finding, FundFile, Listener, Reading, Reporter, Run
    from esgscan.securities.keys import IdentityKeys
    from esgscan.tables import Engine, Frame
    from esgscan.terms import Investor

col = pl.col

MAX_AGE = 400
"""Days after which holdings are called old (design, section 6)."""

SUM_TOLERANCE = 1e-9
LIST = ["fund_id", "as_of", "source_id"]
BY_PART = ["position_id", "route", "fund_id", "region", "reason", "weight"]
"""Groups come in no order; sums are taken in one, so that equal inputs give equal last digits."""
NOT_IN_FILE = "p0"
"""Position id of the part of the portfolio that stated weights leave out."""


def _no_rates() -> pl.DataFrame:
    return pl.DataFrame(schema={"currency": pl.String, "rate": pl.Float64})


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """What a run may be asked for, beside its files.

    Attributes:
        as_of: The day the answer is for: what was in force and held then.
        known_on: The day whose knowledge counts, what was announced and published by then; `as_of` if not given.
        max_age: Age of holdings, in days, beyond which they widen the interval.
        max_depth: Levels of funds inside funds that are opened.
        investor: For whom the effects of a listing are told; for everybody without one.
        policy: What counts, and how companies are told.
        listener: Hears which step is under way.
    """

    as_of: date
    known_on: date | None = None
    max_age: int = MAX_AGE
    max_depth: int = MAX_DEPTH
    investor: Investor | None = None
    policy: Policy = field(default_factory=default_policy)
    listener: Listener = nobody_listens

    @property
    def knowing(self) -> date:
        """The last day of which something may be known."""
        return self.known_on or self.as_of

    @property
    def day(self) -> date:
        """The last day of which something may be used: known by then, and not after the as-of date."""
        return min(self.as_of, self.knowing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a run works on, read already.

    Attributes:
        readings: The portfolio, from one file or several.
        data: The packaged data sets by name.
        edition: Day of the packaged data.
        fund_files: Holdings that the user gave.
        store: Holdings kept from before, if there are any.
        currency: The portfolio's currency.
        rates: currency, rate: units of the portfolio's currency for one unit of `currency`.
        decisions: Table DECISIONS: what a person said of lines of uncertain identity.
        identifiers: isin, cusip, sedol, figi: what the user knows of numbers that are not packaged.
        findings: What was found out on the way to these inputs.
    """

    readings: Sequence[Reading]
    data: Mapping[str, pl.DataFrame]
    edition: date = date.max
    fund_files: Sequence[FundFile] = ()
    store: HoldingsStore | None = None
    currency: str = ""
    rates: pl.DataFrame = field(default_factory=_no_rates)
    decisions: pl.DataFrame = field(default_factory=DECISIONS.frame)
    identifiers: pl.DataFrame | None = None
    findings: Sequence[Finding] = ()


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
    name = ", ".join(reading.name for reading in inputs.readings)
    tables = result_tables(found, inputs.data, name=name, edition=inputs.edition)
    first_step: date = inputs.data["measures"].select(col("announced_on").min()).item()
    found_remarks = remarks(
        inputs.readings,
        inputs.fund_files,
        stored=found.stored,
        positions=found.positions,
        paths=found.paths,
        decisions=inputs.decisions,
        doubts=doubtful_owners(found, inputs.data),
        as_of=options.as_of,
        max_age=options.max_age,
        known=(first_step, inputs.edition),
        updated=updated_in(inputs.data),
        said=inputs.findings,
    )
    exposures = tables["exposures"]
    whole = whole_interval(found.exposures, found.parts, found.positions)
    return Scan(
        as_of=options.as_of,
        known_on=options.knowing,
        run=replace(run, inputs={**run.inputs, **{file.name: file.sha256 for file in found.stored}}),
        portfolio=PortfolioSummary(
            name=name,
            positions=len(found.positions),
            market_value=found.total,
            currency=inputs.currency,
        ),
        weight=whole.weight,
        direct=_sum(exposures["direct"]),
        indirect=_sum(exposures["indirect"]),
        floor=whole.floor,
        ceiling=whole.ceiling,
        coverage=coverage_of(found),
        tables={**tables, "findings": FINDINGS.frame(asdict(finding) for finding in found_remarks)},
        reporter=reporter,
    )


def find(inputs: Inputs, *, options: ScanOptions, engine: Engine) -> Found:
    """Run the stages, and give what they found as tables; arguments as `scan_portfolio`."""
    data, as_of = inputs.data, options.as_of
    options.listener(Step.IDENTITIES)
    choice = choose_holdings(inputs.fund_files, inputs.store, data, as_of=options.day)
    funds = known_funds(data, choice.funds)
    tables = [*(reading.table for reading in inputs.readings), choice.holdings]
    keys = identity_keys(data, funds, as_of=as_of, tables=tables, identifiers=inputs.identifiers)
    positions = _positions(inputs, keys, engine)

    flags = engine.settle(flags_known(engine.frame(data["measures"]), as_of=as_of, known_on=options.knowing))
    facts = _facts(data, options, engine)
    ownership, reach = engine.frame(data["ownership"]), engine.frame(data["ownership_rules"])
    owners = engine.settle(owners_named(ownership, flags, reach, as_of=options.day))
    rules = engine.frame(data["legal_effects"])
    calendar = legal_calendar(flags, owners, rules, as_of=as_of, known_on=options.knowing, investor=options.investor)
    flagged = engine.settle(flagged_issuers(flags, engine.frame(facts["tag_evidence"]), owners))

    options.listener(Step.LOOK_THROUGH)

    def resolve_lines(lines: pl.DataFrame) -> Frame:
        return _resolved_holdings(lines, inputs.decisions, keys, engine)

    wanted = set(positions["fund_id"].drop_nulls())
    opening = open_holdings(choice, wanted, resolve_lines=resolve_lines, engine=engine)
    held = engine.frame(opening.held)
    theirs_used = pl.concat([choice.used, opening.funds])
    lists = whole_lists(data, choice.snapshots, theirs_used)
    present = opening.held.filter(col("issuer_id").is_not_null()).select("fund_id", "issuer_id").unique()
    absent = absent_pairs(lists, present, engine.collect(flagged), data)
    start = mark_flagged(engine.frame(_starting_paths(positions)), flagged).select(list(PATHS.columns))
    opened = look_through(start, mark_flagged(held, flagged), engine=engine, max_depth=options.max_depth)
    paths = engine.settle(mark_stale(opened, as_of=as_of, max_age=options.max_age))
    begun = engine.collect(start)
    told = history(begun, choice, flagged, resolve_lines=resolve_lines, max_age=options.max_age, engine=engine)

    recorded = engine.frame(all_recorded_weights(data)).join(flagged, on="issuer_id", how="inner")
    worst = engine.settle(worst_cases(recorded))
    parts = engine.settle(add_worst_case(open_parts(paths), worst).sort(BY_PART))
    exposed = engine.settle(expose(paths).sort("issuer_id"))
    added = engine.settle(additions(parts, exposed, paths, worst).sort("issuer_id", "reason", "region"))
    exposures = engine.collect(ceilings(exposed, added).sort("issuer_id"))
    return Found(
        positions=positions,
        paths=engine.collect(paths),
        exposures=bounded(exposures, positions),
        added=engine.collect(added),
        parts=with_unbounded(engine.collect(parts), _sum(exposures["weight"]), positions),
        coverage=engine.collect(cover(paths).sort("outcome", "reason")),
        flags=engine.collect(flags),
        owners=engine.collect(owners),
        calendar=engine.collect(calendar),
        facts=facts,
        funds=funds.select("fund_id", "name").unique("fund_id", keep="first", maintain_order=True),
        absent=absent,
        present=present,
        history=told,
        lists=pl.concat([choice.snapshots.select(LIST), theirs_used.select(LIST)]),
        stored=opening.files,
        total=_total(positions),
        as_of=as_of,
        known_on=options.knowing,
        policy=options.policy,
    )


def _positions(inputs: Inputs, keys: IdentityKeys, engine: Engine) -> pl.DataFrame:
    """Put the positions of all files together, value and weigh them, and say what each is."""
    read = pl.concat([reading.table for reading in inputs.readings])
    if len(inputs.readings) > 1:
        read = read.with_columns(position_id=pl.format("p{}", pl.int_range(1, pl.len() + 1)))
    valued = value_positions(engine.frame(read), engine.frame(inputs.rates), currency=inputs.currency)
    weighed = weigh_positions(valued, engine=engine).drop("isin")
    resolved = resolve_or_decide(lines_of(read, "position_id", keys.links), inputs.decisions, keys, engine=engine)
    joined = engine.collect(weighed.join(resolved.rename({"line_id": "position_id"}), on="position_id", how="inner"))
    return read.select("position_id").join(joined, on="position_id", maintain_order="left")


def _starting_paths(positions: pl.DataFrame) -> pl.DataFrame:
    """Make one path per position; stated weights that add to less than one leave a path to what is not in the file."""
    start = PATHS.conform(_without_value(positions).with_columns(depth=0))
    missing = 1.0 - _sum(positions["weight"])
    if abs(missing) <= SUM_TOLERANCE:
        return start
    rest = {"position_id": NOT_IN_FILE, "depth": 0, "weight": missing}
    ends = {"outcome": str(Outcome.UNCOVERED), "reason": str(Reason.NOT_IN_FILE)}
    return pl.concat([start, PATHS.frame([{**rest, **ends}])])


def _without_value(positions: pl.DataFrame) -> pl.DataFrame:
    """Mark the lines without a value as uncovered, unless they are of a watchlist issuer: that must show."""
    is_lost = ~col("is_valued") & col("issuer_id").is_null()
    return positions.with_columns(
        outcome=pl.when(is_lost).then(pl.lit(str(Outcome.UNCOVERED))).otherwise(col("outcome")),
        reason=pl.when(is_lost).then(pl.lit(str(Reason.NO_VALUE))).otherwise(col("reason")),
        fund_id=pl.when(~is_lost).then(col("fund_id")),
    )


def _resolved_holdings(holdings: pl.DataFrame, decisions: pl.DataFrame, keys: IdentityKeys, engine: Engine) -> Frame:
    """Say what each line of some funds is; their own lines tell what further numbers stand for."""
    lines = lines_of(holdings, "holding_id", more_links(keys.links, holdings))
    return resolve_or_decide(lines, decisions, keys, engine=engine)


def _facts(data: Mapping[str, pl.DataFrame], options: ScanOptions, engine: Engine) -> dict[str, pl.DataFrame]:
    """Keep the dated facts that were known on the day; of undated observations those whose source was out."""
    events = data["index_events"]
    known_from = pl.coalesce("announced_on", "effective_on")
    known = {**data, "index_events": events.with_columns(known_on=known_from)}
    if options.known_on is not None:
        for name in ("index_events", "relationships"):
            known[name] = _published(known[name], data["sources"], options.day)
    dated = {
        "notes": "published_on",
        "relationships": "as_of",
        "index_events": "known_on",
        "index_family_events": "announced_on",
    }
    facts = {name: known_by(engine.frame(known[name]), on, day=options.day) for name, on in dated.items()}
    evidence = engine.frame(data["tag_evidence"])
    facts["tag_evidence"] = standing_on(evidence, as_of=options.as_of, known_on=options.knowing)
    return {name: engine.collect(frame) for name, frame in facts.items()}


def _published(facts: pl.DataFrame, sources: pl.DataFrame, day: date) -> pl.DataFrame:
    """Keep the facts of which a source was published by the day, or was announced by then; one without date counts."""
    out = sources.filter((col("published_on") <= day).fill_null(value=True))["source_id"]
    is_out = col("source_ids").str.split(" ").list.eval(pl.element().is_in(out.to_list())).list.any()
    if "announced_on" in facts.columns:
        is_out = is_out | (col("announced_on") <= day).fill_null(value=False)
    return facts.filter(is_out)


def _total(positions: pl.DataFrame) -> float | None:
    """Give the value of the portfolio; there is none where the weights are those that the file states."""
    return None if positions["is_stated"].any() else _sum(positions["value"])


def _sum(column: pl.Series) -> float:
    return float(column.sum())
