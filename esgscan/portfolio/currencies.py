"""Currencies as people write them: codes, symbols, words, and the hundredths of some of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

CODES = frozenset(
    [
        "AED", "ARS", "AUD", "BDT", "BGN", "BHD", "BRL", "CAD", "CHF", "CLP", "CNH", "CNY", "COP", "CRC", "CZK", "DEM",
        "DKK", "EEK", "EGP", "EUR", "FRF", "GBP", "GEL", "GHS", "HKD", "HRK", "HUF", "IDR", "ILS", "INR", "ISK", "JOD",
        "JPY", "KES", "KRW", "KWD", "KZT", "LBP", "LKR", "LTL", "LVL", "MAD", "MOP", "MUR", "MXN", "MYR", "NGN", "NOK",
        "NZD", "OMR", "PAB", "PEN", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB",
        "TND", "TRY", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VEF", "VES", "VND", "XAF", "XAG", "XAU", "XOF",
        "ZAR", "ZMW",
    ]
)  # fmt: skip
"""ISO 4217 codes that portfolios use."""

SYMBOLS = {
    "US$": "USD", "U$": "USD", "HK$": "HKD", "AU$": "AUD", "A$": "AUD", "CA$": "CAD", "C$": "CAD", "NZ$": "NZD",
    "NT$": "TWD", "S$": "SGD", "SG$": "SGD", "R$": "BRL", "MX$": "MXN", "CN¥": "CNY", "JP¥": "JPY", "RMB": "CNY",
    "£": "GBP", "€": "EUR", "¥": "JPY", "￥": "CNY", "₩": "KRW", "₹": "INR", "₽": "RUB", "₺": "TRY", "₫": "VND",
    "₪": "ILS", "฿": "THB", "₱": "PHP", "$": "USD", "FR.": "CHF", "SFR": "CHF", "SFR.": "CHF", "ZŁ": "PLN",
}  # fmt: skip
"""Marks beside numbers; `$` alone is read as the US dollar, which the audit says."""

WORDS = {
    "EURO": "EUR", "EUROS": "EUR", "DOLLAR": "USD", "DOLLARS": "USD", "US DOLLAR": "USD", "U.S. DOLLAR": "USD",
    "US DOLLARS": "USD", "POUND": "GBP", "POUNDS": "GBP", "STERLING": "GBP", "YEN": "JPY", "YUAN": "CNY",
    "FRANKEN": "CHF", "元": "CNY", "人民币": "CNY", "人民幣": "CNY", "港币": "HKD", "港元": "HKD", "港幣": "HKD",
    "美元": "USD", "美金": "USD", "新台币": "TWD", "新台幣": "TWD", "台币": "TWD", "台幣": "TWD", "円": "JPY",
    "日元": "JPY", "欧元": "EUR", "米ドル": "USD", "ユーロ": "EUR", "英镑": "GBP",
}  # fmt: skip

HUNDREDTHS = {"GBX": "GBP", "GBp": "GBP", "GBPENCE": "GBP", "PENCE": "GBP", "ZAC": "ZAR", "ZAc": "ZAR", "ILA": "ILS"}
"""Codes for a hundredth of a currency; `GBp` differs from `GBP` by its last letter only."""


@dataclass(frozen=True, slots=True)
class Money:
    """A currency and what one unit of the writing is worth in it: pence are pounds at 0.01."""

    currency: str
    scale: float = 1.0


@cache
def read_currency(text: str) -> Money | None:
    """Read a code, symbol or word: `CHF`, `£`, `euro`, `GBX`; what is none of them gives nothing."""
    written = text.strip()
    if written in HUNDREDTHS:
        return Money(HUNDREDTHS[written], 0.01)
    upper = written.upper()
    if upper in HUNDREDTHS:
        return Money(HUNDREDTHS[upper], 0.01)
    code = upper if upper in CODES else SYMBOLS.get(upper) or WORDS.get(upper)
    return Money("CNY" if code == "CNH" else code) if code else None
