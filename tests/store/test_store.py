"""The store: what goes in comes out, once, by fund and day; and each version of its layout is known."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from esgscan.errors import SourceError
from esgscan.store import catalogue, folder
from esgscan.store.catalogue import CATALOGUE, newest_on, read_catalogue
from esgscan.store.holdings import Store, Writer
from esgscan.tables import FUNDS, HOLDINGS
from tests.rows import APPLE, DAHUA, HIKVISION, fund_file

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.records import FundFile

OLDER, NEWER = date(2026, 3, 31), date(2026, 6, 30)
NOBODY = FUNDS.frame()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "holdings")


def own(fund: str, *isins: str, as_of: date = NEWER, **described: Any) -> FundFile:
    rows = [{"isin": isin, "holding_weight": 1.0 / len(isins), "name_as_written": isin} for isin in isins]
    return fund_file(*rows, fund=fund, as_of=as_of, **described)


def add(store: Store, *files: FundFile, known: pl.DataFrame = NOBODY) -> list[tuple[int, int]]:
    with store.writer(known) as writer:
        return [_added(writer, file) for file in files]


def _added(writer: Writer, file: FundFile) -> tuple[int, int]:
    key = f"{file.name}-{file.funds['as_of'][0]}-{'.'.join(file.holdings['isin'])}"
    added = writer.add(file, key=key)
    return added.new, added.repeated


def isins(store: Store, fund: str, as_of: date = NEWER) -> list[str]:
    return [isin for file in store.holdings([fund], as_of=as_of) for isin in file.holdings["isin"]]


def test_a_store_that_is_not_there_is_empty(store: Store) -> None:
    assert store.catalogue().is_empty()
    assert store.holdings(["A"], as_of=NEWER) == []
    assert not store.folder.exists()


def test_holdings_come_out_as_they_went_in(store: Store) -> None:
    file = own("A", HIKVISION, APPLE, isin="LU0000000009")
    assert add(store, file) == [(1, 0)]
    (back,) = store.holdings(["A"], as_of=NEWER)
    source = {"source_id": pl.lit("user:holdings.csv (holdings store)")}
    assert back.holdings.equals(file.holdings.with_columns(**source))
    assert back.funds.equals(file.funds.with_columns(**source))
    assert back.sha256 == file.sha256


def test_the_newest_day_not_after_the_as_of_date_is_chosen(store: Store) -> None:
    add(store, own("A", DAHUA, as_of=NEWER), own("A", HIKVISION, as_of=OLDER))
    assert isins(store, "A", NEWER) == [DAHUA]
    assert isins(store, "A", date(2026, 6, 29)) == [HIKVISION]
    assert isins(store, "A", date(2026, 3, 30)) == []


def test_the_same_lines_are_stored_once_whatever_the_file_is_called_and_in_any_order(store: Store) -> None:
    assert add(store, own("A", HIKVISION, APPLE), own("A", APPLE, HIKVISION, file="again.csv")) == [(1, 0), (0, 1)]
    assert len(list((store.folder / "lines").iterdir())) == 1
    assert sorted(isins(store, "A")) == sorted([HIKVISION, APPLE])


def test_of_two_lists_of_one_fund_and_day_the_one_added_last_counts(store: Store) -> None:
    add(store, own("A", HIKVISION), own("A", DAHUA, file="corrected.csv"))
    assert isins(store, "A") == [DAHUA]
    # The first list once more: it was added last now.
    add(store, own("A", HIKVISION, file="third.csv"))
    assert isins(store, "A") == [HIKVISION]


def test_only_the_funds_asked_for_are_read_from_a_file_of_many(store: Store) -> None:
    two = own("A", HIKVISION)
    other = own("B", DAHUA)
    both = two.__class__(
        name="both.csv",
        funds=pl.concat([two.funds, other.funds]),
        holdings=pl.concat([two.holdings, other.holdings]),
        findings=(),
        sha256="2" * 64,
    )
    add(store, both)
    (file,) = store.holdings(["B"], as_of=NEWER)
    assert file.holdings["isin"].to_list() == [DAHUA]
    assert file.funds["fund_id"].to_list() == ["B"]


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ({"fund": "LU1", "isin": "LU1", "name": "Fund"}, {"fund": "Other", "name": "Other", "isin": "LU1"}, True),
        ({"fund": "Our Fund", "name": "Our Fund"}, {"fund": "LU1", "isin": "LU1", "name": "OUR FUND"}, True),
        # houses give their funds the same plain names
        ({"fund": "LU1", "isin": "LU1", "name": "Equity"}, {"fund": "LU2", "isin": "LU2", "name": "Equity"}, False),
        ({"fund": "S000001", "name": "Growth Fund"}, {"fund": "S000002", "name": "Growth Fund"}, False),
        ({"fund": "EEM", "ticker": "EEM", "name": None}, {"fund": "EEM", "ticker": "EEM", "name": "A name"}, True),
    ],
)  # fmt: skip
def test_a_fund_is_known_again_by_its_identifiers_and_not_by_a_common_name(
    store: Store, first: dict[str, Any], second: dict[str, Any], is_one: bool
) -> None:
    described = [{"isin": None, "ticker": None, **one} for one in (first, second)]
    add(store, own(isins := described[0].pop("fund"), HIKVISION, as_of=OLDER, **described[0]))
    add(store, own(described[1].pop("fund"), DAHUA, **described[1]))
    ids = newest_on(store.catalogue(), NEWER)["fund_id"].to_list()
    assert (ids == [isins]) is is_one
    assert len(ids) == (1 if is_one else 2)


def test_a_share_class_that_is_named_leads_to_the_holdings_of_its_fund(store: Store) -> None:
    add(store, own("A", HIKVISION))
    with store.writer(NOBODY) as writer:
        writer.name("A", isin="LU0000000017")
    add(store, own("LU0000000017", DAHUA, as_of=OLDER, isin="LU0000000017", name=None))
    assert set(newest_on(store.catalogue(), OLDER)["fund_id"]) == {"A"}
    assert store.funds().filter(pl.col("isin") == "LU0000000017")["fund_id"].unique().to_list() == ["A"]


def test_a_removed_fund_is_gone_with_its_lines_and_the_others_stay(store: Store) -> None:
    add(store, own("A", HIKVISION), own("A", DAHUA, as_of=OLDER), own("B", APPLE, file="b.csv"))
    with store.writer(NOBODY) as writer:
        assert writer.remove("A") == 2
    assert isins(store, "A") == []
    assert isins(store, "B") == [APPLE]
    assert len(list((store.folder / "lines").iterdir())) == 1


def test_a_file_of_which_a_fund_was_removed_can_be_added_again(store: Store) -> None:
    file = own("A", HIKVISION)
    with store.writer(NOBODY) as writer:
        writer.add(file, key="k")
        assert writer.has("k")
        writer.remove("A")
        assert not writer.has("k")
        writer.add(file, key="k")
    assert isins(store, "A") == [HIKVISION]


def test_what_a_killed_writer_left_goes_when_the_next_one_starts(store: Store) -> None:
    add(store, own("A", HIKVISION))
    lines = store.folder / "lines"
    (lines / "unfinished.parquet").write_bytes(b"PAR1")
    (lines / "half.parquet.0123abcd.part").write_bytes(b"")
    (store.folder / "catalogue.parquet.0123abcd.part").write_bytes(b"PAR1")
    add(store, own("B", APPLE, file="b.csv"))
    assert len(list(lines.iterdir())) == 2
    assert sorted(path.name for path in store.folder.iterdir() if path.is_file()) == [
        "catalogue.parquet",
        "writer.lock",
    ]
    assert isins(store, "A") == [HIKVISION]


def test_a_second_writer_waits_and_is_then_told(store: Store) -> None:
    with (
        folder.only_writer(store.folder),
        pytest.raises(SourceError, match="Another esgscan is writing"),
        folder.only_writer(store.folder, patience=0.05),
    ):
        pass


def test_a_store_of_a_newer_version_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(catalogue, "VERSION", 2)
        add(store, own("A", HIKVISION))
    with pytest.raises(SourceError, match="is of version 2; this esgscan knows 1"):
        store.catalogue()


def test_a_store_of_an_older_version_is_read_at_once_and_written_anew_by_the_next_writer(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, own("A", HIKVISION))
    steps = {1: lambda rows: rows.with_columns(publisher=pl.lit("told by the step"))}
    monkeypatch.setattr(catalogue, "MIGRATIONS", steps)
    monkeypatch.setattr(catalogue, "VERSION", 2)
    path = store.folder / catalogue.FILE
    assert store.catalogue()["publisher"].to_list() == ["told by the step"]
    assert pl.read_parquet_metadata(path)[catalogue.KEY] == "1"
    add(store, own("B", APPLE, file="b.csv", publisher="B's own"))
    assert pl.read_parquet_metadata(path)[catalogue.KEY] == "2"
    assert store.catalogue()["publisher"].to_list() == ["told by the step", "B's own"]
    assert isins(store, "A") == [HIKVISION]


def test_columns_that_a_later_release_adds_are_missing_in_lines_stored_before(store: Store) -> None:
    add(store, own("A", HIKVISION))
    (path,) = (store.folder / "lines").iterdir()
    pl.read_parquet(path).drop("lei", "printed_weight").write_parquet(path)
    (file,) = store.holdings(["A"], as_of=NEWER)
    assert file.holdings.columns == list(HOLDINGS.columns)
    assert file.holdings["lei"].to_list() == [None]


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more", b"\0" * 100])
def test_a_damaged_catalogue_is_an_error_that_says_how_to_mend(store: Store, content: bytes) -> None:
    store.folder.mkdir(parents=True)
    (store.folder / catalogue.FILE).write_bytes(content)
    with pytest.raises(SourceError, match="cannot be read") as caught:
        store.catalogue()
    assert caught.value.mend


def test_a_catalogue_without_a_version_is_none_of_ours(store: Store) -> None:
    store.folder.mkdir(parents=True)
    CATALOGUE.frame().write_parquet(store.folder / catalogue.FILE)
    with pytest.raises(SourceError, match="cannot be read"):
        read_catalogue(store.folder)


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(SourceError, match="Cannot write to the holdings store"),
        Store(tmp_path / "file" / "x").writer(NOBODY),
    ):
        pass


def test_the_lists_of_several_days_are_given_each_as_it_was_added_last(store: Store) -> None:
    again = own("f", DAHUA, as_of=OLDER)
    add(store, own("f", HIKVISION, as_of=OLDER), own("f", APPLE, as_of=NEWER), own("g", APPLE, as_of=OLDER), again)
    wanted = pl.DataFrame({"fund_id": ["f", "f"], "as_of": [OLDER, NEWER]})
    lines = pl.concat([file.holdings for file in store.lists(wanted)])
    assert sorted(lines.select("fund_id", "as_of", "isin").rows()) == [("f", OLDER, DAHUA), ("f", NEWER, APPLE)]


def test_a_further_identifier_leads_to_one_fund_under_whatever_id_a_file_lists_it(store: Store) -> None:
    first = own(
        "S000000001", HIKVISION, name="A Series", identifiers="series:S000000001 lei:5493006TF05454RBY690 cik:7"
    )
    by_lei = own("Other", DAHUA, name="Another name", identifiers="lei:5493006TF05454RBY690", as_of=OLDER)
    of_one_filer = own("S000000002", APPLE, name="B Series", identifiers="series:S000000002 cik:7")
    assert add(store, first, by_lei, of_one_filer) == [(1, 0)] * 3
    assert set(store.catalogue()["fund_id"]) == {"S000000001", "S000000002"}
    assert isins(store, "S000000001", as_of=OLDER) == [DAHUA]


def test_identifiers_that_lead_to_two_funds_lead_to_none(store: Store) -> None:
    one = own("A", HIKVISION, name="A", identifiers="lei:5493006TF05454RBY690")
    two = own("B", DAHUA, name="B", identifiers="lei:XSQUIHC65X62JACTUZ45")
    both = own("C", APPLE, name="C", identifiers="lei:5493006TF05454RBY690 lei:XSQUIHC65X62JACTUZ45")
    add(store, one, two, both)
    assert set(store.catalogue()["fund_id"]) == {"A", "B", "C"}


def test_two_series_of_one_trust_stay_two_though_they_share_its_lei_and_a_class(store: Store) -> None:
    shared = "lei:5493006TF05454RBY690 class:C000000011"
    one = own("S000000001", HIKVISION, name="Feeder", identifiers=f"series:S000000001 {shared}")
    two = own("S000000002", DAHUA, name="Master", identifiers=f"series:S000000002 {shared}")
    later = own("S000000002", APPLE, name="Master", identifiers=f"series:S000000002 {shared}", as_of=OLDER)
    assert add(store, one, two, later) == [(1, 0)] * 3
    assert (isins(store, "S000000001"), isins(store, "S000000002")) == ([HIKVISION], [DAHUA])
    assert isins(store, "S000000002", as_of=OLDER) == [APPLE]
