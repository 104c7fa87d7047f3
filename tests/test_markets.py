"""The commands on funds and markets, as a user gives them."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from esgscan.tables import FUND_EXPOSURES
from tests.bulk.markets import AS_OF
from tests.bulk.test_market import FEEDER, MARKET, MASTER, MIXED
from tests.rows import APPLE, DAHUA, HIKVISION
from tests.sources.filings import Filing, Security, write_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Command = Callable[..., subprocess.CompletedProcess[str]]

HEADER = "fund,fund_isin,as_of,name,isin,country,asset_class,market_value\n"
OURS = (
    HEADER
    + f"Our Fund,{MASTER},2026-06-30,Hangzhou Hikvision,{HIKVISION},China,Equity,25\n"
    + f"Our Fund,{MASTER},2026-06-30,Apple Inc,{APPLE},United States,Equity,75\n"
)
FEEDERS = HEADER + (
    f"Feeder,{FEEDER},2026-06-30,Our Fund,{MASTER},,Fund,80\nFeeder,{FEEDER},2026-06-30,Dahua,{DAHUA},China,Equity,20\n"
)


@pytest.fixture
def esgscan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Give a function that runs the command in a folder of its own, with a store of its own."""
    monkeypatch.setenv("ESGSCAN_HOME", str(tmp_path / "home"))
    (tmp_path / "files").mkdir()

    def run(*args: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "esgscan", *args]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr
        return done

    return run


def write(tmp_path: Path, **files: str) -> None:
    for name, text in files.items():
        (tmp_path / "files" / f"{name}.csv").write_text(text, encoding="utf-8")


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_bad_file_stops_no_other_is_named_and_sets_the_status(esgscan: Command, tmp_path: Path) -> None:
    write(tmp_path, a_feeder=FEEDERS, b_bad="nothing,here\n1,2\n", c_ours=OURS)
    done = esgscan("funds", "add", "files", status=4)
    assert "b_bad.csv" in done.stderr
    assert "mend:" in done.stderr
    assert "3 files: 2 funds and days added, 0 repeated; 0 files there already, 1 failed." in done.stderr
    assert "\r" not in done.stderr, "a progress bar in a pipe"
    assert done.stdout == ""
    listed = json.loads(esgscan("funds", "list", "--format", "json").stdout)
    assert [(row["name"], row["as_of"], row["lines"]) for row in listed] == [
        ("Feeder", "2026-06-30", 2),
        ("Our Fund", "2026-06-30", 2),
    ]


def test_adding_again_reads_only_what_is_new(esgscan: Command, tmp_path: Path) -> None:
    write(tmp_path, ours=OURS)
    esgscan("funds", "add", "files")
    write(tmp_path, feeder=FEEDERS)
    done = esgscan("funds", "add", "files")
    assert "2 files: 1 fund and day added, 0 repeated; 1 file there already, 0 failed." in done.stderr


def test_hidden_files_are_left_out_and_a_missing_folder_is_an_error(esgscan: Command, tmp_path: Path) -> None:
    write(tmp_path, ours=OURS)
    (tmp_path / "files" / ".hidden.csv").write_text("nonsense")
    assert "1 file: 1 fund and day" in esgscan("funds", "add", "files").stderr
    assert "There is no file or folder 'nowhere'." in esgscan("funds", "add", "nowhere", status=2).stderr


def test_adding_tells_a_day_that_was_given_and_not_used(esgscan: Command, tmp_path: Path) -> None:
    header = "Ticker,Name,Notional Value,Market Currency,Market Value\n"
    text = f'Fund Holdings as of,"Nov 05, 2020"\n\n{header}002415,HIKVISION,1,CNY,1\n'
    (tmp_path / "EXEM_holdings.csv").write_text(text, encoding="utf-8")
    done = esgscan("funds", "add", "EXEM@2026-01-01=EXEM_holdings.csv")
    assert "The file states its own day, 2020-11-05; that was used, and not 2026-01-01 as given." in done.stderr
    assert "2020-11-05" in esgscan("funds", "show", "EXEM", "--as-of", "2021-01-01").stdout


def test_a_scan_uses_the_store_says_so_and_can_do_without(esgscan: Command, tmp_path: Path) -> None:
    write(tmp_path, ours=OURS, feeder=FEEDERS, portfolio=f"name,isin,market_value\nFeeder,{FEEDER},100\n")
    esgscan("funds", "add", "files/ours.csv", "files/feeder.csv")
    scan = ("scan", "files/portfolio.csv", "--as-of", "2026-11-23", "--format", "json")
    found = json.loads(esgscan(*scan).stdout)
    # Dahua: 20 of 100 in the feeder; Hikvision: 80 of 100 x 25 of 100 through the fund inside, which the store has too
    assert {one["issuer_id"]: one["weight"] for one in found["issuers"]} == {
        "dahua": pytest.approx(0.2),
        "hikvision": pytest.approx(0.2),
    }
    assert found["run"]["options"]["store"] is True
    used = {one["name"] for one in found["run"]["inputs"]}
    assert used == {"portfolio.csv", "ours.csv (holdings store)", "feeder.csv (holdings store)"}
    assert any("Holdings from the store were used" in one["what"] for one in found["findings"])
    without = json.loads(esgscan(*scan, "--no-store").stdout)
    assert without["issuers"] == []
    assert without["run"]["options"]["store"] is False


def test_a_file_given_goes_before_the_store_unless_the_store_has_a_newer_day(esgscan: Command, tmp_path: Path) -> None:
    older, newer = OURS.replace("2026-06-30", "2026-01-31"), OURS.replace("Hikvision,CNE100000PM8", f"Dahua,{DAHUA}")
    write(tmp_path, ours=OURS, older=older.replace(HIKVISION, DAHUA), same=newer)
    write(tmp_path, portfolio=f"name,isin,market_value\nOurs,{MASTER},100\n")
    esgscan("funds", "add", "files/ours.csv")
    scan = ("scan", "files/portfolio.csv", "--as-of", "2026-11-23", "--format", "json", "--holdings")
    issuers = [
        [one["issuer_id"] for one in json.loads(esgscan(*scan, f"files/{name}.csv").stdout)["issuers"]]
        for name in ("older", "same")
    ]
    assert issuers == [["hikvision"], ["dahua"]]


def test_a_fund_is_shown_named_and_removed(esgscan: Command, tmp_path: Path) -> None:
    write(tmp_path, ours=OURS, feeder=FEEDERS)
    esgscan("funds", "add", "files")
    shown = esgscan("funds", "show", "our fund", "--as-of", "2026-11-23").stdout
    assert "Hangzhou Hikvision" in shown
    assert "25.00%" in shown
    assert "ours.csv" in shown
    esgscan("funds", "name", MASTER, "LU0000000033", "OURX")
    esgscan("funds", "name", MASTER, "5493006TF05454RBY690")
    shown = esgscan("funds", "show", "OURX").stdout
    assert "LU0000000033" in shown
    assert "  also    lei:5493006TF05454RBY690\n" in shown
    esgscan("funds", "remove", "OURX")
    assert "is no fund in the store" in esgscan("funds", "show", MASTER, status=2).stderr
    assert "Feeder" in esgscan("funds", "list").stdout


def test_a_share_class_named_for_a_stored_fund_leads_to_it_in_bulk_as_in_a_scan(
    esgscan: Command, tmp_path: Path
) -> None:
    other_class, lei = "LU0000000033", "5493006TF05454RBY690"
    by_class = FEEDERS.replace(MASTER, other_class).replace("Our Fund", "Our Fund (I)")
    write(tmp_path, ours=OURS, feeder=by_class, portfolio=f"name,isin,market_value\nFeeder,{FEEDER},100\n")
    esgscan("funds", "add", "files/ours.csv", "files/feeder.csv")

    def reached() -> list[float]:
        rows = rows_of(esgscan("bulk", "--as-of", "2026-11-23").stdout)
        scan = json.loads(esgscan("scan", "files/portfolio.csv", "--as-of", "2026-11-23", "--format", "json").stdout)
        bulk = [float(row["weight"]) for row in rows if (row["fund_name"], row["issuer_id"]) == ("Feeder", "hikvision")]
        return bulk + [one["weight"] for one in scan["issuers"] if one["issuer_id"] == "hikvision"]

    assert reached() == []
    esgscan("funds", "name", MASTER, other_class, lei)
    # 80 of 100 in the fund, of which 25 of 100 are Hikvision
    assert reached() == [pytest.approx(0.2), pytest.approx(0.2)]
    assert "Our Fund" in esgscan("funds", "show", lei).stdout


def test_holders_are_the_funds_of_the_store_and_of_the_packaged_figures_biggest_first(
    esgscan: Command, tmp_path: Path
) -> None:
    millions = OURS.replace(",25\n", ",25000000000\n").replace(",75\n", ",75000000000\n")
    write(tmp_path, ours=millions, feeder=FEEDERS)
    esgscan("funds", "add", "files")
    rows = rows_of(esgscan("holders", HIKVISION, "--as-of", "2026-11-23", "--format", "csv").stdout)
    assert (rows[0]["fund_name"], float(rows[0]["direct"])) == ("Our Fund", pytest.approx(0.25))
    feeder = next(row for row in rows if row["fund_name"] == "Feeder")
    assert (float(feeder["direct"]), float(feeder["indirect"])) == (0.0, pytest.approx(0.2))
    assert len(rows) > 2, "the packaged figures know more holders"
    known = [float(row["market_value"]) for row in rows if row["market_value"]]
    assert known == sorted(known, reverse=True)
    text = esgscan("holders", "hikvision", "--as-of", "2026-11-23").stdout
    assert "Hangzhou Hikvision Digital Technology" in text
    # The feeder's money in the fund is not counted a second time.
    assert "Sum  25,000,000,000 in" in text
    big = rows_of(esgscan("holders", "hikvision", "--min-weight", "10%", "--format", "csv").stdout)
    assert {row["fund_name"] for row in big} == {"Our Fund", "Feeder"}
    assert "Cannot find the issuer 'nobody'" in esgscan("holders", "nobody", status=2).stderr


def test_the_published_feeder_has_the_same_route_in_a_scan_in_bulk_and_among_the_holders(
    esgscan: Command, tmp_path: Path
) -> None:
    # 99.904% in a fund with 0.00857% Dahua: 0.99904 x 0.0000857 = 0.000085617728, shown as 0.00856%
    dahua, rest = "Dahua,{d},China,Equity,857", "Apple Inc,{a},United States,Equity,9999143"
    master = "".join(f"Our Fund,{MASTER},2026-06-30,{line}\n" for line in (dahua, rest)).format(d=DAHUA, a=APPLE)
    feeder = f"Feeder,{FEEDER},2026-06-30,Our Fund,{MASTER},,Fund,99904\nFeeder,{FEEDER},2026-06-30,USD,,,Cash,96\n"
    write(tmp_path, ours=HEADER + master, feeder=HEADER + feeder)
    write(tmp_path, portfolio=f"name,isin,market_value,currency\nFeeder,{FEEDER},100000,USD\n")
    esgscan("funds", "add", "files/ours.csv", "files/feeder.csv")
    weight = pytest.approx(0.000085617728, rel=1e-12)
    day = ("--as-of", "2026-11-23")
    scan = json.loads(esgscan("scan", "files/portfolio.csv", *day, "--format", "json").stdout)
    assert [(one["issuer_id"], one["weight"], one["market_value"]) for one in scan["issuers"]] == [
        ("dahua", weight, pytest.approx(8.5617728, rel=1e-12))
    ]
    assert [(path["weight"], path["route"]) for path in scan["paths"]] == [(weight, [FEEDER, MASTER])]
    bulk = rows_of(esgscan("bulk", *day).stdout)
    assert [(float(row["weight"]), float(row["market_value"])) for row in bulk if row["fund_name"] == "Feeder"] == [
        (weight, pytest.approx(8.5617728, rel=1e-12))
    ]
    held = rows_of(esgscan("holders", "dahua", *day, "--format", "csv").stdout)
    assert [float(row["indirect"]) for row in held if row["fund_name"] == "Feeder"] == [weight]
    # of four significant digits: 0.008562%
    for command in (("holders", "dahua"), ("scan", "files/portfolio.csv"), ("funds", "show", FEEDER)):
        assert "0.008562%" in esgscan(*command, *day).stdout


def test_funds_are_ranked_by_what_they_reach(esgscan: Command, tmp_path: Path) -> None:
    write(tmp_path, ours=OURS, feeder=FEEDERS)
    esgscan("funds", "add", "files")
    rows = json.loads(esgscan("funds", "rank", "--as-of", "2026-11-23", "--format", "json", "--limit", "3").stdout)
    # the feeder: 0.2 itself and 0.8 x 0.25 through the other
    assert [(row["fund_name"], row["issuers"]) for row in rows[:2]] == [("Feeder", 2), ("Our Fund", 1)]
    assert rows[0]["weight"] == pytest.approx(0.4)
    assert len(rows) == 3
    assert "Our Fund" in esgscan("funds", "rank").stdout


@pytest.mark.parametrize("ending", ["csv", "parquet", "json"])
def test_bulk_writes_one_row_per_fund_and_issuer(esgscan: Command, tmp_path: Path, ending: str) -> None:
    MARKET.drop("holding_id", "source_id").write_parquet(tmp_path / "market.parquet")
    done = esgscan("bulk", "market.parquet", "--as-of", str(AS_OF), "-o", f"out.{ending}")
    assert done.stdout == ""
    path = tmp_path / f"out.{ending}"
    read = {"csv": pl.read_csv, "parquet": pl.read_parquet, "json": pl.read_json}[ending]
    table = FUND_EXPOSURES.conform(read(path, try_parse_dates=True) if ending == "csv" else _dated(read(path)))
    assert {(row["fund_id"], row["issuer_id"]) for row in table.iter_rows(named=True)} >= {
        (MASTER, "hikvision"), (MASTER, "dahua"), (MASTER, "iflytek"), (FEEDER, "hikvision"), (MIXED, "dahua"),
    }  # fmt: skip
    assert table["fund_id"].is_sorted()
    hikvision = table.filter(fund_id=MASTER, issuer_id="hikvision").row(0, named=True)
    assert (hikvision["weight"], hikvision["market_value"]) == (pytest.approx(0.03), pytest.approx(30.0))


def test_bulk_says_that_all_lines_are_of_later_days(esgscan: Command, tmp_path: Path) -> None:
    MARKET.drop("holding_id", "source_id").write_parquet(tmp_path / "market.parquet")
    done = esgscan("bulk", "market.parquet", "--as-of", "2001-01-01")
    assert rows_of(done.stdout) == []
    assert done.stderr == "No line of these holdings is dated on or before the day of the answer.\n"


def test_bulk_shows_on_a_terminal_how_far_it_is(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="there are no terminals to make on this system")
    MARKET.drop("holding_id", "source_id").write_parquet(tmp_path / "market.parquet")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "esgscan", "bulk", "market.parquet", "--as-of", str(AS_OF)]
    done = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "screening" in shown
    assert "100%" in shown
    assert done.stdout.count(b"hikvision") >= 2


def _dated(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col("as_of").cast(pl.String).str.to_date())


def test_bulk_reads_other_files_by_the_readers_of_a_scan_and_without_files_the_store(
    esgscan: Command, tmp_path: Path
) -> None:
    write(tmp_path, ours=OURS, feeder=FEEDERS)
    by_file = rows_of(esgscan("bulk", "files/ours.csv", "files/feeder.csv", "--as-of", "2026-11-23").stdout)
    assert {(row["fund_name"], row["issuer_id"]): float(row["weight"]) for row in by_file} == {
        ("Our Fund", "hikvision"): pytest.approx(0.25),
        ("Feeder", "hikvision"): pytest.approx(0.2),
        ("Feeder", "dahua"): pytest.approx(0.2),
    }
    assert "There are no holdings." in esgscan("bulk", status=2).stderr
    esgscan("funds", "add", "files")
    assert rows_of(esgscan("bulk", "--as-of", "2026-11-23").stdout) == by_file


def test_bulk_scans_a_folder_of_portfolios_as_scan_does_each(esgscan: Command, tmp_path: Path) -> None:
    write(tmp_path, ours=OURS, feeder=FEEDERS)
    esgscan("funds", "add", "files")
    folder = tmp_path / "portfolios" / "deep"
    folder.mkdir(parents=True)
    (folder / "one.csv").write_text(
        f"Name,ISIN,Market value,Currency\nFeeder,{FEEDER},50,EUR\nHikvision,{HIKVISION},25,EUR\nApple,{APPLE},25,EUR\n"
    )
    (folder / "two.csv").write_text(
        "Name,Country,Weight\niFlytek,China,1%\niShares MSCI Emerging Markets ETF,,40%\nApple Inc,United States,30%\n"
    )
    (folder / "clean.csv").write_text(f"Name,ISIN,Market value\nApple Inc,{APPLE},100\n")
    (folder / "bad.csv").write_text("not a portfolio")
    done = esgscan("bulk", "--portfolios", "portfolios", "--as-of", "2026-11-23", status=3)
    assert "bad.csv" in done.stderr
    assert "4 portfolios, 1 failed." in done.stderr
    rows = rows_of(done.stdout)
    assert {row["fund_id"] for row in rows} == {f"deep/{name}.csv" for name in ("one", "two", "clean")}
    assert [row["issuer_id"] for row in rows if row["fund_id"] == "deep/clean.csv"] == [""]
    for name in ("one", "two"):
        scan = json.loads(
            esgscan("scan", f"portfolios/deep/{name}.csv", "--as-of", "2026-11-23", "--format", "json").stdout
        )
        own = {row["issuer_id"]: row for row in rows if row["fund_id"] == f"deep/{name}.csv"}
        assert {issuer: float(row["weight"]) for issuer, row in own.items()} == pytest.approx(
            {one["issuer_id"]: one["weight"] for one in scan["issuers"]}, abs=1e-12
        )
        assert {issuer: float(row["direct"]) for issuer, row in own.items()} == pytest.approx(
            {one["issuer_id"]: one["direct"] for one in scan["issuers"]}, abs=1e-12
        )
        covered = [float(row["coverage"]) for row in own.values()]
        assert covered == pytest.approx([scan["coverage"]["screened"]] * len(own), abs=1e-12)


@pytest.mark.parametrize(
    ("args", "status", "what"),
    [
        (("bulk", "missing.parquet"), 2, "There is no file 'missing.parquet'."),
        (("bulk", "x", "-o", "out.pdf"), 2, "is no ending of one"),
        (("bulk", "--portfolios", "nowhere"), 2, "There is no folder 'nowhere'."),
        (("bulk", "damaged.parquet"), 4, "The lines cannot be read"),
        (("bulk", "words.parquet"), 4, "The lines cannot be read"),
        (("bulk", "narrow.parquet"), 4, "no column for the day"),
    ],
)
def test_what_cannot_be_done_is_an_error_that_says_how_to_mend(
    esgscan: Command, tmp_path: Path, args: tuple[str, ...], status: int, what: str
) -> None:
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1 and no more")
    table = pl.DataFrame({"fund_id": ["A"], "as_of": ["yesterday"], "market_value": [1.0], "isin": [APPLE]})
    table.write_parquet(tmp_path / "words.parquet")
    table.drop("as_of").write_parquet(tmp_path / "narrow.parquet")
    done = esgscan(*args, status=status)
    assert what in done.stderr
    assert "mend:" in done.stderr


def test_a_fund_name_that_is_a_formula_is_text_in_csv(esgscan: Command, tmp_path: Path) -> None:
    row = {"fund_id": "A", "fund_name": "=1+1", "as_of": date(2026, 6, 30), "isin": APPLE, "market_value": 1.0}
    pl.DataFrame([row]).write_parquet(tmp_path / "market.parquet")
    (found,) = rows_of(esgscan("bulk", "market.parquet", "--as-of", "2026-11-23").stdout)
    assert found["fund_name"] == "'=1+1"


def test_a_store_without_funds_says_how_they_come_into_it_and_reading_makes_no_folder(
    esgscan: Command, tmp_path: Path
) -> None:
    listed = esgscan("funds", "list").stdout
    assert listed.startswith("0 funds in the holdings store\n\nesgscan funds add FILE_OR_FOLDER brings")
    assert "Published" not in listed
    for command in (["show", "X"], ["remove", "X"], ["name", "X", "Y"]):
        assert "'X' is no fund in the store." in esgscan("funds", *command, status=2).stderr
    assert not (tmp_path / "home").exists()


def test_a_file_that_lacks_fund_or_day_is_told_in_the_words_of_the_command(esgscan: Command, tmp_path: Path) -> None:
    write(tmp_path, list="name,isin,market_value\nApple,US0378331005,1000\n")
    told = esgscan("funds", "add", "files", status=4).stderr
    assert "mend:  name fund and day: FUND@2026-05-31=list.csv" in told


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no terminals to open")
def test_messages_on_a_terminal_take_the_line_of_the_progress_bar(tmp_path: Path, esgscan: Command) -> None:
    write(tmp_path, a=OURS, b="no list", c="none either")
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "esgscan", "funds", "add", "files"]
    subprocess.run(command, cwd=tmp_path, stderr=theirs, check=False)
    os.close(theirs)
    told = os.read(ours, 65_536).decode()
    assert "adding" in told
    for name in ("b.csv", "c.csv"):
        before, _, _ = told.partition(f"files/{name}: ")
        assert before.endswith("\r\x1b[K"), "a message stands behind the progress bar"


def test_a_data_set_gives_in_bulk_what_it_gives_from_the_store(esgscan: Command, tmp_path: Path) -> None:
    securities = (
        Security(name="Hangzhou Hikvision", isin=HIKVISION, value="25", percent="25"),
        Security(name="Apple Inc", isin=APPLE, value="70", percent="70"),
    )
    filing = Filing(
        accession="0000000001-24-000001", series_id="S000000001", series="Series", net_assets="100", cash="0",
        unnamed="0", securities=securities,
    )  # fmt: skip
    write_tables(tmp_path / "quarter", [filing])
    [row] = rows_of(esgscan("bulk", "quarter", "--as-of", "2026-11-23").stdout)
    assert (row["fund_name"], row["issuer_id"], row["weight"], row["total_market_value"]) == (
        "Series",
        "hikvision",
        "0.25",
        "100.0",
    )
    esgscan("funds", "add", "quarter")
    assert rows_of(esgscan("bulk", "--as-of", "2026-11-23").stdout) == [row]
    refused = esgscan("bulk", "EXAF=quarter", "--as-of", "2026-11-23", status=4).stderr
    assert "'quarter' is a data set of many funds" in refused
