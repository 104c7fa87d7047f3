"""The command starts quickly: it loads no library before it needs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"duckdb", "matplotlib", "narwhals", "numpy", "openpyxl", "pandas", "polars", "pyarrow", "rich", "yfinance"}
FOR_USERS_OF_THE_LIBRARY = {"pandas", "pyarrow"}

RUN = """
import sys

sys.argv = ["esgscan", *sys.argv[1:]]
from esgscan.__main__ import main

try:
    main()
finally:
    print("modules:", *sys.modules)
"""


def modules_of(*command: str) -> tuple[str, set[str]]:
    """Run a command, and give what it printed and the modules it loaded."""
    done = subprocess.run([sys.executable, "-c", RUN, *command], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    text, _, modules = done.stdout.rpartition("modules:")
    return text, set(modules.split())


def test_help_loads_no_heavy_library() -> None:
    text, loaded = modules_of("--help")
    assert "Usage: esgscan" in text
    assert "click" in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("written_as", ["terminal", "json", "csv"])
def test_a_scan_does_not_wait_for_what_only_users_of_the_library_see(project: Path, written_as: str) -> None:
    portfolio = str(project / "sample_portfolios" / "pension_fund.xlsx")
    text, loaded = modules_of("scan", portfolio, "--as-of", "2026-11-23", "--format", written_as)
    assert "Hikvision" in text
    assert "polars" in loaded
    assert loaded & FOR_USERS_OF_THE_LIBRARY == set()


@pytest.mark.parametrize("command", [["--help"], ["issuers"], ["check", "CNE100000PM8", "--format", "json"]])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full, where writing always fails")
def test_what_cannot_be_written_is_an_error_and_no_success(command: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "esgscan", *command], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == [
        "The output cannot be written: No space left on device.",
        "  where: standard output",
        "  mend:  make room there, or write to another file with -o",
    ]


def test_a_reader_that_goes_away_gets_no_traceback() -> None:
    command = [sys.executable, "-m", "esgscan", "issuers"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 141


@pytest.mark.parametrize(("command", "status"), [(["--version"], 0), (["nonsense"], 2), (["check", "CNE100000PM8"], 1)])
def test_a_program_that_ends_at_once_has_said_everything_and_keeps_its_status(command: list[str], status: int) -> None:
    done = subprocess.run([sys.executable, "-m", "esgscan", *command], capture_output=True, check=False)
    assert done.returncode == status
    told = {0: b"esgscan", 2: b"No such command 'nonsense'", 1: b"Hikvision"}
    assert told[status] in done.stdout + done.stderr
