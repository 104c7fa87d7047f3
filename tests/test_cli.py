"""The commands: what they print, where, and the exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path("sample_portfolios")


def esgscan(project: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "esgscan", *args]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, encoding="utf-8", check=False)


def test_a_scan_prints_a_report_of_at_most_80_columns(project: Path) -> None:
    run = esgscan(project, "scan", str(SAMPLES / "direct_china.xlsx"), "--as-of", "2019-10-09")
    assert run.returncode == 0
    assert run.stderr == ""
    assert "Entity List: since 2019-10-09" in run.stdout
    ascii_lines = [line for line in run.stdout.splitlines() if line.isascii()]
    assert max(map(len, ascii_lines)) <= 80


@pytest.mark.parametrize(
    ("args", "status", "what", "where"),
    [
        (["scan", "missing.xlsx"], 3, "There is no file 'missing.xlsx'", "missing.xlsx"),
        (["scan", "README.md"], 3, "'README.md' holds no table", "README.md"),
        (["scan", "tests"], 3, "is a folder", "tests"),
        (["scan", str(SAMPLES / "no_exposure.csv"), "--as-of", "yesterday"], 2, "Cannot read the date", "--as-of"),
        (
            ["scan", str(SAMPLES / "no_exposure.csv"), "-o", "report.doc"],
            2,
            "is no ending of a report",
            "-o report.doc",
        ),
        (["scan", str(SAMPLES / "no_exposure.csv"), "--column", "weight"], 2, "Cannot read 'weight'", "--column"),
        (["scan", str(SAMPLES / "no_exposure.csv"), "--fx", "missing.csv"], 4, "Cannot read the rates", "missing.csv"),
        (
            ["scan", str(SAMPLES / "no_exposure.csv"), "--identifiers", "missing.csv"],
            4,
            "Cannot read the identifiers",
            "missing.csv",
        ),
        (["scan", str(SAMPLES / "no_exposure.csv"), "--holdings", "missing.csv"], 4, "There is no file", "missing.csv"),
        (["issuers", "nobody"], 2, "Cannot find the issuer 'nobody'", "esgscan issuers nobody"),
        (["programmes", "nothing"], 2, "Cannot find the programme 'nothing'", "esgscan programmes nothing"),
        (["watchlist", "check", "nowhere"], 2, "There is no file 'nowhere'", "nowhere"),
        (["check"], 2, "There is no identifier", "identifiers"),
        (["check", "ZTE", "--decisions", "missing.csv"], 2, "There is no file", "--decisions missing.csv"),
    ],
)
def test_an_error_says_what_where_and_how_to_mend(
    project: Path, args: list[str], status: int, what: str, where: str
) -> None:
    run = esgscan(project, *args)
    assert run.returncode == status
    assert run.stdout == ""
    assert what in run.stderr
    assert f"where: {where}" in run.stderr
    assert "mend:  " in run.stderr
    assert "Traceback" not in run.stderr


def test_dev_null_is_no_portfolio(project: Path) -> None:
    if not Path("/dev/null").exists():
        pytest.skip("this system has no /dev/null")
    run = esgscan(project, "scan", "/dev/null")
    assert run.returncode == 3
    assert "is empty" in run.stderr


def test_usage_that_is_wrong_exits_with_2(project: Path) -> None:
    assert esgscan(project, "scan").returncode == 2
    assert esgscan(project, "scan", "x.csv", "--fail-above", "much").returncode == 2


def test_reports_are_written_and_a_limit_that_is_passed_exits_with_1(project: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / "report.xlsx", tmp_path / "report.json", tmp_path / "report.csv", tmp_path / "report.txt"]
    wishes = [part for path in outputs for part in ("-o", str(path))]
    run = esgscan(
        project, "scan", str(SAMPLES / "pension_fund.xlsx"), *wishes, "--fail-above", "0", "--as-of", "2026-11-23"
    )
    assert run.returncode == 1
    assert "more than 0.000000%" in run.stderr
    assert [path.name for path in outputs if not path.stat().st_size] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in outputs)


@pytest.mark.parametrize(("limit", "status"), [("0.5%", 0), ("0.005", 0), ("0.3%", 1), ("0.003", 1)])
def test_a_limit_may_be_a_fraction_or_a_percentage(project: Path, limit: str, status: int) -> None:
    # 0.3208 % of the sample reaches flagged companies
    run = esgscan(project, "scan", str(SAMPLES / "pension_fund.xlsx"), "--as-of", "2026-11-23", "--fail-above", limit)
    assert run.returncode == status


def test_the_same_input_gives_the_same_bytes(project: Path, tmp_path: Path) -> None:
    names, folders = ("r.xlsx", "r.json", "r.csv", "r.txt", "r.html"), ("one", "two", "three", "four")
    for folder in folders:
        (tmp_path / folder).mkdir()
        wishes = [part for name in names for part in ("-o", str(tmp_path / folder / name))]
        run = esgscan(project, "scan", str(SAMPLES / "pension_fund.xlsx"), *wishes, "--as-of", "2026-11-23")
        assert run.returncode == 0
    for name in names:
        assert len({(tmp_path / folder / name).read_bytes() for folder in folders}) == 1


def test_a_run_without_a_date_takes_that_of_source_date_epoch(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1558396800")  # 2019-05-21 00:00 UTC
    run = esgscan(project, "scan", str(SAMPLES / "direct_china.xlsx"), "--format", "json")
    document = json.loads(run.stdout)
    assert document["as_of"] == "2019-05-21"
    assert document["run"]["generated_at"] == "2019-05-21T00:00:00Z"


def test_inspect_shows_how_a_file_is_read(project: Path) -> None:
    run = esgscan(project, "inspect", str(SAMPLES / "broker_export.csv"))
    assert run.returncode == 0
    assert "broker_export.csv" in run.stdout
    document = json.loads(esgscan(project, "inspect", str(SAMPLES / "broker_export.csv"), "--format", "json").stdout)
    assert document["kind"] == "portfolio"


def test_a_mapping_is_saved_and_reads_the_next_file(project: Path, tmp_path: Path) -> None:
    mapping, sample = tmp_path / "layout.toml", str(SAMPLES / "broker_export.csv")
    saved = esgscan(project, "inspect", sample, "--save-mapping", str(mapping))
    assert (saved.returncode, saved.stderr.strip()) == (0, f"wrote {mapping}")
    first, again = (
        json.loads(esgscan(project, "inspect", sample, "--format", "json", *options).stdout)
        for options in ([], ["--mapping", str(mapping)])
    )
    assert again["portfolios"] == first["portfolios"]
    scans = [
        json.loads(esgscan(project, "scan", sample, "--as-of", "2026-11-23", "--format", "json", *options).stdout)
        for options in ([], ["--mapping", str(mapping)])
    ]
    assert scans[0]["exposure"] == scans[1]["exposure"]
    assert scans[1]["run"]["options"]["mapping"] == str(mapping)
    other = esgscan(project, "inspect", str(SAMPLES / "direct_china.xlsx"), "--mapping", str(mapping))
    assert other.returncode == 2
    assert "  mend:  " in other.stderr


def test_decimal_mark_and_order_of_dates_are_overruled(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "depot.csv"
    lines = ["Name,ISIN,Market Value (EUR)", "Apple,US0378331005,1.234", "SAP,DE0007164600,2.500"]
    file.write_text("\n".join(lines), encoding="utf-8")
    for mark, total in ((".", 1.234 + 2.5), (",", 1234.0 + 2500.0)):
        document = json.loads(esgscan(project, "inspect", str(file), "--decimal", mark, "--format", "json").stdout)
        assert document["portfolios"][0]["total"] == {"EUR": total}
        assert document["findings"] == []
    assert esgscan(project, "inspect", str(file), "--decimal", "x").returncode == 2
    assert esgscan(project, "inspect", str(file), "--dates", "day-first").returncode == 0


@pytest.mark.parametrize("name", ["trades.csv", "missing.csv"])
def test_the_json_of_a_refused_file_says_why_and_the_status_is_3(project: Path, tmp_path: Path, name: str) -> None:
    lines = ["Trade Date,Action,Symbol,Settlement Date", "2026-01-02,Buy,AAPL,2026-01-04"]
    (tmp_path / "trades.csv").write_text("\n".join(lines), encoding="utf-8")
    run = esgscan(project, "inspect", str(tmp_path / name), "--format", "json")
    assert run.returncode == 3
    document = json.loads(run.stdout)
    assert document["kind"] == ("transactions" if name == "trades.csv" else "unknown")
    assert document["findings"][0]["what"] in run.stderr


def test_issuers_programmes_and_the_check_of_the_watchlist(project: Path) -> None:
    assert "hikvision" in esgscan(project, "issuers").stdout
    assert "CNE100000PM8" in esgscan(project, "issuers", "hikvision").stdout
    assert "us-ofac-ns-cmic" in esgscan(project, "programmes").stdout
    assert "Office of Foreign Assets Control" in esgscan(project, "programmes", "us-ofac-ns-cmic").stdout
    check = esgscan(project, "watchlist", "check")
    assert (check.returncode, check.stderr) == (0, "")


def test_a_broken_row_is_named_and_exits_with_1(project: Path, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "data"
    shutil.copytree(project / "esgscan/reference/data", folder)
    entries = folder / "listings" / "entries.csv"
    entries.write_text(entries.read_text(encoding="utf-8").replace("CNE100000PM8", "CNE100000PM9"), encoding="utf-8")
    run = esgscan(project, "watchlist", "check", str(folder))
    assert run.returncode == 1
    assert "CNE100000PM9" in run.stderr
    assert "listings/entries.csv" in run.stderr
    assert "mend:" in run.stderr


def test_a_list_of_the_user_s_own_is_checked_and_a_fault_exits_with_1(project: Path, tmp_path: Path) -> None:
    own = tmp_path / "board.csv"
    own.write_text("name,isin,from,source\nShell plc,GB00BP6MXD84,2025-03-01,minute 1\n", encoding="utf-8")
    run = esgscan(project, "watchlist", "check", str(own))
    assert (run.returncode, run.stdout, run.stderr) == (0, "1 entry, no problem.\n", "")
    own.write_text("name,isin,from,source\nShell plc,GB00BP6MXD85,2025-03-01,minute 1\n", encoding="utf-8")
    run = esgscan(project, "watchlist", "check", str(own))
    assert run.returncode == 1
    assert "board.csv, row 2" in run.stderr


def test_check_exits_with_1_if_anything_is_flagged_and_with_0_if_nothing_is(project: Path) -> None:
    flagged = esgscan(project, "check", "002415 CH", "--as-of", "2026-11-23")
    clear = esgscan(project, "check", "US0378331005", "Apple", "2415", "--as-of", "2026-11-23")
    assert (flagged.returncode, clear.returncode) == (1, 0)
    assert flagged.stdout.startswith("1 identifier checked as of 2026-11-23")
    assert (flagged.stderr, clear.stderr) == ("", "")


def test_check_writes_json_for_an_investor(project: Path) -> None:
    run = esgscan(project, "check", "002415 CH", "--as-of", "2026-11-23", "--investor", "eu", "--format", "json")
    document = json.loads(run.stdout)
    assert (document["investor"], document["answers"][0]["answer"]) == ("eu", "flagged")


def test_review_lines_are_written_and_read_again_as_decisions(project: Path, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("name,isin,value\nZTE,,10\nApple Inc,US0378331005,30\n", encoding="utf-8")
    review = tmp_path / "review.csv"
    first = esgscan(project, "scan", str(tmp_path / "p.csv"), "--write-review", str(review))
    assert first.returncode == 0
    assert "fill in answer, decided_by and decided_on" in first.stderr
    lines = review.read_text(encoding="utf-8-sig").splitlines()
    review.write_text(f"{lines[0]}\n{lines[1].removesuffix(',,,')}zte,A,2026-11-20,\n", encoding="utf-8")
    again = esgscan(project, "scan", str(tmp_path / "p.csv"), "--decisions", str(review), "--fail-above", "20%")
    assert again.returncode == 1  # ZTE is 10 of 40, a quarter
    assert "DECIDED BY A PERSON" in again.stdout
    refused = esgscan(
        project, "scan", str(tmp_path / "p.csv"), "--decisions", str(review), "--write-review", str(review)
    )
    assert refused.returncode == 2
    assert "would overwrite" in refused.stderr


def test_check_of_a_table_writes_the_rows_with_five_columns_and_exits_by_what_it_found(
    project: Path, tmp_path: Path
) -> None:
    table, output = tmp_path / "t.csv", tmp_path / "out.csv"
    table.write_text("name,country\nHikvision,CN\nApple,US\n", encoding="utf-8")
    run = esgscan(project, "check", "--table", str(table), "-o", str(output), "--as-of", "2026-11-23")
    assert (run.returncode, run.stdout) == (1, "2 rows checked as of 2026-11-23: 1 flagged, 0 possible, 0 refused.\n")
    assert output.read_text(encoding="utf-8-sig").splitlines()[1].startswith("Hikvision,CN,hikvision,probable,")
    table.write_text("name,country\nApple,US\n", encoding="utf-8")
    assert esgscan(project, "check", "--table", str(table), "-o", str(output)).returncode == 0


@pytest.mark.parametrize(
    ("args", "status", "what"),
    [
        (["--table", "missing.csv", "-o", "out.csv"], 3, "There is no file 'missing.csv'"),
        (["--table", "README.md"], 2, "Cannot write the checked table to ''"),
        (["--table", "README.md", "-o", "out.xlsx"], 2, "Cannot write the checked table to 'out.xlsx'"),
        (["-o", "out.csv"], 2, "There is no table to check"),
        (["ZTE", "--table", "README.md", "-o", "out.csv"], 2, "--table goes with -o"),
    ],
)
def test_a_check_of_a_table_that_cannot_be_done_says_why(
    project: Path, args: list[str], status: int, what: str
) -> None:
    run = esgscan(project, "check", *args)
    assert run.returncode == status
    assert what in run.stderr


def test_a_letter_is_printed_as_markdown(project: Path) -> None:
    portfolio = str(SAMPLES / "direct_china.xlsx")
    run = esgscan(project, "letter", portfolio, "--as-of", "2026-11-23", "--to", "Example Asset Management")
    assert run.returncode == 0
    assert run.stdout.startswith("# Holdings in companies named on official lists\n")
    assert "## To Example Asset Management" in run.stdout


def test_a_bundle_is_verified_and_one_flipped_byte_is_refused(project: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.zip"
    portfolio = str(SAMPLES / "direct_china.xlsx")
    assert esgscan(project, "scan", portfolio, "--as-of", "2026-11-23", "-o", str(bundle)).returncode == 0
    good = esgscan(project, "verify", str(bundle), portfolio)
    assert (good.returncode, good.stderr) == (0, "")
    assert "as sealed: " in good.stdout
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.write_bytes(content)
    bad = esgscan(project, "verify", str(bundle))
    assert bad.returncode == 1
    assert bad.stderr.startswith("differs: ")


def test_every_format_can_be_asked_for_by_name() -> None:
    from esgscan.cli import FORMAT_NAMES
    from esgscan.report.formats import FORMATS

    assert list(FORMATS) == FORMAT_NAMES


def test_a_redacted_scan_names_no_file(project: Path) -> None:
    run = esgscan(project, "scan", str(SAMPLES / "pension_fund.xlsx"), "--as-of", "2026-11-23", "--redact")
    assert "Kestrel" not in run.stdout
    assert "pension_fund" not in run.stdout
    assert "USD 100 million to 1 billion" in run.stdout
