"""Publishers' files in their own layouts: each is known by what is in it, and says of a company what it says."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import pytest
from docx import Document

from esgscan.errors import OptionError
from esgscan.reference.listed_entities import (
    ENTITY_LIST,
    FCC_COVERED_LIST,
    GLOBAL_MAGNITSKY,
    NS_CMIC,
    SECTION_1260H,
    UFLPA,
    ListedEntity,
    ListFile,
)
from esgscan.sources.lists.attributes import read_ticker
from esgscan.sources.lists.printed_names import split_names
from esgscan.sources.lists.reading import read_list_files
from tests.sources.lists import files
from tests.sources.lists.files import given

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.sources.lists.asked import GivenFile

TEMPURI = "http://tempuri.org/sdnList.xsd"
SERVICE = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports"
NEW_NAMESPACE = f"{SERVICE}/XML"
NATIONS = "http://www.un.org/sanctions/1.0"
DECEMBER = date(2025, 12, 19)


def classic(namespace: str = TEMPURI, count: int = 2) -> str:
    return files.CLASSIC.format(namespace=namespace, count=count)


def read(*those: GivenFile) -> ListFile:
    found, failed = read_list_files(those)
    assert failed == []
    (file,) = found
    return file


def entities(file: ListFile, programme_id: str) -> list[ListedEntity]:
    return [entity for one in file.lists if one.programme_id == programme_id for entity in one.entities]


@pytest.mark.parametrize(
    ("those", "published"),
    [
        pytest.param([given(classic())], DECEMBER, id="classic XML"),
        pytest.param([given(classic(NEW_NAMESPACE))], DECEMBER, id="its new namespace"),
        pytest.param([given(files.ADVANCED.format(namespace=NATIONS))], DECEMBER, id="advanced"),
        pytest.param([given(files.ADVANCED.format(namespace=f"{SERVICE}/ADVANCED_XML"))], DECEMBER, id="advanced, new"),
        pytest.param([given(files.ENHANCED)], DECEMBER, id="enhanced XML"),
        pytest.param([given(files.CONS_PRIM), given(files.CONS_ADD), given(files.CONS_ALT)], None, id="CSV"),
        pytest.param([given(files.CSL_CSV)], None, id="screening list, CSV"),
        pytest.param([given(re.sub(r"(?m)^(?:_id|[123]),", "", files.CSL_CSV))], None, id="its older form"),
        pytest.param([given(json.dumps(files.CSL_JSON))], DECEMBER, id="screening list, JSON"),
        pytest.param([given(json.dumps(files.CSL_JSON["results"]))], None, id="its results alone"),
    ],
)
def test_every_layout_says_the_same_of_hikvision_on_the_ns_cmic_list(those, published) -> None:
    file = read(*those)
    hikvision = entities(file, NS_CMIC)[0]
    assert hikvision.name == "HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD."
    assert "Hangzhou Hikvision Digital Technology" in hikvision.names
    assert "HIK" not in hikvision.names, "a weak alias tells nothing"
    assert hikvision.isins == ("CNE100000PM8",)
    assert hikvision.codes == (("XSHE", "002415"),)
    assert hikvision.uscc == "91330000733796106P"
    assert hikvision.country == "CN"
    assert hikvision.is_public
    days = (hikvision.listed_on, hikvision.in_force_from, hikvision.divest_until)
    assert days == (date(2021, 6, 3), date(2021, 8, 2), date(2022, 6, 3))
    assert file.published_on == published
    assert not [entity for one in file.lists for entity in one.entities if "HANIYA" in entity.name]


def test_a_primary_name_in_chinese_stands_behind_the_one_in_latin_letters() -> None:
    for text in (files.ADVANCED.format(namespace=""), files.ENHANCED):
        assert "杭州海康威视数字技术股份有限公司" in entities(read(given(text)), NS_CMIC)[0].names


def test_the_csv_of_ofac_takes_names_and_programmes_apart() -> None:
    file = read(given(files.CONS_PRIM), given(files.CONS_ALT))
    assert [one.name for one in entities(file, NS_CMIC)][1] == "CHINA ELECTRONICS TECHNOLOGY GROUP CORPORATION"
    assert "CETC" in entities(file, NS_CMIC)[1].names
    (vertolety,) = entities(file, "list:ofac-ukraine-eo13662")
    assert vertolety.names == ("RUSSIAN HELICOPTERS",)
    assert entities(file, "list:ofac-russia-eo14024") == [vertolety]


@pytest.mark.parametrize("delimiter", ["@", "|", "\t"])
def test_the_same_with_other_marks_between_the_columns(delimiter: str) -> None:
    import csv

    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(csv.reader(io.StringIO(files.CONS_PRIM)))
    assert entities(read(given(out.getvalue())), NS_CMIC)[0].isins == ("CNE100000PM8",)


def test_a_remark_goes_on_in_the_file_of_comments() -> None:
    cut = files.REMARKS.index("91330000733796106P") + 5
    first = files.CONS_PRIM.replace(files.REMARKS, files.REMARKS[:cut])
    comments = f'30946,"{files.REMARKS[cut:]}"\n'
    assert entities(read(given(first)), NS_CMIC)[0].uscc is None
    assert entities(read(given(first), given(comments)), NS_CMIC)[0].uscc == "91330000733796106P"


def test_addresses_without_entries_are_refused_with_what_is_missing() -> None:
    found, (error,) = read_list_files([given(files.CONS_ADD, "cons_add.csv")])
    assert found == []
    assert "cons_prim.csv" in str(error)


def test_a_file_with_fewer_entries_than_it_states_is_not_taken_for_the_whole_list() -> None:
    whole = read(given(classic()))
    cut = read(given(classic(count=115)))
    assert [one.is_whole for one in whole.lists] == [True]
    assert [one.is_whole for one in cut.lists] == [False]
    assert "115 entries and has 2" in cut.remarks[0]


def test_the_screening_list_gives_the_day_and_notice_of_the_entity_list() -> None:
    (leon,) = entities(read(given(files.CSL_CSV)), ENTITY_LIST)
    assert (leon.listed_on, leon.citation, leon.country) == (date(2020, 6, 5), "85 FR 34503", "CN")
    assert leon.names == ("Leon Technology",)
    (same,) = entities(read(given(files.BIS_CSV)), ENTITY_LIST)
    assert (same.name, same.names, same.listed_on, same.country) == (leon.name, leon.names, leon.listed_on, "CN")


def test_global_magnitsky_is_a_list_of_its_own_among_the_sdn() -> None:
    row = "2,Specially Designated Nationals (SDN) - Treasury Department,1,Entity,{},XPCC,,,,,,,,,,,,,,,,,,,,,,,\n"
    file = read(given(f"{files.CSL_COLUMNS}\n{row.format('GLOMAG')}{row.format('IRAN')}"))
    assert [one.programme_id for one in file.lists] == [GLOBAL_MAGNITSKY, "list:ofac-sdn"]


def test_the_page_of_the_uflpa_list_gives_names_aliases_and_days() -> None:
    hoshine, zhonghe, xpcc = entities(read(given(files.UFLPA_PAGE)), UFLPA)
    assert hoshine.name == "Hoshine Silicon Industry (Shanshan) Co., Ltd"
    assert hoshine.names == ("Hesheng Silicon Industry (Shanshan) Co",)
    assert (zhonghe.name, zhonghe.names) == ("Xinjiang Zhonghe Co., Ltd.", ("Xinjiang Joinworld Co., Ltd",))
    assert zhonghe.listed_on == date(2024, 11, 25)
    assert (xpcc.name, xpcc.names) == ("Xinjiang Production and Construction Corporation", ("XPCC",))


def test_the_sentences_of_the_covered_list_name_makers_and_a_kind_of_product_is_told() -> None:
    file = read(given(files.FCC_PAGE))
    assert [one.name.rstrip(".") for one in entities(file, FCC_COVERED_LIST)] == [
        "Hangzhou Hikvision Digital Technology Company",
        "AO Kaspersky Lab",
        "China Mobile International USA Inc",
        "Pacific Networks Corp",
        "ComNet (USA) LLC",
    ]
    assert entities(file, FCC_COVERED_LIST)[0].listed_on == date(2021, 3, 12)
    assert "name no maker" in file.remarks[0]
    assert "row 6" in file.remarks[0]


def test_the_covered_list_is_read_from_tables_too() -> None:
    sentence = "Telecommunications equipment produced by ZTE Corporation, including services using such equipment."
    slugs = f'covered_equipment_or_services,date_of_inclusion_on_covered_list\n"{sentence}","March 12, 2021"\n'
    named = (
        "Covered Equipment or Services;Date of Inclusion on Covered List;Entity Name;Subsidiary Names\n"
        f"{sentence};March 12, 2021;ZTE Corporation;\n"
    )
    for table in (slugs, named):
        (zte,) = entities(read(given(table)), FCC_COVERED_LIST)
        assert (zte.name, zte.listed_on) == ("ZTE Corporation", date(2021, 3, 12))


def test_an_entry_without_a_programme_is_on_the_list_of_its_file() -> None:
    lost = classic().replace("<programList><program>CMIC-EO13959</program></programList>", "")
    assert [one.programme_id for one in read(given(lost, "consolidated.xml")).lists] == ["list:ofac-consolidated"]


def test_a_screening_list_of_more_than_64_mib_is_read() -> None:
    rows = [{**files.CSL_JSON["results"][0], "remarks": "x" * 1_000_000} for _ in range(70)]
    file = read(given(json.dumps({"results": rows})))
    assert len(entities(file, NS_CMIC)) == 70


def pdf(lines: tuple[str, ...]) -> bytes:
    import typst

    return typst.compile("\n\n".join(f'#"{line}"' for line in (one.replace('"', "'") for one in lines)).encode())


def notice(lines: tuple[str, ...]) -> str:
    return "<html><body>" + "".join(f"<p>{line}</p>\n" for line in lines) + "</body></html>"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("\n".join(files.DOD_LINES), id="text"),
        pytest.param(pdf(files.DOD_LINES), id="PDF"),
        pytest.param(
            notice((*files.DOD_LINES[:4], " ".join(files.DOD_LINES[4:6]), *files.DOD_LINES[6:])), id="web page"
        ),
    ],
)
def test_the_1260h_list_is_read_line_by_line(content: str | bytes) -> None:
    file = read(given(content))
    named = entities(file, SECTION_1260H)
    assert [one.name for one in named] == [
        "360 Security Technology Inc.",
        "AVIC Airborne Systems Co., Ltd.",
        "BGI Genomics Co., Ltd.",
        "China United Network Communications Group Co., Ltd.",
        "China Unicom (Hong Kong) Limited",
        "CNOOC Limited",
        "Semiconductor Manufacturing International Corporation",
    ]
    assert "China Avionics Systems Co., Ltd" in named[1].names
    assert named[6].names[-1] == "SMIC"
    assert file.published_on == date(2025, 1, 7)


def test_a_notice_of_the_federal_register_is_read_and_who_signed_it_is_no_company_in_china() -> None:
    file = read(given(files.DOD_NOTICE))
    named = [one.name for one in entities(file, SECTION_1260H) if one.country]
    assert named == [
        "Beijing Zhidao Chuangyu Information Technology Co., Ltd.",
        "Semiconductor Manufacturing International (Shenzhen) Corporation",
        "Shanghai Yitu Network Technology Co., Ltd.",
    ]
    assert file.published_on == date(2025, 1, 7)


def test_companies_behind_a_heading_about_removals_have_ended() -> None:
    *listed, megvii = entities(read(given("\n".join((*files.DOD_LINES, *files.DOD_REMOVED)))), SECTION_1260H)
    assert megvii.name == "Beijing Megvii Technology Co., Ltd."
    assert megvii.in_force_until == date(2025, 1, 7)
    assert {one.in_force_until for one in listed} == {None}


def test_the_table_of_the_1260h_list_has_a_start_and_an_end() -> None:
    megvii, hikvision = entities(read(given(files.DOD_TABLE)), SECTION_1260H)
    assert (megvii.listed_on, megvii.in_force_until) == (date(2024, 1, 31), date(2025, 1, 7))
    assert (hikvision.listed_on, hikvision.in_force_until) == (date(2021, 6, 3), None)
    assert "Hikvision" in hikvision.names


@pytest.mark.parametrize("content", [files.OPENSANCTIONS_CSV, files.OPENSANCTIONS_FTM])
def test_opensanctions_is_read_once_the_terms_are_stated_and_names_them(content: str) -> None:
    _, (error,) = read_list_files([given(content)])
    assert isinstance(error, OptionError)
    assert "CC BY-NC" in str(error)
    assert "--licence" in str(error)
    file = read(given(content, licence="business licence 2026-001"))
    (one,) = file.lists
    assert one.programme_id.startswith("list:opensanctions-")
    (hikvision,) = one.entities
    assert (hikvision.uscc, hikvision.isins, hikvision.country) == ("91330000733796106P", ("CNE100000PM8",), "CN")
    assert file.licence == "business licence 2026-001"


def test_an_archive_is_opened_and_a_file_of_another_kind_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("CONS_PRIM.CSV", files.CONS_PRIM)
        archive.writestr("CONS_ALT.CSV", files.CONS_ALT)
    assert len(entities(read(given(packed.getvalue())), NS_CMIC)) == 2
    letter = io.BytesIO()
    Document().save(letter)
    for content in (b"isin,weight\nUS0378331005,0.5\n", b"{}", b"<a/>", b"\x00\x01\x02", letter.getvalue(), b"  \n"):
        found, (error,) = read_list_files([given(content, "some.file")])
        assert found == []
        assert "some.file" in str(error) or "xml" in str(error).lower()


@pytest.mark.parametrize(
    "content",
    [
        classic()[:900].encode(),
        files.ENHANCED[:900].encode(),
        json.dumps(files.CSL_JSON)[:300].encode(),
        pdf(files.DOD_LINES)[:700],
        b"PK\x03\x04 and no archive",
        b"[" * 100_000,
    ],
)
def test_a_file_that_was_cut_off_is_an_error_with_its_name(content: bytes) -> None:
    found, (error,) = read_list_files([given(content, "cut.file")])
    assert found == []
    assert "cut.file" in str(error)


def test_entities_of_xml_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + classic().partition("?>")[2]
    _, (error,) = read_list_files([given(bomb)])
    assert "do not expand" in str(error)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("A Co., Ltd. (including two aliases: B Co., Ltd.; and C)", ("A Co., Ltd.", ["B Co., Ltd", "C"], [])),
        (
            "A Ltd. and its eight Xinjiang-based subsidiaries, which include B, C, and D",
            ("A Ltd.", [], ["B", "C", "D"]),
        ),
        ("China Unicom (Hong Kong) Limited", ("China Unicom (Hong Kong) Limited", [], [])),
        ("GLARUN Technology Co., Ltd. (2025)", ("GLARUN Technology Co., Ltd.", [], [])),
        ("A Company (f.k.a. B Company)*", ("A Company", ["B Company"], [])),
    ],
)
def test_a_printed_name_is_split_into_name_aliases_and_subsidiaries(printed: str, expected: tuple) -> None:
    assert split_names(printed) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("603019CN", ("XSHG", "603019")),
        ("00981 HK", ("XHKG", "0981")),
        ("941 HK", ("XHKG", "0941")),
        ("300367 CN", ("XSHE", "300367")),
        ("CHA US", None),
        ("2415 CN", None),
    ],
)
def test_a_ticker_counts_where_its_market_is_sure(text: str, expected: tuple[str, str] | None) -> None:
    assert read_ticker(text) == expected


@pytest.mark.specimens
def test_real_files_are_read_as_they_are(specimens: Path) -> None:
    names = ("csl_old-form_28-columns.csv", "ofac_consolidated_cmic_fixture.xml", "bis_entity-list_fixture.csv")
    folder = specimens / "screening"
    for name in names:
        file = read(given((folder / name).read_bytes(), name))
        assert sum(len(one.entities) for one in file.lists) > 5
    parts = ("sdn", "add", "alt", "sdn_comments")
    sdn = [given((folder / f"ofac_{part}_small.csv").read_bytes(), part) for part in parts]
    (one,) = read(*sdn).lists
    assert one.programme_id == "list:ofac-sdn"
    assert next(e for e in one.entities if e.number == "11195").names[0] == "HESA TRADE CENTER"


def test_an_archive_that_would_be_too_large_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("esgscan.sources.lists.reading.LARGEST", 100_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sdn.csv", b"0" * 200_000)
    assert len(packed.getvalue()) < 1000
    _, (error,) = read_list_files([given(packed.getvalue(), "bomb.zip")])
    assert "'bomb.zip' is larger than" in str(error)


def test_a_bracket_that_is_never_closed_does_not_swallow_the_list() -> None:
    lines = (*files.DOD_LINES[:3], "Example (Holdings", *["Example Cameras Company Limited"] * 50)
    assert len(entities(read(given("\n".join(lines))), SECTION_1260H)) > 40
