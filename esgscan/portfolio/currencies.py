"""Currencies as people write them: codes, symbols, words, and the hundredths of some of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from esgscan.identifiers import REMEMBERED

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
    "KČ": "CZK", "TL": "TRY", "RS": "INR", "RS.": "INR", "MEX$": "MXN", "USD$": "USD", "HKD$": "HKD", "CAD$": "CAD",
    "AUD$": "AUD", "NZD$": "NZD", "SGD$": "SGD", "NT": "TWD",
}  # fmt: skip
"""Marks beside numbers; `$` alone is read as the US dollar, which the audit says."""

WORDS = {
    "EURO": "EUR", "EUROS": "EUR", "DOLLAR": "USD", "DOLLARS": "USD", "US DOLLAR": "USD", "U.S. DOLLAR": "USD",
    "US DOLLARS": "USD", "POUND": "GBP", "POUNDS": "GBP", "STERLING": "GBP", "YEN": "JPY", "YUAN": "CNY",
    "FRANKEN": "CHF", "元": "CNY", "人民币": "CNY", "人民幣": "CNY", "港币": "HKD", "港元": "HKD", "港幣": "HKD",
    "美元": "USD", "美金": "USD", "新台币": "TWD", "新台幣": "TWD", "台币": "TWD", "台幣": "TWD", "円": "JPY",
    "日元": "JPY", "欧元": "EUR", "米ドル": "USD", "ユーロ": "EUR", "英镑": "GBP", "英鎊": "GBP", "人民币元": "CNY",
    "人民幣元": "CNY", "歐元": "EUR", "日圓": "JPY", "加元": "CAD", "澳元": "AUD", "新加坡元": "SGD", "瑞士法郎": "CHF",
    "香港ドル": "HKD", "英ポンド": "GBP", "人民元": "CNY", "スイスフラン": "CHF", "US-DOLLAR": "USD",
    "DOLLAR US": "USD", "HK DOLLARS": "HKD", "CANADIAN DOLLARS": "CAD", "AUSTRALIAN DOLLARS": "AUD",
    "HONG KONG DOLLARS": "HKD", "SINGAPORE DOLLARS": "SGD",
    "DÓLAR": "USD", "DÓLARES": "USD", "HONG KONG DOLLAR": "HKD", "HONGKONG-DOLLAR": "HKD", "CANADIAN DOLLAR": "CAD",
    "AUSTRALIAN DOLLAR": "AUD", "SINGAPORE DOLLAR": "SGD", "NEW ZEALAND DOLLAR": "NZD", "TAIWAN DOLLAR": "TWD",
    "POUND STERLING": "GBP", "BRITISH POUND": "GBP", "PFUND": "GBP", "LIVRE STERLING": "GBP", "JAPANESE YEN": "JPY",
    "SWISS FRANC": "CHF", "SWISS FRANCS": "CHF", "SCHWEIZER FRANKEN": "CHF", "FRANC SUISSE": "CHF", "RENMINBI": "CNY",
    "YUAN RENMINBI": "CNY", "CHINESE YUAN": "CNY", "INDIAN RUPEE": "INR", "KOREAN WON": "KRW", "원": "KRW",
}  # fmt: skip

HUNDREDTHS = {
    "GBX": "GBP", "GBp": "GBP", "GBPENCE": "GBP", "PENCE": "GBP", "ZAC": "ZAR", "ZAc": "ZAR", "ILA": "ILS",
    "USX": "USD", "USc": "USD", "EUX": "EUR",
}  # fmt: skip
"""Codes for a hundredth of a currency; `GBp` differs from `GBP` by its last letter only."""
HUNDREDTH_CODES = {"GBP": "GBX", "ZAR": "ZAC", "ILS": "ILA", "USD": "USX", "EUR": "EUX"}


@dataclass(frozen=True, slots=True)
class Money:
    """A currency and what one unit of the writing is worth in it: pence are pounds at 0.01."""

    currency: str
    scale: float = 1.0


@lru_cache(REMEMBERED)
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
