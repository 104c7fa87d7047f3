"""What a line of Form N-PORT is: the codes of its items C.4 and C.11, as kinds of lines.

The same words serve the XML of one filing and the SQL over a quarter of them, so that both give one answer.
"""

from __future__ import annotations

import re

from esgscan.terms import Kind

DERIVATIVES = {
    "FWD": Kind.FORWARD,
    "FUT": Kind.FUTURE,
    "SWP": Kind.SWAP,
    "OPT": Kind.OPTION,
    "SWO": Kind.OPTION,
    "WAR": Kind.OPTION,
    "OTH": Kind.SWAP,
}
"""`derivCat`; another derivative is opened as little as a swap is."""
ASSETS = {
    "EC": Kind.EQUITY,
    "EP": Kind.EQUITY,
    "STIV": Kind.MONEY_MARKET,
    "RA": Kind.MONEY_MARKET,
    "DBT": Kind.BOND,
    "LON": Kind.BOND,
    "ABS-MBS": Kind.BOND,
    "ABS-APCP": Kind.BOND,
    "ABS-CBDO": Kind.BOND,
    "ABS-O": Kind.BOND,
    "SN": Kind.STRUCTURED_NOTE,
    "COMM": Kind.OTHER,
    "RE": Kind.OTHER,
    "DFE": Kind.FORWARD,
    "DCO": Kind.SWAP,
    "DCR": Kind.SWAP,
    "DE": Kind.SWAP,
    "DIR": Kind.SWAP,
    "DO": Kind.SWAP,
}
"""`assetCat`; repurchase agreements are money lent for days."""
FUND_ISSUERS = ("RF", "PF")
"""`issuerCat`: registered fund, private fund."""
SHARES = ("EC", "EP")
FUND_TITLE = r"\bETFS?\b"
RECEIPT_TITLE = r"\b(?:ADRS?|ADS|GDRS?|DEPOSIT[AO]RY)\b"
"""Words of a title in upper case."""
GENERIC_TITLES = ("MUTUAL FUND", "MUTUAL FUNDS", "INVESTMENT COMPANY", "COMMON STOCK", "OPEN END FUND", "FUND", "ETF")
"""Titles that name no fund."""


def kind_of_line(*, derivative: str | None, asset: str | None, issuer: str | None, title: str | None) -> Kind:
    """Give the kind of a line by its derivative category, asset category, issuer category and title."""
    if derivative in DERIVATIVES:
        return DERIVATIVES[derivative]
    kind = ASSETS.get(asset or "", Kind.UNKNOWN)
    if kind is Kind.EQUITY or (kind is Kind.UNKNOWN and issuer in FUND_ISSUERS):
        words = (title or "").upper()
        if issuer in FUND_ISSUERS or re.search(FUND_TITLE, words):
            return Kind.FUND
        return Kind.DEPOSITARY_RECEIPT if re.search(RECEIPT_TITLE, words) else kind
    return kind


def kind_sql(*, derivative: str, asset: str, issuer: str, title: str) -> str:
    """Say the same in SQL over the given columns."""
    by_asset = _cases(asset, ASSETS)
    is_share = f"({asset} IN ('EC', 'EP') OR ({by_asset}) IS NULL)"
    is_fund = f"{issuer} IN ('RF', 'PF')"
    return (
        f"CASE WHEN {derivative} IN {_listed(DERIVATIVES)} THEN {_cases(derivative, DERIVATIVES)}"
        f" WHEN {is_share} AND {is_fund} THEN '{Kind.FUND}'"
        f" WHEN {asset} IN ('EC', 'EP') AND regexp_matches(upper({title}), '{FUND_TITLE}') THEN '{Kind.FUND}'"
        f" WHEN {asset} IN ('EC', 'EP') AND regexp_matches(upper({title}), '{RECEIPT_TITLE}')"
        f" THEN '{Kind.DEPOSITARY_RECEIPT}'"
        f" ELSE coalesce({by_asset}, '{Kind.UNKNOWN}') END"
    )


def _cases(column: str, kinds: dict[str, Kind]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{code}' THEN '{kind}'" for code, kind in kinds.items()) + " END"


def _listed(codes: dict[str, Kind]) -> str:
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"
