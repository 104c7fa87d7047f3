"""The command starts quickly: asking for help loads none of the heavy libraries."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"duckdb", "matplotlib", "narwhals", "numpy", "openpyxl", "pandas", "pyarrow", "rich", "yfinance"}

HELP = """
import sys

sys.argv = ["esgscan", "--help"]
from esgscan.__main__ import main

try:
    main()
finally:
    print("modules:", *sys.modules)
"""


def test_help_loads_no_heavy_library():
    done = subprocess.run([sys.executable, "-c", HELP], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    text, _, modules = done.stdout.rpartition("modules:")
    assert "Usage: esgscan" in text
    loaded = set(modules.split())
    assert "click" in loaded
    assert loaded & HEAVY == set()
