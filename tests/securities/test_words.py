"""What the words of names are taken for, and the keys that come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from esgscan.names import name_keys
from esgscan.securities.words import add_keys, padded, places_in, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.securities.words import Words


@pytest.fixture(scope="module")
def words(data: Mapping[str, pl.DataFrame]) -> Words:
    return words_of(data["name_words"])


def keys(name: str, words: Words) -> dict[str, str]:
    table = pl.DataFrame({"padded": padded(name_keys(pl.Series([name])))})
    return add_keys(table, words).row(0, named=True)


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("HANGZHOU HIKVISION DGTL TECH CO LT-A", "HANGZHOUHIKVISIONDIGITALTECHNOLOGY"),
        ("Hang Zhou Hik-Vision Digital Technologies", "HANGZHOUHIKVISIONDIGITALTECHNOLOGY"),
        ("HANGZHOU HIKVISION DIGITAL TEC-A", "HANGZHOUHIKVISIONDIGITALTEC"),  # cut, and no abbreviation
        ("SEMICONDUCTOR MFG INTL CORP", "SEMICONDUCTORMANUFACTURINGINTERNATIONAL"),
        ("ＨＩＫＶＩＳＩＯＮ", "HIKVISION"),
        ("Hikvisión Ltda", "HIKVISION"),
        ("海康威视股份有限公司", "海康威视"),
    ],
)
def test_the_full_key_writes_abbreviations_out_and_leaves_legal_forms_out(name: str, full: str, words: Words) -> None:
    assert keys(name, words)["full"] == full


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Zhejiang Dahua Technology Co., Ltd. Class A", "DAHUA"),
        ("UBS AG P-NOTE HANGZHOU HIKVISION 2025", "HIKVISION"),
        ("XIAOMI BEST TIME INTL 3.375% 29APR2030", "XIAOMI BEST TIME INTERNATIONAL"),
        ("10X Genomics Inc", "10X GENOMICS"),
        ("360 Security Technology Inc. Class A", "三六零"),
        ("Dahua Dahua", "DAHUA"),
    ],
)
def test_the_core_key_keeps_the_words_that_tell_a_company_from_others(name: str, core: str, words: Words) -> None:
    assert keys(name, words)["core"] == core


def test_the_raw_key_of_a_cut_name_begins_that_of_the_whole_name(words: Words) -> None:
    whole = keys("Hangzhou Hikvision Digital Technology", words)["raw"]
    assert whole.startswith(keys("HANGZHOU HIKVISION DIGITAL TEC-A", words)["raw"])


def test_places_are_provinces_at_home_and_countries_abroad(words: Words) -> None:
    assert places_in(" HANGZHOU  ROBAM ", words) == {"CN-ZJ"}
    assert places_in(" TAIWAN  SEMICONDUCTOR ", words) == {"TW"}
    assert places_in(" SZ  DJI ", words) == {"CN-GD"}
    assert places_in(" HIKVISION ", words) == set()
