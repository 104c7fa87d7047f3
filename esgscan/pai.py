"""EXPOSURES x mapping -> the PAI workpaper: what the data can say of the EU indicators 10, 11 and 14, and what not.

No indicator is computed: whether a company violated the principles named there is an assessment that no source of the
reference data makes, so its value stays empty, which means no data. The inputs for one are weighed. A company counts
once, with the strongest basis that there is.

Source: docs/reports.md, "PAI workpaper".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from esgscan.terms import Status

if TYPE_CHECKING:
    from esgscan.records import Coverage

col, lit = pl.col, pl.lit

OFFICIAL, INVESTOR, REPORTED = "official determination", "decision of another investor", "reports only"
BASES = (OFFICIAL, INVESTOR, REPORTED)
"""Who stands behind an input, the strongest first."""
OF_EVIDENCE = {"official-determination": OFFICIAL, "reported": REPORTED}
SAID, QUIET = "statement of the company", "no statement on record"
ITSELF = ["issuer", "issuer and subsidiary"]
DECIDED = ["listing", "exclusion"]
"""Kinds of measures that are a decision on the company; an index deletion or a plan is none."""
INDICATOR, INPUT, STATEMENT, MAPPING, COVERAGE = "indicator", "input", "statement", "mapping", "coverage"
ANY = "any of these"
SUMS = ("weight", "direct", "indirect", "estimated")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaiFacts:
    """What the workpaper is made of.

    Attributes:
        exposures: Table EXPOSURES.
        tags: Evidence for risk tags of the exposed issuers.
        flags: FLAGS of the exposed issuers.
        notes: One row per issuer and note about it.
        mapping: Data set `pai_mapping`.
        labels: subject_kind, subject, label: the words for tags and programmes.
    """

    exposures: pl.DataFrame
    tags: pl.DataFrame
    flags: pl.DataFrame
    notes: pl.DataFrame
    mapping: pl.DataFrame
    labels: pl.DataFrame


def pai_rows(facts: PaiFacts, coverage: Coverage, *, estimated: float) -> pl.DataFrame:
    """Give the lines of the workpaper: each indicator with what the data say of it, coverage, then the mapping.

    Args:
        facts: What it is made of.
        coverage: Where the whole portfolio ended.
        estimated: Weight less floor of the whole: probable identities and holdings older than allowed.

    Returns:
        Table `pai` without source numbers; a value that is missing is no data.
    """
    held = facts.exposures.with_columns(estimated=col("weight") - col("floor"))
    based = _based(facts).join(held.select("issuer_id"), on="issuer_id", how="semi")
    said = _said(facts).join(held.select("issuer_id"), on="issuer_id", how="semi")
    quiet = held.select("issuer_id").join(said, on="issuer_id", how="anti")
    companies = said.group_by("issuer_id", maintain_order=True).agg(source_ids=_ids())
    lines = [
        *(_indicator(facts, "10"), *(_line("10", based.filter(basis=basis), held, basis) for basis in BASES)),
        _line("10", based, held, ANY),
        *(_indicator(facts, "11"), _line("11", companies, held, SAID), _statements(said, held)),
        _line("11", quiet, held, QUIET),
        _indicator(facts, "14"),
        _coverage(coverage, estimated),
        _mapping(facts),
    ]
    regulation = facts.mapping.filter(use=INDICATOR)["source_ids"].first()
    return pl.concat(lines, how="diagonal_relaxed").with_columns(col("source_ids").fill_null(regulation))


def _based(facts: PaiFacts) -> pl.DataFrame:
    """Give each issuer that something is an input for, with its strongest basis and the sources of that."""
    inputs = facts.mapping.filter(use=INPUT)
    tags, programmes = (inputs.filter(subject_kind=kind) for kind in ("tag", "programme"))
    evidence = facts.tags.join(tags.select(tag="subject"), on="tag", how="semi").select(
        "issuer_id", "source_ids", basis=col("basis").replace_strict(OF_EVIDENCE, return_dtype=pl.String)
    )
    standing = facts.flags.filter(
        col("status") == str(Status.IN_FORCE), col("kind").is_in(DECIDED), col("scope").is_in(ITSELF)
    )
    decided = standing.join(programmes.select("basis", programme_id="subject"), on="programme_id").select(
        "issuer_id", "source_ids", "basis"
    )
    rank = col("basis").replace_strict(BASES, range(len(BASES)), return_dtype=pl.Int64)
    ranked = pl.concat([evidence, decided]).with_columns(rank=rank)
    strongest = ranked.filter(col("rank") == col("rank").min().over("issuer_id"))
    return strongest.group_by("issuer_id", "basis", maintain_order=True).agg(source_ids=_ids())


def _said(facts: PaiFacts) -> pl.DataFrame:
    """Give the statements of companies on processes of their own."""
    mapped = facts.mapping.filter(use=STATEMENT).select(note_id="subject")
    return facts.notes.filter(about="issuer").join(mapped, on="note_id", how="semi", maintain_order="left")


def _ids() -> pl.Expr:
    """Join the source ids of several rows, each once."""
    joined = col("source_ids").drop_nulls().str.join(" ")
    return joined.str.split(" ").list.unique(maintain_order=True).list.join(" ")


def _indicator(facts: PaiFacts, number: str) -> pl.DataFrame:
    """Give the line of the indicator itself; its value stays empty."""
    row = facts.mapping.filter(use=INDICATOR, subject=number)
    return row.select("indicator", "source_ids", part=lit(INDICATOR), line="title", remark="text")


def _line(indicator: str, issuers: pl.DataFrame, held: pl.DataFrame, line: str) -> pl.DataFrame:
    """Weigh some companies: the whole, what is direct, what comes through funds, and what of it is estimated."""
    found = held.join(issuers.select("issuer_id"), on="issuer_id", how="semi", maintain_order="left")
    sources = issuers.select(_ids()).item() if "source_ids" in issuers.columns and len(issuers) else None
    sums = found.select(col(name).sum() for name in SUMS)
    return sums.with_columns(
        indicator=lit(indicator),
        part=lit(INPUT),
        line=lit(line),
        companies=lit(len(found)),
        remark=lit("; ".join(found["name"])),
        source_ids=lit(sources, pl.String),
    )


def _statements(said: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Give each statement with its company, and without a weight: the company is weighed once above."""
    named = said.join(held.select("issuer_id", "name"), on="issuer_id", maintain_order="left")
    return named.select("source_ids", indicator=lit("11"), part=lit(STATEMENT), line="name", remark="text")


def _coverage(coverage: Coverage, estimated: float) -> pl.DataFrame:
    rows = [
        ("covered", coverage.flagged + coverage.clear, "screened: the part that can be spoken of"),
        ("of the exposure, estimated", estimated, "probable identities, and holdings older than allowed"),
        ("not covered", coverage.uncovered, "no data, and not clean"),
    ]
    schema = {"line": pl.String, "weight": pl.Float64, "remark": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(part=lit(COVERAGE))


def _mapping(facts: PaiFacts) -> pl.DataFrame:
    """Give the mapping of tags and programmes, those that are an input first."""
    named = facts.mapping.join(facts.labels, on=["subject_kind", "subject"], maintain_order="left")
    ordered = named.sort(col("use") != INPUT, "subject_kind", "label", descending=[False, True, False])
    use = pl.when(col("use") == INPUT).then(pl.format("input for {}", "indicator")).otherwise(lit("none of the three"))
    return ordered.select(
        "indicator", "source_ids", part=lit(MAPPING), line="label", remark=use + lit(": ") + col("text")
    )
