"""Quarterly Form 13F data sets: managers, amendments, thousands and dollars, folders and archives."""

from __future__ import annotations

import zipfile
from datetime import date
from typing import TYPE_CHECKING

import pytest

from esgscan.errors import SourceError
from esgscan.funds import add_funds, holdings_files
from esgscan.sources.holdings import read_holdings
from esgscan.store.folder import store_folder
from esgscan.store.holdings import Store
from esgscan.terms import Kind
from tests.sources.files import weights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LINE = "{filing}\t{n}\t{name}\tCOM\t{cusip}\t{value}\t{shares}\tSH\t\tSOLE\n"
HEADER = LINE.format(
    filing="ACCESSION_NUMBER", n="INFOTABLE_SK", name="NAMEOFISSUER", cusip="CUSIP", value="VALUE", shares="SSHPRNAMT"
)
HEADER = HEADER.replace("COM", "TITLEOFCLASS").replace("SH\t\tSOLE", "SSHPRNAMTTYPE\tPUTCALL\tDISCRETION")
Filing = tuple[str, str, str, str, str]


def write(folder: Path, filings: Sequence[Filing], lines: Sequence[tuple[str, str, int, int]]) -> Path:
    """Write filings (accession, filed, manager, period, amendment) and lines (accession, name, value, shares)."""
    folder.mkdir(exist_ok=True)
    submissions = ["ACCESSION_NUMBER\tFILING_DATE\tSUBMISSIONTYPE\tCIK\tPERIODOFREPORT\n"]
    covers = ["ACCESSION_NUMBER\tISAMENDMENT\tAMENDMENTTYPE\tFILINGMANAGER_NAME\n"]
    for accession, filed, cik, period, amendment in filings:
        submissions.append(f"{accession}\t{filed}\t13F-HR\t{cik}\t{period}\n")
        covers.append(f"{accession}\t{'Y' if amendment else 'N'}\t{amendment}\tManager {cik}\n")
    held = [
        LINE.format(filing=filing, n=n, name=name, cusip="037833100", value=value, shares=shares)
        for n, (filing, name, value, shares) in enumerate(lines)
    ]
    (folder / "SUBMISSION.tsv").write_text("".join(submissions))
    (folder / "COVERPAGE.tsv").write_text("".join(covers))
    (folder / "INFOTABLE.tsv").write_text(HEADER + "".join(held))
    return folder


def test_each_manager_is_a_portfolio_of_its_own(tmp_path: Path) -> None:
    filings = [("a", "11-AUG-2025", "1", "30-JUN-2025", ""), ("b", "12-AUG-2025", "2", "30-JUN-2025", "")]
    lines = [("a", "APPLE", 600, 3), ("a", 'COCA "COLA"', 400, 4), ("b", "APPLE", 50, 1)]
    folder = write(tmp_path / "2025q2", filings, lines)
    file = read_holdings(str(folder))
    assert list(file.funds["name"]) == ["Manager 1", "Manager 2"]
    assert set(file.funds["as_of"]) == {date(2025, 6, 30)}
    assert list(file.funds["total_market_value"]) == [1000.0, 50.0]
    assert weights(file) == [0.6, 0.4, 1.0]
    (tmp_path / "list.csv").write_text("a,b\n")
    assert holdings_files([str(folder)]) == [str(folder)]
    assert holdings_files([str(tmp_path)]) == [str(folder), str(tmp_path / "list.csv")]


def test_a_restatement_supersedes_and_new_holdings_are_added(tmp_path: Path) -> None:
    filings = [
        ("a", "11-AUG-2025", "1", "30-JUN-2025", ""),
        ("b", "20-AUG-2025", "1", "30-JUN-2025", "RESTATEMENT"),
        ("c", "25-AUG-2025", "1", "30-JUN-2025", "NEW HOLDINGS"),
    ]
    lines = [("a", "APPLE", 900, 3), ("b", "MICROSOFT", 300, 3), ("c", "COCA COLA", 100, 1)]
    file = read_holdings(str(write(tmp_path / "2025q2", filings, lines)))
    assert list(zip(file.holdings["name_as_written"], weights(file), strict=True)) == [
        ("MICROSOFT", 0.75),  # 300 of 400
        ("COCA COLA", 0.25),
    ]


def test_values_filed_before_2023_are_thousands(tmp_path: Path) -> None:
    folder = write(tmp_path / "2022q3", [("a", "11-NOV-2022", "1", "30-SEP-2022", "")], [("a", "APPLE", 150, 1000)])
    # 150 thousand dollars for 1,000 shares: 150 dollars each
    assert list(read_holdings(str(folder)).funds["total_market_value"]) == [150_000.0]


def test_an_archive_is_read_as_the_folder_it_unpacks_to(tmp_path: Path) -> None:
    folder = write(tmp_path / "2025q2", [("a", "11-AUG-2025", "1", "30-JUN-2025", "")], [("a", "APPLE", 600, 3)])
    archive = tmp_path / "2025q2_form13f.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in folder.iterdir():
            packed.write(file, file.name)
    assert list(read_holdings(str(archive)).funds["name"]) == ["Manager 1"]


def test_a_table_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "2025q2", [("a", "11-AUG-2025", "1", "30-JUN-2025", "")], [("a", "APPLE", 600, 3)])
    (folder / "INFOTABLE.tsv").write_text("ACCESSION_NUMBER\tCUSIP\na\t037833100\n")
    with pytest.raises(SourceError) as error:
        read_holdings(str(folder))
    assert "cannot be read" in error.value.what


def test_tables_whose_cells_a_program_put_in_quotes_are_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "2025q2", [("a", "11-AUG-2025", "1", "30-JUN-2025", "")], [("a", "APPLE", 600, 3)])
    for table in folder.iterdir():
        rows = [line.split("\t") for line in table.read_text().splitlines()]
        table.write_text("".join("\t".join(f'"{cell}"' for cell in row) + "\n" for row in rows))
    file = read_holdings(str(folder))
    assert (list(file.funds["name"]), weights(file)) == (["Manager 1"], [1.0])


def test_a_table_that_a_manager_filed_twice_over_counts_once(tmp_path: Path) -> None:
    table = [("APPLE", 600, 3), ("MICROSOFT", 300, 1), ("COCA COLA", 100, 1)]
    other = [("APPLE", 600, 3), ("APPLE", 600, 3)]  # two equal lots are no block
    filings = [("a", "11-AUG-2025", "1", "30-JUN-2025", ""), ("b", "11-AUG-2025", "2", "30-JUN-2025", "")]
    lines = [("a", *line) for line in [*table, *table]] + [("b", *line) for line in other]
    file = read_holdings(str(write(tmp_path / "2025q2", filings, lines)))
    assert list(file.funds["total_market_value"]) == [1000.0, 1200.0]
    assert weights(file) == [0.6, 0.3, 0.1, 0.5, 0.5]
    assert [finding.what for finding in file.findings] == [
        "The first 3 lines come a second time, word for word; they count once."
    ]


def test_a_manager_who_lists_nothing_of_value_is_uncovered_and_a_line_without_a_number_weighs_nothing(
    tmp_path: Path,
) -> None:
    filings = [("a", "11-AUG-2025", "1", "30-JUN-2025", ""), ("b", "11-AUG-2025", "2", "30-JUN-2025", "")]
    folder = write(
        tmp_path / "2025q2", filings, [("a", "APPLE", 0, 3), ("b", "APPLE", 50, 1), ("b", "COCA COLA", 7, 1)]
    )
    table = folder / "INFOTABLE.tsv"
    table.write_text(table.read_text().replace("\t7\t1\t", "\tn/a\t1\t"))
    file = read_holdings(str(folder))
    assert list(file.funds["share_published"]) == [0.0, 1.0]
    assert weights(file) == [
        0.0,
        1.0,
        0.0,
        1.0,
    ]  # Apple at no value; Apple, Coca Cola; what stands for all of the first
    assert file.holdings["kind"].to_list()[3] == Kind.NOT_LISTED
    assert [finding.what for finding in file.findings] == ["1 manager lists nothing of value; all of it is uncovered."]


def test_units_that_the_day_contradicts_are_told_of_few_managers_and_counted_of_many(tmp_path: Path) -> None:
    filings = [(f"f{n}", "11-AUG-2025", f"{n}", "30-JUN-2025", "") for n in range(8)]
    # Half a dollar a share: more likely thousands of dollars, which a table of 2025 should not have.
    lines = [(f"f{n}", "APPLE", 500, 1000) for n in range(8)]
    file = read_holdings(str(write(tmp_path / "2025q2", filings, lines)))
    assert set(file.funds["total_market_value"]) == {500_000.0}
    assert len(file.findings) == 6
    assert file.findings[0].where == "2025q2, Manager 0"
    assert file.findings[5].what == "The same is so of 3 more managers."


def test_a_data_set_comes_to_the_store_with_every_manager_and_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESGSCAN_HOME", str(tmp_path / "home"))
    filings = [("a", "11-AUG-2025", "1", "30-JUN-2025", ""), ("b", "12-AUG-2025", "2", "30-JUN-2025", "")]
    folder = write(
        tmp_path / "2025q2", filings, [("a", "APPLE", 600, 3), ("a", "COCA COLA", 400, 4), ("b", "APPLE", 5, 1)]
    )
    [added] = add_funds([str(folder)])
    assert (added.new, added.error) == (2, None)
    [again] = add_funds([str(folder)])
    assert again.was_there
    store = Store(store_folder())
    assert sorted(store.catalogue().select("fund_id", "lines").rows()) == [("13F-1", 2), ("13F-2", 1)]
    [file] = store.holdings(["13F-1"], as_of=date(2025, 12, 31))
    assert file.holdings.select("name_as_written", "cusip", "holding_weight").rows() == [
        ("APPLE", "037833100", 0.6),
        ("COCA COLA", "037833100", 0.4),
    ]
