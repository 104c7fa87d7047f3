"""The identity ladder: which security a line is, how sure that is, and why.

The first rung that decides, decides. A rung decides by an identifier, or by two witnesses that agree; a bare number and
a name alone decide nothing (docs/identity.md). One implementation serves positions and fund holdings, on every engine.
"""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import polars as pl

from esgscan.securities.likeness import CUT_OR_CONTAINED, LIKENESS, likenesses
from esgscan.securities.regions import region_of_name
from esgscan.securities.rungs import Rung, rungs
from esgscan.securities.witnesses import accepts, add_witnesses, quoted_witnesses
from esgscan.tables import SECURITIES
from esgscan.terms import Outcome

if TYPE_CHECKING:
    from esgscan.securities.keys import IdentityKeys
    from esgscan.tables import Engine, Frame

col, lit, when = nw.col, nw.lit, nw.when

GAPS = 4
"""The values that the evidence of a rung may quote, at most."""


def resolve(lines: Frame, keys: IdentityKeys, *, engine: Engine) -> Frame:
    """Find the security of each line.

    Args:
        lines: Lines as `securities.lines.lines_of` gives them; identifiers with a right check digit or missing.
        keys: What lines are compared with.
        engine: Where the key tables go.

    Returns:
        Table SECURITIES, one row per line. A line that is a fund has a missing `outcome`: look-through decides it.

    Source: docs/identity.md, "The ladder".
    """
    likened = _likened(engine.settle(add_witnesses(lines, keys, engine)), keys, engine)
    compared = _agreements(_compared(likened, keys, engine))
    return _decide(compared, rungs(keys), engine).select(list(SECURITIES.columns))


def _likened(lines: Frame, keys: IdentityKeys, engine: Engine) -> Frame:
    """Say which known name each name is another way of writing, or is like; each distinct name is looked at once."""
    names = engine.collect(lines.select("name_key").unique())["name_key"].drop_nulls()
    like = LIKENESS.to_frame() if names.is_empty() else likenesses(names, keys.spellings())
    likened = lines.join(engine.frame(like), on="name_key", how="left")
    return likened.with_columns(
        name_key=nw.coalesce("known_key", "name_key"), near_key=nw.coalesce("known_key", "near_key")
    )


def _compared(lines: Frame, keys: IdentityKeys, engine: Engine) -> Frame:
    """Compare the lines with each key table; what agrees stands in columns named after the table."""

    def named(table: pl.DataFrame, **names: str) -> Frame:
        return engine.frame(table.rename(names))

    def prefixed(table: pl.DataFrame, prefix: str, *keep: str) -> Frame:
        return named(table, **{name: f"{prefix}_{name}" for name in table.columns if name not in keep})

    seats = keys.seats.rename({"issuer_id": "seated_issuer"})
    both = keys.codes.select("code", "security_id", "known_isin", meant_issuer="issuer_id")
    fund_codes = named(keys.fund_codes, ticker="fund_code", fund_id="code_fund", region="code_region")
    return (
        lines.join(named(keys.isins, security_id="isin_security", issuer_id="isin_issuer"), on="isin", how="left")
        .join(prefixed(keys.figis, "figi", "figi"), on="figi", how="left")
        .join(named(keys.leis, issuer_id="lei_issuer"), on="lei", how="left")
        .join(engine.frame(_forms(keys)), on="placed_form", how="left")
        .join(prefixed(keys.codes, "code", "code", "market"), on=["code", "market"], how="left")
        .join(named(keys.bare_codes), on="code", how="left")
        .join(named(keys.names), on="name_key", how="left")
        .join(named(keys.lookalikes), on="name_key", how="left")
        .join(named(keys.near_lookalikes), on="near_key", how="left")
        .with_columns(meant_issuer=_meant_issuer(), seated_issuer=nw.coalesce("name_issuer", "near_issuer"))
        .join(prefixed(seats, "name", "seated_issuer"), on="seated_issuer", how="left")
        .join(prefixed(both, "both", "code", "meant_issuer"), on=["code", "meant_issuer"], how="left")
        .join(named(keys.fund_isins, fund_id="isin_fund", region="isin_region"), on="isin", how="left")
        .join(named(keys.fund_leis, fund_id="lei_fund", region="lei_region"), on="lei", how="left")
        .join(fund_codes, on="fund_code", how="left")
        .join(named(keys.fund_names, fund_id="name_fund", region="name_region"), on="fund_key", how="left")
    )


def _forms(keys: IdentityKeys) -> pl.DataFrame:
    """Name the columns of the codes that carry their market: `form_security_id`, by `placed_form`."""
    return keys.forms.rename(lambda name: "placed_form" if name == "form" else f"form_{name}")


def _meant_issuer() -> nw.Expr:
    """Give the issuer that a name means: by a known name, else by one that it is cut from or contains."""
    return nw.coalesce("name_issuer", when(col("near_how").is_in(CUT_OR_CONTAINED)).then(col("near_issuer")))


def _agreements(lines: Frame) -> Frame:
    """Say for code and name whether exchange, country and currency agree with the issuer they point at.

    A currency never disagrees: a fund may print its own currency beside a foreign share.
    """
    conflict = (~col("ticker_seat").is_null() & (col("ticker_seat") != col("listed_seat"))).fill_null(value=False)
    is_named_otherwise, form_disagrees = (
        _is_named_otherwise(issuer) for issuer in ("code_issuer_id", "form_issuer_id")
    )
    is_placed_elsewhere = ~col("digits").is_null() & ~col("market").is_null() & col("code_security_id").is_null()
    agrees = accepts("name", "exchange_seat") | accepts("name", "country_seat") | accepts("name", "currency_seat")
    return lines.with_columns(
        name_agrees=agrees,
        name_disagrees_alone=_disagrees("name").fill_null(value=False),
        name_disagrees=_disagrees("name") | (is_placed_elsewhere & col("both_security_id").is_null()),
        code_disagrees=_disagrees("code") | conflict | is_named_otherwise,
        form_disagrees=form_disagrees,
        listed_issuer=nw.coalesce("form_issuer_id", "code_issuer_id"),
        listed_isin=nw.coalesce("form_known_isin", "code_known_isin"),
        pointed_issuer=nw.coalesce("form_issuer_id", "code_issuer_id", "meant_issuer"),
        is_placed_elsewhere=is_placed_elsewhere.fill_null(value=False),
        identifier=nw.coalesce("isin", "figi", "lei"),
        isin_said=_isin_said(),
        witness=quoted_witnesses(),
    ).with_columns(
        by_witness=when(col("ticker_seat").is_null()).then(col("witness")).otherwise(lit("its market")),
    )


def _isin_said() -> nw.Expr:
    """Quote the ISIN, and the number that led to it where the line has none."""
    isin = nw.concat_str(lit("ISIN "), col("isin"))
    return nw.coalesce(nw.concat_str(isin, lit(", by "), col("linked_by")), isin)


def _is_named_otherwise(issuer: str) -> nw.Expr:
    """Say whether the name is that of another issuer than the code."""
    return (col("name_is_unique") & (col("name_issuer") != col(issuer))).fill_null(value=False)


def _disagrees(issuer: str) -> nw.Expr:
    wrong_exchange = ~col("exchange_seat").is_null() & ~accepts(issuer, "exchange_seat")
    wrong_country = ~col("country_seat").is_null() & ~accepts(issuer, "country_seat")
    return wrong_exchange | wrong_country


def _decide(lines: Frame, ladder: list[Rung], engine: Engine) -> Frame:
    """Let the first rung that applies decide."""
    numbered = lines.with_columns(rung=_first(ladder)).join(engine.frame(_said(ladder)), on="rung", how="left")
    is_open = col("outcome").is_null() | (col("outcome") == Outcome.UNCOVERED)
    regions = [rung.target.region for rung in ladder]
    pointed = numbered.with_columns(
        security_id=_chosen([rung.target.security for rung in ladder]),
        points_at=_chosen([rung.target.issuer for rung in ladder]),
        fund_id=_chosen([rung.target.fund for rung in ladder]),
        region=when(is_open).then(nw.coalesce(_chosen(regions), region_of_name(when(is_open).then(col("fund_key"))))),
        known_isin=_chosen([rung.target.isin for rung in ladder]),
        evidence=_evidence(ladder),
    )
    is_flagged = col("outcome") == Outcome.FLAGGED
    return pointed.with_columns(
        issuer_id=when(is_flagged).then(col("points_at")),
        candidate=when(~is_flagged).then(col("points_at")),
        isin=nw.coalesce("isin", "known_isin"),
    )


def _first(ladder: list[Rung]) -> nw.Expr:
    """Number the first rung whose condition holds."""
    return nw.coalesce(*(when(rung.when).then(lit(number, nw.Int8())) for number, rung in enumerate(ladder)))


def _said(ladder: list[Rung]) -> pl.DataFrame:
    """Write down what each rung says of every line on which it decides, its evidence cut at the gaps."""
    columns: dict[str, list[str | None]] = {
        "matched_by": [rung.matched_by for rung in ladder],
        "confidence": [rung.confidence for rung in ladder],
        "outcome": [rung.outcome for rung in ladder],
        "reason": [rung.reason for rung in ladder],
        **{f"text_{n}": [_cut(rung)[n][0] for rung in ladder] for n in range(GAPS + 1)},
    }
    texts = [pl.Series(name, values, pl.String) for name, values in columns.items()]
    return pl.DataFrame([pl.Series("rung", range(len(ladder)), pl.Int8), *texts])


def _cut(rung: Rung) -> list[tuple[str, str]]:
    """Cut the evidence of a rung into (text, name of the value that follows)."""
    parts = [(text, name or "") for text, name, _, _ in Formatter().parse(rung.evidence)]
    return [*parts, *[("", "")] * (GAPS + 1 - len(parts))]


def _evidence(ladder: list[Rung]) -> nw.Expr:
    """Fill the gaps of the deciding rung's evidence with the values of the line."""
    parts: list[nw.Expr] = []
    for n in range(GAPS + 1):
        parts.append(col(f"text_{n}"))
        names = [_cut(rung)[n][1] for rung in ladder]
        if any(names):
            parts.append(_chosen(names))
    return nw.concat_str(*parts, ignore_nulls=True)


def _chosen(names: list[str]) -> nw.Expr:
    """Take for each line the column that `names` gives for its rung."""
    rungs_of: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        if name:
            rungs_of.setdefault(name, []).append(number)
    return nw.coalesce(*(when(col("rung").is_in(numbers)).then(col(name)) for name, numbers in rungs_of.items()))
