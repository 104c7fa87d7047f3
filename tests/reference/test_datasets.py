"""The packaged data sets: loader, edition, numbers of rows counted by hand, figures taken from the sources."""

from __future__ import annotations

import csv
import hashlib
import re
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from esgscan.errors import ReferenceDataError
from esgscan.reference.cards import read_card
from esgscan.reference.datasets import (
    BOOLEANS,
    DATES,
    INTEGERS,
    NUMBERS,
    dataset_names,
    edition,
    load_dataset,
)
from tests.frames import loaded

DATA = Path(__file__).parents[2] / "esgscan" / "reference" / "data"

# Counted by hand in the material each data set was written from.
ROWS = {
    "issuers": 57,  # 35 with a listing, 22 without
    "listings": 14 + 18 + 7 + 4,  # Shenzhen, Shanghai, Hong Kong, New York
    "names": 59 + 51 + 13 + 110 + 208,  # legal, legal-zh, former, short, as printed; see the test of the kinds
    "bonds": 6 + 6 + 4,  # Huawei Investment & Holding, Proven Glory, Proven Honour
    "lookalikes": 13
    + 4
    + 4
    + 2,  # the mainland Unicom under four names, its group under two; CMGE, SDIC Power, AMEC plc, HyTerra
    "ownership": 22 - 3,  # three links that no source shows
    "legal_effects": 6 + 4 + 2 + 2 + 2 + 2 + 2 + 10,  # NS-CMIC, 1237, 1260H, 889, three freezes; the others
    "measures": 128 - 1,  # one that no source shows
    # 127 less 3 of MSCI and 1 considered that print no name and 1 of the FCC that prints goods; and the further names:
    # FiberHome 1 + 1, BGI 1 + 1, CETC 1, Hikvision 4, Qihoo 1, Xinjiang bureau 2; Section 1260H: CETC units 3, DJI 1,
    # Huawei 1, Meiya Pico 2, Phenix 1; NS-CMIC: Huawei 3
    "named_entities": 127 - 3 - 1 - 1 + (1 + 1 + 1 + 1 + 1 + 4 + 1 + 2) + (3 + 1 + 1 + 2 + 1) + 3,
    "ownership_rules": 17 + 3,  # one per programme, and the three changes of the Entity List
    "pai_mapping": 3 + 13 + 17 + 4,  # indicators, tags, programmes, statements of a company on its processes
    "index_events": 46,
    "index_family_events": 8,
    "funds": 27 + 4 + (235 - 19) + 6,  # with figures; index only; directory less those already there; sleeves
    "fund_indexes": 19 - 1 - 1,  # one index that no source shows, one fund whose index was not read
    "fund_snapshots": 19 + 58,  # whole files, lists of the largest lines
    "fund_weights": 278 + 174,  # lines with their row in the file, lines of lists without
    "fund_absences": 22 + 28 + 26 + 28 + 33 + 31 + 30 + 4 * 22 + 11 + 12 + 16 + 15 + 13 + 27 + 29 + 21,
    "fund_sleeves": 7 + 2,  # funds, cash
    "owner_snapshots": 2025 - 2009 + 1,  # year ends 2009 to 2024 and the half-year of 2025
    "owner_weights": 6 + 9 + 9 + 7 + 7 + 7 + 8 + 8 + 8 + 8 + 12 + 7 + 2 + 3 + 3 + 2 + 2,
}


def entries(name: str) -> list[dict[str, str]]:
    with (DATA / name / "entries.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("name", "count"), ROWS.items())
def test_a_data_set_has_as_many_rows_as_were_counted_by_hand(name: str, count: int) -> None:
    assert len(load_dataset(name)) == count


def test_names_are_as_many_of_each_kind_as_were_counted_by_hand() -> None:
    kinds = loaded("names")["kind"].value_counts().to_dict()
    assert kinds == {
        "legal": 57 + 2,  # Huawei and Yitu have two legal entities each
        "legal-zh": 57 - 5 - 1,  # 5 that no source prints, one issuer without
        # Meiya Pico and Westone also in Chinese, GCI twice, Sun Create with its province; Westone's short name, ZTE
        "former": 6 + 5 + 2,
        "short": 91
        + 16
        + 3,  # Chinese, from announcements and market pages; Westone, SenseNets in Chinese, China Mobile in Hong Kong
        # seen; equal to a legal name; to a short name; only in the fund files; two from announcements; in the press of
        # Korea 17, of Japan 12 in kana and 3 in Chinese characters, of China 4; and one of ZTE
        "as-printed": 131 - 25 - 3 + 66 + 2 + (17 + 12 + 3 + 4) + 1,
    }


def test_measures_are_as_many_of_each_programme_as_were_counted_by_hand() -> None:
    counts = loaded("measures")["programme_id"].value_counts().to_dict()
    assert counts == {
        "us-bis-entity-list": 38 - 1,
        "us-dod-1260h": 31,
        "us-ofac-ns-cmic": 18,
        "idx-ftse": 8,
        "us-dod-1237": 7,
        "idx-msci": 6,
        "us-fcc-covered-list": 6,
        "us-ndaa-889": 5,
        "au-camera-removal": 2,
        "no-nbim-exclusion": 2,
        "us-ofac-glomag": 2,
        "ca-ica-hikvision": 1,
        "dk-akademikerpension": 1,
        "eu-ghrsr": 1,
    }


def test_no_row_rests_on_something_that_was_not_looked_up() -> None:
    for name in dataset_names():
        text = (DATA / name / "entries.csv").read_text(encoding="utf-8")
        assert not re.search(r"recollection|from memory|not looked up", text), name
    assert set(loaded("sources")["seen"]) == {"page", "repo", "seed"}


def test_the_zte_entry_list_row_that_no_source_shows_is_not_there() -> None:
    measures = loaded("measures")
    assert not ((measures["issuer_id"] == "zte") & (measures["programme_id"] == "us-bis-entity-list")).any()


@pytest.mark.parametrize("name", dataset_names())
def test_the_loader_gives_each_column_the_type_its_card_says(name: str) -> None:
    by_type = {"date": DATES, "number": NUMBERS, "integer": INTEGERS, "boolean": BOOLEANS}
    for column in read_card(name).columns:
        loaded = [kind for kind, columns in by_type.items() if column.name in columns] or ["text"]
        assert loaded == ["text" if column.type == "list" else column.type], column.name


def test_a_loaded_table_is_typed() -> None:
    weights = load_dataset("fund_weights")
    assert weights["holding_weight"].dtype == pl.Float64
    assert weights["row"].dtype == pl.Int64
    assert load_dataset("measures")["in_force_from"].dtype == pl.Date


def test_a_code_keeps_its_zeros_and_an_empty_cell_is_missing() -> None:
    listings = loaded("listings").set_index("security_id")
    assert listings.loc["XSHE:000063", "local_code"] == "000063"
    assert pd.isna(listings.loc["XSHG:600941", "isin"])


def test_a_name_that_is_not_a_data_set_is_an_error_that_lists_the_names() -> None:
    with pytest.raises(ReferenceDataError, match="'measure' has no") as caught:
        load_dataset("measure")
    assert "measures" in caught.value.mend


def test_a_date_that_is_none_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "entries.csv").write_text("event_id,as_of\na,May 2019\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match="May 2019") as caught:
        load_dataset("events", folder=tmp_path)
    assert caught.value.where == "reference/data/events/entries.csv"


def test_data_sets_can_be_loaded_from_another_folder(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "entries.csv").write_text("event_id,as_of,weight\na,2019-05-21,0.5\nb,,\n", encoding="utf-8")
    frame = load_dataset("events", folder=tmp_path)
    assert frame.rows() == [("a", date(2019, 5, 21), 0.5), ("b", None, None)]


def test_the_edition_is_the_day_and_the_hash_of_all_entries() -> None:
    digest = hashlib.sha256()
    for folder in sorted(DATA.iterdir()):
        if folder.is_dir():
            digest.update(folder.name.encode() + (folder / "entries.csv").read_bytes())
    assert edition().date == date(2026, 11, 23)
    assert edition().content_hash == digest.hexdigest()
    assert edition().label == f"2026-11-23+{digest.hexdigest()[:8]}"


def test_the_loader_can_be_imported_without_pandas_and_yaml() -> None:
    code = "import sys, esgscan.reference.datasets; print(sorted({'pandas', 'pyarrow', 'yaml'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_weight_in_a_fund_is_the_value_over_the_denominator() -> None:
    denominators = {row["snapshot_id"]: row["denominator"] for row in entries("fund_snapshots")}
    with_value = [row for row in entries("fund_weights") if row["market_value"]]
    for row in with_value:
        weight = Decimal(row["market_value"]) / Decimal(denominators[row["snapshot_id"]])
        assert Decimal(format(weight, ".12g")) == Decimal(row["holding_weight"]), row
    assert len(with_value) == 105 + 79 + 6


def test_a_weight_without_a_value_is_the_printed_one() -> None:
    for row in entries("fund_weights"):
        if not row["market_value"]:
            assert Decimal(row["printed_weight"].removesuffix("%")) / 100 == Decimal(row["holding_weight"]), row


def test_a_computed_weight_agrees_with_the_printed_one_to_its_last_digit() -> None:
    for row in entries("fund_weights"):
        printed = row["printed_weight"].removesuffix("%")
        percent = Decimal(row["holding_weight"]) * 100
        if printed.startswith("<"):
            assert percent < Decimal(printed.removeprefix("<")), row
        else:
            digits = max(2, -int(Decimal(printed).as_tuple().exponent))
            assert abs(percent - Decimal(printed)) <= Decimal("0.55") * Decimal(10) ** -digits, row


def test_a_weight_of_an_owner_is_the_value_over_the_sum_of_the_list() -> None:
    totals = {row["snapshot_id"]: row["total_market_value"] for row in entries("owner_snapshots")}
    for row in entries("owner_weights"):
        weight = Decimal(row["market_value"]) / Decimal(totals[row["snapshot_id"]])
        assert Decimal(format(weight, ".12g")) == Decimal(row["weight"]), row


def test_the_weights_of_the_funds_inside_a_fund_are_the_whole() -> None:
    weights = [Decimal(row["holding_weight"]) for row in entries("fund_sleeves")]
    assert abs(sum(weights) - 1) < Decimal("1e-11")


def test_hikvision_was_a_twentieth_of_a_percent_of_an_emerging_markets_tracker_in_march_2020() -> None:
    weights = loaded("fund_weights")
    held = weights[(weights["snapshot_id"] == "us-iemg@2020-03-31") & (weights["issuer_id"] == "hikvision")]
    # 25,883,836.92 of 56,714,691,548.62 US dollars
    assert held["holding_weight"].tolist() == [pytest.approx(0.00045639, abs=5e-9)]
    assert held["security_id"].tolist() == ["XSHE:002415"]


def test_two_lines_of_one_company_in_one_file_both_stay() -> None:
    weights = loaded("fund_weights")
    held = weights[(weights["snapshot_id"] == "us-vwo@2020-09-30") & (weights["issuer_id"] == "hikvision")]
    assert len(held) == 2


def test_an_issuer_is_never_both_found_and_not_found_in_one_file() -> None:
    for weights, absences in (("fund_weights", "fund_absences"), ("owner_weights", "owner_absences")):
        found = {(row["snapshot_id"], row["issuer_id"]) for row in entries(weights)}
        assert not found & {(row["snapshot_id"], row["issuer_id"]) for row in entries(absences)}


def test_absences_come_from_whole_files_only() -> None:
    completeness = {row["snapshot_id"]: row["completeness"] for row in entries("fund_snapshots")}
    assert {completeness[row["snapshot_id"]] for row in entries("fund_absences")} == {"full", "full-rounded"}


def test_a_considered_measure_never_enters_into_force() -> None:
    measures = loaded("measures").set_index("measure_id")
    considered = measures[measures["kind"] == "considered"]
    assert considered.index.tolist() == ["us-bis-entity-list--hikvision--considered"]
    assert considered["in_force_from"].isna().all()
    assert considered["in_force_until"].tolist() == [date(2019, 10, 9)]
    assert measures.loc["us-bis-entity-list--hikvision", "in_force_from"] == date(2019, 10, 9)


def test_the_withdrawn_notice_of_february_2026_ended_nothing() -> None:
    measures = loaded("measures").set_index("measure_id")
    for issuer in ("taiji-computer", "glarun", "sun-create"):
        assert measures.loc[f"us-dod-1260h--{issuer}", "in_force_until"] == date(2026, 6, 8)


def test_a_date_given_as_a_month_or_a_year_is_its_last_day() -> None:
    partial = re.compile(r"\d{4}(-\d\d)?(?![\d-])")
    seen = 0
    for name in dataset_names():
        dates = {column.name for column in read_card(name).columns if column.type == "date"}
        for row in entries(name):
            for column in dates:
                printed = row.get("published_as_printed" if name == "sources" else f"{column}_as_printed")
                if printed and partial.match(printed):
                    day = date.fromisoformat(row[column])
                    assert (day + timedelta(days=1)).day == 1, (name, row)
                    assert str(day.year) in printed, (name, row)
                    seen += 1
    assert seen > 100


def test_no_fund_is_there_twice() -> None:
    funds = loaded("funds")
    assert not funds["isin"].dropna().duplicated().any()
    with_ticker = funds.dropna(subset=["ticker"])
    assert not with_ticker.duplicated(["ticker", "domicile"]).any()


def test_every_name_of_a_measure_stands_in_the_ledger_of_named_entities() -> None:
    names = {
        (row["measure_id"], name) for row in entries("measures") for name in row["named_entities"].split("; ") if name
    }
    goods = {("us-fcc-covered-list--dji", "equipment listed in Section 1709(a)(1) of the FY25 NDAA")}
    assert {(row["measure_id"], row["entity"]) for row in entries("named_entities")} == names - goods


# What the scope of a measure says of the entities that it names, as the ledger gives them one by one.
RELATIONS_BY_SCOPE = {
    "issuer": {"same", "not stated", "unit"},
    "issuer and subsidiary": {"same", "subsidiary"},
    "subsidiary": {"subsidiary"},
    "subsidiary only": {"subsidiary"},
    "subsidiaries": {"subsidiary"},
    "parent and affiliate only": {"parent", "affiliate"},
    "subordinate bureau": {"unit"},
    "subordinate institutes": {"unit"},
}


def test_the_scope_of_a_measure_agrees_with_the_ledger_of_named_entities() -> None:
    ledger = entries("named_entities")
    for measure in entries("measures"):
        relations = {row["relation"] for row in ledger if row["measure_id"] == measure["measure_id"]}
        assert relations <= RELATIONS_BY_SCOPE[measure["scope"]], measure["measure_id"]
        assert {row["issuer_id"] for row in ledger if row["measure_id"] == measure["measure_id"]} <= {
            measure["issuer_id"]
        }


def test_the_entry_of_the_treasury_on_sensetime_names_a_subsidiary() -> None:
    # Reference facts: "OFAC's entry names SENSETIME GROUP LIMITED (Hong Kong company 2162198) and carries no ticker or
    # ISIN, while the listed issuer is the Cayman parent".
    [row] = [row for row in entries("named_entities") if row["measure_id"] == "us-ofac-ns-cmic--sensetime"]
    assert (row["entity"], row["relation"]) == ("SENSETIME GROUP LIMITED", "subsidiary")
