"""Form N-PORT of any size, the same for the same seed: one filing as XML, and a quarter of filings as tables."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from portfolios import SEED, invented_isin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import TextIO

SPACE = "http://www.sec.gov/edgar/nport"
SWAPS = 50
"""One line in so many is a swap."""
FUNDS = 40
"""One line in so many is a share of a fund."""


class Security(NamedTuple):
    """One line, in the words of the form."""

    number: int
    name: str
    title: str
    cusip: str
    isin: str
    balance: str
    value: str
    percent: str
    asset: str
    issuer: str
    country: str
    derivative: str


def securities(lines: int, *, seed: int = SEED) -> Iterator[Security]:
    """Give lines of shares, bonds, funds and swaps; a third has no CUSIP, as in real filings."""
    chance = random.Random(seed)  # noqa: S311 - the same filing each time is the purpose
    for number in range(lines):
        is_swap, is_fund = number % SWAPS == 7, number % FUNDS == 3
        country = chance.choice(["US", "GB", "DE", "FR", "JP"])
        value = chance.lognormvariate(12, 2) * (-1 if is_swap and number % 2 else 1)
        yield Security(
            number=number,
            name="N/A" if is_swap else f"Company {number} Holdings Ltd",
            title=f"TRS {number}" if is_swap else f"Company {number} Common Stock",
            cusip="000000000" if is_swap or number % 3 == 0 else f"{number:09d}",
            isin=invented_isin(country, number),
            balance=f"{chance.randrange(1, 10**6)}.00000000",
            value=f"{value:.12f}",
            percent=f"{value / 1e9:.12f}",
            asset="DE" if is_swap else "DBT" if number % 4 == 1 else "EC",
            issuer="RF" if is_fund else "CORP",
            country=country,
            derivative="SWP" if is_swap else "",
        )


def write_filing(path: Path, *, lines: int) -> None:
    """Write one filing as `primary_doc.xml`, indented as filers do."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEAD)
        for security in securities(lines):
            stream.write(_xml(security))
        stream.write(TAIL)


def write_quarter(folder: Path, *, filings: int, lines: int) -> None:
    """Write the tables of a quarter; `lines` is the number of lines of all filings."""
    folder.mkdir(exist_ok=True)
    each = lines // filings
    accessions = [f"{n:010d}-24-{n:06d}" for n in range(1, filings + 1)]
    submissions = [(one, "30-MAY-2024", "NPORT-P", "31-AUG-2024", "31-MAR-2024", "N") for one in accessions]
    _write(folder, "SUBMISSION", SUBMISSION, submissions)
    registrants = [(one, f"{n:010d}", f"Trust {n}", "811-1", "N/A") for n, one in enumerate(accessions)]
    _write(folder, "REGISTRANT", REGISTRANT, registrants)
    funds = [
        (a, f"Fund {n}", f"S{n:09d}", "N/A", "1000000000", "0", "1000000000", "0", "0")
        for n, a in enumerate(accessions)
    ]
    _write(folder, "FUND_REPORTED_INFO", FUND, funds)
    holdings, codes = (folder / f"{name}.tsv" for name in ("FUND_REPORTED_HOLDING", "IDENTIFIERS"))
    with holdings.open("w", encoding="utf-8") as one, codes.open("w", encoding="utf-8") as other:
        one.write(HOLDING)
        other.write(CODES)
        for number, security in enumerate(securities(each * filings)):
            _write_line(one, other, number, accessions[number // each], security)


def _write_line(holdings: TextIO, codes: TextIO, number: int, accession: str, one: Security) -> None:
    cells = (
        accession, str(number), one.name, "N/A", one.title, one.cusip, one.balance, "NS", "", "USD", one.value, "",
        one.percent, "Long", one.asset, "", one.issuer, "", one.country, "N", "1", one.derivative,
    )  # fmt: skip
    holdings.write("\t".join(cells) + "\n")
    if number % 7:
        codes.write(f"{number}\t{number}\t{one.isin}\t\t\t\n")


def _write(folder: Path, name: str, header: str, rows: Sequence[Sequence[str]]) -> None:
    lines = ["\t".join(row) + "\n" for row in rows]
    (folder / f"{name}.tsv").write_text(header + "".join(lines), encoding="utf-8")


SUBMISSION = "ACCESSION_NUMBER\tFILING_DATE\tSUB_TYPE\tREPORT_ENDING_PERIOD\tREPORT_DATE\tIS_LAST_FILING\n"
REGISTRANT = "ACCESSION_NUMBER\tCIK\tREGISTRANT_NAME\tFILE_NUM\tLEI\n"
FUND = (
    "ACCESSION_NUMBER\tSERIES_NAME\tSERIES_ID\tSERIES_LEI\tTOTAL_ASSETS\tTOTAL_LIABILITIES\tNET_ASSETS\t"
    "ASSETS_ATTRBT_TO_MISC_SECURITY\tCASH_NOT_RPTD_IN_C_OR_D\n"
)
HOLDING = (
    "ACCESSION_NUMBER\tHOLDING_ID\tISSUER_NAME\tISSUER_LEI\tISSUER_TITLE\tISSUER_CUSIP\tBALANCE\tUNIT\tOTHER_UNIT_DESC\t"
    "CURRENCY_CODE\tCURRENCY_VALUE\tEXCHANGE_RATE\tPERCENTAGE\tPAYOFF_PROFILE\tASSET_CAT\tOTHER_ASSET\tISSUER_TYPE\t"
    "OTHER_ISSUER\tINVESTMENT_COUNTRY\tIS_RESTRICTED_SECURITY\tFAIR_VALUE_LEVEL\tDERIVATIVE_CAT\n"
)
CODES = "HOLDING_ID\tIDENTIFIERS_ID\tIDENTIFIER_ISIN\tIDENTIFIER_TICKER\tOTHER_IDENTIFIER\tOTHER_IDENTIFIER_DESC\n"

HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<edgarSubmission xmlns="{SPACE}" xmlns:com="http://www.sec.gov/edgar/common">
  <headerData>
    <submissionType>NPORT-P</submissionType>
    <isConfidential>false</isConfidential>
    <filerInfo>
      <filer><issuerCredentials><cik>0000000001</cik><ccc>XXXXXXXX</ccc></issuerCredentials></filer>
      <seriesClassInfo><seriesId>S000000001</seriesId><classId>C000000001</classId></seriesClassInfo>
    </filerInfo>
  </headerData>
  <formData>
    <genInfo>
      <regName>Example Trust</regName><regFileNumber>811-00001</regFileNumber><regCik>0000000001</regCik>
      <regLei>N/A</regLei><regStreet1>1 Street</regStreet1><regCity>City</regCity>
      <regStateConditional regCountry="US" regState="US-CA"/><regZipOrPostalCode>1</regZipOrPostalCode>
      <regPhone>1</regPhone><seriesName>Example Fund</seriesName><seriesId>S000000001</seriesId>
      <seriesLei>N/A</seriesLei><repPdEnd>2024-08-31</repPdEnd><repPdDate>2024-03-31</repPdDate>
      <isFinalFiling>N</isFinalFiling>
    </genInfo>
    <fundInfo>
      <totAssets>1000000000.00</totAssets><totLiabs>0.00</totLiabs><netAssets>1000000000.00</netAssets>
      <assetsAttrMiscSec>0.00</assetsAttrMiscSec><assetsInvested>0.00</assetsInvested>
      <amtPayOneYrBanksBorr>0.00</amtPayOneYrBanksBorr><amtPayOneYrCtrldComp>0.00</amtPayOneYrCtrldComp>
      <amtPayOneYrOthAffil>0.00</amtPayOneYrOthAffil><amtPayOneYrOther>0.00</amtPayOneYrOther>
      <amtPayAftOneYrBanksBorr>0.00</amtPayAftOneYrBanksBorr><amtPayAftOneYrCtrldComp>0.00</amtPayAftOneYrCtrldComp>
      <amtPayAftOneYrOthAffil>0.00</amtPayAftOneYrOthAffil><amtPayAftOneYrOther>0.00</amtPayAftOneYrOther>
      <delayDeliv>0.00</delayDeliv><standByCommit>0.00</standByCommit><liquidPref>0.00</liquidPref>
      <isNonCashCollateral>N</isNonCashCollateral>
      <returnInfo>
        <monthlyTotReturns><monthlyTotReturn classId="C000000001" rtn1="1" rtn2="1" rtn3="1"/></monthlyTotReturns>
        <othMon1 netRealizedGain="1" netUnrealizedAppr="1"/>
        <othMon2 netRealizedGain="1" netUnrealizedAppr="1"/>
        <othMon3 netRealizedGain="1" netUnrealizedAppr="1"/>
      </returnInfo>
      <mon1Flow redemption="1" reinvestment="1" sales="1"/>
      <mon2Flow redemption="1" reinvestment="1" sales="1"/>
      <mon3Flow redemption="1" reinvestment="1" sales="1"/>
    </fundInfo>
    <invstOrSecs>
"""
TAIL = "    </invstOrSecs>\n  </formData>\n</edgarSubmission>\n"


def _xml(one: Security) -> str:
    swap = f"""
        <derivativeInfo>
          <swapDeriv derivCat="SWP">
            <counterparties>
              <counterpartyName>Bank</counterpartyName><counterpartyLei>N/A</counterpartyLei>
            </counterparties>
            <descRefInstrmnt>
              <otherRefInst>
                <issuerName>Company {one.number}</issuerName><issueTitle>N/A</issueTitle>
                <identifiers><isin value="{one.isin}"/></identifiers>
              </otherRefInst>
            </descRefInstrmnt>
            <swapFlag>Y</swapFlag>
            <fixedRecDesc amount="0.0" curCd="USD" fixedOrFloating="Fixed" fixedRt="1.0"/>
            <fixedPmntDesc amount="0.0" curCd="USD" fixedOrFloating="Fixed" fixedRt="1.0"/>
            <terminationDt>2031-01-07</terminationDt><upfrontPmnt>0.0</upfrontPmnt><pmntCurCd>USD</pmntCurCd>
            <upfrontRcpt>0.0</upfrontRcpt><rcptCurCd>USD</rcptCurCd><notionalAmt>1.0</notionalAmt><curCd>USD</curCd>
            <unrealizedAppr>1.0</unrealizedAppr>
          </swapDeriv>
        </derivativeInfo>"""
    return f"""      <invstOrSec>
        <name>{one.name}</name>
        <lei>N/A</lei>
        <title>{one.title}</title>
        <cusip>{one.cusip}</cusip>
        <identifiers>
          <isin value="{one.isin}"/>
        </identifiers>
        <balance>{one.balance}</balance>
        <units>NS</units>
        <curCd>USD</curCd>
        <valUSD>{one.value}</valUSD>
        <pctVal>{one.percent}</pctVal>
        <payoffProfile>{"N/A" if one.derivative else "Long"}</payoffProfile>
        <assetCat>{one.asset}</assetCat>
        <issuerCat>{one.issuer}</issuerCat>
        <invCountry>{one.country}</invCountry>
        <isRestrictedSec>N</isRestrictedSec>
        <fairValLevel>1</fairValLevel>{swap if one.derivative else ""}
        <securityLending>
          <isCashCollateral>N</isCashCollateral>
          <isNonCashCollateral>N</isNonCashCollateral>
          <isLoanByFund>N</isLoanByFund>
        </securityLending>
      </invstOrSec>
"""
