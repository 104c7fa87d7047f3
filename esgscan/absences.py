"""Explained absence: of an issuer that a reader would expect in a list of holdings, when it left and who said so.

An issuer is expected in a fund if an index of the fund's provider had it, or an earlier list of the fund did; in an
owner's list if an earlier one had it. Only whole lists tell of an absence. The tables are small, and plain Polars.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

col, lit = pl.col, pl.lit

WHOLE = 0.98
"""Share of a fund from which its list counts as whole."""
FAMILIES = {
    "MSCI": "MSCI",
    "FTSE Russell": "FTSE",
    "S&P Dow Jones Indices": "S&P",
    "China Securities Index": "CSI",
    "Hang Seng Indexes": "Hang Seng",
    "Solactive": "Solactive",
}
"""How the name of a provider's index begins."""
BROAD = "ACWI|Emerging Markets|Global Equity Index Series|all equity indices"
"""Marks of an event that concerns many indexes of its provider; other events concern the index they name."""
PAIR = ["fund_id", "issuer_id"]
LEFT = "deleted"


def whole_lists(data: Mapping[str, pl.DataFrame], snapshots: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    """Give the lists that a run used and that list a whole fund: fund_id, as_of, snapshot_id, list_source, index.

    Args:
        data: Data sets `funds` and `fund_indexes`.
        snapshots: Recorded lists that the run used.
        given: Table FUNDS of the lists that the user gave and the run used.
    """
    recorded = snapshots.filter(col("completeness") != "top-list").select(
        "fund_id", "as_of", "snapshot_id", list_source="source_id"
    )
    theirs = given.join(recorded, on="fund_id", how="anti").filter(col("share_published") >= WHOLE)
    own = theirs.select("fund_id", "as_of", lit(None, pl.String).alias("snapshot_id"), list_source="source_id")
    lists = pl.concat([recorded, own])
    periods = data["fund_indexes"].select("fund_id", "from", "until", followed="index")
    then = (col("from") <= col("as_of")).fill_null(value=True) & (col("until") > col("as_of")).fill_null(value=True)
    followed = lists.join(periods, on="fund_id").filter(then).unique("fund_id", keep="last", maintain_order=True)
    stated = data["funds"].select("fund_id", stated="index")
    told = lists.join(followed.select("fund_id", "followed"), on="fund_id", how="left").join(
        stated, on="fund_id", how="left"
    )
    return told.with_columns(index=pl.coalesce("followed", "stated")).drop("followed", "stated")


def absent_pairs(
    lists: pl.DataFrame, present: pl.DataFrame, flagged: pl.DataFrame, data: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Give the flagged issuers that a list does not have.

    Args:
        lists: As `whole_lists` gives them.
        present: fund_id, issuer_id of what the lists have.
        flagged: issuer_id.
        data: Data set `fund_absences`: of a recorded list only what was looked for and not found is absent.
    """
    pairs = lists.join(flagged, how="cross").join(present, on=PAIR, how="anti")
    looked_for = data["fund_absences"].select("snapshot_id", "issuer_id")
    recorded = pairs.join(looked_for, on=["snapshot_id", "issuer_id"], how="semi")
    return pl.concat([recorded, pairs.filter(col("snapshot_id").is_null())])


def fund_absences(absent: pl.DataFrame, events: pl.DataFrame, data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Explain the absences that a reader would wonder at; the others are left out.

    Args:
        absent: As `absent_pairs` gives them.
        events: Data set `index_events` as known on the day.
        data: Data sets `fund_snapshots` and `fund_weights`.

    Returns:
        Columns of `tables.RESULT_ABSENCES` but names, and `source_ids`.
    """
    said = absent.join(_newest_events(absent, events), on=PAIR, how="left").join(
        _earlier(absent, data), on=PAIR, how="left"
    )
    expected = said.filter(col("event").is_not_null() | col("held_on").is_not_null())
    return _with_text(expected)


def later_steps(absences: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Add in a column `later` what the provider of the index announced for many securities after it dropped the issuer.

    Args:
        absences: As `fund_absences` gives them.
        steps: Data set `index_family_events`, as known on the day.
    """
    said = steps.select(announced_by="family", step_on="announced_on", step="text", step_source="source_ids")
    pairs = absences.select(*PAIR, "announced_by", "announced_on").join(said, on="announced_by")
    after = pairs.filter(col("step_on") > col("announced_on")).sort("step_on", maintain_order=True)
    texts = pl.format("{}: {}", "step_on", "step").str.join(" ")
    told = after.group_by(PAIR, maintain_order=True).agg(later=texts, later_source=col("step_source").str.join(" "))
    joined = absences.join(told, on=PAIR, how="left", maintain_order="left")
    return joined.with_columns(source_ids=pl.concat_str("later_source", "source_ids", separator=" ", ignore_nulls=True))


def owner_absences(data: Mapping[str, pl.DataFrame], issuers: pl.Series, *, as_of: date) -> pl.DataFrame:
    """Explain which of the issuers an owner's newest list no longer has; columns as `fund_absences`."""
    known = data["owner_snapshots"].filter(col("as_of") <= as_of).sort("owner_id", "as_of")
    newest = known.unique("owner_id", keep="last", maintain_order=True)
    lists = newest.select("snapshot_id", "as_of", "owner_id", fund_id="owner_id", fund="owner_name")
    missing = data["owner_absences"].filter(col("issuer_id").is_in(issuers.to_list()))
    absent = lists.join(missing.select("snapshot_id", "issuer_id", list_source="source_ids"), on="snapshot_id")
    weights = data["owner_weights"].group_by("snapshot_id", "issuer_id", maintain_order=True).agg(col("weight").sum())
    held = known.select("snapshot_id", "owner_id", held_on="as_of", held_source="source_ids").join(
        weights, on="snapshot_id"
    )
    before = held.sort("held_on").unique(["owner_id", "issuer_id"], keep="last", maintain_order=True)
    told = absent.join(before.drop("snapshot_id"), on=["owner_id", "issuer_id"])
    return _with_text(told.rename({"weight": "held_weight"}))


def _newest_events(absent: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Give for each fund and issuer the newest event, up to the list's day, of an index that the fund may follow."""
    words = col("family").replace_strict(FAMILIES, default=None, return_dtype=pl.String)
    took_place = events.filter(col("status").is_null(), col("scope").is_null(), col("event") != "kept-in-parallel")
    named = took_place.select(
        "issuer_id", "family", "event", "announced_on", "effective_on", "effective_timing", "announced_on_as_printed",
        "effective_on_as_printed", event_index="index", event_source="source_ids", word=words,
        happened=pl.coalesce("effective_on", "announced_on"),
    )  # fmt: skip
    pairs = absent.select(*PAIR, "as_of", "index").join(named, on="issuer_id")
    is_followed = col("index").str.contains(col("word"), literal=True)
    concerns = col("event_index").str.contains(BROAD) | col("index").str.contains(col("event_index"), literal=True)
    known = pairs.filter(is_followed & concerns, col("happened") <= col("as_of")).sort("happened", maintain_order=True)
    return known.unique(PAIR, keep="last", maintain_order=True).drop("as_of", "index", "word", "happened")


def _earlier(absent: pl.DataFrame, data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give for each fund and issuer the newest earlier list that had it."""
    days = data["fund_snapshots"].select("snapshot_id", "fund_id", held_on="as_of", held_source="source_ids")
    weights = (
        data["fund_weights"]
        .group_by("snapshot_id", "issuer_id", maintain_order=True)
        .agg(held_weight=col("holding_weight").sum())
    )
    held = days.join(weights, on="snapshot_id").drop("snapshot_id")
    before = absent.select(*PAIR, "as_of").join(held, on=PAIR).filter(col("held_on") < col("as_of"))
    return before.sort("held_on").unique(PAIR, keep="last", maintain_order=True).drop("as_of")


def _with_text(rows: pl.DataFrame) -> pl.DataFrame:
    told = rows.to_dicts()
    texts = [" ".join(filter(None, [_event(row), _held(row), _list(row)])) for row in told]
    sources = [
        " ".join(filter(None, (row.get(name) for name in ("event_source", "held_source", "list_source"))))
        for row in told
    ]
    return rows.with_columns(
        text=pl.Series(texts, dtype=pl.String),
        source_ids=pl.Series(sources, dtype=pl.String),
        left_on=pl.when(col("event") == LEFT).then(col("effective_on")) if "event" in rows.columns else None,
        announced_by=pl.when(col("event") == LEFT).then(col("family")) if "event" in rows.columns else None,
    )


def _event(row: Mapping[str, Any]) -> str:
    """Tell what the provider of the index did, and when it said so."""
    if not row.get("event"):
        return ""
    effective, announced = (_day(row, name) for name in ("effective_on", "announced_on"))
    who, which = row["family"], row["event_index"]
    if row["event"] == "member-observed":
        return f"{which} of {who} had this issuer on {effective or announced}."
    what = "deletion from" if row["event"] == LEFT else "addition to"
    timing = f" ({row['effective_timing']})" if row["effective_timing"] else ""
    when = f", effective {effective}{timing}" if effective else ""
    said = f" announced on {announced}" if announced else " made"
    return f"{who}{said} the {what} {which}{when}."


def _held(row: Mapping[str, Any]) -> str:
    if not row.get("held_on"):
        return ""
    weight = row["held_weight"]
    share = f" with {weight * 100:.4g}%" if weight else ""
    return f"The list of {row['held_on']} had it{share}."


def _list(row: Mapping[str, Any]) -> str:
    return f"The list of {row['as_of']} has no line of this issuer."


def _day(row: Mapping[str, Any], name: str) -> str:
    printed = row.get(f"{name}_as_printed")
    return str(printed or row[name] or "")
