"""Identifiers of securities and entities: text in, one of our types out, or nothing.

Check digits are those of ISO 6166 (ISIN), ISO 17442 (LEI) and the OMG's FIGI, as python-stdnum computes them.
Text from outside is read once, at the edge; a value of these types is right and nobody checks it again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from esgscan.terms import Cusip, Figi, Isin, Lei, Sedol

if TYPE_CHECKING:
    import polars as pl

REMEMBERED = 4_096
"""Texts of users' files for which a function remembers its answer: with no bound a server would keep them all."""
SEPARATORS = re.compile(r"[\s\-.]+")
LETTERS = {ord(letter): str(value) for value, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", start=10)}
DOUBLED = {str(digit): sum(divmod(2 * digit, 10)) for digit in range(10)}
"""The digit sum of twice each digit."""
ISIN_LENGTH = 12
FIGI_BEGIN = "BBG"
"""Letters with which the FIGIs of Bloomberg begin."""
BYTE = 128
"""Characters of plain text."""
_COUNTRIES = (
    "AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW "
    "BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CS CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET EU "
    "FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN "
    "IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF "
    "MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH "
    "PK PL PM PN PR PS PT PW PY QA QS QT RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX "
    "SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XA XB XC "
    "XD XF XK XS YE YT ZA ZM ZW "
)
COUNTRIES = frozenset(_COUNTRIES.split())
"""The first two letters that an ISIN may have: those of python-stdnum, which takes a while to load."""
SENTINELS = {"", "-", "--", "N/A", "NA", "000000000", "999999999", "UNASSIGNED"}


def compact(text: str) -> str:
    """Take blanks, dashes and points out, in upper case; a word that means 'none' becomes empty."""
    if text.strip().upper() in SENTINELS:
        return ""
    return SEPARATORS.sub("", text).upper()


@lru_cache(REMEMBERED)
def read_isin(text: str) -> Isin | None:
    """Read an ISIN: `us03 7833 1005` gives `US0378331005`; a wrong check digit gives nothing.

    One FIGI of ten has the check digit of an ISIN of Barbados too; it is none.
    The sum of ISO 6166 is computed here, since a portfolio has thousands of them and python-stdnum takes ten times as
    long.
    """
    number = compact(text)
    if len(number) != ISIN_LENGTH or not (number.isascii() and number.isalnum() and number[-1].isdigit()):
        return None
    if number.startswith(FIGI_BEGIN) and read_figi(number):
        return None
    digits = number.translate(LETTERS)[::-1]
    total = sum(map(int, digits[::2])) + sum(map(DOUBLED.__getitem__, digits[1::2]))
    return Isin(number) if total % 10 == 0 and number[:2] in COUNTRIES else None


def read_isins(texts: pl.Series) -> pl.Series:
    """Read a column of ISINs, each distinct text once; what is none becomes missing. The rule is that of `read_isin`.

    Most texts are an ISIN as it should be written. Their sums are computed as columns: a market has a hundred thousand.
    """
    import polars as pl

    distinct = texts.unique().drop_nulls()
    is_plain = distinct.str.contains("^[A-Z]{2}[A-Z0-9]{9}[0-9]$") & ~distinct.str.starts_with(FIGI_BEGIN)
    plain, others = distinct.filter(is_plain), distinct.filter(~is_plain)
    known = plain.str.slice(0, 2).is_in(list(COUNTRIES))
    right = plain.filter(known & (_isin_sums(plain) % 10 == 0))
    read = pl.Series([read_isin(text) for text in others], dtype=pl.String)
    values = pl.DataFrame({"text": pl.concat([right, others]), "read": pl.concat([right, read])})
    return texts.to_frame("text").join(values, on="text", how="left", maintain_order="left")["read"]


def _isin_sums(plain: pl.Series) -> pl.Series:
    """Add up texts of twelve capital letters and digits, from the last character to the first.

    A letter stands for two digits, so a character counts by itself and by whether an odd number of digits follows.
    """
    import polars as pl

    values = pl.Series(_values_by_place(), dtype=pl.UInt8)
    characters = plain.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, ISIN_LENGTH))
    total, is_odd = pl.zeros(len(plain), pl.UInt8, eager=True), pl.zeros(len(plain), pl.UInt32, eager=True)
    for place in reversed(range(ISIN_LENGTH)):
        character = characters.arr.get(place).cast(pl.UInt32)
        total += values.gather(character + BYTE * is_odd)
        is_odd ^= (character <= ord("9")).cast(pl.UInt32)
    return total


def _values_by_place() -> list[int]:
    """Give what each character adds to the sum of an ISIN: where an even number of digits follows, then an odd one."""
    digits = [LETTERS.get(code, chr(code) if chr(code).isdecimal() else "0") for code in range(BYTE)]
    even = [sum(map(int, text[::-2])) + sum(DOUBLED[digit] for digit in text[-2::-2]) for text in digits]
    odd = [sum(DOUBLED[digit] for digit in text[::-2]) + sum(map(int, text[-2::-2])) for text in digits]
    return even + odd


@lru_cache(REMEMBERED)
def read_lei(text: str) -> Lei | None:
    """Read a legal entity identifier."""
    from stdnum import lei

    number = compact(text)
    return Lei(number) if len(number) == 20 and lei.is_valid(number) else None


@lru_cache(REMEMBERED)
def read_figi(text: str) -> Figi | None:
    """Read a financial instrument global identifier."""
    from stdnum import figi

    number = compact(text)
    return Figi(number) if len(number) == 12 and figi.is_valid(number) else None


@lru_cache(REMEMBERED)
def read_cusip(text: str) -> Cusip | None:
    """Read a CUSIP of nine characters; eight, written without separators, are completed with their check digit."""
    from stdnum import cusip

    number = compact(text)
    if len(number) == 8 and text.strip().isalnum():
        try:
            number += cusip.calc_check_digit(number)
        except ValueError:
            return None
    return Cusip(number) if len(number) == 9 and cusip.is_valid(number) else None


@lru_cache(REMEMBERED)
def read_sedol(text: str) -> Sedol | None:
    """Read a SEDOL."""
    from stdnum.gb import sedol

    number = compact(text)
    return Sedol(number) if len(number) == 7 and sedol.is_valid(number) else None
