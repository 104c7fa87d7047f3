"""The command starts quickly: it loads no library before it needs it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

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
