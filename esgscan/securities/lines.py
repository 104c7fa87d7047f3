"""Positions and holdings as lines: the few columns by which an identity is found, identifiers checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esgscan.identifiers import read_figi, read_isins, read_lei
from esgscan.securities.links import LINKS, add_links
from esgscan.terms import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

LINE = [
    "line_id",
    "name_as_written",
    "isin",
    "figi",
    "lei",
    "ticker",
    "exchange",
    "country",
    "currency",
    "kind",
]
NAMED = ("named_code", "bare_name")
WRITTEN = ("name_as_written", "isin", "figi", "lei", "ticker", "exchange", "country", "currency")
WIDE = "[\uff01-\uff5e]"
DERIVATIVES = [str(kind) for kind in (Kind.OPTION, Kind.FUTURE, Kind.SWAP, Kind.STRUCTURED_NOTE)]
PLACED_CODE = (
    "[0-9]{4,6}[. ](?:SZ|SH|SS|SHE|SHG|XSHE|XSHG|CH|CN|C1|C2|CS|CG|HK)|[0-9]{3}[. ]HK|(?:SZ|SH|SS|HK) ?[0-9]{4,6}"
    "|(?:SZSE|SSE|SHSE|SHE|SHA|SHG|XSHE|XSHG|SEHK|HKEX|HKG|XHKG) ?: ?[0-9]{1,6}"
)
CODE_IN_NAME = (
    rf"(?i)\(\s*(?:[AH][- ]?shares?:? )?({PLACED_CODE}|[0-9]{{1,2}}[. ]HK|[0-9]{{6}})\s*(?:[,/][^)]*)?\)\s*$"
    rf"|[ ,|/\[-]\s*({PLACED_CODE})\]?\s*$|^\s*({PLACED_CODE})(?: equity)?(?:[ ,|:-]|$)[\s-]*"
)
"""A code in the name of a line without one: in brackets, `ZTE Corporation (0763.HK)`, `SMIC (SEHK: 981)`, where six
digits do without a market; and before or behind the name, `688012 SS - AMEC`, but not of two digits: `Top 20 HK`."""
ISIN_WITHIN = r"\b([A-Z]{2}[A-Z0-9]{9}[0-9])\b"
WITHIN = "the code or name that holds it"
CONTRACT = r"(?i)\s*(?:\b\d{1,2}/\d{1,2}/\d{2,4}|\b\d\d[a-z]{3}\d\d\b|\d{6}[pc]\d).*$"
"""What the symbol of a contract says after its underlying: `763 HK 12/30/26 P20`, `BABA 18DEC26 30 C`."""


def lines_of(table: pl.DataFrame, line_id: str, links: pl.DataFrame | None = None) -> pl.DataFrame:
    """Take the lines out of POSITIONS or HOLDINGS; an identifier with a wrong check digit becomes missing.

    The symbol of an option or future gives the code of its underlying. A code or an ISIN that stands in the name of a
    line without one is taken out beside it.

    Args:
        table: POSITIONS or HOLDINGS.
        line_id: The column that names its lines.
        links: What the CUSIPs, SEDOLs and FIGIs of the run stand for (`securities.links.identifier_links`).
    """
    lines = _with_plain_letters(table.rename({line_id: "line_id"}).select(LINE)).with_columns(_code_of_underlying())
    checked = lines.with_columns(
        read_isins(lines["isin"]).alias("isin"), _checked(lines["figi"], read_figi), _checked(lines["lei"], read_lei)
    )
    linked = add_links(add_named_code(checked), table, LINKS.to_frame() if links is None else links)
    return _with_named_isin(linked)


def add_named_code(lines: pl.DataFrame) -> pl.DataFrame:
    """Add the code that stands in a name, where the line has no other, and the name without it."""
    name = pl.col("name_as_written")
    is_open = lines.select(pl.col("ticker").is_null() & pl.col("isin").is_null() & name.str.contains("[0-9]"))
    at = is_open.to_series().arg_true()
    code, bare = (
        pl.coalesce(name.str.extract(CODE_IN_NAME, part) for part in (1, 2, 3)),
        name.str.replace(CODE_IN_NAME, ""),
    )
    found = lines.select(name.gather(at)).select(code.alias(NAMED[0]), bare.alias(NAMED[1]))
    none = pl.Series([None], dtype=pl.String).new_from_index(0, len(lines))
    return lines.with_columns(none.clone().scatter(at, found[added]).alias(added) for added in NAMED)


def _with_named_isin(lines: pl.DataFrame) -> pl.DataFrame:
    """Take the ISIN that stands in the code or the name of a line that has no other."""
    is_open = pl.col("isin").is_null()
    texts = [pl.when(is_open).then(pl.col(column)).str.extract(ISIN_WITHIN) for column in ("ticker", "name_as_written")]
    written = lines.select(isin=pl.coalesce(texts))["isin"]
    if written.null_count() == len(written):
        return lines
    isin = read_isins(written)
    by = pl.when(isin.is_not_null()).then(pl.lit(WITHIN)).otherwise(pl.col("linked_by"))
    return lines.with_columns(isin=pl.coalesce("isin", isin), linked_by=by)


def _code_of_underlying() -> pl.Expr:
    """Cut off what the symbol of a contract says after its underlying."""
    is_derivative = pl.col("kind").is_in(DERIVATIVES)
    symbol = pl.when(is_derivative).then("ticker")
    underlying = symbol.str.replace(CONTRACT, "").str.strip_chars(" -").replace("", None)
    return pl.when(is_derivative).then(underlying).otherwise(pl.col("ticker")).alias("ticker")


def _with_plain_letters(lines: pl.DataFrame) -> pl.DataFrame:
    """Write wide letters and digits, as files from East Asia have them, as plain ones."""
    beyond = [name for name in WRITTEN if (lines[name].str.len_bytes() > lines[name].str.len_chars()).any()]
    wide = [name for name in beyond if lines[name].str.contains(WIDE).any()]
    return lines.with_columns(pl.col(wide).str.normalize("NFKC")) if wide else lines


def _checked(column: pl.Series, read: Callable[[str], str | None]) -> pl.Series:
    """Read each distinct text once."""
    values = {text: read(text) for text in column.unique().drop_nulls()}
    return column.replace_strict(values, return_dtype=column.dtype) if values else column
