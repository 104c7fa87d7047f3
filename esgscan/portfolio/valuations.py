"""Valuation sheets of Chinese funds (估值表): a chart of accounts in which securities are the lowest accounts.

Each account stands above those below it with their sum: `1102 股票投资`, `110201 上交所A股`, `11020101 成本`,
`11020101600519 贵州茅台`. Only the lowest are positions; their codes end with that of the security. Debts (`2…`) count
against assets, and what owners paid in and earned (`3…` without contracts, `4…`, `6…`) is no position.

Source: columns and codes as public programs that read such sheets describe them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esgscan.portfolio.headers import plain

if TYPE_CHECKING:
    from esgscan.portfolio.lines import Lines

CODE_HEADERS = frozenset({"科目代码", "科目编码", "科目编号", "科目格式代码", "科目代碼"})
ACCOUNT = re.compile(r"(\d{4})(?:[. ]?([0-9A-Z]{2}))?(?:[. ]?([0-9A-Z]{2}))?[. ]?([0-9A-Z]*?)[. ]?([A-Z]{2})?")
"""An account of four digits, two levels below it, a security, and its market: `1102.01.01.600519 SH`."""
CLASSES = {
    "1002": "现金", "1021": "现金", "1031": "现金", "1102": "股票", "1103": "债券", "1105": "基金",
    "1203": "现金", "1204": "现金", "1207": "现金", "3003": "现金", "3102": "期货",
}  # fmt: skip
"""What the lines of an account are; others say it by their names."""
SECURITIES = frozenset({"1102", "1103", "1104", "1105"})
GAINS = "99"
"""The account of what securities gained, which their own lines have in their values."""
DEBTS, OWNERS = "2", ("30", "4", "6")
CLEARING = "3003"
EXCHANGES = {"SH": "SSE", "SS": "SSE", "SZ": "SZSE", "HK": "HKEX"}
PLACES = (
    (re.compile("港股通|沪港通|深港通|香港|联交所"), "HKEX"),
    (re.compile("上交所|上海|沪市|科创板"), "SSE"),
    (re.compile("深交所|深圳|深市|创业板|中小板"), "SZSE"),
)
"""Words of the accounts above a security that say where it is listed."""


def is_valuation(lines: Lines) -> bool:
    """Whether the codes of a table are those of accounts."""
    return "ticker" in lines.layout.index and plain(lines.layout.header("ticker").text) in CODE_HEADERS


def read_valuation(lines: Lines) -> None:
    """Keep the lowest accounts, and give securities their codes, markets and asset classes."""
    codes = [code.upper() for code in lines.texts["ticker"]]
    names = lines.texts.get("name", [""] * len(codes))
    flat = [re.sub(r"[. ]", "", code) for code in codes]
    above = {code[:length] for code in flat for length in range(4, len(code))}
    named = dict(zip(flat, names, strict=True))
    tickers, exchanges, classes = ([""] * len(codes) for _ in range(3))
    values = lines.numbers["market_value"].values if "market_value" in lines.numbers else None
    weights = lines.numbers["weight"].values if "weight" in lines.numbers else None
    for line, code in enumerate(codes):
        found = ACCOUNT.fullmatch(code)
        why = _why_no_position(found, flat[line], above) if found else "total or note"
        if found is None or why:
            lines.skip(line, why)
            continue
        account, security = found[1], found[4] if found[1] in SECURITIES else ""
        classes[line] = "现金" if account.startswith(DEBTS) else CLASSES.get(account, "")
        if security:
            places = " ".join(named.get(flat[line][:length], "") for length in (4, 6, 8))
            exchanges[line] = EXCHANGES.get(found[5] or "") or _exchange(places)
            tickers[line] = security.removeprefix("H") if exchanges[line] == "HKEX" else security
        if account.startswith(DEBTS):
            for numbers in filter(None, (values, weights)):
                numbers[line] = None if numbers[line] is None else -abs(numbers[line] or 0.0)
    lines.texts.update(ticker=tickers, exchange=exchanges, asset_class=classes)


def _why_no_position(found: re.Match[str], code: str, above: set[str]) -> str:
    """Say why a line is no position; empty where it is one."""
    if code in above:
        return "sum of the accounts below it"
    if found[1] in SECURITIES and found[3] == GAINS:
        return "gain, which the line of the security has in its value"
    return "what belongs to the owners" if code.startswith(OWNERS) and found[1] != CLEARING else ""


def _exchange(places: str) -> str:
    return next((exchange for words, exchange in PLACES if words.search(places)), "")
