"""What the stages found -> the tables of a Scan: names joined, sources numbered, rows in the order a reader meets them.

Nothing is computed here that a stage could compute; the tables are small, and plain pandas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from esgscan.tables import EXPOSURES, PANDAS, RESULT, Type
from esgscan.terms import Confidence, Outcome, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

TEXT = PANDAS[Type.TEXT]
USER_SOURCE = "user:"
"""How the source id of a file that the user gave begins; the rest is its name."""

STATUS_ORDER = ["in_force", "announced", "considered", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the stages found, as pandas tables.

    Attributes:
        positions: POSITIONS with value, weight and what each was resolved to.
        paths: PATHS with is_stale.
        exposures: Per issuer: weight, direct, indirect, long, short, floor, ceiling, paths.
        parts: Open parts with worst case and what they add to the ceiling.
        coverage: Weight and positions by outcome and reason.
        flags: FLAGS on the day.
        facts: Data sets `tag_evidence`, `notes`, `relationships`, `index_events` as known on the day.
        funds: fund_id, name of every fund known to the run.
        snapshots: snapshot_id, fund_id, as_of of the recorded holdings that the run used.
        total: Value of the portfolio, missing where only weights are known.
        as_of: The day the answer is for.
    """

    positions: pd.DataFrame
    paths: pd.DataFrame
    exposures: pd.DataFrame
    parts: pd.DataFrame
    coverage: pd.DataFrame
    flags: pd.DataFrame
    facts: Mapping[str, pd.DataFrame]
    funds: pd.DataFrame
    snapshots: pd.DataFrame
    total: float | None
    as_of: date


def result_tables(found: Found, data: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make the tables of a Scan, but for `findings`.

    Args:
        found: What the stages found.
        data: The packaged data sets by name.

    Returns:
        Tables by the name of the Scan's attribute; columns as `tables.RESULT` says.
    """
    exposures = exposure_table(found, data)
    order = exposures["issuer_id"]
    raw = {
        "flags": _flags(found, data, order),
        "tags": _tags(found, data, order),
        "notes": _notes(found, order),
        "paths": _paths(found, exposures),
        "relationships": _relationships(found, order),
        "index_events": _of_issuers(found.facts["index_events"], order, ["effective_on"]),
        "listings": _of_issuers(data["listings"], order, ["security_id"]),
        "absences": _absences(found, data),
    }
    raw["programmes"] = data["programmes"][data["programmes"]["programme_id"].isin(raw["flags"]["programme_id"])]
    sources, numbered = _numbered(raw, data["sources"])
    tables = {name: RESULT[name].conform(table) for name, table in numbered.items()}
    return {
        **tables,
        "exposures": exposures,
        "sources": RESULT["sources"].conform(sources),
        "uncovered": RESULT["uncovered"].conform(_uncovered(found)),
        "coverage_rows": RESULT["coverage_rows"].conform(_coverage(found)),
        "positions": RESULT["positions"].conform(_positions(found)),
        "review": RESULT["review"].conform(_review(found, data)),
    }


def exposure_table(found: Found, data: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Give table EXPOSURES, largest weight first."""
    named = found.exposures.merge(data["issuers"][["issuer_id", "name", "name_zh"]], on="issuer_id", how="left")
    valued = named.assign(market_value=_money(named["weight"], found.total))
    ranked = valued.sort_values(["weight", "issuer_id"], ascending=[False, True])
    return EXPOSURES.conform(ranked.reset_index(drop=True))


def _money(weight: pd.Series, total: float | None) -> pd.Series:
    return weight * total if total is not None else pd.Series(pd.NA, index=weight.index, dtype=PANDAS[Type.NUMBER])


def _of_issuers(table: pd.DataFrame, order: pd.Series, then: list[str]) -> pd.DataFrame:
    """Keep the rows of the exposed issuers, in their order, then by the columns `then`."""
    rank = pd.Series(range(len(order)), index=order.to_list(), dtype="int64")
    kept = table[table["issuer_id"].isin(order)]
    ranked = kept.assign(rank=kept["issuer_id"].map(rank).astype("int64"))
    return ranked.sort_values(["rank", *then], na_position="last").drop(columns="rank").reset_index(drop=True)


def _flags(found: Found, data: Mapping[str, pd.DataFrame], order: pd.Series) -> pd.DataFrame:
    programmes = data["programmes"][["programme_id", "short_name", "effect_on_investor"]]
    named = found.flags.merge(programmes.rename(columns={"short_name": "programme"}), on="programme_id", how="left")
    named = named.merge(data["issuers"][["issuer_id", "name"]].rename(columns={"name": "issuer"}), on="issuer_id")
    later = _tells_of_later(named["note"], found.as_of)
    named = named.assign(note=named["note"].mask(later, pd.NA))
    ranked = named.assign(step=named["status"].map({status: n for n, status in enumerate(STATUS_ORDER)}))
    return _of_issuers(ranked, order, ["step", "announced_on", "measure_id"])


def _tells_of_later(texts: pd.Series, as_of: date) -> pd.Series:
    """Say which texts name a year after the as-of date: a report for that day must not tell of it."""
    years = texts.dropna().str.findall("(?:19|20)[0-9]{2}")
    later = {at: any(int(year) > as_of.year for year in found) for at, found in years.items()}
    return pd.Series(later, dtype=bool).reindex(texts.index, fill_value=False)


def _tags(found: Found, data: Mapping[str, pd.DataFrame], order: pd.Series) -> pd.DataFrame:
    named = found.facts["tag_evidence"].merge(data["tags"][["tag", "label", "theme"]], on="tag", how="left")
    return _of_issuers(named, order, ["theme", "tag", "known_from", "evidence_id"])


def _relationships(found: Found, order: pd.Series) -> pd.DataFrame:
    names = {"as_of": "known_on", "as_of_as_printed": "known_on_as_printed"}
    return _of_issuers(found.facts["relationships"].rename(columns=names), order, ["known_on", "relationship_id"])


def _notes(found: Found, order: pd.Series) -> pd.DataFrame:
    """Give one row per issuer and note; a note about a government or a country is context, not about the issuer."""
    notes = found.facts["notes"]
    about = notes.assign(issuer_id=notes["issuer_ids"], about="issuer")
    context = notes.assign(issuer_id=notes["context_for"], about="context")
    rows = pd.concat([about, context], ignore_index=True)
    rows = rows[rows["issuer_id"].notna()]
    rows = rows.assign(issuer_id=rows["issuer_id"].str.split("; ")).explode("issuer_id")
    rows = rows.assign(issuer_id=rows["issuer_id"].astype(TEXT), newest=-_ordinal(rows["published_on"]))
    return _of_issuers(rows, order, ["about", "newest", "note_id"])


def _ordinal(dates: pd.Series) -> pd.Series:
    return pd.to_datetime(dates).astype("int64")


def _paths(found: Found, exposures: pd.DataFrame) -> pd.DataFrame:
    reached = found.paths[found.paths["outcome"].eq(Outcome.FLAGGED)].drop(columns="name_as_written")
    lines = found.positions[["position_id", "source_sheet", "source_row", "name_as_written"]]
    rows = reached.merge(lines, on="position_id").merge(
        exposures[["issuer_id", "name"]].rename(columns={"name": "issuer"}), on="issuer_id"
    )
    rows = rows.assign(
        route_names=_route_names(rows["route"], found.funds),
        market_value=_money(rows["weight"], found.total),
        source_ids=rows["source_id"],
        age_days=age_in_days(rows["holdings_as_of"], found.as_of),
    )
    by = ["weight", "position_id", "route", "security_id"]
    ranked = rows.sort_values(by, ascending=[False, True, True, True], na_position="first").reset_index(drop=True)
    return ranked.assign(path_id=[f"r{n}" for n in range(1, len(ranked) + 1)])


def age_in_days(dates: pd.Series, as_of: date) -> pd.Series:
    """Count the days from each date to `as_of`; missing stays missing."""
    days = (pd.Timestamp(as_of) - pd.to_datetime(dates)).dt.days
    return days.astype(PANDAS[Type.INTEGER])


def _route_names(routes: pd.Series, funds: pd.DataFrame) -> pd.Series:
    """Write a route with the names of its funds."""
    names = dict(zip(funds["fund_id"], funds["name"], strict=True))
    spelled = {
        route: " > ".join(names.get(fund, fund) for fund in route.split(" > ")) for route in routes.dropna().unique()
    }
    return routes.map(spelled).astype(TEXT)


def _uncovered(found: Found) -> pd.DataFrame:
    """Give the open parts, the ones that add most to the ceiling first, each with what would narrow it."""
    lines = found.positions[["position_id", "source_sheet", "source_row", "name_as_written"]]
    rows = found.parts.merge(lines, on="position_id")
    rows = rows.assign(
        route_names=_route_names(_whole_route(rows), found.funds),
        market_value=_money(rows["weight"], found.total),
    )
    rows = rows.assign(mend=_mends(rows))
    by = ["adds_to_ceiling", "weight", "source_row"]
    return rows.sort_values(by, ascending=[False, False, True]).reset_index(drop=True)


def _whole_route(rows: pd.DataFrame) -> pd.Series:
    """Put the fund that was not opened at the end of the route that leads to it."""
    is_nested = rows["route"].notna() & rows["fund_id"].notna()
    return (rows["route"] + " > " + rows["fund_id"]).where(is_nested, rows["route"].fillna(rows["fund_id"]))


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


def _mends(rows: pd.DataFrame) -> pd.Series:
    return rows["reason"].map({str(reason): mend for reason, mend in MENDS.items()}).astype(TEXT)


def _coverage(found: Found) -> pd.DataFrame:
    rank = {Outcome.FLAGGED: 0, Outcome.CLEAR: 1, Outcome.UNCOVERED: 2}
    rows = found.coverage.assign(
        market_value=_money(found.coverage["weight"], found.total),
        rank=found.coverage["outcome"].map({str(k): v for k, v in rank.items()}).astype("int64"),
    )
    return rows.sort_values(["rank", "weight", "reason"], ascending=[True, False, True]).reset_index(drop=True)


def _positions(found: Found) -> pd.DataFrame:
    """Give each position with the parts of its weight by outcome."""
    ended = found.paths.pivot_table(index="position_id", columns="outcome", values="weight", aggfunc="sum")
    ended = ended.reindex(columns=[str(o) for o in Outcome]).fillna(0.0).reset_index()
    return found.positions.merge(ended, on="position_id", how="left")


def _review(found: Found, data: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    unsure = found.positions["confidence"].isin([Confidence.POSSIBLE, Confidence.REFUSED])
    rows = found.positions[unsure].drop(columns="issuer_id").rename(columns={"candidate": "issuer_id"})
    named = rows.merge(
        data["issuers"][["issuer_id", "name"]].rename(columns={"name": "issuer"}), on="issuer_id", how="left"
    )
    return named.assign(mend=_mends(named)).sort_values(["weight", "source_row"], ascending=[False, True])


def _absences(found: Found, data: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Say of each fund opened by its recorded file which issuers, once deleted from an index, are not in it."""
    opened = set(" > ".join(found.paths["route"].dropna().unique()).split(" > "))
    used = found.snapshots[found.snapshots["fund_id"].isin(opened)]
    deleted = data["measures"][data["measures"]["kind"].eq("index-deletion")]["issuer_id"].unique()
    missing = data["fund_absences"][data["fund_absences"]["issuer_id"].isin(deleted)]
    rows = used[["snapshot_id", "fund_id", "as_of"]].merge(missing, on="snapshot_id")
    rows = rows.merge(found.funds.rename(columns={"name": "fund"}), on="fund_id", how="left").merge(
        data["issuers"][["issuer_id", "name"]].rename(columns={"name": "issuer"}), on="issuer_id"
    )
    text = "The holdings file of " + rows["as_of"].astype(TEXT) + " has no line of this issuer."
    return rows.assign(text=text).sort_values(["fund", "issuer_id"])


def _numbered(raw: Mapping[str, pd.DataFrame], sources: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Number the sources in the order in which the tables cite them, and put the numbers into the tables."""
    cited = [ids for table in raw.values() for ids in table["source_ids"].dropna()]
    numbers: dict[str, int] = {}
    for ids in cited:
        for source in _split(ids):
            numbers.setdefault(source, len(numbers) + 1)
    spelled = {ids: ", ".join(str(numbers[source]) for source in _split(ids)) for ids in set(cited)}
    numbered = {
        name: table.assign(source_numbers=table["source_ids"].map(spelled).astype(TEXT)) for name, table in raw.items()
    }
    listed = pd.DataFrame({"source_id": list(numbers), "number": list(numbers.values())}).astype({"source_id": TEXT})
    known = listed.merge(sources, on="source_id", how="left")
    is_user = known["source_id"].str.startswith(USER_SOURCE)
    return known.assign(
        title=known["title"].mask(is_user, known["source_id"].str.removeprefix(USER_SOURCE)),
        tier=known["tier"].mask(is_user, "user"),
        publisher=known["publisher"].mask(is_user, "holdings file given by the user"),
    ), numbered


def _split(ids: str) -> list[str]:
    return [ids] if ids.startswith(USER_SOURCE) else ids.split(" ")
