"""A Scan -> the same scan for other eyes: weights and a band in place of money, pseudonyms in place of names.

Kept are weights, dates, public identifiers and names, and everything that the reference data says. All that the user's
files said in words is dropped or replaced: a text that nobody has looked at may hold anything.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from esgscan.identifiers import read_isin
from esgscan.result_tables import RESULT
from esgscan.tables import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from esgscan.records import PortfolioSummary, Run, Scan

col, lit = pl.col, pl.lit

USER = "user"
"""Tier of the sources that the user gave."""
OWN_WORD = "own"
OWN = f"{OWN_WORD}:"
"""How the ids of the user's own lists begin."""
OF_A_LIST = (
    *("programme_id", "measure_id", "effect_id", "programme", "short_name", "name"),
    *("measures", "publisher", "issuer_id", "subject", "said", "text", "citation"),
)
"""Columns in which the name of a list stands."""
ROUTE = " > "
KEPT_OPTIONS = ("as_of", "known_on", "max_age", "investor", "paper", "redact")
OF_THE_RUN = ("--as-of",)
"""Places of findings that speak of the run and quote nothing."""
MONEY = ("market_value", "value", "quantity", "price")
WORDS = (
    *("source_sheet", "evidence", "portfolio", "asset_class", "comment"),
    *("currency", "cusip", "sedol", "figi", "ticker", "mic"),
)
"""Columns that hold the user's words, or identifiers that a licence or an account may be read from."""
PERSONS, WITHHELD = ("decided_by", "where"), "withheld"
"""Columns that name a person or a file and are never empty, and what stands in them instead."""
OF_THE_USER = ("paths", "uncovered", "positions", "review", "decisions")
"""Tables whose rows are lines of the user."""
ROW = re.compile(r"row \d+")
"""How a step names a line without a name."""
UNITS = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicNames:
    """Names that everybody may read, by id: those of the packaged data.

    Attributes:
        issuers: issuer_id -> name.
        funds: fund_id -> name.
    """

    issuers: Mapping[str, str]
    funds: Mapping[str, str]


def redacted(scan: Scan, public: PublicNames) -> Scan:
    """Give a scan without amounts, file names and names that are not public.

    The pseudonym of a name is the same wherever one set of input files is scanned, and another for other files: their
    hash is mixed into it, and the report gives only the hash of that hash.
    """
    cover = _Cover(salt="".join(sorted(scan.run.inputs.values())), public=public)
    tables = dict(scan.tables)
    labels = _labels(tables["positions"], cover)
    secrets = _own_lists(tables["programmes"], cover)
    for name, table in tables.items():
        covered = _without_user_text(name, table, labels, cover)
        tables[name] = _with_lists_covered(covered, secrets) if secrets else covered
    if scan.run.options.get("policy"):
        tables["policy"] = tables["policy"].with_columns(value=lit(WITHHELD))
        tables["exposures"] = tables["exposures"].with_columns(tier=lit(WITHHELD))
    tables["findings"] = _findings(scan.tables["findings"])
    tables["steps"] = _steps(tables["steps"], cover)
    tables["editions"] = _subjects(tables["editions"], "holdings", cover)
    tables["sources"] = _sources(tables["sources"])
    return replace(scan, run=_run(scan.run), portfolio=_portfolio(scan.portfolio, cover), tables=tables)


def band(amount: float | None, currency: str) -> str:
    """Say between which powers of ten an amount lies, such as `EUR 100 million to 1 billion`."""
    if not amount or amount < 0:
        return ""
    lower = 10 ** (len(str(int(amount))) - 1)
    return f"{currency} {_round(lower)} to {_round(lower * 10)}".strip()


def _round(amount: int) -> str:
    for unit, word in UNITS:
        if amount >= unit:
            return f"{amount // unit} {word}"
    return str(amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cover:
    """Makes pseudonyms."""

    salt: str
    public: PublicNames

    def name(self, kind: str, secret: str) -> str:
        """Give a name its pseudonym: the kind of thing it is, and eight digits."""
        return f"{kind} {hashlib.sha256(f'{self.salt}/{kind}/{secret}'.encode()).hexdigest()[:8]}"

    def fund(self, name_or_id: str) -> str:
        """Keep the name or id of a fund that the packaged data knows, and an ISIN."""
        known = name_or_id in self.public.funds or name_or_id in self.public.funds.values()
        return name_or_id if known or read_isin(name_or_id) else self.name("fund", name_or_id)

    def route(self, text: str) -> str:
        """Cover each fund of a route."""
        return ROUTE.join(self.fund(part) for part in text.split(ROUTE))


def _labels(positions: pl.DataFrame, cover: _Cover) -> dict[str, str]:
    """Name each position by what it was resolved to, or by its row."""
    labels = {}
    rows = positions.select("position_id", "source_row", "issuer_id", "fund_id").rows()
    for number, (position, row, issuer, fund) in enumerate(rows, start=1):
        known = cover.public.issuers.get(issuer or "") or cover.public.funds.get(fund or "")
        labels[position] = known or f"line {number if row is None else row}"
    return labels


def _without_user_text(name: str, table: pl.DataFrame, labels: Mapping[str, str], cover: _Cover) -> pl.DataFrame:
    """Drop money and the user's words, and cover the names of positions and funds."""
    dropped = (*MONEY, *WORDS) if name in OF_THE_USER else MONEY
    emptied = [lit(None, table.schema[column]).alias(column) for column in dropped if column in table.columns]
    changes = {"route": cover.route, "route_names": cover.route, "fund_id": cover.fund, "fund": cover.fund}
    withheld = [lit(WITHHELD).alias(column) for column in PERSONS if name == "decisions" and column in table.columns]
    covered = [_mapped(table, column, change) for column, change in changes.items() if column in table.columns]
    if "name_as_written" in table.columns:
        label = col("position_id").replace_strict(labels, default=None, return_dtype=pl.String)
        covered.append(label.alias("name_as_written"))
    return table.with_columns(*emptied, *withheld, *covered)


def _mapped(table: pl.DataFrame, name: str, change: Callable[[str], str]) -> pl.Expr:
    pairs = {text: change(text) for text in table[name].unique().drop_nulls() if text}
    return col(name).replace(pairs)


def _own_lists(programmes: pl.DataFrame, cover: _Cover) -> dict[str, str]:
    """Give the names of the user's own lists, which often are file names, with their pseudonyms."""
    own = programmes.filter(col("programme_id").str.starts_with(OWN)).select("programme_id", "name")
    pairs: dict[str, str] = {}
    for programme, name in own.rows():
        pseudonym = cover.name("own list", name)
        pairs |= {programme: OWN + pseudonym.rpartition(" ")[2], name: pseudonym}
    return dict(sorted(pairs.items(), key=lambda pair: -len(pair[0])))


def _with_lists_covered(table: pl.DataFrame, secrets: Mapping[str, str]) -> pl.DataFrame:
    """Put pseudonyms in the place of the user's own lists, and drop what those lists say in words."""
    named = [column for column in OF_A_LIST if column in table.columns]
    changes = [col(column).str.replace_many(list(secrets), list(secrets.values())) for column in named]
    mark = next((column for column in ("programme_id", "theme") if column in table.columns), None)
    if mark and "note" in table.columns:
        is_own = col(mark).str.starts_with(OWN_WORD).fill_null(value=False)
        changes.append(pl.when(~is_own).then(col("note")).alias("note"))
    return table.with_columns(changes)


def _findings(findings: pl.DataFrame) -> pl.DataFrame:
    """Keep what speaks of the run, and count the rest: findings quote the file."""
    is_kept = col("where").is_in(OF_THE_RUN)
    hidden = Counter(findings.filter(~is_kept)["severity"])
    counted = [
        {
            "severity": severity,
            "where": "the files of the run",
            "what": f"{number} more of this severity; the full report has them.",
            "mend": "",
        }
        for severity, number in hidden.items()
    ]
    return FINDINGS.conform(pl.concat([findings.filter(is_kept), FINDINGS.frame(counted)]))


def _steps(steps: pl.DataFrame, cover: _Cover) -> pl.DataFrame:
    """Cover the fund or line that each step is about, in its action too."""
    covered = []
    for row in steps.to_dicts():
        subject = row["subject"]
        shown = subject if ROW.fullmatch(subject) else cover.fund(subject)
        covered.append({**row, "subject": shown, "action": row["action"].replace(subject, shown)})
    return RESULT["steps"].frame(covered)


def _subjects(editions: pl.DataFrame, kind: str, cover: _Cover) -> pl.DataFrame:
    """Cover the funds whose holdings were used."""
    named = editions.select("kind", "subject").rows()
    subjects = [cover.fund(subject) if of == kind else subject for of, subject in named]
    return editions.with_columns(subject=pl.Series(subjects, dtype=pl.String))


def _sources(sources: pl.DataFrame) -> pl.DataFrame:
    """Number the files that the user gave, in place of their names and addresses."""
    is_user = col("tier") == USER
    numbered = pl.format("file {} of the user", col("number"))
    changed = dict.fromkeys(("source_id", "title"), numbered) | {
        "publisher": lit("given by the user"),
        "url": lit(None, pl.String),
    }
    return RESULT["sources"].conform(
        sources.with_columns(**{name: pl.when(is_user).then(to).otherwise(col(name)) for name, to in changed.items()})
    )


def _run(run: Run) -> Run:
    inputs = {
        f"input {number}": hashlib.sha256(digest.encode()).hexdigest()
        for number, digest in enumerate(run.inputs.values(), start=1)
    }
    kept: dict[str, Any] = {name: run.options[name] for name in KEPT_OPTIONS if name in run.options}
    return replace(run, inputs=inputs, options={**kept, "redact": True})


def _portfolio(portfolio: PortfolioSummary, cover: _Cover) -> PortfolioSummary:
    size = band(portfolio.market_value, portfolio.currency)
    return replace(portfolio, name=cover.name("Portfolio", portfolio.name), market_value=None, band=size)
