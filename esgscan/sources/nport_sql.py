"""The SQL that turns the SEC's N-PORT tables into FUNDS and HOLDINGS, as `nport` reads one filing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.sources.fields import FILLERS, NOTHING, SHORTEST_IDENTIFIER
from esgscan.sources.nport_kinds import DERIVATIVES, GENERIC_TITLES, kind_sql
from esgscan.sources.weighing import CLAIMS, OTHER_ASSETS, SUM_TOLERANCE
from esgscan.terms import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

COLUMNS = {
    "SUBMISSION": ("ACCESSION_NUMBER", "FILING_DATE", "REPORT_DATE"),
    "REGISTRANT": ("ACCESSION_NUMBER", "CIK", "REGISTRANT_NAME", "LEI"),
    "FUND_REPORTED_INFO": (
        "ACCESSION_NUMBER", "SERIES_NAME", "SERIES_ID", "SERIES_LEI", "NET_ASSETS", "CASH_NOT_RPTD_IN_C_OR_D",
        "ASSETS_ATTRBT_TO_MISC_SECURITY",
    ),
    "FUND_REPORTED_HOLDING": (
        "ACCESSION_NUMBER", "HOLDING_ID", "ISSUER_NAME", "ISSUER_LEI", "ISSUER_TITLE", "ISSUER_CUSIP",
        "CURRENCY_CODE", "CURRENCY_VALUE", "PERCENTAGE", "ASSET_CAT", "ISSUER_TYPE", "INVESTMENT_COUNTRY",
        "DERIVATIVE_CAT",
    ),
    "IDENTIFIERS": (
        "HOLDING_ID", "IDENTIFIER_ISIN", "IDENTIFIER_TICKER", "OTHER_IDENTIFIER", "OTHER_IDENTIFIER_DESC",
    ),
    "DESC_REF_OTHER": ("HOLDING_ID", "ISSUER_NAME", "ISSUE_TITLE", "CUSIP", "ISIN", "TICKER"),
}  # fmt: skip
"""The columns that are used, by table; in the files they stand in any order, among others."""
REQUIRED = {
    "SUBMISSION": ("ACCESSION_NUMBER", "REPORT_DATE"),
    "REGISTRANT": ("ACCESSION_NUMBER",),
    "FUND_REPORTED_INFO": ("ACCESSION_NUMBER", "NET_ASSETS"),
    "FUND_REPORTED_HOLDING": ("ACCESSION_NUMBER", "CURRENCY_VALUE"),
}


LONGEST_NOTHING = max(map(len, NOTHING))
NO_IDENTIFIER = "^(?:" + "|".join(f"{letter}+" for letter in FILLERS) + ")$"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, and the table whose file it reads, if any."""

    sql: str
    table: str = ""


def stated_sql(column: str) -> str:
    """Give a text; a word that stands for no value is null. Only short texts are compared, which costs less."""
    words = ", ".join(f"'{word}'" for word in NOTHING)
    is_nothing = f"length({column}) <= {LONGEST_NOTHING} AND upper(trim({column})) IN ({words})"
    return f"CASE WHEN {is_nothing} THEN NULL ELSE {column} END"


def identifier_sql(column: str) -> str:
    """Give an identifier; one too short, or zeros or nines all through, is null."""
    begins = " OR ".join(f"starts_with({column}, '{3 * letter}')" for letter in FILLERS)
    return (
        f"CASE WHEN length({column}) < {SHORTEST_IDENTIFIER} THEN NULL"
        f" WHEN ({begins}) AND regexp_matches({column}, '{NO_IDENTIFIER}') THEN NULL ELSE {column} END"
    )


def code_sql(column: str, length: int) -> str:
    """Give a code of a country or a currency, known by its length."""
    return f"CASE WHEN length({column}) = {length} AND {column} <> 'N/A' THEN {column} END"


def day_sql(column: str) -> str:
    """Read `31-MAR-2024`, or an ISO date."""
    return f"CAST(try_strptime({column}, ['%d-%b-%Y', '%Y-%m-%d', '%m/%d/%Y']) AS DATE)"


def tables_sql(headers: Mapping[str, tuple[str, ...]], quoted: Collection[str] = ()) -> Iterator[Statement]:
    """Give the statements that read the tables: views of the large ones, the filings that count, what lines refer to.

    Args:
        headers: The columns of each table.
        quoted: The tables that a program wrote with its cells in quotes; in those of the SEC they are letters.

    Raises:
        SourceError: A table has no column of a name that is needed.
    """
    for table, columns in COLUMNS.items():
        header = {word.upper(): word for word in headers.get(table, ())}
        if missing := [word for word in REQUIRED.get(table, ()) if word not in header]:
            what = f"The table {table} has no column {missing[0]}."
            raise SourceError(what, where=f"{table}.tsv, line 1", mend="download the data set again")
        yield _view(table, columns, header, quote='"' if table in quoted else "")
    yield Statement(FILINGS_SQL)
    yield Statement(CODES_SQL)
    yield Statement(REFERENCES_SQL)


def _view(table: str, columns: tuple[str, ...], header: Mapping[str, str], *, quote: str) -> Statement:
    """Make a view of a file with the columns that are used; without a file it is empty."""
    if not header:
        return Statement(f"CREATE VIEW {table} AS SELECT {_nulls(columns)} WHERE false")
    chosen = ", ".join(
        f'"{header[word]}" AS {word}' if word in header else f"CAST(NULL AS VARCHAR) AS {word}" for word in columns
    )
    return Statement(
        f"CREATE VIEW {table} AS SELECT {chosen} FROM read_csv(getvariable('{table}'), delim = '\t', header = true,"
        f" all_varchar = true, quote = '{quote}', escape = '{quote}', null_padding = true, strict_mode = false)",
        table,
    )


def _nulls(columns: tuple[str, ...]) -> str:
    return ", ".join(f"CAST(NULL AS VARCHAR) AS {word}" for word in columns)


_SERIES = stated_sql("SERIES_ID")
_CIK = stated_sql("CIK")
_LEI = identifier_sql("SERIES_LEI")
FILINGS_SQL = f"""
CREATE TABLE filings AS
SELECT ACCESSION_NUMBER AS accession, {day_sql("REPORT_DATE")} AS as_of,
    coalesce({_SERIES}, 'CIK' || {_CIK}, ACCESSION_NUMBER) AS fund_id,
    coalesce({stated_sql("SERIES_NAME")}, {stated_sql("REGISTRANT_NAME")}) AS name,
    nullif(concat_ws(' ', 'series:' || {_SERIES},
        'lei:' || coalesce({_LEI}, CASE WHEN {_SERIES} IS NULL THEN {identifier_sql("LEI")} END),
        'cik:' || {_CIK}), '') AS identifiers,
    try_cast(NET_ASSETS AS DOUBLE) AS net_assets,
    coalesce(try_cast(CASH_NOT_RPTD_IN_C_OR_D AS DOUBLE), 0) AS cash,
    coalesce(try_cast(ASSETS_ATTRBT_TO_MISC_SECURITY AS DOUBLE), 0) AS unnamed,
    row_number() OVER (
        PARTITION BY coalesce({_SERIES}, {_CIK} || coalesce(SERIES_NAME, ''), ACCESSION_NUMBER), REPORT_DATE
        ORDER BY {day_sql("FILING_DATE")} DESC NULLS LAST, ACCESSION_NUMBER DESC
    ) AS rank
FROM FUND_REPORTED_INFO
LEFT JOIN SUBMISSION USING (ACCESSION_NUMBER)
LEFT JOIN (SELECT DISTINCT ON (ACCESSION_NUMBER) * FROM REGISTRANT) USING (ACCESSION_NUMBER)
"""
"""One row per filing; those of rank 1 count."""

_OTHER = "upper(OTHER_IDENTIFIER_DESC) LIKE '%{code}%'"
CODES_SQL = f"""
CREATE VIEW codes AS
SELECT HOLDING_ID,
    min({identifier_sql("IDENTIFIER_ISIN")}) AS isin,
    min({stated_sql("IDENTIFIER_TICKER")}) AS ticker,
    min({identifier_sql("OTHER_IDENTIFIER")}) FILTER (WHERE {_OTHER.format(code="SEDOL")}) AS sedol,
    min({identifier_sql("OTHER_IDENTIFIER")}) FILTER (WHERE {_OTHER.format(code="FIGI")}) AS figi
FROM IDENTIFIERS GROUP BY HOLDING_ID
"""
"""A line may have several rows of identifiers."""

REFERENCES_SQL = f"""
CREATE VIEW refs AS
SELECT HOLDING_ID, first(coalesce({stated_sql("ISSUER_NAME")}, {stated_sql("ISSUE_TITLE")})) AS ref_name,
    min({identifier_sql("ISIN")}) AS ref_isin, min({identifier_sql("CUSIP")}) AS ref_cusip,
    min({stated_sql("TICKER")}) AS ref_ticker
FROM DESC_REF_OTHER GROUP BY HOLDING_ID
"""
"""What a derivative refers to."""

_DERIVED = ", ".join(f"'{kind}'" for kind in sorted({str(kind) for kind in DERIVATIVES.values()}))
_GENERIC = ", ".join(f"'{title}'" for title in GENERIC_TITLES)
_KIND = kind_sql(derivative="h.DERIVATIVE_CAT", asset="h.ASSET_CAT", issuer="h.ISSUER_TYPE", title="h.ISSUER_TITLE")
HOLDINGS_SQL = f"""
SELECT HOLDING_ID AS holding_id, fund_id, as_of,
    CASE WHEN ref_name IS NULL OR contains(lower(coalesce(own_name, '')), lower(ref_name)) THEN own_name
        WHEN own_name IS NULL THEN ref_name ELSE own_name || ' on ' || ref_name END AS name_as_written,
    coalesce(ref_isin, isin) AS isin, coalesce(cusip, ref_cusip) AS cusip, sedol, figi, lei,
    coalesce(ticker, ref_ticker) AS ticker, CAST(NULL AS VARCHAR) AS exchange, country, currency, kind, market_value,
    CASE WHEN net_assets > 0 THEN coalesce(market_value / net_assets, printed_weight, 0) ELSE 0 END AS holding_weight,
    printed_weight, CAST(NULL AS DOUBLE) AS rounding, {{source}} AS source_id
FROM (
    SELECT *, CASE WHEN kind IN ('{Kind.FUND}', {_DERIVED}) AND upper(title) NOT IN ({_GENERIC}) THEN title
        ELSE coalesce(issuer, title) END AS own_name
    FROM (
        SELECT h.HOLDING_ID, f.fund_id, f.as_of, f.net_assets, c.isin, c.sedol, c.figi, c.ticker,
            {identifier_sql("h.ISSUER_CUSIP")} AS cusip, {identifier_sql("h.ISSUER_LEI")} AS lei,
            {code_sql("h.INVESTMENT_COUNTRY", 2)} AS country, {code_sql("h.CURRENCY_CODE", 3)} AS currency,
            {stated_sql("h.ISSUER_NAME")} AS issuer, {stated_sql("h.ISSUER_TITLE")} AS title,
            try_cast(h.CURRENCY_VALUE AS DOUBLE) AS market_value,
            try_cast(h.PERCENTAGE AS DOUBLE) / 100 AS printed_weight,
            {_KIND} AS kind,
            r.ref_name, r.ref_isin, r.ref_cusip, r.ref_ticker
        FROM FUND_REPORTED_HOLDING h
        JOIN (SELECT * FROM filings WHERE rank = 1 AND as_of IS NOT NULL) f ON h.ACCESSION_NUMBER = f.accession
        LEFT JOIN codes c ON h.HOLDING_ID = c.HOLDING_ID
        LEFT JOIN refs r ON h.HOLDING_ID = r.HOLDING_ID
    )
)
"""
"""The lines; the names in braces are filled in by the writer."""

_CASH = "least(greatest(cash / net_assets, 0), greatest(missing, 0))"
_UNNAMED = "least(greatest(unnamed / net_assets, 0), greatest(missing - cash_part, 0))"
REST_SQL = f"""
WITH listed AS (
    SELECT fund_id, as_of, sum(holding_weight) AS weight FROM read_parquet({{lines}}) GROUP BY ALL
), missing AS (
    SELECT f.fund_id, f.as_of, cash, unnamed, net_assets, 1 - coalesce(weight, 0) AS missing
    FROM filings f LEFT JOIN listed l ON f.fund_id = l.fund_id AND f.as_of = l.as_of
    WHERE rank = 1 AND f.as_of IS NOT NULL
), with_cash AS (
    SELECT *, CASE WHEN net_assets > 0 THEN {_CASH} ELSE 0 END AS cash_part FROM missing
), with_unnamed AS (
    SELECT *, CASE WHEN net_assets > 0 THEN {_UNNAMED} ELSE 0 END AS unnamed_part FROM with_cash
), parts AS (
    SELECT fund_id, as_of, 'Cash not listed' AS words, '{Kind.CASH}' AS part_kind, cash_part AS part FROM with_unnamed
    UNION ALL
    SELECT fund_id, as_of, 'Securities not named', '{Kind.NOT_LISTED}', unnamed_part FROM with_unnamed
    UNION ALL
    SELECT fund_id, as_of,
        CASE WHEN missing - cash_part - unnamed_part <= {CLAIMS} THEN '{OTHER_ASSETS}' END,
        CASE WHEN missing - cash_part - unnamed_part <= {CLAIMS} THEN '{Kind.CASH}' ELSE '{Kind.NOT_LISTED}' END,
        missing - cash_part - unnamed_part
    FROM with_unnamed
)
SELECT 'rest-' || row_number() OVER (ORDER BY fund_id, as_of, part_kind, words) AS holding_id, fund_id, as_of,
    words AS name_as_written,
    CAST(NULL AS VARCHAR) AS isin, CAST(NULL AS VARCHAR) AS cusip, CAST(NULL AS VARCHAR) AS sedol,
    CAST(NULL AS VARCHAR) AS figi, CAST(NULL AS VARCHAR) AS lei, CAST(NULL AS VARCHAR) AS ticker,
    CAST(NULL AS VARCHAR) AS exchange, CAST(NULL AS VARCHAR) AS country, CAST(NULL AS VARCHAR) AS currency,
    part_kind AS kind, CAST(NULL AS DOUBLE) AS market_value, part AS holding_weight,
    CAST(NULL AS DOUBLE) AS printed_weight, CAST(NULL AS DOUBLE) AS rounding, {{source}} AS source_id
FROM parts WHERE abs(part) > {SUM_TOLERANCE}
"""
"""What is left over of each fund, as `weighing` says it."""

FUNDS_SQL = f"""
WITH unlisted AS (
    SELECT fund_id, as_of, sum(holding_weight) AS weight FROM read_parquet({{rest}}) WHERE kind = '{Kind.NOT_LISTED}'
    GROUP BY ALL
)
SELECT f.fund_id, name, CAST(NULL AS VARCHAR) AS isin, CAST(NULL AS VARCHAR) AS ticker, identifiers, f.as_of,
    net_assets AS total_market_value, 'USD' AS currency, 'net assets' AS denominator,
    greatest(0, 1 - coalesce(weight, 0)) AS share_published, {{publisher}} AS publisher, {{source}} AS source_id
FROM filings f LEFT JOIN unlisted u ON f.fund_id = u.fund_id AND f.as_of = u.as_of
WHERE rank = 1 AND f.as_of IS NOT NULL
"""
