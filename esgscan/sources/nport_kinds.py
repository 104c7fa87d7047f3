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
FUND_TITLE = r"(?i)\bETFS?\b"
RECEIPT_TITLE = r"(?i)\b(?:ADRS?|ADS|GDRS?|DEPOSIT[AO]RY)\b"
SOME_TITLE = r"(?i)ETF|AD[RS]|GDR|DEPOSIT"
"""What a title of a fund or a receipt has in any case."""
GENERIC_TITLES = ("MUTUAL FUND", "MUTUAL FUNDS", "INVESTMENT COMPANY", "COMMON STOCK", "OPEN END FUND", "FUND", "ETF")
"""Titles that name no fund."""


def kind_of_line(*, derivative: str | None, asset: str | None, issuer: str | None, title: str | None) -> Kind:
    """Give the kind of a line by its derivative category, asset category, issuer category and title."""
    if derivative in DERIVATIVES:
        return DERIVATIVES[derivative]
    kind = ASSETS.get(asset or "", Kind.UNKNOWN)
    if issuer in FUND_ISSUERS and (asset in SHARES or kind is Kind.UNKNOWN):
        return Kind.FUND
    if asset in SHARES:
        if re.search(FUND_TITLE, title or ""):
            return Kind.FUND
        return Kind.DEPOSITARY_RECEIPT if re.search(RECEIPT_TITLE, title or "") else kind
    return kind


def kind_sql(*, derivative: str, asset: str, issuer: str, title: str) -> str:
    """Say the same in SQL over the given columns; few titles are looked at closely."""
    is_fund = f"({issuer} = 'RF' OR {issuer} = 'PF')"
    share = (
        f"CASE WHEN {is_fund} THEN '{Kind.FUND}' WHEN NOT regexp_matches({title}, '{SOME_TITLE}') THEN '{Kind.EQUITY}'"
        f" WHEN regexp_matches({title}, '{FUND_TITLE}') THEN '{Kind.FUND}'"
        f" WHEN regexp_matches({title}, '{RECEIPT_TITLE}') THEN '{Kind.DEPOSITARY_RECEIPT}' ELSE '{Kind.EQUITY}' END"
    )
    unknown = f"CASE WHEN {is_fund} THEN '{Kind.FUND}' ELSE '{Kind.UNKNOWN}' END"
    others = {code: kind for code, kind in ASSETS.items() if code not in SHARES}
    by_asset = (
        f"CASE WHEN {asset} = 'EC' OR {asset} = 'EP' THEN {share} ELSE coalesce({_cases(asset, others)}, {unknown}) END"
    )
    return f"coalesce({_cases(derivative, DERIVATIVES)}, {by_asset})"


def _cases(column: str, kinds: dict[str, Kind]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{code}' THEN '{kind}'" for code, kind in kinds.items()) + " END"
