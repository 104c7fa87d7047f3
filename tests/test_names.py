"""Company names made comparable: what has one key, what has not, and the same key on every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from esgscan.names import name_key, name_keys, word_key, word_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.tables import Engine

HIKVISION = [
    "Hangzhou Hikvision Digital Technology Co., Ltd.",
    "HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO LTD",
    "Hangzhou Hikvision Digital Technology Co., Ltd. Class A",
    "Hangzhou Hikvision Digital Technology-A",
    "hangzhou hikvision  digital technology co ltd (A) (SC SZ)",
    "HANGZHOU HIKVISION DIGITAL TECHNOLOGY (HK-C)",
    " Hangzhou\u00a0Hikvision Digital Technology Company Limited ",
]


def text(*values: str | None) -> pl.Series:
    return pl.Series(list(values), dtype=pl.String)


def test_spellings_that_differ_in_case_legal_form_and_share_class_have_one_key() -> None:
    assert set(name_keys(text(*HIKVISION))) == {"HANGZHOU HIKVISION DIGITAL TECHNOLOGY"}


def test_a_form_of_a_company_leaves_no_blank_before_it() -> None:
    assert name_keys(text("センスタイム グループ", "Acme 公司")).to_list() == ["センスタイム", "ACME"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cangzhou Dahua Co., Ltd.", "Zhejiang Dahua Technology Co., Ltd."),
        ("Zhejiang Dali Technology Co., Ltd.", "Zhejiang Dahua Technology Co., Ltd."),
        ("Keda Industrial Group Co., Ltd.", "Suzhou Keda Technology Co., Ltd."),
        ("Hangzhou Lion Electronics Co., Ltd.", "Leon Technology Co., Ltd."),
        ("Lens Technology Co., Ltd.", "Leon Technology Co., Ltd."),
        ("BGI Group", "BGI Genomics Co., Ltd."),
    ],
)
def test_two_companies_have_two_keys(one: str, other: str) -> None:
    assert name_keys(text(one))[0] != name_keys(text(other))[0]


def test_a_chinese_name_loses_its_legal_form_only() -> None:
    keys = name_keys(text("杭州海康威视数字技术股份有限公司", "杭州海康威视数字技术", "浙江大华技术股份有限公司"))
    assert keys.to_list() == ["杭州海康威视数字技术", "杭州海康威视数字技术", "浙江大华技术"]


def test_a_letter_at_the_end_of_a_word_is_no_share_class() -> None:
    assert name_keys(text("MEGVII", "ORIENTAL YUHONG", "SUMCO")).to_list() == ["MEGVII", "ORIENTAL YUHONG", "SUMCO"]


def test_a_missing_name_has_no_key() -> None:
    assert name_keys(text(None, "ZTE")).to_list() == [None, "ZTE"]
    assert word_keys(text(None)).to_list() == [None]


def test_words_for_markets_keep_every_word() -> None:
    assert word_keys(text("Hong Kong (SAR), China", "u.s.")).to_list() == ["HONG KONG SAR CHINA", "U S"]


def test_every_name_has_the_same_key_on_every_engine(engine: Engine, data: Mapping[str, pl.DataFrame]) -> None:
    names = pl.concat([data["names"]["name"], text(*HIKVISION)])
    frame = engine.frame(pl.DataFrame({"name": names})).with_columns(
        key=name_key(nw.col("name")), word=word_key(nw.col("name"))
    )
    expected = zip(names, name_keys(names), word_keys(names), strict=True)
    assert set(engine.collect(frame).select("name", "key", "word").rows()) == set(expected)


def test_no_two_issuers_share_the_key_of_a_legal_name(data: Mapping[str, pl.DataFrame]) -> None:
    legal = data["names"].filter(pl.col("kind").is_in(["legal", "legal-zh"]))
    keyed = legal.select("issuer_id", key=name_keys(legal["name"])).unique()
    assert keyed.filter(keyed["key"].is_duplicated()).to_dicts() == []
