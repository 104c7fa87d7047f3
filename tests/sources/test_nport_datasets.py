"""The SEC's quarterly data sets: the same answer as from the filings themselves, whatever the order of columns."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from esgscan.errors import SourceError
from esgscan.sources import nport_datasets
from esgscan.sources.holdings import read_holdings
from tests.sources.files import fund_of, kinds, read_text, said, weights
from tests.sources.filings import Filing, Security, write_tables, xml
from tests.sources.test_nport import EVERYTHING, HIKVISION

if TYPE_CHECKING:
    from pathlib import Path

COMPARED = [
    "fund_id", "as_of", "name_as_written", "isin", "cusip", "sedol", "lei", "ticker", "country", "currency", "kind",
    "market_value", "holding_weight", "printed_weight",
]  # fmt: skip
TRUST = replace(EVERYTHING, accession="0000000001-24-000002", series="N/A", series_id="", cik="0000884394")
LEVERAGED = replace(
    EVERYTHING, accession="0000000001-24-000003", series_id="S000000009", net_assets="800", cash="0", unnamed="0"
)
CODES = replace(
    EVERYTHING, accession="0000000001-24-000005", series_id="S000000011",
    securities=(
        Security(name="United States Steel", ticker="X", cusip="XXXXXXXXX", lei="00000000000000000000", value="400"),
        Security(name="Zero Coupon Inc", cusip="000999000", isin="US0009990005", value="300"),
        Security(name="Somebody", title="SPDR S&amp;P China ETF", value="200"),
        Security(name="Letfund Ltd", title="Betfair common", value="50"),
        Security(name="N/A", title="Other Thing", asset="OTHER", issuer="PF", value="50"),
    ),
)  # fmt: skip
CUT = replace(EVERYTHING, accession="0000000001-24-000004", series_id="S000000010", securities=(HIKVISION,))


def zipped(folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "2024q2_nport.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in folder.iterdir():
            archive.write(member, member.name)
        archive.writestr("nport_readme.htm", "<html></html>")
    return path


@pytest.mark.parametrize(
    "filing",
    [EVERYTHING, TRUST, LEVERAGED, CUT, CODES],
    ids=["kinds", "trust", "leveraged", "cut", "codes"],
)
def test_a_data_set_gives_the_lines_of_the_filing(tmp_path: Path, filing: Filing) -> None:
    by_form = read_text(tmp_path, xml(filing), name="primary_doc.xml")
    by_table = read_holdings(str(write_tables(tmp_path / "tables", [filing])))
    order = ["kind", "name_as_written", "holding_weight"]
    one, other = (file.holdings.select(COMPARED).sort(order, nulls_last=True) for file in (by_form, by_table))
    assert one.drop("holding_weight").equals(other.drop("holding_weight"), null_equal=True)
    assert list(one["holding_weight"]) == pytest.approx(list(other["holding_weight"]), abs=1e-12)
    for column in ("fund_id", "name", "as_of", "total_market_value", "currency", "denominator", "publisher"):
        assert fund_of(by_form)[column] == fund_of(by_table)[column]
    assert fund_of(by_form)["share_published"] == pytest.approx(fund_of(by_table)["share_published"])


def test_an_archive_and_its_folder_are_read_alike(tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "tables", [EVERYTHING, TRUST])
    one, other = read_holdings(str(folder)), read_holdings(str(zipped(folder, tmp_path)))
    columns = [*COMPARED[:-3], "holding_weight"]
    assert one.holdings.select(columns).sort(columns).equals(other.holdings.select(columns).sort(columns))
    assert one.funds.height == 2
    for _, lines in one.holdings.group_by("fund_id"):
        assert lines["holding_weight"].sum() == pytest.approx(1.0, abs=1e-12)


def test_an_amendment_supersedes_the_filing_of_the_same_series_and_day(tmp_path: Path) -> None:
    first = replace(EVERYTHING, filed="30-MAY-2024")
    amended = replace(
        EVERYTHING, accession="0000000001-24-000009", kind="NPORT-P/A", filed="15-JUN-2024",
        securities=(replace(HIKVISION, value="950"),),
    )  # fmt: skip
    other_day = replace(EVERYTHING, accession="0000000001-24-000010", day="2024-06-30", filed="28-AUG-2024")
    file = read_holdings(str(write_tables(tmp_path / "tables", [amended, first, other_day])))
    assert sorted(file.funds["as_of"]) == [date(2024, 3, 31), date(2024, 6, 30)]
    march = file.holdings.filter((pl.col("as_of") == date(2024, 3, 31)) & pl.col("isin").is_not_null())
    assert list(march["market_value"]) == [950.0]
    assert "1 filings were superseded" in said(file)


def test_a_missing_optional_table_or_column_is_empty(tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "tables", [EVERYTHING])
    (folder / "IDENTIFIERS.tsv").unlink()
    (folder / "DESC_REF_OTHER.tsv").unlink()
    file = read_holdings(str(folder))
    assert file.holdings["isin"].null_count() == file.holdings.height
    assert sum(weights(file)) == pytest.approx(1.0)


def test_a_missing_needed_column_is_named(tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "tables", [EVERYTHING])
    table = folder / "FUND_REPORTED_HOLDING.tsv"
    table.write_text(table.read_text(encoding="utf-8").replace("CURRENCY_VALUE", "VALUE", 1), encoding="utf-8")
    with pytest.raises(SourceError) as error:
        read_holdings(str(folder))
    assert error.value.what == "The table FUND_REPORTED_HOLDING has no column CURRENCY_VALUE."


def test_quotation_marks_and_numbers_without_leading_zero_are_taken_as_they_stand(tmp_path: Path) -> None:
    odd = replace(HIKVISION, name='"HANGZHOU" 5" HIKVISION', percent="-.0091723714", value="N/A")
    file = read_holdings(str(write_tables(tmp_path / "tables", [replace(EVERYTHING, securities=(odd,))])))
    line = file.holdings.filter(pl.col("isin").is_not_null()).row(0, named=True)
    assert line["name_as_written"] == '"HANGZHOU" 5" HIKVISION'
    assert line["printed_weight"] == pytest.approx(-0.000091723714)
    assert line["holding_weight"] == line["printed_weight"]


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    path = zipped(write_tables(tmp_path / "tables", [EVERYTHING]), tmp_path)
    data = bytearray(path.read_bytes())
    at = data.index(b"FUND_REPORTED_HOLDING") + 40
    data[at : at + 30] = b"\x00" * 30
    path.write_bytes(bytes(data))
    with pytest.raises(SourceError, match="damaged or cut off"):
        read_holdings(str(path))


LIMITED = """
import resource, sys
from esgscan.errors import SourceError
from esgscan.sources.holdings import read_holdings
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    read_holdings(sys.argv[1])
except SourceError as error:
    print(error.what, error.mend)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system knows no limit of a file's length")
@pytest.mark.parametrize("packed", [True, False], ids=["archive", "folder"])
def test_a_disk_without_room_is_to_blame_and_not_the_data_set(tmp_path: Path, packed: bool) -> None:
    path = write_tables(tmp_path / "tables", [EVERYTHING])
    path = zipped(path, tmp_path) if packed else path
    command = [sys.executable, "-c", LIMITED, str(path), "100"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert "cannot be unpacked: File too large. make room" in done.stdout, done.stderr


def test_an_archive_that_unpacks_to_far_more_than_it_is_is_refused(tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "tables", [EVERYTHING])
    (folder / "IDENTIFIERS.tsv").write_bytes(b"HOLDING_ID\n" + b"0" * 40_000_000)
    with pytest.raises(SourceError, match="which no quarter needs"):
        read_holdings(str(zipped(folder, tmp_path)))


def test_parquet_files_hold_the_tables_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = zipped(write_tables(tmp_path / "tables", [EVERYTHING]), tmp_path)
    target = tmp_path / "out"
    target.mkdir()
    written = nport_datasets.write_parquet(path, target)
    assert sorted(file.name for file in target.iterdir()) == ["funds.parquet", "holdings.parquet", "rest.parquet"]
    lines = pl.read_parquet(list(written.holdings))
    assert lines["holding_weight"].sum() == pytest.approx(1.0, abs=1e-12)


def test_a_folder_of_something_else_is_no_data_set(tmp_path: Path) -> None:
    (tmp_path / "SUBMISSION.tsv").write_text("x", encoding="utf-8")
    assert not nport_datasets.recognises(tmp_path)
    with pytest.raises(SourceError):
        read_holdings(str(tmp_path))


def test_a_filing_with_a_day_that_nobody_can_read_is_left_out_and_said(tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "tables", [EVERYTHING, TRUST])
    table = folder / "SUBMISSION.tsv"
    table.write_text(table.read_text(encoding="utf-8").replace("31-MAR-2024", "31-XXX-2024", 1), encoding="utf-8")
    file = read_holdings(str(folder))
    assert file.funds.height == 1
    assert "1 filings have no day" in said(file)
    assert "not-listed" in kinds(file)


def test_tables_whose_cells_a_program_put_in_quotes_give_the_same_lines(tmp_path: Path) -> None:
    filing = replace(EVERYTHING, registrant='Example "A" Trust')
    plain = write_tables(tmp_path / "plain", [filing])
    quoted = tmp_path / "quoted"
    quoted.mkdir()
    for table in plain.iterdir():
        rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()]
        cells = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in rows]
        (quoted / table.name).write_text("\r\n".join(map("\t".join, cells)) + "\r\n", encoding="utf-8-sig")
    one, other = (read_holdings(str(folder)) for folder in (plain, quoted))
    assert (
        one.holdings.height == len(filing.securities) + 3
    )  # cash and securities not named, and debts beside the lines
    order = ["kind", "name_as_written", "holding_weight"]
    compared = [file.holdings.select(COMPARED).sort(order, nulls_last=True) for file in (one, other)]
    assert compared[0].equals(compared[1], null_equal=True)
