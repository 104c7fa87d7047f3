"""What goes wrong around the store: full disks, damaged lists, folders and names of files that nobody expects."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from esgscan import market_lines
from esgscan.errors import SourceError
from esgscan.funds import add_funds, holdings_files, remove_fund
from esgscan.markets import MarketRequest, exposures_of_funds
from esgscan.store.folder import store_folder
from esgscan.store.holdings import Store
from esgscan.tables import FUNDS
from tests.rows import HIKVISION, fund_file
from tests.sources.filings import Filing, Security, write_tables

DAY = date(2026, 6, 30)

# Adds the folder argv[1] in a process that may write no file longer than 40,000 bytes.
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
from esgscan.cli import main
sys.argv = ["esgscan", "funds", "add", sys.argv[1]]
main()
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESGSCAN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


def write(path: Path, fund: str, lines: int = 2) -> None:
    rows = [f"{fund},{DAY},Company {line} of {fund},US,{line + 1}" for line in range(lines)]
    path.write_text("\n".join(["fund,as_of,name,country,market_value", *rows]), encoding="utf-8")


def stored() -> set[str]:
    return set(Store(store_folder()).catalogue()["fund_id"])


@pytest.mark.skipif(sys.platform == "win32", reason="this system knows no limit of a file's length")
def test_a_disk_that_is_full_ends_the_run_keeps_what_was_added_and_is_gone_on_with(folder: Path) -> None:
    for number in range(3):
        write(folder / f"a{number}.csv", f"Fund {number}")
    write(folder / "b.csv", "Large fund", lines=20_000)
    write(folder / "c.csv", "Last fund")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(folder)], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 4
    assert "Cannot write to the holdings store: File too large" in done.stderr
    assert "mend:  make room" in done.stderr
    assert stored() == {"Fund 0", "Fund 1", "Fund 2"}
    there = [file.was_there for file in add_funds(holdings_files([str(folder)]))]
    assert there == [True, True, True, False, False]
    assert stored() == {"Fund 0", "Fund 1", "Fund 2", "Large fund", "Last fund"}


def test_a_name_that_is_no_utf_8_and_one_with_a_line_end_are_names_like_others(folder: Path) -> None:
    write(folder / "a\nb.csv", "One")
    try:
        write(Path(os.fsdecode(os.fsencode(folder) + b"/c\xff.csv")), "Two")
    except OSError:
        pytest.skip("this file system takes no such name")
    assert [file.error for file in add_funds(holdings_files([str(folder)]))] == [None, None]
    assert stored() == {"One", "Two"}
    assert set(Store(store_folder()).catalogue()["file_name"]) == {"a\nb.csv", "c\ufffd.csv"}


def test_loops_and_pipes_in_a_folder_are_not_followed(folder: Path) -> None:
    write(folder / "a.csv", "One")
    (folder / "loop").symlink_to(folder)
    (folder / "itself").symlink_to("itself")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe")
    assert holdings_files([str(folder)]) == [str(folder / "a.csv")]


@pytest.fixture
def damaged() -> Store:
    store = Store(store_folder())
    with store.writer(FUNDS.frame()) as writer:
        writer.add(fund_file({"isin": HIKVISION, "holding_weight": 1.0}, fund="EXAF", as_of=DAY), key="one")
    return store


@pytest.mark.parametrize("cut", [True, False])
def test_a_list_that_is_cut_off_or_gone_is_named_with_its_mend(damaged: Store, cut: bool) -> None:
    path = damaged.path_of("one")
    os.truncate(path, 100) if cut else path.unlink()
    with pytest.raises(SourceError) as error:
        damaged.holdings(["EXAF"], as_of=DAY)
    assert error.value.what == "The lines of 'holdings.csv' in the holdings store are damaged or gone."
    assert error.value.mend == "esgscan funds remove 'EXAF', and add the file again"
    with damaged.writer(FUNDS.frame()) as writer:
        assert writer.remove("EXAF") == 1
    assert damaged.holdings(["EXAF"], as_of=DAY) == []


@pytest.mark.parametrize("cut", [True, False])
def test_a_run_over_the_whole_store_names_the_list_that_is_cut_off_or_gone(damaged: Store, cut: bool) -> None:
    with damaged.writer(FUNDS.frame()) as writer:
        writer.add(fund_file({"isin": HIKVISION, "holding_weight": 0.5}, fund="EXBF", as_of=DAY), key="two")
    path = damaged.path_of("two")
    os.truncate(path, 100) if cut else path.unlink()
    with pytest.raises(SourceError) as error:
        exposures_of_funds(request=MarketRequest(as_of=DAY))
    assert error.value.what == "The lines of 'holdings.csv' in the holdings store are damaged or gone."
    assert error.value.where == str(path)
    assert error.value.mend == "esgscan funds remove 'EXBF', and add the file again"


def test_a_list_that_goes_away_while_a_market_is_read_is_chosen_anew(
    damaged: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, chosen = MarketRequest(as_of=DAY), market_lines.fund_lines

    def removed_meanwhile(*args: object, **options: object) -> object:
        """Take the list away once, after it was chosen and before its lines are read."""
        monkeypatch.setattr(market_lines, "fund_lines", chosen)
        with damaged.writer(FUNDS.frame()) as writer:
            writer.add(fund_file({"isin": HIKVISION, "holding_weight": 0.5}, fund="EXBF", as_of=DAY), key="two")
            writer.remove("EXAF")
        return chosen(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(market_lines, "fund_lines", removed_meanwhile)
    assert exposures_of_funds(request=request)["fund_id"].to_list() == ["EXBF"]


def test_a_damaged_data_set_comes_back_by_its_mend(tmp_path: Path) -> None:
    filings = [
        Filing(accession=f"0000000001-24-00000{n}", series_id=f"S00000000{n}", series=f"Series {n}", net_assets="100",
               cash="0", unnamed="0", securities=(Security(name="Company", value="100", percent="100"),))
        for n in range(2)
    ]  # fmt: skip
    quarter = str(write_tables(tmp_path / "quarter", filings))
    assert [file.new for file in add_funds([quarter])] == [2]
    store = Store(store_folder())
    [stored_in] = store.catalogue()["stored_in"].unique()
    os.truncate(store.path_of(stored_in) / "holdings.parquet", 100)
    with pytest.raises(SourceError, match="'quarter' in the holdings store are damaged") as error:
        exposures_of_funds(request=MarketRequest(as_of=DAY))
    assert str(error.value.mend).startswith("esgscan funds remove 'S000000000'")
    remove_fund("S000000000")
    assert [file.error for file in add_funds([quarter])] == [None]
    assert set(exposures_of_funds(request=MarketRequest(as_of=DAY))["fund_id"]) == {"S000000000", "S000000001"}


def test_names_of_securities_come_from_data_sets_too_and_a_damaged_list_is_named(damaged: Store) -> None:
    names = pl.DataFrame({"name_as_written": ["HIKVISION A"], "isin": [HIKVISION]})
    (damaged.folder / "part.parquet").write_bytes(damaged.path_of("one").read_bytes())
    whole = pl.read_parquet(damaged.folder / "part.parquet").with_columns(name_as_written=pl.lit("HIKVISION A"))
    damaged.path_of("one").unlink()
    damaged.path_of("one").mkdir()
    whole.write_parquet(damaged.path_of("one") / "holdings.parquet")
    assert damaged.names_of_securities(["CN"]).equals(names)
    os.truncate(damaged.path_of("one") / "holdings.parquet", 100)
    with pytest.raises(SourceError, match="are damaged or gone"):
        damaged.names_of_securities(["CN"])


def test_the_catalogue_stays_one_piece_however_many_files_are_added() -> None:
    store = Store(store_folder())
    with store.writer(FUNDS.frame()) as writer:
        for number in range(5):
            file = fund_file({"isin": HIKVISION, "holding_weight": 1.0}, fund=f"F{number}", as_of=DAY)
            writer.add(file, key=str(number))
        # A table of as many pieces as files were added makes each step cost as much as all files before it.
        assert writer.catalogue.n_chunks() == 1
