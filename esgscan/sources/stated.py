"""What a list says of itself outside its lines: of which fund it is, and of which day.

Publishers write both above the table, each in words of his own: `Fund Holdings Data as of 06/12/2026`, `Stand
19.06.2026`, `Basket Trade Date2026-09-07`. A day that may be two is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.identifiers import read_isin
from esgscan.portfolio.currencies import read_currency
from esgscan.portfolio.dates import Order, read_dates
from esgscan.portfolio.headers import read_header
from esgscan.portfolio.numbers import read_numbers
from esgscan.sources.asked import day_in_name
from esgscan.sources.sheets import above, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from esgscan.portfolio.blocks import Block
    from esgscan.sources.asked import Asked

A_DAY = re.compile(
    r"(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?!\d)|\d{4}年\d{1,2}月\d{1,2}日"
    r"|(?<!\d)\d{1,2}(?:st|nd|rd|th)?\.?[-/ ]?[^\W\d_]{3,10}\.?[-/, ]{0,2}\d{4}(?!\d)|(?<!\d)20\d{6}(?!\d)"
    r"|(?<![^\W\d_])[^\W\d_]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?(?:, ?| )\d{4}(?!\d)"
    r"|(?<!\d)\d{1,2}-[^\W\d_]{3}-\d{2}(?!\d)"
)
NOT_THE_DAY = re.compile(
    r"inception|launch|auflage|auflegung|download|heruntergeladen|created|erstellt|printed|gedruckt|matur|listing"
    r"|rebalanc|ex-?date|generat|export|publication|published|performance|\bsince\b|\bseit\b",
    re.IGNORECASE,
)
"""Words of a row whose day is not that of the holdings."""
OF_A_PRICE = re.compile(r"\bnav\b|net asset value|\bprices?\b|kurs", re.IGNORECASE)
"""Words of a row whose day may be another than that of the holdings."""
OF_ANOTHER = re.compile(r"benchmark|vergleich|referenzindex|indice|índice|référence|underlying index", re.IGNORECASE)
"""Words of a row that names what a fund is compared with."""
OF_THE_DAY = re.compile(
    r"\bas (?:of|at)\b|\bper\b|\bstand\b|\bzum\b|\bam\b|\bau\b|\bal\b|holdings|position|trade date|period"
    r"|portfolio date|基準日|截至|日期|기준",
    re.IGNORECASE,
)
"""Words of a row whose day is that of the holdings before others."""
NET_ASSETS = re.compile(
    r"net assets|fund (?:size|assets)|fondsvermögen|fondsvolumen|actif net|patrimonio", re.IGNORECASE
)
OF_A_CLASS = re.compile(r"class|klasse|classe|per share|% of", re.IGNORECASE)
"""Words of a label whose figure is not that of the whole fund."""
NAME = re.compile(
    r"(?:fund ?name|fonds ?name|basket ?name|etf name|name of (?:the )?fund|scheme name|name of (?:the )?scheme"
    r"|nom du fonds|nombre del fondo|nome (?:do|del) fundo|nome (?:del )?fondo|fondsnaam|naam (?:van het )?fonds"
    r"|fondnamn|fondsnavn|ファンド名称?|基金名称|基金名稱|펀드명|(?:fund|fonds|fondo|fundo|fond|scheme|etf)\s?:)[\s:：=,]*",
    re.IGNORECASE,
)
TICKER = re.compile(r"(?i:ticker(?: symbol)?|fund ticker|trading symbol)[\s:=]+([A-Z0-9]{2,6})|([A-Z]{2,6}) Holdings")
LONE_TICKER = re.compile(r"[A-Z]{2,6}")
"""Below the name of the fund."""
A_FUND = re.compile(
    r"\b(?:ETFs?|UCITS|FUNDS?|FONDS|TRUST|SICAV)\b|^(?:ISHARES|SPDR|VANGUARD|XTRACKERS) |基金|信托计划"
    r"|資產管理計劃|资产管理计划",
    re.IGNORECASE,
)
A_HOUSE = re.compile(r"\bmutual funds?$|\basset management\b|\bfunds? (?:plc|icav)$", re.IGNORECASE)
"""A title that may be that of the house, where another stands below: `HDFC Mutual Fund`."""
WORD = re.compile(r"[^\W\d_]+")
GENERIC = frozenset(
    [
        "A", "ALL", "AND", "AS", "AT", "BY", "COMPLETE", "COMPOSITION", "DAILY", "DATA", "DATE", "DETAILS",
        "DETAILED", "DISCLOSURE", "ETF", "ETFS", "FOR", "FULL", "FUND", "FUNDS", "HOLDING", "HOLDINGS", "IN",
        "INFORMATION", "INVESTMENT", "INVESTMENTS", "LIST", "MONTHLY", "MUTUAL", "NAME", "OF", "ON",
        "PORTFOLIO", "POSITION", "POSITIONS", "QUARTERLY", "REPORT", "SCHEDULE", "SECURITIES", "SECURITY",
        "SUMMARY", "THE", "TICKER", "TOP", "TOTAL", "TRUST", "UCITS", "YOUR", "证券投资基金", "基金",
    ]
)  # fmt: skip
"""Words that make no name, however many stand together: `Full Fund Holdings`."""
AN_ISIN = re.compile(r"(?=([A-Z]{2}[A-Z0-9]{9}\d))")
PARTS = re.compile(r"\||_{2,}|_?(?:委托资产|资产)?估值表")
"""What stands between a fund's name and others in one cell, and behind it in the title of a valuation sheet."""
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Stated:
    """What a list says of its fund; empty where it says nothing."""

    fund: str = ""
    isin: str | None = None
    ticker: str | None = None


def stated_fund(block: Block) -> Stated:
    """Find the fund in the rows above a table: beside a label, or as a title of its own."""
    rows = [row for row in above(block) if not OF_ANOTHER.search(" ".join(row))]
    titles = list(_titles(rows))
    title = next((one for one in titles if not A_HOUSE.search(one)), next(iter(titles), ""))
    isins = {isin for row in rows for cell in row for part in AN_ISIN.findall(cell) if (isin := read_isin(part))}
    return Stated(
        fund=next(_labelled(rows), "") or title,
        isin=isins.pop() if len(isins) == 1 else None,
        ticker=next(_tickers(rows, title), None),
    )


def _tickers(rows: Sequence[Sequence[str]], title: str) -> Iterator[str]:
    """Give what stands beside a label of the ticker, or alone below the fund's name."""
    for row in rows:
        for written in (*row, " ".join(row[:2])):
            if (found := TICKER.fullmatch(written)) and (found[1] or found[2]) not in GENERIC:
                yield found[1] or found[2]
    for name, below in pairwise(rows):
        is_lone = title and name == [title] and len(below) == 1 and LONE_TICKER.fullmatch(below[0])
        if is_lone and below[0] not in GENERIC and not read_currency(below[0]):
            yield below[0]


def _labelled(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Give what stands behind a label of the fund's name, in its cell or in the next."""
    for row in rows:
        if found := NAME.match(row[0]):
            yield row[0][found.end() :] or next(iter(row[1:]), "")


def _titles(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Give the cells that read like the name of a fund: no sentence, and no label of a day."""
    for row in rows:
        titles = [one for one, beside in zip_longest(row, row[1:], fillvalue="") if not A_DAY.fullmatch(beside)]
        for cell in (part.strip() for one in titles for part in PARTS.split(one)):
            if _is_name(cell):
                yield cell


def _is_name(cell: str) -> bool:
    """Whether a text reads like the name of a fund, and says more than that it is one."""
    is_sentence = cell.endswith(".") or len(cell) > LONGEST_NAME
    is_heading = GENERIC.issuperset(WORD.findall(cell.upper()))
    return bool(A_FUND.search(cell)) and not (A_DAY.search(cell) or is_sentence or is_heading)


def stated_total(block: Block) -> float | None:
    """Find the net assets that stand above a table beside their label, in the unit that the label names."""
    for label, *beside in above(block):
        if len(beside) == 1 and NET_ASSETS.search(label) and not OF_A_CLASS.search(label):
            read = read_numbers(beside)
            return None if read.values[0] is None or read.is_ambiguous else read.values[0] * read_header(label).scale
    return None


def stated_day(block: Block, asked: Asked, *, is_american: bool = False) -> date | None:
    """Find the day in the rows above a table or in its header: the one that is said to be that of the holdings.

    Args:
        block: The table.
        asked: What the user said; his day, or that in the file's name, tells `06/12/2026` apart.
        is_american: The list writes the month first.

    Raises:
        SourceError: Nothing tells day and month apart.
    """
    rows = [" ".join(row) for row in above(block)] + [text(cell) for cell in block.header]
    dated = [row for row in rows if not NOT_THE_DAY.search(row)]
    of_the_day = [row for row in dated if OF_THE_DAY.search(row) and not OF_A_PRICE.search(row)]
    for words in (of_the_day, dated):
        written = list(dict.fromkeys(one for row in words for one in A_DAY.findall(row)))
        days = {day for one in written if (day := _day(one, asked, is_american=is_american))}
        if len(days) == 1:
            return days.pop()
    return None


def _day(written: str, asked: Asked, *, is_american: bool) -> date | None:
    """Read one day; where it may be two, the user's, that of the file's name or the habit of the country decides."""
    read = read_dates([written])
    if not read.is_ambiguous:
        return read.values[0]
    month_first = read_dates([written], order=Order.MONTH_FIRST).values[0]
    both = [day for day in (read.values[0], month_first) if day]
    known = [day for day in both if day in (asked.day, day_in_name(asked.name))]
    if known or len(set(both)) == 1:
        return (known or both)[0]
    if is_american:
        return month_first
    what = f"Cannot tell day and month of '{written}' apart."
    mend = f"say the day: --holdings FUND@{both[-1]}={asked.name}"
    raise SourceError(what, where=asked.name, mend=mend)
