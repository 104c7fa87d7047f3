"""What a name that is not known as it stands is like: another way of writing, cut short, containing, or nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from esgscan.names import name_keys
from esgscan.reference.datasets import load_dataset
from esgscan.securities.keys import spellings_of_issuers
from esgscan.securities.likeness import are_apart, likenesses
from esgscan.securities.words import padded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.securities.spellings import Spellings


@pytest.fixture(scope="module")
def spellings(data: Mapping[str, pl.DataFrame]) -> Spellings:
    return spellings_of_issuers(data)


def likened(name: str, spellings: Spellings) -> tuple[str, str]:
    """Give how a name is like a spelling, and whose; `same` and its key where it is another way of writing one."""
    found = likenesses(name_keys(pl.Series([name])), spellings).to_dicts()
    if not found:
        return ("", "")
    (one,) = found
    return ("same", one["known_key"]) if one["known_key"] else (one["near_how"], one["near_issuer"])


@pytest.mark.parametrize(
    ("name", "issuer"),
    [
        ("HANGZHOU HIKVISION DGTL TECH-A", "hikvision"),
        ("I-FLYTEK CO LTD", "iflytek"),
        ("360 SECURITY TECH IN-A", "qihoo-360"),
        ("Semicon Mfg Intl", "smic"),
        ("INSPUR INTL LTD", None),  # the look-alike, by its own name
    ],
)
def test_abbreviations_and_blanks_make_no_other_name(name: str, issuer: str, spellings: Spellings) -> None:
    how, key = likened(name, spellings)
    owners = spellings.known.filter(pl.col("name_key") == key)["issuer_id"].unique().to_list()
    assert (how, owners) == ("same", [issuer])


@pytest.mark.parametrize("cut", [43, 34, 26, 18])
def test_a_legal_name_cut_at_any_vendor_s_length_leads_to_its_issuer(cut: int, spellings: Spellings) -> None:
    names = load_dataset("names").filter(pl.col("kind") == "legal", pl.col("name").str.len_chars() > cut)
    lost = []
    for issuer, name in names.select("issuer_id", "name").iter_rows():
        key = name_keys(pl.Series([name[:cut]]))[0]
        how, found = likened(name[:cut], spellings)
        is_known = key in spellings.known_keys or how == "same"
        if not is_known and (found != issuer or how == "like"):
            lost.append((name[:cut], how, found))
    assert len(names) > 10
    assert lost == []


@pytest.mark.parametrize("tail", [" I", " IN", " INC", ", Inc. Clas", ", Inc. Cla", " INC-UNSPON ADR"])
def test_a_legal_form_or_a_share_class_cut_short_makes_no_other_name(tail: str, spellings: Spellings) -> None:
    name = f"360 SECURITY TECHNOLOGY{tail}"
    is_known = name_keys(pl.Series([name]))[0] in spellings.known_keys
    assert is_known or likened(name, spellings) in {("cut", "qihoo-360"), ("same", "360 SECURITY TECHNOLOGY")}


@pytest.mark.parametrize("paper", ["2.693% 02/27/2025", "0 08/05/30", "3.375 29APR2030", "4% 2027"])
def test_coupon_and_date_of_a_bond_do_not_hide_a_name_cut_short(paper: str, spellings: Spellings) -> None:
    assert likened(f"SEMICONDUCTOR MANUFACTURING {paper}", spellings) == ("cut", "smic")


@pytest.mark.parametrize(
    ("name", "issuer"),
    [
        ("UBS AG P-NOTE HANGZHOU HIKVISION DIGITAL 2025", "hikvision"),
        ("XIAOMI BEST TIME INTL 3.375% 29APR2030", "xiaomi"),
        ("TECHNOLOGY, HIKVISION (HANGZHOU)", "hikvision"),
        ("旷视智能", "megvii"),
        ("商湯智能", "sensetime"),
    ],
)
def test_a_name_that_contains_a_known_one_is_a_line_to_review(name: str, issuer: str, spellings: Spellings) -> None:
    assert likened(name, spellings) == ("contained", issuer)


@pytest.mark.parametrize(
    ("name", "issuer"),
    [
        ("太极转债", "taiji-computer"),
        ("烽火轉債", "fiberhome"),  # or its group, whose short name begins so too
        ("曙光转债", "sugon"),
        ("18电科02", "cetc"),
        ("17千方01", "china-transinfo"),
        ("25华为SCP001", "huawei"),
        ("CHINA ELECTRONICS CORP 4.7% 2026", "cec"),
    ],
)
def test_the_short_name_of_a_bond_is_a_line_to_review(name: str, issuer: str, spellings: Spellings) -> None:
    assert likened(name, spellings)[1].startswith(issuer)


@pytest.mark.parametrize("name", ["中信转债", "22国债01", "21国开05", "科创50", "上证50ETF", "中证500"])
def test_the_short_name_of_another_bond_or_index_is_like_nobody(name: str, spellings: Spellings) -> None:
    assert likened(name, spellings) == ("", "")


@pytest.mark.parametrize("name", ["Haikang Weishi", "HAI KANG WEI SHI", "HaiKangWeiShi"])
def test_a_chinese_name_in_pinyin_is_a_line_to_review(name: str, spellings: Spellings) -> None:
    assert likened(name, spellings) == ("cut", "hikvision")


@pytest.mark.parametrize(
    ("name", "issuer"),
    [("HANGZHOU HIKVISON DIGITAL", "hikvision"), ("SENSTIME GROUP", "sensetime"), ("DAHUAA TECH ZHEJIANG", "dahua")],
)
def test_a_slip_is_found_by_its_score(name: str, issuer: str, spellings: Spellings) -> None:
    assert likened(name, spellings) == ("like", issuer)


@pytest.mark.parametrize(
    "name",
    [
        "Zhejiang Dali Technology Co Ltd",
        "LENS TECHNOLOGY CO LTD-A",
        "HANGZHOU HONGHUA DIGITAL TEC-A",
        "Hangzhou Lion Electronics",
        "Hikma Pharmaceuticals PLC",
        "Shandong Dahua",  # another province
        "Dahua Electronics Corporation, Flushing, New York",  # another country
        "TAIWAN SEMICONDUCTOR MANUFACTURING",
        "Keda Clean Energy Co Ltd",
        "Sun Art Retail Group Ltd",
        "Wavestone",
        "10X Genomics Inc",
        "China Tower Corp Ltd",
        "Life360 Inc",
        "大华银行",
        "",
    ],
)
def test_a_look_alike_is_like_nobody(name: str, spellings: Spellings) -> None:
    assert likened(name, spellings) == ("", "")


def test_a_name_that_is_known_as_it_stands_is_not_likened(spellings: Spellings) -> None:
    assert likenesses(spellings.known_keys.unique(), spellings).is_empty()


def test_letters_of_other_scripts_change_the_keys_of_no_other_name() -> None:
    plain, beyond = pl.Series(["ACME", "CAFE"]), pl.Series(["CAFÉ", "大华", "ACME"])
    assert padded(plain).to_list() == [" ACME ", " CAFE "]
    assert padded(beyond).to_list() == [" CAFE ", " 大华 ", " ACME "]
    assert beyond.to_list() == ["CAFÉ", "大华", "ACME"]


def test_places_speak_against_an_issuer_only_where_both_name_one() -> None:
    assert are_apart({"CN-HE"}, {"CN-ZJ"})
    assert are_apart({"TW"}, set())
    assert not are_apart({"CN-ZJ", "CN-SH"}, {"CN-ZJ"})
    assert not are_apart({"CN-HE"}, set())
    assert not are_apart(set(), {"CN-ZJ"})
    assert not are_apart({"HK"}, {"CN-ZJ"})


@pytest.mark.parametrize(
    ("name", "issuer"),
    [
        ("중신궈지(SMIC)", "smic"),
        ("하이크비전디지털테크놀로지", "hikvision"),
        ("센스타임 그룹 (주)", "sensetime"),
        ("샤오미홀딩스", "xiaomi"),
        ("センスタイム社", "sensetime"),
        ("チャイナ・モバイル(香港)", "china-mobile"),
    ],
)
def test_a_name_in_a_script_of_korea_or_japan_is_found_with_more_beside_it(
    name: str, issuer: str, spellings: Spellings
) -> None:
    how, found = likened(name, spellings)
    known = spellings.known.filter(pl.col("name_key") == found)["issuer_id"].to_list() if how == "same" else [found]
    assert set(known) == {issuer}


@pytest.mark.parametrize("name", ["이투스에듀", "멕비스", "ダイワハウス工業", "シャープ", "삼성전자", "チャイナエア"])
def test_a_name_in_a_script_of_korea_or_japan_that_only_begins_alike_is_nobodys(
    name: str, spellings: Spellings
) -> None:
    assert likened(name, spellings) == ("", "")


def test_a_name_in_pinyin_is_found_with_words_behind_it(spellings: Spellings) -> None:
    assert likened("Zhongke Shuguang (AI Server)", spellings) == ("contained", "sugon")
    assert likened("Zhongke Sanhuan High Technology", spellings) == ("", "")


@pytest.mark.parametrize(
    "name", ["Shenyang Zhongxing Commercial Group", "Tianshui Zhongxing Bio-technology", "Zhongxing Junye"]
)
def test_a_company_that_only_sounds_like_the_former_name_of_zte_is_nobodys(name: str, spellings: Spellings) -> None:
    assert likened(name, spellings) == ("", "")


def test_the_former_name_of_zte_is_found_cut_short(spellings: Spellings) -> None:
    assert likened("ZHONGXING TELECOMMUNICATION", spellings) == ("cut", "zte")


@pytest.mark.parametrize(
    ("name", "issuer"),
    [("ZTE (Zhongxing Telecom)", "zte"), ("중신국제 (SMIC/중국1위파운드리)", "smic"), ("AMEC Foster Wheeler", "")],
)
def test_a_short_name_that_nobody_else_bears_is_enough_beside_other_words(
    name: str, issuer: str, spellings: Spellings
) -> None:
    assert likened(name, spellings)[1] == issuer


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("浪潮電子信息", ("cut", "ieit-systems")),
        ("安徽四创", ("cut", "sun-create")),
        ("三六零安全", ("cut", "qihoo-360")),
        ("中国电子", ("", "")),  # begins the names of two
        ("深圳华大", ("", "")),
        ("浙江", ("", "")),
    ],
)
def test_a_chinese_name_cut_short_is_that_of_the_one_issuer_it_begins(
    name: str, found: tuple[str, str], spellings: Spellings
) -> None:
    assert likened(name, spellings) == found


def test_a_city_of_an_exchange_behind_a_name_may_be_where_the_share_trades(spellings: Spellings) -> None:
    assert likened("Hikvision (Shenzhen)", spellings) == ("contained", "hikvision")
    assert likened("Shenzhen Dahua Technology", spellings) == ("", "")
