"""What the stages found -> the tables of a Scan: names joined, sources numbered, rows in the order a reader meets them.

Nothing is computed here that a stage could compute; the tables are small, and plain Polars.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from esgscan.absences import fund_absences, later_steps, owner_absences
from esgscan.exclusion_list import exclusion_list
from esgscan.intervals import interval_rows, step_rows
from esgscan.pai import PaiFacts, pai_rows
from esgscan.policies import judged, policy_rows, standing
from esgscan.records import Coverage
from esgscan.reference.editions import LIST_UPDATES
from esgscan.result_tables import RESULT
from esgscan.tables import EXPOSURES
from esgscan.terms import Confidence, Covered, LegalState, MatchedBy, Outcome, Phase, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from esgscan.policies import Policy
    from esgscan.records import FundFile

col, lit = pl.col, pl.lit

USER_SOURCE = "user:"
"""How the source id of a file that the user gave begins; the rest is its name."""
ONLINE_SOURCE = "online:"
"""The same for holdings that were fetched."""

NUMBERED = {"source_id": pl.String, "number": pl.Int64}
PROGRAMME_TEXTS = ("restricts", "us_person_investors", "effect_on_investor")
"""What a policy judges a measure by."""
STATUS_ORDER = ["in_force", "announced", "considered", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the stages found, as tables.

    Attributes:
        positions: POSITIONS with value, weight and what each was resolved to.
        paths: PATHS with is_stale.
        exposures: Per issuer: weight, direct, indirect, long, short, floor, ceiling, rounding, paths.
        added: Per issuer, reason and region: weight and what it adds to the ceiling.
        parts: Open parts with worst case and what they add to the ceiling.
        coverage: Weight and positions by outcome and reason.
        flags: FLAGS on the day.
        owners: OWNERS on the day.
        calendar: LEGAL_CALENDAR on the day.
        facts: Data sets `tag_evidence`, `notes`, `relationships`, `index_events`, `index_family_events` as known on the
            day.
        funds: fund_id, name of every fund known to the run.
        absent: Flagged issuers that the whole lists the run used do not have; see `absences.absent_pairs`.
        history: HISTORY on the day.
        present: fund_id, issuer_id of what those lists have, flagged or not.
        lists: fund_id, as_of, source_id of the lists of holdings that the run could use.
        stored: Files of the holdings store that the run used.
        total: Value of the portfolio, missing where only weights are known.
        as_of: The day the answer is for.
        known_on: The day whose knowledge counts.
        policy: What counts, and how companies are told.
    """

    positions: pl.DataFrame
    paths: pl.DataFrame
    exposures: pl.DataFrame
    added: pl.DataFrame
    parts: pl.DataFrame
    coverage: pl.DataFrame
    flags: pl.DataFrame
    owners: pl.DataFrame
    calendar: pl.DataFrame
    facts: Mapping[str, pl.DataFrame]
    funds: pl.DataFrame
    absent: pl.DataFrame
    present: pl.DataFrame
    history: pl.DataFrame
    lists: pl.DataFrame
    stored: Sequence[FundFile]
    total: float | None
    as_of: date
    known_on: date
    policy: Policy


def result_tables(
    found: Found, data: Mapping[str, pl.DataFrame], *, name: str, edition: date
) -> dict[str, pl.DataFrame]:
    """Make the tables of a Scan, but for `findings`.

    Args:
        found: What the stages found.
        data: The packaged data sets by name.
        name: Name of the portfolio.
        edition: Day of the packaged data.

    Returns:
        Tables by the name of the Scan's attribute; columns as `tables.RESULT` says.
    """
    exposures = exposure_table(found, data)
    order = exposures["issuer_id"]
    raw = {
        "flags": flag_rows(found.flags, data, order, known_on=found.known_on),
        "tags": tag_rows(found.facts["tag_evidence"], data, order),
        "owners": owner_rows(found.owners, data, order),
        "notes": _notes(found, order),
        "legal_calendar": calendar_rows(found.calendar, data, order),
        "paths": _paths(found, exposures),
        "relationships": _relationships(found, order),
        "index_events": _of_issuers(found.facts["index_events"], order, ["effective_on"]),
        "listings": _of_issuers(data["listings"], order, ["security_id"]),
        "absences": _absences(found, data, order),
        "history": _history(found),
    }
    flagged_by = pl.concat([raw["flags"].select("programme_id"), _reaching(raw["owners"]).select("programme_id")])
    programmes = data["programmes"].join(flagged_by, on="programme_id", how="semi", maintain_order="left")
    raw["programmes"] = programmes.with_columns(_until_then(column, found.known_on) for column in PROGRAMME_TEXTS)
    raw["editions"] = _editions(found, raw["programmes"], edition, data)
    raw["exclusions"] = exclusion_list(found.flags, found.owners, found.facts["tag_evidence"], data)
    raw["pai"] = _pai(found, exposures, raw, data)
    sources, numbered = number_sources(raw, data["sources"])
    tables = {name: RESULT[name].conform(table) for name, table in numbered.items()}
    uncovered = _uncovered(found)
    return {
        **tables,
        "exposures": exposures,
        "sources": RESULT["sources"].conform(sources),
        "policy": RESULT["policy"].frame(policy_rows(found.policy)),
        "uncovered": RESULT["uncovered"].conform(uncovered),
        "interval": RESULT["interval"].conform(_interval(found, exposures)),
        "steps": RESULT["steps"].conform(step_rows(uncovered, name).with_columns(market_value=_money(found.total))),
        "coverage_rows": RESULT["coverage_rows"].conform(_coverage(found)),
        "positions": RESULT["positions"].conform(_positions(found)),
        "review": RESULT["review"].conform(_review(found, data)),
        "decisions": RESULT["decisions"].conform(_decisions(found, data)),
    }


def exposure_table(found: Found, data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give table EXPOSURES, judged and sorted by the policy, largest weight first."""
    names = data["issuers"].select("issuer_id", "name", "name_zh")
    named = found.exposures.join(names, on="issuer_id", how="left").with_columns(market_value=_money(found.total))
    ranked = named.sort("weight", "issuer_id", descending=[True, False])
    stands = standing(found.flags, found.owners)
    return EXPOSURES.conform(judged(ranked, stands, found.facts["tag_evidence"], found.policy))


def _reaching(owners: pl.DataFrame) -> pl.DataFrame:
    return owners.filter(covered=str(Covered.YES))


def _money(total: float | None) -> pl.Expr:
    """Give the weight in money, missing where the portfolio has no value."""
    return col("weight") * lit(total, pl.Float64)


def _of_issuers(table: pl.DataFrame, order: pl.Series, then: list[str]) -> pl.DataFrame:
    """Keep the rows of the exposed issuers, in their order, then by the columns `then`."""
    ranks = order.to_frame().with_row_index("rank")
    ranked = table.join(ranks, on="issuer_id", maintain_order="left")
    return ranked.sort("rank", *then, nulls_last=True, maintain_order=True).drop("rank")


def flag_rows(
    flags: pl.DataFrame, data: Mapping[str, pl.DataFrame], order: pl.Series, *, known_on: date
) -> pl.DataFrame:
    """Give the flags of issuers in their order, by status and day, with the words of their programmes."""
    programmes = data["programmes"].select("programme_id", "effect_on_investor", programme="short_name")
    told_then = programmes.with_columns(_until_then("effect_on_investor", known_on))
    named = flags.join(told_then, on="programme_id", how="left").join(
        data["issuers"].select("issuer_id", issuer="name"), on="issuer_id"
    )
    told = pl.when(~_tells_of_later(known_on)).then(col("note"))
    step = col("status").replace_strict(STATUS_ORDER, range(len(STATUS_ORDER)), return_dtype=pl.Int64)
    return _of_issuers(named.with_columns(note=told, step=step), order, ["step", "announced_on", "measure_id"])


def _tells_of_later(day: date) -> pl.Expr:
    """Say which notes name a year after the day whose knowledge counts: a report for that day must not tell of it."""
    years = col("note").str.extract_all("(?:19|20)[0-9]{2}").list.eval(pl.element().cast(pl.Int64))
    return (years.list.max() > day.year).fill_null(value=False)


def calendar_rows(calendar: pl.DataFrame, data: Mapping[str, pl.DataFrame], order: pl.Series) -> pl.DataFrame:
    """Give the effects on an investor, issuer after issuer: each programme at once, in the order of its rules."""
    programmes = data["programmes"].select("programme_id", programme="short_name")
    named = calendar.join(programmes, on="programme_id").join(
        data["issuers"].select("issuer_id", issuer="name"), on="issuer_id"
    )
    told = named.with_columns(said=_said_of_state(), gravity=_gravity().min().over("issuer_id", "programme_id"))
    return _of_issuers(told, order, ["gravity", "programme_id", "measure_id", "effect_id"])


def _gravity() -> pl.Expr:
    states = [str(state) for state in LegalState]
    return col("state").replace_strict(states, range(len(states)), return_dtype=pl.Int64)


def _said_of_state() -> pl.Expr:
    """Say a state with the date that matters, a known end or else the beginning, and the owner it goes through."""
    undated = [str(LegalState.NO_EFFECT), str(LegalState.NOT_BOUND), str(LegalState.MAY_HOLD)]
    is_ahead = col("phase") == str(Phase.AHEAD)
    start = pl.coalesce(col("from").dt.to_string("iso"), lit("a day not known"))
    since = pl.when(is_ahead).then(lit(" from ")).otherwise(lit(" since ")) + start
    until = lit(" until ") + col("until").dt.to_string("iso")
    both = pl.when(is_ahead).then(lit(" from ") + start + until).otherwise(until)
    when_said = pl.when(col("until").is_null()).then(since).otherwise(both)
    is_undated = col("state").is_in(undated) | (col("owner").is_not_null() & ~is_ahead & col("until").is_null())
    through = pl.when(col("owner").is_not_null()).then(pl.format(", through its owner {}", "owner")).otherwise(lit(""))
    return col("state") + pl.when(is_undated).then(lit("")).otherwise(when_said) + through


def _until_then(column: str, day: date) -> pl.Expr:
    """Keep of a text of the edition the sentences that name no year after the day whose knowledge counts."""
    years = pl.element().str.extract_all("(?:19|20)[0-9]{2}").list.eval(pl.element().cast(pl.Int64)).list.max()
    sentence = pl.element().filter((years <= day.year).fill_null(value=True))
    kept = col(column).str.replace_all(r"([.;]) ", "$1\n").str.split("\n").list.eval(sentence).list.join(" ")
    return kept.str.strip_suffix(";").replace("", None).alias(column)


def _editions(found: Found, programmes: pl.DataFrame, edition: date, data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Say which edition of what was used: of the data, newer lists, words on programmes, and lists of holdings."""
    packaged = pl.DataFrame({"kind": ["reference data"], "subject": ["esgscan reference data"], "dated": [edition]})
    newer = data[LIST_UPDATES].select(**_newer_lists()) if LIST_UPDATES in data else packaged.clear()
    words = programmes.select(
        lit("programme text").alias("kind"), "source_ids", subject="short_name", dated="latest_source_on"
    ).with_columns(
        note=pl.when(col("dated") > found.known_on).then(lit("the words are of the edition, not of the day"))
    )
    used = found.lists.filter(col("fund_id").is_in(_opened(found))).join(found.funds, on="fund_id", how="left")
    lists = used.sort("name", "as_of").select(
        lit("holdings").alias("kind"), subject=pl.coalesce("name", "fund_id"), dated="as_of", source_ids="source_id"
    )
    return pl.concat([packaged, newer, words, lists], how="diagonal")


def _newer_lists() -> dict[str, pl.Expr]:
    """Give the columns of a publisher's newer list that was confirmed."""
    read = pl.format("read {} from {}, SHA-256 {}", "retrieved_on", "file_name", col("sha256").str.slice(0, 8))
    return {
        "kind": lit("newer list"),
        "subject": col("title"),
        "dated": pl.coalesce("published_on", "retrieved_on"),
        "note": read,
        "source_ids": col("source_ids"),
    }


def tag_rows(evidence: pl.DataFrame, data: Mapping[str, pl.DataFrame], order: pl.Series) -> pl.DataFrame:
    """Give the evidence for risk tags of issuers in their order, by theme and tag."""
    named = evidence.join(data["tags"].select("tag", "label", "theme"), on="tag", how="left")
    return _of_issuers(named, order, ["theme", "tag", "known_from", "evidence_id"])


def owner_rows(owners: pl.DataFrame, data: Mapping[str, pl.DataFrame], order: pl.Series) -> pl.DataFrame:
    """Give the owners of issuers in their order that programmes name, by owner and programme."""
    named = owners.join(data["programmes"].select("programme_id", programme="short_name"), on="programme_id")
    return _of_issuers(named, order, ["owner_id", "programme_id", "measure_id"])


def doubtful_owners(found: Found, data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give the programmes of which it is not known whether they reach a company that is held and that nothing flags.

    Returns:
        Table OWNERS with `issuer` and `programme`, by company, owner and programme.
    """
    in_funds = found.present.filter(col("fund_id").is_in(_opened(found))).select("issuer_id")
    held = pl.concat([found.positions.select("issuer_id"), in_funds]).unique()
    off = held.join(found.exposures, on="issuer_id", how="anti")
    doubted = found.owners.filter(covered=str(Covered.NOT_KNOWN)).join(off, on="issuer_id", how="semi")
    names = data["issuers"].select("issuer_id", issuer="name")
    return owner_rows(doubted, data, doubted["issuer_id"].unique().sort()).join(
        names, on="issuer_id", maintain_order="left"
    )


def _opened(found: Found) -> set[str]:
    """Give the funds that were opened."""
    return {fund for route in found.paths["route"].unique().drop_nulls() for fund in route.split(" > ")}


def _relationships(found: Found, order: pl.Series) -> pl.DataFrame:
    names = {"as_of": "known_on", "as_of_as_printed": "known_on_as_printed"}
    return _of_issuers(found.facts["relationships"].rename(names), order, ["known_on", "relationship_id"])


def _notes(found: Found, order: pl.Series) -> pl.DataFrame:
    """Give one row per issuer and note; a note about a government or a country is context, not about the issuer."""
    notes = found.facts["notes"]
    about = notes.with_columns(issuer_id=col("issuer_ids"), about=lit("issuer"))
    context = notes.with_columns(issuer_id=col("context_for"), about=lit("context"))
    rows = pl.concat([about, context]).filter(col("issuer_id").is_not_null())
    split = rows.with_columns(issuer_id=col("issuer_id").str.split("; "), age=-col("published_on").to_physical())
    return _of_issuers(split.explode("issuer_id", empty_as_null=True), order, ["about", "age", "note_id"])


def _paths(found: Found, exposures: pl.DataFrame) -> pl.DataFrame:
    lines = found.positions.select("position_id", "source_sheet", "source_row", "name_as_written", "kind", "side")
    reached = found.paths.filter(outcome=str(Outcome.FLAGGED)).drop("name_as_written")
    rows = reached.join(lines, on="position_id").join(exposures.select("issuer_id", issuer="name"), on="issuer_id")
    told = rows.with_columns(
        route_names=_route_names(rows["route"], found.funds),
        market_value=_money(found.total),
        source_ids=col("source_id"),
        age_days=age_in_days(found.as_of),
    )
    by = ["weight", "position_id", "route", "security_id"]
    ranked = told.sort(by, descending=[True, False, False, False], nulls_last=[False, False, False, False])
    return ranked.with_columns(path_id=pl.format("r{}", pl.int_range(1, pl.len() + 1)))


def age_in_days(as_of: date) -> pl.Expr:
    """Count the days from the date of the holdings to `as_of`; missing stays missing."""
    return (lit(as_of) - col("holdings_as_of")).dt.total_days()


def _route_names(routes: pl.Series, funds: pl.DataFrame) -> pl.Series:
    """Write a route with the names of its funds."""
    names = dict(funds.select("fund_id", "name").rows())
    spelled = {
        route: " > ".join(names.get(fund) or fund for fund in route.split(" > "))
        for route in routes.unique().drop_nulls()
    }
    return routes.replace(spelled)


def _uncovered(found: Found) -> pl.DataFrame:
    """Give the open parts, the ones that add most to the ceiling first, each with what would narrow it.

    What is in no line of the file, where its weights add to less than the whole, is a part too; it has no name.
    """
    lines = found.positions.select("position_id", "source_sheet", "source_row", "name_as_written", "kind", "side")
    rows = (
        found.parts.drop("kind")
        .join(lines, on="position_id", how="left", maintain_order="left")
        .with_columns(whole_route=_whole_route(), market_value=_money(found.total), mend=_mends())
    )
    named = rows.with_columns(route_names=_route_names(rows["whole_route"], found.funds))
    by = ["adds_to_ceiling", "weight", "source_row"]
    return named.sort(by, descending=[True, True, False], maintain_order=True)


def _whole_route() -> pl.Expr:
    """Put the fund that was not opened at the end of the route that leads to it."""
    return pl.concat_str("route", "fund_id", separator=" > ", ignore_nulls=True).replace("", None)


MENDS = {
    Reason.NO_HOLDINGS: "add its holdings with --holdings FILE",
    Reason.NOT_PUBLISHED: "add its full holdings with --holdings FILE",
    Reason.POSSIBLE: "give its ISIN, or its code with the market",
    Reason.REFUSED: "give its ISIN, or its code with the market",
    Reason.UNRESOLVED: "give its ISIN, or its code with the market",
    Reason.KIND_UNKNOWN: "add a name or an asset class",
    Reason.DERIVATIVE: "add the underlying as a line of its own",
    Reason.CYCLE: "look at the holdings of the funds: they hold one another",
    Reason.DEPTH: "raise the depth",
    Reason.NOT_IN_FILE: "add the lines that are missing",
    Reason.NO_VALUE: "add a value, a price or a rate (--fx)",
    Reason.STALE: "add newer holdings with --holdings FILE",
}


def _mends() -> pl.Expr:
    mends = {str(reason): mend for reason, mend in MENDS.items()}
    return col("reason").replace_strict(mends, default=None, return_dtype=pl.String)


def _interval(found: Found, exposures: pl.DataFrame) -> pl.DataFrame:
    """Give what each ceiling is made of, the whole first, then the issuers in the order of the report."""
    ordered = exposures.select("issuer_id", "name").join(found.exposures, on="issuer_id", maintain_order="left")
    told = interval_rows(ordered, found.added, found.parts, found.positions)
    names = exposures.select("issuer_id", issuer="name")
    named = told.join(names, on="issuer_id", how="left", maintain_order="left")
    return named.with_columns(market_value=col("adds") * lit(found.total, pl.Float64))


def _coverage(found: Found) -> pl.DataFrame:
    ranks = [str(outcome) for outcome in (Outcome.FLAGGED, Outcome.CLEAR, Outcome.UNCOVERED)]
    rank = col("outcome").replace_strict(ranks, range(len(ranks)), return_dtype=pl.Int64)
    no_position = pl.when(col("reason") == str(Reason.NOT_IN_FILE)).then(lit(0))
    positions = no_position.otherwise(col("positions"))
    rows = found.coverage.with_columns(market_value=_money(found.total), rank=rank, positions=positions)
    return rows.sort("rank", "weight", "reason", descending=[False, True, False])


def _positions(found: Found) -> pl.DataFrame:
    """Give each position with the parts of its weight by outcome."""
    parts = {str(o): col("weight").filter(col("outcome") == str(o)).sum() for o in Outcome}
    ended = found.paths.group_by("position_id").agg(**parts)
    return found.positions.join(ended, on="position_id", how="left", maintain_order="left")


def _review(found: Found, data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    unsure = [str(Confidence.POSSIBLE), str(Confidence.REFUSED)]
    rows = found.positions.filter(col("confidence").is_in(unsure)).drop("issuer_id").rename({"candidate": "issuer_id"})
    named = rows.join(data["issuers"].select("issuer_id", issuer="name"), on="issuer_id", how="left")
    by = ["weight", "source_row", "position_id"]
    return named.with_columns(mend=_mends()).sort(by, descending=[True, False, False])


def _decisions(found: Found, data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give the positions that a person settled."""
    settled = found.positions.filter(col("matched_by") == str(MatchedBy.DECISION))
    if settled.is_empty():
        return RESULT["decisions"].frame()
    names = data["issuers"].select(answer="issuer_id", issuer="name")
    return settled.join(names, on="answer", how="left").sort("source_row", "position_id")


def _absences(found: Found, data: Mapping[str, pl.DataFrame], order: pl.Series) -> pl.DataFrame:
    """Explain the absences in the funds that were opened, and in the lists of owners those of the exposed issuers."""
    absent = found.absent.filter(col("fund_id").is_in(_opened(found)))
    in_funds = later_steps(fund_absences(absent, found.facts["index_events"], data), found.facts["index_family_events"])
    named = in_funds.join(found.funds.rename({"name": "fund"}), on="fund_id", how="left")
    of_owners = owner_absences(data, order, as_of=found.as_of)
    issuers = data["issuers"].select("issuer_id", issuer="name")
    funds, owners = (table.join(issuers, on="issuer_id").sort("fund", "issuer_id") for table in (named, of_owners))
    return pl.concat([funds, owners], how="diagonal")


def _pai(
    found: Found, exposures: pl.DataFrame, raw: Mapping[str, pl.DataFrame], data: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Give the PAI workpaper."""
    labels = [
        data["tags"].select(subject_kind=lit("tag"), subject="tag", label="label"),
        data["programmes"].select(subject_kind=lit("programme"), subject="programme_id", label="short_name"),
    ]
    facts = PaiFacts(
        exposures=exposures,
        tags=raw["tags"],
        flags=raw["flags"],
        notes=raw["notes"],
        mapping=data["pai_mapping"],
        labels=pl.concat(labels),
    )
    return pai_rows(facts, coverage_of(found), estimated=float((exposures["weight"] - exposures["floor"]).sum()))


def coverage_of(found: Found) -> Coverage:
    """Sum the portfolio by outcome."""
    parts = {str(o): float(found.coverage.filter(outcome=str(o))["weight"].sum()) for o in Outcome}
    return Coverage(**parts, looked_through=float(found.paths.filter(col("depth") > 0)["weight"].sum()))


def _history(found: Found) -> pl.DataFrame:
    """Give the lists of several days with the names of their funds: the sum first, then what was most of late.

    A fund whose file has no name goes by the name that the portfolio has for it.
    """
    newest = col("weight").sort_by("as_of").last().over("fund_id")
    written = found.positions.select("fund_id", written="name_as_written").drop_nulls().unique("fund_id", keep="first")
    named = found.history.join(found.funds.rename({"name": "fund"}), on="fund_id", how="left").join(
        written, on="fund_id", how="left"
    )
    has_name = col("fund") != col("fund_id")
    told = named.with_columns(fund=pl.when(has_name).then(col("fund")).otherwise(pl.coalesce("written", "fund")))
    told = told.with_columns(is_fund=col("fund_id").is_not_null(), newest=newest, source_ids=col("source_id"))
    return told.sort("is_fund", "newest", "fund_id", "as_of", descending=[False, True, False, False])


def number_sources(
    raw: Mapping[str, pl.DataFrame], sources: pl.DataFrame
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Number the sources in the order in which the tables cite them, and put the numbers into the tables."""
    cited = [ids for table in raw.values() for ids in table["source_ids"].drop_nulls()]
    numbers: dict[str, int] = {}
    for ids in cited:
        for source in _split(ids):
            numbers.setdefault(source, len(numbers) + 1)
    spelled = {ids: ", ".join(str(numbers[source]) for source in dict.fromkeys(_split(ids))) for ids in set(cited)}
    spell = col("source_ids").replace_strict(spelled, default=None, return_dtype=pl.String)
    numbered = {name: table.with_columns(source_numbers=spell) for name, table in raw.items()}
    listed = pl.DataFrame({"source_id": list(numbers), "number": list(numbers.values())}, schema=NUMBERED)
    known = listed.join(sources, on="source_id", how="left", maintain_order="left")
    is_user = col("source_id").str.starts_with(USER_SOURCE)
    is_online = col("source_id").str.starts_with(ONLINE_SOURCE)
    name = col("source_id").str.strip_prefix(USER_SOURCE).str.strip_prefix(ONLINE_SOURCE)

    def told(column: str, *, user: pl.Expr, online: pl.Expr) -> pl.Expr:
        return pl.when(is_user).then(user).when(is_online).then(online).otherwise(col(column)).alias(column)

    return known.with_columns(
        told("title", user=name, online=name),
        told("tier", user=lit("user"), online=lit("online")),
        told("publisher", user=lit("holdings file given by the user"), online=lit("holdings looked up for this run")),
    ), numbered


def _split(ids: str) -> list[str]:
    """Split source ids; files of the user stand last, and their names may have blanks."""
    packaged, *users = re.split(rf"(?:^| )(?={USER_SOURCE}|{ONLINE_SOURCE})", ids)
    return [*packaged.split(), *users]
