"""Identifiers, stage after stage, on one page: what each is, whether it is flagged, and by what.

identifiers -> ways to read them -> SECURITIES -> FLAGS -> Check
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from esgscan.answers import Known, answer_of, misspelled, nothing, through_owners
from esgscan.legal_effects import legal_calendar
from esgscan.ownership import owners_named
from esgscan.records import Check, CheckedTable
from esgscan.result import calendar_rows, flag_rows, number_sources, owner_rows, tag_rows
from esgscan.result_tables import (
    CHECK_ANSWERS,
    CHECK_MEASURES,
    CHECK_ROWS,
    RESULT_LEGAL_CALENDAR,
    RESULT_OWNERS,
    RESULT_SOURCES,
    RESULT_TAGS,
)
from esgscan.screening import flagged_issuers, flags_known, standing_on
from esgscan.securities.decided import answers, decide
from esgscan.securities.funds import known_funds
from esgscan.securities.keys import identity_keys
from esgscan.securities.ladder import resolve
from esgscan.securities.lines import LINE, add_named_code, lines_of
from esgscan.securities.written import line_columns, market_words, ways_to_read, wrong_number
from esgscan.tables import DECISIONS, FUNDS, OWNERS
from esgscan.terms import Answer, Confidence, Covered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from esgscan.portfolio.lists import SecurityTable
    from esgscan.records import Run
    from esgscan.securities.keys import IdentityKeys
    from esgscan.tables import Engine, Frame
    from esgscan.terms import Investor

IDENTIFIED = [str(Answer.FLAGGED), str(Answer.CLEAR)]
"""Answers that name a company for certain: only of those is it said what stands against them."""
LINES = dict.fromkeys([*LINE, "linked_by"], pl.String)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInputs:
    """What a check works on.

    Attributes:
        data: The packaged data sets by name.
        as_of: The day the answer is for.
        investor: For whom the effect of measures is given, if for someone.
        decisions: Table DECISIONS: what a person said of lines of uncertain identity.
    """

    data: Mapping[str, pl.DataFrame]
    as_of: date
    investor: Investor | None = None
    decisions: pl.DataFrame = field(default_factory=DECISIONS.frame)


def check_identifiers(identifiers: Sequence[str], inputs: CheckInputs, *, engine: Engine, run: Run) -> Check:
    """Say of each identifier whether it is flagged on the day, and why.

    Args:
        identifiers: ISINs, FIGIs, LEIs, codes with their market, names with or without a country.
        inputs: Reference data, day, investor and decisions.
        engine: Where the stages are computed.
        run: How the result was made.

    Returns:
        One answer per identifier, in their order, and what stands against the issuers that are identified.
    """
    flags, tags = known_flags(inputs, engine)
    owners = known_owners(flags, inputs, engine)
    flagged = flagged_and_why(flags, tags, owners, inputs, engine)
    given = _answers(identifiers, inputs, flagged, engine)
    identified = given.filter(pl.col("answer").is_in(IDENTIFIED))
    order = identified["issuer_id"].drop_nulls().unique(maintain_order=True)
    calendar = _calendar(flags, owners, order, inputs, engine)
    raw = {
        "measures": _measures(flags, calendar, order, inputs, engine),
        "legal_calendar": calendar,
        "tags": tag_rows(engine.collect(tags), inputs.data, order),
        "owners": owner_rows(owners, inputs.data, order),
    }
    sources, numbered = number_sources(raw, inputs.data["sources"])
    tables = {
        "answers": given,
        "measures": CHECK_MEASURES.conform(numbered["measures"]),
        "legal_calendar": RESULT_LEGAL_CALENDAR.conform(numbered["legal_calendar"]),
        "tags": RESULT_TAGS.conform(numbered["tags"]),
        "owners": RESULT_OWNERS.conform(numbered["owners"]),
        "sources": RESULT_SOURCES.conform(sources),
    }
    return Check(as_of=inputs.as_of, investor=inputs.investor, run=run, tables=tables)


def check_rows(table: SecurityTable, inputs: CheckInputs, *, engine: Engine, run: Run) -> CheckedTable:
    """Say of each row of a table which issuer it is, how sure that is, and why; every row stays, in its order.

    Args:
        table: The user's table.
        inputs: Reference data, day and decisions.
        engine: Where the stages are computed.
        run: How the result was made.

    Returns:
        The user's rows with `issuer_id`, `confidence`, `matched_by`, `evidence`, `security_id`, and the answer to each.
    """
    flags, tags = known_flags(inputs, engine)
    flagged = flagged_and_why(flags, tags, known_owners(flags, inputs, engine), inputs, engine)
    found = _written_rows(table, inputs, flagged, engine) if table.written else _lined_rows(table, inputs, engine)
    told = found.with_columns(answer=_answer_word(sorted(flagged)), evidence=_evidence(flagged, inputs.as_of))
    return CheckedTable(
        as_of=inputs.as_of,
        run=run,
        name=table.name,
        header=table.header,
        rows_above=table.rows_above,
        given=pl.DataFrame([pl.Series(f"c{n}", cells, pl.String) for n, cells in enumerate(table.columns)]),
        found=CHECK_ROWS.conform(told),
    )


def _lined_rows(table: SecurityTable, inputs: CheckInputs, engine: Engine) -> pl.DataFrame:
    """Resolve the rows of a table by the columns that say what they are."""
    rows = pl.DataFrame({name: pl.Series(cells, dtype=pl.String) for name, cells in table.identities.items()})
    filled = rows.with_columns(pl.all().replace("", None), line_id=pl.int_range(pl.len()).cast(pl.String))
    keys = keys_of(inputs, filled)
    lines = lines_of(filled, "line_id", keys.links)
    resolved = identify(lines, keys, inputs, engine)
    written = filled.select("line_id", *(pl.col(name).alias(f"written_{name}") for name in ("isin", "figi", "lei")))
    joined = lines.select("line_id").join(resolved, on="line_id", how="left", maintain_order="left")
    checked = lines.select("line_id", **{f"read_{name}": name for name in ("isin", "figi", "lei")})
    both = joined.join(written, on="line_id", maintain_order="left").join(checked, on="line_id", maintain_order="left")
    return both.with_columns(
        evidence=pl.concat_str("evidence", *map(_slip, ("isin", "figi", "lei"))),
        issuer_id=pl.coalesce("issuer_id", "candidate"),
    )


def _slip(name: str) -> pl.Expr:
    """Say that an identifier has a wrong check digit, where it has."""
    written = pl.col(f"written_{name}")
    is_wrong = written.is_not_null() & pl.col(f"read_{name}").is_null()
    said = pl.format(f"; the check digit of the {name.upper()} '{{}}' is wrong", written)
    return pl.when(is_wrong).then(said).otherwise(pl.lit(""))


def _written_rows(
    table: SecurityTable, inputs: CheckInputs, flagged: Mapping[str, str], engine: Engine
) -> pl.DataFrame:
    """Resolve the rows of a table of one column as identifiers that a person typed."""
    texts = table.written or ()
    told = _told([*dict.fromkeys(texts)], inputs, flagged, engine)
    columns = ("issuer_id", "confidence", "matched_by", "evidence", "security_id")
    cells = {name: [told[text].get(name) for text in texts] for name in columns}
    return pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String))


def _answer_word(flagged: Sequence[str]) -> pl.Expr:
    """Give the answer to a row, for counting: what is neither identified nor unsure is other."""
    is_flagged = _is_sure() & pl.col("issuer_id").is_in(flagged)
    unsure = pl.col("confidence").is_in([Answer.POSSIBLE, Answer.REFUSED])
    other = pl.when(unsure).then(pl.col("confidence")).otherwise(pl.lit("other"))
    return pl.when(is_flagged).then(pl.lit(str(Answer.FLAGGED))).otherwise(other)


def _is_sure() -> pl.Expr:
    """Say whether a row is identified as an issuer."""
    return pl.col("confidence").is_in([Confidence.CONFIRMED, Confidence.PROBABLE]) & pl.col("issuer_id").is_not_null()


def _evidence(flagged: Mapping[str, str], as_of: date) -> pl.Expr:
    """Say of an issuer that nothing flags that this is so, and of one flagged through its owner that it is."""
    through = {issuer: f"; {why[0].lower()}{why[1:].rstrip('.')}" for issuer, why in flagged.items() if why}
    off = f"; nothing flags it on {as_of}"
    said = pl.col("issuer_id").replace_strict({**dict.fromkeys(flagged, ""), **through}, default=off)
    return pl.when(_is_sure()).then(pl.col("evidence") + said).otherwise(pl.col("evidence"))


def known_flags(inputs: CheckInputs, engine: Engine) -> tuple[Frame, Frame]:
    """Give table FLAGS, and the evidence for risk tags, as known on the day."""
    flags = engine.settle(flags_known(engine.frame(inputs.data["measures"]), as_of=inputs.as_of))
    return flags, engine.settle(standing_on(engine.frame(inputs.data["tag_evidence"]), as_of=inputs.as_of))


def known_owners(flags: Frame, inputs: CheckInputs, engine: Engine) -> pl.DataFrame:
    """Give table OWNERS as known on the day."""
    ownership, rules = engine.frame(inputs.data["ownership"]), engine.frame(inputs.data["ownership_rules"])
    return OWNERS.conform(engine.collect(owners_named(ownership, flags, rules, as_of=inputs.as_of)))


def flagged_and_why(
    flags: Frame, tags: Frame, owners: pl.DataFrame, inputs: CheckInputs, engine: Engine
) -> dict[str, str]:
    """Give the flagged issuers, and of those that are so only through an owner a sentence that says so."""
    flagged = engine.collect(flagged_issuers(flags, tags, engine.frame(owners)))["issuer_id"].sort()
    alone = set(engine.collect(flagged_issuers(flags, tags, engine.frame(OWNERS.frame())))["issuer_id"])
    told = owner_rows(owners.filter(covered=str(Covered.YES)), inputs.data, flagged).join(
        inputs.data["issuers"].select("issuer_id", issuer="name"), on="issuer_id", maintain_order="left"
    )
    reaching = {issuer: told.filter(issuer_id=issuer) for issuer in flagged if issuer not in alone}
    return {**dict.fromkeys(flagged, ""), **{issuer: through_owners(rows) for issuer, rows in reaching.items()}}


def keys_of(inputs: CheckInputs, *tables: pl.DataFrame) -> IdentityKeys:
    """Build what lines are compared with; the tables of the run tell what CUSIPs and SEDOLs stand for."""
    funds = known_funds(inputs.data, FUNDS.frame())
    return identity_keys(inputs.data, funds, as_of=inputs.as_of, tables=tables)


def identify(lines: pl.DataFrame, keys: IdentityKeys, inputs: CheckInputs, engine: Engine) -> pl.DataFrame:
    """Give table SECURITIES of lines, a person's answers above the ladder's."""
    frame = engine.frame(lines)
    resolved = resolve(frame, keys, engine=engine)
    if len(inputs.decisions):
        resolved = decide(resolved, answers(frame, engine.frame(inputs.decisions)))
    return engine.collect(resolved)


def _answers(
    identifiers: Sequence[str], inputs: CheckInputs, flagged: Mapping[str, str], engine: Engine
) -> pl.DataFrame:
    """Give table ANSWERS, one row per identifier."""
    told = _told([*dict.fromkeys(identifiers)], inputs, flagged, engine)
    rows = ({**told[text], "number": number, "identifier": text} for number, text in enumerate(identifiers, start=1))
    return CHECK_ANSWERS.frame({name: row.get(name) for name in CHECK_ANSWERS.columns} for row in rows)


def _told(
    texts: Sequence[str], inputs: CheckInputs, flagged: Mapping[str, str], engine: Engine
) -> dict[str, dict[str, Any]]:
    """Answer each distinct text: by the strongest among the ways to read it."""
    keys = keys_of(inputs)
    words = market_words(
        dict(keys.countries.select("country_word", "seat").iter_rows()),
        dict(keys.exchanges.select("exchange_word", "seat").iter_rows()),
    )
    ways = [(text, line) for text in texts for line in ways_to_read(text, words)]
    ids = list(map(str, range(len(ways))))
    columns = {"line_id": ids, **line_columns([line for _, line in ways]), "linked_by": [None] * len(ways)}
    lines = add_named_code(pl.DataFrame(columns, schema=LINES))
    resolved = {row["line_id"]: row for row in identify(lines, keys, inputs, engine).iter_rows(named=True)}
    known = Known(
        as_of=inputs.as_of,
        issuers={row["issuer_id"]: row for row in inputs.data["issuers"].iter_rows(named=True)},
        flagged=flagged,
        funds=dict(inputs.data["funds"].select("fund_id", "name").iter_rows()),
    )
    told: dict[str, list[dict[str, Any]]] = {text: [] for text in texts}
    for number, (text, line) in enumerate(ways):
        told[text].append(answer_of(line, resolved[str(number)], known))
    return {text: _strongest(text, answers_of_text) for text, answers_of_text in told.items()}


def _strongest(text: str, told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Choose among the ways to read an identifier; one with a wrong check digit names nothing."""
    best = min(told, key=lambda one: int(one["rank"]), default=nothing())
    wrong = wrong_number(text)
    is_read = best["answer"] in {Answer.FLAGGED, Answer.POSSIBLE}
    return misspelled(text, wrong) if wrong and not is_read else best


def _calendar(
    flags: Frame, owners: pl.DataFrame, order: pl.Series, inputs: CheckInputs, engine: Engine
) -> pl.DataFrame:
    """Give the effects on the investor of what stands against the issuers, as a scan does."""
    rules = engine.frame(inputs.data["legal_effects"])
    told = legal_calendar(flags, engine.frame(owners), rules, as_of=inputs.as_of, investor=inputs.investor)
    return calendar_rows(engine.collect(told), inputs.data, order)


def _measures(
    flags: Frame, calendar: pl.DataFrame, order: pl.Series, inputs: CheckInputs, engine: Engine
) -> pl.DataFrame:
    """Give the measures of the issuers, and what each does to the investor; the programme's words where no rule is."""
    whom = pl.lit("") if inputs.investor else pl.format("{}: ", "investors")
    said = calendar.group_by("issuer_id", "measure_id", maintain_order=True).agg(
        said=(whom + pl.col("said")).str.join("; ")
    )
    holding = inputs.data["programmes"].select("programme_id", "prohibits_holding")
    rows = flag_rows(engine.collect(flags), inputs.data, order, known_on=inputs.as_of)
    told = rows.join(said, on=["issuer_id", "measure_id"], how="left", maintain_order="left")
    return told.with_columns(effect=pl.coalesce("said", "effect_on_investor")).join(
        holding, on="programme_id", how="left", maintain_order="left"
    )
