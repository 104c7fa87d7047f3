"""Form N-PORT written by tests: the same filing as XML, and as the tables of the SEC's quarterly data sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SPACE = "http://www.sec.gov/edgar/nport"


@dataclass(frozen=True, kw_only=True)
class Security:
    """One line of a filing, in the words of the form."""

    name: str = "N/A"
    lei: str = "N/A"
    title: str = "N/A"
    cusip: str = "000000000"
    isin: str = ""
    ticker: str = ""
    sedol: str = ""
    balance: str = "1"
    currency: str = "USD"
    value: str = "0"
    percent: str = "0"
    profile: str = "Long"
    asset: str = "EC"
    issuer: str = "CORP"
    country: str = "US"
    derivative: str = ""
    reference: str = ""
    reference_isin: str = ""


@dataclass(frozen=True, kw_only=True)
class Filing:
    """One filing of one fund."""

    accession: str = "0000000001-24-000001"
    kind: str = "NPORT-P"
    filed: str = "30-MAY-2024"
    cik: str = "0001100663"
    registrant: str = "Example Trust"
    series: str = "Example Emerging Markets Fund"
    series_id: str = "S000000001"
    lei: str = "N/A"
    fiscal_end: str = "2024-08-31"
    day: str = "2024-03-31"
    net_assets: str = "1000.00"
    cash: str = "0"
    unnamed: str = "0"
    securities: Sequence[Security] = field(default_factory=tuple)


def xml(filing: Filing) -> str:
    """Write the filing as `primary_doc.xml`."""
    series = f"<seriesId>{filing.series_id}</seriesId>" if filing.series_id else ""
    classes = "<classId>C000000011</classId><classId>C000000012</classId>" if filing.series_id else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<edgarSubmission xmlns="{SPACE}"><headerData>'
        f"<submissionType>{filing.kind}</submissionType><filerInfo><seriesClassInfo>{series}{classes}</seriesClassInfo>"
        f"</filerInfo></headerData><formData><genInfo><regName>{filing.registrant}</regName>"
        f"<regCik>{filing.cik}</regCik><regLei>N/A</regLei><seriesName>{filing.series}</seriesName>{series}"
        f"<seriesLei>{filing.lei}</seriesLei><repPdEnd>{filing.fiscal_end}</repPdEnd><repPdDate>{filing.day}</repPdDate>"
        f"</genInfo><fundInfo><netAssets>{filing.net_assets}</netAssets>"
        f"<assetsAttrMiscSec>{filing.unnamed}</assetsAttrMiscSec>"
        f"<cshNotRptdInCorD>{filing.cash}</cshNotRptdInCorD></fundInfo>"
        f"<invstOrSecs>{''.join(map(_xml_line, filing.securities))}</invstOrSecs></formData></edgarSubmission>"
    )


def _xml_line(one: Security) -> str:
    codes = "".join(
        f'<{code} value="{value}"/>' for code, value in (("isin", one.isin), ("ticker", one.ticker)) if value
    )
    codes += f'<other otherDesc="SEDOL" value="{one.sedol}"/>' if one.sedol else ""
    currency = (
        f"<curCd>{one.currency}</curCd>"
        if one.currency == "USD"
        else f'<currencyConditional curCd="{one.currency}" exchangeRt="7.1"/>'
    )
    return (
        f"<invstOrSec><name>{one.name}</name><lei>{one.lei}</lei><title>{one.title}</title><cusip>{one.cusip}</cusip>"
        f"<identifiers>{codes}</identifiers><balance>{one.balance}</balance><units>NS</units>{currency}"
        f"<valUSD>{one.value}</valUSD><pctVal>{one.percent}</pctVal><payoffProfile>{one.profile}</payoffProfile>"
        f"<assetCat>{one.asset}</assetCat><issuerCat>{one.issuer}</issuerCat><invCountry>{one.country}</invCountry>"
        f"{_xml_derivative(one)}</invstOrSec>"
    )


def _xml_derivative(one: Security) -> str:
    if not one.derivative:
        return ""
    codes = f'<identifiers><isin value="{one.reference_isin}"/></identifiers>' if one.reference_isin else ""
    reference = (
        f"<descRefInstrmnt><otherRefInst><issuerName>{one.reference}</issuerName><issueTitle>N/A</issueTitle>{codes}"
        "</otherRefInst></descRefInstrmnt>"
        if one.reference
        else ""
    )
    return f'<derivativeInfo><swapDeriv derivCat="{one.derivative}">{reference}</swapDeriv></derivativeInfo>'


def write_tables(folder: Path, filings: Sequence[Filing]) -> Path:
    """Write filings as the tables of a data set, some columns in an order of their own."""
    folder.mkdir(exist_ok=True)
    tables: dict[str, list[dict[str, str]]] = {
        "SUBMISSION": [_submission(one) for one in filings],
        "REGISTRANT": [
            {"ACCESSION_NUMBER": one.accession, "CIK": one.cik, "REGISTRANT_NAME": one.registrant, "LEI": "N/A"}
            for one in filings
        ],
        "FUND_REPORTED_INFO": [_fund(one) for one in filings],
        "FUND_REPORTED_HOLDING": [_holding(f, n, s) for f in filings for n, s in enumerate(f.securities)],
        "IDENTIFIERS": [row for f in filings for n, s in enumerate(f.securities) for row in _codes(f, n, s)],
        "DESC_REF_OTHER": [
            {"HOLDING_ID": _id(f, n), "ISSUER_NAME": s.reference, "ISSUE_TITLE": "N/A", "ISIN": s.reference_isin}
            for f in filings
            for n, s in enumerate(f.securities)
            if s.reference
        ],
    }
    for name, rows in tables.items():
        if rows:
            lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
            (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _id(filing: Filing, number: int) -> str:
    return f"{filing.accession[-6:]}{number}"


def _submission(filing: Filing) -> dict[str, str]:
    year, month, day = filing.day.split("-")
    months = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
    return {
        "REPORT_ENDING_PERIOD": "31-AUG-2024",
        "REPORT_DATE": f"{day}-{months[int(month) - 1]}-{year}",
        "SUB_TYPE": filing.kind,
        "FILING_DATE": filing.filed,
        "ACCESSION_NUMBER": filing.accession,
    }


def _fund(filing: Filing) -> dict[str, str]:
    return {
        "ACCESSION_NUMBER": filing.accession,
        "SERIES_NAME": filing.series,
        "SERIES_ID": filing.series_id,
        "SERIES_LEI": filing.lei,
        "NET_ASSETS": filing.net_assets,
        "ASSETS_ATTRBT_TO_MISC_SECURITY": filing.unnamed,
        "CASH_NOT_RPTD_IN_C_OR_D": filing.cash,
    }


def _holding(filing: Filing, number: int, one: Security) -> dict[str, str]:
    return {
        "HOLDING_ID": _id(filing, number),
        "ACCESSION_NUMBER": filing.accession,
        "ISSUER_NAME": _plain(one.name),
        "ISSUER_LEI": one.lei,
        "ISSUER_TITLE": _plain(one.title),
        "ISSUER_CUSIP": one.cusip,
        "BALANCE": one.balance,
        "CURRENCY_CODE": one.currency,
        "CURRENCY_VALUE": one.value,
        "PERCENTAGE": one.percent,
        "PAYOFF_PROFILE": one.profile,
        "ASSET_CAT": one.asset,
        "ISSUER_TYPE": one.issuer,
        "INVESTMENT_COUNTRY": one.country,
        "DERIVATIVE_CAT": one.derivative,
    }


def _plain(text: str) -> str:
    """Undo what XML asks for."""
    return text.replace("&amp;", "&")


def _codes(filing: Filing, number: int, one: Security) -> list[dict[str, str]]:
    """Give an ISIN and a SEDOL a row each, as real sets do."""
    empty = {
        "HOLDING_ID": _id(filing, number),
        "IDENTIFIERS_ID": str(number),
        "IDENTIFIER_ISIN": "",
        "IDENTIFIER_TICKER": "",
        "OTHER_IDENTIFIER": "",
        "OTHER_IDENTIFIER_DESC": "",
    }
    rows = [{**empty, "IDENTIFIER_ISIN": one.isin, "IDENTIFIER_TICKER": one.ticker}] if one.isin or one.ticker else []
    return [*rows, {**empty, "OTHER_IDENTIFIER": one.sedol, "OTHER_IDENTIFIER_DESC": "SEDOL"}] if one.sedol else rows
