"""No sentence without a source: what a removed source alone had said goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE_IDS = "source_ids"
SAYINGS = (
    *("programmes", "measures", "tag_evidence", "notes", "relationships"),
    *("index_events", "legal_effects", "pai_mapping"),
)
"""Data sets whose rows are statements: a row without a source is not made."""


def only_sourced(data: Mapping[str, pl.DataFrame]) -> Mapping[str, pl.DataFrame]:
    """Take out the ids of sources that are not in `sources`, and the statements that are left without one.

    A measure also goes with its programme, and an issuer without a source keeps its name but loses its description.
    Identifiers and holdings stay: they are matched, not said.
    """
    known = set(data["sources"]["source_id"])
    lacking = [name for name, table in data.items() if SOURCE_IDS in table.columns and _ids(table) - known]
    if not lacking:
        return data
    stripped = {**data, **{name: _stripped(data[name], known) for name in lacking}}
    kept = {name: stripped[name].filter(pl.col(SOURCE_IDS).is_not_null()) for name in SAYINGS if name in lacking}
    whole = {**stripped, **kept}
    no_source = pl.col(SOURCE_IDS).is_null()
    described = whole["issuers"].with_columns(description=pl.when(~no_source).then(pl.col("description")))
    measures = whole["measures"].join(whole["programmes"], on="programme_id", how="semi", maintain_order="left")
    return {**whole, "issuers": described, "measures": measures}


def _ids(table: pl.DataFrame) -> set[str]:
    return {one for ids in table[SOURCE_IDS].drop_nulls() for one in ids.split(" ")}


def _stripped(table: pl.DataFrame, known: set[str]) -> pl.DataFrame:
    """Keep the known ids of each row; a row without one has none."""
    cells = {
        ids: " ".join(one for one in ids.split(" ") if one in known) or None
        for ids in table[SOURCE_IDS].unique().drop_nulls()
    }
    return table.with_columns(pl.col(SOURCE_IDS).replace_strict(cells, default=None, return_dtype=pl.String))
